//! What is measured of a country in a report, for what means something together only: where and how
//! often it is named, beside what, and how it scores beside the others.

use crate::gazetteer::PlaceKind;
use crate::named::Named;
use crate::owner::Owned;
use crate::reading::{ACTS, EXCUSES, GROUPS, Reading, group_of};
use std::collections::BTreeSet;

/// Most names of a country whose neighbours are looked at.
const MOST_NAMES: usize = 32;
/// How far a word counts as far as possible.
const FAR: usize = 40;

/// The names of the measures, in their order.
pub fn names() -> Vec<String> {
    let plain = [
        "score",
        "lead",
        "hidden",
        "hidden lead",
        "relevance",
        "evidence",
        "evidence lead",
        "tells",
        "rank",
        "countries",
        "share",
        "count",
        "more",
        "places",
        "small",
        "country",
        "people",
        "region",
        "city",
        "site",
        "first",
        "last",
        "opening",
        "doubtful",
        "size",
        "length",
        "capitals",
        "alone",
        "harm with",
        "harms",
        "field",
        "hint",
        "dateline",
        "excused",
        "plain",
        "struck",
        "speaks",
        "owned",
        "owned close",
        "missions",
        "ships",
        "persons",
        "organisations",
        "placed",
        "placed acts",
    ];
    let groups = GROUPS.iter().map(|(name, _)| *name);
    plain
        .into_iter()
        .map(str::to_owned)
        .chain(groups.clone().map(|name| format!("near {name}")))
        .chain(groups.clone().map(|name| format!("beside {name}")))
        .chain(groups.map(|name| format!("all {name}")))
        .collect()
}

/// The scores of the countries of one report, and of the report.
#[derive(Debug, Clone, Copy)]
pub struct Scored<'a> {
    /// Of each country by itself, in their order.
    pub scores: &'a [f32],
    /// Of each by the names of it that say most.
    pub hidden: &'a [f32],
    /// Of each by the sentences that say most.
    pub evidence: &'a [f32],
    /// Of there being a threat at all.
    pub relevance: f32,
    /// The same by the sentences that say most.
    pub tells: f32,
}

impl Reading {
    /// The measures of each country, in the order of [`Reading::countries`].
    pub fn measure_all(&self, scored: Scored<'_>) -> Vec<Vec<f32>> {
        let countries = self.countries();
        let names: Vec<Vec<&Named>> = countries
            .iter()
            .map(|country| self.named.iter().filter(|one| one.country == *country).collect())
            .collect();
        let shares = self.shares();
        (0..countries.len()).map(|at| self.measure(at, &names, &shares, scored)).collect()
    }

    /// The part of the sentences that each group is in.
    fn shares(&self) -> Vec<f32> {
        let share = |group: usize| {
            let with = self.groups.iter().filter(|groups| **groups & 1 << group != 0).count();
            number(with) / number(self.groups.len().max(1))
        };
        (0..GROUPS.len()).map(share).collect()
    }

    /// The measures of the country at this place; `names` are those of all.
    fn measure(
        &self,
        at: usize,
        names: &[Vec<&Named>],
        shares: &[f32],
        scored: Scored<'_>,
    ) -> Vec<f32> {
        let Scored { scores, hidden, evidence, relevance, tells } = scored;
        let mine = names.get(at).map(Vec::as_slice).unwrap_or_default();
        let own = scores.get(at).copied().unwrap_or_default();
        let rank = scores.iter().filter(|other| **other > own).count();
        let more = names.iter().filter(|others| others.len() > mine.len()).count();
        let of = |kind: PlaceKind| number(mine.iter().filter(|one| one.kind == kind).count());
        let places: BTreeSet<&str> = mine
            .iter()
            .filter(|one| matches!(one.kind, PlaceKind::City | PlaceKind::Region | PlaceKind::Site))
            .map(|one| one.name)
            .collect();
        let small =
            mine.iter().filter(|one| one.kind == PlaceKind::City && one.people < 18).count();
        let length = self.words().len().max(1);
        let place = |word: Option<usize>| number(word.unwrap_or(length)) / number(length);
        let sentence = |word: usize| self.sentences.get(word).copied().unwrap_or_default() as usize;
        let harm = 1u32;
        let harms = self.groups.iter().filter(|groups| **groups & harm != 0).count();
        let with: BTreeSet<usize> = mine
            .iter()
            .map(|one| sentence(one.first))
            .filter(|at| self.groups.get(*at).is_some_and(|groups| groups & harm != 0))
            .collect();
        let mut all = vec![
            lead(scores, at).0,
            lead(scores, at).1,
            lead(hidden, at).0,
            lead(hidden, at).1,
            relevance.clamp(-8.0, 8.0),
            lead(evidence, at).0,
            lead(evidence, at).1,
            tells.clamp(-8.0, 8.0),
            number(rank),
            number(names.len()),
            number(mine.len()) / number(self.named.len().max(1)),
            number(mine.len()),
            number(more),
            number(places.len()),
            number(small),
            of(PlaceKind::Country),
            of(PlaceKind::Nationality),
            of(PlaceKind::Region),
            of(PlaceKind::City),
            of(PlaceKind::Site),
            place(mine.first().map(|one| one.first)),
            place(mine.last().map(|one| one.first)),
            number(mine.iter().filter(|one| sentence(one.first) == 0).count()),
            number(usize::from(!mine.iter().any(|one| one.is_sure))),
            number(mine.iter().map(|one| usize::from(one.people)).max().unwrap_or_default()),
            number(length).ln(),
            number(usize::from(self.capitals)),
            number(usize::from(names.len() == 1)),
            number(with.len()) / number(harms.max(1)),
            number(harms),
            number(
                mine.iter()
                    .filter(|one| self.fields.get(one.first).is_some_and(|at| *at > 0))
                    .count(),
            ),
        ];
        self.measure_roles(mine, &mut all);
        let firsts: Vec<usize> = mine.iter().map(|one| one.first).collect();
        self.measure_groups(&firsts, shares, &mut all);
        all
    }

