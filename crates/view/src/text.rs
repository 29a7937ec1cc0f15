//! Text for people: how a time, a yes or no, a thing that is not there, and a text that somebody else
//! wrote are put into words. The one place for it.
//!
//! Foreign text is whatever a partner, a source, a server or a file has brought. It is shown as text
//! and never as an instruction to the terminal or the reader's eye:
//!
//! - Characters that act on a terminal, turn the direction of what follows, or cannot be seen are
//!   shown as escapes, `\u{202e}`: control characters, the bidirectional embeddings, overrides and
//!   isolates (U+202A–202E, U+2066–2069), interlinear annotations (U+FFF9–FFFB), private use,
//!   noncharacters, tags (U+E0000–E007F), and the invisible U+200B, U+2060–2065, U+206A–206F and
//!   U+FEFF. An escape says what stood there; a replacement character would not. A text that spells
//!   out an escape looks the same: escapes are for reading and are never read back.
//! - Characters that writing needs stay: U+200C and U+200D (Persian, Indic scripts), U+200E, U+200F
//!   and U+061C (marks that move nothing outside an isolate), U+00AD.
//! - A tab is shown as a space.
//! - A field of one line stays on one line: each line break is shown as `⏎` ([`line()`]). A text of
//!   several lines keeps its line breaks ([`block`]).
//! - A text with letters that run from right to left is isolated, between U+2068 and U+2069, so that
//!   it does not reorder the words around it (UAX #9). Other text needs no isolation, and can be
//!   copied as it stands. A surface that does not lay out both directions, such as a file or a pipe,
//!   takes the isolates out ([`without_isolates`]); since foreign ones are escaped, every one that is
//!   left is ours.
//!
//! Names of users and nodes need none of this: their checks allow only ASCII letters, digits and
//! three signs.

use forewarn_stix::Timestamp;
use serde_json::Value;

/// What is shown in place of a thing that is not there.
pub const NONE: &str = "–";

const ISOLATE: char = '\u{2068}';
const END_ISOLATE: char = '\u{2069}';

/// A time to the second, with its zone. Precision is for where it decides something.
pub fn time(time: &Timestamp) -> String {
    let second = time.as_str().get(..19);
    second.map_or_else(|| time.to_string(), |second| format!("{second}Z"))
}

/// A time that another server wrote: to the second when it is one, or else as foreign text.
pub fn foreign_time(text: &str) -> String {
    Timestamp::parse(text).map_or_else(|_| line(text), |at| time(&at))
}

/// `yes` or `no`.
pub fn yes_no(yes: bool) -> String {
    if yes { "yes" } else { "no" }.to_owned()
}

/// A thing in words, or [`NONE`].
pub fn or_none<T: ?Sized>(thing: Option<&T>, words: impl FnOnce(&T) -> String) -> String {
    thing.map_or_else(|| NONE.to_owned(), words)
}

/// Foreign text on one line.
pub fn line(text: &str) -> String {
    isolated(&escaped(text, '⏎'), text)
}

/// Foreign text that keeps its lines. Each line with letters from right to left is isolated by
/// itself: a line break ends an isolate.
pub fn block(text: &str) -> String {
    let escaped = escaped(text, '\n');
    let lines: Vec<String> = escaped.split('\n').map(|one| isolated(one, one)).collect();
    lines.join("\n")
}

/// Foreign JSON on one line: a string as its text, a list by its parts, anything else as JSON.
pub fn value(value: &Value) -> String {
    match value {
        Value::Null => NONE.to_owned(),
        Value::Bool(yes) => yes_no(*yes),
        Value::String(text) => foreign_time(text),
        Value::Array(list) => {
            let parts: Vec<String> = list.iter().map(self::value).collect();
            parts.join(", ")
        }
        other => line(&other.to_string()),
    }
}

/// Words without the isolates that [`line()`] and [`block`] put around foreign text.
pub fn without_isolates(words: &str) -> String {
    words.chars().filter(|c| !matches!(*c, ISOLATE | END_ISOLATE)).collect()
}

