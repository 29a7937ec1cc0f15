//! What a reader may see of proposals, and of entries that they name.

use forewarn_engine::{Failure, subject_of};
use forewarn_exchange::Act;
use forewarn_exchange::act::{EvidenceAct, Showing};
use forewarn_store::Db;
use forewarn_store::sight::Sight;

/// The first entry among these that is about a case that may not be seen: the log and the index.
///
/// # Errors
/// The database cannot be read.
pub fn hidden_entry(
    db: &Db<'_>,
    showing: &Showing,
    sight: &Sight,
) -> Result<Option<(String, u64)>, Failure> {
    let Some(partner) = &showing.partner else { return Ok(None) };
    let Some(log) = db.log_with(partner, true)? else { return Ok(None) };
    for index in &showing.ours {
        let subject = db.entry(&log, *index)?.and_then(|held| held.subject);
        if let Some(subject) = subject
            && !db.opens(subject, sight)?
        {
            return Ok(Some((log.name, *index)));
        }
    }
    Ok(None)
}

/// Whether a proposal may be seen: what is about a case that is hidden is hidden too.
///
/// # Errors
/// The database cannot be read.
pub fn sees_proposal(db: &Db<'_>, act: &Act, sight: &Sight) -> Result<bool, Failure> {
    if let Act::Inbox(_) = act {
        // It says nothing of the warning.
        return Ok(true);
    }
    if let Act::Duty(act) = act {
        for case in act.cases() {
            if !db.sees(case.into(), sight)? {
                return Ok(false);
            }
        }
        return Ok(true);
    }
    if let Some(subject) = subject_of(act) {
        return Ok(db.opens(subject, sight)?);
    }
    match act {
        Act::Evidence(EvidenceAct::Show { showing, .. }) => {
            Ok(hidden_entry(db, showing, sight)?.is_none())
        }
        // It names sources and what a partner is interested in.
        Act::Authority(_) | Act::Triage(_) => Ok(sight.is_whole()),
        Act::Duty(_)
        | Act::Received(_)
        | Act::Inbox(_)
        | Act::Account(_)
        | Act::Feed(_)
        | Act::Partner(_)
        | Act::Interest(_)
        | Act::Telling(_)
        | Act::Readout(_)
        | Act::Proposal(_) => Ok(true),
    }
}
