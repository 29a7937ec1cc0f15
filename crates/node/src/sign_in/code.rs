//! Codes of a second factor (RFC 6238: SHA-1, six digits, 30 seconds), and recovery codes.

use crate::clock;
use data_encoding::BASE32_NOPAD;
use forewarn_exchange::account::{RECOVERY_CODES, STEP_SECONDS};
use forewarn_transcript::Hash;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use totp_rs::{Builder, Secret, Totp};
use zeroize::Zeroizing;

/// Bytes of a secret: as many as the hash has (RFC 4226 §4, R6).
pub(crate) const SECRET_BYTES: usize = 20;
/// How many steps a clock may be off, either way.
const SKEW: u16 = 1;

/// A new secret.
pub(crate) fn secret() -> Zeroizing<Vec<u8>> {
    let bytes = clock::seed().0;
    Zeroizing::new(bytes.iter().copied().take(SECRET_BYTES).collect())
}

fn totp(secret: &[u8]) -> Option<Totp> {
    let secret = Secret::from(<[u8; SECRET_BYTES]>::try_from(secret).ok()?);
    let builder = Builder::new().with_skew(SKEW).with_step_duration(STEP_SECONDS);
    builder.with_secret(secret).build().ok()
}

/// The step of a code, when it is one of now.
pub(crate) fn step(secret: &[u8], code: &str, seconds: u64) -> Option<u64> {
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    totp(secret)?.check(&digits, seconds)
}

/// The secret as people type it, and as an authenticator reads it (the Key URI format).
pub(crate) fn shown(secret: &[u8], user: &str, node: &str) -> (String, String) {
    let key = BASE32_NOPAD.encode(secret);
    let part = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let (issuer, user) = (part(node), part(user));
    let url = format!("otpauth://totp/{issuer}:{user}?secret={key}&issuer={issuer}");
    (key, url)
}

/// New recovery codes, of 80 bits each, as people write them down.
pub(crate) fn recovery() -> Vec<String> {
    (0..RECOVERY_CODES)
        .map(|_| {
            let seed = clock::seed();
            let bytes: Vec<u8> = seed.0.iter().copied().take(10).collect();
            let text = BASE32_NOPAD.encode(&bytes).to_lowercase();
            let parts: Vec<&str> =
                [0..4, 4..8, 8..12, 12..16].into_iter().filter_map(|part| text.get(part)).collect();
            parts.join("-")
        })
        .collect()
}

/// What is kept of a recovery code, however it was typed.
pub(crate) fn digest(code: &str) -> Hash {
    let plain = code.to_lowercase();
    let plain: String = plain.chars().filter(char::is_ascii_alphanumeric).collect();
    Hash::of(plain.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238 appendix B, the last six of the eight digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = b"12345678901234567890";
        for (seconds, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")]
        {
            assert_eq!(step(secret, code, seconds), Some(seconds / 30), "{code}");
        }
        assert_eq!(step(secret, "287 082", 59), Some(1));
        assert_eq!(step(secret, "287082", 89), Some(1));
        assert_eq!(step(secret, "287082", 120), None);
        for bad in ["", "28708", "2870822", "28708a", "２８７０８２"] {
            assert_eq!(step(secret, bad, 59), None, "{bad}");
        }
    }

    #[test]
    fn recovery_codes_are_read_as_they_are_written_down() {
        let codes = recovery();
        assert_eq!(codes.len(), RECOVERY_CODES);
        let code = &codes[0];
        assert_eq!(code.len(), 19);
        assert_eq!(digest(code), digest(&code.to_uppercase().replace('-', " ")));
        assert_ne!(digest(code), digest(&codes[1]));
    }

    #[test]
    fn an_authenticator_reads_the_secret() {
        let (key, url) = shown(b"12345678901234567890", "ana", "east.example");
        assert_eq!(key, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let expected =
            format!("otpauth://totp/east%2Eexample:ana?secret={key}&issuer=east%2Eexample");
        assert_eq!(url, expected);
    }
}
