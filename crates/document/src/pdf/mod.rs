//! PDF (ISO 32000): the text of each page, in the order in which people read it. Letters are told by
//! the library; words, lines, columns and paragraphs are found here, by where the letters stand.
//!
//! What is read was made by anybody, and its reader has much to do with it: this belongs into a process
//! of its own, with limits.

mod glyphs;
mod lines;
mod order;
mod paragraphs;

use crate::bounds::{MAX_PAGES, Room};
use crate::kind::Kind;
use crate::{Document, Refused, Role};
use glyphs::{Letters, Seen};
use hayro_interpret::hayro_syntax::object::DateTime;
use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro_interpret::kurbo::{Affine, Rect};
use hayro_interpret::{Context, InterpreterCache, InterpreterSettings, interpret_page};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Reads one. A panic of the library is a document that is broken.
pub(crate) fn read(bytes: &[u8], room: &mut Room) -> Result<Document, Refused> {
    let read = catch_unwind(AssertUnwindSafe(|| of_pages(bytes, room)));
    read.unwrap_or_else(|_| {
        Err(Refused::Broken(Kind::Pdf, "the reader gave up on its contents".to_owned()))
    })
}

fn of_pages(bytes: &[u8], room: &mut Room) -> Result<Document, Refused> {
    let pdf = Pdf::new(bytes.to_vec()).map_err(refused)?;
    let mut document = Document::new(Kind::Pdf);
    let about = pdf.metadata();
    document.title = about.title.as_deref().and_then(words);
    document.author = about.author.as_deref().and_then(words);
    document.written = about.creation_date.map(time);
    document.changed = about.modification_date.map(time);
    let pages = pdf.pages();
    if pages.len() > MAX_PAGES {
        let why = format!("it has {} pages, and at most {MAX_PAGES} are read", pages.len());
        return Err(Refused::GivenUp(Kind::Pdf, why));
    }
    let cache = InterpreterCache::new();
    let settings = InterpreterSettings::default();
    let (mut pictures, mut empty) = (Vec::new(), 0);
    for (number, page) in (1..).zip(pages.iter()) {
        let mut letters = Letters::new();
        let (width, height) = page.base_dimensions();
        let place = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        let mut context =
            Context::new(Affine::IDENTITY, place, &cache, pdf.xref(), settings.clone());
        interpret_page(page, &mut context, &mut letters);
        let Seen { columns, pictures: shown, unknown, known, full } = letters.seen();
        if full {
            let why = format!("page {number} has more letters than are read");
            return Err(Refused::GivenUp(Kind::Pdf, why));
        }
        if unknown > known / 2 {
            let why = "it does not say which letters its signs are";
            document.unread.push(format!("page {number}: {why}"));
        }
        let text: Vec<String> = columns.into_iter().map(of_direction).collect();
        let text = text.join("\n\n");
        match (text.trim().is_empty(), shown) {
            (true, true) => pictures.push(number),
            (true, false) => empty += 1,
            (false, _) => {
                document.add_at(vec![format!("page {number}")], Role::Body, &text, room)?;
            }
        }
    }
    if document.parts.is_empty() && !pictures.is_empty() {
        return Err(Refused::Scan(pictures.len() + empty));
    }
    let scanned = pictures.into_iter().map(|page| format!("page {page}: a picture without text"));
    document.unread.extend(scanned);
    Ok(document)
}

/// The text of all letters that run in one direction.
fn of_direction(letters: Vec<glyphs::Letter>) -> String {
    let blocks = order::blocks(lines::rows(letters));
    let texts: Vec<String> = blocks.iter().map(|rows| paragraphs::text(rows)).collect();
    texts.join("\n\n")
}

fn refused(why: LoadPdfError) -> Refused {
    match why {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => Refused::Locked,
        LoadPdfError::Decryption(_) => {
            Refused::Broken(Kind::Pdf, "it is encrypted in a way that is not known".to_owned())
        }
        LoadPdfError::Invalid => {
            Refused::Broken(Kind::Pdf, "it has no table of objects, or no pages".to_owned())
        }
    }
}

/// A text string (ISO 32000-1, 7.9.2.2): UTF-16 or UTF-8 with a mark, else an encoding of PDF's own, of
/// which only what is in Latin-1 too is read.
fn words(bytes: &[u8]) -> Option<String> {
    let text: String = if bytes.starts_with(b"\xfe\xff") || bytes.starts_with(b"\xff\xfe") {
        crate::plain::decode(bytes, None)
    } else if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        String::from_utf8_lossy(rest).into_owned()
    } else {
        bytes.iter().map(|byte| char::from(*byte)).collect()
    };
    let text: String = text.chars().filter(|c| !c.is_control()).take(MAX_FIELD).collect();
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// Most letters of a title or a name.
const MAX_FIELD: usize = 1_000;

fn time(at: DateTime) -> String {
    let sign = if at.utc_offset_hour < 0 { '-' } else { '+' };
    let day = format!("{:04}-{:02}-{:02}", at.year, at.month, at.day);
    let hour = format!("{:02}:{:02}:{:02}", at.hour, at.minute, at.second);
    let offset = (at.utc_offset_hour.unsigned_abs(), at.utc_offset_minute);
    match offset {
        (0, 0) => format!("{day}T{hour}Z"),
        (hours, minutes) => format!("{day}T{hour}{sign}{hours:02}:{minutes:02}"),
    }
}

#[cfg(test)]
mod tests;
