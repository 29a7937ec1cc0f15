//! Words in which letters of two alphabets stand side by side, read by their sound: `Вolkov`, whose
//! first letter is a Cyrillic V and only looks like a B.

use super::super::letters;

/// `None` when there is no such word. Only those are kept, each apart.
pub(super) fn decode(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let mut out = String::new();
    for word in text.split(|c: char| !c.is_alphanumeric()) {
        let latin = word.contains(|c: char| c.is_ascii_alphabetic());
        if latin && word.contains(has_sound) {
            out.push_str(super::APART);
            for c in word.chars() {
                if has_sound(c) {
                    out.push_str(any_ascii::any_ascii_char(c));
                } else {
                    out.push(c);
                }
            }
        }
    }
    (!out.is_empty()).then_some(out)
}

/// Greek and Cyrillic: letters that a reader of Latin script may take by their sound.
fn has_sound(c: char) -> bool {
    matches!(letters::alphabet(c), Some(0x370 | 0x400))
}
