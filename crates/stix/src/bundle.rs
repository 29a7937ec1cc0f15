//! Reads a bundle or a TAXII envelope object by object, in bounded memory.
//!
//! Only the frame around the objects is read here. Each object's bytes come out unchanged, whether
//! they are a valid object or not, so that an invalid one does not hide those that follow it.

mod bytes;

use crate::at::At;
use crate::finding::Finding;
use crate::id::StixId;
use crate::object::{Judged, MAX_OBJECT_BYTES};
use crate::rule;
use bytes::Bytes;
use std::io::Read;

/// Most bytes of the properties beside `objects`, names and values together. Usually there are a
/// type, an id and a few flags.
pub const MAX_HEAD_BYTES: usize = 64 << 10;

/// Why a frame cannot be read to its end. Objects that came out before are complete.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// The input ended before the frame was complete.
    #[error("the input ends at byte {at}, in the middle of {what}; it is cut off")]
    Truncated {
        /// The length of the input in bytes.
        at: u64,
        /// What was being read.
        what: &'static str,
    },
    /// The input does not have the form `{"…": …, "objects": [ … ]}`.
    #[error("at byte {at}: {what}")]
    Form {
        /// The offset of the offending byte, from 0.
        at: u64,
        /// What is wrong there, or what was expected.
        what: &'static str,
    },
    /// An object, or the properties beside the objects, are longer than their bound.
    #[error("at byte {at}: {what} is longer than {most} bytes")]
    TooLong {
        /// The offset at which the bound was exceeded.
        at: u64,
        /// What is too long.
        what: &'static str,
        /// The bound in bytes.
        most: usize,
    },
    /// The reader returned an error.
    #[error("the input could not be read: {0}")]
    Read(#[from] std::io::Error),
}

/// Reads the objects of a bundle or envelope, one after another.
pub struct Objects<R> {
    input: Bytes<R>,
    state: FrameState,
    head: Vec<(String, Vec<u8>)>,
    kept: usize,
    takes_list: bool,
    /// The number of objects so far; `None` before the list of objects begins.
    count: Option<u64>,
}

#[derive(Clone, Copy, PartialEq)]
enum FrameState {
    Start,
    InObjects { first: bool, bare: bool },
    Done,
}

impl<R: Read> Objects<R> {
    /// A reader of this input. Nothing is read before the first [`Objects::next_object`]. The input
    /// needs no buffer: it is read in blocks of 64 KiB.
    pub fn new(input: R) -> Objects<R> {
        Objects {
            input: Bytes::new(input),
            state: FrameState::Start,
            head: Vec::new(),
            kept: 0,
            takes_list: false,
            count: None,
        }
    }

    /// Also accepts a bare list of objects, which people write although neither STIX nor TAXII has
    /// it.
    pub fn or_list(mut self) -> Objects<R> {
        self.takes_list = true;
        self
    }

    /// The bytes of the next object, without the white space around them; `None` after the last
    /// one, once the frame has been read to its end.
    ///
    /// Errs when the frame is malformed, cut off or too long, or the input cannot be read. There
    /// are no objects after an error.
    pub fn next_object(&mut self) -> Result<Option<Vec<u8>>, FrameError> {
        let next = self.read_next();
        if next.is_err() {
            // After an error, the place in the input is unknown.
            self.state = FrameState::Done;
        }
        next
    }

    fn read_next(&mut self) -> Result<Option<Vec<u8>>, FrameError> {
        if self.state == FrameState::Start {
            self.start()?;
        }
        let FrameState::InObjects { first, bare } = self.state else { return Ok(None) };
        if self.next_is_end(first)? {
            self.state = FrameState::Done;
            if bare {
                self.input.end()?;
            } else {
                self.members(false)?;
            }
            return Ok(None);
        }
        self.state = FrameState::InObjects { first: false, bare };
        self.count = self.count.map(|n| n + 1);
        self.input.value("an object", MAX_OBJECT_BYTES).map(Some)
    }

    fn start(&mut self) -> Result<(), FrameError> {
        if self.takes_list && self.input.peek_solid("the outer object")? == b'[' {
            self.input.take();
            self.state = FrameState::InObjects { first: true, bare: true };
            return Ok(());
        }
        self.input.expect(b'{', "expected a JSON object, which begins with {")?;
        self.state = FrameState::Done;
        self.members(true)
    }

