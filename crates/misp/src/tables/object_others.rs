//! The rows of the templates that become objects of their own, and of rules.

use super::object::ObjectTo::{Domain, Rule};
use super::object::{ObjectRow, row};

pub(crate) const ROWS: &[ObjectRow] = &[
    row(
        "attack-pattern",
        Domain("attack-pattern"),
        &[("name", "name"), ("summary", "description"), ("id", "@capec"), ("references", "@url")],
    ),
    row(
        "course-of-action",
        Domain("course-of-action"),
        &[("name", "name"), ("description", "description")],
    ),
    row(
        "employee",
        Domain("identity"),
        &[("full-name", "name"), ("text", "description"), ("employee-type", "roles[*]")],
    )
    .fixed(&[("identity_class", "individual")]),
    row(
        "geolocation",
        Domain("location"),
        &[
            ("address", "street_address"),
            ("city", "city"),
            ("countrycode", "country"),
            ("latitude", "latitude"),
            ("longitude", "longitude"),
            ("region", "region"),
            ("text", "description"),
            ("zipcode", "postal_code"),
        ],
    ),
    row(
        "identity",
        Domain("identity"),
        &[
            ("name", "name"),
            ("description", "description"),
            ("identity_class", "identity_class"),
            ("contact_information", "contact_information"),
            ("roles", "roles[*]"),
            ("sectors", "sectors[*]"),
        ],
    ),
    row(
        "intrusion-set",
        Domain("intrusion-set"),
        &[
            ("name", "name"),
            ("description", "description"),
            ("aliases", "aliases[*]"),
            ("goals", "goals[*]"),
            ("primary-motivation", "primary_motivation"),
            ("secondary-motivation", "secondary_motivations[*]"),
            ("resource_level", "resource_level"),
            ("first_seen", "first_seen"),
            ("last_seen", "last_seen"),
        ],
    ),
    row(
        "legal-entity",
        Domain("identity"),
        &[("name", "name"), ("text", "description"), ("business", "sectors[*]")],
    )
    .fixed(&[("identity_class", "organization")]),
    row(
        "malware",
        Domain("malware"),
        &[
            ("name", "name"),
            ("description", "description"),
            ("alias", "aliases[*]"),
            ("architecture_execution_env", "architecture_execution_envs[*]"),
            ("capability", "capabilities[*]"),
            ("implementation_language", "implementation_languages[*]"),
            ("malware_type", "malware_types[*]"),
            ("is_family", "is_family"),
            ("first_seen", "first_seen"),
            ("last_seen", "last_seen"),
        ],
    )
    .fixed(&[("is_family", "false")]),
    row(
        "malware-analysis",
        Domain("malware-analysis"),
        &[
            ("product", "product"),
            ("version", "version"),
            ("module", "module"),
            ("result", "result"),
            ("result_name", "result_name"),
            ("configuration_version", "configuration_version"),
            ("analysis_definition_version", "analysis_definition_version"),
            ("analysis_engine_version", "analysis_engine_version"),
            ("start_time", "analysis_started"),
            ("end_time", "analysis_ended"),
            ("submitted_time", "submitted"),
        ],
    ),
    row("news-agency", Domain("identity"), &[("name", "name")])
        .fixed(&[("identity_class", "organization")]),
    row(
        "nova-rule",
        Rule("nova"),
        &[("raw-rule", "pattern"), ("rule-name", "name"), ("description", "description")],
    ),
    row(
        "organization",
        Domain("identity"),
        &[("name", "name"), ("description", "description"), ("role", "roles[*]")],
    )
    .fixed(&[("identity_class", "organization")]),
    row(
        "owasp-crs-rule",
        Rule("crs"),
        &[("raw-rule", "pattern"), ("rule-id", "name"), ("message", "description")],
    ),
    row(
        "person",
        Domain("identity"),
        &[("full-name", "name"), ("text", "description"), ("role", "roles[*]")],
    )
    .fixed(&[("identity_class", "individual")]),
    row("script", Domain("tool"), &[("filename", "name"), ("comment", "description")]),
    row(
        "sigma",
        Rule("sigma"),
        &[("sigma", "pattern"), ("sigma-rule-name", "name"), ("comment", "description")],
    ),
    row(
        "stix2-pattern",
        Rule("stix"),
        &[("stix2-pattern", "pattern"), ("comment", "description"), ("version", "pattern_version")],
    ),
    row(
        "suricata",
        Rule("suricata"),
        &[("suricata", "pattern"), ("comment", "description"), ("version", "pattern_version")],
    ),
    row(
        "vulnerability",
        Domain("vulnerability"),
        &[
            ("id", "name"),
            ("description", "description"),
            ("summary", "description"),
            ("references", "@url"),
        ],
    ),
    row(
        "wazuh-rule",
        Rule("wazuh"),
        &[
            ("wazuh-rule", "pattern"),
            ("rule-id", "name"),
            ("comment", "description"),
            ("version", "pattern_version"),
        ],
    ),
    row(
        "yara",
        Rule("yara"),
        &[
            ("yara", "pattern"),
            ("yara-rule-name", "name"),
            ("comment", "description"),
            ("version", "pattern_version"),
        ],
    ),
];

/// How people and organisations are reached: the relations of a template that say it.
pub(crate) const CONTACTS: &[(&str, &[&str])] = &[
    ("employee", &["email-address"]),
    ("legal-entity", &["phone-number", "website"]),
    ("news-agency", &["address", "e-mail", "fax-number", "phone-number", "link"]),
    ("organization", &["address", "e-mail", "fax-number", "phone-number"]),
    ("person", &["address", "e-mail", "fax-number", "phone-number"]),
];
