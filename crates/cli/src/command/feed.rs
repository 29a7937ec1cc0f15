//! `forewarn feed`.

use super::parse::{time, word};
use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use clap::{Args, Subcommand};
use forewarn_exchange::act::FeedAct;
use forewarn_exchange::feed::{Account, Feed as Configured, Kind, Way};
use forewarn_exchange::name::NodeName;
use forewarn_stix::Timestamp;
use forewarn_view::answer::FeedSet;
use forewarn_view::feed::FeedShown;
use serde_json::json;

#[derive(Debug, Subcommand)]
pub(crate) enum Feed {
    /// Poll a collection of somebody else's TAXII server, a MISP server, or a feed of MISP
    Add(Add),
    /// Push what is released to a partner to its TAXII or MISP server
    Push(Push),
    /// List feeds, and how it goes with each
    List,
    /// Show one feed
    Show {
        /// What the feed is called
        name: String,
    },
    /// Ask at once, without waiting for the next time
    Now {
        /// What the feed is called
        name: String,
    },
    /// Remove a feed; the items that it brought stay
    Remove {
        /// What the feed is called
        name: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// The collection: https://host/api-root/collections/ID/; or the API root, when it has one
    /// collection that we may read. Of MISP: the server, or the folder that manifest.json is in
    #[arg(value_name = "URL")]
    collection: String,
    /// What the server speaks: taxii, misp, misp-feed
    #[arg(long, default_value = "taxii", value_parser = word::<Kind>)]
    kind: Kind,
    /// What we call it
    #[arg(long)]
    name: String,
    /// Our collection that takes it in, by alias or id
    #[arg(long, default_value = "inbox")]
    into: String,
    /// The source's handle; it stays here and never crosses
    #[arg(long)]
    source: Option<String>,
    /// The grade of source and information, kept with its scheme: B2 (Admiralty), 4x4:A1, 3x5x2:1A,
    /// 5x5x5:B2, or unknown:TEXT
    #[arg(long)]
    grade: Option<String>,
    /// Only what was added after this time: 2026-01-31T12:00:00Z, with an offset, or -7d
    #[arg(long, value_name = "TIME", value_parser = time, allow_hyphen_values = true)]
    since: Option<Timestamp>,
    /// Each poll starts this many seconds before the end of the last one
    #[arg(long, default_value_t = 10, value_name = "SECONDS")]
    overlap: u32,
    #[command(flatten)]
    server: Server,
}

#[derive(Debug, Args)]
pub(crate) struct Push {
    /// The partner's collection: https://host/api-root/collections/ID/; or the API root, when it
    /// has one collection that we may add to. Of MISP: the server
    #[arg(value_name = "URL")]
    collection: String,
    /// What the server speaks: taxii, misp
    #[arg(long, default_value = "taxii", value_parser = word::<Kind>)]
    kind: Kind,
    /// What we call it
    #[arg(long)]
    name: String,
    /// The partner
    #[arg(long)]
    partner: NodeName,
    /// The partner's outlet here, by alias or id
    #[arg(long)]
    outlet: String,
    #[command(flatten)]
    server: Server,
}

#[derive(Debug, Args)]
pub(crate) struct Server {
    /// Our name at the server; without one, the secret is a bearer token, or the key of a MISP server
    #[arg(long)]
    user: Option<String>,
    /// The name of a file in the node's folder `secrets`, with the password, token or key
    #[arg(long, value_name = "FILE")]
    secret_file: Option<String>,
    /// Seconds between two requests
    #[arg(long, default_value_t = 60, value_name = "SECONDS")]
    every: u32,
}

impl Server {
    fn feed(
        &self,
        (name, kind, url): (String, Kind, String),
        way: Way,
    ) -> Result<Configured, Failed> {
        Ok(Configured { name, kind, url, way, account: self.account()?, every: self.every })
    }

    fn account(&self) -> Result<Option<Account>, Failed> {
        match (&self.user, &self.secret_file) {
            (user, Some(file)) => {
                Ok(Some(Account { user: user.clone(), secret_file: file.clone() }))
            }
            (None, None) => Ok(None),
            (Some(_), None) => Err(Failed::usage("--user needs --secret-file with its password")),
        }
    }
}

pub(crate) async fn run(feed: Feed, context: &Context) -> Result<(), Failed> {
    match feed {
        Feed::Add(add) => {
            let Add { collection: url, kind, name, into, source, grade, since, overlap, server } =
                add;
            let since = since.map(String::from);
            let way = Way::Poll { into, source, grade, since, overlap };
            set(server.feed((name, kind, url), way)?, context).await
        }
        Feed::Push(push) => {
            let Push { collection: url, kind, name, partner, outlet, server } = push;
            let way = Way::Push { partner, outlet };
            set(server.feed((name, kind, url), way)?, context).await
        }
        Feed::List => {
            let feeds: Vec<FeedShown> = context.client.get("/api/v1/feeds").await?;
            output::list(context.json, &feeds, "no feeds yet: forewarn feed add URL")
        }
        Feed::Show { name } => show(&name, context).await,
        Feed::Now { name } => {
            let path = format!("/api/v1/feeds/{name}/now");
            let answer: FeedSet = context.client.post(&path, &json!({})).await?;
            output::answer(context.json, &answer, format!("{name} looks now"))
        }
        Feed::Remove { name } => {
            let act = FeedAct::Remove { name: name.clone() };
            let answer: FeedSet = context.client.act(act).await?;
            output::answer(context.json, &answer, format!("{name} is not a feed any more"))
        }
    }
}

async fn set(feed: Configured, context: &Context) -> Result<(), Failed> {
    let name = feed.name.clone();
    let answer: FeedSet = context.client.act(FeedAct::Add { feed }).await?;
    let words = format!("{name} starts now; see how it goes: forewarn feed show {name}");
    output::answer(context.json, &answer, words)
}

async fn show(name: &str, context: &Context) -> Result<(), Failed> {
    let feeds: Vec<FeedShown> = context.client.get("/api/v1/feeds").await?;
    let feed = feeds.iter().find(|feed| feed.name == name);
    let feed = feed.ok_or_else(|| Failed::refused(format!("there is no feed `{name}`")))?;
    output::answer(context.json, feed, feed.words())
}
