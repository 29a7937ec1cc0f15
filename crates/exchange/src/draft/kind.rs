//! The kinds of observables.

use super::observable::{Observable, read};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A kind of observable.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum ObservableKind {
    /// A domain name.
    Domain,
    /// An IP address, or a network of them.
    Address,
    /// A web address.
    Url,
    /// An e-mail address.
    Email,
    /// The digest of a file.
    Hash,
    /// The number of a vulnerability.
    Cve,
}

impl ObservableKind {
    /// Every kind.
    pub const ALL: &'static [ObservableKind] = &[
        ObservableKind::Domain,
        ObservableKind::Address,
        ObservableKind::Url,
        ObservableKind::Email,
        ObservableKind::Hash,
        ObservableKind::Cve,
    ];

    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            ObservableKind::Domain => "domain",
            ObservableKind::Address => "address",
            ObservableKind::Url => "url",
            ObservableKind::Email => "email",
            ObservableKind::Hash => "hash",
            ObservableKind::Cve => "cve",
        }
    }

    /// The kind of an observable that a draft takes; `None` for every other text.
    pub fn of(value: &str) -> Option<ObservableKind> {
        Some(match read(value)? {
            Observable::Cve(_) => ObservableKind::Cve,
            Observable::Seen(seen) => seen.kind(),
        })
    }

    /// Reads the word; `None` for every other text.
    pub fn parse(text: &str) -> Option<ObservableKind> {
        ObservableKind::ALL.iter().copied().find(|kind| kind.name() == text)
    }
}

impl fmt::Display for ObservableKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_known_by_its_form_and_reads_back_by_its_word() {
        let values = [
            "a.example",
            "203.0.113.0/24",
            "https://a.example/x",
            "ana@a.example",
            "d41d8cd98f00b204e9800998ecf8427e",
            "CVE-2021-44228",
        ];
        for (kind, value) in ObservableKind::ALL.iter().zip(values) {
            assert_eq!(ObservableKind::of(value), Some(*kind), "{value}");
            assert_eq!(ObservableKind::parse(kind.name()), Some(*kind));
        }
        assert_eq!(ObservableKind::of("Anton Velikov"), None);
    }
}
