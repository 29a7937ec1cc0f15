//! What an entry of the partner's log does here, once it is stored.

use crate::action;
use crate::case::{Case, Outward};
use crate::id::WarningNumber;
use crate::message::{Content, Message};
use crate::name::NodeName;
use crate::outcome;
use crate::owed::{self, NotOwed, Owed, Word};
use crate::permission;
use crate::scale::{Clocks, Status};
use crate::talk::{MAX_SAID, Said, Statement, WordAnswer};
use crate::warning::{Lowered, Recalled, Standing, Summary, Warning};
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Pap;
use forewarn_transcript::{Entry, Reference};

/// An entry of the partner's, read as a message.
pub struct Incoming<'a> {
    /// Whose log it stands in.
    pub partner: &'a NodeName,
    /// The entry itself.
    pub entry: &'a Entry,
    /// Where it stands.
    pub place: &'a Reference,
    /// When it was received, by our clock.
    pub at: &'a Timestamp,
}

/// Most versions of one warning: each is kept.
const MAX_VERSIONS: u32 = 500;

/// Why it cannot be accepted: the words go back in a refusal.
pub type NotAccepted = String;

/// A later word of the partner's on a warning that it sent us, and what it changes.
#[derive(Debug, Clone, PartialEq)]
pub enum OnWarning {
    /// Another version of the content.
    Updated(Warning, Content),
    /// The warning itself is changed: it was recalled.
    Changed(Warning),
    /// Something was said.
    Said(Said),
}

/// What of the talk an incoming statement needs to know.
#[derive(Debug, Clone, Copy, Default)]
pub struct TalkSoFar<'a> {
    /// How many statements were made.
    pub count: usize,
    /// The question or request of ours that the entry answers, if nobody has answered it.
    pub asked: Option<&'a Said>,
    /// Whether the partner has answered our recall before.
    pub recall_answered: bool,
    /// Which of our versions the entry answers, counted from 1, where it answers one.
    pub version: Option<u32>,
    /// How many versions we have released.
    pub versions: u32,
    /// How far actions may be noticed, by that version's marking.
    pub pap: Option<Pap>,
    /// The statements themselves; asked for outcomes that correct only.
    pub said: &'a [Said],
}

impl TalkSoFar<'_> {
    /// Whether the entry answers the newest of our versions.
    fn is_of_newest(&self) -> bool {
        self.version == Some(self.versions)
    }
}

