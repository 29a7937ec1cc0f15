//! Small parts of pages: foreign text, markings, times.

use askama::filters::HtmlSafe;
use forewarn_exchange::actor::Actor;
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Tlp;
use forewarn_view::text;
use std::fmt;

/// Foreign text on one line, as text: what would act on the eye is spelt out.
pub(crate) fn line(words: &str) -> String {
    text::line(words)
}

/// Foreign text that keeps its lines.
pub(crate) fn block(words: &str) -> String {
    text::block(words)
}

/// The beginning of a foreign text that keeps its lines, of at most so many bytes on the page; it says
/// where it is cut.
pub(crate) fn beginning(words: &str, most: usize) -> String {
    let end = end(words, most);
    let more = if end < words.len() { " …" } else { "" };
    format!("{}{more}", block(words.get(..end).unwrap_or_default()))
}

/// The beginning of words that are fit for a page already.
pub(crate) fn cut(words: &str, most: usize) -> String {
    let end = end(words, most);
    if end == words.len() {
        words.to_owned()
    } else {
        format!("{}…", words.get(..end).unwrap_or_default())
    }
}

/// Where a text is cut so that it has at most so many bytes on a page, whatever is spelt out in it.
fn end(words: &str, most: usize) -> usize {
    let mut size = 0;
    for (at, c) in words.char_indices() {
        size += match c {
            '<' | '>' | '&' | '"' | '\'' => 5,
            c if c.is_ascii_graphic() || c == ' ' || c == '\n' => 1,
            c => text::without_isolates(&line(c.encode_utf8(&mut [0; 4]))).len(),
        };
        if size > most {
            return at;
        }
    }
    words.len()
}

/// A marking as a label: always its words, on black.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark(pub(crate) Tlp);

impl Mark {
    /// The class of its colour.
    pub(crate) fn class(tlp: Tlp) -> &'static str {
        match tlp {
            Tlp::Clear => "t-clear",
            Tlp::Green => "t-green",
            Tlp::Amber | Tlp::AmberStrict => "t-amber",
            Tlp::Red => "t-red",
        }
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<b class=\"tlp {}\">{}</b>", Mark::class(self.0), self.0)
    }
}

impl HtmlSafe for Mark {}

/// A time to the second, which a script gives in the reader's zone too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct At(pub(crate) Timestamp);

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = text::time(&self.0);
        let (day, time) = shown.split_once('T').unwrap_or(("", &shown));
        write!(f, "<time datetime=\"{shown}\">{day} {time}</time>")
    }
}

impl HtmlSafe for At {}

/// Who did something, as people say it: a user's name, a partner's, or the part of the node.
pub(crate) fn who(actor: &Actor) -> String {
    actor.to_string().split_once(':').map_or_else(|| actor.to_string(), |(_, name)| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_by_what_it_takes_on_the_page() {
        assert_eq!(beginning("a\nb", 10), "a\nb");
        assert_eq!(beginning(&"<".repeat(100), 50), format!("{} …", "<".repeat(10)));
        assert!(beginning(&"\u{202e}".repeat(100), 80).len() < 100);
        assert_eq!(beginning("ää", 3), "ä …");
        assert_eq!((cut("words", 5), cut("words", 4)), ("words".to_owned(), "word…".to_owned()));
    }
}
