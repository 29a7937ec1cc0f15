//! Every object type of STIX 2.1 with its properties (§4 to §7), as one table.

use crate::schema::{Kind, Prop, may, must};
use Kind::{
    Any, Binary, Bool, Dict, Enum, Hashes, Hex, Hyphened, Int, Ipv4, Ipv6, List, Mac, Named, Num,
    Ref, RefBut, Selector, Shape, Text, Time,
};

/// The greatest integer of STIX 2.1 §2.8.
const BIG: i64 = (1 << 53) - 1;
const TEXTS: Kind = List(&Text);
const ANY_REF: Kind = Ref(&[]);
/// §5.1, §5.2: any object but relationships and what is about objects.
const RELATED: Kind = RefBut(&[
    "relationship",
    "sighting",
    "bundle",
    "marking-definition",
    "language-content",
    "extension-definition",
]);
/// §6.12: an end of network traffic.
const ENDPOINT: Kind = Ref(&["ipv4-addr", "ipv6-addr", "mac-addr", "domain-name"]);
const REFS: Kind = List(&ANY_REF);
const COUNT: Kind = Int(0, BIG);
const PORT: Kind = Int(0, 65_535);
const PHASES: Kind = List(&Shape(&[must("kill_chain_name", Text), must("phase_name", Text)]));

/// What belongs to every object of a family (§3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// Domain objects, relationship objects, language content, extension definitions.
    Versioned,
    /// Cyber-observable objects.
    Observable,
    /// Marking definitions: created once, never versioned.
    Marking,
}

pub(crate) struct Type {
    pub(crate) name: &'static str,
    pub(crate) family: Family,
    pub(crate) props: &'static [Prop],
}

const EXTERNAL_REFERENCE: Kind = Shape(&[
    must("source_name", Text),
    may("description", Text),
    may("url", Text),
    may("hashes", Hashes),
    may("external_id", Text),
]);

const GRANULAR_MARKING: Kind = Shape(&[
    must("selectors", List(&Selector)),
    may("lang", Text),
    may("marking_ref", Ref(&["marking-definition"])),
]);

const MARKING_REFS: Kind = List(&Ref(&["marking-definition"]));

/// §3.2, for [`Family::Versioned`].
pub(crate) const VERSIONED: &[Prop] = &[
    must("spec_version", Enum(&["2.1"])),
    must("created", Time),
    must("modified", Time),
    may("created_by_ref", Ref(&["identity"])),
    may("revoked", Bool),
    may("labels", TEXTS),
    may("confidence", Int(0, 100)),
    may("lang", Text),
    may("external_references", List(&EXTERNAL_REFERENCE)),
    may("object_marking_refs", MARKING_REFS),
    may("granular_markings", List(&GRANULAR_MARKING)),
    may("extensions", Dict),
];

/// §3.2, for [`Family::Observable`].
pub(crate) const OBSERVABLE: &[Prop] = &[
    may("spec_version", Enum(&["2.1"])),
    may("object_marking_refs", MARKING_REFS),
    may("granular_markings", List(&GRANULAR_MARKING)),
    may("defanged", Bool),
    may("extensions", Dict),
];

/// §7.2.1, for [`Family::Marking`].
pub(crate) const MARKING: &[Prop] = &[
    must("spec_version", Enum(&["2.1"])),
    must("created", Time),
    may("created_by_ref", Ref(&["identity"])),
    may("external_references", List(&EXTERNAL_REFERENCE)),
    may("object_marking_refs", MARKING_REFS),
    may("granular_markings", List(&GRANULAR_MARKING)),
    may("extensions", Dict),
];

/// For a type that STIX 2.1 does not define: what is there must be of its type.
pub(crate) const CUSTOM: &[Prop] = &[
    may("spec_version", Enum(&["2.1"])),
    may("created", Time),
    may("modified", Time),
    may("created_by_ref", Ref(&["identity"])),
    may("revoked", Bool),
    may("labels", TEXTS),
    may("confidence", Int(0, 100)),
    may("lang", Text),
    may("external_references", List(&EXTERNAL_REFERENCE)),
    may("object_marking_refs", MARKING_REFS),
    may("granular_markings", List(&GRANULAR_MARKING)),
    may("extensions", Dict),
];

