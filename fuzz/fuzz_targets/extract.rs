//! A free text: what is found in it stands in it, between characters, and is as likely as can be.
#![no_main]

use forewarn_extract::corrected::Finding;
use forewarn_extract::{extract, host, observable, refang};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let found = extract(text);
    let in_text = |span: forewarn_extract::Span| {
        assert!(text.get(span.start..span.end).is_some_and(|part| !part.is_empty()), "{span:?}");
    };
    found.places.iter().for_each(|one| in_text(one.span));
    found.threats.iter().for_each(|one| in_text(one.span));
    found.targets.iter().flat_map(|one| &one.spans).for_each(|one| in_text(*one));
    found.observables.iter().for_each(|one| in_text(one.span));
    found.reasons.iter().flat_map(|one| &one.spans).for_each(|one| in_text(*one));
    found.sources.iter().flat_map(|one| &one.spans).for_each(|one| in_text(*one));
    assert!(found.concern.values().all(|likely| (0.0..=1.0).contains(likely)));
    for one in observable::find(text) {
        in_text(one.span);
        let _ = host::email(&one.value);
        let name = host::ascii(&one.value).into_owned();
        assert_eq!(host::ascii(&name), name);
    }
    let _ = (refang::refang(text), text.parse::<Finding>());
});
