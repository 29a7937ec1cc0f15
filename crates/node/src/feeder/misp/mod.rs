//! MISP: servers and feeds are asked for events, and these are taken in one by one; and what is
//! released to a partner goes to its server as events.

mod folder;
mod push;
mod server;
mod taken;
mod written;

pub(super) use folder::step as folder;
pub(super) use push::step as push;
pub(super) use server::step as server;

use forewarn_stix::Timestamp;
use serde::{Deserialize, Deserializer};

/// What is read of an event before it is converted.
#[derive(Debug, Default, Deserialize)]
struct Head {
    #[serde(default)]
    uuid: Option<String>,
    /// When it was published, seconds since 1970.
    #[serde(default, deserialize_with = "seconds")]
    publish_timestamp: Option<i64>,
}

impl Head {
    /// Reads `{"Event": …}`. What cannot be read is told when the event is converted.
    fn of(event: &[u8]) -> Head {
        #[derive(Deserialize)]
        struct Wrapped {
            #[serde(rename = "Event")]
            event: Head,
        }
        serde_json::from_slice(event).map(|wrapped: Wrapped| wrapped.event).unwrap_or_default()
    }

    /// The id of what the event becomes, for messages.
    fn id(&self) -> Option<String> {
        let uuid = self.uuid.as_deref().filter(|uuid| is_uuid(uuid))?;
        Some(format!("report--{}", uuid.to_ascii_lowercase()))
    }
}

/// MISP writes times as numbers in texts, its feeds as numbers.
fn seconds<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Number(i64),
        Text(String),
        Other(serde::de::IgnoredAny),
    }
    Ok(match Written::deserialize(from)? {
        Written::Number(number) => Some(number),
        Written::Text(text) => text.trim().parse().ok(),
        Written::Other(_) => None,
    })
}

/// Whether a text can stand in a URL as the name of an event.
fn is_uuid(text: &str) -> bool {
    text.len() == 36 && text.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
}

/// Seconds since 1970 as a time.
fn time(seconds: i64) -> Option<Timestamp> {
    Timestamp::from_micros(seconds.checked_mul(1_000_000)?)
}
