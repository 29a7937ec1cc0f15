//! `forewarn card`.

use super::file;
use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use clap::Args;
use std::io::Write as _;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct Card {
    /// Write the card to a file instead
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) async fn run(card: &Card, context: &Context) -> Result<(), Failed> {
    let answer = context.client.get("/api/v1/card").await?;
    let text = output::cell(&answer, "/card");
    let words = output::cell(&answer, "/fingerprint");
    let told = format!("read aloud to the partner, by a line you trust: {words}");
    if let Some(path) = &card.output {
        file::write_new(path, text.as_bytes())?;
        let sentence = format!("wrote {}\n{told}", path.display());
        return output::answer(context.json, &answer, sentence);
    }
    if context.json {
        return output::line(answer.to_string());
    }
    output::bytes(text.as_bytes())?;
    // The words are for the person; the card alone goes to the file that output is sent to.
    let _ = writeln!(std::io::stderr(), "{told}");
    Ok(())
}
