//! Cases that are done: the partner holds what was written to it.

use crate::configuration::Us;
use forewarn_exchange::case::{Case, Outgoing};
use forewarn_exchange::history::{Happened, Line};
use forewarn_exchange::name::NodeName;
use forewarn_stix::Timestamp;
use forewarn_store::{Db, StoreError};

/// The partner has given a receipt for the first `size` entries of our log.
pub(crate) fn receipted(db: &Db<'_>, partner: &str, size: u64) -> Result<Vec<Line>, StoreError> {
    let waiting = db.cases_awaiting(partner, size)?;
    waiting.into_iter().map(|case| arrived(db, case)).collect()
}

/// An account of a partner that runs no node has fetched from an outlet.
pub(crate) fn fetched(db: &Db<'_>, us: &Us, partner: &NodeName) -> Result<Vec<Line>, StoreError> {
    let mut lines = Vec::new();
    for case in db.cases_awaiting(partner, u64::MAX)? {
        let newest = match db.outgoing(case.number)? {
            Outgoing::Nothing | Outgoing::Drafted(_) => None,
            Outgoing::Released { releases, .. } => {
                releases.into_iter().next_back().map(|last| (last.report_id(), last.at))
            }
            Outgoing::Recalled { releases, recall } => {
                releases.into_iter().next_back().map(|last| (last.report_id(), recall.at))
            }
        };
        if let Some((Some(report), at)) = newest
            && was_fetched(db, us, partner, (&report, &at))?
        {
            lines.push(arrived(db, case)?);
        }
    }
    Ok(lines)
}

/// Whether an account of the partner has fetched this report, as it stood at that time or later,
/// from any of its outlets.
pub fn was_fetched(
    db: &Db<'_>,
    us: &Us,
    partner: &NodeName,
    (report, at): (&str, &Timestamp),
) -> Result<bool, StoreError> {
    for outlet in us.outlets.get(partner).into_iter().flatten() {
        let added = db.added_at(*outlet, report, at.micros())?;
        let fetched = db.fetched(*outlet)?;
        if added.is_some_and(|added| added <= fetched) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn arrived(db: &Db<'_>, case: Case) -> Result<Line, StoreError> {
    let case = case.arrived();
    db.set_case(&case)?;
    Ok(Line::new(case.number, Happened::Delivered {}))
}
