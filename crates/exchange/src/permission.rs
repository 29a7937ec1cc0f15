//! Whether the receiver of a warning may pass parts of it on: it asks whoever sent it, which grants it
//! part by part, to named recipients, with conditions and until a time, or denies it (SIENA H2; the
//! third-party rule). Silence grants nothing.

use crate::bounds::MAX_FIELD_BYTES;
use crate::code::Code;
use crate::id::WarningNumber;
use crate::message::Content;
use crate::name::NodeName;
use crate::refusal::{Hint, Refusal};
use crate::talk::{Said, Statement};
use crate::warning::Warning;
use forewarn_stix::marking::Tlp;
use forewarn_stix::{StixId, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use std::str::FromStr;

/// Most parts that are asked for or granted at once: a warning has a title, some paragraphs and some
/// objects.
pub const MAX_PARTS: usize = 100;
/// Most recipients of one request: those of one threat.
pub const MAX_RECIPIENTS: usize = 30;
/// Most grants in one answer: one for each recipient.
pub const MAX_GRANTS: usize = MAX_RECIPIENTS;

/// A part of a warning. Written as `whole`, `title`, `paragraph-1` or the id of one of its objects.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub enum Part {
    /// All that it says.
    Whole,
    /// Its title.
    Title,
    /// A paragraph of its words, counted from 1.
    Paragraph(u32),
    /// One of its objects.
    Object(String),
}

impl Part {
    /// Whether whoever may pass this on may pass the other on.
    fn covers(&self, other: &Part) -> bool {
        *self == Part::Whole || self == other
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Part::Whole => f.write_str("whole"),
            Part::Title => f.write_str("title"),
            Part::Paragraph(number) => write!(f, "paragraph-{number}"),
            Part::Object(id) => f.write_str(id),
        }
    }
}

impl From<Part> for String {
    fn from(part: Part) -> String {
        part.to_string()
    }
}

impl TryFrom<String> for Part {
    type Error = String;

    fn try_from(text: String) -> Result<Part, String> {
        text.parse()
    }
}

impl FromStr for Part {
    type Err = String;

    fn from_str(text: &str) -> Result<Part, String> {
        let paragraph = text.strip_prefix("paragraph-").and_then(|number| number.parse().ok());
        match (text, paragraph) {
            ("whole", _) => Ok(Part::Whole),
            ("title", _) => Ok(Part::Title),
            (_, Some(number)) if number > 0 => Ok(Part::Paragraph(number)),
            _ if StixId::parse(text).is_ok() => Ok(Part::Object(text.to_owned())),
            _ => {
                Err("a part is `whole`, `title`, `paragraph-1`, or the id of an object".to_owned())
            }
        }
    }
}

/// The receiver of a warning asks whether it may pass parts of it on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Which parts.
    pub parts: Vec<Part>,
    /// To whom, by the names of their nodes.
    pub recipients: Vec<NodeName>,
    /// Why.
    pub reason: String,
}

/// Parts may be passed on to recipients.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// Which parts.
    pub parts: Vec<Part>,
    /// To whom.
    pub recipients: Vec<NodeName>,
    /// On which conditions, in words; perhaps empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub conditions: String,
    /// Until when: nothing is passed on later.
    pub until: Timestamp,
}

/// What the sender says to a request. What it does not grant it denies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Verdict {
    /// What may be passed on; nothing when it is denied.
    pub grants: Vec<Grant>,
    /// Why the rest is denied; needed where nothing is granted.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

impl Request {
    /// Whether it asks for something, and no more than anybody looks through.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self) -> Result<(), String> {
        check_lists(&self.parts, &self.recipients)?;
        if self.reason.trim().is_empty() {
            return Err("say why it is to be passed on".to_owned());
        }
        check_length("the reason", &self.reason)
    }

    /// Whether a warning has each of the parts.
    ///
    /// # Errors
    /// It asks for a part that is not there.
    pub fn is_of(&self, content: &Content) -> Result<(), Refusal> {
        self.check().map_err(refused)?;
        let all = parts(content);
        match self.parts.iter().find(|part| **part != Part::Whole && !all.contains(part)) {
            None => Ok(()),
            Some(part) => Err(Refusal::unknown("part of that warning", part)),
        }
    }
}

impl Verdict {
    /// Whether it says anything in free words.
    pub(crate) fn has_words(&self) -> bool {
        let conditions = self.grants.iter().map(|grant| &grant.conditions);
        conditions.chain([&self.reason]).any(|text| !text.trim().is_empty())
    }

