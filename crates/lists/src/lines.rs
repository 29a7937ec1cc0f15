//! Lines of a file, each bounded, with its number.

use crate::bounds::{MAX_ROW_BYTES, shown};
use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Read};

/// What comes next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Line {
    /// A line, without its end.
    Text(u64, String),
    /// One that cannot be read: why.
    Bad(u64, String),
}

pub(crate) struct Lines<R> {
    input: BufReader<R>,
    number: u64,
    /// Those that were looked at already.
    waiting: VecDeque<Line>,
}

impl<R: Read> Lines<R> {
    pub(crate) fn new(input: R) -> Lines<R> {
        Lines {
            input: BufReader::with_capacity(64 << 10, input),
            number: 0,
            waiting: VecDeque::new(),
        }
    }

    /// The next line; `None` after the last.
    pub(crate) fn read(&mut self) -> io::Result<Option<Line>> {
        match self.waiting.pop_front() {
            Some(line) => Ok(Some(line)),
            None => self.read_new(),
        }
    }

    /// Gives lines back, which come first then.
    pub(crate) fn give_back(&mut self, lines: impl DoubleEndedIterator<Item = Line>) {
        lines.rev().for_each(|line| self.waiting.push_front(line));
    }

    fn read_new(&mut self) -> io::Result<Option<Line>> {
        let mut bytes = Vec::new();
        let most = MAX_ROW_BYTES as u64 + 1;
        if self.input.by_ref().take(most).read_until(b'\n', &mut bytes)? == 0 {
            return Ok(None);
        }
        self.number += 1;
        if bytes.last() != Some(&b'\n') && bytes.len() as u64 == most {
            self.skip_line()?;
            let why = format!("is longer than {MAX_ROW_BYTES} bytes");
            return Ok(Some(Line::Bad(self.number, why)));
        }
        while matches!(bytes.last(), Some(b'\n' | b'\r')) {
            bytes.pop();
        }
        if self.number == 1 && bytes.starts_with(b"\xef\xbb\xbf") {
            bytes.drain(..3);
        }
        Ok(Some(match String::from_utf8(bytes) {
            Ok(text) => Line::Text(self.number, text),
            Err(bad) => {
                let text = String::from_utf8_lossy(bad.as_bytes()).into_owned();
                Line::Bad(self.number, format!("is not UTF-8: `{}`", shown(&text)))
            }
        }))
    }

    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let block = self.input.fill_buf()?;
            if block.is_empty() {
                return Ok(());
            }
            let end = block.iter().position(|b| *b == b'\n');
            let length = end.map_or(block.len(), |end| end + 1);
            self.input.consume(length);
            if end.is_some() {
                return Ok(());
            }
        }
    }
}
