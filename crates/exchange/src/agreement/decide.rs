//! Proposing, accepting and declining a version, by us and by the partner.

use super::{Agreement, Fate, InForce, Terms, Version};
use crate::code::Code;
use crate::incoming::NotAccepted;
use crate::message::Message;
use crate::name::NodeName;
use crate::refusal::{Hint, Refusal};
use forewarn_stix::Timestamp;
use forewarn_transcript::Reference;

/// What stands between the two sides, as far as the next step needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// With whom.
    pub partner: NodeName,
    /// The last version that was proposed; 0 before the first.
    pub last: Version,
    /// The one that waits for an answer.
    pub waiting: Option<Agreement>,
    /// What is in force.
    pub in_force: Option<InForce>,
}

/// Our answer to a version that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerTo {
    /// We sign it too.
    Accept,
    /// We do not.
    Decline {
        /// Why.
        reason: String,
    },
}

/// An entry of either side: who says it, when, where it stands.
#[derive(Debug, Clone, Copy)]
pub struct Heard<'a> {
    /// Who says it.
    pub by: &'a str,
    /// When, by our clock.
    pub at: &'a Timestamp,
    /// Where it stands.
    pub place: &'a Reference,
}

/// Versions that are changed, and the terms that are in force from now on, where they are others.
pub type NowInForce = (Vec<Agreement>, Option<InForce>);

fn refused(message: String) -> Refusal {
    Refusal::new(Code::Agreement, message)
}

impl Signed {
    /// The message by which we propose these terms.
    ///
    /// # Errors
    /// A proposal waits already, the terms cannot be meant, or they are in force.
    pub fn propose(&self, us: &NodeName, terms: &Terms, by: &str) -> Result<Message, Refusal> {
        if let Some(waiting) = &self.waiting {
            let version = waiting.version;
            return Err(if waiting.ours {
                refused(format!("our proposal, version {version}, waits for their answer"))
                    .advice("wait for it, or ask them to decline it")
            } else {
                refused(format!("their proposal, version {version}, waits for our answer"))
                    .hint(self.look(version))
            });
        }
        terms.check([us, &self.partner]).map_err(refused)?;
        if self.in_force.as_ref().is_some_and(|held| held.terms == *terms) {
            return Err(refused("these terms are in force already".to_owned()));
        }
        let version = self.last.next();
        Ok(Message::AgreementProposed { by: by.to_owned(), version, terms: terms.clone() })
    }

    /// The version that we have proposed by an entry.
    pub fn proposed(&self, terms: &Terms, entry: Heard<'_>) -> Agreement {
        self.offered(true, self.last.next(), terms.clone(), entry)
    }

    /// The partner's proposal of this version, which waits for our answer.
    ///
    /// # Errors
    /// None of this version waits.
    pub fn theirs(&self, version: Version) -> Result<&Agreement, Refusal> {
        match &self.waiting {
            Some(waiting) if waiting.version == version && !waiting.ours => Ok(waiting),
            Some(waiting) if waiting.version == version => {
                Err(refused(format!("version {version} is our own proposal: they answer it")))
            }
            Some(_) | None => {
                Err(refused(format!("no version {version} of theirs waits for our answer"))
                    .hint(Hint::ListAgreements { partner: self.partner.clone() }))
            }
        }
    }

    /// A proposal of the partner's.
    ///
    /// # Errors
    /// It does not follow on what is known, or cannot be meant.
    pub fn hear_proposal(
        &self,
        us: &NodeName,
        (version, terms): (Version, Terms),
        entry: Heard<'_>,
    ) -> Result<Vec<Agreement>, NotAccepted> {
        terms.check([us, &self.partner])?;
        let theirs = self.offered(false, version, terms, entry);
        match &self.waiting {
            None if version == self.last.next() => Ok(vec![theirs]),
            // Both have proposed at once.
            Some(ours) if ours.ours && ours.version == version => {
                let crossed = Fate::Crossed {};
                Ok(if *us < self.partner {
                    vec![Agreement { fate: crossed, ..theirs }]
                } else {
                    vec![Agreement { fate: crossed, ..ours.clone() }, theirs]
                })
            }
            Some(_) | None => {
                let last = self.last;
                Err(format!("version {version} does not follow on {last}, or another one waits"))
            }
        }
    }

    /// The partner answers our proposal.
    ///
    /// # Errors
    /// The entry that it answers is no proposal of ours that waits.
    pub fn hear_answer(
        &self,
        answers: &Reference,
        answer: AnswerTo,
        entry: Heard<'_>,
    ) -> Result<NowInForce, NotAccepted> {
        let ours = self.waiting.as_ref().filter(|one| one.ours && one.entry == *answers);
        let ours = ours.ok_or("it answers no proposal of an agreement that waits")?;
        Ok(ours.clone().answered(answer, entry))
    }

    fn offered(&self, ours: bool, version: Version, terms: Terms, entry: Heard<'_>) -> Agreement {
        let Heard { by, at, place } = entry;
        let (partner, by, at) = (self.partner.clone(), by.to_owned(), at.clone());
        let fate = Fate::Waiting {};
        Agreement { partner, version, ours, terms, by, at, entry: place.clone(), fate }
    }

    fn look(&self, version: Version) -> Hint {
        Hint::ShowAgreement { partner: self.partner.clone(), version }
    }
}

impl Agreement {
    /// The other side of whoever proposed it answers.
    pub fn answered(self, answer: AnswerTo, entry: Heard<'_>) -> NowInForce {
        let (by, at, entry) = (entry.by.to_owned(), entry.at.clone(), entry.place.clone());
        match answer {
            AnswerTo::Accept => {
                let held = InForce { version: self.version, terms: self.terms.clone() };
                let fate = Fate::Signed { by, at, entry };
                (vec![Agreement { fate, ..self }], Some(held))
            }
            AnswerTo::Decline { reason } => {
                let fate = Fate::Declined { by, at, entry, reason };
                (vec![Agreement { fate, ..self }], None)
            }
        }
    }
}

/// The partner's node did not understand our proposal. Where its own crossed that, it waits again: the
/// partner's node knows of nothing else that does.
pub fn heard_refusal(ours: Agreement, crossed: Option<Agreement>, reason: &str) -> Vec<Agreement> {
    let fate = Fate::NotUnderstood { reason: reason.to_owned() };
    let again = crossed.map(|theirs| Agreement { fate: Fate::Waiting {}, ..theirs });
    std::iter::once(Agreement { fate, ..ours }).chain(again).collect()
}
