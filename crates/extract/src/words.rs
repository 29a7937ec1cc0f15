//! A text as words, and a dictionary of phrases to find in it. The cost of finding them depends on
//! the length of the text, not on the number of phrases.
//!
//! Words are folded ([`crate::fold`]): case, accents, hyphens, full stops and apostrophes do not
//! count. A character of a script that writes without spaces is a word of its own. So is each other
//! sign (`&`, `,`), which keeps a phrase from matching across it.

use crate::Span;
use crate::fold::{self, Letter};
use hashbrown::HashTable;
use std::hash::{BuildHasher as _, Hasher as _};
use std::sync::LazyLock;

/// Longest phrase that [`Phrases`] tells apart, in words. Words after that do not count.
pub const MAX_PHRASE_WORDS: usize = 24;

/// How letters outside ASCII are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// Letters by their look: without accents; a letter that looks like a Latin one counts as that.
    Written,
    /// Letters by their sound, in Latin letters: `Москва` as `moskva`, `Müller` as `mueller`.
    SpeltOut,
}

/// A word: its hash and where it stands, in bytes.
#[derive(Debug, Clone, Copy)]
struct Word {
    hash: u64,
    /// Start and end in the folded text.
    start: u32,
    end: u32,
    /// Start and end in the original.
    from: u32,
    to: u32,
}

/// The words of a text, in order. In this API, words are counted from 0.
#[derive(Debug, Default)]
pub struct Words {
    /// The folded words without anything between them; for a text that is all ASCII, the whole text
    /// in lower case.
    folded: String,
    list: Vec<Word>,
    /// Whether the two spellings would give different words.
    foreign: bool,
}

impl Words {
    /// Reads a text in the spelling [`Spelling::Written`].
    pub fn new(text: &str) -> Words {
        Words::read(text, Spelling::Written)
    }

    /// Reads a text in the given spelling. A text of 4 GiB or more gives no words.
    pub fn read(text: &str, spelling: Spelling) -> Words {
        let mut words = Words::default();
        words.fill(text, spelling);
        words
    }

    /// Replaces the words by those of another text and keeps the memory. A text of 4 GiB or more
    /// gives no words.
    pub fn fill(&mut self, text: &str, spelling: Spelling) {
        self.folded.clear();
        self.list.clear();
        self.foreign = false;
        if u32::try_from(text.len()).is_err() {
            return;
        }
        // A word and the gap after it have about six bytes.
        self.list.reserve(text.len() / 6 + 1);
        if text.is_ascii() {
            self.read_ascii(text);
        } else {
            self.folded.reserve(text.len() + 1);
            WordReader { words: self, spelling, begun: None }.read(text);
        }
    }

    /// Reads a text that is all ASCII: both spellings are the same, and folding moves no byte.
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

    /// Whether the text has letters outside ASCII: only then can the two spellings differ.
    pub fn is_foreign(&self) -> bool {
        self.foreign
    }

    /// The number of words.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether the text has no words.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All words, folded and separated by single spaces.
    pub fn folded(&self) -> String {
        self.part(0, self.len())
    }

    /// The words `first..end`, folded and separated by single spaces; empty when out of range.
    pub fn part(&self, first: usize, end: usize) -> String {
        let mut out = String::new();
        for word in self.list.get(first..end).unwrap_or_default() {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(
                self.folded.get(word.start as usize..word.end as usize).unwrap_or_default(),
            );
        }
        out
    }

    /// One word, folded; empty when out of range.
    pub fn word(&self, at: usize) -> &str {
        let range = self.list.get(at).map_or(0..0, |word| word.start as usize..word.end as usize);
        self.folded.get(range).unwrap_or_default()
    }

    /// The number of the first word that begins at a byte of the original or after it.
    pub fn word_from(&self, byte: usize) -> usize {
        self.list.partition_point(|word| (word.from as usize) < byte)
    }

    /// Where the words `first..end` stand in the original; `0..0` when out of range.
    pub fn span(&self, first: usize, end: usize) -> Span {
        let of = |at: usize| self.list.get(at);
        match (of(first), end.checked_sub(1).and_then(of)) {
            (Some(a), Some(z)) => Span { start: a.from as usize, end: z.to as usize },
            _ => Span { start: 0, end: 0 },
        }
    }
}

