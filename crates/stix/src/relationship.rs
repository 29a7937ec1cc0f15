//! The relationships that the standard defines (STIX 2.1 §3.7 and the tables of §4 and §6, which
//! its Appendix B sums up).

use crate::types::{self, Family};

/// The relationship types that any two objects can have (§3.7).
const COMMON: &[&str] = &["derived-from", "duplicate-of", "related-to"];

/// The type of the source, relationship types, and the types of the targets.
type Row = (&'static str, &'static [&'static str], &'static [&'static str]);

#[rustfmt::skip] // a table to be read by eye: one line a rule
const DEFINED: &[Row] = &[
    ("attack-pattern", &["delivers"], &["malware"]),
    ("attack-pattern", &["targets"], &["identity", "location", "vulnerability"]),
    ("attack-pattern", &["uses"], &["malware", "tool"]),
    ("campaign", &["attributed-to"], &["intrusion-set", "threat-actor"]),
    ("campaign", &["compromises"], &["infrastructure"]),
    ("campaign", &["originates-from"], &["location"]),
    ("campaign", &["targets"], &["identity", "location", "vulnerability"]),
    ("campaign", &["uses"], &["attack-pattern", "infrastructure", "malware", "tool"]),
    ("course-of-action", &["investigates"], &["indicator"]),
    ("course-of-action", &["mitigates"], &["attack-pattern", "indicator", "malware", "tool", "vulnerability"]),
    ("course-of-action", &["remediates"], &["malware", "vulnerability"]),
    ("domain-name", &["resolves-to"], &["domain-name", "ipv4-addr", "ipv6-addr"]),
    ("identity", &["located-at"], &["location"]),
    ("indicator", &["indicates"], &["attack-pattern", "campaign", "infrastructure", "intrusion-set", "malware", "threat-actor", "tool"]),
    ("indicator", &["based-on"], &["observed-data"]),
    ("infrastructure", &["communicates-with"], &["infrastructure", "ipv4-addr", "ipv6-addr", "domain-name", "url"]),
    // It can also consist of any observable: see `is_defined`.
    ("infrastructure", &["consists-of"], &["infrastructure", "observed-data"]),
    ("infrastructure", &["controls"], &["infrastructure", "malware"]),
    ("infrastructure", &["delivers"], &["malware"]),
    ("infrastructure", &["has"], &["vulnerability"]),
    ("infrastructure", &["hosts"], &["tool", "malware"]),
    ("infrastructure", &["located-at"], &["location"]),
    ("infrastructure", &["uses"], &["infrastructure"]),
    ("intrusion-set", &["attributed-to"], &["threat-actor"]),
    ("intrusion-set", &["compromises", "hosts", "owns"], &["infrastructure"]),
    ("intrusion-set", &["originates-from"], &["location"]),
    ("intrusion-set", &["targets"], &["identity", "location", "vulnerability"]),
    ("intrusion-set", &["uses"], &["attack-pattern", "infrastructure", "malware", "tool"]),
    ("ipv4-addr", &["belongs-to"], &["autonomous-system"]),
    ("ipv4-addr", &["resolves-to"], &["mac-addr"]),
    ("ipv6-addr", &["belongs-to"], &["autonomous-system"]),
    ("ipv6-addr", &["resolves-to"], &["mac-addr"]),
    ("malware", &["authored-by"], &["threat-actor", "intrusion-set"]),
    ("malware", &["beacons-to", "exfiltrates-to"], &["infrastructure"]),
    ("malware", &["communicates-with"], &["ipv4-addr", "ipv6-addr", "domain-name", "url"]),
    ("malware", &["controls", "variant-of"], &["malware"]),
    ("malware", &["downloads", "drops"], &["malware", "tool", "file"]),
    ("malware", &["exploits"], &["vulnerability"]),
    ("malware", &["originates-from"], &["location"]),
    ("malware", &["targets"], &["identity", "infrastructure", "location", "vulnerability"]),
    ("malware", &["uses"], &["attack-pattern", "infrastructure", "malware", "tool"]),
    ("malware-analysis", &["characterizes", "analysis-of", "av-analysis-of", "static-analysis-of", "dynamic-analysis-of"], &["malware"]),
    ("threat-actor", &["attributed-to", "impersonates"], &["identity"]),
    ("threat-actor", &["compromises", "hosts", "owns"], &["infrastructure"]),
    ("threat-actor", &["located-at"], &["location"]),
    ("threat-actor", &["targets"], &["identity", "location", "vulnerability"]),
    ("threat-actor", &["uses"], &["attack-pattern", "infrastructure", "malware", "tool"]),
    ("tool", &["delivers", "drops"], &["malware"]),
    ("tool", &["has"], &["vulnerability"]),
    ("tool", &["targets"], &["identity", "infrastructure", "location", "vulnerability"]),
    ("tool", &["uses"], &["infrastructure"]),
];

/// Whether the standard defines the relationship type `kind` from objects of the type `source` to
/// objects of the type `target`. Others are allowed too (§5.1).
pub fn is_defined(kind: &str, source: &str, target: &str) -> bool {
    if COMMON.contains(&kind) {
        return true;
    }
    if (kind, source) == ("consists-of", "infrastructure") && is_observable(target) {
        return true;
    }
    DEFINED
        .iter()
        .any(|(from, kinds, to)| *from == source && kinds.contains(&kind) && to.contains(&target))
}

fn is_observable(name: &str) -> bool {
    types::find(name).is_some_and(|known| known.of.family == Family::Observable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_standard_defines_is_known_and_nothing_else() {
        assert!(is_defined("indicates", "indicator", "malware"));
        assert!(is_defined("consists-of", "infrastructure", "ipv4-addr"));
        assert!(is_defined("related-to", "x-acme-a", "x-acme-b"));
        assert!(!is_defined("indicates", "malware", "indicator"));
        assert!(!is_defined("likes", "indicator", "malware"));
    }

    #[test]
    fn every_row_is_of_types_of_the_standard() {
        for (source, kinds, targets) in DEFINED {
            assert!(types::find(source).is_some() && !kinds.is_empty());
            assert!(targets.iter().all(|target| types::find(target).is_some()), "{source}");
        }
    }
}
