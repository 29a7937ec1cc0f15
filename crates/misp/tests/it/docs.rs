//! `docs/misp.md` is made from the tables.

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/misp.md");

/// `FOREWARN_UPDATE=1 cargo test -p forewarn-misp docs` writes it.
#[test]
fn the_document_of_the_tables_is_current() {
    let made = forewarn_misp::markdown();
    if std::env::var_os("FOREWARN_UPDATE").is_some() {
        std::fs::write(PATH, &made).unwrap();
    }
    let stands = std::fs::read_to_string(PATH).unwrap_or_default();
    assert!(stands == made, "docs/misp.md is not current; run `make conformance`");
}
