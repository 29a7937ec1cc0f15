//! For whom a warning at TLP:RED is: the persons that its sender has named, and which of our accounts
//! they are.

use crate::code::Code;
use crate::message::Content;
use crate::name::UserName;
use crate::refusal::Refusal;
use crate::user::User;
use crate::warning::Warning;
use forewarn_stix::marking::Tlp;
use forewarn_transcript::Disclosure;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Longest name of a person, in characters.
const MAX_NAME: usize = 200;

/// Most persons that one warning names: a meeting, not a department.
pub const MAX_PERSONS: usize = 30;

/// A person for whom a warning is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Named {
    /// The name, as the sender wrote it.
    pub name: String,
    /// Which of our accounts that is, where two of ours have said so. Else it is the one who is
    /// called so, if two administrators have said that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserName>,
    /// Whether the sender has named nobody, and we have.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub added: bool,
}

impl Named {
    fn is(&self, user: &User) -> bool {
        match &self.user {
            Some(name) => *name == user.name,
            None => user.vouched().is_some_and(|shown| is_same_name(shown, &self.name)),
        }
    }
}

/// Whether two names are one as they are compared: one space between words, small letters.
pub fn is_same_name(one: &str, other: &str) -> bool {
    let folded = |name: &str| name.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
    folded(one) == folded(other)
}

/// Whether these are names of persons: few, short, each once and on one line.
///
/// # Errors
/// What is wrong with them, in words.
pub fn check(names: &[String]) -> Result<(), String> {
    if names.len() > MAX_PERSONS {
        return Err(format!("{} persons are named; the most is {MAX_PERSONS}", names.len()));
    }
    if let Some(name) = names.iter().find(|name| !is_name(name)) {
        let shown: String = name.chars().take(MAX_NAME).collect();
        return Err(format!("`{shown}` is not a name: one line of at most {MAX_NAME} characters"));
    }
    if names.iter().collect::<BTreeSet<_>>().len() < names.len() {
        return Err("a person is named twice".to_owned());
    }
    Ok(())
}

fn is_name(name: &str) -> bool {
    name.trim() == name
        && !name.is_empty()
        && name.chars().count() <= MAX_NAME
        && !name.chars().any(char::is_control)
}

/// The persons of a version. Which account somebody is stays as it was said.
fn of(names: &[String], before: &[Named]) -> Vec<Named> {
    let user = |name: &String| before.iter().find(|one| one.name == *name)?.user.clone();
    let named = |name: &String| Named { name: name.clone(), user: user(name), added: false };
    names.iter().map(named).collect()
}

/// For whom one version of a warning is, as its sender has written it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Its marking; `None` when that cannot be read, which counts as TLP:RED.
    pub tlp: Option<Tlp>,
    /// The persons.
    pub persons: Vec<String>,
}

impl Address {
    /// That of a version which was understood.
    pub fn of(content: &Content) -> Address {
        Address { tlp: Some(content.tlp), persons: content.persons.clone() }
    }

    /// That of an entry, by what was disclosed of it.
    pub fn read(disclosures: &[Disclosure]) -> Address {
        let value = |name: &str| {
            let mut opened = disclosures.iter().filter_map(|one| one.open().ok());
            opened.find(|field| field.name == name).map(|field| field.value)
        };
        let tlp = value("tlp").and_then(|tlp| serde_json::from_value(tlp).ok());
        let persons = value("persons").and_then(|names| serde_json::from_value(names).ok());
        Address { tlp, persons: persons.unwrap_or_default() }
    }

    /// Whether it is for named persons only (TLP 2.0 §1).
    pub fn is_for_persons(&self) -> bool {
        self.tlp.is_none_or(|tlp| tlp == Tlp::Red)
    }
}

impl Warning {
    /// Whether its content is for named persons only (TLP 2.0 §1).
    pub fn is_for_persons(&self) -> bool {
        self.summary.tlp == Tlp::Red
    }

    /// Whether a user may read its newest content: at TLP:RED, only who is named.
    pub fn is_for(&self, user: &User) -> bool {
        !self.is_for_persons() || self.persons.iter().any(|one| one.is(user))
    }

    /// Whether a user may read the version with this address, be it the newest or not.
    pub fn version_is_for(&self, address: &Address, user: &User) -> bool {
        if !address.is_for_persons() {
            return true;
        }
        let mut known = self.persons.iter().chain(&self.formerly);
        if address.persons.is_empty() {
            return known.any(|one| one.added && one.is(user));
        }
        address.persons.iter().any(|name| {
            let said = known.clone().find(|one| !one.added && one.name == *name);
            let by_name = Named { name: name.clone(), user: None, added: false };
            said.unwrap_or(&by_name).is(user)
        })
    }

