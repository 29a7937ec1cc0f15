//! What somebody is sought for.

use ipnet::IpNet;
use std::net::IpAddr;
use std::str::FromStr;

/// A value that somebody answers for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sought {
    /// An address.
    Address(IpAddr),
    /// A network, by its number.
    System(u32),
    /// A host or a domain, in small letters.
    Name(String),
}

/// Why a text is nothing that somebody answers for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an address, a network such as AS64496, or the name of a host")]
pub struct NotSought(String);

impl FromStr for Sought {
    type Err = NotSought;

    fn from_str(text: &str) -> Result<Sought, NotSought> {
        let text = text.trim().trim_end_matches('.').to_ascii_lowercase();
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(Sought::Address(address.to_canonical()));
        }
        if let Some(Ok(number)) = text.strip_prefix("as").map(str::parse::<u32>) {
            return Ok(Sought::System(number));
        }
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
        let is_label = |label: &str| (1..=63).contains(&label.len()) && label.chars().all(plain);
        if text.len() <= 253 && text.contains('.') && text.split('.').all(is_label) {
            return Ok(Sought::Name(text));
        }
        Err(NotSought(text.chars().take(100).collect()))
    }
}

impl Sought {
    /// How close a domain is to the name: how many labels there are between; `None` when the name is
    /// not below it.
    pub(crate) fn below(&self, domain: &str) -> Option<u32> {
        let Sought::Name(name) = self else { return None };
        let domain = domain.trim().trim_end_matches('.').to_ascii_lowercase();
        if domain.is_empty() {
            return None;
        }
        let rest = name.strip_suffix(&domain)?;
        match rest {
            "" => Some(0),
            rest => {
                let between = rest.strip_suffix('.')?.split('.').count();
                u32::try_from(between).ok()
            }
        }
    }

    /// How many bits a block leaves open that holds the address; `None` when it does not.
    pub(crate) fn within(&self, block: &IpNet) -> Option<u32> {
        let Sought::Address(address) = self else { return None };
        let open = block.max_prefix_len() - block.prefix_len();
        block.contains(address).then_some(u32::from(open))
    }
}
