//! `forewarn interest`.

use super::file;
use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use clap::{Args, Subcommand};
use forewarn_exchange::Act;
use forewarn_exchange::interest::{Clause, Interest as Registered};
use forewarn_exchange::scale::Urgency;
use hyper::Method;
use serde::Deserialize;
use serde_json::Value;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Interest {
    /// Register with a partner what we want to be warned of
    Add(Add),
    /// Register the interests of a TOML file: `[[interest]]` with label, urgency, any
    Import {
        file: PathBuf,
        #[arg(long)]
        partner: String,
    },
    /// List interests: ours, and those that partners registered with us
    List,
    /// Withdraw an interest of ours
    Remove {
        id: String,
        #[arg(long)]
        partner: String,
    },
    /// Say which registered interests a file would match, and why; changes nothing
    Test { file: PathBuf },
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// The partner that should warn us
    #[arg(long)]
    partner: String,
    /// What people call it
    #[arg(long)]
    label: String,
    /// immediate, expected or future
    #[arg(long, default_value = "expected", value_parser = urgency)]
    urgency: Urgency,
    /// A country by its ISO 3166 code
    #[arg(long)]
    country: Vec<String>,
    /// A city, region or site of the gazetteer
    #[arg(long)]
    place: Vec<String>,
    /// A name or phrase, looked for in every text
    #[arg(long)]
    name: Vec<String>,
    /// A domain, with all below it
    #[arg(long)]
    domain: Vec<String>,
    /// A block of addresses, such as 198.51.100.0/24
    #[arg(long, value_parser = block)]
    block: Vec<Clause>,
}

pub(crate) fn urgency(text: &str) -> Result<Urgency, String> {
    serde_json::from_value(text.into()).map_err(|_| "immediate, expected or future".to_owned())
}

fn block(text: &str) -> Result<Clause, String> {
    text.parse()
        .map(Clause::Block)
        .map_err(|_| "a block of addresses is wanted, such as 198.51.100.0/24".to_owned())
}

impl Add {
    fn interest(self) -> (String, Registered) {
        let named = |list: Vec<String>, make: fn(String) -> Clause| list.into_iter().map(make);
        let any = named(self.country, Clause::Country)
            .chain(named(self.place, Clause::Place))
            .chain(named(self.name, Clause::Name))
            .chain(named(self.domain, Clause::Domain))
            .chain(self.block)
            .collect();
        let (id, label, urgency) = (String::new(), self.label, self.urgency);
        (self.partner, Registered { id, label, urgency, any })
    }
}

pub(crate) async fn run(interest: Interest, context: &Context) -> Result<(), Failed> {
    match interest {
        Interest::Add(add) => {
            let (partner, interest) = add.interest();
            register(context, partner, interest).await
        }
        Interest::Import { file, partner } => import(&file, &partner, context).await,
        Interest::List => {
            let all = context.client.get("/api/v1/interests").await?;
            let columns = [
                ("PARTNER", "/partner"),
                ("OURS", "/ours"),
                ("LABEL", "/label"),
                ("URGENCY", "/urgency"),
                ("CLAUSES", "/any"),
                ("ID", "/id"),
            ];
            output::list(context.json, &all, &columns, "none yet: forewarn interest add")
        }
        Interest::Remove { id, partner } => {
            let act = Act::InterestRemove { partner, id: id.clone() };
            let answer = context.client.act(&act).await?;
            output::answer(context.json, &answer, format!("withdrew {id}"))
        }
        Interest::Test { file } => test(&file, context).await,
    }
}

async fn register(context: &Context, partner: String, interest: Registered) -> Result<(), Failed> {
    let label = interest.label.clone();
    let act = Act::InterestAdd { partner: partner.clone(), interest };
    let answer = context.client.act(&act).await?;
    let id = output::cell(&answer, "/interest");
    output::answer(context.json, &answer, format!("registered “{label}” with {partner}: {id}"))
}

async fn import(file: &std::path::Path, partner: &str, context: &Context) -> Result<(), Failed> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Written {
        interest: Vec<Registered>,
    }
    let text = file::read_text(file, 8 << 20)?;
    let written: Written =
        toml::from_str(&text).map_err(|e| Failed::refused(format!("`{}`: {e}", file.display())))?;
    for interest in written.interest {
        register(context, partner.to_owned(), interest).await?;
    }
    Ok(())
}

async fn test(path: &std::path::Path, context: &Context) -> Result<(), Failed> {
    let bytes = file::read(path, 32 << 20)?;
    let answer = context.client.call(Method::POST, "/api/v1/interests/test", bytes).await?;
    let met: Value = serde_json::from_slice(&answer)
        .map_err(|e| Failed::internal(format!("the node's answer cannot be read: {e}")))?;
    if context.json {
        return output::list(true, &met, &[], "");
    }
    let rows = met.as_array().map(Vec::as_slice).unwrap_or_default();
    if rows.is_empty() {
        return output::line("no registered interest would match");
    }
    for row in rows {
        let cell = |pointer| output::cell(row, pointer);
        output::line(format!(
            "{}: “{}” of {}",
            cell("/item"),
            cell("/match/label"),
            cell("/match/partner")
        ))?;
        for why in row.pointer("/match/why").and_then(Value::as_array).into_iter().flatten() {
            let cell = |pointer| output::cell(why, pointer);
            output::line(format!(
                "    “{}” ({}) meets {}",
                cell("/words"),
                cell("/at"),
                cell("/clause")
            ))?;
        }
    }
    Ok(())
}
