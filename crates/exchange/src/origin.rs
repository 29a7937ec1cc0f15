//! Where a node answers: a scheme, a host and perhaps a port, and nothing else.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::Deref;

/// Longest name of a host (RFC 1035 §2.3.4).
const MAX_HOST: usize = 253;

/// An origin (RFC 6454 §4), as a contact card has it: `https://a.example`, `http://192.0.2.1:7001`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    text: String,
    host: String,
}

/// Why a text is not an origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not https://HOST or http://HOST, with :PORT perhaps and nothing after it")]
pub struct BadOrigin(String);

impl Origin {
    /// Reads it in the one form that it has: in lower case, without a path, query, fragment, user
    /// or password.
    ///
    /// # Errors
    /// [`BadOrigin`], with the beginning of what was given.
    pub fn parse(text: &str) -> Result<Origin, BadOrigin> {
        let bad = || BadOrigin(text.chars().take(100).collect());
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let rest = rest.ok_or_else(bad)?;
        let (host, port) = if let Some(rest) = rest.strip_prefix('[') {
            let (address, port) = rest.split_once(']').ok_or_else(bad)?;
            address.parse::<Ipv6Addr>().map_err(|_| bad())?;
            (address, port)
        } else {
            let (host, port) = rest.split_at(rest.find(':').unwrap_or(rest.len()));
            if !is_host(host) {
                return Err(bad());
            }
            (host, port)
        };
        let is_port = |digits: &str| {
            digits.parse::<u16>().is_ok_and(|port| port > 0 && port.to_string() == digits)
        };
        if !port.is_empty() && !port.strip_prefix(':').is_some_and(is_port) {
            return Err(bad());
        }
        Ok(Origin { text: text.to_owned(), host: host.to_owned() })
    }

    /// Whether it is on this very machine.
    pub fn is_loopback(&self) -> bool {
        match self.host.parse::<IpAddr>() {
            Ok(address) => plain(address).is_loopback(),
            Err(_) => self.host == "localhost" || self.host.ends_with(".localhost"),
        }
    }
}

fn is_host(host: &str) -> bool {
    let label = |label: &str| {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        !label.is_empty() && !label.starts_with('-') && label.chars().all(plain)
    };
    host.len() <= MAX_HOST && host.split('.').all(label)
}

impl Deref for Origin {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The address that packets go to in the end: of IPv4, where it stands in one of IPv6 (mapped,
/// NAT64 by RFC 6052, 6to4 by RFC 3056).
pub fn plain(address: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = address.to_canonical() else { return address.to_canonical() };
    let two = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        IpAddr::V4(Ipv4Addr::new(a, b, c, d))
    };
    match v6.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => two(high, low),
        _ => IpAddr::V6(v6),
    }
}

/// Whether an address is one of the open network: not of this machine, a private network, a link,
/// a carrier's own network, a group, or of no one.
pub fn is_public(address: IpAddr) -> bool {
    match plain(address) {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            let closed = v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || a == 0
                || a >= 224
                || (a == 100 && (64..128).contains(&b))
                || (a == 192 && b == 0 && c == 0)
                || (a == 198 && (18..20).contains(&b));
            !closed
        }
        // RFC 4291 §2.4: global unicast is 2000::/3; in it, Teredo (RFC 4380) hides an address.
        IpAddr::V6(v6) => {
            let [first, second, ..] = v6.segments();
            first & 0xe000 == 0x2000 && !(first == 0x2001 && second == 0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_a_scheme_a_host_and_a_port() {
        for good in [
            "https://a.example",
            "http://a.example:7001",
            "https://192.0.2.1",
            "https://[2001:db8::1]:8443",
            "http://localhost:1",
        ] {
            assert_eq!(&*Origin::parse(good).unwrap(), good);
        }
        for bad in [
            "a.example",
            "ftp://a.example",
            "https://",
            "https://a.example/",
            "https://a.example/x",
            "https://a.example?x",
            "https://a.example#x",
            "https://user@a.example",
            "https://user:pass@a.example",
            "https://a.example:",
            "https://a.example:0",
            "https://a.example:080",
            "https://a.example:65536",
            "https://a.example:1:2",
            "https://A.example",
            "https://a..example",
            "https://a example",
            "https://[::1",
            "https://[1.2.3.4]",
            "https://[fe80::1%25eth0]",
            "https://a.example\\x",
        ] {
            assert!(Origin::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_not_of_the_open_network_is_told_in_every_disguise() {
        for open in ["192.0.2.1", "8.8.8.8", "2001:db8::1", "64:ff9b::8.8.8.8", "2002:808:808::1"] {
            assert!(is_public(open.parse().unwrap()), "{open}");
        }
        for closed in [
            "127.0.0.1",
            "127.9.9.9",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "0.1.2.3",
            "192.0.0.8",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:10.0.0.1",
            "fe80::1",
            "fec0::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "64:ff9b::127.0.0.1",
            "64:ff9b::a00:1",
            "64:ff9b:1::a00:1",
            "2002:7f00:1::",
            "2002:a00:1::1",
            "2001::1",
        ] {
            assert!(!is_public(closed.parse().unwrap()), "{closed}");
        }
    }
}