pub(crate) fn find(name: &str) -> Option<&'static Type> {
    TYPES.iter().find(|t| t.name == name)
}

const fn sdo(name: &'static str, props: &'static [Prop]) -> Type {
    Type { name, family: Family::Versioned, props }
}

const fn sco(name: &'static str, props: &'static [Prop]) -> Type {
    Type { name, family: Family::Observable, props }
}

const OPINIONS: &[&str] = &["strongly-disagree", "disagree", "neutral", "agree", "strongly-agree"];
const EXTENSION_TYPES: &[&str] =
    &["new-sdo", "new-sco", "new-sro", "property-extension", "toplevel-property-extension"];
const ENCRYPTIONS: &[&str] = &["AES-256-GCM", "ChaCha20-Poly1305", "mime-type-indicated"];

#[rustfmt::skip] // a table to be read by eye: one type a paragraph
static TYPES: &[Type] = &[
    sdo("attack-pattern", &[
        must("name", Text), may("description", Text), may("aliases", TEXTS),
        may("kill_chain_phases", PHASES),
    ]),
    sdo("campaign", &[
        must("name", Text), may("description", Text), may("aliases", TEXTS),
        may("first_seen", Time), may("last_seen", Time), may("objective", Text),
    ]),
    sdo("course-of-action", &[must("name", Text), may("description", Text)]),
    sdo("grouping", &[
        may("name", Text), may("description", Text), must("context", Text),
        must("object_refs", REFS),
    ]),
    sdo("identity", &[
        must("name", Text), may("description", Text), may("roles", TEXTS),
        may("identity_class", Text), may("sectors", TEXTS), may("contact_information", Text),
    ]),
    sdo("incident", &[must("name", Text), may("description", Text)]),
    sdo("indicator", &[
        may("name", Text), may("description", Text), may("indicator_types", TEXTS),
        must("pattern", Text), must("pattern_type", Text), may("pattern_version", Text),
        must("valid_from", Time), may("valid_until", Time), may("kill_chain_phases", PHASES),
    ]),
    sdo("infrastructure", &[
        must("name", Text), may("description", Text), may("infrastructure_types", TEXTS),
        may("aliases", TEXTS), may("kill_chain_phases", PHASES), may("first_seen", Time),
        may("last_seen", Time),
    ]),
    sdo("intrusion-set", &[
        must("name", Text), may("description", Text), may("aliases", TEXTS),
        may("first_seen", Time), may("last_seen", Time), may("goals", TEXTS),
        may("resource_level", Text), may("primary_motivation", Text),
        may("secondary_motivations", TEXTS),
    ]),
    sdo("location", &[
        may("name", Text), may("description", Text), may("latitude", Num(-90.0, 90.0)),
        may("longitude", Num(-180.0, 180.0)), may("precision", Num(0.0, f64::MAX)),
        may("region", Text), may("country", Text), may("administrative_area", Text),
        may("city", Text), may("street_address", Text), may("postal_code", Text),
    ]),
    sdo("malware", &[
        may("name", Text), may("description", Text), may("malware_types", TEXTS),
        must("is_family", Bool), may("aliases", TEXTS), may("kill_chain_phases", PHASES),
        may("first_seen", Time), may("last_seen", Time),
        may("operating_system_refs", List(&Ref(&["software"]))),
        may("architecture_execution_envs", TEXTS), may("implementation_languages", TEXTS),
        may("capabilities", TEXTS), may("sample_refs", List(&Ref(&["artifact", "file"]))),
    ]),
    sdo("malware-analysis", &[
        must("product", Text), may("version", Text), may("configuration_version", Text),
        may("modules", TEXTS), may("analysis_engine_version", Text),
        may("analysis_definition_version", Text), may("submitted", Time),
        may("analysis_started", Time), may("analysis_ended", Time), may("result_name", Text),
        may("result", Text), may("host_vm_ref", Ref(&["software"])),
        may("operating_system_ref", Ref(&["software"])),
        may("installed_software_refs", List(&Ref(&["software"]))),
        may("analysis_sco_refs", REFS),
        may("sample_ref", Ref(&["artifact", "file", "network-traffic"])),
    ]),
    sdo("note", &[
        may("abstract", Text), must("content", Text), may("authors", TEXTS),
        must("object_refs", REFS),
    ]),
    sdo("observed-data", &[
        must("first_observed", Time), must("last_observed", Time),
        must("number_observed", Int(1, 999_999_999)), may("objects", Dict),
        may("object_refs", REFS),
    ]),
    sdo("opinion", &[
        may("explanation", Text), may("authors", TEXTS), must("opinion", Enum(OPINIONS)),
        must("object_refs", REFS),
    ]),
    sdo("report", &[
        must("name", Text), may("description", Text), may("report_types", TEXTS),
        must("published", Time), must("object_refs", REFS),
    ]),
    sdo("threat-actor", &[
        must("name", Text), may("description", Text), may("threat_actor_types", TEXTS),
        may("aliases", TEXTS), may("first_seen", Time), may("last_seen", Time),
        may("roles", TEXTS), may("goals", TEXTS), may("sophistication", Text),
        may("resource_level", Text), may("primary_motivation", Text),
        may("secondary_motivations", TEXTS), may("personal_motivations", TEXTS),
    ]),
    sdo("tool", &[
        must("name", Text), may("description", Text), may("tool_types", TEXTS),
        may("aliases", TEXTS), may("kill_chain_phases", PHASES), may("tool_version", Text),
    ]),
    sdo("vulnerability", &[must("name", Text), may("description", Text)]),
    sdo("relationship", &[
        must("relationship_type", Hyphened), may("description", Text), must("source_ref", RELATED),
        must("target_ref", RELATED), may("start_time", Time), may("stop_time", Time),
    ]),
    sdo("sighting", &[
        may("description", Text), may("first_seen", Time), may("last_seen", Time),
        may("count", Int(0, 999_999_999)), must("sighting_of_ref", RELATED),
        may("observed_data_refs", List(&Ref(&["observed-data"]))),
        may("where_sighted_refs", List(&Ref(&["identity", "location"]))), may("summary", Bool),
    ]),
    sdo("language-content", &[
        must("object_ref", ANY_REF), may("object_modified", Time), must("contents", Dict),
    ]),
    sdo("extension-definition", &[
        must("created_by_ref", Ref(&["identity"])), must("name", Text), may("description", Text),
        must("schema", Text), must("version", Text),
        must("extension_types", List(&Enum(EXTENSION_TYPES))), may("extension_properties", TEXTS),
    ]),
    Type {
        name: "marking-definition",
        family: Family::Marking,
        props: &[may("name", Text), may("definition_type", Text), may("definition", Dict)],
    },
    sco("artifact", &[
        may("mime_type", Text), may("payload_bin", Binary), may("url", Text), may("hashes", Hashes),
        may("encryption_algorithm", Enum(ENCRYPTIONS)), may("decryption_key", Text),
    ]),
    sco("autonomous-system", &[must("number", COUNT), may("name", Text), may("rir", Text)]),
    sco("directory", &[
        must("path", Text), may("path_enc", Text), may("ctime", Time), may("mtime", Time),
        may("atime", Time), may("contains_refs", List(&Ref(&["directory", "file"]))),
    ]),
    sco("domain-name", &[
        must("value", Named),
        may("resolves_to_refs", List(&Ref(&["ipv4-addr", "ipv6-addr", "domain-name"]))),
    ]),
    sco("email-addr", &[
        must("value", Text), may("display_name", Text),
        may("belongs_to_ref", Ref(&["user-account"])),
    ]),
    sco("email-message", &[
        must("is_multipart", Bool), may("date", Time), may("content_type", Text),
        may("from_ref", Ref(&["email-addr"])), may("sender_ref", Ref(&["email-addr"])),
        may("to_refs", List(&Ref(&["email-addr"]))), may("cc_refs", List(&Ref(&["email-addr"]))),
        may("bcc_refs", List(&Ref(&["email-addr"]))), may("message_id", Text),
        may("subject", Text), may("received_lines", TEXTS),
        may("additional_header_fields", Dict), may("body", Text),
        may("body_multipart", List(&Any)), may("raw_email_ref", Ref(&["artifact"])),
    ]),
    sco("file", &[
        may("hashes", Hashes), may("size", COUNT), may("name", Text), may("name_enc", Text),
        may("magic_number_hex", Hex), may("mime_type", Text), may("ctime", Time),
        may("mtime", Time), may("atime", Time), may("parent_directory_ref", Ref(&["directory"])),
        may("contains_refs", REFS), may("content_ref", Ref(&["artifact"])),
    ]),
    sco("ipv4-addr", &[
        must("value", Ipv4), may("resolves_to_refs", List(&Ref(&["mac-addr"]))),
        may("belongs_to_refs", List(&Ref(&["autonomous-system"]))),
    ]),
    sco("ipv6-addr", &[
        must("value", Ipv6), may("resolves_to_refs", List(&Ref(&["mac-addr"]))),
        may("belongs_to_refs", List(&Ref(&["autonomous-system"]))),
    ]),
    sco("mac-addr", &[must("value", Mac)]),
    sco("mutex", &[must("name", Text)]),
    sco("network-traffic", &[
        may("start", Time), may("end", Time), may("is_active", Bool), may("src_ref", ENDPOINT),
        may("dst_ref", ENDPOINT), may("src_port", PORT), may("dst_port", PORT),
        must("protocols", TEXTS), may("src_byte_count", COUNT), may("dst_byte_count", COUNT),
        may("src_packets", COUNT), may("dst_packets", COUNT), may("ipfix", Dict),
        may("src_payload_ref", Ref(&["artifact"])), may("dst_payload_ref", Ref(&["artifact"])),
        may("encapsulates_refs", List(&Ref(&["network-traffic"]))),
        may("encapsulated_by_ref", Ref(&["network-traffic"])),
    ]),
    sco("process", &[
        may("is_hidden", Bool), may("pid", Int(-BIG, BIG)), may("created_time", Time), may("cwd", Text),
        may("command_line", Text), may("environment_variables", Dict),
        may("opened_connection_refs", List(&Ref(&["network-traffic"]))),
        may("creator_user_ref", Ref(&["user-account"])), may("image_ref", Ref(&["file"])),
        may("parent_ref", Ref(&["process"])), may("child_refs", List(&Ref(&["process"]))),
    ]),
    sco("software", &[
        must("name", Text), may("cpe", Text), may("swid", Text), may("languages", TEXTS),
        may("vendor", Text), may("version", Text),
    ]),
    sco("url", &[must("value", Named)]),
    sco("user-account", &[
        may("user_id", Text), may("credential", Text), may("account_login", Text),
        may("account_type", Text), may("display_name", Text), may("is_service_account", Bool),
        may("is_privileged", Bool), may("can_escalate_privs", Bool), may("is_disabled", Bool),
        may("account_created", Time), may("account_expires", Time),
        may("credential_last_changed", Time), may("account_first_login", Time),
        may("account_last_login", Time),
    ]),
    sco("windows-registry-key", &[
        may("key", Text), may("values", List(&Dict)), may("modified_time", Time),
        may("creator_user_ref", Ref(&["user-account"])), may("number_of_subkeys", COUNT),
    ]),
    sco("x509-certificate", &[
        may("is_self_signed", Bool), may("hashes", Hashes), may("version", Text),
        may("serial_number", Text), may("signature_algorithm", Text), may("issuer", Text),
        may("validity_not_before", Time), may("validity_not_after", Time), may("subject", Text),
        may("subject_public_key_algorithm", Text), may("subject_public_key_modulus", Text),
        may("subject_public_key_exponent", Int(-BIG, BIG)), may("x509_v3_extensions", Dict),
    ]),
];
