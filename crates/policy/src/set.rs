//! The policies of an organisation, read and checked; and what they decide.

use crate::SCHEMA;
use crate::question::{By, NotAsked, Question, uid};
use crate::values;
use cedar_policy::{
    Authorizer, Context, Decision, Effect, Entities, Policy, PolicyId, PolicySet, Request, Schema,
    ValidationMode, Validator,
};
use forewarn_exchange::{Code, Refusal};
use miette::Diagnostic;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr as _;

/// Most bytes of all files together: some thousand policies. They stand in the journal at each change.
pub const MAX_BYTES: usize = 256 << 10;
/// Most policies: each is asked about everything that leaves, at some microseconds.
const MAX_POLICIES: usize = 500;
/// Most characters of an `@id`: it stands in refusals and in lines of history.
const MAX_ID: usize = 100;
/// Most characters of an `@words`.
const MAX_WORDS: usize = 500;
/// Most brackets, and most branches of one policy, that stand within each other.
const MAX_DEPTH: usize = 64;
/// The policy that lets out what the fixed rules have passed and no policy of the house forbids.
const PASSES: &str = "permit(principal, action, resource);";
/// Its id; none of the house's has it, since theirs have no such characters.
const PASSES_ID: &str = "(passes)";

/// A file of policies, as it was read at the start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyFile {
    /// Its name, as the configuration has it.
    pub name: String,
    /// What it says.
    pub text: String,
}

/// A policy, without its conditions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Known {
    /// Its `@id`.
    pub id: String,
    /// The file in which it stands.
    pub file: String,
    /// What its `@words` tell whoever is refused; empty when it has none.
    pub words: String,
}

/// The organisation's own policy.
#[derive(Clone)]
pub struct House {
    files: Vec<PolicyFile>,
    read: Result<Read, Vec<Bad>>,
}

#[derive(Clone)]
struct Read {
    set: PolicySet,
    schema: Schema,
    known: BTreeMap<String, Known>,
}

/// Why policies cannot be used: a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {why}")]
pub struct Bad {
    /// The file.
    pub file: String,
    /// What is wrong, and in which policy.
    pub why: String,
}

/// What policies say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// No policy forbids it.
    Passes,
    /// These do, by their ids.
    Forbidden(Vec<Known>),
    /// They could not be asked, or one has failed: nothing leaves.
    Failed(String),
}

impl fmt::Debug for House {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("House").field("files", &self.files).finish_non_exhaustive()
    }
}

impl PartialEq for House {
    fn eq(&self, other: &House) -> bool {
        self.files == other.files
    }
}

impl Eq for House {}

impl House {
    /// Reads policies. What cannot be read is kept, and forbids everything: see [`House::bad`].
    pub fn new(files: &[PolicyFile]) -> House {
        House { files: files.to_vec(), read: read(files) }
    }

    /// Whether there is no policy at all.
    pub fn is_empty(&self) -> bool {
        matches!(&self.read, Ok(read) if read.known.is_empty())
    }

    /// Why they cannot be used; nothing when they can.
    pub fn bad(&self) -> &[Bad] {
        self.read.as_ref().err().map_or(&[], Vec::as_slice)
    }

    /// All policies, by their ids.
    pub fn known(&self) -> impl Iterator<Item = &Known> {
        self.read.iter().flat_map(|read| read.known.values())
    }

    /// What the policies say.
    pub fn ask(&self, by: &By, question: &Question) -> Verdict {
        let read = match &self.read {
            Ok(read) if read.known.is_empty() => return Verdict::Passes,
            Ok(read) => read,
            Err(bad) => return Verdict::Failed(sentence(bad)),
        };
        match read.ask(by, question) {
            Ok(verdict) => verdict,
            Err(NotAsked(why)) => Verdict::Failed(why),
        }
    }
}

