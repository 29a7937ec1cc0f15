//! What a value is by itself, whatever is said of it: in a range that is kept for documents, a public resolver, an
//! office's mailbox, a page that takes what is sent to it.

use crate::model::Features;
use crate::observable::{Observable, ObservableKind};
use std::net::{Ipv4Addr, Ipv6Addr};

/// Resolvers that anybody may use, and addresses that are asked for one's own.
const PUBLIC: &[&str] = &[
    "1.1.1.1",
    "1.0.0.1",
    "8.8.8.8",
    "8.8.4.4",
    "9.9.9.9",
    "149.112.112.112",
    "208.67.222.222",
    "208.67.220.220",
    "114.114.114.114",
    "77.88.8.8",
    "2606:4700:4700::1111",
    "2001:4860:4860::8888",
];
/// Hosts of names that stand in pages and files for other programs.
const NAMESPACES: &[&str] = &["schema.org", "www.w3.org", "ogp.me", "xmlns.com", "purl.org"];
/// Mailboxes of those who are told of attacks, and of those who answer the public.
const OFFICES: &[&str] = &[
    "cert",
    "csirt",
    "soc",
    "noc",
    "psirt",
    "abuse",
    "security",
    "sicherheit",
    "securite",
    "seguridad",
    "seguranca",
    "sicurezza",
    "beveiliging",
    "bezpieczenstwo",
    "guvenlik",
    "press",
    "presse",
    "prensa",
    "stampa",
    "contact",
    "kontakt",
    "contacto",
    "duty",
    "helpdesk",
    "incident",
    "incidents",
    "police",
];
/// Endings of paths that are programs or pages that take what is sent to them.
const PROGRAMS: &[&str] = &[
    "php", "exe", "sh", "bin", "dll", "ps1", "zip", "rar", "hta", "js", "jsp", "asp", "aspx",
    "apk", "iso", "msi", "vbs", "bat", "cgi", "elf", "jar", "scr", "lnk", "7z", "doc", "docm",
    "xlsm", "dat",
];

/// Whether a value lies in a range that is kept for documents, tests or private use, so that it is
/// nobody's on the internet.
pub fn is_reserved(kind: ObservableKind, value: &str) -> bool {
    match kind {
        ObservableKind::Ipv4Addr => {
            let address = value.split('/').next().unwrap_or_default().parse::<Ipv4Addr>();
            address.is_ok_and(|a| a.is_documentation() || is_local(a))
        }
        ObservableKind::Ipv6Addr => {
            let address = value.split('/').next().unwrap_or_default().parse::<Ipv6Addr>();
            address.is_ok_and(|a| {
                let [first, second, ..] = a.segments();
                (first, second) == (0x2001, 0xdb8)
                    || first & 0xfe00 == 0xfc00
                    || a.is_loopback()
                    || first & 0xffc0 == 0xfe80
            })
        }
        ObservableKind::Url | ObservableKind::EmailAddr | ObservableKind::DomainName => {
            let host = host(value).to_ascii_lowercase();
            let end = host.rsplit('.').next().unwrap_or_default();
            let is_below = |name: &str| {
                host.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            };
            ["example", "test", "invalid", "localhost"].contains(&end)
                || ["example.com", "example.net", "example.org"].into_iter().any(is_below)
                || host.parse().is_ok_and(|a: Ipv4Addr| a.is_documentation() || is_local(a))
        }
        ObservableKind::FileHash
        | ObservableKind::Vulnerability
        | ObservableKind::CryptocurrencyWallet => false,
    }
}

fn is_local(a: Ipv4Addr) -> bool {
    a.is_private()
        || a.is_loopback()
        || a.is_link_local()
        || a.is_unspecified()
        || a.is_broadcast()
        || a.is_multicast()
}

/// The host in a URL or of a mailbox; a name is one itself.
fn host(value: &str) -> &str {
    let rest = value.split_once("://").map_or(value, |(_, rest)| rest);
    let rest = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let rest = rest.rsplit('@').next().unwrap_or_default();
    if rest.matches(':').count() == 1 { rest.split(':').next().unwrap_or_default() } else { rest }
}