impl Incoming<'_> {
    /// A new warning under the next local number.
    pub fn warning(
        &self,
        number: WarningNumber,
        content: &Content,
    ) -> Result<Warning, NotAccepted> {
        content.check()?;
        let status = Status::parse(&self.entry.status).ok_or("its status is not known")?;
        let mut warning = Warning {
            number,
            partner: self.partner.clone(),
            status,
            entry: self.place.clone(),
            id: self.entry.id.clone(),
            received: self.at.clone(),
            summary: Summary::of(content),
            version: 1,
            newest: None,
            standing: Standing::New {},
            recall: None,
            expired: None,
            owed: None,
            persons: Vec::new(),
            formerly: Vec::new(),
            lowered: None,
        };
        warning.now_names(&content.persons);
        Ok(warning)
    }

    /// A later word of the partner on a warning that it sent us.
    pub fn on_warning(
        &self,
        mut warning: Warning,
        message: Message,
        talk: TalkSoFar<'_>,
    ) -> Result<OnWarning, NotAccepted> {
        match message {
            Message::Update(_) | Message::Recall { .. } if warning.recall.is_some() => {
                Err("it was recalled: write a new warning".to_owned())
            }
            Message::Update(content) => {
                if self.entry.status != warning.status.name() {
                    return Err("its status is another one than that of the warning".to_owned());
                }
                if warning.version >= MAX_VERSIONS {
                    return Err(format!("it has {MAX_VERSIONS} versions: write a new warning"));
                }
                content.check()?;
                let was_red = warning.is_for_persons();
                warning.summary = Summary::of(&content);
                let (at, entry) = (self.at.clone(), self.place.clone());
                match (was_red, warning.is_for_persons()) {
                    (true, false) => warning.lowered = Some(Lowered { at, entry }),
                    (_, true) => warning.lowered = None,
                    (false, false) => {}
                }
                warning.version += 1;
                // What was said of the version before was not said of this one.
                warning.newest = Some(self.place.clone());
                warning.standing = Standing::New {};
                warning.expired = None;
                warning.now_names(&content.persons);
                warning.owed = Some(Owed::new(Word::Update, self.place.clone(), self.at));
                Ok(OnWarning::Updated(warning, content))
            }
            Message::Recall { reason } => {
                let (at, entry) = (self.at.clone(), self.place.clone());
                warning.recall = Some(Recalled { reason, at, entry, answered: None });
                // Of a warning that was taken back, nothing else is to be answered.
                warning.owed = None;
                Ok(OnWarning::Changed(warning))
            }
            Message::Said {
                by,
                statement: statement @ (Statement::Answer { .. } | Statement::PermissionAnswer(_)),
            } => {
                check_count(talk)?;
                self.answers_ours(&statement, talk)?;
                let question = self.entry.answers.as_ref().map(|to| to.index);
                Ok(OnWarning::Said(Said { question, ..self.said(by, statement) }))
            }
            Message::Said { by, statement: statement @ Statement::Told(_) } => {
                check_count(talk)?;
                Ok(OnWarning::Said(self.said(by, statement)))
            }
            Message::Said { statement: statement @ Statement::Refusal { .. }, .. } => {
                check_count(talk)?;
                Ok(OnWarning::Said(self.said(self.partner.to_string(), statement)))
            }
            other => Err(format!("a {} cannot refer to a warning that you sent", other.fields().0)),
        }
    }

    /// What the partner says about a warning of ours: the case, which may owe no answer any more,
    /// and what was said.
    pub fn on_case(
        &self,
        mut case: Case,
        message: Message,
        (talk, clocks): (TalkSoFar<'_>, &Clocks),
    ) -> Result<(Case, Said), NotAccepted> {
        check_count(talk)?;
        let (by, statement) = match message {
            Message::Said {
                statement:
                    Statement::Answer { .. } | Statement::PermissionAnswer(_) | Statement::Told(_),
                ..
            } => {
                return Err("only the writer of a warning says so".to_owned());
            }
            Message::Said { statement: statement @ Statement::Refusal { .. }, .. } => {
                (self.partner.to_string(), statement)
            }
            Message::Said { by, statement } => (by, statement),
            other => return Err(format!("a {} does not answer a warning", other.fields().0)),
        };
        self.answer_word(&mut case, &statement, talk)?;
        if let Statement::ToldAnswer(answer) = &statement
            && !talk.said.iter().any(|one| one.is_told_at(answer.entry))
        {
            return Err(format!("entry {} does not say that anybody was told", answer.entry));
        }
        if let Statement::Outcome { corrects: Some(index), .. } = &statement
            && !outcome::may_correct(talk.said, *index)
        {
            return Err(format!("it corrects entry {index}, which is no outcome that stands"));
        }
        // Of an older version it says nothing of the newest, which still waits.
        if matches!(statement, Statement::Declined { .. }) && talk.is_of_newest() {
            case.owed = case.owed.take().filter(|owed| owed.word != Word::Update);
        }
        let due = statement.answer_due(clocks, self.at);
        let version = if statement.is_of_a_version() { talk.version } else { None };
        let horizon = case.horizon.as_ref().map(|horizon| &horizon.until);
        let flags = action::flags(&statement, &self.entry.time, (horizon, talk.pap));
        Ok((case, Said { due, version, flags, ..self.said(by, statement) }))
    }

    /// An answer to a question of ours answers one that is open; what is permitted was asked for.
    fn answers_ours(&self, statement: &Statement, talk: TalkSoFar<'_>) -> Result<(), NotAccepted> {
        let asked = talk.asked.ok_or("it answers no open question of ours")?;
        match (statement, permission::request(asked)) {
            (Statement::PermissionAnswer(verdict), Some(request)) => {
                verdict.answers(request, &self.entry.time)
            }
            (Statement::PermissionAnswer(_), None) => {
                Err("it permits what was not asked for".to_owned())
            }
            (_, Some(_)) => Err("what was asked is whether it may be passed on".to_owned()),
            (_, None) => Ok(()),
        }
    }

    /// An answer to a later word of ours must be one, and may come once, or correct the one before.
    fn answer_word(
        &self,
        case: &mut Case,
        statement: &Statement,
        talk: TalkSoFar<'_>,
    ) -> Result<(), NotAccepted> {
        let Some((word, answer)) = statement.answers_word() else { return Ok(()) };
        let name = word.name();
        self.may_answer_word(case, (word, answer), talk).map_err(|not| match not {
            NotOwed::Nothing => format!("it answers the {name} of a warning, and there was none"),
            NotOwed::Uncorrectable => {
                format!("it corrects an answer to the {name} that was not given")
            }
            NotOwed::Answered(_) => {
                format!("the {name} was answered before, and it does not say that it corrects that")
            }
        })?;
        // An answer to a version before the newest is said, and the newest one still waits.
        let of = self.entry.answers.as_ref().filter(|_| talk.is_of_newest());
        let holds = case.holds_until().is_some();
        match (word, &mut case.owed, of) {
            (Word::Update | Word::Expiry, Some(owed), Some(_)) if owed.word == word => {
                owed.answered = Some(answer.answer);
            }
            // The partner's clock may be ahead of ours: its answer counts when ours gets there.
            (Word::Expiry, owed, Some(of)) if holds => {
                let answered = Some(answer.answer);
                *owed = Some(Owed { answered, ..Owed::new(word, of.clone(), self.at) });
            }
            (Word::Recall | Word::Update | Word::Expiry, ..) => {}
        }
        Ok(())
    }

    /// Whether the word was said that is answered, and the answer may be given.
    fn may_answer_word(
        &self,
        case: &Case,
        (word, answer): (Word, &WordAnswer),
        talk: TalkSoFar<'_>,
    ) -> Result<(), NotOwed> {
        let answered = match word {
            Word::Recall => talk.recall_answered.then_some(answer.answer),
            Word::Update | Word::Expiry => {
                case.owed.as_ref().filter(|owed| owed.word == word).and_then(|owed| owed.answered)
            }
        };
        let was_said = match word {
            Word::Recall => case.outward == Outward::Recalled,
            Word::Update => talk.version.is_some_and(|version| version > 1),
            Word::Expiry => talk.version.is_some() && self.is_over(case, talk),
        };
        if was_said { owed::may_answer(answered, answer) } else { Err(NotOwed::Nothing) }
    }

    /// Whether the time of the version that is answered is over, by either side's clock. That of an
    /// older version is not looked up.
    fn is_over(&self, case: &Case, talk: TalkSoFar<'_>) -> bool {
        let over = |until: &Timestamp| until.moment() <= self.entry.time.moment();
        !talk.is_of_newest()
            || case.expired.is_some()
            || case.horizon.as_ref().is_none_or(|horizon| over(&horizon.until))
    }

    fn said(&self, by: String, statement: Statement) -> Said {
        Said::theirs(statement, by, (self.entry.time.clone(), self.place.clone()))
    }
}

/// What a partner may say of one warning is bounded: each word is kept with it.
fn check_count(talk: TalkSoFar<'_>) -> Result<(), NotAccepted> {
    if talk.count >= MAX_SAID {
        return Err(format!("{MAX_SAID} statements were made about it: write a new warning"));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
