//! A warning that a partner sent us: opened, accepted or declined, asked about, acted on.

use crate::case::Actor;
use crate::message::shortened;
use crate::message::{Content, Message, RecallAnswer};
use crate::post::{Post, Posted};
use crate::refusal::Refusal;
use crate::scale::{Clocks, OutcomeFact, Status};
use crate::talk::{Said, Talk, What, question_due};
use forewarn_stix::{Timestamp, marking, object};
use forewarn_transcript::Reference;
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Warning {
    /// Local: never crosses.
    pub number: i64,
    pub partner: String,
    pub status: Status,
    /// Where the warning stands in the partner's log.
    pub entry: Reference,
    pub id: String,
    pub received: Timestamp,
    /// The newest content; earlier ones stay in the transcript.
    pub content: Content,
    pub standing: Standing,
    pub recall: Option<Recalled>,
    pub talk: Talk,
}

/// What our people have said of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "standing", rename_all = "kebab-case")]
pub enum Standing {
    New,
    Opened { by: String, at: Timestamp },
    Accepted { by: String, at: Timestamp },
    Declined { by: String, at: Timestamp },
}

/// The partner's recall, which wants an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recalled {
    pub reason: String,
    pub at: Timestamp,
    pub entry: Reference,
    pub answered: Option<RecallAnswer>,
}

impl Content {
    /// Whether the bundle is a bundle of valid objects; else what is wrong with it.
    pub fn check(&self) -> Result<(), String> {
        if self.bundle.get("type").and_then(Value::as_str) != Some("bundle") {
            return Err("its bundle is no STIX bundle".to_owned());
        }
        let objects = self.bundle.get("objects").and_then(Value::as_array);
        let objects = objects.filter(|list| !list.is_empty()).ok_or("its bundle is empty")?;
        for (n, one) in objects.iter().enumerate() {
            let judged = object::judge(one.to_string().as_bytes());
            if let Some(finding) = judged.errors().next() {
                return Err(shortened(&format!("object {n} of its bundle: {finding}")));
            }
            let definition = one.get("type").and_then(Value::as_str) == Some("marking-definition");
            let strictest = marking::effective(one).level();
            if !definition && strictest > self.tlp {
                let stated = self.tlp;
                return Err(format!(
                    "object {n} of its bundle is {strictest}, the whole is {stated}"
                ));
            }
        }
        Ok(())
    }
}

impl Warning {
    /// The report's own words.
    pub fn text(&self) -> &str {
        let objects = self.content.bundle.get("objects").and_then(Value::as_array);
        let report = objects
            .into_iter()
            .flatten()
            .find(|o| o.get("type").and_then(Value::as_str) == Some("report"));
        report.and_then(|r| r.get("description")?.as_str()).unwrap_or_default()
    }

    pub fn open(
        mut self,
        post: &mut Post,
        actor: &mut Actor,
    ) -> Result<(Warning, Posted), Refusal> {
        if self.standing != Standing::New {
            let message = format!("warning {} was opened before", self.number);
            return Err(Refusal::new("opened", message));
        }
        let by = actor.name.to_owned();
        self.standing = Standing::Opened { by: by.clone(), at: actor.at.clone() };
        self.say(&Message::Opened { by }, What::Opened, post, actor)
    }

    pub fn accept(
        mut self,
        note: &str,
        post: &mut Post,
        actor: &mut Actor,
    ) -> Result<(Warning, Posted), Refusal> {
        self.must_be_undecided()?;
        let by = actor.name.to_owned();
        self.standing = Standing::Accepted { by: by.clone(), at: actor.at.clone() };
        let note = note.to_owned();
        let message = Message::Accepted { by, note: note.clone() };
        self.say(&message, What::Accepted { note }, post, actor)
    }

    pub fn decline(
        mut self,
        reason: &str,
        post: &mut Post,
        actor: &mut Actor,
    ) -> Result<(Warning, Posted), Refusal> {
        self.must_be_undecided()?;
        let reason = wanted(reason, "a reason", "--reason")?;
        let by = actor.name.to_owned();
        self.standing = Standing::Declined { by: by.clone(), at: actor.at.clone() };
        let message = Message::Declined { by, reason: reason.clone() };
        self.say(&message, What::Declined { reason }, post, actor)
    }

    pub fn ask(
        self,
        text: &str,
        clocks: &Clocks,
        post: &mut Post,
        actor: &mut Actor,
    ) -> Result<(Warning, Posted), Refusal> {
        let text = wanted(text, "a question", "--text")?;
        let message = Message::Question { by: actor.name.to_owned(), text: text.clone() };
        let due = question_due(clocks, actor.at);
        self.say(&message, What::Question { text, due }, post, actor)
    }

