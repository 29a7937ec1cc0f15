//! An object's version, as a row keeps it.

use forewarn_stix::Timestamp;
use forewarn_stix::time::Moment;
use serde::{Deserialize, Serialize};

/// An object's version, `modified` or else `created`, as it is written; none where the type has no
/// versions.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Stamp(Option<Timestamp>);

/// The columns of a stamp, in the order of [`Stamp::read`].
macro_rules! stamp_columns {
    ($table:literal) => {
        concat!($table, "version, ", $table, "beyond, ", $table, "digits, ", $table, "written")
    };
}
pub(crate) use stamp_columns;

impl Stamp {
    /// The stamp of an object's own version; the default one for an object without.
    pub fn of(version: Option<&Timestamp>) -> Stamp {
        Stamp(version.cloned())
    }

    /// The object's own version.
    pub fn own(&self) -> Option<&Timestamp> {
        self.0.as_ref()
    }

    /// The version that TAXII shows (2.1 §5.3.1): the object's own, or else when it was added.
    pub fn text(&self, added: i64) -> String {
        let own = self.0.clone().or_else(|| Timestamp::from_micros(added));
        own.map(String::from).unwrap_or_default()
    }

    pub(crate) fn moment(&self) -> Option<Moment> {
        self.0.as_ref().map(Timestamp::moment)
    }

    /// What a row keeps of it: microseconds, 0 for none; nanoseconds beyond them; digits of a
    /// second; and the text, where these three do not say it.
    pub(crate) fn columns(&self) -> (i64, u32, u8, Option<&str>) {
        let Some(time) = &self.0 else { return (0, 0, 0, None) };
        let (micros, beyond, digits) =
            (time.micros(), time.moment().beyond_micros(), time.digits());
        let is_said = beyond == 0 && digits <= 6 && micros != 0;
        let digits = u8::try_from(digits).unwrap_or(u8::MAX);
        (micros, beyond, digits, (!is_said).then(|| time.as_str()))
    }

    /// Reads the columns of [`stamp_columns`] from this one on.
    pub(crate) fn read(row: &rusqlite::Row<'_>, from: usize) -> rusqlite::Result<Stamp> {
        let written: Option<String> = row.get(from + 3)?;
        if let Some(text) = written {
            return Ok(Stamp(Timestamp::parse(&text).ok()));
        }
        Ok(match row.get(from)? {
            0 => Stamp(None),
            micros => {
                let digits: u8 = row.get(from + 2)?;
                Stamp(Timestamp::from_micros_with(micros, usize::from(digits)))
            }
        })
    }
}
