//! Reads a bundle or a TAXII envelope object by object, in bounded memory; and the other forms in
//! which people write objects: lists, lines, single ones.
//!
//! Only the frame around the objects is read here. Each object's bytes come out unchanged, whether
//! they are a valid object or not, so that an invalid one does not hide those that follow it.

mod bytes;

use crate::at::At;
use crate::finding::Finding;
use crate::id::StixId;
use crate::object::{Judged, MAX_OBJECT_BYTES};
use crate::rule;
use crate::text::shortened;
use crate::unicode::NotUnicode;
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
    /// It is a bundle of STIX 2.0.
    #[error(
        "it is a bundle of STIX 2.0 (`spec_version`), and only STIX 2.1 is read; ask its maker for that"
    )]
    Stix20,
    /// The input is not in the encoding that its byte order mark says.
    #[error(transparent)]
    Unicode(NotUnicode),
    /// The reader returned an error.
    #[error("the input could not be read: {0}")]
    Read(#[from] std::io::Error),
}

impl FrameError {
    /// Whether the form of the input is told by this, rather than a place where it is broken.
    pub fn is_of_whole(&self) -> bool {
        match self {
            FrameError::Stix20 | FrameError::Unicode(_) | FrameError::Read(_) => true,
            FrameError::Truncated { .. } | FrameError::Form { .. } | FrameError::TooLong { .. } => {
                false
            }
        }
    }
}

/// Reads the objects of a bundle or envelope, one after another; or of any other form in which
/// people write them.
pub struct Objects<R> {
    input: Bytes<R>,
    any_form: bool,
    /// What frames and objects stand in.
    outer: Outer,
    state: FrameState,
    head: Vec<(String, Vec<u8>)>,
    kept: usize,
    /// The number of objects of the frame so far; `None` before its list of objects begins.
    count: Option<u64>,
    /// The number of values that stand in no frame, and of frames.
    alone: u64,
    frames: u64,
    heads: Vec<Judged>,
    foreign: Option<String>,
    lines: Lines,
}

/// What is known of values that follow one another as lines, or as the records of RFC 7464.
#[derive(Default)]
struct Lines {
    /// What ends each: a line feed, or the separator before the next record.
    separated: bool,
    /// Values so far that were each a line or record by itself.
    whole: u64,
    /// The line in which the last value began.
    line: u64,
    /// Whether the last was no value.
    is_bad: bool,
    bad: usize,
}

/// Most lines that are no values: of more, the input is something else.
const MAX_BAD_LINES: usize = 100;

#[derive(Clone, Copy, PartialEq)]
enum Outer {
    /// One value after another, as lines perhaps.
    Lines,
    List,
}

#[derive(Clone, Copy, PartialEq)]
enum FrameState {
    Start,
    /// In front of a frame, or of an object that stands in none.
    Between {
        first: bool,
    },
    InObjects {
        first: bool,
    },
    Done,
}

/// Most bundles whose own findings are kept until somebody asks.
const MAX_HEADS: usize = 100;

impl<R: Read> Objects<R> {
    /// A reader of one bundle or envelope in UTF-8. Nothing is read before the first
    /// [`Objects::next_object`]. The input needs no buffer: it is read in blocks of 64 KiB.
    pub fn new(input: R) -> Objects<R> {
        Objects {
            input: Bytes::new(input),
            any_form: false,
            outer: Outer::Lines,
            state: FrameState::Start,
            head: Vec::new(),
            kept: 0,
            count: None,
            alone: 0,
            frames: 0,
            heads: Vec::new(),
            foreign: None,
            lines: Lines::default(),
        }
    }

    /// A reader of whatever people write objects in, in UTF-8 or UTF-16: a bundle or envelope, a list
    /// of objects or of bundles, one of these after another, as lines perhaps or as the records of RFC
    /// 7464, or one object. Objects in UTF-16 come out in UTF-8. Of many lines or records, one that is
    /// no value comes out as it stands ([`Objects::bad_line`]).
    pub fn any(input: R) -> Objects<R> {
        let mut objects = Objects::new(input);
        objects.any_form = true;
        objects.input.read_any_unicode();
        objects
    }

