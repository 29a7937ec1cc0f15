//! What a document is, by its bytes.

use crate::Refused;
use std::fmt;

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Kind {
    /// Text, Markdown too.
    Text,
    /// A page.
    Html,
    /// An e-mail with its attachments (RFC 5322).
    Mail,
    /// Office Open XML (ISO/IEC 29500).
    Docx,
    /// OpenDocument text (ISO/IEC 26300).
    Odt,
    /// Rich Text Format 1.9.1.
    Rtf,
    /// PDF (ISO 32000).
    Pdf,
    /// A ZIP of other documents.
    Archive,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Text => "a text",
            Kind::Html => "a page of HTML",
            Kind::Mail => "an e-mail",
            Kind::Docx => "a document of Word",
            Kind::Odt => "an OpenDocument text",
            Kind::Rtf => "a document in RTF",
            Kind::Pdf => "a PDF",
            Kind::Archive => "a ZIP archive",
        })
    }
}

/// How many bytes of the beginning are looked at.
const BEGINNING: usize = 4 << 10;

/// Beginnings of files that are known and not read, with what they are.
const NOT_READ: &[(&[u8], &str)] = &[
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a document of Office before 2007"),
    (b"\x89PNG\r\n", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a gzip file"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
];

/// Fields with which e-mails begin.
const FIELDS: &[&str] = &[
    "received:",
    "return-path:",
    "delivered-to:",
    "from:",
    "to:",
    "subject:",
    "date:",
    "message-id:",
    "mime-version:",
    "reply-to:",
    "x-",
    "dkim-signature:",
    "arc-seal:",
    "cc:",
    "content-type:",
];

pub(crate) fn of(bytes: &[u8]) -> Result<Kind, Refused> {
    if bytes.starts_with(b"PK\x03\x04") {
        return Ok(crate::archive::kind(bytes));
    }
    let found = NOT_READ.iter().find(|(begins, _)| bytes.starts_with(begins));
    if let Some((_, what)) = found {
        return Err(Refused::Unknown((*what).into()));
    }
    if bytes.starts_with(b"{\\rtf") {
        return Ok(Kind::Rtf);
    }
    if is_pdf(bytes) {
        return Ok(Kind::Pdf);
    }
    let beginning = String::from_utf8_lossy(bytes.get(..BEGINNING).unwrap_or(bytes)).to_lowercase();
    let beginning = beginning.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    if is_mail(beginning) {
        return Ok(Kind::Mail);
    }
    let is_page =
        ["<!doctype html", "<html", "<head", "<body", "<!--", "<meta", "<div", "<p>", "<table"];
    if is_page.iter().any(|tag| beginning.starts_with(tag))
        || beginning.starts_with("<?xml") && beginning.contains("<html")
    {
        return Ok(Kind::Html);
    }
    let controls = bytes.get(..BEGINNING).unwrap_or(bytes).iter().filter(|byte| **byte < 9).count();
    let wide = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    if controls > 8 && !wide && !looks_wide(bytes) {
        return Err(Refused::Unknown("no text".into()));
    }
    Ok(Kind::Text)
}

/// Whether a PDF begins here, or after bytes that are no text: readers look for its header in the first
/// thousand.
fn is_pdf(bytes: &[u8]) -> bool {
    let beginning = bytes.get(..1_024).unwrap_or(bytes);
    let Some(at) = beginning.windows(5).position(|part| part == b"%PDF-") else { return false };
    let before = beginning.get(..at).unwrap_or_default();
    let is_blank = |b: &u8| b.is_ascii_whitespace() || [0, 0xef, 0xbb, 0xbf].contains(b);
    before.iter().all(is_blank) || before.iter().any(|byte| *byte < 9)
}

/// Whether every other byte is nothing, as in UTF-16 of Latin letters.
pub(crate) fn looks_wide(bytes: &[u8]) -> bool {
    let some = bytes.get(..BEGINNING).unwrap_or(bytes);
    let zeros = |from: usize| some.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let half = some.len() / 2;
    half > 4 && (zeros(0) * 10 > half * 6 || zeros(1) * 10 > half * 6)
}

/// Whether a text begins with fields of an e-mail: at least two that are known, before an empty line.
fn is_mail(beginning: &str) -> bool {
    let mut known = 0;
    for line in beginning.lines() {
        if line.is_empty() {
            break;
        }
        if line.starts_with([' ', '\t']) || line.starts_with("from ") {
            continue;
        }
        let is_field = line.split_once(':').is_some_and(|(name, _)| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic())
        });
        if !is_field {
            return false;
        }
        known += usize::from(FIELDS.iter().any(|field| line.starts_with(field)));
    }
    let strong = ["received:", "message-id:", "mime-version:", "return-path:", "delivered-to:"];
    let is_strong = beginning
        .lines()
        .take_while(|line| !line.is_empty())
        .any(|line| strong.iter().any(|field| line.starts_with(field)));
    known >= 2 && (is_strong || known >= 3)
}
