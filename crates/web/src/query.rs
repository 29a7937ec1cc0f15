//! The query of a request, read into a type; what cannot be read is told as a problem.

use crate::problem::Problem;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use forewarn_exchange::Code;
use serde::de::DeserializeOwned;

/// The query as a `T`. One that is none is answered with 400 and `bad-parameter`, in the form that
/// every other error has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Query<T>(pub(crate) T);

impl<S, T> FromRequestParts<S> for Query<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Query<T>, Problem> {
        let read = axum::extract::Query::<T>::from_request_parts(parts, state).await;
        read.map(|axum::extract::Query(asked)| Query(asked)).map_err(|bad| {
            let detail = format!("the part of the address after `?` is refused: {}", inner(&bad));
            Problem::new(Code::BadParameter, detail)
                .advice("the parameters of each route are in /api/v1/openapi.json")
        })
    }
}

/// The reason itself: what is around it says only that there is one.
fn inner(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::page::PageQuery;

    #[tokio::test]
    async fn a_query_that_cannot_be_read_is_told_as_a_problem() {
        let request = axum::http::Request::get("/api/v1/cases?limit=many").body(()).unwrap();
        let (mut parts, ()) = request.into_parts();
        let problem = Query::<PageQuery>::from_request_parts(&mut parts, &()).await.err().unwrap();
        assert_eq!((problem.status.as_u16(), problem.code()), (400, Code::BadParameter));
        assert!(problem.words().contains("limit"), "{}", problem.words());
    }

    #[test]
    fn whatever_says_not_now_says_when() {
        let mut headers = axum::http::HeaderMap::new();
        Problem::new(Code::Busy, "the node is stopping").put_headers(&mut headers, "Bearer");
        assert_eq!(headers.get("retry-after").unwrap(), "1");
    }
}
