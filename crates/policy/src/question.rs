//! What is about to leave, as policies see it.

use cedar_policy::{Entity, EntityId, EntityTypeName, EntityUid, RestrictedExpression};
use forewarn_exchange::draft::ObservableKind;
use forewarn_exchange::handling::HandlingCode;
use forewarn_exchange::name::{NodeName, UserName};
use forewarn_exchange::scale::{Grade, Status, Urgency};
use forewarn_exchange::talk::{self, Statement};
use forewarn_exchange::user::Role;
use forewarn_stix::marking::{Pap, Tlp};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::str::FromStr as _;

/// Who lets something out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct By {
    /// The user's name.
    pub name: UserName,
    /// What he or she is there for.
    #[serde(default)]
    pub roles: Vec<Role>,
}

/// What policies are asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// A version of a warning leaves.
    Warning(Does, Box<Warned>),
    /// A sentence beside a warning leaves.
    Sentence(Sentence),
    /// What we say of a warning that came to us leaves.
    Reply(Reply),
    /// Indicators of a warning that came to us go to our own tools.
    Shelve(Shelved),
}

/// How a warning leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Does {
    /// As an entry of our log.
    Release,
    /// By telephone, in person, by letter or public alert.
    Tell,
}

/// A version of a warning: the fields of `Warning` in the schema.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Warned {
    /// To whom.
    pub partner: NodeName,
    /// How far the partner may pass it on.
    pub tlp: Tlp,
    /// How far actions on it may be noticed.
    #[serde(default)]
    pub pap: Option<Pap>,
    /// What else the partner is held to.
    #[serde(default)]
    pub handling: BTreeSet<HandlingCode>,
    /// How urgent the case is.
    pub urgency: Urgency,
    /// Whether it is meant.
    #[serde(default)]
    pub status: Status,
    /// What would be done, by the finding: a name of the kinds of threat.
    #[serde(default)]
    pub threat: Option<String>,
    /// Of which kinds its observables are.
    #[serde(default)]
    pub kinds: BTreeSet<ObservableKind>,
    /// Whether it is marked less strictly than its originals.
    #[serde(default)]
    pub lowered: bool,
    /// Who brought the items that the case names.
    #[serde(default)]
    pub sources: BTreeSet<String>,
    /// How those are graded.
    #[serde(default)]
    pub grades: Vec<Grade>,
    /// Whether one of them has no grade.
    #[serde(default)]
    pub ungraded: bool,
    /// For how many persons of the partner it is, by name; 0 for all.
    #[serde(default)]
    pub persons: u32,
    /// How many persons release it here, beside the drafter.
    #[serde(default = "one")]
    pub approvers: u32,
    /// Whether it leaves by a standing authorisation.
    #[serde(default)]
    pub standing: bool,
    /// Which version it is; 1 is the first.
    #[serde(default = "one")]
    pub version: u32,
}

/// A sentence beside a warning that we sent: the fields of `Sentence` in the schema.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sentence {
    /// To whom.
    pub partner: NodeName,
    /// What it does.
    pub says: Words,
    /// How urgent the case is.
    pub urgency: Urgency,
    /// Whether it is meant.
    #[serde(default)]
    pub status: Status,
}

/// What a sentence does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Words {
    /// Takes a warning back.
    Recall,
    /// Answers a question of the partner's.
    Answer,
    /// Says whether the partner may pass something on.
    Permission,
}

impl Words {
    /// As policies write it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Words::Recall => "recall",
            Words::Answer => "answer",
            Words::Permission => "permission",
        }
    }
}

/// What we say of a warning that came to us: the fields of `Reply` in the schema.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// To whom.
    pub partner: NodeName,
    /// What it does: the verb by which people say it, such as `accept` or `ask`.
    pub says: Verb,
    /// Whether it holds words that somebody has written.
    #[serde(default)]
    pub words: bool,
    /// How the warning is marked.
    pub tlp: Tlp,
    /// How urgent the warning is.
    pub urgency: Urgency,
    /// Whether it is meant.
    #[serde(default)]
    pub status: Status,
}

