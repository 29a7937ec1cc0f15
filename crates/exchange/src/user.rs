//! The people of one organisation and what each may do.

use crate::code::Code;
use crate::name::UserName;
use crate::refusal::{Field, Hint, Refusal};
pub use crate::role::{Permission, Role};
use serde::{Deserialize, Serialize};

/// One of our people or services.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Who.
    pub name: UserName,
    /// At least one.
    pub roles: Vec<Role>,
}

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
        Ok(User { name, roles })
    }

    /// Whether one of the roles allows it.
    pub fn permits(&self, permission: Permission) -> bool {
        self.roles.iter().any(|role| role.permits(permission))
    }

    /// A refusal when the user may not.
    pub fn must(&self, permission: Permission) -> Result<(), Refusal> {
        if self.permits(permission) {
            return Ok(());
        }
        let (what, role) = match permission {
            Permission::Read => ("read", Role::Reader),
            Permission::TakeIn => ("take items in", Role::Analyst),
            Permission::Draft => ("work on cases", Role::Analyst),
            Permission::Release => ("decide on or release a warning", Role::Approver),
            Permission::Receive => ("answer a partner's warning", Role::DutyOfficer),
            Permission::ManagePartners => ("change partners or interests", Role::PartnerAdmin),
            Permission::Administer => ("change users, tokens or feeds", Role::NodeAdmin),
        };
        Err(Refusal::new(Code::NotPermitted, format!("`{}` may not {what}", self.name))
            .hint(Hint::AskRole { role }))
    }
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
