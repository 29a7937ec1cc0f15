//! The files that strangers bring: evidence, transcripts, contradictions, tiles' paths. None proves
//! anything that two keys of ours have not signed.
#![no_main]

use forewarn_transcript::contradiction::Contradiction;
use forewarn_transcript::evidence::Evidence;
use forewarn_transcript::export::Transcript;
use forewarn_transcript::tile::Tile;
use forewarn_transcript::{Channel, SecretKey};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let stranger = [SecretKey::from_seed(&[9; 32]).keys()];
    if let Ok(evidence) = Evidence::parse(data) {
        assert_eq!(evidence.bytes(), data);
        assert!(evidence.verify(&stranger).is_err());
    }
    if let Ok(transcript) = Transcript::parse(data) {
        assert!(transcript.verify_by(&stranger).is_err());
    }
    if let Ok(contradiction) = Contradiction::parse(data) {
        assert_eq!(contradiction.bytes(), data);
        if let Ok(channel) = Channel::from_genesis(contradiction.genesis.as_bytes()) {
            assert!(contradiction.verify_by(&channel, &stranger).is_err());
        }
    }
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Some(tile) = Tile::parse(text) {
        assert_eq!(tile.path(), text);
        let _ = tile.span();
    }
});
