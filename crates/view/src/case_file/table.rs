//! The file as a table: a row for each fact.

use super::CaseFile;
use forewarn_exchange::{Code, Refusal};

const HEAD: [&str; 7] = ["time", "kind", "who", "what", "entry", "marked", "file"];

pub(super) fn rows(file: &CaseFile) -> Result<Vec<u8>, Refusal> {
    let refused = |e: csv::Error| Refusal::new(Code::NotAcceptable, e.to_string());
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEAD).map_err(refused)?;
    let marking = file.marking.to_string();
    for (name, words) in &file.state {
        let made = file.made.to_string();
        let words = format!("{name}: {words}");
        let row = [&made, "state", &file.organisation, &words, "", "", &marking];
        writer.write_record(row.map(inert)).map_err(refused)?;
    }
    for fact in &file.facts {
        let (at, tlp) = (fact.at.to_string(), fact.tlp.map(|tlp| tlp.to_string()));
        let entry = fact.entry.map(|index| index.to_string()).unwrap_or_default();
        let tlp = tlp.unwrap_or_default();
        let row = [&at, fact.kind, &fact.by, &fact.words, &entry, &tlp, &marking];
        writer.write_record(row.map(inert)).map_err(refused)?;
    }
    let notes = [file.notice().to_owned(), file.left_out()];
    for words in notes.iter().filter(|words| !words.is_empty()) {
        let made = file.made.to_string();
        let row = [&made, "note", &file.organisation, words, "", "", &marking];
        writer.write_record(row.map(inert)).map_err(refused)?;
    }
    writer.into_inner().map_err(|e| Refusal::new(Code::NotAcceptable, e.to_string()))
}

/// A cell that no program of tables takes for a formula.
fn inert(cell: &str) -> String {
    let risky = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '|', '%']);
    if risky { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::inert;

    #[test]
    fn no_cell_is_a_formula_to_whoever_opens_the_table() {
        for risky in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "|calc", "%x"] {
            assert_eq!(inert(risky), format!("'{risky}"));
        }
        assert_eq!(inert("at 10:00 - or so"), "at 10:00 - or so");
    }
}
