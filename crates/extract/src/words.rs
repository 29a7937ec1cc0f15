//! A text as words, and a dictionary of phrases that are found in it at a cost that depends on the
//! text, not on how many phrases there are.
//!
//! Words are folded ([`crate::fold`]): case, accents, hyphens, full stops and apostrophes do not
//! count. A character of a script that writes without spaces is a word of its own, and so is each
//! other sign (`&`, `,`), so that no phrase is met across it.

use crate::Span;
use crate::fold::{self, Letter};
use hashbrown::HashTable;
use std::hash::{BuildHasher as _, Hasher as _};
use std::sync::LazyLock;

/// Most words of one phrase.
pub const MAX_PHRASE_WORDS: usize = 24;

/// How the letters of other alphabets are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// As written; letters that look like Latin ones count as these.
    Written,
    /// By their sound, in Latin letters: `Москва` as `moskva`, `Müller` as `mueller`.
    SpeltOut,
}

/// A word, its hash, and where it stands.
#[derive(Debug, Clone, Copy)]
struct Word {
    hash: u64,
    /// In the folded text.
    start: u32,
    end: u32,
    /// In the original.
    from: u32,
    to: u32,
}

/// The words of a text, in order.
#[derive(Debug, Default)]
pub struct Words {
    /// The folded text; of one that is all ASCII, with whatever stands between words.
    folded: String,
    list: Vec<Word>,
    /// Whether the other spelling would read differently.
    foreign: bool,
}

impl Words {
    /// Reads a text as it is written.
    pub fn new(text: &str) -> Words {
        Words::read(text, Spelling::Written)
    }

    /// Reads a text in one spelling. Of a text over 4 GiB nothing is read.
    pub fn read(text: &str, spelling: Spelling) -> Words {
        let mut words = Words::default();
        words.fill(text, spelling);
        words
    }

    /// Reads another text in the same room.
    pub fn fill(&mut self, text: &str, spelling: Spelling) {
        self.folded.clear();
        self.list.clear();
        self.foreign = false;
        if u32::try_from(text.len()).is_err() {
            return;
        }
        // A word and what parts it from the next have some six bytes.
        self.list.reserve(text.len() / 6 + 1);
        if text.is_ascii() {
            self.read_ascii(text);
        } else {
            self.folded.reserve(text.len() + 1);
            WordReader { words: self, spelling, begun: None }.read(text);
        }
    }

    /// Every spelling of ASCII is the same, and each byte stands where it stood.
    fn read_ascii(&mut self, text: &str) {
        self.folded.push_str(text);
        self.folded.make_ascii_lowercase();
        let mut begun = None;
        for (at, byte) in self.folded.bytes().enumerate() {
            let class = CLASSES.get(usize::from(byte)).copied().unwrap_or(ByteClass::Gap);
            match (class, begun) {
                (ByteClass::Part, None) => begun = Some(at),
                (ByteClass::Part, Some(_)) | (ByteClass::Gap, None) | (ByteClass::Nothing, _) => {}
                (ByteClass::Gap, Some(from)) => {
                    self.list.push(Word::of(&self.folded, from, at));
                    begun = None;
                }
                (ByteClass::Sign, _) => {
                    if let Some(from) = begun.take() {
                        self.list.push(Word::of(&self.folded, from, at));
                    }
                    self.list.push(Word::of(&self.folded, at, at + 1));
                }
            }
        }
        if let Some(from) = begun {
            self.list.push(Word::of(&self.folded, from, self.folded.len()));
        }
    }

    /// Whether the text has letters that another spelling reads differently.
    pub fn is_foreign(&self) -> bool {
        self.foreign
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The words of the folded text, one space between two.
    pub fn folded(&self) -> String {
        self.part(0, self.len())
    }

    /// Some of the words, folded, with one space between two.
    pub fn part(&self, first: usize, behind: usize) -> String {
        let mut out = String::new();
        for word in self.list.get(first..behind).unwrap_or_default() {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(
                self.folded.get(word.start as usize..word.end as usize).unwrap_or_default(),
            );
        }
        out
    }

    /// Where in the original some of the words stand.
    pub fn span(&self, first: usize, behind: usize) -> Span {
        let of = |at: usize| self.list.get(at);
        match (of(first), behind.checked_sub(1).and_then(of)) {
            (Some(a), Some(z)) => Span { start: a.from as usize, end: z.to as usize },
            _ => Span { start: 0, end: 0 },
        }
    }
}

impl Word {
    /// Of ASCII: it stands in the original where it stands in the folded text.
    fn of(folded: &str, from: usize, to: usize) -> Word {
        let hash = hash(folded.as_bytes().get(from..to).unwrap_or_default());
        // Bounded by `read`.
        let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let (from, to) = (number(from), number(to));
        Word { hash, start: from, end: to, from, to }
    }
}

/// What a byte of ASCII is to words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ByteClass {
    Part,
    Gap,
    Sign,
    Nothing,
}

