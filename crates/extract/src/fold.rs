//! Folding: spellings that differ only by case, accents, hyphens or white space get one form, so
//! that they can be compared byte for byte.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// What becomes of a character when a text is folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Letter {
    /// It is invisible and is dropped.
    Nothing,
    /// It separates words.
    Gap,
    /// It is kept, or replaced by this character.
    Part(char),
}

/// Calls `each` with the folded form of a character: one letter, several, or none.
pub(crate) fn letters(c: char, each: &mut dyn FnMut(Letter)) {
    if c.is_ascii() {
        each(plain(c.to_ascii_lowercase()));
        return;
    }
    for c in c.to_lowercase().nfkd().filter(|c| !is_combining_mark(*c)) {
        match spelled(c) {
            Some(letters) => letters.chars().for_each(|c| each(Letter::Part(c))),
            None => each(plain(c)),
        }
    }
}

fn plain(c: char) -> Letter {
    if is_ignorable(c) {
        return Letter::Nothing;
    }
    if c.is_whitespace() || c.is_control() || "-‐‑–—_.'’".contains(c) {
        return Letter::Gap;
    }
    Letter::Part(c)
}

/// Like [`letters`], but a letter outside ASCII is spelt by its sound in Latin letters.
pub(crate) fn spell_out(c: char, each: &mut dyn FnMut(Letter)) {
    if c.is_ascii() || !c.is_alphabetic() {
        return letters(c, each);
    }
    let spelt = match c {
        'ä' | 'Ä' | 'æ' | 'Æ' => "ae",
        'ö' | 'Ö' | 'ø' | 'Ø' => "oe",
        'ü' | 'Ü' => "ue",
        'å' | 'Å' => "aa",
        c => any_ascii::any_ascii_char(c),
    };
    // Some transliterations contain signs, such as that of the soft sign. Names do not have them.
    for c in spelt.chars().filter(char::is_ascii_alphanumeric) {
        each(Letter::Part(c.to_ascii_lowercase()));
    }
}

/// Whether a character belongs to a script that writes without spaces between words. Each such
/// character counts as a word, so that a name is found inside a sentence.
pub(crate) fn is_word_alone(c: char) -> bool {
    matches!(u32::from(c), 0xe00..=0xeff | 0x1000..=0x109f | 0x1100..=0x11ff | 0x1780..=0x17ff
        | 0x3040..=0x30ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xac00..=0xd7ff | 0xf900..=0xfaff
        | 0x20000..=0x3ffff)
}

/// A folded text that remembers where each of its bytes stood in the original.
#[derive(Debug, Default)]
pub struct Folded {
    text: String,
    /// The byte offset in the original of each byte of `text`; last, the length of the original.
    origin: Vec<usize>,
}

impl Folded {
    /// Folds a text: lower case, without accents. A run of hyphens, full stops, apostrophes and
    /// white space becomes one space; invisible characters are dropped.
    pub fn new(original: &str) -> Folded {
        let mut folded = Folded::default();
        for (at, c) in original.char_indices() {
            letters(c, &mut |letter| folded.push(at, letter));
        }
        folded.origin.push(original.len());
        folded
    }

    fn push(&mut self, at: usize, letter: Letter) {
        let c = match letter {
            Letter::Nothing => return,
            Letter::Gap if self.text.ends_with(' ') => return,
            Letter::Gap => ' ',
            Letter::Part(c) => c,
        };
        self.text.push(c);
        self.origin.extend(std::iter::repeat_n(at, c.len_utf8()));
    }

    /// The folded text. White space at its ends is kept, as one space.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Maps the byte range `start..end` of the folded text to the original. An offset beyond the
    /// text becomes 0.
    pub fn original(&self, start: usize, end: usize) -> crate::Span {
        let at = |n: usize| self.origin.get(n).copied().unwrap_or_default();
        crate::Span { start: at(start), end: at(end) }
    }

    /// Whether byte `start` of the folded text is not preceded by a letter or digit, so that a word
    /// can begin there.
    pub fn starts_word(&self, start: usize) -> bool {
        let before = self.text.get(..start).and_then(|t| t.chars().next_back());
        !before.is_some_and(char::is_alphanumeric)
    }

    /// Whether the byte range `start..end` of the folded text is not cut out of a longer word: no
    /// letter or digit stands directly before or after it.
    pub fn is_whole(&self, start: usize, end: usize) -> bool {
        let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let before = self.text.get(..start).and_then(|t| t.chars().next_back());
        let after = self.text.get(end..).and_then(|t| t.chars().next());
        !letter(before) && !letter(after)
    }
}

/// The replacement for letters that Unicode does not decompose into plain ones, and for letters of
/// other alphabets that look like Latin ones. Words of those alphabets still match each other,
/// since both sides are folded the same way.
fn spelled(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' | 'о' | 'ο' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ı' | 'і' | 'ι' => "i",
        'а' | 'α' => "a",
        'е' | 'ε' => "e",
        'р' | 'ρ' => "p",
        'с' => "c",
        'у' | 'υ' => "y",
        'х' | 'χ' => "x",
        'к' | 'κ' => "k",
        'м' | 'μ' => "m",
        'т' | 'τ' => "t",
        'н' | 'η' => "h",
        'в' | 'β' => "b",
        'ѕ' => "s",
        'ј' => "j",
        _ => return None,
    })
}

/// Whether a character is invisible (Unicode's default-ignorable code points). A soft hyphen or a
/// zero-width space inside a word must not hide the word.
fn is_ignorable(c: char) -> bool {
    matches!(u32::from(c), 0xad | 0x34f | 0x61c | 0x115f | 0x1160 | 0x17b4 | 0x17b5
        | 0x180b..=0x180f | 0x200b..=0x200f | 0x202a..=0x202e | 0x2060..=0x206f | 0x3164
        | 0xfe00..=0xfe0f | 0xfeff | 0xffa0 | 0xfff0..=0xfff8 | 0x1bca0..=0x1bca3
        | 0x1d173..=0x1d17a | 0xe0000..=0xe0fff)
}

/// Folds a name, without white space at its ends: the key under which it is looked up.
pub fn fold(text: &str) -> String {
    Folded::new(text).text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_fold_to_one() {
        assert_eq!(fold("São-Paulo"), "sao paulo");
        assert_eq!(fold(" Sankt-Peterburg "), fold("SANKT PETERBURG"));
        assert_eq!(fold("St. Petersburg"), "st petersburg");
        assert_eq!(fold("Müller"), "muller");
    }

    #[test]
    fn spans_lead_back_to_the_original() {
        let text = "É  São-Paulo!";
        let folded = Folded::new(text);
        let start = folded.text().find("sao paulo").unwrap();
        let span = folded.original(start, start + "sao paulo".len());
        assert_eq!(text.get(span.start..span.end).unwrap(), "São-Paulo");
    }
}
