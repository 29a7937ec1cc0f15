//! Files with contacts: whatever stands in them, candidates are found or there are none.
#![no_main]

use forewarn_contacts::{File, find};
use forewarn_stix::Timestamp;
use libfuzzer_sys::fuzz_target;
use std::io::{self, BufRead};

struct Bytes(Vec<u8>);

impl File for Bytes {
    fn name(&self) -> String {
        "a.example.txt".to_owned()
    }

    fn open(&self) -> io::Result<Box<dyn BufRead + '_>> {
        Ok(Box::new(&self.0[..]))
    }
}

fuzz_target!(|bytes: &[u8]| {
    for value in ["192.0.2.7", "2001:db8::1", "AS64496", "www.a.example"] {
        let files: Vec<Box<dyn File>> = vec![Box::new(Bytes(bytes.to_vec()))];
        let _ = value.parse().map(|sought| find(&sought, &files, &Timestamp::epoch()));
    }
});
