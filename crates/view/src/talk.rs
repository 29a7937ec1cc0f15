//! What was said about a warning, as it is shown.

use crate::{text, told};
use forewarn_exchange::action::{ActionClass, Flag};
use forewarn_exchange::outcome::{self, Net};
use forewarn_exchange::permission::{Request, Verdict};
use forewarn_exchange::scale::OutcomeFact;
use forewarn_exchange::talk::{Compliance, Ground, Said, Statement, ToldAnswer, WordAnswer};
use forewarn_exchange::told::Told;
use forewarn_stix::Timestamp;
use forewarn_transcript::Reference;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A statement as the API shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SaidView {
    /// What was said.
    pub what: SaidWhat,
    /// In words, as data: what the speaker wrote stands in them as it came, and times in full. For
    /// people, see [`SaidView::line`].
    pub words: String,
    /// Who said it: the name that the speaker's node states.
    pub by: String,
    /// When, by the speaker's clock.
    pub at: Timestamp,
    /// Whether one of our people said it.
    pub ours: bool,
    /// Where it stands in the speaker's log.
    pub entry: Reference,
    /// Of which version of the warning it was said, where it was said of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// What is not as it should be with what was done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<Flag>,
}

/// What was said: its kind in `what`, beside its fields.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum SaidWhat {
    /// Somebody has opened the warning.
    Opened {},
    /// Somebody has it in hand.
    Accepted {
        /// Perhaps empty.
        note: String,
    },
    /// It is not taken on.
    Declined {
        /// Why, by a fixed choice.
        ground: Option<Ground>,
        /// Why, in words; perhaps empty.
        reason: String,
    },
    /// The reader of a warning wants to know more.
    Question {
        /// The question.
        text: String,
        /// When the answer is due.
        due: Option<Timestamp>,
    },
    /// The writer of the warning answers a question.
    Answer {
        /// The question's index in the log of the one who asked.
        question: Option<u64>,
        /// The answer.
        text: String,
    },
    /// What is being done.
    Action {
        /// In words.
        text: String,
        /// Of which class.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        class: Option<ActionClass>,
    },
    /// What came of it.
    Outcome {
        /// Counted.
        facts: Vec<OutcomeFact>,
        /// In words; perhaps empty.
        text: String,
        /// The entry of an outcome that it takes the place of.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        corrects: Option<u64>,
    },
    /// Thanks, to whoever made the warning possible.
    Thanks {
        /// Whom, in words.
        to: String,
        /// The words of thanks.
        text: String,
    },
    /// The reader of a warning asks whether it may pass parts of it on.
    PermissionAsked {
        /// Which parts, to whom, and why.
        #[serde(flatten)]
        request: Request,
        /// When the answer is due.
        due: Option<Timestamp>,
    },
    /// The writer of the warning grants some of that, or denies it.
    PermissionAnswered {
        /// The request's index in the log of the one who asked.
        question: Option<u64>,
        /// What is granted, and why the rest is not.
        #[serde(flatten)]
        verdict: Verdict,
    },
    /// Somebody was told of the warning beside the channel, says its writer.
    Told {
        /// Whom, how, when, and what.
        #[serde(flatten)]
        told: Told,
    },
    /// Whether that is so, says its reader.
    ToldAnswered {
        /// The entry that says that somebody was told.
        entry: u64,
        /// Whether it is so.
        so: bool,
        /// In words; perhaps empty.
        text: String,
    },
    /// How a recall was answered.
    RecallAnswered {
        /// Whether it was complied with.
        answer: Compliance,
        /// In words; perhaps empty.
        text: String,
        /// It takes the place of the speaker's answer before it.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        corrects: bool,
    },
    /// How an update was answered.
    UpdateAnswered {
        /// Whether it is noted and applied.
        answer: Compliance,
        /// In words; perhaps empty.
        text: String,
        /// It takes the place of the speaker's answer before it.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        corrects: bool,
    },
    /// What was done when the warning's time was over.
    ExpiryAnswered {
        /// Whether what was done for it has ended.
        answer: Compliance,
        /// In words; perhaps empty.
        text: String,
        /// It takes the place of the speaker's answer before it.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        corrects: bool,
    },
    /// The other side has stored an entry and could not understand it.
    Refused {
        /// Why, in the other side's words.
        reason: String,
    },
}

impl SaidView {
    /// A statement with its words.
    pub fn of(said: &Said) -> SaidView {
        let what = SaidWhat::of(&said.statement, said.due.as_ref(), said.question);
        SaidView {
            words: what.words(Some(said.entry.index), &Style::DATA),
            what,
            by: said.by.clone(),
            at: said.at.clone(),
            ours: said.ours,
            entry: said.entry.clone(),
            version: said.version,
            flags: said.flags.clone(),
        }
    }

