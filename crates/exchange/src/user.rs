//! The people of one organisation and what each may do.

use crate::code::Code;
use crate::name::UserName;
use crate::refusal::{Field, Hint, Refusal, give_reason};
pub use crate::role::{Permission, Role};
use forewarn_stix::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One of our people or services.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct User {
    /// Who.
    pub name: UserName,
    /// At least one.
    pub roles: Vec<Role>,
    /// What colleagues call him or her; the name stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display: Option<String>,
    /// Whether two administrators have said that the user is called so, or the owner of the folder:
    /// a partner that names a person means the account then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub called_by_two: bool,
    /// Whether the user may come in.
    #[serde(default, skip_serializing_if = "UserStanding::is_active")]
    pub standing: UserStanding,
}

/// Whether a user may come in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum UserStanding {
    /// Yes.
    #[default]
    Active,
    /// Not for now.
    Suspended {
        /// Since when.
        at: Timestamp,
        /// Why.
        reason: String,
    },
    /// Never again; what the user did stays the user's, and so does the name.
    Removed {
        /// Since when.
        at: Timestamp,
        /// Why.
        reason: String,
    },
}

impl UserStanding {
    /// Whether the user may come in.
    pub fn is_active(&self) -> bool {
        *self == UserStanding::Active
    }

    /// The word for it.
    pub const fn name(&self) -> &'static str {
        match self {
            UserStanding::Active => "active",
            UserStanding::Suspended { .. } => "suspended",
            UserStanding::Removed { .. } => "removed",
        }
    }
}

/// Longest name by which colleagues call somebody, in characters.
const MAX_DISPLAY: usize = 100;

/// No user's name: people would take one for the other, though the journal does not.
const OWNER: &str = "owner";

impl User {
    /// A user with at least one role.
    pub fn new(name: UserName, roles: Vec<Role>) -> Result<User, Refusal> {
        if name == *OWNER {
            let message = "`owner` is what the owner of the node's folder is called";
            return Err(Refusal::new(Code::UserName, message));
        }
        if roles.is_empty() {
            return Err(Refusal::new(Code::NoRole, "a user needs at least one role")
                .hint(Hint::Give { field: Field::Role }));
        }
        Ok(User {
            name,
            roles,
            display: None,
            called_by_two: false,
            standing: UserStanding::Active,
        })
    }

    /// The same with another name for colleagues, as two administrators have said.
    pub fn called(self, display: Option<String>) -> Result<User, Refusal> {
        let Some(text) = display else { return Ok(self) };
        let text = text.trim().to_owned();
        if text.chars().count() > MAX_DISPLAY || text.chars().any(|c| c.is_control() || turns(c)) {
            let message = format!("a name to be shown has at most {MAX_DISPLAY} plain characters");
            return Err(Refusal::new(Code::UserName, message));
        }
        let display = (!text.is_empty()).then_some(text);
        Ok(User { called_by_two: display.is_some(), display, ..self })
    }

    /// What the user is called, where two have said so.
    pub fn vouched(&self) -> Option<&str> {
        self.display.as_deref().filter(|_| self.called_by_two)
    }

    /// The same with those roles only that are among these: fewer perhaps, and never more.
    pub fn limited(mut self, only: &[Role]) -> User {
        self.roles.retain(|role| only.contains(role));
        self
    }

    /// Nobody comes in as this user for now.
    pub fn suspend(self, reason: &str, at: &Timestamp) -> Result<User, Refusal> {
        self.must_be(&["active"])?;
        let (at, reason) = (at.clone(), given(reason)?);
        Ok(User { standing: UserStanding::Suspended { at, reason }, ..self })
    }

    /// The user comes in again.
    pub fn resume(self) -> Result<User, Refusal> {
        self.must_be(&["suspended"])?;
        Ok(User { standing: UserStanding::Active, ..self })
    }

    /// Nobody comes in as this user ever again.
    pub fn remove(self, reason: &str, at: &Timestamp) -> Result<User, Refusal> {
        self.must_be(&["active", "suspended"])?;
        let (at, reason) = (at.clone(), given(reason)?);
        Ok(User { standing: UserStanding::Removed { at, reason }, ..self })
    }

    fn must_be(&self, standings: &[&str]) -> Result<(), Refusal> {
        let is = self.standing.name();
        if standings.contains(&is) {
            return Ok(());
        }
        Err(Refusal::new(Code::UserStanding, format!("`{}` is {is}", self.name)))
    }

    /// Whether the user works on cases: drafts, or releases.
    pub fn works(&self) -> bool {
        [Permission::Draft, Permission::Release].into_iter().any(|one| self.permits(one))
    }

    /// Whether one of the roles allows it.
    pub fn permits(&self, permission: Permission) -> bool {
        self.standing.is_active() && self.roles.iter().any(|role| role.permits(permission))
    }

    /// A refusal when the user may not.
    pub fn must(&self, permission: Permission) -> Result<(), Refusal> {
        if self.permits(permission) {
            return Ok(());
        }
        self.must_be(&["active"])?;
        let (what, role) = match permission {
            Permission::Read => ("read", Role::Reader),
            Permission::TakeIn => ("take items in", Role::Analyst),
            Permission::Draft => ("work on cases", Role::Analyst),
            Permission::Release => ("decide on or release a warning", Role::Approver),
            Permission::Receive => ("answer a partner's warning", Role::DutyOfficer),
            Permission::ManagePartners => ("change partners or interests", Role::PartnerAdmin),
            Permission::Administer => ("change users, tokens or feeds", Role::NodeAdmin),
            Permission::SeeSources => ("see who stands behind a source", Role::SourceOfficer),
        };
        Err(Refusal::new(Code::NotPermitted, format!("`{}` may not {what}", self.name))
            .hint(Hint::AskRole { role }))
    }
}

/// Whether a character turns the direction of what is written.
fn turns(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn given(reason: &str) -> Result<String, Refusal> {
    give_reason(reason, "say why")?;
    Ok(reason.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_may_both_draft_and_release_by_one_role() {
        for role in Role::ALL {
            assert!(
                !(role.permits(Permission::Draft) && role.permits(Permission::Release)),
                "{role:?}"
            );
        }
    }

    #[test]
    fn what_a_provider_vouches_for_takes_roles_away_and_gives_none() {
        let roles = vec![Role::Reader, Role::Approver];
        let otto = User::new(UserName::parse("otto").unwrap(), roles).unwrap();
        let limited = otto.clone().limited(&[Role::Reader, Role::NodeAdmin]);
        assert_eq!(limited.roles, [Role::Reader]);
        assert!(!otto.limited(&[]).permits(Permission::Read));
    }

    #[test]
    fn a_refusal_says_who_may() {
        let user = User::new(UserName::parse("ana").unwrap(), vec![Role::Analyst]).unwrap();
        let refusal = user.must(Permission::Release).unwrap_err();
        assert_eq!(refusal.hint, Some(Hint::AskRole { role: Role::Approver }));
        assert!(UserName::parse("Ana B").is_err());
        for role in Role::ALL {
            assert_eq!(serde_json::to_value(role).unwrap(), role.name());
        }
    }
}
