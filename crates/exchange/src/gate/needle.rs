//! What is looked for: every spelling of what is withheld, and how each counts as found.

use super::how::{How, MIN_ANYWHERE, length};
use super::letters::{self, Letters, Looks};
use super::spelling::{self, Spelling};
use super::surnames;
use super::tables;
use super::withheld::{Withheld, WithheldKind};
use crate::code::Code;
use crate::refusal::Refusal;
use std::collections::HashSet;

/// A part of a name this long is looked for by itself: a surname alone gives a person away.
const MIN_PART: usize = 3;
/// Most parts of a name that are put together in pairs.
const MAX_PARTS: usize = 8;
/// Least letters and digits of a handle, an id or a partner's name.
const MIN_SIGNS: usize = 3;
/// Least digits of a number that stands for a person.
const MIN_DIGITS: usize = 6;
/// Most digits of a country's telephone prefix.
const MAX_PREFIX: usize = 3;
/// Letters of what a UUID's first group has: enough to find the original by.
const UUID_GROUP: usize = 8;

/// One spelling that is looked for.
#[derive(Debug, Clone)]
pub(super) struct Needle {
    /// Which of the withheld it is of.
    pub(super) of: usize,
    pub(super) letters: Vec<Sign>,
    pub(super) how: How,
    /// It is found when its letters are separated too.
    pub(super) joined: bool,
    /// Whether it is certain to mean what is withheld.
    pub(super) certain: bool,
}

/// A letter or digit of a needle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sign {
    pub(super) exact: char,
    pub(super) looks: Looks,
    pub(super) class: u8,
    pub(super) plain: bool,
}

impl Withheld {
    /// A source's handle, checked as [`Withheld::check`] does.
    ///
    /// # Errors
    ///
    /// When it cannot be looked for.
    pub fn check_handle(handle: &str) -> Result<(), Refusal> {
        Withheld::new(WithheldKind::Source, handle).check()
    }

    /// A partner's name, which others do not read; `None` for one that cannot be looked for, or is a
    /// single everyday word: every text to anybody would need two persons to say that it means none.
    pub fn partner(name: &str) -> Option<Withheld> {
        let one = Withheld::new(WithheldKind::Partner, name);
        let everyday = common_words(name).is_some_and(|words| words.len() < 2);
        (one.check().is_ok() && !everyday).then_some(one)
    }

    /// Checks that it can be looked for.
    ///
    /// # Errors
    ///
    /// With the reason, when it has no letter or digit, or so few that the gate would be shut on
    /// nearly every text.
    pub fn check(&self) -> Result<(), Refusal> {
        let Some(why) = unsearchable(self) else { return Ok(()) };
        let message = format!("{} “{}” cannot be withheld: {why}", self.what.word(), self.text);
        Err(Refusal::new(Code::BadRequest, message))
    }
}

/// All needles of what is withheld, each for the place in the list. What stands in the list twice, as
/// by a draft and by the partner's set, is looked for once.
pub(super) fn all(withheld: &[Withheld]) -> Vec<Needle> {
    let (mut all, mut known) = (Vec::new(), HashSet::new());
    for (of, one) in withheld.iter().enumerate().filter(|(_, one)| known.insert(*one)) {
        let aside = one.yields_as.iter().map(|text| letters::exact(text)).collect();
        let mut maker = Maker { of, aside, all: &mut all };
        match one.what {
            WithheldKind::Name | WithheldKind::SourceName if is_number(&one.text) => {
                maker.number(&one.text);
            }
            WithheldKind::Name | WithheldKind::SourceName => maker.name(&one.text),
            WithheldKind::SourceContact if is_number(&one.text) => maker.number(&one.text),
            WithheldKind::SourceContact => maker.whole(&one.text, true),
            WithheldKind::Source => maker.handle(&one.text),
            WithheldKind::OriginalId => maker.id(&one.text),
            WithheldKind::Partner => maker.whole(&one.text, false),
        }
    }
    all
}

