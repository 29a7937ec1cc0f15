//! `forewarn token`.

use super::Context;
use crate::failure::Failed;
use crate::output;
use clap::Subcommand;
use serde_json::{Value, json};

#[derive(Debug, Subcommand)]
pub(crate) enum Token {
    /// Make a token for a user; it is shown once
    Add { user: String },
}

pub(crate) async fn run(token: &Token, context: &Context) -> Result<(), Failed> {
    let Token::Add { user } = token;
    let answer = context.client.post("/api/v1/tokens", &json!({ "user": user })).await?;
    let text = answer.get("token").and_then(Value::as_str).unwrap_or_default();
    output::answer(context.json, &answer, text)
}
