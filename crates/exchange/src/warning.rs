//! A warning that a partner sent us: opened, accepted or declined, asked about, acted on.

use crate::action;
use crate::bounds::MAX_FACTS;
use crate::case::Acting;
use crate::code::Code;
use crate::id::WarningNumber;
use crate::message::{Content, Message, shortened};
use crate::name::{NodeName, UserName};
use crate::named::{self, Named};
use crate::outcome;
use crate::owed::{self, NotOwed, Owed, Word};
use crate::permission;
use crate::post::{Post, Posted};
use crate::refusal::{Field, Hint, Refusal};
use crate::scale::{Clocks, OutcomeFact, Status, Urgency};
use crate::talk::{Compliance, Said, Statement, ToldAnswer, WordAnswer};
use forewarn_stix::marking::{Pap, Policies, Tlp};
use forewarn_stix::{Timestamp, bundle, object};
use forewarn_transcript::Reference;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What is known of a received warning beside its content and what was said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Warning {
    /// Local: never crosses.
    pub number: WarningNumber,
    /// Who sent it.
    pub partner: NodeName,
    /// Whether it is meant, an exercise or a test.
    pub status: Status,
    /// Where the warning stands in the partner's log.
    pub entry: Reference,
    /// Its global id.
    pub id: String,
    /// When it came, by our clock.
    pub received: Timestamp,
    /// What a list shows of the newest content.
    pub summary: Summary,
    /// How many versions of the content have come.
    pub version: u32,
    /// Where the newest version stands in the partner's log, when it is not the first: what is
    /// acknowledged is that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest: Option<Reference>,
    /// What our people have said of it.
    pub standing: Standing,
    /// The partner's recall, when there is one.
    pub recall: Option<Recalled>,
    /// When it was put on record that its time is over, while that is so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expired: Option<Timestamp>,
    /// The update, or the end, that we are to answer, or have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owed: Option<Owed>,
    /// For whom it is: at TLP:RED nobody else reads it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub persons: Vec<Named>,
    /// Who of those for whom earlier versions are was said to be which account.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub formerly: Vec<Named>,
    /// Since when no version is for named persons any more, where one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lowered: Option<Lowered>,
}

/// That a warning is for named persons no more: what was said before is still.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Lowered {
    /// Since when, by our clock.
    pub at: Timestamp,
    /// The version that says so, in the partner's log.
    pub entry: Reference,
}

/// Where and when something was said.
#[derive(Debug, Clone, Copy)]
pub struct When<'a> {
    /// Whether one of ours said it.
    pub ours: bool,
    /// When, by the speaker's clock.
    pub at: &'a Timestamp,
    /// Its index in the speaker's log.
    pub index: u64,
}

/// What a list shows of a warning's content.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// The report's title.
    pub title: String,
    /// CAP 1.2 urgency.
    pub urgency: Urgency,
    /// The marking of the whole.
    pub tlp: Tlp,
    /// Until when it holds.
    pub valid_until: Timestamp,
}

/// Whether our people have opened it, and taken it on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "standing", rename_all = "kebab-case")]
pub enum Standing {
    /// Nobody has opened it.
    New {},
    /// Somebody has.
    Opened {
        /// Who.
        by: UserName,
        /// When.
        at: Timestamp,
    },
    /// Somebody has it in hand.
    Accepted {
        /// Who.
        by: UserName,
        /// When.
        at: Timestamp,
    },
    /// It was not taken on.
    Declined {
        /// Who declined it.
        by: UserName,
        /// When.
        at: Timestamp,
    },
}

/// The partner's recall, which must be answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Recalled {
    /// Why, in the partner's words.
    pub reason: String,
    /// When it came.
    pub at: Timestamp,
    /// Where it stands in the partner's log.
    pub entry: Reference,
    /// How it was answered.
    pub answered: Option<Compliance>,
}

/// What a statement on a warning is decided by, beside the warning.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// How long an answer may take.
    pub clocks: &'a Clocks,
    /// How far actions may be noticed, by the newest version's marking.
    pub pap: Option<Pap>,
    /// What was said so far; asked for outcomes only.
    pub talk: &'a [Said],
}

