//! `forewarn user`.

use super::proposal;
use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use clap::Subcommand;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use forewarn_exchange::act::AccountAct;
use forewarn_exchange::name::UserName;
use forewarn_exchange::user::{Role, User as Listed};
use forewarn_view::answer::{DoneOrWaits, UserSet};

#[derive(Debug, Subcommand)]
pub(crate) enum User {
    /// Add a person, or change a person's roles
    Add {
        /// The name: of a-z, 0-9, - _ .
        name: UserName,
        /// What the person is there for; may be given several times
        #[arg(long = "role", required = true, value_parser = roles())]
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
