//! How much of a list is held at once, in one place.

/// Longest row of a table, line, or rule, in bytes. A rule of YARA with a long list of strings has
/// 100 KB.
pub(crate) const MAX_ROW_BYTES: usize = 1 << 20;

/// Most lines that one field in quotes may go over. Of a quote that is never closed, so many lines
/// are read once more.
pub(crate) const MAX_QUOTED_LINES: usize = 64;

/// Most columns of a table, or fields of an object.
pub(crate) const MAX_COLUMNS: usize = 500;

/// Most rows of one list. For each, 8 bytes are kept: a digest, so that a row that stands there twice
/// becomes one object.
pub(crate) const MAX_ROWS: usize = 10_000_000;

/// Rows of which the columns are guessed.
pub(crate) const SAMPLE: usize = 200;

/// Most bytes of comments that are kept.
pub(crate) const MAX_COMMENTS: usize = 64 << 10;

/// Most objects that the note with the comments refers to: the first ones.
pub(crate) const MAX_NOTED: usize = 1_000;

/// Longest file of Sigma or YARA, which is held at once.
pub(crate) const MAX_FILE_BYTES: usize = 32 << 20;

/// Most things that are told of one file of rules by their lines: for each, the lines before it are
/// counted. The others are told by their number.
pub(crate) const MAX_TOLD: usize = 200;

/// How deep objects of JSON are read.
pub(crate) const MAX_DEPTH: usize = 8;

/// Longest part of a list that stands in a message, in characters.
const MAX_SHOWN: usize = 80;

/// A text for a message, cut where it is long.
pub(crate) fn shown(text: &str) -> String {
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
