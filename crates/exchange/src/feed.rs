//! Other people's servers, of TAXII or MISP: those that are polled, and those that receive our
//! releases.

mod kind;
mod pause;
mod place;

pub use kind::Kind;
pub use pause::Pause;

use crate::code::Code;
use crate::gate::Withheld;
use crate::grading::Grading;
use crate::name::NodeName;
use crate::refusal::Refusal;
use forewarn_stix::{Timestamp, offset};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, SocketAddr};

/// Seconds between two polls: not more often, not more seldom.
const EVERY: std::ops::RangeInclusive<u32> = 1..=86_400;
/// Most seconds that a poll looks back.
const MAX_OVERLAP: u32 = 86_400;
/// Longest URL or path.
const MAX_TEXT: usize = 2_000;

/// One feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Feed {
    /// Ours: 1 to 64 of a-z, 0-9, - _ .
    pub name: String,
    /// What the server speaks.
    #[serde(default, skip_serializing_if = "Kind::is_taxii")]
    pub kind: Kind,
    /// TAXII: the collection, `https://host/api-root/collections/id/`; or an API root, of which the
    /// one collection that can be used is meant. MISP: the server, or the folder of a feed.
    pub url: String,
    /// Whether it is polled or pushed to.
    pub way: Way,
    /// Who we are to the server; nobody, when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<Account>,
    /// Seconds between two polls, or between two looks at what is to be pushed.
    pub every: u32,
}

/// Which way things go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "way", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Way {
    /// Its objects are taken in by a collection of ours.
    Poll {
        /// The alias or id of our collection.
        into: String,
        /// The source that they count as, in place of the collection's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        source: Option<String>,
        /// The grade that its items count as, in place of the collection's, such as `B2`: see
        /// [`Grading`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        grade: Option<String>,
        /// Only what was added after it; all, when not given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since: Option<String>,
        /// How many seconds before the end of the last poll the next one starts: servers that give
        /// dates in another order than objects appear in would lose some otherwise.
        #[serde(default)]
        overlap: u32,
    },
    /// What is released to a partner goes to its server.
    Push {
        /// Whose releases are pushed.
        partner: NodeName,
        /// The alias or id of the partner's outlet here.
        outlet: String,
    },
}

/// How we show who we are. The secret is in a file of the node's machine, read at each request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// With a user: HTTP Basic; without: the secret is a bearer token, or the key of a MISP server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The name of a file in the folder `secrets` of the node's own: no path, or an administrator
    /// from afar could have any file sent to a server of his.
    pub secret_file: String,
}

/// Whether what is sent to this URL is read by nobody on its way: by TLS, or within this machine.
pub fn is_private(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("http://") else { return url.starts_with("https://") };
    let host = rest.split('/').next().unwrap_or_default();
    if let Ok(address) = host.parse::<SocketAddr>() {
        return address.ip().to_canonical().is_loopback();
    }
    let host = match host.rsplit_once(':') {
        Some((name, port)) if port.chars().all(|c| c.is_ascii_digit()) => name,
        _ => host,
    };
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    match address {
        Ok(address) => address.to_canonical().is_loopback(),
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    }
}

impl Feed {
    /// A feed that can be used.
    pub fn checked(mut self) -> Result<Feed, Refusal> {
        let bad = |message: String| Refusal::new(Code::BadFeed, message);
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
        if self.name.is_empty() || self.name.len() > 64 || !self.name.chars().all(plain) {
            return Err(bad(format!(
                "`{}` is no feed's name: 1 to 64 of a-z 0-9 - _ .",
                self.name
            )));
        }
        self.url = self.kind.understood(&self.url, MAX_TEXT)?;
        self.kind.check(&self.way, self.account.as_ref())?;
        if self.account.is_some() && !is_private(&self.url) {
            let message = format!("a secret does not go to `{}` in the clear", self.url);
            return Err(bad(message).advice("give the feed a URL with https://"));
        }
        if let Some(Account { secret_file, .. }) = &self.account {
            let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            if secret_file.is_empty()
                || secret_file.len() > 100
                || secret_file.starts_with('.')
                || !secret_file.chars().all(plain)
            {
                return Err(bad(format!("`{secret_file}` is no name of a file")).advice(
                    "put the file into the folder `secrets` of the node's own, and give its name",
                ));
            }
        }
        if !EVERY.contains(&self.every) {
            return Err(bad(format!("every {} s: 1 to 86400 are possible", self.every)));
        }
        if let Way::Poll { since, overlap, grade, source, .. } = &mut self.way {
            source.as_deref().map_or(Ok(()), Withheld::check_handle)?;
            if let Some(since) = since {
                let time = match offset::in_utc(since) {
                    Some(time) => time,
                    None => Timestamp::parse(since).map_err(|e| bad(format!("since: {e}")))?,
                };
                *since = time.to_string();
            }
            if *overlap > MAX_OVERLAP {
                return Err(bad(format!("overlap {overlap} s: at most {MAX_OVERLAP}")));
            }
            if let Some(Err(not)) = grade.as_ref().map(|grade| grade.parse::<Grading>()) {
                return Err(bad(not.to_string()));
            }
        }
        Ok(self)
    }

