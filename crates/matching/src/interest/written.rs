//! Values of clauses, as people write them, in the one form in which terms have them.

use crate::interest::BadInterest;
use forewarn_extract::host;
use forewarn_extract::refang::refang;
use forewarn_extract::threat::Threat;
use forewarn_stix::{StixId, vocabulary};
use ipnet::IpNet;

/// Vocabularies of STIX whose words say what kind of threat something is.
const KINDS_OF_THREAT: &[&str] = &[
    "malware-type-ov",
    "indicator-type-ov",
    "infrastructure-type-ov",
    "tool-type-ov",
    "threat-actor-type-ov",
    "attack-motivation-ov",
];

fn refusal(field: &str, message: String, hint: &str) -> BadInterest {
    BadInterest::new(field, message).hint(hint)
}

/// A domain name in ASCII, lower case, without the dots around it; of other alphabets by IDNA.
pub(crate) fn domain(name: &str) -> Result<String, BadInterest> {
    let domain = host::ascii(&refang(name)).into_owned();
    let label = |l: &str| {
        (1..=63).contains(&l.len())
            && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    if domain.len() <= 253 && domain.contains('.') && domain.split('.').all(label) {
        return Ok(domain);
    }
    let message = format!("`{name}` is not a domain name");
    Err(refusal("domain", message, "such as example.org, müller.example or xn--mller-kva.example"))
}

/// An e-mail address; RFC 5321 leaves the case of its first part to its host, and no host minds it.
pub(crate) fn email(address: &str) -> Result<String, BadInterest> {
    let form = host::email(&refang(address)).unwrap_or_default();
    let whole = form.rsplit_once('@').filter(|(user, host)| {
        !user.is_empty()
            && user.len() <= 64
            && !user.contains(char::is_whitespace)
            && domain(host).is_ok()
    });
    if whole.is_some() {
        return Ok(form);
    }
    let message = format!("`{address}` is not an e-mail address");
    Err(refusal("email", message, "of a whole domain: `email-domain`"))
}

/// Lengths of hashes in hexadecimal digits: MD5, SHA-1, SHA-224, 256, 384 and 512.
pub(crate) fn is_hash(digits: &str) -> bool {
    matches!(digits.len(), 32 | 40 | 56 | 64 | 96 | 128)
        && digits.bytes().all(|b| b.is_ascii_hexdigit())
}

pub(crate) fn hash(digits: &str) -> Result<String, BadInterest> {
    if is_hash(digits) {
        return Ok(digits.to_ascii_lowercase());
    }
    let message = format!("`{digits}` is not a hash");
    Err(refusal("hash", message, "MD5, SHA-1 or SHA-2 in hexadecimal digits are wanted"))
}

/// Longest URL that is looked at, in bytes.
pub(crate) const MAX_URL: usize = 8 << 10;

/// A URL or its beginning: scheme and host in lower case, the host in ASCII, without user, fragment and the scheme's
/// own port, and with a path.
pub(crate) fn normal_url(text: &str) -> Option<String> {
    let text = text.trim();
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
        None => (String::new(), text),
    };
    let letters = |b: u8| b.is_ascii_alphanumeric() || b"+-.".contains(&b);
    if !scheme.bytes().all(letters) || text.len() > MAX_URL {
        return None;
    }
    let rest = rest.split('#').next().unwrap_or_default();
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end)?;
    let host = authority.rsplit('@').next().unwrap_or_default();
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => (name, Some(port)),
        _ => (host, None),
    };
    let name = host::ascii(name);
    let host = match (scheme.as_str(), port) {
        ("http", Some("80")) | ("https", Some("443")) | (_, None) => name.into_owned(),
        (_, Some(port)) => format!("{name}:{port}"),
    };
    if host.is_empty() || host.contains(char::is_whitespace) {
        return None;
    }
    let between = if scheme.is_empty() { "" } else { "://" };
    let slash = if path.starts_with('/') { "" } else { "/" };
    Some([&scheme, between, &host, slash, path].concat())
}

/// A URL from its host on.
pub(crate) fn without_scheme(url: &str) -> &str {
    url.split_once("://").map_or(url, |(_, rest)| rest)
}

