//! Walks a file of events without holding it: records come one by one, in the order of the file.

use crate::bounds::{MAX_EVENTS, MAX_FIELDS, MAX_PARTS, MAX_RECORD_BYTES};
use crate::loss::{Refused, below, shown};
use std::io::Read;

const BLOCK: usize = 64 << 10;

/// Which list of an event a part stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum List {
    Attribute,
    Object,
}

/// Takes what is met on the way.
pub(crate) trait Visit {
    /// Whether the parts are wanted, or only passed over.
    fn wants_parts(&self) -> bool;
    fn begin(&mut self, at: &str) -> Result<(), Refused>;
    fn field(&mut self, key: String, bytes: Vec<u8>) -> Result<(), Refused>;
    /// A list of parts begins.
    fn list(&mut self, list: List);
    fn part(&mut self, list: List, bytes: &[u8], at: String) -> Result<(), Refused>;
    fn end(&mut self) -> Result<(), Refused>;
    /// What stands beside an event, in what it is wrapped in.
    fn beside(&mut self, at: String);
}

/// Walks an event, a list of events, or an answer of a server with events in it.
pub(crate) fn walk<R: Read>(input: R, visit: &mut dyn Visit) -> Result<(), Refused> {
    let mut walk = Walk { scan: Scan::new(input), visit, events: 0, parts: 0 };
    walk.scan.skip_mark()?;
    walk.outer("", 0)?;
    walk.scan.end()
}

struct Walk<'a, R> {
    scan: Scan<R>,
    visit: &'a mut dyn Visit,
    events: usize,
    parts: u64,
}

/// Deepest wrapping: an answer, its list, the wrapping of an event.
const MAX_WRAPPING: usize = 4;

impl<R: Read> Walk<'_, R> {
    fn outer(&mut self, at: &str, depth: usize) -> Result<(), Refused> {
        if depth > MAX_WRAPPING {
            return Err(self.scan.form("events are wrapped too deep"));
        }
        match self.scan.solid()? {
            b'[' => {
                self.scan.take();
                let mut n = 0_usize;
                while self.scan.has_next(b']', n == 0)? {
                    self.outer(&format!("{at}/{n}"), depth + 1)?;
                    n += 1;
                }
                Ok(())
            }
            b'{' => self.object(at, depth),
            _ => Err(self.scan.form("expected an event of MISP, or a list of events")),
        }
    }

    /// An event, or what one is wrapped in: its first key says which.
    fn object(&mut self, at: &str, depth: usize) -> Result<(), Refused> {
        self.scan.take();
        let mut keys: Vec<String> = Vec::new();
        let mut wraps = false;
        let mut is_event = false;
        while self.scan.has_next(b'}', keys.is_empty())? {
            let key = self.scan.key()?;
            if keys.contains(&key) {
                return Err(self.scan.form(format!("the key `{}` occurs twice", shown(&key))));
            }
            if keys.len() >= MAX_FIELDS {
                return Err(self.scan.form(format!("has more than {MAX_FIELDS} fields")));
            }
            keys.push(key.clone());
            let is_wrapping = matches!(key.as_str(), "Event" | "response");
            if is_wrapping && !is_event && matches!(self.scan.solid()?, b'{' | b'[') {
                wraps = true;
                self.outer(&below(at, &key), depth + 1)?;
            } else if wraps {
                self.scan.pass()?;
                self.visit.beside(below(at, &key));
            } else {
                if !is_event {
                    is_event = true;
                    self.begin(at)?;
                }
                self.field(key, at)?;
            }
        }
        if is_event {
            self.visit.end()?;
        } else if !wraps {
            return Err(self.scan.form("is an empty object, and no event of MISP"));
        }
        Ok(())
    }

    fn begin(&mut self, at: &str) -> Result<(), Refused> {
        self.events += 1;
        if self.events > MAX_EVENTS {
            return Err(self.scan.form(format!("has more than {MAX_EVENTS} events")));
        }
        self.visit.begin(at)
    }

    fn field(&mut self, key: String, at: &str) -> Result<(), Refused> {
        let list = match key.as_str() {
            "Attribute" => List::Attribute,
            "Object" => List::Object,
            _ => {
                let bytes = self.scan.value(MAX_RECORD_BYTES, &key)?;
                return self.visit.field(key, bytes);
            }
        };
        if self.scan.solid()? != b'[' {
            let bytes = self.scan.value(MAX_RECORD_BYTES, &key)?;
            return match bytes.as_slice() {
                b"null" | b"{}" => Ok(()),
                _ => Err(Refused::form(below(at, &key), "is not a list")),
            };
        }
        self.scan.take();
        self.visit.list(list);
        let mut bytes = Vec::new();
        let mut n = 0_usize;
        while self.scan.has_next(b']', n == 0)? {
            self.parts += 1;
            if self.parts > MAX_PARTS {
                return Err(self.scan.form(format!("has more than {MAX_PARTS} parts")));
            }
            if self.visit.wants_parts() {
                self.scan.value_into(&mut bytes, MAX_RECORD_BYTES, &key)?;
                self.visit.part(list, &bytes, format!("{at}/{key}/{n}"))?;
                // A long record does not keep its room.
                if bytes.len() > BLOCK {
                    bytes = Vec::new();
                }
            } else {
                self.scan.pass()?;
            }
            n += 1;
        }
        Ok(())
    }
}

/// The bytes of the file. Values are found by their brackets and quotes, without parsing them.
struct Scan<R> {
    input: R,
    block: Vec<u8>,
    from: usize,
    until: usize,
    at: u64,
}

