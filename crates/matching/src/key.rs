//! How terms lead to the clauses that they may meet: both give keys, and what meets shares one. The
//! definition of "meets" is [`Clause::meets`]; a key only says where to look.

use crate::interest::area::{Cell, FINEST, Point};
use crate::interest::written::{cpe_parts, without_scheme};
use crate::interest::{Asked, Clause, asked};
use crate::terms::Term;
use ipnet::IpNet;
use std::hash::{BuildHasher as _, Hash};

/// Longest prefix of each family: 32 and 128 bits.
const LENGTHS: usize = 129;
/// Most labels of a domain (RFC 1035 §2.3.4: 255 bytes).
const MAX_LABELS: usize = 128;
/// Most places in a URL at which a prefix of an interest may end.
const MAX_ENDS: usize = 256;

/// What a key stands for, so that a domain is never taken for a sector.
#[derive(Hash)]
enum Kind {
    Country,
    Nationality,
    Place,
    Cell,
    Sector,
    Domain,
    EmailDomain,
    Email,
    Block,
    AsNumber,
    Hash,
    Url,
    Cpe,
    Cve,
    Threat,
    Id,
    Value,
    Observable,
}

fn key(kind: &Kind, value: impl Hash) -> u64 {
    foldhash::fast::FixedState::with_seed(1).hash_one((kind, value))
}

/// How many clauses have networks of each length, and areas with cells of each level: only these
/// have to be looked for.
pub(crate) struct Lengths {
    v4: [u32; LENGTHS],
    v6: [u32; LENGTHS],
    cells: [u32; FINEST as usize + 1],
}

impl Default for Lengths {
    fn default() -> Lengths {
        Lengths { v4: [0; LENGTHS], v6: [0; LENGTHS], cells: [0; FINEST as usize + 1] }
    }
}

impl Lengths {
    /// Counts a clause in, or out.
    pub(crate) fn count(&mut self, clause: &Clause, one: impl Fn(&mut u32)) {
        match clause {
            Clause::Block(net) => {
                let lengths = if matches!(net, IpNet::V4(_)) { &mut self.v4 } else { &mut self.v6 };
                lengths.get_mut(usize::from(net.prefix_len())).into_iter().for_each(&one);
            }
            Clause::Circle(_) | Clause::Polygon(_) => {
                let cells = cells_of(clause);
                let level = cells.first().map_or(0, |cell| usize::from(cell.level));
                self.cells.get_mut(level).into_iter().for_each(&one);
            }
            _ => {}
        }
    }
}

fn in_use(lengths: &[u32], most: u8) -> impl Iterator<Item = u8> {
    (0..=most).zip(lengths).filter(|(_, count)| **count > 0).map(|(length, _)| length)
}

fn cells_of(clause: &Clause) -> Vec<Cell> {
    match clause {
        Clause::Circle(circle) => circle.cells(),
        Clause::Polygon(polygon) => polygon.cells(),
        _ => Vec::new(),
    }
}

impl Clause {
    /// Whether a term is one of those that the clause is about. Names are found in texts, and
    /// patterns are held against observables, elsewhere.
    pub(crate) fn meets(&self, term: &Term<'_>) -> bool {
        match (self, term) {
            (Clause::Country(code), Term::Country(is))
            | (Clause::Nationality(code), Term::Nationality(is)) => code == is,
            (Clause::Place(name), Term::Place(is, of)) => match name.rsplit_once(", ") {
                Some((name, code)) => name == *is && code == *of,
                None => name == is,
            },
            (Clause::Circle(circle), term) => term.lies_at().iter().any(|at| circle.holds(*at)),
            (Clause::Polygon(polygon), term) => term.lies_at().iter().any(|at| polygon.holds(*at)),
            (Clause::Sector(word), Term::Sector(is)) => {
                is == word
                    || is.strip_prefix(word.as_str()).is_some_and(|rest| rest.starts_with('-'))
            }
            (Clause::Domain(name), Term::Domain(is)) => is_below(is, name),
            (Clause::EmailDomain(name), Term::Email(is)) => {
                is.rsplit_once('@').is_some_and(|(_, host)| is_below(host, name))
            }
            (Clause::Email(address), Term::Email(is)) => address == is,
            (Clause::Block(net), Term::Address(is)) => net.contains(is),
            (Clause::AsNumber(number), Term::AsNumber(is)) => number == is,
            (Clause::Hash(digits), Term::Hash(is)) => digits == is,
            (Clause::Url(prefix), Term::Url(is)) => {
                let bare = without_scheme(is);
                is.starts_with(prefix) || (!prefix.contains("://") && bare.starts_with(prefix))
            }
            (Clause::Cpe(text), Term::Cpe(is)) => {
                let parts = cpe_parts(text).unwrap_or_default();
                let fits = |(n, part): (usize, &String)| part == "*" || is.get(n) == Some(part);
                !parts.is_empty() && parts.iter().enumerate().all(fits)
            }
            (Clause::Cve(number), Term::Cve(is)) => number == is,
            (Clause::Threat(word), Term::Threat(is)) => word == is,
            (Clause::Id(id), Term::Id(is)) => id == is,
            _ => false,
        }
    }

