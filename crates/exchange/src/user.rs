//! The people of one organisation and what each may do.

use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    Reader,
    /// Drafts.
    Analyst,
    /// Releases.
    Approver,
    /// Watches clocks, receives.
    DutyOfficer,
    /// Keys, agreements, interests.
    PartnerAdmin,
    NodeAdmin,
    /// A feed or script that brings items in.
    Service,
    /// Reads all, changes nothing.
    Auditor,
    /// A partner's account: reads the outlets that name it, and nothing else.
    Subscriber,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    Read,
    TakeIn,
    Draft,
    Release,
    Receive,
    ManagePartners,
    Administer,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    pub name: String,
    pub roles: Vec<Role>,
}

/// Names under which the node acts by itself, or its folder's owner without a user.
const RESERVED: &[&str] = &["owner", "matcher", "clocks", "feeder", "outlet"];

impl Role {
    fn permits(self, permission: Permission) -> bool {
        use Permission::{Administer, Draft, ManagePartners, Read, Receive, Release, TakeIn};
        match self {
            Role::Reader | Role::Auditor => permission == Read,
            Role::Analyst => matches!(permission, Read | TakeIn | Draft),
            Role::Approver => matches!(permission, Read | Release),
            Role::DutyOfficer => matches!(permission, Read | TakeIn | Draft | Receive),
            Role::PartnerAdmin => matches!(permission, Read | ManagePartners),
            Role::NodeAdmin => matches!(permission, Read | Administer),
            Role::Service => permission == TakeIn,
            Role::Subscriber => false,
        }
    }
}

impl User {
    pub fn new(name: &str, roles: Vec<Role>) -> Result<User, Refusal> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
        if name.is_empty() || name.len() > 64 || !name.chars().all(plain) {
            return Err(Refusal::new(
                "user-name",
                format!("`{name}` is not a user's name: 1 to 64 of a-z, 0-9, - _ ."),
            ));
        }
        if RESERVED.contains(&name) {
            let message = format!("`{name}` is a name that the node itself acts under");
            return Err(Refusal::new("user-name", message));
        }
        if roles.is_empty() {
            return Err(Refusal::new("no-role", "a user needs at least one role")
                .hint("give one with --role, such as --role analyst"));
        }
        Ok(User { name: name.to_owned(), roles })
    }

    pub fn permits(&self, permission: Permission) -> bool {
        self.roles.iter().any(|role| role.permits(permission))
    }

    /// A refusal when the user may not.
    pub fn must(&self, permission: Permission) -> Result<(), Refusal> {
        if self.permits(permission) {
            return Ok(());
        }
        let (what, role) = match permission {
            Permission::Read => ("read", "reader"),
            Permission::TakeIn => ("take items in", "analyst"),
            Permission::Draft => ("work on cases", "analyst"),
            Permission::Release => ("decide on or release a warning", "approver"),
            Permission::Receive => ("answer a partner's warning", "duty-officer"),
            Permission::ManagePartners => ("change partners or interests", "partner-admin"),
            Permission::Administer => ("change users, tokens or feeds", "node-admin"),
        };
        Err(Refusal::new("not-permitted", format!("`{}` may not {what}", self.name))
            .hint(format!("someone with the role {role} may")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_may_both_draft_and_release_by_one_role() {
        for role in [
            Role::Reader,
            Role::Analyst,
            Role::Approver,
            Role::DutyOfficer,
            Role::PartnerAdmin,
            Role::NodeAdmin,
            Role::Service,
            Role::Auditor,
            Role::Subscriber,
        ] {
            assert!(
                !(role.permits(Permission::Draft) && role.permits(Permission::Release)),
                "{role:?}"
            );
        }
    }

    #[test]
    fn a_refusal_says_who_may() {
        let user = User::new("ana", vec![Role::Analyst]).unwrap();
        let refusal = user.must(Permission::Release).unwrap_err();
        assert!(refusal.to_string().contains("approver"));
        assert!(User::new("Ana B", vec![Role::Analyst]).is_err());
        assert!(User::new("owner", vec![Role::Reader]).is_err());
    }
}
