//! Errors outside TAXII: `application/problem+json` (RFC 9457).

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use forewarn_exchange::Refusal;
use forewarn_node::Failure;
use serde_json::{Value, json};

/// What went wrong, for the one who asked. Details for the log are logged, not sent.
#[derive(Debug, Clone)]
pub struct Problem {
    pub status: StatusCode,
    code: String,
    detail: String,
    hint: Option<String>,
    /// For 409 on the channel: the size held.
    size: Option<u64>,
    /// In how many seconds to come again.
    retry_after: Option<u64>,
}

impl Problem {
    pub fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Problem {
        Problem {
            status,
            code: code.to_owned(),
            detail: detail.into(),
            hint: None,
            size: None,
            retry_after: None,
        }
    }

    pub fn hint(mut self, hint: &str) -> Problem {
        self.hint = Some(hint.to_owned());
        self
    }

    pub fn size(mut self, size: u64) -> Problem {
        self.size = Some(size);
        self
    }

    pub fn retry_after(mut self, seconds: u64) -> Problem {
        self.retry_after = Some(seconds);
        self
    }

    /// `WWW-Authenticate` and `Retry-After`, where the status asks for one.
    pub fn put_headers(&self, headers: &mut HeaderMap, scheme: &'static str) {
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(scheme));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
    }

    pub fn code(&self) -> &str {
        &self.code
    }

    /// The detail with what to do, for an error object that has one text.
    pub fn words(&self) -> String {
        match &self.hint {
            Some(hint) => format!("{}; {hint}", self.detail),
            None => self.detail.clone(),
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Problem {
        let status = match refusal.code.as_str() {
            "not-found" => StatusCode::NOT_FOUND,
            "not-permitted" | "no-user" => StatusCode::FORBIDDEN,
            "gap" | "behind" => StatusCode::CONFLICT,
            "unreachable" => StatusCode::BAD_GATEWAY,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Problem {
            status,
            code: refusal.code,
            detail: refusal.message,
            hint: refusal.hint,
            size: None,
            retry_after: None,
        }
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Problem {
        match failure {
            Failure::Refused(refusal) => refusal.into(),
            Failure::Busy | Failure::Stopping => {
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", failure.to_string())
                    .retry_after(1)
            }
            Failure::Store(why) => {
                tracing::error!(why, "the store failed");
                let detail = "the node could not store or read; its log says why";
                Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "store", detail)
                    .hint("run `forewarn doctor`")
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body = json!({
            "type": format!("urn:forewarn:problem:{}", self.code),
            "title": self.status.canonical_reason().unwrap_or("error"),
            "status": self.status.as_u16(),
            "code": self.code,
            "detail": self.detail,
        });
        if let Some(map) = body.as_object_mut() {
            if let Some(hint) = &self.hint {
                map.insert("hint".to_owned(), Value::String(hint.clone()));
            }
            if let Some(size) = self.size {
                map.insert("size".to_owned(), size.into());
            }
        }
        let kind = [(header::CONTENT_TYPE, "application/problem+json")];
        let mut response = (self.status, kind, body.to_string()).into_response();
        self.put_headers(response.headers_mut(), "Bearer realm=\"forewarn\"");
        response
    }
}
