//! What each property of a STIX object says, by the object's type.

use super::reading::{At, Leaf, Reading, Scalar};
use super::{Leads, Standing, Term, Terms};
use crate::interest::area::Point;
use crate::interest::written;
use forewarn_extract::gazetteer;
use forewarn_stix::is_observable;
use std::borrow::Cow;
use std::collections::HashMap;

/// Types whose prose is about a threat, to be read as a report is.
const TELLS_OF_THREATS: &[&str] = &[
    "attack-pattern",
    "campaign",
    "grouping",
    "incident",
    "indicator",
    "infrastructure",
    "intrusion-set",
    "malware",
    "malware-analysis",
    "note",
    "observed-data",
    "opinion",
    "relationship",
    "report",
    "sighting",
    "threat-actor",
    "tool",
    "vulnerability",
];

/// Of these the name is a sentence about a threat; of others it is what something is called.
const TITLED: &[&str] =
    &["campaign", "grouping", "incident", "indicator", "note", "opinion", "report"];

/// Types that describe somebody or somewhere, and tell of no threat.
const DESCRIBE: &[&str] = &["identity", "location"];

/// Properties in which nothing stands that an item is about.
const MACHINERY: &[&str] = &[
    "type",
    "spec_version",
    "created",
    "modified",
    "created_by_ref",
    "object_marking_refs",
    "granular_markings",
    "lang",
    "revoked",
    "pattern_type",
    "pattern_version",
    "relationship_type",
    "identity_class",
    "valid_from",
    "valid_until",
    "first_seen",
    "last_seen",
    "first_observed",
    "last_observed",
    "start_time",
    "stop_time",
    "published",
    "definition_type",
    "definition",
    "kill_chain_phases",
];

