//! The sections about how much is taken: of accounts, of partners, of feeds.

use serde::{Deserialize, Serialize};

/// What one account may use of the node. 0 is without a limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsSection {
    /// Requests a second; ten seconds' worth may come at once.
    pub requests_per_second: u32,
    /// Bytes of bodies a second; ten seconds' worth may come at once.
    pub bytes_per_second: u64,
    /// Requests that are worked on at the same time, of one account or partner.
    pub requests_in_flight: u32,
    /// Connections of the network that are open at the same time, of all together.
    pub connections: usize,
    /// Connections from one address; of IPv6, from one network of 64 bits.
    pub connections_per_address: usize,
    /// Connections, of all, that accounts leave for partners; at most half of them count.
    pub connections_for_partners: usize,
    /// Bytes of bodies that are in memory at the same time, of all requests together; an account
    /// may hold as much of them as is free beside it.
    pub body_memory: u64,
    /// In how many seconds a connection must have asked for something, TLS included.
    pub first_request_seconds: u32,
}

impl Default for LimitsSection {
    fn default() -> LimitsSection {
        LimitsSection {
            requests_per_second: 0,
            bytes_per_second: 0,
            requests_in_flight: 128,
            connections: 1_024,
            connections_per_address: 256,
            connections_for_partners: 128,
            body_memory: 256 << 20,
            first_request_seconds: 10,
        }
    }
}

/// How much one partner's node may bring, by push or when it is fetched from: what it brings is
/// kept for ever. 0 is without a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct QuotaSection {
    /// Entries a day; a day's worth may come at once.
    pub entries_per_day: u64,
    /// Bytes of entries a day; a day's worth may come at once.
    pub bytes_per_day: u64,
    /// Warnings that nobody has opened yet.
    pub open_warnings: u64,
}

impl Default for QuotaSection {
    fn default() -> QuotaSection {
        QuotaSection { entries_per_day: 1_000_000, bytes_per_day: 4 << 30, open_warnings: 10_000 }
    }
}

impl QuotaSection {
    pub(super) fn is_default(&self) -> bool {
        *self == QuotaSection::default()
    }
}

/// How much one feed that is polled may bring. 0 is without a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FeedsSection {
    /// Objects a day; a day's worth may come at once.
    pub objects_per_day: u64,
    /// Bytes of pages a day; a day's worth may come at once.
    pub bytes_per_day: u64,
}

impl Default for FeedsSection {
    fn default() -> FeedsSection {
        FeedsSection { objects_per_day: 1_000_000, bytes_per_day: 4 << 30 }
    }
}

impl FeedsSection {
    pub(super) fn is_default(&self) -> bool {
        *self == FeedsSection::default()
    }
}
