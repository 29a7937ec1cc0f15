//! Characters that nothing may leave with: they hide words, or show others than are there.
//!
//! What cannot be seen ([`unseen`]) is refused but where a script needs it:
//!
//! - a mark of direction in a line that has right-to-left letters, and not inside of a word or number;
//! - a joiner between letters or marks of a script that joins them, and inside of an emoji;
//! - a place to break a line beside letters of a script without spaces;
//! - a variation selector after what has forms to choose from.
//!
//! What encloses words and turns them is never needed: a mark does the same without hiding anything.

use super::letters;
use super::unseen::{self, Unseen};

/// The first character that is refused, with the reason.
pub(super) fn refused(text: &str) -> Option<String> {
    if text.is_ascii() && !text.bytes().any(|b| b.is_ascii_control()) {
        return None;
    }
    let mut flag = false;
    let mut before = None;
    let mut found = text.char_indices().filter_map(|(at, c)| {
        // The flags of England, Scotland and Wales are a black flag and tags.
        let tag = unseen::kind(c) == Some(Unseen::Tag);
        flag = c == '\u{1f3f4}' || (flag && tag);
        let why = if flag { None } else { kind(c).or_else(|| misplaced(text, at, c, before)) };
        before = Some(c);
        why.map(|why| format!("U+{:04X} is {why}", u32::from(c)))
    });
    found.next()
}

/// Why a character is refused wherever it stands, and what to do.
fn kind(c: char) -> Option<&'static str> {
    match u32::from(c) {
        0x9 | 0xa | 0xd => None,
        0..=0x1f | 0x7f..=0x9f => Some("a control character; take it out"),
        0xfff9..=0xfffb => {
            Some("a mark of interlinear text, which hides what it encloses; take it out")
        }
        0xe000..=0xf8ff | 0xf_0000..=0x10_ffff => {
            Some("for private use: what it shows is not known; take it out")
        }
        0xfdd0..=0xfdef => Some("not a character; take it out"),
        n if n & 0xfffe == 0xfffe => Some("not a character; take it out"),
        _ => None,
    }
}

/// Why a character that is not seen does not belong where it stands.
fn misplaced(text: &str, at: usize, c: char, before: Option<char>) -> Option<&'static str> {
    let (until, from) = text.split_at_checked(at)?;
    let after = from.chars().nth(1);
    let either = |is: fn(char) -> bool| before.is_some_and(is) || after.is_some_and(is);
    let (stands, why) = match unseen::kind(c)? {
        Unseen::Mark => {
            let inside = [before, after].iter().all(|c| c.is_some_and(char::is_alphanumeric));
            let why = "a mark of direction, which only a line of right-to-left letters needs, and no \
                       word or number; take it out";
            (!inside && in_right_to_left(until, from), why)
        }
        Unseen::Turn => {
            let why = "a control of the direction of writing, which shows a text in another order; \
                       take it out, or write U+200E or U+200F beside right-to-left letters";
            (false, why)
        }
        Unseen::Joiner => {
            let joined = before.is_some_and(joins) && after.is_none_or(|c| joins(c) || !is_word(c));
            let emoji = before.is_some_and(is_picture) && after.is_some_and(is_picture);
            let why = "a joiner, which only letters that are joined need, as those of Persian or \
                       Hindi; take it out";
            (joined || emoji, why)
        }
        Unseen::Break => {
            let why = "a space that nobody sees, which only a script without spaces needs; write a \
                       space, or take it out";
            (either(letters::has_no_spaces), why)
        }
        Unseen::Variation => {
            let why = "a variation selector, which nobody sees and this letter has no use for; take \
                       it out";
            (before.is_some_and(varies), why)
        }
        Unseen::Tag => (false, "a tag, which nobody sees; take it out"),
        Unseen::Other => (false, "a character that nobody sees; take it out"),
        Unseen::Line => (false, "a break of a line that few programs show; write a new line"),
    };
    (!stands).then_some(why)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric()
}

/// Whether the line that two parts of a text meet in has right-to-left letters.
fn in_right_to_left(until: &str, from: &str) -> bool {
    let line = |c: char| matches!(c, '\n' | '\r');
    let start = until.rsplit(line).next().unwrap_or_default();
    let end = from.split(line).next().unwrap_or_default();
    start.chars().chain(end.chars()).any(is_right_to_left)
}

/// Letters of Hebrew, Arabic, Syriac, Thaana, N'Ko and the other scripts that are written leftwards.
fn is_right_to_left(c: char) -> bool {
    let block = matches!(u32::from(c), 0x590..=0x8ff | 0xfb1d..=0xfdff | 0xfe70..=0xfefc
        | 0x10800..=0x10fff | 0x1e800..=0x1efff);
    block && c.is_alphabetic()
}

/// Letters and marks of scripts that join them: Arabic and its like, those of India and its
/// neighbours, Mongolian.
fn joins(c: char) -> bool {
    let block = matches!(u32::from(c), 0x600..=0x7ff | 0x840..=0xdff | 0xe00..=0x109f
        | 0x1700..=0x18af | 0x1900..=0x1cff | 0xa800..=0xabff | 0xfb50..=0xfdff | 0xfe70..=0xfefc
        | 0x10ac0..=0x10fff | 0x11000..=0x11fff | 0x1e900..=0x1e95f);
    block && !c.is_numeric()
}

/// Emoji and other pictures, and what forms them.
fn is_picture(c: char) -> bool {
    matches!(u32::from(c), 0xa9 | 0xae | 0x203c | 0x2049 | 0x20e3 | 0x2122 | 0x2139
        | 0x2190..=0x2bff | 0x3030 | 0x303d | 0x3297 | 0x3299 | 0xfe0f | 0x1f000..=0x1faff)
}

/// What has forms that a variation selector chooses from: pictures, keys, Chinese characters, letters
/// of Mongolian, Burmese and Phags-pa, signs of mathematics.
fn varies(c: char) -> bool {
    is_picture(c)
        || matches!(c, '0'..='9' | '#' | '*')
        || matches!(u32::from(c), 0x1000..=0x109f | 0x1800..=0x18af | 0x2200..=0x22ff
            | 0x3000..=0x303f | 0x3400..=0x9fff | 0xa840..=0xa87f | 0xaa60..=0xaa7f
            | 0xf900..=0xfaff | 0x20000..=0x3ffff)
}
