//! A timestamp: what is read keeps its text, and is in order with its instant.
#![no_main]

use forewarn_stix::Timestamp;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(time) = Timestamp::parse(text) {
        assert_eq!(time.as_str(), text);
        assert!(time.digits() == 0 || text.contains('.'));
        let again = Timestamp::from_micros(time.micros()).expect("within four digits of years");
        assert_eq!(again.micros(), time.micros());
        let _ = time.plus_minutes(i64::MAX);
    }
    if let Ok(time) = Timestamp::parse_any(text) {
        let again = Timestamp::parse(time.as_str()).expect("in the form of STIX");
        assert_eq!(again.moment(), time.moment());
    }
});