    /// The statement for people, on one line: when, who, what.
    pub fn line(&self) -> String {
        let whose = if self.ours { "we" } else { "they" };
        let what = self.what.words(Some(self.entry.index), &Style::PEOPLE);
        let later = self.version.filter(|version| *version > 1);
        let of = later.map(|version| format!(" [version {version}]")).unwrap_or_default();
        let flags: Vec<String> = self.flags.iter().map(|flag| flag.words()).collect();
        let flags =
            if flags.is_empty() { String::new() } else { format!(" — {}", flags.join(", ")) };
        // An outcome is corrected, and what was told is answered, by its entry.
        let is_named = matches!(self.what, SaidWhat::Outcome { .. } | SaidWhat::Told { .. });
        let entry = if is_named { format!(" [entry {}]", self.entry.index) } else { String::new() };
        let (at, by) = (text::time(&self.at), text::line(&self.by));
        format!("  {at}  {whose} ({by}){of}{entry}: {what}{flags}")
    }
}

/// What came of it, all outcomes together, on one line; nothing when nothing was told.
pub(crate) fn net_line(net: &[Net]) -> Option<String> {
    let counts: Vec<String> = net.iter().map(|one| format!("{} {}", one.count, one.kind)).collect();
    (!counts.is_empty()).then(|| format!("what came of it, all together: {}", counts.join(", ")))
}

/// The net counts of what was said.
pub(crate) fn net(talk: &[Said]) -> Vec<Net> {
    outcome::net(talk)
}

/// How foreign text and times are put into words.
pub(crate) struct Style {
    pub(crate) foreign: fn(&str) -> String,
    pub(crate) time: fn(&Timestamp) -> String,
}

impl Style {
    const DATA: Style = Style { foreign: str::to_owned, time: Timestamp::to_string };
    const PEOPLE: Style = Style { foreign: text::line, time: text::time };

    /// How a later word was answered, and whether that corrects what was answered before.
    fn answered(&self, word: &str, (how, corrects): (&str, bool), more: &str) -> String {
        let corrects = if corrects { ", which corrects the answer before" } else { "" };
        self.with(&format!("{word} answered{corrects}: {how}"), more)
    }

    /// What is asked to be passed on.
    fn asked(&self, request: &Request, due: Option<&Timestamp>, index: Option<u64>) -> String {
        let due = due.map(|due| format!(" (permission by {})", (self.time)(due)));
        let at = index.map(|index| format!(" at entry {index}")).unwrap_or_default();
        let (parts, whom) = (listed(&request.parts), listed(&request.recipients));
        let (why, due) = ((self.foreign)(&request.reason), due.unwrap_or_default());
        format!("asks{at} to pass on {parts} to {whom}: {why}{due}")
    }

    /// What may be passed on.
    fn permitted(&self, verdict: &Verdict) -> String {
        if verdict.grants.is_empty() {
            return format!("may not be passed on: {}", (self.foreign)(&verdict.reason));
        }
        let granted = verdict.grants.iter().map(|grant| {
            let (parts, whom) = (listed(&grant.parts), listed(&grant.recipients));
            let until = (self.time)(&grant.until);
            let words = format!("{parts} may be passed on to {whom} until {until}");
            self.with(&words, &grant.conditions)
        });
        self.with(&granted.collect::<Vec<_>>().join("; "), &verdict.reason)
    }

    /// Words, and a sentence of the speaker's after them where there is one.
    fn with(&self, words: &str, more: &str) -> String {
        if more.trim().is_empty() {
            return words.to_owned();
        }
        format!("{words}. {}", (self.foreign)(more))
    }
}

fn listed<T: ToString>(all: &[T]) -> String {
    all.iter().map(T::to_string).collect::<Vec<_>>().join(", ")
}

/// A statement in words, as data, that does not stand in a log yet.
pub(crate) fn statement(statement: &Statement) -> String {
    SaidWhat::of(statement, None, None).words(None, &Style::DATA)
}

