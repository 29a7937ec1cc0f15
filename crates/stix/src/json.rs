//! Strict I-JSON (RFC 7493): JSON that two readers could read differently is refused.

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Deepest nesting read, in levels of lists and objects. The deepest object that STIX defines (a
/// file with extensions) needs 8; ATT&CK needs 6.
pub const MAX_DEPTH: usize = 64;

/// The largest integer that every JSON reader represents exactly: 2^53 − 1 (RFC 7493 §2.2).
pub const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

/// Why bytes are not strict JSON. The message ends with line and column.
#[derive(Debug, thiserror::Error)]
#[error("not strict JSON: {0}")]
pub struct NotStrict(#[from] serde_json::Error);

impl NotStrict {
    /// The line and the column of the error, both from 1.
    pub fn place(&self) -> (usize, usize) {
        (self.0.line(), self.0.column())
    }

    /// Whether the input ended before the value was complete.
    pub fn is_truncated(&self) -> bool {
        self.0.is_eof()
    }
}

/// Reads one value, with white space around it.
///
/// Errs on what is not JSON, and on a byte order mark, a key that occurs twice, a lone surrogate, a
/// whole number beyond 2^53 − 1 and nesting beyond [`MAX_DEPTH`].
pub fn read(bytes: &[u8]) -> Result<Value, NotStrict> {
    if bytes.starts_with(b"\xef\xbb\xbf") || bytes.starts_with(b"\xff\xfe") {
        let why = "it begins with a byte order mark; JSON is UTF-8 without one";
        return Err(serde_json::Error::custom(why).into());
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = Strict { depth: 0 }.deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

/// Reads one value as a type of its own, by the same rules. No tree of values is made: what it takes
/// is what the type takes, which bounds its lists itself.
///
/// Errs as [`read`] does, and when the value is not of the type.
pub fn read_as<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, NotStrict> {
    if bytes.starts_with(b"\xef\xbb\xbf") || bytes.starts_with(b"\xff\xfe") {
        let why = "it begins with a byte order mark; JSON is UTF-8 without one";
        return Err(serde_json::Error::custom(why).into());
    }
    // First as the type: its bounds end the reading of what is too much.
    let value = serde_json::from_slice(bytes)?;
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    Check { depth: 0 }.deserialize(&mut reader)?;
    Ok(value)
}

/// Holds a value against the rules and keeps nothing of it.
struct Check {
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Check {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl Check {
    fn inner<E: serde::de::Error>(&self) -> Result<Check, E> {
        Ok(Check { depth: Strict { depth: self.depth }.inner()?.depth })
    }

    fn strict(&self) -> Strict {
        Strict { depth: self.depth }
    }
}

impl<'de> Visitor<'de> for Check {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: serde::de::Error>(self, v: u64) -> Result<(), E> {
        self.strict().visit_u64(v).map(drop)
    }

    fn visit_i64<E: serde::de::Error>(self, v: i64) -> Result<(), E> {
        self.strict().visit_i64(v).map(drop)
    }

    fn visit_f64<E: serde::de::Error>(self, v: f64) -> Result<(), E> {
        self.strict().visit_f64(v).map(drop)
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(self.inner()?)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut keys = std::collections::HashSet::new();
        while let Some(key) = map.next_key::<String>()? {
            map.next_value_seed(self.inner()?)?;
            if let Some(twice) = keys.replace(key) {
                return Err(A::Error::custom(format!("the key `{twice}` occurs twice")));
            }
        }
        Ok(())
    }
}

struct Strict {
    depth: usize,
}

impl Strict {
    fn inner<E: serde::de::Error>(&self) -> Result<Strict, E> {
        if self.depth >= MAX_DEPTH {
            return Err(E::custom(format!("nested deeper than {MAX_DEPTH} levels")));
        }
        Ok(Strict { depth: self.depth + 1 })
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, v: bool) -> Result<Value, E> {
        Ok(Value::Bool(v))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_u64<E: serde::de::Error>(self, v: u64) -> Result<Value, E> {
        if v > MAX_SAFE_INTEGER {
            return Err(E::custom(format!("the integer {v} is beyond 2^53 - 1")));
        }
        Ok(Value::Number(v.into()))
    }

    fn visit_i64<E: serde::de::Error>(self, v: i64) -> Result<Value, E> {
        if v.unsigned_abs() > MAX_SAFE_INTEGER {
            return Err(E::custom(format!("the integer {v} is beyond 2^53 - 1")));
        }
        Ok(Value::Number(v.into()))
    }

    /// A whole number beyond 2^53 − 1 is refused however it is written. The canonical form (RFC
    /// 8785) of 1e20 has all its digits: an integer that not every reader represents exactly.
    #[expect(clippy::cast_precision_loss, reason = "2^53 - 1 is exact in an f64")]
    fn visit_f64<E: serde::de::Error>(self, v: f64) -> Result<Value, E> {
        if v.fract() == 0.0 && v.abs() > MAX_SAFE_INTEGER as f64 {
            return Err(E::custom(format!("the number {v:e} is beyond 2^53 - 1")));
        }
        let number = Number::from_f64(v).ok_or_else(|| E::custom("a number is not finite"))?;
        Ok(Value::Number(number))
    }

    fn visit_str<E>(self, v: &str) -> Result<Value, E> {
        Ok(Value::String(v.to_owned()))
    }

    fn visit_string<E>(self, v: String) -> Result<Value, E> {
        Ok(Value::String(v))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = seq.next_element_seed(self.inner()?)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut values = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            let value = map.next_value_seed(self.inner()?)?;
            match values.entry(key) {
                serde_json::map::Entry::Vacant(place) => place.insert(value),
                serde_json::map::Entry::Occupied(place) => {
                    return Err(A::Error::custom(format!(
                        "the key `{}` occurs twice",
                        place.key()
                    )));
                }
            };
        }
        Ok(Value::Object(values))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        read(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn what_two_readers_could_read_differently_is_refused_with_the_place() {
        assert!(refusal(r#"{"a":1,"a":2}"#).contains("`a` occurs twice at line 1 column"));
        assert!(refusal(r#""\ud800""#).contains("hex escape"));
        assert!(refusal("9007199254740992").contains("beyond 2^53 - 1"));
        assert!(refusal("123456789012345678901234567890").contains("beyond 2^53 - 1"));
        assert!(refusal("{} x").contains("trailing"));
        assert!(refusal(&"[".repeat(65)).contains("deeper than 64"));
        assert!(refusal("\u{feff}{}").contains("byte order mark"));
        assert!(refusal("1e20").contains("beyond 2^53 - 1"));
        assert!(read(b"9007199254740991").is_ok());
        assert!(read(b"1e400").is_err());
    }

    #[test]
    fn a_value_of_a_type_is_read_by_the_same_rules() {
        use std::collections::BTreeMap;
        type Lists = BTreeMap<String, Vec<f64>>;
        assert!(read_as::<Lists>(br#"{"a":[1,2.5]}"#).is_ok());
        for text in [r#"{"a":[],"a":[]}"#, r#"{"a":[1e20]}"#, r#"{"a":[9007199254740992]}"#, "{} x"]
        {
            assert!(read_as::<Lists>(text.as_bytes()).is_err(), "{text}");
        }
        assert!(read_as::<Lists>(br#"{"a":{}}"#).is_err());
    }

    #[test]
    fn a_cut_off_text_is_known_as_such() {
        assert!(read(br#"{"a":[1,"#).unwrap_err().is_truncated());
        assert!(!read(br#"{"a":]"#).unwrap_err().is_truncated());
    }

    #[test]
    fn strict_reading_agrees_with_plain_reading_where_both_accept() {
        let text = r#"{"b":[1,-2.5,null,true],"a":{"k":"\u00e9\n"}}"#;
        let plain: Value = serde_json::from_str(text).unwrap();
        assert_eq!(read(text.as_bytes()).unwrap(), plain);
    }
}
