//! What commands print. Data goes to standard output: for people as text and tables, with `--json` one
//! object per line. How words are made is the view's (`forewarn_view::text`).

use crate::failure::Failed;
use comfy_table::{ContentArrangement, Table, presets};
use forewarn_view::table::Row;
use forewarn_view::text;
use serde::Serialize;
use std::borrow::Cow;
use std::io::{IsTerminal as _, Write as _};

/// Writes a line of words. Isolates around foreign text are for terminals: a file, or a program that
/// reads, is given the text alone.
pub(crate) fn line(words: impl AsRef<str>) -> Result<(), Failed> {
    let words = for_surface(words.as_ref(), std::io::stdout().is_terminal());
    bytes(format!("{words}\n").as_bytes())
}

fn for_surface(words: &str, terminal: bool) -> Cow<'_, str> {
    if terminal { Cow::Borrowed(words) } else { Cow::Owned(text::without_isolates(words)) }
}

/// Writes bytes as they are. A reader that has gone (`| head`) is not an error.
pub(crate) fn bytes(bytes: &[u8]) -> Result<(), Failed> {
    let mut out = std::io::stdout();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failed::internal(format!("standard output: {e}")))
        }
        _ => Ok(()),
    }
}

/// Writes a line of words; whether anybody still reads.
pub(crate) fn line_if_read(words: impl AsRef<str>) -> Result<bool, Failed> {
    let words = for_surface(words.as_ref(), std::io::stdout().is_terminal());
    let mut out = std::io::stdout();
    match out.write_all(format!("{words}\n").as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(true),
        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(false),
        Err(e) => Err(Failed::internal(format!("standard output: {e}"))),
    }
}

/// Writes one object as JSON on a line, its members in alphabetical order.
pub(crate) fn json(object: &impl Serialize) -> Result<(), Failed> {
    let value = serde_json::to_value(object);
    let value = value.map_err(|e| Failed::internal(format!("this is not JSON: {e}")))?;
    bytes(format!("{value}\n").as_bytes())
}

/// A remark for people, on standard error: no data. It may quote what others wrote.
pub(crate) fn aside(remark: impl AsRef<str>) {
    error(format!("forewarn: {}", text::block(remark.as_ref())));
}

/// Words as they stand on standard error.
pub(crate) fn for_error(words: &str) -> String {
    for_surface(words, std::io::stderr().is_terminal()).into_owned()
}

/// Words on standard error. Nothing is lost when they cannot be written: there is nobody to tell.
pub(crate) fn error(words: impl AsRef<str>) {
    let words = for_surface(words.as_ref(), std::io::stderr().is_terminal());
    let _ = writeln!(std::io::stderr(), "{words}");
}

/// A list: one object per line, or a table.
pub(crate) fn list<T: Row + Serialize>(
    as_json: bool,
    rows: &[T],
    empty: &str,
) -> Result<(), Failed> {
    if as_json {
        return rows.iter().try_for_each(json);
    }
    if rows.is_empty() {
        return line(empty);
    }
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(T::COLUMNS.iter().map(|(title, _)| *title));
    for row in rows {
        table.add_row(T::COLUMNS.iter().map(|(_, cell)| cell(row)));
    }
    line(table.trim_fmt())
}

/// One answer: the object itself, or words made from it.
pub(crate) fn answer(
    as_json: bool,
    object: &impl Serialize,
    words: impl AsRef<str>,
) -> Result<(), Failed> {
    if as_json { json(object) } else { line(words) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn isolates_are_for_terminals() {
        let words = format!("case 1: {}", text::line("שלום"));
        assert_eq!(for_surface(&words, true), "case 1: \u{2068}שלום\u{2069}");
        assert_eq!(for_surface(&words, false), "case 1: שלום");
    }
}
