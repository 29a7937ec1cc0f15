//! TAXII's own error object on TAXII paths (TAXII 2.1 §3.6.1).

use crate::problem::Problem;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use forewarn_exchange::Code;
use forewarn_node::Failure;
use forewarn_taxii::{TaxiiError, media};

/// A problem that becomes a TAXII error object.
pub(crate) struct Error(Problem);

impl<E: Into<Problem>> From<E> for Error {
    fn from(e: E) -> Error {
        Error(e.into())
    }
}

impl Error {
    pub(crate) fn new(code: Code, detail: impl Into<String>) -> Error {
        Error(Problem::new(code, detail))
    }

    /// Answers with another status than the code's own.
    pub(crate) fn status(self, status: StatusCode) -> Error {
        Error(self.0.status(status))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        error.0.refusal().clone().into()
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        error(&self.0)
    }
}

pub(crate) fn error(problem: &Problem) -> Response {
    let status = problem.status;
    let title = status.canonical_reason().unwrap_or("error");
    let body = TaxiiError::new(status.as_u16(), problem.code().text(), title, problem.words());
    let text = serde_json::to_string(&body).unwrap_or_default();
    let mut response = (status, [(header::CONTENT_TYPE, media::TAXII)], text).into_response();
    // HTTP Basic is the scheme that all TAXII clients have.
    problem.put_headers(response.headers_mut(), "Basic realm=\"forewarn\"");
    response
}
