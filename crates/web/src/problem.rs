//! Errors outside TAXII: `application/problem+json` (RFC 9457).

use crate::request_id;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use forewarn_exchange::refusal::Hint;
use forewarn_exchange::{Code, Refusal};
use forewarn_node::Failure;
use forewarn_view::hint::{self, Surface};
use forewarn_view::problem::{self, Document};

/// What went wrong, for the one who asked. Details for the log are logged, not sent.
#[derive(Debug, Clone)]
pub struct Problem {
    /// The status that it is answered with.
    pub status: StatusCode,
    refusal: Refusal,
    /// For 409 on the channel: the size held.
    size: Option<u64>,
    /// In how many seconds to come again.
    retry_after: Option<u64>,
}

impl Problem {
    /// A problem, with the status that its code has by itself.
    pub fn new(code: Code, detail: impl Into<String>) -> Problem {
        Refusal::new(code, detail).into()
    }

    /// Answers with another status than the code's own.
    #[must_use]
    pub fn status(self, status: StatusCode) -> Problem {
        Problem { status, ..self }
    }

    /// Adds what to do.
    #[must_use]
    pub fn hint(self, hint: Hint) -> Problem {
        Problem { refusal: self.refusal.hint(hint), ..self }
    }

    /// Adds what to do, in words that are the same everywhere.
    #[must_use]
    pub fn advice(self, words: &str) -> Problem {
        Problem { refusal: self.refusal.advice(words), ..self }
    }

    /// Says to which size a log is held.
    #[must_use]
    pub fn size(self, size: u64) -> Problem {
        Problem { size: Some(size), ..self }
    }

    /// Says in how many seconds to come again.
    #[must_use]
    pub fn retry_after(self, seconds: u64) -> Problem {
        Problem { retry_after: Some(seconds), ..self }
    }

    /// `WWW-Authenticate` and `Retry-After`, where the status asks for one.
    pub(crate) fn put_headers(&self, headers: &mut HeaderMap, scheme: &'static str) {
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(scheme));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
    }

    /// Which of the known reasons it is.
    pub fn code(&self) -> Code {
        self.refusal.code
    }

    /// The refusal that it tells.
    pub fn refusal(&self) -> &Refusal {
        &self.refusal
    }

    /// The detail with what to do, for an error object that has one text.
    pub fn words(&self) -> String {
        match &self.refusal.hint {
            Some(hint) => {
                format!("{}; {}", self.refusal.message, hint::words(hint, Surface::Api))
            }
            None => self.refusal.message.clone(),
        }
    }

    /// The document.
    pub fn document(&self) -> Document {
        let document = Document::new(&self.refusal, self.status.as_u16(), self.size);
        // What is refused is refused in the same bytes each time; the header has the number.
        let is_ours = self.status.is_server_error();
        let instance = request_id::current().filter(|_| is_ours);
        let instance = instance.map(|id| format!("urn:forewarn:request:{id}"));
        Document { instance, ..document }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Problem {
        let status = StatusCode::from_u16(problem::status(refusal.code));
        let status = status.unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
        // Whatever says "not now" says when (RFC 9110 §15.6.4).
        let retry_after = (status == StatusCode::SERVICE_UNAVAILABLE).then_some(1);
        Problem { status, refusal, size: None, retry_after }
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Problem {
        match failure {
            Failure::Refused(refusal) => refusal.into(),
            Failure::Busy
            | Failure::Stopping
            | Failure::Silent(_)
            | Failure::InDoubt(_)
            | Failure::Journal(_) => Problem::new(Code::Busy, failure.to_string()).retry_after(1),
            Failure::Behind | Failure::Elsewhere(_) => {
                Problem::new(Code::NotReady, failure.to_string()).retry_after(5)
            }
            // Whoever asked can do nothing, but may know who can.
            Failure::Full(why) => {
                tracing::error!(why, "the store failed");
                Problem::new(Code::Store, why).hint(Hint::Examine)
            }
            Failure::Store(why) => {
                tracing::error!(why, "the store failed");
                let detail = "the node could not store or read; its log says why";
                Problem::new(Code::Store, detail).hint(Hint::Examine)
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_string(&self.document()).unwrap_or_default();
        let kind = [(header::CONTENT_TYPE, "application/problem+json")];
        let mut response = (self.status, kind, body).into_response();
        self.put_headers(response.headers_mut(), "Bearer realm=\"forewarn\"");
        // The desk makes a page of it.
        response.extensions_mut().insert(self);
        response
    }
}
