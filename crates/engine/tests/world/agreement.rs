//! Agreements: proposed, signed and declined, by us and by the partner, also at once.

use super::{NODE, Taken, World, node, user};
use forewarn_exchange::act::PartnerAct;
use forewarn_exchange::agreement::{AgreedClocks, Terms, Version};
use forewarn_exchange::handling::HandlingCode;
use forewarn_exchange::message::Message;
use forewarn_exchange::proposal::Persons;
use forewarn_stix::marking::Tlp;
use forewarn_transcript::Reference;

impl World {
    fn terms(&mut self) -> Terms {
        let ceilings = [Tlp::Amber, Tlp::AmberStrict, Tlp::Red];
        let expected = 9 + u32::try_from(self.random.below(3)).unwrap();
        Terms {
            ceiling: ceilings[usize::try_from(self.random.below(3)).unwrap()],
            handling: HandlingCode::ALL.into(),
            sentences: if self.random.below(2) == 0 { Persons::One } else { Persons::Two },
            clocks: Some(AgreedClocks { immediate: 5, expected, future: 600, question: 30 }),
            persons: Vec::new(),
        }
    }

    /// What waits between both sides: its version, the entry, and whether it is ours.
    fn waits(&self) -> Option<(Version, Reference, bool)> {
        let waiting = self.core.store().db().waiting_agreement(&node(NODE)).unwrap();
        waiting.map(|one| (one.version, one.entry, one.ours))
    }

    fn next_version(&self) -> Version {
        self.core.store().db().last_agreement(&node(NODE)).unwrap().next()
    }

    /// One of our people proposes or answers one.
    pub(super) fn agreement(&mut self) -> Taken {
        let name = node(NODE);
        let act = match (self.waits(), self.random.below(3)) {
            (Some((version, _, false)), 0) => {
                let reason = "it is too wide".to_owned();
                PartnerAct::DeclineAgreement { name, version, reason }
            }
            (Some((version, _, false)), _) => PartnerAct::AcceptAgreement { name, version },
            _ => PartnerAct::ProposeAgreement { name, terms: self.terms() },
        };
        self.act(user("paul"), act)
    }

    /// What the partner says about one.
    pub(super) fn their_agreement(&mut self) -> (Message, Option<Reference>) {
        let by = "pia".to_owned();
        match (self.waits(), self.random.below(4)) {
            (Some((_, entry, true)), 0 | 1) => (Message::AgreementAccepted { by }, Some(entry)),
            (Some((_, entry, true)), 2) => {
                let reason = "it is too narrow".to_owned();
                (Message::AgreementDeclined { by, reason }, Some(entry))
            }
            // At once with ours.
            (Some((version, _, true)), _) => {
                (Message::AgreementProposed { by, version, terms: self.terms() }, None)
            }
            // Of one that waits for us already, or that has no sense: it is refused.
            _ => {
                let version = self.next_version();
                (Message::AgreementProposed { by, version, terms: self.terms() }, None)
            }
        }
    }
}