    /// How many names of a country stand where nothing is done to it: where a report was written, beside
    /// who helps or denies, where somebody comes from.
    fn measure_roles(&self, mine: &[&Named], all: &mut Vec<f32>) {
        let share = |is: &dyn Fn(&Named) -> bool| {
            number(mine.iter().filter(|one| is(one)).count()) / number(mine.len().max(1))
        };
        let groups = |one: &Named| self.groups_of_clause(one.first);
        let struck = |one: &Named| groups(one) & *ACTS != 0;
        let excused =
            |one: &Named| one.first < self.dateline || groups(one) & *EXCUSES != 0 && !struck(one);
        all.extend([
            share(&|one| one.is_hint),
            share(&|one| one.first < self.dateline),
            share(&excused),
            number(mine.iter().filter(|one| !excused(one)).count()),
            number(mine.iter().filter(|one| struck(one)).count()),
            share(&|one| self.speaks(one)),
        ]);
        let owned = mine.first().and_then(|one| self.owned.get(one.country)).copied();
        let Owned { all: owned, close } = owned.unwrap_or_default();
        all.extend([owned, close]);
        let roles: Vec<Option<&str>> = mine.iter().map(|one| self.role(one)).collect();
        let acts = |one: &Named| self.groups_of_sentence(one.first) & *ACTS != 0;
        for role in ["mission", "ship", "persons", "organisation", "place"] {
            let these = mine.iter().zip(&roles).filter(|(_, of)| **of == Some(role));
            all.push(number(these.filter(|(one, _)| acts(one)).count()));
        }
        let placed =
            mine.iter().zip(&roles).filter(|(one, of)| **of == Some("place") && struck(one));
        all.push(number(placed.count()));
    }

    /// The groups of words in the sentence of a word.
    fn groups_of_sentence(&self, at: usize) -> u32 {
        let sentence = self.sentences.get(at).copied().unwrap_or_default() as usize;
        self.groups.get(sentence).copied().unwrap_or_default()
    }

    /// The groups of words in the clause of a word.
    pub(crate) fn groups_of_clause(&self, at: usize) -> u32 {
        let clause = self.clauses.get(at).copied().unwrap_or_default() as usize;
        self.clause_groups.get(clause).copied().unwrap_or_default()
    }

    /// Whether somebody of the country is said to speak, to help or to deny: right after its name.
    fn speaks(&self, one: &Named) -> bool {
        let begin = self.cues.partition_point(|cue| (cue.first as usize) < one.end);
        let next = self.cues.get(begin..).unwrap_or_default().iter();
        next.take_while(|cue| (cue.first as usize) < one.end + 5)
            .filter_map(|cue| group_of(cue.class))
            .take(1)
            .any(|group| *EXCUSES & 1 << group != 0)
    }

    /// How near each group is to a country's names, how many of them it is beside, and how much of the
    /// report it takes.
    fn measure_groups(&self, firsts: &[usize], shares: &[f32], all: &mut Vec<f32>) {
        all.extend(self.nearest(firsts).map(number));
        for group in 0..GROUPS.len() {
            let beside =
                firsts.iter().filter(|first| self.groups_of_clause(**first) & 1 << group != 0);
            all.push(number(beside.count()) / number(firsts.len().max(1)));
        }
        all.extend(shares);
    }

    /// Of each group, how many words its nearest word is away from one of these, in its sentence.
    fn nearest(&self, firsts: &[usize]) -> [usize; GROUPS.len()] {
        let mut best = [FAR; GROUPS.len()];
        for first in firsts.iter().take(MOST_NAMES) {
            let sentence = self.sentences.get(*first);
            let begin =
                self.cues.partition_point(|cue| self.sentences.get(cue.first as usize) < sentence);
            for cue in self.cues.get(begin..).unwrap_or_default() {
                let at = cue.first as usize;
                if self.sentences.get(at) != sentence {
                    break;
                }
                if let Some(best) = group_of(cue.class).and_then(|group| best.get_mut(group)) {
                    *best = (*best).min(at.abs_diff(*first));
                }
            }
        }
        best
    }
}

/// A score, and how far it is above the best of the others.
fn lead(scores: &[f32], at: usize) -> (f32, f32) {
    let own = scores.get(at).copied().unwrap_or_default();
    let others = scores.iter().enumerate().filter(|(other, _)| *other != at);
    let best = others.map(|(_, score)| *score).fold(-8.0, f32::max);
    (own.clamp(-8.0, 8.0), (own - best).clamp(-8.0, 8.0))
}

fn number(count: usize) -> f32 {
    u16::try_from(count).map_or(f32::from(u16::MAX), f32::from)
}
