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
    /// `complete` or `pending`. Ours is always complete: a POST is answered once all of it is
    /// decided and durable.
    pub status: String,
    /// When it was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_timestamp: Option<String>,
    /// The sum of the three below.
    pub total_count: u64,
    /// How many went in.
    pub success_count: u64,
    /// Those that did; left out when they are too many to be listed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub successes: Vec<StatusDetail>,
    /// How many were refused.
    pub failure_count: u64,
    /// Those that were, with the reason; left out when they are too many to be listed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failures: Vec<StatusDetail>,
    /// How many are not decided; always none here.
    pub pending_count: u64,
    /// Those that are not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pendings: Vec<StatusDetail>,
}

impl Status {
    /// The status of a POST of which all is decided: id and time, what went in and what was refused,
    /// each with its count. A list that is not as long as its count is left out: clients refuse it.
    pub fn complete(
        (id, time): (String, String),
        (kept, mut successes): (u64, Vec<StatusDetail>),
        (refused, mut failures): (u64, Vec<StatusDetail>),
    ) -> Status {
        for (count, list) in [(kept, &mut successes), (refused, &mut failures)] {
            if list.len() as u64 != count {
                list.clear();
            }
        }
        Status {
            id,
            status: "complete".to_owned(),
            request_timestamp: Some(time),
            total_count: kept + refused,
            success_count: kept,
            successes,
            failure_count: refused,
            failures,
            pending_count: 0,
            pendings: Vec::new(),
        }
    }

    /// Whether nothing more will change.
    pub fn is_complete(&self) -> bool {
        self.status == "complete"
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

/// §5.3.1. `next` is ours: the standard leaves a manifest to be paged by `added_after`, and clients
/// page it by `next` all the same.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Manifest {
    /// Whether there is more.
    #[serde(default, skip_serializing_if = "is_false")]
    pub more: bool,
    /// Where the next page begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// One for each version; left out when there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<ManifestRecord>,
}

/// §5.3.2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestRecord {
    /// The object's id.
    pub id: String,
    /// When it was added to the collection.
    pub date_added: String,
    /// `modified`, else `created`, else when it was added.
    pub version: String,
    /// What it is served as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
}

/// §5.8.1; `next` as in [`Manifest`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Versions {
    /// Whether there is more.
    #[serde(default, skip_serializing_if = "is_false")]
    pub more: bool,
    /// Where the next page begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// In the order in which they were added; left out when there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_false(value: &bool) -> bool {
    !*value
}
