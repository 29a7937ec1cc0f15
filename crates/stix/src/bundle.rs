//! Reads a bundle or a TAXII envelope object by object, in bounded memory; and the other forms in
//! which people write objects: lists, lines, single ones.
//!
//! Only the frame around the objects is read here. Each object's bytes come out unchanged, whether
//! they are a valid object or not, so that an invalid one does not hide those that follow it.

mod bytes;
mod error;
mod head;
mod lines;

pub use error::FrameError;

use crate::object::{Judged, MAX_OBJECT_BYTES};
use bytes::Bytes;
use serde_json::Value;
use std::io::Read;

/// The objects of a bundle that is a value already; none where it is no bundle.
pub fn objects(bundle: &Value) -> impl Iterator<Item = &Value> {
    bundle.get("objects").and_then(Value::as_array).into_iter().flatten()
}

/// Those of its objects that are of a type.
pub fn of_type<'a>(bundle: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    objects(bundle).filter(move |one| one.get("type").and_then(Value::as_str) == Some(name))
}

/// Most bytes of the properties beside `objects`, names and values together. Usually there are a
/// type, an id and a few flags.
pub const MAX_HEAD_BYTES: usize = 64 << 10;

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
}

#[cfg(test)]
mod tests;
