//! What our people do about a readout.

use super::document::Document;
use super::embargo::{Exit, Offer};
use super::{Draft, FIELD, Own, Readout, Theirs};
use crate::case::Acting;
use crate::code::Code;
use crate::gate::{self, SetAside, Withheld};
use crate::message::Message;
use crate::post::{Post, Posted};
use crate::refusal::{Field, Hint, Refusal};
use forewarn_stix::Timestamp;
use forewarn_transcript::Reference;
use serde_json::Value;

/// With what our side speaks: our log, and what must not be said to anybody.
pub struct Speaking<'a> {
    /// Our log to the partner.
    pub post: &'a mut Post,
    /// What is withheld from anybody: a readout is public.
    pub withheld: &'a [Withheld],
}

/// A readout after something was written into our log.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// The readout.
    pub readout: Readout,
    /// The entry.
    pub posted: Posted,
}

fn stands(what: &str) -> Refusal {
    Refusal::new(Code::Stage, format!("the readout {what}"))
}

impl Readout {
    /// Somebody writes our text, or writes it anew; what has a digest at the partner stays as it is.
    ///
    /// # Errors
    /// When it was committed to before, its facts do not fit its text, or the gate is shut.
    pub fn write(
        mut self,
        document: Document,
        set_aside: SetAside,
        withheld: &[Withheld],
        acting: &Acting,
    ) -> Result<Readout, Refusal> {
        match self.ours {
            Own::Unwritten {} | Own::Written { .. } => {}
            Own::Committed { .. } | Own::Revealed { .. } => {
                return Err(stands("was committed to: it stays as it is"));
            }
        }
        let draft = Draft { document, by: acting.by.clone(), at: acting.at.clone(), set_aside };
        draft.check(withheld)?;
        self.ours = Own::Written { draft };
        Ok(self)
    }

    /// Commits to our text: the partner gets its digest, which facts it states, and perhaps until
    /// when neither publishes.
    ///
    /// # Errors
    /// When nothing is written, or it was committed to before; when the gate is shut; when an
    /// embargo cannot be proposed now.
    pub fn commit(
        mut self,
        (document, until): (&Document, Option<&Timestamp>),
        speaking: &mut Speaking,
        acting: &mut Acting,
    ) -> Result<Told, Refusal> {
        let draft = match self.ours {
            Own::Unwritten {} => return Err(stands("is not written")),
            Own::Written { draft } => draft,
            Own::Committed { .. } | Own::Revealed { .. } => {
                return Err(stands("was committed to before"));
            }
        };
        if draft.document != *document {
            let message = "the text was written anew since you saw it";
            return Err(Refusal::new(Code::OtherDraft, message).advice("look at it again"));
        }
        draft.check(speaking.withheld)?;
        if let Some(until) = until {
            self.embargo.may_offer(until, acting.at)?;
        }
        let message =
            Message::ReadoutCommitted { facts: draft.document.facts(), until: until.cloned() };
        let kept = [(FIELD, value(&draft.document))];
        let stamp = (acting.at, self.status, &mut *acting.ids);
        let posted = speaking.post.entry(&message, &kept, Some(self.about.clone()), stamp)?;
        let Some(opens) = posted.withheld.first().cloned() else {
            return Err(Refusal::new(Code::Damaged, "the digest of a readout was not made"));
        };
        let (entry, at) = (posted.reference.clone(), acting.at.clone());
        if let Some(until) = until {
            let offer = Offer { until: until.clone(), ours: true, entry: entry.clone() };
            self.embargo = self.embargo.offered(offer);
        }
        self.ours = Own::Committed { draft, entry, at, opens };
        Ok(Told { readout: self, posted })
    }

    /// Reveals our text. Before an embargo ends, only when that is said: it then shows as early on
    /// both sides.
    ///
    /// # Errors
    /// When it was not committed to; when an embargo binds, or the partner has committed to nothing,
    /// and it is not said that it is early; when the gate is shut now.
    pub fn reveal(
        mut self,
        early: bool,
        set_aside: &SetAside,
        speaking: &mut Speaking,
        acting: &mut Acting,
    ) -> Result<Told, Refusal> {
        let (mut draft, entry, opens) = match self.ours {
            Own::Unwritten {} | Own::Written { .. } => {
                return Err(stands("is not committed to: the digest goes first"));
            }
            Own::Committed { draft, entry, opens, .. } => (draft, entry, opens),
            Own::Revealed { .. } => return Err(stands("is public already")),
        };
        let binds = self.embargo.binds(acting.at).cloned();
        if let Some(until) = binds.as_ref().filter(|_| !early) {
            let message = format!("an embargo binds both sides until {until}");
            return Err(Refusal::new(Code::Embargo, message)
                .advice("wait for it, propose an earlier end, or say that it is revealed early"));
        }
        if matches!(self.theirs, Theirs::Unknown {}) && !early {
            let message = "the partner has not committed to a text of its own";
            return Err(Refusal::new(Code::Embargo, message)
                .advice("wait for its digest, or say that ours is revealed early"));
        }
        draft.set_aside.extend(set_aside);
        draft.check(speaking.withheld)?;
        let salt = opens.salt().map_err(|e| Refusal::new(Code::Damaged, e.to_string()))?;
        let message = Message::ReadoutRevealed { salt, readout: draft.document.clone() };
        let stamp = (acting.at, self.status, &mut *acting.ids);
        let posted = speaking.post.entry(&message, &[], Some(entry.clone()), stamp)?;
        let (revealed, at) = (posted.reference.clone(), acting.at.clone());
        let early = binds.is_some();
        self.embargo = self.embargo.exit(Exit::Published { ours: true, early, at: at.clone() });
        self.ours = Own::Revealed { draft, entry, opens, revealed, at, early };
        Ok(Told { readout: self, posted })
    }

