//! What may be done: an act together with the proof that whoever does it may. Only that is decided
//! on; nothing else makes one.

use crate::act::{Act, Row};
use crate::code::Code;
use crate::proposal::{Course, Persons, Rules};
use crate::refusal::{Hint, Refusal};
use crate::user::User;

/// Who does it, with what he or she may.
#[derive(Debug, Clone, Copy)]
pub enum By<'a> {
    /// The owner of the node's folder.
    Owner,
    /// A user, with roles.
    User(&'a User),
}

/// An act that its actor may do, or propose.
#[derive(Debug, Clone, Copy)]
pub struct Permitted<'a> {
    act: &'a Act,
    course: Course,
}

impl<'a> Permitted<'a> {
    /// The act.
    pub fn act(&self) -> &'a Act {
        self.act
    }

    /// Whether it is done or waits for a second person.
    pub fn course(&self) -> Course {
        self.course
    }
}

impl Act {
    /// Whether it may be done or proposed by this actor, and which. Whatever the table of acts does
    /// not name is refused.
    ///
    /// The owner of the folder acts on accounts alone. A user acts alone on what lets him or her in.
    pub fn permitted(&self, by: By<'_>, rules: Rules) -> Result<Permitted<'_>, Refusal> {
        let course = match (by, self) {
            (By::Owner, Act::Account(_)) => Course::Do,
            (By::User(user), Act::Account(act))
                if act.is_ones_own() && *act.user() == user.name && user.standing.is_active() =>
            {
                Course::Do
            }
            (By::Owner, _) => {
                let message = "`owner` is not a user, and only a user does this";
                return Err(Refusal::new(Code::NoUser, message).hint(Hint::SayWho));
            }
            (By::User(user), _) => self.course(user, rules)?,
        };
        Ok(Permitted { act: self, course })
    }

    /// Whether this user may do it or propose it, whatever it is about.
    pub fn may_be_tried(&self, user: &User) -> bool {
        self.row().is_some_and(|row| proposes(row, user) || does(row, user))
    }

    fn course(&self, user: &User, rules: Rules) -> Result<Course, Refusal> {
        let Some(row) = self.row() else {
            return Err(Refusal::new(Code::NotPermitted, "nobody does this"));
        };
        match self.persons(rules) {
            Persons::One if proposes(row, user) && !does(row, user) => Ok(Course::Propose),
            Persons::Two if proposes(row, user) => Ok(Course::Propose),
            persons => {
                if !does(row, user) {
                    user.must(row.does)?;
                }
                Ok(match persons {
                    Persons::One => Course::Do,
                    Persons::Two => Course::Propose,
                })
            }
        }
    }
}

fn does(row: &Row, user: &User) -> bool {
    user.permits(row.does) || row.or.is_some_and(|permission| user.permits(permission))
}

fn proposes(row: &Row, user: &User) -> bool {
    row.proposes.is_some_and(|permission| user.permits(permission))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::act::AccountAct;
    use crate::name::UserName;
    use crate::user::Role;
    use serde_json::json;

    const RULES: Rules =
        Rules { sentences: Persons::Two, administrators: Persons::Two, release: Persons::One };

    fn user(name: &str, roles: &[Role]) -> User {
        User::new(UserName::parse(name).unwrap(), roles.to_vec()).unwrap()
    }

    fn read(value: serde_json::Value) -> Act {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn the_owner_of_the_folder_acts_on_accounts_and_on_nothing_else() {
        let tokens = read(json!({ "do": "tokens-revoke", "user": "ana" }));
        assert_eq!(tokens.permitted(By::Owner, RULES).unwrap().course(), Course::Do);
        for other in [
            json!({ "do": "case-recall", "case": 1, "reason": "x" }),
            json!({ "do": "feed-remove", "name": "x" }),
            json!({ "do": "proposal-drop", "proposal": 1, "reason": "x" }),
        ] {
            assert!(read(other.clone()).permitted(By::Owner, RULES).is_err(), "{other}");
        }
    }

    #[test]
    fn what_lets_a_user_in_is_the_users_own_whatever_the_roles() {
        let rita = user("rita", &[Role::Reader]);
        let own: Act = AccountAct::TokensRevoke { user: rita.name.clone() }.into();
        assert_eq!(own.permitted(By::User(&rita), RULES).unwrap().course(), Course::Do);
        let other = read(json!({ "do": "tokens-revoke", "user": "ana" }));
        assert!(other.permitted(By::User(&rita), RULES).is_err());
        let roles = read(json!({ "do": "user-add", "name": "rita", "roles": ["approver"] }));
        assert!(roles.permitted(By::User(&rita), RULES).is_err());
        let at = forewarn_stix::Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
        let gone = rita.suspend("x", &at).unwrap();
        assert!(own.permitted(By::User(&gone), RULES).is_err());
    }

    /// Whoever only reads, or reads all, changes nothing.
    #[test]
    fn who_reads_changes_nothing() {
        for role in [Role::Reader, Role::Auditor, Role::Subscriber] {
            for row in crate::act::TABLE {
                // What is about others' acts is decided when it is known what. That an auditor has
                // read, or somebody has carried a file away, is on record, and nothing else is
                // another by it.
                let changes = !row.word.starts_with("proposal-")
                    && !["need-take", "record-read", "record-export"].contains(&row.word);
                let reader = user("rita", &[role]);
                let may = does(row, &reader) || proposes(row, &reader);
                assert!(!(changes && may), "{role:?} {}", row.word);
            }
        }
    }
}
