//! How a source and what it says are graded: in the scheme in which the grade came.
//!
//! The letters of the schemes clash: `A` grades a source in one and information in another. So a
//! grade is kept and shown with its scheme, and none is ever turned into another or ranked against
//! one. Only the Admiralty system is what interests ask for ([`Grade`]).

use crate::code::Code;
use crate::refusal::Refusal;
use crate::scale::Grade;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Longest grade of a scheme that this node does not know, in characters.
pub const MAX_UNKNOWN: usize = 60;

/// A grade with its scheme, source and information apart.
///
/// Written as it came: `B2` is Admiralty; every other scheme stands before its grade, `4x4:A1`,
/// `3x5x2:1AP`, `5x5x5:B21`, `unknown:high/likely`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub enum Grading {
    /// The Admiralty system (FM 2-22.3), with MISP's source `G`: A to G, 1 to 6.
    Admiralty(Grade),
    /// Europol's (Regulation (EU) 2016/794, Article 29): source A, B, C or X, information 1 to 4.
    Europol4x4(Marks),
    /// The UK's 3x5x2: source 1 to 3, information A to E, handling P or C.
    Uk3x5x2(Marks),
    /// The UK's 5x5x5, which came before it: source A to E, information 1 to 5, handling 1 to 5.
    Uk5x5x5(Marks),
    /// Of a scheme that this node does not know, in its words.
    Unknown(String),
}

/// The characters of a grade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Marks {
    /// Of the source.
    pub source: char,
    /// Of the information.
    pub information: char,
    /// Of the handling, where the scheme has one and it came with it.
    pub handling: Option<char>,
}

/// A text that is not a grade.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a grade: write B2 for the Admiralty system (source A to G, information 1 to 6), \
     4x4:A1, 3x5x2:1A, 5x5x5:B2, or unknown:TEXT for any other scheme"
)]
pub struct NotAGrading(String);

/// What a scheme's marks may be: of the source, the information, and the handling.
type Scheme = (&'static str, &'static str, &'static str);

const EUROPOL: Scheme = ("ABCX", "1234", "");
const UK_3X5X2: Scheme = ("123", "ABCDE", "PC");
const UK_5X5X5: Scheme = ("ABCDE", "12345", "12345");

impl Grading {
    /// The name of its scheme, for people.
    pub fn scheme(&self) -> &'static str {
        match self {
            Grading::Admiralty(_) => "Admiralty",
            Grading::Europol4x4(_) => "Europol 4x4",
            Grading::Uk3x5x2(_) => "UK 3x5x2",
            Grading::Uk5x5x5(_) => "UK 5x5x5",
            Grading::Unknown(_) => "unknown scheme",
        }
    }

    /// The grade without its scheme.
    fn marks(&self) -> String {
        match self {
            Grading::Admiralty(grade) => grade.to_string(),
            Grading::Europol4x4(marks) | Grading::Uk3x5x2(marks) | Grading::Uk5x5x5(marks) => {
                marks.to_string()
            }
            Grading::Unknown(text) => text.clone(),
        }
    }

    /// The grade after its scheme: `Europol 4x4 A1`.
    pub fn words(&self) -> String {
        format!("{} {}", self.scheme(), self.marks())
    }

    /// The Admiralty grade, which interests can ask for. A grade of another scheme is none.
    pub fn admiralty(&self) -> Option<Grade> {
        match self {
            Grading::Admiralty(grade) => Some(*grade),
            Grading::Europol4x4(_)
            | Grading::Uk3x5x2(_)
            | Grading::Uk5x5x5(_)
            | Grading::Unknown(_) => None,
        }
    }
}

/// Reads what stands after a scheme's name.
fn marks(text: &str, (sources, information, handling): Scheme) -> Option<Marks> {
    let mut chars = text.chars();
    let marks = Marks {
        source: chars.next().filter(|one| sources.contains(*one))?,
        information: chars.next().filter(|one| information.contains(*one))?,
        handling: chars.next(),
    };
    let is_handling = marks.handling.is_none_or(|one| handling.contains(one));
    (is_handling && chars.next().is_none()).then_some(marks)
}

