//! Received warnings as they are shown.

use crate::case::{for_persons, tlp};
use crate::graded;
use crate::hint::{self, Surface};
use crate::history::Line;
use crate::table::{Column, Row};
use crate::talk::{self, SaidView};
use crate::text;
use crate::version;
use forewarn_exchange::extension;
use forewarn_exchange::id::WarningNumber;
use forewarn_exchange::message::Content;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::outcome::Net;
use forewarn_exchange::owed::Owed;
use forewarn_exchange::scale::{Status, Urgency};
use forewarn_exchange::talk::Said;
use forewarn_exchange::version::{Change, Version};
use forewarn_exchange::warning::{Recalled, Standing, Warning};
use forewarn_stix::Timestamp;
use forewarn_stix::marking::{Pap, Tlp};
use forewarn_transcript::Reference;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A warning in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WarningLine {
    /// Which.
    pub number: WarningNumber,
    /// Who sent it.
    pub partner: NodeName,
    /// Whether it is meant.
    pub status: Status,
    /// The report's title; empty where it is for named persons, and the reader is none of them.
    pub title: String,
    /// For whom it is, by name: at TLP:RED nobody else reads it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub persons: Vec<String>,
    /// How urgent.
    pub urgency: Urgency,
    /// Its marking.
    pub tlp: Tlp,
    /// Until when it holds.
    pub valid_until: Timestamp,
    /// When it came.
    pub received: Timestamp,
    /// What our people have said of it.
    pub standing: Standing,
    /// Whether the sender has taken it back.
    pub recalled: bool,
    /// Its global id.
    pub id: String,
    /// How many of our questions wait for an answer.
    pub open_questions: usize,
    /// How many versions have come.
    #[serde(default)]
    pub version: u32,
    /// When it was put on record that its time is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expired: Option<Timestamp>,
    /// The update, or the end, that we are to answer, or have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owed: Option<Owed>,
}

/// A warning, whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WarningShown {
    /// The report's own words.
    pub text: String,
    /// In what the newest version differs from the one before it; nothing in the first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// Whether an earlier version, or what was said of it, is for others by name and not shown.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub kept_back: bool,
    /// What happened, oldest first.
    pub history: Vec<Line>,
    /// The warning itself.
    pub warning: WarningParts,
}

/// A warning with its newest content and the talk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WarningParts {
    /// Which.
    pub number: WarningNumber,
    /// Who sent it.
    pub partner: NodeName,
    /// Whether it is meant.
    pub status: Status,
    /// Where it stands in the sender's log.
    pub entry: Reference,
    /// Its global id.
    pub id: String,
    /// When it came.
    pub received: Timestamp,
    /// How many versions have come.
    pub version: u32,
    /// The newest content.
    pub content: Content,
    /// What our people have said of it.
    pub standing: Standing,
    /// The sender's recall.
    pub recall: Option<Recalled>,
    /// When it was put on record that its time is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expired: Option<Timestamp>,
    /// The update, or the end, that we are to answer, or have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owed: Option<Owed>,
    /// How far actions may be noticed, by its marking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pap: Option<Pap>,
    /// What came of it, all outcomes together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outcome: Vec<Net>,
    /// What was said, oldest first.
    pub talk: Vec<SaidView>,
}

impl WarningLine {
    /// A line of a warning; `opens` is whether the reader may read what it says.
    pub fn of(warning: &Warning, open_questions: usize, opens: bool) -> WarningLine {
        let summary = &warning.summary;
        let title = if opens { summary.title.clone() } else { String::new() };
        WarningLine {
            number: warning.number,
            partner: warning.partner.clone(),
            status: warning.status,
            title,
            persons: warning.persons.iter().map(|one| one.name.clone()).collect(),
            urgency: summary.urgency,
            tlp: summary.tlp,
            valid_until: summary.valid_until.clone(),
            received: warning.received.clone(),
            standing: warning.standing.clone(),
            recalled: warning.recall.is_some(),
            id: warning.id.clone(),
            open_questions,
            version: warning.version,
            expired: warning.expired.clone(),
            owed: warning.owed.clone(),
        }
    }
}

impl WarningShown {
    /// A warning with its parts: its newest content, and the one before it.
    pub fn of(
        warning: Warning,
        (content, before): (Content, Option<Content>),
        talk: &[Said],
        history: Vec<Line>,
    ) -> WarningShown {
        let text = content.text().to_owned();
        let newest = Version::received(&content);
        let before = before.as_ref().map(Version::received);
        let changes = before.map(|before| before.changes(&newest)).unwrap_or_default();
        let warning = WarningParts {
            number: warning.number,
            partner: warning.partner,
            status: warning.status,
            entry: warning.entry,
            id: warning.id,
            received: warning.received,
            version: warning.version,
            pap: extension::pap(&content.bundle),
            content,
            standing: warning.standing,
            recall: warning.recall,
            expired: warning.expired,
            owed: warning.owed,
            outcome: talk::net(talk),
            talk: talk.iter().map(SaidView::of).collect(),
        };
        WarningShown { text, changes, kept_back: false, history, warning }
    }

