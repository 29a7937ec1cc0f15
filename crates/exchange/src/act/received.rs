//! Acts on warnings that came to us: each is a statement that the sender is told.

use crate::gate::SetAside;
use crate::id::WarningNumber;
use crate::talk::{STATEMENTS, Statement};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value, json};
use std::borrow::Cow;

/// One of our people says something on a received warning. Written as `warning-VERB`, with the
/// statement's fields beside the warning's number.
#[derive(Debug, Clone, PartialEq)]
pub struct ReceivedAct {
    /// Which warning.
    pub warning: WarningNumber,
    /// What is said.
    pub statement: Statement,
    /// Texts that are withheld, of which a possible objection does not count here.
    pub set_aside: SetAside,
}

impl ReceivedAct {
    /// One of our people says something on a warning.
    pub fn new(warning: WarningNumber, statement: Statement) -> ReceivedAct {
        ReceivedAct { warning, statement, set_aside: SetAside::default() }
    }
}

impl Serialize for ReceivedAct {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let kind = self.statement.kind();
        let verb = STATEMENTS.iter().find(|(known, _)| *known == kind).and_then(|(_, verb)| *verb);
        let verb = verb.ok_or_else(|| S::Error::custom(format!("a {kind} is not an act")))?;
        let value = serde_json::to_value(&self.statement).map_err(S::Error::custom)?;
        let mut map = match value {
            Value::Object(map) => map,
            _ => Map::new(),
        };
        map.remove("kind");
        map.insert("do".to_owned(), format!("warning-{verb}").into());
        map.insert("warning".to_owned(), self.warning.get().into());
        if !self.set_aside.is_empty() {
            let aside = serde_json::to_value(&self.set_aside).map_err(S::Error::custom)?;
            map.insert("set_aside".to_owned(), aside);
        }
        map.serialize(to)
    }
}

impl<'de> Deserialize<'de> for ReceivedAct {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<ReceivedAct, D::Error> {
        let mut map = Map::deserialize(from)?;
        let word = map.remove("do");
        let word = word.as_ref().and_then(Value::as_str).unwrap_or_default();
        let verb = word.strip_prefix("warning-");
        let known = STATEMENTS.iter().find(|(_, known)| known.is_some() && *known == verb);
        let Some((kind, _)) = known else {
            return Err(D::Error::custom(format!("`{word}` is not an act on a warning")));
        };
        let warning = map.remove("warning").and_then(|number| number.as_i64());
        let warning = warning.ok_or_else(|| D::Error::missing_field("warning"))?;
        let set_aside = map.remove("set_aside").map(serde_json::from_value).transpose();
        let set_aside = set_aside.map_err(D::Error::custom)?.unwrap_or_default();
        if map.contains_key("kind") {
            return Err(D::Error::unknown_field("kind", &[]));
        }
        map.insert("kind".to_owned(), (*kind).into());
        let statement = serde_json::from_value(Value::Object(map)).map_err(D::Error::custom)?;
        Ok(ReceivedAct { warning: WarningNumber::new(warning), statement, set_aside })
    }
}

/// The schema of each statement, with the verb in the place of its kind.
impl JsonSchema for ReceivedAct {
    fn schema_name() -> Cow<'static, str> {
        "ReceivedAct".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let warning = generator.subschema_for::<WarningNumber>();
        let set_aside = generator.subschema_for::<SetAside>();
        let mut statements = Statement::json_schema(generator);
        let kinds = statements.get_mut("oneOf").and_then(Value::as_array_mut);
        let acts = kinds.into_iter().flatten().filter_map(|schema| {
            let kind = schema.pointer("/properties/kind/const")?.as_str()?;
            let (_, verb) = STATEMENTS.iter().find(|(known, _)| *known == kind)?;
            let word = format!("warning-{}", (*verb)?);
            let properties = schema.get_mut("properties")?.as_object_mut()?;
            properties.remove("kind");
            properties.insert("do".to_owned(), json!({ "type": "string", "const": word }));
            properties.insert("warning".to_owned(), warning.clone().to_value());
            properties.insert("set_aside".to_owned(), set_aside.clone().to_value());
            let required = schema.get_mut("required")?.as_array_mut()?;
            required.retain(|name| name != "kind");
            required.extend([json!("do"), json!("warning")]);
            Some(schema.take())
        });
        let acts: Vec<Value> = acts.collect();
        schemars::json_schema!({ "oneOf": acts })
    }
}
