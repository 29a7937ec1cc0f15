//! Every object type of STIX 2.1 with its properties (§4 to §7), as one table.

mod extension;
mod known;

pub(crate) use known::{Family, Known, Predefined, TimeSpan, Type};

use crate::form::{
    AS_WRITTEN, BINARY, CHARSET, COUNTRY, CPE, DOMAIN, EMAIL, FILE_MIME, HEX, HIVE, IPFIX_ELEMENTS,
    IPV4, IPV6, LANGUAGE, MAC, MIME, PROTOCOL, RELATIONSHIP, URL,
};
use crate::rule;
use crate::schema::{BIG, Least, Prop, Shape, ValueKind, may, must, shape, some_of};
use crate::vocabulary::{self as words, ENCRYPTION, EXTENSION_TYPE, OPINION, REGISTRY_TYPE};
use ValueKind::{
    Bool, Cased, Container, Dict, Enum, Extensions, Form, Hashes, Int, Keyed, KnownHashes, List,
    Num, Open, Ref, RefBut, Selector, Text, TextOrInt, TextOrTexts, Time, TimeMillis,
};
use known::{sco, sdo};
use std::collections::HashMap;
use std::sync::LazyLock;

const TEXTS: ValueKind = List(&Text);
/// An end of a relationship (§5.1): a domain object or an observable.
const RELATED: ValueKind = RefBut(&[
    "relationship",
    "sighting",
    "bundle",
    "marking-definition",
    "language-content",
    "extension-definition",
]);
/// An end of network traffic (§6.12).
const ENDPOINT: ValueKind = Ref(&["ipv4-addr", "ipv6-addr", "mac-addr", "domain-name"]);
/// References to objects of any type. A bundle is not an object of STIX (§8).
const REFS: ValueKind = List(&RefBut(&["bundle"]));
/// References to observables, of the standard or custom ones: to any type but the other types of
/// the standard.
const OBSERVABLES: ValueKind = List(&RefBut(NO_OBSERVABLE));
const NO_OBSERVABLE: &[&str] = &[
    "attack-pattern",
    "campaign",
    "course-of-action",
    "grouping",
    "identity",
    "incident",
    "indicator",
    "infrastructure",
    "intrusion-set",
    "location",
    "malware",
    "malware-analysis",
    "note",
    "observed-data",
    "opinion",
    "report",
    "threat-actor",
    "tool",
    "vulnerability",
    "relationship",
    "sighting",
    "bundle",
    "marking-definition",
    "language-content",
    "extension-definition",
];
/// What is sighted (§5.2): a domain object.
const SIGHTED: ValueKind = RefBut(&[
    "artifact",
    "autonomous-system",
    "directory",
    "domain-name",
    "email-addr",
    "email-message",
    "file",
    "ipv4-addr",
    "ipv6-addr",
    "mac-addr",
    "mutex",
    "network-traffic",
    "process",
    "software",
    "url",
    "user-account",
    "windows-registry-key",
    "x509-certificate",
    "relationship",
    "sighting",
    "bundle",
    "marking-definition",
    "language-content",
    "extension-definition",
]);
const COUNT: ValueKind = Int(0, BIG);
const WHOLE: ValueKind = Int(-BIG, BIG);
const PORT: ValueKind = Int(0, 65_535);
static PHASE: Shape = shape(
    "2.11",
    &[
        must("kill_chain_name", Cased(&rule::KILL_CHAIN)),
        must("phase_name", Cased(&rule::KILL_CHAIN)),
    ],
);
const PHASES: ValueKind = List(&ValueKind::Shape(&PHASE));

static EXTERNAL_REFERENCE: Shape = shape(
    "2.5",
    &[
        must("source_name", Text),
        may("description", Text),
        may("url", Form(&URL)),
        may("hashes", KnownHashes),
        may("external_id", Text),
    ],
);

static GRANULAR_MARKING: Shape = shape(
    "7.2.3",
    &[
        must("selectors", List(&Selector)),
        may("lang", Form(&LANGUAGE)),
        may("marking_ref", Ref(&["marking-definition"])),
    ],
);

