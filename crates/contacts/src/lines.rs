//! Lines of a file of any length, each within a bound.

use std::io::{self, BufRead};

/// Longest line that is read. What is longer is cut: registries have none of a thousandth of it.
const MAX_LINE_BYTES: usize = 64 << 10;

pub(crate) struct Lines<'a> {
    input: Box<dyn BufRead + 'a>,
    number: u64,
    bytes: Vec<u8>,
}

impl<'a> Lines<'a> {
    pub(crate) fn of(input: Box<dyn BufRead + 'a>) -> Lines<'a> {
        Lines { input, number: 0, bytes: Vec::new() }
    }

    /// The next line with its number, without its end. Bytes that are no UTF-8, as Latin-1: older
    /// dumps have that.
    pub(crate) fn next_line(&mut self) -> io::Result<Option<(u64, String)>> {
        self.bytes.clear();
        let mut any = false;
        loop {
            let block = self.input.fill_buf()?;
            if block.is_empty() {
                break;
            }
            any = true;
            let end = block.iter().position(|byte| *byte == b'\n');
            let used = end.map_or(block.len(), |at| at + 1);
            let room = MAX_LINE_BYTES.saturating_sub(self.bytes.len());
            let taken = block.get(..used.min(room)).unwrap_or_default();
            self.bytes.extend_from_slice(taken);
            self.input.consume(used);
            if end.is_some() {
                break;
            }
        }
        if !any {
            return Ok(None);
        }
        self.number += 1;
        while self.bytes.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
            self.bytes.pop();
        }
        let text = match std::str::from_utf8(&self.bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => self.bytes.iter().map(|byte| char::from(*byte)).collect(),
        };
        Ok(Some((self.number, text)))
    }
}
