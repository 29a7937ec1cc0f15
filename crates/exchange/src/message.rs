//! What an entry means: the kinds of `docs/glossary.md`, to fields and back.

use crate::agreement::{Terms, Version};
use crate::bounds::most_bytes;
use crate::readout::{Document, Fact, MAX_STATED};
use crate::scale::Urgency;
use crate::talk::{MAX_REASON, STATEMENTS, Statement};
use forewarn_matching::interest::Interest;
use forewarn_stix::marking::Tlp;
use forewarn_stix::{Timestamp, canonical};
use forewarn_transcript::disclosure::Field;
use forewarn_transcript::{PublicKey, SecondKey};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A message, by its kind. What its fields are is what its variant holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Message {
    /// An interest of the writer's is registered, or changed.
    Interest {
        /// The interest, with its global id.
        interest: Interest,
    },
    /// An interest of the writer's is withdrawn.
    InterestRemoved {
        /// Its id.
        interest: String,
    },
    /// A warning.
    Warning(Content),
    /// A later version of the warning that it answers.
    Update(Content),
    /// The warning that it answers is taken back, and the partner must answer.
    Recall {
        /// Why.
        reason: String,
    },
    /// What a person, or the node itself, says about a warning.
    #[serde(skip)]
    Said {
        /// Who says it: the name that the speaker's node states; empty in a refusal, which no
        /// person makes.
        by: String,
        /// What is said.
        statement: Statement,
    },
    /// New keys of the writer: see `forewarn_transcript::succession`.
    KeyChange {
        /// Ed25519.
        key: PublicKey,
        /// ML-DSA-44, where the channel has second signatures.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mldsa44: Option<SecondKey>,
    },
    /// The keys that the answered entry announces were compared and are the writer's.
    KeyConfirmed {},
    /// The writer has a text for the public about the warning that it answers, and commits to it: its
    /// digest is that of the withheld field `readout`.
    ReadoutCommitted {
        /// Which facts it states.
        #[serde(deserialize_with = "stated")]
        facts: Vec<Fact>,
        /// Until when it proposes that neither side publishes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    /// The writer publishes the text that the answered entry commits to.
    ReadoutRevealed {
        /// The salt of the digest, in base64url.
        salt: String,
        /// The text.
        readout: Document,
    },
    /// The writer proposes until when neither side publishes.
    EmbargoProposed {
        /// The instant at which it ends.
        until: Timestamp,
    },
    /// The embargo that the answered entry proposes is in force.
    EmbargoAccepted {},
    /// The embargo that the answered entry proposes is not.
    EmbargoDeclined {
        /// Why.
        reason: String,
    },
    /// The writer leaves the embargo about the warning that it answers.
    EmbargoLeft {
        /// Whether it complies with it all the same.
        complies: bool,
        /// Why.
        reason: String,
    },
    /// The writer has signed a version of the agreement, which waits for the other side.
    AgreementProposed {
        /// Who signs for it.
        by: String,
        /// Which version: the one after the last that either side has proposed.
        version: Version,
        /// What it says.
        terms: Terms,
    },
    /// The writer signs the version that the answered entry proposes: it is in force.
    AgreementAccepted {
        /// Who signs for it.
        by: String,
    },
    /// The writer does not sign the version that the answered entry proposes.
    AgreementDeclined {
        /// Who says so.
        by: String,
        /// Why.
        reason: String,
    },
}

/// Facts of a readout, bounded.
fn stated<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<Fact>, D::Error> {
    let facts = Vec::<Fact>::deserialize(from)?;
    if facts.len() > MAX_STATED {
        let most = format!("a readout states at most {MAX_STATED} facts");
        return Err(serde::de::Error::custom(most));
    }
    Ok(facts)
}

/// What a warning says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Content {
    /// The report's title.
    pub title: String,
    /// CAP 1.2 urgency.
    pub urgency: Urgency,
    /// The strictest marking of any object of the bundle, or a stricter one.
    pub tlp: Tlp,
    /// Until when it holds.
    pub valid_until: Timestamp,
    /// Whom of the partner's people it is for, by name: at TLP:RED nobody else there may read it
    /// (TLP 2.0 §1). Nobody in particular when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub persons: Vec<String>,
    /// The released STIX bundle.
    pub bundle: Value,
}

/// Why an entry cannot be understood; goes back to its writer in a refusal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotUnderstood(pub String);

/// A reason cut to what may be sent back: it may hold words of whoever caused it.
pub fn shortened(reason: &str) -> String {
    reason.chars().take(MAX_REASON).collect()
}

impl Message {
    /// What a person says.
    pub fn said(by: &str, statement: Statement) -> Message {
        Message::Said { by: by.to_owned(), statement }
    }

    /// The node itself says that an entry could not be understood.
    pub fn refusal(reason: String) -> Message {
        Message::Said { by: String::new(), statement: Statement::Refusal { reason } }
    }

