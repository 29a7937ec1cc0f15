//! A warning told beside the channel: by telephone, in person, by letter, as a public alert. What was
//! told is on record here, and written into the channel so that both sides can prove it.

use crate::name::UserName;
use crate::refusal::{Field, Hint, Refusal, give_reason, short};
use crate::{code::Code, named};
use forewarn_stix::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// For so many minutes what was told before a second person had agreed may stand unconfirmed.
pub const CONFIRM_MINUTES: i64 = 60;
/// Most of what is told about one case that waits for a second person.
pub const MAX_AHEAD: usize = 20;
/// Most characters of whom it was told to, and by whom.
const MAX_WHO: usize = 200;
/// So many minutes a clock may be behind the telephone's.
const SKEW_MINUTES: i64 = 2;

/// By which way somebody was told.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// By telephone, or radio.
    Telephone,
    /// Face to face.
    InPerson,
    /// By letter, or a messenger with one.
    Letter,
    /// As a public alert, such as one of CAP 1.2.
    PublicAlert,
}

impl Way {
    /// Every way.
    pub const ALL: &'static [Way] = &[Way::Telephone, Way::InPerson, Way::Letter, Way::PublicAlert];

    /// As it is written: `in-person`.
    pub const fn name(self) -> &'static str {
        match self {
            Way::Telephone => "telephone",
            Way::InPerson => "in-person",
            Way::Letter => "letter",
            Way::PublicAlert => "public-alert",
        }
    }

    /// Whether somebody was told who has heard it: a letter is on its way, and an alert is for all.
    pub const fn reaches(self) -> bool {
        match self {
            Way::Telephone | Way::InPerson => true,
            Way::Letter | Way::PublicAlert => false,
        }
    }

    /// In words: `by telephone`.
    pub const fn words(self) -> &'static str {
        match self {
            Way::Telephone => "by telephone",
            Way::InPerson => "in person",
            Way::Letter => "by letter",
            Way::PublicAlert => "by a public alert",
        }
    }

    /// The way of this name.
    pub fn parse(text: &str) -> Option<Way> {
        Way::ALL.iter().copied().find(|way| way.name() == text)
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How one of our people says that somebody was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TellRequest {
    /// By which way.
    pub way: Way,
    /// Whom, in words: a person, or a duty desk with its number.
    pub to: String,
    /// When; now, when nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// Who told it; whoever records it, when nothing is said. It stays here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deliverer: Option<String>,
    /// What was said, before anything was released: imminent danger. Else what was released was
    /// read out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imminent: Option<String>,
}

/// What the other side is told of it, in an entry: a statement of the warning's writer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Told {
    /// By which way.
    pub way: Way,
    /// Whom, in words.
    pub to: String,
    /// When, by the writer's account.
    pub at: Timestamp,
    /// What was said, where that was not what the answered entry says.
    #[serde(default)]
    pub words: String,
    /// Whether it holds.
    pub stands: ToldStands,
}

/// Whether what was told holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "how", rename_all = "kebab-case")]
pub enum ToldStands {
    /// What had been released was read out.
    Released {},
    /// It was told in imminent danger, and a second person has confirmed it.
    Confirmed {},
    /// It was told in imminent danger, and does not hold.
    Struck {
        /// Why.
        reason: String,
    },
}

/// What was told in imminent danger, before a second person had agreed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Ahead {
    /// Counted from 1 in its case.
    pub number: u32,
    /// By which way.
    pub way: Way,
    /// Whom.
    pub to: String,
    /// When, by the account of whoever recorded it.
    pub at: Timestamp,
    /// What was said.
    pub words: String,
    /// Who told it.
    pub deliverer: String,
    /// Who recorded it: not the second person.
    pub by: UserName,
    /// When it was recorded: the hour counts from then.
    pub recorded: Timestamp,
    /// What became of it.
    pub fate: AheadFate,
    /// Whether it stands in our log to the partner, as it ended.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mirrored: bool,
}

/// What became of something told ahead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "fate", rename_all = "kebab-case")]
pub enum AheadFate {
    /// A second person is to confirm or strike it.
    Waiting {},
    /// A second person stands by it.
    Confirmed {
        /// Who.
        by: UserName,
        /// When.
        at: Timestamp,
    },
    /// It does not hold.
    Struck {
        /// Who says so.
        by: UserName,
        /// When.
        at: Timestamp,
        /// Why, as the partner is told.
        reason: String,
        /// How whoever was told has been told that: it stays here.
        taken_back: String,
    },
}

impl TellRequest {
    /// Whether it says who was told, by whom and when; that time.
    ///
    /// # Errors
    /// Something is missing, too long, or the time is not between `from` and now.
    pub(crate) fn check(&self, from: &Timestamp, now: &Timestamp) -> Result<Timestamp, Refusal> {
        who(&self.to, "say who was told: a person, or a duty desk with its number")?;
        if let Some(deliverer) = &self.deliverer {
            who(deliverer, "say who told it")?;
        }
        let at = self.at.clone().unwrap_or_else(|| now.clone());
        if at > now.plus_minutes(SKEW_MINUTES) {
            let message = format!("{at} is not past: record it once it was told");
            return Err(Refusal::new(Code::Clock, message));
        }
        if at < from.plus_minutes(-SKEW_MINUTES) {
            let message = format!("{at} is before {from}, when there was nothing to tell yet");
            return Err(Refusal::new(Code::Clock, message).advice(
                "what was said before anything was released was said in imminent danger: \
                 give --imminent with the words",
            ));
        }
        Ok(at)
    }

