//! Values: whether a text is one of a kind, and as what STIX has it.

use crate::kind::Observable;
use forewarn_extract::observable::names_file;
use forewarn_extract::refang::refang;
use std::borrow::Cow;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// A value of a kind that leaves nothing open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Value<'a> {
    pub(crate) exact: Exact,
    /// As it was meant, without defanging.
    pub(crate) text: Cow<'a, str>,
    /// The port that stands after an address.
    pub(crate) port: Option<u16>,
}

/// The property of STIX that a value stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Exact {
    Ipv4,
    Ipv6,
    Domain,
    Url,
    Email,
    Mac,
    System,
    Md5,
    Sha1,
    Sha256,
    Sha512,
    FileName,
    Vulnerability,
}

impl Exact {
    /// The path of the property, as patterns write it. A vulnerability is no observable.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Exact::Ipv4 => "ipv4-addr:value",
            Exact::Ipv6 => "ipv6-addr:value",
            Exact::Domain => "domain-name:value",
            Exact::Url => "url:value",
            Exact::Email => "email-addr:value",
            Exact::Mac => "mac-addr:value",
            Exact::System => "autonomous-system:number",
            Exact::Md5 => "file:hashes.MD5",
            Exact::Sha1 => "file:hashes.'SHA-1'",
            Exact::Sha256 => "file:hashes.'SHA-256'",
            Exact::Sha512 => "file:hashes.'SHA-512'",
            Exact::FileName => "file:name",
            Exact::Vulnerability => "",
        }
    }

    /// The name of a hash in STIX (§10.7); `None` for what is none.
    pub(crate) fn hash(self) -> Option<&'static str> {
        match self {
            Exact::Md5 => Some("MD5"),
            Exact::Sha1 => Some("SHA-1"),
            Exact::Sha256 => Some("SHA-256"),
            Exact::Sha512 => Some("SHA-512"),
            Exact::Ipv4
            | Exact::Ipv6
            | Exact::Domain
            | Exact::Url
            | Exact::Email
            | Exact::Mac
            | Exact::System
            | Exact::FileName
            | Exact::Vulnerability => None,
        }
    }
}

/// Reads a text as a value of a kind; `None` where it is none.
pub(crate) fn read(kind: Observable, written: &str) -> Option<Value<'_>> {
    let text = plain(written);
    let fits = |exact: Exact, fits: bool| fits.then_some(exact);
    let exact = match kind {
        Observable::Ipv4 | Observable::Ipv6 | Observable::Address => {
            let value = address(text)?;
            let wanted = match kind {
                Observable::Ipv4 => value.exact == Exact::Ipv4,
                Observable::Ipv6 => value.exact == Exact::Ipv6,
                _ => true,
            };
            return wanted.then_some(value);
        }
        Observable::Domain => return domain(text),
        Observable::Mac => {
            let text: Cow<'_, str> = text.to_ascii_lowercase().replace('-', ":").into();
            return is_mac(&text).then_some(Value { exact: Exact::Mac, text, port: None });
        }
        Observable::System => {
            let digits = text.strip_prefix("AS").or_else(|| text.strip_prefix("as"));
            let digits = digits.unwrap_or(&text).trim().to_owned();
            digits.parse::<u32>().ok()?;
            return Some(Value { exact: Exact::System, text: digits.into(), port: None });
        }
        Observable::Hash => hash(&text),
        Observable::Md5 => hash(&text).filter(|exact| *exact == Exact::Md5),
        Observable::Sha1 => hash(&text).filter(|exact| *exact == Exact::Sha1),
        Observable::Sha256 => hash(&text).filter(|exact| *exact == Exact::Sha256),
        Observable::Sha512 => hash(&text).filter(|exact| *exact == Exact::Sha512),
        Observable::Url => fits(Exact::Url, is_url(&text)),
        Observable::Email => fits(Exact::Email, is_email(&text)),
        Observable::FileName => {
            fits(Exact::FileName, !text.is_empty() && !text.contains(char::is_control))
        }
        Observable::Vulnerability => {
            return is_cve(&text).then(|| Value {
                exact: Exact::Vulnerability,
                text: text.to_ascii_uppercase().into(),
                port: None,
            });
        }
    }?;
    Some(Value { exact, text, port: None })
}

