//! What needs somebody, as it is shown: a list in the order in which it is to be looked at, each
//! with the act that is next.

use crate::case::tlp;
use crate::hint::Surface;
use crate::table::{Column, Row};
use crate::text;
use forewarn_exchange::name::{NodeName, UserName};
use forewarn_exchange::need::{About, Kind, Need, State};
use forewarn_exchange::scale::{Status, Urgency};
use forewarn_exchange::telling::Taken;
use forewarn_exchange::user::Permission;
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Tlp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One thing that waits for somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NeedLine {
    /// How it stands to its deadline.
    pub state: State,
    /// Until when it is to be done; none for what has no deadline.
    pub due: Option<Timestamp>,
    /// Since when it waits, where that is known.
    pub since: Option<Timestamp>,
    /// What is needed.
    pub kind: Kind,
    /// What it is about.
    #[serde(flatten)]
    pub about: About,
    /// The partner whom it concerns.
    pub partner: Option<NodeName>,
    /// Whether it is meant, an exercise or a test.
    pub status: Status,
    /// How urgent.
    pub urgency: Option<Urgency>,
    /// What one must be allowed to do: `draft`, `release`, `receive`, `manage-partners`,
    /// `administer`, `take-in` or `read`.
    pub permission: String,
    /// The one person whose own act it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<UserName>,
    /// Who may not do it: a second person must.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not: Vec<UserName>,
    /// The title of the warning that it is about; none for TLP:RED, of which no list says more than
    /// that it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The marking of the title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tlp: Option<Tlp>,
    /// What was tried, or what is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Who has it in hand, since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken: Option<Taken>,
    /// Its name, by which it is taken: `finding case-3`.
    pub need: String,
    /// The next step on the command line.
    pub command: String,
    /// The next step by the API.
    pub act: String,
}

/// What needs somebody, with what was counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NeedList {
    /// When it was so.
    pub at: Timestamp,
    /// How many are overdue, of those that are meant.
    pub overdue: usize,
    /// How many are due within 15 minutes, of those that are meant.
    pub soon: usize,
    /// How many have more time, or no deadline, of those that are meant.
    pub later: usize,
    /// How many are exercises and tests.
    pub exercise: usize,
    /// How many of the exercises and tests are overdue.
    pub exercise_overdue: usize,
    /// Whether there are more than are listed.
    pub more: bool,
    /// Each, what is meant first, then by deadline.
    pub needs: Vec<NeedLine>,
}

impl NeedLine {
    /// A line of a need at this time. The title is left out where it is TLP:RED.
    pub fn of(
        need: &Need,
        title: Option<(String, Tlp)>,
        note: Option<String>,
        now: &Timestamp,
    ) -> NeedLine {
        let (title, tlp) = match title {
            Some((_, Tlp::Red)) => (None, Some(Tlp::Red)),
            Some((title, tlp)) => (Some(title), Some(tlp)),
            None => (None, None),
        };
        NeedLine {
            state: need.state(now),
            due: need.due.clone(),
            since: need.since.clone(),
            kind: need.kind,
            about: need.about.clone(),
            partner: need.partner.clone(),
            status: need.status,
            urgency: need.urgency,
            permission: permission(need.whom.permission).to_owned(),
            only: need.whom.only.clone(),
            not: need.whom.not.clone(),
            title,
            tlp,
            note,
            taken: None,
            need: need.name(),
            command: next(need, Surface::CommandLine),
            act: next(need, Surface::Api),
        }
    }

    /// Somebody has it in hand, or nobody.
    #[must_use]
    pub fn taken(self, taken: Option<Taken>) -> NeedLine {
        NeedLine { taken, ..self }
    }

    fn is_real(&self) -> bool {
        match self.status {
            Status::Actual => true,
            Status::Exercise | Status::Test => false,
        }
    }