    /// Whether whoever was told may be, where the words are for named persons.
    ///
    /// # Errors
    /// The person is none of those.
    pub(crate) fn is_for(&self, persons: &[String]) -> Result<(), Refusal> {
        if persons.is_empty() || persons.iter().any(|one| named::is_same_name(one, &self.to)) {
            return Ok(());
        }
        let message = format!("it is TLP:RED, for {} only: tell nobody else", persons.join(", "));
        Err(Refusal::new(Code::Persons, message).advice("give the name as the draft has it"))
    }
}

fn who(text: &str, what: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::new(Code::Reason, what));
    }
    let is_line = !text.chars().any(char::is_control);
    if is_line && text.chars().count() <= MAX_WHO {
        return Ok(());
    }
    let message = format!("whom is one line of at most {MAX_WHO} characters");
    Err(Refusal::new(Code::TooMany, message))
}

impl Told {
    /// Whether a partner may say so much.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn check(&self) -> Result<(), String> {
        who(&self.to, "it does not say who was told").map_err(|refusal| refusal.message)
    }

    /// Whether it says anything in free words.
    pub fn has_words(&self) -> bool {
        !self.words.trim().is_empty() || matches!(self.stands, ToldStands::Struck { .. })
    }
}

impl Ahead {
    /// Until when a second person is to confirm or strike it, while that is open.
    pub fn due(&self) -> Option<Timestamp> {
        match self.fate {
            AheadFate::Waiting {} => Some(self.recorded.plus_minutes(CONFIRM_MINUTES)),
            AheadFate::Confirmed { .. } | AheadFate::Struck { .. } => None,
        }
    }

    /// A second person stands by it.
    ///
    /// # Errors
    /// It is the same person, or it was decided before.
    pub(crate) fn confirm(&mut self, by: &UserName, at: &Timestamp) -> Result<(), Refusal> {
        self.must_wait_for(by)?;
        self.fate = AheadFate::Confirmed { by: by.clone(), at: at.clone() };
        Ok(())
    }

    /// A second person says that it does not hold, and how it was taken back.
    ///
    /// # Errors
    /// It is the same person, it was decided before, or a reason is missing.
    pub(crate) fn strike(
        &mut self,
        (reason, taken_back): (&str, &str),
        (by, at): (&UserName, &Timestamp),
    ) -> Result<(), Refusal> {
        self.must_wait_for(by)?;
        give_reason(reason, "say why it does not hold: the partner is told")?;
        give_reason(taken_back, "say how whoever was told has been told that it does not hold")?;
        self.fate = AheadFate::Struck {
            by: by.clone(),
            at: at.clone(),
            reason: reason.to_owned(),
            taken_back: taken_back.to_owned(),
        };
        Ok(())
    }

    fn must_wait_for(&self, by: &UserName) -> Result<(), Refusal> {
        let number = self.number;
        match &self.fate {
            AheadFate::Waiting {} if self.by == *by || self.deliverer == **by => {
                let message =
                    format!("`{by}` has told or recorded it and is not the second person");
                Err(Refusal::new(Code::SamePerson, message).advice("a second person must"))
            }
            AheadFate::Waiting {} => Ok(()),
            AheadFate::Confirmed { by, .. } => {
                let message = format!("{number} was confirmed by {by}");
                Err(Refusal::new(Code::NotWaiting, message))
            }
            AheadFate::Struck { by, .. } => {
                let message = format!("{number} was struck by {by}");
                Err(Refusal::new(Code::NotWaiting, message))
            }
        }
    }

    /// As the partner is told of it, once it is decided; `passed` gives a text that may cross, or else
    /// what stands for it.
    pub(crate) fn told(&self, passed: &dyn Fn(&str, &str) -> String) -> Option<Told> {
        let stands = match &self.fate {
            AheadFate::Waiting {} => return None,
            AheadFate::Confirmed { .. } => ToldStands::Confirmed {},
            AheadFate::Struck { reason, .. } => {
                ToldStands::Struck { reason: passed(reason, "the reason is withheld") }
            }
        };
        let (way, at) = (self.way, self.at.clone());
        let (to, words) = (passed(&self.to, "a name that is withheld"), passed(&self.words, ""));
        Some(Told { way, to, at, words, stands })
    }
}

/// The words of something told ahead: some, and not too many.
///
/// # Errors
/// There are none, or too many.
pub(crate) fn check_words(words: &str) -> Result<(), Refusal> {
    if words.trim().is_empty() {
        let message = "say what was told, word for word as far as you know";
        return Err(Refusal::new(Code::Reason, message).hint(Hint::Give { field: Field::Text }));
    }
    short(words)
}
