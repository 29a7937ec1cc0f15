//! Events and bundles that somebody has damaged anywhere: converted or refused, and what is converted
//! is usable.

use crate::example;
use crate::leaves::leaves;
use forewarn_misp::{to_misp, to_stix};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Something else than what stood there.
fn damage(value: &mut Value, kind: u8) {
    *value = match kind % 12 {
        0 => Value::Null,
        1 => json!(""),
        2 => json!(-1),
        3 => json!(1e300),
        4 => json!(true),
        5 => json!([]),
        6 => json!({}),
        7 => json!(["a", 1, null, { "b": [] }]),
        8 => json!("\u{202e}' AND \\'] \n\u{0}"),
        9 => json!("|"),
        10 => json!("9999999999999999999"),
        _ => json!("22222222-2222-4222-8222-222222222201"),
    };
}

/// A value damaged at some of its leaves, or somewhere above one.
fn damaged(whole: &Value, places: &[(usize, usize, u8)]) -> Value {
    let mut whole = whole.clone();
    let mut all = Vec::new();
    leaves(&whole, "", &mut all);
    for (n, up, kind) in places {
        let mut at = all[n % all.len()].as_str();
        for _ in 0..up % 3 {
            at = at.rsplit_once('/').map_or("", |(above, _)| above);
        }
        if !at.is_empty()
            && let Some(value) = whole.pointer_mut(at)
        {
            damage(value, *kind);
        }
    }
    whole
}

fn places() -> impl Strategy<Value = Vec<(usize, usize, u8)>> {
    prop::collection::vec((any::<usize>(), any::<usize>(), any::<u8>()), 1..6)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_comes_of_a_damaged_event_is_usable_and_can_be_written_again(places in places()) {
        let event = damaged(&example::event(), &places);
        if let Ok(made) = to_stix(event.to_string().as_bytes()) {
            for object in &made.objects {
                let judged = forewarn_stix::judge(object.to_string().as_bytes());
                prop_assert!(judged.usable, "{object:#}: {:#?}", judged.findings);
            }
            let _ = to_misp(json!(made.objects).to_string().as_bytes());
        }
    }

    #[test]
    fn what_comes_of_a_damaged_bundle_is_an_event_that_can_be_read(places in places()) {
        let made = to_stix(example::event().to_string().as_bytes()).unwrap();
        let bundle = damaged(&json!(made.objects), &places);
        if let Ok(written) = to_misp(bundle.to_string().as_bytes()) {
            let _ = to_stix(written.event.to_string().as_bytes());
        }
    }
}
