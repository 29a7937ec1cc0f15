//! Keys: Ed25519, and ML-DSA-44 as the second one, which no quantum computer is known to break.
//!
//! A node keeps one seed. The Ed25519 key is made from it as RFC 8032 says; the seed of the
//! ML-DSA-44 key (FIPS 204) is SHA-256 over [`SECOND`] and the seed. Whoever breaks the one key
//! does not learn the seed, and so not the other.

use crate::hash::Hash;
use crate::mldsa44;
use crate::signature::{KeyId, SignatureLine};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// Keeps the second key's seed apart from every other use of the first.
const SECOND: &[u8] = b"forewarn ML-DSA-44 seed v1\n";

/// What a key is used for; the byte goes into the key's id (c2sp.org/signed-note).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// Ed25519 over the note's text.
    Note = 0x01,
    /// Ed25519 over a timestamped cosignature's message (c2sp.org/tlog-cosignature).
    Cosignature = 0x04,
    /// ML-DSA-44 over a `cosigned_message` (c2sp.org/tlog-cosignature).
    Subtree = 0x06,
}

fn key_id(name: &str, used: Use, key: &[u8]) -> KeyId {
    let mut message = name.as_bytes().to_vec();
    message.extend([b'\n', used as u8]);
    message.extend(key);
    let [a, b, c, d, ..] = Hash::of(&message).0;
    [a, b, c, d]
}

/// An Ed25519 public key.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct PublicKey(VerifyingKey);

/// An ML-DSA-44 public key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct SecondKey(Arc<mldsa44::Public>);

/// What a party's signatures are checked with: by the one key, or by both, where it has both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Keys {
    /// The key that every party has.
    #[serde(rename = "key")]
    pub ed25519: PublicKey,
    /// The second key. Where there is one, a signature of each is needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mldsa44: Option<SecondKey>,
}

/// Why a text is not a public key.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not an {algorithm} public key in base64")]
pub struct BadKey {
    text: String,
    algorithm: &'static str,
}

/// A node's secret: both keys. Wiped when dropped.
pub struct SecretKey {
    ed25519: SigningKey,
    mldsa44: mldsa44::Secret,
    second: SecondKey,
}

impl PublicKey {
    /// The 32 bytes.
    pub fn bytes(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// From 32 bytes; points that are no key, and weak ones, are refused.
    pub fn from_bytes(bytes: &[u8]) -> Option<PublicKey> {
        let key = VerifyingKey::from_bytes(bytes.try_into().ok()?).ok()?;
        (!key.is_weak()).then_some(PublicKey(key))
    }

    /// Whether `signature` is over `message` by this key (`verify_strict`).
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|s| self.0.verify_strict(message, &s).is_ok())
    }

    pub(crate) fn id(&self, name: &str, used: Use) -> KeyId {
        key_id(name, used, &self.bytes())
    }
}

impl SecondKey {
    /// The 1,312 bytes.
    pub fn bytes(&self) -> &[u8] {
        self.0.bytes()
    }

    /// From 1,312 bytes. Every such string is a key (FIPS 204, algorithm 23).
    pub fn from_bytes(bytes: &[u8]) -> Option<SecondKey> {
        mldsa44::Public::from_bytes(bytes).map(|key| SecondKey(Arc::new(key)))
    }

    /// Whether `signature` is over `message` by this key, with an empty context.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.0.verifies(message, signature)
    }

    pub(crate) fn id(&self, name: &str, used: Use) -> KeyId {
        key_id(name, used, self.bytes())
    }
}

impl SecretKey {
    /// From 32 bytes of the caller's best randomness.
    pub fn from_seed(seed: &[u8; 32]) -> SecretKey {
        let second = Hash::of(&[SECOND, seed].concat()).0;
        let (mldsa44, second) = mldsa44::from_seed(second);
        let second = SecondKey(Arc::new(second));
        SecretKey { ed25519: SigningKey::from_bytes(seed), mldsa44, second }
    }

    /// The public halves.
    pub fn keys(&self) -> Keys {
        Keys { ed25519: self.public(), mldsa44: Some(self.second.clone()) }
    }

    /// The public half of the Ed25519 key.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.ed25519.verifying_key())
    }

    /// Signs bytes by Ed25519.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.ed25519.sign(message).to_bytes()
    }

    /// Signs bytes by ML-DSA-44, deterministically, with an empty context.
    pub(crate) fn sign_second(&self, message: &[u8]) -> Vec<u8> {
        self.mldsa44.sign(message)
    }

    /// Signs a note's text under a name, by Ed25519.
    pub fn sign_note(&self, name: &str, text: &str) -> SignatureLine {
        let id = self.public().id(name, Use::Note);
        SignatureLine::new(name, id, self.sign(text.as_bytes()).into())
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD.encode(self.bytes()))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for SecondKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD.encode(self.bytes()))
    }
}

impl fmt::Debug for SecondKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ML-DSA-44 key {}", Hash::of(self.bytes()))
    }
}

impl TryFrom<String> for PublicKey {
    type Error = BadKey;
    fn try_from(text: String) -> Result<PublicKey, BadKey> {
        let key = STANDARD.decode(&text).ok().and_then(|bytes| PublicKey::from_bytes(&bytes));
        key.ok_or_else(|| bad(&text, "Ed25519"))
    }
}

impl TryFrom<String> for SecondKey {
    type Error = BadKey;
    fn try_from(text: String) -> Result<SecondKey, BadKey> {
        let key = STANDARD.decode(&text).ok().and_then(|bytes| SecondKey::from_bytes(&bytes));
        key.ok_or_else(|| bad(&text, "ML-DSA-44"))
    }
}

impl From<PublicKey> for String {
    fn from(key: PublicKey) -> String {
        key.to_string()
    }
}

impl From<SecondKey> for String {
    fn from(key: SecondKey) -> String {
        key.to_string()
    }
}

fn bad(text: &str, algorithm: &'static str) -> BadKey {
    BadKey { text: text.chars().take(80).collect(), algorithm }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_read_back_from_their_texts() {
        let keys = SecretKey::from_seed(&[1; 32]).keys();
        let second = keys.mldsa44.unwrap();
        assert_eq!(PublicKey::try_from(keys.ed25519.to_string()), Ok(keys.ed25519));
        assert_eq!(SecondKey::try_from(second.to_string()), Ok(second.clone()));
        assert!(SecondKey::try_from(keys.ed25519.to_string()).is_err());
        assert!(PublicKey::try_from(second.to_string()).is_err());
    }

    #[test]
    fn a_second_signature_is_the_same_each_time_and_fits_nothing_else() {
        let key = SecretKey::from_seed(&[1; 32]);
        let public = key.keys().mldsa44.unwrap();
        let signature = key.sign_second(b"a");
        assert_eq!(signature, key.sign_second(b"a"));
        assert!(public.verifies(b"a", &signature));
        assert!(!public.verifies(b"b", &signature));
        assert!(!public.verifies(b"a", &signature[1..]));
        let other = SecretKey::from_seed(&[2; 32]).keys().mldsa44.unwrap();
        assert!(!other.verifies(b"a", &signature));
    }
}