impl Word {
    /// A word of an ASCII text, which stands in the original where it stands in the folded text.
    fn of(folded: &str, from: usize, to: usize) -> Word {
        let hash = hash(folded.as_bytes().get(from..to).unwrap_or_default());
        // `fill` takes no text that is too long for `u32`.
        let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let (from, to) = (number(from), number(to));
        Word { hash, start: from, end: to, from, to }
    }
}

/// What a byte of ASCII does when words are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ByteClass {
    Part,
    Gap,
    Sign,
    Nothing,
}

/// The class of each byte of ASCII, derived from [`fold::letters`].
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
    /// Where the word being read begins in the original; `None` between words.
    begun: Option<u32>,
}

impl WordReader<'_> {
    fn read(mut self, text: &str) {
        let mut last = 0;
        for (at, c) in text.char_indices() {
            // `Words::fill` takes no text that is too long for `u32`.
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

    /// Ends the word being read, if any, at `to` in the original.
    fn finish(&mut self, to: u32) {
        let Some(from) = self.begun.take() else { return };
        let start = self.words.list.last().map_or(0, |word| word.end);
        let end = u32::try_from(self.words.folded.len()).unwrap_or(start);
        let bytes = self.words.folded.as_bytes().get(start as usize..end as usize);
        let hash = hash(bytes.unwrap_or_default());
        self.words.list.push(Word { hash, start, end, from, to });
    }
}

/// Hashes a word with a fixed seed: the same in every run, so that results can be compared.
fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = foldhash::fast::FixedState::with_seed(0).build_hasher();
    hasher.write(bytes);
    hasher.finish()
}

/// The hash of a phrase with one more word at its end.
fn onward(phrase: u64, word: u64) -> u64 {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let mixed = (phrase.rotate_left(23) ^ word).wrapping_mul(ODD);
    mixed ^ (mixed >> 29)
}

/// The first words of one or more phrases.
struct Beginning<T> {
    hash: u64,
    /// The number of phrases that begin with these words.
    users: u32,
    /// The value of the phrase that consists of these words, if it was put in.
    value: Option<T>,
}

/// A dictionary of phrases, each with a value. It can be changed at any time; a change costs as
/// much as the phrase is long.
///
/// Phrases are told apart by hashes of 64 bits. A caller that must be sure compares the words found
/// ([`Words::part`]) with the phrase.
pub struct Phrases<T> {
    beginnings: HashTable<Beginning<T>>,
}

impl<T> Default for Phrases<T> {
    fn default() -> Phrases<T> {
        Phrases { beginnings: HashTable::new() }
    }
}

impl<T: Default> Phrases<T> {
    /// Counts one more use of a phrase and returns its value, which is the default on the first
    /// use. `None` for a phrase without words. Only the first [`MAX_PHRASE_WORDS`] words count.
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

    /// Undoes one [`Phrases::insert`] of the phrase. `emptied` updates the value and says whether
    /// it can be dropped; it is not called when the phrase is not there. Removing a phrase more
    /// often than it was inserted corrupts phrases that share its first words.
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

    /// Whether the dictionary has no phrases.
    pub fn is_empty(&self) -> bool {
        self.beginnings.is_empty()
    }

    /// The memory of the table in bytes, without what the values own on the heap.
    pub fn memory(&self) -> usize {
        self.beginnings.allocation_size()
    }

    /// The phrases that begin at word `first`, shortest first: for each, the number of the word
    /// after its last one, and its value.
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

    /// Calls `each` for every phrase in a text, including phrases inside others, with the number of
    /// its first word, the number of the word after its last one, and its value.
    pub fn all(&self, words: &Words, each: &mut dyn FnMut(usize, usize, &T)) {
        for first in 0..words.len() {
            for (end, value) in self.at(words, first) {
                each(first, end, value);
            }
        }
    }

    /// Like [`Phrases::all`], but phrases do not overlap: from the beginning of the text, the
    /// longest phrase at a word is taken, and the search goes on after it.
    pub fn longest(&self, words: &Words, each: &mut dyn FnMut(usize, usize, &T)) {
        let mut first = 0;
        while first < words.len() {
            match self.at(words, first).last() {
                Some((end, value)) => {
                    each(first, end, value);
                    first = end;
                }
                None => first += 1,
            }
        }
    }
}

/// The hashes of the phrase's first word, of its first two words, and so on.
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