    /// Whether its URL is a collection's, and not an API root's.
    pub fn is_of_collection(&self) -> bool {
        self.kind.is_taxii() && place::is_collection(&self.url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(url: &str) -> Feed {
        let way =
            Way::Poll { into: "inbox".into(), source: None, grade: None, since: None, overlap: 10 };
        let kind = Kind::Taxii;
        Feed { name: "a".into(), kind, url: url.into(), way, account: None, every: 60 }
    }

    #[test]
    fn a_collections_url_is_wanted() {
        let good = feed("https://a.example/root/collections/1").checked().unwrap();
        assert_eq!(good.url, "https://a.example/root/collections/1/");
        for url in [
            "ftp://a.example/collections/1/",
            "https://a.example/root/collections/1/objects/indicator--1/",
            "https://user:pass@a.example/collections/1/",
            "https://a.example/collections/1/?limit=1",
        ] {
            assert!(feed(url).checked().is_err(), "{url}");
        }
    }

    #[test]
    fn a_server_of_misp_is_given_by_its_own_url() {
        let of = |kind: Kind, url: &str| {
            let account = Some(Account { user: None, secret_file: "misp.key".into() });
            Feed { kind, account, ..feed(url) }.checked().map(|good| good.url)
        };
        for url in
            ["https://m.example", "https://m.example/", "https://m.example/events/restSearch"]
        {
            assert_eq!(of(Kind::Misp, url).unwrap(), "https://m.example/", "{url}");
        }
        for url in
            ["https://m.example/f", "https://m.example/f/", "https://m.example/f/manifest.json"]
        {
            assert_eq!(of(Kind::MispFeed, url).unwrap(), "https://m.example/f/", "{url}");
        }
        assert!(of(Kind::Misp, "https://key@m.example/").is_err());
        assert!(of(Kind::MispFeed, "https://m.example/f/?x=1").is_err());
    }

    #[test]
    fn what_misp_has_no_place_for_is_refused_before_it_fails_at_night() {
        let account = |user: Option<&str>| {
            let secret_file = "misp.key".into();
            Some(Account { user: user.map(str::to_owned), secret_file })
        };
        let with = |kind: Kind, user: Option<&str>| {
            Feed { kind, account: account(user), ..feed("https://m.example/") }.checked()
        };
        assert!(with(Kind::Misp, None).is_ok() && with(Kind::MispFeed, Some("us")).is_ok());
        let refusal = with(Kind::Misp, Some("us")).unwrap_err();
        assert!(refusal.message.contains("no name"), "{}", refusal.message);
        // Without a key it lets nobody ask.
        assert!(Feed { kind: Kind::Misp, ..feed("https://m.example/") }.checked().is_err());
        let way = Way::Push { partner: NodeName::parse("a.example").unwrap(), outlet: "o".into() };
        let push = |kind| Feed { kind, way: way.clone(), ..feed("https://m.example/") }.checked();
        assert!(push(Kind::MispFeed).is_err());
    }

    #[test]
    fn a_since_with_an_offset_is_kept_in_utc() {
        let since = Some("2026-01-01T02:00:00+02:00".to_owned());
        let way = Way::Poll { into: "inbox".into(), source: None, grade: None, since, overlap: 10 };
        let good = Feed { way, ..feed("https://a.example/collections/1/") }.checked().unwrap();
        let Way::Poll { since, .. } = good.way else { panic!() };
        assert_eq!(since.as_deref(), Some("2026-01-01T00:00:00Z"));
    }

    #[test]
    fn a_secret_is_a_file_of_its_own_folder_and_no_other() {
        let with = |file: &str| {
            let account = Some(Account { user: None, secret_file: file.into() });
            Feed { account, ..feed("https://a.example/collections/1/") }.checked()
        };
        assert!(with("intel.secret").is_ok());
        for file in ["", "../node.key", "/etc/passwd", "a/b", ".", ".hidden", "a b"] {
            assert!(with(file).is_err(), "{file}");
        }
    }

    #[test]
    fn no_secret_goes_to_another_machine_in_the_clear() {
        let with = |url: &str| {
            let account = Some(Account { user: None, secret_file: "intel.secret".into() });
            Feed { account, ..feed(&format!("{url}/collections/1/")) }.checked()
        };
        for url in [
            "https://a.example",
            "http://127.0.0.1:7001/x",
            "http://127.0.0.1",
            "http://[::1]:7001",
            "http://[::1]",
            "http://localhost:80",
            "http://taxii.localhost",
        ] {
            assert!(with(url).is_ok(), "{url}");
        }
        for url in [
            "http://a.example",
            "http://192.0.2.1:80",
            "http://[2001:db8::1]:80",
            "http://localhost.a.example",
            "http://127.0.0.1.a.example:80",
            "http://10.0.0.1",
        ] {
            assert!(with(url).unwrap_err().message.contains("in the clear"), "{url}");
            // Without a secret nothing is given away.
            assert!(feed(&format!("{url}/collections/1/")).checked().is_ok(), "{url}");
        }
    }

    #[test]
    fn what_is_out_of_bounds_is_said() {
        let url = "https://a.example/collections/1/";
        assert!(Feed { every: 0, ..feed(url) }.checked().is_err());
        assert!(Feed { name: "A b".into(), ..feed(url) }.checked().is_err());
    }
}
