//! Entries and their disclosures: what is read has one form, and what is opened belongs to it.
#![no_main]

use forewarn_transcript::entry::Framed;
use forewarn_transcript::{Channel, Disclosure, Entry};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let framed = Framed::parse(data);
    if let Ok(entry) = Entry::parse(data) {
        assert_eq!(entry.leaf(), data);
        assert!(framed.is_ok());
    }
    if let Ok(channel) = Channel::from_genesis(data) {
        assert_eq!(channel.genesis(), data);
    }
    let Ok(text) = std::str::from_utf8(data) else { return };
    let disclosure: Result<Disclosure, _> = serde_json::from_value(text.into());
    let Ok(disclosure) = disclosure else { return };
    if disclosure.open().is_ok() {
        assert_eq!(disclosure.digest().len(), 43);
    }
});
