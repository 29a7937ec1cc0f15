//! What the items of a case suggest to put into a warning, as it is shown.

use crate::text;
use forewarn_exchange::draft::{Include, Suggested, Suggestion, TargetClass};
use forewarn_exchange::id::CaseNumber;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Something that could be put in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SuggestionLine {
    /// By which it is taken; counted from 1.
    pub number: u32,
    /// What.
    #[serde(flatten)]
    pub what: Suggested,
    /// The item in which it stands first.
    pub item: String,
    /// The words around it.
    pub excerpt: String,
}

impl SuggestionLine {
    /// Lines for suggestions, in their order.
    pub fn all(suggestions: Vec<Suggestion>) -> Vec<SuggestionLine> {
        let numbered = (1..).zip(suggestions);
        numbered
            .map(|(number, Suggestion { what, item, excerpt })| SuggestionLine {
                number,
                what,
                item,
                excerpt,
            })
            .collect()
    }

    /// Puts it where a draft has it.
    pub fn put_into(
        &self,
        places: &mut Vec<String>,
        observables: &mut Vec<String>,
        include: &mut Include,
    ) {
        self.what.put_into(places, observables, include);
    }

    /// The place that it suggests, by its name.
    pub fn place(&self) -> Option<&str> {
        match &self.what {
            Suggested::Place { name } => Some(name),
            Suggested::Time { .. }
            | Suggested::Target { .. }
            | Suggested::Observable { .. }
            | Suggested::Sector { .. } => None,
        }
    }

    fn words(&self) -> String {
        let (kind, value) = match &self.what {
            Suggested::Place { name } => ("place", name.clone()),
            Suggested::Time { words } => ("time", words.clone()),
            Suggested::Target { target } => {
                let class = target.class.map(TargetClass::name).unwrap_or_default();
                let class = if class.is_empty() { String::new() } else { format!(" ({class})") };
                ("target", format!("{}{class}", target.name))
            }
            Suggested::Observable { value } => ("observable", value.clone()),
            Suggested::Sector { sector } => ("sector", sector.clone()),
        };
        format!(
            "{:>3}  {kind}: {}\n       in {}: {}",
            self.number,
            text::line(&value),
            text::line(&self.item),
            text::line(&self.excerpt),
        )
    }
}

/// All of them for people, without a line break at the end.
pub fn words(all: &[SuggestionLine], case: CaseNumber) -> String {
    if all.is_empty() {
        return format!("the items of case {case} suggest nothing");
    }
    let mut lines: Vec<String> = all.iter().map(SuggestionLine::words).collect();
    lines.push(format!("nothing goes in by itself: forewarn case draft {case} --take NUMBER"));
    lines.join("\n")
}