    /// The kind and the fields.
    pub fn fields(&self) -> (String, Vec<(String, Value)>) {
        let value = match self {
            Message::Said { statement, .. } => serde_json::to_value(statement),
            other => serde_json::to_value(other),
        };
        let Ok(Value::Object(mut map)) = value else { return (String::new(), Vec::new()) };
        let kind = map.remove("kind");
        let kind = kind.and_then(|k| k.as_str().map(str::to_owned)).unwrap_or_default();
        if let Message::Said { by, statement } = self
            && !matches!(statement, Statement::Refusal { .. })
        {
            map.insert("by".to_owned(), by.as_str().into());
        }
        (kind, map.into_iter().collect())
    }

    /// Reads an entry's kind and its opened fields. All that a partner can say has its bounds here,
    /// before anything of it is kept.
    pub fn read(kind: &str, fields: Vec<Field>) -> Result<Message, NotUnderstood> {
        let bad = |e: serde_json::Error| NotUnderstood(shortened(&e.to_string()));
        check_sizes(&fields)?;
        let mut map: Map<String, Value> = fields.into_iter().map(|f| (f.name, f.value)).collect();
        if map.contains_key("kind") {
            return Err(NotUnderstood("a field may not be named `kind`".to_owned()));
        }
        map.insert("kind".to_owned(), kind.into());
        if !STATEMENTS.iter().any(|(known, _)| *known == kind) {
            return serde_json::from_value(Value::Object(map)).map_err(bad);
        }
        let by = match map.remove("by") {
            _ if kind == "refusal" => String::new(),
            Some(Value::String(by)) => by,
            _ => return Err(NotUnderstood("`by` must name who says it".to_owned())),
        };
        let statement: Statement = serde_json::from_value(Value::Object(map)).map_err(bad)?;
        statement.check_bounds().map_err(NotUnderstood)?;
        Ok(Message::Said { by, statement })
    }
}

/// The same bounds as for what we write ourselves.
fn check_sizes(fields: &[Field]) -> Result<(), NotUnderstood> {
    for Field { name, value } in fields {
        let (most, size) = (most_bytes(name), canonical::bytes(value).len());
        if size > most {
            let name = shortened(name);
            return Err(NotUnderstood(format!("`{name}` has {size} bytes; the most is {most}")));
        }
    }
    Ok(())
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
        let question = Message::said("duty", Statement::Question { text: "when?".into() });
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
            persons: vec!["Anna Orlova".into()],
            bundle: serde_json::json!({"type": "bundle"}),
        };
        assert_eq!(back(&Message::Warning(content.clone())), Message::Warning(content.clone()));
        // What a program before named persons has written says that it is for nobody in particular.
        let everybody = Content { persons: Vec::new(), ..content };
        let (_, fields) = Message::Warning(everybody.clone()).fields();
        assert!(fields.iter().all(|(name, _)| name != "persons"));
        assert_eq!(back(&Message::Warning(everybody.clone())), Message::Warning(everybody));
    }

    /// Refusals of 900 kB each were once kept, by the thousand.
    #[test]
    fn what_is_longer_than_its_bound_is_not_understood_whatever_the_kind() {
        let text = |length: usize| Value::from("x".repeat(length));
        let read = |kind: &str, fields: &[(&str, Value)]| {
            let fields = fields
                .iter()
                .map(|(name, value)| Field { name: (*name).to_owned(), value: value.clone() });
            Message::read(kind, fields.collect()).map_err(|bad| bad.0)
        };
        assert!(read("refusal", &[("reason", text(300))]).is_ok());
        assert!(read("refusal", &[("reason", text(301))]).unwrap_err().contains("300"));
        let said = [
            ("accepted", "note"),
            ("declined", "reason"),
            ("question", "text"),
            ("answer", "text"),
            ("action", "text"),
        ];
        for (kind, field) in said {
            let by = ("by", Value::from("dora"));
            assert!(read(kind, &[by.clone(), (field, text(10_000))]).is_ok(), "{kind}");
            let long = read(kind, &[by, (field, text(16 << 10))]).unwrap_err();
            assert!(long.contains("the most is 16384"), "{kind}: {long}");
            let long = read(kind, &[("by", text(300)), (field, text(1))]).unwrap_err();
            assert!(long.contains("`by`"), "{kind}: {long}");
        }
        assert!(read("recall", &[("reason", text(16 << 10))]).is_err());
        let fact = serde_json::json!({ "kind": "arrested", "count": 1 });
        let outcome = |facts: Vec<Value>| {
            let by = ("by", Value::from("dora"));
            read("outcome", &[by, ("facts", facts.into()), ("text", text(1))])
        };
        assert!(outcome(vec![fact.clone(); 50]).is_ok());
        assert!(outcome(vec![fact; 51]).unwrap_err().contains("50"));
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
