//! What came in, what was refused on its way in, and thanks for it, as they are shown.

use crate::table::{Column, Row};
use crate::text;
use forewarn_exchange::grading::Grading;
use forewarn_exchange::id::{CaseNumber, ExerciseNumber};
use forewarn_stix::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An item in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ItemLine {
    /// Its number; the next page begins after the last one.
    pub seq: i64,
    /// A STIX id, or `text--UUID` of a free text.
    pub id: String,
    /// Its own version in microseconds since 1970; 0 where its type has no versions.
    pub version: i64,
    /// Its own version as it writes it; nothing where its type has no versions.
    #[serde(default)]
    pub written: Option<String>,
    /// Whether it breaks rules of STIX, and is usable all the same.
    #[serde(default)]
    pub flawed: bool,
    /// How many bytes it has.
    pub size: i64,
    /// The source's handle.
    pub source: Option<String>,
    /// How it was graded, with the scheme: `B2` is Admiralty.
    pub grade: Option<String>,
    /// When it came in.
    pub time: Timestamp,
    /// The TLP marking that it counts as when it has none of its own.
    pub marking: Option<String>,
    /// Whether it was deleted from its collection since. It is kept here all the same.
    pub deleted: bool,
    /// The exercise that brought it: it is not meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exercise: Option<ExerciseNumber>,
}

/// An item with all that is known of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ItemShown {
    /// As it is listed.
    #[serde(flatten)]
    pub item: ItemLine,
    /// The rules that it breaks, and is usable all the same.
    pub flaws: Vec<BrokenRule>,
    /// What the document is that it was read from, in words; none for what came as it is.
    #[serde(default)]
    pub original: Option<String>,
    /// Its bytes as text.
    pub bytes: String,
}

/// What a taken-in file or stream became.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TakenIn {
    /// The number of the first new item; the others follow it, one by one.
    pub first: i64,
    /// How many items are new.
    pub added: usize,
    /// How many were here already.
    pub known: usize,
    /// How many of both break rules, and are usable all the same.
    #[serde(default)]
    pub flawed: usize,
    /// How many objects were refused, and are in quarantine.
    pub refused: usize,
    /// The ids of the first items.
    pub ids: Vec<String>,
    /// The first flawed items.
    #[serde(default)]
    pub flaws: Vec<FlawedObject>,
    /// The first refused objects.
    pub reasons: Vec<RefusedObject>,
    /// As what the bytes were read.
    pub format: InputFormat,
}

/// The cases that items have opened or joined.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct MatchedItems {
    /// Whether all of these items were held against all interests; if not, that goes on.
    pub done: bool,
    /// The first cases, by number.
    pub cases: Vec<CaseMet>,
    /// Whether there are more.
    pub more: bool,
    /// The first cases that name what these items revoke, by number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub revoked: Vec<CaseMet>,
}

/// A case that an item has opened or joined, or whose original it has revoked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct CaseMet {
    /// Which.
    pub case: CaseNumber,
    /// The partner whom it concerns.
    pub partner: String,
}

impl MatchedItems {
    /// Which cases, on one line.
    pub fn words(&self) -> String {
        let named = named(&self.cases);
        let more = if self.more { ", and more: forewarn case list" } else { "" };
        let matched = match (self.done, self.cases.is_empty()) {
            (true, true) => "matched: no partner's interest".to_owned(),
            (true, false) => format!("matched: {named}{more}"),
            (false, true) => "matching goes on; see: forewarn case list".to_owned(),
            (false, false) => {
                format!("matched so far: {named}{more}; matching goes on, see: forewarn case list")
            }
        };
        if self.revoked.is_empty() {
            return matched;
        }
        format!("{matched}\n  an original was revoked of: {}", self::named(&self.revoked))
    }
}

fn named(cases: &[CaseMet]) -> String {
    let named = cases.iter().map(|one| format!("case {} ({})", one.case, one.partner));
    named.collect::<Vec<_>>().join(", ")
}

/// As what bytes are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum InputFormat {
    /// STIX 2.1, in any form.
    Stix,
    /// A free text.
    Text,
    /// A MISP event.
    Misp,
    /// A document, of which the text is taken in.
    Document,
}

/// An object that was refused on its way in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RefusedObject {
    /// Its place in the input.
    pub position: i64,
    /// Its id, where one could be read.
    pub id: Option<String>,
    /// Why: at least one reason.
    pub reasons: Vec<BrokenRule>,
}

/// An object that was taken in with its flaws.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FlawedObject {
    /// Its place in the input.
    pub position: i64,
    /// Its id.
    pub id: String,
    /// The rules that it breaks: at least one.
    pub flaws: Vec<BrokenRule>,
}

