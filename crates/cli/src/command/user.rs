//! `forewarn user`.

use super::proposal;
use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use clap::Subcommand;
use forewarn_exchange::act::AccountAct;
use forewarn_exchange::name::UserName;
use forewarn_exchange::user::Role;

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
            let answer =
                context.client.act(AccountAct::UserAdd { name: name.clone(), roles }).await?;
            let done = || format!("{name} can act now: --as {name}");
            let sentence = proposal::waits(&answer).unwrap_or_else(done);
            output::answer(context.json, &answer, sentence)
        }
        User::List => {
            let users = context.client.get("/api/v1/users").await?;
            let columns = [("NAME", "/name"), ("ROLES", "/roles")];
            output::list(context.json, &users, &columns, "nobody yet: forewarn user add")
        }
    }
}

fn role(text: &str) -> Result<Role, String> {
    serde_json::from_value(text.into()).map_err(|_| {
        "reader, analyst, approver, duty-officer, partner-admin, node-admin, service or auditor"
            .to_owned()
    })
}
