//! Whether a short word is written as a name is: with a capital that it would not have otherwise.

use super::super::tables;
use super::{Letters, Place};

/// A word that every text has is a name only where it needs no capital: not at the beginning of a
/// sentence, and not in capitals throughout. In a script without capitals, any word may be a name.
pub(super) fn is_name(letters: &Letters<'_>, place: &Place) -> bool {
    let of_place = letters.all.get(place.start..place.end).unwrap_or_default();
    let written: Vec<char> = of_place
        .iter()
        .filter_map(|letter| letters.text.get(letter.at as usize..)?.chars().next())
        .collect();
    let Some(first) = written.first().copied() else { return false };
    if first.is_lowercase() {
        return false;
    }
    let exact: String = of_place.iter().map(|letter| letter.exact).collect();
    let word = tables::is_everywhere(&exact) && written.iter().all(char::is_ascii);
    let shouted = written.iter().all(|c| c.is_uppercase());
    !word || !(shouted || begins_sentence(letters, place))
}

/// Whether a sentence, a line or a point of a list begins at a place.
fn begins_sentence(letters: &Letters<'_>, place: &Place) -> bool {
    let at = letters.all.get(place.start).map_or(0, |letter| letter.at as usize);
    let before = letters.text.get(..at).unwrap_or_default();
    let quote = |c: char| "\"'“„«‘‚([¿¡*_".contains(c) || matches!(c, ' ' | '\t' | '\u{a0}');
    let before = before.trim_end_matches(quote);
    before.is_empty()
        || before.ends_with(['.', '!', '?', '…', ':', ';', '\n', '\r', '-', '–', '—', '•'])
}
