//! Events of MISP and STIX objects: whatever comes is converted or refused, and what is converted is
//! read again; an event that became objects becomes objects once more by way of an event.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::json;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(made) = forewarn_misp::to_stix(bytes) {
        for object in &made.objects {
            let judged = forewarn_stix::judge(object.to_string().as_bytes());
            assert!(judged.id.is_some(), "{object}");
        }
        let bundle = json!({ "type": "bundle", "id": "bundle--0c6f5a1e-5d0c-4a55-8a8f-5f6d7f0f9c11", "objects": made.objects });
        if let Ok(written) = forewarn_misp::to_misp(bundle.to_string().as_bytes()) {
            let _ = forewarn_misp::to_stix(written.event.to_string().as_bytes());
        }
    }
    let _ = forewarn_misp::to_misp(bytes);
});
