//! Types of galaxies.

/// What the clusters of a galaxy become.
#[derive(Debug)]
pub(crate) struct GalaxyRow {
    /// The type of the STIX object.
    pub(crate) to: &'static str,
    /// The types of the galaxies.
    pub(crate) names: &'static [&'static str],
}

pub(crate) const ROWS: &[GalaxyRow] = &[
    GalaxyRow {
        to: "attack-pattern",
        names: &[
            "cmtmf-attack-pattern",
            "mitre-attack-pattern",
            "mitre-enterprise-attack-attack-pattern",
            "mitre-ics-techniques",
            "mitre-mobile-attack-attack-pattern",
            "mitre-pre-attack-attack-pattern",
            "stix-2.0-attack-pattern",
            "stix-2.1-attack-pattern",
        ],
    },
    GalaxyRow { to: "campaign", names: &["stix-2.0-campaign", "stix-2.1-campaign"] },
    GalaxyRow {
        to: "course-of-action",
        names: &[
            "mitre-course-of-action",
            "mitre-enterprise-attack-course-of-action",
            "mitre-mobile-attack-course-of-action",
            "stix-2.0-course-of-action",
            "stix-2.1-course-of-action",
        ],
    },
    GalaxyRow { to: "identity", names: &["sector"] },
    GalaxyRow {
        to: "intrusion-set",
        names: &[
            "mitre-enterprise-attack-intrusion-set",
            "mitre-intrusion-set",
            "mitre-mobile-attack-intrusion-set",
            "mitre-pre-attack-intrusion-set",
            "stix-2.0-intrusion-set",
            "stix-2.1-intrusion-set",
        ],
    },
    GalaxyRow {
        to: "location",
        names: &["country", "region", "stix-2.1-location", "target-information"],
    },
    GalaxyRow {
        to: "malware",
        names: &[
            "android",
            "backdoor",
            "banker",
            "cryptominers",
            "malpedia",
            "mitre-enterprise-attack-malware",
            "mitre-ics-software",
            "mitre-malware",
            "mitre-mobile-attack-malware",
            "ransomware",
            "stealer",
            "stix-2.0-malware",
            "stix-2.1-malware",
        ],
    },
    GalaxyRow {
        to: "threat-actor",
        names: &[
            "360net-threat-actor",
            "microsoft-activity-group",
            "mitre-ics-groups",
            "stix-2.0-threat-actor",
            "stix-2.1-threat-actor",
            "threat-actor",
        ],
    },
    GalaxyRow {
        to: "tool",
        names: &[
            "botnet",
            "exploit-kit",
            "mitre-enterprise-attack-tool",
            "mitre-mobile-attack-tool",
            "mitre-tool",
            "rat",
            "stix-2.0-tool",
            "stix-2.1-tool",
            "tds",
            "tool",
        ],
    },
    GalaxyRow {
        to: "vulnerability",
        names: &["branded-vulnerability", "stix-2.0-vulnerability", "stix-2.1-vulnerability"],
    },
];

/// The type of object that a cluster of a galaxy becomes; `None` for one of our own.
pub(crate) fn find(name: &str) -> Option<&'static str> {
    ROWS.iter().find(|row| row.names.contains(&name)).map(|row| row.to)
}

/// How an object is related to a cluster of its galaxies (STIX 2.1 §5, Appendix B); `related-to`
/// where the standard has no word.
pub(crate) fn relation(source: &str, target: &str) -> &'static str {
    match (source, target) {
        (
            "indicator",
            "attack-pattern" | "campaign" | "intrusion-set" | "malware" | "threat-actor" | "tool",
        ) => "indicates",
        (
            "attack-pattern" | "campaign" | "intrusion-set" | "malware" | "threat-actor",
            "tool" | "attack-pattern",
        )
        | ("campaign" | "intrusion-set" | "threat-actor", "malware") => "uses",
        (
            "attack-pattern" | "campaign" | "intrusion-set" | "malware" | "threat-actor" | "tool",
            "identity" | "location" | "vulnerability",
        ) => "targets",
        ("campaign", "intrusion-set" | "threat-actor") | ("intrusion-set", "threat-actor") => {
            "attributed-to"
        }
        ("malware", "intrusion-set" | "threat-actor") => "authored-by",
        ("course-of-action", "attack-pattern" | "malware" | "tool" | "vulnerability") => {
            "mitigates"
        }
        _ => "related-to",
    }
}

/// The fields of a cluster's `meta` that become properties.
pub(crate) const META: &[&str] = &[
    "synonyms",
    "refs",
    "external_id",
    "malware_types",
    "threat_actor_types",
    "tool_types",
    "goals",
    "aliases",
];

/// Fields of a cluster's `meta`, and the property of each, for a type of object. A path that begins
/// with `@` is an external reference of that source.
pub(crate) fn meta(object: &str, field: &str) -> Option<&'static str> {
    let synonyms = match object {
        "malware" | "tool" | "intrusion-set" | "threat-actor" | "campaign" | "attack-pattern" => {
            "aliases[*]"
        }
        _ => "",
    };
    let found = match (object, field) {
        (_, "synonyms") => synonyms,
        (_, "refs") => "@url",
        (_, "external_id") => "@mitre-attack",
        ("malware", "malware_types") => "malware_types[*]",
        ("threat-actor", "threat_actor_types") => "threat_actor_types[*]",
        ("tool", "tool_types") => "tool_types[*]",
        ("intrusion-set" | "threat-actor", "goals") => "goals[*]",
        ("vulnerability", "aliases") => "@cve",
        _ => "",
    };
    (!found.is_empty()).then_some(found)
}