/// The verb of a statement, of those that people make about warnings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verb(&'static str);

impl Verb {
    /// Of a statement; `None` for what no person says of a warning that came.
    pub fn of(statement: &Statement) -> Option<Verb> {
        statement.verb().map(Verb)
    }

    /// Every one.
    pub(crate) fn all() -> impl Iterator<Item = Verb> {
        talk::STATEMENTS.iter().filter_map(|(_, verb)| verb.map(Verb))
    }

    /// As policies write it.
    pub(crate) fn name(self) -> &'static str {
        self.0
    }
}

impl<'de> Deserialize<'de> for Verb {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Verb, D::Error> {
        let word = String::deserialize(from)?;
        let known = Verb::all().find(|verb| verb.0 == word);
        known.ok_or_else(|| {
            let all: Vec<&str> = Verb::all().map(Verb::name).collect();
            let all = all.join(", ");
            D::Error::custom(format!("`{word}` is not said of a warning; what is: {all}"))
        })
    }
}

/// A warning that came to us, on its way to our own tools: the fields of `Shelved` in the schema.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shelved {
    /// The id of the shelf, as the configuration has it.
    pub shelf: String,
    /// Whose warning.
    pub partner: NodeName,
    /// How it is marked.
    pub tlp: Tlp,
    /// How far actions on it may be noticed.
    #[serde(default)]
    pub pap: Option<Pap>,
    /// How urgent it is.
    pub urgency: Urgency,
    /// Whether it is meant.
    #[serde(default)]
    pub status: Status,
}

const fn one() -> u32 {
    1
}

/// Cedar does not take a name that this program has written itself: it cannot happen, and shuts the
/// gate if it does.
#[derive(Debug)]
pub(crate) struct NotAsked(pub(crate) String);

fn not_asked(why: impl std::fmt::Display) -> NotAsked {
    NotAsked(why.to_string())
}

type Attributes = HashMap<String, RestrictedExpression>;

impl Question {
    /// The action's name in the schema.
    pub fn action(&self) -> &'static str {
        match self {
            Question::Warning(Does::Release, _) => "release",
            Question::Warning(Does::Tell, _) => "tell",
            Question::Sentence(_) => "sentence",
            Question::Reply(_) => "reply",
            Question::Shelve(_) => "shelve",
        }
    }

    pub(crate) fn resource(&self) -> Result<Entity, NotAsked> {
        let (kind, attributes) = match self {
            Question::Warning(_, warned) => ("Warning", warned.attributes()),
            Question::Sentence(sentence) => ("Sentence", sentence.attributes()),
            Question::Reply(reply) => ("Reply", reply.attributes()),
            Question::Shelve(shelved) => ("Shelved", shelved.attributes()),
        };
        entity(kind, "this", attributes)
    }
}

impl By {
    pub(crate) fn principal(&self) -> Result<Entity, NotAsked> {
        let roles = self.roles.iter().map(|role| role.name().to_owned());
        entity(
            "Person",
            &self.name.to_string(),
            HashMap::from([("roles".to_owned(), texts(roles))]),
        )
    }
}

impl Warned {
    fn attributes(&self) -> Attributes {
        let mut all = HashMap::from([
            ("partner".to_owned(), text(&self.partner.to_string())),
            ("tlp".to_owned(), text(self.tlp.name())),
            ("tlpLevel".to_owned(), RestrictedExpression::new_long(tlp_level(self.tlp))),
            ("handling".to_owned(), texts(self.handling.iter().map(|one| one.name().to_owned()))),
            ("urgency".to_owned(), text(&self.urgency.to_string())),
            ("exercise".to_owned(), RestrictedExpression::new_bool(self.status != Status::Actual)),
            ("kinds".to_owned(), texts(self.kinds.iter().map(|one| one.name().to_owned()))),
            ("lowered".to_owned(), RestrictedExpression::new_bool(self.lowered)),
            ("sources".to_owned(), texts(self.sources.iter().cloned())),
            ("grades".to_owned(), texts(self.grades.iter().map(ToString::to_string))),
            ("ungraded".to_owned(), RestrictedExpression::new_bool(self.ungraded)),
            ("persons".to_owned(), number(self.persons)),
            ("approvers".to_owned(), number(self.approvers)),
            ("standing".to_owned(), RestrictedExpression::new_bool(self.standing)),
            ("version".to_owned(), number(self.version)),
        ]);
        if let Some(threat) = &self.threat {
            all.insert("threat".to_owned(), text(threat));
        }
        if let Some(pap) = self.pap {
            all.insert("pap".to_owned(), text(pap.name()));
            all.insert("papLevel".to_owned(), RestrictedExpression::new_long(pap_level(pap)));
        }
        all
    }
}

