//! Agreements with partners, as they are shown.

use crate::case::tlp;
use crate::table::{Column, Row};
use crate::text;
use forewarn_exchange::agreement::{AgreedClocks, Agreement, Fate, Terms, Version};
use forewarn_exchange::handling::HandlingCode;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::proposal::Persons;
use forewarn_stix::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One version of the agreement with a partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AgreementShown {
    /// With whom.
    pub partner: NodeName,
    /// Which.
    pub version: Version,
    /// How it stands now.
    pub state: AgreementState,
    /// Whether we proposed it.
    pub ours: bool,
    /// What it says.
    pub terms: Terms,
    /// Who has signed it, or says that it is not.
    pub signatures: Vec<Signature>,
    /// Why it was not signed by both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A word of one side on a version, and the entry that says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Signature {
    /// Whether it is ours.
    pub ours: bool,
    /// Who.
    pub by: String,
    /// When it was written, or came here.
    pub at: Timestamp,
    /// The entry's index in the log of that side.
    pub entry: u64,
}

/// How a version stands now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AgreementState {
    /// It waits for the answer of the side that did not propose it.
    Waiting,
    /// Both have signed it, and no later one.
    InForce,
    /// Both have signed it, and a later one.
    Replaced,
    /// It was declined.
    Declined,
    /// Both sides proposed at once, and the other's waited.
    Crossed,
    /// The partner's node did not understand it.
    NotUnderstood,
}

impl AgreementState {
    fn word(self) -> &'static str {
        match self {
            AgreementState::Waiting => "waiting",
            AgreementState::InForce => "in force",
            AgreementState::Replaced => "replaced",
            AgreementState::Declined => "declined",
            AgreementState::Crossed => "crossed",
            AgreementState::NotUnderstood => "not understood",
        }
    }
}

impl AgreementShown {
    /// A version, where `in_force` is the one that is.
    pub fn of(agreement: Agreement, in_force: Option<Version>) -> AgreementShown {
        let Agreement { partner, version, ours, terms, by, at, entry, fate } = agreement;
        let mut signatures = vec![Signature { ours, by, at, entry: entry.index }];
        let mut other = |by, at, entry: u64| {
            signatures.push(Signature { ours: !ours, by, at, entry });
        };
        let (state, reason) = match fate {
            Fate::Waiting {} => (AgreementState::Waiting, None),
            Fate::Signed { by, at, entry } => {
                other(by, at, entry.index);
                let is_now = in_force == Some(version);
                (if is_now { AgreementState::InForce } else { AgreementState::Replaced }, None)
            }
            Fate::Declined { by, at, entry, reason } => {
                other(by, at, entry.index);
                (AgreementState::Declined, Some(reason))
            }
            Fate::Crossed {} => (AgreementState::Crossed, None),
            Fate::NotUnderstood { reason } => (AgreementState::NotUnderstood, Some(reason)),
        };
        AgreementShown { partner, version, state, ours, terms, signatures, reason }
    }

    /// All of it, without a line break at the end.
    pub fn words(&self) -> String {
        let AgreementShown { partner, version, state, .. } = self;
        let mut lines =
            vec![format!("agreement with {partner}, version {version}: {}", self.waits(*state))];
        for (n, Signature { ours, by, at, entry }) in self.signatures.iter().enumerate() {
            let did = match (n, state) {
                (0, _) => "proposed and signed",
                (_, AgreementState::Declined) => "declined",
                _ => "signed",
            };
            let side = if *ours { "us" } else { "them" };
            let (by, at) = (text::line(by), text::time(at));
            lines.push(format!("{did} for {side} by {by} at {at}, entry {entry}"));
        }
        lines.extend(self.reason.as_ref().map(|why| format!("because: {}", text::block(why))));
        lines.push(words(&self.terms));
        lines.join("\n")
    }

    fn waits(&self, state: AgreementState) -> &'static str {
        match (state, self.ours) {
            (AgreementState::Waiting, true) => "waiting for their signature",
            (AgreementState::Waiting, false) => "waiting for our signature",
            (other, _) => other.word(),
        }
    }
}

impl Row for AgreementShown {
    const COLUMNS: &'static [Column<AgreementShown>] = &[
        ("VERSION", |one| one.version.to_string()),
        ("STATE", |one| one.state.word().to_owned()),
        ("PROPOSED BY", |one| if one.ours { "us".to_owned() } else { "them".to_owned() }),
        ("SINCE", |one| text::or_none(one.signatures.last().map(|one| &one.at), text::time)),
        ("CEILING", |one| one.terms.ceiling.name().to_owned()),
        ("FREE TEXT", |one| persons(one.terms.sentences).to_owned()),
    ];
}

fn persons(persons: Persons) -> &'static str {
    match persons {
        Persons::One => "one person is enough",
        Persons::Two => "two persons",
    }
}

/// What is agreed, a line each.
pub fn words(terms: &Terms) -> String {
    let Terms { ceiling, handling, sentences, clocks, persons: named } = terms;
    let codes: Vec<&str> = handling.iter().map(|code| HandlingCode::name(*code)).collect();
    let codes = if codes.is_empty() { "no code".to_owned() } else { codes.join(", ") };
    let clocks = match clocks {
        None => "each side has its own".to_owned(),
        Some(AgreedClocks { immediate, expected, future, question }) => format!(
            "immediate {immediate} minutes, expected {expected}, future {future}, a question \
             {question}; every hour counts"
        ),
    };
    let named = named.iter().map(|one| format!("\nby name      {}", text::line(&one.to_string())));
    let named: String = named.collect();
    format!(
        "ceiling      {}\nhandling     {codes}\nfree text    {}\nclocks       {clocks}{named}",
        tlp(*ceiling),
        persons(*sentences),
    )
}
