//! Feeds as they are shown.

use crate::table::{Column, Row};
use crate::text;
use forewarn_exchange::feed::{Kind, Pause, Way};
use forewarn_misp::poll::Walk as MispWalk;
use forewarn_stix::Timestamp;
use forewarn_taxii::poll::Walk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A feed, and how it fares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FeedShown {
    /// What we call it.
    pub name: String,
    /// What its server speaks.
    #[serde(default)]
    pub kind: Kind,
    /// The collection at the server, the server, or the folder.
    pub url: String,
    /// Which way things go.
    pub way: Way,
    /// Seconds between two looks.
    pub every: u32,
    /// Our name at the server; none with a bearer token, or when nobody is asked for.
    pub user: Option<String>,
    /// How far it has come.
    pub state: FeedProgress,
    /// When its server last answered well since the node started, by our clock.
    pub answered: Option<String>,
    /// What is wrong now.
    pub trouble: Option<String>,
    /// When it asks its server next; `None` while it asks.
    pub next: Option<Timestamp>,
    /// Why it waits until then.
    pub waits: Option<Pause>,
}

/// How far a feed has come.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct FeedProgress {
    /// Poll: all that was added at the server up to this time is here. The server wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Poll: the walk that goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub walk: Option<Walk>,
    /// Poll: a digest of the last page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// Poll of a MISP server: the walk that goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub misp: Option<MispWalk>,
    /// Poll of a feed of MISP: versions of events that could not be taken in: `UUID@TIMESTAMP`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<String>,
    /// The collection that was found, where the feed's URL is an API root's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collection: Option<String>,
    /// Objects asked for or sent at a time, where the server has refused more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    /// Push: all of the outlet up to here was decided on by the server.
    pub pushed: i64,
    /// Push: a request that the server has not wholly decided on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<PushWaiting>,
    /// Poll: objects that were new. Push: objects that the server has confirmed.
    pub good: u64,
    /// Objects that were refused: by us when polled, by the server when pushed.
    pub refused: u64,
    /// What the server last said of objects that it refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objection: Option<String>,
    /// When something last came or went.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved: Option<String>,
}

/// A push that the server has taken and not decided on yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PushWaiting {
    /// The id of its status resource.
    pub status: String,
    /// The outlet's items up to here were in it.
    pub to: i64,
}

impl Row for FeedShown {
    const COLUMNS: &'static [Column<FeedShown>] = &[
        ("NAME", |one| text::line(&one.name)),
        ("WAY", |one| one.way_word().to_owned()),
        ("URL", |one| text::line(&one.url)),
        ("GOOD", |one| one.state.good.to_string()),
        ("REFUSED", |one| one.state.refused.to_string()),
        ("ANSWERED", |one| text::or_none(one.answered.as_deref(), text::foreign_time)),
        ("NEXT", |one| text::or_none(one.next.as_ref(), text::time)),
        ("TROUBLE", |one| text::or_none(one.trouble.as_deref(), text::line)),
    ];
}

impl FeedShown {
    fn way_word(&self) -> &'static str {
        match self.way {
            Way::Poll { .. } => "poll",
            Way::Push { .. } => "push",
        }
    }

    /// The feed for people, without a line break at the end.
    pub fn words(&self) -> String {
        let (way, good) = match &self.way {
            Way::Poll { into, .. } => (format!("polled into {}", text::line(into)), "taken in"),
            Way::Push { partner, .. } => (format!("what is released to {partner}"), "confirmed"),
        };
        let time = |time: &Option<String>| text::or_none(time.as_deref(), text::foreign_time);
        let FeedProgress { good: count, refused, moved, after, objection, .. } = &self.state;
        let mut lines = vec![
            format!("{}: {way}, every {} s", text::line(&self.name), self.every),
            format!("kind      {}", self.kind.word()),
            format!("url       {}", text::line(&self.url)),
            format!("{good:9} {count}"),
            format!("refused   {refused}"),
            format!("answered  {}", time(&self.answered)),
            format!("moved     {}", time(moved)),
        ];
        let next = match (&self.next, self.waits) {
            (Some(next), Some(waits)) => format!("{}: {}", text::time(next), waits.words()),
            (Some(next), None) => text::time(next),
            (None, _) => "it is asking now".to_owned(),
        };
        lines.push(format!("asks next {next}"));
        let collection = self.state.collection.as_deref().map(text::line);
        lines.extend(collection.map(|found| format!("found     {found}")));
        let size = self.state.size;
        lines.extend(size.map(|size| {
            format!("page size {size}: the server refused more at once; it grows again")
        }));
        let unread = self.state.unread.len();
        lines.extend((unread > 0).then(|| {
            format!("unread    {unread}: events that cannot be taken in; see `forewarn quarantine`")
        }));
        let after = after.as_deref().map(text::foreign_time);
        lines.extend(after.map(|after| format!("up to     {after}")));
        let objection = objection.as_deref().map(text::line);
        lines.extend(objection.map(|objection| format!("objection {objection}")));
        let trouble = self.trouble.as_deref().map(text::line);
        lines.extend(trouble.map(|trouble| format!("trouble   {trouble}")));
        lines.join("\n")
    }
}