/// The last two labels of a host.
pub(crate) fn domain(value: &str) -> &str {
    let host = host(value);
    let cut = host.rmatch_indices('.').nth(1).map_or(0, |(at, _)| at + 1);
    host.get(cut..).unwrap_or_default()
}

/// Whether a value is known before any report to be no attacker's: a public resolver, a name of a format, or an
/// address of a local net, which is of whoever writes.
pub fn is_nobodys(one: &Observable) -> bool {
    let address = one.value.split('/').next().unwrap_or_default();
    PUBLIC.contains(&address)
        || NAMESPACES.contains(&host(&one.value))
        || address.parse().is_ok_and(is_local)
}

/// Adds what a value is like, beside the others of its text.
pub(crate) fn describe(one: &Observable, found: &[Observable], kind: &str, out: &mut Features) {
    let value = one.value.as_str();
    let address = value.split('/').next().unwrap_or_default();
    if PUBLIC.contains(&address) || NAMESPACES.contains(&host(value)) {
        out.add(format_args!("a public resolver"));
    }
    if let Ok(address) = address.parse::<Ipv4Addr>() {
        let [first, second, _, last] = address.octets();
        if is_local(address) {
            out.add(format_args!("a local address"));
        } else if address.is_documentation() {
            out.add(format_args!("an address of documents"));
        }
        if last == 0 || first == 0 {
            out.add(format_args!("an address with noughts"));
        }
        if first < 20 && second < 20 {
            out.add(format_args!("could be a version"));
        }
    }
    if value.contains('/') && one.kind == ObservableKind::Ipv4Addr {
        out.add(format_args!("a block"));
    }
    if matches!(
        one.kind,
        ObservableKind::Url | ObservableKind::EmailAddr | ObservableKind::DomainName
    ) {
        describe_host(one, found, kind, out);
    }
}

fn describe_host(one: &Observable, found: &[Observable], kind: &str, out: &mut Features) {
    let value = one.value.as_str();
    let host = host(value).to_lowercase();
    let end = host.rsplit('.').next().unwrap_or_default();
    out.add(format_args!("ends .{end}"));
    out.add(format_args!("{kind} ends .{end}"));
    if host
        .split('.')
        .any(|label| ["gov", "gob", "gouv", "mil", "cert", "csirt", "police"].contains(&label))
    {
        out.add(format_args!("an authority's"));
    }
    let names = host.strip_suffix(end).unwrap_or(&host);
    for part in names.split(['.', '-']).filter(|part| part.len() > 2) {
        out.add(format_args!("host has {part}"));
    }
    let twin = found.iter().any(|other| {
        other.span != one.span
            && other.kind != one.kind
            && domain(&other.value).eq_ignore_ascii_case(domain(value))
    });
    if twin {
        out.add(format_args!("its domain stands elsewhere"));
    }
    if let Some((local, _)) = value.split_once('@') {
        for part in local.to_lowercase().split(['.', '-', '_', '+']) {
            out.add(format_args!("mailbox {part}"));
        }
        if local.to_lowercase().split(['.', '-', '_', '+']).any(|one| OFFICES.contains(&one)) {
            out.add(format_args!("mailbox of an office"));
        }
        if local.bytes().filter(u8::is_ascii_digit).count() > 5 {
            out.add(format_args!("mailbox of digits"));
        }
    }
    if one.kind == ObservableKind::Url {
        let path = value.splitn(4, '/').nth(3).unwrap_or_default();
        out.add(format_args!("path {}", if path.is_empty() { "none" } else { "some" }));
        let file = path.split(['?', '#']).next().unwrap_or_default();
        let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
        if PROGRAMS.contains(&ending) {
            out.add(format_args!("path of a program"));
        }
        if value.starts_with("https://www.") {
            out.add(format_args!("www"));
        }
    }
}
