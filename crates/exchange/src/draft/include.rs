//! What a drafter may put into a warning beside its words, places and observables.

use crate::code::Code;
use crate::refusal::Refusal;
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Tlp;
use forewarn_stix::vocabulary;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Most of each kind: what a person reads before acting.
pub(crate) const MAX_INCLUDED: usize = 100;

/// Longest word or name of what is included, in characters.
const MAX_WORDS: usize = 500;

/// Longest tear line, in characters: it is read aloud.
const MAX_TEAR_LINE: usize = 4_000;

/// Most sentences that rest on something, and most items that one rests on.
const MAX_RESTS: usize = 200;

/// Further objects.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Include {
    /// Whom or what the threat is against.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<Target>,
    /// Sectors that it is against, by the words of STIX (§10.11).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sectors: Vec<String>,
    /// Incidents, by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub incidents: Vec<String>,
    /// What was observed, when and how often.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub observed: Vec<Observed>,
    /// When the threat may come about, in words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub times: Vec<String>,
}

/// Whom or what a threat is against.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// What it is called.
    pub name: String,
    /// What it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<TargetClass>,
}

/// What a target is (STIX 2.1 §10.8).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum TargetClass {
    /// A person.
    Individual,
    /// Some people.
    Group,
    /// A computer system.
    System,
    /// An organisation.
    Organization,
    /// A class of any of these.
    Class,
}

/// Something that was observed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Observed {
    /// A domain, an address, a URL, an e-mail address or a hash of a file.
    pub value: String,
    /// How often.
    pub count: u32,
    /// When first.
    pub first: Timestamp,
    /// When last.
    pub last: Timestamp,
}

/// A text that tells the substance and no more, for wider handling than the warning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TearLine {
    /// The text.
    pub text: String,
    /// How far it may be passed on: further than the warning itself.
    pub tlp: Tlp,
}

/// On which items a sentence rests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rests {
    /// A sentence of the text, as it stands there.
    pub sentence: String,
    /// Ids of items of the case.
    pub on: Vec<String>,
}

impl Include {
    /// Whether nothing is included.
    pub fn is_empty(&self) -> bool {
        *self == Include::default()
    }

    /// Adds what is not there yet.
    pub(super) fn extend(&mut self, more: &Include) {
        add(&mut self.targets, &more.targets);
        add(&mut self.sectors, &more.sectors);
        add(&mut self.incidents, &more.incidents);
        add(&mut self.observed, &more.observed);
        add(&mut self.times, &more.times);
    }

    /// Takes out whatever has this name; whether there was any.
    pub(super) fn leave_out(&mut self, gone: &str) -> bool {
        let before = self.count();
        self.targets.retain(|one| one.name != gone);
        self.observed.retain(|one| one.value != gone);
        for list in [&mut self.sectors, &mut self.incidents, &mut self.times] {
            list.retain(|one| one != gone);
        }
        self.count() < before
    }

    fn count(&self) -> usize {
        let words = self.sectors.len() + self.incidents.len() + self.times.len();
        words + self.targets.len() + self.observed.len()
    }

    /// Whether all of it can be said.
    ///
    /// # Errors
    /// [`Code::Included`] when not.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        if self.count() > MAX_INCLUDED {
            let message =
                format!("{} things are included; the most is {MAX_INCLUDED}", self.count());
            return Err(Refusal::new(Code::Included, message));
        }
        let names = self.targets.iter().map(|one| &one.name);
        let mut words = names.chain(&self.sectors).chain(&self.incidents).chain(&self.times);
        let bad = |text: &&String| {
            text.trim().is_empty()
                || text.chars().count() > MAX_WORDS
                || text.chars().any(char::is_control)
        };
        if let Some(text) = words.find(bad) {
            let message = format!("`{text}` is not one line of at most {MAX_WORDS} characters");
            return Err(Refusal::new(Code::Included, message));
        }
        if let Some(sector) = self.sectors.iter().find(|one| !sectors().any(|known| known == **one))
        {
            let message = format!("`{sector}` is not a sector of STIX");
            let known: Vec<&str> = sectors().collect();
            return Err(Refusal::new(Code::Included, message)
                .advice(format!("the sectors are {}", known.join(", "))));
        }
        let order = |one: &&Observed| one.count == 0 || one.last.moment() < one.first.moment();
        if let Some(one) = self.observed.iter().find(order) {
            let message =
                format!("`{}` was observed at least once, and last after first", one.value);
            return Err(Refusal::new(Code::Included, message));
        }
        Ok(())
    }
}

/// The sectors of STIX (industry-sector-ov, §10.11).
pub fn sectors() -> impl Iterator<Item = &'static str> {
    let list = vocabulary::ALL.iter().find(|one| one.name == "industry-sector-ov");
    list.into_iter().flat_map(|one| one.values.iter().copied())
}

