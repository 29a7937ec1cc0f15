//! The collection of a feed whose URL is an API root's or a server's: asked for once, and kept.
//!
//! What the server answers decides which of its own collections is asked, and nothing else: an API
//! root on another server is not followed.

use super::ask::{Asked, ask};
use super::{Again, Feeder, Trouble, keep_place};
use forewarn_exchange::feed::{Feed, Way};
use forewarn_store::feed::FeedState;
use forewarn_taxii::resource::{Collection, Collections, Discovery};
use hyper::Method;
use serde::de::DeserializeOwned;

/// Where every TAXII 2.1 server says which API roots it has (§4.1).
const DISCOVERY: &str = "taxii2/";
/// Most collections that are named to whoever has to choose.
const MAX_NAMED: usize = 10;
/// Most characters of an id or title.
const MAX_TEXT: usize = 100;

/// The URL of the feed's collection, with the state that has it.
pub(super) async fn collection(
    feeder: &Feeder,
    feed: &Feed,
    state: FeedState,
) -> Result<(FeedState, String), Trouble> {
    if feed.is_of_collection() {
        return Ok((state, feed.url.clone()));
    }
    if let Some(url) = state.collection.clone() {
        return Ok((state, url));
    }
    let url = find(feeder, feed).await?;
    let state = FeedState { collection: Some(url.clone()), ..state };
    keep_place(feeder, feed, state.clone()).await?;
    Ok((state, url))
}

async fn find(feeder: &Feeder, feed: &Feed) -> Result<String, Trouble> {
    let mut root = feed.url.clone();
    let mut found = collections(feeder, feed, &root).await?;
    if found.is_none()
        && let Some(named) = api_root(feeder, feed).await?
    {
        found = collections(feeder, feed, &named).await?;
        root = named;
    }
    let url = &feed.url;
    let Some(found) = found else {
        return Err(hopeless(format!(
            "there is no API root and no collection at {url}; give the feed the collection's URL"
        )));
    };
    let usable = |one: &&Collection| match feed.way {
        Way::Poll { .. } => one.can_read,
        Way::Push { .. } => one.can_write,
    };
    let usable: Vec<&Collection> = found.collections.iter().filter(usable).collect();
    match usable.as_slice() {
        [one] if is_plain(&one.id) => Ok(format!("{root}collections/{}/", one.id)),
        [] | [_] => Err(hopeless(format!("no collection of {root} may be used by us"))),
        several => {
            let short = |text: &str| text.chars().take(MAX_TEXT).collect::<String>();
            let name = |one: &&Collection| {
                format!("{root}collections/{}/ ({})", short(&one.id), short(&one.title))
            };
            let named: Vec<String> = several.iter().take(MAX_NAMED).map(name).collect();
            let count = several.len();
            Err(hopeless(format!(
                "there are {count} collections; make a feed for each that you need: {}",
                named.join(", ")
            )))
        }
    }
}

/// The API root that a discovery resource names, when it is on the feed's own server.
async fn api_root(feeder: &Feeder, feed: &Feed) -> Result<Option<String>, Trouble> {
    let origin = origin(&feed.url);
    let mut found = resource::<Discovery>(feeder, feed, feed.url.clone()).await?;
    if found.is_none() && feed.url == format!("{origin}/") {
        found = resource(feeder, feed, format!("{origin}/{DISCOVERY}")).await?;
    }
    let Some(Discovery { default, api_roots, .. }) = found else { return Ok(None) };
    let named = match (default, api_roots.as_slice()) {
        (Some(default), _) => default,
        (None, [only]) => only.clone(),
        (None, []) => return Ok(None),
        (None, several) => {
            let named: String = several.join(", ").chars().take(MAX_NAMED * MAX_TEXT).collect();
            return Err(hopeless(format!("there are several API roots; name one: {named}")));
        }
    };
    Ok(Some(on_this_server(origin, &named)?))
}

/// An API root's URL, with a slash at its end, when it is on this server.
fn on_this_server(origin: &str, root: &str) -> Result<String, Trouble> {
    let path = root.strip_prefix(origin).unwrap_or(root);
    let is_path = path.starts_with('/') && !path.starts_with("//");
    let plain = |c: char| c.is_ascii_alphanumeric() || "/-_.~%".contains(c);
    if is_path && path.chars().all(plain) && !path.contains("/../") {
        return Ok(format!("{origin}{}/", path.trim_end_matches('/')));
    }
    let root: String = root.chars().take(MAX_TEXT).collect();
    Err(hopeless(format!("the server sends us to `{root}`; give the feed its URL, if it is right")))
}

async fn collections(
    feeder: &Feeder,
    feed: &Feed,
    root: &str,
) -> Result<Option<Collections>, Trouble> {
    resource(feeder, feed, format!("{root}collections/")).await
}

/// A resource; `None` when the server has none of its kind there.
async fn resource<T: DeserializeOwned>(
    feeder: &Feeder,
    feed: &Feed,
    url: String,
) -> Result<Option<T>, Trouble> {
    match ask(feeder, feed, Method::GET, url, Vec::new()).await? {
        Asked::Good(answer) => Ok(serde_json::from_slice(&answer.body).ok()),
        Asked::Unknown(_) => Ok(None),
        Asked::TooMuch(trouble) => Err(trouble),
    }
}

/// The scheme, host and port of a URL.
fn origin(url: &str) -> &str {
    let host = url.find("://").map_or(0, |at| at + "://".len());
    let end = url.get(host..).and_then(|rest| rest.find('/')).map_or(url.len(), |at| host + at);
    url.get(..end).unwrap_or(url)
}

/// Whether an id can stand in a URL as it is.
fn is_plain(id: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    (1..=MAX_TEXT).contains(&id.len()) && id.chars().all(plain) && !id.starts_with('.')
}

fn hopeless(words: String) -> Trouble {
    Trouble { words, again: Again::Seldom }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_api_root_elsewhere_is_not_followed() {
        let at = |root: &str| on_this_server("https://a.example:8", root);
        assert_eq!(at("/api").unwrap(), "https://a.example:8/api/");
        assert_eq!(at("https://a.example:8/x/").unwrap(), "https://a.example:8/x/");
        for root in [
            "//b.example/x/",
            "https://b.example/x/",
            "https://a.example:8.b.example/x/",
            "https://a.example:8@b.example/",
            "/x/../y/",
            "/x?y",
            "x/",
        ] {
            assert!(at(root).is_err(), "{root}");
        }
    }

    #[test]
    fn the_origin_of_a_url_has_no_path() {
        assert_eq!(origin("https://a.example:8/x/"), "https://a.example:8");
        assert_eq!(origin("http://[::1]:8/"), "http://[::1]:8");
    }
}
