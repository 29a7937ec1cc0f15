//! Tables and plain lines. A row begins on a line of its own; a field in quotes may go over several.
//!
//! Lines that begin with a sign of comments are comments. They are kept, and a header may stand in one:
//! the reader of the crate `csv` passes over them in silence.

use crate::bounds::{MAX_COLUMNS, MAX_QUOTED_LINES};
use crate::comments::Comments;
use crate::lines::{Line, Lines};
use crate::refused::Refused;
use crate::row::{Next, Row};
use crate::{time, value};
use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use forewarn_stix::loss::Losses;
use std::io::Read;

/// Lines that are looked at to know the separator and the header.
const LOOKED_AT: usize = 50;

/// Signs that separate columns, the likeliest first.
pub(crate) const SEPARATORS: &[char] = &[',', '\t', ';', '|'];

pub(crate) struct Table<R> {
    lines: Lines<R>,
    /// Between the columns; of plain lines none.
    separator: Option<char>,
    /// The names of the columns: their numbers where there is no header.
    pub(crate) names: Vec<String>,
    /// The line that the header stands in.
    header: Option<u64>,
    pub(crate) comments: Comments,
    quoted: Reader,
    out: Vec<u8>,
    ends: Vec<usize>,
}

impl<R: Read> Table<R> {
    pub(crate) fn open(input: R, has_columns: bool) -> Result<Table<R>, Refused> {
        let mut lines = Lines::new(input);
        let mut start = Vec::new();
        while start.len() < LOOKED_AT {
            let Some(line) = lines.read()? else { break };
            start.push(line);
        }
        let texts: Vec<(u64, &str)> = start
            .iter()
            .filter_map(|line| match line {
                Line::Text(number, text) => Some((*number, text.as_str())),
                Line::Bad(..) => None,
            })
            .collect();
        let separator = if has_columns { separator(&texts) } else { None };
        let delimiter = separator.and_then(|sign| u8::try_from(sign).ok()).unwrap_or(b',');
        let mut table = Table {
            lines,
            separator,
            names: Vec::new(),
            header: None,
            comments: Comments::default(),
            quoted: ReaderBuilder::new().delimiter(delimiter).build(),
            out: Vec::new(),
            ends: vec![0; MAX_COLUMNS + 1],
        };
        table.find_header(&texts);
        table.lines.give_back(start.into_iter());
        Ok(table)
    }

    /// The header is the first row when nothing in it is a value; or the last comment before it, when
    /// it has as many columns.
    fn find_header(&mut self, texts: &[(u64, &str)]) {
        let mut row = Row::default();
        let mut comment = None;
        for (number, text) in texts.iter().filter(|(_, text)| !text.trim().is_empty()) {
            if self.is_comment(text) {
                comment = Some((*number, *text));
                continue;
            }
            row.clear(*number);
            if !self.split(text, &mut row) || row.len() == 0 {
                return;
            }
            let width = row.len();
            self.names = (1..=width).map(|n| n.to_string()).collect();
            if self.separator.is_none() {
                // What stands after a value on its line is a comment.
                let name = names(&row).filter(|_| width == 1).and_then(|mut one| one.pop());
                self.header = name.as_ref().map(|_| *number);
                self.names = vec![name.unwrap_or_else(|| "1".to_owned()), "comment".to_owned()];
                return;
            }
            let (mut named, mut line) = (names(&row), *number);
            if let (None, Some((at, text))) = (&named, comment) {
                row.clear(at);
                let bare = text.trim_start_matches(['#', ';', '/', '!']).trim();
                let whole = self.split(bare, &mut row) && row.len() == width && width > 1;
                (named, line) = (names(&row).filter(|_| whole), at);
            }
            if let Some(named) = named {
                (self.names, self.header) = (named, Some(line));
            }
            return;
        }
    }

    fn is_comment(&self, text: &str) -> bool {
        is_comment(text, self.separator)
    }

    /// Reads the next row.
    pub(crate) fn read(&mut self, row: &mut Row, lost: &mut Losses) -> Result<Next, Refused> {
        loop {
            let (number, text) = match self.lines.read()? {
                None => return Ok(Next::End),
                Some(Line::Bad(number, why)) => {
                    return Ok(Next::Bad(format!("line {number}"), why));
                }
                Some(Line::Text(number, text)) => (number, text),
            };
            if text.trim().is_empty() || self.header == Some(number) {
                continue;
            }
            if self.is_comment(&text) {
                self.comments.add(number, &text, lost)?;
                continue;
            }
            self.comments.is_late = true;
            row.clear(number);
            let text = match self.whole(number, text)? {
                Ok(text) => text,
                Err(why) => return Ok(Next::Bad(format!("line {number}"), why)),
            };
            if !self.split(&text, row) {
                let why = format!("has more than {MAX_COLUMNS} columns");
                return Ok(Next::Bad(format!("line {number}"), why));
            }
            if row.len() > self.names.len() {
                let why = format!("has {} columns; the list has {}", row.len(), self.names.len());
                return Ok(Next::Bad(format!("line {number}"), why));
            }
            return Ok(Next::Row);
        }
    }