/// What one of ours says, put into an entry: the warning as it is then, and the statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Stated {
    /// The warning, changed or as it was.
    pub warning: Warning,
    /// What was said.
    pub said: Said,
    /// The entry that carries it.
    pub posted: Posted,
}

impl Standing {
    /// Who has opened, accepted or declined it last.
    pub fn by(&self) -> Option<&UserName> {
        match self {
            Standing::New {} => None,
            Standing::Opened { by, .. }
            | Standing::Accepted { by, .. }
            | Standing::Declined { by, .. } => Some(by),
        }
    }
}

impl Summary {
    /// What a list shows of this content.
    pub fn of(content: &Content) -> Summary {
        Summary {
            title: content.title.clone(),
            urgency: content.urgency,
            tlp: content.tlp,
            valid_until: content.valid_until.clone(),
        }
    }
}

impl Content {
    /// Whether the bundle is a bundle of valid objects; else what is wrong with it.
    pub fn check(&self) -> Result<(), String> {
        if self.bundle.get("type").and_then(Value::as_str) != Some("bundle") {
            return Err("its bundle is not a STIX bundle".to_owned());
        }
        if bundle::objects(&self.bundle).next().is_none() {
            return Err("its bundle is empty".to_owned());
        }
        named::check(&self.persons)?;
        let policies = Policies::of(&self.bundle);
        for (n, one) in bundle::objects(&self.bundle).enumerate() {
            let judged = object::judge(one.to_string().as_bytes());
            if let Some(finding) = judged.errors().next() {
                return Err(shortened(&format!("object {n} of its bundle: {finding}")));
            }
            let definition = one.get("type").and_then(Value::as_str) == Some("marking-definition");
            let strictest = policies.effective(one).level();
            if !definition && strictest > self.tlp {
                let stated = self.tlp;
                return Err(format!(
                    "object {n} of its bundle is {strictest}, the whole is {stated}"
                ));
            }
        }
        Ok(())
    }

    /// The report's own words.
    pub fn text(&self) -> &str {
        let report = bundle::of_type(&self.bundle, "report").next();
        report.and_then(|r| r.get("description")?.as_str()).unwrap_or_default()
    }
}

impl Warning {
    /// Whether something was said after its content was for everybody again.
    pub fn is_after_lowering(&self, said: When<'_>) -> bool {
        let Some(Lowered { at, entry }) = &self.lowered else { return false };
        if said.ours { said.at >= at } else { said.index > entry.index }
    }

    /// One of our people says something about it.
    pub fn say(
        mut self,
        statement: Statement,
        with: &Known<'_>,
        post: &mut Post,
        acting: &mut Acting,
    ) -> Result<Stated, Refusal> {
        self.allow(&statement, with, acting.at)?;
        let (by, at) = (acting.by.clone(), acting.at.clone());
        let mut answers = self.entry.clone();
        // An acknowledgement names the version that was read, and an action that it was done for.
        if statement.is_of_a_version() {
            answers = self.newest.clone().unwrap_or(answers);
        }
        let (mut due, mut version) = (None, None);
        match &statement {
            Statement::Opened {} => self.standing = Standing::Opened { by, at },
            Statement::Accepted { .. } => self.standing = Standing::Accepted { by, at },
            Statement::Declined { .. } => {
                self.standing = Standing::Declined { by, at };
                // Whoever does not take a version on has nothing to apply.
                self.owed = self.owed.take().filter(|owed| owed.word != Word::Update);
            }
            Statement::Question { .. } | Statement::PermissionRequest(_) => {
                due = statement.answer_due(with.clocks, acting.at);
            }
            Statement::RecallAnswer(answer) => {
                if let Some(recall) = &mut self.recall {
                    recall.answered = Some(answer.answer);
                    answers = recall.entry.clone();
                }
            }
            Statement::UpdateAnswer(answer) | Statement::ExpiryAnswer(answer) => {
                if let Some(owed) = &mut self.owed {
                    owed.answered = Some(answer.answer);
                    answers = owed.entry.clone();
                }
            }
            Statement::ToldAnswer(answer) => {
                let told = with.talk.iter().find(|one| !one.ours && one.is_told_at(answer.entry));
                if let Some(told) = told {
                    answers = told.entry.clone();
                }
            }
            Statement::Answer { .. }
            | Statement::Action { .. }
            | Statement::Outcome { .. }
            | Statement::Thanks { .. }
            | Statement::PermissionAnswer(_)
            | Statement::Told(_)
            | Statement::Refusal { .. } => {}
        }
        if statement.is_of_a_version() {
            version = Some(self.version);
        }
        let horizon = Some(&self.summary.valid_until);
        let flags = action::flags(&statement, acting.at, (horizon, with.pap));
        let message = Message::said(acting.by, statement.clone());
        let stamp = (acting.at, self.status, &mut *acting.ids);
        let posted = post.entry(&message, &[], Some(answers), stamp)?;
        let stands = (acting.at.clone(), posted.reference.clone());
        let said = Said { due, version, flags, ..Said::ours(statement, acting.by, stands) };
        Ok(Stated { warning: self, said, posted })
    }

