//! Lists that a command is given: what their columns hold is shown, and nothing is made of them before
//! somebody has said so.

use crate::failure::Failed;
use crate::output;
use clap::{Args, ValueEnum};
use forewarn_lists::{Asked, Columns, Form, Meaning, Refused, guess};
use forewarn_node::clock;
use forewarn_stix::Timestamp;
use serde_json::json;
use std::io::Read;

/// What is said of a list.
#[derive(Debug, Args)]
pub(crate) struct List {
    /// What the columns of a list hold, such as 'address=ipv4-addr,seen=first_seen'; or `guessed`, when
    /// the guess that is shown without it is right
    #[arg(long, value_name = "COLUMN=TYPE,…", value_parser = columns)]
    columns: Option<Columns>,
    /// Of which form the list is; found by itself when not given
    #[arg(long = "list", value_name = "FORM")]
    form: Option<Given>,
    /// What stands in the list was seen, rather than to be watched for
    #[arg(long)]
    observed: bool,
    /// The date of what has none of its own; today's when not given
    #[arg(long, value_name = "TIME", value_parser = dated)]
    dated: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Given {
    /// Columns between commas, tabs, semicolons or bars
    Table,
    /// A value a line
    Lines,
    /// An object of JSON for each row
    Json,
    /// An address and names a line
    Hosts,
    /// Rules of Snort
    Snort,
    /// Rules of Suricata
    Suricata,
    /// Rules of Sigma
    Sigma,
    /// Rules of YARA
    Yara,
    /// Trees of OpenIOC
    Openioc,
    /// An alert of CAP 1.2
    Cap,
    /// Incidents of IODEF, in XML or JSON
    Iodef,
    /// A report of abuse as X-ARF: a mail, or JSON
    Xarf,
    /// A report of abuse as a mail (ARF)
    Arf,
}

fn columns(text: &str) -> Result<Columns, String> {
    text.parse().map_err(|why: Refused| why.to_string())
}

fn dated(text: &str) -> Result<Timestamp, String> {
    let day = format!("{text}T00:00:00Z");
    Timestamp::parse_any(text)
        .or_else(|why| Timestamp::parse_any(&day).map_err(|_| why))
        .map_err(|why| why.to_string())
}

impl List {
    /// Whether anything is said: then it is a list, whatever it looks like.
    pub(crate) fn is_said(&self) -> bool {
        self.columns.is_some() || self.form.is_some() || self.observed || self.dated.is_some()
    }

    /// The form of a list: as is said, or as its beginning shows.
    pub(crate) fn form(&self, start: &[u8]) -> Option<Form> {
        let said = self.form.map(|given| match given {
            Given::Table => Form::Table,
            Given::Lines => Form::Lines,
            Given::Json => Form::Json,
            Given::Hosts => Form::Hosts,
            Given::Snort => Form::Snort,
            Given::Suricata => Form::Suricata,
            Given::Sigma => Form::Sigma,
            Given::Yara => Form::Yara,
            Given::Openioc => Form::OpenIoc,
            Given::Cap => Form::Cap,
            Given::Iodef => Form::Iodef,
            Given::Xarf => Form::Xarf,
            Given::Arf => Form::Arf,
        });
        said.or_else(|| Form::of(start))
    }

    /// How a list of this form is converted. A guess of its columns is shown, and is not enough.
    pub(crate) fn asked(
        &self,
        form: Form,
        input: impl Read,
        (as_json, otherwise): (bool, &str),
    ) -> Result<Asked, Failed> {
        let columns = match &self.columns {
            Some(columns) => columns.clone(),
            None if form.has_columns() => {
                return Err(show(form, input, as_json)?.hint(format!("{RIGHT}{otherwise}")));
            }
            None => Columns::Guessed,
        };
        let meaning = if self.observed { Meaning::Seen } else { Meaning::Watched };
        let dated = self.dated.clone().unwrap_or_else(today);
        Ok(Asked { form, columns, meaning, dated })
    }
}

/// What to do with a guess.
const RIGHT: &str = "when the guess is right: --columns guessed";

fn show(form: Form, input: impl Read, as_json: bool) -> Result<Failed, Failed> {
    let mapping = guess(input, form).map_err(|why| refused(&why))?;
    let unknown: Vec<&str> = mapping.unknown().collect();
    if as_json {
        output::json(&json!({ "columns": mapping.to_string(), "unknown": unknown }))?;
    } else {
        output::line(format!("{form}; its columns look like --columns '{mapping}'"))?;
        if !unknown.is_empty() {
            output::line(format!("into the description, as they stand: {}", unknown.join(", ")))?;
        }
    }
    let what = "nothing was made of it: nobody has said yet what its columns hold";
    Ok(Failed::refused(what))
}

/// The beginning of today: the same list twice in a day is the same objects.
fn today() -> Timestamp {
    let now = clock::now();
    let day = now.as_str().get(..10).map(|day| format!("{day}T00:00:00.000Z"));
    day.and_then(|day| Timestamp::parse(&day).ok()).unwrap_or(now)
}

/// Why a list is not converted.
pub(crate) fn refused(why: &Refused) -> Failed {
    Failed::refused(why.to_string())
}