    /// Judges the properties of the bundle itself (STIX 2.1 §8.1). Call it after the last object:
    /// properties may follow the objects. `None` for anything but a bundle, such as a TAXII
    /// envelope.
    pub fn judge_head(&self) -> Option<Judged> {
        if !self.is_bundle() {
            return None;
        }
        let at = |name: &str| At::ROOT.name(name).to_string();
        let mut findings = Vec::new();
        let id: Option<String> = self.head("id").and_then(|id| serde_json::from_slice(id).ok());
        match id.as_deref().map(StixId::parse) {
            None => {
                let message = "a bundle needs an `id` of the form bundle--UUID";
                findings.push(Finding::new(&rule::REQUIRED, at("id"), message));
            }
            Some(Err(e)) => findings.push(Finding::new(&rule::IDENTIFIER, at("id"), e.to_string())),
            Some(Ok(id)) if id.type_name() != "bundle" => {
                let message =
                    format!("the id begins with `{}`, the type is `bundle`", id.type_name());
                findings.push(Finding::new(&rule::ID_TYPE, at("id"), message));
            }
            Some(Ok(id)) if id.uuid_version() != 4 => {
                let message = "a bundle should have a random UUID (version 4)";
                findings.push(Finding::new(&rule::UUID_VERSION, at("id"), message));
            }
            Some(Ok(_)) => {}
        }
        if self.count == Some(0) {
            let message = "a list must not be empty; leave it out";
            findings.push(Finding::new(&rule::EMPTY_LIST, at("objects"), message));
        }
        for finding in findings.iter_mut().filter(|finding| finding.clause == rule::OF_TYPE) {
            finding.clause = "8.1";
        }
        for finding in &mut findings {
            // Nothing of a bundle is kept but its objects.
            finding.usable = true;
        }
        Some(Judged {
            id,
            type_name: Some("bundle".to_owned()),
            findings,
            unlisted: 0,
            usable: true,
            version: None,
            object: None,
        })
    }

