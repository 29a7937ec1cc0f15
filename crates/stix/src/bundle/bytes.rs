//! The bytes of a frame. Values are found by their brackets and quotes, without parsing them.

use super::error::FrameError;
use crate::object::MAX_OBJECT_BYTES;
use crate::unicode::{Decoder, Encoding, MARK_BYTES};
use std::io::Read;

/// The number of bytes read from the input at a time.
const BLOCK: usize = 64 << 10;

/// A reader that holds one block of the input, as UTF-8.
pub(super) struct Bytes<R> {
    input: R,
    /// Whether a text in UTF-16 is read.
    any_unicode: bool,
    decoder: Option<Decoder>,
    block: Vec<u8>,
    from: usize,
    /// The offset of the next byte in the input, or in what it is as UTF-8.
    pub(super) at: u64,
    record: Option<Record>,
    /// The lines that ended before `counted`, a place in the block.
    lines: u64,
    counted: usize,
}

/// The bytes taken since some place.
#[derive(Default)]
struct Record {
    bytes: Vec<u8>,
    /// Whether there were more than are kept.
    over: bool,
}

impl Record {
    fn add(&mut self, bytes: &[u8]) {
        self.over |= self.bytes.len() + bytes.len() > MAX_OBJECT_BYTES;
        if !self.over {
            self.bytes.extend_from_slice(bytes);
        }
    }
}

impl<R: Read> Bytes<R> {
    pub(super) fn new(input: R) -> Bytes<R> {
        Bytes {
            input,
            any_unicode: false,
            decoder: None,
            block: Vec::new(),
            from: 0,
            at: 0,
            record: None,
            lines: 0,
            counted: 0,
        }
    }

    /// Lets the input be UTF-16, which its mark shows.
    pub(super) fn read_any_unicode(&mut self) {
        self.any_unicode = true;
    }

    pub(super) fn peek(&mut self) -> Result<Option<u8>, FrameError> {
        if self.from == self.block.len() {
            self.count_lines();
            (self.from, self.counted) = (0, 0);
            self.block = self.read_block()?;
        }
        Ok(self.block.get(self.from).copied())
    }

    /// Reads the next block, as UTF-8; it is empty at the end.
    fn read_block(&mut self) -> Result<Vec<u8>, FrameError> {
        loop {
            let mut block = vec![0; BLOCK];
            // The mark is read whole.
            let least = if self.decoder.is_none() { MARK_BYTES } else { 1 };
            let mut got = 0;
            while got < least {
                match self.input.read(block.get_mut(got..).unwrap_or_default()) {
                    Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
                    Ok(0) => break,
                    Ok(more) => got += more,
                    Err(e) => return Err(e.into()),
                }
            }
            block.truncate(got);
            if self.decoder.is_none() {
                self.decoder = Some(Decoder::of(&block).map_err(FrameError::Unicode)?);
                let mark = self.decoder.as_ref().map_or(0, Decoder::mark);
                block.drain(..mark.min(got));
                self.at += mark as u64;
            }
            let Some(decoder) = self.decoder.as_mut() else { return Ok(block) };
            if matches!(decoder.encoding(), Encoding::Utf8(_)) {
                return Ok(block);
            }
            if !self.any_unicode {
                let what = "it is UTF-16; a bundle or envelope is UTF-8";
                return Err(FrameError::Form { at: 0, what });
            }
            let mut text = Vec::with_capacity(block.len());
            decoder.read(&block, &mut text).map_err(FrameError::Unicode)?;
            if got == 0 {
                decoder.end().map_err(FrameError::Unicode)?;
            }
            // Half a character gives nothing yet.
            if got == 0 || !text.is_empty() {
                return Ok(text);
            }
        }
    }

    fn count_lines(&mut self) {
        let passed = self.block.get(self.counted..self.from).unwrap_or_default();
        self.lines += memchr::memchr_iter(b'\n', passed).count() as u64;
        self.counted = self.from;
    }

