//! Observables taken apart: a URL has a host, an address lies in networks, a domain below another.

use super::reading::{At, Leaf, Reading, Scalar};
use super::{Place, Standing, Term, Terms, inside};
use crate::interest::written::{self, network, plain};
use crate::normal;
use forewarn_extract::host;
use forewarn_extract::refang::refang;
use std::borrow::Cow;

/// What stands at an object path of the standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Domain,
    Email,
    Url,
    Address,
    Cpe,
    Hash,
    /// The number of an autonomous system, also through a reference.
    AsNumber,
    /// The value of what a reference leads to: a domain, an address, an e-mail address or a URL.
    Referred,
    /// Names are looked for in it, and values inside.
    Other,
}

impl Meaning {
    pub(super) fn of(path: &str) -> Meaning {
        match path {
            "domain-name:value" => Meaning::Domain,
            "email-addr:value" => Meaning::Email,
            "url:value" => Meaning::Url,
            "ipv4-addr:value" | "ipv6-addr:value" => Meaning::Address,
            "software:cpe" => Meaning::Cpe,
            _ if path.contains(":hashes.") || path.contains(".hashes.") => Meaning::Hash,
            "autonomous-system:number" => Meaning::AsNumber,
            _ if normal::refers(path, ".number") => Meaning::AsNumber,
            _ if normal::is_referred(path) => Meaning::Referred,
            _ => Meaning::Other,
        }
    }
}

impl<'a> Terms<'a> {
    /// A property of an observable: one of its own, or one that an observed-data holds.
    pub(super) fn read_observable(
        &mut self,
        reading: &Reading<'a>,
        kind: &str,
        member: Option<At>,
        leaf: &Leaf<'a>,
    ) {
        let (at, name) = (leaf.at, reading.name(leaf.at));
        let top = member.is_none();
        match reading.property(at) {
            "id" | "type" | "spec_version" | "object_marking_refs" | "granular_markings" if top => {
                return;
            }
            "external_references" if top => {
                if let Scalar::Text(text) = &leaf.value {
                    self.read_citation(name, text.clone(), at);
                }
                return;
            }
            _ => {}
        }
        let path = reading.path_below(at, member.unwrap_or(At::NOWHERE), &format!("{kind}:"));
        match &leaf.value {
            Scalar::Text(text) if name.ends_with("_ref") || name.ends_with("_refs") => {
                self.push(Term::Id(text.clone()), Standing::Stated, Some(at));
            }
            Scalar::Text(text) => self.read_value(&path, text.clone(), at),
            Scalar::Number(number) => self.read_number(&path, name, *number, at),
            Scalar::Bool(_) => {}
        }
    }

    /// A number at an object path that ends with a name.
    pub(super) fn read_number(&mut self, path: &str, name: &str, number: f64, at: At) {
        match Meaning::of(path) {
            Meaning::AsNumber => self.push_as_number(number, Standing::Stated, at),
            Meaning::Domain
            | Meaning::Email
            | Meaning::Url
            | Meaning::Address
            | Meaning::Cpe
            | Meaning::Hash
            | Meaning::Referred
            | Meaning::Other => self.read_number_inside(name, number, at),
        }
    }

    /// A value of an observable, by the object path that it stands at in a pattern.
    pub(super) fn read_value(&mut self, path: &str, value: Cow<'a, str>, at: At) {
        self.push_wanted(path, value.clone(), at);
        self.read_meant(path, value, Standing::Stated, at);
    }

    /// A value as patterns of interests ask for it.
    pub(super) fn push_wanted(&mut self, path: &str, value: Cow<'a, str>, at: At) {
        if self.wants_values {
            let normal = normal::value_at(path, value);
            self.push(Term::Value(path.to_owned(), normal), Standing::Stated, Some(at));
        }
    }

