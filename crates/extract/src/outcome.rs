//! What became of a plot, and who only told of it.
//!
//! How far a threat got is learnt ([`crate::concern`]); but few reports for training say in so many words
//! that an attack was thwarted, and who says so in the beginning means it. So that is a rule, and it is
//! scored as the rest is. A country whose services *told* of a threat to another one is named as often
//! as that one, and is not threatened for it.

use crate::Span;
use crate::cues::{Joined, Table};
use crate::gazetteer::PlaceKind;
use crate::reading::{Reading, groups};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Words that count as the beginning, for what was stopped.
const BEGINS: u32 = 80;
/// How near a word of telling stands to the name of who told, in words.
const BESIDE: usize = 2;
/// How much less likely a country is concerned that only told of a threat, as log odds.
const TOLD: f32 = 1.0;

static WORDS: LazyLock<Table> = LazyLock::new(|| Table::read(include_str!("../model/outcome.txt")));
/// Groups of words for what would be stopped.
static HARM: LazyLock<u32> = LazyLock::new(|| groups(&["harm", "threat", "cyber"]));
/// Groups of words by which something was not stopped, or long ago.
static NOT: LazyLock<u32> = LazyLock::new(|| groups(&["not", "past", "fail"]));

/// The words of a report for what became of a plot, by the numbers of their first words.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    stopped: Vec<u32>,
    told: Vec<u32>,
}

impl Outcome {
    pub(crate) fn of(joined: &Joined) -> Outcome {
        let mut found = Outcome::default();
        for cue in WORDS.find(joined) {
            match WORDS.name(cue.class) {
                "stopped" => found.stopped.push(cue.first),
                _ => found.told.push(cue.first),
            }
        }
        found
    }
}

/// A country that is named since it told of the threat.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct Source {
    /// Its ISO 3166-1 alpha-2 code.
    pub country: &'static str,
    /// Where it is named as that.
    pub spans: Vec<Span>,
}

impl Reading {
    /// Whether its beginning says that an attack or a plot was stopped.
    pub(crate) fn is_stopped(&self) -> bool {
        let groups_at = |at: u32| {
            let clause = self.clauses.get(at as usize).map_or(usize::MAX, |n| *n as usize);
            self.clause_groups.get(clause).copied().unwrap_or_default()
        };
        let begins = self.outcome.stopped.iter().filter(|at| **at < BEGINS);
        begins.map(|at| groups_at(*at)).any(|groups| groups & *HARM != 0 && groups & *NOT == 0)
    }

    /// The countries that told of a threat to another one: named beside a word for that, and with no place
    /// in a statement of what was done. `odds` are the log odds of each of [`Reading::countries`].
    pub fn sources(&self, odds: &[f32]) -> Vec<Source> {
        let countries = self.countries();
        let most = odds.iter().copied().fold(f32::MIN, f32::max);
        let both = countries.into_iter().zip(odds).filter(|(_, likely)| **likely < most);
        let each = both.map(|(country, _)| Source { country, spans: self.told_by(country) });
        each.filter(|one| !one.spans.is_empty() && !self.is_struck(one.country)).collect()
    }

    /// The odds, with those of sources lowered.
    pub fn lower_sources(&self, odds: &mut [f32]) {
        let sources = self.sources(odds);
        let lowered: BTreeSet<&str> = sources.iter().map(|one| one.country).collect();
        for (country, likely) in self.countries().into_iter().zip(odds) {
            if lowered.contains(country) {
                *likely -= TOLD;
            }
        }
    }

    fn told_by(&self, country: &str) -> Vec<Span> {
        let is_beside = |first: usize, end: usize| {
            self.outcome.told.iter().any(|told| {
                let told = *told as usize;
                let same = self.clauses.get(told) == self.clauses.get(first);
                same && (told >= end && told < end + BESIDE
                    || told < first && told + BESIDE >= first)
            })
        };
        let mine = self.named.iter().filter(|one| one.country == country && !one.is_hint);
        mine.filter(|one| is_beside(one.first, one.end)).map(|one| one.span).collect()
    }

    /// Whether a town or a site of it is named where something was done.
    fn is_struck(&self, country: &str) -> bool {
        let mine = self.named.iter().filter(|one| {
            one.country == country && matches!(one.kind, PlaceKind::City | PlaceKind::Site)
        });
        mine.filter_map(|one| self.clauses.get(one.first))
            .filter_map(|clause| self.clause_groups.get(*clause as usize))
            .any(|groups| groups & *HARM != 0)
    }
}

#[cfg(test)]
mod tests {
    use crate::extract;
    use crate::reading::Reading;

    const TOLD: &str = "Riga, 4 May (Own report) - The president of Latvia thanked his colleague in a call on Sunday for \
        Norwegian intelligence that helped thwart an attack in Liepaja. Norway had provided information about a plot \
        to bomb the market of Liepaja among other places, the government in Riga said. Police arrested four men on \
        Friday before the attack, which could have killed many. The prime minister of Norway spoke of partners.";

    #[test]
    fn what_was_thwarted_in_so_many_words_was_thwarted_and_who_told_of_it_is_not_threatened() {
        let found = extract(TOLD);
        assert_eq!((found.stage, found.countries.as_slice()), ("thwarted", &["LV".to_owned()][..]));
        let sources: Vec<&str> = found.sources.iter().map(|one| one.country).collect();
        assert_eq!(sources, ["NO"]);
        let span = found.sources[0].spans[0];
        assert_eq!(TOLD.get(span.start..span.end), Some("Norwegian"));
        let targets: Vec<&str> = found.targets.iter().map(|one| one.name).collect();
        assert_eq!(targets, ["Liepāja"]);
    }

    #[test]
    fn what_was_not_thwarted_or_long_ago_is_as_it_was_judged() {
        for text in [
            "Gunmen attacked the market of Nampula on Monday and killed nine. The attack was not thwarted, police said.",
            "The office said that it had thwarted nothing. Gunmen attacked the market of Nampula on Monday.",
            "Police arrested a man. Foil was found in the flat.",
        ] {
            assert!(!Reading::new(text).is_stopped(), "{text}");
        }
    }
}
