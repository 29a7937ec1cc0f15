//! What a column may hold, and the words for it: those of STIX where it has one.

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Something that can be watched for.
    Observable(Observable),
    /// Something that can be watched for, of the kind that its form shows.
    Value,
    /// The kind of what stands in the column of the kind `value`.
    Type,
    /// When it was seen first: from then on it is watched for.
    FirstSeen,
    /// When it was seen last.
    LastSeen,
    /// Until when it is watched for.
    ValidUntil,
    /// From 0 to 100, or `low`, `medium`, `high` (STIX 2.1, appendix A).
    Confidence,
    /// What the object is called.
    Name,
    /// Words about it.
    Description,
    /// Words by which it is filed.
    Labels,
    /// A level of the Traffic Light Protocol.
    Tlp,
    /// What is to be left out.
    LeftOut,
}

/// What can be watched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Observable {
    Ipv4,
    Ipv6,
    /// An address of either kind.
    Address,
    Domain,
    Url,
    Email,
    Mac,
    System,
    /// A digest of a file; which one, its length says.
    Hash,
    Md5,
    Sha1,
    Sha256,
    Sha512,
    FileName,
    Vulnerability,
}

use Kind::Observable as Of;

/// Each kind, with its word in `--columns`, and names that columns and types have for it elsewhere,
/// in small letters and digits only.
const WORDS: &[(Kind, &str, &[&str])] = &[
    (Of(Observable::Ipv4), "ipv4-addr", &["ipv4", "ipv4address", "ip4"]),
    (Of(Observable::Ipv6), "ipv6-addr", &["ipv6", "ipv6address", "ip6"]),
    (
        Of(Observable::Address),
        "ip",
        &[
            "address",
            "ipaddr",
            "ipaddress",
            "ipdst",
            "ipsrc",
            "dstip",
            "srcip",
            "cidr",
            "ipport",
            "prefix",
            "network",
            "ipdstport",
            "ipsrcport",
        ],
    ),
    (Of(Observable::Domain), "domain-name", &["domain", "host", "hostname", "fqdn", "dns", "site"]),
    (Of(Observable::Url), "url", &["uri", "link"]),
    (
        Of(Observable::Email),
        "email-addr",
        &["email", "emailaddress", "mail", "sender", "emailsrc", "emaildst"],
    ),
    (Of(Observable::Mac), "mac-addr", &["mac", "macaddress"]),
    (Of(Observable::System), "autonomous-system", &["asn", "as", "asnumber"]),
    (Of(Observable::Hash), "hash", &["filehash", "digest", "checksum"]),
    (Of(Observable::Md5), "md5", &["md5hash", "filehashmd5", "hashmd5"]),
    (Of(Observable::Sha1), "sha-1", &["sha1", "sha1hash", "filehashsha1", "hashsha1"]),
    (Of(Observable::Sha256), "sha-256", &["sha256", "sha256hash", "filehashsha256", "hashsha256"]),
    (Of(Observable::Sha512), "sha-512", &["sha512", "sha512hash", "filehashsha512"]),
    (Of(Observable::FileName), "file-name", &["filename", "file"]),
    (Of(Observable::Vulnerability), "vulnerability", &["cve", "cveid", "cvenumber"]),
    (Kind::Value, "value", &["indicator", "ioc", "iocvalue", "observable", "indicatorvalue"]),
    (Kind::Type, "type", &["ioctype", "indicatortype", "kind", "observabletype"]),
    (
        Kind::FirstSeen,
        "first_seen",
        &[
            "firstseen",
            "firstseenutc",
            "dateadded",
            "date",
            "time",
            "timestamp",
            "seen",
            "created",
            "added",
        ],
    ),
    (Kind::LastSeen, "last_seen", &["lastseen", "lastseenutc", "lastonline"]),
    (Kind::ValidUntil, "valid_until", &["validuntil", "expires", "expiry", "expirationdate"]),
    (Kind::Confidence, "confidence", &["confidencelevel"]),
    (Kind::Name, "name", &["title"]),
    (Kind::Description, "description", &["comment", "note", "notes", "comments"]),
    (Kind::Labels, "labels", &["tags", "tag", "label"]),
    (Kind::Tlp, "tlp", &["marking", "tlplevel"]),
    (Kind::LeftOut, "left-out", &["ignore", "skip"]),
];

impl Kind {
    /// The word for it in `--columns`.
    pub(crate) fn word(self) -> &'static str {
        WORDS.iter().find(|(kind, _, _)| *kind == self).map_or("", |(_, word, _)| word)
    }

    /// The kind with a word, or with a name that others have for it.
    pub(crate) fn named(text: &str) -> Option<Kind> {
        let bare: String = text
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_lowercase())
            .collect();
        let is = |word: &str| word.bytes().filter(u8::is_ascii_alphanumeric).eq(bare.bytes());
        let found = WORDS.iter().find(|(_, word, others)| is(word) || others.contains(&&*bare));
        found.map(|(kind, _, _)| *kind)
    }

    /// Every word, for a message.
    pub(crate) fn words() -> String {
        WORDS.iter().map(|(_, word, _)| *word).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_is_read_back_and_no_name_stands_for_two_kinds() {
        let mut seen = std::collections::BTreeSet::new();
        for (kind, word, others) in WORDS {
            assert_eq!(Kind::named(word), Some(*kind), "{word}");
            assert_eq!(kind.word(), *word);
            for name in *others {
                assert_eq!(Kind::named(name), Some(*kind), "{name}");
                assert!(seen.insert(*name), "{name}");
            }
        }
        assert_eq!(Kind::named("First Seen (UTC)"), Some(Kind::FirstSeen));
        assert_eq!(Kind::named("colour"), None);
    }
}
