/// The tables as a document.
pub fn markdown() -> String {
    String::new()
}
