//! One request to a feed's server, and what its status means.

use super::body::other_document;
use super::{Again, Feeder, Trouble};
use crate::clock;
use crate::egress::{Answer, FeedRequest, NoAnswer};
use crate::secret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use forewarn_exchange::feed::{Account, Feed, Kind, is_private};
use forewarn_taxii::{TaxiiError, media};
use hyper::Method;
use hyper::header::{HeaderMap, RETRY_AFTER};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::path::Path;
use std::time::Duration;

/// So much of a server's own words is passed on.
const MAX_WORDS: usize = 300;

/// An answer that is well, or says which `next` it does not know.
pub(super) enum Asked {
    Good(Answer),
    /// 400, 404, 410, 422: what was asked for is not known to the server.
    Unknown(Trouble),
    /// 413, or an answer beyond our own bound: less at a time may be well.
    TooMuch(Trouble),
}

/// Asks, as who we are to that server; the URL is one below the feed's API root.
pub(super) async fn ask(
    feeder: &Feeder,
    feed: &Feed,
    method: Method,
    url: String,
    body: Vec<u8>,
) -> Result<Asked, Trouble> {
    let authorization = match &feed.account {
        // A feed from before this was asked of it.
        Some(_) if !is_private(&url) => {
            let words =
                "the secret does not go there in the clear; give the feed a URL with https://";
            return Err(Trouble { words: words.to_owned(), again: Again::Seldom });
        }
        Some(account) => Some(authorization(feed.kind, account, &feeder.secrets)?),
        None => None,
    };
    let media = match feed.kind {
        Kind::Taxii => media::TAXII,
        Kind::Misp | Kind::MispFeed => "application/json",
    };
    let asked = FeedRequest { method, url, authorization, media, body };
    match feeder.egress.ask_feed(asked).await {
        Ok(answer) => judge(feed.kind, answer),
        Err(e @ NoAnswer::TooLong(_)) => {
            Ok(Asked::TooMuch(Trouble { words: e.to_string(), again: Again::Later }))
        }
        Err(e) => Err(Trouble { words: e.to_string(), again: Again::Later }),
    }
}

fn judge(kind: Kind, answer: Answer) -> Result<Asked, Trouble> {
    let again = match answer.status {
        // A page that is shown while a server is repaired goes away by itself.
        200..=299 => match other_document(kind, &answer) {
            None => return Ok(Asked::Good(answer)),
            Some(_) => Again::Later,
        },
        // A redirect would lead to a host that nobody has configured.
        300..=399 | 401 | 403 | 406 | 415 => Again::Seldom,
        400 | 404 | 410 | 422 => {
            return Ok(Asked::Unknown(Trouble {
                words: words(kind, &answer),
                again: Again::Seldom,
            }));
        }
        413 => {
            return Ok(Asked::TooMuch(Trouble {
                words: words(kind, &answer),
                again: Again::Later,
            }));
        }
        _ => match stay_away(&answer.headers) {
            Some(time) => Again::After(time),
            None => Again::Later,
        },
    };
    Err(Trouble { words: words(kind, &answer), again })
}

/// The server's own words, as far as they go.
fn words(kind: Kind, answer: &Answer) -> String {
    let status = answer.status;
    let said = match kind {
        Kind::Taxii => serde_json::from_slice::<TaxiiError>(&answer.body).ok().map(|error| {
            let description = error.description.unwrap_or_default();
            format!("{} {description}", error.title)
        }),
        Kind::Misp | Kind::MispFeed => misp_words(&answer.body),
    };
    let said = said.map(|said| said.trim().chars().take(MAX_WORDS).collect::<String>());
    match (status, said, other_document(kind, answer)) {
        (300..=399, ..) => format!(
            "the server answers {status} and sends us elsewhere; give the feed the URL that it \
             really has"
        ),
        (200..=299, None, Some(document)) => format!("the server answered with {document}"),
        (_, None, Some(document)) => format!("the server answers {status} with {document}"),
        (_, Some(said), _) => format!("the server answers {status}: {said}"),
        (_, None, None) => format!("the server answers {status}"),
    }
}

/// What a MISP server says of an error: `{"name": …, "message": …, "errors": …}`.
fn misp_words(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Said {
        name: Option<String>,
        message: Option<String>,
        /// A text, or texts by the fields that they are about.
        errors: Option<Box<RawValue>>,
    }
    let Said { name, message, errors } = serde_json::from_slice(body).ok()?;
    let message = message.filter(|message| name.as_ref() != Some(message));
    let errors = errors.map(|errors| errors.get().to_owned());
    let said: Vec<String> = [name, message, errors].into_iter().flatten().collect();
    (!said.is_empty()).then(|| said.join(": "))
}

/// `Retry-After`: seconds, or a date (RFC 9110 §10.2.3). A MISP server that limits how often it is
/// asked gives seconds in a header of its own.
fn stay_away(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER).or_else(|| headers.get("x-rate-limit-reset"));
    let text = text?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
    let left = date.as_second() - clock::now().micros() / 1_000_000;
    Some(Duration::from_secs(u64::try_from(left).unwrap_or(0)))
}

fn authorization(kind: Kind, account: &Account, folder: &Path) -> Result<String, Trouble> {
    let secret = secret::read(&folder.join(&account.secret_file));
    let secret = secret.map_err(|words| Trouble { words, again: Again::Seldom })?;
    Ok(match (kind, &account.user) {
        (Kind::Misp, _) => secret.to_string(),
        (Kind::Taxii | Kind::MispFeed, Some(user)) => {
            format!("Basic {}", STANDARD.encode(format!("{user}:{}", *secret)))
        }
        (Kind::Taxii | Kind::MispFeed, None) => format!("Bearer {}", *secret),
    })
}
