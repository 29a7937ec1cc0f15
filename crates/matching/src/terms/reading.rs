//! JSON read once into its texts and numbers, each with its place; nothing is copied that stands in
//! the bytes as it is.

use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt::{self, Write as _};

/// Most texts and numbers read of one object that stand inside of lists and dictionaries. Those at
/// the top are all read, so that no padding hides a name or a pattern.
const MAX_INNER: usize = 200_000;

/// No step: what stands at the top.
const TOP: u32 = u32::MAX;

/// A step of a path, and the one before it.
#[derive(Debug)]
struct Step<'a> {
    before: u32,
    /// The first step of the path.
    first: u32,
    key: Key<'a>,
}

#[derive(Debug)]
enum Key<'a> {
    Name(Cow<'a, str>),
    Index(u32),
}

/// Where something stands: the number of its last step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct At(u32);

impl At {
    /// At the top.
    pub(crate) const NOWHERE: At = At(TOP);

    pub(crate) fn number(self) -> u32 {
        self.0
    }
}

#[derive(Debug)]
pub(crate) struct Leaf<'a> {
    pub(crate) at: At,
    pub(crate) value: Scalar<'a>,
}

#[derive(Debug)]
pub(crate) enum Scalar<'a> {
    Text(Cow<'a, str>),
    Number(f64),
    Bool(bool),
}

impl<'a> Scalar<'a> {
    pub(crate) fn text(&self) -> Option<&Cow<'a, str>> {
        match self {
            Scalar::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// The texts and numbers of an object, in order.
#[derive(Debug, Default)]
pub(crate) struct Reading<'a> {
    steps: Vec<Step<'a>>,
    pub(crate) leaves: Vec<Leaf<'a>>,
    inner: usize,
}

impl<'a> Reading<'a> {
    /// Reads bytes as JSON; what is not JSON gives nothing.
    #[cfg(test)]
    pub(crate) fn of(bytes: &'a [u8]) -> Option<Reading<'a>> {
        let mut reading = Reading::default();
        reading.fill(bytes).then_some(reading)
    }

    /// Reads other bytes in the same room; whether they are JSON.
    pub(crate) fn fill(&mut self, bytes: &'a [u8]) -> bool {
        self.steps.clear();
        self.leaves.clear();
        self.inner = 0;
        let Ok(text) = std::str::from_utf8(bytes) else { return false };
        let mut reader = serde_json::Deserializer::from_str(text);
        let walk = Walk { reading: self, before: TOP, first: TOP };
        walk.deserialize(&mut reader).is_ok() && reader.end().is_ok()
    }

    fn push(&mut self, before: u32, first: u32, key: Key<'a>) -> (u32, u32) {
        if before != TOP && self.inner >= MAX_INNER {
            // What is in it is not kept.
            return (before, first);
        }
        let at = u32::try_from(self.steps.len()).unwrap_or(TOP);
        let first = if first == TOP { at } else { first };
        self.steps.push(Step { before, first, key });
        (at, first)
    }

    fn step(&self, at: u32) -> Option<&Step<'a>> {
        self.steps.get(at as usize)
    }

    fn name_of(&self, at: u32) -> &str {
        match self.step(at).map(|step| &step.key) {
            Some(Key::Name(name)) => name,
            _ => "",
        }
    }

    /// The property of the object that it stands in.
    pub(crate) fn property(&self, at: At) -> &str {
        self.step(at.0).map_or("", |step| self.name_of(step.first))
    }

    /// The nearest name of a key; the elements of a list have that of the list.
    pub(crate) fn name(&self, at: At) -> &str {
        let mut at = at.0;
        while let Some(step) = self.step(at) {
            match &step.key {
                Key::Name(name) => return name,
                Key::Index(_) => at = step.before,
            }
        }
        ""
    }

    /// The dictionary that it stands in.
    pub(crate) fn around(&self, at: At) -> At {
        At(self.step(at.0).map_or(TOP, |step| step.before))
    }

    /// The dictionary below `property` that it stands in, by its key there: an observable of
    /// `objects`.
    pub(crate) fn member(&self, at: At) -> Option<At> {
        let mut at = at.0;
        while let Some(step) = self.step(at) {
            if self.step(step.before).is_some_and(|before| before.before == TOP) {
                return Some(At(at));
            }
            at = step.before;
        }
        None
    }

    /// The property of the whole with this name.
    pub(crate) fn at(&self, name: &str) -> Option<At> {
        let mut leaves = self.leaves.iter().map(|leaf| leaf.at);
        leaves.find(|at| self.around(*at) == At(TOP) && self.name_of(at.0) == name)
    }

    /// A text at the top.
    pub(crate) fn text(&self, name: &str) -> &str {
        let at = self.at(name);
        let found = self.leaves.iter().find(|leaf| Some(leaf.at) == at);
        found.and_then(|leaf| leaf.value.text()).map_or("", |text| text)
    }

    /// A number at the top, also one that is written as a text.
    pub(crate) fn number(&self, name: &str) -> Option<f64> {
        let top = self.leaves.iter().filter(|leaf| self.around(leaf.at) == At(TOP));
        let mut named = top.filter(|leaf| self.name_of(leaf.at.0) == name);
        named.find_map(|leaf| match &leaf.value {
            Scalar::Number(number) => Some(*number),
            Scalar::Text(text) => {
                text.trim().parse().ok().filter(|number: &f64| number.is_finite())
            }
            Scalar::Bool(_) => None,
        })
    }

