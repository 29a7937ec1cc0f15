//! What stands in the places of a path, read into a type; what cannot be read is told as a problem.

use crate::problem::Problem;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use forewarn_exchange::Code;
use serde::de::DeserializeOwned;

/// The places of the path as a `T`. What is none is answered with `bad-path`, in the form that every other
/// error has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Path<T>(pub(crate) T);

impl<S, T> FromRequestParts<S> for Path<T>
where
    S: Send + Sync,
    T: DeserializeOwned + Send,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Path<T>, Problem> {
        let read = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        read.map(|axum::extract::Path(places)| Path(places)).map_err(|bad| {
            Problem::new(Code::BadPath, format!("the address is refused: {}", bad.body_text()))
                .advice("write what is no plain character as `%` and two digits of its UTF-8")
        })
    }
}
