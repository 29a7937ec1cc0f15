//! What the server of a feed speaks, and what its URL has to be then.

use super::{Account, Way, place};
use crate::code::Code;
use crate::refusal::Refusal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a server speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// TAXII 2.1.
    #[default]
    Taxii,
    /// The REST API of a MISP server.
    Misp,
    /// A folder with `manifest.json` and a file for each event, as MISP writes feeds.
    MispFeed,
}

impl Kind {
    /// Whether it is TAXII.
    pub fn is_taxii(&self) -> bool {
        matches!(self, Kind::Taxii)
    }

    /// The word as it is written, on the command line and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Taxii => "taxii",
            Kind::Misp => "misp",
            Kind::MispFeed => "misp-feed",
        }
    }

    /// The kind that [`Kind::word`] writes.
    pub fn of_word(word: &str) -> Option<Kind> {
        [Kind::Taxii, Kind::Misp, Kind::MispFeed].into_iter().find(|kind| kind.word() == word)
    }

    /// What its answers are, for messages: `a web page, not MISP`.
    pub fn protocol(self) -> &'static str {
        match self {
            Kind::Taxii => "TAXII",
            Kind::Misp => "MISP",
            Kind::MispFeed => "a feed of MISP",
        }
    }

    /// A URL that people write for it, in the one form that is kept.
    pub(super) fn understood(self, url: &str, most: usize) -> Result<String, Refusal> {
        let (what, example) = match self {
            Kind::Taxii => ("a collection's URL", "https://host/api-root/collections/ID/"),
            Kind::Misp => ("the URL of a MISP server", "https://misp.example/"),
            Kind::MispFeed => ("the URL of a folder", "https://host/feed/"),
        };
        let bad = |why: &str| Refusal::new(Code::BadFeed, format!("`{url}` is not {what}{why}"));
        let web = url.starts_with("https://") || url.starts_with("http://");
        if !web || url.len() > most || url.contains(['?', '#', ' ', '@']) {
            return Err(
                bad("").advice(format!("such as {example}, without a name, password or query"))
            );
        }
        match self {
            Kind::Taxii => place::understood(url).map_err(|why| {
                bad(&format!(": {why}")).advice(
                    "give the collection's URL, such as https://host/api-root/collections/ID/, or \
                     that of the API root",
                )
            }),
            Kind::Misp => Ok(folder(url, "/events/restSearch")),
            Kind::MispFeed => Ok(folder(url, "/manifest.json")),
        }
    }

    /// Whether a feed of this kind can go this way, as this account.
    pub(super) fn check(self, way: &Way, account: Option<&Account>) -> Result<(), Refusal> {
        let bad = |message: &str| Err(Refusal::new(Code::BadFeed, message));
        match (self, way, account) {
            (Kind::MispFeed, Way::Push { .. }, _) => {
                bad("nothing can be pushed to a feed of MISP: it is fetched")
            }
            (Kind::Misp, _, Some(Account { user: Some(_), .. })) => {
                bad("a MISP server knows keys and no names; leave the user out")
            }
            (Kind::Misp, _, None) => {
                bad("a MISP server answers nobody without a key; give the file that it is in")
            }
            (Kind::Taxii | Kind::Misp | Kind::MispFeed, _, _) => Ok(()),
        }
    }
}

/// A URL with a slash at its end, without what people copy with it.
fn folder(url: &str, within: &str) -> String {
    let url = url.trim_end_matches('/');
    let url = url.strip_suffix(within).unwrap_or(url);
    format!("{}/", url.trim_end_matches('/'))
}
