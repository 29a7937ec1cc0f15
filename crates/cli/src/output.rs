//! Data on standard output: for people as text and tables, with `--json` one object per line.

use crate::failure::Failed;
use comfy_table::{ContentArrangement, Table, presets};
use serde_json::Value;
use std::io::Write as _;

/// Writes a line. A reader that has gone (`| head`) is no error.
pub(crate) fn line(text: impl AsRef<str>) -> Result<(), Failed> {
    bytes(format!("{}\n", text.as_ref()).as_bytes())
}

pub(crate) fn bytes(bytes: &[u8]) -> Result<(), Failed> {
    let mut out = std::io::stdout();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failed::internal(format!("standard output: {e}")))
        }
        _ => Ok(()),
    }
}

/// A remark for people, on standard error: no data. Nothing is lost when it cannot be written.
pub(crate) fn aside(text: impl AsRef<str>) {
    let _ = writeln!(std::io::stderr(), "forewarn: {}", text.as_ref());
}

/// A list: one object per line, or a table with these columns (title, JSON pointer).
pub(crate) fn list(
    json: bool,
    rows: &Value,
    columns: &[(&str, &str)],
    empty: &str,
) -> Result<(), Failed> {
    let rows = rows.as_array().map(Vec::as_slice).unwrap_or_default();
    if json {
        return rows.iter().try_for_each(|row| line(row.to_string()));
    }
    if rows.is_empty() {
        return line(empty);
    }
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(columns.iter().map(|(title, _)| *title));
    for row in rows {
        table.add_row(columns.iter().map(|(_, pointer)| cell(row, pointer)));
    }
    line(table.trim_fmt())
}

/// One answer: the object itself, or a sentence made from it.
pub(crate) fn answer(json: bool, value: &Value, sentence: impl AsRef<str>) -> Result<(), Failed> {
    if json { line(value.to_string()) } else { line(sentence) }
}

/// The value at a JSON pointer, as a person would read it.
pub(crate) fn cell(row: &Value, pointer: &str) -> String {
    match row.pointer(pointer) {
        None | Some(Value::Null) => "–".to_owned(),
        Some(Value::Bool(true)) => "yes".to_owned(),
        Some(Value::Bool(false)) => "no".to_owned(),
        Some(Value::String(text)) => short_time(&plain(text)),
        Some(Value::Array(list)) => {
            let texts: Vec<String> = list.iter().map(|one| cell(one, "")).collect();
            texts.join(", ")
        }
        Some(other) => other.to_string(),
    }
}

/// What others have written, without what would do something to a terminal.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect()
}

/// A timestamp to the second; any other text as it is.
pub(crate) fn short_time(text: &str) -> String {
    match (text.get(..19), text.get(19..)) {
        (Some(head), Some(rest)) if rest.starts_with('.') && text.ends_with('Z') => {
            format!("{head}Z")
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// A partner's text could once move the cursor, or colour what it is not.
    #[test]
    fn a_text_does_nothing_to_the_terminal() {
        assert_eq!(cell(&json!({ "a": "x\u{1b}[2Jy\nz" }), "/a"), "x\u{fffd}[2Jy\nz");
    }
}
