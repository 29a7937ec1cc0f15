//! One thing that an item can be about, as a partner writes it.

use super::area::{Circle, Polygon};
use super::named::{Named, Vary};
use super::written;
use crate::interest::BadInterest;
use forewarn_extract::gazetteer;
use forewarn_stix::pattern::{self, Observation, Operation, Pattern};
use ipnet::IpNet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// Longest STIX pattern of a clause, in bytes.
const MAX_PATTERN: usize = 4 << 10;
/// Longest regular expression in one: compiled it takes a megabyte at most.
const MAX_REGEX: usize = 100;
/// Most places of one name that are told when its country is missing.
const MAX_NAMED: usize = 5;

/// What an item is asked for; `docs/interests.md` has an example of each.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Clause {
    /// ISO 3166-1 alpha-2 code: the country, all places in it, and its people.
    Country(String),
    /// A city, region or site of the gazetteer, and what lies in it, with the country's code:
    /// `Saint Petersburg, RU`.
    Place(String),
    /// Coordinates within a circle.
    Circle(Circle),
    /// Coordinates within a polygon.
    Polygon(Polygon),
    /// A building, plant or square by its name.
    Site(Named),
    /// A country's people, by its code: `US` is met by “Americans”.
    Nationality(String),
    /// A group of people, such as journalists.
    Group(Named),
    /// An organisation by its name or one of its aliases.
    Organisation(Named),
    /// A person by name or one of the aliases, whichever part of the name comes first.
    Person(Named),
    /// STIX 2.1 §10.9 `industry-sector-ov`; `government` is met by `government-local` too.
    Sector(String),
    /// A domain and all below it.
    Domain(String),
    /// A block of addresses, or one.
    Block(#[schemars(with = "String")] IpNet),
    /// The number of an autonomous system.
    AsNumber(u32),
    /// An e-mail address.
    Email(String),
    /// E-mail addresses at a domain and all below it.
    EmailDomain(String),
    /// A file's hash in hexadecimal: MD5, SHA-1, SHA-2 or SHA-3.
    Hash(String),
    /// URLs that begin so; without `https://`, of any scheme.
    Url(String),
    /// A product by its name.
    Product(Named),
    /// A product by its CPE 2.3 name; what is left open, or `*`, is any.
    Cpe(String),
    /// A vulnerability, such as `CVE-2017-0144`.
    Cve(String),
    /// A kind of threat: ours, or of the vocabularies of STIX 2.1 §10 for malware, indicators,
    /// infrastructure, tools and threat actors.
    Threat(String),
    /// A threat actor, intrusion set or campaign by its name.
    Actor(Named),
    /// Malware, or a tool, by its name.
    Malware(Named),
    /// An object by its STIX id, or by its ATT&CK or CAPEC id, such as `G0034`.
    Id(String),
    /// A word or phrase in any text.
    Words(String),
    /// A STIX pattern (STIX 2.1 §9), held against observables.
    Pattern(String),
}

impl Clause {
    /// Puts it into its one form, or says what is wrong with it.
    pub(crate) fn checked(self) -> Result<Clause, BadInterest> {
        Ok(match self {
            Clause::Country(code) => Clause::Country(country(&code, "country")?),
            Clause::Nationality(code) => Clause::Nationality(country(&code, "nationality")?),
            Clause::Place(name) => Clause::Place(place(&name)?),
            Clause::Site(named) => Clause::Site(name(named, "site")?),
            Clause::Group(named) => Clause::Group(name(named, "group")?),
            Clause::Organisation(named) => Clause::Organisation(name(named, "organisation")?),
            Clause::Person(named) => Clause::Person(name(named, "person")?),
            Clause::Product(named) => Clause::Product(name(named, "product")?),
            Clause::Actor(named) => Clause::Actor(name(named, "actor")?),
            Clause::Malware(named) => Clause::Malware(name(named, "malware")?),
            Clause::Words(words) => {
                Clause::Words(name(Named { name: words, aliases: Vec::new() }, "words")?.name)
            }
            Clause::Sector(word) => Clause::Sector(written::sector(&word)?),
            Clause::Threat(word) => Clause::Threat(written::threat(&word)?),
            Clause::Domain(name) => Clause::Domain(written::domain(&name)?),
            Clause::EmailDomain(name) => {
                Clause::EmailDomain(written::domain(name.trim_start_matches('@'))?)
            }
            Clause::Email(address) => Clause::Email(written::email(&address)?),
            Clause::Block(net) => Clause::Block(net.trunc()),
            Clause::Hash(digits) => Clause::Hash(written::hash(&digits)?),
            Clause::Url(prefix) => Clause::Url(written::url(&prefix)?),
            Clause::Cpe(text) => Clause::Cpe(written::cpe(&text)?),
            Clause::Cve(text) => Clause::Cve(written::cve(&text)?),
            Clause::Id(id) => Clause::Id(written::id(&id)?),
            Clause::Pattern(text) => Clause::Pattern(stix_pattern(text)?),
            Clause::Circle(_) | Clause::Polygon(_) | Clause::AsNumber(_) => self,
        })
    }

