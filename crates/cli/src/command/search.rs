//! `forewarn search`.

use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use clap::{Args, ValueEnum};
use forewarn_view::search::{FoundKind, FoundLine, Searched};

/// What is looked for.
#[derive(Debug, Args)]
pub(crate) struct Search {
    /// All of these words are looked for; what stands in one argument with spaces, together
    #[arg(required = true, value_name = "WORDS")]
    words: Vec<String>,
    /// Only this kind of thing
    #[arg(long)]
    kind: Option<Kind>,
    /// Of one kind: go on before this number, which a list that is cut tells
    #[arg(long, value_name = "NUMBER", requires = "kind")]
    before: Option<i64>,
}

/// A kind of thing.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    /// Partners
    Partner,
    /// Our duties to warn
    Case,
    /// Warnings that came to us
    Warning,
    /// What was said of cases and warnings
    Talk,
    /// What came in
    Item,
}

impl From<Kind> for FoundKind {
    fn from(kind: Kind) -> FoundKind {
        match kind {
            Kind::Partner => FoundKind::Partner,
            Kind::Case => FoundKind::Case,
            Kind::Warning => FoundKind::Warning,
            Kind::Talk => FoundKind::Talk,
            Kind::Item => FoundKind::Item,
        }
    }
}

pub(crate) async fn run(search: &Search, context: &Context) -> Result<(), Failed> {
    let together = |one: &String| {
        if one.contains(char::is_whitespace) { format!("\"{one}\"") } else { one.clone() }
    };
    let words: Vec<String> = search.words.iter().map(together).collect();
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("q", &words.join(" "));
    if let Some(kind) = search.kind {
        query.append_pair("kind", FoundKind::from(kind).word());
    }
    if let Some(before) = search.before {
        query.append_pair("before", &before.to_string());
    }
    let found: Searched = context.client.get(&format!("/api/v1/search?{}", query.finish())).await?;
    let Searched { groups, cut, reading } = found;
    let more: Vec<(FoundKind, i64)> =
        groups.iter().filter_map(|group| Some((group.kind, group.next?))).collect();
    let lines: Vec<FoundLine> = groups.into_iter().flat_map(|group| group.found).collect();
    output::list(context.json, &lines, "nothing was found")?;
    for (kind, next) in more {
        let kind = kind.word();
        output::aside(format!("there is more: go on with --kind {kind} --before {next}"));
    }
    if cut {
        output::aside("the search is long: only its first words were looked for");
    }
    if reading {
        output::aside("older things are still being read for the search, and are not found yet");
    }
    Ok(())
}
