//! What evidence would show when an act that lets it is approved: entry by entry, with the values.

use crate::text;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Longest value that is put into words whole, in characters; the answer for programs has all of it.
const MAX_VALUE: usize = 2_000;

/// A field of an entry, with its value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FieldShown {
    /// The name of the log that the entry stands in.
    pub log: String,
    /// Whether it is our log; otherwise the partner's to us.
    pub ours: bool,
    /// The entry's index in it.
    pub index: u64,
    /// What kind of entry it is.
    pub kind: String,
    /// The field's name.
    pub field: String,
    /// What it says.
    pub value: Value,
    /// Whether the partner was not shown it; otherwise both sides have it.
    pub withheld: bool,
}

impl FieldShown {
    /// On a line of its own, and the rest of a long text below.
    fn words(&self) -> String {
        let FieldShown { index, field, .. } = self;
        let log = if self.ours { "our log" } else { "the partner's log" };
        let known = if self.withheld { "withheld from the partner" } else { "the partner has it" };
        let whole = text::value(&self.value);
        let value = if whole.chars().count() > MAX_VALUE {
            let cut: String = whole.chars().take(MAX_VALUE).collect();
            format!("{} … (cut; --json has all of it)", text::without_isolates(&cut))
        } else {
            whole
        };
        let kind = text::line(&self.kind);
        format!("  entry {index} of {log} ({kind}), {}, {known}:\n    {value}", text::line(field))
    }
}

/// All of them, for the second person.
pub(crate) fn words(fields: &[FieldShown]) -> Vec<String> {
    let heading = "what anybody who reads the evidence would be shown:".to_owned();
    let fields: Vec<String> = fields.iter().map(FieldShown::words).collect();
    if fields.is_empty() { fields } else { [vec![heading], fields].concat() }
}
