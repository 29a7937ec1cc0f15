//! What an entry means: the kinds of `docs/glossary.md`, to fields and back.

use crate::scale::{OutcomeFact, Urgency};
use forewarn_matching::interest::Interest;
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Tlp;
use forewarn_transcript::disclosure::Field;
use forewarn_transcript::{PublicKey, SecondKey};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// How a recall was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecallAnswer {
    Complied,
    CouldNot,
    Refused,
}

/// A message, by its kind. What its fields are is what its variant holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Message {
    Interest {
        interest: Interest,
    },
    InterestRemoved {
        interest: String,
    },
    Warning(Content),
    /// A later version of the warning that it answers.
    Update(Content),
    Recall {
        reason: String,
    },
    Opened {
        by: String,
    },
    Accepted {
        by: String,
        note: String,
    },
    Declined {
        by: String,
        reason: String,
    },
    Question {
        by: String,
        text: String,
    },
    Answer {
        by: String,
        text: String,
    },
    Action {
        by: String,
        text: String,
    },
    Outcome {
        by: String,
        facts: Vec<OutcomeFact>,
        text: String,
    },
    Thanks {
        by: String,
        to: String,
        text: String,
    },
    RecallAnswer {
        by: String,
        answer: RecallAnswer,
        text: String,
    },
    /// New keys of the writer: see `forewarn_transcript::succession`.
    KeyChange {
        key: PublicKey,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mldsa44: Option<SecondKey>,
    },
    /// The keys that the answered entry announces were compared and are the writer's.
    KeyConfirmed {},
    /// The entry that it answers was stored and could not be understood.
    Refusal {
        reason: String,
    },
}

/// What a warning says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Content {
    pub title: String,
    pub urgency: Urgency,
    pub tlp: Tlp,
    pub valid_until: Timestamp,
    /// The released STIX bundle.
    pub bundle: Value,
}

/// Why an entry cannot be understood; goes back to its writer in a refusal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotUnderstood(pub String);

/// Longest reason that is sent back, in characters.
const MAX_REASON: usize = 300;

/// A reason cut to what may be sent back: it may hold words of whoever caused it.
pub fn shortened(reason: &str) -> String {
    reason.chars().take(MAX_REASON).collect()
}

impl Message {
    /// The kind and the fields.
    pub fn fields(&self) -> (String, Vec<(String, Value)>) {
        let value = serde_json::to_value(self).unwrap_or_default();
        let Value::Object(mut map) = value else { return (String::new(), Vec::new()) };
        let kind = map.remove("kind");
        let kind = kind.and_then(|k| k.as_str().map(str::to_owned)).unwrap_or_default();
        (kind, map.into_iter().collect())
    }

    /// From an entry's kind and its opened fields.
    pub fn read(kind: &str, fields: Vec<Field>) -> Result<Message, NotUnderstood> {
        let mut map: Map<String, Value> = fields.into_iter().map(|f| (f.name, f.value)).collect();
        if map.contains_key("kind") {
            return Err(NotUnderstood("a field may not be named `kind`".to_owned()));
        }
        map.insert("kind".to_owned(), kind.into());
        serde_json::from_value(Value::Object(map))
            .map_err(|e| NotUnderstood(shortened(&e.to_string())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use forewarn_transcript::succession;

    fn back(message: &Message) -> Message {
        let (kind, fields) = message.fields();
        let fields = fields.into_iter().map(|(name, value)| Field { name, value }).collect();
        Message::read(&kind, fields).unwrap()
    }

    #[test]
    fn a_message_reads_back_from_its_fields() {
        let question = Message::Question { by: "duty".into(), text: "when?".into() };
        assert_eq!(back(&question), question);
        let keys = forewarn_transcript::SecretKey::from_seed(&[1; 32]).keys();
        for mldsa44 in [keys.mldsa44.clone(), None] {
            let change = Message::KeyChange { key: keys.ed25519, mldsa44 };
            assert_eq!(back(&change), change);
            // The names that the protocol's crate reads.
            assert_eq!(change.fields().0, succession::CHANGE);
            let fields = change.fields().1.into_iter();
            let fields: Vec<Field> = fields.map(|(name, value)| Field { name, value }).collect();
            assert_eq!(succession::announced(&fields).unwrap().ed25519, keys.ed25519);
        }
        assert_eq!(Message::KeyConfirmed {}.fields().0, succession::CONFIRMED);
        assert_eq!(back(&Message::KeyConfirmed {}), Message::KeyConfirmed {});
        let content = Content {
            title: "t".into(),
            urgency: Urgency::Immediate,
            tlp: Tlp::AmberStrict,
            valid_until: Timestamp::parse("2017-12-20T00:00:00Z").unwrap(),
            bundle: serde_json::json!({"type": "bundle"}),
        };
        assert_eq!(back(&Message::Warning(content.clone())), Message::Warning(content));
    }

    #[test]
    fn an_unknown_kind_or_field_is_not_understood() {
        assert!(Message::read("prophecy", vec![]).unwrap_err().0.contains("prophecy"));
        let fields = vec![
            Field { name: "reason".into(), value: "x".into() },
            Field { name: "more".into(), value: "y".into() },
        ];
        assert!(Message::read("recall", fields).is_err());
    }
}
