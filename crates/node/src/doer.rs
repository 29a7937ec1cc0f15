//! Who does something, with which roles, and on what he or she has seen.

use forewarn_exchange::actor::Actor;
use forewarn_exchange::role::Role;
use forewarn_exchange::watched::Seen;

/// Who does something.
#[derive(Debug, Clone)]
pub struct Doer {
    /// Who.
    pub actor: Actor,
    /// The roles that count, where it is not all that the user has.
    pub only: Option<Vec<Role>>,
    /// The version of what it is done on, where that was looked at.
    pub seen: Option<Seen>,
}

impl Doer {
    /// Whoever has looked at what he or she acts on.
    #[must_use]
    pub fn having_seen(self, seen: Option<Seen>) -> Doer {
        Doer { seen, ..self }
    }
}
