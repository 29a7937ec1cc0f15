//! What a partner has registered to be warned of.

use crate::refusal::Refusal;
use crate::scale::Urgency;
use forewarn_extract::{fold, gazetteer};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Most clauses of one interest that is written by hand or sent in one entry.
pub const MAX_CLAUSES: usize = 1_000;

/// Most interests of one partner.
pub const MAX_INTERESTS: usize = 10_000;

/// Met when any of its clauses is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Interest {
    /// Global; empty when it has not been registered yet.
    #[serde(default)]
    pub id: String,
    /// What people call it.
    pub label: String,
    /// How urgent a case about it is.
    pub urgency: Urgency,
    pub any: Vec<Clause>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Clause {
    /// ISO 3166-1 alpha-2 code.
    Country(String),
    /// A city, region or site of the gazetteer.
    Place(String),
    /// A name or phrase in any text; case, accents and hyphens do not count.
    Name(String),
    /// A domain and all below it.
    Domain(String),
    /// A block of addresses, or one.
    Block(IpNet),
}

impl Interest {
    /// Puts each clause into its one form, or says which is wrong.
    pub fn checked(mut self) -> Result<Interest, Refusal> {
        if self.label.trim().is_empty() || self.label.len() > 200 {
            return Err(Refusal::new("label", "an interest needs a label of 1 to 200 characters"));
        }
        if self.any.is_empty() || self.any.len() > MAX_CLAUSES {
            let message = format!("an interest needs 1 to {MAX_CLAUSES} clauses");
            return Err(Refusal::new("clauses", message)
                .hint("give --country, --place, --name, --domain or --block"));
        }
        self.any = self.any.into_iter().map(Clause::checked).collect::<Result<_, _>>()?;
        Ok(self)
    }
}

impl Clause {
    fn checked(self) -> Result<Clause, Refusal> {
        match self {
            Clause::Country(code) => match gazetteer::country(&code) {
                Some(country) => Ok(Clause::Country(country.country.to_owned())),
                None => Err(Refusal::new("country", format!("`{code}` is not a country's code"))
                    .hint("give the ISO 3166-1 code of two letters, such as RU")),
            },
            Clause::Place(name) => match gazetteer::place(&name) {
                Some(place) => Ok(Clause::Place(place.name.to_owned())),
                None => Err(Refusal::new("place", format!("`{name}` is not in the gazetteer"))
                    .hint("register it as a --name, which is looked for in texts")),
            },
            Clause::Name(name) if name.len() > 200 => {
                Err(Refusal::new("name", "a name to look for has at most 200 bytes"))
            }
            Clause::Name(name) if fold::fold(&name).chars().count() >= 3 => Ok(Clause::Name(name)),
            Clause::Name(name) => {
                Err(Refusal::new("name", format!("`{name}` is too short to look for: 3 letters")))
            }
            Clause::Domain(name) => checked_domain(&name).map(Clause::Domain),
            Clause::Block(net) => Ok(Clause::Block(net.trunc())),
        }
    }
}

fn checked_domain(name: &str) -> Result<String, Refusal> {
    let domain = name.trim_matches('.').to_ascii_lowercase();
    let label = |l: &str| {
        (1..=63).contains(&l.len())
            && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    if domain.len() <= 253 && domain.contains('.') && domain.split('.').all(label) {
        return Ok(domain);
    }
    Err(Refusal::new("domain", format!("`{name}` is not a domain name"))
        .hint("write it in ASCII, such as example.org or xn--e1afmkfd.example"))
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Clause::Country(code) => write!(f, "country {code}"),
            Clause::Place(name) => write!(f, "place {name}"),
            Clause::Name(name) => write!(f, "name “{name}”"),
            Clause::Domain(name) => write!(f, "domain {name}"),
            Clause::Block(net) => write!(f, "addresses {net}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(clause: Clause) -> Result<Clause, Refusal> {
        let interest = Interest {
            id: String::new(),
            label: "x".into(),
            urgency: Urgency::Expected,
            any: vec![clause],
        };
        interest.checked().map(|i| i.any[0].clone())
    }

    #[test]
    fn a_clause_takes_its_one_form() {
        assert_eq!(one(Clause::Country("ru".into())).unwrap(), Clause::Country("RU".into()));
        assert_eq!(
            one(Clause::Place("leningrad".into())).unwrap(),
            Clause::Place("Saint Petersburg".into())
        );
        assert_eq!(
            one(Clause::Domain("Example.ORG.".into())).unwrap(),
            Clause::Domain("example.org".into())
        );
        let block: IpNet = "203.0.113.7/24".parse().unwrap();
        assert_eq!(one(Clause::Block(block)).unwrap().to_string(), "addresses 203.0.113.0/24");
    }

    #[test]
    fn a_wrong_clause_is_refused_with_a_way_out() {
        for clause in [
            Clause::Country("ZZ".into()),
            Clause::Place("Atlantis".into()),
            Clause::Name("ab".into()),
            Clause::Domain("no domain".into()),
            Clause::Domain("org".into()),
        ] {
            assert!(one(clause.clone()).is_err(), "{clause}");
        }
    }
}
