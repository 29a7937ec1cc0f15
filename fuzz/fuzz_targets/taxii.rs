//! What TAXII clients and servers say: queries, media types, and the pages of a walk. A filter is
//! within its bounds, and no server keeps a walk on one page for ever.
#![no_main]

use forewarn_stix::Timestamp;
use forewarn_taxii::filter::{Filter, MAX_LIMIT, MAX_TERMS};
use forewarn_taxii::poll::{AddedLast, PageHead, Walk, WalkStep};
use forewarn_taxii::{TaxiiError, media, resource};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let pairs = text.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    if let Ok(filter) = Filter::parse(pairs) {
        assert!((1..=MAX_LIMIT).contains(&filter.limit));
        assert!(filter.ids.len() <= MAX_TERMS && filter.versions.times.len() <= MAX_TERMS);
    }
    assert!(!media::is_content(Some(text)) || media::accepts(Some(text)));
    let _ = serde_json::from_str::<resource::Status>(text);
    let _ = serde_json::from_str::<TaxiiError>(text);
    let mut walk: Walk = serde_json::from_str(text).unwrap_or_default();
    // The server gives the same page whatever is asked.
    let (next, last) = text.split_once('\n').unwrap_or((text, ""));
    let Some(clock) = Timestamp::from_micros(1_513_330_200_000_000) else { return };
    let page = PageHead {
        objects: 1,
        more: true,
        next: (!next.is_empty()).then(|| next.to_owned()),
        last: AddedLast::read((!last.is_empty()).then_some(last), &clock),
        digest: "same".to_owned(),
    };
    for round in 0.. {
        assert!(round < 3, "{walk:?}");
        match walk.step(&page) {
            Ok(WalkStep::On(on)) => walk = on,
            Ok(WalkStep::Done(_)) | Err(_) => break,
        }
    }
});
