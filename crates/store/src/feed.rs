//! Feeds, and how far each has come.

use crate::{Db, StoreError};
use forewarn_exchange::feed::Feed;
use forewarn_misp::poll::Walk as MispWalk;
use forewarn_taxii::poll::Walk;
use serde::{Deserialize, Serialize};

/// How far a feed has come; kept in the transaction that keeps what it brought.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FeedState {
    /// Poll: all that was added at the server up to this time is here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Poll: the walk that goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub walk: Option<Walk>,
    /// Poll: a digest of the last page. The same again has nothing new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// Poll of a MISP server: the walk that goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub misp: Option<MispWalk>,
    /// Poll of a feed of MISP: versions of events that could not be taken in, and are not asked for
    /// again: `UUID@TIMESTAMP`, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<String>,
    /// The collection that was found, where the feed's URL is an API root's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collection: Option<String>,
    /// Objects asked for or sent at a time, where the server has refused more (413).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    /// Push: all of the outlet up to here was decided on by the server.
    #[serde(default)]
    pub pushed: i64,
    /// Push: a request that the server has not wholly decided on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<Waiting>,
    /// Poll: objects that were new. Push: objects that the server has confirmed.
    #[serde(default)]
    pub good: u64,
    /// Objects that were refused: by us when polled, by the server when pushed.
    #[serde(default)]
    pub refused: u64,
    /// What the server last said of objects that it refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objection: Option<String>,
    /// When something last came or went.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved: Option<String>,
}

/// A push that the server has taken and not decided on yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// The id of its status resource.
    pub status: String,
    /// The outlet's items up to here were in it.
    pub to: i64,
}

impl Db<'_> {
    /// The feed with this name.
    pub fn feed(&self, name: &str) -> Result<Option<Feed>, StoreError> {
        self.state("SELECT feed FROM feed WHERE name = ?1", name)
    }

    /// All feeds, by name.
    pub fn feeds(&self) -> Result<Vec<Feed>, StoreError> {
        self.states("SELECT feed FROM feed ORDER BY name", [])
    }

    /// A feed begins at its beginning.
    pub fn set_feed(&self, feed: &Feed) -> Result<(), StoreError> {
        let sql = "INSERT OR REPLACE INTO feed (name, feed, state) VALUES (?1, ?2, '{}')";
        self.put(sql, &feed.name, feed)
    }

    /// Forgets a feed and how far it has come. The items that it brought stay.
    pub fn remove_feed(&self, name: &str) -> Result<(), StoreError> {
        self.connection.prepare_cached("DELETE FROM feed WHERE name = ?1")?.execute([name])?;
        Ok(())
    }

    /// How far a feed has come; `None` when there is no such feed.
    pub fn feed_state(&self, name: &str) -> Result<Option<FeedState>, StoreError> {
        self.state("SELECT state FROM feed WHERE name = ?1", name)
    }

    /// Records how far a feed has come. Does nothing when there is no such feed.
    pub fn set_feed_state(&self, name: &str, state: &FeedState) -> Result<(), StoreError> {
        self.put("UPDATE feed SET state = ?2 WHERE name = ?1", name, state)
    }
}
