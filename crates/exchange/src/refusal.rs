//! A decision not to do what was asked: why, and what to do instead.

use crate::agreement::Version;
use crate::bounds::MAX_FIELD_BYTES;
use crate::code::Code;
use crate::id::{CaseNumber, ProposalNumber, WarningNumber};
use crate::name::{BadName, NodeName, UserName};
use crate::role::Role;
use forewarn_matching::interest::BadInterest;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// Most names of fields that a refusal tells.
const MAX_FIELDS: usize = 50;

/// Told to the one who asked; recorded in the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error, JsonSchema)]
#[error("{message}")]
pub struct Refusal {
    /// Which of the known reasons it is.
    pub code: Code,
    /// What is wrong, and where.
    pub message: String,
    /// What to do, where there is something to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<Hint>,
}

/// A reason that somebody must give: some words, of bounded length. `what` says what they are to
/// say.
///
/// # Errors
/// There is none, or it is too long.
pub fn give_reason(reason: &str, what: &str) -> Result<(), Refusal> {
    if reason.trim().is_empty() {
        return Err(Refusal::new(Code::Reason, what).hint(Hint::Give { field: Field::Reason }));
    }
    short(reason)
}

/// A text of bounded length.
///
/// # Errors
/// It is too long.
pub fn short(text: &str) -> Result<(), Refusal> {
    if text.len() <= MAX_FIELD_BYTES {
        return Ok(());
    }
    let message =
        format!("a text has {} bytes; at most {MAX_FIELD_BYTES} are possible", text.len());
    Err(Refusal::new(Code::TooLong, message))
}

/// What to do next. The surface that shows it puts it into its own words: the names of commands,
/// options and fields are the surface's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "next", rename_all = "kebab-case")]
pub enum Hint {
    /// A sentence that is the same on every surface.
    Advice {
        /// The sentence, lower case, without a full stop.
        words: String,
    },
    /// Something that was left out, or is not as it should be, is to be given.
    Give {
        /// What to give.
        field: Field,
    },
    /// Record a finding for the case.
    Find {
        /// Which case.
        case: CaseNumber,
    },
    /// Write a draft for the case.
    Draft {
        /// Which case.
        case: CaseNumber,
    },
    /// Look at the draft of the case again.
    Preview {
        /// Which case.
        case: CaseNumber,
    },
    /// Say why the case's warning stands, although originals were revoked.
    Keep {
        /// Which case.
        case: CaseNumber,
    },
    /// Look at the case.
    ShowCase {
        /// Which case.
        case: CaseNumber,
    },
    /// Look at the warning.
    ShowWarning {
        /// Which warning.
        warning: WarningNumber,
    },
    /// Have a second person agree that withheld fields are shown in evidence.
    ShowWithheld,
    /// Look at the proposal.
    ShowProposal {
        /// Which proposal.
        proposal: ProposalNumber,
    },
    /// Ask the warning's sender whether it may be passed on.
    AskPermission {
        /// Which warning.
        warning: WarningNumber,
    },
    /// Accept the warning first.
    Accept {
        /// Which warning.
        warning: WarningNumber,
    },
    /// Have the partner's words read aloud, and confirm them.
    ConfirmPartner {
        /// Whose words.
        partner: NodeName,
    },
    /// Look at a version of the agreement, and answer it.
    ShowAgreement {
        /// With whom.
        partner: NodeName,
        /// Which.
        version: Version,
    },
    /// Look at the versions of the agreement.
    ListAgreements {
        /// With whom.
        partner: NodeName,
    },
    /// Only new keys that the partner has announced open the channel again.
    AwaitNewKeys,
    /// Say who acts; users are added first.
    SayWho,
    /// Somebody with this role may do it.
    AskRole {
        /// Which role.
        role: Role,
    },
    /// Make new keys, then start the node again.
    MakeKeys,
    /// Whole logs are written by the export of the channel.
    ExportChannel,
    /// Look for what is wrong with the node.
    Examine,
    /// Add a collection to the configuration.
    AddCollection,
    /// Make a token, and send it with the request.
    MakeToken,
    /// Sign in as the user.
    SignIn {
        /// As whom.
        user: UserName,
    },
}

