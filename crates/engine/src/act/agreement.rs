//! What we sign of an agreement with a partner, and what we do not.

use super::{Decision, Desk};
use crate::agreement::{changed, signed};
use crate::failure::Undone;
use forewarn_exchange::agreement::{AnswerTo, Heard, Signed, Terms, Version};
use forewarn_exchange::answer::Answer;
use forewarn_exchange::event::Event;
use forewarn_exchange::gate::SetAside;
use forewarn_exchange::message::Message;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::partner::Partner;
use forewarn_exchange::post::Posted;
use forewarn_exchange::refusal::{Field, Hint};
use forewarn_exchange::{Code, Refusal};
use forewarn_transcript::Reference;

impl Desk<'_> {
    pub(super) fn propose_agreement(&mut self, name: &NodeName, terms: &Terms) -> Decision {
        let (partner, known) = self.agreement_with(name)?;
        let (by, at) = (self.by()?, self.command.time.clone());
        let message = known.propose(self.us.name(), terms, &by)?;
        let posted = self.signs(&partner, &message, None)?;
        let entry = Heard { by: &by, at: &at, place: &posted.reference };
        let version = known.proposed(terms, entry);
        let answer = (version.version, posted.reference.clone());
        let events = changed((self.db, self.us), partner, (vec![version], None), &at)?;
        Ok(told(name, answer, events, posted))
    }

    pub(super) fn answer_agreement(
        &mut self,
        (name, version): (&NodeName, Version),
        answer: AnswerTo,
    ) -> Decision {
        let (partner, known) = self.agreement_with(name)?;
        let (by, at) = (self.by()?.to_string(), self.command.time.clone());
        let theirs = known.theirs(version)?.clone();
        let message = match &answer {
            AnswerTo::Accept => Message::AgreementAccepted { by: by.clone() },
            AnswerTo::Decline { reason } if reason.trim().is_empty() => {
                return Err(Refusal::new(Code::Reason, "say why it is declined")
                    .hint(Hint::Give { field: Field::Reason })
                    .into());
            }
            AnswerTo::Decline { reason } => {
                Message::AgreementDeclined { by: by.clone(), reason: reason.clone() }
            }
        };
        let posted = self.signs(&partner, &message, Some(theirs.entry.clone()))?;
        let entry = Heard { by: &by, at: &at, place: &posted.reference };
        let answered = theirs.answered(answer, entry);
        let answer = (version, posted.reference.clone());
        let events = changed((self.db, self.us), partner, answered, &at)?;
        Ok(told(name, answer, events, posted))
    }

    /// A partner that can sign: its channel is open, and a node of its own is at the other end.
    fn agreement_with(&self, name: &NodeName) -> Result<(Partner, Signed), Undone> {
        let partner = self.partner(name)?;
        partner.channel(&self.us.party())?;
        if partner.without_node {
            let message = format!("`{name}` runs no node, and so signs nothing");
            return Err(Refusal::new(Code::Agreement, message)
                .advice("agree on paper, and record it with `partner agree`")
                .into());
        }
        let known = signed(self.db, &partner)?;
        Ok((partner, known))
    }

    fn signs(
        &mut self,
        partner: &Partner,
        message: &Message,
        answers: Option<Reference>,
    ) -> Result<Posted, Undone> {
        let (_, fields) = message.fields();
        self.clear(partner.name(), &SetAside::default(), &fields)?;
        let mut post = self.post(partner)?;
        let stamp = (&self.command.time, self.us.configuration.status, &mut self.ids);
        Ok(post.entry(message, &[], answers, stamp)?)
    }
}

fn told(
    name: &NodeName,
    (version, entry): (Version, Reference),
    mut events: Vec<Event>,
    posted: Posted,
) -> (Vec<Event>, Answer) {
    events.push(Event::Posted { partner: name.clone(), subject: None, posted });
    (events, Answer::Agreement { partner: name.clone(), version, entry })
}
