//! `forewarn item`.

use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use crate::paging::Paging;
use clap::Subcommand;
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
}

pub(crate) async fn run(item: &Item, context: &Context) -> Result<(), Failed> {
    match item {
        Item::List { paging } => {
            let empty = "nothing yet: forewarn intake FILE";
            paging.some::<ItemLine>(context, "/api/v1/items", empty).await
        }
        Item::Show { id, original } => {
            let path = format!("/api/v1/items/{id}");
            if *original {
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
