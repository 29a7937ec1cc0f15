//! What an input is, by its first bytes. What is not read here is known by its name, so that nobody
//! takes it for a text.
//!
//! A text stays a text unless it is surely something else. What begins with `<` or `{` is looked at
//! further: an angle bracket around a word, or a brace around a marking, begins a text like any
//! other. A table needs rows with the same number of fields, and prose with commas has none.

use forewarn_stix::StixId;
use forewarn_stix::unicode::{self, Encoding};
use std::fmt;

/// What a body is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// STIX objects: a bundle, a TAXII envelope, a list, lines, or one object.
    Stix,
    /// Free text in UTF-8, or in UTF-16 with its mark.
    Text,
    /// A MISP event.
    Misp,
    /// A document that people send: its text is taken in, and it is kept as it came.
    Document,
}

/// What is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Foreign {
    /// A PDF document.
    Pdf,
    /// A web page.
    Html,
    /// A message with its header.
    Email,
    /// An archive or a compressed file: which.
    Archive(&'static str),
    /// A document of an office suite, in a zip archive.
    Office,
    /// A document or message in Microsoft's container.
    OldOffice,
    /// Rich text.
    Rtf,
    /// STIX 1.
    Stix1,
    /// XML of another kind.
    Xml,
    /// The manifest of a MISP feed.
    MispFeed,
    /// Rows of fields.
    Csv,
    /// One JSON value that is no object: which.
    Scalar(&'static str),
    /// A book of web pages, in a zip archive.
    Epub,
    /// An image: of which kind.
    Image(&'static str),
    /// Bytes that are not text, of no kind that is known here.
    Binary,
}

impl Foreign {
    /// Whether it is a document, whose text is read where people bring it.
    pub fn is_document(self) -> bool {
        match self {
            Foreign::Html
            | Foreign::Email
            | Foreign::Office
            | Foreign::Pdf
            | Foreign::Rtf
            | Foreign::Archive("a zip archive") => true,
            Foreign::Archive(_)
            | Foreign::OldOffice
            | Foreign::Stix1
            | Foreign::Xml
            | Foreign::MispFeed
            | Foreign::Csv
            | Foreign::Scalar(_)
            | Foreign::Epub
            | Foreign::Image(_)
            | Foreign::Binary => false,
        }
    }

    /// Whether it is made of characters, so that a person may say that it is a text all the same.
    pub fn is_of_characters(self) -> bool {
        match self {
            Foreign::Html
            | Foreign::Email
            | Foreign::Rtf
            | Foreign::Stix1
            | Foreign::Xml
            | Foreign::MispFeed
            | Foreign::Csv
            | Foreign::Scalar(_) => true,
            Foreign::Pdf
            | Foreign::Archive(_)
            | Foreign::Office
            | Foreign::OldOffice
            | Foreign::Epub
            | Foreign::Image(_)
            | Foreign::Binary => false,
        }
    }
}

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, advice) = match self {
            Foreign::Pdf => ("a PDF document", "take it in by `forewarn intake`"),
            Foreign::Html => ("a web page (HTML)", "take in its text"),
            Foreign::Email => ("an e-mail message", "take in its text"),
            Foreign::Archive(kind) => {
                return write!(
                    f,
                    "it is {kind}, which is not opened; unpack it, and take in what is in it"
                );
            }
            Foreign::Office => ("an Office document", "save it as plain text, and take that in"),
            Foreign::OldOffice => (
                "an Office document or Outlook message (OLE)",
                "save it as plain text, and take that in",
            ),
            Foreign::Rtf => ("rich text (RTF)", "take it in by `forewarn intake`"),
            Foreign::Stix1 => {
                ("STIX 1 (XML)", "convert it to STIX 2.1, for example with stix2-elevator")
            }
            Foreign::Xml => ("XML", "take in its text, or the same as STIX 2.1"),
            Foreign::MispFeed => (
                "the manifest of a MISP feed",
                "export its events from MISP as STIX 2.1, and take those in",
            ),
            Foreign::Csv => {
                return f.write_str(
                    "it is a table (CSV), which is not read here; take it in by `forewarn intake`, or make \
                     STIX of it by `forewarn convert`",
                );
            }
            Foreign::Epub => ("a book (EPUB)", "take in its text"),
            Foreign::Scalar(kind) => {
                return write!(
                    f,
                    "it is {kind} and nothing else, with no STIX object in it; take in a bundle, or \
                     objects as a list or as lines"
                );
            }
            Foreign::Image(kind) => {
                return write!(
                    f,
                    "it is an image ({kind}), which is not read; take in what it shows as a text"
                );
            }
            Foreign::Binary => ("binary data", "take in STIX 2.1, or a text in UTF-8"),
        };
        write!(f, "it is {name}, which is not read yet; {advice}")
    }
}

