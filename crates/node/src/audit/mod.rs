//! The audit stream: what was done on the node, by whom, when, and what came of it; a line a command, each
//! with the hash of the one before. It is made from the journal and the history alone, so that it cannot
//! tell of anything else than what was done, and it has no word of what anything was about.

mod chain;
mod follow;
mod line;
mod look;
mod stream;
mod syslog;

pub use chain::{Begins, Broken, Chain, Header, read};
pub use line::{Line, lines};
pub(crate) use look::compare;
pub use look::{Looked, Missing, export, is_in, look, look_at, missing};
pub use stream::{AuditError, files};
