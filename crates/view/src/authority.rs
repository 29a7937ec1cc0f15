//! Standing authorisations, as they are shown.

use crate::case::tlp;
use crate::table::{Column, Row};
use crate::text;
use forewarn_exchange::authority::{Authority, Class, NotCovered, Standing};
use forewarn_exchange::id::{AuthorityNumber, CaseNumber};
use forewarn_exchange::name::UserName;
use forewarn_stix::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A standing authorisation with what has left by it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AuthorityShown {
    /// Which.
    pub number: AuthorityNumber,
    /// Whether it lets anything out now, and if not, why not.
    pub state: AuthorityState,
    /// What it covers, and what it says.
    pub class: Class,
    /// Who asked for it.
    pub by: UserName,
    /// The second person.
    pub approved_by: UserName,
    /// When it was given.
    pub at: Timestamp,
    /// Why it was taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Warnings that have left by it within the window of its rate.
    pub used: u32,
    /// The cases of warnings that have left by it, newest last, in the answer on one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<CaseNumber>,
}

/// How an authorisation stands now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AuthorityState {
    /// It lets out what it covers.
    InForce,
    /// Its day is past.
    Ended,
    /// It was taken back.
    Revoked,
}

impl AuthorityState {
    fn word(self) -> &'static str {
        match self {
            AuthorityState::InForce => "in force",
            AuthorityState::Ended => "ended",
            AuthorityState::Revoked => "taken back",
        }
    }
}

impl AuthorityShown {
    /// An authorisation as it stands at this time.
    pub fn of(authority: Authority, used: u32, now: &Timestamp) -> AuthorityShown {
        let is_in_force = authority.is_in_force(now);
        let Authority { number, class, interests: _, by, approved_by, at, standing } = authority;
        let (state, reason) = match standing {
            Standing::Revoked { reason, .. } => (AuthorityState::Revoked, Some(reason)),
            Standing::Given {} if is_in_force => (AuthorityState::InForce, None),
            Standing::Given {} => (AuthorityState::Ended, None),
        };
        let cases = Vec::new();
        AuthorityShown { number, state, class, by, approved_by, at, reason, used, cases }
    }

    /// All of it, without a line break at the end.
    pub fn words(&self) -> String {
        let AuthorityShown { number, state, by, approved_by, at, used, .. } = self;
        let mut lines = vec![
            format!("standing authorisation {number}: {}", state.word()),
            format!("given by {by} and {approved_by}, {}", text::time(at)),
            class(&self.class),
            format!("let out within the window: {used}"),
        ];
        lines.extend(self.reason.as_ref().map(|why| format!("taken back: {}", text::block(why))));
        if !self.cases.is_empty() {
            let cases: Vec<String> = self.cases.iter().map(ToString::to_string).collect();
            lines.push(format!("let out in the cases {}", cases.join(", ")));
        }
        lines.join("\n")
    }
}

impl Row for AuthorityShown {
    const COLUMNS: &'static [Column<AuthorityShown>] = &[
        ("AUTHORITY", |one| one.number.to_string()),
        ("STATE", |one| one.state.word().to_owned()),
        ("PARTNER", |one| one.class.partner.to_string()),
        ("TLP", |one| tlp(one.class.tlp)),
        ("USED", |one| format!("{}/{}", one.used, one.class.rate.most)),
        ("UNTIL", |one| text::time(&one.class.until)),
        ("TITLE", |one| text::line(&one.class.title)),
    ];
}

/// A class, in words: everything that the second person has to look at.
pub(crate) fn class(class: &Class) -> String {
    let kinds: Vec<&str> = class.kinds.iter().map(|kind| kind.name()).collect();
    let rate = class.rate;
    let mut lines = vec![
        format!("to {}, as {}, until {}", class.partner, tlp(class.tlp), text::time(&class.until)),
        format!("when the interests are met: {}", text::line(&class.interests.join(", "))),
        format!("by items that came only from: {}", text::line(&class.sources.join(", "))),
    ];
    lines.extend(class.least.map(|least| format!("graded {least} or better")));
    lines.extend([
        format!("with what has met them, of the kinds: {}", kinds.join(", ")),
        format!(
            "at most {} in {} minutes, each for {} minutes",
            rate.most, rate.minutes, class.holds
        ),
        format!(
            "finding: {} of {}; {}",
            class.threat.name(),
            text::line(&class.target),
            text::line(&class.reason)
        ),
        format!("title: {}", text::line(&class.title)),
        format!("text:\n{}", text::block(&class.text)),
    ]);
    lines.join("\n")
}

/// Why an authorisation does not cover a case.
pub(crate) fn not_covered(because: &NotCovered) -> String {
    match because {
        NotCovered::Ended {} => "it has ended".to_owned(),
        NotCovered::Interest {} => "another interest was met, or it was changed since".to_owned(),
        NotCovered::Source {} => "another source brought it too, or nobody knows who".to_owned(),
        NotCovered::Grade {} => "an item is graded lower, or not at all".to_owned(),
        NotCovered::Marking { tlp: marking } => format!("an item is marked {}", tlp(*marking)),
        NotCovered::Pap { pap } => format!("an item is marked {pap}"),
        NotCovered::Items {} => "more items have met than a case names".to_owned(),
        NotCovered::Nothing {} => "no observable of its kinds has met the interest".to_owned(),
        NotCovered::Rate {} => "it has let out as much as it may for now".to_owned(),
    }
}
