//! Lists that a node answers page by page. One that is cut is said to be.

use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use clap::Args;
use forewarn_view::table::Row;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What is shown of a long list, and most rows of one answer of a node.
const SOME: usize = 1_000;

/// How much of a list is shown.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Paging {
    /// Go on after this number, which a list that is cut tells
    #[arg(long, default_value_t = 0, value_name = "NUMBER")]
    after: i64,
    /// At most this many, 1 or more
    #[arg(long, value_name = "COUNT", conflicts_with = "all", value_parser = count)]
    limit: Option<usize>,
    /// All that there are, however many
    #[arg(long)]
    all: bool,
}

fn count(text: &str) -> Result<usize, String> {
    let count = text.parse().ok().filter(|count| *count > 0);
    count.ok_or_else(|| "give a whole number from 1; all that there are: --all".to_owned())
}

impl Paging {
    /// Prints the list at a path of the API, the first 1,000 when nothing else is said: it may be
    /// of millions.
    pub(crate) async fn some<T: Row + Serialize + DeserializeOwned>(
        self,
        context: &Context,
        path: &str,
        empty: &str,
    ) -> Result<(), Failed> {
        self.print::<T>(context, (path, ""), SOME, empty).await
    }

    /// Prints the list at a path of the API, all of it when nothing else is said; `query` narrows
    /// it.
    pub(crate) async fn list<T: Row + Serialize + DeserializeOwned>(
        self,
        context: &Context,
        place: (&str, &str),
        empty: &str,
    ) -> Result<(), Failed> {
        self.print::<T>(context, place, usize::MAX, empty).await
    }

    async fn print<T: Row + Serialize + DeserializeOwned>(
        self,
        context: &Context,
        (path, query): (&str, &str),
        usual: usize,
        empty: &str,
    ) -> Result<(), Failed> {
        let usual = if self.all { usize::MAX } else { usual };
        let limit = self.limit.unwrap_or(usual);
        let mut rows: Vec<T> = Vec::new();
        let mut next = Some(with(query, &format!("after={}", self.after)));
        while let Some(asked) = next.take_if(|_| rows.len() < limit) {
            let left = limit - rows.len();
            let parts = asked.split('&').filter(|part| !part.starts_with("limit="));
            let asked: Vec<&str> = parts.collect();
            let url = format!("{path}?{}{}", asked.join("&"), most(left));
            let (page, more) = context.client.page(&url).await?;
            rows.extend(page);
            next = more;
        }
        output::list(context.json, &rows, empty)?;
        if let Some(next) = next {
            let after = next.split('&').find_map(|one| one.strip_prefix("after="));
            output::aside(format!(
                "there is more: the first {} are shown; go on with --after {}, or have all with \
                 --all",
                rows.len(),
                after.unwrap_or_default(),
            ));
        }
        Ok(())
    }
}

/// The limit of a request, where the node's own is too much.
fn most(left: usize) -> String {
    if left < SOME { format!("&limit={left}") } else { String::new() }
}

fn with(query: &str, more: &str) -> String {
    if query.is_empty() { more.to_owned() } else { format!("{query}&{more}") }
}
