//! What a command that talks to a node is given.

use crate::client::Client;

/// The node, and how to print.
pub(crate) struct Context {
    pub(crate) client: Client,
    pub(crate) json: bool,
}
