//! What the receiver of a warning may do with it, beside who may know it (TLP): police handling codes,
//! the level of PAP, and a policy of FIRST IEP 2.0.

mod iep;

#[cfg(test)]
pub(crate) use iep::tests::policy as tests_policy;
pub use iep::{Actions, Attribution, Iep, IepTlp, MayOrMust, MayOrNot};

use crate::code::Code;
use crate::refusal::{Field, Hint, Refusal};
use forewarn_stix::marking::{Pap, Tlp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// Longest text of a restriction, in characters: it stands in every reader's first screen.
const MAX_TEXT: usize = 1_000;

/// A handling code of Europol's SIENA (Council document 6243/18). They combine.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub enum HandlingCode {
    /// For preventing and combating crime only.
    H0,
    /// Not in judicial proceedings without the provider's permission.
    H1,
    /// Not to be passed on without the provider's permission.
    H2,
    /// Other restrictions, in words of the provider's.
    H3,
}

impl HandlingCode {
    /// All of them.
    pub const ALL: [HandlingCode; 4] =
        [HandlingCode::H0, HandlingCode::H1, HandlingCode::H2, HandlingCode::H3];

    /// `H0` to `H3`.
    pub fn name(self) -> &'static str {
        match self {
            HandlingCode::H0 => "H0",
            HandlingCode::H1 => "H1",
            HandlingCode::H2 => "H2",
            HandlingCode::H3 => "H3",
        }
    }

    /// What it asks of whoever reads it, in a sentence.
    pub fn words(self) -> &'static str {
        match self {
            HandlingCode::H0 => "Only for preventing and combating crime, as the law allows.",
            HandlingCode::H1 => {
                "Not to be disclosed in judicial proceedings without the permission of the provider."
            }
            HandlingCode::H2 => "Not to be disseminated without the permission of the provider.",
            HandlingCode::H3 => "Other restrictions:",
        }
    }

    /// Reads `H0` to `H3`, in upper or lower case.
    pub fn parse(text: &str) -> Option<HandlingCode> {
        HandlingCode::ALL.into_iter().find(|code| code.name().eq_ignore_ascii_case(text))
    }
}

impl fmt::Display for HandlingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What the receiver of a warning may do with it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Handling {
    /// Handling codes of SIENA.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub codes: BTreeSet<HandlingCode>,
    /// The words of H3; empty without it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// The level of PAP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pap: Option<Pap>,
    /// A policy of IEP 2.0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iep: Option<Iep>,
    /// Why the receiver is warned although the policy forbids to notify affected parties; empty when
    /// it does not. It stays here.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub notify_reason: String,
}

impl Handling {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Handling::default()
    }

    /// What is said here, and of the rest what was said before. Codes go with their words, and a
    /// policy with the reason for warning all the same.
    pub(crate) fn or(self, before: Handling) -> Handling {
        let (codes, text) = match (self.codes.is_empty(), self.text.is_empty()) {
            (true, true) => (before.codes, before.text),
            (true, false) => (before.codes, self.text),
            (false, _) => (self.codes, self.text),
        };
        let notify_reason = match (self.iep.is_some(), self.notify_reason.is_empty()) {
            (false, true) => before.notify_reason,
            (true, _) | (false, false) => self.notify_reason,
        };
        let (pap, iep) = (self.pap.or(before.pap), self.iep.or(before.iep));
        Handling { codes, text, pap, iep, notify_reason }
    }

    /// Whether the restrictions are whole, agree with each other and with the marking, and let a
    /// warning reach whom it is for.
    ///
    /// # Errors
    /// [`Code::Handling`] when not.
    pub fn check(&self, tlp: Tlp) -> Result<(), Refusal> {
        let refused = |message: &str| Refusal::new(Code::Handling, message);
        let text = self.text.trim();
        if self.codes.contains(&HandlingCode::H3) == text.is_empty() {
            let message = "H3 says which other restrictions there are, and only H3 has such words";
            return Err(refused(message).hint(Hint::Give { field: Field::HandlingText }));
        }
        if self.text.chars().count() > MAX_TEXT {
            return Err(refused("the words of H3 are longer than 1,000 characters"));
        }
        let Some(iep) = &self.iep else { return Ok(()) };
        iep.check(tlp)?;
        if iep.affected_party_notifications == MayOrNot::MustNot
            && self.notify_reason.trim().is_empty()
        {
            let message = "under `affected_party_notifications: must-not` the warning must not reach \
                           whom the threat is against";
            return Err(refused(message).hint(Hint::Give { field: Field::NotifyReason }));
        }
        Ok(())
    }

    /// The lines that every reader sees below the text, whatever program shows it.
    pub fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self
            .codes
            .iter()
            .map(|code| match code {
                HandlingCode::H3 => format!("Handling H3: {} {}", code.words(), self.text.trim()),
                HandlingCode::H0 | HandlingCode::H1 | HandlingCode::H2 => {
                    format!("Handling {code}: {}", code.words())
                }
            })
            .collect();
        lines.extend(self.pap.map(|pap| format!("Permissible actions: {pap}.")));
        lines.extend(self.iep.as_ref().map(Iep::line));
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn h3_needs_words_and_only_h3_has_them() {
        let with = |codes: &[HandlingCode], text: &str| {
            let (codes, text) = (codes.iter().copied().collect(), text.to_owned());
            Handling { codes, text, ..Handling::default() }.check(Tlp::Amber)
        };
        assert!(with(&[], "").is_ok());
        assert!(with(&[HandlingCode::H1, HandlingCode::H2], "").is_ok());
        assert!(with(&[HandlingCode::H1, HandlingCode::H3], "call before you act").is_ok());
        for (codes, text) in [
            (&[HandlingCode::H3][..], " "),
            (&[HandlingCode::H1], "call before you act"),
            (&[HandlingCode::H3], &"x".repeat(MAX_TEXT + 1)),
        ] {
            assert_eq!(with(codes, text).unwrap_err().code, Code::Handling, "{codes:?}");
        }
    }

    /// The words of H1 are for whoever is about to use it in court, in whatever program.
    #[test]
    fn each_restriction_says_in_words_what_it_asks() {
        let codes = HandlingCode::ALL.into_iter().collect();
        let text = "call before you act".to_owned();
        let handling = Handling { codes, text, pap: Some(Pap::Amber), ..Handling::default() };
        let lines = handling.lines();
        assert_eq!(lines.len(), 5);
        assert!(lines[1].contains("H1: Not to be disclosed in judicial proceedings"), "{lines:?}");
        assert!(lines[3].ends_with("call before you act"));
        assert_eq!(lines[4], "Permissible actions: PAP:AMBER.");
    }
}
