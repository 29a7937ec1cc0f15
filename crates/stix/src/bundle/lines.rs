//! Values that follow one another as lines, or as the records of RFC 7464: one that is none hides no
//! other.

use super::{FrameError, Objects, Outer, bytes};
use std::io::Read;

/// Most lines that are no values: of more, the input is something else.
pub(super) const MAX_BAD_LINES: usize = 100;

impl<R: Read> Objects<R> {
    /// Whether what was read so far was lines or records.
    pub(super) fn is_of_lines(&self) -> bool {
        self.lines.separated || self.lines.whole > 0
    }

    /// Reads one of several values that may be a line each. One that is not whole, among others that
    /// are, comes out as it stands.
    pub(super) fn line(&mut self) -> Result<Option<Vec<u8>>, FrameError> {
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
}