const MARKING_REFS: ValueKind = List(&Ref(&["marking-definition"]));
const GRANULAR_MARKINGS: ValueKind = List(&ValueKind::Shape(&GRANULAR_MARKING));
const EXTERNAL_REFERENCES: ValueKind = List(&ValueKind::Shape(&EXTERNAL_REFERENCE));
/// The kind of `type` and `id`, which are judged before the other properties.
const SEEN: ValueKind = ValueKind::Any;

/// The common properties (§3.2) of [`Family::Versioned`].
const VERSIONED: &[Prop] = &[
    may("type", SEEN),
    may("id", SEEN),
    must("spec_version", Enum(&["2.1"])),
    must("created", TimeMillis),
    must("modified", TimeMillis),
    may("created_by_ref", Ref(&["identity"])),
    may("revoked", Bool),
    may("labels", TEXTS),
    may("confidence", Int(0, 100)),
    may("lang", Form(&LANGUAGE)),
    may("external_references", EXTERNAL_REFERENCES),
    may("object_marking_refs", MARKING_REFS),
    may("granular_markings", GRANULAR_MARKINGS),
    may("extensions", Extensions),
];

/// The common properties (§3.2) of [`Family::Observable`].
const OBSERVABLE: &[Prop] = &[
    may("type", SEEN),
    may("id", SEEN),
    may("spec_version", Enum(&["2.1"])),
    may("object_marking_refs", MARKING_REFS),
    may("granular_markings", GRANULAR_MARKINGS),
    may("defanged", Bool),
    may("extensions", Extensions),
];

/// The common properties (§7.2.1) of [`Family::Marking`].
const MARKING: &[Prop] = &[
    may("type", SEEN),
    may("id", SEEN),
    must("spec_version", Enum(&["2.1"])),
    must("created", Time),
    may("created_by_ref", Ref(&["identity"])),
    may("external_references", EXTERNAL_REFERENCES),
    may("object_marking_refs", MARKING_REFS),
    may("granular_markings", GRANULAR_MARKINGS),
    may("extensions", Extensions),
];

/// A type that the standard does not define (§11.2). Common properties are all optional in it, but
/// must have their kinds.
pub(crate) static CUSTOM: LazyLock<Known> = LazyLock::new(|| Known::new(&CUSTOM_TYPE));

static CUSTOM_TYPE: Type = sco(
    "11.2",
    "",
    &[],
    &[
        may("created", TimeMillis),
        may("modified", TimeMillis),
        may("created_by_ref", Ref(&["identity"])),
        may("revoked", Bool),
        may("labels", TEXTS),
        may("confidence", Int(0, 100)),
        may("lang", Form(&LANGUAGE)),
        may("external_references", EXTERNAL_REFERENCES),
    ],
);

static KNOWN: LazyLock<HashMap<&'static str, Known, foldhash::fast::FixedState>> =
    LazyLock::new(|| TYPES.iter().map(|t| (t.name, Known::new(t))).collect());

/// Whether the standard defines this type (STIX 2.1 §§4–7), a bundle among them. Custom types are not.
pub fn is_standard(name: &str) -> bool {
    name == "bundle" || find(name).is_some()
}

/// Whether the standard defines this type as an observable (STIX 2.1 §6). Custom types are not.
pub fn is_observable(name: &str) -> bool {
    find(name).is_some_and(|known| known.of.family == Family::Observable)
}

/// The type with this name, if the standard defines it.
pub(crate) fn find(name: &str) -> Option<&'static Known> {
    KNOWN.get(name)
}

/// Every type, in the order of the standard.
#[cfg(test)]
pub(crate) fn all() -> &'static [Type] {
    TYPES
}

/// Whether the standard defines an extension with this name, for any type.
pub(crate) fn is_predefined(extension: &str) -> bool {
    TYPES.iter().any(|of| of.extensions.iter().any(|(name, _)| *name == extension))
}

