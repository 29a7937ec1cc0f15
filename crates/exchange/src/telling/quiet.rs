//! Hours in which nobody is told anything that is not immediate, in a time zone.

use forewarn_stix::Timestamp;
use jiff::civil::Time;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// From a time of day until another one, perhaps of the next day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Quiet {
    /// From this time of day on: `22:00`.
    pub from: String,
    /// Until before this one: `07:00`.
    pub to: String,
    /// By the clocks of this place: `Europe/Berlin`, `UTC`.
    pub zone: String,
}

impl Quiet {
    /// Whether the times and the zone can be read; else what is wrong, in words.
    pub(super) fn check(&self) -> Result<(), String> {
        self.read().map(|_| ())
    }

    fn read(&self) -> Result<(Time, Time, TimeZone), String> {
        let time = |text: &str| {
            let form = || format!("quiet hours: `{text}` is not a time of day such as 22:00");
            let (hour, minute) = text.split_once(':').ok_or_else(form)?;
            let number = |part: &str| {
                let two = part.len() == 2 && part.chars().all(|c| c.is_ascii_digit());
                part.parse::<i8>().ok().filter(|_| two)
            };
            let parts = number(hour).zip(number(minute)).ok_or_else(form)?;
            Time::new(parts.0, parts.1, 0, 0).map_err(|_| form())
        };
        let zone = TimeZoneDatabase::bundled().get(&self.zone).map_err(|_| {
            format!("quiet hours: `{}` is not a time zone such as Europe/Berlin", self.zone)
        })?;
        Ok((time(&self.from)?, time(&self.to)?, zone))
    }

    /// Whether a time is within them; never, when they cannot be read.
    pub fn holds(&self, now: &Timestamp) -> bool {
        let Ok((from, to, zone)) = self.read() else { return false };
        let Ok(now) = jiff::Timestamp::from_microsecond(now.micros()) else { return false };
        let now = now.to_zoned(zone).time();
        if from <= to { from <= now && now < to } else { from <= now || now < to }
    }
}
