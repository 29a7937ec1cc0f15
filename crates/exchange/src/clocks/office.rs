//! Office hours: the days and times of day, in a time zone, in which time counts.
//!
//! A duration of office hours is real time: on the day on which the clocks are put forward, hours
//! that do not exist do not count, and on the day on which they are put back, an hour that comes
//! twice counts twice.

use super::{MINUTE, whole_minutes};
use forewarn_stix::Timestamp;
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Most days that are looked through for office hours: some ten years. Beyond, every hour counts.
const MAX_DAYS: u32 = 3_660;
/// Most days that may be named as closed: ten years of holidays.
const MAX_CLOSED: usize = 500;

/// The hours in which time counts; none are set when no day is named.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Written", into = "Written")]
pub struct Office {
    written: Written,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Day {
    /// Monday.
    Mon,
    /// Tuesday.
    Tue,
    /// Wednesday.
    Wed,
    /// Thursday.
    Thu,
    /// Friday.
    Fri,
    /// Saturday.
    Sat,
    /// Sunday.
    Sun,
}

/// As it is written in a configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Written {
    zone: String,
    days: Vec<Day>,
    from: String,
    to: String,
    closed: Vec<String>,
}

impl Default for Written {
    fn default() -> Written {
        Written {
            zone: "UTC".to_owned(),
            days: Vec::new(),
            from: "08:00".to_owned(),
            to: "18:00".to_owned(),
            closed: Vec::new(),
        }
    }
}

/// Why office hours cannot be used, in words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("office hours: {0}")]
pub struct BadOffice(String);

/// What was written, read.
struct Hours {
    zone: TimeZone,
    days: Vec<Day>,
    from: Time,
    /// `None` for the end of the day.
    to: Option<Time>,
    closed: Vec<Date>,
}

impl Office {
    /// Office hours on these days from one time of day until before another, `24:00` for the end of
    /// the day, but not on the days `closed`, each `YYYY-MM-DD`.
    ///
    /// # Errors
    /// The zone, a time or a day cannot be read, or the hours end before they begin.
    pub fn new(
        zone: &str,
        days: Vec<Day>,
        (from, to): (&str, &str),
        closed: Vec<String>,
    ) -> Result<Office, BadOffice> {
        let (zone, from, to) = (zone.to_owned(), from.to_owned(), to.to_owned());
        Written { zone, days, from, to, closed }.try_into()
    }

    /// Whether any are set.
    pub fn is_set(&self) -> bool {
        !self.written.days.is_empty()
    }

    /// So many minutes of office hours after a time.
    pub(super) fn after(&self, from: &Timestamp, minutes: i64) -> Timestamp {
        let plain = from.plus_minutes(minutes);
        let Some(hours) = self.written.read().ok().filter(|_| self.is_set()) else { return plain };
        let mut left = minutes.max(0).saturating_mul(MINUTE);
        for (start, end) in hours.windows(from.micros()) {
            let length = end - start;
            if left <= length {
                let micros = start.saturating_add(left);
                return Timestamp::from_micros_with(micros, 3).unwrap_or(plain);
            }
            left -= length;
        }
        plain
    }

    /// How many minutes of office hours lie between two times, up to the next whole one.
    pub(super) fn between(&self, from: &Timestamp, to: &Timestamp) -> i64 {
        let (from, to) = (from.micros(), to.micros());
        let Some(hours) = self.written.read().ok().filter(|_| self.is_set()) else {
            return whole_minutes(to.saturating_sub(from));
        };
        let windows = hours.windows(from).take_while(|(start, _)| *start < to);
        whole_minutes(windows.map(|(start, end)| end.min(to) - start).sum())
    }
}