    /// `OVERDUE`, `soon` or nothing.
    pub fn state_word(&self) -> &'static str {
        match self.state {
            State::Overdue => "OVERDUE",
            State::Soon => "soon",
            State::Running => "",
        }
    }

    /// What is needed, in words, with what it is about.
    pub fn what(&self) -> String {
        let mut words = subject(self.kind, &self.about);
        if let Some(partner) = &self.partner {
            words = match self.about {
                About::Case(_) | About::Question(..) | About::Told(..) => {
                    format!("{words} for {partner}")
                }
                About::Warning(_) => format!("{words} from {partner}"),
                About::Proposal(_) => format!("{words}, which concerns {partner}"),
                About::Partner(_)
                | About::Danger(_)
                | About::Feed(_)
                | About::Quarantine(..)
                | About::Follower(_)
                | About::Rota
                | About::Notifier(_) => words,
            };
        }
        if let Some(marking) = self.tlp {
            let title = self.title.as_deref().map(|title| format!(" “{}”", text::line(title)));
            words = format!("{words}:{} {}", title.unwrap_or_default(), tlp(marking));
        }
        if let Some(note) = &self.note {
            words = format!("{words} ({})", text::line(note));
        }
        if let Some(taken) = &self.taken {
            words = format!("{words}, taken by {} at {}", taken.by, text::time(&taken.at));
        }
        words
    }

    /// For whom, in words: `release, not ana`.
    pub fn for_whom(&self) -> String {
        if let Some(only) = &self.only {
            return only.to_string();
        }
        let not: Vec<&str> = self.not.iter().map(|name| &**name).collect();
        match not.as_slice() {
            [] => self.permission.clone(),
            not => format!("{}, not {}", self.permission, not.join(", ")),
        }
    }

    /// The whole on one line.
    pub fn words(&self) -> String {
        let due = self.due.as_ref().map_or_else(
            || "no deadline".to_owned(),
            |due| match self.state {
                State::Overdue => format!("OVERDUE since {}", text::time(due)),
                State::Soon => format!("soon, due {}", text::time(due)),
                State::Running => format!("due {}", text::time(due)),
            },
        );
        let exercise = if self.is_real() {
            String::new()
        } else {
            format!("{}: ", self.status.name().to_uppercase())
        };
        format!("{exercise}{due}: {}: {}", self.what(), self.command)
    }
}

impl NeedList {
    /// A list of these lines, in their order.
    pub fn of(needs: Vec<NeedLine>, more: bool, at: Timestamp) -> NeedList {
        let count = |real: bool, state: Option<State>| {
            let each = needs.iter().filter(|one| one.is_real() == real);
            each.filter(|one| state.is_none_or(|state| one.state == state)).count()
        };
        NeedList {
            at,
            overdue: count(true, Some(State::Overdue)),
            soon: count(true, Some(State::Soon)),
            later: count(true, Some(State::Running)),
            exercise: count(false, None),
            exercise_overdue: count(false, Some(State::Overdue)),
            more,
            needs,
        }
    }

    /// Whether something is overdue, meant or not.
    pub fn is_overdue(&self) -> bool {
        self.overdue + self.exercise_overdue > 0
    }

    /// What was counted, on one line.
    pub fn counted(&self) -> String {
        if self.needs.is_empty() {
            return "nothing needs anyone".to_owned();
        }
        let mut words =
            format!("{} overdue, {} due soon, {} later", self.overdue, self.soon, self.later);
        if self.exercise > 0 {
            let (all, overdue) = (self.exercise, self.exercise_overdue);
            words = format!("{words}; exercises and tests: {all}, of which {overdue} overdue");
        }
        words
    }
}

impl Row for NeedLine {
    const COLUMNS: &'static [Column<NeedLine>] = &[
        ("DUE", |one| text::or_none(one.due.as_ref(), text::time)),
        ("", |one| one.state_word().to_owned()),
        ("STATUS", |one| one.status.name().to_owned()),
        ("WHAT", NeedLine::what),
        ("SINCE", |one| text::or_none(one.since.as_ref(), text::time)),
        ("FOR", NeedLine::for_whom),
        ("NEXT", |one| one.command.clone()),
    ];
}

/// The word for a permission.
pub fn permission(permission: Permission) -> &'static str {
    match permission {
        Permission::Read => "read",
        Permission::TakeIn => "take-in",
        Permission::Draft => "draft",
        Permission::Release => "release",
        Permission::Receive => "receive",
        Permission::ManagePartners => "manage-partners",
        Permission::Administer => "administer",
        Permission::SeeSources => "see-sources",
    }
}

