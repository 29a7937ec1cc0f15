//! Finds wording that ICD 203 (D.6.e(2)) forbids or warns of.
//!
//! A likelihood and a level of confidence must not stand in the same sentence: a reader takes the one
//! for the other. Terms of both rows in one text are possible, but the text must then say how they
//! relate. The words are English, as the standard's are; other languages pass.
//!
//! A sentence ends with `.`, `!`, `?` or `…` before a space, with an empty line, and where an item of
//! a list begins; not after an abbreviation or an initial.

use super::{Band, Confidence, Likelihood, Row};
use crate::code::Code;
use crate::refusal::Refusal;
use std::fmt;

/// Longest part of a sentence that is shown, in characters.
const MAX_SHOWN: usize = 160;

/// Something about the wording of an estimate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wording {
    /// A likelihood and a level of confidence stand in one sentence: refused.
    Combined {
        /// The sentence, or its beginning.
        sentence: String,
        /// The likelihood.
        likelihood: Likelihood,
        /// The level of confidence.
        confidence: Confidence,
    },
    /// Words of both rows stand in one text: shown as a warning.
    MixedRows {
        /// The first of the first row.
        first: Likelihood,
        /// The first of the second row.
        second: Likelihood,
    },
}

impl Wording {
    /// Whether a text with it is refused; else it is a warning.
    pub fn is_refused(&self) -> bool {
        match self {
            Wording::Combined { .. } => true,
            Wording::MixedRows { .. } => false,
        }
    }
}

impl fmt::Display for Wording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Wording::Combined { sentence, likelihood, confidence } => write!(
                f,
                "`{likelihood}` and `{confidence} confidence` stand in one sentence: \"{sentence}\""
            ),
            Wording::MixedRows { first, second } => write!(
                f,
                "`{first}` and `{second}` are of different rows of ICD 203: use one row, or say in \
                 the text how they relate"
            ),
        }
    }
}

/// What is left to be shown of a text that may stand: the warnings.
///
/// # Errors
/// A likelihood and a level of confidence stand in one sentence.
pub fn check(text: &str) -> Result<Vec<Wording>, Refusal> {
    let all = lint(text);
    match all.iter().find(|one| one.is_refused()) {
        Some(refused) => Err(Refusal::new(Code::Wording, refused.to_string())
            .advice("say how likely it is in one sentence, and how sure you are in another")),
        None => Ok(all),
    }
}

/// All that is to be said of the wording of a text, in the order of the text; the rows come last.
pub fn lint(text: &str) -> Vec<Wording> {
    let words = words(text);
    let (mut found, mut first_of) = (Vec::new(), [None, None]);
    for sentence in words.chunk_by(|one, _| !one.ends_sentence) {
        let likelihoods = likelihoods(sentence);
        for one in &likelihoods {
            let [first, second] = &mut first_of;
            let row = match one.row {
                Row::First => first,
                Row::Second => second,
            };
            row.get_or_insert(*one);
        }
        if let (Some(likelihood), Some(confidence)) = (likelihoods.first(), confidence(sentence)) {
            let (likelihood, sentence) = (*likelihood, shown(text, sentence));
            found.push(Wording::Combined { sentence, likelihood, confidence });
        }
    }
    if let [Some(first), Some(second)] = first_of {
        found.push(Wording::MixedRows { first, second });
    }
    found
}

/// A word of the text, in lower case.
struct Word {
    text: String,
    start: usize,
    end: usize,
    /// Only spaces or a hyphen stand between it and the next word.
    is_joined: bool,
    /// The next word begins another sentence.
    ends_sentence: bool,
}

/// Letters, digits and apostrophes make a word.
fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut start = None;
    let ends = text.char_indices().map(Some).chain([None]);
    for next in ends {
        let in_word = next.is_some_and(|(_, c)| c.is_alphanumeric() || matches!(c, '\'' | '’'));
        let at = next.map_or(text.len(), |(at, _)| at);
        match (start, in_word) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                let lower = text.get(from..at).unwrap_or_default().to_lowercase();
                let (is_joined, ends_sentence) = (false, false);
                words.push(Word { text: lower, start: from, end: at, is_joined, ends_sentence });
                start = None;
            }
            (None, false) | (Some(_), true) => {}
        }
    }
    let starts: Vec<usize> = words.iter().skip(1).map(|word| word.start).collect();
    for (word, next) in words.iter_mut().zip(starts) {
        let gap = text.get(word.end..next).unwrap_or_default();
        word.is_joined = gap.chars().all(|c| c.is_whitespace() || matches!(c, '-' | '‑' | '–'));
        let after = text.get(next..).and_then(|rest| rest.chars().next());
        word.ends_sentence = ends_sentence(&word.text, gap, after);
    }
    words
}

/// Whether a sentence ends between a word and the next one, which starts with `after`.
fn ends_sentence(word: &str, gap: &str, after: Option<char>) -> bool {
    let is_short = ABBREVIATIONS.contains(&word)
        || word.chars().count() == 1 && word.chars().all(char::is_alphabetic)
        || word == "no" && after.is_some_and(char::is_numeric);
    let is_stop = gap.contains(['.', '…']) && gap.contains(char::is_whitespace);
    // The last of these lines is the one that the next word stands in.
    let later: Vec<&str> = gap.split('\n').skip(1).map(str::trim).collect();
    let is_paragraph = later.iter().enumerate().any(|(n, line)| {
        line.starts_with(['-', '*', '•', '–', '#']) || line.is_empty() && n + 1 < later.len()
    });
    is_paragraph || gap.contains(['!', '?']) || is_stop && !is_short
}