impl SaidWhat {
    fn of(statement: &Statement, due: Option<&Timestamp>, question: Option<u64>) -> SaidWhat {
        match statement.clone() {
            Statement::Opened {} => SaidWhat::Opened {},
            Statement::Accepted { note } => SaidWhat::Accepted { note },
            Statement::Declined { ground, reason } => SaidWhat::Declined { ground, reason },
            Statement::Question { text } => SaidWhat::Question { text, due: due.cloned() },
            Statement::Answer { text } => SaidWhat::Answer { question, text },
            Statement::Action { text, class } => SaidWhat::Action { text, class },
            Statement::Outcome { facts, text, corrects } => {
                SaidWhat::Outcome { facts, text, corrects }
            }
            Statement::Thanks { to, text } => SaidWhat::Thanks { to, text },
            Statement::PermissionRequest(request) => {
                SaidWhat::PermissionAsked { request, due: due.cloned() }
            }
            Statement::PermissionAnswer(verdict) => {
                SaidWhat::PermissionAnswered { question, verdict }
            }
            Statement::Told(told) => SaidWhat::Told { told },
            Statement::ToldAnswer(ToldAnswer { entry, so, text }) => {
                SaidWhat::ToldAnswered { entry, so, text }
            }
            Statement::RecallAnswer(WordAnswer { answer, text, corrects }) => {
                SaidWhat::RecallAnswered { answer, text, corrects }
            }
            Statement::UpdateAnswer(WordAnswer { answer, text, corrects }) => {
                SaidWhat::UpdateAnswered { answer, text, corrects }
            }
            Statement::ExpiryAnswer(WordAnswer { answer, text, corrects }) => {
                SaidWhat::ExpiryAnswered { answer, text, corrects }
            }
            Statement::Refusal { reason } => SaidWhat::Refused { reason },
        }
    }

    /// In words; `index` is where it stands in its log, when it stands there already.
    fn words(&self, index: Option<u64>, style: &Style) -> String {
        let Style { foreign, time } = style;
        match self {
            SaidWhat::Opened {} => "opened".to_owned(),
            SaidWhat::Accepted { note } => style.with("accepted", note),
            SaidWhat::Declined { ground: Some(ground), reason } => {
                style.with(&format!("declined: {}", ground.words()), reason)
            }
            SaidWhat::Declined { ground: None, reason } => {
                format!("declined: {}", foreign(reason))
            }
            SaidWhat::Question { text, due } => {
                let due = due.as_ref().map(|due| format!(" (answer due {})", time(due)));
                let at = index.map(|index| format!(" at entry {index}")).unwrap_or_default();
                format!("question{at}: {}{}", foreign(text), due.unwrap_or_default())
            }
            SaidWhat::Answer { question, text } => {
                let to = match (question, index) {
                    (Some(question), _) => format!(" to entry {question}"),
                    (None, Some(_)) => " to entry ?".to_owned(),
                    (None, None) => String::new(),
                };
                format!("answer{to}: {}", foreign(text))
            }
            SaidWhat::Action { text, class: None } => format!("action: {}", foreign(text)),
            SaidWhat::Action { text, class: Some(class) } => {
                format!("action ({}): {}", class.name(), foreign(text))
            }
            SaidWhat::Outcome { facts, text, corrects } => {
                let fact = facts.iter().map(|fact| {
                    let on = fact.on.as_ref().map(|day| format!(" on {}", foreign(day)));
                    format!("{} {}{}", fact.count, fact.kind, on.unwrap_or_default())
                });
                let facts = fact.collect::<Vec<_>>().join(", ");
                let of = corrects.map(|entry| format!(", in the place of entry {entry}"));
                style.with(&format!("outcome{}: {facts}", of.unwrap_or_default()), text)
            }
            SaidWhat::Thanks { to, text } => {
                format!("thanks, to {}: {}", foreign(to), foreign(text))
            }
            SaidWhat::PermissionAsked { request, due } => style.asked(request, due.as_ref(), index),
            SaidWhat::PermissionAnswered { verdict, .. } => style.permitted(verdict),
            SaidWhat::Told { told } => told::told(told, style),
            SaidWhat::ToldAnswered { entry, so, text } => {
                let so = if *so { "we were told so" } else { "we were NOT told so" };
                style.with(&format!("of entry {entry}: {so}"), text)
            }
            SaidWhat::RecallAnswered { answer, text, corrects } => {
                style.answered("recall", (answer.name(), *corrects), text)
            }
            SaidWhat::UpdateAnswered { answer, text, corrects } => {
                let done = if *answer == Compliance::Complied { "applied" } else { answer.name() };
                style.answered("update", (done, *corrects), text)
            }
            SaidWhat::ExpiryAnswered { answer, text, corrects } => {
                let done = if *answer == Compliance::Complied { "ended" } else { answer.name() };
                style.answered("expiry", (done, *corrects), text)
            }
            SaidWhat::Refused { reason } => format!("could not understand us: {}", foreign(reason)),
        }
    }
}