    /// What a value says of itself by its path.
    fn read_meant(&mut self, path: &str, value: Cow<'a, str>, standing: Standing, at: At) {
        match Meaning::of(path) {
            Meaning::Domain | Meaning::Address => self.read_host(&value, standing, at),
            Meaning::Email => self.push_email(&refang(&value), standing, at),
            Meaning::Url => self.read_url(&refang(&value), standing, at),
            Meaning::Referred => {
                let value = refang(&value);
                if value.contains("://") {
                    self.read_url(&value, standing, at);
                } else if value.contains('@') {
                    self.push_email(&value, standing, at);
                } else {
                    self.push_host(&value, standing, at);
                }
            }
            Meaning::Cpe => {
                if let Some(parts) = written::cpe_parts(&value) {
                    self.push(Term::Cpe(parts), standing, Some(at));
                }
            }
            Meaning::Hash => self.push_hash(
                &value,
                standing,
                Place { at: Some(at), span: None, correction: None },
            ),
            Meaning::AsNumber => {
                if let Some(number) = as_number(&value) {
                    self.push(Term::AsNumber(number), standing, Some(at));
                }
            }
            Meaning::Other => {
                // What is coded has no words.
                if !path.ends_with("_bin") && !path.ends_with("_hex") {
                    self.read_inside_of(path, &value, standing, at);
                }
                if let Ok(number) = value.trim().parse::<u32>() {
                    self.read_number_inside(last_of(path), number.into(), at);
                }
                self.add_text(value, Some(at), standing);
            }
        }
    }

    /// A domain or address; of what is more than that, as with a port, what is found in it.
    fn read_host(&mut self, value: &str, standing: Standing, at: At) {
        let value = refang(value);
        let host = value.trim();
        let is_more = |c: char| c.is_whitespace() || "/:,;@".contains(c);
        if network(host).is_none() && host.contains(is_more) {
            self.read_inside(host, standing, at);
        } else {
            self.push_host(host, standing, at);
        }
    }

    pub(super) fn read_url(&mut self, url: &str, standing: Standing, at: At) {
        let url = shortened(url);
        let Some(normal) = written::normal_url(url) else { return };
        let authority =
            written::without_scheme(&normal).split(['/', '?']).next().unwrap_or_default();
        let host = match authority.strip_prefix('[') {
            Some(v6) => v6.split(']').next().unwrap_or_default(),
            None => authority.split(':').next().unwrap_or_default(),
        };
        self.push_host(host, standing, at);
        self.push(Term::Url(normal), standing, Some(at));
        self.read_inside_url(url, standing, at);
    }

    pub(super) fn push_host(&mut self, host: &str, standing: Standing, at: At) {
        match network(host) {
            Some(net) => self.push(Term::Address(plain(net)), standing, Some(at)),
            None => self.push_domain(host, standing, at),
        }
    }

    pub(super) fn push_domain(&mut self, domain: &str, standing: Standing, at: At) {
        // `*.acme.example`, as certificates have it, is below.
        let name = host::ascii(domain.trim().trim_start_matches("*."));
        if name.contains('.') {
            self.push(Term::Domain(Cow::Owned(name.into_owned())), standing, Some(at));
        }
    }

    pub(super) fn push_email(&mut self, address: &str, standing: Standing, at: At) {
        let Some(normal) = host::email(address) else { return };
        // Of a list of them, or of a sentence, what is found in it.
        if normal.contains(|c: char| c.is_whitespace() || "<>,;".contains(c)) {
            return self.read_inside(address, standing, at);
        }
        if let Some((_, host)) = normal.rsplit_once('@') {
            self.push_domain(host, standing, at);
            self.push(Term::Email(Cow::Owned(normal)), standing, Some(at));
        }
    }

    pub(super) fn push_hash(&mut self, digits: &str, standing: Standing, place: Place) {
        if written::is_hash(digits) {
            let lower = Cow::Owned(digits.to_ascii_lowercase());
            self.push_at(Term::Hash(lower), standing, place);
        }
    }

    pub(super) fn push_as_number(&mut self, number: f64, standing: Standing, at: At) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "in its bounds"
        )]
        if (0.0..=f64::from(u32::MAX)).contains(&number) {
            self.push(Term::AsNumber(number as u32), standing, Some(at));
        }
    }
}

/// `64496`, `AS64496`, `AS 64496 Acme Networks`
fn as_number(text: &str) -> Option<u32> {
    let text = text.trim();
    text.parse().ok().or_else(|| inside::as_number(text))
}

/// The last name of an object path.
fn last_of(path: &str) -> &str {
    path.rsplit([':', '.']).find(|name| !name.is_empty()).unwrap_or_default().trim_matches('\'')
}

/// The beginning of a URL: no interest looks further, and none is hidden by length.
fn shortened(url: &str) -> &str {
    url.get(..url.floor_char_boundary(written::MAX_URL)).unwrap_or_default()
}
