//! The resources of TAXII 2.1 §4 and §5: discovery, API root, status, collections.

use serde::{Deserialize, Serialize};

/// §4.1.1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discovery {
    /// The server's name.
    pub title: String,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whom to ask.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// The API root to use when there is no reason for another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// URLs or paths of the API roots.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub api_roots: Vec<String>,
}

/// §4.2.1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiRoot {
    /// Its name.
    pub title: String,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Media types, as versions.
    pub versions: Vec<String>,
    /// Most bytes of a request's body.
    pub max_content_length: u64,
}

/// §5.1.1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collections {
    /// Left out when there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub collections: Vec<Collection>,
}

/// §5.2.1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collection {
    /// A UUID.
    pub id: String,
    /// Its name.
    pub title: String,
    /// What is in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// A name that may stand for the id in URLs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    /// Whether the caller may GET.
    pub can_read: bool,
    /// Whether the caller may POST.
    pub can_write: bool,
    /// What it takes and gives.
    pub media_types: Vec<String>,
}

/// The media type of STIX 2.1 objects in a collection.
pub const STIX_MEDIA: &str = "application/stix+json;version=2.1";

/// §4.3.1: what became of a POST.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// A UUID.
    pub id: String,
    /// Always `complete` here: a POST is answered once all of it is decided and durable.
    pub status: String,
    /// When it was decided.
    pub request_timestamp: String,
    /// The sum of the three below.
    pub total_count: u64,
    /// How many went in.
    pub success_count: u64,
    /// Those that did.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub successes: Vec<StatusDetail>,
    /// How many were refused.
    pub failure_count: u64,
    /// Those that were, with the reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failures: Vec<StatusDetail>,
    /// Always none here.
    pub pending_count: u64,
}

impl Status {
    /// The status of a POST of which all is decided.
    pub fn complete(
        id: String,
        time: String,
        successes: Vec<StatusDetail>,
        failures: Vec<StatusDetail>,
    ) -> Status {
        Status {
            id,
            status: "complete".to_owned(),
            request_timestamp: time,
            total_count: (successes.len() + failures.len()) as u64,
            success_count: successes.len() as u64,
            successes,
            failure_count: failures.len() as u64,
            failures,
            pending_count: 0,
        }
    }
}

/// §4.3.2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusDetail {
    /// The object's id, as far as it could be read.
    pub id: String,
    /// The object's version.
    pub version: String,
    /// Why it was refused, or a remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}
