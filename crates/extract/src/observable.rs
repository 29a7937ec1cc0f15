//! Domains, addresses, hashes, e-mail addresses, URLs and CVE numbers in a text.

use crate::Span;
use crate::refang::Refanged;
use regex::Regex;
use schemars::JsonSchema;
use serde::Serialize;
use std::borrow::Cow;
use std::sync::LazyLock;

/// The kind of an observable. Serialised as the STIX type of the object for it; `file-hash`, which
/// has no type of its own, goes into a `file`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ObservableKind {
    /// An `http`, `https` or `ftp` URL.
    Url,
    /// An e-mail address.
    EmailAddr,
    /// An IPv4 address in dotted decimal, or a block of them: `198.51.100.0/24`.
    Ipv4Addr,
    /// An IPv6 address with at least one decimal digit and seven characters, or a block of
    /// them: `a::b` is more often a path in a program.
    Ipv6Addr,
    /// A file's hash in hexadecimal: 32 digits are an MD5, 40 a SHA-1, 64 a SHA-256.
    FileHash,
    /// A CVE number, `CVE-2017-0144`.
    Vulnerability,
    /// A domain name, unless its last label is a usual file extension such as `exe`.
    DomainName,
    /// An address of Bitcoin, Ethereum, Monero, Litecoin or Tron, to which somebody may pay.
    CryptocurrencyWallet,
}

/// One observable, and where the text has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Observable {
    /// Whether it is a URL, an address, …
    pub kind: ObservableKind,
    /// Its value as written, except that defanging is undone ([`crate::refang`]).
    pub value: String,
    /// Where it stands in the text, in its written form.
    pub span: Span,
}

/// Letters of names, as classes of characters: `λ` of letters and digits, `τ` of letters. Those of
/// ASCII alone are read much faster, and most words have no others.
const ASCII: [(&str, &str); 2] = [("λ", "a-zA-Z0-9"), ("τ", "a-zA-Z")];
const ALL: [(&str, &str); 2] = [
    ("λ", r"a-zA-Z0-9\u{c0}-\u{1fff}\u{2c00}-\u{2dff}\u{3040}-\u{fdff}\u{10000}-\u{10ffff}"),
    ("τ", r"a-zA-Z\u{c0}-\u{1fff}\u{2c00}-\u{2dff}\u{3040}-\u{fdff}\u{10000}-\u{10ffff}"),
];

/// The pattern of each kind. Where two would overlap, the earlier kind wins.
const FORMS: &[(ObservableKind, &str)] = &[
    (
        ObservableKind::Url,
        r"\b(?:[hH][tT][tT][pP][sS]?|[fF][tT][pP][sS]?)://[^\s<>\x22']+(?:#!|[^\s<>\x22'.,;:!?)\]])",
    ),
    (
        ObservableKind::EmailAddr,
        r"\b[λ._%+-]+@[λ-]+(?:\.[λ-]+)*\.(?:xn--[a-z0-9-]{2,58}|[τ]{2,24})\b",
    ),
    (ObservableKind::Ipv4Addr, r"\b\d{1,3}(?:\.\d{1,3}){3}\b(?:/\d{1,2}\b)?"),
    (
        ObservableKind::Ipv6Addr,
        r"\b[0-9a-fA-F]{1,4}:(?:[0-9a-fA-F]{0,4}:){1,6}[0-9a-fA-F]{0,4}(?:/\d{1,3}\b)?",
    ),
    (ObservableKind::FileHash, r"\b(?:[0-9a-fA-F]{64}|[0-9a-fA-F]{40}|[0-9a-fA-F]{32})\b"),
    (
        ObservableKind::CryptocurrencyWallet,
        r"\b(?:(?:bc1|ltc1)[a-z0-9]{20,80}|(?:BC1|LTC1)[A-Z0-9]{20,80}|0x[0-9a-fA-F]{40}|[48][0-9A-HJ-NP-Za-km-z]{94}|[13T][1-9A-HJ-NP-Za-km-z]{25,34})\b",
    ),
    (ObservableKind::Vulnerability, r"\b[cC][vV][eE]-\d{4}-\d{4,7}\b"),
    (
        ObservableKind::DomainName,
        r"\b(?:[λ](?:[λ-]{0,61}[λ])?\.)+(?:[xX][nN]--[a-zA-Z0-9-]{2,58}|[τ]{2,24})\b",
    ),
];

type Patterns = Vec<(ObservableKind, Regex)>;

fn compiled(classes: [(&str, &str); 2]) -> Patterns {
    let whole = |form: &str| {
        classes.iter().fold(form.to_owned(), |form, (sign, class)| form.replace(sign, class))
    };
    FORMS.iter().filter_map(|(kind, form)| Some((*kind, Regex::new(&whole(form)).ok()?))).collect()
}

