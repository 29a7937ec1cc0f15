//! An interest as JSON, or a list as CSV: what is taken has one form, is written and read back
//! alike, and goes into an index and out of it without a trace.
#![no_main]

use forewarn_matching::interest::{Interest, bulk};
use forewarn_matching::Index;
use forewarn_exchange::scale::Urgency;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(read) = bulk::read(bytes, "list", Urgency::Expected) {
        for interest in &read.interests {
            hold(interest);
        }
    }
    let Ok(interest) = serde_json::from_slice::<Interest>(bytes) else { return };
    if let Ok(interest) = interest.checked() {
        hold(&interest);
    }
});

fn hold(interest: &Interest) {
    let again = interest.clone().checked().expect("one form");
    assert_eq!(&again, interest);
    let text = serde_json::to_string(interest).expect("JSON");
    assert_eq!(&serde_json::from_str::<Interest>(&text).expect("its own JSON"), interest);
    let mut index = Index::default();
    index.set("partner", interest);
    index.set("partner", interest);
    assert_eq!(index.len(), 1);
    assert!(index.remove("partner", &interest.id) && index.is_empty());
}