/// Reads a text as what its form shows: only what cannot be meant otherwise.
pub(crate) fn by_form(written: &str) -> Option<Value<'_>> {
    let text = plain(written);
    let kind = match text.as_bytes() {
        [] => return None,
        bytes if bytes.contains(&b' ') => return None,
        _ if text.contains("://") => Observable::Url,
        bytes if bytes.contains(&b'@') => Observable::Email,
        _ if hash(&text).is_some() => Observable::Hash,
        _ if is_cve(&text) => Observable::Vulnerability,
        [b'A' | b'a', b'S' | b's', rest @ ..]
            if !rest.is_empty() && rest.iter().all(u8::is_ascii_digit) =>
        {
            Observable::System
        }
        _ if is_mac(&text.to_ascii_lowercase().replace('-', ":")) => Observable::Mac,
        bytes if bytes.contains(&b':') || bytes.iter().all(|b| !b.is_ascii_alphabetic()) => {
            Observable::Address
        }
        _ if names_file(&text) => return None,
        _ => Observable::Domain,
    };
    read(kind, written)
}

/// As it was meant: without white space and quotes around it, and without defanging.
fn plain(written: &str) -> Cow<'_, str> {
    refang(written.trim().trim_matches(['"', '\'']))
}

fn address(text: Cow<'_, str>) -> Option<Value<'_>> {
    let of = |address: IpAddr| if address.is_ipv4() { Exact::Ipv4 } else { Exact::Ipv6 };
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(Value { exact: of(address), text, port: None });
    }
    if let Ok(both) = text.parse::<SocketAddr>() {
        let text = both.ip().to_string().into();
        return Some(Value { exact: of(both.ip()), text, port: Some(both.port()) });
    }
    if let Some(inner) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let address: Ipv6Addr = inner.parse().ok()?;
        return Some(Value { exact: Exact::Ipv6, text: address.to_string().into(), port: None });
    }
    let (address, bits) = text.split_once('/')?;
    let address: IpAddr = address.parse().ok()?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let bits: u8 = bits.parse().ok().filter(|bits| *bits <= most)?;
    let exact = of(address);
    // A block of one is the address.
    let text = if bits == most { address.to_string().into() } else { text };
    Some(Value { exact, text, port: None })
}

/// A domain's name; of a list for browsers, `||acme.example^` too, and of others a dot before it.
fn domain(text: Cow<'_, str>) -> Option<Value<'_>> {
    let bare = text.strip_prefix("||").and_then(|rest| rest.strip_suffix('^')).unwrap_or(&text);
    let bare = bare.strip_suffix('.').unwrap_or(bare);
    let (wild, name) = match bare.strip_prefix("*.").or_else(|| bare.strip_prefix('.')) {
        Some(name) => (true, name),
        None => (false, bare),
    };
    if !is_domain(name) {
        return None;
    }
    let text = match (wild, name.len() == text.len()) {
        (true, _) => format!("*.{name}").into(),
        (false, true) => text,
        (false, false) => name.to_owned().into(),
    };
    Some(Value { exact: Exact::Domain, text, port: None })
}

/// Whether a text has the form of a host's name (RFC 1035 §2.3.1, with `_`, in any alphabet): two
/// labels or more, and the last no number.
pub(crate) fn is_domain(name: &str) -> bool {
    let mut labels = 0;
    let mut last = "";
    for label in name.split('.') {
        let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
        if label.is_empty() || label.len() > 63 || !label.chars().all(fits) {
            return false;
        }
        if label.starts_with('-') || label.ends_with('-') {
            return false;
        }
        labels += 1;
        last = label;
    }
    labels > 1 && name.len() <= 253 && last.len() > 1 && last.chars().any(char::is_alphabetic)
}

fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
        && !rest.is_empty()
        && !text.contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"".contains(c))
}