    /// Where it is to be found: a term that meets it has one of these.
    pub(crate) fn keys(&self) -> Vec<u64> {
        let one = |kind: Kind, text: &str| vec![key(&kind, text)];
        match self {
            Clause::Country(code) => one(Kind::Country, code),
            Clause::Nationality(code) => one(Kind::Nationality, code),
            Clause::Place(name) => {
                one(Kind::Place, name.rsplit_once(", ").map_or(name.as_str(), |(name, _)| name))
            }
            Clause::Circle(_) | Clause::Polygon(_) => {
                cells_of(self).into_iter().map(|cell| key(&Kind::Cell, cell)).collect()
            }
            Clause::Sector(word) => one(Kind::Sector, word),
            Clause::Domain(name) => one(Kind::Domain, name),
            Clause::EmailDomain(name) => one(Kind::EmailDomain, name),
            Clause::Email(address) => one(Kind::Email, address),
            Clause::Block(net) => vec![key(&Kind::Block, net)],
            Clause::AsNumber(number) => vec![key(&Kind::AsNumber, number)],
            Clause::Hash(digits) => one(Kind::Hash, digits),
            Clause::Url(prefix) => {
                let bare = without_scheme(prefix);
                let end = bare.rfind(URL_ENDS).map_or(bare.len(), |at| at + 1);
                one(Kind::Url, bare.get(..end).unwrap_or_default())
            }
            Clause::Cpe(text) => {
                let parts = cpe_parts(text).unwrap_or_default();
                vec![key(&Kind::Cpe, parts.get(..3))]
            }
            Clause::Cve(number) => one(Kind::Cve, number),
            Clause::Threat(word) => one(Kind::Threat, word),
            Clause::Id(id) => one(Kind::Id, id),
            Clause::Pattern(text) => asked(text).into_iter().map(|asked| key_of(&asked)).collect(),
            Clause::Site(_)
            | Clause::Group(_)
            | Clause::Organisation(_)
            | Clause::Person(_)
            | Clause::Product(_)
            | Clause::Actor(_)
            | Clause::Malware(_)
            | Clause::Words(_) => Vec::new(),
        }
    }
}

/// The keys of every cell in use that holds a point.
fn cells(point: Point, lengths: &Lengths, each: &mut dyn FnMut(u64)) {
    for level in in_use(&lengths.cells, FINEST) {
        each(key(&Kind::Cell, point.cell(level)));
    }
}

fn key_of(asked: &Asked) -> u64 {
    match asked {
        Asked::Value(path, text) => key(&Kind::Value, (path.as_str(), text.as_str())),
        Asked::Type(name) => key(&Kind::Observable, name.as_str()),
    }
}

/// Where a prefix of a URL may end that is looked for as it stands.
const URL_ENDS: [char; 4] = ['/', '?', '&', '='];

/// Whether a domain is another or lies below it.
fn is_below(domain: &str, above: &str) -> bool {
    domain.strip_suffix(above).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

impl Term<'_> {
    /// Every key of a clause that the term may meet.
    pub(crate) fn keys(&self, lengths: &Lengths, each: &mut dyn FnMut(u64)) {
        match self {
            Term::Country(code) => each(key(&Kind::Country, *code)),
            Term::Nationality(code) => each(key(&Kind::Nationality, *code)),
            Term::Place(name, _) => {
                each(key(&Kind::Place, *name));
                // Where nobody has an area on the map, no place is looked up.
                if in_use(&lengths.cells, FINEST).next().is_some() {
                    self.lies_at().into_iter().for_each(|point| cells(point, lengths, each));
                }
            }
            Term::Point(point) => cells(*point, lengths, each),
            Term::Sector(word) => {
                each(key(&Kind::Sector, &**word));
                for (at, _) in word.match_indices('-') {
                    each(key(&Kind::Sector, word.get(..at).unwrap_or_default()));
                }
            }
            Term::Domain(name) => domains(&Kind::Domain, name, each),
            Term::Email(address) => {
                each(key(&Kind::Email, &**address));
                if let Some((_, host)) = address.rsplit_once('@') {
                    domains(&Kind::EmailDomain, host, each);
                }
            }
            Term::Address(net) => {
                let used = if matches!(net, IpNet::V4(_)) { &lengths.v4 } else { &lengths.v6 };
                for length in in_use(used, net.prefix_len()) {
                    if let Ok(wider) = IpNet::new(net.addr(), length) {
                        each(key(&Kind::Block, wider.trunc()));
                    }
                }
            }
            Term::AsNumber(number) => each(key(&Kind::AsNumber, number)),
            Term::Hash(digits) => each(key(&Kind::Hash, &**digits)),
            Term::Url(url) => {
                let bare = without_scheme(url);
                for (at, _) in bare.match_indices(URL_ENDS).take(MAX_ENDS) {
                    each(key(&Kind::Url, bare.get(..=at).unwrap_or_default()));
                }
            }
            Term::Cpe(parts) => each(key(&Kind::Cpe, parts.get(..3))),
            Term::Cve(number) => each(key(&Kind::Cve, &**number)),
            Term::Threat(word) => each(key(&Kind::Threat, &**word)),
            Term::Id(id) => each(key(&Kind::Id, &**id)),
            Term::Value(path, text) => each(key(&Kind::Value, (path.as_str(), &**text))),
            Term::Observable(name) => each(key(&Kind::Observable, &**name)),
        }
    }
}

/// A domain and each above it, but for the top.
fn domains(kind: &Kind, name: &str, each: &mut dyn FnMut(u64)) {
    let mut rest = Some(name);
    for _ in 0..MAX_LABELS {
        let Some(domain) = rest.filter(|domain| domain.contains('.')) else { return };
        each(key(kind, domain));
        rest = domain.split_once('.').map(|(_, above)| above);
    }
}
