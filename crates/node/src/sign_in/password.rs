//! Passwords: which are taken, and how one is compared with its hash.
//!
//! Argon2id (RFC 9106) with 19 MiB, two passes and one lane, the least that OWASP's Password Storage
//! Cheat Sheet names; each hash states its own, so that they can be raised. What is hashed is the
//! NFC form (RFC 8265 §4.2.1), so that a password typed elsewhere is the same one.

use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use forewarn_exchange::account::PasswordHash;
use forewarn_exchange::{Code, Refusal};
use forewarn_transcript::Hash;
use std::sync::OnceLock;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// KiB of memory, passes, lanes.
const COST: (u32, u32, u32) = (19 << 10, 2, 1);
/// Fewest characters of a password (NIST SP 800-63B-4 asks for 15 where it stands alone, 8 beside a
/// second factor).
pub const LEAST: usize = 12;
/// Most bytes of a password.
pub const MOST_BYTES: usize = 512;
/// The first four bytes of the SHA-256 of each most used password, in order: `ci/most-used-passwords`.
const MOST_USED: &[u8] = include_bytes!("most-used.bin");

/// A password that somebody has typed. It is wiped when it is dropped, and does not show.
pub struct Password(Zeroizing<String>);

impl Password {
    /// Takes what was typed, as it is compared.
    pub fn new(typed: &str) -> Password {
        // One that is too long is kept as too long: it is nobody's.
        Password(Zeroizing::new(typed.chars().take(MOST_BYTES + 1).nfc().collect()))
    }

    /// Whether it may be somebody's: long enough, not one of those that are tried first, and not
    /// made of what everybody knows of the user.
    pub fn check(&self, known: &[&str]) -> Result<(), Refusal> {
        let weak = |message: String| {
            Err(Refusal::new(Code::WeakPassword, message)
                .advice("four words that have nothing to do with each other are good"))
        };
        let count = self.0.chars().count();
        if count < LEAST {
            return weak(format!("the password has {count} characters; {LEAST} is the least"));
        }
        if self.0.len() > MOST_BYTES {
            return weak(format!("the password has more than {MOST_BYTES} bytes"));
        }
        let lower = self.0.to_lowercase();
        let core = lower.trim_matches(|c: char| !c.is_alphabetic());
        let plain = undressed(core);
        let distinct: std::collections::BTreeSet<char> = lower.chars().collect();
        let is_tried = |text: &str| is_most_used(text) || is_most_used(unit(text));
        let mut parts = lower.split(|c: char| !c.is_alphabetic()).filter(|part| !part.is_empty());
        let is_tried_first = [lower.as_str(), core, &plain].into_iter().any(is_tried)
            || (parts.clone().count() < 3 && parts.all(is_tried));
        if is_tried_first || distinct.len() < 5 {
            return weak("the password is one of those that are tried first".to_owned());
        }
        let known = known.iter().filter(|word| word.chars().count() >= 3);
        let rest = known.fold(lower.clone(), |rest, word| rest.replace(&word.to_lowercase(), ""));
        if rest.chars().filter(|c| c.is_alphanumeric()).count() < LEAST / 2 {
            let message = "the password is little more than the name, the node or the organisation";
            return weak(message.to_owned());
        }
        Ok(())
    }

    /// Hashes it. Takes tens of milliseconds: not on a thread that others wait for.
    ///
    /// # Errors
    /// There is no memory for it.
    pub fn hash(&self, salt: Hash) -> Result<PasswordHash, Refusal> {
        let salt = salt.0.first_chunk::<16>().unwrap_or(&[0; 16]);
        let hash = argon2()?.hash_password_with_salt(self.0.as_bytes(), salt);
        let hash = hash.map_err(|e| Refusal::new(Code::Busy, format!("it was not hashed: {e}")))?;
        PasswordHash::parse(&hash.to_string())
    }

    /// Whether it is the one; without a hash, as much is done, and it is not.
    pub fn is(&self, hash: Option<&PasswordHash>) -> bool {
        static NOBODYS: OnceLock<Option<PasswordHash>> = OnceLock::new();
        let nobodys = || NOBODYS.get_or_init(|| Password::new("").hash(crate::clock::seed()).ok());
        let against = hash.or_else(|| nobodys().as_ref());
        let fits = against.zip(argon2().ok()).is_some_and(|(hash, argon2)| {
            argon2.verify_password(self.0.as_bytes(), hash.as_str()).is_ok()
        });
        fits && hash.is_some() && self.0.len() <= MOST_BYTES
    }
}

fn argon2() -> Result<Argon2<'static>, Refusal> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None);
    let params = params.map_err(|e| Refusal::new(Code::Busy, e.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The letters that signs and digits stand for.
fn undressed(text: &str) -> String {
    let letter = |c| match c {
        '0' => 'o',
        '1' | '!' | '|' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    };
    text.chars().map(letter).collect()
}

/// What a text repeats; the text itself, when it repeats nothing.
fn unit(text: &str) -> &str {
    let ends = text.char_indices().map(|(at, _)| at).skip(1);
    let mut units = ends.filter_map(|end| text.get(..end)).filter(|unit| {
        text.len().is_multiple_of(unit.len()) && unit.repeat(text.len() / unit.len()) == text
    });
    units.next().unwrap_or(text)
}

fn is_most_used(word: &str) -> bool {
    let prefix = Hash::of(word.as_bytes());
    let Some(prefix) = prefix.0.first_chunk::<4>() else { return false };
    let (all, _) = MOST_USED.as_chunks::<4>();
    all.binary_search(prefix).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_tried_first_is_not_taken() {
        for weak in [
            "short",
            "passwordpassword",
            "Password2026!",
            "P4ssw0rd!2026",
            "123456789012",
            "aaaaaaaaaaaaaaaa",
            "nora-east-example-1",
            "qwertyuiop12",
            "Dragon-Password-1",
        ] {
            let checked = Password::new(weak).check(&["nora", "east.example", "east", "example"]);
            assert_eq!(checked.map_err(|e| e.code), Err(Code::WeakPassword), "{weak}");
        }
        for good in [
            "correct horse battery",
            "ein Zaun aus Kupfer",
            "пять синих лодок",
            "日本語の長い合言葉を使います",
        ] {
            assert!(Password::new(good).check(&["nora"]).is_ok(), "{good}");
        }
    }

    #[test]
    fn a_password_fits_its_hash_however_it_was_typed() {
        let hash = Password::new("caf\u{e9} au lait noir").hash(Hash([7; 32])).unwrap();
        assert!(hash.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", hash.as_str());
        assert!(Password::new("cafe\u{301} au lait noir").is(Some(&hash)));
        assert!(!Password::new("cafe au lait noir").is(Some(&hash)));
        assert!(!Password::new("").is(None));
    }
}