fn is_email(text: &str) -> bool {
    let Some((user, host)) = text.rsplit_once('@') else { return false };
    let fits = |c: char| !c.is_whitespace() && !c.is_control() && !"<>()[]\\,;:\"@".contains(c);
    !user.is_empty() && user.chars().all(fits) && is_domain(host)
}

fn hash(text: &str) -> Option<Exact> {
    let exact = match text.len() {
        32 => Exact::Md5,
        40 => Exact::Sha1,
        64 => Exact::Sha256,
        128 => Exact::Sha512,
        _ => return None,
    };
    text.bytes().all(|b| b.is_ascii_hexdigit()).then_some(exact)
}

fn is_mac(text: &str) -> bool {
    text.len() == 17
        && text.bytes().enumerate().all(|(n, b)| match n % 3 {
            2 => b == b':',
            _ => b.is_ascii_hexdigit(),
        })
}

fn is_cve(text: &str) -> bool {
    let Some((start, rest)) = text.split_at_checked(4) else { return false };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    start.eq_ignore_ascii_case("cve-")
        && rest.split_once('-').is_some_and(|(year, number)| {
            year.len() == 4 && (4..=9).contains(&number.len()) && digits(year) && digits(number)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_is_known_and_defanging_is_undone() {
        for (written, exact, text) in [
            ("198.51.100[.]7", Exact::Ipv4, "198.51.100.7"),
            ("198.51.100.0/24", Exact::Ipv4, "198.51.100.0/24"),
            ("198.51.100.7/32", Exact::Ipv4, "198.51.100.7"),
            ("198.51.100.7:443", Exact::Ipv4, "198.51.100.7"),
            ("2001:db8::1", Exact::Ipv6, "2001:db8::1"),
            ("[2001:db8::1]:80", Exact::Ipv6, "2001:db8::1"),
            ("evil[.]example.", Exact::Domain, "evil.example"),
            ("||evil.example^", Exact::Domain, "evil.example"),
            ("*.evil.example", Exact::Domain, "*.evil.example"),
            ("hxxps://evil.example/a?b", Exact::Url, "https://evil.example/a?b"),
            ("ana[at]evil[.]example", Exact::Email, "ana@evil.example"),
            ("d41d8cd98f00b204e9800998ecf8427e", Exact::Md5, "d41d8cd98f00b204e9800998ecf8427e"),
            ("AS64496", Exact::System, "64496"),
            ("00-00-5E-00-53-01", Exact::Mac, "00:00:5e:00:53:01"),
            ("cve-2017-0144", Exact::Vulnerability, "CVE-2017-0144"),
            ("\"müller.example\"", Exact::Domain, "müller.example"),
        ] {
            let value = by_form(written).unwrap_or_else(|| panic!("{written}"));
            assert_eq!((value.exact, &*value.text), (exact, text), "{written}");
        }
        assert_eq!(by_form("198.51.100.7:443").and_then(|value| value.port), Some(443));
    }

    #[test]
    fn what_may_be_something_else_is_left_alone() {
        for text in [
            "",
            "word",
            "999.1.1.1",
            "198.51.100.0/33",
            "invoice.exe",
            "two words.example",
            "1.2",
            "evil..example",
            "-a.example",
            "http://",
            "@a.example",
            "d41d8cd98f00b204e9800998ecf8427",
            "CVE-17-1",
            "12:30",
            "a.b",
        ] {
            assert_eq!(by_form(text), None, "{text}");
        }
        assert!(read(Observable::FileName, "invoice.exe").is_some());
        assert!(read(Observable::Ipv4, "2001:db8::1").is_none());
        assert!(read(Observable::Sha256, "d41d8cd98f00b204e9800998ecf8427e").is_none());
    }
}
