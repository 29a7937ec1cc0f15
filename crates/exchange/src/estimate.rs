//! How likely something is held to be, and how sure the analyst is of that: two things, which ICD 203
//! (D.6.e(2)) keeps apart.
//!
//! A [`Likelihood`] is one of seven bands, in the words of one of two rows. The band is kept and never
//! turned into a number: the edges of the bands overlap. A [`Confidence`] says how good the basis of
//! the judgement is. [`lint()`] finds wording that mixes the two, or mixes the rows.

mod lint;

pub use lint::{Wording, check, lint};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// ICD 203's seven bands of likelihood, from the least to the most likely.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Band {
    /// 1 to 5 %.
    AlmostNoChance,
    /// 5 to 20 %.
    VeryUnlikely,
    /// 20 to 45 %.
    Unlikely,
    /// 45 to 55 %.
    RoughlyEvenChance,
    /// 55 to 80 %.
    Likely,
    /// 80 to 95 %.
    VeryLikely,
    /// 95 to 99 %.
    AlmostCertain,
}

/// Which of the two rows of words a likelihood is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Row {
    /// "Almost no chance" to "almost certain".
    First,
    /// "Remote" to "nearly certain".
    Second,
}

/// How likely: a band, in the words of a row. Written as its words with hyphens, `very-likely` or
/// `highly-probable`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct Likelihood {
    /// In whose words.
    pub row: Row,
    /// How likely.
    pub band: Band,
}

/// How sure the analyst is: how good the basis of the judgement is, and not how likely it is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Little, or of doubtful worth.
    Low,
    /// Credible and plausible, but not enough to be sure.
    Moderate,
    /// Good, and from several sides.
    High,
}

/// A text that is not a likelihood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a likelihood: almost-no-chance to almost-certain, or remote to nearly-certain"
)]
pub struct NotALikelihood(String);

/// Each band with its bounds in percent and its words in both rows.
const BANDS: [(Band, &str, [&str; 2]); 7] = [
    (Band::AlmostNoChance, "01-05 %", ["almost-no-chance", "remote"]),
    (Band::VeryUnlikely, "05-20 %", ["very-unlikely", "highly-improbable"]),
    (Band::Unlikely, "20-45 %", ["unlikely", "improbable"]),
    (Band::RoughlyEvenChance, "45-55 %", ["roughly-even-chance", "roughly-even-odds"]),
    (Band::Likely, "55-80 %", ["likely", "probable"]),
    (Band::VeryLikely, "80-95 %", ["very-likely", "highly-probable"]),
    (Band::AlmostCertain, "95-99 %", ["almost-certain", "nearly-certain"]),
];

impl Band {
    fn table(self) -> (&'static str, [&'static str; 2]) {
        // The order of the table is that of the bands.
        let row = BANDS.iter().find(|(band, ..)| *band == self);
        row.map_or(("", ["", ""]), |(_, percent, words)| (percent, *words))
    }

    /// In the words of the first row.
    pub const fn first(self) -> Likelihood {
        Likelihood { row: Row::First, band: self }
    }

    /// In the words of the second row.
    pub const fn second(self) -> Likelihood {
        Likelihood { row: Row::Second, band: self }
    }
}

impl Likelihood {
    /// All fourteen: the bands of the first row, then those of the second.
    pub fn all() -> impl Iterator<Item = Likelihood> {
        let rows = [Row::First, Row::Second].into_iter();
        rows.flat_map(|row| BANDS.into_iter().map(move |(band, ..)| Likelihood { row, band }))
    }

    /// Its words with hyphens: `very-likely`.
    pub fn name(self) -> &'static str {
        let (_, [first, second]) = self.band.table();
        match self.row {
            Row::First => first,
            Row::Second => second,
        }
    }

    /// Its words and the bounds of its band in percent (ICD 203, D.6.e(2)(a)):
    /// `very likely (80-95 %)`.
    pub fn words(self) -> String {
        let (percent, _) = self.band.table();
        format!("{self} ({percent})")
    }
}

impl fmt::Display for Likelihood {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name().replace('-', " "))
    }
}

impl FromStr for Likelihood {
    type Err = NotALikelihood;

    fn from_str(text: &str) -> Result<Likelihood, NotALikelihood> {
        let found = Likelihood::all().find(|one| one.name() == text);
        found.ok_or_else(|| NotALikelihood(text.to_owned()))
    }
}

impl TryFrom<String> for Likelihood {
    type Error = NotALikelihood;

    fn try_from(text: String) -> Result<Likelihood, NotALikelihood> {
        text.parse()
    }
}

impl From<Likelihood> for String {
    fn from(likelihood: Likelihood) -> String {
        likelihood.name().to_owned()
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Confidence::Low => "low",
            Confidence::Moderate => "moderate",
            Confidence::High => "high",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_band_has_two_words_that_read_back_and_are_never_a_number() {
        let mut names: Vec<&str> = Likelihood::all().map(Likelihood::name).collect();
        for one in Likelihood::all() {
            assert_eq!(one.name().parse(), Ok(one));
            let written = serde_json::to_value(one).unwrap();
            assert_eq!(written, one.name());
            assert_eq!(serde_json::from_value::<Likelihood>(written).unwrap(), one);
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 14);
        assert!("0.8".parse::<Likelihood>().is_err());
        assert!("very likely".parse::<Likelihood>().is_err());
    }

    /// Drafts of earlier versions hold the words of the first row.
    #[test]
    fn the_words_are_those_of_the_standard() {
        assert_eq!(Band::VeryLikely.first().words(), "very likely (80-95 %)");
        assert_eq!(Band::VeryLikely.second().words(), "highly probable (80-95 %)");
        assert_eq!(Band::AlmostNoChance.second().words(), "remote (01-05 %)");
    }
}
