//! What somebody has looked at before he changes it, and in which version: the content of an entity tag
//! (RFC 9110 §8.8.3). The command carries it, so that it is judged in the order of commands: of two who
//! have seen the same, one wins.

use crate::code::Code;
use crate::id::{CaseNumber, Subject, WarningNumber};
use crate::name::{NodeName, UserName};
use crate::refusal::{Hint, Refusal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Most characters of a version.
const MAX_VERSION: usize = 64;
/// Most characters of an interest's id.
const MAX_ID: usize = 100;

/// A thing that two people may edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Watched {
    /// A case of ours, with its finding, decision and draft.
    Case(CaseNumber),
    /// A warning that came to us.
    Warning(WarningNumber),
    /// What is set of a partner.
    Partner(NodeName),
    /// A user's roles and standing.
    User(UserName),
    /// Who is told of what, by what, and who is on duty.
    Telling,
    /// An interest of ours, registered with a partner.
    Interest {
        /// With whom.
        partner: NodeName,
        /// Its id.
        id: String,
    },
}

/// A thing, and the version of it that was looked at. Written as `case-3.17`,
/// `partner:east.example.6f1c5a546c2e4b8e`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct Seen {
    /// Which thing.
    pub what: Watched,
    /// Its version, to be compared and nothing else.
    pub version: String,
}

/// A text that names no version of a thing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` names no version of a case, warning, partner, user, interest or of the duty's settings"
)]
pub struct BadTag(String);

impl fmt::Display for Watched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Watched::Case(number) => write!(f, "{}", Subject::Case(*number)),
            Watched::Warning(number) => write!(f, "{}", Subject::Warning(*number)),
            Watched::Partner(name) => write!(f, "partner:{name}"),
            Watched::User(name) => write!(f, "user:{name}"),
            Watched::Telling => f.write_str("telling"),
            Watched::Interest { partner, id } => write!(f, "interest:{partner}/{id}"),
        }
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.what, self.version)
    }
}

impl FromStr for Seen {
    type Err = BadTag;

    fn from_str(text: &str) -> Result<Seen, BadTag> {
        let bad = || BadTag(text.chars().take(MAX_VERSION).collect());
        let (what, version) = text.rsplit_once('.').ok_or_else(bad)?;
        let plain = |c: char| c.is_ascii_digit() || c.is_ascii_lowercase();
        if version.is_empty() || version.len() > MAX_VERSION || !version.chars().all(plain) {
            return Err(bad());
        }
        let what = if what == "telling" {
            Watched::Telling
        } else if let Some(name) = what.strip_prefix("partner:") {
            Watched::Partner(NodeName::parse(name).map_err(|_| bad())?)
        } else if let Some(name) = what.strip_prefix("user:") {
            Watched::User(UserName::parse(name).map_err(|_| bad())?)
        } else if let Some(rest) = what.strip_prefix("interest:") {
            let (partner, id) = rest.split_once('/').ok_or_else(bad)?;
            let is_id = |c: char| c.is_ascii_alphanumeric() || c == '-';
            if id.is_empty() || id.len() > MAX_ID || !id.chars().all(is_id) {
                return Err(bad());
            }
            let partner = NodeName::parse(partner).map_err(|_| bad())?;
            Watched::Interest { partner, id: id.to_owned() }
        } else {
            match what.parse().map_err(|_| bad())? {
                Subject::Case(number) => Watched::Case(number),
                Subject::Warning(number) => Watched::Warning(number),
            }
        };
        Ok(Seen { what, version: version.to_owned() })
    }
}

impl TryFrom<String> for Seen {
    type Error = BadTag;

    fn try_from(text: String) -> Result<Seen, BadTag> {
        text.parse()
    }
}

impl From<Seen> for String {
    fn from(seen: Seen) -> String {
        seen.to_string()
    }
}

impl Seen {
    /// The refusal of an act on something that has another version by now; `how` says what is known of
    /// the change: who, when, what.
    pub fn is_stale(&self, how: &str) -> Refusal {
        let (name, look) = match &self.what {
            Watched::Case(case) => (format!("case {case}"), Some(Hint::ShowCase { case: *case })),
            Watched::Warning(warning) => {
                let look = Hint::ShowWarning { warning: *warning };
                (format!("warning {warning}"), Some(look))
            }
            Watched::Partner(name) => (format!("what is set of `{name}`"), None),
            Watched::User(name) => (format!("the user `{name}`"), None),
            Watched::Telling => ("the duty's settings".to_owned(), None),
            Watched::Interest { partner, id } => {
                (format!("the interest {id} with {partner}"), None)
            }
        };
        let message = format!("{name} was changed since you looked at it{how}; nothing was done");
        let refusal = Refusal::new(Code::Stale, message);
        match look {
            Some(hint) => refusal.hint(hint),
            None => refusal.advice("look at it again, and decide anew"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_names_a_thing_and_its_version_and_nothing_else_is_one() {
        for text in [
            "case-3.17",
            "warning-1.0",
            "partner:east.example.6f1c",
            "user:ana.00",
            "telling.1",
            "interest:east.example/interest--7.12",
        ] {
            assert_eq!(text.parse::<Seen>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "case-3",
            "case-3.",
            "case-x.1",
            "case-3.A",
            "partner:.1",
            "telling",
            "*",
            "interest:east.example/.1",
            "interest:interest--7.1",
            "interest:east.example/a/b.1",
        ] {
            assert!(text.parse::<Seen>().is_err(), "{text}");
        }
        assert!(format!("case-3.{}", "1".repeat(65)).parse::<Seen>().is_err());
    }
}