/// A rule that an object breaks, whether it was refused for it or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BrokenRule {
    /// Where in the object.
    pub path: String,
    /// The rule that it breaks.
    pub rule: String,
    /// What is wrong.
    pub message: String,
}

/// What is in quarantine, in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct QuarantineLine {
    /// Its number.
    pub number: i64,
    /// Its place in the input.
    pub position: i64,
    /// Its id, where one could be read.
    pub id: Option<String>,
    /// Why: at least one reason.
    pub reasons: Vec<BrokenRule>,
    /// What the input was called.
    pub name: Option<String>,
    /// When it came.
    pub time: Timestamp,
    /// Its bytes as text, where they are text; the first 4,000.
    pub bytes: String,
}

/// Thanks that has reached a source, in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ThanksLine {
    /// The source's handle; or `warning-3`, where the case passed on what a partner had warned us of.
    pub source: String,
    /// The partner that thanks.
    pub partner: String,
    /// For which case.
    pub case: CaseNumber,
    /// When.
    pub time: Timestamp,
    /// The partner's words.
    pub text: String,
    /// What may be said to the source instead, for whoever may know who that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cover: Option<String>,
}

/// A grade after the name of its scheme: the letters of the schemes clash.
pub(crate) fn grade(text: &str) -> String {
    text.parse::<Grading>().map_or_else(|_| text::line(text), |read| text::line(&read.words()))
}

impl Row for ItemLine {
    const COLUMNS: &'static [Column<ItemLine>] = &[
        ("NUMBER", |one| one.seq.to_string()),
        ("ID", |one| text::line(&one.id)),
        ("BYTES", |one| one.size.to_string()),
        ("SOURCE", |one| text::or_none(one.source.as_deref(), text::line)),
        ("GRADE", |one| text::or_none(one.grade.as_deref(), grade)),
        ("FLAWED", |one| text::yes_no(one.flawed)),
        ("CAME IN", |one| text::time(&one.time)),
        ("EXERCISE", |one| text::or_none(one.exercise.as_ref(), ToString::to_string)),
    ];
}

impl RefusedObject {
    /// Its place, its id and the first reason, on one line.
    pub fn words(&self) -> String {
        let id = text::or_none(self.id.as_deref(), text::line);
        let (message, path) = first(&self.reasons);
        format!("object {} ({id}): {message} at {path}", self.position)
    }
}

impl FlawedObject {
    /// Its place, its id and the first flaw, on one line.
    pub fn words(&self) -> String {
        let (message, path) = first(&self.flaws);
        format!(
            "object {} ({}) is taken in with a flaw: {message} at {path}",
            self.position,
            text::line(&self.id)
        )
    }
}

impl BrokenRule {
    /// What is wrong, the rule and the place, on one line.
    pub fn words(&self) -> String {
        let BrokenRule { path, rule, message } = self;
        format!("{} ({} at {})", text::line(message), text::line(rule), text::line(path))
    }
}

/// What is wrong first, and where.
fn first(reasons: &[BrokenRule]) -> (String, String) {
    let field = |field: fn(&BrokenRule) -> &String| {
        text::or_none(reasons.first(), |reason| text::line(field(reason)))
    };
    (field(|reason| &reason.message), field(|reason| &reason.path))
}

impl Row for QuarantineLine {
    const COLUMNS: &'static [Column<QuarantineLine>] = &[
        ("NUMBER", |one| one.number.to_string()),
        ("FILE", |one| text::or_none(one.name.as_deref(), text::line)),
        ("OBJECT", |one| one.position.to_string()),
        ("ID", |one| text::or_none(one.id.as_deref(), text::line)),
        ("WHERE", |one| first(&one.reasons).1),
        ("WHY", |one| first(&one.reasons).0),
    ];
}

impl QuarantineLine {
    /// All reasons, then the bytes, without a line break at the end.
    pub fn words(&self) -> String {
        let mut out = String::new();
        for BrokenRule { path, rule, message } in &self.reasons {
            let (path, message) = (text::line(path), text::line(message));
            out = format!("{out}{path}: {message} ({})\n", text::line(rule));
        }
        format!("{out}\n{}", text::block(&self.bytes))
    }
}

impl Row for ThanksLine {
    const COLUMNS: &'static [Column<ThanksLine>] = &[
        ("SOURCE", |one| text::line(&one.source)),
        ("FROM", |one| text::line(&one.partner)),
        ("CASE", |one| one.case.to_string()),
        ("WHEN", |one| text::time(&one.time)),
        ("WORDS", |one| text::line(&one.text)),
        ("SAY INSTEAD", |one| text::or_none(one.cover.as_deref(), text::line)),
    ];
}