    /// What stands at a place, as it is written.
    pub(crate) fn written(&self, at: At) -> Cow<'_, str> {
        match self.leaves.iter().find(|leaf| leaf.at == at).map(|leaf| &leaf.value) {
            Some(Scalar::Text(text)) => Cow::Borrowed(text),
            Some(Scalar::Number(number)) => Cow::Owned(number.to_string()),
            Some(Scalar::Bool(value)) => Cow::Owned(value.to_string()),
            None => Cow::Borrowed(""),
        }
    }

    /// The JSON path: `$.objects.0.value`; the whole object is `$`.
    pub(crate) fn path(&self, at: At) -> String {
        self.path_below(at, At(TOP), "$")
    }

    /// The names from one place down to another, as an object path of a pattern has them.
    pub(crate) fn path_below(&self, at: At, above: At, start: &str) -> String {
        let mut steps = Vec::new();
        let mut at = at.0;
        while let (Some(step), true) = (self.step(at), at != above.0) {
            steps.push(&step.key);
            at = step.before;
        }
        let mut out = start.to_owned();
        for key in steps.into_iter().rev() {
            match key {
                Key::Name(name) if out.is_empty() || out.ends_with(':') => out.push_str(name),
                Key::Name(name) if is_plain(name) => {
                    out.push('.');
                    out.push_str(name);
                }
                Key::Name(name) => drop(write!(out, ".'{name}'")),
                Key::Index(index) => drop(write!(out, "[{index}]")),
            }
        }
        out
    }
}

/// Whether a key stands in a path without quotes.
fn is_plain(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

struct Walk<'r, 'a> {
    reading: &'r mut Reading<'a>,
    before: u32,
    first: u32,
}

impl<'a> Walk<'_, 'a> {
    #[expect(clippy::unnecessary_wraps, reason = "each visit ends with it")]
    fn leaf<E: Error>(&mut self, value: Scalar<'a>) -> Result<(), E> {
        if self.before == self.first {
            self.reading.leaves.push(Leaf { at: At(self.before), value });
        } else if self.reading.inner < MAX_INNER {
            self.reading.inner += 1;
            self.reading.leaves.push(Leaf { at: At(self.before), value });
        }
        Ok(())
    }
}

impl<'a> DeserializeSeed<'a> for Walk<'_, 'a> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Walk<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key_seed(Text)? {
            let (before, first) = self.reading.push(self.before, self.first, Key::Name(name));
            map.next_value_seed(Walk { reading: &mut *self.reading, before, first })?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut list: A) -> Result<(), A::Error> {
        for index in 0.. {
            // The step is taken back when there is no such element.
            let (before, first) = self.reading.push(self.before, self.first, Key::Index(index));
            let walk = Walk { reading: &mut *self.reading, before, first };
            let is_kept = before != self.before;
            if list.next_element_seed(walk)?.is_none() {
                if is_kept {
                    self.reading.steps.pop();
                }
                break;
            }
        }
        Ok(())
    }

    fn visit_borrowed_str<E: Error>(mut self, text: &'a str) -> Result<(), E> {
        self.leaf(Scalar::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(mut self, text: &str) -> Result<(), E> {
        self.leaf(Scalar::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_f64<E: Error>(mut self, number: f64) -> Result<(), E> {
        self.leaf(Scalar::Number(number))
    }

    #[expect(clippy::cast_precision_loss, reason = "I-JSON has no integers beyond 2^53")]
    fn visit_u64<E: Error>(mut self, number: u64) -> Result<(), E> {
        self.leaf(Scalar::Number(number as f64))
    }

    #[expect(clippy::cast_precision_loss, reason = "I-JSON has no integers beyond 2^53")]
    fn visit_i64<E: Error>(mut self, number: i64) -> Result<(), E> {
        self.leaf(Scalar::Number(number as f64))
    }

    fn visit_bool<E: Error>(mut self, value: bool) -> Result<(), E> {
        self.leaf(Scalar::Bool(value))
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }
}

/// A key, borrowed where it can be.
struct Text;

impl<'a> DeserializeSeed<'a> for Text {
    type Value = Cow<'a, str>;

    fn deserialize<D: serde::Deserializer<'a>>(self, reader: D) -> Result<Cow<'a, str>, D::Error> {
        reader.deserialize_str(Text)
    }
}

impl<'a> Visitor<'a> for Text {
    type Value = Cow<'a, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'a str) -> Result<Cow<'a, str>, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Cow<'a, str>, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_and_number_has_its_place() {
        let json = br#"{"a":"x\n","b":[1,{"c d":"y"}],"objects":{"0":{"hashes":{"SHA-256":"z"}}},"n":null}"#;
        let reading = Reading::of(json).unwrap();
        let told: Vec<String> = reading.leaves.iter().map(|leaf| reading.path(leaf.at)).collect();
        assert_eq!(told, ["$.a", "$.b[0]", "$.b[1].'c d'", "$.objects.0.hashes.'SHA-256'"]);
        let last = &reading.leaves[3];
        assert_eq!(reading.property(last.at), "objects");
        let member = reading.member(last.at).unwrap();
        assert_eq!(reading.path_below(last.at, member, "file:"), "file:hashes.'SHA-256'");
        assert_eq!(reading.text("a"), "x\n");
    }

    #[test]
    fn what_is_no_json_gives_nothing() {
        for bytes in [&b"{"[..], b"{} x", b"\xff", b""] {
            assert!(Reading::of(bytes).is_none());
        }
    }
}