    /// The bytes of the next object, without the white space around them; `None` after the last
    /// one, once the input has been read to its end.
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
        loop {
            let state = self.state;
            match state {
                FrameState::Start => self.start()?,
                FrameState::Between { first } => {
                    if let Some(alone) = self.between(first)? {
                        self.alone += 1;
                        return Ok(Some(alone));
                    }
                }
                FrameState::InObjects { first } if self.next_is_end(first)? => {
                    self.members(&mut Vec::new())?;
                    self.end_frame()?;
                }
                FrameState::InObjects { .. } => {
                    self.state = FrameState::InObjects { first: false };
                    self.count = self.count.map(|n| n + 1);
                    return self.input.value("an object", MAX_OBJECT_BYTES).map(Some);
                }
                FrameState::Done => return Ok(None),
            }
        }
    }

    fn start(&mut self) -> Result<(), FrameError> {
        if self.any_form {
            self.lines.separated = self.input.skip_between()?;
        }
        let next = self.input.peek_solid("the outer object")?;
        if self.any_form && next == b'[' && !self.lines.separated {
            self.input.take();
            self.outer = Outer::List;
        } else if next != b'{' && !self.lines.separated {
            return Err(self.input.form("expected a JSON object, which begins with {"));
        }
        self.state = FrameState::Between { first: true };
        Ok(())
    }

    /// Reads up to the next frame, or an object that stands in none.
    fn between(&mut self, first: bool) -> Result<Option<Vec<u8>>, FrameError> {
        self.lines.is_bad = false;
        let is_end = match self.outer {
            Outer::List => self.next_is_end(first)?,
            // One value, and in any form others after it.
            Outer::Lines if first => false,
            Outer::Lines if self.any_form => {
                self.lines.separated |= self.input.skip_between()?;
                match self.input.peek()? {
                    None => true,
                    Some(next) => next != b'{' && !self.is_of_lines(),
                }
            }
            Outer::Lines => true,
        };
        if is_end || (!first && !self.any_form) {
            self.state = FrameState::Done;
            return self.input.end().map(|()| None);
        }
        self.state = FrameState::Between { first: false };
        if self.any_form && self.outer == Outer::Lines {
            return self.line();
        }
        if self.input.peek_solid("a list")? != b'{' {
            return self.input.value("an object", MAX_OBJECT_BYTES).map(Some);
        }
        self.frame_or_object()
    }

    /// Whether what was read so far was lines or records.
    fn is_of_lines(&self) -> bool {
        self.lines.separated || self.lines.whole > 0
    }

    /// Reads one of several values that may be a line each. One that is not whole, among others that
    /// are, comes out as it stands.
    fn line(&mut self) -> Result<Option<Vec<u8>>, FrameError> {
        let until = if self.lines.separated { 0x1e } else { b'\n' };
        self.lines.line = self.input.line();
        let Some(line) = self.input.look(0, until)? else { return self.frame_or_object() };
        let (length, is_object) = (line.len(), line.starts_with(b"{"));
        let is_whole = bytes::is_whole(line);
        // More is to come of what ends so: it is written on several lines.
        let is_open = matches!(line.trim_ascii_end().last(), Some(b'[' | b'{' | b',' | b':'));
        let next = self.input.look(length + 1, until)?;
        let next_is_whole =
            next.is_some_and(|next| next.starts_with(b"{") && bytes::is_whole(next));
        // What goes on on the next line is set in, or begins with a sign that follows a value.
        let goes_on = next.is_some_and(|next| {
            let first = next.trim_ascii().first();
            first.is_some()
                && matches!(next.first(), Some(b' ' | b'\t' | b'"' | b'}' | b']' | b','))
        });
        let is_lines = if self.is_of_lines() {
            self.lines.separated || !is_object || !goes_on
        } else {
            next_is_whole && !is_open
        };
        if is_lines && (!is_object || !(is_whole || is_open && !self.lines.separated)) {
            return self.bad(length);
        }
        let place = self.input.place();
        let read = self.frame_or_object();
        match read {
            Err(FrameError::Form { .. } | FrameError::Truncated { .. }) if is_whole && is_lines => {
                self.input.back(place);
                self.bad(length)
            }
            read => {
                self.lines.whole += u64::from(is_whole && matches!(read, Ok(Some(_))));
                read
            }
        }
    }

    /// Gives a line or record as it stands.
    fn bad(&mut self, length: usize) -> Result<Option<Vec<u8>>, FrameError> {
        if self.lines.bad == MAX_BAD_LINES {
            return Err(self.input.form("more than 100 lines before this are not JSON"));
        }
        self.lines.bad += 1;
        self.lines.is_bad = true;
        Ok(Some(self.input.pass(length).trim_ascii().to_vec()))
    }

    /// The number of the line in which the last object began, from 1, where each has its own.
    pub fn own_line(&self) -> Option<u64> {
        (self.alone > 0 && self.frames == 0 && self.outer == Outer::Lines)
            .then_some(self.lines.line)
    }

    /// The number of the line in which the last object began, if that is no JSON value and stands
    /// among others that are.
    pub fn bad_line(&self) -> Option<u64> {
        self.lines.is_bad.then_some(self.lines.line)
    }

    /// Reads a frame up to its list of objects; or an object, or what else has no such list.
    fn frame_or_object(&mut self) -> Result<Option<Vec<u8>>, FrameError> {
        (self.kept, self.count) = (0, None);
        self.head.clear();
        if self.any_form {
            self.input.record();
        }
        self.input.take();
        let mut members = Vec::new();
        let has_list = self.members(&mut members)?;
        let whole = self.input.recorded();
        let text = |name: &str| {
            let found = members.iter().find(|(key, _)| key == name)?;
            serde_json::from_slice::<String>(&found.1).ok()
        };
        let is_object = match text("type").as_deref() {
            Some("bundle") => false,
            Some(_) => true,
            // It is nothing that is known here. Among others it is judged like them.
            None => {
                self.outer == Outer::List || self.alone > 0 || self.input.is_followed_by(b'{')?
            }
        };
        if self.any_form && !has_list && is_object {
            let what = "an object";
            let too_long =
                || FrameError::TooLong { at: self.input.at, what, most: MAX_OBJECT_BYTES };
            return whole.map(Some).ok_or_else(too_long);
        }
        if !has_list && members.iter().any(|(key, _)| key == "objects") {
            return Err(self.input.form("`objects` must be a list"));
        }
        for (key, value) in members {
            self.keep(key, value)?;
        }
        self.frames += 1;
        if has_list {
            self.check_head()?;
            self.state = FrameState::InObjects { first: true };
            self.count = Some(0);
        } else {
            self.end_frame()?;
        }
        Ok(None)
    }

    /// A frame has been read to its end.
    fn end_frame(&mut self) -> Result<(), FrameError> {
        self.check_head()?;
        self.state = FrameState::Between { first: false };
        if self.heads.len() < MAX_HEADS {
            let judged = self.judge_head().filter(|judged| !judged.findings.is_empty());
            self.heads.extend(judged);
        }
        Ok(())
    }

    /// Looks at what has been read of the frame's own properties. A bundle of STIX 2.0 says so; one
    /// of 2.1 has no version.
    fn check_head(&mut self) -> Result<(), FrameError> {
        let version = self.head("spec_version");
        let version = version.and_then(|text| serde_json::from_slice::<String>(text).ok());
        if version.is_some_and(|version| version.starts_with("2.0")) {
            return Err(FrameError::Stix20);
        }
        if let Some(found) = self.head("type").filter(|_| !self.is_bundle()) {
            self.foreign = Some(String::from_utf8_lossy(found).into_owned());
        }
        Ok(())
    }

    /// The type that the outer object has, or one of them, where it is not a bundle's: its JSON
    /// text.
    pub fn foreign(&self) -> Option<&str> {
        self.foreign.as_deref()
    }

    /// Whether the input was one object by itself, in no frame and no list.
    pub fn is_one_object(&self) -> bool {
        self.outer == Outer::Lines && (self.alone, self.frames) == (1, 0)
    }

    /// What there was in place of objects, for an input in which there were none.
    pub fn instead(&self) -> String {
        let names = self.head.iter().map(|(name, _)| format!("`{}`", shortened(name)));
        let names: Vec<String> = names.take(5).collect();
        match self.count {
            Some(_) => "its `objects` list is empty".to_owned(),
            None if self.outer == Outer::List => "the list is empty".to_owned(),
            None if self.is_bundle() => "the bundle has no `objects`".to_owned(),
            None if names.is_empty() => {
                "there is no `objects` list with anything in it: it is an empty object".to_owned()
            }
            None => format!(
                "there is no `objects` list in it, but {}; if a bundle stands inside, take it out",
                names.join(", ")
            ),
        }
    }

    /// Whether the outer object is a page without objects: it has nothing but these properties.
    pub fn has_only(&self, names: &[&str]) -> bool {
        self.head.iter().all(|(name, _)| names.contains(&name.as_str()))
    }

    /// The findings on bundles that have ended since this was last asked for (STIX 2.1 §8.1).
    pub fn take_heads(&mut self) -> Vec<Judged> {
        std::mem::take(&mut self.heads)
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

    /// Reads properties until the list `objects` begins, or the end. Says whether the list begins.
    /// After the list, the members are kept as they come.
    fn members(&mut self, members: &mut Vec<(String, Vec<u8>)>) -> Result<bool, FrameError> {
        let opening = self.count.is_none();
        let mut first = opening;
        let most = if self.any_form && opening { MAX_OBJECT_BYTES } else { MAX_HEAD_BYTES };
        loop {
            let next = self.input.peek_solid("the outer object")?;
            if next == b'}' {
                self.input.take();
                return Ok(false);
            }
            if !first {
                self.input.expect(b',', "expected a comma or }")?;
                self.input.peek_solid("the outer object")?;
            }
            first = false;
            let key = self.key()?;
            self.input.expect(b':', "expected a colon after a property's name")?;
            let next = self.input.peek_solid("a property")?;
            if key == "objects" && !opening {
                return Err(self.input.form("`objects` occurs twice"));
            }
            if key == "objects" && next == b'[' {
                self.input.take();
                return Ok(true);
            }
            if key == "objects" && !self.any_form {
                return Err(self.input.form("`objects` must be a list"));
            }
            let value = self.input.value("a property beside `objects`", most)?;
            if opening {
                members.push((key, value));
            } else {
                self.keep(key, value)?;
            }
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
        let mut objects = Objects::any(text.as_bytes());
        assert_eq!(objects.next_object().unwrap().unwrap(), b"{\"a\":1}");
        assert_eq!(objects.next_object().unwrap().unwrap(), b"{\"b\":2}");
        assert!(objects.next_object().unwrap().is_none() && objects.judge_head().is_none());
        assert!(matches!(
            Objects::new(text.as_bytes()).next_object(),
            Err(FrameError::Form { .. })
        ));
    }

    fn of_any_form(text: impl AsRef<[u8]>) -> Result<Vec<String>, FrameError> {
        let mut objects = Objects::any(text.as_ref());
        let mut out = Vec::new();
        while let Some(bytes) = objects.next_object()? {
            out.push(String::from_utf8(bytes).unwrap());
        }
        Ok(out)
    }

    #[test]
    fn objects_come_out_of_every_form_in_which_people_write_them() {
        let (a, b) = (r#"{"type":"a-b" , "objects" : {"0":1}}"#, r#"{"type":"c","x":"\"}{"}"#);
        let bundle = format!(r#"{{"type":"bundle","objects":[{a},{b}],"id":"x"}}"#);
        for text in [
            bundle.clone(),
            format!("\u{feff}{bundle}\n"),
            format!("[{a},{b}]"),
            format!(" [ {bundle} ] "),
            format!(r#"[{{"objects":[{a}]}} , {{"type":"bundle","objects":[{b}]}}]"#),
            format!("{a}\n{b}\n"),
            format!("{{\"objects\":[{a}]}}\r\n\r\n{{\"objects\":[{b}]}}"),
            format!("{a}{{\"objects\":[{b}]}}"),
        ] {
            assert_eq!(of_any_form(&text).unwrap(), [a, b], "{text}");
        }
        assert_eq!(of_any_form(a).unwrap(), [a]);
        assert_eq!(of_any_form("[7, {}, []]").unwrap(), ["7", "{}", "[]"]);
        let utf16 = "\u{feff}[{\"é\":\"\u{1f600}\"}]";
        let pairs = utf16.encode_utf16();
        for bytes in [
            pairs.clone().flat_map(u16::to_le_bytes).collect::<Vec<u8>>(),
            pairs.flat_map(u16::to_be_bytes).collect(),
        ] {
            assert_eq!(of_any_form(&bytes).unwrap(), ["{\"é\":\"\u{1f600}\"}"]);
            assert!(matches!(of_any_form(&bytes[..bytes.len() - 1]), Err(FrameError::Unicode(_))));
            let taxii = Objects::new(&bytes[..]).next_object().unwrap_err().to_string();
            assert!(taxii.contains("it is UTF-16"), "{taxii}");
        }
    }

    #[test]
    fn an_envelope_may_begin_with_a_byte_order_mark() {
        assert_eq!(all("\u{feff}{\"objects\":[1]}").unwrap(), ["1"]);
        assert_eq!(all("\u{feff}\u{feff}{\"objects\":[1]}").unwrap(), ["1"]);
    }

    #[test]
    fn of_many_lines_or_records_a_bad_one_hides_no_other() {
        let bad = |text: &str| {
            let mut objects = Objects::any(text.as_bytes());
            let mut out = Vec::new();
            while let Some(bytes) = objects.next_object().unwrap() {
                let bytes = String::from_utf8(bytes).unwrap();
                out.push((bytes, objects.own_line(), objects.bad_line()));
            }
            out
        };
        let (a, b) = (r#"{"type":"a","x":[1]}"#, r#"{"type":"b"}"#);
        for cut in [
            r#"{"type":"c","x":[1"#,
            r#"{"type":"c","x":"y"#,
            r#"{"type":"c",}"#,
            r#"{"type" "c"}"#,
            "not json",
            "null",
        ] {
            let found = bad(&format!("{a}\n{cut}\n\n{b}\n"));
            let line = |text: &str, line, bad| (text.to_owned(), Some(line), bad);
            let expected = [line(a, 1, None), line(cut, 2, Some(2)), line(b, 4, None)];
            assert_eq!(found, expected, "{cut}");
            let last = bad(&format!("{a}\n{b}\n{cut}"));
            assert_eq!(last[2], line(cut, 3, Some(3)), "{cut}");
            let records = bad(&format!("\u{1e}{a}\n\u{1e}{cut}\n\u{1e}{b}\n"));
            let texts: Vec<&str> = records.iter().map(|(text, ..)| text.as_str()).collect();
            assert_eq!(texts, [a, cut, b]);
            assert_eq!(records[1].2, Some(2));
            if cut.starts_with('{') {
                assert_eq!(bad(&format!("{cut}\n{a}\n{b}"))[0].2, Some(1), "{cut}");
            }
        }
        // A bundle or object on several lines is whole or broken.
        for whole in [
            format!("{{\"type\":\"bundle\",\"objects\":[\n{a},\n{b}\n]}}"),
            format!("{{\"type\":\"bundle\",\"objects\":[\n{a}\n,{b}]}}"),
            format!("{a}\n{{\n\"type\":\"b\"\n}}\n").replace("{\n\"type\":\"b\"\n}", b),
        ] {
            assert_eq!(of_any_form(&whole).unwrap(), [a, b], "{whole}");
        }
        for broken in ["{\n\"type\":\"a\",}\n{\"type\":\"b\"}", "{\"type\":\"a\"}x", "{\"a\":1"] {
            assert!(of_any_form(broken).is_err(), "{broken}");
        }
        let spread = format!("{a}\n{{\n\"type\":\n\"b\"\n}}\n{b}");
        assert_eq!(of_any_form(&spread).unwrap().len(), 3);
        assert_eq!(of_any_form(format!("\u{feff}{a}\n\u{feff}{b}")).unwrap(), [a, b]);
        assert_eq!(of_any_form(format!("\u{1e}{{\"objects\":[{a},{b}]}}\n")).unwrap(), [a, b]);
        let many = format!("{a}\n{}", "x\n".repeat(MAX_BAD_LINES + 1));
        assert!(of_any_form(many).unwrap_err().to_string().contains("more than 100 lines"));
    }

    #[test]
    fn what_there_is_in_place_of_objects_is_named() {
        for (text, words) in [
            ("{}", "an empty object"),
            (r#"{"response":[{"objects":[1]}]}"#, "but `response`; if a bundle stands inside"),
            (r#"{"type":"bundle","objects":[]}"#, "its `objects` list is empty"),
            (r#"{"type":"bundle"}"#, "the bundle has no `objects`"),
            ("[]", "the list is empty"),
        ] {
            let mut objects = Objects::any(text.as_bytes());
            assert!(objects.next_object().unwrap().is_none(), "{text}");
            assert!(objects.instead().contains(words), "{}", objects.instead());
        }
        let not_a_list = of_any_form(r#"{"objects":{"0":{}}}"#).unwrap_err().to_string();
        assert!(not_a_list.contains("`objects` must be a list"), "{not_a_list}");
    }

    #[test]
    fn another_version_and_another_outer_type_are_named() {
        for text in [
            r#"{"type":"bundle","spec_version":"2.0","objects":[{}]}"#,
            r#"{"objects":[{}],"spec_version":"2.0","type":"bundle"}"#,
        ] {
            assert!(matches!(all(text), Err(FrameError::Stix20)), "{text}");
            assert!(matches!(of_any_form(text), Err(FrameError::Stix20)), "{text}");
        }
        let mut objects =
            Objects::any(&br#"[{"type":"report","objects":[1]},{"objects":[2]}]"#[..]);
        while objects.next_object().unwrap().is_some() {}
        assert_eq!(objects.foreign(), Some("\"report\""));
    }

    #[test]
    fn one_object_by_itself_is_told_from_many_and_a_long_one_is_not_held() {
        let is_one = |text: &str| {
            let mut objects = Objects::any(text.as_bytes());
            while objects.next_object().unwrap().is_some() {}
            objects.is_one_object()
        };
        assert!(is_one(r#"{"type":"a"}"#));
        for many in [r#"[{"type":"a"}]"#, r#"{"objects":[{}]}"#, "{\"type\":\"a\"}{}"] {
            assert!(!is_one(many), "{many}");
        }
        let text = format!("{{\"type\":\"a\",{}\"b\":1}}", " ".repeat(MAX_OBJECT_BYTES));
        assert!(matches!(of_any_form(text), Err(FrameError::TooLong { .. })));
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
