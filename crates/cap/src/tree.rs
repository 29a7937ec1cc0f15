//! XML that others wrote, as a tree within bounds, which is emptied as it is understood: what nobody
//! has taken is told.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Longest file.
pub const MAX_BYTES: usize = 8 << 20;
/// Deepest nesting. CAP has four levels, IODEF some ten.
const MAX_DEPTH: usize = 24;
/// Most elements of a file: of the shortest ones, what is kept of each is some ten times as long.
const MAX_ELEMENTS: usize = 200_000;
/// Longest text of an element that stands in a message, in characters.
const MAX_SHOWN: usize = 80;

/// An element.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Element {
    /// Its name, without a prefix.
    pub name: String,
    /// Its attributes, without those of namespaces.
    pub attributes: Vec<(String, String)>,
    /// The elements in it that nobody has taken.
    pub children: Vec<Element>,
    /// Its text, without white space around it.
    pub text: String,
    /// The line that it begins in.
    pub line: usize,
}

/// Why a file is no tree.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {why}")]
pub struct NotXml {
    /// Where.
    pub line: usize,
    /// What is wrong.
    pub why: String,
}

impl Element {
    /// Reads a file.
    ///
    /// # Errors
    /// It is no XML, or XML with what may be made long or lead elsewhere: a document type, entities
    /// of its own, more elements or deeper ones than are read.
    pub fn read(bytes: &[u8]) -> Result<Element, NotXml> {
        let bad = |line: usize, why: &str| NotXml { line, why: why.to_owned() };
        if bytes.len() > MAX_BYTES {
            return Err(bad(1, &format!("it is longer than {MAX_BYTES} bytes")));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| bad(1, "it is not UTF-8"))?;
        Reading::of(text.trim_start_matches('\u{feff}')).tree()
    }

    /// Takes the first element of this name.
    pub fn take(&mut self, name: &str) -> Option<Element> {
        let at = self.children.iter().position(|child| child.name == name)?;
        Some(self.children.remove(at))
    }

    /// Takes every element of this name.
    pub fn take_all(&mut self, name: &str) -> Vec<Element> {
        let (taken, left) =
            std::mem::take(&mut self.children).into_iter().partition(|child| child.name == name);
        self.children = left;
        taken
    }

    /// Takes the text of the first element of this name that has one.
    pub fn text(&mut self, name: &str) -> Option<String> {
        self.take(name).map(|child| child.text).filter(|text| !text.is_empty())
    }

    /// Takes the texts of all elements of this name.
    pub fn texts(&mut self, name: &str) -> Vec<String> {
        let all = self.take_all(name).into_iter().map(|child| child.text);
        all.filter(|text| !text.is_empty()).collect()
    }

    /// Takes an attribute.
    pub fn attribute(&mut self, name: &str) -> Option<String> {
        let at = self.attributes.iter().position(|(known, _)| known == name)?;
        Some(self.attributes.remove(at).1)
    }

    /// Tells what nobody has taken of it: each with its line, and what stood there.
    pub fn left(&self, tell: &mut dyn FnMut(String, String)) {
        for (name, value) in &self.attributes {
            let what = format!("`{}` has `{name}`: {}", self.name, shown(value));
            tell(format!("line {}", self.line), format!("{what}; it is not carried over"));
        }
        for child in &self.children {
            let what = format!("`{}`: {}", child.name, shown(&child.words()));
            tell(format!("line {}", child.line), format!("{what}; it is not carried over"));
        }
    }

    /// All text in it.
    pub fn words(&self) -> String {
        let mut words = self.text.clone();
        for child in &self.children {
            if words.chars().count() > MAX_SHOWN {
                break;
            }
            if !words.is_empty() {
                words.push(' ');
            }
            words.push_str(&child.words());
        }
        words
    }
}

fn shown(text: &str) -> String {
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// A file on its way into a tree.
struct Reading<'a> {
    text: &'a str,
    reader: Reader<&'a [u8]>,
    /// Up to where lines were counted, and how many there were.
    counted: (usize, usize),
    open: Vec<Element>,
    root: Option<Element>,
    elements: usize,
}

