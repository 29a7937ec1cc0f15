//! `forewarn user`.

use super::proposal;
use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use forewarn_exchange::act::AccountAct;
use forewarn_exchange::link::{Issuer, IssuersName};
use forewarn_exchange::name::UserName;
use forewarn_exchange::user::{Role, User as Listed};
use forewarn_view::answer::{DoneOrWaits, UserSet};
use forewarn_view::status::NodeStatus;
use forewarn_view::user::Invitation;
use serde_json::json;

#[derive(Debug, Subcommand)]
pub(crate) enum User {
    /// Add a person, or change a person's roles
    Add {
        /// The name: of a-z, 0-9, - _ .
        name: UserName,
        /// What the person is there for; may be given several times
        #[arg(long = "role", required = true, value_parser = roles())]
        roles: Vec<Role>,
        /// What colleagues call the person; the name above stays
        #[arg(long)]
        display: Option<String>,
    },
    /// Invite a person to set a password, within a day; for one that was lost too
    Invite {
        /// Who
        name: UserName,
    },
    /// Let a user of this machine act as the person, over the socket in the folder
    Uid {
        /// Who
        name: UserName,
        /// The number of the machine's user, as `id -u` prints it; none ends it
        uids: Vec<u32>,
    },
    /// Let the person sign in at a provider of sign-ins (OpenID Connect)
    Link {
        /// Who
        name: UserName,
        /// The provider's URL, as `issuer` of an `[[oidc]]` in forewarn.toml has it
        issuer: Issuer,
        /// What the provider calls the person: the claim that forewarn.toml names, `sub` by default
        subject: IssuersName,
    },
    /// Let the person sign in there no more; sessions end
    Unlink {
        /// Who
        name: UserName,
        /// The provider's URL
        issuer: Issuer,
    },
    /// Let nobody in as this user until further notice; tokens and sessions end
    Suspend(Ended),
    /// Let a suspended user in again
    Resume {
        /// Who
        name: UserName,
    },
    /// Let nobody in as this user ever again; what the user did stays under the name
    Remove(Ended),
    /// List people and roles
    List,
}

#[derive(Debug, Args)]
pub(crate) struct Ended {
    /// Who
    name: UserName,
    /// Why: it stays on record
    #[arg(long)]
    reason: String,
}

pub(crate) async fn run(user: User, context: &Context) -> Result<(), Failed> {
    match user {
        User::Add { name, roles, display } => {
            let words = format!("{name} can act now: --as {name}");
            set(AccountAct::UserAdd { name, roles, display }, words, context).await
        }
        User::Invite { name } => {
            let asked = json!({ "user": name });
            let made: Invitation = context.client.post("/api/v1/invitations", &asked).await?;
            let words = format!(
                "give this to {name}, who signs in with `forewarn login --as {name} --invited` until \
                 {}:\n{}",
                made.ends, made.invitation
            );
            output::answer(context.json, &made, words)
        }
        User::Uid { name, uids } => {
            let words = match uids.as_slice() {
                [] => format!("no user of the machine acts as {name} any more"),
                _ => format!("whoever that is on this machine acts as {name}"),
            };
            set(AccountAct::UserUids { name, uids }, words, context).await
        }
        User::Link { name, issuer, subject } => {
            let words = format!("{name} can sign in at {issuer}: forewarn login URL --oidc");
            set(AccountAct::UserLink { name, issuer, subject }, words, context).await
        }
        User::Unlink { name, issuer } => {
            let words = format!("{name} does not sign in at {issuer} any more");
            set(AccountAct::UserUnlink { name, issuer }, words, context).await
        }
        User::Suspend(Ended { name, reason }) => {
            let mut words =
                format!("nobody comes in as {name} any more; forewarn user resume {name}");
            let node: Result<NodeStatus, Failed> = context.client.get("/api/v1/status").await;
            if node.is_ok_and(|node| node.apart.is_some()) {
                words += "\nanother node of the journal knows it as soon as it hears of the servers; one that \
                          is cut off from them answers over the network until its [journal] silence is over, \
                          300 s when nothing is set";
            }
            set(AccountAct::UserSuspend { name, reason }, words, context).await
        }
        User::Resume { name } => {
            let words = format!("{name} can sign in again; tokens are to be made anew");
            set(AccountAct::UserResume { name }, words, context).await
        }
        User::Remove(Ended { name, reason }) => {
            let words = format!("nobody comes in as {name} ever again; what {name} did stays");
            set(AccountAct::UserRemove { name, reason }, words, context).await
        }
        User::List => {
            let users: Vec<Listed> = context.client.get("/api/v1/users").await?;
            output::list(context.json, &users, "nobody yet: forewarn user add")
        }
    }
}

async fn set(act: AccountAct, words: String, context: &Context) -> Result<(), Failed> {
    let answer: DoneOrWaits<UserSet> = context.client.act(act).await?;
    proposal::tell(&answer, |_: &UserSet| words, context)
}

/// Reads the name of a role; help and errors list all roles, each with its purpose.
fn roles() -> impl TypedValueParser<Value = Role> {
    let all = Role::ALL.iter().map(|role| PossibleValue::new(role.name()).help(role.purpose()));
    PossibleValuesParser::new(all).try_map(|name| super::parse::word(&name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{CommandFactory as _, FromArgMatches as _, Parser};

    #[derive(Parser)]
    struct Program {
        #[command(subcommand)]
        user: User,
    }

    /// The help once lacked a role, and an error another one.
    #[test]
    fn the_roles_of_the_command_line_are_those_that_there_are() {
        for role in Role::ALL {
            let words = ["user", "add", "ana", "--role", role.name()];
            let read = Program::command().try_get_matches_from(words).unwrap();
            let Program { user: User::Add { roles, .. } } =
                Program::from_arg_matches(&read).unwrap()
            else {
                panic!("{role:?}")
            };
            assert_eq!(roles, [*role]);
        }
        let mut add = Program::command();
        let help = add.find_subcommand_mut("add").unwrap().render_long_help().to_string();
        let words = ["user", "add", "ana", "--role", "boss"];
        let wrong = Program::command().try_get_matches_from(words).unwrap_err().to_string();
        for role in Role::ALL {
            assert!(help.contains(role.name()) && wrong.contains(role.name()), "{role:?}");
            assert!(help.contains(role.purpose()), "{role:?}");
        }
    }
}
