//! Readouts: what each side says in public about a case or warning that both had.
//!
//! Each side writes its own text. It commits to it first, by the salted digest of a withheld field of
//! an entry, with the facts that it states; the texts are revealed together, when the embargo that
//! both have accepted ends. A text that is published states facts by reference to entries, so that
//! anybody who is given evidence can hold the text against the transcript: [`published`].

mod compare;
mod decide;
mod document;
mod embargo;
mod incoming;
pub mod published;

pub use compare::{Compared, Count, compare};
pub use decide::{Speaking, Told};
pub use document::{Document, Fact, MAX_STATED, Shows, Stated, Value as Claim};
pub use embargo::{Embargo, Exit, MAX_EMBARGO_DAYS, Offer};
pub use incoming::{FromPartner, Heard};

use crate::gate::SetAside;
use crate::id::Subject;
use crate::name::{NodeName, UserName};
use crate::scale::Status;
use forewarn_stix::Timestamp;
use forewarn_transcript::{Disclosure, Reference};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The name of the withheld field by which an entry commits to a readout.
pub const FIELD: &str = "readout";

/// The readouts of both sides about one case or warning, and the embargo between them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Readout {
    /// What both had.
    pub subject: Subject,
    /// The other side.
    pub partner: NodeName,
    /// Whether it is meant, an exercise or a test.
    pub status: Status,
    /// Where the warning stands that it is about.
    pub about: Reference,
    /// Ours.
    pub ours: Own,
    /// The partner's.
    pub theirs: Theirs,
    /// Until when neither publishes.
    pub embargo: Embargo,
}

/// Our own text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "stage", rename_all = "kebab-case")]
pub enum Own {
    /// Nobody has written it.
    Unwritten {},
    /// It is written, and may still be changed.
    Written {
        /// The text.
        draft: Draft,
    },
    /// The partner holds its digest: it stands as it is.
    Committed {
        /// The text.
        draft: Draft,
        /// The entry that commits to it.
        entry: Reference,
        /// When.
        at: Timestamp,
        /// Opens the digest.
        opens: Disclosure,
    },
    /// It is public.
    Revealed {
        /// The text.
        draft: Draft,
        /// The entry that commits to it.
        entry: Reference,
        /// Opens the digest.
        opens: Disclosure,
        /// The entry that reveals it.
        revealed: Reference,
        /// When.
        at: Timestamp,
        /// Whether that was before an embargo ended.
        early: bool,
    },
}

/// A text of ours, with who wrote it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Draft {
    /// What it says and states.
    pub document: Document,
    /// Who wrote it.
    pub by: UserName,
    /// When.
    pub at: Timestamp,
    /// Texts that are withheld, of which a possible objection does not count here.
    #[serde(default, skip_serializing_if = "SetAside::is_empty")]
    pub set_aside: SetAside,
}

/// The partner's text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "stage", rename_all = "kebab-case")]
pub enum Theirs {
    /// Nothing is known of it.
    Unknown {},
    /// We hold its digest.
    Committed {
        /// Which facts it states.
        facts: Vec<Fact>,
        /// The entry that commits to it.
        entry: Reference,
        /// When, by the partner's clock.
        at: Timestamp,
    },
    /// It is public.
    Revealed {
        /// What it says and states.
        document: Document,
        /// The entry that commits to it.
        entry: Reference,
        /// Opens the digest.
        opens: Disclosure,
        /// The entry that reveals it.
        revealed: Reference,
        /// When, by the partner's clock.
        at: Timestamp,
        /// Whether that was before an embargo ended.
        early: bool,
        /// Whether one of our people has taken note of an early one.
        noted: bool,
    },
}

impl Readout {
    /// Nothing is written yet.
    pub fn begin(subject: Subject, partner: NodeName, status: Status, about: Reference) -> Readout {
        Readout {
            subject,
            partner,
            status,
            about,
            ours: Own::Unwritten {},
            theirs: Theirs::Unknown {},
            embargo: Embargo::None {},
        }
    }

    /// The facts that our text states; none while it is not written.
    pub fn our_facts(&self) -> Vec<Fact> {
        self.ours.draft().map(|draft| draft.document.facts()).unwrap_or_default()
    }

    /// The facts that the partner's text states, as far as it has told.
    pub fn their_facts(&self) -> Vec<Fact> {
        match &self.theirs {
            Theirs::Unknown {} => Vec::new(),
            Theirs::Committed { facts, .. } => facts.clone(),
            Theirs::Revealed { document, .. } => document.facts(),
        }
    }

    /// The facts that both texts state.
    pub fn agreed(&self) -> Vec<Fact> {
        let theirs = self.their_facts();
        self.our_facts().into_iter().filter(|fact| theirs.contains(fact)).collect()
    }
}

impl Own {
    /// Whether it was revealed before an embargo ended.
    pub fn was_early(&self) -> bool {
        matches!(self, Own::Revealed { early: true, .. })
    }

    /// The text, when there is one.
    pub fn draft(&self) -> Option<&Draft> {
        match self {
            Own::Unwritten {} => None,
            Own::Written { draft } | Own::Committed { draft, .. } | Own::Revealed { draft, .. } => {
                Some(draft)
            }
        }
    }
}

#[cfg(test)]
mod tests;
