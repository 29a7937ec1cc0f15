//! What handlers share, and what a route is: a path, who may use it, its handlers by method.

use axum::handler::Handler;
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
    /// A user with this permission, or the owner of the folder as himself.
    Keeper(Permission),
    /// A user, or the owner as himself: the act that is asked for is judged by the engine.
    Act,
    /// A user with this permission, signed in at the desk; errors are pages.
    Page(Permission),
    /// Any user: what it may read is said by the shelf.
    Shelf,
    /// Any user, with TAXII's error object: what it may do is said by the collection.
    Taxii,
}

/// One route.
pub struct Route {
    /// The path, with parameters in braces: `/api/v1/cases/{number}`.
    pub path: &'static str,
    /// Who may use it.
    pub needs: Needs,
    /// Its methods: `GET`, `POST`.
    pub methods: Vec<&'static str>,
    pub(crate) handler: MethodRouter<App>,
}

/// Handlers of one path, by method.
pub(crate) struct Methods {
    names: Vec<&'static str>,
    router: MethodRouter<App>,
}

/// Answers GET.
pub(crate) fn get<H: Handler<T, App>, T: 'static>(handler: H) -> Methods {
    Methods { names: Vec::new(), router: MethodRouter::new() }.get(handler)
}

/// Answers POST.
pub(crate) fn post<H: Handler<T, App>, T: 'static>(handler: H) -> Methods {
    Methods { names: Vec::new(), router: MethodRouter::new() }.post(handler)
}

impl Methods {
    pub(crate) fn get<H: Handler<T, App>, T: 'static>(mut self, handler: H) -> Methods {
        self.names.push("GET");
        Methods { router: self.router.get(handler), ..self }
    }

    pub(crate) fn post<H: Handler<T, App>, T: 'static>(mut self, handler: H) -> Methods {
        self.names.push("POST");
        Methods { router: self.router.post(handler), ..self }
    }

    pub(crate) fn delete<H: Handler<T, App>, T: 'static>(mut self, handler: H) -> Methods {
        self.names.push("DELETE");
        Methods { router: self.router.delete(handler), ..self }
    }
}

pub(crate) fn route(path: &'static str, needs: Needs, methods: Methods) -> Route {
    let Methods { names, router } = methods;
    Route { path, needs, methods: names, handler: router }
}