    /// The number of the line that the next byte stands in, from 1.
    pub(super) fn line(&mut self) -> u64 {
        self.count_lines();
        self.lines + 1
    }

    /// What follows up to a sign, or to the end, without taking it; `None` when that is longer than
    /// an object may be.
    pub(super) fn look(&mut self, from: usize, until: u8) -> Result<Option<&[u8]>, FrameError> {
        let mut looked = from;
        loop {
            let rest = self.block.get(self.from + looked..).unwrap_or_default();
            if let Some(more) = memchr::memchr(until, rest) {
                let (start, end) = (self.from + from, self.from + looked + more);
                return Ok(self.block.get(start..end));
            }
            looked += rest.len();
            if looked > from + MAX_OBJECT_BYTES {
                return Ok(None);
            }
            self.count_lines();
            self.block.drain(..self.from);
            (self.from, self.counted) = (0, 0);
            let more = self.read_block()?;
            if more.is_empty() {
                return Ok(self.block.get(from..));
            }
            self.block.extend(more);
        }
    }

    /// Passes over bytes that were looked at, and gives them.
    pub(super) fn pass(&mut self, count: usize) -> Vec<u8> {
        let passed = self.block.get(self.from..self.from + count).unwrap_or_default().to_vec();
        self.from += passed.len();
        self.at += passed.len() as u64;
        passed
    }

    /// The place of the next byte, to which [`Bytes::back`] goes as long as no more was read than had
    /// been looked at.
    pub(super) fn place(&self) -> (usize, u64) {
        (self.from, self.at)
    }

    pub(super) fn back(&mut self, (from, at): (usize, u64)) {
        (self.from, self.at, self.record) = (from, at, None);
        self.counted = self.counted.min(from);
    }

    /// Passes over what may stand between values that follow one another: white space, byte order
    /// marks of files that were joined, and the record separators of RFC 7464; whether there were any
    /// of these last.
    pub(super) fn skip_between(&mut self) -> Result<bool, FrameError> {
        let mut separated = false;
        loop {
            match self.peek()? {
                Some(b' ' | b'\t' | b'\r' | b'\n') => self.take(),
                Some(0x1e) => {
                    separated = true;
                    self.take();
                }
                Some(0xef) => {
                    let mark = [0xef, 0xbb, 0xbf];
                    if !self.look(0, b'\n')?.is_some_and(|line| line.starts_with(&mark)) {
                        return Ok(separated);
                    }
                    self.pass(mark.len());
                }
                Some(_) | None => return Ok(separated),
            }
        }
    }

    pub(super) fn take(&mut self) {
        if let (Some(record), Some(byte)) = (&mut self.record, self.block.get(self.from)) {
            record.add(std::slice::from_ref(byte));
        }
        self.from += 1;
        self.at += 1;
    }

    /// Begins to keep what is taken.
    pub(super) fn record(&mut self) {
        self.record = Some(Record::default());
    }

    /// What was taken since; `None` when it is longer than an object may be.
    pub(super) fn recorded(&mut self) -> Option<Vec<u8>> {
        self.record.take().filter(|record| !record.over).map(|record| record.bytes)
    }

    pub(super) fn form(&self, what: &'static str) -> FrameError {
        FrameError::Form { at: self.at, what }
    }

    /// Skips white space and returns the byte after it, without taking it.
    pub(super) fn peek_solid(&mut self, what: &'static str) -> Result<u8, FrameError> {
        loop {
            match self.peek()? {
                Some(b' ' | b'\t' | b'\r' | b'\n') => self.take(),
                Some(byte) => return Ok(byte),
                None => return Err(FrameError::Truncated { at: self.at, what }),
            }
        }
    }

    /// Skips white space, and says whether this byte follows it.
    pub(super) fn is_followed_by(&mut self, byte: u8) -> Result<bool, FrameError> {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.peek()? {
            self.take();
        }
        Ok(self.peek()? == Some(byte))
    }

