//! `forewarn notify`.

use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use crate::paging::Paging;
use clap::Subcommand;
use forewarn_view::telling::{DeliveryLine, NotifierLine, NotifierTried};
use forewarn_view::text;
use serde_json::json;

#[derive(Debug, Subcommand)]
pub(crate) enum Notify {
    /// List the notifiers of forewarn.toml, and which one fails
    List,
    /// List what was told to whom, and what became of it
    Log {
        #[command(flatten)]
        paging: Paging,
    },
    /// Send a test message now
    Test {
        /// The notifier
        name: String,
        /// Where it goes: an e-mail address, or what a command is given
        #[arg(long, value_name = "ADDRESS")]
        to: Option<String>,
    },
}

pub(crate) async fn run(notify: &Notify, context: &Context) -> Result<(), Failed> {
    match notify {
        Notify::List => {
            let lines: Vec<NotifierLine> = context.client.get("/api/v1/notifiers").await?;
            output::list(context.json, &lines, "none yet: add a [[notifier]] to forewarn.toml")
        }
        Notify::Log { paging } => {
            paging.some::<DeliveryLine>(context, "/api/v1/deliveries", "nobody was told yet").await
        }
        Notify::Test { name, to } => {
            let name: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
            let path = format!("/api/v1/notifiers/{name}/test");
            let tried: NotifierTried =
                context.client.post(&path, &json!({ "address": to })).await?;
            if let Some(why) = &tried.failed {
                let name = text::line(&tried.notifier);
                return Err(Failed::refused(format!("`{name}` did not take it: {why}")).hint(
                    "see [[notifier]] in forewarn.toml; what is changed there counts from \
                           the next start on",
                ));
            }
            let words = format!("{} has taken a test message", text::line(&tried.notifier));
            output::answer(context.json, &tried, words)
        }
    }
}