    /// A row to its end: a field in quotes may hold ends of lines. What is never closed is given back.
    fn whole(&mut self, number: u64, text: String) -> Result<Result<String, String>, Refused> {
        let Some(separator) = self.separator else { return Ok(Ok(text)) };
        if !text.contains('"') || !is_open(&text, separator) {
            return Ok(Ok(text));
        }
        let (mut whole, mut taken) = (text, Vec::new());
        while taken.len() < MAX_QUOTED_LINES {
            let Some(line) = self.lines.read()? else { break };
            let Line::Text(_, more) = &line else {
                taken.push(line);
                break;
            };
            whole.push('\n');
            whole.push_str(more);
            taken.push(line);
            if !is_open(&whole, separator) {
                return Ok(Ok(whole));
            }
        }
        self.lines.give_back(taken.into_iter());
        Ok(Err(format!("a quote that opens in line {number} is not closed")))
    }

    /// Splits a line into fields. Says whether it has few enough.
    fn split(&mut self, text: &str, row: &mut Row) -> bool {
        let Some(separator) = self.separator else {
            plain(text, row);
            return true;
        };
        if !text.contains('"') {
            for (column, field) in text.split(separator).enumerate() {
                if column >= MAX_COLUMNS {
                    return false;
                }
                row.push(column, field);
            }
            return true;
        }
        self.quoted.reset();
        self.out.resize(text.len().max(self.out.len()), 0);
        let (mut input, mut filled, mut count) = (text.as_bytes(), 0, 0);
        loop {
            let (out, ends) = (self.out.get_mut(filled..), self.ends.get_mut(count..));
            let (out, ends) = (out.unwrap_or_default(), ends.unwrap_or_default());
            let (result, read, written, ended) = self.quoted.read_record(input, out, ends);
            input = input.get(read..).unwrap_or_default();
            (filled, count) = (filled + written, count + ended);
            match result {
                // Once more, with nothing: the end.
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::Record | ReadRecordResult::End => break,
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => return false,
            }
        }
        let mut start = 0;
        for (column, end) in self.ends.iter().take(count).enumerate() {
            let field = self.out.get(start..*end).unwrap_or_default();
            row.push(column, std::str::from_utf8(field).unwrap_or_default());
            start = *end;
        }
        count <= MAX_COLUMNS
    }
}

/// A plain line: a value, and a comment after it perhaps.
fn plain(text: &str, row: &mut Row) {
    let text = text.trim();
    let comment = [" #", "\t#", " //", " ;"].iter().filter_map(|sign| text.find(sign)).min();
    let (value, comment) = text.split_at_checked(comment.unwrap_or(text.len())).unwrap_or_default();
    row.push(0, value.trim_end());
    let comment = comment.trim_start_matches([' ', '\t', '#', '/', ';']);
    if !comment.is_empty() {
        row.push(1, comment);
    }
}

/// Whether a line is a comment. Where columns are between semicolons, a space follows the sign.
fn is_comment(text: &str, separator: Option<char>) -> bool {
    let text = text.trim_start();
    match separator {
        Some(';') => text.starts_with('#') || text.starts_with("; ") || text == ";",
        _ => text.starts_with(['#', ';', '!']) || text.starts_with("//"),
    }
}

/// The separator that gives most rows the same number of columns, two or more.
pub(crate) fn separator(texts: &[(u64, &str)]) -> Option<char> {
    let of = |sign: char| {
        let rows = texts.iter().map(|(_, text)| *text);
        let rows = rows.filter(|text| !text.trim().is_empty() && !is_comment(text, Some(sign)));
        let widths: Vec<usize> = rows.map(|text| width(text, sign)).collect();
        let same = |width: usize| widths.iter().filter(|other| **other == width).count();
        let usual = widths.iter().copied().max_by_key(|width| (same(*width), *width))?;
        (usual > 1 && same(usual) * 3 >= widths.len() * 2).then_some((usual, sign))
    };
    let found = SEPARATORS.iter().rev().filter_map(|sign| of(*sign));
    found.max_by_key(|(width, _)| *width).map(|(_, sign)| sign)
}

/// How many columns a line has; separators in quotes are none.
fn width(text: &str, separator: char) -> usize {
    let mut quoted = false;
    let is_end = |c: char| {
        quoted ^= c == '"';
        c == separator && !quoted
    };
    text.split(is_end).count()
}

/// Whether a field in quotes is not closed. A quote inside a field that does not begin with one is a
/// letter like others.
fn is_open(text: &str, separator: char) -> bool {
    let (mut quoted, mut at_start) = (false, true);
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        if quoted {
            // Two of them are one that is meant.
            if c == '"' && letters.next_if_eq(&'"').is_none() {
                quoted = false;
            }
        } else if c == '"' && at_start {
            quoted = true;
        }
        at_start = !quoted && c == separator;
    }
    quoted
}

/// The names of a header; `None` where a field is a value, or two are alike.
fn names(row: &Row) -> Option<Vec<String>> {
    let mut all: Vec<String> = Vec::new();
    for (_, field) in row.fields() {
        let name = field.trim().trim_matches('"').to_owned();
        let is_value = value::by_form(&name).is_some()
            || time::read(&name).is_some()
            || !name.contains(char::is_alphabetic);
        if is_value || name.len() > 100 || all.contains(&name) {
            return None;
        }
        all.push(name);
    }
    // One word alone may be anything; it is a header where it says what a column holds.
    let is_named =
        all.len() > 1 || all.first().is_some_and(|name| crate::kind::Kind::named(name).is_some());
    is_named.then_some(all)
}