fn escaped(text: &str, line_break: char) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\r' if rest.peek() == Some(&'\n') => {}
            '\n' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push(line_break),
            '\t' => out.push(' '),
            c if acts_or_hides(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

/// Whether a character would act on a terminal, turn the direction, or not be seen.
fn acts_or_hides(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{200b}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{e000}'..='\u{f8ff}'
            | '\u{fdd0}'..='\u{fdef}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
            | '\u{f0000}'..='\u{10ffff}')
        || u32::from(c) & 0xfffe == 0xfffe
}

fn isolated(shown: &str, text: &str) -> String {
    if text.chars().any(runs_from_right) {
        format!("{ISOLATE}{shown}{END_ISOLATE}")
    } else {
        shown.to_owned()
    }
}

/// The blocks of scripts that run from right to left, and the two marks (UAX #9, classes R and AL).
fn runs_from_right(c: char) -> bool {
    matches!(c,
        '\u{590}'..='\u{8ff}'
        | '\u{200f}'
        | '\u{fb1d}'..='\u{fdff}'
        | '\u{fe70}'..='\u{fefe}'
        | '\u{10800}'..='\u{10fff}'
        | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn a_time_is_shown_to_the_second() {
        for text in
            ["2017-12-15T09:30:00Z", "2017-12-15T09:30:00.9Z", "2017-12-15T09:30:00.123456Z"]
        {
            assert_eq!(time(&at(text)), "2017-12-15T09:30:00Z");
            assert_eq!(foreign_time(text), "2017-12-15T09:30:00Z");
        }
        assert_eq!(foreign_time("soon\n"), "soon⏎");
    }

    /// A partner's text could once move the cursor, or colour what it is not.
    #[test]
    fn a_text_does_nothing_to_the_terminal() {
        assert_eq!(block("x\u{1b}[2Jy\nz"), "x\\u{1b}[2Jy\nz");
        assert_eq!(line("a\rb\u{7}\u{9b}31mc"), "a\\u{d}b\\u{7}\\u{9b}31mc");
    }

    /// A line break in a title could once begin a row of its own in a table.
    #[test]
    fn a_field_of_one_line_stays_on_one_line() {
        assert_eq!(line("a\r\nb\nc\u{2028}d\u{85}e\tf"), "a⏎b⏎c⏎d⏎e f");
        assert_eq!(block("a\r\nb\u{2029}c"), "a\nb\nc");
        assert_eq!(line("\n\n"), "⏎⏎");
    }

    /// An override could once show `gpj.exe` as `exe.jpg`.
    #[test]
    fn what_turns_the_direction_or_cannot_be_seen_is_spelt_out() {
        assert_eq!(line("\u{202e}gpj.exe"), "\\u{202e}gpj.exe");
        for c in [
            '\u{202a}',
            '\u{202d}',
            '\u{2066}',
            '\u{2069}',
            '\u{200b}',
            '\u{2060}',
            '\u{feff}',
            '\u{e000}',
            '\u{f8ff}',
            '\u{fff9}',
            '\u{fffb}',
            '\u{ffff}',
            '\u{e0041}',
            '\u{f0000}',
            '\u{10fffd}',
            '\0',
            '\u{7f}',
        ] {
            assert_eq!(line(&format!("a{c}b")), format!("a{}b", c.escape_unicode()));
        }
    }

    #[test]
    fn what_writing_needs_stays() {
        for text in ["“Übermut” – 爆弾 ✓ 👩‍🚒", "نمی‌خواهم", "क्‍ष", "e\u{301}", "co\u{ad}op"]
        {
            assert_eq!(without_isolates(&line(text)), text);
        }
    }

    #[test]
    fn only_text_from_right_to_left_is_isolated() {
        assert_eq!(line("شتاب"), "\u{2068}شتاب\u{2069}");
        assert_eq!(block("plain\nשלום\n"), "plain\n\u{2068}שלום\u{2069}\n");
        assert_eq!(line("Санкт-Петербург"), "Санкт-Петербург");
        assert_eq!(without_isolates("von \u{2068}שלום\u{2069}."), "von שלום.");
    }

    #[test]
    fn foreign_json_is_a_line() {
        assert_eq!(value(&json!(["a\nb", true, null, 7])), "a⏎b, yes, –, 7");
        assert_eq!(value(&json!({ "a": "\u{202e}" })), "{\"a\":\"\\u{202e}\"}");
    }
}