impl<'a> Terms<'a> {
    pub(super) fn read_object(&mut self, reading: Reading<'a>) {
        let kind = top(&reading, "type");
        self.id = top(&reading, "id");
        self.confidence = reading.number("confidence").map(|number| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
            (number.clamp(0.0, 100.0) as u8)
        });
        self.leads = leads(&kind, &reading);
        if !self.id.is_empty() {
            self.push(Term::Id(self.id.clone()), Standing::Stated, None);
        }
        let of_observable = is_observable(&kind);
        if of_observable {
            self.push(Term::Observable(kind.clone()), Standing::Stated, None);
        }
        let members = members(&reading, &kind);
        for leaf in &reading.leaves {
            if of_observable {
                self.read_observable(&reading, &kind, None, leaf);
            } else if let Some((member, of_member)) = member_of(&reading, &members, leaf.at) {
                self.read_member(&reading, member, of_member, leaf);
            } else {
                self.read_property(&reading, &kind, leaf);
            }
        }
        if kind == "location" {
            self.read_point(&reading);
        }
        if DESCRIBE.contains(&&*kind) {
            self.weaken();
        }
        self.kind = kind;
        self.reading = reading;
    }

    fn read_property(&mut self, reading: &Reading<'a>, kind: &str, leaf: &Leaf<'a>) {
        let (at, property, name) = (leaf.at, reading.property(leaf.at), reading.name(leaf.at));
        let text = match &leaf.value {
            Scalar::Text(text) => text.clone(),
            Scalar::Number(number) if !MACHINERY.contains(&property) => {
                return self.read_number_inside(name, *number, at);
            }
            Scalar::Number(_) | Scalar::Bool(_) => return,
        };
        match property {
            "external_references" => self.read_citation(name, text, at),
            "pattern" if kind == "indicator" && reading.text("pattern_type") == "stix" => {
                self.read_pattern(&text, at);
            }
            "objects" if kind == "observed-data" => {}
            "country" | "region" | "administrative_area" | "city" if kind == "location" => {
                self.read_place(reading, property, &text, at);
                self.add_text(text, Some(at), Standing::Stated);
            }
            "name" if kind == "location" => {
                self.read_place(reading, property, &text, at);
                self.add_text(text, Some(at), Standing::Named);
            }
            "name" if kind == "vulnerability" => {
                if let Some(number) = written::normal_cve(&text) {
                    self.push(Term::Cve(Cow::Owned(number)), Standing::Stated, Some(at));
                }
                self.add_text(text, Some(at), Standing::Named);
            }
            "name" if TITLED.contains(&kind) => {
                self.read_prose(text, Some(at), (Standing::Named, None));
            }
            "name" | "aliases" | "x_mitre_aliases" => {
                self.read_inside(&text, Standing::Told, at);
                self.add_text(text, Some(at), Standing::Named);
            }
            "labels" => {
                let word = Term::Threat(Cow::Owned(written::normal_word(&text)));
                self.push(word, Standing::Stated, Some(at));
                self.add_text(text, Some(at), Standing::Named);
            }
            "sectors" | "x_mitre_sectors" => {
                let word = written::normal_word(&text);
                self.push(Term::Sector(Cow::Owned(word)), Standing::Stated, Some(at));
            }
            // A person's telephone and street are not what an item is about; its addresses are.
            "contact_information" => self.read_inside(&text, Standing::Told, at),
            "x_mitre_platforms" => self.add_text(text, Some(at), Standing::Named),
            _ if MACHINERY.contains(&property) => {}
            // Words for the catalogue itself; values may stand among them.
            _ if property.starts_with("x_mitre_") => self.read_inside(&text, Standing::Told, at),
            _ if name.ends_with("_ref") || name.ends_with("_refs") => {
                self.push(Term::Id(text), Standing::Stated, Some(at));
            }
            _ if property.ends_with("_types") => self.read_kind_of_threat(text, at),
            "id" => {}
            _ => {
                if let Ok(number) = text.trim().parse::<u32>() {
                    self.read_number_inside(name, number.into(), at);
                }
                if TELLS_OF_THREATS.contains(&kind) {
                    return self.read_prose(text, Some(at), (Standing::Told, None));
                }
                self.read_inside(&text, Standing::Told, at);
                self.add_text(text, Some(at), Standing::Told);
            }
        }
    }

    /// A value of an observable that an observed-data holds.
    fn read_member(&mut self, reading: &Reading<'a>, member: At, of_member: &str, leaf: &Leaf<'a>) {
        if reading.name(leaf.at) == "type" && reading.around(leaf.at) == member {
            let term = Term::Observable(Cow::Owned(of_member.to_owned()));
            self.push(term, Standing::Stated, Some(leaf.at));
        } else {
            self.read_observable(reading, of_member, Some(member), leaf);
        }
    }

    /// A word of a vocabulary, and the kind of harm that it stands for.
    fn read_kind_of_threat(&mut self, word: Cow<'a, str>, at: At) {
        let harm = match &*word {
            "ransomware" | "ddos" | "resource-exploitation" => Some("disruption"),
            "wiper" => Some("destruction"),
            "backdoor"
            | "bot"
            | "bootkit"
            | "downloader"
            | "dropper"
            | "exploit-kit"
            | "keylogger"
            | "remote-access-trojan"
            | "rootkit"
            | "screen-capture"
            | "spyware"
            | "trojan"
            | "virus"
            | "webshell"
            | "worm"
            | "compromised"
            | "phishing"
            | "credential-exploitation"
            | "exploitation"
            | "remote-access" => Some("compromise"),
            _ => None,
        };
        if let Some(harm) = harm {
            self.push(Term::Threat(Cow::Borrowed(harm)), Standing::Stated, Some(at));
        }
        self.push(Term::Threat(word), Standing::Stated, Some(at));
    }

    /// What others have published: its number is the object's own, the rest is their work.
    pub(super) fn read_citation(&mut self, name: &str, text: Cow<'a, str>, at: At) {
        match name {
            "external_id" => {
                if let Some(number) = written::normal_cve(&text) {
                    self.push(Term::Cve(Cow::Owned(number)), Standing::Stated, Some(at));
                } else if written::is_catalogue_id(&text) {
                    self.push(Term::Id(text), Standing::Stated, Some(at));
                }
            }
            "url" => self.read_url(&text, Standing::Cited, at),
            "description" | "source_name" => self.add_text(text, Some(at), Standing::Cited),
            _ => {}
        }
    }

    /// A place that a location names, unless the location lies in another country: a city of this
    /// name there is another one.
    fn read_place(&mut self, reading: &Reading<'a>, property: &str, words: &str, at: At) {
        let (code, state) = (reading.text("country"), reading.text("administrative_area"));
        let country = gazetteer::country(code).map(|known| known.country);
        let country = country
            .or_else(|| gazetteer::place(code).map(|known| known.country))
            .or_else(|| gazetteer::country_of_state(state));
        let mut places = match property {
            "country" => {
                let known = gazetteer::country(words).or_else(|| gazetteer::place(words));
                known.into_iter().collect()
            }
            _ => gazetteer::said(words),
        };
        if property == "city" && places.len() == 1 {
            // Of several with the name, the one there.
            let there = country.and_then(|country| gazetteer::place_in(words, country));
            places = there.map_or(places, |there| vec![there]);
        }
        for place in places {
            if country.is_none_or(|country| gazetteer::could_lie_in(place.country, country)) {
                self.push_place(
                    place,
                    Standing::Stated,
                    super::Place { at: Some(at), span: None, correction: None },
                );
            }
        }
    }

    fn read_point(&mut self, reading: &Reading<'a>) {
        let (latitude, longitude) = (reading.number("latitude"), reading.number("longitude"));
        let point = latitude.zip(longitude).and_then(|(y, x)| Point::new(y, x));
        if let Some(point) = point {
            self.push(Term::Point(point), Standing::Stated, reading.at("latitude"));
        }
    }

    /// What only describes is never stronger than that.
    fn weaken(&mut self) {
        for found in &mut self.found {
            found.standing = found.standing.min(Standing::Described);
        }
        for text in &mut self.texts {
            text.standing = text.standing.min(Standing::Described);
        }
    }
}

