//! Signed notes, and the checkpoints in them: what is read prints as it was, and nothing that was
//! not signed by a key is taken as its holder's.
#![no_main]

use forewarn_transcript::{Checkpoint, Note, SecretKey, checkpoint};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(note) = Note::parse(text) else { return };
    assert_eq!(note.to_string(), text);
    let keys = SecretKey::from_seed(&[1; 32]).keys();
    assert!(checkpoint::open(&note, &keys).is_err());
    if let Ok(read) = Checkpoint::parse(note.text()) {
        assert_eq!(read.text(), note.text());
    }
});
