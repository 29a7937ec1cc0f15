//! The words of a text in the form in which they are compared, in every script.
//!
//! Case, accents, points of vowels, widths and invisible characters make no difference. A script that
//! sets no spaces between words (Han, kana, Thai, …), and Hangul, whose endings cling to the word, is
//! cut into letters: a name in it is found as letters that follow one another, wherever it stands. A
//! word in another alphabet is found by its sound in Latin letters too.

use std::ops::Range;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Longest word that is told from others, in bytes: a SHA-512 digest in hexadecimal digits.
const MAX_WORD: usize = 128;

/// A word, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    /// As it is compared: letters and digits alone.
    pub(crate) text: String,
    /// The bytes of the text that it was read from.
    pub(crate) at: Range<usize>,
}

impl Word {
    /// By its sound in Latin letters, where it is written in others.
    pub(crate) fn latin(&self) -> Option<String> {
        if self.text.is_ascii() || self.text.chars().all(stands_alone) {
            return None;
        }
        let latin = any_ascii::any_ascii(&self.text).to_ascii_lowercase();
        let latin: String = latin.chars().filter(char::is_ascii_alphanumeric).collect();
        (!latin.is_empty()).then_some(latin)
    }
}

/// The words of a text, in their order.
pub(crate) fn words(text: &str) -> Words<'_> {
    Words { rest: text.char_indices(), begun: None, ready: None }
}

/// Reads words from a text, one by one.
pub(crate) struct Words<'t> {
    rest: std::str::CharIndices<'t>,
    begun: Option<Word>,
    ready: Option<Word>,
}

impl Iterator for Words<'_> {
    type Item = Word;

    fn next(&mut self) -> Option<Word> {
        if let Some(ready) = self.ready.take() {
            return Some(ready);
        }
        while let Some((start, c)) = self.rest.next() {
            let at = start..start + c.len_utf8();
            if is_ignored(c) {
                continue;
            }
            if stands_alone(c) {
                let one = Word { text: folded(c), at };
                return match self.begun.take() {
                    Some(before) => {
                        self.ready = Some(one);
                        Some(before)
                    }
                    None => Some(one),
                };
            }
            if c.is_alphanumeric() || is_combining_mark(c) {
                self.extend(c, at);
            } else if let Some(done) = self.begun.take() {
                return Some(done);
            }
        }
        self.begun.take()
    }
}

impl Words<'_> {
    fn extend(&mut self, c: char, at: Range<usize>) {
        let more = folded(c);
        match &mut self.begun {
            Some(word) => {
                if word.text.len() + more.len() <= MAX_WORD {
                    word.text.push_str(&more);
                }
                word.at.end = at.end;
            }
            None if more.is_empty() => {}
            None => self.begun = Some(Word { text: more, at }),
        }
    }
}

/// A letter as it is compared; nothing for a mark that makes no difference.
fn folded(c: char) -> String {
    let mut out = String::new();
    for part in std::iter::once(c).nfkd().filter(|part| !is_left_out(*part)) {
        if part.is_numeric() && !part.is_ascii() {
            let digits = any_ascii::any_ascii_char(part).chars();
            out.extend(digits.filter(char::is_ascii_alphanumeric));
            continue;
        }
        for small in part.to_lowercase() {
            match small {
                'ß' => out.push_str("ss"),
                'æ' => out.push_str("ae"),
                'œ' => out.push_str("oe"),
                'þ' => out.push_str("th"),
                'ð' | 'đ' => out.push('d'),
                'ø' => out.push('o'),
                'ł' => out.push('l'),
                'ı' => out.push('i'),
                'ς' => out.push('σ'),
                small if small.is_alphanumeric() || is_combining_mark(small) => out.push(small),
                _ => {}
            }
        }
    }
    out
}

/// Characters within a word that nobody sees, and the stroke that only makes Arabic words longer.
fn is_ignored(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{640}' | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// Accents, and points of vowels in Hebrew and Arabic: most people leave them out. Vowels of Indian
/// scripts are marks as well, and stay.
fn is_left_out(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5c7}'
        | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6ed}'
        | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}'
        | '\u{fe20}'..='\u{fe2f}')
}

/// Letters of scripts that set no spaces between words, and of Hangul.
fn stands_alone(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{f00}'..='\u{fff}' | '\u{1000}'..='\u{109f}'
        | '\u{1780}'..='\u{17ff}' | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}'
        | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9d}'
        | '\u{20000}'..='\u{3ffff}')
        && c.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        words(text).map(|word| word.text).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_most_people_leave_out_makes_no_difference() {
        for (one, other) in [
            ("MÜLLER", "muller"),
            ("Straße", "strasse"),
            ("Łódź", "lodz"),
            ("ﬁle", "file"),
            ("Ｅvil", "evil"),
            ("ev\u{200b}il\u{ad}.example", "evil example"),
            ("مُحَمَّد", "محمد"),
            ("محـــمد", "محمد"),
            ("שָׁלוֹם", "שלום"),
            ("ΟΔΥΣΣΕΎΣ", "οδυσσευσ"),
            ("الهاتف ١٢٣", "الهاتف 123"),
            ("I\u{307}stanbul", "istanbul"),
        ] {
            assert_eq!(read(one), read(other), "{one}");
            assert!(!read(one).is_empty(), "{one}");
        }
    }

    #[test]
    fn scripts_without_spaces_are_cut_into_letters_and_indian_vowels_stay() {
        assert_eq!(read("王伟在北京"), "王 伟 在 北 京");
        assert_eq!(words("김정은이").count(), 4);
        assert_eq!(read("a王b"), "a 王 b");
        assert_ne!(read("राम"), read("रमा"));
        assert_eq!(read("स्त्री").split(' ').count(), 1);
    }

    #[test]
    fn a_word_in_another_alphabet_is_known_by_its_sound() {
        let latin = |text: &str| words(text).next().and_then(|word| word.latin());
        assert_eq!(latin("Великов").as_deref(), Some("velikov"));
        assert_eq!(latin("Velikov"), None);
        assert_eq!(latin("Ωμέγα").as_deref(), Some("omega"));
    }

    #[test]
    fn words_stand_where_they_say_and_any_text_is_read() {
        for text in ["", "\0\u{202e}", "a\u{301}b 王 \"*^", "ḍ̣̂ x", "٣٤٫٥", "\u{301}a"] {
            for word in words(text) {
                assert!(text.get(word.at.clone()).is_some(), "{text:?} {word:?}");
                let ok = |c: char| c.is_alphanumeric() || is_combining_mark(c);
                assert!(!word.text.is_empty() && word.text.chars().all(ok), "{word:?}");
            }
        }
        let long = "a".repeat(1_000_000);
        assert_eq!(words(&long).next().map(|word| word.text.len()), Some(MAX_WORD));
    }
}
