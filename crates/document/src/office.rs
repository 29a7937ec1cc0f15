//! Documents of offices: XML in an archive.

use crate::archive::{self, Archive};
use crate::bounds::Room;
use crate::kind::Kind;
use crate::{Document, Refused, Role, plain};
use quick_xml::Reader;
use quick_xml::events::Event;

pub(crate) fn read(bytes: &[u8], kind: Kind, room: &mut Room) -> Result<Document, Refused> {
    let mut archive = archive::open(bytes, kind)?;
    let mut document = Document::new(kind);
    let (main, about) = match kind {
        Kind::Docx => ("word/document.xml", "docProps/core.xml"),
        _ => ("content.xml", "meta.xml"),
    };
    let xml = member(&mut archive, main, room)?;
    let xml = xml.ok_or_else(|| Refused::Broken(kind, format!("it has no {main}")))?;
    let text = words(&xml, kind)?;
    document.add(Role::Body, &text, room)?;
    if kind == Kind::Docx {
        for name in ["word/footnotes.xml", "word/endnotes.xml", "word/comments.xml"] {
            if let Some(xml) = member(&mut archive, name, room)? {
                let place =
                    vec![name.trim_start_matches("word/").trim_end_matches(".xml").to_owned()];
                document.add_at(place, Role::Body, &words(&xml, kind)?, room)?;
            }
        }
    }
    if let Some(xml) = member(&mut archive, about, room)? {
        for (field, value) in fields(&xml) {
            match field.as_str() {
                "title" => document.title = Some(value),
                "creator" | "initial-creator" => document.author = Some(value),
                "modified" | "date" => document.changed = Some(value),
                "created" | "creation-date" => document.written = Some(value),
                _ => {}
            }
        }
    }
    Ok(document)
}

fn member(
    archive: &mut Archive<'_>,
    name: &str,
    room: &mut Room,
) -> Result<Option<Vec<u8>>, Refused> {
    let Some(at) = archive.index_for_name(name) else { return Ok(None) };
    Ok(archive::entry(archive, at, room)?.map(|(_, bytes)| bytes))
}

/// Most elements that may stand in each other.
const MAX_NESTED: usize = 500;

/// The words, a paragraph a line, a cell after a tab.
fn words(xml: &[u8], kind: Kind) -> Result<String, Refused> {
    let xml = plain::decode(xml, None);
    let mut reader = Reader::from_str(&xml);
    let (mut out, mut depth) = (String::new(), 0usize);
    // Of Word, only what stands in `w:t` is text.
    let mut in_text = 0usize;
    loop {
        let event = reader.read_event();
        let event = event.map_err(|e| Refused::Broken(kind, e.to_string()))?;
        match event {
            Event::Start(tag) => {
                depth += 1;
                if depth > MAX_NESTED {
                    return Err(Refused::Broken(kind, "its elements stand too deep".to_owned()));
                }
                in_text += usize::from(tag.local_name().as_ref() == "t");
                space(tag.local_name().as_ref(), &mut out);
            }
            Event::Empty(tag) => space(tag.local_name().as_ref(), &mut out),
            Event::End(tag) => {
                depth = depth.saturating_sub(1);
                let name = tag.local_name();
                in_text = in_text.saturating_sub(usize::from(name.as_ref() == "t"));
                if matches!(name.as_ref(), "p" | "h" | "tr" | "table-row") && !out.ends_with('\n') {
                    out.push('\n');
                }
            }
            Event::Text(text) if kind == Kind::Odt || in_text > 0 => {
                if kind == Kind::Odt && text.trim().is_empty() && text.contains('\n') {
                    continue;
                }
                out.push_str(&text);
            }
            Event::GeneralRef(name) if kind == Kind::Odt || in_text > 0 => {
                out.push_str(&entity(&name));
            }
            Event::Eof => return Ok(out),
            _ => {}
        }
    }
}

/// What stands between words.
fn space(name: &str, out: &mut String) {
    match name {
        "tab" => out.push('\t'),
        "br" | "cr" | "line-break" => out.push('\n'),
        "s" => out.push(' '),
        "tc" | "table-cell" if !out.ends_with('\n') && !out.is_empty() => out.push('\t'),
        _ => {}
    }
}

/// One of the five of XML, or a number.
fn entity(name: &str) -> String {
    let number =
        |digits: &str, radix| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
    let known = match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        other => match other.strip_prefix("#x") {
            Some(hex) => number(hex, 16),
            None => other.strip_prefix('#').and_then(|digits| number(digits, 10)),
        },
    };
    known.map(String::from).unwrap_or_default()
}

/// The elements that hold a text, by their names.
fn fields(xml: &[u8]) -> Vec<(String, String)> {
    let xml = plain::decode(xml, None);
    let mut reader = Reader::from_str(&xml);
    let (mut out, mut name) = (Vec::new(), String::new());
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(tag) => {
                tag.local_name().as_ref().clone_into(&mut name);
            }
            Event::Text(text) => {
                let value = text.trim().to_owned();
                if !value.is_empty() {
                    out.push((name.clone(), value));
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    out
}
