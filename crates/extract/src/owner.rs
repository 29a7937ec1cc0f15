//! Whose each deed of a report is: the place in its statement, else in its sentence, else the last that was
//! named. Places where a report was written, or that are named for another reason, own nothing.

use crate::cues::Cue;
use crate::gazetteer::PlaceKind;
use crate::named::Named;
use crate::reading::{Reading, group_of};
use std::collections::HashMap;

/// How many deeds are a country's, and how many of these in its own statement; as shares of all.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Owned {
    pub(crate) all: f32,
    pub(crate) close: f32,
}

/// Of each country, what share of the deeds are its.
pub(crate) fn owned(reading: &Reading, acts: u32, excuses: u32) -> HashMap<&'static str, Owned> {
    let places: Vec<&Named> =
        reading.named.iter().filter(|one| is_free(reading, one, acts, excuses)).collect();
    let is_act = |cue: &&Cue| group_of(cue.class).is_some_and(|group| acts & 1 << group != 0);
    let mut out: HashMap<&'static str, Owned> = HashMap::new();
    let mut count = 0.0;
    for cue in reading.cues.iter().filter(is_act) {
        count += 1.0;
        let at = cue.first as usize;
        if let Some((one, is_close)) = owner(reading, &places, at) {
            let owned = out.entry(one.country).or_default();
            owned.all += 1.0;
            owned.close += f32::from(u8::from(is_close));
        }
    }
    for owned in out.values_mut() {
        owned.all /= count;
        owned.close /= count;
    }
    out
}

/// Whether a name is of a place where something could be done.
fn is_free(reading: &Reading, one: &Named, acts: u32, excuses: u32) -> bool {
    let groups = reading.groups_of_clause(one.first);
    one.kind != PlaceKind::Nationality
        && !one.is_hint
        && one.first >= reading.dateline
        && (groups & acts != 0 || groups & excuses == 0)
}

/// The place that owns what stands at a word, and whether it is in the same statement.
fn owner<'n>(reading: &Reading, places: &[&'n Named], at: usize) -> Option<(&'n Named, bool)> {
    let split = places.partition_point(|one| one.first < at);
    let before = split.checked_sub(1).and_then(|n| places.get(n)).copied();
    let after = places.get(split).copied();
    let is_same = |list: &[u32], one: &Named| list.get(one.first) == list.get(at);
    let near = [after, before].into_iter().flatten();
    let mut in_clause = near.clone().filter(|one| is_same(&reading.clauses, one));
    if let Some(one) = in_clause.next() {
        return Some((one, true));
    }
    let mut in_sentence = near.filter(|one| is_same(&reading.sentences, one));
    in_sentence.next().or(before).or(after).map(|one| (one, false))
}

#[cfg(test)]
mod tests {
    use crate::reading::Reading;

    #[test]
    fn a_deed_is_of_the_place_in_its_statement() {
        let reading = Reading::new(
            "LIMA, 3 May - Gunmen attacked a bank in Nairobi. Two guards were killed. Cairo condemned it.",
        );
        let share = |country: &str| reading.owned.get(country).map_or(0.0, |owned| owned.all);
        assert!(share("KE") > 0.9, "{:?}", reading.owned);
        assert_eq!((share("PE"), share("EG")), (0.0, 0.0));
    }
}