/// What is needed of what: `case 3: a finding`.
pub fn subject(kind: Kind, about: &About) -> String {
    let what = match kind {
        Kind::Finding => "a finding is needed",
        Kind::Decision => "a decision is needed",
        Kind::Draft => "a draft is needed",
        Kind::Release => "a second person releases it",
        Kind::Undelivered => "not delivered: no receipt has come",
        Kind::ConfirmTold => {
            "TOLD IN IMMINENT DANGER, and no second person has confirmed it: confirm or strike"
        }
        Kind::Review => "an original was revoked: recall, update or keep",
        Kind::WaiverReview => "it was waived, and is to be looked at again: reopen or keep",
        Kind::Referral => "it was referred, and nobody has said what became of it: keep or reopen",
        Kind::RecallUnanswered => "our recall is not answered: telephone",
        Kind::UpdateUnanswered => "our update is not answered: telephone",
        Kind::ExpiryUnanswered => {
            "its time is over, and they have not said that what they did has ended: telephone"
        }
        Kind::Renew => "its time is nearly over: renew it, or let it end",
        Kind::OutcomeAwaited => "its time is over, and they have not said what came of it",
        Kind::Question => "a question to be answered",
        Kind::Permission => "the partner asks whether it may pass it on",
        Kind::Open => "to be opened",
        Kind::Accept => "to be accepted or declined",
        Kind::AnswerRecall => "RECALLED: to be answered",
        Kind::AnswerUpdate => "CHANGED: say whether it is applied",
        Kind::AnswerExpiry => "its time is over: say whether what was done for it has ended",
        Kind::Outcome => "its time is past: what came of it?",
        Kind::QuestionUnanswered => "our question is not answered: telephone",
        Kind::PermissionUnanswered => "nobody has said whether we may pass it on: telephone",
        Kind::Embargo => "the partner proposes an embargo: to be accepted or declined",
        Kind::Reveal => "its readout may be revealed",
        Kind::RevealedEarly => "the partner has PUBLISHED its readout EARLY",
        Kind::Approval => "a second person approves or drops it",
        Kind::ConfirmPartner => "its fingerprint is to be confirmed",
        Kind::ConfirmMove => "its new address is to be confirmed",
        Kind::ConfirmKeys => "its NEW KEYS are to be confirmed: nothing is sent until then",
        Kind::Dispute => "A LOG WAS WRITTEN TWICE: the proof is kept; telephone",
        Kind::Agreement => "it has signed a version of the agreement: sign it, or decline",
        Kind::AgreementUnanswered => "it has not answered our version of the agreement",
        Kind::Delivery => "deliveries to it fail",
        Kind::SourceDanger => "A SOURCE IS IN DANGER: look at it; what rests on it waits",
        Kind::Feed => "it fails",
        Kind::Quarantine => "refused on the way in",
        Kind::Follower => "does not run",
        Kind::Duty => "nobody is on duty",
        Kind::Notifier => "what it should tell does not arrive",
    };
    match about {
        About::Case(case) => format!("case {case}: {what}"),
        About::Question(case, index) => format!("case {case}, entry {index}: {what}"),
        About::Told(case, number) => format!("case {case}, number {number}: {what}"),
        About::Warning(warning) => format!("warning {warning}: {what}"),
        About::Proposal(proposal) => format!("proposal {proposal}: {what}"),
        About::Partner(partner) => format!("partner {partner}: {what}"),
        About::Danger(danger) => format!("danger {danger}: {what}"),
        About::Feed(feed) => format!("feed {}: {what}", text::line(feed)),
        About::Quarantine(count, _) => format!("{count} things: {what}"),
        About::Follower(name) => format!("{name}: {what}"),
        About::Rota => format!("the rota: {what}"),
        About::Notifier(name) => format!("notifier {name}: {what}"),
    }
}

/// The next step, in the words of a surface.
pub fn next(need: &Need, surface: Surface) -> String {
    let [command, act] = match (need.kind, &need.about) {
        (Kind::Finding, about) => on(about, "case finding", "case-finding"),
        (Kind::Decision, about) => on(about, "case decide", "case-decide"),
        (Kind::Draft, about) => on(about, "case draft", "case-draft"),
        (Kind::Release, about) => on(about, "case preview", "case-release"),
        (
            Kind::Undelivered
            | Kind::RecallUnanswered
            | Kind::UpdateUnanswered
            | Kind::ExpiryUnanswered
            | Kind::OutcomeAwaited,
            about,
        ) => on(about, "case show", "show"),
        (Kind::Renew, about) => on(about, "case renew", "case-renew"),
        (Kind::Review | Kind::WaiverReview | Kind::Referral, about) => {
            on(about, "case show", "case-keep")
        }
        (Kind::ConfirmTold, about) => confirm_told(about),
        (Kind::Question, about) => answer(about),
        (Kind::Permission, about) => permit(about),
        (Kind::Open, about) => on(about, "warning open", "warning-open"),
        (Kind::Accept, about) => on(about, "warning accept", "warning-accept"),
        (Kind::AnswerRecall, about) => on(about, "warning answer", "warning-answer"),
        (Kind::AnswerUpdate, about) => on(about, "warning answer", "warning-answer-update"),
        (Kind::AnswerExpiry, about) => on(about, "warning answer", "warning-answer-expiry"),
        (Kind::Outcome, about) => on(about, "warning outcome", "warning-outcome"),
        (Kind::QuestionUnanswered | Kind::PermissionUnanswered, about) => {
            on(about, "warning show", "show")
        }
        (Kind::Embargo, about) => readout(about, "embargo accept", "embargo-accept"),
        (Kind::Reveal, about) => readout(about, "reveal", "readout-reveal"),
        (Kind::RevealedEarly, about) => readout(about, "show", "readout-note"),
        (Kind::Approval, about) => on(about, "proposal show", "proposal-approve"),
        (Kind::ConfirmPartner | Kind::ConfirmMove | Kind::ConfirmKeys, about) => {
            on(about, "partner confirm", "partner-confirm")
        }
        (Kind::Dispute, _) => {
            ["forewarn channel contradictions".to_owned(), get("/api/v1/contradictions")]
        }
        (Kind::Agreement | Kind::AgreementUnanswered, About::Partner(partner)) => [
            format!("forewarn partner agreement list {partner}"),
            get(&format!("/api/v1/partners/{partner}/agreements")),
        ],
        (Kind::Agreement | Kind::AgreementUnanswered, about) => {
            on(about, "partner agreement list", "agreement-accept")
        }
        (Kind::Delivery, about) => on(about, "channel show", "show"),
        (Kind::SourceDanger, about) => on(about, "source lift", "source-lift"),
        (Kind::Feed, _) => ["forewarn feed list".to_owned(), get("/api/v1/feeds")],
        (Kind::Quarantine, About::Quarantine(_, first)) => {
            let after = first - 1;
            [
                format!("forewarn quarantine list --after {after}"),
                get(&format!("/api/v1/quarantine?after={after}")),
            ]
        }
        (Kind::Quarantine, _) => ["forewarn quarantine list".to_owned(), get("/api/v1/quarantine")],
        (Kind::Follower, _) => ["forewarn status".to_owned(), get("/api/v1/status")],
        (Kind::Duty, _) => ["forewarn duty rota".to_owned(), "the act `rota-set`".to_owned()],
        (Kind::Notifier, _) => ["forewarn notify log".to_owned(), get("/api/v1/deliveries")],
    };
    match surface {
        Surface::CommandLine => command,
        Surface::Api => act,
    }
}