/// The types of the observables that an observed-data holds, by where they stand.
fn members<'a>(reading: &Reading<'a>, kind: &str) -> HashMap<u32, Cow<'a, str>> {
    let mut out = HashMap::new();
    if kind != "observed-data" {
        return out;
    }
    for leaf in &reading.leaves {
        let is_type = reading.property(leaf.at) == "objects" && reading.name(leaf.at) == "type";
        let member = reading.member(leaf.at).filter(|member| reading.around(leaf.at) == *member);
        if let (true, Some(member), Some(text)) = (is_type, member, leaf.value.text()) {
            out.entry(member.number()).or_insert_with(|| text.clone());
        }
    }
    out
}

fn member_of<'m, 'a>(
    reading: &Reading<'a>,
    members: &'m HashMap<u32, Cow<'a, str>>,
    at: At,
) -> Option<(At, &'m Cow<'a, str>)> {
    if members.is_empty() || reading.property(at) != "objects" {
        return None;
    }
    let member = reading.member(at)?;
    Some((member, members.get(&member.number())?))
}

/// A text at the top, as it was read.
fn top<'a>(reading: &Reading<'a>, name: &str) -> Cow<'a, str> {
    let at = reading.at(name);
    let leaf = reading.leaves.iter().find(|leaf| Some(leaf.at) == at);
    leaf.and_then(|leaf| leaf.value.text()).cloned().unwrap_or_default()
}

/// Every text of a list at the top.
fn list<'a>(reading: &Reading<'a>, name: &str) -> Vec<Cow<'a, str>> {
    let of = reading.leaves.iter().filter(|leaf| reading.property(leaf.at) == name);
    let mut all: Vec<Cow<'a, str>> = of.filter_map(|leaf| leaf.value.text().cloned()).collect();
    // What is named a thousand times is led to once.
    all.sort_unstable();
    all.dedup();
    all
}

fn leads<'a>(kind: &str, reading: &Reading<'a>) -> Option<Box<Leads<'a>>> {
    let leads = match kind {
        "relationship" => Leads::Relationship {
            kind: top(reading, "relationship_type"),
            source: top(reading, "source_ref"),
            target: top(reading, "target_ref"),
        },
        "sighting" => Leads::Sighting {
            of: top(reading, "sighting_of_ref"),
            by: list(reading, "where_sighted_refs"),
        },
        "report" | "grouping" | "note" | "opinion" | "observed-data" => {
            Leads::About(list(reading, "object_refs"))
        }
        _ => return None,
    };
    Some(Box::new(leads))
}
