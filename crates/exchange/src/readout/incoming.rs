//! What the partner says about its readout, or about the embargo.

use super::embargo::{Exit, Offer, check_end};
use super::{FIELD, Readout, Theirs};
use crate::incoming::NotAccepted;
use crate::message::Message;
use forewarn_stix::Timestamp;
use forewarn_transcript::{Disclosure, Entry, Reference};

/// An entry of the partner's about a readout.
pub struct FromPartner<'a> {
    /// The entry.
    pub entry: &'a Entry,
    /// Where it stands.
    pub place: &'a Reference,
    /// When it came, by our clock.
    pub at: &'a Timestamp,
    /// The entry that commits to the partner's text, where we hold one.
    pub committed: Option<&'a Entry>,
}

/// What of a readout the partner has changed, for the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// It has committed to a text.
    Committed,
    /// It has published.
    Revealed {
        /// Whether that was early.
        early: bool,
    },
    /// It proposes an embargo, or another end.
    Proposed {
        /// The end.
        until: Timestamp,
    },
    /// It has accepted our proposal.
    Accepted,
    /// It has declined our proposal.
    Declined {
        /// Why.
        reason: String,
    },
    /// It has left the embargo.
    Left {
        /// Whether it says that it complies all the same.
        complies: bool,
        /// Why.
        reason: String,
    },
}

impl Message {
    /// Whether it is about a readout, or the embargo about one.
    pub fn is_of_readout(&self) -> bool {
        matches!(
            self,
            Message::ReadoutCommitted { .. }
                | Message::ReadoutRevealed { .. }
                | Message::EmbargoProposed { .. }
                | Message::EmbargoAccepted {}
                | Message::EmbargoDeclined { .. }
                | Message::EmbargoLeft { .. }
        )
    }
}

impl Readout {
    /// A word of the partner's.
    ///
    /// # Errors
    /// Why it is not accepted: the words go back to the partner.
    pub fn hear(
        mut self,
        message: Message,
        from: &FromPartner,
    ) -> Result<(Readout, Heard), NotAccepted> {
        if from.entry.status != self.status.name() {
            return Err("its status is another one than that of the warning".to_owned());
        }
        let heard = match message {
            Message::ReadoutCommitted { facts, until } => {
                if !matches!(self.theirs, Theirs::Unknown {}) {
                    return Err("a readout was committed to before".to_owned());
                }
                if let Some(until) = until {
                    self.is_offered(until, from)?;
                }
                let (entry, at) = (from.place.clone(), from.entry.time.clone());
                self.theirs = Theirs::Committed { facts, entry, at };
                Heard::Committed
            }
            Message::ReadoutRevealed { salt, readout } => {
                let early = self.is_revealed((&salt, readout), from)?;
                Heard::Revealed { early }
            }
            Message::EmbargoProposed { until } => {
                self.is_offered(until.clone(), from)?;
                Heard::Proposed { until }
            }
            Message::EmbargoAccepted {} => {
                self.answers_offer(from)?;
                self.embargo = self.embargo.accepted();
                Heard::Accepted
            }
            Message::EmbargoDeclined { reason } => {
                self.answers_offer(from)?;
                self.embargo = self.embargo.declined();
                Heard::Declined { reason }
            }
            Message::EmbargoLeft { complies, reason } => {
                let (at, why) = (from.entry.time.clone(), reason.clone());
                let left = Exit::Left { ours: false, complies, reason: why, at };
                self.embargo = self.embargo.exit(left);
                Heard::Left { complies, reason }
            }
            Message::Interest { .. }
            | Message::InterestRemoved { .. }
            | Message::Warning(_)
            | Message::Update(_)
            | Message::Recall { .. }
            | Message::Said { .. }
            | Message::KeyChange { .. }
            | Message::KeyConfirmed {}
            | Message::AgreementProposed { .. }
            | Message::AgreementAccepted { .. }
            | Message::AgreementDeclined { .. } => return Err("it is about no readout".to_owned()),
        };
        Ok((self, heard))
    }

    /// The partner publishes: whether that is early.
    fn is_revealed(
        &mut self,
        (salt, readout): (&str, super::Document),
        from: &FromPartner,
    ) -> Result<bool, NotAccepted> {
        let Theirs::Committed { facts, entry, .. } = &self.theirs else {
            return Err("no readout of this is committed to, or it is public".to_owned());
        };
        readout.check().map_err(|refusal| refusal.message)?;
        if readout.facts() != *facts {
            return Err("it states other facts than were committed to".to_owned());
        }
        let value = serde_json::to_value(&readout).unwrap_or_default();
        let opens = Disclosure::salted(salt, FIELD, &value);
        let opens = opens.ok_or("its salt is not 16 bytes in base64url")?;
        let digests = from.committed.map(|entry| entry.digests.as_slice());
        if !digests.unwrap_or_default().contains(&opens.digest()) {
            return Err("the text is not the one that was committed to".to_owned());
        }
        // By its own word it was early, or by the time at which it reached us.
        let early =
            self.embargo.binds(&from.entry.time).is_some() || self.embargo.binds(from.at).is_some();
        let (entry, at) = (entry.clone(), from.entry.time.clone());
        let held = std::mem::replace(&mut self.embargo, super::Embargo::None {});
        self.embargo = held.exit(Exit::Published { ours: false, early, at: at.clone() });
        let revealed = from.place.clone();
        let (document, noted) = (readout, false);
        self.theirs = Theirs::Revealed { document, entry, opens, revealed, at, early, noted };
        Ok(early)
    }

    fn is_offered(&mut self, until: Timestamp, from: &FromPartner) -> Result<(), NotAccepted> {
        check_end(&until, &from.entry.time)?;
        let offer = Offer { until, ours: false, entry: from.place.clone() };
        let held = std::mem::replace(&mut self.embargo, super::Embargo::None {});
        self.embargo = held.offered(offer);
        Ok(())
    }

    /// An embargo that was left meanwhile needs no answer any more: that is no fault of the partner's.
    fn answers_offer(&self, from: &FromPartner) -> Result<(), NotAccepted> {
        if matches!(self.embargo, super::Embargo::Exited { .. }) {
            return Ok(());
        }
        let ours = self.embargo.offer().filter(|offer| offer.ours);
        let answers = from.entry.answers.as_ref();
        match ours {
            Some(offer) if Some(&offer.entry) == answers => Ok(()),
            Some(_) | None => Err("it answers no proposal of ours that waits".to_owned()),
        }
    }
}