impl Hours {
    /// The office hours after a time, in microseconds since 1970: each from, until.
    fn windows(&self, after: i64) -> impl Iterator<Item = (i64, i64)> + '_ {
        let start = jiff::Timestamp::from_microsecond(after).unwrap_or_default();
        let mut day = Some(start.to_zoned(self.zone.clone()).date());
        let days = std::iter::from_fn(move || {
            let this = day?;
            day = this.tomorrow().ok();
            Some(this)
        });
        let open = days.take(MAX_DAYS as usize).filter(|day| self.is_open(*day));
        open.filter_map(move |day| {
            let start = self.micros(day, self.from)?.max(after);
            let end = match self.to {
                Some(to) => self.micros(day, to)?,
                None => self.micros(day.tomorrow().ok()?, Time::midnight())?,
            };
            (start < end).then_some((start, end))
        })
    }

    fn is_open(&self, day: Date) -> bool {
        let weekday = match day.weekday() {
            Weekday::Monday => Day::Mon,
            Weekday::Tuesday => Day::Tue,
            Weekday::Wednesday => Day::Wed,
            Weekday::Thursday => Day::Thu,
            Weekday::Friday => Day::Fri,
            Weekday::Saturday => Day::Sat,
            Weekday::Sunday => Day::Sun,
        };
        self.days.contains(&weekday) && !self.closed.contains(&day)
    }

    /// A time of day that does not exist, as the clocks are put forward, is as much later.
    fn micros(&self, day: Date, time: Time) -> Option<i64> {
        let zoned = day.to_datetime(time).to_zoned(self.zone.clone()).ok()?;
        Some(zoned.timestamp().as_microsecond())
    }
}

impl Written {
    fn read(&self) -> Result<Hours, BadOffice> {
        let bad = |why: String| BadOffice(why);
        let zone = TimeZoneDatabase::bundled().get(&self.zone).map_err(|_| {
            bad(format!("`{}` is not a time zone such as Europe/Berlin", self.zone))
        })?;
        let time = |text: &str| {
            time_of(text).ok_or_else(|| bad(format!("`{text}` is not a time of day such as 08:00")))
        };
        let from = time(&self.from)?;
        let to = if self.to == "24:00" { None } else { Some(time(&self.to)?) };
        if to.is_some_and(|to| to <= from) {
            return Err(bad(format!("`{}` is not after `{}`", self.to, self.from)));
        }
        if self.closed.len() > MAX_CLOSED {
            return Err(bad(format!("at most {MAX_CLOSED} days are named as closed")));
        }
        let day = |text: &String| {
            text.parse::<Date>()
                .map_err(|_| bad(format!("`{text}` is not a day such as 2026-12-25")))
        };
        let closed = self.closed.iter().map(day).collect::<Result<_, _>>()?;
        Ok(Hours { zone, days: self.days.clone(), from, to, closed })
    }
}

/// `08:00`, with two digits each.
fn time_of(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let number = |part: &str| {
        let is_two = part.len() == 2 && part.bytes().all(|c| c.is_ascii_digit());
        part.parse::<i8>().ok().filter(|_| is_two)
    };
    Time::new(number(hour)?, number(minute)?, 0, 0).ok()
}

impl TryFrom<Written> for Office {
    type Error = BadOffice;

    fn try_from(written: Written) -> Result<Office, BadOffice> {
        written.read()?;
        Ok(Office { written })
    }
}

