//! STIX 2.0: what is brought to 2.1 is strict JSON, and every object of it can be judged.
#![no_main]

use forewarn_stix::upgrade;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = upgrade::is_bundle(bytes);
    if let Ok(upgraded) = upgrade::bundle(bytes) {
        let _ = upgraded.summary();
    }
});