/// What people bring, from its first bytes: documents too.
///
/// # Errors
/// It is nothing that is read.
pub fn recognise(start: &[u8]) -> Result<Format, Foreign> {
    guess(start).or_else(
        |foreign| {
            if foreign.is_document() { Ok(Format::Document) } else { Err(foreign) }
        },
    )
}

/// Guesses from the first bytes, some thousand of them. MISP's outer object is `Event`, `response`
/// or a bare event.
///
/// # Errors
/// It is something that is not read: what.
pub fn guess(start: &[u8]) -> Result<Format, Foreign> {
    if let Some(foreign) = by_signature(start) {
        return Err(foreign);
    }
    if Encoding::of(start) == Encoding::Utf8(0) && start.contains(&0) {
        return Err(Foreign::Binary);
    }
    let is_whole = start.len() < super::START_BYTES;
    let start = unicode::start_to_utf8(start);
    let text = String::from_utf8_lossy(&start);
    // A record of RFC 7464 has its separator in front.
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{1e}');
    if text.starts_with("{\\rtf") {
        return Err(Foreign::Rtf);
    }
    if is_json(text) {
        return json(text);
    }
    if let Some(kind) = scalar(text).filter(|_| is_whole) {
        return Err(Foreign::Scalar(kind));
    }
    let foreign = if text.starts_with('<') { markup(text) } else { None };
    let foreign = foreign.or_else(|| is_email(text).then_some(Foreign::Email));
    let foreign = foreign.or_else(|| is_table(text).then_some(Foreign::Csv));
    foreign.map_or(Ok(Format::Text), Err)
}

/// The beginnings of files that are not text.
const SIGNATURES: &[(&[u8], Foreign)] = &[
    (b"\x1f\x8b", Foreign::Archive("a gzip file")),
    (b"7z\xbc\xaf\x27\x1c", Foreign::Archive("a 7z archive")),
    (b"Rar!\x1a\x07", Foreign::Archive("a RAR archive")),
    (b"BZh", Foreign::Archive("a bzip2 file")),
    (b"\xfd7zXZ\0", Foreign::Archive("an xz file")),
    (b"\x28\xb5\x2f\xfd", Foreign::Archive("a zstd file")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Foreign::OldOffice),
    (b"\x89PNG\r\n\x1a\n", Foreign::Image("PNG")),
    (b"\xff\xd8\xff", Foreign::Image("JPEG")),
    (b"GIF87a", Foreign::Image("GIF")),
    (b"GIF89a", Foreign::Image("GIF")),
    (b"II*\0", Foreign::Image("TIFF")),
    (b"MM\0*", Foreign::Image("TIFF")),
    (b"\0\0\x01\0", Foreign::Image("ICO")),
];

/// Names of files in the zip archives of office suites.
const OFFICE: &[&[u8]] = &[
    b"[Content_Types].xml",
    b"word/",
    b"xl/",
    b"ppt/",
    b"application/vnd.oasis.opendocument",
    b"application/vnd.sun.xml",
    // Of OpenDocument files that were packed by other programs.
    b"content.xml",
    b"styles.xml",
    b"META-INF/manifest.xml",
];
/// Names of files in books.
const BOOK: &[&[u8]] = &[b"application/epub+zip", b"META-INF/container.xml"];

fn by_signature(start: &[u8]) -> Option<Foreign> {
    let has = |at: usize, bytes: &[u8]| start.get(at..).is_some_and(|from| from.starts_with(bytes));
    if has(0, b"PK\x03\x04") || has(0, b"PK\x05\x06") {
        let holds = |name: &&[u8]| start.windows(name.len()).any(|part| part == *name);
        let zip = Foreign::Archive("a zip archive");
        return Some(match OFFICE.iter().any(holds) {
            _ if BOOK.iter().any(holds) => Foreign::Epub,
            true => Foreign::Office,
            false => zip,
        });
    }
    if is_pdf(start) {
        return Some(Foreign::Pdf);
    }
    if has(257, b"ustar") {
        return Some(Foreign::Archive("a tar archive"));
    }
    if has(0, b"RIFF") && has(8, b"WEBP") {
        return Some(Foreign::Image("WebP"));
    }
    // A text may begin with BM; in the file, a word of zeros follows its size.
    if has(0, b"BM") && has(6, b"\0\0\0\0") {
        return Some(Foreign::Image("BMP"));
    }
    let found = SIGNATURES.iter().find(|(signature, _)| has(0, signature));
    let (signature, foreign) = found?;
    // Two letters and a digit may begin a word.
    let is_word = *signature == b"BZh" && !has(4, b"1AY&SY");
    (!is_word).then_some(*foreign)
}