impl Sentence {
    fn attributes(&self) -> Attributes {
        HashMap::from([
            ("partner".to_owned(), text(&self.partner.to_string())),
            ("says".to_owned(), text(self.says.name())),
            ("urgency".to_owned(), text(&self.urgency.to_string())),
            ("exercise".to_owned(), RestrictedExpression::new_bool(self.status != Status::Actual)),
        ])
    }
}

impl Reply {
    fn attributes(&self) -> Attributes {
        HashMap::from([
            ("partner".to_owned(), text(&self.partner.to_string())),
            ("says".to_owned(), text(self.says.name())),
            ("words".to_owned(), RestrictedExpression::new_bool(self.words)),
            ("tlp".to_owned(), text(self.tlp.name())),
            ("tlpLevel".to_owned(), RestrictedExpression::new_long(tlp_level(self.tlp))),
            ("urgency".to_owned(), text(&self.urgency.to_string())),
            ("exercise".to_owned(), RestrictedExpression::new_bool(self.status != Status::Actual)),
        ])
    }
}

impl Shelved {
    fn attributes(&self) -> Attributes {
        let mut all = HashMap::from([
            ("shelf".to_owned(), text(&self.shelf)),
            ("partner".to_owned(), text(&self.partner.to_string())),
            ("tlp".to_owned(), text(self.tlp.name())),
            ("tlpLevel".to_owned(), RestrictedExpression::new_long(tlp_level(self.tlp))),
            ("urgency".to_owned(), text(&self.urgency.to_string())),
            ("exercise".to_owned(), RestrictedExpression::new_bool(self.status != Status::Actual)),
        ]);
        if let Some(pap) = self.pap {
            all.insert("pap".to_owned(), text(pap.name()));
            all.insert("papLevel".to_owned(), RestrictedExpression::new_long(pap_level(pap)));
        }
        all
    }
}

fn tlp_level(tlp: Tlp) -> i64 {
    match tlp {
        Tlp::Clear => 0,
        Tlp::Green => 1,
        Tlp::Amber => 2,
        Tlp::AmberStrict => 3,
        Tlp::Red => 4,
    }
}

fn pap_level(pap: Pap) -> i64 {
    match pap {
        Pap::Clear => 0,
        Pap::Green => 1,
        Pap::Amber => 2,
        Pap::Red => 3,
    }
}

fn text(text: &str) -> RestrictedExpression {
    RestrictedExpression::new_string(text.to_owned())
}

fn texts(all: impl Iterator<Item = String>) -> RestrictedExpression {
    RestrictedExpression::new_set(all.map(RestrictedExpression::new_string))
}

fn number(number: u32) -> RestrictedExpression {
    RestrictedExpression::new_long(i64::from(number))
}

pub(crate) fn uid(kind: &str, id: &str) -> Result<EntityUid, NotAsked> {
    let kind = EntityTypeName::from_str(kind).map_err(not_asked)?;
    Ok(EntityUid::from_type_name_and_id(kind, EntityId::new(id)))
}

fn entity(kind: &str, id: &str, attributes: Attributes) -> Result<Entity, NotAsked> {
    Entity::new(uid(kind, id)?, attributes, HashSet::new()).map_err(not_asked)
}
