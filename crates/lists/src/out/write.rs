//! Writes lists: values in order and once, so that the same entries are the same bytes.

use super::Entry;
use crate::kind::{Kind, Observable};
use crate::value::Exact;
use forewarn_extract::host;
use forewarn_stix::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What a list is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Output {
    /// A value a line, and nothing else.
    Plain,
    /// A table, with what is said of each value.
    Csv,
    /// Names that lead nowhere, as `/etc/hosts` has them.
    Hosts,
    /// A zone of a resolver's response policy (RPZ): names and addresses that are not answered.
    Rpz,
    /// Rules of Suricata that alert.
    Suricata,
}

/// What is said of a list in its head.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// Its title.
    pub title: &'a str,
    /// The kinds of value that are wanted; all that the form can say, when empty.
    pub kinds: &'a [Exactly],
}

/// A kind of value by which a list is narrowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Exactly(Exact);

impl Exactly {
    /// The kinds that a word of `--columns` stands for: `ip` for addresses of both kinds, `hash` for
    /// every digest.
    pub fn named(word: &str) -> Option<Vec<Exactly>> {
        let Kind::Observable(kind) = Kind::named(word)? else { return None };
        let all: &[Exact] = match kind {
            Observable::Ipv4 => &[Exact::Ipv4],
            Observable::Ipv6 => &[Exact::Ipv6],
            Observable::Address => &[Exact::Ipv4, Exact::Ipv6],
            Observable::Domain => &[Exact::Domain],
            Observable::Url => &[Exact::Url],
            Observable::Email => &[Exact::Email],
            Observable::Mac => &[Exact::Mac],
            Observable::System => &[Exact::System],
            Observable::Md5 => &[Exact::Md5],
            Observable::Sha1 => &[Exact::Sha1],
            Observable::Sha256 => &[Exact::Sha256],
            Observable::Sha512 => &[Exact::Sha512],
            Observable::Hash => &[Exact::Md5, Exact::Sha1, Exact::Sha256, Exact::Sha512],
            Observable::FileName | Observable::Vulnerability => return None,
        };
        Some(all.iter().map(|one| Exactly(*one)).collect())
    }
}

/// A list, written.
#[derive(Debug)]
pub struct Written {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// How many values stand in it.
    pub count: usize,
    /// The values that were wanted and cannot be said in this form, each with its kind before it.
    pub left_out: Vec<String>,
}

impl Output {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Output::Plain => "plain",
            Output::Csv => "csv",
            Output::Hosts => "hosts",
            Output::Rpz => "rpz",
            Output::Suricata => "suricata",
        }
    }

    /// The one with a word.
    pub fn named(word: &str) -> Option<Output> {
        let all = [Output::Plain, Output::Csv, Output::Hosts, Output::Rpz, Output::Suricata];
        all.into_iter().find(|one| one.word() == word)
    }

    /// Whether the form can say a value.
    fn says(self, exact: Exact, text: &str) -> bool {
        match self {
            Output::Plain | Output::Csv => true,
            Output::Hosts => exact == Exact::Domain && name(text).is_some(),
            Output::Rpz | Output::Suricata => match exact {
                Exact::Domain => name(text.strip_prefix("*.").unwrap_or(text)).is_some(),
                Exact::Ipv4 | Exact::Ipv6 => true,
                Exact::Url => self == Output::Suricata && fetched(text).is_some(),
                _ => false,
            },
        }
    }
}

/// Longest name that is written: a zone's own name, of some sixty bytes, is put behind it (RFC 1035
/// §2.3.4: 255 together).
const MAX_NAME: usize = 190;

/// A name as a resolver asks for it. `None` for what is none once it is ASCII: one sign that a zone or a
/// file reads otherwise would cost the whole list.
fn name(text: &str) -> Option<String> {
    let name = host::ascii(text);
    let is_sign = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, b'-' | b'_');
    let is_label = |label: &str| (1..=63).contains(&label.len()) && label.bytes().all(is_sign);
    let is_whole = name.len() <= MAX_NAME && name.split('.').all(is_label);
    is_whole.then(|| name.into_owned())
}

