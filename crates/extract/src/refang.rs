//! Undoes defanging, by which people keep others from clicking a link: `hxxp`, `[.]`, `(at)`,
//! `\.` and the like. Values of objects, constants of patterns and free texts are all read so.

use crate::{Span, apart};
use std::borrow::Cow;

/// Longest sign in brackets that is looked at, in bytes: `[ dot ]`, `(zavináč)`.
const MAX_SIGN: usize = 12;
/// Longest word that is looked at around a backslash, in bytes: a host name has at most 253.
const MAX_WORD: usize = 512;

/// What stands in brackets, in lower case, and what is meant.
const SIGNS: &[(&str, &str)] = &[
    (".", "."),
    ("dot", "."),
    ("punkt", "."),
    ("point", "."),
    ("punto", "."),
    ("ponto", "."),
    ("punt", "."),
    ("piste", "."),
    ("tečka", "."),
    ("bodka", "."),
    ("kropka", "."),
    ("nokta", "."),
    ("titik", "."),
    ("точка", "."),
    ("крапка", "."),
    ("@", "@"),
    ("at", "@"),
    ("ät", "@"),
    ("arroba", "@"),
    ("arobase", "@"),
    ("chiocciola", "@"),
    ("zavináč", "@"),
    ("małpa", "@"),
    ("собака", "@"),
    (":", ":"),
    ("://", "://"),
    (":/", ":/"),
    ("//", "//"),
    ("/", "/"),
];

/// Disguised schemes, in lower case, and what is meant; each may have an `s` at its end.
const SCHEMES: &[(&str, &str)] =
    &[("hxxp", "http"), ("h**p", "http"), ("htxp", "http"), ("hxtp", "http"), ("fxp", "ftp")];

/// A text without defanging that remembers where each of its parts stood in the original.
#[derive(Debug)]
pub struct Refanged<'a> {
    /// The text as it was meant; borrowed where nothing was defanged.
    pub text: Cow<'a, str>,
    edits: Vec<Edit>,
    /// What was done before, to the text as it stood.
    earlier: Vec<Edit>,
}

/// A part that was replaced: from where to where, before and now.
#[derive(Debug)]
pub(crate) struct Edit {
    pub(crate) was: Span,
    pub(crate) is: Span,
}

/// A value or text as it was meant.
pub fn refang(text: &str) -> Cow<'_, str> {
    Refanged::new(text).text
}

impl<'a> Refanged<'a> {
    /// Reads a text. The time grows linearly with it.
    pub fn new(text: &'a str) -> Refanged<'a> {
        let mut reader =
            Reader { text, out: String::new(), done: 0, edits: Vec::new(), word: None };
        reader.read();
        let Reader { mut out, done, edits, .. } = reader;
        let earlier = Vec::new();
        if edits.is_empty() {
            return Refanged { text: Cow::Borrowed(text), edits, earlier };
        }
        out.push_str(text.get(done..).unwrap_or_default());
        Refanged { text: Cow::Owned(out), edits, earlier }
    }

    /// Reads a free text, in which values may also be drawn apart or written as entities of HTML.
    pub fn prose(text: &'a str) -> Refanged<'a> {
        let Some((whole, earlier)) = apart::joined(text) else { return Refanged::new(text) };
        let Refanged { text, edits, .. } = Refanged::new(&whole);
        Refanged { text: Cow::Owned(text.into_owned()), edits, earlier }
    }

    /// Where a part of [`Refanged::text`] stood in the original.
    pub fn original(&self, span: Span) -> Span {
        before(&self.earlier, before(&self.edits, span))
    }
}

/// Where a part of a text stood before it was edited.
fn before(edits: &[Edit], span: Span) -> Span {
    Span { start: point_before(edits, span.start, true), end: point_before(edits, span.end, false) }
}

fn point_before(edits: &[Edit], at: usize, is_start: bool) -> usize {
    // What begins where something was replaced begins with it.
    let count = edits.partition_point(|edit| edit.is.start < at + usize::from(is_start));
    let Some(edit) = count.checked_sub(1).and_then(|last| edits.get(last)) else { return at };
    match at.checked_sub(edit.is.end) {
        Some(further) if edit.is.end > edit.is.start || !is_start => edit.was.end + further,
        Some(further) if further > 0 => edit.was.end + further,
        Some(_) | None if is_start => edit.was.start,
        Some(_) | None => edit.was.end,
    }
}

struct Reader<'a> {
    text: &'a str,
    out: String,
    /// Up to where the text is in `out`.
    done: usize,
    edits: Vec<Edit>,
    /// The word around the last backslash, and whether its backslashes all defang a full stop.
    word: Option<(Span, bool)>,
}

impl Reader<'_> {
    fn read(&mut self) {
        let text = self.text.as_bytes();
        let mut brackets = memchr::memchr3_iter(b'[', b'(', b'{', text).peekable();
        let mut others = memchr::memchr2_iter(b':', b'\\', text).peekable();
        loop {
            let at = match (brackets.peek(), others.peek()) {
                (Some(bracket), Some(other)) => *bracket.min(other),
                (Some(at), None) | (None, Some(at)) => *at,
                (None, None) => return,
            };
            brackets.next_if_eq(&at);
            others.next_if_eq(&at);
            if at < self.done {
                continue;
            }
            match text.get(at) {
                Some(b':') if text.get(at + 1..at + 3) == Some(b"//") => self.scheme(at),
                Some(b':') => {}
                Some(b'\\') => self.backslash(at),
                _ => self.bracket(at),
            }
        }
    }

