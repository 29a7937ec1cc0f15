//! Which places are threatened, as against those that are only named: towns, regions and sites of a country
//! that is concerned, near a word for what is done or meant.

use crate::Span;
use crate::gazetteer::PlaceKind;
use crate::reading::{Reading, group_of, groups};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// How near a place stands to a word for what is done, in words.
const NEAR: usize = 8;

/// A place that is threatened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Target {
    /// Its name, as the gazetteer has it.
    pub name: &'static str,
    /// What kind of place it is.
    pub kind: PlaceKind,
    /// The ISO 3166-1 alpha-2 code of its country.
    pub country: &'static str,
    /// The city that a site is in.
    pub within: Option<&'static str>,
    /// Where it is named as that.
    pub spans: Vec<Span>,
}

/// Groups of words for what is done, or meant to be.
static DONE: LazyLock<u32> = LazyLock::new(|| groups(&["harm", "threat", "cyber"]));
/// Groups of words beside a name that speaks, or was somewhere else.
static SPEAKS: LazyLock<u32> = LazyLock::new(|| groups(&["said"]));

impl Reading {
    /// The places that are threatened, of these countries, in the text's order.
    pub(crate) fn targets(&self, countries: &BTreeSet<&str>) -> Vec<Target> {
        let mut out: Vec<Target> = Vec::new();
        for one in self.named.iter().filter(|one| !one.is_hint && countries.contains(one.country)) {
            let is_place =
                matches!(one.kind, PlaceKind::City | PlaceKind::Region | PlaceKind::Site);
            if !is_place || !self.is_done_near(one.first, one.end) {
                continue;
            }
            match out.iter_mut().find(|known| known.name == one.name) {
                Some(known) => known.spans.push(one.span),
                None => out.push(Target {
                    name: one.name,
                    kind: one.kind,
                    country: one.country,
                    within: one.within,
                    spans: vec![one.span],
                }),
            }
        }
        out
    }

    /// Whether something is done near these words, in their statement; and whoever is named does not speak.
    fn is_done_near(&self, first: usize, end: usize) -> bool {
        let is =
            |class: u16, these: u32| group_of(class).is_some_and(|group| these & 1 << group != 0);
        let at = |cue: &crate::cues::Cue| (cue.first as usize, cue.end as usize);
        let speaks = self.cues.iter().any(|cue| {
            let (begin, last) = at(cue);
            is(cue.class, *SPEAKS) && (begin == end || last == first)
        });
        !speaks
            && self.cues.iter().any(|cue| {
                let (begin, last) = at(cue);
                let near = begin < end + NEAR && first < last + NEAR;
                near && is(cue.class, *DONE) && self.clauses.get(begin) == self.clauses.get(first)
            })
    }
}