/// Whether a PDF document begins here: after white space and a mark, or after other bytes when the
/// rest is no text. Readers look for its header in the first 1,024 bytes.
fn is_pdf(start: &[u8]) -> bool {
    let header = start.get(..MAX_BEFORE_PDF).unwrap_or(start);
    let Some(at) = header.windows(5).position(|part| part == b"%PDF-") else { return false };
    let before = header.get(..at).unwrap_or_default();
    let is_blank = |b: &u8| b.is_ascii_whitespace() || [0, 0xef, 0xbb, 0xbf].contains(b);
    // The last character may be cut off.
    let is_text = std::str::from_utf8(start).is_ok_and(|text| !text.contains('\0'))
        || std::str::from_utf8(start).is_err_and(|error| error.error_len().is_none());
    before.iter().all(is_blank) || !is_text
}

/// Most bytes before a PDF document's header.
const MAX_BEFORE_PDF: usize = 1_024;

/// What the whole of a text is, when it is one JSON value without objects.
fn scalar(text: &str) -> Option<&'static str> {
    match serde_json::from_str(text).ok()? {
        serde_json::Value::Null => Some("the JSON value null"),
        serde_json::Value::Bool(_) => Some("a JSON true or false"),
        serde_json::Value::Number(_) => Some("a number"),
        serde_json::Value::String(_) => Some("a text in quotes (a JSON string)"),
        serde_json::Value::Array(_) | serde_json::Value::Object(_) => None,
    }
}

/// Whether a text begins as JSON does that holds objects. A brace or bracket around a word, or
/// around a number, begins a text.
fn is_json(text: &str) -> bool {
    let next = text.get(1..).and_then(|rest| rest.trim_start().chars().next());
    match text.chars().next() {
        Some('{') => matches!(next, None | Some('"' | '\'' | '}')),
        Some('[') => match next {
            None | Some('{' | '[' | ']' | '"') => true,
            Some(_) => serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok(),
        },
        _ => false,
    }
}

fn json(text: &str) -> Result<Format, Foreign> {
    let key = text.strip_prefix('{').and_then(|rest| rest.trim_start().strip_prefix('"'));
    let key = key.and_then(|rest| rest.split_once('"')).map(|(key, _)| key);
    // A manifest maps the events' UUIDs to what they are about.
    if key.is_some_and(|key| StixId::parse_any(&format!("event--{key}")).is_ok()) {
        return Err(Foreign::MispFeed);
    }
    let misp = ["\"Event\"", "\"Attribute\"", "\"event_creator_email\"", "\"orgc_id\""];
    let stix = ["\"objects\"", "\"bundle\"", "\"spec_version\""];
    let first = |words: &[&str]| words.iter().filter_map(|word| text.find(word)).min();
    Ok(match (first(&misp), first(&stix)) {
        (Some(misp), Some(stix)) if misp < stix => Format::Misp,
        (Some(_), None) => Format::Misp,
        _ => Format::Stix,
    })
}

/// Elements that begin a piece of a web page.
const BLOCKS: &[&str] = &[
    "article", "center", "div", "font", "form", "h1", "h2", "h3", "header", "main", "meta", "ol",
    "p", "script", "section", "span", "style", "table", "title", "ul",
];

/// What begins with an angle bracket and is not a text.
fn markup(text: &str) -> Option<Foreign> {
    let text = text.to_ascii_lowercase();
    let of_stix = text.contains("stix.mitre.org/stix-1") || text.contains("stix_package");
    let mut rest = text.trim_start();
    let mut declared = false;
    // What stands before the first element.
    loop {
        let after = match rest {
            _ if rest.starts_with("<!doctype html") => return Some(Foreign::Html),
            _ if rest.starts_with("<!--") => rest.split_once("-->"),
            _ if rest.starts_with("<?xml") || rest.starts_with("<!doctype") => {
                declared = true;
                rest.split_once('>')
            }
            _ => break,
        };
        let Some((_, after)) = after else { break };
        rest = after.trim_start();
    }
    let tag = rest.strip_prefix('<').and_then(|rest| rest.split_once('>')).map(|(tag, _)| tag);
    let tag = tag.unwrap_or_default();
    let name = tag.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default();
    let is_name = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b":_.-".contains(&b));
    let is_closed = is_name && rest.contains(&format!("</{name}>"));
    let is_xml = declared || tag.contains("xmlns");
    match name {
        _ if of_stix && (is_xml || is_closed) => Some(Foreign::Stix1),
        "html" | "head" | "body" => Some(Foreign::Html),
        "svg" if is_xml || is_closed => Some(Foreign::Image("SVG")),
        _ if BLOCKS.contains(&name) && (is_closed || name == "meta") => Some(Foreign::Html),
        // A whole document without a declaration.
        _ if is_xml || (is_closed && text.trim_end().ends_with(&format!("</{name}>"))) => {
            Some(Foreign::Xml)
        }
        _ => None,
    }
}