    fn replace(&mut self, start: usize, end: usize, meant: &str) {
        self.out.push_str(self.text.get(self.done..start).unwrap_or_default());
        let from = self.out.len();
        self.out.push_str(meant);
        let is = Span { start: from, end: self.out.len() };
        self.edits.push(Edit { was: Span { start, end }, is });
        self.done = end;
    }

    /// A scheme that ends at `end`.
    fn scheme(&mut self, end: usize) {
        let before = self.text.as_bytes().get(self.done..end).unwrap_or_default();
        let is_part = |b: &&u8| b.is_ascii_alphanumeric() || **b == b'*';
        // One letter more is read, to see whether it is longer.
        let length = before.iter().rev().take(6).take_while(is_part).count();
        let start = end - length;
        let written = self.text.get(start..end).unwrap_or_default();
        let word = written.to_ascii_lowercase();
        let bare = word.strip_suffix('s').unwrap_or(&word);
        if let Some((_, meant)) = SCHEMES.iter().find(|(disguised, _)| *disguised == bare) {
            // In a telegram, all of a URL is in capitals.
            if written.bytes().any(|b| b.is_ascii_lowercase()) {
                self.replace(start, start + bare.len(), meant);
            } else {
                self.replace(start, start + bare.len(), &meant.to_ascii_uppercase());
            }
        }
    }

    fn bracket(&mut self, open: usize) {
        let Some((meant, mut end)) = self.sign(open) else { return };
        let (mut start, bytes) = (open, self.text.as_bytes());
        if meant.starts_with(':') {
            self.scheme(open);
        } else if meant != "/" && meant != "//" {
            // `acme [dot] example`
            let is_spaced = bytes.get(open.wrapping_sub(1)) == Some(&b' ')
                && bytes.get(end) == Some(&b' ')
                && open > self.done;
            if is_spaced {
                (start, end) = (start - 1, end + 1);
            }
            let before = self.text.get(..start).and_then(|text| text.chars().next_back());
            let after = self.text.get(end..).and_then(|text| text.chars().next());
            let is_before = before.is_some_and(|c| c.is_alphanumeric() || "-_*%])}".contains(c));
            let is_after = after.is_some_and(|c| c.is_alphanumeric() || "-_[({*%".contains(c));
            if !is_before || !is_after {
                return;
            }
        }
        self.replace(start, end, meant);
    }

    /// What a sign in brackets means, and where it ends.
    fn sign(&self, open: usize) -> Option<(&'static str, usize)> {
        let bytes = self.text.as_bytes();
        let close = match bytes.get(open)? {
            b'[' => b']',
            b'(' => b')',
            _ => b'}',
        };
        let inner = bytes.get(open + 1..)?;
        let length = inner.iter().take(MAX_SIGN).position(|b| *b == close);
        if let Some(length) = length {
            let inner = self.text.get(open + 1..open + 1 + length)?.trim();
            let known = SIGNS.iter().find(|(sign, _)| sign.eq_ignore_ascii_case(inner));
            if let Some((_, meant)) = known {
                return Some((meant, open + length + 2));
            }
        }
        // `acme[.example`
        let is_half = bytes.get(open..open + 2) == Some(b"[.")
            && inner.get(1).is_some_and(u8::is_ascii_alphanumeric);
        is_half.then_some((".", open + 2))
    }