    /// The same, where something earlier is for others by name.
    #[must_use]
    pub fn keeping_back(self, kept_back: bool) -> WarningShown {
        WarningShown { kept_back, ..self }
    }
}

impl Row for WarningLine {
    const COLUMNS: &'static [Column<WarningLine>] = &[
        ("WARNING", |one| one.number.to_string()),
        ("FROM", |one| one.partner.to_string()),
        ("TITLE", WarningLine::title_or_whom),
        ("STATUS", |one| one.status.name().to_owned()),
        ("URGENCY", |one| one.urgency.to_string()),
        ("STANDING", |one| standing(&one.standing).to_owned()),
        ("RECEIVED", |one| text::time(&one.received)),
        ("VALID UNTIL", |one| text::time(&one.valid_until)),
        ("RECALLED", |one| text::yes_no(one.recalled)),
        ("TO ANSWER", WarningLine::to_answer),
    ];
}

impl WarningLine {
    /// Whether nobody has opened it.
    pub fn is_new(&self) -> bool {
        matches!(self.standing, Standing::New {})
    }

    /// The title, or for whom it is.
    fn title_or_whom(&self) -> String {
        if !self.title.is_empty() || self.tlp != Tlp::Red {
            return text::line(&self.title);
        }
        let names: Vec<String> = self.persons.iter().map(|name| text::line(name)).collect();
        let whom = if names.is_empty() { "nobody by name".to_owned() } else { names.join(", ") };
        format!("(TLP:RED, for {whom} only)")
    }

    /// The later word that we have not answered: `update`.
    fn to_answer(&self) -> String {
        let owed = self.owed.as_ref().filter(|owed| owed.is_open());
        owed.map(|owed| owed.word.name().to_owned()).unwrap_or_default()
    }
}

/// What our people have said of a warning, in one word.
fn standing(standing: &Standing) -> &'static str {
    match standing {
        Standing::New {} => "new",
        Standing::Opened { .. } => "opened",
        Standing::Accepted { .. } => "accepted",
        Standing::Declined { .. } => "declined",
    }
}

impl WarningShown {
    /// The warning for people, without a line break at the end: from whom, its words, its recall, the
    /// places and indicators of its bundle as the sender wrote them, and what was said.
    pub fn words(&self, surface: Surface) -> String {
        let WarningParts { number, partner, content, received, recall, talk, .. } = &self.warning;
        let over = if self.warning.expired.is_some() { ", EXPIRED" } else { "" };
        let pap = self.warning.pap.map(|pap| format!(" {pap}")).unwrap_or_default();
        let mut lines = vec![
            format!("warning {number} from {partner}: {}{over}", standing(&self.warning.standing)),
            format!("“{}”", text::line(&content.title)),
            format!(
                "{}{pap}, {}, valid until {}, received {}\n",
                tlp(content.tlp),
                content.urgency,
                text::time(&content.valid_until),
                text::time(received),
            ),
            format!("{}\n", text::block(&self.text)),
        ];
        lines.extend(crate::history::erased(&self.history));
        lines.extend(for_persons(&content.persons));
        if !self.changes.is_empty() {
            let version = self.warning.version;
            let before = version.saturating_sub(1);
            lines.push(format!("CHANGED in version {version}, since version {before}:"));
            lines.extend(version::lines(&self.changes));
        }
        if self.kept_back {
            let what = "an earlier version, or what was said of it, is TLP:RED and for others";
            lines.push(format!("{what}: it is not shown"));
        }
        if let Some(Recalled { reason, at, answered, .. }) = recall {
            let (at, reason) = (text::time(at), text::line(reason));
            lines.push(format!("RECALLED at {at}: {reason}"));
            lines.push(match answered {
                None => format!("  {}", hint::answer_recall(*number, surface)),
                Some(answer) => format!("  it was answered: {}", answer.name()),
            });
        }
        if let Some(owed) = &self.warning.owed {
            let (word, at) = (owed.word.name(), text::time(&owed.at));
            lines.push(match owed.answered {
                None => {
                    let how = hint::answer_word(*number, owed.word, surface);
                    format!("the {word} of {at} is not answered; {how}")
                }
                Some(answer) => format!("the {word} of {at} was answered: {}", answer.name()),
            });
        }
        lines.extend(graded::lines(&content.bundle));
        lines.extend(talk::net_line(&self.warning.outcome));
        lines.extend(talk.iter().map(SaidView::line));
        lines.join("\n")
    }
}
