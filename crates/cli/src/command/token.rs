//! `forewarn token`.

use super::{file, proposal};
use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use clap::{Args, Subcommand};
use forewarn_exchange::act::AccountAct;
use forewarn_exchange::grant::{MAX_TOKEN_DAYS, TOKEN_DAYS};
use forewarn_exchange::name::{GrantName, UserName};
use forewarn_view::answer::{DoneOrWaits, UserSet};
use forewarn_view::user::{CertificateTaken, Token as Listed, TokenMade};
use serde_json::json;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Token {
    /// Make a token for a user, shown once; or let the user in by a certificate
    Add(Add),
    /// List what lets users in: one's own, or everybody's for an administrator
    List {
        /// Whose
        user: Option<UserName>,
    },
    /// Make a token anew under its name; the old one ends
    Rotate {
        /// Whose token
        user: UserName,
        /// Its name
        name: GrantName,
        /// How many days the new one counts
        #[arg(long, default_value_t = TOKEN_DAYS, value_parser = days())]
        days: u32,
    },
    /// End every token and session of a user, or one, at once
    Revoke {
        /// Whose tokens
        user: UserName,
        /// The one that ends [default: all of them]
        #[arg(long)]
        name: Option<GrantName>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// Whose token
    user: UserName,
    /// What to call it [default: token-1, token-2, …]
    #[arg(long)]
    name: Option<GrantName>,
    /// How many days it counts
    #[arg(long, default_value_t = TOKEN_DAYS, value_parser = days())]
    days: u32,
    /// From where it counts: an address or a block such as 192.0.2.0/24; may be given several times
    /// [default: from anywhere]
    #[arg(long, value_name = "ADDRESS")]
    from: Vec<String>,
    /// The user's TLS certificate, in PEM form: whoever holds its key is let in
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
}

fn days() -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(1..=i64::from(MAX_TOKEN_DAYS))
}

pub(crate) async fn run(token: &Token, context: &Context) -> Result<(), Failed> {
    let path = "/api/v1/tokens";
    match token {
        Token::Add(Add { user, name, days, from, certificate: None }) => {
            let asked = json!({ "user": user, "name": name, "days": days, "from": from });
            made(&context.client.post(path, &asked).await?, context)
        }
        Token::Add(Add { user, name, from, certificate: Some(file), .. }) => {
            let certificate = file::read_text(file, 64 << 10)?;
            let asked =
                json!({ "user": user, "name": name, "from": from, "certificate": certificate });
            let answer: CertificateTaken = context.client.post(path, &asked).await?;
            let words = format!("whoever holds the key of that certificate is let in as {user}");
            output::answer(context.json, &answer, words)
        }
        Token::List { user } => {
            let path = match user {
                Some(user) => format!("{path}?user={user}"),
                None => path.to_owned(),
            };
            let all: Vec<Listed> = context.client.get(&path).await?;
            output::list(context.json, &all, "none: forewarn token add")
        }
        Token::Rotate { user, name, days } => {
            let asked = json!({ "user": user, "name": name, "days": days, "rotate": true });
            made(&context.client.post(path, &asked).await?, context)
        }
        Token::Revoke { user, name: None } => {
            let words = format!("no token of {user} works any more");
            end(AccountAct::TokensRevoke { user: user.clone() }, words, context).await
        }
        Token::Revoke { user, name: Some(name) } => {
            let words = format!("`{name}` of {user} does not work any more");
            let act = AccountAct::TokenRevoke { user: user.clone(), name: name.clone() };
            end(act, words, context).await
        }
    }
}

fn made(made: &TokenMade, context: &Context) -> Result<(), Failed> {
    if !context.json {
        output::aside(format!("`{}` of {}, until {}", made.name, made.user, made.ends));
    }
    output::answer(context.json, made, &made.token)
}

async fn end(act: AccountAct, words: String, context: &Context) -> Result<(), Failed> {
    let answer: DoneOrWaits<UserSet> = context.client.act(act).await?;
    proposal::tell(&answer, |_: &UserSet| words, context)
}
