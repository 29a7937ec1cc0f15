//! Made interests in a realistic mix, and items of which some meet one: the same for the same
//! numbers.

use forewarn_exchange::scale::Urgency;
use forewarn_matching::interest::{Clause, Expression, Interest, Named};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::net::{Ipv4Addr, Ipv6Addr};

/// How many interests each made partner has.
pub const OF_A_PARTNER: u64 = 1_000;

/// A number that looks like chance.
fn mixed(number: u64, use_of: u64) -> u64 {
    let mut x = number.wrapping_add(use_of << 48).wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

fn below(number: u64, use_of: u64, most: u64) -> u64 {
    mixed(number, use_of) % most
}

fn byte(number: u64) -> u8 {
    u8::try_from(number & 0xff).unwrap_or_default()
}

const SYLLABLES: &[&str] = &[
    "ka", "lo", "mi", "ter", "san", "vo", "ri", "neu", "bel", "dor", "fi", "gra", "hol", "is",
    "jo", "kur", "lan", "mor", "nal", "or", "pel", "qui", "ros", "stel", "tur", "ul", "var", "wen",
    "xi", "yor", "zan", "bro",
];

/// A word that no language has, by its number.
fn word(number: u64) -> String {
    let mut rest = number;
    let mut out = String::new();
    for _ in 0..4 {
        let at = usize::try_from(rest % 32).unwrap_or_default();
        out.push_str(SYLLABLES.get(at).copied().unwrap_or_default());
        rest /= 32;
    }
    if rest > 0 {
        out.push_str(&rest.to_string());
    }
    out
}

/// What organisations are called, with words that every report has.
fn name(number: u64) -> String {
    let word = word(number);
    match below(number, 1, 10) {
        0 => format!("National Bank of {word}"),
        1 => format!("Ministry of {word}"),
        2 => format!("University of {word}"),
        3..=5 => format!("{word} Power"),
        6 => format!("{word} Group International"),
        _ => word,
    }
}

fn domain(number: u64) -> String {
    let top = ["example", "example.org", "example.net"];
    let at = usize::try_from(below(number, 2, 3)).unwrap_or_default();
    format!("{}.{}", word(number), top.get(at).copied().unwrap_or("example"))
}

fn block(number: u64) -> IpNet {
    let chance = mixed(number, 3);
    if below(number, 4, 5) == 0 {
        let address = Ipv6Addr::from((0x2001_0db8_u128 << 96) | (u128::from(chance >> 32) << 64));
        let length = 48 + byte(chance % 3) * 8;
        return Ipv6Net::new(address, length).map(|net| IpNet::V6(net).trunc()).unwrap_or_default();
    }
    let address =
        [byte(20 + chance % 60), byte(chance >> 8), byte(chance >> 16), byte(chance >> 24)];
    let length = 20 + byte((chance >> 32) % 13);
    let net = Ipv4Net::new(Ipv4Addr::from(address), length);
    net.map(|net| IpNet::V4(net).trunc()).unwrap_or_default()
}

fn hash(number: u64) -> String {
    (0..4).map(|part| format!("{:016x}", mixed(number, 8 + part))).collect::<Vec<_>>().concat()
}

/// What kind of thing an interest is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Block,
    Domain,
    Name,
    Words,
    Observable,
    Url,
    Vulnerability,
    Joined,
    AtLeast,
    Pattern,
    Malware,
}

fn kind(number: u64) -> Kind {
    match below(number, 5, 100) {
        0..30 => Kind::Block,
        30..55 => Kind::Domain,
        55..70 => Kind::Name,
        70..78 => Kind::Words,
        78..84 => Kind::Observable,
        84..88 => Kind::Url,
        88..91 => Kind::Vulnerability,
        91..95 => Kind::Joined,
        95..98 => Kind::AtLeast,
        98 => Kind::Pattern,
        _ => Kind::Malware,
    }
}

const COUNTRIES: &[&str] = &["RU", "UA", "FR", "DE", "PL", "EE", "FI", "GE", "KZ", "TR"];