impl<R: Read> Scan<R> {
    fn new(input: R) -> Scan<R> {
        Scan { input, block: vec![0; BLOCK], from: 0, until: 0, at: 0 }
    }

    fn form(&self, why: impl Into<String>) -> Refused {
        let at = self.at + self.from as u64;
        Refused::form(format!("byte {at}"), why)
    }

    fn rest(&self) -> &[u8] {
        self.block.get(self.from..self.until).unwrap_or_default()
    }

    /// Fills the block where it is used up. Says whether there is anything.
    fn fill(&mut self) -> Result<bool, Refused> {
        if self.from < self.until {
            return Ok(true);
        }
        self.at += self.until as u64;
        (self.from, self.until) = (0, 0);
        loop {
            match self.input.read(&mut self.block) {
                Ok(got) => {
                    self.until = got;
                    return Ok(got > 0);
                }
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e.into()),
            }
        }
    }

    fn peek(&mut self) -> Result<Option<u8>, Refused> {
        Ok(if self.fill()? { self.block.get(self.from).copied() } else { None })
    }

    fn take(&mut self) {
        self.from += 1;
    }

    fn skip_mark(&mut self) -> Result<(), Refused> {
        for expected in *b"\xef\xbb\xbf" {
            if self.peek()? != Some(expected) {
                return Ok(());
            }
            self.take();
        }
        Ok(())
    }

    /// The next byte that is no white space.
    fn solid(&mut self) -> Result<u8, Refused> {
        while let Some(next) = self.peek()? {
            if !matches!(next, b' ' | b'\n' | b'\r' | b'\t') {
                return Ok(next);
            }
            self.take();
        }
        Err(self.form("ends too early: it was cut off"))
    }

    fn end(&mut self) -> Result<(), Refused> {
        while let Some(next) = self.peek()? {
            if !matches!(next, b' ' | b'\n' | b'\r' | b'\t') {
                return Err(self.form("goes on after its end"));
            }
            self.take();
        }
        Ok(())
    }

    /// Whether a list or an object goes on. Takes the comma, or the end.
    fn has_next(&mut self, end: u8, first: bool) -> Result<bool, Refused> {
        let next = self.solid()?;
        if next == end {
            self.take();
            return Ok(false);
        }
        if !first {
            if next != b',' {
                return Err(self.form("expected a comma, or an end"));
            }
            self.take();
            if self.solid()? == end {
                return Err(self.form("expected a value after a comma"));
            }
        }
        Ok(true)
    }

    fn key(&mut self) -> Result<String, Refused> {
        let bytes = self.value(1 << 10, "a key")?;
        let Ok(key) = serde_json::from_slice(&bytes) else {
            return Err(self.form("expected a key in quotes"));
        };
        if self.solid()? != b':' {
            return Err(self.form("expected a colon after a key"));
        }
        self.take();
        Ok(key)
    }

    /// The bytes of the next value.
    fn value(&mut self, most: usize, what: &str) -> Result<Vec<u8>, Refused> {
        let mut bytes = Vec::new();
        self.value_into(&mut bytes, most, what).map(|()| bytes)
    }

    fn value_into(&mut self, bytes: &mut Vec<u8>, most: usize, what: &str) -> Result<(), Refused> {
        bytes.clear();
        self.through(&mut |more| {
            bytes.extend_from_slice(more);
            bytes.len() <= most
        })
        .map_err(|why| match why {
            Refused::Form { at, why } if why.is_empty() => {
                Refused::form(at, format!("`{}` is longer than {most} bytes", shown(what)))
            }
            why => why,
        })
    }

    fn pass(&mut self) -> Result<(), Refused> {
        self.through(&mut |_| true)
    }

    /// Goes through the next value, and gives its bytes piece by piece, until they are too many.
    fn through(&mut self, each: &mut dyn FnMut(&[u8]) -> bool) -> Result<(), Refused> {
        self.solid()?;
        let mut state = Reading::default();
        loop {
            if !self.fill()? {
                if state.is_single && state.depth == 0 {
                    return Ok(());
                }
                return Err(self.form("ends too early: it was cut off"));
            }
            let (used, done) = state.go(self.rest());
            if !each(self.rest().get(..used).unwrap_or_default()) {
                return Err(self.form(""));
            }
            self.from += used;
            if done {
                return Ok(());
            }
        }
    }
}

/// How far into a value a scan is.
#[derive(Default)]
struct Reading {
    depth: usize,
    in_text: bool,
    escaped: bool,
    /// A number or a word: it ends where something else begins.
    is_single: bool,
}

impl Reading {
    /// How many of the bytes belong to the value, and whether it ends there.
    fn go(&mut self, bytes: &[u8]) -> (usize, bool) {
        let mut n = 0;
        while let Some(byte) = bytes.get(n) {
            if self.in_text {
                if self.escaped {
                    self.escaped = false;
                    n += 1;
                    continue;
                }
                let rest = bytes.get(n..).unwrap_or_default();
                let Some(more) = memchr::memchr2(b'"', b'\\', rest) else {
                    return (bytes.len(), false);
                };
                n += more + 1;
                if rest.get(more) == Some(&b'\\') {
                    self.escaped = true;
                } else {
                    self.in_text = false;
                    if self.depth == 0 {
                        return (n, true);
                    }
                }
                continue;
            }
            match byte {
                b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t' | b':'
                    if self.is_single && self.depth == 0 =>
                {
                    return (n, true);
                }
                b'"' => self.in_text = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return (n + 1, true);
                    }
                }
                _ if self.depth == 0 => self.is_single = true,
                _ => {}
            }
            n += 1;
        }
        (n, false)
    }
}
