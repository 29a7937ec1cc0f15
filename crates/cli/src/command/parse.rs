//! Arguments that several commands take, read from their words.

use forewarn_stix::Timestamp;
use forewarn_stix::marking::Tlp;
use serde::de::DeserializeOwned;

/// A word of a closed list, as it is written in JSON.
pub(super) fn word<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(text.into()).map_err(|e| e.to_string())
}

/// A time, such as 2026-01-31T12:00:00Z.
pub(super) fn time(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text).map_err(|e| e.to_string())
}

/// A marking by its name, such as `amber`.
pub(super) fn tlp(text: &str) -> Result<Tlp, String> {
    Tlp::parse(text).ok_or_else(|| "clear, green, amber, amber+strict or red".to_owned())
}