static OF_ASCII: LazyLock<Patterns> = LazyLock::new(|| compiled(ASCII));
static OF_ALL: LazyLock<Patterns> = LazyLock::new(|| compiled(ALL));

/// Most words that are examined one by one. A text in which more words look like observables is
/// searched as a whole, which is then cheaper.
const MAX_WORDS: usize = 1_000;

/// Finds every observable in a text, in order, plain or defanged ([`crate::refang`]). Observables
/// do not overlap. The time grows linearly with the text.
pub fn find(text: &str) -> Vec<Observable> {
    let refanged = Refanged::prose(text);
    let mut found = find_plain(&refanged.text);
    if let Cow::Owned(_) = refanged.text {
        for one in &mut found {
            one.span = refanged.original(one.span);
        }
    }
    found
}

fn find_plain(text: &str) -> Vec<Observable> {
    let mut found = Vec::new();
    let bytes = text.as_bytes();
    let mut points = memchr::memchr3_iter(b'.', b'@', b':', bytes)
        .filter(|at| bytes.get(*at) != Some(&b'.') || goes_on(bytes, *at))
        .peekable();
    let mut dashes = memchr::memchr_iter(b'-', bytes).filter(|at| is_cve(bytes, *at)).peekable();
    let mut done = 0;
    for _ in 0..MAX_WORDS {
        // An observable contains no white space, so only words with a sign of one are examined.
        while points.next_if(|at| *at < done).is_some() {}
        while dashes.next_if(|at| *at < done).is_some() {}
        let sign = points.peek().into_iter().chain(dashes.peek()).min().copied();
        let until = sign.unwrap_or(bytes.len());
        let hash = bytes.get(done..until).and_then(next_hash).map(|at| done + at);
        let Some(sign) = hash.or(sign) else { return found };
        let is_space = |c: char| c.is_ascii_whitespace();
        let (before, after) = text.split_at_checked(sign).unwrap_or((text, ""));
        let from = before.rfind(is_space).map_or(0, |at| at + 1).max(done);
        let end = after.find(is_space).map_or(text.len(), |at| sign + at);
        find_in(text.get(from..end).unwrap_or_default(), from, &mut found);
        done = end;
    }
    found.clear();
    find_in(text, 0, &mut found);
    found
}

/// Whether the full stop at `at` is followed by more of the same word.
fn goes_on(text: &[u8], at: usize) -> bool {
    text.get(at + 1).is_some_and(|b| b.is_ascii_alphanumeric() || !b.is_ascii())
}

/// Whether the hyphen at `at` stands between `CVE` and a digit.
fn is_cve(text: &[u8], at: usize) -> bool {
    let before = at.checked_sub(3).and_then(|first| text.get(first..at));
    before.is_some_and(|word| word.eq_ignore_ascii_case(b"cve"))
        && text.get(at + 1).is_some_and(u8::is_ascii_digit)
}

/// Fewest letters and digits of a hash or wallet: those of a short address of Bitcoin.
const HASH: usize = 26;

/// A byte inside the next run of letters and digits that is long enough for a hash or a wallet. Such a
/// run covers at least one of every 26 bytes, so only every 26th is looked at.
fn next_hash(text: &[u8]) -> Option<usize> {
    let is_digit = |b: &u8| b.is_ascii_alphanumeric();
    let mut places = (HASH - 1..text.len()).step_by(HASH);
    places.find(|at| {
        let (left, right) = text.split_at_checked(*at).unwrap_or_default();
        let left = left.iter().rev().take(HASH).take_while(|b| is_digit(b)).count();
        let right = right.iter().take(HASH).take_while(|b| is_digit(b)).count();
        right > 0 && left + right >= HASH
    })
}

/// Adds the observables of `part`, which begins at byte `from` of the text.
fn find_in(part: &str, from: usize, found: &mut Vec<Observable>) {
    let first = found.len();
    // Marks the bytes of observables that are found already. A list of spans would be searched
    // again for each, and a text may hold very many.
    let mut taken = vec![false; part.len()];
    let patterns = if part.is_ascii() { &*OF_ASCII } else { &*OF_ALL };
    for (kind, pattern) in patterns {
        for hit in pattern.find_iter(part) {
            let free = !taken.get(hit.range()).unwrap_or_default().contains(&true);
            let value = real(*kind, hit.as_str()).filter(|_| free);
            let value = value.filter(|_| !is_version(*kind, part, hit.range()));
            let Some(value) = value else { continue };
            let end = hit.start() + value.len();
            taken.get_mut(hit.start()..end).unwrap_or_default().fill(true);
            let span = Span { start: from + hit.start(), end: from + end };
            found.push(Observable { kind: *kind, value: value.to_owned(), span });
        }
    }
    if let Some(new) = found.get_mut(first..) {
        new.sort_by_key(|o| o.span.start);
    }
}

