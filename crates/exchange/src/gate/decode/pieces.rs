//! Base64 and base32 in pieces that are shorter than a word each: `SGF sdm 9yZ Ws=`. Whatever separates
//! them is left out, and all that is left is read from each letter on: only what is letter for letter a
//! long needle counts in what comes out.

use super::super::how::MIN_ANYWHERE;
use super::bytes::scraps;
use super::{Decoded, Kind, base};

/// Fewer letters than this hold no needle that would count.
const MIN_LETTERS: usize = 7;
/// How often the bytes of base64 and of base32 begin anew, in letters.
const BASE64_STEP: usize = 4;
const BASE32_STEP: usize = 8;

pub(super) fn decode(text: &str) -> Decoded {
    let mut decoded = Decoded::default();
    let mut known: Vec<String> = Vec::new();
    // A hyphen or a slash may separate pieces, or be a letter of them.
    for signs in ["", "+/", "-_"] {
        let letter = |c: &char| c.is_ascii_alphanumeric() || signs.contains(*c);
        let letters: String = text.chars().filter(letter).collect();
        if letters.len() < MIN_LETTERS || letters.len() == text.len() || known.contains(&letters) {
            continue;
        }
        read(&letters, signs.is_empty(), &mut decoded.pieces);
        known.push(letters);
    }
    decoded
}

fn read(letters: &str, base32_too: bool, pieces: &mut Vec<(String, Kind)>) {
    // Nothing counts in a scrap but letters side by side.
    let mut words = |run: String| {
        let long = run.split(|c: char| !c.is_alphanumeric());
        let long = long.filter(|word| word.chars().count() >= MIN_ANYWHERE);
        pieces.extend(long.map(|word| (word.to_owned(), Kind::Scrap)));
    };
    let mut take = |bytes: &[u8]| scraps(bytes, &mut words);
    for from in (0..BASE64_STEP).filter_map(|shift| letters.get(shift..)) {
        take(&base::base64(from).unwrap_or_default());
    }
    let of_base32 = |c: &char| c.is_ascii_alphabetic() || ('2'..='7').contains(c);
    let letters: String = letters.chars().filter(of_base32).collect();
    for shift in (0..BASE32_STEP).filter(|_| base32_too) {
        // What is missing of the last group is filled up with zeros.
        let mut from = letters.get(shift..).unwrap_or_default().to_owned();
        from.extend(std::iter::repeat_n(
            'A',
            from.len().next_multiple_of(BASE32_STEP) - from.len(),
        ));
        take(&base::base32(&from).unwrap_or_default());
    }
}
