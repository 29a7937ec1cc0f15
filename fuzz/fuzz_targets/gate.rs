//! The gate's search: any text can be judged for any name, and a long word of a name is found in it.
#![no_main]

use forewarn_exchange::gate::{Withheld, WithheldKind, check_text};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, &str)| {
    let (name, text) = input;
    let kinds =
        [WithheldKind::Name, WithheldKind::Source, WithheldKind::OriginalId, WithheldKind::Partner];
    for what in kinds {
        let withheld = [Withheld::new(what, name)];
        let _ = (withheld[0].check(), check_text(text, &withheld));
    }
    let word = name.split(' ').next().unwrap_or_default();
    if word.len() >= 8 && word.bytes().all(|b| b.is_ascii_lowercase()) {
        let withheld = [Withheld::new(WithheldKind::Name, word)];
        assert!(check_text(&format!("{text}\n{word}\n"), &withheld).is_err(), "{word:?}");
    }
});
