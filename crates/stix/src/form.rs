//! The forms of texts: addresses, names, tags, and identifiers of other standards.

use crate::rule;
use crate::schema::{Form, Keys};

pub(crate) static URL: Form = Form {
    rule: &rule::URL,
    expected: "a URL with its scheme, such as https://example.org/a%20b",
    fits: is_url,
    sample: "https://example.org/a",
    counter: "no url",
};
pub(crate) static DOMAIN: Form = Form {
    rule: &rule::DOMAIN,
    expected: "a domain name, such as example.org",
    fits: is_domain,
    sample: "example.org",
    counter: "no domain",
};
pub(crate) static EMAIL: Form = Form {
    rule: &rule::EMAIL,
    expected: "an address such as jane@example.org, without a display name",
    fits: is_email,
    sample: "jane@example.org",
    counter: "Jane <jane@example.org>",
};
pub(crate) static IPV4: Form = Form {
    rule: &rule::IPV4,
    expected: "an IPv4 address or block",
    fits: is_block::<std::net::Ipv4Addr, 32>,
    sample: "198.51.100.0/24",
    counter: "300.1.1.1",
};
pub(crate) static IPV6: Form = Form {
    rule: &rule::IPV6,
    expected: "an IPv6 address or block",
    fits: is_block::<std::net::Ipv6Addr, 128>,
    sample: "2001:db8::/32",
    counter: "::1::",
};
pub(crate) static MAC: Form = Form {
    rule: &rule::MAC,
    expected: "a MAC address in lower case with colons",
    fits: is_mac,
    sample: "00:00:ab:cd:ef:01",
    counter: "00-00-AB-CD-EF-01",
};
pub(crate) static CPE: Form = Form {
    rule: &rule::CPE,
    expected: "a CPE 2.3 formatted string, cpe:2.3:a:vendor:product:1.0:*:*:*:*:*:*:*",
    fits: is_cpe,
    sample: "cpe:2.3:a:vendor:product:1.0:*:*:*:*:*:*:*",
    counter: "cpe:/a:vendor",
};
pub(crate) static LANGUAGE: Form = Form {
    rule: &rule::LANGUAGE,
    expected: "a language tag such as en or pt-BR",
    fits: is_language,
    sample: "pt-BR",
    counter: "klingonese",
};
pub(crate) static CHARSET: Form = Form {
    rule: &rule::ENCODING,
    expected: "the name of a character set, such as windows-1252",
    fits: is_charset,
    sample: "windows-1252",
    counter: "no such set",
};
pub(crate) static MIME: Form = Form {
    rule: &rule::MIME_TYPE,
    expected: "a MIME type such as image/png",
    fits: is_mime,
    sample: "image/png",
    counter: "picture",
};
pub(crate) static FILE_MIME: Form = Form {
    rule: &rule::MIME_TYPE_FILE,
    expected: "a MIME type such as image/png",
    fits: is_mime,
    sample: "image/png",
    counter: "picture",
};
pub(crate) static HEX: Form = Form {
    rule: &rule::HEX,
    expected: "an even number of 0-9 and a-f",
    fits: is_hex,
    sample: "ffd8",
    counter: "FFD8",
};
pub(crate) static BINARY: Form = Form {
    rule: &rule::BINARY,
    expected: "base64",
    fits: is_base64,
    sample: "VGhpcw==",
    counter: "not base64",
};
pub(crate) static RELATIONSHIP: Form = Form {
    rule: &rule::RELATIONSHIP_NAME,
    expected: "a name of a-z, 0-9 and hyphens",
    fits: is_hyphened,
    sample: "uses",
    counter: "Uses It",
};
pub(crate) static PROTOCOL: Form = Form {
    rule: &rule::PROTOCOL,
    expected: "a protocol's registered name in lower case, such as tcp",
    fits: is_protocol,
    sample: "tcp",
    counter: "TCP",
};
pub(crate) static PRIORITY: Form = Form {
    rule: &rule::PRIORITY,
    expected: "a priority class such as NORMAL_PRIORITY_CLASS",
    fits: is_priority,
    sample: "HIGH_PRIORITY_CLASS",
    counter: "high",
};
pub(crate) static COUNTRY: Form = Form {
    rule: &rule::COUNTRY,
    expected: "an ISO 3166-1 alpha-2 code",
    fits: crate::vocabulary::is_country,
    sample: "RU",
    counter: "Ruritania",
};
pub(crate) static HIVE: Form = Form {
    rule: &rule::HIVE,
    expected: "a registry key with its hive in full, such as HKEY_LOCAL_MACHINE\\System",
    fits: has_hive,
    sample: "HKEY_LOCAL_MACHINE\\System",
    counter: "HKLM\\Software",
};