impl Verdict {
    /// The same as a refusal.
    ///
    /// # Errors
    /// [`Code::Policy`], with the policies that decided and their words.
    pub fn refuses(&self) -> Result<(), Refusal> {
        let (message, advice) = match self {
            Verdict::Passes => return Ok(()),
            Verdict::Forbidden(deciding) => {
                let line = |one: &Known| {
                    let colon = if one.words.is_empty() { "" } else { ": " };
                    format!("`{}` ({}){colon}{}", one.id, one.file, one.words)
                };
                let lines: Vec<String> = deciding.iter().map(line).collect();
                let message =
                    format!("this organisation's policy forbids it:\n  {}", lines.join("\n  "));
                (
                    message,
                    "change what is to leave; or have the policy changed, and tested by `forewarn policy test`",
                )
            }
            Verdict::Failed(why) => (
                format!("this organisation's policy could not be asked, so nothing leaves: {why}"),
                "have the policy corrected; `forewarn policy check` says whether it can be used",
            ),
        };
        Err(Refusal::new(Code::Policy, message).advice(advice))
    }
}

impl Read {
    fn ask(&self, by: &By, question: &Question) -> Result<Verdict, NotAsked> {
        let (principal, resource) = (by.principal()?, question.resource()?);
        let action = uid("Action", question.action())?;
        let (who, what) = (principal.uid(), resource.uid());
        let schema = Some(&self.schema);
        let request = Request::new(who, action, what, Context::empty(), schema);
        let request = request.map_err(|e| NotAsked(e.to_string()))?;
        let entities = Entities::from_entities([principal, resource], schema);
        let entities = entities.map_err(|e| NotAsked(e.to_string()))?;
        let answer = Authorizer::new().is_authorized(&request, &self.set, &entities);
        // Cedar passes over a policy that fails. A `forbid` that failed has not said that it passes.
        let failed: BTreeSet<String> =
            answer.diagnostics().errors().map(ToString::to_string).collect();
        if !failed.is_empty() {
            return Err(NotAsked(failed.into_iter().collect::<Vec<_>>().join("; ")));
        }
        if answer.decision() == Decision::Allow {
            return Ok(Verdict::Passes);
        }
        let deciding: BTreeSet<&str> = answer.diagnostics().reason().map(AsRef::as_ref).collect();
        let known = |id: &str| self.known.get(id).cloned();
        Ok(Verdict::Forbidden(deciding.into_iter().filter_map(known).collect()))
    }
}

fn sentence(bad: &[Bad]) -> String {
    bad.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

fn read(files: &[PolicyFile]) -> Result<Read, Vec<Bad>> {
    let bad = |file: &str, why: String| vec![Bad { file: file.to_owned(), why }];
    let bytes: usize = files.iter().map(|one| one.text.len()).sum();
    if let Some(last) = files.last().filter(|_| bytes > MAX_BYTES) {
        let why = format!("the files have {bytes} bytes together; at most {MAX_BYTES} are read");
        return Err(bad(&last.name, why));
    }
    let schema = Schema::from_cedarschema_str(SCHEMA).map(|(schema, _)| schema);
    let schema = schema.map_err(|e| bad("the schema", e.to_string()))?;
    let passes = Policy::parse(Some(PolicyId::new(PASSES_ID)), PASSES);
    let passes = passes.map_err(|e| bad("the first policy", e.to_string()))?;
    let (mut set, mut known, mut wrong) = (PolicySet::new(), BTreeMap::new(), Vec::new());
    for file in files {
        let all = match of_file(file) {
            Ok(all) => all,
            Err(why) => {
                wrong.extend(why);
                continue;
            }
        };
        for (one, policy) in all {
            let id = one.id.clone();
            if set.add(policy).is_err() || known.insert(id.clone(), one).is_some() {
                wrong.extend(bad(&file.name, format!("there are two policies with @id(\"{id}\")")));
            }
        }
    }
    if let Some(last) = files.last().filter(|_| known.len() > MAX_POLICIES) {
        let why = format!("there are {} policies; at most {MAX_POLICIES} are read", known.len());
        wrong.extend(bad(&last.name, why));
    }
    wrong.extend(against_schema(&set, &schema, &known));
    if !wrong.is_empty() {
        return Err(wrong);
    }
    set.add(passes).map_err(|e| bad("the first policy", e.to_string()))?;
    Ok(Read { set, schema, known })
}

/// The policies of a file, each by its `@id`.
fn of_file(file: &PolicyFile) -> Result<Vec<(Known, Policy)>, Vec<Bad>> {
    let bad = |why: String| Bad { file: file.name.clone(), why };
    if is_deep(&file.text) {
        let why =
            format!("a condition has more than {MAX_DEPTH} brackets or branches within each other");
        return Err(vec![bad(why)]);
    }
    let set = PolicySet::from_str(&file.text).map_err(|why| vec![bad(placed(&file.text, &why))])?;
    let mut wrong = Vec::new();
    if set.templates().next().is_some() {
        wrong.push(bad("a policy has `?principal` or `?resource`: templates are not used".into()));
    }
    let mut all = Vec::new();
    // In the order of the file, so that the first mistake is told first.
    let mut policies: Vec<&Policy> = set.policies().collect();
    policies
        .sort_by_key(|one| one.id().to_string().trim_start_matches("policy").parse::<usize>().ok());
    for (number, policy) in (1..).zip(policies) {
        match named(policy, &file.name) {
            Ok(known) => {
                let policy = policy.new_id(PolicyId::new(&known.id));
                all.push((known, policy));
            }
            Err(why) => wrong.push(bad(format!("policy {number}: {why}"))),
        }
    }
    if wrong.is_empty() { Ok(all) } else { Err(wrong) }
}

/// Whether brackets, or `else`, stand within each other more deeply than anybody reads: the parser would
/// follow them until its stack is full. What stands in texts and comments counts too.
fn is_deep(text: &str) -> bool {
    let (mut depth, mut most) = (0usize, 0usize);
    for byte in text.bytes() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        most = most.max(depth);
    }
    most > MAX_DEPTH || text.split(';').any(|policy| policy.matches("else").count() > MAX_DEPTH)
}

