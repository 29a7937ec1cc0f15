//! `forewarn user`.

use super::proposal;
use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use clap::Subcommand;
use forewarn_exchange::act::AccountAct;
use forewarn_exchange::name::UserName;
use forewarn_exchange::user::{Role, User as Listed};
use forewarn_view::answer::{DoneOrWaits, UserSet};

#[derive(Debug, Subcommand)]
pub(crate) enum User {
    /// Add a person, or change a person's roles
    Add {
        /// a-z, 0-9, - _ .
        name: UserName,
        /// analyst drafts, approver releases, duty-officer receives, partner-admin, node-admin,
        /// reader, service, auditor; may be given several times
        #[arg(long = "role", required = true, value_parser = role)]
        roles: Vec<Role>,
    },
    /// List people and roles
    List,
}

pub(crate) async fn run(user: User, context: &Context) -> Result<(), Failed> {
    match user {
        User::Add { name, roles } => {
            let act = AccountAct::UserAdd { name: name.clone(), roles };
            let answer: DoneOrWaits<UserSet> = context.client.act(act).await?;
            let done = |_: &UserSet| format!("{name} can act now: --as {name}");
            proposal::tell(&answer, done, context)
        }
        User::List => {
            let users: Vec<Listed> = context.client.get("/api/v1/users").await?;
            output::list(context.json, &users, "nobody yet: forewarn user add")
        }
    }
}

fn role(text: &str) -> Result<Role, String> {
    serde_json::from_value(text.into()).map_err(|_| {
        "reader, analyst, approver, duty-officer, partner-admin, node-admin, service or auditor"
            .to_owned()
    })
}
