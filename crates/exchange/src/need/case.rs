//! What a case needs, by its stage, and what is asked about it.

use super::{About, Kind, Need, Whom};
use crate::case::{Assessment, Case, Horizon, Outward, Review, Stage};
use crate::clocks::Purpose;
use crate::name::UserName;
use crate::owed::Word;
use crate::permission;
use crate::scale::{Clocks, Urgency};
use crate::talk::Said;
use crate::user::Permission;
use forewarn_stix::Timestamp;

/// The draft that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Who wrote it: they may not release it.
    pub by: Vec<UserName>,
    /// When it was written.
    pub at: Timestamp,
}

/// What is known of a case beside itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CaseKnown {
    /// The draft that waits, if one does.
    pub draft: Option<Written>,
    /// When the newest release or recall was made.
    pub sent: Option<Timestamp>,
    /// Whether the partner has answered the recall.
    pub recall_answered: bool,
    /// Whether the partner has said what came of it, or has declined it.
    pub outcome: bool,
}

/// What a case needs at this time; nothing when it is done.
pub fn of_case(case: &Case, known: &CaseKnown, clocks: &Clocks, now: &Timestamp) -> Vec<Need> {
    let due = case.clock.deadline().cloned();
    let need = |kind, permission, since: Option<&Timestamp>, due: Option<Timestamp>| Need {
        kind,
        about: About::Case(case.number),
        partner: Some(case.partner.clone()),
        status: case.status,
        urgency: Some(case.urgency),
        whom: Whom::all(permission),
        since: since.cloned(),
        due,
    };
    let mut needs = Vec::new();
    match case.stage() {
        Stage::Open => {
            needs.push(need(Kind::Finding, Permission::Draft, Some(&case.opened), due.clone()));
        }
        Stage::Found => {
            let since = case.assessment.finding().map(|found| &found.at);
            needs.push(need(Kind::Decision, Permission::Release, since, due.clone()));
        }
        Stage::ToWarn => {
            let since = decided(&case.assessment);
            needs.push(need(Kind::Draft, Permission::Draft, since, due.clone()));
        }
        Stage::Closed => {
            let since = decided(&case.assessment);
            needs.extend(
                closed(case).map(|kind| need(kind, Permission::Release, since, due.clone())),
            );
        }
        Stage::Drafted | Stage::Released | Stage::Expired | Stage::Recalled => {}
    }
    if let Some(Written { by, at }) = &known.draft {
        // The clock of a released warning has stopped: its next version has the same time.
        let is_paused = case.clock.pause().is_some();
        let again = || clocks.due(case.urgency, at);
        let due = due.clone().or_else(|| (!is_paused).then(again));
        let one = need(Kind::Release, Permission::Release, Some(at), due);
        needs.push(Need { whom: Whom::but(Permission::Release, by.clone()), ..one });
    }
    if let Some(Review { since, .. }) = case.review.as_ref().filter(|_| !case.is_waived()) {
        needs.push(need(Kind::Review, Permission::Release, Some(since), due.clone()));
    }
    needs.extend(case.ahead.iter().filter_map(|one| {
        let due = one.due()?;
        let whom = Whom::but(Permission::Release, vec![one.by.clone()]);
        let about = About::Told(case.number, one.number);
        let need = need(Kind::ConfirmTold, Permission::Release, Some(&one.recorded), Some(due));
        // Whatever the case is, this cannot wait.
        Some(Need { whom, about, urgency: Some(Urgency::Immediate), ..need })
    }));
    if case.awaits.is_some() {
        needs.push(need(Kind::Undelivered, Permission::Draft, known.sent.as_ref(), due));
    } else if case.outward == Outward::Recalled && !known.recall_answered {
        let due = known.sent.as_ref().map(|sent| answer_due(clocks, sent));
        let since = known.sent.as_ref();
        needs.push(need(Kind::RecallUnanswered, Permission::Release, since, due));
    }
    for (kind, permission, since, due) in of_later(case, known, clocks, now) {
        needs.push(need(kind, permission, Some(&since), Some(due)));
    }
    needs
}

/// Nobody is asked any more, so many days after a warning's end, what came of it, or what was done
/// about the end.
const OUTCOME_DAYS: i64 = 30;

/// What a released warning needs later: answers to updates and to its end, a renewal, an outcome.
fn of_later(
    case: &Case,
    known: &CaseKnown,
    clocks: &Clocks,
    now: &Timestamp,
) -> Vec<(Kind, Permission, Timestamp, Timestamp)> {
    let mut all = Vec::new();
    if let Some(owed) = case.owed.as_ref().filter(|owed| owed.is_open()) {
        let kind = match owed.word {
            Word::Update => Kind::UpdateUnanswered,
            Word::Expiry => Kind::ExpiryUnanswered,
            Word::Recall => Kind::RecallUnanswered,
        };
        // Who has not answered the end for so long does not any more.
        let last = owed.at.plus_minutes(OUTCOME_DAYS * 24 * 60);
        if owed.word != Word::Expiry || *now < last {
            all.push((kind, Permission::Release, owed.at.clone(), answer_due(clocks, &owed.at)));
        }
    }
    if let Some(Horizon { until, renew_from }) =
        case.holds_until().filter(|one| one.renew_from <= *now)
    {
        all.push((Kind::Renew, Permission::Draft, renew_from.clone(), until.clone()));
    }
    if let (Some(Horizon { until, .. }), Some(expired)) = (&case.horizon, &case.expired) {
        let last = until.plus_minutes(OUTCOME_DAYS * 24 * 60);
        if !known.outcome && *now < last && case.outward == Outward::Released {
            let due = until.plus_minutes(i64::from(clocks.future));
            all.push((Kind::OutcomeAwaited, Permission::Draft, expired.clone(), due));
        }
    }
    all
}

/// A partner's question on a case, which nobody has answered.
pub fn of_question(case: &Case, question: &Said, clocks: &Clocks) -> Need {
    let due = question.due.clone().unwrap_or_else(|| answer_due(clocks, &question.at));
    let asks = permission::request(question).is_some();
    Need {
        kind: if asks { Kind::Permission } else { Kind::Question },
        about: About::Question(case.number, question.entry.index),
        partner: Some(case.partner.clone()),
        status: case.status,
        urgency: Some(case.urgency),
        whom: Whom::all(Permission::Release),
        since: Some(question.at.clone()),
        due: Some(due),
    }
}

/// Until when a recall or a question is to be answered that came at this time.
pub(super) fn answer_due(clocks: &Clocks, at: &Timestamp) -> Timestamp {
    crate::talk::question_due(clocks, at)
}

/// What a closed case needs: its time to be looked at again has come, or a new fact has joined.
fn closed(case: &Case) -> Option<Kind> {
    if !case.clock.is_out() && case.review.is_none() {
        return None;
    }
    match case.clock.purpose {
        Purpose::Review => Some(Kind::WaiverReview),
        Purpose::Answer => Some(Kind::Referral),
        Purpose::Warn | Purpose::Permission => None,
    }
}

fn decided(assessment: &Assessment) -> Option<&Timestamp> {
    assessment.decision().map(|decided| &decided.at)
}
