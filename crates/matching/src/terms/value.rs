//! Observables taken apart: a URL has a host, an address lies in networks, a domain below another.

use super::reading::{At, Leaf, Reading, Scalar};
use super::{Place, Standing, Term, Terms};
use crate::interest::written;
use forewarn_stix::pattern::{self, Literal, Operation, Test};
use ipnet::IpNet;
use std::borrow::Cow;

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
        if top
            && matches!(
                reading.property(at),
                "id" | "type" | "spec_version" | "object_marking_refs"
            )
        {
            return;
        }
        let path = reading.path_below(at, member.unwrap_or(At::NOWHERE), &format!("{kind}:"));
        match &leaf.value {
            Scalar::Number(number) if path == "autonomous-system:number" => {
                self.push_as_number(*number, at);
            }
            Scalar::Text(text) if name.ends_with("_ref") || name.ends_with("_refs") => {
                self.push(Term::Id(text.clone()), Standing::Stated, Some(at));
            }
            Scalar::Text(text) => self.read_value(&path, text.clone(), at),
            _ => {}
        }
    }

    /// The values that an indicator's pattern asks for.
    pub(super) fn read_pattern(&mut self, pattern: &str, at: At) {
        let Ok(parsed) = pattern::parse(pattern) else { return };
        let mut types: Vec<String> = Vec::new();
        parsed.tests(&mut |test| {
            if self.wants_values && !types.contains(&test.path.object) {
                types.push(test.path.object.clone());
            }
            self.read_test(test, at);
        });
        for name in types {
            self.push(Term::Observable(Cow::Owned(name)), Standing::Stated, Some(at));
        }
    }

    /// Tests that are negated, use a pattern or leave the value open give none.
    fn read_test(&mut self, test: &Test, at: At) {
        let literals = match &test.operation {
            _ if test.negated => return,
            Operation::Equal(literal) => std::slice::from_ref(literal),
            Operation::In(literals) => literals.as_slice(),
            // An item about a block is about what lies in it.
            Operation::IsSubset(block) => {
                self.push_host(block, Standing::Stated, at);
                return;
            }
            _ => return,
        };
        let path = test.path.to_string();
        for literal in literals {
            match literal {
                Literal::Text(text) => self.read_value(&path, Cow::Owned(text.clone()), at),
                #[expect(clippy::cast_precision_loss, reason = "AS numbers have 32 bits")]
                Literal::Integer(number) if path == "autonomous-system:number" => {
                    self.push_as_number(*number as f64, at);
                }
                _ => {}
            }
        }
    }

    /// A value of an observable, by the object path that it stands at in a pattern.
    pub(super) fn read_value(&mut self, path: &str, value: Cow<'a, str>, at: At) {
        let stated = Standing::Stated;
        match path {
            "domain-name:value" => self.push_domain(&value, stated, at),
            "email-addr:value" => self.push_email(&value, stated, at),
            "url:value" => self.read_url(&value, stated, at),
            "ipv4-addr:value" | "ipv6-addr:value" => self.push_host(&value, stated, at),
            "software:cpe" => {
                if let Some(parts) = written::cpe_parts(&value) {
                    self.push(Term::Cpe(parts), stated, Some(at));
                }
            }
            _ if path.contains(":hashes.") || path.contains(".hashes.") => {
                self.push_hash(&value, stated, Place { at: Some(at), span: None });
            }
            _ if path.ends_with("_ref.value") && value.contains('@') => {
                self.push_email(&value, stated, at);
            }
            _ if path.ends_with("_ref.value") => self.push_host(&value, stated, at),
            _ => self.add_text(value.clone(), Some(at), stated),
        }
        if self.wants_values {
            self.push(Term::Value(path.to_owned(), value), stated, Some(at));
        }
    }

    pub(super) fn read_url(&mut self, url: &str, standing: Standing, at: At) {
        let Some(normal) = written::normal_url(shortened(url)) else { return };
        let authority =
            written::without_scheme(&normal).split(['/', '?']).next().unwrap_or_default();
        let host = match authority.strip_prefix('[') {
            Some(v6) => v6.split(']').next().unwrap_or_default(),
            None => authority.split(':').next().unwrap_or_default(),
        };
        self.push_host(host, standing, at);
        self.push(Term::Url(normal), standing, Some(at));
    }

    pub(super) fn push_host(&mut self, host: &str, standing: Standing, at: At) {
        match network(host) {
            Some(net) => self.push(Term::Address(net.trunc()), standing, Some(at)),
            None => self.push_domain(host, standing, at),
        }
    }

    pub(super) fn push_domain(&mut self, domain: &str, standing: Standing, at: At) {
        let name = domain.trim_matches('.').to_ascii_lowercase();
        if name.contains('.') {
            self.push(Term::Domain(Cow::Owned(name)), standing, Some(at));
        }
    }

    pub(super) fn push_email(&mut self, address: &str, standing: Standing, at: At) {
        let lower = address.trim().to_lowercase();
        if let Some((_, host)) = lower.rsplit_once('@') {
            self.push_domain(host, standing, at);
            self.push(Term::Email(Cow::Owned(lower)), standing, Some(at));
        }
    }

    pub(super) fn push_hash(&mut self, digits: &str, standing: Standing, place: Place) {
        if written::is_hash(digits) {
            let lower = Cow::Owned(digits.to_ascii_lowercase());
            self.push_at(Term::Hash(lower), standing, place);
        }
    }

    fn push_as_number(&mut self, number: f64, at: At) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "in its bounds"
        )]
        if (0.0..=f64::from(u32::MAX)).contains(&number) {
            self.push(Term::AsNumber(number as u32), Standing::Stated, Some(at));
        }
    }
}

/// The beginning of a URL: no interest looks further, and none is hidden by length.
fn shortened(url: &str) -> &str {
    url.get(..url.floor_char_boundary(written::MAX_URL)).unwrap_or_default()
}

/// A block of addresses, or one address as the block of itself.
pub fn network(text: &str) -> Option<IpNet> {
    let may_be = text.bytes().all(|b| b.is_ascii_hexdigit() || b".:/".contains(&b));
    let address = || text.parse::<std::net::IpAddr>().ok().map(IpNet::from);
    may_be.then(|| text.parse::<IpNet>().ok().or_else(address)).flatten()
}
