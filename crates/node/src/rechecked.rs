//! What a correction of findings changes of what the item meets: looked at by the matcher, one after the
//! other, before it goes on with new items.

use crate::interests::Interests;
use crate::matcher::found_with;
use forewarn_engine::{CORRECTED, Failure, ItemMatches, Rechecked};
use forewarn_store::Db;
use forewarn_store::item::Stored;

/// What the next correction changes; `None` when all have been looked at.
pub(crate) fn next(db: &Db<'_>, interests: &Interests) -> Result<Option<Rechecked>, Failure> {
    let all = db.corrections_after(db.cursor(CORRECTED)?, 1)?;
    let Some(correction) = all.into_iter().next() else { return Ok(None) };
    let number = correction.number.get();
    let items = versions(db, &correction.item)?;
    interests.with(db, |index, _| {
        // Each version by itself: what stands beside it was judged when it came.
        let with = found_with(db, index, &items, number)?;
        let without = found_with(db, index, &items, number - 1)?;
        let (found, mut lost) = (only(&with, &without), only(&without, &with));
        // Of what is met no more, the words are on record where it was met.
        lost.iter_mut().flat_map(|item| &mut item.matches).for_each(|one| one.why.clear());
        Ok(Some(Rechecked { correction: correction.number, found, lost }))
    })?
}

/// The versions of an item that partners may be told of.
fn versions(db: &Db<'_>, id: &str) -> Result<Vec<Stored>, Failure> {
    let mut all = Vec::new();
    for item in db.item_ever(id)? {
        all.extend(db.items_to_match(item.seq - 1, item.seq, 1)?);
    }
    Ok(all)
}

/// What items meet of the first, and not of the second.
fn only(first: &[ItemMatches], second: &[ItemMatches]) -> Vec<ItemMatches> {
    let met = |seq: i64, partner: &str, interest: &str| {
        let same = second.iter().filter(|other| other.item == seq);
        same.flat_map(|other| &other.matches)
            .any(|other| other.partner == partner && other.interest == interest)
    };
    let each = first.iter().map(|item| {
        let mut item = item.clone();
        let seq = item.item;
        item.matches.retain(|one| !met(seq, &one.partner, &one.interest));
        item
    });
    each.filter(|item| !item.matches.is_empty()).collect()
}
