//! `forewarn readout`.

mod embargo;
pub(crate) mod verify;

use super::aside::Aside;
use super::parse::time;
use super::{file, proposal};
use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use crate::paging::Paging;
use clap::Subcommand;
use forewarn_exchange::act::{ReadoutAct, Says};
use forewarn_exchange::id::Subject;
use forewarn_stix::Timestamp;
use forewarn_view::answer::DoneOrWaits;
use forewarn_view::readout::{ReadoutLine, ReadoutMoved, ReadoutShown};
use hyper::Method;
use serde_json::json;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Readout {
    /// List what is, or will be, said in public
    List {
        #[command(flatten)]
        paging: Paging,
    },
    /// Show both texts, the facts that they state, and the embargo
    Show {
        /// case-N or warning-N
        subject: Subject,
    },
    /// Write our text, or write it anew; once it is committed to, it stays as it is
    Write {
        /// case-N or warning-N
        subject: Subject,
        /// The text, as anybody may read it
        #[arg(long)]
        text: String,
        /// What of it the transcript proves: PLACE=WORDS, such as theirs/5/facts/0/count=seven
        /// people; a PLACE is SIDE/ENTRY/@time, SIDE/ENTRY/@kind, SIDE/ENTRY/FIELD or
        /// SIDE/ENTRY/FIELD/PART; SIDE is ours or theirs. May be given several times
        #[arg(long = "fact", value_name = "PLACE=WORDS", value_parser = Says::shown)]
        facts: Vec<Says>,
        /// A field of our log that is kept back and committed to: ours/ENTRY/FIELD=WORDS
        #[arg(long = "kept-back", value_name = "PLACE=WORDS", value_parser = Says::kept_back)]
        kept: Vec<Says>,
        #[command(flatten)]
        aside: Aside,
    },
    /// Commit to our text: the partner gets its digest. A second person approves it
    Commit {
        /// case-N or warning-N
        subject: Subject,
        /// Propose that neither side publishes until then
        #[arg(long, value_parser = time)]
        until: Option<Timestamp>,
    },
    /// Publish our text: the partner gets it, with what opens its digest
    Reveal {
        /// case-N or warning-N
        subject: Subject,
        /// Although an embargo binds, or the partner has not committed to a text; it shows as early
        #[arg(long)]
        early: bool,
        #[command(flatten)]
        aside: Aside,
    },
    /// Take note that the partner has published early
    Note {
        /// case-N or warning-N
        subject: Subject,
    },
    /// Compare both texts: facts, counts, and the words that only one has
    Compare {
        /// case-N or warning-N
        subject: Subject,
    },
    /// Write a published text to a file, which anybody can hold against evidence
    Export {
        /// case-N or warning-N
        subject: Subject,
        /// The partner's text in place of ours
        #[arg(long)]
        theirs: bool,
        /// The file to be made
        #[arg(long, short, value_name = "FILE")]
        output: PathBuf,
    },
    /// Until when neither side publishes
    #[command(subcommand)]
    Embargo(embargo::Embargo),
    /// Hold a published text against a transcript or evidence; needs no node
    Verify(verify::Verify),
}

pub(crate) async fn run(readout: Readout, context: &Context) -> Result<(), Failed> {
    match readout {
        Readout::List { paging } => {
            let path = ("/api/v1/readouts", "");
            paging.list::<ReadoutLine>(context, path, "nothing is said in public").await
        }
        Readout::Show { subject } => {
            let shown = shown(subject, context).await?;
            output::answer(context.json, &shown, shown.words())
        }
        Readout::Compare { subject } => {
            let shown = shown(subject, context).await?;
            output::answer(context.json, &shown.compared, shown.compared_words())
        }
        Readout::Write { subject, text, facts, kept, aside } => {
            let (facts, set_aside) = ([facts, kept].concat(), aside.into());
            let act = ReadoutAct::Write { subject, text, facts, set_aside };
            does(act, "wrote", context).await
        }
        Readout::Commit { subject, until } => {
            let shown = shown(subject, context).await?;
            let written = shown.readout.ours.draft().map(|draft| draft.document.clone());
            let readout = written.ok_or_else(|| {
                Failed::refused("the readout is not written")
                    .hint(format!("forewarn readout write {subject} --text TEXT"))
            })?;
            does(ReadoutAct::Commit { subject, readout, until }, "committed to", context).await
        }
        Readout::Reveal { subject, early, aside } => {
            let set_aside = aside.into();
            does(ReadoutAct::Reveal { subject, early, set_aside }, "revealed", context).await
        }
        Readout::Note { subject } => {
            does(ReadoutAct::Note { subject }, "took note of", context).await
        }
        Readout::Export { subject, theirs, output: path } => {
            let side = if theirs { "theirs" } else { "ours" };
            let url = format!("/api/v1/readouts/{subject}/published?side={side}");
            let bytes = context.client.call(Method::GET, &url, Vec::new()).await?;
            file::write_new(&path, &bytes)?;
            let name = path.display();
            let check = format!("forewarn readout verify {name} --evidence FILE");
            let words = format!("wrote {name}; anyone can check it: {check}");
            output::answer(context.json, &json!({ "file": path, "bytes": bytes.len() }), words)
        }
        Readout::Embargo(embargo) => embargo::run(embargo, context).await,
        Readout::Verify(verify) => verify::run(&verify, context.json),
    }
}

async fn shown(subject: Subject, context: &Context) -> Result<ReadoutShown, Failed> {
    context.client.get(&format!("/api/v1/readouts/{subject}")).await
}

async fn does(act: ReadoutAct, done: &str, context: &Context) -> Result<(), Failed> {
    let answer: DoneOrWaits<ReadoutMoved> = context.client.act(act).await?;
    proposal::tell(&answer, |moved| moved.words(done), context)
}