/// Why something cannot be withheld: it yields nothing to look for, or would shut the gate on
/// everything.
fn unsearchable(withheld: &Withheld) -> Option<String> {
    let text = &withheld.text;
    let signs = Letters::read(text).all;
    if signs.is_empty() {
        return Some("it has no letter and no digit to look for".into());
    }
    if !withheld.what.is_name() {
        let too_short = "it is so short that it would shut the gate on nearly every text; at least \
                         3 letters or digits are needed";
        if signs.len() < MIN_SIGNS {
            return Some(too_short.into());
        }
        let words = common_words(text).unwrap_or_default();
        let everywhere = !words.is_empty() && words.iter().all(|word| tables::is_everywhere(word));
        return (withheld.what == WithheldKind::Source && everywhere).then(|| {
            "nearly every text has these words; give the source a handle of its own, such as HERON-7"
                .into()
        });
    }
    if is_number(text) {
        return None;
    }
    let letters = signs.iter().filter(|sign| sign.exact.is_alphabetic()).count();
    if letters < 2 {
        return Some(
            "it is so short that it would shut the gate on nearly every text; give more of the name"
                .into(),
        );
    }
    let parts = spelling::parts(text);
    let everywhere = |part: &String| tables::is_everywhere(part) || part.chars().count() < 2;
    let joined = parts.concat().chars().count();
    if joined < MIN_ANYWHERE && parts.iter().all(everywhere) {
        return Some("nearly every text has these words; give more of the name".into());
    }
    None
}

/// The words of a text that is nothing but everyday words; `None` for any other.
fn common_words(text: &str) -> Option<Vec<String>> {
    let words = spelling::runs(text);
    let letters: usize = words.iter().map(|word| length(word)).sum();
    let only_words = letters == length(&letters::exact(text));
    let common = |word: &String| tables::is_word(word) || tables::is_everywhere(word);
    (only_words && words.iter().all(common)).then_some(words)
}

struct Maker<'a> {
    of: usize,
    /// What only may mean it and is written so is not looked for.
    aside: HashSet<String>,
    all: &'a mut Vec<Needle>,
}

