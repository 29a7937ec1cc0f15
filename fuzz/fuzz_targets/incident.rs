//! Alerts of CAP, incidents and reports of abuse, in whatever form: what comes of them is STIX.
#![no_main]

use forewarn_lists::{Asked, Columns, Form, Meaning, convert};
use forewarn_stix::Timestamp;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for form in [Form::Cap, Form::Iodef, Form::Xarf, Form::Arf] {
        let asked = Asked {
            form,
            columns: Columns::Guessed,
            meaning: Meaning::Watched,
            dated: Timestamp::epoch(),
        };
        let mut sink = |object: &[u8]| {
            let judged = forewarn_stix::judge(object);
            assert!(judged.id.is_some(), "{}", String::from_utf8_lossy(object));
        };
        let _ = convert(&mut || Ok(bytes), &asked, &mut sink);
    }
});