    /// Another version names these persons.
    pub(crate) fn now_names(&mut self, names: &[String]) {
        let mut known = std::mem::take(&mut self.persons);
        known.append(&mut self.formerly);
        self.persons = of(names, &known);
        // Who was said to be whom still reads the versions that were for him or her.
        let named = |one: &Named| self.persons.iter().any(|now| now.name == one.name);
        known.retain(|one| one.user.is_some() && (one.added || !named(one)));
        self.formerly = known;
    }

    /// A refusal for whoever may not read its content. It says for whom it is, and nothing of it.
    ///
    /// # Errors
    /// The user is not named.
    pub fn must_be_for(&self, user: &User) -> Result<(), Refusal> {
        if self.is_for(user) { Ok(()) } else { Err(self.for_others()) }
    }

    /// That it is for others: whose it is, how urgent, for whom.
    pub fn for_others(&self) -> Refusal {
        let names: Vec<&str> = self.persons.iter().map(|one| one.name.as_str()).collect();
        let whom = if names.is_empty() { "nobody by name".to_owned() } else { names.join(", ") };
        let Warning { number, partner, .. } = self;
        let urgency = self.summary.urgency;
        let message =
            format!("warning {number} from {partner}, {urgency}, is TLP:RED and for {whom} only");
        Refusal::new(Code::NotPermitted, message).advice(
            "one who receives warnings and an administrator say which account that is: forewarn warning \
             name-person",
        )
    }

    /// Two of ours say which account a named person is, or name one where the sender has named
    /// nobody. Nobody says so of himself or herself.
    ///
    /// # Errors
    /// The warning is not for named persons, there is no such person, or it is one's own account.
    pub fn name_person(
        mut self,
        name: &str,
        user: &UserName,
        by: [&UserName; 2],
    ) -> Result<Warning, Refusal> {
        if !self.is_for_persons() {
            let message =
                format!("warning {} is not TLP:RED: whoever may read reads it", self.number);
            return Err(Refusal::new(Code::Persons, message));
        }
        if by.contains(&user) {
            let message = format!("`{user}` may not say that a warning is for `{user}`");
            return Err(Refusal::new(Code::SamePerson, message).advice("another one must"));
        }
        let given = name.trim();
        if !is_name(given) {
            let message = format!("a person's name has 1 to {MAX_NAME} characters");
            return Err(Refusal::new(Code::Persons, message));
        }
        let none_named = self.persons.is_empty();
        match self.persons.iter_mut().find(|one| is_same_name(&one.name, given)) {
            Some(known) => known.user = Some(user.clone()),
            None if none_named => {
                let (name, user) = (given.to_owned(), Some(user.clone()));
                self.persons.push(Named { name, user, added: true });
            }
            None => return Err(Refusal::unknown("person of this warning", given)),
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::user::Role;

    fn name(text: &str) -> UserName {
        UserName::parse(text).unwrap()
    }

    fn user(text: &str, shown: &str) -> User {
        let user = User::new(name(text), vec![Role::Reader]).unwrap();
        user.called(Some(shown.to_owned())).unwrap()
    }

    #[test]
    fn a_person_is_whoever_was_said_to_be_or_else_is_called_so_by_two() {
        let by_display = Named { name: "Anna  Orlova".into(), user: None, added: false };
        assert!(by_display.is(&user("ana", "anna orlova")));
        assert!(!by_display.is(&user("orlova", "A. Orlova")));
        // What one administrator alone has written names nobody.
        let before = User { called_by_two: false, ..user("ana", "anna orlova") };
        assert!(!by_display.is(&before));
        let said = Named { user: Some(name("dora")), ..by_display };
        assert!(said.is(&user("dora", "D.")) && !said.is(&user("ana", "Anna Orlova")));
        let next = of(&["Anna  Orlova".to_owned(), "B".to_owned()], &[said]);
        assert_eq!((next[0].user.as_deref(), next[1].user.as_ref()), (Some("dora"), None));
    }

    #[test]
    fn names_are_few_short_and_each_once() {
        let names = |all: &[&str]| all.iter().map(|&one| one.to_owned()).collect::<Vec<_>>();
        assert!(check(&names(&["Anna Orlova", "Berta"])).is_ok());
        assert!(check(&[]).is_ok());
        for bad in [&["Anna", "Anna"][..], &["  Anna"], &[""], &["A\nB"], &[&"x".repeat(201)]] {
            assert!(check(&names(bad)).is_err(), "{bad:?}");
        }
        let many: Vec<String> = (0..=MAX_PERSONS).map(|n| format!("Person {n}")).collect();
        assert!(check(&many).is_err());
    }
}
