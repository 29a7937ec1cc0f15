//! `forewarn demo`: two nodes of two organisations, one warning through its whole life.
//!
//! The nodes are processes of this program with folders, keys and databases of their own; what is
//! done goes through their API, as the commands shown beside it would.

mod desks;
mod proof;
mod stage;
mod story;
mod tell;

use crate::failure::Failed;
use crate::output;
use crate::signals::{Stop, Stops};
use clap::Args;
use std::path::{Path, PathBuf};
use story::Story;
use tell::Teller;

/// Two nodes on this machine, one warning through its whole life.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// End when the story has been told, instead of leaving both nodes running
    #[arg(long)]
    exit: bool,
    /// Take in these files instead of the demo's own report and bundle
    #[arg(long = "item", value_name = "FILE", num_args = 1..)]
    items: Vec<PathBuf>,
    /// Keep both nodes in this folder, which must not exist yet
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

pub(crate) fn run(demo: &Demo) -> Result<(), Failed> {
    let temporary;
    let folder: &Path = if let Some(dir) = &demo.dir {
        std::fs::create_dir(dir)
            .map_err(|e| Failed::refused(format!("`{}`: {e}", dir.display())))?;
        dir
    } else {
        temporary = tempfile::Builder::new().prefix("forewarn-demo-").tempdir();
        temporary.as_ref().map_err(|e| Failed::internal(e.to_string()))?.path()
    };
    crate::wait::wait_for(play(demo, folder))
}

async fn play(demo: &Demo, folder: &Path) -> Result<(), Failed> {
    let teller = Teller::new();
    output::line(
        "Two organisations that only partly trust each other. Everything here is an exercise, and \
         says so.",
    )?;
    let stops = Stops::listen().and_then(Stops::and_hangup);
    let mut stops = stops.map_err(|e| Failed::internal(e.to_string()))?;
    // Nodes that are not all started yet end with what started them.
    let mut story = tokio::select! {
        story = story::open(folder, &teller) => story?,
        signal = stops.next() => return Err(cut_short(signal)),
    };
    let told = tokio::select! {
        told = tell(demo, folder, &mut story, &teller) => told,
        signal = stops.next() => Err(cut_short(signal)),
    };
    if demo.exit || told.is_err() {
        let closed = story.close().await;
        return told.and(closed);
    }
    let opened = tokio::select! {
        opened = desks::open(&story) => opened,
        signal = stops.next() => Err(cut_short(signal)),
    };
    if opened.is_err() {
        let closed = story.close().await;
        return opened.and(closed);
    }
    output::line(format!(
        "\nBoth nodes go on until Ctrl-C. Their folders:\n  {}\nTry: forewarn --home {} case list",
        folder.display(),
        folder.join(story::OURS).display(),
    ))?;
    let signal = stops.next().await;
    output::line(format!("\n{signal}: both nodes stop"))?;
    story.close().await
}

async fn tell(
    demo: &Demo,
    folder: &Path,
    story: &mut Story,
    teller: &Teller,
) -> Result<(), Failed> {
    story.meet(teller).await?;
    story.take_in(&demo.items, teller).await?;
    story.match_and_draft(teller).await?;
    story.pass_the_gate(teller).await?;
    story.answer(teller).await?;
    story.thank(teller).await?;
    story.prove(folder, teller).await?;
    story.survive(teller).await?;
    teller.say("That is the whole life of a warning.")
}

fn cut_short(signal: Stop) -> Failed {
    Failed::internal(format!("{signal} came before the story was told; both nodes were stopped"))
}
