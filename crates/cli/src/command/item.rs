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
    },
}

pub(crate) async fn run(item: &Item, context: &Context) -> Result<(), Failed> {
    match item {
        Item::List { paging } => {
            let empty = "nothing yet: forewarn intake FILE";
            paging.some::<ItemLine>(context, "/api/v1/items", empty).await
        }
        Item::Show { id } => {
            let path = format!("/api/v1/items/{id}");
            let about: ItemShown = context.client.get(&format!("{path}/about")).await?;
            if context.json {
                return output::json(&about);
            }
            output::bytes(&context.client.call(Method::GET, &path, Vec::new()).await?)?;
            // The item alone is on standard output.
            for flaw in &about.flaws {
                output::aside(format!("flawed: {}", flaw.words()));
            }
            Ok(())
        }
    }
}
