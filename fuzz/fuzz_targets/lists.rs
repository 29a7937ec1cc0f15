//! Lists of each form: whatever comes is converted or refused, and each object that is made is valid.
#![no_main]

use forewarn_lists::{Asked, Columns, Form, Meaning, convert};
use forewarn_stix::Timestamp;
use libfuzzer_sys::fuzz_target;

const FORMS: [Form; 9] = [
    Form::Table, Form::Lines, Form::Json, Form::Hosts, Form::Snort, Form::Suricata, Form::Sigma, Form::Yara,
    Form::OpenIoc,
];

fuzz_target!(|bytes: &[u8]| {
    let _ = Form::of(bytes);
    for form in FORMS {
        for meaning in [Meaning::Watched, Meaning::Seen] {
            let dated = Timestamp::epoch();
            let asked = Asked { form, columns: Columns::Guessed, meaning, dated };
            let mut sink = |object: &[u8]| {
                let judged = forewarn_stix::judge(object);
                let text = String::from_utf8_lossy(object);
                assert!(judged.errors().next().is_none(), "{text}: {:?}", judged.findings);
            };
            let _ = convert(&mut || Ok(bytes), &asked, &mut sink);
        }
    }
});
