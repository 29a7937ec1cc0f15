//! For whom something is held while a request is worked on: the account, and its connection.

use crate::caller::Caller;
use crate::places::Place;
use crate::problem::Problem;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use forewarn_exchange::Code;
use forewarn_exchange::actor::Actor;
use std::sync::Arc;
use tokio::sync::Notify;

/// Who has asked, as far as shares are concerned.
pub(crate) struct Asker {
    actor: Actor,
    /// Ends the connection; `None` on the socket in the folder, whose owner is trusted.
    end: Option<Arc<Notify>>,
}

impl Asker {
    pub(crate) fn pair(&self) -> (&Actor, Option<Arc<Notify>>) {
        (&self.actor, self.end.clone())
    }
}

impl<S: Sync> FromRequestParts<S> for Asker {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Asker, Problem> {
        let caller = parts.extensions.get::<Caller>();
        let nobody = || Problem::new(Code::NoUser, "nobody was let in");
        let actor = caller.map(Caller::actor).ok_or_else(nobody)?;
        let end = parts.extensions.get::<Arc<Place>>().map(|place| place.end());
        Ok(Asker { actor, end })
    }
}