/// The clauses of the interest of this number.
fn any(number: u64) -> Vec<Expression> {
    let named = |name: String| Named { name, aliases: Vec::new() };
    let also = |make: &dyn Fn(u64) -> Clause| -> Vec<Expression> {
        let more = below(number, 6, 3);
        let numbers = (0..more).map(|n| mixed(number, 20 + n) | 1 << 40);
        std::iter::once(number).chain(numbers).map(|n| make(n).into()).collect()
    };
    match kind(number) {
        Kind::Block => also(&|n| Clause::Block(block(n))),
        Kind::Domain => also(&|n| Clause::Domain(domain(n))),
        Kind::Name => vec![
            Clause::Organisation(Named {
                name: name(number),
                aliases: vec![format!("{} Ltd", word(number))],
            })
            .into(),
        ],
        Kind::Words => vec![Clause::Words(format!("operation {}", word(number))).into()],
        Kind::Observable if number.is_multiple_of(2) => vec![Clause::Hash(hash(number)).into()],
        Kind::Observable => vec![Clause::EmailDomain(domain(number)).into()],
        Kind::Url => vec![Clause::Url(format!("https://{}/login", domain(number))).into()],
        Kind::Vulnerability => {
            vec![Clause::Cve(format!("CVE-20{:02}-{:05}", number % 20, number % 100_000)).into()]
        }
        Kind::Joined => {
            let at = usize::try_from(below(number, 7, 10)).unwrap_or_default();
            let country = COUNTRIES.get(at).copied().unwrap_or("RU");
            vec![Expression::All(vec![
                Clause::Site(named(format!("{} plant", word(number)))).into(),
                Clause::Country(country.to_owned()).into(),
                Expression::Not(Box::new(Clause::Words("exercise".to_owned()).into())),
            ])]
        }
        Kind::AtLeast => {
            let words = (0..3).map(|n| Clause::Words(word(mixed(number, 30 + n) | 1 << 41)).into());
            vec![Expression::AtLeast(2, words.collect())]
        }
        Kind::Pattern => {
            vec![Clause::Pattern(pattern(number).0).into()]
        }
        Kind::Malware => vec![Clause::Malware(named(format!("{} loader", word(number)))).into()],
    }
}

/// The interest of this number, with the partner that has it.
pub fn interest(number: u64) -> (String, Interest) {
    let partner = format!("partner-{}.example", number / OF_A_PARTNER);
    let mut interest = Interest::of(format!("interest {number}"), Urgency::Expected, any(number));
    interest.id = format!("interest--{:08x}-0000-4000-8000-{number:012x}", number >> 48);
    (partner, interest)
}

/// The pattern of a domain and a hash by this number, and the domain.
pub fn pattern(number: u64) -> (String, String) {
    let (domain, hash) = (domain(number), hash(number));
    let pattern = format!("[domain-name:value = '{domain}' OR file:hashes.'SHA-256' = '{hash}']");
    (pattern, domain)
}

/// What an item says that meets the interest of this number: a value of a pattern, or a sentence.
enum Meets {
    Pattern(String),
    Sentence(String),
}

fn meets(number: u64) -> Meets {
    let pattern = |path: &str, value: String| Meets::Pattern(format!("[{path} = '{value}']"));
    match kind(number) {
        Kind::Block => match block(number) {
            IpNet::V4(net) => pattern("ipv4-addr:value", net.addr().to_string()),
            IpNet::V6(net) => pattern("ipv6-addr:value", net.addr().to_string()),
        },
        Kind::Domain | Kind::Pattern => pattern("domain-name:value", domain(number)),
        Kind::Observable if number.is_multiple_of(2) => {
            pattern("file:hashes.'SHA-256'", hash(number))
        }
        Kind::Observable => pattern("email-addr:value", format!("a@{}", domain(number))),
        Kind::Url => pattern("url:value", format!("https://{}/login?x=1", domain(number))),
        _ => Meets::Sentence(sentence(number)),
    }
}

fn sentence(number: u64) -> String {
    match kind(number) {
        Kind::Block => format!("The server was at {}.", block(number).addr()),
        Kind::Domain | Kind::Pattern | Kind::Url => {
            format!("Seen at https://{}/login.", domain(number))
        }
        Kind::Name => format!("It was aimed at the {}.", name(number)),
        Kind::Words => format!("They speak of Operation {}.", word(number)),
        Kind::Observable => format!("The file was {}, from a@{}.", hash(number), domain(number)),
        Kind::Vulnerability => {
            format!("It used CVE-20{:02}-{:05}.", number % 20, number % 100_000)
        }
        Kind::Joined => {
            let at = usize::try_from(below(number, 7, 10)).unwrap_or_default();
            let places = [
                "Moscow",
                "Kyiv",
                "Paris",
                "Berlin",
                "Warsaw",
                "Estonia",
                "Finland",
                "Georgia",
                "Kazakhstan",
                "Turkey",
            ];
            format!(
                "The {} plant in {}.",
                word(number),
                places.get(at).copied().unwrap_or("Moscow")
            )
        }
        Kind::AtLeast => {
            let words = (0..3).map(|n| word(mixed(number, 30 + n) | 1 << 41));
            words.collect::<Vec<_>>().join(" and ")
        }
        Kind::Malware => format!("It was the {} loader.", word(number)),
    }
}

/// Words of reports; some begin names that interests have.
const PROSE: &str = "The group was seen again last week, and the ministry of the country said that a \
    national bank and two companies in the power sector had been told. Operators sent messages with \
    an attachment to people of the university of the capital, who opened them. The first stage \
    fetched a second one over HTTPS, wrote it to the folder for temporary files and set a task to \
    run it each hour. It listed processes, took the names of the accounts, and sent them out. ";