impl Maker<'_> {
    fn push(&mut self, text: &str, how: How, joined: bool, certain: bool) {
        if !certain && self.aside.contains(&letters::exact(text)) {
            return;
        }
        let letters: Vec<Sign> = Letters::read(text).all.iter().map(Sign::from).collect();
        let same =
            |known: &Needle| known.of == self.of && known.how == how && known.letters == letters;
        if !letters.is_empty() && !self.all.iter().rev().take(256).any(same) {
            self.all.push(Needle { of: self.of, letters, how, joined, certain });
        }
    }

    fn name(&mut self, text: &str) {
        let parts = spelling::parts(text);
        let last = parts.len().saturating_sub(1);
        let named = |(n, part): &(usize, &String)| {
            !spelling::is_title(part) || (*n > 0 && *n == last && spelling::is_surname(part))
        };
        let mut told: Vec<String> =
            parts.iter().enumerate().filter(named).map(|(_, part)| part.clone()).collect();
        if told.is_empty() {
            told.clone_from(&parts);
        }
        told.truncate(MAX_PARTS);
        for part in &told {
            let spaceless =
                part.chars().any(|c| letters::has_no_spaces(c) || letters::is_hangul(c));
            let count = length(part);
            if count >= MIN_PART || told.len() == 1 || (spaceless && count >= 2) {
                self.part(part, told.len() == 1 || !tables::is_word(part));
            } else if count > 1 {
                self.short(part);
            }
            for east in surnames::of(part) {
                let how = spelling::how(&letters::exact(&east));
                self.push(&east, how, true, false);
            }
        }
        if parts.len() > 1 {
            self.together(&parts, &told);
        }
        if told.len() > 1 && told.iter().all(|part| length(part) < MIN_PART && length(part) > 0) {
            for (n, part) in (0..).zip(&told) {
                self.push(part, How::Member(n), false, false);
            }
        }
    }

    /// A word of a name by itself.
    fn part(&mut self, part: &str, rare: bool) {
        for Spelling { text, how, joined, certain } in spelling::of(part) {
            self.push(&text, how, joined, certain && rare);
        }
    }

    /// A word of a name of two letters: Wu, Öz. In lower case it is a word of too many languages.
    fn short(&mut self, part: &str) {
        let cased = part.chars().any(char::is_lowercase);
        if !cased && tables::is_everywhere(&letters::exact(part)) {
            return;
        }
        for text in spelling::national(part) {
            self.push(&text, How::Capital, false, false);
        }
    }

    /// The words of a name written as one: in their order, the last first, and each two.
    fn together(&mut self, parts: &[String], told: &[String]) {
        let mut all = vec![parts.concat(), told.concat()];
        all.push(told.iter().rev().cloned().collect());
        if let Some((last, rest)) = told.split_last() {
            all.push(format!("{last}{}", rest.concat()));
        }
        for (n, one) in told.iter().enumerate() {
            let others = told.iter().enumerate().filter(|(other, _)| *other != n);
            all.extend(others.map(|(_, other)| format!("{one}{other}")));
        }
        // Al Arm is looked for by its parts: the two together are a word.
        for text in all.into_iter().filter(|text| !tables::is_word(text)) {
            let spaceless = text.chars().any(letters::has_no_spaces);
            if length(&text) >= MIN_ANYWHERE || spaceless {
                for text in spelling::national(&text) {
                    self.push(&text, How::Anywhere, true, true);
                }
            } else if length(&text) > 2 {
                self.push(&text, How::WholeWord, true, false);
            }
        }
    }

    fn handle(&mut self, text: &str) {
        // A handle that is an everyday word may mean that word: else whoever brings something in
        // could shut the gate for ever on what must be said.
        self.whole(text, common_words(text).is_none());
        let words: Vec<String> = spelling::runs(text);
        if let [word] = words.as_slice()
            && length(word) > MIN_PART
            && length(&letters::exact(text)) > length(word)
        {
            self.push(word, How::WholeWord, false, false);
        }
    }

    /// All letters and digits of a text.
    fn whole(&mut self, text: &str, certain: bool) {
        let count = length(&letters::exact(text));
        if count >= MIN_ANYWHERE {
            self.push(text, How::Anywhere, true, certain);
            let backwards: String = letters::exact(text).chars().rev().collect();
            self.push(&backwards, How::WholeWord, true, false);
        } else {
            self.push(text, How::WholeWord, true, certain && count >= MIN_PART);
        }
    }

    /// A telephone number, a passport's or a date: digits, however they are grouped. With or without
    /// the prefix of its country it is one number.
    fn number(&mut self, text: &str) {
        let exact = letters::exact(text);
        if exact.contains(|c: char| !c.is_ascii_digit()) {
            return self.push(&exact, How::Id, true, true);
        }
        let abroad = text.trim_start().starts_with('+') || exact.starts_with("00");
        let bare = exact.trim_start_matches('0');
        let prefixes = if abroad { MAX_PREFIX } else { 0 };
        for cut in 0..=prefixes {
            let Some(rest) = bare.get(cut..).filter(|rest| rest.len() >= MIN_DIGITS) else { break };
            self.push(rest, How::Number, true, true);
        }
    }

    fn id(&mut self, text: &str) {
        let id = text.split_once("--").map_or(text, |(_, id)| id);
        let id = id.split_once("://").map_or(id, |(_, rest)| rest.trim_start_matches("www."));
        let exact = letters::exact(id);
        if exact.chars().count() < MIN_ANYWHERE {
            return self.push(id, How::WholeWord, true, false);
        }
        self.push(id, How::Id, true, true);
        let backwards: String = exact.chars().rev().collect();
        self.push(&backwards, How::Id, true, false);
        let group: String = exact.chars().take(UUID_GROUP).collect();
        let digits = group.chars().filter(char::is_ascii_digit).count();
        if is_uuid(&exact) && (1..UUID_GROUP).contains(&digits) {
            self.push(&group, How::WholeWord, false, false);
        }
    }
}

impl From<&letters::Letter> for Sign {
    fn from(letter: &letters::Letter) -> Sign {
        // A digit that is withheld is that digit, or the letter that people write for it.
        let looks = match letter.exact {
            '0' => letters::bits("0o"),
            '1' => letters::bits("1li"),
            c @ '2'..='9' => letters::bit(c),
            c @ 'a'..='z' if letter.plain => letters::bit(c),
            _ => letter.looks,
        };
        Sign { exact: letter.exact, looks, class: letter.class, plain: letter.plain }
    }
}

/// Whether a person is withheld by a number: digits with a letter at most.
fn is_number(text: &str) -> bool {
    let exact = letters::exact(text);
    let digits = exact.chars().filter(char::is_ascii_digit).count();
    digits >= MIN_DIGITS && length(&exact) <= digits + 1
}

fn is_uuid(exact: &str) -> bool {
    exact.len() == 32 && exact.bytes().all(|b| b.is_ascii_hexdigit())
}