/// The host and the path that are asked for by a URL without TLS, as a request has them; what is asked
/// for within TLS is not seen.
fn fetched(url: &str) -> Option<(String, String)> {
    let rest = url.strip_prefix("http://")?;
    let at = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(at)?;
    let host = authority.rsplit('@').next()?.split(':').next()?;
    let path = path.split('#').next().unwrap_or_default();
    let slash = if path.starts_with('/') { "" } else { "/" };
    Some((name(host)?, format!("{slash}{path}")))
}

/// Writes a list of entries. The newest change among them is its serial number, where the form has one.
pub fn write<'e>(
    output: Output,
    about: &About<'_>,
    entries: impl Iterator<Item = &'e Entry>,
) -> Written {
    let mut rows: BTreeMap<(Exact, String), &Entry> = BTreeMap::new();
    let (mut left_out, mut newest) = (BTreeSet::new(), 0);
    for entry in entries {
        newest = newest.max(entry.modified.as_ref().map_or(0, Timestamp::micros) / 1_000_000);
        for (exact, text) in &entry.values {
            if !about.kinds.is_empty() && !about.kinds.contains(&Exactly(*exact)) {
                continue;
            }
            if output.says(*exact, text) {
                rows.entry((*exact, text.clone())).or_insert(entry);
            } else {
                left_out.insert((*exact, text.as_str()));
            }
        }
    }
    let serial = u32::try_from(newest).unwrap_or(1).max(1);
    let mut out = String::with_capacity(rows.len() * 40);
    head(output, about, (serial, left_out.len()), &mut out);
    let mut sids = BTreeSet::new();
    for ((exact, text), entry) in &rows {
        match output {
            Output::Plain => {
                let _ = writeln!(out, "{text}");
            }
            Output::Csv => row(*exact, text, entry, &mut out),
            Output::Hosts => {
                let _ = name(text).map(|name| writeln!(out, "0.0.0.0 {name}"));
            }
            Output::Rpz => policy(*exact, text, &mut out),
            Output::Suricata => rule(*exact, text, entry, &mut sids, &mut out),
        }
    }
    let left_out = left_out.into_iter().map(|(exact, text)| format!("{} {text}", kind(exact)));
    Written { bytes: out.into_bytes(), count: rows.len(), left_out: left_out.collect() }
}

fn head(output: Output, about: &About<'_>, (serial, left_out): (u32, usize), out: &mut String) {
    // A title is the operator's, and stands in a comment: on one line.
    let title: String = about.title.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let _ = match output {
        Output::Plain => Ok(()),
        Output::Csv => writeln!(out, "type,value,valid_from,valid_until,confidence,name,reference"),
        Output::Hosts | Output::Suricata => {
            writeln!(out, "# {title}\n# values that this form cannot say: {left_out}")
        }
        Output::Rpz => writeln!(
            out,
            "$TTL 60\n@ SOA localhost. hostmaster.localhost. {serial} 60 60 86400 60\n@ NS localhost.\n\
             ; {title}\n; values that this form cannot say: {left_out}"
        ),
    };
}

/// The kind of a value, in STIX's words.
fn kind(exact: Exact) -> &'static str {
    exact.path().split_once(":value").map_or(exact.path(), |(kind, _)| kind)
}

/// A row of a table. What a spreadsheet would run as a formula begins with an apostrophe.
fn row(exact: Exact, text: &str, entry: &Entry, out: &mut String) {
    let time =
        |time: &Option<Timestamp>| time.as_ref().map(ToString::to_string).unwrap_or_default();
    let confidence = entry.confidence.map(|number| number.to_string()).unwrap_or_default();
    let cells = [
        kind(exact),
        text,
        &time(&entry.from),
        &time(&entry.until),
        &confidence,
        &entry.name,
        &entry.reference,
    ];
    for (n, cell) in cells.into_iter().enumerate() {
        if n > 0 {
            out.push(',');
        }
        let is_formula = cell.starts_with(['\t', '\r'])
            || cell
                .trim_start()
                .starts_with(['=', '+', '-', '@', '|', '%', '＝', '＋', '－', '＠']);
        if !is_formula && !cell.contains([',', '"', '\n', '\r', '\'']) {
            out.push_str(cell);
            continue;
        }
        out.push('"');
        if is_formula {
            out.push('\'');
        }
        for c in cell.chars() {
            if c == '"' {
                out.push('"');
            }
            out.push(c);
        }
        out.push('"');
    }
    out.push('\n');
}

