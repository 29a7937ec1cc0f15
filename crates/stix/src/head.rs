//! What decides about an object beside what it says: its creator, when it was created, whether it was
//! revoked, until when it holds. The one reader of that, for whoever has only the bytes.

use crate::Timestamp;
use serde::Deserialize;
use serde_json::Value;

/// The properties that decide, as far as each can be read; one that cannot is as good as none, and
/// hides none of the others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Head {
    /// `created`, where it is a time.
    pub created: Option<Timestamp>,
    /// `created_by_ref`.
    pub creator: Option<String>,
    /// Whether its creator has taken it back (STIX 2.1 §3.6).
    pub revoked: bool,
    /// The moment from which it holds no more: an indicator's `valid_until`, a relationship's
    /// `stop_time`.
    pub until: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Raw {
    #[serde(default)]
    created: Value,
    #[serde(default)]
    created_by_ref: Value,
    #[serde(default)]
    revoked: Value,
    #[serde(default)]
    valid_until: Value,
    #[serde(default)]
    stop_time: Value,
}

impl Head {
    /// Reads an object's bytes; what is no JSON object decides nothing.
    pub fn read(bytes: &[u8]) -> Head {
        let Ok(raw) = serde_json::from_slice::<Raw>(bytes) else { return Head::default() };
        let time = |value: &Value| Timestamp::parse_any(value.as_str()?).ok();
        Head {
            created: time(&raw.created),
            creator: raw.created_by_ref.as_str().map(str::to_owned),
            revoked: truth(&raw.revoked) == Some(true),
            until: time(&raw.valid_until).or_else(|| time(&raw.stop_time)),
        }
    }
}

/// Whether an object says that it is revoked. Hardly any says anything of it, and those that do not
/// are not read for it.
pub fn is_revocation(bytes: &[u8]) -> bool {
    let has = |text: &[u8]| memchr::memmem::find(bytes, text).is_some();
    // A letter of the name may be written as its number: those from a to z are 0061 to 007a.
    let is_named = has(b"\"revoked\"") || has(b"\\u006") || has(b"\\u007");
    is_named && Head::read(bytes).revoked
}

/// What a value says as a boolean; some write it as a text.
pub(crate) fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        Value::Null | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_hides_nothing_else() {
        let head = Head::read(br#"{"created":5,"created_by_ref":[],"revoked":true,"stop_time":7}"#);
        assert_eq!(head, Head { revoked: true, ..Head::default() });
        let head = Head::read(
            br#"{"revoked":"True","valid_until":"2017-12-15T10:30:00+01:00","created_by_ref":"x"}"#,
        );
        assert!(head.revoked && head.creator.as_deref() == Some("x"));
        assert_eq!(head.until.unwrap().to_string(), "2017-12-15T09:30:00Z");
        assert!(!Head::read(br#"{"revoked":"false"}"#).revoked);
        assert!(is_revocation(br#"{"\u0072evoked":true}"#) && !is_revocation(b"{\"a\":1}"));
        assert_eq!(Head::read(b"They meet on Friday."), Head::default());
    }
}
