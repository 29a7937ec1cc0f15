//! Acts on feeds.

use crate::feed::Feed;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An act on a feed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "do", deny_unknown_fields)]
pub enum FeedAct {
    /// A feed is added.
    #[serde(rename = "feed-add")]
    Add {
        /// The feed.
        feed: Feed,
    },
    /// A feed is removed; what it brought stays.
    #[serde(rename = "feed-remove")]
    Remove {
        /// Its name.
        name: String,
    },
}