    /// The phrases that it is looked for by in texts; none for a clause that is not a name.
    pub(crate) fn phrases(&self) -> BTreeSet<String> {
        let (named, vary) = match self {
            Clause::Site(named)
            | Clause::Organisation(named)
            | Clause::Product(named)
            | Clause::Actor(named)
            | Clause::Malware(named) => (named, Vary::No),
            Clause::Person(named) => (named, Vary::Person),
            Clause::Group(named) => (named, Vary::Group),
            Clause::Words(words) => return Named::from(words.as_str()).phrases(Vary::No),
            _ => return BTreeSet::new(),
        };
        named.phrases(vary)
    }

    /// Roughly how common items are that meet such a clause: 1 where few do.
    pub(crate) fn commonness(&self) -> u32 {
        match self {
            Clause::Hash(_) | Clause::Email(_) | Clause::Id(_) => 1,
            Clause::Url(_) | Clause::Cve(_) | Clause::Block(_) | Clause::Domain(_) => 2,
            Clause::Pattern(_) | Clause::AsNumber(_) | Clause::Cpe(_) | Clause::EmailDomain(_) => 3,
            Clause::Person(_) | Clause::Organisation(_) | Clause::Site(_) | Clause::Actor(_) => 5,
            Clause::Circle(_) | Clause::Polygon(_) | Clause::Malware(_) | Clause::Words(_) => 6,
            Clause::Product(_) | Clause::Group(_) => 8,
            Clause::Place(_) => 10,
            Clause::Sector(_) => 20,
            Clause::Nationality(_) => 25,
            Clause::Country(_) => 30,
            Clause::Threat(_) => 60,
        }
    }

    /// How much of the index it takes, in words and the like: most clauses are one.
    pub fn weight(&self) -> usize {
        match self {
            Clause::Site(named)
            | Clause::Group(named)
            | Clause::Organisation(named)
            | Clause::Person(named)
            | Clause::Product(named)
            | Clause::Actor(named)
            | Clause::Malware(named) => {
                let words = named.names().map(|name| name.len() / 4 + 1);
                words.sum::<usize>() * if matches!(self, Clause::Person(_)) { 3 } else { 1 }
            }
            Clause::Words(words) => words.len() / 4 + 1,
            Clause::Polygon(polygon) => polygon.count_corners() / 4 + 1,
            Clause::Pattern(text) => text.len() / 16 + 1,
            _ => 1,
        }
    }

    /// Whether it is a pattern that no single value leads to, so that every observable of its types
    /// must be tried, or one with a regular expression.
    pub(crate) fn is_broad(&self) -> bool {
        match self {
            Clause::Pattern(text) => {
                super::asked::of(text).iter().any(super::asked::Asked::is_type)
            }
            _ => false,
        }
    }
}

/// The regular expressions of a pattern.
fn regexes(parsed: &Observation) -> Vec<String> {
    let mut out = Vec::new();
    parsed.tests(&mut |test| {
        if let Operation::Matches(regex) = &test.operation {
            out.push(regex.clone());
        }
    });
    out
}

fn country(code: &str, field: &str) -> Result<String, BadInterest> {
    gazetteer::country(code).map(|country| country.country.to_owned()).ok_or_else(|| {
        BadInterest::new(field, format!("`{code}` is not a country's code"))
            .hint("give the ISO 3166-1 code of two letters, such as RU")
    })
}