    pub fn act(
        self,
        text: &str,
        post: &mut Post,
        actor: &mut Actor,
    ) -> Result<(Warning, Posted), Refusal> {
        self.must_be_accepted("an action")?;
        let text = wanted(text, "what was done", "--text")?;
        let message = Message::Action { by: actor.name.to_owned(), text: text.clone() };
        self.say(&message, What::Action { text }, post, actor)
    }

    pub fn outcome(
        self,
        facts: &[OutcomeFact],
        text: &str,
        post: &mut Post,
        actor: &mut Actor,
    ) -> Result<(Warning, Posted), Refusal> {
        self.must_be_accepted("an outcome")?;
        if facts.is_empty() || facts.len() > 50 {
            return Err(Refusal::new("facts", "an outcome needs 1 to 50 facts")
                .hint("such as --fact arrested=7"));
        }
        for day in facts.iter().filter_map(|fact| fact.on.as_ref()) {
            Timestamp::parse(&format!("{day}T00:00:00Z"))
                .map_err(|_| Refusal::new("day", format!("`{day}` is not a day, YYYY-MM-DD")))?;
        }
        let (facts, text) = (facts.to_vec(), text.to_owned());
        let by = actor.name.to_owned();
        let message = Message::Outcome { by, facts: facts.clone(), text: text.clone() };
        self.say(&message, What::Outcome { facts, text }, post, actor)
    }

    pub fn thank(
        self,
        to: &str,
        text: &str,
        post: &mut Post,
        actor: &mut Actor,
    ) -> Result<(Warning, Posted), Refusal> {
        let text = wanted(text, "words of thanks", "--text")?;
        let (to, by) = (to.to_owned(), actor.name.to_owned());
        let message = Message::Thanks { by, to: to.clone(), text: text.clone() };
        self.say(&message, What::Thanks { to, text }, post, actor)
    }

    pub fn answer_recall(
        mut self,
        answer: RecallAnswer,
        text: &str,
        post: &mut Post,
        actor: &mut Actor,
    ) -> Result<(Warning, Posted), Refusal> {
        let Some(recall) = &mut self.recall else {
            let message = format!("warning {} was not recalled", self.number);
            return Err(Refusal::new("not-recalled", message));
        };
        recall.answered = Some(answer);
        let entry = recall.entry.clone();
        let (by, text) = (actor.name.to_owned(), text.to_owned());
        let message = Message::RecallAnswer { by, answer, text: text.clone() };
        let what = What::RecallAnswered { answer, text };
        self.say_to(entry, &message, what, post, actor)
    }

    fn say(
        self,
        message: &Message,
        what: What,
        post: &mut Post,
        actor: &mut Actor,
    ) -> Result<(Warning, Posted), Refusal> {
        let entry = self.entry.clone();
        self.say_to(entry, message, what, post, actor)
    }

    fn say_to(
        mut self,
        answers: Reference,
        message: &Message,
        what: What,
        post: &mut Post,
        actor: &mut Actor,
    ) -> Result<(Warning, Posted), Refusal> {
        let stamp = (actor.at, self.status, &mut *actor.ids);
        let posted = post.entry(message, &[], Some(answers), stamp)?;
        self.talk.push(Said {
            what,
            by: actor.name.to_owned(),
            at: actor.at.clone(),
            ours: true,
            entry: posted.reference.clone(),
        });
        Ok((self, posted))
    }

    fn must_be_undecided(&self) -> Result<(), Refusal> {
        match &self.standing {
            Standing::New | Standing::Opened { .. } => Ok(()),
            Standing::Accepted { by, .. } | Standing::Declined { by, .. } => {
                let message = format!("warning {} was answered by `{by}` already", self.number);
                Err(Refusal::new("answered", message))
            }
        }
    }

    fn must_be_accepted(&self, what: &str) -> Result<(), Refusal> {
        if matches!(self.standing, Standing::Accepted { .. }) {
            return Ok(());
        }
        let message = format!("{what} is reported on an accepted warning");
        Err(Refusal::new("not-accepted", message)
            .hint(format!("first: forewarn warning accept {}", self.number)))
    }
}

fn wanted(text: &str, what: &str, option: &str) -> Result<String, Refusal> {
    if text.trim().is_empty() {
        return Err(
            Refusal::new("empty", format!("{what} is wanted")).hint(format!("give {option}"))
        );
    }
    Ok(text.to_owned())
}
