//! What the node tells its people.

use forewarn_exchange::telling::{Delivery, Tried};
use serde::{Deserialize, Serialize};

/// What was decided to tell, or what came of a try to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TellWork {
    /// These are to be sent.
    Decided(Vec<Delivery>),
    /// One was tried.
    Tried {
        /// Its id.
        id: String,
        /// What came of it.
        came: Tried,
    },
}