/// Fields of a header that programs write, and people do not.
const WRITTEN_BY_PROGRAMS: &[&str] = &[
    "received",
    "return-path",
    "message-id",
    "mime-version",
    "delivered-to",
    "dkim-signature",
    "content-transfer-encoding",
];

/// Whether a text begins with the header of a message: fields to its first empty line, with one
/// that a program wrote, or with addresses of both sides. A memorandum begins with `From:` too.
fn is_email(text: &str) -> bool {
    let text = match text.strip_prefix("From ").and_then(|rest| rest.split_once('\n')) {
        // The line before each message of a mailbox.
        Some((line, rest)) if line.contains('@') => rest,
        _ => text,
    };
    let (mut fields, mut programs) = (Vec::new(), false);
    for line in text.lines() {
        if line.trim().is_empty() {
            break;
        }
        if line.starts_with([' ', '\t']) && !fields.is_empty() {
            continue;
        }
        let Some((name, value)) = line.split_once(':') else {
            // The last line may be cut off.
            if !text.ends_with(line) || fields.len() < 3 {
                return false;
            }
            break;
        };
        let is_name =
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !is_name {
            return false;
        }
        let name = name.to_ascii_lowercase();
        programs |= WRITTEN_BY_PROGRAMS.contains(&name.as_str());
        fields.push((name, value));
    }
    let has = |name: &str, part: &str| {
        fields.iter().any(|(known, value)| known == name && value.contains(part))
    };
    let of_people = has("from", "") || has("to", "") || has("subject", "");
    (programs && of_people && fields.len() >= 3)
        || (has("from", "@") && has("to", "@") && has("subject", ""))
}

/// Names of columns that tables of indicators have.
const COLUMNS: &[&str] = &[
    "attribute",
    "category",
    "comment",
    "confidence",
    "country",
    "date",
    "description",
    "domain",
    "event_id",
    "first_seen",
    "firstseen",
    "hash",
    "host",
    "hostname",
    "id",
    "indicator",
    "ioc",
    "ioc_type",
    "ioc_value",
    "ip",
    "ip_address",
    "last_seen",
    "malware",
    "md5",
    "name",
    "port",
    "reference",
    "sha1",
    "sha256",
    "source",
    "status",
    "tag",
    "tags",
    "threat",
    "time",
    "timestamp",
    "title",
    "type",
    "url",
    "uuid",
    "value",
];

/// Most lines that are looked at.
const MAX_LINES: usize = 20;

/// Whether a text is rows of fields: two rows or more with the same number of them, and no prose.
fn is_table(text: &str) -> bool {
    let mut lines: Vec<&str> = text.lines().take(MAX_LINES + 1).collect();
    // The last line may be cut off.
    if lines.len() > 2 && !text.ends_with('\n') {
        lines.pop();
    }
    let commented = lines.iter().filter(|line| line.starts_with('#')).count();
    lines.retain(|line| !line.starts_with('#') && !line.trim().is_empty());
    [',', ';', '\t'].into_iter().any(|separator| {
        let rows: Vec<Vec<&str>> = lines.iter().map(|line| fields(line, separator)).collect();
        let Some((header, rest)) = rows.split_first() else { return false };
        let width = header.len();
        if width < 2
            || (rest.is_empty() && commented == 0)
            || rows.iter().any(|row| row.len() != width)
        {
            return false;
        }
        let bare = |field: &str| field.trim().trim_matches('"').to_ascii_lowercase();
        let known = header.iter().filter(|field| COLUMNS.contains(&bare(field).as_str())).count();
        let quoted = rows.iter().flatten().all(|field| {
            let field = field.trim();
            field.len() > 1 && field.starts_with('"') && field.ends_with('"')
        });
        // Prose has spaces.
        let dense = rows.len() > 1 && !lines.iter().any(|line| line.trim().contains(' '));
        known >= 2 || (known == 1 && width == 2 && rest.len() > 1) || quoted || dense
    })
}

/// The fields of a line; separators in quotes are none.
fn fields(line: &str, separator: char) -> Vec<&str> {
    let mut quoted = false;
    line.split(move |c: char| {
        quoted ^= c == '"';
        c == separator && !quoted
    })
    .collect()
}

#[cfg(test)]
mod tests;
