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
/// Most bytes of a URL before the end of its line.
const MAX_URL: usize = 200;
/// Letters and digits of an address of Monero.
const MONERO: usize = 95;

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
/// Each part in quotes of its own: `"ana" at "acme" dot "example"`.
static QUOTED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let form =
        r#""[a-zA-Z0-9._+-]+"(?: (?:at|AT) "[a-zA-Z0-9.-]+")?(?: (?:dot|DOT) "[a-zA-Z0-9-]+")+"#;
    Regex::new(form).ok()
});

/// A name whose full stops alone are said: `ana at acme (dot) example`; and signs in marks of their own:
/// `acme<b>.</b>example`.
static HALF_SPOKEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)[a-z0-9._+-]+( at )[a-z0-9-]+(?: ?[\[(](?:dot|\.)[\])] ?[a-z0-9-]+)+").ok()
});
static MARKED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let mark = "(?:b|i|u|em|strong|span|wbr|font)\\b[^<>]{0,60}";
    Regex::new(&format!(r"(?i)[a-z0-9](<{mark}>)[.@](</{mark}>)[a-z0-9]")).ok()
});
/// A URL with spaces between its parts, which has one after its `//`.
static SPACED_URL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let dot = r" ?(?:\.|[\[({](?:\.|dot)[\])}]) ?";
    let path = r"(?: ?/ ?[a-zA-Z0-9._~%-]+)*(?: ?\? ?[a-zA-Z0-9_]+ ?=)?";
    Regex::new(&format!(r"(?i)h(?:tt|xx)ps? ?: ?// [a-z0-9-]+(?:{dot}[a-z0-9-]+)+{path}")).ok()
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
    let spaced = |form: &Option<Regex>, cuts: &mut Vec<(Span, String)>| {
        for found in form.iter().flat_map(|form| form.find_iter(text)) {
            let spaces = found.as_str().match_indices(' ');
            cuts.extend(spaces.map(|(at, _)| {
                let start = found.start() + at;
                (Span { start, end: start + 1 }, String::new())
            }));
        }
    };
    if memmem::find_iter(bytes, b" .").any(|at| is_near_digit(bytes, at)) {
        spaced(&ADDRESS, &mut cuts);
    }
    if memmem::find(bytes, b" @ ").is_some() {
        spaced(&MAIL, &mut cuts);
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
        quotes(text, &mut cuts);
    }
    marks(text, &mut cuts);
    if memmem::find(bytes, b"// ").is_some() {
        spaced(&SPACED_URL, &mut cuts);
    }
    let lines = memchr::memchr_iter(b'\n', bytes);
    cuts.extend(lines.filter_map(|at| broken_hash(bytes, at).or_else(|| broken_url(bytes, at))));
    // What mail writes for an equals sign.
    cuts.extend(
        memmem::find_iter(bytes, b"=3D")
            .filter(|at| is_inside(bytes, *at, 3))
            .map(|start| (Span { start, end: start + 3 }, "=".to_owned())),
    );
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

/// Takes the quotes from names whose parts stand in quotes.
fn quotes(text: &str, cuts: &mut Vec<(Span, String)>) {
    for found in QUOTED.iter().flat_map(|form| form.find_iter(text)) {
        let (start, end) = (found.start(), found.end());
        cuts.push((Span { start, end: start + 1 }, String::new()));
        cuts.push((Span { start: end - 1, end }, String::new()));
        for (sign, meant) in
            [("\" at \"", "@"), ("\" AT \"", "@"), ("\" dot \"", "."), ("\" DOT \"", ".")]
        {
            cuts.extend(found.as_str().match_indices(sign).map(|(at, _)| {
                let start = start + at;
                (Span { start, end: start + sign.len() }, meant.to_owned())
            }));
        }
    }
}

/// Cuts marks around single signs, and the `at` before a name with other signs for its full stops.
fn marks(text: &str, cuts: &mut Vec<(Span, String)>) {
    let bytes = text.as_bytes();
    if memmem::find(bytes, b">.<").or_else(|| memmem::find(bytes, b">@<")).is_some() {
        for found in MARKED.iter().flat_map(|form| form.captures_iter(text)) {
            let both = [found.get(1), found.get(2)].into_iter().flatten();
            cuts.extend(
                both.map(|mark| (Span { start: mark.start(), end: mark.end() }, String::new())),
            );
        }
    }
    if memmem::find(bytes, b" at ").or_else(|| memmem::find(bytes, b" AT ")).is_some() {
        for found in HALF_SPOKEN.iter().flat_map(|form| form.captures_iter(text)) {
            let (Some(whole), Some(at)) = (found.get(0), found.get(1)) else { continue };
            let local = text.get(whole.start()..at.start()).unwrap_or_default();
            if is_of_mail(text, whole.start(), local) {
                cuts.push((Span { start: at.start(), end: at.end() }, "@".to_owned()));
            }
        }
    }
}

