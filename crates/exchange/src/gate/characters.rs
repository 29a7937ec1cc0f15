//! Characters that nothing may leave with: they hide words, or show others than are there.

/// The first character that is refused, with the reason.
pub(super) fn refused(text: &str) -> Option<String> {
    if text.is_ascii() && !text.bytes().any(|b| b.is_ascii_control()) {
        return None;
    }
    let mut flag = false;
    text.chars().find_map(|c| {
        // The flags of England, Scotland and Wales are a black flag and tags.
        flag = c == '\u{1f3f4}' || (flag && is_tag(c));
        let what = if flag { None } else { kind(c) };
        what.map(|what| format!("U+{:04X} is {what}; take it out", u32::from(c)))
    })
}

fn kind(c: char) -> Option<&'static str> {
    match u32::from(c) {
        0x9 | 0xa | 0xd => None,
        0..=0x1f | 0x7f..=0x9f => Some("a control character"),
        0x202a..=0x202e | 0x2066..=0x2069 => {
            Some("a control of the direction of writing, which shows a text in another order")
        }
        0xfff9..=0xfffb => Some("a mark of interlinear text, which hides what it encloses"),
        0xe000..=0xf8ff | 0xf_0000..=0x10_ffff => {
            Some("for private use: what it shows is not known")
        }
        0xfdd0..=0xfdef => Some("not a character"),
        n if n & 0xfffe == 0xfffe => Some("not a character"),
        _ if is_tag(c) => Some("a tag, which nobody sees"),
        _ => None,
    }
}

fn is_tag(c: char) -> bool {
    matches!(u32::from(c), 0xe0000..=0xe007f)
}