impl TargetClass {
    /// The word of STIX.
    pub fn name(self) -> &'static str {
        match self {
            TargetClass::Individual => "individual",
            TargetClass::Group => "group",
            TargetClass::System => "system",
            TargetClass::Organization => "organization",
            TargetClass::Class => "class",
        }
    }
}

impl TearLine {
    /// Whether it may be passed on further than a warning of this marking.
    ///
    /// # Errors
    /// [`Code::TearLine`] when it says nothing, or may not.
    pub(super) fn check(&self, tlp: Tlp) -> Result<(), Refusal> {
        if self.text.trim().is_empty() || self.text.chars().count() > MAX_TEAR_LINE {
            let message = format!("a tear line has 1 to {MAX_TEAR_LINE} characters");
            return Err(Refusal::new(Code::TearLine, message));
        }
        if self.tlp >= tlp {
            let message = format!(
                "a tear line is for wider handling: it is {}, and the warning itself is {tlp}",
                self.tlp
            );
            return Err(Refusal::new(Code::TearLine, message));
        }
        Ok(())
    }
}

/// Whether each sentence stands in the text, and rests on items of the case.
///
/// # Errors
/// [`Code::Rests`] when not.
pub fn check_rests(rests: &[Rests], text: &str, items: &[String]) -> Result<(), Refusal> {
    let refused = |message: String| Err(Refusal::new(Code::Rests, message));
    if rests.len() > MAX_RESTS || rests.iter().any(|one| one.on.len() > MAX_RESTS) {
        return refused(format!("a text has at most {MAX_RESTS} sentences that rest on something"));
    }
    let sentences: BTreeSet<&str> = rests.iter().map(|one| one.sentence.as_str()).collect();
    if sentences.len() < rests.len() {
        return refused("a sentence is named twice: name all of its items at once".to_owned());
    }
    for Rests { sentence, on } in rests {
        if sentence.trim().is_empty() || !text.contains(sentence.as_str()) {
            return refused(format!("“{sentence}” does not stand in the text"));
        }
        if on.is_empty() {
            return refused(format!("say on which item “{sentence}” rests"));
        }
        if let Some(other) = on.iter().find(|id| !items.contains(id)) {
            return refused(format!("`{other}` is not an item of this case"));
        }
    }
    Ok(())
}

fn add<T: Clone + PartialEq>(list: &mut Vec<T>, more: &[T]) {
    for one in more {
        if !list.contains(one) {
            list.push(one.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_rests_on_items_of_the_case_and_stands_in_the_text() {
        let text = "A group plans a bombing. It is for Saturday.";
        let items = ["text--1".to_owned(), "text--2".to_owned()];
        let rests = |sentence: &str, on: &[&str]| {
            let on = on.iter().map(|&id| id.to_owned()).collect();
            Rests { sentence: sentence.into(), on }
        };
        let good = rests("It is for Saturday.", &["text--2"]);
        assert_eq!(check_rests(std::slice::from_ref(&good), text, &items), Ok(()));
        for bad in [
            vec![rests("It is for Sunday.", &["text--2"])],
            vec![rests("It is for Saturday.", &["text--3"])],
            vec![rests("It is for Saturday.", &[])],
            vec![rests("", &["text--1"])],
            vec![good.clone(), good],
        ] {
            assert_eq!(check_rests(&bad, text, &items).unwrap_err().code, Code::Rests, "{bad:?}");
        }
    }

    #[test]
    fn what_is_included_is_of_its_kind() {
        let at = |text: &str| Timestamp::parse(text).unwrap();
        let observed = Observed {
            value: "c2.example.org".into(),
            count: 1,
            first: at("2017-12-15T00:00:00Z"),
            last: at("2017-12-14T00:00:00Z"),
        };
        for bad in [
            Include { sectors: vec!["smuggling".into()], ..Include::default() },
            Include { times: vec![" ".into()], ..Include::default() },
            Include { incidents: vec!["two\nlines".into()], ..Include::default() },
            Include { observed: vec![observed.clone()], ..Include::default() },
            Include { times: vec!["now".into(); MAX_INCLUDED + 1], ..Include::default() },
        ] {
            assert_eq!(bad.check().unwrap_err().code, Code::Included, "{bad:?}");
        }
        let observed = Observed { last: observed.first.clone(), ..observed };
        let good = Include {
            sectors: vec!["energy".into()],
            observed: vec![observed],
            ..Include::default()
        };
        assert_eq!(good.check(), Ok(()));
    }

    #[test]
    fn a_tear_line_goes_further_than_the_warning() {
        let line = |text: &str, tlp| TearLine { text: text.into(), tlp }.check(Tlp::Amber);
        assert_eq!(line("Be careful.", Tlp::Clear), Ok(()));
        assert!(line("Be careful.", Tlp::Amber).is_err() && line(" ", Tlp::Clear).is_err());
    }
}