impl<'a> Reading<'a> {
    fn of(text: &'a str) -> Reading<'a> {
        let reader = Reader::from_str(text);
        Reading { text, reader, counted: (0, 1), open: Vec::new(), root: None, elements: 0 }
    }

    fn line(&mut self) -> usize {
        let at = usize::try_from(self.reader.buffer_position()).unwrap_or(0).min(self.text.len());
        let (from, lines) = self.counted;
        let more = self.text.get(from..at).unwrap_or_default().matches('\n').count();
        self.counted = (at.max(from), lines + more);
        self.counted.1
    }

    fn bad(&mut self, why: impl Into<String>) -> NotXml {
        NotXml { line: self.line(), why: why.into() }
    }

    fn tree(mut self) -> Result<Element, NotXml> {
        loop {
            let event = match self.reader.read_event() {
                Ok(event) => event,
                Err(e) => return Err(self.bad(format!("this is no XML: {e}"))),
            };
            match event {
                Event::Start(tag) => {
                    let element = self.element(&tag)?;
                    self.open.push(element);
                    if self.open.len() > MAX_DEPTH {
                        return Err(self.bad(format!("its elements are deeper than {MAX_DEPTH}")));
                    }
                }
                Event::Empty(tag) => {
                    let element = self.element(&tag)?;
                    self.close(element)?;
                }
                Event::Text(text) => self.add(&text),
                Event::CData(text) => self.add(&text),
                Event::GeneralRef(name) => match entity(&name) {
                    Some(text) => self.add(&text),
                    None => return Err(self.bad(format!("`&{};` is not known", &*name))),
                },
                Event::End(_) => match self.open.pop() {
                    Some(mut element) => {
                        let text = element.text.trim().to_owned();
                        element.text = text;
                        self.close(element)?;
                    }
                    None => return Err(self.bad("an element ends that has not begun")),
                },
                Event::Eof => break,
                Event::DocType(_) => {
                    return Err(self.bad("it has a document type (DTD), which is not read"));
                }
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            }
        }
        if !self.open.is_empty() {
            return Err(self.bad("it is cut off"));
        }
        match self.root.take() {
            Some(root) => Ok(root),
            None => Err(self.bad("there is no element in it")),
        }
    }

    fn element(&mut self, tag: &BytesStart<'_>) -> Result<Element, NotXml> {
        self.elements += 1;
        if self.elements > MAX_ELEMENTS {
            return Err(self.bad(format!("it has more than {MAX_ELEMENTS} elements")));
        }
        let line = self.line();
        let mut element =
            Element { name: tag.local_name().as_ref().to_string(), line, ..Element::default() };
        for one in tag.attributes() {
            let one = match one {
                Ok(one) => one,
                Err(e) => return Err(self.bad(format!("this is no XML: {e}"))),
            };
            let name = one.key.as_ref().to_string();
            if name == "xmlns" || name.starts_with("xmlns:") || name.starts_with("xsi:") {
                continue;
            }
            let name = name.rsplit(':').next().unwrap_or_default().to_owned();
            element.attributes.push((name, unescaped(&one.value)));
        }
        Ok(element)
    }

    fn add(&mut self, text: &str) {
        if let Some(open) = self.open.last_mut() {
            open.text.push_str(text);
        }
    }

    fn close(&mut self, element: Element) -> Result<(), NotXml> {
        match self.open.last_mut() {
            Some(outer) => outer.children.push(element),
            None if self.root.is_some() => return Err(self.bad("it has two outer elements")),
            None => self.root = Some(element),
        }
        Ok(())
    }
}

/// What stands for a character: only those that XML has, and characters by their numbers.
fn entity(name: &str) -> Option<String> {
    if let Some(text) = quick_xml::escape::resolve_predefined_entity(name) {
        return Some(text.to_owned());
    }
    let digits = name.strip_prefix('#')?;
    let number = match digits.strip_prefix('x') {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => digits.parse().ok()?,
    };
    char::from_u32(number).map(String::from)
}

fn unescaped(text: &str) -> String {
    quick_xml::escape::unescape(text).map_or_else(|_| text.to_owned(), std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_emptied_and_tells_what_is_left() {
        let file = "<a x='1 &amp; 2' xmlns:y='u'>\n<y:b>one &lt; <![CDATA[two]]></y:b>\n<c/></a>";
        let mut root = Element::read(file.as_bytes()).unwrap();
        assert_eq!(root.text("b").as_deref(), Some("one < two"));
        let mut told = Vec::new();
        root.left(&mut |at, why| told.push(format!("{at}: {why}")));
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].contains("`x`: 1 & 2") && told[1].starts_with("line 3"), "{told:?}");
    }

    #[test]
    fn hostile_files_are_refused_in_words() {
        let bomb = "<!DOCTYPE a [<!ENTITY b 'bbbbbbbbbb'>]><a>&b;</a>";
        for (file, why) in [
            (bomb.to_owned(), "document type"),
            ("<a>&b;</a>".to_owned(), "`&b;` is not known"),
            ("<a>".repeat(1_000), "deeper than"),
            (format!("<a>{}</a>", "<b/>".repeat(MAX_ELEMENTS)), "more than"),
            ("<a><b></a>".to_owned(), "no XML"),
            ("<a>".to_owned(), "cut off"),
            ("<a/><b/>".to_owned(), "two outer"),
            (String::new(), "no element"),
            (format!("<a>{}</a>", "x".repeat(MAX_BYTES)), "longer than"),
        ] {
            let told = Element::read(file.as_bytes()).unwrap_err().to_string();
            assert!(told.contains(why), "{told}");
        }
        assert!(Element::read(b"\xff<a/>").is_err());
    }
}
