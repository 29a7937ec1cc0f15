//! What the partner signs of an agreement, and what it does not.

use super::{Reader, Understood, told};
use crate::agreement::{changed, signed};
use forewarn_exchange::agreement::{AnswerTo, Heard, NowInForce, Terms, Version, heard_refusal};
use forewarn_exchange::event::Event;
use forewarn_exchange::incoming::Incoming;
use forewarn_store::StoreError;
use forewarn_transcript::Reference;

impl Reader<'_> {
    /// The partner has signed a version, and waits for us.
    pub(super) fn agreement_proposed(
        &self,
        offered: (Version, Terms),
        incoming: &Incoming,
        by: &str,
    ) -> Understood {
        let partner = self.known()?;
        let known = signed(self.db, &partner)?;
        let versions = known.hear_proposal(self.us.name(), offered, heard(incoming, by));
        let come = (versions.map_err(told)?, None);
        Ok(changed((self.db, self.us), partner, come, incoming.at)?)
    }

    /// The partner answers a version that we have signed.
    pub(super) fn agreement_answered(
        &self,
        answer: AnswerTo,
        incoming: &Incoming,
        by: &str,
    ) -> Understood {
        let Some(to) = &incoming.entry.answers else {
            return Err(told("it does not say which entry it answers"));
        };
        let partner = self.known()?;
        let known = signed(self.db, &partner)?;
        let come: NowInForce = known.hear_answer(to, answer, heard(incoming, by)).map_err(told)?;
        Ok(changed((self.db, self.us), partner, come, incoming.at)?)
    }

    /// The partner's node did not understand an entry: our proposal, perhaps.
    pub(super) fn agreement_refused(
        &self,
        to: &Reference,
        reason: &str,
    ) -> Result<Vec<Event>, StoreError> {
        let ours = self.db.waiting_agreement(self.partner)?;
        let Some(ours) = ours.filter(|one| one.ours && one.entry == *to) else {
            return Ok(Vec::new());
        };
        let crossed = self.db.crossed_agreement(self.partner, ours.version)?;
        let versions = heard_refusal(ours, crossed, reason);
        let set = |agreement| Event::AgreementSet { agreement: Box::new(agreement) };
        Ok(versions.into_iter().map(set).collect())
    }
}

fn heard<'a>(incoming: &'a Incoming<'_>, by: &'a str) -> Heard<'a> {
    Heard { by, at: incoming.at, place: incoming.place }
}
