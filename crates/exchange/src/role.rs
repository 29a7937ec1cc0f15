//! What people are there for, and what that allows.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What somebody is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Reads.
    Reader,
    /// Drafts.
    Analyst,
    /// Releases.
    Approver,
    /// Watches clocks, receives.
    DutyOfficer,
    /// Keys, agreements, interests.
    PartnerAdmin,
    /// Users, tokens, feeds.
    NodeAdmin,
    /// A feed or script that brings items in.
    Service,
    /// Knows who stands behind handles, and thanks sources.
    SourceOfficer,
    /// Reads all, changes nothing.
    Auditor,
    /// An account of a partner, or of a tool of ours: reads the outlets and shelves that name it, and
    /// nothing else.
    Subscriber,
}

/// What a role may allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Permission {
    /// See what the node holds.
    Read,
    /// Bring items in.
    TakeIn,
    /// Open cases, record findings, write drafts.
    Draft,
    /// Decide, release, recall, answer questions.
    Release,
    /// Answer warnings that came to us.
    Receive,
    /// Partners and interests.
    ManagePartners,
    /// Users, tokens, feeds and keys.
    Administer,
    /// See who stands behind a source's handle.
    SeeSources,
}

impl Role {
    /// Whether it allows this.
    pub fn permits(self, permission: Permission) -> bool {
        use Permission::{
            Administer, Draft, ManagePartners, Read, Receive, Release, SeeSources, TakeIn,
        };
        match self {
            Role::Reader | Role::Auditor => permission == Read,
            Role::Analyst => matches!(permission, Read | TakeIn | Draft),
            Role::Approver => matches!(permission, Read | Release),
            Role::DutyOfficer => matches!(permission, Read | TakeIn | Draft | Receive),
            Role::PartnerAdmin => matches!(permission, Read | ManagePartners),
            Role::NodeAdmin => matches!(permission, Read | Administer),
            Role::SourceOfficer => matches!(permission, Read | SeeSources),
            Role::Service => permission == TakeIn,
            Role::Subscriber => false,
        }
    }
}

impl Permission {
    /// What two administrators give.
    pub const GRAVE: &'static [Permission] =
        &[Permission::Draft, Permission::Release, Permission::Administer, Permission::SeeSources];

    /// Every permission.
    pub const ALL: &'static [Permission] = &[
        Permission::Read,
        Permission::TakeIn,
        Permission::Draft,
        Permission::Release,
        Permission::Receive,
        Permission::ManagePartners,
        Permission::Administer,
        Permission::SeeSources,
    ];

    /// The word for it: `take-in`.
    pub const fn word(self) -> &'static str {
        match self {
            Permission::Read => "read",
            Permission::TakeIn => "take-in",
            Permission::Draft => "draft",
            Permission::Release => "release",
            Permission::Receive => "receive",
            Permission::ManagePartners => "manage-partners",
            Permission::Administer => "administer",
            Permission::SeeSources => "see-sources",
        }
    }

    /// What it allows, in words.
    pub const fn allows(self) -> &'static str {
        match self {
            Permission::Read => "see what the node holds, as far as collections let one",
            Permission::TakeIn => "bring items in",
            Permission::Draft => "open cases, record findings, write drafts",
            Permission::Release => "decide, release, recall, answer questions; approve what leaves",
            Permission::Receive => "answer warnings that came",
            Permission::ManagePartners => "partners, agreements, interests",
            Permission::Administer => "users, tokens, feeds, keys",
            Permission::SeeSources => {
                "see who stands behind sources' handles, each time with a reason"
            }
        }
    }
}

impl Role {
    /// Every role.
    pub const ALL: &'static [Role] = &[
        Role::Reader,
        Role::Analyst,
        Role::Approver,
        Role::DutyOfficer,
        Role::PartnerAdmin,
        Role::NodeAdmin,
        Role::Service,
        Role::SourceOfficer,
        Role::Auditor,
        Role::Subscriber,
    ];

    /// The word for it: `duty-officer`.
    pub const fn name(self) -> &'static str {
        match self {
            Role::Reader => "reader",
            Role::Analyst => "analyst",
            Role::Approver => "approver",
            Role::DutyOfficer => "duty-officer",
            Role::PartnerAdmin => "partner-admin",
            Role::NodeAdmin => "node-admin",
            Role::Service => "service",
            Role::SourceOfficer => "source-officer",
            Role::Auditor => "auditor",
            Role::Subscriber => "subscriber",
        }
    }

    /// What somebody with it is there for, in words.
    pub const fn purpose(self) -> &'static str {
        match self {
            Role::Reader => "reads",
            Role::Analyst => "takes items in, opens cases, drafts warnings",
            Role::Approver => "decides, releases and recalls what others have drafted",
            Role::DutyOfficer => "watches clocks, drafts, and answers warnings that come",
            Role::PartnerAdmin => "partners, agreements and interests",
            Role::NodeAdmin => "users, tokens, feeds and keys",
            Role::Service => "a feed or script that brings items in, and reads nothing",
            Role::SourceOfficer => "knows who stands behind sources' handles, and thanks them",
            Role::Auditor => "reads all, changes nothing",
            Role::Subscriber => "a partner's or tool's account: reads what names it",
        }
    }
}
