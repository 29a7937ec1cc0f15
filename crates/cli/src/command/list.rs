//! Lists that a command is given: what their columns hold is shown, and nothing is made of them before
//! somebody has said so.

use crate::failure::Failed;
use crate::output;
use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
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
    #[arg(long = "list", value_name = "FORM", value_parser = forms())]
    form: Option<Form>,
    /// What stands in the list was seen, rather than to be watched for
    #[arg(long)]
    observed: bool,
    /// The date of what has none of its own; today's when not given
    #[arg(long, value_name = "TIME", value_parser = dated)]
    dated: Option<Timestamp>,
}

/// The forms by their names.
fn forms() -> impl TypedValueParser<Value = Form> {
    let name = |(name, form): (&'static str, Form)| PossibleValue::new(name).help(form.to_string());
    PossibleValuesParser::new(Form::NAMED.map(name)).try_map(|said| {
        let named = Form::NAMED.into_iter().find(|(name, _)| *name == said);
        named.map(|(_, form)| form).ok_or("it is no form of a list")
    })
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
        self.form.or_else(|| Form::of(start))
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
