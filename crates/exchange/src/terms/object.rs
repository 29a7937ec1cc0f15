//! What each property of a STIX object says, by the object's type.

use super::reading::{At, Leaf, Reading, Scalar};
use super::{Leads, Standing, Term, Terms};
use crate::interest::area::Point;
use crate::interest::written;
use forewarn_extract::gazetteer;
use forewarn_stix::is_observable;
use std::borrow::Cow;

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
    "contact_information",
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
        for leaf in &reading.leaves {
            if of_observable {
                self.read_observable(&reading, &kind, None, leaf);
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
        let Leaf { at, value: Scalar::Text(text) } = leaf else { return };
        let (at, property, name) = (*at, reading.property(leaf.at), reading.name(leaf.at));
        let text = text.clone();
        match property {
            "external_references" => self.read_citation(name, text, at),
            "pattern" if kind == "indicator" && reading.text("pattern_type") == "stix" => {
                self.read_pattern(&text, at);
            }
            "objects" if kind == "observed-data" => {
                let Some(member) = reading.member(at) else { return };
                let of = |leaf: &&Leaf<'a>| {
                    reading.around(leaf.at) == member && reading.name(leaf.at) == "type"
                };
                let of_member = reading.leaves.iter().find(of).and_then(|l| l.value.text());
                if let Some(of_member) = of_member.cloned() {
                    if name == "type" && reading.around(at) == member {
                        self.push(Term::Observable(of_member), Standing::Stated, Some(at));
                    } else {
                        self.read_observable(reading, &of_member, Some(member), leaf);
                    }
                }
            }
            "country" | "region" | "administrative_area" | "city" if kind == "location" => {
                self.read_place(property, &text, at);
                self.add_text(text, Some(at), Standing::Stated);
            }
            "name" if kind == "location" => {
                self.read_place(property, &text, at);
                self.add_text(text, Some(at), Standing::Named);
            }
            "name" if kind == "vulnerability" => {
                if let Some(number) = written::normal_cve(&text) {
                    self.push(Term::Cve(Cow::Owned(number)), Standing::Stated, Some(at));
                }
                self.add_text(text, Some(at), Standing::Named);
            }
            "name" if TITLED.contains(&kind) => {
                self.read_prose(text, Some(at), Standing::Named);
            }
            "name" | "aliases" | "x_mitre_aliases" => {
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
            "x_mitre_platforms" => self.add_text(text, Some(at), Standing::Named),
            _ if MACHINERY.contains(&property) || property.starts_with("x_mitre_") => {}
            _ if name.ends_with("_ref") || name.ends_with("_refs") => {
                self.push(Term::Id(text), Standing::Stated, Some(at));
            }
            _ if property.ends_with("_types") => self.read_kind_of_threat(text, at),
            "id" => {}
            _ if TELLS_OF_THREATS.contains(&kind) => {
                self.read_prose(text, Some(at), Standing::Told);
            }
            _ => self.add_text(text, Some(at), Standing::Told),
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
    fn read_citation(&mut self, name: &str, text: Cow<'a, str>, at: At) {
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

    fn read_place(&mut self, property: &str, words: &str, at: At) {
        let place = match property {
            "country" => gazetteer::country(words).or_else(|| gazetteer::place(words)),
            _ => gazetteer::place(words),
        };
        if let Some(place) = place {
            self.push_place(place, Standing::Stated, super::Place { at: Some(at), span: None });
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

/// A text at the top, as it was read.
fn top<'a>(reading: &Reading<'a>, name: &str) -> Cow<'a, str> {
    let at = reading.at(name);
    let leaf = reading.leaves.iter().find(|leaf| Some(leaf.at) == at);
    leaf.and_then(|leaf| leaf.value.text()).cloned().unwrap_or_default()
}

/// Every text of a list at the top.
fn list<'a>(reading: &Reading<'a>, name: &str) -> Vec<Cow<'a, str>> {
    let of = reading.leaves.iter().filter(|leaf| reading.property(leaf.at) == name);
    of.filter_map(|leaf| leaf.value.text().cloned()).collect()
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
