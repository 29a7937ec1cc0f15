//! What proposals, partners and parts of the node need.

use super::{About, Kind, Need, Whom};
use crate::act::Act;
use crate::agreement::Agreement;
use crate::danger::Danger;
use crate::name::NodeName;
use crate::partner::{Partner, Standing};
use crate::proposal::Proposal;
use crate::scale::{Clocks, Status};
use crate::user::Permission;
use forewarn_stix::Timestamp;

/// Deliveries to a partner that fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedDelivery {
    /// To whom.
    pub partner: NodeName,
    /// Since when each try has failed.
    pub since: Timestamp,
}

/// A source in danger: overdue from the beginning, for somebody else than who has said so.
pub fn of_danger(danger: &Danger) -> Need {
    Need {
        since: Some(danger.at.clone()),
        due: Some(danger.at.clone()),
        whom: Whom::but(Permission::Release, vec![danger.by.clone()]),
        ..need(Kind::SourceDanger, About::Danger(danger.number), Permission::Release)
    }
}

/// A feed that fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedFeed {
    /// Its name.
    pub name: String,
    /// Since when, where that is known.
    pub since: Option<Timestamp>,
}

/// A part of the node that does not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stopped {
    /// Which one.
    pub name: String,
    /// When it ended.
    pub at: Timestamp,
}

fn need(kind: Kind, about: About, permission: Permission) -> Need {
    Need {
        kind,
        about,
        partner: None,
        status: Status::Actual,
        urgency: None,
        whom: Whom::all(permission),
        since: None,
        due: None,
    }
}

/// An act that waits for a second person; nothing when it does not wait any more. `status` is that
/// of what it is about.
pub fn of_proposal(proposal: &Proposal, status: Status, clocks: &Clocks) -> Option<Need> {
    if !proposal.waits() {
        return None;
    }
    let second = proposal.act.second()?;
    let mut not = vec![proposal.by.clone()];
    if let Act::Account(act) = &proposal.act {
        not.push(act.user().clone());
    }
    Some(Need {
        partner: proposal.partner.clone(),
        status,
        whom: Whom::but(second, not),
        since: Some(proposal.at.clone()),
        due: Some(crate::talk::question_due(clocks, &proposal.at)),
        ..need(Kind::Approval, About::Proposal(proposal.number), second)
    })
}

/// What a partner needs: to be confirmed, or somebody who looks at a log that was written twice.
/// `proven` is when the newest proof of that came to be known.
pub fn of_partner(partner: &Partner, proven: Option<&Timestamp>) -> Vec<Need> {
    let about = About::Partner(partner.name().clone());
    let one = |kind, since: Option<&Timestamp>| Need {
        partner: Some(partner.name().clone()),
        since: since.cloned(),
        ..need(kind, about.clone(), Permission::ManagePartners)
    };
    let (standing, since) = match &partner.standing {
        Standing::Added { at, .. } => (Some(Kind::ConfirmPartner), at),
        Standing::Confirmed { at, .. } | Standing::Suspended { at, .. } => (None, at),
    };
    let mut needs: Vec<Need> = standing.map(|kind| one(kind, Some(since))).into_iter().collect();
    if partner.moved.is_some() {
        needs.push(one(Kind::ConfirmMove, None));
    }
    if partner.succession.waiting.is_some() {
        needs.push(one(Kind::ConfirmKeys, None));
    }
    // Whoever has confirmed or suspended it since has decided what to do about the proof.
    if let Some(proven) = proven.filter(|proven| *proven > since) {
        needs.push(Need { due: Some(proven.clone()), ..one(Kind::Dispute, Some(proven)) });
    }
    needs
}

/// So many days there are to answer a proposal of an agreement: time for those who must be asked.
const AGREEMENT_DAYS: i64 = 14;

/// A version of an agreement that waits, for us or for the partner.
pub fn of_agreement(agreement: &Agreement) -> Option<Need> {
    let Agreement { partner, ours, at, .. } = agreement;
    let kind = if *ours { Kind::AgreementUnanswered } else { Kind::Agreement };
    agreement.waits().then(|| Need {
        partner: Some(partner.clone()),
        since: Some(at.clone()),
        due: Some(at.plus_minutes(AGREEMENT_DAYS * 24 * 60)),
        ..need(kind, About::Partner(partner.clone()), Permission::ManagePartners)
    })
}

/// Deliveries to a partner that fail, where no case is told of as not delivered.
pub fn of_delivery(failed: &FailedDelivery, clocks: &Clocks) -> Need {
    let FailedDelivery { partner, since } = failed;
    Need {
        partner: Some(partner.clone()),
        since: Some(since.clone()),
        due: Some(since.plus_minutes(i64::from(clocks.expected))),
        ..need(Kind::Delivery, About::Partner(partner.clone()), Permission::ManagePartners)
    }
}

/// A feed that fails.
pub fn of_feed(failed: &FailedFeed) -> Need {
    Need {
        since: failed.since.clone(),
        ..need(Kind::Feed, About::Feed(failed.name.clone()), Permission::Administer)
    }
}

/// Things that were refused on their way in: how many, the number of the first, and when it came.
pub fn of_quarantine(count: usize, first: i64, since: Timestamp) -> Need {
    Need {
        since: Some(since),
        ..need(Kind::Quarantine, About::Quarantine(count, first), Permission::TakeIn)
    }
}

/// A part of the node that does not run: overdue from the beginning.
pub fn of_follower(stopped: &Stopped) -> Need {
    Need {
        since: Some(stopped.at.clone()),
        due: Some(stopped.at.clone()),
        ..need(Kind::Follower, About::Follower(stopped.name.clone()), Permission::Administer)
    }
}

/// Nobody is on duty, though somebody is to be woken; `since` is when the last shift ended, where
/// there was one.
pub fn of_duty(since: Option<Timestamp>) -> Need {
    Need { since, ..need(Kind::Duty, About::Rota, Permission::Administer) }
}

/// A notifier that fails, since when.
pub fn of_notifier(name: String, since: Timestamp) -> Need {
    Need {
        due: Some(since.clone()),
        since: Some(since),
        ..need(Kind::Notifier, About::Notifier(name), Permission::Administer)
    }
}
