//! What is left of a thing when its words are erased. Each field is named, so that one that is added
//! later does not compile until somebody has said whether it has words.

use super::{Case, Warning};
use crate::case::{
    Assessment, Clock, Decided, Decision, Finding, Found, Outgoing, Reasons, Recall, Release,
    Ticking,
};
use crate::draft::Draft;
use crate::gate::SetAside;
use crate::message::Content;
use crate::told::{Ahead, AheadFate};
use crate::waiver::WaiverFacts;
use crate::warning::{Recalled, Summary};
use serde_json::Value;

impl Case {
    /// Without its words.
    pub fn blank(&mut self) {
        let Case {
            assessment,
            clock,
            ahead,
            number: _,
            partner: _,
            urgency: _,
            status: _,
            opened: _,
            outward: _,
            items: _,
            awaits: _,
            review: _,
            horizon: _,
            expired: _,
            owed: _,
            reopened: _,
            threat: _,
            told_at: _,
            exercise: _,
        } = self;
        assess(assessment);
        tick(clock);
        *clock = clock.clone().stop();
        ahead.iter_mut().for_each(told);
    }
}

fn assess(assessment: &mut Assessment) {
    match assessment {
        Assessment::Open {} => {}
        Assessment::Found { finding } => found(finding),
        Assessment::Decided { finding, decision } => {
            if let Some(finding) = finding {
                found(finding);
            }
            let Decided { decision, by: _, at: _, seconded_by: _, waived: _ } = &mut **decision;
            decide(decision);
        }
        Assessment::Merged { reason, into: _, by: _, at: _ } => reason.clear(),
    }
}

fn found(found: &mut Found) {
    let Found { finding, by: _, at: _ } = found;
    let Finding {
        reasons,
        target,
        nationality,
        reason,
        credible: _,
        specific: _,
        impending: _,
        threat: _,
        duty_basis: _,
        aware_at: _,
        likelihood: _,
        confidence: _,
    } = finding;
    *reasons = Reasons::default();
    [target, nationality, reason].into_iter().for_each(String::clear);
}

fn decide(decision: &mut Decision) {
    match decision {
        Decision::Warn { reason } | Decision::NotMet { reason } => reason.clear(),
        Decision::Waive { reason, facts, code: _, review_at: _ } => {
            reason.clear();
            *facts = WaiverFacts::default();
        }
        Decision::Refer { to, reason, answer_by: _ } => {
            to.clear();
            reason.clear();
        }
    }
}

fn tick(clock: &mut Clock) {
    let Clock { state, purpose: _ } = clock;
    match state {
        Ticking::Paused { pause, .. } => pause.reason.clear(),
        Ticking::Running { .. } | Ticking::RanOut { .. } | Ticking::Stopped { .. } => {}
    }
}

fn told(one: &mut Ahead) {
    let Ahead {
        to,
        words,
        deliverer,
        fate,
        number: _,
        way: _,
        at: _,
        by: _,
        recorded: _,
        mirrored: _,
    } = one;
    [to, words, deliverer].into_iter().for_each(String::clear);
    match fate {
        AheadFate::Waiting {} | AheadFate::Confirmed { .. } => {}
        AheadFate::Struck { reason, taken_back, by: _, at: _ } => {
            reason.clear();
            taken_back.clear();
        }
    }
}

impl Outgoing {
    /// Without its words. A draft that waited is gone.
    #[must_use]
    pub fn blank(self) -> Outgoing {
        match self {
            Outgoing::Nothing | Outgoing::Drafted(_) => Outgoing::Nothing,
            Outgoing::Released { releases, next: _ } => {
                Outgoing::Released { releases: blank(releases), next: None }
            }
            Outgoing::Recalled { releases, recall } => {
                let Recall { by, at, reason: _, entry } = recall;
                let recall = Recall { by, at, reason: String::new(), entry };
                Outgoing::Recalled { releases: blank(releases), recall }
            }
        }
    }
}

fn blank(mut releases: Vec<Release>) -> Vec<Release> {
    for release in &mut releases {
        let Release { draft, approved_by: _, also_approved_by: _, at: _, entry: _, id: _ } =
            release;
        let Draft {
            title,
            request,
            bundle,
            withheld,
            set_aside,
            lowering,
            stands,
            by: _,
            also_by: _,
            at: _,
            tlp: _,
            valid_until: _,
            digest: _,
            originals: _,
            originals_pap: _,
        } = draft;
        title.clear();
        *request = None;
        bundle.clear();
        withheld.clear();
        *set_aside = SetAside::default();
        if let Some(lowering) = lowering {
            lowering.permission.clear();
            lowering.reason.clear();
        }
        if let Some(stands) = stands {
            stands.reason.clear();
        }
    }
    releases
}

impl Warning {
    /// Without its words, and the names of persons for whom it was.
    pub fn blank(&mut self) {
        let Warning {
            summary,
            recall,
            persons,
            formerly,
            number: _,
            partner: _,
            status: _,
            entry: _,
            id: _,
            received: _,
            version: _,
            newest: _,
            standing: _,
            expired: _,
            owed: _,
            lowered: _,
        } = self;
        let Summary { title, urgency: _, tlp: _, valid_until: _ } = summary;
        title.clear();
        if let Some(Recalled { reason, at: _, entry: _, answered: _ }) = recall {
            reason.clear();
        }
        persons.clear();
        formerly.clear();
    }
}

impl Content {
    /// Without its words.
    pub fn blank(&mut self) {
        let Content { title, persons, bundle, urgency: _, tlp: _, valid_until: _ } = self;
        title.clear();
        persons.clear();
        *bundle = Value::Null;
    }
}
