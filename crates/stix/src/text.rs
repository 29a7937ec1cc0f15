//! Texts of the input, as messages quote them.

/// A text for a message: the first 80 characters, since an input may have a megabyte.
pub(crate) fn shortened(text: &str) -> String {
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