/// A mistake, with the line in which it stands.
fn placed(text: &str, why: &impl Diagnostic) -> String {
    let label = why.labels().and_then(|mut all| all.next());
    let before = label.and_then(|one| text.get(..one.offset()));
    match before {
        Some(before) => format!("line {}: {why}", before.lines().count().max(1)),
        None => why.to_string(),
    }
}

fn named(policy: &Policy, file: &str) -> Result<Known, String> {
    let id = policy.annotation("id").unwrap_or_default();
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    if id.is_empty() || id.chars().count() > MAX_ID || !id.chars().all(fits) {
        return Err(format!(
            "give it an @id(\"…\") of letters, digits, `-`, `_` or `.`, at most {MAX_ID}: it is shown \
             to whoever is refused"
        ));
    }
    if policy.effect() == Effect::Permit {
        return Err(format!(
            "`{id}` is a permit. What the fixed rules pass leaves unless a policy forbids it: write \
             `forbid … unless {{ … }}`"
        ));
    }
    // A misspelt annotation would say nothing to whoever is refused.
    if let Some((other, _)) = policy.annotations().find(|(key, _)| !["id", "words"].contains(key)) {
        return Err(format!("`{id}` has an annotation @{other}: there are @id and @words"));
    }
    if let Some(never) = values::never(policy).into_iter().next() {
        return Err(format!("`{id}`: {never}"));
    }
    let words = policy.annotation("words").unwrap_or_default();
    if words.chars().count() > MAX_WORDS || words.chars().any(char::is_control) {
        return Err(format!("`{id}`: its @words are one line of at most {MAX_WORDS} characters"));
    }
    Ok(Known { id: id.to_owned(), file: file.to_owned(), words: words.to_owned() })
}

/// What the schema has against them: an attribute that is not there, two types that never meet.
fn against_schema(set: &PolicySet, schema: &Schema, known: &BTreeMap<String, Known>) -> Vec<Bad> {
    let checked = Validator::new(schema.clone()).validate(set, ValidationMode::Strict);
    let mut all: Vec<Bad> = checked
        .validation_errors()
        .map(|one| {
            let id: &str = one.policy_id().as_ref();
            let file = known.get(id).map_or_else(String::new, |known| known.file.clone());
            Bad { file, why: one.to_string() }
        })
        .collect();
    all.sort_by(|one, other| (&one.file, &one.why).cmp(&(&other.file, &other.why)));
    all
}