    /// Whether it answers a request: it grants nothing that was not asked for, until a time that is
    /// not past, and says why when it grants nothing.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn answers(&self, request: &Request, at: &Timestamp) -> Result<(), String> {
        if self.grants.len() > MAX_GRANTS {
            return Err(format!("at most {MAX_GRANTS} grants are given at once"));
        }
        check_length("the reason", &self.reason)?;
        if self.grants.is_empty() && self.reason.trim().is_empty() {
            return Err("say why it may not be passed on".to_owned());
        }
        for Grant { parts, recipients, conditions, until } in &self.grants {
            check_lists(parts, recipients)?;
            check_length("the conditions", conditions)?;
            let asked = |part: &Part| request.parts.iter().any(|one| one.covers(part));
            if let Some(part) = parts.iter().find(|part| !asked(part)) {
                return Err(format!("{part} was not asked for"));
            }
            if let Some(name) = recipients.iter().find(|one| !request.recipients.contains(one)) {
                return Err(format!("`{name}` was not asked for"));
            }
            if until <= at {
                return Err(format!("it would end at {until}, which is past"));
            }
        }
        Ok(())
    }
}

fn check_lists(parts: &[Part], recipients: &[NodeName]) -> Result<(), String> {
    if parts.is_empty() || parts.len() > MAX_PARTS {
        return Err(format!("1 to {MAX_PARTS} parts are named"));
    }
    if recipients.is_empty() || recipients.len() > MAX_RECIPIENTS {
        return Err(format!("1 to {MAX_RECIPIENTS} recipients are named"));
    }
    Ok(())
}

fn check_length(what: &str, text: &str) -> Result<(), String> {
    if text.len() <= MAX_FIELD_BYTES {
        return Ok(());
    }
    Err(format!("{what} has {} bytes; the most is {MAX_FIELD_BYTES}", text.len()))
}

/// A refusal of words that were not accepted.
pub fn refused(why: String) -> Refusal {
    Refusal::new(Code::Permission, why)
}

/// What was granted about a received warning to one recipient, and holds.
#[derive(Debug)]
pub struct Granted<'a>(Vec<&'a Grant>);

impl<'a> Granted<'a> {
    /// By what was said about the warning.
    ///
    /// # Errors
    /// Nothing was granted, or it holds no more. It says what to do.
    pub fn to(
        recipient: &NodeName,
        warning: &Warning,
        talk: &'a [Said],
        at: &Timestamp,
    ) -> Result<Granted<'a>, Refusal> {
        let number = warning.number;
        let no = |why: &str| {
            let message = format!("warning {number} may not be passed on to `{recipient}`: {why}");
            Refusal::new(Code::Permission, message).hint(Hint::AskPermission { warning: number })
        };
        if warning.recall.is_some() {
            return Err(no("its sender has taken it back"));
        }
        if warning.summary.tlp == Tlp::Red {
            return Err(no("it is TLP:RED, and for those whom it names"));
        }
        let verdicts = talk.iter().filter(|said| !said.ours).filter_map(verdict);
        let all: Vec<&Grant> = verdicts
            .flat_map(|verdict| &verdict.grants)
            .filter(|grant| grant.recipients.contains(recipient))
            .collect();
        let held: Vec<&Grant> = all.iter().copied().filter(|grant| *at < grant.until).collect();
        if !held.is_empty() {
            return Ok(Granted(held));
        }
        if let Some(grant) = all.last() {
            return Err(no(&format!("its sender's permission has ended, at {}", grant.until)));
        }
        let of = |said: &&Said| request(said).is_some_and(|one| one.recipients.contains(recipient));
        match talk.iter().rev().find(of) {
            None => Err(no("its sender has not permitted it")),
            Some(said) => {
                let answer = talk.iter().filter(|one| one.question == Some(said.entry.index));
                let denied = answer.filter_map(verdict).next_back();
                Err(match denied {
                    Some(verdict) => no(&format!("its sender has denied it: {}", verdict.reason)),
                    None => no("its sender has not answered yet"),
                })
            }
        }
    }

    /// On which conditions, each once; those who release it read them.
    pub fn conditions(&self) -> Vec<&'a str> {
        let mut all: Vec<&str> = Vec::new();
        for grant in &self.0 {
            let text = grant.conditions.trim();
            if !text.is_empty() && !all.contains(&text) {
                all.push(text);
            }
        }
        all
    }

    /// Until when all of it holds.
    pub fn until(&self) -> Option<&'a Timestamp> {
        self.0.iter().map(|grant| &grant.until).min()
    }

    /// Which parts may be passed on.
    pub fn parts(&self) -> Vec<&'a Part> {
        let mut all: Vec<&Part> = self.0.iter().flat_map(|grant| &grant.parts).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Whether what leaves says only what may be passed on.
    ///
    /// # Errors
    /// It says something of another part.
    pub fn must_cover(
        &self,
        (number, content): (WarningNumber, &Content),
        leaves: &Value,
    ) -> Result<(), Refusal> {
        let (granted, kept): (Vec<Part>, Vec<Part>) = parts(content)
            .into_iter()
            .partition(|part| self.0.iter().flat_map(|one| &one.parts).any(|own| own.covers(part)));
        let open: Vec<String> = granted.iter().flat_map(|part| texts(content, part)).collect();
        let mut said = String::new();
        gather(leaves, &mut said);
        for part in kept {
            // What stands in a part that may be passed on is passed on with that.
            let mut own = texts(content, &part);
            own.retain(|text| !open.iter().any(|open| open.contains(text.as_str())));
            if own.iter().any(|text| said.contains(text.as_str())) {
                let message = format!(
                    "this says {part} of warning {number}, which its sender has not permitted to \
                     pass on"
                );
                return Err(Refusal::new(Code::Permission, message)
                    .hint(Hint::AskPermission { warning: number }));
            }
        }
        Ok(())
    }
}

