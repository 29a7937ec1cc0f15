//! Who changes how he or she signs in: the caller, how the caller came in, and from where.

use crate::caller::{Caller, Door};
use crate::places::Place;
use crate::problem::Problem;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use forewarn_exchange::Code;
use std::net::IpAddr;
use std::sync::Arc;

/// Somebody who was let in.
pub(crate) struct Person {
    pub(crate) caller: Caller,
    pub(crate) door: Door,
    /// From nowhere over the socket in the folder.
    pub(crate) from: Option<IpAddr>,
}

impl<S: Sync> FromRequestParts<S> for Person {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Person, Problem> {
        let nobody = || Problem::new(Code::NoUser, "nobody was let in");
        let caller = parts.extensions.get::<Caller>().cloned().ok_or_else(nobody)?;
        let door = parts.extensions.get::<Door>().copied().ok_or_else(nobody)?;
        let from = parts.extensions.get::<Arc<Place>>().map(|place| place.address());
        Ok(Person { caller, door, from })
    }
}