const SEEN_SPAN: &[TimeSpan] = &[("first_seen", "last_seen", false)];

#[rustfmt::skip] // a table to be read by eye: one type a paragraph
static TYPES: &[Type] = &[
    sdo("4.1", "attack-pattern", &[
        must("name", Text), may("description", Text), may("aliases", TEXTS),
        may("kill_chain_phases", PHASES),
    ]),
    sdo("4.2", "campaign", &[
        must("name", Text), may("description", Text), may("aliases", TEXTS),
        may("first_seen", Time), may("last_seen", Time), may("objective", Text),
    ]).spans(SEEN_SPAN),
    sdo("4.3", "course-of-action", &[must("name", Text), may("description", Text)]),
    sdo("4.4", "grouping", &[
        may("name", Text), may("description", Text), must("context", Open(&words::GROUPING_CONTEXT)),
        must("object_refs", REFS),
    ]),
    sdo("4.5", "identity", &[
        must("name", Text), may("description", Text), may("roles", TEXTS),
        may("identity_class", Open(&words::IDENTITY_CLASS)), may("sectors", List(&Open(&words::SECTOR))), may("contact_information", Text),
    ]),
    sdo("4.6", "incident", &[must("name", Text), may("description", Text)]),
    sdo("4.7", "indicator", &[
        may("name", Text), may("description", Text), may("indicator_types", List(&Open(&words::INDICATOR_TYPE))),
        must("pattern", Text), must("pattern_type", Open(&words::PATTERN_TYPE)), may("pattern_version", Text),
        must("valid_from", Time), may("valid_until", Time), may("kill_chain_phases", PHASES),
    ]).spans(&[("valid_from", "valid_until", true)]),
    sdo("4.8", "infrastructure", &[
        must("name", Text), may("description", Text), may("infrastructure_types", List(&Open(&words::INFRASTRUCTURE_TYPE))),
        may("aliases", TEXTS), may("kill_chain_phases", PHASES), may("first_seen", Time),
        may("last_seen", Time),
    ]).spans(SEEN_SPAN),
    sdo("4.9", "intrusion-set", &[
        must("name", Text), may("description", Text), may("aliases", TEXTS),
        may("first_seen", Time), may("last_seen", Time), may("goals", TEXTS),
        may("resource_level", Open(&words::RESOURCE_LEVEL)), may("primary_motivation", Open(&words::MOTIVATION)),
        may("secondary_motivations", List(&Open(&words::MOTIVATION))),
    ]).spans(SEEN_SPAN),
    sdo("4.10", "location", &[
        may("name", Text), may("description", Text), may("latitude", Num(-90.0, 90.0)),
        may("longitude", Num(-180.0, 180.0)), may("precision", Num(f64::MIN, f64::MAX)),
        may("region", Open(&words::REGION)), may("country", Form(&COUNTRY)), may("administrative_area", Text),
        may("city", Text), may("street_address", Text), may("postal_code", Text),
    ]),
    sdo("4.11", "malware", &[
        may("name", Text), may("description", Text), may("malware_types", List(&Open(&words::MALWARE_TYPE))),
        must("is_family", Bool), may("aliases", TEXTS), may("kill_chain_phases", PHASES),
        may("first_seen", Time), may("last_seen", Time),
        may("operating_system_refs", List(&Ref(&["software"]))),
        may("architecture_execution_envs", List(&Open(&words::ARCHITECTURE))), may("implementation_languages", List(&Open(&words::IMPLEMENTATION_LANGUAGE))),
        may("capabilities", List(&Open(&words::CAPABILITY))), may("sample_refs", List(&Ref(&["artifact", "file"]))),
    ]).spans(SEEN_SPAN),
    sdo("4.12", "malware-analysis", &[
        must("product", Cased(&rule::PRODUCT)), may("version", Text), may("configuration_version", Text),
        may("modules", TEXTS), may("analysis_engine_version", Text),
        may("analysis_definition_version", Text), may("submitted", Time),
        may("analysis_started", Time), may("analysis_ended", Time), may("result_name", Text),
        may("result", Open(&words::RESULT)), may("host_vm_ref", Ref(&["software"])),
        may("operating_system_ref", Ref(&["software"])),
        may("installed_software_refs", List(&Ref(&["software"]))),
        may("analysis_sco_refs", OBSERVABLES),
        may("sample_ref", Ref(&["artifact", "file", "network-traffic"])),
    ])
        .least(Least::OneOf(&["result", "analysis_sco_refs"])),
    sdo("4.13", "note", &[
        may("abstract", Text), must("content", Text), may("authors", TEXTS),
        must("object_refs", REFS),
    ]),
    sdo("4.14", "observed-data", &[
        must("first_observed", Time), must("last_observed", Time),
        must("number_observed", Int(1, 999_999_999)), may("objects", Container),
        may("object_refs", REFS),
    ]).spans(&[("first_observed", "last_observed", false)]),
    sdo("4.15", "opinion", &[
        may("explanation", Text), may("authors", TEXTS), must("opinion", Enum(OPINION)),
        must("object_refs", REFS),
    ]),
    sdo("4.16", "report", &[
        must("name", Text), may("description", Text), may("report_types", List(&Open(&words::REPORT_TYPE))),
        must("published", Time), must("object_refs", REFS),
    ]),
    sdo("4.17", "threat-actor", &[
        must("name", Text), may("description", Text), may("threat_actor_types", List(&Open(&words::ACTOR_TYPE))),
        may("aliases", TEXTS), may("first_seen", Time), may("last_seen", Time),
        may("roles", List(&Open(&words::ACTOR_ROLE))), may("goals", TEXTS), may("sophistication", Open(&words::SOPHISTICATION)),
        may("resource_level", Open(&words::RESOURCE_LEVEL)), may("primary_motivation", Open(&words::MOTIVATION)),
        may("secondary_motivations", List(&Open(&words::MOTIVATION))), may("personal_motivations", List(&Open(&words::MOTIVATION))),
    ]).spans(SEEN_SPAN),
    sdo("4.18", "tool", &[
        must("name", Text), may("description", Text), may("tool_types", List(&Open(&words::TOOL_TYPE))),
        may("aliases", TEXTS), may("kill_chain_phases", PHASES), may("tool_version", Text),
    ]),
    sdo("4.19", "vulnerability", &[must("name", Text), may("description", Text)]),
    sdo("5.1", "relationship", &[
        must("relationship_type", Form(&RELATIONSHIP)), may("description", Text), must("source_ref", RELATED),
        must("target_ref", RELATED), may("start_time", Time), may("stop_time", Time),
    ]).spans(&[("start_time", "stop_time", true)]),
    sdo("5.2", "sighting", &[
        may("description", Text), may("first_seen", Time), may("last_seen", Time),
        may("count", Int(0, 999_999_999)), must("sighting_of_ref", SIGHTED),
        may("observed_data_refs", List(&Ref(&["observed-data"]))),
        may("where_sighted_refs", List(&Ref(&["identity", "location"]))), may("summary", Bool),
    ]).spans(SEEN_SPAN),
    sdo("7.1", "language-content", &[
        must("object_ref", RefBut(&["bundle", "language-content"])), may("object_modified", Time), must("contents", Keyed(&AS_WRITTEN, &ValueKind::Any)),
    ]),
    sdo("7.3", "extension-definition", &[
        must("created_by_ref", Ref(&["identity"])), must("name", Text), may("description", Text),
        must("schema", Text), must("version", Text),
        must("extension_types", List(&Enum(EXTENSION_TYPE))), may("extension_properties", TEXTS),
    ]),
    Type {
        family: Family::Marking,
        ..sdo("7.2.1", "marking-definition", &[
            may("name", Text), may("definition_type", Text), may("definition", Dict),
        ])
    },
    sco("6.1", "artifact", &["hashes", "payload_bin"], &[
        may("mime_type", Form(&MIME)), may("payload_bin", Form(&BINARY)), may("url", Form(&URL)), may("hashes", Hashes),
        may("encryption_algorithm", Enum(ENCRYPTION)), may("decryption_key", Text),
    ]),
    sco("6.2", "autonomous-system", &["number"], &[must("number", WHOLE), may("name", Text), may("rir", Text)]),
    sco("6.3", "directory", &["path"], &[
        must("path", Text), may("path_enc", Form(&CHARSET)), may("ctime", Time), may("mtime", Time),
        may("atime", Time), may("contains_refs", List(&Ref(&["directory", "file"]))),
    ]),
    sco("6.4", "domain-name", &["value"], &[
        must("value", Form(&DOMAIN)),
        may("resolves_to_refs", List(&Ref(&["ipv4-addr", "ipv6-addr", "domain-name"]))),
    ]),
    sco("6.5", "email-addr", &["value"], &[
        must("value", Form(&EMAIL)), may("display_name", Text),
        may("belongs_to_ref", Ref(&["user-account"])),
    ]),
    sco("6.6", "email-message", &["from_ref", "subject", "body"], &[
        must("is_multipart", Bool), may("date", Time), may("content_type", Text),
        may("from_ref", Ref(&["email-addr"])), may("sender_ref", Ref(&["email-addr"])),
        may("to_refs", List(&Ref(&["email-addr"]))), may("cc_refs", List(&Ref(&["email-addr"]))),
        may("bcc_refs", List(&Ref(&["email-addr"]))), may("message_id", Text),
        may("subject", Text), may("received_lines", TEXTS),
        may("additional_header_fields", Keyed(&AS_WRITTEN, &TextOrTexts)), may("body", Text),
        may("body_multipart", List(&ValueKind::Shape(&BODY_PART))), may("raw_email_ref", Ref(&["artifact"])),
    ]),
    sco("6.7", "file", &["hashes", "name", "extensions", "parent_directory_ref"], &[
        may("hashes", Hashes), may("size", COUNT), may("name", Text), may("name_enc", Form(&CHARSET)),
        may("magic_number_hex", Form(&HEX)), may("mime_type", Form(&FILE_MIME)), may("ctime", Time),
        may("mtime", Time), may("atime", Time), may("parent_directory_ref", Ref(&["directory"])),
        may("contains_refs", OBSERVABLES), may("content_ref", Ref(&["artifact"])),
    ]).least(Least::OneOf(&["hashes", "name"])).extended(extension::FILE),
    sco("6.8", "ipv4-addr", &["value"], &[
        must("value", Form(&IPV4)), may("resolves_to_refs", List(&Ref(&["mac-addr"]))),
        may("belongs_to_refs", List(&Ref(&["autonomous-system"]))),
    ]),
    sco("6.9", "ipv6-addr", &["value"], &[
        must("value", Form(&IPV6)), may("resolves_to_refs", List(&Ref(&["mac-addr"]))),
        may("belongs_to_refs", List(&Ref(&["autonomous-system"]))),
    ]),
    sco("6.10", "mac-addr", &["value"], &[must("value", Form(&MAC))]),
    sco("6.11", "mutex", &["name"], &[must("name", Text)]),
    sco("6.12", "network-traffic", &["start", "end", "src_ref", "dst_ref", "src_port", "dst_port", "protocols", "extensions"], &[
        may("start", Time), may("end", Time), may("is_active", Bool), may("src_ref", ENDPOINT),
        may("dst_ref", ENDPOINT), may("src_port", PORT), may("dst_port", PORT),
        must("protocols", List(&Form(&PROTOCOL))), may("src_byte_count", COUNT), may("dst_byte_count", COUNT),
        may("src_packets", COUNT), may("dst_packets", COUNT), may("ipfix", Keyed(&IPFIX_ELEMENTS, &TextOrInt)),
        may("src_payload_ref", Ref(&["artifact"])), may("dst_payload_ref", Ref(&["artifact"])),
        may("encapsulates_refs", List(&Ref(&["network-traffic"]))),
        may("encapsulated_by_ref", Ref(&["network-traffic"])),
    ])
        .spans(&[("start", "end", false)])
        .least(Least::OneOf(&["src_ref", "dst_ref"]))
        .extended(extension::NETWORK_TRAFFIC),
    sco("6.13", "process", &[], &[
        may("is_hidden", Bool), may("pid", WHOLE), may("created_time", Time), may("cwd", Text),
        may("command_line", Text), may("environment_variables", Keyed(&AS_WRITTEN, &Text)),
        may("opened_connection_refs", List(&Ref(&["network-traffic"]))),
        may("creator_user_ref", Ref(&["user-account"])), may("image_ref", Ref(&["file"])),
        may("parent_ref", Ref(&["process"])), may("child_refs", List(&Ref(&["process"]))),
    ]).least(Least::Own).extended(extension::PROCESS),
    sco("6.14", "software", &["name", "cpe", "swid", "vendor", "version"], &[
        must("name", Text), may("cpe", Form(&CPE)), may("swid", Text), may("languages", List(&Form(&LANGUAGE))),
        may("vendor", Text), may("version", Text),
    ]),
    sco("6.15", "url", &["value"], &[must("value", Form(&URL))]),
    sco("6.16", "user-account", &["account_type", "user_id", "account_login"], &[
        may("user_id", Text), may("credential", Text), may("account_login", Text),
        may("account_type", Open(&words::ACCOUNT_TYPE)), may("display_name", Text), may("is_service_account", Bool),
        may("is_privileged", Bool), may("can_escalate_privs", Bool), may("is_disabled", Bool),
        may("account_created", Time), may("account_expires", Time),
        may("credential_last_changed", Time), may("account_first_login", Time),
        may("account_last_login", Time),
    ]).least(Least::Own).extended(extension::USER_ACCOUNT),
    sco("6.17", "windows-registry-key", &["key", "values"], &[
        may("key", Form(&HIVE)), may("values", List(&ValueKind::Shape(&REGISTRY_VALUE))), may("modified_time", Time),
        may("creator_user_ref", Ref(&["user-account"])), may("number_of_subkeys", WHOLE),
    ]).least(Least::Own),
    sco("6.18", "x509-certificate", &["hashes", "serial_number"], &[
        may("is_self_signed", Bool), may("hashes", Hashes), may("version", Text),
        may("serial_number", Text), may("signature_algorithm", Text), may("issuer", Text),
        may("validity_not_before", Time), may("validity_not_after", Time), may("subject", Text),
        may("subject_public_key_algorithm", Text), may("subject_public_key_modulus", Text),
        may("subject_public_key_exponent", WHOLE), may("x509_v3_extensions", ValueKind::Shape(&X509_V3)),
    ]).least(Least::Own),
];

static BODY_PART: Shape = shape(
    "6.6.2",
    &[
        may("body", Text),
        may("body_raw_ref", Ref(&["artifact", "file"])),
        may("content_type", Text),
        may("content_disposition", Text),
    ],
);

static REGISTRY_VALUE: Shape = some_of(
    "6.17.2",
    &[may("name", Text), may("data", Text), may("data_type", Enum(REGISTRY_TYPE))],
);

static X509_V3: Shape = some_of(
    "6.18.2",
    &[
        may("basic_constraints", Text),
        may("name_constraints", Text),
        may("policy_constraints", Text),
        may("key_usage", Text),
        may("extended_key_usage", Text),
        may("subject_key_identifier", Text),
        may("authority_key_identifier", Text),
        may("subject_alternative_name", Text),
        may("issuer_alternative_name", Text),
        may("subject_directory_attributes", Text),
        may("crl_distribution_points", Text),
        may("inhibit_any_policy", Text),
        may("private_key_usage_period_not_before", Time),
        may("private_key_usage_period_not_after", Time),
        may("certificate_policies", Text),
        may("policy_mappings", Text),
    ],
);