/// As [`fold::letters`] has them.
static CLASSES: LazyLock<[ByteClass; 128]> = LazyLock::new(|| {
    std::array::from_fn(|byte| {
        let mut class = ByteClass::Nothing;
        let c = u8::try_from(byte).map(char::from).unwrap_or_default();
        fold::letters(c, &mut |letter| {
            class = match letter {
                Letter::Nothing => ByteClass::Nothing,
                Letter::Gap => ByteClass::Gap,
                Letter::Part(c) if c.is_alphanumeric() => ByteClass::Part,
                Letter::Part(_) => ByteClass::Sign,
            };
        });
        class
    })
});

struct WordReader<'w> {
    words: &'w mut Words,
    spelling: Spelling,
    /// The word that is being read: where it begins in the original.
    begun: Option<u32>,
}

impl WordReader<'_> {
    fn read(mut self, text: &str) {
        let mut last = 0;
        for (at, c) in text.char_indices() {
            // Bounded by `Words::read`.
            let at = u32::try_from(at).unwrap_or(u32::MAX);
            self.take(at, c);
            last = at;
        }
        let end = u32::try_from(text.len()).unwrap_or(last);
        self.finish(end);
    }

    fn take(&mut self, at: u32, c: char) {
        if c.is_ascii_alphanumeric() {
            self.begun.get_or_insert(at);
            self.words.folded.push(c.to_ascii_lowercase());
        } else {
            self.take_other(at, c);
        }
    }

    fn take_other(&mut self, at: u32, c: char) {
        self.words.foreign |= !c.is_ascii() && c.is_alphabetic();
        let alone = fold::is_word_alone(c);
        if alone {
            self.finish(at);
        }
        let spelling = self.spelling;
        let mut letters = |letter: Letter| match letter {
            Letter::Nothing => {}
            Letter::Gap => self.finish(at),
            Letter::Part(c) if c.is_alphanumeric() => {
                self.begun.get_or_insert(at);
                self.words.folded.push(c);
            }
            Letter::Part(sign) => {
                self.finish(at);
                self.begun = Some(at);
                self.words.folded.push(sign);
                self.finish(at + u32::try_from(c.len_utf8()).unwrap_or(1));
            }
        };
        match spelling {
            Spelling::Written => fold::letters(c, &mut letters),
            Spelling::SpeltOut => fold::spell_out(c, &mut letters),
        }
        if alone {
            self.finish(at + u32::try_from(c.len_utf8()).unwrap_or(1));
        }
    }

    /// Ends the word that has begun.
    fn finish(&mut self, to: u32) {
        let Some(from) = self.begun.take() else { return };
        let start = self.words.list.last().map_or(0, |word| word.end);
        let end = u32::try_from(self.words.folded.len()).unwrap_or(start);
        let bytes = self.words.folded.as_bytes().get(start as usize..end as usize);
        let hash = hash(bytes.unwrap_or_default());
        self.words.list.push(Word { hash, start, end, from, to });
    }
}

/// The same in every run: what is built from it may be compared.
fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = foldhash::fast::FixedState::with_seed(0).build_hasher();
    hasher.write(bytes);
    hasher.finish()
}

/// The hash of a phrase that goes on by one word.
fn onward(phrase: u64, word: u64) -> u64 {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let mixed = (phrase.rotate_left(23) ^ word).wrapping_mul(ODD);
    mixed ^ (mixed >> 29)
}

/// The beginning of a phrase.
struct Beginning<T> {
    hash: u64,
    /// Phrases that begin so.
    users: u32,
    /// What stands for phrases that end here.
    value: Option<T>,
}

/// Phrases, each with a value; changed at any time at the cost of the one phrase.
///
/// Phrases are told apart by hashes of 64 bits. Whoever must be sure compares the words that were
/// found, [`Words::part`], with the phrase.
pub struct Phrases<T> {
    beginnings: HashTable<Beginning<T>>,
}

impl<T> Default for Phrases<T> {
    fn default() -> Phrases<T> {
        Phrases { beginnings: HashTable::new() }
    }
}

impl<T: Default> Phrases<T> {
    /// The value of a phrase, put in when it is not there. A phrase without words has none; of one
    /// over [`MAX_PHRASE_WORDS`] the first count.
    pub fn insert(&mut self, phrase: &Words) -> Option<&mut T> {
        let mut at = None;
        for hash in prefixes(phrase) {
            let entry = self.beginnings.entry(hash, |known| known.hash == hash, |known| known.hash);
            let new = || Beginning { hash, users: 0, value: None };
            entry.or_insert_with(new).into_mut().users += 1;
            at = Some(hash);
        }
        let hash = at?;
        let last = self.beginnings.find_mut(hash, |known| known.hash == hash)?;
        Some(last.value.get_or_insert_default())
    }

