//! `forewarn token`.

use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use clap::Subcommand;
use forewarn_exchange::Act;
use serde_json::{Value, json};

#[derive(Debug, Subcommand)]
pub(crate) enum Token {
    /// Make a token for a user; it is shown once
    Add { user: String },
    /// End every token of a user, at once
    Revoke { user: String },
}

pub(crate) async fn run(token: &Token, context: &Context) -> Result<(), Failed> {
    let user = match token {
        Token::Add { user } => user,
        Token::Revoke { user } => {
            let answer = context.client.act(&Act::TokensRevoke { user: user.clone() }).await?;
            return output::answer(
                context.json,
                &answer,
                format!("no token of {user} works any more"),
            );
        }
    };
    let answer = context.client.post("/api/v1/tokens", &json!({ "user": user })).await?;
    let text = answer.get("token").and_then(Value::as_str).unwrap_or_default();
    output::answer(context.json, &answer, text)
}
