//! Documents that are made from the program, and held to it.

/// Compares a document with what is made now, or writes it anew with `UPDATE_DOCS` set; `by` is the test's module.
///
/// # Panics
/// When it is another.
pub(crate) fn is_as_made(document: &str, made: &str, by: &str) {
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(document, made).unwrap();
    }
    let kept = std::fs::read_to_string(document).unwrap_or_default();
    assert!(made == kept, "make it anew: UPDATE_DOCS=1 cargo nextest run -p forewarn-cli {by}");
}
