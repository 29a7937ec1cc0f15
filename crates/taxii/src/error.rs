//! The error message resource (TAXII 2.1 §3.6.1).

use serde::{Deserialize, Serialize};

/// What a server tells a client about a failed request. Only `title` is required (§3.6.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxiiError {
    /// The kind of failure, in a few words.
    pub title: String,
    /// What was wrong, where, and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// A code for programs, which stays the same when the words change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_code: Option<String>,
    /// The HTTP status of the response, as a string (§3.6.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http_status: Option<String>,
}

impl TaxiiError {
    /// An error message with all four properties; `status` is that of the response.
    pub fn new(status: u16, code: &str, title: &str, description: String) -> TaxiiError {
        TaxiiError {
            title: title.to_owned(),
            description: Some(description),
            error_code: Some(code.to_owned()),
            http_status: Some(status.to_string()),
        }
    }
}
