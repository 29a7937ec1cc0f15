//! The resources of TAXII 2.1 §4 and §5: discovery, API root, status, collections, manifest,
//! versions.
//!
//! Properties have the names and the order of the standard. A list that would be empty is left out.

use serde::{Deserialize, Serialize};

/// The discovery resource at `/taxii2/` (§4.1.1): what the server is, and where its API roots are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discovery {
    /// The name of the server, for people.
    pub title: String,
    /// What the server is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whom to ask about the server: an address or a telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// The API root to use when there is no reason for another; one of `api_roots`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// The API roots: HTTPS URLs, or paths on this server that start with one slash.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub api_roots: Vec<String>,
}

/// The API root resource (§4.2.1): what one API root speaks and accepts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiRoot {
    /// The name of the API root, for people.
    pub title: String,
    /// What the API root is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The TAXII versions that it speaks, as media types with a version; [`crate::media::TAXII`] is
    /// among them.
    pub versions: Vec<String>,
    /// Longest request body that it accepts, in bytes. A longer one is answered with 413.
    pub max_content_length: u64,
}

/// The collections resource (§5.1.1): the collections that the caller may know of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collections {
    /// The collections, in the same order on every request (§3.3).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub collections: Vec<Collection>,
}

/// The collection resource (§5.2.1): one collection, as one caller may use it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collection {
    /// A UUIDv4, which stands in the collection's URL.
    pub id: String,
    /// The name of the collection, for people.
    pub title: String,
    /// What the collection holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// A name that can replace the id in URLs; unique in the API root.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    /// Whether this caller may GET objects, manifests and versions. DELETE needs `can_write` too.
    pub can_read: bool,
    /// Whether this caller may POST objects.
    pub can_write: bool,
    /// The media types of the objects in the collection.
    pub media_types: Vec<String>,
}

/// The media type of STIX 2.1 objects, in [`Collection::media_types`] and manifests.
pub const STIX_MEDIA: &str = "application/stix+json;version=2.1";

/// The status resource (§4.3.1): what became of a POST.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// A UUIDv4, by which the status can be asked for again.
    pub id: String,
    /// `complete` or `pending`. Ours is always `complete`: a POST is answered once all of it is
    /// decided and durable.
    pub status: String,
    /// When the request was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_timestamp: Option<String>,
    /// The number of objects in the request: the sum of the three counts below.
    pub total_count: u64,
    /// The number of objects that were taken in.
    pub success_count: u64,
    /// The objects taken in; left out when they are too many to be listed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub successes: Vec<StatusDetail>,
    /// The number of objects that were refused.
    pub failure_count: u64,
    /// The refused objects, with the reasons; left out when they are too many to be listed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failures: Vec<StatusDetail>,
    /// The number of objects that are not decided yet; 0 in ours.
    pub pending_count: u64,
    /// The objects that are not decided yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pendings: Vec<StatusDetail>,
}

impl Status {
    /// The status of a POST that is decided: its id and time, the objects taken in, the objects
    /// refused, each list with its count. A list shorter than its count is left out, because
    /// clients reject such a status.
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

    /// Whether all is decided, so that the status will not change again (§4.3.1).
    pub fn is_complete(&self) -> bool {
        self.status == "complete"
    }
}

/// One object in a [`Status`] (§4.3.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusDetail {
    /// The object's id, or what could be read of it.
    pub id: String,
    /// The object's version: `modified`, else `created`, else the time of the request.
    pub version: String,
    /// Why the object was refused, or a remark about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// The manifest resource (§5.3.1): the objects of a collection without their content.
///
/// `next` is an addition of ours: the standard has manifests paged by `added_after`, but clients
/// page them by `next` all the same.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Manifest {
    /// Whether records remain after this page.
    #[serde(default, skip_serializing_if = "is_false")]
    pub more: bool,
    /// The `next` of the request for the following page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// One record for each version of each object, oldest addition first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<ManifestRecord>,
}

/// One version of one object in a [`Manifest`] (§5.3.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestRecord {
    /// The object's STIX id.
    pub id: String,
    /// When the version was added to the collection: what `added_after` compares with.
    pub date_added: String,
    /// The version: `modified`, else `created`, else the time of addition.
    pub version: String,
    /// The media type that the object is served as; one of the collection's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
}

/// The versions resource (§5.8.1): the versions of one object; `next` as in [`Manifest`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Versions {
    /// Whether versions remain after this page.
    #[serde(default, skip_serializing_if = "is_false")]
    pub more: bool,
    /// The `next` of the request for the following page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// The versions, as timestamps, oldest addition first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_false(value: &bool) -> bool {
    !*value
}
