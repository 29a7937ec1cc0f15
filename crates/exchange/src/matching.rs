//! Which interests an item meets, and why. The cost depends on what the item holds, not on how
//! many interests there are.

use crate::interest::{Clause, Interest};
use crate::scale::Urgency;
use crate::terms::{Term, Terms};
use aho_corasick::{AhoCorasick, MatchKind};
use forewarn_extract::fold::{Folded, fold};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Most reasons kept of one match: enough for a person to see why.
const MAX_REASONS: usize = 10;

/// An item meets an interest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Match {
    pub partner: String,
    pub interest: String,
    pub label: String,
    pub urgency: Urgency,
    pub why: Vec<Reason>,
}

/// Which words of the item met which clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    pub clause: String,
    pub words: String,
    pub at: String,
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "“{}” ({}) meets {}", self.words, self.at, self.clause)
    }
}

/// An interest by its place in the list, and a clause of it.
type User = (usize, usize);
type Users = Vec<User>;
type Tell<'a> = dyn FnMut(&[User]) + 'a;

/// All interests of all partners, turned round: from what an item can hold to who wants it.
pub struct Index {
    interests: Vec<(String, Interest)>,
    countries: HashMap<String, Users>,
    places: HashMap<String, Users>,
    domains: HashMap<String, Users>,
    blocks: HashMap<IpNet, Users>,
    /// Prefix lengths in use, for IPv4 and IPv6.
    lengths: [BTreeSet<u8>; 2],
    names: Option<AhoCorasick>,
    name_users: Vec<Users>,
}

impl Index {
    /// From pairs of a partner's name and an interest.
    pub fn new(interests: Vec<(String, Interest)>) -> Index {
        let mut index = Index {
            interests,
            countries: HashMap::new(),
            places: HashMap::new(),
            domains: HashMap::new(),
            blocks: HashMap::new(),
            lengths: [BTreeSet::new(), BTreeSet::new()],
            names: None,
            name_users: Vec::new(),
        };
        let mut names: BTreeMap<String, Users> = BTreeMap::new();
        for (i, (_, interest)) in index.interests.iter().enumerate() {
            for (c, clause) in interest.any.iter().enumerate() {
                let users = match clause {
                    Clause::Country(code) => index.countries.entry(code.clone()).or_default(),
                    Clause::Place(name) => index.places.entry(name.clone()).or_default(),
                    Clause::Domain(name) => index.domains.entry(name.clone()).or_default(),
                    Clause::Name(name) => names.entry(fold(name)).or_default(),
                    Clause::Block(net) => {
                        if let Some(lengths) = index.lengths.get_mut(family(net)) {
                            lengths.insert(net.prefix_len());
                        }
                        index.blocks.entry(*net).or_default()
                    }
                };
                users.push((i, c));
            }
        }
        if !names.is_empty() {
            let builder =
                AhoCorasick::builder().match_kind(MatchKind::Standard).build(names.keys());
            index.names = builder.ok();
            index.name_users = names.into_values().collect();
        }
        index
    }

    pub fn is_empty(&self) -> bool {
        self.interests.is_empty()
    }

    /// Every interest that the item meets, in the order in which they were registered.
    pub fn matches(&self, terms: &Terms) -> Vec<Match> {
        let mut met: BTreeMap<usize, Vec<Reason>> = BTreeMap::new();
        for found in &terms.found {
            self.users_of(&found.term, &mut |users| {
                self.note(users, &found.words, &found.at, &mut met);
            });
        }
        if let Some(names) = &self.names {
            for (at, text) in &terms.texts {
                let folded = Folded::new(text);
                for hit in names.find_overlapping_iter(folded.text()) {
                    if folded.is_whole(hit.start(), hit.end()) {
                        let users = self.name_users.get(hit.pattern().as_usize());
                        let span = folded.original(hit.start(), hit.end());
                        let words = text.get(span.start..span.end).unwrap_or_default();
                        self.note(users.map_or(&[][..], Vec::as_slice), words, at, &mut met);
                    }
                }
            }
        }
        met.into_iter().filter_map(|(at, why)| self.matched(at, why)).collect()
    }

    fn matched(&self, at: usize, why: Vec<Reason>) -> Option<Match> {
        let (partner, interest) = self.interests.get(at)?;
        Some(Match {
            partner: partner.clone(),
            interest: interest.id.clone(),
            label: interest.label.clone(),
            urgency: interest.urgency,
            why,
        })
    }

