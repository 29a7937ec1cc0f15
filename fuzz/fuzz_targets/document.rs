//! Documents of any kind: whatever comes is read within its bounds, or refused.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(document) = forewarn_document::read(bytes) {
        for part in &document.parts {
            assert!(document.text.get(part.span.clone()).is_some());
        }
    }
});