    /// The JSON text of a property beside `objects`, such as `type` or `more`. Until the last
    /// object has been read, it may still follow.
    pub fn head(&self, name: &str) -> Option<&[u8]> {
        self.head.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_slice())
    }

    /// Whether the `type` read so far is `bundle`.
    pub fn is_bundle(&self) -> bool {
        let name = self.head("type").and_then(|name| serde_json::from_slice::<String>(name).ok());
        name.as_deref() == Some("bundle")
    }

    /// The number of bytes of the input that have been used.
    pub fn position(&self) -> u64 {
        self.input.at
    }

    fn next_is_end(&mut self, first: bool) -> Result<bool, FrameError> {
        let next = self.input.peek_solid("the list of objects")?;
        if next == b']' {
            self.input.take();
            return Ok(true);
        }
        if !first {
            self.input.expect(b',', "expected a comma or ] after an object")?;
            self.input.peek_solid("the list of objects")?;
        }
        Ok(false)
    }

    /// Reads properties until the list `objects` begins or the frame ends. `opening` says whether
    /// these are the properties before the list.
    fn members(&mut self, opening: bool) -> Result<(), FrameError> {
        let mut first = opening;
        loop {
            let next = self.input.peek_solid("the outer object")?;
            if next == b'}' {
                self.input.take();
                return self.input.end();
            }
            if !first {
                self.input.expect(b',', "expected a comma or }")?;
                self.input.peek_solid("the outer object")?;
            }
            first = false;
            let key = self.key()?;
            self.input.expect(b':', "expected a colon after a property's name")?;
            let next = self.input.peek_solid("a property")?;
            if key == "objects" {
                if next != b'[' {
                    return Err(self.input.form("`objects` must be a list"));
                }
                if !opening {
                    return Err(self.input.form("`objects` occurs twice"));
                }
                self.input.take();
                self.state = FrameState::InObjects { first: true, bare: false };
                self.count = Some(0);
                return Ok(());
            }
            let value = self.input.value("a property beside `objects`", MAX_HEAD_BYTES)?;
            self.keep(key, value)?;
        }
    }

    fn key(&mut self) -> Result<String, FrameError> {
        let bytes = self.input.value("a property's name", MAX_HEAD_BYTES)?;
        serde_json::from_slice(&bytes)
            .map_err(|_| self.input.form("expected a property's name in quotes"))
    }

    fn keep(&mut self, key: String, value: Vec<u8>) -> Result<(), FrameError> {
        self.kept += key.len() + value.len();
        if self.kept > MAX_HEAD_BYTES {
            let what = "all that is beside `objects`";
            return Err(FrameError::TooLong { at: self.input.at, what, most: MAX_HEAD_BYTES });
        }
        if self.head(&key).is_some() {
            return Err(self.input.form("a property beside `objects` occurs twice"));
        }
        if crate::json::read(&value).is_err() {
            return Err(self.input.form("the value before this is not strict JSON"));
        }
        self.head.push((key, value));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(text: &str) -> Result<Vec<String>, FrameError> {
        let mut objects = Objects::new(text.as_bytes());
        let mut out = Vec::new();
        while let Some(bytes) = objects.next_object()? {
            out.push(String::from_utf8(bytes).unwrap());
        }
        Ok(out)
    }

    #[test]
    fn objects_come_out_as_the_bytes_that_stand_there() {
        let text = "{ \"type\": \"bundle\",\n \"objects\" : [ {\"a\": [1, \"}\"]} , {\"b\":\"\\\"]\"},7 ] , \"id\":\"x\" }\n";
        assert_eq!(all(text).unwrap(), ["{\"a\": [1, \"}\"]}", "{\"b\":\"\\\"]\"}", "7"]);
    }

    #[test]
    fn the_head_is_known_at_the_end() {
        let mut objects = Objects::new(&br#"{"more":true,"objects":[],"next":"n"}"#[..]);
        assert!(objects.next_object().unwrap().is_none());
        assert_eq!(objects.head("more"), Some(&b"true"[..]));
        assert_eq!(objects.head("next"), Some(&b"\"n\""[..]));
    }

    #[test]
    fn a_frame_without_objects_has_none() {
        assert_eq!(all(r#"{"type":"bundle"}"#).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn a_bundle_is_judged_by_its_own_properties() {
        let rules = |text: &str| {
            let mut objects = Objects::new(text.as_bytes());
            while objects.next_object().unwrap().is_some() {}
            objects.judge_head().map(|j| j.findings.iter().map(|f| f.rule).collect::<Vec<_>>())
        };
        let id = |id: &str| format!(r#"{{"type":"bundle","id":"{id}","objects":[{{}}]}}"#);
        assert_eq!(rules(&id("bundle--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f")), Some(vec![]));
        assert_eq!(
            rules(&id("bundle--8e2e2d2b-17d4-5cbf-938f-98ee46b3cd3f")),
            Some(vec!["uuid-version"])
        );
        assert_eq!(rules(&id("tool--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f")), Some(vec!["id-type"]));
        assert_eq!(rules(&id("bundle--1")), Some(vec!["identifier"]));
        assert_eq!(
            rules(r#"{"type":"bundle","objects":[]}"#),
            Some(vec!["required-property", "empty-list"])
        );
        assert_eq!(rules(r#"{"more":false,"objects":[]}"#), None);
    }

    #[test]
    fn a_bare_list_is_taken_where_it_is_asked_for() {
        let text = r#" [ {"a":1} , {"b":2} ] "#;
        let mut objects = Objects::new(text.as_bytes()).or_list();
        assert_eq!(objects.next_object().unwrap().unwrap(), b"{\"a\":1}");
        assert_eq!(objects.next_object().unwrap().unwrap(), b"{\"b\":2}");
        assert!(objects.next_object().unwrap().is_none() && objects.judge_head().is_none());
        assert!(matches!(
            Objects::new(text.as_bytes()).next_object(),
            Err(FrameError::Form { .. })
        ));
    }

    #[test]
    fn every_cut_is_called_a_cut_with_its_place() {
        let text = r#"{"objects":[{"a":1},{"b":2}],"id":"x"}"#;
        for end in 0..text.len() {
            match all(text.get(..end).unwrap()) {
                Err(FrameError::Truncated { at, .. }) => assert_eq!(at, end as u64),
                other => panic!("cut at {end}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_malformed_frame_is_refused_with_the_place() {
        for text in [
            "[]",
            "hello",
            r#"{"objects":[1 2]}"#,
            r#"{"a":1}x"#,
            r#"{"objects":[],"objects":[]}"#,
            r#"{"objects":null}"#,
            r#"{"objects":{}}"#,
            r#"{"type":tru,"objects":[]}"#,
            r#"{"x":{"a":1,"a":2},"objects":[]}"#,
            "{\"objects\":[]}\u{c}",
        ] {
            assert!(matches!(all(text), Err(FrameError::Form { .. })), "{text}");
        }
    }

    #[test]
    fn an_object_over_the_bound_is_refused_without_being_held() {
        let text = format!("{{\"objects\":[\"{}", "x".repeat(MAX_OBJECT_BYTES + 10));
        assert!(matches!(all(&text), Err(FrameError::TooLong { .. })));
    }

    proptest! {
        #[test]
        fn any_list_of_values_is_split_as_a_json_reader_splits_it(values in proptest::collection::vec(
            prop_oneof![
                any::<i32>().prop_map(serde_json::Value::from),
                any::<String>().prop_map(serde_json::Value::from),
                any::<Vec<String>>().prop_map(serde_json::Value::from),
                any::<String>().prop_map(|s| serde_json::json!({ "k": [s] })),
            ], 0..8))
        {
            let text = serde_json::json!({ "objects": values }).to_string();
            let read: Vec<serde_json::Value> =
                all(&text).unwrap().iter().map(|t| serde_json::from_str(t).unwrap()).collect();
            prop_assert_eq!(read, values);
        }
    }
}