pub(crate) static HEADER_NAMES: Keys = Keys {
    rule: &rule::HEADER_NAME,
    expected: "the name of a header field",
    fits: is_token,
    sample: "User-Agent",
};
pub(crate) static SOCKET_OPTIONS: Keys = Keys {
    rule: &rule::SOCKET_OPTION,
    expected: "a socket option such as SO_KEEPALIVE",
    fits: is_socket_option,
    sample: "SO_KEEPALIVE",
};
pub(crate) static PDF_ENTRIES: Keys = Keys {
    rule: &rule::HEADER_NAME,
    expected: "an entry of a PDF's information dictionary, such as Title",
    fits: is_pdf_entry,
    sample: "Title",
};
pub(crate) static IPFIX_ELEMENTS: Keys = Keys {
    rule: &rule::HEADER_NAME,
    expected: "the name of an IPFIX element, such as octetDeltaCount",
    fits: is_camel,
    sample: "octetDeltaCount",
};
/// Keys that keep their case and may be any name.
pub(crate) static AS_WRITTEN: Keys =
    Keys { rule: &rule::HEADER_NAME, expected: "a name", fits: |_| true, sample: "XResolution" };

fn is_url(text: &str) -> bool {
    fluent_uri::Uri::parse(text).is_ok()
}

