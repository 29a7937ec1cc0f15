//! `forewarn token`.

use super::file;
use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use clap::Subcommand;
use forewarn_exchange::act::AccountAct;
use forewarn_exchange::name::UserName;
use forewarn_view::answer::UserSet;
use forewarn_view::user::{CertificateTaken, TokenMade};
use serde_json::json;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Token {
    /// Make a token for a user, shown once; or let the user in by a certificate
    Add {
        /// Whose token
        user: UserName,
        /// The user's TLS certificate, in PEM form: whoever holds its key is let in
        #[arg(long, value_name = "FILE")]
        certificate: Option<PathBuf>,
    },
    /// End every token of a user, at once
    Revoke {
        /// Whose tokens
        user: UserName,
    },
}

pub(crate) async fn run(token: &Token, context: &Context) -> Result<(), Failed> {
    let user = match token {
        Token::Add { user, certificate: None } => user,
        Token::Add { user, certificate: Some(path) } => {
            let certificate = file::read_text(path, 64 << 10)?;
            let asked = json!({ "user": user, "certificate": certificate });
            let answer: CertificateTaken = context.client.post("/api/v1/tokens", &asked).await?;
            let words = format!("whoever holds the key of that certificate is let in as {user}");
            return output::answer(context.json, &answer, words);
        }
        Token::Revoke { user } => {
            let act = AccountAct::TokensRevoke { user: user.clone() };
            let answer: UserSet = context.client.act(act).await?;
            return output::answer(
                context.json,
                &answer,
                format!("no token of {user} works any more"),
            );
        }
    };
    let made: TokenMade = context.client.post("/api/v1/tokens", &json!({ "user": user })).await?;
    output::answer(context.json, &made, &made.token)
}