/// A field of an act, whatever a surface calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// Why.
    Reason,
    /// Why, and who or what is threatened.
    ReasonAndTarget,
    /// A time that is still to come.
    ValidUntil,
    /// At least one role.
    Role,
    /// The words of a question, an action, a thanks.
    Text,
    /// A fact with its count.
    Fact,
    /// On which permission, and why, a marking is lowered.
    Lowering,
    /// What the draft sets aside, and nothing else.
    SetAside,
    /// Why it is set aside.
    SetAsideReason,
    /// That it corrects what was said before.
    Corrects,
    /// Whom of the partner's people it is for.
    Persons,
    /// When it is looked at again.
    ReviewAt,
    /// The words of the handling code H3.
    HandlingText,
    /// Why a warning reaches whom a policy would not let know.
    NotifyReason,
}

impl Refusal {
    /// A refusal without a hint.
    pub fn new(code: Code, message: impl Into<String>) -> Refusal {
        Refusal { code, message: message.into(), hint: None }
    }

    /// Adds what to do.
    #[must_use]
    pub fn hint(self, hint: Hint) -> Refusal {
        Refusal { hint: Some(hint), ..self }
    }

    /// Adds a sentence that is the same on every surface.
    #[must_use]
    pub fn advice(self, words: impl Into<String>) -> Refusal {
        self.hint(Hint::Advice { words: words.into() })
    }

    /// Our log is shorter than what was signed of it: what is written would contradict what the
    /// partner holds.
    pub fn restored(log: &str, signed: u64, held: u64) -> Refusal {
        let message = format!(
            "the database is older than what was sent: {signed} entries of {log} were signed, {held} \
             are here"
        );
        Refusal::new(Code::Restored, message).advice(
            "they are fetched from the partner when it can be reached; or restore a newer copy. \
             Until then nothing is written to it",
        )
    }

    /// What was signed of our log may be more than is here: nobody has looked since the node started.
    pub fn not_compared(partner: &str) -> Refusal {
        let message = format!(
            "since the node started, our log to {partner} has not been compared with what {partner} \
             holds; were this database an old copy, what is written now would contradict what was \
             signed, for ever"
        );
        Refusal::new(Code::NotCompared, message).advice(format!(
            "it is compared as soon as {partner} can be reached. If it cannot be, and you know that \
             no newer copy of this node was ever used: forewarn channel write-uncompared {partner} \
             --reason TEXT"
        ))
    }

    /// A field that none of these entries has, with the names of those that they have.
    pub fn no_field(field: &str, known: &BTreeSet<String>) -> Refusal {
        let named: Vec<&str> = known.iter().map(String::as_str).take(MAX_FIELDS).collect();
        let message = format!("no entry of this has a field `{field}`");
        let refusal = Refusal::new(Code::NoField, message);
        match named.as_slice() {
            [] => refusal,
            _ => refusal.advice(format!("the fields are {}", named.join(", "))),
        }
    }

    /// What was seen is not what would leave now.
    pub fn other_draft(case: CaseNumber) -> Refusal {
        Refusal::new(Code::OtherDraft, "the draft was changed since you saw it")
            .hint(Hint::Preview { case })
    }

    /// Nothing of that name or number.
    pub fn unknown(what: &str, name: impl fmt::Display) -> Refusal {
        Refusal::new(Code::NotFound, format!("there is no {what} `{name}`"))
    }
}

impl From<BadInterest> for Refusal {
    fn from(bad: BadInterest) -> Refusal {
        let refusal = Refusal::new(Code::Interest, format!("{}: {}", bad.field, bad.message));
        match bad.hint {
            Some(words) => refusal.advice(words),
            None => refusal,
        }
    }
}

impl From<BadName> for Refusal {
    fn from(bad: BadName) -> Refusal {
        let code = match bad {
            BadName::User(_) => Code::UserName,
            BadName::Grant(_) | BadName::Node(_) => Code::BadName,
        };
        Refusal::new(code, bad.to_string())
    }
}
