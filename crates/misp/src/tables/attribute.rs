//! Types of attributes.

use hashbrown::HashMap;
use std::sync::LazyLock;

/// What an attribute of a type becomes.
#[derive(Debug)]
pub(crate) struct AttributeRow {
    /// The type.
    pub(crate) name: &'static str,
    /// Whether it counts as a sign of an attack where the attribute does not say so.
    pub(crate) ids: bool,
    pub(crate) to: AttributeTo,
}

#[derive(Debug)]
pub(crate) enum AttributeTo {
    /// Something observed, and a pattern where it is a sign of an attack: for each part of the value,
    /// which `|` separates, the property.
    Observed(&'static [&'static str]),
    /// As before, with a property that always has this value.
    With(&'static [&'static str], (&'static str, &'static str)),
    /// A pattern only: the standard lets none be observed by itself.
    Pattern(&'static str),
    /// A rule in a language of its own.
    Rule,
    /// An object of this type that has the value as its name; and a property that it has besides.
    Named(&'static str, Option<(&'static str, &'static str)>),
}

use AttributeTo::{Named, Observed, Pattern, Rule, With};

const fn sign(name: &'static str, to: AttributeTo) -> AttributeRow {
    AttributeRow { name, ids: true, to }
}

const fn plain(name: &'static str, to: AttributeTo) -> AttributeRow {
    AttributeRow { name, ids: false, to }
}

/// Where the bytes of an attribute go.
pub(crate) const DATA: &str = "file:content_ref.payload_bin";

pub(crate) const ROWS: &[AttributeRow] = &[
    plain("AS", Observed(&["autonomous-system:number"])),
    plain("attachment", Observed(&["file:name"])),
    plain("campaign-name", Named("campaign", None)),
    sign("domain", Observed(&["domain-name:value"])),
    sign("domain|ip", Observed(&["domain-name:value", "domain-name:resolves_to_refs[*].value"])),
    sign("email", Observed(&["email-addr:value"])),
    sign("email-attachment", Observed(&["email-message:body_multipart[*].body_raw_ref.name"])),
    plain("email-body", Observed(&["email-message:body"])),
    sign("email-dst", Observed(&["email-message:to_refs[*].value"])),
    plain("email-header", Observed(&["email-message:received_lines[*]"])),
    plain("email-message-id", Observed(&["email-message:message_id"])),
    plain("email-reply-to", Observed(&["email-message:additional_header_fields.'Reply-To'"])),
    sign("email-src", Observed(&["email-message:from_ref.value"])),
    plain("email-subject", Observed(&["email-message:subject"])),
    plain("email-x-mailer", Observed(&["email-message:additional_header_fields.'X-Mailer'"])),
    sign("filename", Observed(&["file:name"])),
    plain("github-username", With(ACCOUNT, ("user-account:account_type", "github"))),
    sign("hostname", Observed(&["domain-name:value"])),
    sign("hostname|port", Observed(&["network-traffic:dst_ref.value", "network-traffic:dst_port"])),
    plain("http-method", Pattern("network-traffic:extensions.'http-request-ext'.request_method")),
    sign("ip-dst", Observed(&["network-traffic:dst_ref.value"])),
    sign("ip-dst|port", Observed(&["network-traffic:dst_ref.value", "network-traffic:dst_port"])),
    sign("ip-src", Observed(&["network-traffic:src_ref.value"])),
    sign("ip-src|port", Observed(&["network-traffic:src_ref.value", "network-traffic:src_port"])),
    plain("link", Observed(&["url:value"])),
    plain("mac-address", Observed(&["mac-addr:value"])),
    sign("malware-sample", Observed(&["file:name", "file:hashes.MD5"])),
    sign("mutex", Observed(&["mutex:name"])),
    sign("onion-address", Observed(&["domain-name:value"])),
    plain("port", Pattern("network-traffic:dst_port")),
    sign("regkey", Observed(&["windows-registry-key:key"])),
    sign(
        "regkey|value",
        Observed(&["windows-registry-key:key", "windows-registry-key:values[*].data"]),
    ),
    sign("sigma", Rule),
    plain("size-in-bytes", Pattern("file:size")),
    sign("snort", Rule),
    sign("suricata", Rule),
    plain("target-email", Observed(&["email-addr:value"])),
    plain("target-location", Named("location", None)),
    plain("target-org", Named("identity", Some(("identity_class", "organization")))),
    plain("target-user", Named("identity", Some(("identity_class", "individual")))),
    plain("threat-actor", Named("threat-actor", None)),
    sign("uri", Observed(&["url:value"])),
    sign("url", Observed(&["url:value"])),
    plain(
        "user-agent",
        Pattern("network-traffic:extensions.'http-request-ext'.request_header.'User-Agent'"),
    ),
    plain("vulnerability", Named("vulnerability", None)),
    sign("x509-fingerprint-md5", Observed(&["x509-certificate:hashes.MD5"])),
    sign("x509-fingerprint-sha1", Observed(&["x509-certificate:hashes.'SHA-1'"])),
    sign("x509-fingerprint-sha256", Observed(&["x509-certificate:hashes.'SHA-256'"])),
    sign("yara", Rule),
];

const ACCOUNT: &[&str] = &["user-account:account_login"];

/// Each kind of digest: MISP's type, the name in STIX's vocabulary (§10.9) or one of its form, and
/// how many hexadecimal digits it has, where that is fixed.
pub(crate) const HASHES: &[(&str, &str, Option<usize>)] = &[
    ("authentihash", "AUTHENTIHASH", Some(64)),
    ("cdhash", "CDHASH", None),
    ("impfuzzy", "IMPFUZZY", None),
    ("imphash", "IMPHASH", Some(32)),
    ("md5", "MD5", Some(32)),
    ("pehash", "PEHASH", Some(40)),
    ("sha1", "SHA-1", Some(40)),
    ("sha224", "SHA-224", Some(56)),
    ("sha256", "SHA-256", Some(64)),
    ("sha3-224", "SHA3-224", Some(56)),
    ("sha3-256", "SHA3-256", Some(64)),
    ("sha3-384", "SHA3-384", Some(96)),
    ("sha3-512", "SHA3-512", Some(128)),
    ("sha384", "SHA-384", Some(96)),
    ("sha512", "SHA-512", Some(128)),
    ("sha512/224", "SHA-512-224", Some(56)),
    ("sha512/256", "SHA-512-256", Some(64)),
    ("ssdeep", "SSDEEP", None),
    ("telfhash", "TELFHASH", None),
    ("tlsh", "TLSH", Some(70)),
    ("vhash", "VHASH", None),
];

/// The properties of a type of attribute, part by part, with a property of a fixed value.
pub(crate) struct Found {
    pub(crate) paths: Vec<String>,
    pub(crate) fixed: Option<(&'static str, &'static str)>,
}

/// The property that a digest of a file stands in.
pub(crate) fn hash_path(name: &str) -> Option<String> {
    let (_, stix, _) = HASHES.iter().find(|(misp, ..)| *misp == name)?;
    Some(format!("file:hashes.'{stix}'"))
}

static BY_NAME: LazyLock<
    HashMap<&'static str, &'static AttributeRow, foldhash::fast::RandomState>,
> = LazyLock::new(|| ROWS.iter().map(|row| (row.name, row)).collect());

static OBSERVED: LazyLock<HashMap<String, Found, foldhash::fast::RandomState>> =
    LazyLock::new(|| {
        let mut all = HashMap::default();
        for row in ROWS {
            let (parts, fixed) = match &row.to {
                Observed(parts) => (*parts, None),
                With(parts, fixed) => (*parts, Some(*fixed)),
                Pattern(_) | Rule | Named(..) => continue,
            };
            let paths = parts.iter().map(|part| (*part).to_owned()).collect();
            all.insert(row.name.to_owned(), Found { paths, fixed });
        }
        for (misp, stix, _) in HASHES {
            let path = format!("file:hashes.'{stix}'");
            let with_name = vec!["file:name".to_owned(), path.clone()];
            all.insert((*misp).to_owned(), Found { paths: vec![path], fixed: None });
            all.insert(format!("filename|{misp}"), Found { paths: with_name, fixed: None });
        }
        all
    });

/// The row of a type that has one; digests have none.
pub(crate) fn row(name: &str) -> Option<&'static AttributeRow> {
    BY_NAME.get(name).copied()
}

/// The properties that a type is observed by.
pub(crate) fn observed(name: &str) -> Option<&'static Found> {
    OBSERVED.get(name)
}

/// Whether an attribute of a type is a sign of an attack where it does not say so: what MISP's own
/// description of its types has (`describeTypes.json`), for those that patterns are made of.
pub(crate) fn is_sign(name: &str) -> bool {
    match row(name) {
        Some(row) => row.ids,
        None => OBSERVED.contains_key(name),
    }
}

/// All types that are observed.
pub(crate) fn types() -> impl Iterator<Item = &'static str> {
    let mut all: Vec<&'static str> = OBSERVED.keys().map(String::as_str).collect();
    all.sort_unstable();
    all.into_iter()
}