pub(crate) fn url(prefix: &str) -> Result<String, BadInterest> {
    let whole = normal_url(&refang(prefix)).filter(|url| {
        without_scheme(url).split('/').next().is_some_and(|host| host.contains(['.', ':']))
    });
    whole.ok_or_else(|| {
        let message = format!("`{prefix}` is not the beginning of a URL");
        refusal("url", message, "write it as https://example.org/login or example.org/login")
    })
}

/// The components of a CPE 2.3 formatted string after `cpe:2.3:`, in lower case; those at the end
/// that are left open are not there.
pub(crate) fn cpe_parts(text: &str) -> Option<Vec<String>> {
    let lower = text.trim().to_lowercase();
    let rest = lower.strip_prefix("cpe:2.3:")?;
    let mut parts = vec![String::new()];
    let mut quoted = false;
    for c in rest.chars() {
        if c == ':' && !quoted {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(c);
        }
        quoted = c == '\\' && !quoted;
    }
    while parts.last().is_some_and(|part| part == "*" || part.is_empty()) {
        parts.pop();
    }
    (parts.len() <= 11).then_some(parts)
}

pub(crate) fn cpe(text: &str) -> Result<String, BadInterest> {
    let whole = cpe_parts(text).filter(|parts| {
        let named = |at: usize| parts.get(at).is_some_and(|part| !part.contains('*'));
        matches!(parts.first().map(String::as_str), Some("a" | "o" | "h")) && named(1) && named(2)
    });
    if let Some(parts) = whole {
        return Ok(format!("cpe:2.3:{}", parts.join(":")));
    }
    let message = format!("`{text}` does not name a vendor and a product by CPE 2.3");
    Err(refusal("cpe", message, "such as cpe:2.3:o:microsoft:windows_10, or by name: `product`"))
}

