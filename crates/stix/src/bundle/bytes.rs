//! The bytes of a frame. Values are found by their brackets and quotes, without parsing them.

use super::FrameError;
use std::io::Read;

/// The number of bytes read from the input at a time.
const BLOCK: usize = 64 << 10;

/// A reader that holds one block of the input.
pub(super) struct Bytes<R> {
    input: R,
    block: Vec<u8>,
    from: usize,
    /// The offset of the next byte in the input.
    pub(super) at: u64,
}

impl<R: Read> Bytes<R> {
    pub(super) fn new(input: R) -> Bytes<R> {
        Bytes { input, block: Vec::new(), from: 0, at: 0 }
    }

    pub(super) fn peek(&mut self) -> Result<Option<u8>, FrameError> {
        if self.from == self.block.len() {
            self.block.resize(BLOCK, 0);
            self.from = 0;
            let got = loop {
                match self.input.read(&mut self.block) {
                    Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
                    other => break other,
                }
            };
            self.block.truncate(*got.as_ref().unwrap_or(&0));
            got?;
        }
        Ok(self.block.get(self.from).copied())
    }

    pub(super) fn take(&mut self) {
        self.from += 1;
        self.at += 1;
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
