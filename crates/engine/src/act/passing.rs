//! Warnings that came to us, passed on to others: only as far as their senders permit it.

use super::{Decision, Desk};
use crate::failure::Undone;
use forewarn_exchange::Code;
use forewarn_exchange::Refusal;
use forewarn_exchange::answer::Answer;
use forewarn_exchange::case::{Case, CaseItem, Outgoing};
use forewarn_exchange::event::Event;
use forewarn_exchange::gate::{self, SetAside};
use forewarn_exchange::id::{CaseNumber, Subject};
use forewarn_exchange::name::NodeName;
use forewarn_exchange::permission::{Granted, Verdict};
use forewarn_exchange::refusal::Hint;
use forewarn_exchange::talk::About;
use forewarn_exchange::warning::Warning;
use forewarn_policy::Words;
use forewarn_stix::Timestamp;
use forewarn_store::{Db, StoreError};
use serde_json::Value;

impl Desk<'_> {
    /// A warning that came to us is an item of a case for a partner to whom it may be passed on.
    pub(super) fn may_be_named(&self, item: &CaseItem, partner: &NodeName) -> Result<(), Undone> {
        let Some(number) = item.warning() else { return Ok(()) };
        let warning = self.db.warning(number)?;
        let warning = warning.ok_or_else(|| Refusal::unknown("warning", number))?;
        let talk = self.db.talk(number.into())?;
        Granted::to(partner, &warning, &talk, &self.command.time)?;
        Ok(())
    }

    /// What a case passes on to its partner may be passed on now, and its draft says no more.
    pub(super) fn must_be_permitted(&self, case: &Case, outgoing: &Outgoing) -> Result<(), Undone> {
        let mut leaves = None;
        for passed in passed_on(self.db, case.number)? {
            let at = &self.command.time;
            let granted = Granted::to(&case.partner, &passed.warning, &passed.talk, at)?;
            let number = passed.warning.number;
            let Some(content) = self.db.content(number)? else { continue };
            let leaves = leaves.get_or_insert_with(|| {
                let bundle = outgoing.pending().map(|draft| draft.bundle.as_str());
                serde_json::from_str::<Value>(bundle.unwrap_or_default()).unwrap_or_default()
            });
            granted.must_cover((number, &content), leaves)?;
        }
        Ok(())
    }

    /// Says to a partner whether it may pass on what it asks for.
    pub(super) fn permit(
        &mut self,
        number: CaseNumber,
        request: u64,
        (verdict, set_aside): (&Verdict, &SetAside),
    ) -> Decision {
        let (case, partner, mut withheld) = self.outward(number)?;
        gate::set_aside_known(&mut withheld, set_aside)?;
        let mut post = self.post(&partner)?;
        let subject = Subject::Case(number);
        let asked = self.db.open_question(subject, false, request)?.ok_or_else(|| {
            let message = format!("no request for permission is open at entry {request}");
            Refusal::new(Code::NoQuestion, message).hint(Hint::ShowCase { case: number })
        })?;
        let words = (verdict.clone(), withheld.as_slice());
        self.house_lets_say(&case, Words::Permission)?;
        let (said, posted) = self.acting(|acting| case.permit(&asked, words, &mut post, acting))?;
        let (entry, id) = (posted.reference.clone(), posted.id.clone());
        let answer = Answer::CaseSent { case: number, entry, id };
        let partner = case.partner;
        let events = vec![
            Event::Said { about: Box::new(About { subject, said }) },
            Event::Posted { partner, subject: Some(subject), posted },
        ];
        Ok((events, answer))
    }
}

/// A warning that a case passes on, and what was said about it.
pub struct PassedOn {
    /// The warning.
    pub warning: Warning,
    /// What its sender and we have said.
    pub talk: Vec<forewarn_exchange::talk::Said>,
}

impl PassedOn {
    /// What may be passed on of it to a partner at a time.
    ///
    /// # Errors
    /// Nothing, and why.
    pub fn granted(&self, to: &NodeName, at: &Timestamp) -> Result<Granted<'_>, Refusal> {
        Granted::to(to, &self.warning, &self.talk, at)
    }
}

/// The warnings that a case passes on.
///
/// # Errors
/// The database cannot be read.
pub fn passed_on(db: &Db<'_>, case: CaseNumber) -> Result<Vec<PassedOn>, StoreError> {
    let mut all = Vec::new();
    for number in db.case_items(case)?.iter().filter_map(CaseItem::warning) {
        if let Some(warning) = db.warning(number)? {
            all.push(PassedOn { warning, talk: db.talk(number.into())? });
        }
    }
    Ok(all)
}