fn prose(bytes: usize, number: u64) -> String {
    let mut out = PROSE.repeat(bytes / PROSE.len() + 1);
    out.truncate(out.floor_char_boundary(bytes));
    // No two are the same.
    format!("{out} Report {number}.")
}

/// Which interest an item meets: each hundredth one of the first `interests`.
fn planted(number: u64, interests: u64) -> Option<u64> {
    number.is_multiple_of(100).then(|| below(number, 40, interests.max(1)))
}

fn id(number: u64) -> String {
    format!("{:08x}-0000-4000-8000-{:012x}", number >> 32, number & 0xffff_ffff)
}

/// An indicator of about 600 bytes, as feeds have them.
pub fn indicator(number: u64, interests: u64) -> String {
    let usual = format!("[domain-name:value = 'h{number}.{}.invalid']", number % 1000);
    let (pattern, sentence) = match planted(number, interests).map(meets) {
        Some(Meets::Pattern(pattern)) => (pattern, String::new()),
        Some(Meets::Sentence(sentence)) => (usual, sentence),
        None => (usual, String::new()),
    };
    let id = id(number);
    format!(
        "{{\"type\":\"indicator\",\"spec_version\":\"2.1\",\"id\":\"indicator--{id}\",\
         \"created\":\"2024-01-26T21:28:21.013Z\",\"modified\":\"2024-01-26T21:28:21.013Z\",\
         \"name\":\"Host {number}\",\"description\":\"A host that was seen to take part. {sentence}\",\
         \"indicator_types\":[\"malicious-activity\"],\"pattern\":\"{pattern}\",\
         \"pattern_type\":\"stix\",\"pattern_version\":\"2.1\",\
         \"valid_from\":\"2024-01-26T21:28:21.013Z\",\"labels\":[\"made\",\"for-tests\"],\
         \"external_references\":[{{\"source_name\":\"made\",\"url\":\"https://reports.invalid/{number}\"}}]}}"
    )
}

/// An attack pattern, malware or intrusion set in words, of about 1.5 kB, as ATT&CK has them.
pub fn described(number: u64, interests: u64) -> String {
    let kind = ["attack-pattern", "malware", "intrusion-set", "course-of-action"];
    let kind = kind.get(usize::try_from(number % 4).unwrap_or_default()).copied();
    let kind = kind.unwrap_or("malware");
    let sentence = planted(number, interests).map(sentence).unwrap_or_default();
    let (id, text) = (id(number), prose(1_000, number));
    format!(
        "{{\"type\":\"{kind}\",\"spec_version\":\"2.1\",\"id\":\"{kind}--{id}\",\
         \"created\":\"2024-01-26T21:28:21.013Z\",\"modified\":\"2024-01-26T21:28:21.013Z\",\
         \"name\":\"Made {number}\",\"description\":\"{text} {sentence}\",\"is_family\":false,\
         \"external_references\":[{{\"source_name\":\"mitre-attack\",\"external_id\":\"T0{:03}\",\
         \"url\":\"https://reports.invalid/{number}\"}},{{\"source_name\":\"A report of 2017\",\
         \"description\":\"Somebody. (2017, May 18). A report. Retrieved January 26, 2024.\",\
         \"url\":\"https://press.invalid/{number}\"}}]}}",
        number % 1000
    )
}

/// A free text of 2 kB.
pub fn report(number: u64, interests: u64) -> String {
    let sentence = planted(number, interests).map(sentence).unwrap_or_default();
    format!("{} {sentence} {}", prose(1_000, number), prose(900, number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use forewarn_matching::{Format, Index, Item, Window};

    type Made = fn(u64, u64) -> String;

    #[test]
    fn one_item_in_a_hundred_meets_an_interest() {
        let interests = 1_000;
        let made: Vec<(String, Interest)> = (0..interests).map(interest).collect();
        let checked = made.into_iter().map(|(of, one)| (of, one.checked().unwrap()));
        let index = Index::new(checked);
        let kinds: [(Format, Made); 3] =
            [(Format::Stix, indicator), (Format::Stix, described), (Format::Text, report)];
        for (format, make) in kinds {
            let items: Vec<String> = (0..2_000).map(|n| make(n, interests)).collect();
            let met = items.iter().filter(|bytes| {
                let item = Item {
                    bytes: bytes.as_bytes(),
                    format,
                    added: 0,
                    grade: None,
                    corrected: None,
                };
                !Window::new(&index, [item]).matches().remove(0).is_empty()
            });
            let met = met.count();
            assert!((18..=22).contains(&met), "{met} of {}", items[0]);
        }
    }
}