/// A line of a response policy zone (draft-vixie-dnsop-dns-rpz §4): `CNAME .` is as if there were no
/// such name.
fn policy(exact: Exact, text: &str, out: &mut String) {
    if exact == Exact::Domain {
        let (any, rest) = text.strip_prefix("*.").map_or(("", text), |below| ("*.", below));
        let _ = name(rest).map(|name| writeln!(out, "{any}{name} CNAME ."));
        return;
    }
    let (address, bits) =
        text.split_once('/').map_or((text, None), |(a, b)| (a, b.parse::<u8>().ok()));
    let _ = match address.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => {
            let bits = bits.unwrap_or(32).min(32);
            // A block's own address: with signs of a host behind it a resolver passes over it.
            let kept = u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0);
            let [a, b, c, d] = Ipv4Addr::from_bits(address.to_bits() & kept).octets();
            writeln!(out, "{bits}.{d}.{c}.{b}.{a}.rpz-ip CNAME .")
        }
        Ok(IpAddr::V6(address)) => {
            let bits = bits.unwrap_or(128).min(128);
            let kept = u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0);
            let address = Ipv6Addr::from_bits(address.to_bits() & kept);
            let parts: Vec<String> =
                address.segments().iter().rev().map(|one| format!("{one:x}")).collect();
            writeln!(out, "{bits}.{}.rpz-ip CNAME .", parts.join("."))
        }
        Err(_) => Ok(()),
    };
}

/// Numbers of rules begin here: those below are other makers'.
const FIRST_SID: u32 = 1 << 30;

/// A rule of Suricata. Its number is made of its value, so that it stays when others come and go.
fn rule(exact: Exact, text: &str, entry: &Entry, sids: &mut BTreeSet<u32>, out: &mut String) {
    let mut sid = FIRST_SID | (checksum(text) >> 2);
    while !sids.insert(sid) {
        sid = FIRST_SID | (sid.wrapping_add(1) & (FIRST_SID - 1));
    }
    let about = format!("Forewarn {}", entry.reference);
    let message = escaped(about.trim_end());
    let buffers = match exact {
        Exact::Ipv4 | Exact::Ipv6 => {
            let _ = writeln!(
                out,
                "alert ip any any <> [{text}] any (msg:\"{message}\"; sid:{sid}; rev:1;)"
            );
            return;
        }
        Exact::Url => {
            let Some((host, uri)) = fetched(text) else { return };
            let (host, uri) = (content(&host), content(&uri));
            let _ = writeln!(
                out,
                "alert http any any -> any any (msg:\"{message}\"; http.host; content:\"{host}\"; startswith; \
                 endswith; http.uri; content:\"{uri}\"; startswith; endswith; sid:{sid}; rev:1;)"
            );
            return;
        }
        _ => {
            let (any, rest) = text.strip_prefix("*.").map_or((false, text), |below| (true, below));
            let Some(name) = name(rest) else { return };
            if any {
                format!("content:\".{name}\"; nocase; endswith;")
            } else {
                format!("content:\"{name}\"; nocase; startswith; endswith;")
            }
        }
    };
    let _ = writeln!(
        out,
        "alert dns any any -> any any (msg:\"{message}\"; dns.query; {buffers} sid:{sid}; rev:1;)"
    );
}

/// A number made of a text (FNV-1a, 32 bits).
fn checksum(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// Words within quotes of a rule.
fn escaped(text: &str) -> String {
    let plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.');
    text.chars().filter(plain).collect()
}

/// Bytes that are looked for: signs of the rule's own language as numbers.
fn content(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'"' | b';' | b'\\' | b':' | b'|' | 0..=32 | 127.. => {
                let _ = write!(out, "|{byte:02x}|");
            }
            byte => out.push(char::from(byte)),
        }
    }
    out
}