/// What a statement asks to pass on.
pub fn request(said: &Said) -> Option<&Request> {
    match &said.statement {
        Statement::PermissionRequest(request) => Some(request),
        Statement::PermissionAnswer(_)
        | Statement::Opened {}
        | Statement::Accepted { .. }
        | Statement::Declined { .. }
        | Statement::Question { .. }
        | Statement::Answer { .. }
        | Statement::Action { .. }
        | Statement::Outcome { .. }
        | Statement::Thanks { .. }
        | Statement::Told(_)
        | Statement::ToldAnswer(_)
        | Statement::RecallAnswer(_)
        | Statement::UpdateAnswer(_)
        | Statement::ExpiryAnswer(_)
        | Statement::Refusal { .. } => None,
    }
}

fn verdict(said: &Said) -> Option<&Verdict> {
    match &said.statement {
        Statement::PermissionAnswer(verdict) => Some(verdict),
        Statement::PermissionRequest(_)
        | Statement::Opened {}
        | Statement::Accepted { .. }
        | Statement::Declined { .. }
        | Statement::Question { .. }
        | Statement::Answer { .. }
        | Statement::Action { .. }
        | Statement::Outcome { .. }
        | Statement::Thanks { .. }
        | Statement::Told(_)
        | Statement::ToldAnswer(_)
        | Statement::RecallAnswer(_)
        | Statement::UpdateAnswer(_)
        | Statement::ExpiryAnswer(_)
        | Statement::Refusal { .. } => None,
    }
}

/// The parts of a warning: its title, its paragraphs, its objects but the report and what is published.
pub fn parts(content: &Content) -> Vec<Part> {
    let paragraphs = (1..).zip(paragraphs(content)).map(|(number, _)| Part::Paragraph(number));
    let own = objects(content).filter(|one| {
        let kind = one.get("type").and_then(Value::as_str).unwrap_or_default();
        !matches!(kind, "report" | "marking-definition")
    });
    let ids = own.filter_map(|one| one.get("id")?.as_str()).map(|id| Part::Object(id.to_owned()));
    std::iter::once(Part::Title).chain(paragraphs).chain(ids).collect()
}

fn paragraphs(content: &Content) -> impl Iterator<Item = &str> {
    content.text().split("\n\n").map(str::trim).filter(|text| !text.is_empty())
}

fn objects(content: &Content) -> impl Iterator<Item = &Value> {
    content.bundle.get("objects").and_then(Value::as_array).into_iter().flatten()
}

/// What a part says, as it is looked for.
fn texts(content: &Content, part: &Part) -> Vec<String> {
    let mut all = Vec::new();
    match part {
        Part::Whole => {}
        Part::Title => all.push(folded(&content.title)),
        Part::Paragraph(number) => {
            let at = usize::try_from(*number).unwrap_or(usize::MAX).saturating_sub(1);
            all.extend(paragraphs(content).nth(at).map(folded));
        }
        Part::Object(id) => {
            let found =
                objects(content).find(|one| one.get("id").and_then(Value::as_str) == Some(id));
            let text = |name: &str| found.and_then(|one| one.get(name)).and_then(Value::as_str);
            // Of a pattern, the constants that stand in quotes.
            let constants = text("pattern")
                .into_iter()
                .flat_map(|pattern| pattern.split('\'').skip(1).step_by(2).map(folded));
            all.extend(constants);
            let words = ["name", "value", "description", "content"];
            all.extend(words.into_iter().filter_map(text).map(folded));
        }
    }
    all.retain(|text| text.chars().count() >= MIN_TEXT);
    all
}

/// Shorter texts say nothing by themselves.
const MIN_TEXT: usize = 3;

/// All texts of what leaves, as they are looked for.
fn gather(value: &Value, said: &mut String) {
    match value {
        Value::String(text) => {
            said.push_str(&folded(text));
            said.push('\n');
        }
        Value::Array(list) => list.iter().for_each(|one| gather(one, said)),
        Value::Object(map) => map.values().for_each(|one| gather(one, said)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests;
