//! Patterns of what is observed.

use crate::value;
use crate::way::Way;
use serde_json::Value;
use std::fmt::Write as _;

/// The comparisons of one pattern, which all must hold.
#[derive(Debug, Default)]
pub(crate) struct Comparisons {
    text: String,
}

impl Comparisons {
    /// Adds what a property must be. A number is compared as one: a text never equals it (STIX 2.1
    /// §9.3).
    pub(crate) fn add(&mut self, way: &Way, text: &str) {
        if let Some(kind) = address_kind(way, text) {
            let end = way.text.trim_end_matches(".value");
            self.one(&format!("{end}.type"), &quoted(kind));
        }
        let object = if way.steps.len() == 1 { way.root.as_str() } else { "" };
        let constant = match value::stix(object, way.last(), text) {
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::Bool(yes)) => yes.to_string(),
            Some(Value::String(text)) if value::is_time(way.last()) => {
                format!("t{}", quoted(&text))
            }
            _ => quoted(text),
        };
        self.one(&way.text, &constant);
    }

    fn one(&mut self, path: &str, constant: &str) {
        if !self.text.is_empty() {
            self.text.push_str(" AND ");
        }
        let _ = write!(self.text, "{path} = {constant}");
    }

    /// The pattern; `None` where nothing is compared.
    pub(crate) fn finish(self) -> Option<String> {
        (!self.text.is_empty()).then(|| format!("[{}]", self.text))
    }
}

/// The type of what traffic comes from or goes to, which its value does not show.
fn address_kind(way: &Way, text: &str) -> Option<&'static str> {
    let is_end = matches!(way.steps.first()?.key.as_str(), "src_ref" | "dst_ref");
    (is_end && way.steps.len() == 2 && way.last() == "value")
        .then(|| value::address(text).unwrap_or("domain-name"))
}

/// A text as a constant of a pattern.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('\'');
    for c in text.chars() {
        if matches!(c, '\'' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('\'');
    out
}
