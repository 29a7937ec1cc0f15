//! `forewarn item`.

use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use crate::paging::Paging;
use clap::Subcommand;
use forewarn_view::item::ItemLine;
use hyper::Method;

#[derive(Debug, Subcommand)]
pub(crate) enum Item {
    /// List items, oldest first
    List {
        #[command(flatten)]
        paging: Paging,
    },
    /// Print an item exactly as it was received
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
            output::bytes(&context.client.call(Method::GET, &path, Vec::new()).await?)
        }
    }
}