/// CVE numbers, in upper case.
pub(crate) fn normal_cve(text: &str) -> Option<String> {
    let upper = text.trim().to_ascii_uppercase();
    let (year, number) = upper.strip_prefix("CVE-")?.split_once('-')?;
    let digits = |part: &str, least, most| {
        (least..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
    };
    (digits(year, 4, 4) && digits(number, 4, 12)).then_some(upper)
}

pub(crate) fn cve(text: &str) -> Result<String, BadInterest> {
    normal_cve(text).ok_or_else(|| {
        let message = format!("`{text}` is not a CVE number");
        refusal("cve", message, "such as CVE-2017-0144")
    })
}

/// Ids of ATT&CK (`T0800`, `G0034`, `S0604`, `C0028`, `M0801`, `T1059.001`, `TA0100`) and CAPEC.
pub(crate) fn is_catalogue_id(text: &str) -> bool {
    let digits = |rest: &str| {
        !rest.is_empty() && rest.len() <= 6 && rest.bytes().all(|b| b.is_ascii_digit())
    };
    let attack = |rest: &str| {
        let (main, sub) =
            rest.split_once('.').map_or((rest, None), |(main, sub)| (main, Some(sub)));
        main.len() == 4 && digits(main) && sub.is_none_or(|sub| sub.len() == 3 && digits(sub))
    };
    let behind = |prefix: &str| text.strip_prefix(prefix);
    behind("CAPEC-").is_some_and(digits)
        || ["TA", "T", "G", "S", "C", "M", "A"].iter().any(|p| behind(p).is_some_and(attack))
}

pub(crate) fn id(text: &str) -> Result<String, BadInterest> {
    let upper = text.trim().to_ascii_uppercase();
    if is_catalogue_id(&upper) {
        return Ok(upper);
    }
    if StixId::parse(text.trim()).is_ok() {
        return Ok(text.trim().to_owned());
    }
    let message = format!("`{text}` is neither a STIX id nor one of ATT&CK or CAPEC");
    Err(refusal("id", message, "such as intrusion-set--UUID, G0034 or CAPEC-163"))
}

/// A block of addresses, or one address as the block of itself.
pub fn network(text: &str) -> Option<IpNet> {
    let may_be = text.bytes().all(|b| b.is_ascii_hexdigit() || b".:/".contains(&b));
    let address = || text.parse::<std::net::IpAddr>().ok().map(IpNet::from);
    may_be.then(|| text.parse::<IpNet>().ok().or_else(address)).flatten()
}

/// A block by its first address; an address of IPv4 that is written as one of IPv6 (RFC 4291
/// §2.5.5.2) is that of IPv4.
pub(crate) fn plain(net: IpNet) -> IpNet {
    let mapped = match net {
        IpNet::V6(v6) if v6.prefix_len() >= 96 => v6.addr().to_ipv4_mapped().map(|v4| (v4, v6)),
        IpNet::V6(_) | IpNet::V4(_) => None,
    };
    let block = mapped.and_then(|(v4, v6)| IpNet::new(v4.into(), v6.prefix_len() - 96).ok());
    block.unwrap_or(net).trunc()
}

fn vocabulary_has(names: &[&str], word: &str) -> bool {
    let mut all = vocabulary::ALL.iter().filter(|known| names.contains(&known.name));
    all.any(|known| known.values.contains(&word))
}

pub(crate) fn sector(word: &str) -> Result<String, BadInterest> {
    let word = normal_word(word);
    // `government` stands above those of the vocabulary that begin with it.
    if word == "government" || vocabulary_has(&["industry-sector-ov"], &word) {
        return Ok(word);
    }
    let known = vocabulary::ALL.iter().find(|known| known.name == "industry-sector-ov");
    let known = known.map(|known| known.values.join(", ")).unwrap_or_default();
    Err(refusal("sector", format!("`{word}` is not a sector of STIX"), &format!("one of: {known}")))
}

/// The words of vocabularies are lower case with hyphens.
pub(crate) fn normal_word(word: &str) -> String {
    word.trim().to_lowercase().replace([' ', '_'], "-")
}

pub(crate) fn threat(word: &str) -> Result<String, BadInterest> {
    let word = normal_word(word);
    let ours = serde_json::from_value::<Threat>(word.as_str().into()).is_ok();
    if ours || vocabulary_has(KINDS_OF_THREAT, &word) {
        return Ok(word);
    }
    let message = format!("`{word}` is not a kind of threat");
    Err(refusal(
        "threat",
        message,
        "killing, serious-bodily-injury, kidnapping, destruction, disruption, compromise, or a word \
         of STIX such as ransomware, wiper, botnet, crime-syndicate",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_take_their_one_form() {
        assert_eq!(domain("Example.ORG.").unwrap(), "example.org");
        assert_eq!(domain("Müller[.]example").unwrap(), "xn--mller-kva.example");
        assert_eq!(email("Ana@Müller.example").unwrap(), "ana@xn--mller-kva.example");
        assert_eq!(
            url("https://MÜLLER.example:8443").unwrap(),
            "https://xn--mller-kva.example:8443/"
        );
        assert_eq!(email("Ana@Example.ORG").unwrap(), "ana@example.org");
        assert_eq!(url("HTTPS://u@Example.org:443").unwrap(), "https://example.org/");
        assert_eq!(url("example.org/Login?x").unwrap(), "example.org/Login?x");
        assert_eq!(
            cpe("cpe:2.3:o:Microsoft:Windows_10:*:*").unwrap(),
            "cpe:2.3:o:microsoft:windows_10"
        );
        assert_eq!(cve("cve-2017-0144").unwrap(), "CVE-2017-0144");
        assert_eq!(id("g0034").unwrap(), "G0034");
        assert_eq!(id("T1059.001").unwrap(), "T1059.001");
        assert_eq!(sector("Financial Services").unwrap(), "financial-services");
        assert_eq!(threat("Ransomware").unwrap(), "ransomware");
        assert_eq!(hash(&"AB".repeat(16)).unwrap(), "ab".repeat(16));
    }

    #[test]
    fn a_wrong_value_is_refused_with_a_way_out() {
        let wrong = [
            domain("no domain"),
            domain("org"),
            email("@x.example"),
            url("login"),
            url("a b.c/"),
            cpe("cpe:2.3:o:*:x"),
            cpe("cpe:/o:microsoft:windows"),
            cve("CVE-17-1"),
            id("X1"),
            id("G34"),
            sector("espionage"),
            threat("prophecy"),
            hash("abcd"),
        ];
        for refused in wrong {
            assert!(refused.is_err_and(|refusal| refusal.hint.is_some()));
        }
    }
}
