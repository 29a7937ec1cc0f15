//! What others' objects become in MISP.

/// Observables of which one property is all: the type, the property, and the type of attribute with
/// its category.
pub(crate) const SINGLES: &[(&str, &str, &str, &str)] = &[
    ("autonomous-system", "number", "AS", "Network activity"),
    ("domain-name", "value", "domain", "Network activity"),
    ("email-addr", "value", "email", "Payload delivery"),
    ("ipv4-addr", "value", "ip-dst", "Network activity"),
    ("ipv6-addr", "value", "ip-dst", "Network activity"),
    ("mac-addr", "value", "mac-address", "Network activity"),
    ("mutex", "name", "mutex", "Artifacts dropped"),
    ("url", "value", "url", "Network activity"),
];

/// The template of an observable that has more properties.
pub(crate) const TEMPLATES: &[(&str, &str)] = &[
    ("artifact", "artifact"),
    ("autonomous-system", "asn"),
    ("directory", "directory"),
    ("domain-name", "domain-ip"),
    ("email-message", "email"),
    ("file", "file"),
    ("identity", "identity"),
    ("malware-analysis", "malware-analysis"),
    ("network-traffic", "network-connection"),
    ("process", "process"),
    ("software", "cpe-asset"),
    ("user-account", "user-account"),
    ("windows-registry-key", "registry-key"),
    ("x509-certificate", "x509"),
];

/// Types of objects that become clusters of a galaxy `stix-2.1-…`.
pub(crate) const CLUSTERS: &[&str] = &[
    "attack-pattern",
    "campaign",
    "course-of-action",
    "intrusion-set",
    "location",
    "malware",
    "threat-actor",
    "tool",
    "vulnerability",
];

/// Types of attributes for what a pattern compares, where several would fit: the first is taken.
pub(crate) const PREFERRED: &[&str] =
    &["domain", "url", "filename", "email-src", "ip-dst", "ip-src"];

/// Languages of patterns that are types of attributes.
pub(crate) const LANGUAGES: &[&str] = &["sigma", "snort", "suricata", "yara"];

/// The type of the attribute of an object that says a property.
pub(crate) fn attribute_type(path: &str, value: &str) -> &'static str {
    let is_address = crate::value::address(value).is_some();
    let leaf = path.rsplit(['.', ':']).next().unwrap_or_default().trim_matches('\'');
    if path.contains(":hashes.") {
        let row = super::attribute::HASHES.iter().find(|(_, stix, _)| *stix == leaf);
        return row.map_or("text", |(misp, ..)| misp);
    }
    match path.split_once(':').map_or("", |(_, rest)| rest) {
        "src_ref.value" if is_address => "ip-src",
        "dst_ref.value" | "resolves_to_refs[*].value" if is_address => "ip-dst",
        "src_ref.value" | "dst_ref.value" => "hostname",
        "from_ref.value" => "email-src",
        "to_refs[*].value" | "cc_refs[*].value" | "bcc_refs[*].value" => "email-dst",
        "src_port" | "dst_port" => "port",
        "size" => "size-in-bytes",
        "subject" => "email-subject",
        "body" => "email-body",
        "message_id" => "email-message-id",
        "key" => "regkey",
        "number" => "AS",
        "mime_type" => "mime-type",
        "value" if path.starts_with("domain-name") => "domain",
        "name" if path.starts_with("file") => "filename",
        "content_ref.payload_bin" | "payload_bin" => "attachment",
        "start" | "end" | "date" | "atime" | "ctime" | "mtime" | "created_time" => "datetime",
        _ => "text",
    }
}
