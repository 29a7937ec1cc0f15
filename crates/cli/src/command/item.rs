//! `forewarn item`.

use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use clap::Subcommand;
use forewarn_view::item::ItemLine;
use hyper::Method;

#[derive(Debug, Subcommand)]
pub(crate) enum Item {
    /// List items, oldest first
    List {
        /// Only items after this number
        #[arg(long, default_value_t = 0)]
        after: i64,
        /// At most this many
        #[arg(long, default_value_t = 100)]
        limit: i64,
    },
    /// Print an item exactly as it was received
    Show {
        /// The item's id
        id: String,
    },
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
            output::bytes(&context.client.call(Method::GET, &path, Vec::new()).await?)
        }
    }
}
