//! What handlers share, and what a route is: a path, who may use it, its handler.

use axum::routing::MethodRouter;
use forewarn_exchange::user::Permission;
use forewarn_node::Node;
use std::sync::Arc;

/// What handlers share.
pub type App = Arc<Node>;

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Anyone: says nothing of what the node holds.
    Nothing,
    /// A confirmed partner's node, by its signature (RFC 9421).
    Partner,
    /// A user with this permission; on the local socket, the owner as that user.
    User(Permission),
    /// A user, or the owner as himself: the act that is asked for is judged by the engine.
    Act,
    /// Any user, with TAXII's error object: what it may do is said by the collection.
    Taxii,
}

/// One route.
pub struct Route {
    /// The path, with parameters in braces: `/api/v1/cases/{number}`.
    pub path: &'static str,
    /// Who may use it.
    pub needs: Needs,
    pub(crate) handler: MethodRouter<App>,
}

pub(crate) fn route(path: &'static str, needs: Needs, handler: MethodRouter<App>) -> Route {
    Route { path, needs, handler }
}
