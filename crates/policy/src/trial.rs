//! Cases that policies are tested by: what is about to leave, and what is expected of it.

use crate::question::{By, Does, Question, Reply, Sentence, Shelved, Warned};
use crate::set::{House, Verdict};
use serde::{Deserialize, Serialize};

/// A file of cases.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trials {
    /// At least one, or nothing was tested.
    #[serde(rename = "case")]
    pub cases: Vec<Trial>,
}

/// A case: exactly one of `release`, `tell`, `sentence`, `reply` and `shelve` says what is about to leave.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trial {
    /// What it shows, in words.
    pub name: String,
    /// Who lets it out.
    pub by: By,
    /// A version of a warning is released.
    #[serde(default)]
    pub release: Option<Box<Warned>>,
    /// Somebody of the partner was told.
    #[serde(default)]
    pub tell: Option<Box<Warned>>,
    /// A sentence is written.
    #[serde(default)]
    pub sentence: Option<Sentence>,
    /// Something is said of a warning that came.
    #[serde(default)]
    pub reply: Option<Reply>,
    /// A shelf takes a warning up.
    #[serde(default)]
    pub shelve: Option<Shelved>,
    /// What the policies are to say.
    pub expect: Expected,
    /// Which policy is to forbid it, among others perhaps.
    #[serde(default)]
    pub policy: Option<String>,
}

/// What policies are expected to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expected {
    /// No policy forbids it.
    Pass,
    /// A policy does.
    Forbid,
}

/// How a case went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tried {
    /// Its name.
    pub name: String,
    /// What was expected.
    pub expected: Expected,
    /// Whether it went so.
    pub as_expected: bool,
    /// Which policies forbid it.
    pub forbidden_by: Vec<String>,
    /// Why it could not be asked; empty otherwise.
    pub failed: String,
}

impl Trial {
    /// What is asked.
    ///
    /// # Errors
    /// A sentence, when it is not exactly one thing; or when a policy is expected to forbid what is
    /// expected to pass.
    pub fn question(&self) -> Result<Question, String> {
        if self.policy.is_some() && self.expect == Expected::Pass {
            return Err(format!("case `{}`: `policy` goes with expect = \"forbid\"", self.name));
        }
        let warned = |does| move |warned| Question::Warning(does, warned);
        let given: Vec<Question> = [
            self.release.clone().map(warned(Does::Release)),
            self.tell.clone().map(warned(Does::Tell)),
            self.sentence.clone().map(Question::Sentence),
            self.reply.clone().map(Question::Reply),
            self.shelve.clone().map(Question::Shelve),
        ]
        .into_iter()
        .flatten()
        .collect();
        <[Question; 1]>::try_from(given).map(|[one]| one).map_err(|_| {
            let name = &self.name;
            format!("case `{name}`: give exactly one of release, tell, sentence, reply and shelve")
        })
    }

    /// Asks, and compares.
    ///
    /// # Errors
    /// See [`Trial::question`]; or the policy that it names is not there.
    pub fn tried(&self, house: &House) -> Result<Tried, String> {
        let question = self.question()?;
        if let Some(named) = &self.policy
            && !house.known().any(|one| one.id == *named)
        {
            let all: Vec<&str> = house.known().map(|one| one.id.as_str()).collect();
            return Err(format!(
                "case `{}`: no policy has the id `{named}`; there are: {}",
                self.name,
                all.join(", ")
            ));
        }
        let (forbidden_by, failed) = match house.ask(&self.by, &question) {
            Verdict::Passes => (Vec::new(), String::new()),
            Verdict::Forbidden(all) => (all.into_iter().map(|one| one.id).collect(), String::new()),
            Verdict::Failed(why) => (Vec::new(), why),
        };
        let as_expected = failed.is_empty()
            && match self.expect {
                Expected::Pass => forbidden_by.is_empty(),
                Expected::Forbid => match &self.policy {
                    Some(policy) => forbidden_by.contains(policy),
                    None => !forbidden_by.is_empty(),
                },
            };
        let (name, expected) = (self.name.clone(), self.expect);
        Ok(Tried { name, expected, as_expected, forbidden_by, failed })
    }
}