impl From<Office> for Written {
    fn from(office: Office) -> Written {
        office.written
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn all_days() -> Vec<Day> {
        vec![Day::Mon, Day::Tue, Day::Wed, Day::Thu, Day::Fri, Day::Sat, Day::Sun]
    }

    fn after(office: &Office, from: &str, minutes: i64) -> String {
        office.after(&at(from), minutes).to_string()
    }

    #[test]
    fn only_open_hours_count() {
        let closed = vec!["2026-12-25".to_owned()];
        let week = all_days().into_iter().take(5).collect();
        let office = Office::new("UTC", week, ("09:00", "17:00"), closed).unwrap();
        for (from, minutes, expected) in [
            ("2026-11-27T10:00:00.000Z", 60, "2026-11-27T11:00:00.000Z"),
            ("2026-11-27T16:30:00.000Z", 60, "2026-11-30T09:30:00.000Z"),
            ("2026-11-27T03:00:00.000Z", 60, "2026-11-27T10:00:00.000Z"),
            ("2026-11-27T16:00:00.000Z", 60, "2026-11-27T17:00:00.000Z"),
            // Christmas is closed, and a weekend follows.
            ("2026-12-24T16:30:00.000Z", 60, "2026-12-28T09:30:00.000Z"),
            ("2026-11-27T10:00:00.000Z", 0, "2026-11-27T10:00:00.000Z"),
        ] {
            assert_eq!(after(&office, from, minutes), expected, "{minutes} from {from}");
        }
    }

    /// In Berlin the clocks went forward on 2026-03-29 at 02:00, and back on 2026-10-25 at 03:00.
    #[test]
    fn hours_that_do_not_exist_do_not_count_and_those_that_come_twice_do() {
        let night = Office::new("Europe/Berlin", all_days(), ("01:00", "04:00"), vec![]).unwrap();
        // From 01:00 winter time: one hour, then 03:00 summer time, and one hour until 04:00.
        let spring = "2026-03-29T00:00:00.000Z";
        assert_eq!(after(&night, spring, 120), "2026-03-29T02:00:00.000Z");
        assert_eq!(after(&night, spring, 121), "2026-03-29T23:01:00.000Z");
        // From 01:00 summer time until 04:00 winter time are four hours.
        let autumn = "2026-10-24T23:00:00.000Z";
        assert_eq!(after(&night, autumn, 240), "2026-10-25T03:00:00.000Z");
        // The same hours of a day are at another time of the world in summer.
        let day = Office::new("Europe/Berlin", all_days(), ("09:00", "24:00"), vec![]).unwrap();
        assert_eq!(after(&day, "2026-01-15T03:00:00.000Z", 1), "2026-01-15T08:01:00.000Z");
        assert_eq!(after(&day, "2026-07-15T03:00:00.000Z", 1), "2026-07-15T07:01:00.000Z");
    }

    #[test]
    fn what_cannot_be_read_is_refused_by_name() {
        let bad = |zone: &str, hours: (&str, &str), closed: &[&str]| {
            let closed = closed.iter().map(|day| (*day).to_owned()).collect();
            Office::new(zone, all_days(), hours, closed).unwrap_err().to_string()
        };
        assert!(bad("Berlin", ("08:00", "18:00"), &[]).contains("Berlin"));
        assert!(bad("UTC", ("8:00", "18:00"), &[]).contains("8:00"));
        assert!(bad("UTC", ("18:00", "08:00"), &[]).contains("not after"));
        assert!(bad("UTC", ("08:00", "25:00"), &[]).contains("25:00"));
        assert!(bad("UTC", ("08:00", "18:00"), &["25.12."]).contains("25.12."));
    }

    proptest! {
        /// Whatever the day and the zone: what is given is what is left, and time never runs back.
        #[test]
        fn what_is_given_is_what_is_left(
            minute in 0_i64..600_000,
            length in 0_i64..20_000,
            zone in prop::sample::select(vec!["UTC", "Europe/Berlin", "America/New_York",
                "Australia/Lord_Howe", "Asia/Kathmandu"]),
            hours in prop::sample::select(vec![("08:00", "18:00"), ("00:00", "24:00"),
                ("02:15", "03:00")]),
        ) {
            let office = Office::new(zone, all_days(), hours, vec![]).unwrap();
            let from = at("2026-01-01T00:00:00.000Z").plus_minutes(minute);
            let due = office.after(&from, length);
            prop_assert!(due >= from);
            prop_assert_eq!(office.between(&from, &due), length);
            if hours == ("00:00", "24:00") {
                prop_assert_eq!(due, from.plus_minutes(length));
            }
        }
    }
}