/// Whether a hit is part of a version: `Chrome/122.0.0.0`, `libssl.so.1.1`.
fn is_version(kind: ObservableKind, text: &str, hit: std::ops::Range<usize>) -> bool {
    let before = text.get(..hit.start).unwrap_or_default();
    let mut after = text.get(hit.end..).unwrap_or_default().bytes();
    match kind {
        ObservableKind::Ipv4Addr => before.strip_suffix('/').is_some_and(|before| {
            let is_letter = |b: &u8| b.is_ascii_alphabetic();
            let letters = before.bytes().rev().take_while(is_letter).count();
            let product = before.get(before.len() - letters..).unwrap_or_default();
            let mut rest = product.bytes().skip(1);
            letters > 3
                && product.starts_with(|c: char| c.is_ascii_uppercase())
                && rest.any(|b| b.is_ascii_lowercase())
        }),
        ObservableKind::DomainName => {
            after.next() == Some(b'.') && after.next().is_some_and(|b| b.is_ascii_digit())
        }
        _ => false,
    }
}

/// Last labels that mean a file rather than a domain.
const NOT_DOMAINS: &[&str] = &[
    "exe", "dll", "txt", "pdf", "doc", "docx", "docm", "xls", "xlsx", "xlsm", "ppt", "pptx", "rtf",
    "odt", "csv", "xml", "json", "html", "htm", "hta", "php", "aspx", "asp", "jsp", "js", "vbs",
    "ps1", "bat", "cmd", "scr", "msi", "lnk", "iso", "img", "rar", "7z", "tar", "gz", "tgz", "apk",
    "ipa", "jar", "bin", "dat", "tmp", "log", "cfg", "conf", "ini", "yml", "yaml", "eml", "msg",
    "jpg", "jpeg", "png", "gif", "svg", "mp3", "mp4", "avi", "wav", "ics", "elf", "deb", "rpm",
    "sys", "cab", "hwp", "hwpx", "dmg", "pkg", "lock", "locked", "bak", "sql", "db", "vhd", "vhdx",
    "one", "cgi", "xhtml", "css", "war", "class", "sha256", "asc", "sig", "pem", "crt", "key",
    "exp", "xlsb", "pptm", "cjs", "mjs", "mui", "ocx", "plist", "dylib", "pyc", "vbe", "jse",
    "wsf", "cpl", "torrent", "tsv", "toml", "sha1", "md5", "pcap", "pcapng", "yar", "evtx", "reg",
];

/// Labels after which no name of a host goes on.
const PROGRAMS: &[&str] = &["exe", "dll", "docx", "xlsx", "pptx", "pdf", "scr", "msi", "lnk"];

/// Names of frameworks and languages that look like those of hosts.
const PRODUCTS: &[&str] = &["asp.net", "vb.net", "ado.net", "ml.net", "socket.io", "paint.net"];

/// Whether a text ends like the name of a file rather than of a host: `invoice.exe`.
pub fn names_file(text: &str) -> bool {
    let ending = text.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    NOT_DOMAINS.contains(&ending.as_str())
}

