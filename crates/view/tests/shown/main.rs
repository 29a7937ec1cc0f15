//! Every type of the view: what the API answers, and what a person reads of it.
//!
//! Each test gives the JSON, which must be read and written without a change, and keeps both it and
//! its words as a snapshot. Texts that others have written hold what would act on a terminal.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod answer;
mod case;
mod channel;
mod intake;
mod partner;
mod proposal;
mod status;
mod warning;

use forewarn_view::table::Row;
use forewarn_view::text;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::fmt::Debug;

/// What a partner, a source or a file might write: an escape sequence, a line break, an override.
const HOSTILE: &str = "\u{1b}[2Jred\nRECALLED \u{202e}gpj.exe";
const RIGHT_TO_LEFT: &str = "פיצוץ מתוכנן";

/// The JSON as it is written, what would act on a terminal spelt out, and its words.
fn shown<T>(json: &Value, words: impl Fn(&T) -> String) -> String
where
    T: Serialize + DeserializeOwned + PartialEq + Debug,
{
    let read: T = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), *json, "nothing is lost or added");
    let written = serde_json::to_string_pretty(&read).unwrap();
    assert_eq!(serde_json::from_str::<T>(&written).unwrap(), read);
    let words = words(&read);
    let parts = [text::without_isolates(&text::block(&written)), visible(&words)];
    parts.join("\n\n").trim_end().to_owned()
}

/// Isolates as brackets: a snapshot holds nothing that cannot be seen.
fn visible(words: &str) -> String {
    words.replace('\u{2068}', "⟦").replace('\u{2069}', "⟧")
}

/// The columns of a row, one a line.
fn row<T: Row>(row: &T) -> String {
    let lines: Vec<String> = T::COLUMNS
        .iter()
        .map(|(title, cell)| {
            let cell = cell(row);
            assert!(!cell.contains('\n'), "`{title}` is on one line");
            format!("{title}: {cell}")
        })
        .collect();
    lines.join("\n")
}

fn hash(digit: &str) -> String {
    digit.repeat(64)
}

fn reference(log: &str, index: u64) -> Value {
    json!({ "log": log, "index": index, "hash": hash("a") })
}