/// A command and an act by which a question is answered.
fn answer(about: &About) -> [String; 2] {
    match about {
        About::Question(case, index) => [
            format!("forewarn case answer {case} --question {index} --text TEXT"),
            format!("the act `case-answer` of case {case}, question {index}"),
        ],
        about => on(about, "case answer", "case-answer"),
    }
}

/// A command and an act by which a second person stands by what was told.
fn confirm_told(about: &About) -> [String; 2] {
    match about {
        About::Told(case, number) => [
            format!("forewarn case confirm {case} --told {number}, or case strike"),
            format!("the act `case-confirm` of case {case}, told {number}, or `case-strike`"),
        ],
        about => on(about, "case confirm", "case-confirm"),
    }
}

/// A command and an act by which something may be passed on.
fn permit(about: &About) -> [String; 2] {
    match about {
        About::Question(case, index) => [
            format!("forewarn case permit {case} --request {index}, or case deny"),
            format!("the act `case-permit` of case {case}, request {index}"),
        ],
        about => on(about, "case permit", "case-permit"),
    }
}

/// A command and an act on a readout, which is named by what it is about: `case-1`.
fn readout(about: &About, command: &str, act: &str) -> [String; 2] {
    let subject = match about {
        About::Case(case) | About::Question(case, _) | About::Told(case, _) => {
            format!("case-{case}")
        }
        About::Warning(warning) => format!("warning-{warning}"),
        About::Proposal(_)
        | About::Partner(_)
        | About::Danger(_)
        | About::Feed(_)
        | About::Quarantine(..)
        | About::Follower(_)
        | About::Rota
        | About::Notifier(_) => String::new(),
    };
    [format!("forewarn readout {command} {subject}"), format!("the act `{act}` of {subject}")]
}

fn get(path: &str) -> String {
    format!("GET {path}")
}

/// A command and an act on what a need is about; the act `show` is to look at it.
fn on(about: &About, command: &str, act: &str) -> [String; 2] {
    let (id, of, path) = match about {
        About::Case(case) | About::Question(case, _) | About::Told(case, _) => {
            (case.to_string(), "case", format!("/api/v1/cases/{case}"))
        }
        About::Warning(warning) => {
            (warning.to_string(), "warning", format!("/api/v1/warnings/{warning}"))
        }
        About::Proposal(proposal) => {
            (proposal.to_string(), "proposal", format!("/api/v1/proposals/{proposal}"))
        }
        About::Partner(partner) => {
            (partner.to_string(), "partner", format!("/api/v1/channels/{partner}"))
        }
        About::Danger(danger) => (danger.to_string(), "danger", "/api/v1/dangers".to_owned()),
        About::Feed(feed) => (feed.clone(), "feed", "/api/v1/feeds".to_owned()),
        About::Quarantine(..) => (String::new(), "quarantine", "/api/v1/quarantine".to_owned()),
        About::Follower(name) => (name.clone(), "follower", "/api/v1/status".to_owned()),
        About::Rota => (String::new(), "rota", "/api/v1/telling".to_owned()),
        About::Notifier(name) => (name.clone(), "notifier", "/api/v1/notifiers".to_owned()),
    };
    let act = if act == "show" { get(&path) } else { format!("the act `{act}` of {of} {id}") };
    [format!("forewarn {command} {id}"), act]
}
