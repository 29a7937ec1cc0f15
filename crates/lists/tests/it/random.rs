//! Whatever stands in a list, what comes of it is valid, and each line is either converted or told.

use super::{asked, made_as};
use forewarn_lists::Form;
use proptest::prelude::*;
use std::fmt::Write as _;

const FORMS: [Form; 8] = [
    Form::Table,
    Form::Lines,
    Form::Json,
    Form::Hosts,
    Form::Snort,
    Form::Suricata,
    Form::Sigma,
    Form::Yara,
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn anything_is_converted_or_refused(
        text in r#"([a-z0-9.:/"',;#{}\[\]()\\\n\t $-]|198\.51\.100\.7|evil\.example|rule |condition:|alert |sid:1;){0,80}"#,
        form in prop::sample::select(&FORMS[..]),
    ) {
        let asked = forewarn_lists::Asked { form, ..asked("", "guessed") };
        let _ = made_as(&text, &asked);
    }

    #[test]
    fn no_row_is_lost_in_silence(rows in prop::collection::vec((0..300_u32, "[a-z ]{0,8}"), 1..60)) {
        let mut text = String::from("ip,note\n198.51.100.7,first\n");
        for (n, note) in &rows {
            let _ = writeln!(text, "203.0.113.{n},\"{note}\"");
        }
        let made = made_as(&text, &asked(&text, "ip=ip")).unwrap();
        let good: std::collections::BTreeSet<_> = rows
            .iter()
            .filter(|(n, _)| *n < 256)
            .map(|(n, note)| (*n, super::tables::noted(note)))
            .collect();
        let bad = rows.iter().filter(|(n, _)| *n > 255).count();
        prop_assert_eq!((made.of("indicator").len(), made.told.len()), (good.len() + 1, bad));
    }
}
