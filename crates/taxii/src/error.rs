//! The error message resource (TAXII 2.1 §3.6.1).

use serde::{Deserialize, Serialize};

/// What went wrong, for the other side. `title` is required.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxiiError {
    /// In one line.
    pub title: String,
    /// What was wrong, where, and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// A stable code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_code: Option<String>,
    /// The HTTP status, as a string.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http_status: Option<String>,
}

impl TaxiiError {
    /// An error with its status, code and description.
    pub fn new(status: u16, code: &str, title: &str, description: String) -> TaxiiError {
        TaxiiError {
            title: title.to_owned(),
            description: Some(description),
            error_code: Some(code.to_owned()),
            http_status: Some(status.to_string()),
        }
    }
}