    fn users_of(&self, term: &Term, tell: &mut Tell) {
        let mut look = |users: Option<&Users>| {
            if let Some(users) = users {
                tell(users);
            }
        };
        match term {
            Term::Country(code) => look(self.countries.get(*code)),
            Term::Place(name) => look(self.places.get(*name)),
            Term::Domain(name) => {
                let mut rest = Some(name.as_str());
                while let Some(domain) = rest {
                    look(self.domains.get(domain));
                    rest = domain.split_once('.').map(|(_, parent)| parent);
                }
            }
            Term::Address(net) => {
                let lengths = self.lengths.get(family(net)).into_iter().flatten();
                for length in lengths.filter(|length| **length <= net.prefix_len()) {
                    if let Ok(wider) = IpNet::new(net.addr(), *length) {
                        look(self.blocks.get(&wider.trunc()));
                    }
                }
            }
        }
    }

    fn note(&self, users: &[User], words: &str, at: &str, met: &mut BTreeMap<usize, Vec<Reason>>) {
        for (interest, clause) in users {
            let named = self.interests.get(*interest).and_then(|(_, i)| i.any.get(*clause));
            let Some(named) = named else { continue };
            let reason =
                Reason { clause: named.to_string(), words: words.to_owned(), at: at.to_owned() };
            let why = met.entry(*interest).or_default();
            let told =
                |known: &Reason| known.clause == reason.clause && known.words == reason.words;
            if why.len() < MAX_REASONS && !why.iter().any(told) {
                why.push(reason);
            }
        }
    }
}

fn family(net: &IpNet) -> usize {
    match net {
        IpNet::V4(_) => 0,
        IpNet::V6(_) => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn index(clauses: Vec<Clause>) -> Index {
        let interests = clauses.into_iter().enumerate().map(|(n, clause)| {
            let interest = Interest {
                id: format!("interest--{n}"),
                label: format!("{clause}"),
                urgency: Urgency::Expected,
                any: vec![clause],
            };
            ("b.example".to_owned(), interest.checked().unwrap())
        });
        Index::new(interests.collect())
    }

    fn labels(index: &Index, terms: &Terms) -> Vec<String> {
        index.matches(terms).into_iter().map(|m| m.label).collect()
    }

    #[test]
    fn each_kind_of_clause_is_met_and_says_why() {
        let index = index(vec![
            Clause::Country("RU".into()),
            Clause::Place("St Petersburg".into()),
            Clause::Name("Kazan Cathedral".into()),
            Clause::Name("Grand Palace".into()),
            Clause::Domain("example.org".into()),
            Clause::Block("198.51.100.0/24".parse().unwrap()),
        ]);
        let text = Terms::of_text("An attack on the KAZAN-Cathedral, said by mail.example.org.");
        let matches = index.matches(&text);
        let met: Vec<&str> = matches.iter().map(|m| m.label.as_str()).collect();
        assert_eq!(
            met,
            ["country RU", "place St Petersburg", "name “Kazan Cathedral”", "domain example.org"]
        );
        assert_eq!(
            matches[2].why[0].to_string(),
            "“KAZAN-Cathedral” (text) meets name “Kazan Cathedral”"
        );
        let object = json!({"type": "ipv4-addr", "value": "198.51.100.7"});
        assert_eq!(labels(&index, &Terms::of_object(&object)), ["addresses 198.51.100.0/24"]);
    }

    #[test]
    fn a_name_inside_a_word_and_a_like_domain_are_not_met() {
        let index = index(vec![Clause::Name("Nice".into()), Clause::Domain("ample.org".into())]);
        assert!(labels(&index, &Terms::of_text("nicely said on example.org")).is_empty());
    }

    fn naive(nets: &[IpNet], asked: IpNet) -> Vec<String> {
        nets.iter()
            .filter(|n| n.contains(&asked))
            .map(|n| format!("addresses {}", n.trunc()))
            .collect()
    }

    proptest! {
        #[test]
        fn blocks_are_met_as_containment_says(
            nets in proptest::collection::vec((0u32..16, 0u8..=32), 1..20), asked in 0u32..16, length in 24u8..=32)
        {
            let net = |low: u32, length: u8| IpNet::new(std::net::Ipv4Addr::from(0xc633_6400 | low).into(), length).unwrap().trunc();
            let nets: Vec<IpNet> = nets.into_iter().map(|(low, length)| net(low, length)).collect();
            let index = index(nets.iter().copied().map(Clause::Block).collect());
            let asked = net(asked, length);
            let mut terms = Terms::default();
            terms.found.push(crate::terms::Found { term: Term::Address(asked), at: "$".into(), words: String::new() });
            prop_assert_eq!(labels(&index, &terms), naive(&nets, asked));
        }
    }
}