    /// Proposes until when neither side publishes, or another end.
    ///
    /// # Errors
    /// When something waits for an answer, the embargo was left, or the end is not one.
    pub fn propose_embargo(
        mut self,
        until: &Timestamp,
        speaking: &mut Speaking,
        acting: &mut Acting,
    ) -> Result<Told, Refusal> {
        self.embargo.may_offer(until, acting.at)?;
        let message = Message::EmbargoProposed { until: until.clone() };
        let posted = self.says(&message, self.about.clone(), speaking, acting)?;
        let (until, entry) = (until.clone(), posted.reference.clone());
        self.embargo = self.embargo.offered(Offer { until, ours: true, entry });
        Ok(Told { readout: self, posted })
    }

    /// Accepts what the partner proposes: it is in force from now on.
    ///
    /// # Errors
    /// When the partner proposes nothing, or its end is past.
    pub fn accept_embargo(
        mut self,
        speaking: &mut Speaking,
        acting: &mut Acting,
    ) -> Result<Told, Refusal> {
        let offer = self.their_offer()?;
        if offer.until <= *acting.at {
            let message = format!("its end, {}, is past", offer.until);
            return Err(Refusal::new(Code::Embargo, message));
        }
        let message = Message::EmbargoAccepted {};
        let posted = self.says(&message, offer.entry, speaking, acting)?;
        self.embargo = self.embargo.accepted();
        Ok(Told { readout: self, posted })
    }

    /// Declines what the partner proposes.
    ///
    /// # Errors
    /// When the partner proposes nothing, or no reason is given.
    pub fn decline_embargo(
        mut self,
        reason: &str,
        speaking: &mut Speaking,
        acting: &mut Acting,
    ) -> Result<Told, Refusal> {
        let offer = self.their_offer()?;
        let message = Message::EmbargoDeclined { reason: because(reason)? };
        let posted = self.says(&message, offer.entry, speaking, acting)?;
        self.embargo = self.embargo.declined();
        Ok(Told { readout: self, posted })
    }

    /// Leaves the embargo, and says whether we comply with it all the same.
    ///
    /// # Errors
    /// When none is in force, or no reason is given.
    pub fn leave_embargo(
        mut self,
        (complies, reason): (bool, &str),
        speaking: &mut Speaking,
        acting: &mut Acting,
    ) -> Result<Told, Refusal> {
        if self.embargo.binds(acting.at).is_none() {
            return Err(Refusal::new(Code::Embargo, "no embargo is in force"));
        }
        let reason = because(reason)?;
        let message = Message::EmbargoLeft { complies, reason: reason.clone() };
        let posted = self.says(&message, self.about.clone(), speaking, acting)?;
        let at = acting.at.clone();
        self.embargo = self.embargo.exit(Exit::Left { ours: true, complies, reason, at });
        Ok(Told { readout: self, posted })
    }

    /// Somebody has taken note that the partner published early.
    ///
    /// # Errors
    /// When it has not.
    pub fn note(mut self) -> Result<Readout, Refusal> {
        match &mut self.theirs {
            Theirs::Revealed { early: true, noted, .. } => *noted = true,
            Theirs::Revealed { early: false, .. }
            | Theirs::Unknown {}
            | Theirs::Committed { .. } => {
                return Err(Refusal::new(Code::Stage, "the partner has not published early"));
            }
        }
        Ok(self)
    }

    fn their_offer(&self) -> Result<Offer, Refusal> {
        let offer = self.embargo.offer().filter(|offer| !offer.ours).cloned();
        offer.ok_or_else(|| Refusal::new(Code::Embargo, "the partner proposes no embargo"))
    }

    fn says(
        &self,
        message: &Message,
        answers: Reference,
        speaking: &mut Speaking,
        acting: &mut Acting,
    ) -> Result<Posted, Refusal> {
        let (_, fields) = message.fields();
        let words = fields.into_iter().collect();
        gate::check_value(&Value::Object(words), speaking.withheld)?;
        let stamp = (acting.at, self.status, &mut *acting.ids);
        speaking.post.entry(message, &[], Some(answers), stamp)
    }
}

impl Draft {
    /// Judges the text as anybody may read it, and every value that it states.
    fn check(&self, withheld: &[Withheld]) -> Result<(), Refusal> {
        self.document.check()?;
        let mut withheld = withheld.to_vec();
        gate::set_aside_known(&mut withheld, &self.set_aside)?;
        let words: Vec<Value> = self.document.stated.iter().map(spoken).collect();
        let words = serde_json::json!({ "text": self.document.text, "stated": words });
        gate::check_value(&words, &withheld)
    }
}

/// What is said by a fact: its words and its value. Where it stands is no word of anybody's.
fn spoken(stated: &super::Stated) -> Value {
    match &stated.value {
        super::Claim::Is(value) => serde_json::json!([stated.words, value]),
        super::Claim::Digest(_) => serde_json::json!([stated.words]),
    }
}

fn value(document: &Document) -> Value {
    serde_json::to_value(document).unwrap_or_default()
}

fn because(reason: &str) -> Result<String, Refusal> {
    if reason.trim().is_empty() {
        return Err(Refusal::new(Code::Reason, "say why").hint(Hint::Give { field: Field::Reason }));
    }
    Ok(reason.to_owned())
}
