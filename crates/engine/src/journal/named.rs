//! Who stands behind a source's handle is kept in a table, and not in the journal: the act is, without
//! the name.

use super::erased;
use crate::act::made;
use crate::work::{LimitedAct, Work};
use forewarn_exchange::act::{Act, SourceAct};
use forewarn_store::{Db, StoreError};
use forewarn_transcript::Hash;

/// The work without the name that it keeps behind a handle, which the table has; `None` when it has
/// none.
pub(super) fn without_name(work: &Work) -> Option<Work> {
    if let Work::Act(Act::Source(act)) = work {
        return Some(Work::Act(Act::Source(act.without_name()?)));
    }
    if let Work::Limited(LimitedAct { only, act: Act::Source(act), seen }) = work {
        let act = Act::Source(act.without_name()?);
        return Some(Work::Limited(LimitedAct { only: only.clone(), act, seen: seen.clone() }));
    }
    None
}

/// The act with the name that a command kept behind a handle. One that was forgotten is gone.
pub(super) fn with_name(
    db: &Db<'_>,
    act: Act,
    (index, seed): (i64, Hash),
) -> Result<Act, StoreError> {
    let Act::Source(SourceAct::Keep { source, .. }) = act else { return Ok(act) };
    let names = db.source_names()?;
    let kept = names.made_by(made(seed)).ok_or_else(|| erased(index))?;
    Ok(Act::Source(SourceAct::Keep { source, known: kept.known.clone() }))
}

/// The same of an act for which some roles did not count.
pub(super) fn limited_with_name(
    db: &Db<'_>,
    LimitedAct { only, act, seen }: LimitedAct,
    of: (i64, Hash),
) -> Result<LimitedAct, StoreError> {
    Ok(LimitedAct { only, act: with_name(db, act, of)?, seen })
}

/// Whether the journal keeps no words of it when it was refused.
pub(super) fn is_without_words(act: &Act) -> bool {
    matches!(act, Act::Item(_) | Act::Source(SourceAct::Keep { .. }))
}