    /// Takes a byte that the outer object must have here; `otherwise` is the message.
    pub(super) fn expect(&mut self, byte: u8, otherwise: &'static str) -> Result<(), FrameError> {
        if self.peek_solid("the outer object")? != byte {
            return Err(self.form(otherwise));
        }
        self.take();
        Ok(())
    }

    /// Checks that only white space follows.
    pub(super) fn end(&mut self) -> Result<(), FrameError> {
        while let Some(byte) = self.peek()? {
            if !matches!(byte, b' ' | b'\t' | b'\r' | b'\n') {
                return Err(self.form("there is something after the end of the outer object"));
            }
            self.take();
        }
        Ok(())
    }

    /// Takes the bytes of one value, at most `most`: up to its closing bracket, its closing quote,
    /// or the next delimiter.
    pub(super) fn value(&mut self, what: &'static str, most: usize) -> Result<Vec<u8>, FrameError> {
        let mut scan = Scan::default();
        let mut out = Vec::new();
        loop {
            if self.peek()?.is_none() {
                return Err(FrameError::Truncated { at: self.at, what });
            }
            let block = self.block.get(self.from..).unwrap_or_default();
            let (used, ended) = scan.run(block);
            let taken = block.get(..used).unwrap_or_default();
            if out.len() + taken.len() > most {
                let at = self.at + (most - out.len()) as u64;
                return Err(FrameError::TooLong { at, what, most });
            }
            out.extend_from_slice(taken);
            if let Some(record) = &mut self.record {
                record.add(taken);
            }
            self.from += used;
            self.at += used as u64;
            if ended {
                break;
            }
        }
        if out.is_empty() {
            return Err(self.form("expected a value"));
        }
        Ok(out)
    }
}

/// Whether a line is one value and nothing else, by its brackets and quotes.
pub(super) fn is_whole(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    let (used, ended) = Scan::default().run(line);
    ended && used == line.len()
}

/// Finds the end of a value without checking that it is valid.
#[derive(Default)]
struct Scan {
    depth: usize,
    in_text: bool,
    escaped: bool,
}

#[derive(PartialEq)]
enum ScanStep {
    Go,
    EndHere,
    EndBefore,
}

impl Scan {
    /// The number of these bytes that belong to the value, and whether it ends with them.
    fn run(&mut self, bytes: &[u8]) -> (usize, bool) {
        let mut at = 0;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            if self.in_text && !self.escaped {
                // Most of an object is text: skip to what could end it.
                match memchr::memchr2(b'"', b'\\', rest) {
                    Some(skipped) => at += skipped,
                    None => break,
                }
            }
            let Some(byte) = bytes.get(at) else { break };
            match self.step(*byte) {
                ScanStep::Go => at += 1,
                ScanStep::EndHere => return (at + 1, true),
                ScanStep::EndBefore => return (at, true),
            }
        }
        (bytes.len(), false)
    }

    fn step(&mut self, byte: u8) -> ScanStep {
        if self.in_text {
            return self.step_in_text(byte);
        }
        match byte {
            b'"' => self.in_text = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' if self.depth == 0 => return ScanStep::EndBefore,
            b'}' | b']' => {
                self.depth -= 1;
                if self.depth == 0 {
                    return ScanStep::EndHere;
                }
            }
            b',' | b':' | b' ' | b'\t' | b'\r' | b'\n' if self.depth == 0 => {
                return ScanStep::EndBefore;
            }
            _ => {}
        }
        ScanStep::Go
    }

    fn step_in_text(&mut self, byte: u8) -> ScanStep {
        match byte {
            _ if self.escaped => self.escaped = false,
            b'\\' => self.escaped = true,
            b'"' => {
                self.in_text = false;
                if self.depth == 0 {
                    return ScanStep::EndHere;
                }
            }
            _ => {}
        }
        ScanStep::Go
    }
}
