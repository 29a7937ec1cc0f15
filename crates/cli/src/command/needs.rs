//! `forewarn needs`.

use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use clap::Args;
use forewarn_view::need::NeedList;

#[derive(Debug, Args)]
pub(crate) struct Needs {
    /// Only what you may do yourself; say who you are with --as
    #[arg(long)]
    mine: bool,
}

pub(crate) async fn run(needs: &Needs, context: &Context) -> Result<(), Failed> {
    let path = if needs.mine { "/api/v1/needs?mine=true" } else { "/api/v1/needs" };
    let list: NeedList = context.client.get(path).await?;
    output::list(context.json, &list.needs, "nothing needs anyone")?;
    if list.more {
        let count = list.needs.len();
        output::aside(format!("there is more: the first {count} are shown, by deadline"));
    }
    Ok(())
}