    /// Whether this may be said as things stand.
    fn allow(
        &self,
        statement: &Statement,
        with: &Known<'_>,
        at: &Timestamp,
    ) -> Result<(), Refusal> {
        match statement {
            Statement::Opened {} => {
                if self.standing == (Standing::New {}) {
                    return Ok(());
                }
                let message = format!("warning {} was opened before", self.number);
                Err(Refusal::new(Code::Opened, message))
            }
            Statement::Accepted { .. } => self.must_be_undecided(),
            Statement::Declined { ground, reason } => {
                self.must_be_undecided()?;
                if ground.is_some() {
                    return Ok(());
                }
                needed(reason, "a ground or a reason is needed", Field::Reason)
            }
            Statement::Question { text } => needed(text, "a question is needed", Field::Text),
            Statement::Action { text, .. } => {
                self.must_be_accepted("an action")?;
                needed(text, "say what was done", Field::Text)
            }
            Statement::Outcome { facts, corrects, .. } => {
                self.must_be_accepted("an outcome")?;
                check_facts(facts, at)?;
                match corrects.filter(|index| !outcome::may_correct(with.talk, *index)) {
                    None => Ok(()),
                    Some(index) => {
                        let message = format!("no outcome that stands is at entry {index}");
                        Err(Refusal::new(Code::NothingToAnswer, message)
                            .hint(Hint::ShowWarning { warning: self.number }))
                    }
                }
            }
            Statement::Thanks { text, .. } => {
                needed(text, "words of thanks are needed", Field::Text)
            }
            Statement::RecallAnswer(answer) => {
                let recall = self.recall.as_ref().ok_or_else(|| {
                    let message = format!("warning {} was not recalled", self.number);
                    Refusal::new(Code::NotRecalled, message)
                })?;
                self.may_answer((Word::Recall, recall.answered), answer)
            }
            Statement::PermissionRequest(request) => request.check().map_err(permission::refused),
            Statement::UpdateAnswer(answer) => self.may_answer_owed(Word::Update, answer),
            Statement::ExpiryAnswer(answer) => self.may_answer_owed(Word::Expiry, answer),
            Statement::ToldAnswer(answer) => may_answer_told(answer, with.talk),
            Statement::Answer { .. }
            | Statement::PermissionAnswer(_)
            | Statement::Told(_)
            | Statement::Refusal { .. } => {
                let message = format!("a {} is not said on a warning", statement.kind());
                Err(Refusal::new(Code::BadRequest, message))
            }
        }
    }

    fn may_answer_owed(&self, word: Word, answer: &WordAnswer) -> Result<(), Refusal> {
        let owed = self.owed.as_ref().filter(|owed| owed.word == word);
        let owed = owed.ok_or_else(|| {
            let message =
                format!("no {} of warning {} is to be answered", word.name(), self.number);
            Refusal::new(Code::NothingToAnswer, message)
        })?;
        self.may_answer((word, owed.answered), answer)
    }