/// Whether a text is a domain name: labels of RFC 1034, U-labels of RFC 5890, and the underscores
/// of service names (RFC 8552).
fn is_domain(text: &str) -> bool {
    let label = |label: &str| {
        let fits = |c: char| {
            c.is_alphanumeric() || c == '-' || c == '_' || (!c.is_ascii() && !c.is_whitespace())
        };
        !label.is_empty()
            && label.len() <= 63
            && label.chars().all(fits)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let name = text.strip_suffix('.').unwrap_or(text);
    name.len() <= 253 && name.split('.').all(label)
}

fn is_email(text: &str) -> bool {
    email_address::EmailAddress::parse_with_options(
        text,
        email_address::Options::default().without_display_text(),
    )
    .is_ok()
}

fn is_block<T: std::str::FromStr, const MOST: u8>(text: &str) -> bool {
    let (address, length) = text.split_once('/').map_or((text, None), |(a, l)| (a, Some(l)));
    let fits = |length: &str| {
        let plain = length.bytes().all(|b| b.is_ascii_digit())
            && (length == "0" || !length.starts_with('0'));
        plain && length.parse::<u8>().is_ok_and(|n| n <= MOST)
    };
    address.parse::<T>().is_ok() && length.is_none_or(fits)
}

fn is_mac(text: &str) -> bool {
    let pair = |p: &str| p.len() == 2 && p.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    text.split(':').count() == 6 && text.split(':').all(pair)
}

/// Whether a text is a CPE 2.3 formatted string (NIST IR 7695 §6.2): `cpe:2.3:` and eleven
/// components.
fn is_cpe(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("cpe:2.3:") else { return false };
    let mut components = vec![String::new()];
    let mut chars = rest.chars();
    while let Some(c) = chars.next() {
        match (c, components.last_mut()) {
            (':', _) => components.push(String::new()),
            ('\\', Some(last)) => match chars.next() {
                Some(c) if c.is_ascii_punctuation() => last.push('x'),
                _ => return false,
            },
            (c, Some(last)) if c.is_ascii_alphanumeric() || "-._*?".contains(c) => last.push(c),
            _ => return false,
        }
    }
    let part =
        components.first().is_some_and(|p| matches!(p.as_str(), "a" | "o" | "h" | "*" | "-"));
    part && components.len() == 11 && components.iter().all(|c| !c.is_empty())
}

/// Whether a text is a well-formed tag of RFC 5646 with a primary language of ISO 639.
pub(crate) fn is_language(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    if lower.starts_with("i-") || lower.starts_with("x-") || GRANDFATHERED.contains(&lower.as_str())
    {
        return oxilangtag::LanguageTag::parse(text).is_ok();
    }
    let Ok(tag) = oxilangtag::LanguageTag::parse(text) else { return false };
    let primary = tag.primary_language().to_ascii_lowercase();
    match primary.len() {
        // The codes in `matches!` are registered, but no longer preferred.
        2 => {
            isolang::Language::from_639_1(&primary).is_some()
                || matches!(primary.as_str(), "iw" | "in" | "ji" | "jw" | "mo" | "sh")
        }
        3 => isolang::Language::from_639_3(&primary).is_some() || is_other_three_letters(&primary),
        _ => false,
    }
}

/// The grandfathered tags of RFC 5646 §2.2.8 that would not be valid by their parts.
const GRANDFATHERED: &[&str] = &[
    "en-gb-oed",
    "sgn-be-fr",
    "sgn-be-nl",
    "sgn-ch-de",
    "art-lojban",
    "cel-gaulish",
    "no-bok",
    "no-nyn",
    "zh-guoyu",
    "zh-hakka",
    "zh-min",
    "zh-min-nan",
    "zh-xiang",
];

/// Whether a code is one of ISO 639-2 that ISO 639-3 leaves out: collections of languages, codes
/// for private use, and `und`, `mul`, `mis` and `zxx`.
fn is_other_three_letters(code: &str) -> bool {
    const COLLECTIONS: &str = "afa alg apa art ath aus bad bai bat ber bih bnt btk cai cau cel cmc cpe cpf cpp \
        crp cus day dra fiu gem him ijo inc ine ira iro kar khi kro map mkh mno mun myn nah nai nic nub oto paa \
        phi pra roa sai sal sem sgn sio sit sla smi son ssa tai tup tut wak wen ypk znd und mul mis zxx";
    ("qaa"..="qtz").contains(&code) || COLLECTIONS.split(' ').any(|known| known == code)
}

/// Whether a text has the form of a name in the IANA registry of character sets.
fn is_charset(text: &str) -> bool {
    (2..=250).contains(&text.len())
        && text.bytes().all(|b| {
            b.is_ascii_alphanumeric()
                || matches!(b, b'/' | b'.' | b'+' | b'_' | b':' | b'-' | b'(' | b')')
        })
}

const MIME_TREES: &[&str] = &[
    "application",
    "audio",
    "font",
    "haptics",
    "image",
    "message",
    "model",
    "multipart",
    "text",
    "video",
];

fn is_mime(text: &str) -> bool {
    let (tree, rest) = text.split_once('/').unwrap_or_default();
    let name = rest.split(';').next().unwrap_or_default().trim_end();
    MIME_TREES.contains(&tree)
        && !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
}

pub(crate) fn is_hex(text: &str) -> bool {
    !text.is_empty()
        && text.len().is_multiple_of(2)
        && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

pub(crate) fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    let letters = body.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/'));
    letters && !text.is_empty() && text.len().is_multiple_of(4) && text.len() - body.len() <= 2
}

fn is_hyphened(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

/// Whether a text has the form of a service name (RFC 6335 §5.1).
fn is_protocol(text: &str) -> bool {
    (1..=15).contains(&text.len())
        && text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

fn is_priority(text: &str) -> bool {
    text.len() > "_CLASS".len() && text.ends_with("_CLASS")
}

fn has_hive(text: &str) -> bool {
    let hive = text.split('\\').next().unwrap_or_default();
    !["HKLM", "HKCC", "HKCR", "HKCU", "HKU"].iter().any(|short| short.eq_ignore_ascii_case(hive))
}

/// Whether a text is a token of RFC 9110 §5.6.2, as names of header fields are.
fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}

fn is_socket_option(text: &str) -> bool {
    const FAMILIES: &[&str] = &["SO", "ICMP", "ICMP6", "IP", "IPV6", "MCAST", "TCP", "IRLMP"];
    let (family, name) = text.split_once('_').unwrap_or_default();
    FAMILIES.contains(&family)
        && !name.is_empty()
        && name.bytes().all(|b| matches!(b, b'A'..=b'Z' | b'0'..=b'9' | b'_'))
}

/// Whether a text is an entry of the document information dictionary (ISO 32000-1 §14.3.3).
fn is_pdf_entry(text: &str) -> bool {
    [
        "Title",
        "Author",
        "Subject",
        "Keywords",
        "Creator",
        "Producer",
        "CreationDate",
        "ModDate",
        "Trapped",
    ]
    .contains(&text)
}

fn is_camel(text: &str) -> bool {
    text.len() > 1
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// Whether a text is in lower case with hyphens between words, as open vocabularies are (§2.14).
pub(crate) fn is_cased(text: &str) -> bool {
    !text.bytes().any(|b| b.is_ascii_uppercase() || matches!(b, b'_' | b' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_fit_their_forms() {
        for form in [
            &URL,
            &DOMAIN,
            &EMAIL,
            &IPV4,
            &IPV6,
            &MAC,
            &CPE,
            &LANGUAGE,
            &CHARSET,
            &MIME,
            &FILE_MIME,
            &HEX,
            &BINARY,
            &RELATIONSHIP,
            &PROTOCOL,
            &PRIORITY,
            &COUNTRY,
            &HIVE,
        ] {
            assert!((form.fits)(form.sample) && !(form.fits)(form.counter), "{}", form.expected);
        }
        for keys in [&HEADER_NAMES, &SOCKET_OPTIONS, &PDF_ENTRIES, &IPFIX_ELEMENTS, &AS_WRITTEN] {
            assert!((keys.fits)(keys.sample), "{}", keys.expected);
        }
    }

    #[test]
    fn what_does_not_fit_is_seen() {
        for (form, texts) in [
            (&URL, &["example.org", "https://a b/", "Dragos. (n.d.).", ""][..]),
            (&DOMAIN, &["", "a..b", "has space.org", "-a.org", "http://a.org", "a@b.org"]),
            (&EMAIL, &["jane", "Jane <jane@example.org>", "@example.org"]),
            (&IPV4, &["300.1.1.1", "198.51.100.0/33", "198.51.100.0/024", "::1"]),
            (&IPV6, &["2001:db8::/129", "198.51.100.1", "g::"]),
            (&MAC, &["AA:BB:CC:DD:EE:FF", "aa-bb-cc-dd-ee-ff", "a:b:c:d:e:f"]),
            (&CPE, &["cpe:/a:vendor", "cpe:2.3:a:vendor", "cpe:2.3:q:v:p:1:*:*:*:*:*:*:*"]),
            (&LANGUAGE, &["", "english", "xx", "foo", "e", "en_US"]),
            (&MIME, &["png", "image/", "pictures/png"]),
            (&HEX, &["", "f", "FF", "xy"]),
            (&BINARY, &["", "a", "!!!!", "a==="]),
            (&HIVE, &["HKLM\\System", "hkcu\\x"]),
        ] {
            for text in texts {
                assert!(!(form.fits)(text), "{text:?} is taken for {}", form.expected);
            }
        }
        for tag in [
            "en",
            "pt-BR",
            "zh-Hant",
            "yue",
            "kok-IN",
            "sr-Cyrl-BA",
            "x-private",
            "i-klingon",
            "X-foo",
            "en-GB-oed",
            "sgn-BE-FR",
            "iw",
        ] {
            assert!(is_language(tag), "{tag}");
        }
        assert!(
            is_domain("xn--bcher-kva.example")
                && is_domain("bücher.example")
                && is_domain("_dmarc.a.org")
        );
    }
}