    /// Takes out one use of a phrase, as often as it was put in; `emptied` says whether its value can
    /// go.
    pub fn remove(&mut self, phrase: &Words, emptied: impl FnOnce(&mut T) -> bool) {
        let count = phrase.len().min(MAX_PHRASE_WORDS);
        let mut emptied = Some(emptied);
        for (at, hash) in prefixes(phrase).enumerate() {
            let Ok(mut entry) = self.beginnings.find_entry(hash, |known| known.hash == hash) else {
                return;
            };
            let known = entry.get_mut();
            known.users = known.users.saturating_sub(1);
            if at + 1 == count
                && let (Some(value), Some(emptied)) = (&mut known.value, emptied.take())
                && emptied(value)
            {
                known.value = None;
            }
            if known.users == 0 {
                entry.remove();
            }
        }
    }

    /// Whether there is no phrase.
    pub fn is_empty(&self) -> bool {
        self.beginnings.is_empty()
    }

    /// Bytes of memory taken, values not followed.
    pub fn memory(&self) -> usize {
        self.beginnings.allocation_size()
    }

    /// Every phrase that begins at a word, shortest first, with the number behind its last word.
    pub fn at<'p>(
        &'p self,
        words: &'p Words,
        first: usize,
    ) -> impl Iterator<Item = (usize, &'p T)> + 'p {
        let rest = words.list.get(first..).unwrap_or_default();
        let mut phrase = 0;
        let beginnings = rest.iter().take(MAX_PHRASE_WORDS).map_while(move |word| {
            phrase = onward(phrase, word.hash);
            self.beginnings.find(phrase, |known| known.hash == phrase)
        });
        let numbered = beginnings.enumerate();
        numbered.filter_map(move |(n, known)| Some((first + n + 1, known.value.as_ref()?)))
    }

    /// Every phrase in a text, those within others too: its first word, and behind its last.
    pub fn all(&self, words: &Words, each: &mut dyn FnMut(usize, usize, &T)) {
        for first in 0..words.len() {
            for (behind, value) in self.at(words, first) {
                each(first, behind, value);
            }
        }
    }

    /// Phrases in a text from its beginning, of overlapping ones the longest.
    pub fn longest(&self, words: &Words, each: &mut dyn FnMut(usize, usize, &T)) {
        let mut first = 0;
        while first < words.len() {
            match self.at(words, first).last() {
                Some((behind, value)) => {
                    each(first, behind, value);
                    first = behind;
                }
                None => first += 1,
            }
        }
    }
}

fn prefixes(phrase: &Words) -> impl Iterator<Item = u64> {
    let words = phrase.list.iter().take(MAX_PHRASE_WORDS);
    words.scan(0, |phrase, word| {
        *phrase = onward(*phrase, word.hash);
        Some(*phrase)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        Words::new(text).folded()
    }

    #[test]
    fn words_are_read_as_names_are_folded() {
        assert_eq!(folded(" St. Petersburg's  São-Paulo!"), "st petersburg s sao paulo !");
        assert_eq!(folded("AT&T, (x)"), "at & t , ( x )");
        assert_eq!(folded("zero\u{200b}width"), "zerowidth");
        assert_eq!(folded("北京市"), "北 京 市");
        assert_eq!(folded(""), "");
    }

    #[test]
    fn another_spelling_is_by_sound() {
        let spelt = |text| Words::read(text, Spelling::SpeltOut).folded();
        assert_eq!(spelt("Санкт-Петербург"), "sankt peterburg");
        assert_eq!(spelt("Ольга Müller"), "olga mueller");
        assert!(Words::new("Müller").is_foreign() && !Words::new("Muller – x").is_foreign());
    }

    #[test]
    fn spans_lead_back_to_the_original() {
        let text = "É  “São-Paulo”!";
        let words = Words::new(text);
        let first = (0..words.len()).find(|n| words.part(*n, n + 2) == "sao paulo").unwrap();
        let span = words.span(first, first + 2);
        assert_eq!(text.get(span.start..span.end).unwrap(), "São-Paulo");
    }

    #[test]
    fn a_phrase_is_there_until_it_was_taken_out_as_often_as_put_in() {
        let mut phrases: Phrases<u32> = Phrases::default();
        for phrase in ["kazan", "kazan cathedral", "kazan cathedral"] {
            *phrases.insert(&Words::new(phrase)).unwrap() += 1;
        }
        let found = |phrases: &Phrases<u32>| {
            let words = Words::new("The Kazan-Cathedral of Kazan.");
            let mut out = Vec::new();
            phrases.all(&words, &mut |a, z, uses| out.push((words.part(a, z), *uses)));
            out
        };
        let pair = |text: &str, uses| (text.to_owned(), uses);
        assert_eq!(
            found(&phrases),
            [pair("kazan", 1), pair("kazan cathedral", 2), pair("kazan", 1)]
        );
        let mut take = |phrase| {
            phrases.remove(&Words::new(phrase), |uses| {
                *uses -= 1;
                *uses == 0
            });
        };
        take("kazan cathedral");
        take("kazan");
        assert_eq!(found(&phrases), [pair("kazan cathedral", 1)]);
        phrases.remove(&Words::new("kazan cathedral"), |_| true);
        assert!(phrases.is_empty());
    }
}
