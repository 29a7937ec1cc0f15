//! `forewarn card`.

use super::file;
use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use clap::Args;
use forewarn_view::partner::OwnCard;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct Card {
    /// Write the card to a file instead
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) async fn run(card: &Card, context: &Context) -> Result<(), Failed> {
    let own: OwnCard = context.client.get("/api/v1/card").await?;
    let told = own.words();
    if let Some(path) = &card.output {
        file::write_new(path, own.card.as_bytes())?;
        let sentence = format!("wrote {}\n{told}", path.display());
        return output::answer(context.json, &own, sentence);
    }
    if context.json {
        return output::json(&own);
    }
    output::bytes(own.card.as_bytes())?;
    // The words are for the person; the card alone goes to the file that output is sent to.
    output::error(told);
    Ok(())
}