/// Whether the word before an `at` is an address's, and not `hosted at`: it has a sign or a digit in it, or
/// mail is spoken of before it.
fn is_of_mail(text: &str, start: usize, local: &str) -> bool {
    if !local.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return true;
    }
    let from = text.ceil_char_boundary(start.saturating_sub(NAMED));
    let before = text.get(from..start).unwrap_or_default().to_ascii_lowercase();
    ["mail", "contact", "write to", "correo", "courriel", "schreib"]
        .iter()
        .any(|word| before.contains(word))
}

/// Whether what is so long at `at` has letters or digits on both sides.
fn is_inside(text: &[u8], at: usize, length: usize) -> bool {
    let before = at.checked_sub(1).and_then(|at| text.get(at));
    [before, text.get(at + length)].into_iter().all(|b| b.is_some_and(u8::is_ascii_alphanumeric))
}

/// What stands between the two lines of a URL that is broken at `at`: after `&`, before `?` or `&`, or after a
/// hyphen in its host.
fn broken_url(text: &[u8], at: usize) -> Option<(Span, String)> {
    let head = text.get(at.saturating_sub(MAX_URL)..at)?.trim_ascii_end();
    let begin = head.iter().rposition(u8::is_ascii_whitespace).map_or(0, |space| space + 1);
    let head_end = at.saturating_sub(MAX_URL) + head.len();
    let head = head.get(begin..)?;
    let host = memmem::find(head, b"://").and_then(|sign| head.get(sign + 3..))?;
    let rest = text.get(at..(at + MAX_GAP).min(text.len()))?;
    let gap = rest.iter().position(|b| !b.is_ascii_whitespace() && *b != b'>')?;
    let [first, second, ..] = *rest.get(gap..)? else { return None };
    let goes_on = head.ends_with(b"&") && first.is_ascii_alphanumeric()
        || matches!(first, b'?' | b'&') && second.is_ascii_alphanumeric();
    let is_host = host.ends_with(b"-")
        && first.is_ascii_lowercase()
        && !host.iter().any(|b| matches!(b, b'.' | b'/' | b'['));
    let span = Span { start: head_end, end: at + gap };
    (goes_on || is_host).then(|| (span, String::new()))
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
    if let Some(found) = broken_wallet(text, head, at) {
        return Some(found);
    }
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
    let is_one =
        first != second || !HASHES.contains(&first) || memmem::find(named, b"256").is_some();
    (second >= MIN_TAIL && is_one && HASHES.contains(&(first + second)))
        .then(|| (span, String::new()))
}

/// What stands between the two lines of an address of Monero that is broken at `at`.
fn broken_wallet(text: &[u8], head: &[u8], at: usize) -> Option<(Span, String)> {
    let is_digit = |b: &&u8| b.is_ascii_alphanumeric();
    let first = head.iter().rev().take(MONERO).take_while(is_digit).count();
    let begins = head.len().checked_sub(first).and_then(|from| head.get(from));
    if first < MIN_HEAD || !matches!(begins, Some(b'4' | b'8')) {
        return None;
    }
    let rest = text.get(at..)?;
    let gap = rest.iter().take(MAX_GAP).position(|b| !b.is_ascii_whitespace() && *b != b'>')?;
    let second = rest.get(gap..)?.iter().take(MONERO).take_while(is_digit).count();
    let span = Span { start: head.len(), end: at + gap };
    (first + second == MONERO).then(|| (span, String::new()))
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
            (
                "mail a=\nhttps://acme[.]example/d?f=a.hwp&\n     u=supplier_07 to",
                "https://acme.example/d?f=a.hwp&u=supplier_07",
                "https://acme[.]example/d?f=a.hwp&\n     u=supplier_07",
            ),
            (
                "> https://tax-\n> refund[.]example/ch/tg",
                "https://tax-refund.example/ch/tg",
                "https://tax-\n> refund[.]example/ch/tg",
            ),
            (
                "https : // acme . example / gt / a.php",
                "https://acme.example/gt/a.php",
                "https : // acme . example / gt / a.php",
            ),
            ("acme-two<b>.</b>example/lv", "acme-two.example", "acme-two<b>.</b>example"),
            ("ana2 at acme (dot) example", "ana2@acme.example", "ana2 at acme (dot) example"),
            (
                "http://acme.example/?a=3D1",
                "http://acme.example/?a=1",
                "http://acme.example/?a=3D1",
            ),
            (
                "MD5  CEC29B2CB5EA4362\n     1BA90A5702DBCC1E",
                "CEC29B2CB5EA43621BA90A5702DBCC1E",
                "CEC29B2CB5EA4362\n     1BA90A5702DBCC1E",
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