const ABBREVIATIONS: [&str; 20] = [
    "mr", "mrs", "ms", "dr", "prof", "st", "gen", "col", "lt", "sgt", "vs", "etc", "approx", "ca",
    "cf", "al", "eg", "ie", "nr", "fig",
];

/// The terms, longer ones before those that they end with.
const TERMS: [(&[&str], Likelihood); 20] = [
    (&["almost", "no", "chance"], Band::AlmostNoChance.first()),
    (&["roughly", "even", "chance"], Band::RoughlyEvenChance.first()),
    (&["roughly", "even", "odds"], Band::RoughlyEvenChance.second()),
    (&["very", "unlikely"], Band::VeryUnlikely.first()),
    (&["very", "likely"], Band::VeryLikely.first()),
    (&["almost", "certain"], Band::AlmostCertain.first()),
    (&["almost", "certainly"], Band::AlmostCertain.first()),
    (&["nearly", "certain"], Band::AlmostCertain.second()),
    (&["nearly", "certainly"], Band::AlmostCertain.second()),
    (&["highly", "improbable"], Band::VeryUnlikely.second()),
    (&["highly", "improbably"], Band::VeryUnlikely.second()),
    (&["highly", "probable"], Band::VeryLikely.second()),
    (&["highly", "probably"], Band::VeryLikely.second()),
    (&["unlikely"], Band::Unlikely.first()),
    (&["likely"], Band::Likely.first()),
    (&["improbable"], Band::Unlikely.second()),
    (&["improbably"], Band::Unlikely.second()),
    (&["probable"], Band::Likely.second()),
    (&["probably"], Band::Likely.second()),
    (&["remote"], Band::AlmostNoChance.second()),
];

/// What a remote thing must be for `remote` to be a likelihood: a remote server is none.
const CHANCES: [&str; 8] = [
    "chance",
    "chances",
    "possibility",
    "probability",
    "likelihood",
    "prospect",
    "prospects",
    "odds",
];

fn likelihoods(sentence: &[Word]) -> Vec<Likelihood> {
    let mut found = Vec::new();
    let mut rest = 0..sentence.len();
    while let Some(at) = rest.next() {
        let here = sentence.get(at..).unwrap_or_default();
        let term = TERMS.iter().find(|(term, _)| begins_with(here, term));
        let Some((term, likelihood)) = term else { continue };
        if is_estimate(sentence, at, term) {
            found.push(*likelihood);
        }
        rest.start = at + term.len();
    }
    found
}

/// Whether these words come next, with nothing but spaces or hyphens between them.
fn begins_with(words: &[Word], term: &[&str]) -> bool {
    words.len() >= term.len()
        && words.iter().zip(term).all(|(word, expected)| word.text == *expected)
        && words.iter().take(term.len().saturating_sub(1)).all(|word| word.is_joined)
}

/// Two terms have other uses.
fn is_estimate(sentence: &[Word], at: usize, term: &[&str]) -> bool {
    let text = |at: usize| sentence.get(at).map(|word| word.text.as_str());
    let next = text(at + term.len());
    match term {
        ["probable"] => next != Some("cause"),
        ["remote"] => {
            let near = at.saturating_sub(4)..at;
            let mut before = near.filter_map(text);
            next.is_some_and(|next| CHANCES.contains(&next))
                || before.any(|one| CHANCES.contains(&one))
        }
        _ => true,
    }
}

/// The first level of confidence that a sentence names: "high confidence", "a moderate level of
/// confidence", "confidence is low", "low to moderate confidence".
fn confidence(sentence: &[Word]) -> Option<Confidence> {
    let text = |at: usize| sentence.get(at).map(|word| word.text.as_str());
    let nouns = (0..sentence.len()).filter(|at| text(*at) == Some("confidence"));
    for at in nouns {
        let before = sentence.get(..at).unwrap_or_default().iter().rev();
        let mut before = before.take_while(|word| word.is_joined);
        let level = before.find(|word| !matches!(word.text.as_str(), "of" | "level" | "degree"));
        if let Some(level) = level.and_then(|word| level_of(&word.text)) {
            return Some(level);
        }
        let mut after = sentence.get(at + 1..).unwrap_or_default().iter();
        let linking = ["level", "levels", "is", "was", "remains"];
        let level = after.find(|word| !linking.contains(&word.text.as_str()));
        if let Some(level) = level.and_then(|word| level_of(&word.text)) {
            return Some(level);
        }
    }
    None
}

fn level_of(word: &str) -> Option<Confidence> {
    match word {
        "low" => Some(Confidence::Low),
        "moderate" => Some(Confidence::Moderate),
        "high" => Some(Confidence::High),
        _ => None,
    }
}

/// The words of a sentence as they stand in the text, or the first of them.
fn shown(text: &str, sentence: &[Word]) -> String {
    let from = sentence.first().map_or(0, |word| word.start);
    let to = sentence.last().map_or(from, |word| word.end);
    let whole = text.get(from..to).unwrap_or_default();
    let words: Vec<&str> = whole.split_whitespace().collect();
    let whole = words.join(" ");
    if whole.chars().count() <= MAX_SHOWN {
        return whole;
    }
    whole.chars().take(MAX_SHOWN).chain(['…']).collect()
}

#[cfg(test)]
mod tests;