fn unknown(text: &str) -> Option<Grading> {
    let is_plain = !text.trim().is_empty() && !text.chars().any(char::is_control);
    (is_plain && text.chars().count() <= MAX_UNKNOWN).then(|| Grading::Unknown(text.to_owned()))
}

impl FromStr for Grading {
    type Err = NotAGrading;

    fn from_str(text: &str) -> Result<Grading, NotAGrading> {
        let read = match text.split_once(':') {
            None => Grade::parse(text).ok().map(Grading::Admiralty),
            Some(("4x4", rest)) => marks(rest, EUROPOL).map(Grading::Europol4x4),
            Some(("3x5x2", rest)) => marks(rest, UK_3X5X2).map(Grading::Uk3x5x2),
            Some(("5x5x5", rest)) => marks(rest, UK_5X5X5).map(Grading::Uk5x5x5),
            Some(("unknown", rest)) => unknown(rest),
            Some(_) => None,
        };
        read.ok_or_else(|| NotAGrading(text.to_owned()))
    }
}

impl fmt::Display for Grading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self {
            Grading::Admiralty(_) => "",
            Grading::Europol4x4(_) => "4x4:",
            Grading::Uk3x5x2(_) => "3x5x2:",
            Grading::Uk5x5x5(_) => "5x5x5:",
            Grading::Unknown(_) => "unknown:",
        };
        write!(f, "{scheme}{}", self.marks())
    }
}

impl fmt::Display for Marks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Marks { source, information, handling } = self;
        write!(f, "{source}{information}")?;
        handling.map_or(Ok(()), |handling| write!(f, "{handling}"))
    }
}

impl TryFrom<String> for Grading {
    type Error = NotAGrading;

    fn try_from(text: String) -> Result<Grading, NotAGrading> {
        text.parse()
    }
}

impl From<Grading> for String {
    fn from(grading: Grading) -> String {
        grading.to_string()
    }
}

impl From<NotAGrading> for Refusal {
    fn from(bad: NotAGrading) -> Refusal {
        Refusal::new(Code::Grade, bad.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grade_keeps_its_scheme_and_reads_back() {
        for (text, words) in [
            ("B2", "Admiralty B2"),
            ("G6", "Admiralty G6"),
            ("4x4:A1", "Europol 4x4 A1"),
            ("4x4:X4", "Europol 4x4 X4"),
            ("3x5x2:1A", "UK 3x5x2 1A"),
            ("3x5x2:3EC", "UK 3x5x2 3EC"),
            ("5x5x5:B21", "UK 5x5x5 B21"),
            ("unknown:high / likely", "unknown scheme high / likely"),
        ] {
            let read: Grading = text.parse().unwrap();
            assert_eq!(read.to_string(), text);
            assert_eq!(read.words(), words);
        }
        let long = format!("unknown:{}", "x".repeat(MAX_UNKNOWN + 1));
        let bad = [
            "",
            "Z9",
            "A",
            "A1 ",
            "4x4:D1",
            "4x4:A5",
            "4x4:A11",
            "3x5x2:A1",
            "3x5x2:1AX",
            "6x6:A1",
            "admiralty:B2",
            "unknown:",
            "unknown: ",
            "unknown:a\nb",
            "4x4:é1",
            &long,
        ];
        for bad in bad {
            assert!(bad.parse::<Grading>().is_err(), "{bad}");
        }
    }

    /// `A1` is said of a source in one scheme and of another thing in the next.
    #[test]
    fn no_scheme_is_read_as_another() {
        let admiralty: Grading = "A1".parse().unwrap();
        let europol: Grading = "4x4:A1".parse().unwrap();
        assert_ne!(admiralty, europol);
        assert_eq!(admiralty.admiralty(), Grade::parse("A1").ok());
        assert_eq!(europol.admiralty(), None);
    }
}
