//! Salted field digests and the disclosures that open them (RFC 9901 §4.2).

use crate::hash::Hash;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use forewarn_stix::{canonical, json};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Longest disclosure read, in bytes of its encoded form: enough for a warning's bundle of 1 MiB.
pub const MAX_DISCLOSURE_BYTES: usize = 1_400_000;

/// One opened field as it travels: base64url of the JSON array `[salt, name, value]` (RFC 9901
/// §4.2). It need not be well-formed: [`Disclosure::open`] tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Disclosure(String);

/// The content of a disclosure, without its salt.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The name of the field; unique in an entry.
    pub name: String,
    /// The value of the field: any JSON.
    pub value: Value,
}

/// Why a disclosure cannot be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadDisclosure {
    /// Its encoded form is longer than [`MAX_DISCLOSURE_BYTES`].
    #[error("a disclosure is longer than {MAX_DISCLOSURE_BYTES} bytes")]
    TooLong,
    /// It is not base64url of strict JSON `[salt, name, value]`.
    #[error("a disclosure is not `[salt, name, value]`: {0}")]
    Form(String),
}

impl Disclosure {
    /// The disclosure of a field. `salt` must be random: without it, a digest of a short value
    /// could be guessed.
    pub fn new(salt: [u8; 16], name: &str, value: &Value) -> Disclosure {
        let salt = URL_SAFE_NO_PAD.encode(salt);
        let array = Value::Array(vec![salt.into(), name.into(), value.clone()]);
        Disclosure(URL_SAFE_NO_PAD.encode(canonical::bytes(&array)))
    }

    /// The disclosure of a field by a salt as it is written: 16 bytes in base64url. `None` for any
    /// other text.
    pub fn salted(salt: &str, name: &str, value: &Value) -> Option<Disclosure> {
        let salt: [u8; 16] = URL_SAFE_NO_PAD.decode(salt).ok()?.try_into().ok()?;
        Some(Disclosure::new(salt, name, value))
    }

    /// The salt, as it is written. Errs as [`Disclosure::open`] does.
    pub fn salt(&self) -> Result<String, BadDisclosure> {
        let form = |why: &str| BadDisclosure::Form(why.to_owned());
        let bytes = URL_SAFE_NO_PAD.decode(&self.0).map_err(|e| form(&e.to_string()))?;
        let value = json::read(&bytes).map_err(|e| form(&e.to_string()))?;
        let salt = value.get(0).and_then(Value::as_str);
        salt.map(str::to_owned).ok_or_else(|| form("expected a salt"))
    }

    /// The digest by which the entry commits to the field: base64url of SHA-256 over the encoded
    /// form (RFC 9901 §4.2.3).
    pub fn digest(&self) -> String {
        URL_SAFE_NO_PAD.encode(Hash::of(self.0.as_bytes()).0)
    }

    /// The length of the encoded form in bytes: what [`MAX_DISCLOSURE_BYTES`] bounds.
    pub fn encoded_len(&self) -> usize {
        self.0.len()
    }

    /// Decodes the field. Errs when the disclosure is too long or not `[salt, name, value]`.
    pub fn open(&self) -> Result<Field, BadDisclosure> {
        if self.0.len() > MAX_DISCLOSURE_BYTES {
            return Err(BadDisclosure::TooLong);
        }
        let form = |why: &str| BadDisclosure::Form(why.to_owned());
        let bytes = URL_SAFE_NO_PAD.decode(&self.0).map_err(|e| form(&e.to_string()))?;
        let value = json::read(&bytes).map_err(|e| form(&e.to_string()))?;
        match value {
            Value::Array(parts) => match <[Value; 3]>::try_from(parts) {
                Ok([Value::String(_), Value::String(name), value]) => Ok(Field { name, value }),
                _ => Err(form("expected a salt, a name and a value")),
            },
            _ => Err(form("it is not a list")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 9901 §4.2.1 and §4.2.3: the sample disclosure and its digest.
    #[test]
    fn the_sample_of_rfc_9901_has_the_digest_printed_there() {
        let sample = Disclosure(
            "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0".into(),
        );
        assert_eq!(sample.digest(), "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0");
        let field = sample.open().unwrap();
        assert_eq!((field.name.as_str(), field.value), ("family_name", "Möbius".into()));
    }

    #[test]
    fn a_field_comes_back_and_another_salt_gives_another_digest() {
        let one = Disclosure::new([1; 16], "title", &"x".into());
        assert_eq!(one.open().unwrap(), Field { name: "title".into(), value: "x".into() });
        assert_ne!(one.digest(), Disclosure::new([2; 16], "title", &"x".into()).digest());
    }

    #[test]
    fn malformed_disclosures_are_refused() {
        for text in ["", "****", "e30", "WzFd"] {
            assert!(
                matches!(Disclosure(text.into()).open(), Err(BadDisclosure::Form(_))),
                "{text}"
            );
        }
    }
}
