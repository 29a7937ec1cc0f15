//! `forewarn item`.

use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use crate::paging::Paging;
use clap::{ArgGroup, Args, Subcommand};
use forewarn_exchange::act::ItemAct;
use forewarn_exchange::correction::{Correction, CorrectionRequest};
use forewarn_extract::corrected::Finding;
use forewarn_view::answer::FindingCorrected;
use forewarn_view::finding::ItemFindings;
use forewarn_view::item::{ItemLine, ItemShown};
use hyper::Method;

#[derive(Debug, Subcommand)]
pub(crate) enum Item {
    /// List items, oldest first
    List {
        #[command(flatten)]
        paging: Paging,
    },
    /// Print an item exactly as it was received; its flaws go to standard error
    Show {
        /// The item's id
        id: String,
        /// The document that its text was read from, as it came
        #[arg(long)]
        original: bool,
    },
    /// Tell what is found in the text of an item, with what people have said of it
    Findings {
        /// The item's id
        id: String,
    },
    /// Put on record that a finding is wrong, that one was missing, or with both that one is another
    #[command(after_help = FORMS)]
    Correct(Correct),
    /// List what people have said of findings, oldest first
    Corrections {
        #[command(flatten)]
        paging: Paging,
    },
}

/// How findings are written.
const FORMS: &str = "\
A finding is written country:RU, nationality:US, place:Moscow, RU, target:The old mill, RU,
threat:killing, stage:thwarted or observable:c2.example.org, as `forewarn item findings` prints it.
A country is one that is concerned; a target is a place that is threatened. With a country that is
wrong, every place in it stands for nothing any more, but for those that a correction adds.
What was said by mistake is taken back by its opposite: --right for what was --wrong.";

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("said").args(["wrong", "right"]).multiple(true).required(true)))]
pub(crate) struct Correct {
    /// The item's id
    id: String,
    /// What was found and is wrong
    #[arg(long, value_name = "FINDING")]
    wrong: Option<Finding>,
    /// What is right
    #[arg(long, value_name = "FINDING")]
    right: Option<Finding>,
    /// Why: what the text says in so many words
    #[arg(long)]
    reason: String,
}

pub(crate) async fn run(item: Item, context: &Context) -> Result<(), Failed> {
    match item {
        Item::Findings { id } => {
            let path = format!("/api/v1/items/{id}/findings");
            let found: ItemFindings = context.client.get(&path).await?;
            output::answer(context.json, &found, found.words())
        }
        Item::Correct(Correct { id, wrong, right, reason }) => {
            let correction = CorrectionRequest { item: id, wrong, right, reason };
            let answer: FindingCorrected =
                context.client.act(ItemAct::Correct { correction }).await?;
            output::answer(context.json, &answer, answer.words())
        }
        Item::Corrections { paging } => {
            let empty = "nobody has corrected anything: forewarn item correct";
            paging.list::<Correction>(context, ("/api/v1/corrections", ""), empty).await
        }
        Item::List { paging } => {
            let empty = "nothing yet: forewarn intake FILE";
            paging.some::<ItemLine>(context, "/api/v1/items", empty).await
        }
        Item::Show { id, original } => {
            let path = format!("/api/v1/items/{id}");
            if original {
                let path = format!("{path}/original");
                return output::bytes(&context.client.call(Method::GET, &path, Vec::new()).await?);
            }
            let about: ItemShown = context.client.get(&format!("{path}/about")).await?;
            if context.json {
                return output::json(&about);
            }
            output::bytes(&context.client.call(Method::GET, &path, Vec::new()).await?)?;
            // The item alone is on standard output.
            if let Some(exercise) = about.item.exercise {
                output::aside(format!("EXERCISE {exercise}: it is not meant"));
            }
            if let Some(kind) = &about.original {
                output::aside(format!("read from {kind}; the document itself: --original"));
            }
            for flaw in &about.flaws {
                output::aside(format!("flawed: {}", flaw.words()));
            }
            Ok(())
        }
    }
}
