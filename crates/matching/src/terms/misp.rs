//! An event in MISP's core format: attributes by their type, tags and galaxies by their names.

use super::reading::{At, Reading};
use super::{Standing, Term, Terms};
use crate::interest::written;
use forewarn_extract::gazetteer;
use std::borrow::Cow;
use std::collections::HashMap;

/// Types of attributes with the object path of what they hold; those of two values have both,
/// parted by `|` there and here.
const ATTRIBUTES: &[(&str, &str)] = &[
    ("domain", "domain-name:value"),
    ("hostname", "domain-name:value"),
    ("domain|ip", "domain-name:value|ipv4-addr:value"),
    ("hostname|port", "domain-name:value|"),
    ("ip-src", "ipv4-addr:value"),
    ("ip-dst", "ipv4-addr:value"),
    ("ip-src|port", "ipv4-addr:value|"),
    ("ip-dst|port", "ipv4-addr:value|"),
    ("url", "url:value"),
    ("uri", "url:value"),
    ("email", "email-addr:value"),
    ("email-src", "email-addr:value"),
    ("email-dst", "email-addr:value"),
    ("target-email", "email-addr:value"),
    ("md5", "file:hashes.MD5"),
    ("sha1", "file:hashes.'SHA-1'"),
    ("sha224", "file:hashes.'SHA-224'"),
    ("sha256", "file:hashes.'SHA-256'"),
    ("sha384", "file:hashes.'SHA-384'"),
    ("sha512", "file:hashes.'SHA-512'"),
    ("filename|md5", "file:name|file:hashes.MD5"),
    ("filename|sha1", "file:name|file:hashes.'SHA-1'"),
    ("filename|sha256", "file:name|file:hashes.'SHA-256'"),
    ("filename|sha512", "file:name|file:hashes.'SHA-512'"),
    ("malware-sample", "file:name|file:hashes.MD5"),
    ("cpe", "software:cpe"),
    ("AS", "autonomous-system:number"),
];

/// Whose names are victims: what is written there is aimed at.
const TARGETS: &[&str] = &["target-org", "target-user", "target-location", "target-external"];

impl<'a> Terms<'a> {
    pub(super) fn read_misp(&mut self, reading: Reading<'a>) {
        // The type of each attribute, by where it stands.
        let mut types: HashMap<u32, &str> = HashMap::new();
        for leaf in &reading.leaves {
            if let ("type", Some(text)) = (reading.name(leaf.at), leaf.value.text()) {
                types.insert(reading.around(leaf.at).number(), text);
            }
        }
        for leaf in &reading.leaves {
            let Some(text) = leaf.value.text() else { continue };
            let list = reading.name(reading.around(leaf.at));
            match (list, reading.name(leaf.at)) {
                ("Attribute" | "ShadowAttribute", "value") => {
                    let kind = types.get(&reading.around(leaf.at).number());
                    self.read_attribute(kind.copied().unwrap_or_default(), text.clone(), leaf.at);
                }
                ("Tag", "name") => self.read_tag(text, leaf.at),
                ("GalaxyCluster", "value") => {
                    self.add_text(text.clone(), Some(leaf.at), Standing::Named);
                }
                ("Event", "info") => {
                    self.read_prose(text.clone(), Some(leaf.at), (Standing::Named, None));
                }
                (_, "comment") => {
                    self.read_prose(text.clone(), Some(leaf.at), (Standing::Told, None));
                }
                _ => {}
            }
        }
        self.reading = reading;
    }

    fn read_attribute(&mut self, kind: &str, value: Cow<'a, str>, at: At) {
        if let Some((_, paths)) = ATTRIBUTES.iter().find(|(known, _)| *known == kind) {
            let (first, second) = paths.split_once('|').unwrap_or((paths, ""));
            let (left, right) = value.split_once('|').unwrap_or((&value, ""));
            self.read_value(first, Cow::Owned(left.to_owned()), at);
            if !second.is_empty() && !right.is_empty() {
                self.read_value(second, Cow::Owned(right.to_owned()), at);
            }
            return;
        }
        match kind {
            "vulnerability" => {
                if let Some(number) = written::normal_cve(&value) {
                    self.push(Term::Cve(Cow::Owned(number)), Standing::Stated, Some(at));
                }
            }
            "text" | "comment" | "other" => {
                self.read_prose(value, Some(at), (Standing::Told, None));
            }
            "link" => self.read_url(&value, Standing::Cited, at),
            kind if TARGETS.contains(&kind) => {
                for place in gazetteer::said(&value) {
                    let place_of = super::Place { at: Some(at), span: None, correction: None };
                    self.push_place(place, Standing::Targeted, place_of);
                }
                self.add_text(value, Some(at), Standing::Targeted);
            }
            _ => {
                self.read_inside(&value, Standing::Told, at);
                self.add_text(value, Some(at), Standing::Stated);
            }
        }
    }

    /// `misp-galaxy:threat-actor="Sandworm"`, and the like.
    fn read_tag(&mut self, tag: &str, at: At) {
        let Some((space, rest)) = tag.split_once(':') else { return };
        let (predicate, value) = rest.split_once('=').unwrap_or((rest, ""));
        let value = value.trim_matches('"').to_owned();
        match (space, predicate) {
            ("misp-galaxy", "country" | "target-information" | "region") => {
                if let Some(place) = gazetteer::place(&value) {
                    let place_of = super::Place { at: Some(at), span: None, correction: None };
                    self.push_place(place, Standing::Stated, place_of);
                }
            }
            ("misp-galaxy", "sector") => {
                let word = written::normal_word(&value);
                self.push(Term::Sector(Cow::Owned(word)), Standing::Stated, Some(at));
            }
            ("misp-galaxy", _) => {
                // Clusters of ATT&CK end in their id: `Valid Accounts - T1078`.
                if let Some((_, id)) = value.rsplit_once(" - ")
                    && written::is_catalogue_id(id)
                {
                    self.push(Term::Id(Cow::Owned(id.to_owned())), Standing::Stated, Some(at));
                }
                self.add_text(Cow::Owned(value), Some(at), Standing::Named);
            }
            _ => {}
        }
    }
}
