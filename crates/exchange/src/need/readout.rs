//! What a readout needs: an answer to an embargo, its reveal, a look at one that came early.

use super::case::answer_due;
use super::{About, Kind, Need, Whom};
use crate::id::Subject;
use crate::readout::{Own, Readout, Theirs};
use crate::scale::Clocks;
use crate::user::Permission;
use forewarn_stix::Timestamp;

/// What a readout needs at this time.
pub fn of_readout(readout: &Readout, clocks: &Clocks, now: &Timestamp) -> Vec<Need> {
    let need = |kind, since: Option<Timestamp>| Need {
        kind,
        about: match readout.subject {
            Subject::Case(case) => About::Case(case),
            Subject::Warning(warning) => About::Warning(warning),
        },
        partner: Some(readout.partner.clone()),
        status: readout.status,
        urgency: None,
        whom: Whom::all(Permission::Release),
        due: since.as_ref().map(|since| answer_due(clocks, since)),
        since,
    };
    let mut needs = Vec::new();
    let offer = readout.embargo.offer().filter(|offer| !offer.ours && offer.until > *now);
    if let Some(offer) = offer {
        needs.push(Need { due: Some(offer.until.clone()), ..need(Kind::Embargo, None) });
    }
    if let Theirs::Revealed { early: true, noted: false, at, .. } = &readout.theirs {
        needs.push(need(Kind::RevealedEarly, Some(at.clone())));
        return needs;
    }
    let Own::Committed { at: ours, .. } = &readout.ours else { return needs };
    // The texts are revealed together: once both digests are held, and no embargo binds.
    let theirs = match &readout.theirs {
        Theirs::Unknown {} => return needs,
        Theirs::Committed { at, .. } | Theirs::Revealed { at, .. } => at,
    };
    if readout.embargo.binds(now).is_none() && offer.is_none() {
        let ended = match &readout.embargo {
            crate::readout::Embargo::Active { until }
            | crate::readout::Embargo::Revise { until, .. } => until,
            crate::readout::Embargo::None {}
            | crate::readout::Embargo::Proposed { .. }
            | crate::readout::Embargo::Exited { .. } => ours.max(theirs),
        };
        needs.push(need(Kind::Reveal, Some(ended.clone())));
    }
    needs
}
