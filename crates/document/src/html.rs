//! Pages: what is read by people, and what only stands around it. Scripts and styles are neither.

use crate::bounds::Room;
use crate::kind::Kind;
use crate::plain;
use crate::unwrapped;
use crate::{Document, Refused, Role};
use html5gum::{Token, Tokenizer};

/// Elements of which nothing is read.
const SILENT: &[&str] =
    &["script", "style", "noscript", "template", "svg", "math", "object", "iframe", "select"];
/// Elements that stand around the text.
const AROUND: &[&str] = &["nav", "footer", "aside", "header", "form", "menu"];
/// Elements that begin a line.
const BLOCKS: &[&str] = &[
    "p",
    "div",
    "br",
    "li",
    "ul",
    "ol",
    "tr",
    "table",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "section",
    "article",
    "blockquote",
    "pre",
    "dl",
    "dt",
    "dd",
    "figure",
    "figcaption",
    "hr",
    "main",
    "body",
    "thead",
    "tbody",
    "caption",
    "address",
    "details",
    "summary",
];
/// Elements that have no end.
const VOID: &[&str] = &["br", "hr", "img", "input", "meta", "link", "wbr", "area", "base", "col"];

pub(crate) fn read(bytes: &[u8], room: &mut Room) -> Result<Document, Refused> {
    let beginning = String::from_utf8_lossy(bytes.get(..2_048).unwrap_or(bytes)).to_lowercase();
    let said = beginning.split_once("charset=").map(|(_, rest)| {
        rest.trim_start_matches(['"', '\''])
            .split(|c: char| !c.is_ascii_alphanumeric() && !"-_".contains(c))
            .next()
            .unwrap_or_default()
            .to_owned()
    });
    of_text(&plain::decode(bytes, said.as_deref()), room)
}

/// Reads a page that was decoded.
pub(crate) fn of_text(page: &str, room: &mut Room) -> Result<Document, Refused> {
    let mut document = Document::new(Kind::Html);
    let mut reader = Reader::default();
    for token in Tokenizer::new(page) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                let author = attribute(&tag, "name").as_deref() == Some("author");
                if name == "meta" && author {
                    document.author = attribute(&tag, "content");
                }
                reader.begin(&name, tag.self_closing, (&mut document, room))?;
            }
            Token::EndTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                reader.end(&name, (&mut document, room))?;
            }
            Token::String(text) => reader.text(&String::from_utf8_lossy(&text)),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    reader.flush((&mut document, room))?;
    document.title = Some(squeezed(&reader.title)).filter(|title| !title.is_empty());
    Ok(document)
}

fn attribute<S: html5gum::SpanBound>(tag: &html5gum::StartTag<S>, name: &str) -> Option<String> {
    let found = tag.attributes.iter().find(|(key, _)| key.as_slice() == name.as_bytes());
    found.map(|(_, value)| String::from_utf8_lossy(value).into_owned())
}

/// What is read so far.
#[derive(Default)]
struct Reader {
    /// The elements that are open and make a difference.
    open: Vec<String>,
    text: String,
    title: String,
    around: bool,
}

type To<'a> = (&'a mut Document, &'a mut Room);

impl Reader {
    fn is_in(&self, names: &[&str]) -> bool {
        self.open.iter().any(|open| names.contains(&open.as_str()))
    }

    fn begin(&mut self, name: &str, closed: bool, to: To<'_>) -> Result<(), Refused> {
        let matters = SILENT.contains(&name) || AROUND.contains(&name) || name == "title";
        if matters && !closed && !VOID.contains(&name) && self.open.len() < 1_000 {
            self.open.push(name.to_owned());
            self.turn(to)?;
        }
        if BLOCKS.contains(&name) {
            self.line();
        } else if matches!(name, "td" | "th") && !self.text.ends_with('\n') && !self.text.is_empty()
        {
            self.text.push('\t');
        }
        Ok(())
    }

    fn end(&mut self, name: &str, to: To<'_>) -> Result<(), Refused> {
        if let Some(at) = self.open.iter().rposition(|open| open == name) {
            self.open.truncate(at);
            self.turn(to)?;
        }
        if BLOCKS.contains(&name) {
            self.line();
        }
        Ok(())
    }

    fn line(&mut self) {
        if !self.text.ends_with('\n') && !self.text.is_empty() {
            self.text.push('\n');
        }
    }

    /// What stands around and what does not are parts of their own.
    fn turn(&mut self, to: To<'_>) -> Result<(), Refused> {
        let around = self.is_in(AROUND);
        if around == self.around {
            return Ok(());
        }
        self.flush(to)?;
        self.around = around;
        Ok(())
    }

    fn flush(&mut self, (document, room): To<'_>) -> Result<(), Refused> {
        let role = if self.around { Role::Around } else { Role::Body };
        let text = unwrapped::in_text(&std::mem::take(&mut self.text));
        document.add(role, &text, room)
    }

    fn text(&mut self, text: &str) {
        if self.open.last().is_some_and(|open| open == "title") {
            self.title.push_str(text);
        } else if !self.is_in(SILENT) && !self.is_in(&["title"]) {
            let begins = text.starts_with(char::is_whitespace);
            if begins && !self.text.ends_with(char::is_whitespace) && !self.text.is_empty() {
                self.text.push(' ');
            }
            let words = squeezed(text);
            self.text.push_str(&words);
            if text.ends_with(char::is_whitespace) && !words.is_empty() {
                self.text.push(' ');
            }
        }
    }
}

/// One space between words.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