/// The name that terms have, and the country's code: `Saint Petersburg, RU`.
fn place(name: &str) -> Result<String, BadInterest> {
    let is_place = |one: &gazetteer::KnownPlace| {
        !matches!(one.kind, gazetteer::PlaceKind::Country | gazetteer::PlaceKind::Nationality)
    };
    let (bare, code) = match name.rsplit_once(',') {
        Some((bare, code)) => (bare, Some(code.trim())),
        None => (name, None),
    };
    let mut known = gazetteer::places(bare);
    // Of the places of the world that are called so, too, the one in that country.
    let there = code.and_then(|code| gazetteer::place_in(bare, &code.to_ascii_uppercase()));
    known.extend(there.filter(|there| !known.contains(there)));
    let country = known.iter().find(|one| !is_place(one)).map(|one| one.country);
    known.retain(|one| {
        is_place(one) && code.is_none_or(|code| one.country.eq_ignore_ascii_case(code))
    });
    match (known.as_slice(), country) {
        ([one], _) => Ok(format!("{}, {}", one.name, one.country)),
        ([], Some(country)) => Err(BadInterest::new("place", format!("`{name}` is a country"))
            .hint(format!("write it as country = \"{country}\""))),
        ([], None) => Err(BadInterest::new("place", format!("`{name}` is not in the gazetteer"))
            .hint("register it as a `site`, which is looked for in texts, or as a `circle`")),
        (several, _) => {
            let each = several.iter().take(MAX_NAMED);
            let each: Vec<String> =
                each.map(|one| format!("`{}, {}`", one.name, one.country)).collect();
            let more = if several.len() > MAX_NAMED { ", or another" } else { "" };
            let message = format!("`{name}` could be {}{more}", each.join(" or "));
            Err(BadInterest::new("place", message).hint("write it with the country"))
        }
    }
}

fn name(named: Named, field: &str) -> Result<Named, BadInterest> {
    match named.objection() {
        Some(why) => Err(BadInterest::new(field, why)),
        None => Ok(named),
    }
}

fn stix_pattern(text: String) -> Result<String, BadInterest> {
    let bad =
        |why: String| BadInterest::new("pattern", why).hint("STIX 2.1 §9 says how it is written");
    if text.len() > MAX_PATTERN {
        return Err(bad(format!("a pattern of an interest has at most {MAX_PATTERN} bytes")));
    }
    let parsed = pattern::parse(&text).map_err(|e| bad(format!("`{text}`: {e}")))?;
    let regexes = regexes(&parsed);
    if regexes.len() > 1 {
        return Err(bad("a pattern of an interest has one MATCHES at most".to_owned()));
    }
    if regexes.iter().any(|regex| regex.len() > MAX_REGEX || regex.contains('{')) {
        let why = "has at most 100 bytes, and nothing counted by `{}`";
        return Err(bad(format!("a regular expression of an interest {why}")));
    }
    Pattern::of(&parsed).map_err(|e| bad(format!("`{text}`: {e}")))?;
    Ok(text)
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Clause::Country(code) => write!(f, "country {code}"),
            Clause::Place(name) => write!(f, "place {name}"),
            Clause::Circle(circle) => write!(f, "{circle}"),
            Clause::Polygon(polygon) => write!(f, "{polygon}"),
            Clause::Site(named) => write!(f, "site “{}”", named.name),
            Clause::Nationality(code) => write!(f, "people of {code}"),
            Clause::Group(named) => write!(f, "group “{}”", named.name),
            Clause::Organisation(named) => write!(f, "organisation “{}”", named.name),
            Clause::Person(named) => write!(f, "person “{}”", named.name),
            Clause::Sector(word) => write!(f, "sector {word}"),
            Clause::Domain(name) => write!(f, "domain {name}"),
            Clause::Block(net) => write!(f, "addresses {net}"),
            Clause::AsNumber(number) => write!(f, "AS{number}"),
            Clause::Email(address) => write!(f, "e-mail address {address}"),
            Clause::EmailDomain(name) => write!(f, "e-mail at {name}"),
            Clause::Hash(digits) => write!(f, "hash {digits}"),
            Clause::Url(prefix) => write!(f, "URLs from {prefix}"),
            Clause::Product(named) => write!(f, "product “{}”", named.name),
            Clause::Cpe(text) | Clause::Cve(text) | Clause::Id(text) => f.write_str(text),
            Clause::Threat(word) => write!(f, "threat of {word}"),
            Clause::Actor(named) => write!(f, "actor “{}”", named.name),
            Clause::Malware(named) => write!(f, "malware “{}”", named.name),
            Clause::Words(words) => write!(f, "words “{words}”"),
            Clause::Pattern(text) => write!(f, "pattern {text}"),
        }
    }
}
