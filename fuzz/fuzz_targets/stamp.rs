//! What an authority for time stamps answers, and what stands in evidence as its token: of no root that we made up.
#![no_main]

use forewarn_stamp::{Authority, Nonce, Stamped, Token, token_in};
use forewarn_transcript::Hash;
use forewarn_transcript::evidence::Stamper as _;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let token = token_in(data).unwrap_or_else(|_| data.to_vec());
    if let Ok(read) = Token::parse(&token) {
        let _ = read.answers(Nonce::of([7; 8]));
    }
    let Ok(authority) = Authority::parse("a", include_bytes!("../seeds/stamp/root.pem")) else { return };
    // The seed's own digest: whatever is turned in the token, the time stays what was signed.
    let checked = authority.check(&token, Hash::of(b"a receipt"));
    if let Ok(Stamped::By(time)) = checked {
        assert_eq!(time.as_str(), TIME);
    }
    let _ = Authority::parse("a", data);
});

/// What the seed states.
const TIME: &str = "2026-11-28T20:13:35.500Z";