    /// `acme\.example`; in a path of files each part has a backslash before it.
    fn backslash(&mut self, at: usize) {
        let bytes = self.text.as_bytes();
        let known = self.word.filter(|(word, _)| word.end > at);
        let (_, is_defanged) = known.unwrap_or_else(|| {
            let is_part = |b: &&u8| !b.is_ascii_whitespace() && !b"'\"<>".contains(b);
            let before = bytes.get(..at).unwrap_or_default().iter().rev();
            let after = bytes.get(at..).unwrap_or_default().iter();
            let start = at - before.take(MAX_WORD).take_while(is_part).count();
            let end = at + after.take(MAX_WORD).take_while(is_part).count();
            let word = bytes.get(start..end).unwrap_or_default();
            let mut all = memchr::memchr_iter(b'\\', word);
            let is_stop = |n: usize| word.get(n + 1) == Some(&b'.');
            let defanged = (Span { start, end }, all.all(is_stop));
            self.word = Some(defanged);
            defanged
        });
        let is_between =
            at.checked_sub(1).and_then(|n| bytes.get(n)).copied().is_some_and(is_of_name)
                && bytes.get(at + 2).copied().is_some_and(is_of_name);
        if is_defanged && is_between {
            self.replace(at, at + 2, ".");
        }
    }
}

fn is_of_name(b: u8) -> bool {
    b.is_ascii_alphanumeric() || !b.is_ascii() || b"-_".contains(&b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_disguise_is_undone() {
        for (written, meant) in [
            ("hxxp://www[.]acme[.]example/x", "http://www.acme.example/x"),
            ("hXXps[:]//acme(.)example", "https://acme.example"),
            ("hxxps[://]acme{.}example[/]x", "https://acme.example/x"),
            ("h**p://acme[dot]example", "http://acme.example"),
            ("fxp://acme[.example", "ftp://acme.example"),
            ("HXXPS://ACME (DOT) EXAMPLE/X", "HTTPS://ACME.EXAMPLE/X"),
            ("ana[at]acme[.]example", "ana@acme.example"),
            ("ana (at) acme [dot] example", "ana@acme.example"),
            ("203[.]0[.]113[.]9", "203.0.113.9"),
            (r"acme\.example", "acme.example"),
            ("2001[:]db8::1", "2001:db8::1"),
            ("https://[2001:db8::1]/", "https://[2001:db8::1]/"),
            ("*[.]müller[.]example", "*.müller.example"),
        ] {
            assert_eq!(refang(written), meant, "{written}");
        }
    }

    #[test]
    fn what_is_not_defanged_stays_and_is_not_copied() {
        for text in ["see [1] and (a), {x}: y", r"C:\Users\bob\.ssh\id", "a[0].b(1)", "xhxxp://a"] {
            assert!(matches!(refang(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }

    #[test]
    fn spans_lead_back_to_the_original() {
        let text = "see hxxp://acme[.]example/x now";
        let refanged = Refanged::new(text);
        let start = refanged.text.find("http").unwrap();
        let end = refanged.text.find(" now").unwrap();
        let span = refanged.original(Span { start, end });
        assert_eq!(text.get(span.start..span.end).unwrap(), "hxxp://acme[.]example/x");
        let host = refanged.text.find("acme").unwrap();
        let span = refanged.original(Span { start: host, end: host + "acme.example".len() });
        assert_eq!(text.get(span.start..span.end).unwrap(), "acme[.]example");
    }

    #[test]
    fn no_text_takes_longer_than_it_is_long() {
        for part in ["\\", "\\.", "a\\.b", "[", "[.]", "(at", "hxxp://", ":[", "[:"] {
            let text = part.repeat((1 << 20) / part.len());
            assert!(Refanged::new(&text).text.len() <= text.len());
        }
    }
}
