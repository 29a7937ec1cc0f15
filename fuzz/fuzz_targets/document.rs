//! Documents of any kind: whatever comes is read within its bounds, or refused. PDFs are left out: what their
//! library does with them ends a process of its own, and no more.
#![no_main]

use forewarn_document::Pdfs;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(document) = forewarn_document::read(bytes, Pdfs::Left(String::new())) {
        for part in &document.parts {
            assert!(document.text.get(part.span.clone()).is_some());
        }
    }
});
