//! Two texts about the same thing: free in their wording, and held against each other in what they
//! count and in what they name.

use super::{Document, Fact};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How two readouts compare.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Compared {
    /// Facts that both state.
    pub agreed: Vec<Fact>,
    /// Facts that only ours states.
    pub only_ours: Vec<Fact>,
    /// Facts that only the partner's states.
    pub only_theirs: Vec<Fact>,
    /// Facts that both state, with another value.
    pub contradict: Vec<Fact>,
    /// Counts that stand in ours and not in the partner's.
    pub counts_ours: Vec<Count>,
    /// Counts that stand in the partner's and not in ours.
    pub counts_theirs: Vec<Count>,
    /// Words that only ours has; small words are left out.
    pub words_ours: Vec<String>,
    /// Words that only the partner's has.
    pub words_theirs: Vec<String>,
}

/// A number in a text, with the word after it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Count {
    /// The number.
    pub number: u64,
    /// What is counted: the next word; empty at the end of a text.
    pub of: String,
}

/// Numbers that are written as words.
const NUMBERS: &[&str] = &[
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
];

/// Words that say nothing by themselves. Shorter ones than four letters are left out anyway.
const SMALL: &[&str] = &[
    "about", "after", "also", "and", "are", "been", "before", "being", "both", "but", "could",
    "for", "from", "had", "has", "have", "having", "her", "his", "into", "its", "more", "not",
    "our", "over", "said", "she", "should", "some", "such", "than", "that", "the", "their", "them",
    "then", "there", "these", "they", "this", "those", "were", "what", "when", "where", "which",
    "while", "whose", "will", "with", "would", "your",
];

/// Fewest letters of a word that is compared.
const FEWEST_LETTERS: usize = 4;

/// Compares our text with the partner's.
pub fn compare(ours: &Document, theirs: &Document) -> Compared {
    let (our_facts, their_facts) = (ours.facts(), theirs.facts());
    let only = |all: &[Fact], other: &[Fact]| {
        all.iter().filter(|fact| !other.contains(fact)).cloned().collect::<Vec<_>>()
    };
    let differs = |fact: &&Fact| {
        let value = |document: &Document| {
            let found = document.stated.iter().find(|one| one.fact == **fact);
            found.map(|one| one.value.clone())
        };
        value(ours) != value(theirs)
    };
    let agreed: Vec<Fact> =
        our_facts.iter().filter(|fact| their_facts.contains(fact)).cloned().collect();
    let (our_words, their_words) = (words(&ours.text), words(&theirs.text));
    let (our_counts, their_counts) = (counts(&our_words), counts(&their_words));
    let (our_nouns, their_nouns) = (nouns(&our_words), nouns(&their_words));
    Compared {
        contradict: agreed.iter().filter(differs).cloned().collect(),
        only_ours: only(&our_facts, &their_facts),
        only_theirs: only(&their_facts, &our_facts),
        agreed,
        counts_ours: our_counts.difference(&their_counts).cloned().collect(),
        counts_theirs: their_counts.difference(&our_counts).cloned().collect(),
        words_ours: our_nouns.difference(&their_nouns).cloned().collect(),
        words_theirs: their_nouns.difference(&our_nouns).cloned().collect(),
    }
}

fn words(text: &str) -> Vec<String> {
    let split = text.split(|c: char| !c.is_alphanumeric());
    split.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

fn number(word: &str) -> Option<u64> {
    let written = NUMBERS.iter().zip(0..).find(|(known, _)| **known == word);
    written.map(|(_, number)| number).or_else(|| word.parse().ok())
}

fn counts(words: &[String]) -> BTreeSet<Count> {
    let after = words.iter().skip(1).map(String::as_str).chain([""]);
    let all = words.iter().zip(after);
    all.filter_map(|(word, of)| Some(Count { number: number(word)?, of: of.to_owned() })).collect()
}

fn nouns(words: &[String]) -> BTreeSet<String> {
    let plain = |word: &&String| {
        word.chars().count() >= FEWEST_LETTERS
            && number(word).is_none()
            && !SMALL.contains(&word.as_str())
    };
    words.iter().filter(plain).cloned().collect()
}
