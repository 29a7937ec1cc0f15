//! Who does something, and with which roles.

use forewarn_exchange::actor::Actor;
use forewarn_exchange::role::Role;

/// Who does something.
#[derive(Debug, Clone)]
pub struct Doer {
    /// Who.
    pub actor: Actor,
    /// The roles that count, where it is not all that the user has.
    pub only: Option<Vec<Role>>,
}
