//! For whom a warning at TLP:RED is: the persons that its sender has named, and which of our accounts
//! they are.

use crate::code::Code;
use crate::name::UserName;
use crate::refusal::Refusal;
use crate::user::User;
use crate::warning::Warning;
use forewarn_stix::marking::Tlp;
use serde::{Deserialize, Serialize};

/// Longest name of a person, in characters.
const MAX_NAME: usize = 200;

/// A person for whom a warning is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// The name, as the sender wrote it.
    pub name: String,
    /// Which of our accounts that is, where one of ours has said so. Else it is the one who is
    /// called so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserName>,
}

impl Named {
    fn is(&self, user: &User) -> bool {
        match &self.user {
            Some(name) => *name == user.name,
            None => user.display.as_ref().is_some_and(|shown| folded(shown) == folded(&self.name)),
        }
    }
}

/// A name as it is compared: one space between words, small letters.
fn folded(name: &str) -> String {
    let words: Vec<String> = name.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}

/// The persons of a version. Which account somebody is stays as it was said.
pub(crate) fn of(names: &[String], before: &[Named]) -> Vec<Named> {
    let user = |name: &String| before.iter().find(|one| one.name == *name)?.user.clone();
    names.iter().map(|name| Named { name: name.clone(), user: user(name) }).collect()
}

impl Warning {
    /// Whether its content is for named persons only (TLP 2.0 §1).
    pub fn is_for_persons(&self) -> bool {
        self.summary.tlp == Tlp::Red
    }

    /// Whether a user may read its content: at TLP:RED, only who is named.
    pub fn is_for(&self, user: &User) -> bool {
        !self.is_for_persons() || self.persons.iter().any(|one| one.is(user))
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
            "who receives warnings says which account that is: forewarn warning name-person",
        )
    }

    /// One of ours says which account a named person is, or names one where the sender has named
    /// nobody. Nobody says so of himself or herself.
    ///
    /// # Errors
    /// The warning is not for named persons, there is no such person, or it is one's own account.
    pub fn name_person(
        mut self,
        name: &str,
        user: &UserName,
        by: &UserName,
    ) -> Result<Warning, Refusal> {
        if !self.is_for_persons() {
            let message =
                format!("warning {} is not TLP:RED: whoever may read reads it", self.number);
            return Err(Refusal::new(Code::Persons, message));
        }
        if user == by {
            let message = format!("`{by}` may not say that a warning is for `{by}`");
            return Err(Refusal::new(Code::SamePerson, message).advice("another one must"));
        }
        let given = name.trim();
        if given.is_empty() || given.chars().count() > MAX_NAME {
            let message = format!("a person's name has 1 to {MAX_NAME} characters");
            return Err(Refusal::new(Code::Persons, message));
        }
        let none_named = self.persons.is_empty();
        match self.persons.iter_mut().find(|one| folded(&one.name) == folded(given)) {
            Some(known) => known.user = Some(user.clone()),
            None if none_named => {
                self.persons.push(Named { name: given.to_owned(), user: Some(user.clone()) });
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

    #[test]
    fn a_person_is_whoever_was_said_to_be_or_else_is_called_so() {
        let name = |text: &str| UserName::parse(text).unwrap();
        let user = |text: &str, shown: &str| {
            let user = User::new(name(text), vec![Role::Reader]).unwrap();
            user.called(Some(shown.to_owned())).unwrap()
        };
        let by_display = Named { name: "Anna  Orlova".into(), user: None };
        assert!(by_display.is(&user("ana", "anna orlova")));
        assert!(!by_display.is(&user("orlova", "A. Orlova")));
        let said = Named { user: Some(name("dora")), ..by_display };
        assert!(said.is(&user("dora", "D.")) && !said.is(&user("ana", "Anna Orlova")));
        let next = of(&["Anna  Orlova".to_owned(), "B".to_owned()], &[said]);
        assert_eq!((next[0].user.as_deref(), next[1].user.as_ref()), (Some("dora"), None));
    }
}