/// What of a hit is an observable: of an address with a length of prefix that is not that of a
/// block, only the address. `None` when nothing is.
fn real(kind: ObservableKind, hit: &str) -> Option<&str> {
    let address = hit.split('/').next().unwrap_or_default();
    let prefix = hit.split_once('/').and_then(|(_, prefix)| prefix.parse::<u32>().ok());
    // What an address of a block has after its prefix is 0.
    let is_block = |zeros: u32, bits: u32| {
        prefix.is_some_and(|prefix| (1..=bits).contains(&prefix) && prefix + zeros >= bits)
    };
    match kind {
        ObservableKind::Ipv4Addr => {
            let bits = u32::from(address.parse::<std::net::Ipv4Addr>().ok()?);
            Some(if is_block(bits.trailing_zeros(), 32) { hit } else { address })
        }
        // `a::b` is an address, but far more often a path in a program.
        ObservableKind::Ipv6Addr => {
            let bits = u128::from(address.parse::<std::net::Ipv6Addr>().ok()?);
            let has_digit = address.bytes().any(|b| b.is_ascii_digit());
            let is_long = address.len() >= 7 && has_digit;
            let is_whole = is_block(bits.trailing_zeros(), 128);
            is_long.then_some(if is_whole { hit } else { address })
        }
        ObservableKind::DomainName => {
            // `U.S.A` and `e.g` are not domains: one label must have more than two letters.
            let long = hit.split('.').any(|label| label.chars().nth(2).is_some());
            // `spoolsv.exe.mui` is a program's file.
            let mut inner = hit.split('.').skip(1);
            let is_program = inner.any(|label| PROGRAMS.contains(&label));
            // `com.acme.player` is a program's name, which begins with its maker's domain.
            let is_reversed = hit.starts_with("com.") && hit.matches('.').count() > 1;
            let is_product = PRODUCTS.iter().any(|one| one.eq_ignore_ascii_case(hit));
            let is_none = is_program || is_reversed || is_product || names_file(hit);
            (long && !is_none).then_some(hit)
        }
        // Real ones mix digits with letters; a long word does not.
        ObservableKind::CryptocurrencyWallet => {
            let digits = hit.bytes().filter(u8::is_ascii_digit).count();
            let is_mixed = hit.bytes().any(|b| b.is_ascii_lowercase())
                && hit.bytes().any(|b| b.is_ascii_uppercase());
            let is_real = digits >= 3 || digits == 2 && is_mixed;
            (is_real && digits < hit.len()).then_some(hit)
        }
        ObservableKind::Url
        | ObservableKind::EmailAddr
        | ObservableKind::FileHash
        | ObservableKind::Vulnerability => Some(hit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_takes_longer_than_it_is_long() {
        // Each of these once took quadratic time: 85 seconds for a mebibyte.
        for part in ["a.b - ", "- :a ", "cve-1 ", "deadbeef", "a@", ":::"] {
            find(&part.repeat((256 << 10) / part.len()));
        }
        let many = "x198.51.100.7 198.51.100.7 ".repeat(2_000);
        assert_eq!(find(&many).len(), 2_000, "read whole, the same is found");
    }

    #[test]
    fn every_form_compiles() {
        assert_eq!((OF_ASCII.len(), OF_ALL.len()), (FORMS.len(), FORMS.len()));
    }

    #[test]
    fn each_kind_is_found_once_and_defanged_ones_are_put_right() {
        let text = "See hXXp://bad.example/x, 2001:db8::1 at 12:30:45 (std::io, a::b), mail a@b.example, 198[.]51.100.7, c2[.]example.org, \
                    CVE-2017-0144, d41d8cd98f00b204e9800998ecf8427e. Not 999.1.1.1, the U.S. or a.txt";
        let found: Vec<(ObservableKind, String)> =
            find(text).into_iter().map(|o| (o.kind, o.value)).collect();
        assert_eq!(
            found,
            [
                (ObservableKind::Url, "http://bad.example/x".to_owned()),
                (ObservableKind::Ipv6Addr, "2001:db8::1".to_owned()),
                (ObservableKind::EmailAddr, "a@b.example".to_owned()),
                (ObservableKind::Ipv4Addr, "198.51.100.7".to_owned()),
                (ObservableKind::DomainName, "c2.example.org".to_owned()),
                (ObservableKind::Vulnerability, "CVE-2017-0144".to_owned()),
                (ObservableKind::FileHash, "d41d8cd98f00b204e9800998ecf8427e".to_owned()),
            ]
        );
    }

    #[test]
    fn versions_and_files_are_neither_addresses_nor_names_of_hosts() {
        for text in [
            "User-Agent: Mozilla/5.0 Chrome/122.0.0.0 Safari/537.36.0.1",
            "links libssl.so.1.1 and libaudit.so.1",
            "spoolsv.exe.mui, report.docx.zip",
            "process com.acme.player.helper, postinstall.cjs, form.xlsb",
        ] {
            assert_eq!(find(text), [], "{text}");
        }
        let values = |text| -> Vec<String> { find(text).into_iter().map(|o| o.value).collect() };
        assert_eq!(
            values(
                "src/198.51.100.7 IP/198.51.100.8 host.example. 4 https://a.example/r?i=1#!, /tmp"
            ),
            ["198.51.100.7", "198.51.100.8", "host.example", "https://a.example/r?i=1#!"]
        );
        assert_eq!(values("\"anna.hr\" at \"hub-2\" dot \"example\""), ["anna.hr@hub-2.example"]);
    }

    #[test]
    fn names_are_found_in_every_alphabet_and_blocks_whole() {
        let text = "«почта.рф», Müller.example: jürgen@müller.example, 203.0.113.0/24, 198.51.100.7/24, \
                    2001:db8::/32, ana (at) acme [dot] example, acme\\.example; d. h. z.B. т.е. К.И.М.";
        let found: Vec<String> = find(text).into_iter().map(|o| o.value).collect();
        assert_eq!(
            found,
            [
                "почта.рф",
                "Müller.example",
                "jürgen@müller.example",
                "203.0.113.0/24",
                "198.51.100.7",
                "2001:db8::/32",
                "ana@acme.example",
                "acme.example",
            ]
        );
        let spaced = find(text).into_iter().nth(6).unwrap().span;
        assert_eq!(text.get(spaced.start..spaced.end), Some("ana (at) acme [dot] example"));
    }
}
