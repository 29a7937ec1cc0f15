//! `forewarn item`.

use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use clap::Subcommand;
use forewarn_view::item::{ItemLine, ItemShown};
use hyper::Method;

#[derive(Debug, Subcommand)]
pub(crate) enum Item {
    /// List what came in, oldest first
    List {
        /// Only what came in behind this number
        #[arg(long, default_value_t = 0)]
        after: i64,
        #[arg(long, default_value_t = 100)]
        limit: i64,
    },
    /// Print an item exactly as it was received; its flaws go to standard error
    Show { id: String },
}

pub(crate) async fn run(item: &Item, context: &Context) -> Result<(), Failed> {
    match item {
        Item::List { after, limit } => {
            let path = format!("/api/v1/items?after={after}&limit={limit}");
            let items: Vec<ItemLine> = context.client.get(&path).await?;
            output::list(context.json, &items, "nothing yet: forewarn intake FILE")
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