    fn may_answer(
        &self,
        (word, before): (Word, Option<Compliance>),
        answer: &WordAnswer,
    ) -> Result<(), Refusal> {
        let word = word.name();
        match owed::may_answer(before, answer) {
            Ok(()) if answer.corrects => {
                needed(&answer.text, "say why it is corrected", Field::Text)
            }
            Ok(()) => Ok(()),
            Err(NotOwed::Answered(before)) => {
                let message = format!(
                    "the {word} of warning {} was answered already: {}",
                    self.number,
                    before.name()
                );
                Err(Refusal::new(Code::Answered, message)
                    .hint(Hint::Give { field: Field::Corrects }))
            }
            Err(NotOwed::Nothing | NotOwed::Uncorrectable) => {
                let message =
                    format!("the {word} was not answered yet: there is nothing to correct");
                Err(Refusal::new(Code::NotRecalled, message))
            }
        }
    }

    /// Puts on record that its time is over. What was not declined is to be answered: what was done
    /// for it is to end.
    ///
    /// # Errors
    /// Its time is not over, or that is on record.
    pub fn expire(mut self, at: &Timestamp) -> Result<Warning, Refusal> {
        let over = self.summary.valid_until.moment() <= at.moment();
        if !over || self.expired.is_some() || self.recall.is_some() {
            let message = format!("warning {}: its time is not over", self.number);
            return Err(Refusal::new(Code::Clock, message));
        }
        self.expired = Some(at.clone());
        if !matches!(self.standing, Standing::Declined { .. }) {
            let entry = self.newest.clone().unwrap_or_else(|| self.entry.clone());
            self.owed = Some(Owed::new(Word::Expiry, entry, at));
        }
        Ok(self)
    }

    fn must_be_undecided(&self) -> Result<(), Refusal> {
        match &self.standing {
            Standing::New {} | Standing::Opened { .. } => Ok(()),
            Standing::Accepted { by, .. } | Standing::Declined { by, .. } => {
                let message = format!("warning {} was answered by `{by}` already", self.number);
                Err(Refusal::new(Code::Answered, message))
            }
        }
    }

    fn must_be_accepted(&self, what: &str) -> Result<(), Refusal> {
        if matches!(self.standing, Standing::Accepted { .. }) {
            return Ok(());
        }
        let message = format!("{what} is reported on an accepted warning");
        Err(Refusal::new(Code::NotAccepted, message).hint(Hint::Accept { warning: self.number }))
    }
}

fn check_facts(facts: &[OutcomeFact], at: &Timestamp) -> Result<(), Refusal> {
    if facts.is_empty() || facts.len() > MAX_FACTS {
        let message = format!("an outcome needs 1 to {MAX_FACTS} facts");
        return Err(Refusal::new(Code::Facts, message).hint(Hint::Give { field: Field::Fact }));
    }
    for day in facts.iter().filter_map(|fact| fact.on.as_ref()) {
        let start = Timestamp::parse(&format!("{day}T00:00:00Z"))
            .map_err(|_| Refusal::new(Code::Day, format!("`{day}` is not a day, YYYY-MM-DD")))?;
        if start > *at {
            let message = format!("{day} lies in the future; days are counted in UTC");
            return Err(Refusal::new(Code::Future, message)
                .advice("report what has happened; plans are an action"));
        }
    }
    Ok(())
}

/// Whether an answer is about something that the sender says it told us, and was not given.
fn may_answer_told(answer: &ToldAnswer, talk: &[Said]) -> Result<(), Refusal> {
    if !talk.iter().any(|one| !one.ours && one.is_told_at(answer.entry)) {
        let message = format!("entry {} does not say that anybody was told", answer.entry);
        return Err(Refusal::new(Code::NothingToAnswer, message));
    }
    let answered = talk.iter().any(|one| {
        let same = |known: &ToldAnswer| known.entry == answer.entry;
        one.ours && matches!(&one.statement, Statement::ToldAnswer(known) if same(known))
    });
    if answered {
        let message = format!("entry {} was answered already", answer.entry);
        return Err(Refusal::new(Code::Answered, message));
    }
    if answer.so {
        return Ok(());
    }
    needed(&answer.text, "say what is not so", Field::Text)
}

fn needed(text: &str, message: &str, field: Field) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::new(Code::Empty, message).hint(Hint::Give { field }));
    }
    Ok(())
}
