//! Values that a text draws apart, put together again: `203 . 0 . 113 . 7`, `ana @ acme . example`,
//! a hash that goes on in the next line; and signs that are written as entities of HTML.

use crate::Span;
use crate::refang::Edit;
use memchr::memmem;
use regex::{Captures, Regex};
use std::sync::LazyLock;

/// Digits of the hashes that are put together.
const HASHES: &[usize] = &[32, 40, 64];
/// Fewest digits of a hash in its first line.
const MIN_HEAD: usize = 16;
/// Fewest digits of a hash in its second line.
const MIN_TAIL: usize = 8;
/// How far before a hash its kind is named, in bytes.
const NAMED: usize = 40;
/// Most bytes between two lines of a hash: the sign of a quotation, and white space.
const MAX_GAP: usize = 60;

static ENTITY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let names = "amp|commat|period|colon|sol|lsqb|lbrack|rsqb|rbrack|lpar|rpar|quest|equals|num";
    Regex::new(&format!(r"&(?:#([0-9]{{2,3}})|#[xX]([0-9a-fA-F]{{2}})|({names}));")).ok()
});
static ADDRESS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\b[0-9]{1,3}(?: ?\. ?[0-9]{1,3}){3}\b").ok());
static MAIL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"[a-zA-Z0-9._+-]+ @ [a-zA-Z0-9-]+(?: \. [a-zA-Z0-9-]+|\.[a-zA-Z0-9-]+)+").ok()
});
static SPOKEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"[a-zA-Z0-9._+-]+ (?:at|AT) [a-zA-Z0-9-]+(?: (?:dot|DOT) [a-zA-Z0-9-]+)+\b").ok()
});

/// The text with its values whole, and where they stood apart; `None` where none does.
pub(crate) fn joined(text: &str) -> Option<(String, Vec<Edit>)> {
    let bytes = text.as_bytes();
    let mut cuts = Vec::new();
    if memchr::memchr(b'&', bytes).is_some() {
        for found in ENTITY.iter().flat_map(|form| form.captures_iter(text)) {
            if let (Some(whole), Some(sign)) = (found.get(0), sign(&found)) {
                cuts.push((Span { start: whole.start(), end: whole.end() }, sign));
            }
        }
    }
    let mut spaced = |form: &Option<Regex>| {
        for found in form.iter().flat_map(|form| form.find_iter(text)) {
            let spaces = found.as_str().match_indices(' ');
            cuts.extend(spaces.map(|(at, _)| {
                let start = found.start() + at;
                (Span { start, end: start + 1 }, String::new())
            }));
        }
    };
    if memmem::find_iter(bytes, b" .").any(|at| is_near_digit(bytes, at)) {
        spaced(&ADDRESS);
    }
    if memmem::find(bytes, b" @ ").is_some() {
        spaced(&MAIL);
    }
    if memmem::find(bytes, b" DOT ").or_else(|| memmem::find(bytes, b" dot ")).is_some() {
        for found in SPOKEN.iter().flat_map(|form| form.find_iter(text)) {
            for (word, sign) in [(" at ", "@"), (" dot ", "."), (" AT ", "@"), (" DOT ", ".")] {
                cuts.extend(found.as_str().match_indices(word).map(|(at, _)| {
                    let start = found.start() + at;
                    (Span { start, end: start + word.len() }, sign.to_owned())
                }));
            }
        }
    }
    cuts.extend(memchr::memchr_iter(b'\n', bytes).filter_map(|at| broken_hash(bytes, at)));
    if cuts.is_empty() {
        return None;
    }
    cuts.sort_by_key(|(span, _)| (span.start, span.end));
    let mut out = String::with_capacity(text.len());
    let mut edits = Vec::with_capacity(cuts.len());
    let mut done = 0;
    for (was, meant) in cuts {
        if was.start < done {
            continue;
        }
        out.push_str(text.get(done..was.start)?);
        let start = out.len();
        out.push_str(&meant);
        edits.push(Edit { was, is: Span { start, end: out.len() } });
        done = was.end;
    }
    out.push_str(text.get(done..)?);
    Some((out, edits))
}

