//! STIX identifiers (STIX 2.1 §2.9): a type, two hyphens, a UUID.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A checked identifier, `indicator--8e2e2d2b-…`. It is kept as it was written: the case of the
/// UUID does not change, and counts when two are compared.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct StixId(String);

/// The namespace of ids that we make by a name.
const OURS: uuid::Uuid = uuid::uuid!("5b0c9a0e-6f5d-4a37-9c6e-2f1f0f7d6a41");

/// Why a text is not an identifier.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadId {
    /// The text has no `--`.
    #[error("`{0}` is not of the form `type--UUID`")]
    Form(String),
    /// The part before `--` is not the name of a type (§3.1).
    #[error("`{0}` is not a type name (3 to 250 of a-z, 0-9 and single hyphens)")]
    TypeName(String),
    /// The part after `--` is not an RFC 4122 UUID of version 1 to 5.
    #[error("`{0}` is not an RFC 4122 UUID")]
    Uuid(String),
}

impl StixId {
    /// Checks an identifier of any type, known or not. Errs with the part that is wrong.
    pub fn parse(text: &str) -> Result<StixId, BadId> {
        StixId::type_of(text)?;
        Ok(StixId(text.to_owned()))
    }

    /// Checks an identifier like [`StixId::parse`], but only returns its type, without copying.
    pub fn type_of(text: &str) -> Result<&str, BadId> {
        StixId::split(text, is_uuid)
    }

    /// Like [`StixId::parse`], but with a UUID of any variant and version.
    pub fn parse_any(text: &str) -> Result<StixId, BadId> {
        StixId::type_of_any(text)?;
        Ok(StixId(text.to_owned()))
    }

    /// Like [`StixId::type_of`], but with a UUID of any variant and version.
    pub fn type_of_any(text: &str) -> Result<&str, BadId> {
        StixId::split(text, has_form_of_uuid)
    }

    /// The type of an identifier like [`StixId::type_of_any`], and whether its UUID is of the
    /// variant and a version, 1 to 5, of RFC 4122.
    pub(crate) fn looked_at(text: &str) -> Result<(&str, bool), BadId> {
        let name = StixId::type_of_any(text)?;
        Ok((name, text.get(name.len() + 2..).is_some_and(is_of_rfc_4122)))
    }

    /// Whether the UUID is of the variant and a version, 1 to 5, of RFC 4122.
    pub fn is_of_rfc_4122(&self) -> bool {
        is_of_rfc_4122(self.uuid())
    }

    fn split(text: &str, fits: fn(&str) -> bool) -> Result<&str, BadId> {
        let short = crate::text::shortened;
        let (name, uuid) = text.split_once("--").ok_or_else(|| BadId::Form(short(text)))?;
        if !is_type_name(name) {
            return Err(BadId::TypeName(short(name)));
        }
        if fits(uuid) { Ok(name) } else { Err(BadId::Uuid(short(uuid))) }
    }

    /// An identifier of a type and a UUID. Both must be valid, since they are not checked.
    pub fn new(type_name: &'static str, uuid: uuid::Uuid) -> StixId {
        StixId(format!("{type_name}--{uuid}"))
    }

    /// An identifier that is the same for the same name: a version 5 UUID (RFC 9562 §5.5) in a
    /// namespace of our own, since that of the standard is for observables.
    pub fn of_name(type_name: &'static str, name: &[u8]) -> StixId {
        StixId::new(type_name, uuid::Uuid::new_v5(&OURS, name))
    }

    /// The type: the part before `--`.
    pub fn type_name(&self) -> &str {
        self.0.split_once("--").map_or("", |(name, _)| name)
    }

    /// The UUID as written: the part after `--`.
    pub fn uuid(&self) -> &str {
        self.0.split_once("--").map_or("", |(_, uuid)| uuid)
    }

    /// The version of the UUID (RFC 4122 §4.1.3): 4 is random, 5 is name-based with SHA-1.
    pub fn uuid_version(&self) -> u32 {
        version_of(self.uuid())
    }

    /// The whole identifier, as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StixId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for StixId {
    type Error = BadId;
    fn try_from(text: String) -> Result<StixId, BadId> {
        StixId::parse(&text)
    }
}

impl From<StixId> for String {
    fn from(id: StixId) -> String {
        id.0
    }
}

/// Whether a text can be the name of a type: 3 to 250 of a-z, 0-9 and single hyphens, a letter
/// first (§3.1, §11.2).
pub fn is_type_name(name: &str) -> bool {
    (3..=250).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))
        && !name.contains("--")
}

/// Whether a text is a UUID of the variant and one of the versions 1 to 5 of RFC 4122. RFC 9562
/// added versions 6 to 8, but STIX 2.1 refers to RFC 4122.
fn is_uuid(text: &str) -> bool {
    has_form_of_uuid(text) && is_of_rfc_4122(text)
}

/// The version, 1 to 5, of a text that is a UUID of RFC 4122; `None` for any other text.
pub fn uuid_version(text: &str) -> Option<u32> {
    is_uuid(text).then(|| version_of(text))
}

fn version_of(uuid: &str) -> u32 {
    uuid.chars().nth(14).and_then(|digit| digit.to_digit(16)).unwrap_or(0)
}

/// The same of a text that has the form of a UUID.
fn is_of_rfc_4122(uuid: &str) -> bool {
    let at = |n: usize| uuid.as_bytes().get(n).copied().unwrap_or_default();
    matches!(at(14), b'1'..=b'5') && matches!(at(19), b'8' | b'9' | b'a' | b'b' | b'A' | b'B')
}

/// Whether a text has the form of a UUID, of any variant and version.
fn has_form_of_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, b)| match at {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_a_type_and_a_uuid() {
        let id = StixId::parse("indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f").unwrap();
        assert_eq!(id.type_name(), "indicator");
        assert_eq!(id.uuid_version(), 4);
        assert_eq!(id.uuid(), "8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f");
    }

    #[test]
    fn a_malformed_identifier_is_refused_with_the_part() {
        assert!(matches!(StixId::parse("indicator"), Err(BadId::Form(_))));
        assert!(matches!(
            StixId::parse("In--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"),
            Err(BadId::TypeName(_))
        ));
        assert!(matches!(
            StixId::parse("indicator--8e2e2d2b-17d4-7cbf-938f-98ee46b3cd3f"),
            Err(BadId::Uuid(_))
        ));
        assert!(matches!(
            StixId::parse("indicator--8e2e2d2b-17d4-0cbf-938f-98ee46b3cd3f"),
            Err(BadId::Uuid(_))
        ));
    }
}
