//! What a drafter puts in to be watched for, by the form of its words.

use super::kind::ObservableKind;
use forewarn_extract::refang::refang;
use forewarn_matching::terms::network;
use ipnet::IpNet;
use serde_json::{Value, json};

/// The kinds that are read, for whoever has written another.
pub(super) const KINDS: &str = "a domain, address, URL, e-mail address, hash of a file (MD5, SHA-1, \
                                SHA-256, SHA-512) or CVE";

/// Something to watch for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Observable {
    /// Something that a sensor meets.
    Seen(Seen),
    /// A vulnerability with this CVE number.
    Cve(String),
}

/// Something that a sensor meets: a property of an observable of STIX, and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    kind: &'static str,
    property: Property,
    value: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Property {
    Value,
    /// Of a file, by the name of the algorithm.
    Hash(&'static str),
}

impl Seen {
    /// Its kind.
    pub(super) fn kind(&self) -> ObservableKind {
        match self.kind {
            "domain-name" => ObservableKind::Domain,
            "url" => ObservableKind::Url,
            "email-addr" => ObservableKind::Email,
            "file" => ObservableKind::Hash,
            // The two families of addresses.
            _ => ObservableKind::Address,
        }
    }

    /// The pattern that matches it.
    pub(super) fn pattern(&self) -> String {
        let value = self.value.replace('\\', "\\\\").replace('\'', "\\'");
        match self.property {
            Property::Value => format!("[{}:value = '{value}']", self.kind),
            Property::Hash(algorithm) => {
                format!("[{}:hashes.'{algorithm}' = '{value}']", self.kind)
            }
        }
    }

    /// Its type, and its properties as an object.
    pub(super) fn object(&self) -> (&'static str, Value) {
        let properties = match self.property {
            Property::Value => json!({ "value": self.value }),
            Property::Hash(algorithm) => json!({ "hashes": { algorithm: self.value } }),
        };
        (self.kind, properties)
    }
}

/// What a text stands for, in the form that a sensor meets: not defanged. `None` when it has the
/// form of no observable.
pub(super) fn read(text: &str) -> Option<Observable> {
    let text = &*refang(text.trim());
    if text.is_empty() || text.contains(char::is_whitespace) {
        return None;
    }
    if let Some(number) = cve(text) {
        return Some(Observable::Cve(number));
    }
    if let Some((algorithm, digits)) = hash(text) {
        let (kind, property) = ("file", Property::Hash(algorithm));
        return Some(Observable::Seen(Seen { kind, property, value: digits }));
    }
    match network(text) {
        Some(IpNet::V4(_)) => Some(seen("ipv4-addr", text)),
        Some(IpNet::V6(_)) => Some(seen("ipv6-addr", text)),
        None if text.contains("://") => url(text).map(|url| seen("url", &url)),
        None if text.contains('@') => address(text).map(|at| seen("email-addr", at)),
        None if is_domain(text) => Some(seen("domain-name", text)),
        None => None,
    }
}

/// A URL of a scheme that sensors look at, the scheme in lower case.
fn url(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    if !["http", "https", "ftp"].contains(&scheme.as_str()) {
        return None;
    }
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    let bare = match host.strip_prefix('[').and_then(|host| host.split_once(']')) {
        Some((address, _)) => address,
        None => host.split(':').next()?,
    };
    (network(bare).is_some() || is_domain(bare)).then(|| format!("{scheme}://{rest}"))
}

/// A name of two labels or more, the last of which is no number (RFC 1123 §2.1), in any alphabet.
fn is_domain(text: &str) -> bool {
    let label = |one: &str| {
        (1..=63).contains(&one.len())
            && !one.starts_with('-')
            && !one.ends_with('-')
            && one.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
    };
    let name = text.strip_suffix('.').unwrap_or(text);
    let last = name.rsplit('.').next().unwrap_or_default();
    name.contains('.') && name.split('.').all(label) && !last.bytes().all(|b| b.is_ascii_digit())
}

fn seen(kind: &'static str, value: &str) -> Observable {
    Observable::Seen(Seen { kind, property: Property::Value, value: value.to_owned() })
}

/// `CVE-YEAR-NUMBER`, in capitals.
fn cve(text: &str) -> Option<String> {
    let text = text.to_ascii_uppercase();
    let (year, number) = text.strip_prefix("CVE-")?.split_once('-')?;
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let good =
        year.len() == 4 && (4..=19).contains(&number.len()) && digits(year) && digits(number);
    good.then_some(text)
}

/// Hash algorithms of STIX (§10.13) by the number of their hexadecimal digits.
const HASHES: &[(usize, &str)] = &[(32, "MD5"), (40, "SHA-1"), (64, "SHA-256"), (128, "SHA-512")];

/// A hash and its algorithm: known by its length, or named before a colon, as `sha256:…`.
fn hash(text: &str) -> Option<(&'static str, String)> {
    let (named, digits) = match text.split_once(':') {
        Some((named, digits)) => (Some(plain(named)), digits),
        None => (None, text),
    };
    let (_, algorithm) = HASHES.iter().find(|(length, _)| *length == digits.len())?;
    let fits = named.is_none_or(|named| named == plain(algorithm));
    let good = fits && digits.bytes().all(|b| b.is_ascii_hexdigit());
    good.then(|| (*algorithm, digits.to_ascii_lowercase()))
}

/// The name of an algorithm without its hyphens, in lower case.
fn plain(algorithm: &str) -> String {
    algorithm.chars().filter(|c| *c != '-').collect::<String>().to_ascii_lowercase()
}

/// An e-mail address, with or without `mailto:`.
fn address(text: &str) -> Option<&str> {
    let text = text.strip_prefix("mailto:").unwrap_or(text);
    let (local, host) = text.split_once('@')?;
    let local_is_good = (1..=64).contains(&local.len())
        && !local.contains(|c: char| c.is_control() || "@\"(),:;<>[]\\/".contains(c));
    (local_is_good && is_domain(host)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<String> {
        match read(text)? {
            Observable::Seen(seen) => Some(seen.pattern()),
            Observable::Cve(number) => Some(number),
        }
    }

    #[test]
    fn what_is_defanged_leaves_as_sensors_meet_it_and_what_is_none_does_not() {
        for (text, expected) in [
            ("hxxp://a[.]example/x", "[url:value = 'http://a.example/x']"),
            ("HTTPS://a.example/X", "[url:value = 'https://a.example/X']"),
            ("ftp://203.0.113.9/x", "[url:value = 'ftp://203.0.113.9/x']"),
            ("http://[2001:db8::1]:80/", "[url:value = 'http://[2001:db8::1]:80/']"),
            ("203[.]0[.]113[.]9", "[ipv4-addr:value = '203.0.113.9']"),
            ("ana[at]acme[.]example", "[email-addr:value = 'ana@acme.example']"),
            ("a[.]example", "[domain-name:value = 'a.example']"),
            ("müller.example", "[domain-name:value = 'müller.example']"),
        ] {
            assert_eq!(of(text).as_deref(), Some(expected), "{text}");
        }
        for none in [
            "203.0.113.300",
            "203.0.113.0/33",
            "1.2.3",
            "a'b.example",
            "gopher://a.example",
            "http://x",
            "-a.example",
        ] {
            assert_eq!(of(none), None, "{none}");
        }
    }

    #[test]
    fn each_form_is_what_it_looks_like() {
        let sha = "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855";
        for (text, expected) in [
            ("c2.example.org", "[domain-name:value = 'c2.example.org']"),
            ("198.51.100.7", "[ipv4-addr:value = '198.51.100.7']"),
            ("2001:db8::/32", "[ipv6-addr:value = '2001:db8::/32']"),
            ("https://a.example/x@y", "[url:value = 'https://a.example/x@y']"),
            ("o'neil@a.example", "[email-addr:value = 'o\\'neil@a.example']"),
            ("mailto:a@b.example", "[email-addr:value = 'a@b.example']"),
            ("cve-2021-44228", "CVE-2021-44228"),
            (
                "d41d8cd98f00b204e9800998ecf8427e",
                "[file:hashes.'MD5' = 'd41d8cd98f00b204e9800998ecf8427e']",
            ),
            (
                "sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709",
                "[file:hashes.'SHA-1' = 'da39a3ee5e6b4b0d3255bfef95601890afd80709']",
            ),
        ] {
            assert_eq!(of(text).as_deref(), Some(expected), "{text}");
        }
        let lower = sha.to_ascii_lowercase();
        let expected = format!("[file:hashes.'SHA-256' = '{lower}']");
        assert_eq!(of(&format!("SHA-256:{sha}")).unwrap(), expected);
        let long = "a".repeat(128);
        assert_eq!(of(&long).unwrap(), format!("[file:hashes.'SHA-512' = '{long}']"));
    }

    #[test]
    fn what_has_no_form_is_none() {
        for text in [
            "",
            "word",
            "two words.example",
            "a@b@c.example",
            "@b.example",
            "a@-b.example",
            "CVE-21-44228",
            "CVE-2021-x",
            "md5:da39a3ee5e6b4b0d3255bfef95601890afd80709",
            "d41d8cd98f00b204e9800998ecf8427",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