/// The sign that an entity stands for; only signs that stand in values of observables.
fn sign(found: &Captures<'_>) -> Option<String> {
    let number = |group, radix| {
        let digits = found.get(group)?;
        u32::from_str_radix(digits.as_str(), radix).ok().and_then(char::from_u32)
    };
    let sign = match found.get(3).map(|name| name.as_str()) {
        Some("amp") => '&',
        Some("commat") => '@',
        Some("period") => '.',
        Some("colon") => ':',
        Some("sol") => '/',
        Some("lsqb" | "lbrack") => '[',
        Some("rsqb" | "rbrack") => ']',
        Some("lpar") => '(',
        Some("rpar") => ')',
        Some("quest") => '?',
        Some("equals") => '=',
        Some("num") => '#',
        _ => number(1, 10).or_else(|| number(2, 16))?,
    };
    (sign.is_ascii_graphic() && sign != '<' && sign != '>').then(|| sign.to_string())
}

fn is_near_digit(text: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|at| text.get(at));
    let after = text.get(at + 2..).unwrap_or_default().iter().find(|b| **b != b' ');
    [before, after].into_iter().all(|b| b.is_some_and(u8::is_ascii_digit))
}

/// What stands between the two lines of a hash that is broken at `at`.
fn broken_hash(text: &[u8], at: usize) -> Option<(Span, String)> {
    let head = text.get(..at)?.trim_ascii_end();
    let head = head.strip_suffix(b"-").unwrap_or(head);
    let is_digit = |b: &&u8| b.is_ascii_hexdigit();
    let first = head.iter().rev().take(64).take_while(is_digit).count();
    if first < MIN_HEAD {
        return None;
    }
    let rest = text.get(at..(at + MAX_GAP).min(text.len()))?;
    let gap = rest.iter().position(|b| !b.is_ascii_whitespace() && *b != b'>')?;
    let second = text.get(at + gap..)?.iter().take(64).take_while(is_digit).count();
    let span = Span { start: head.len(), end: at + gap };
    // Two lines of 32 digits may be two hashes: then the text says which it is.
    let named = text.get(at.saturating_sub(first + NAMED)..at).unwrap_or_default();
    let is_one = first != second || memmem::find(named, b"256").is_some();
    (second >= MIN_TAIL && is_one && HASHES.contains(&(first + second)))
        .then(|| (span, String::new()))
}

#[cfg(test)]
mod tests {
    use crate::observable::find;

    #[test]
    fn what_is_drawn_apart_is_found_whole_and_where_it_stands() {
        for (text, value, written) in [
            ("from 203 . 0 . 113 . 7 on 443", "203.0.113.7", "203 . 0 . 113 . 7"),
            ("203.0.113 .171 (no space)", "203.0.113.171", "203.0.113 .171"),
            ("\"ptl @ post-x . example\"", "ptl@post-x.example", "ptl @ post-x . example"),
            ("<b>203&#46;0&#46;113&#46;77</b>", "203.0.113.77", "203&#46;0&#46;113&#46;77"),
            (
                "SHA-256 3dc40e56a30399d7a0dffbddd1f2daa8683d2b96\n   6292207975317999e3563fdc",
                "3dc40e56a30399d7a0dffbddd1f2daa8683d2b966292207975317999e3563fdc",
                "3dc40e56a30399d7a0dffbddd1f2daa8683d2b96\n   6292207975317999e3563fdc",
            ),
            ("j.olsen AT post DOT example", "j.olsen@post.example", "j.olsen AT post DOT example"),
            (
                "ana (arroba) acme (punto) example",
                "ana@acme.example",
                "ana (arroba) acme (punto) example",
            ),
        ] {
            let found = find(text);
            let first = found.first().unwrap();
            assert_eq!(first.value, value, "{text}");
            assert_eq!(text.get(first.span.start..first.span.end), Some(written), "{text}");
        }
    }

    #[test]
    fn hashes_in_two_lines_are_two() {
        let text = "MD5\n  d41d8cd98f00b204e9800998ecf8427e\n  1d7e44697f88fcdab38f73962420a0be\n";
        assert_eq!(find(text).len(), 2);
    }

    #[test]
    fn sentences_are_left_as_they_are() {
        for text in
            ["We had 12 . 3 of 4", "at 5 @ 6", "deadbeef\ncafe", "&copy; &lt;", "at the dot"]
        {
            assert_eq!(find(text), [], "{text}");
        }
    }
}
