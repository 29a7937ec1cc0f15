//! Documents as people send them, turned into text: plain text in any encoding, HTML, e-mail, docx, odt,
//! RTF, PDF, and archives of these. Each part of the text says where it stood. What a document is, its bytes say;
//! its name does not. Everything is bounded: a document that unpacks to more is refused.

#![warn(missing_docs)]

mod archive;
mod bounds;
mod html;
mod kind;
mod mail;
mod office;
mod pdf;
mod plain;
mod rtf;
mod unwrapped;

pub use bounds::{MAX_BYTES, MAX_DEPTH, MAX_TEXT};
pub use kind::Kind;

use bounds::Room;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::ops::Range;

/// A document as text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// What it is.
    pub kind: Kind,
    /// Its text, of all parts.
    pub text: String,
    /// What it is called, where it says so.
    pub title: Option<String>,
    /// Who has written it, where it says so.
    pub author: Option<String>,
    /// When it was written, as it says so.
    pub written: Option<String>,
    /// When it was changed last, as it says so.
    pub changed: Option<String>,
    /// The parts that the text is made of, in their order.
    pub parts: Vec<Part>,
    /// What in it could not be read, in words.
    pub unread: Vec<String>,
}

/// A part of a document's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Where it stood, from the outermost: `report.zip`'s `mail.eml`, its `body`.
    pub place: Vec<String>,
    /// What it is in its document.
    pub role: Role,
    /// Which bytes of the text.
    pub span: Range<usize>,
}

/// What a part is in its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// What its writer says.
    Body,
    /// What somebody else said before, and is repeated.
    Quoted,
    /// The way around the text: menus, heads and feet of pages.
    Around,
}

/// Why a document is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Refused {
    /// It is larger than is read.
    #[error("it has {0} bytes; at most {MAX_BYTES} are read")]
    Large(usize),
    /// It unpacks to more than is read.
    #[error("{0} unpacks to more than is read")]
    Unpacked(String),
    /// It is no document of a kind that is read.
    #[error("it is {0}, which is not read")]
    Unknown(Cow<'static, str>),
    /// It is broken.
    #[error("it looks like {0}, and cannot be read as that: {1}")]
    Broken(Kind, String),
    /// It is a PDF that opens with a password only.
    #[error("it is a PDF that is encrypted; take in a copy of it that opens without a password")]
    Locked,
    /// It is a PDF with pictures in the place of text: how many pages it has.
    #[error(
        "it is a scan: its pages ({0}) are pictures without text; take in what they say as a text"
    )]
    Scan(usize),
    /// Its reader was stopped: what it is, and why.
    #[error("it is {0}; reading it was given up: {1}")]
    GivenUp(Kind, String),
    /// It has no words.
    #[error("it is {0}, and has no text")]
    Empty(Kind),
}

/// Whether PDFs are read, wherever they stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pdfs {
    /// They are: only in a process that may be ended.
    Read,
    /// They are named as not read, with this reason.
    Left(String),
}

/// What a document is.
///
/// # Errors
/// It is of a kind that is not read, or too large.
pub fn kind(bytes: &[u8]) -> Result<Kind, Refused> {
    if bytes.len() > MAX_BYTES {
        return Err(Refused::Large(bytes.len()));
    }
    kind::of(bytes)
}

/// Reads a document.
///
/// # Errors
/// It is too large, unpacks to too much, is of a kind that is not read, broken, or without words.
pub fn read(bytes: &[u8], pdfs: Pdfs) -> Result<Document, Refused> {
    if bytes.len() > MAX_BYTES {
        return Err(Refused::Large(bytes.len()));
    }
    let mut room = Room::new(pdfs);
    let document = read_within(bytes, &mut room, 0)?;
    if document.text.trim().is_empty() {
        return Err(Refused::Empty(document.kind));
    }
    Ok(document)
}

fn read_within(bytes: &[u8], room: &mut Room, depth: usize) -> Result<Document, Refused> {
    let kind = kind::of(bytes)?;
    match kind {
        Kind::Text => plain::read(bytes, room),
        Kind::Html => html::read(bytes, room),
        Kind::Mail => mail::read(bytes, room, depth),
        Kind::Docx | Kind::Odt => office::read(bytes, kind, room),
        Kind::Rtf => rtf::read(bytes, room),
        Kind::Pdf => match room.pdfs() {
            Pdfs::Read => pdf::read(bytes, room),
            Pdfs::Left(why) => Err(Refused::GivenUp(Kind::Pdf, why.clone())),
        },
        Kind::Archive => archive::read(bytes, room, depth),
    }
}

impl Document {
    /// Its text, with its title before it where the text does not begin with that.
    pub fn with_title(&self) -> String {
        let title = self.title.as_deref().unwrap_or_default().trim();
        if title.is_empty() || self.text.trim_start().starts_with(title) {
            return self.text.clone();
        }
        format!("{title}\n\n{}", self.text)
    }

    /// Whether its parts stand in its text, one after another: asked of one that another process made.
    pub fn is_whole(&self) -> bool {
        let mut last = 0;
        self.text.len() <= MAX_TEXT
            && self.parts.iter().all(|part| {
                let follows = part.span.start >= last;
                last = part.span.end;
                follows && self.text.get(part.span.clone()).is_some()
            })
    }

    fn new(kind: Kind) -> Document {
        Document {
            kind,
            text: String::new(),
            title: None,
            author: None,
            written: None,
            changed: None,
            parts: Vec::new(),
            unread: Vec::new(),
        }
    }

    /// Adds a part of its own.
    fn add(&mut self, role: Role, text: &str, room: &mut Room) -> Result<(), Refused> {
        self.add_at(Vec::new(), role, text, room)
    }

    fn add_at(
        &mut self,
        place: Vec<String>,
        role: Role,
        text: &str,
        room: &mut Room,
    ) -> Result<(), Refused> {
        let text = text.trim_matches('\n');
        if text.trim().is_empty() {
            return Ok(());
        }
        room.take_text(text.len() + 2)?;
        if !self.text.is_empty() {
            self.text.push_str("\n\n");
        }
        let start = self.text.len();
        self.text.push_str(text);
        self.parts.push(Part { place, role, span: start..self.text.len() });
        Ok(())
    }

    /// Adds the parts of a document that stood in this one, or what was wrong with it.
    fn add_inner(&mut self, name: &str, read: Result<Document, Refused>) -> Result<(), Refused> {
        let inner = match read {
            Ok(inner) => inner,
            Err(full @ (Refused::Unpacked(_) | Refused::Large(_))) => return Err(full),
            Err(other) => {
                self.unread.push(format!("{name}: {other}"));
                return Ok(());
            }
        };
        for part in inner.parts {
            let text = inner.text.get(part.span).unwrap_or_default();
            if !self.text.is_empty() {
                self.text.push_str("\n\n");
            }
            let start = self.text.len();
            self.text.push_str(text);
            let place = std::iter::once(name.to_owned()).chain(part.place).collect();
            self.parts.push(Part { place, role: part.role, span: start..self.text.len() });
        }
        self.unread.extend(inner.unread.into_iter().map(|why| format!("{name}, {why}")));
        Ok(())
    }
}

#[cfg(test)]
mod tests;
