//! What a member is to the journal: the one that writes, or one of those that follow.
//!
//! Who writes is decided by the journal alone: its head names the writer, and an append asks for that
//! under the lock of the head. Time decides only when somebody else may claim: a node that stands by
//! does so when it has seen, on one session with answers, no sign of the writer for [`LEASE`]; the
//! writer trusts itself for [`TRUST`] from before it last gave one. No clock is compared with another.

use crate::fares::Stands;
use crate::server::{Sign, Writer};
use std::time::Duration;

/// So often a node commits something of no weight: the writer gives a sign by it, and an old primary,
/// which is silent for ever, is known by it.
pub const QUIET: Duration = Duration::from_secs(2);
/// So long a writer may be silent before one that stands by claims the journal.
pub const LEASE: Duration = Duration::from_secs(10);
/// So long the writer takes itself for one, from before it sent its last sign. Clocks may run apart by
/// a fifth.
pub const TRUST: Duration = Duration::from_secs(8);

/// As whom a member comes to the journal, and whether it may claim it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comes {
    /// The name to claim under: another at each start.
    pub name: String,
    /// Names of before: when one of them was the last to write, it goes on.
    pub known: Vec<String>,
    /// Whether it claims the journal from whoever writes, once.
    pub takes_over: bool,
    /// Whether it claims the journal when the writer is silent.
    pub stands_by: bool,
}

/// What a member is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stand {
    /// Nothing where it appends to a journal that nobody claims.
    comes: Option<Comes>,
    is: Is,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Is {
    /// Appends, as long as nobody has claimed the journal.
    Free,
    Undecided,
    /// Claims next: only while the last sign is this one, where one is given.
    Claims(Option<Sign>),
    Writes {
        has_caught_up: bool,
        trusted: Duration,
    },
    Follows(Option<Writer>),
}

/// What a claim is made with.
pub(crate) struct Claim {
    pub(crate) name: String,
    pub(crate) over: Option<Sign>,
}

impl Stand {
    /// One that appends without a claim, to a journal that has no writer.
    pub fn free() -> Stand {
        Stand { comes: None, is: Is::Free }
    }

    /// One that decides by what the journal says.
    pub fn new(comes: Comes) -> Stand {
        Stand { comes: Some(comes), is: Is::Undecided }
    }

    fn is_us(&self, writer: &Writer) -> bool {
        self.comes.as_ref().is_some_and(|comes| comes.name == writer.name)
    }

    fn decide(&mut self, sign: &Sign) {
        let Some(Comes { name, known, takes_over, .. }) = &self.comes else { return };
        let was_ours =
            sign.writer.as_ref().is_none_or(|one| one.name == *name || known.contains(&one.name));
        self.is = if was_ours {
            Is::Claims(Some(sign.clone()))
        } else if *takes_over {
            Is::Claims(None)
        } else {
            Is::Follows(sign.writer.clone())
        };
    }

    /// A session has begun.
    pub(crate) fn greeted(&mut self, sign: &Sign) {
        match &self.is {
            Is::Free => {}
            Is::Writes { .. } if sign.writer.as_ref().is_some_and(|one| self.is_us(one)) => {}
            Is::Writes { .. } => self.replaced(sign),
            Is::Undecided | Is::Claims(_) | Is::Follows(_) => self.decide(sign),
        }
    }

    /// A commit was answered clean beside this.
    pub(crate) fn heard(&mut self, sign: &Sign) {
        let is_us = sign.writer.as_ref().is_some_and(|one| self.is_us(one));
        match &self.is {
            Is::Writes { .. } if !is_us => self.replaced(sign),
            Is::Follows(_) => self.decide(sign),
            Is::Writes { .. } | Is::Free | Is::Undecided | Is::Claims(_) => {}
        }
    }

    /// Another node is the writer: it is not taken back.
    pub(crate) fn replaced(&mut self, sign: &Sign) {
        if let Some(comes) = &mut self.comes {
            comes.takes_over = false;
        }
        self.is = Is::Follows(sign.writer.clone());
    }

    /// The writer has been silent for too long.
    pub(crate) fn silent(&mut self, sign: &Sign) {
        let stands_by = self.comes.as_ref().is_some_and(|comes| comes.stands_by);
        if stands_by && matches!(self.is, Is::Follows(_)) {
            self.is = Is::Claims(Some(sign.clone()));
        }
    }

    pub(crate) fn claim(&self) -> Option<Claim> {
        match (&self.is, &self.comes) {
            (Is::Claims(over), Some(comes)) => {
                Some(Claim { name: comes.name.clone(), over: over.clone() })
            }
            _ => None,
        }
    }

    pub(crate) fn claimed(&mut self, sent: Duration) {
        if let Some(comes) = &mut self.comes {
            comes.takes_over = false;
        }
        self.is = Is::Writes { has_caught_up: false, trusted: sent + TRUST };
    }

    /// It is decided anew, by the next greeting.
    pub(crate) fn not_claimed(&mut self) {
        self.is = Is::Undecided;
    }

    /// A sign was given, which was sent then.
    pub(crate) fn renewed(&mut self, sent: Duration) {
        if let Is::Writes { trusted, .. } = &mut self.is {
            *trusted = (*trusted).max(sent + TRUST);
        }
    }

    /// All that was there is held here.
    pub(crate) fn is_level(&mut self) {
        if let Is::Writes { has_caught_up, .. } = &mut self.is {
            *has_caught_up = true;
        }
    }

    pub(crate) fn appends(&self) -> bool {
        matches!(self.is, Is::Free | Is::Writes { .. })
    }

    /// Under which name a sign is given.
    pub(crate) fn name_of_writer(&self) -> Option<String> {
        let writes = matches!(self.is, Is::Writes { .. });
        self.comes.as_ref().filter(|_| writes).map(|comes| comes.name.clone())
    }

    pub(crate) fn trusted(&self) -> Option<Duration> {
        match &self.is {
            Is::Writes { trusted, .. } => Some(*trusted),
            Is::Free | Is::Undecided | Is::Claims(_) | Is::Follows(_) => None,
        }
    }

    pub(crate) fn shown(&self, is_level: bool) -> Stands {
        match &self.is {
            Is::Free | Is::Writes { has_caught_up: true, .. } => Stands::Writes,
            Is::Writes { has_caught_up: false, .. } => Stands::CatchesUp,
            Is::Undecided | Is::Claims(_) => Stands::Undecided,
            Is::Follows(writer) => Stands::Follows { writer: writer.clone(), is_level },
        }
    }
}
