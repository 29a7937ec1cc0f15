//! The file as pages, with its marking on each.

use super::CaseFile;
use crate::text;
use forewarn_exchange::{Code, Refusal};
use forewarn_paper::{Block, Paper, Section};

pub(super) fn pdf(file: &CaseFile) -> Result<Vec<u8>, Refusal> {
    let refused = |e: forewarn_paper::PaperError| Refusal::new(Code::NotAcceptable, e.to_string());
    let mut paper = paper(file);
    let mut made = paper.pdf().map_err(refused)?;
    if made.not_shown > 0 {
        let words = format!(
            "{} letters are of scripts that this file's font does not have: each stands by its number \
             in Unicode, such as [U+4E2D]. The same file as CSV or STIX has them as they are.",
            made.not_shown
        );
        let last = Section { heading: "Letters".to_owned(), blocks: vec![Block::Text(words)] };
        paper.sections.push(last);
        made = paper.pdf().map_err(refused)?;
    }
    Ok(made.bytes)
}

fn paper(file: &CaseFile) -> Paper {
    let text = |lines: Vec<String>| {
        let lines = if lines.is_empty() { vec!["None.".to_owned()] } else { lines };
        vec![Block::Text(lines.join("\n"))]
    };
    let state = file.state.iter().map(|(name, words)| format!("{name}: {words}"));
    let items = file.items.iter().flat_map(|(id, why)| {
        let id = Block::Heading(id.clone());
        let why = (!why.is_empty()).then(|| Block::Text(why.join("\n")));
        std::iter::once(id).chain(why)
    });
    let facts = file.facts.iter().map(|fact| {
        let entry = fact.entry.map(|index| format!(" · entry {index}")).unwrap_or_default();
        let marked = fact.tlp.map(|tlp| format!(" · {tlp}")).unwrap_or_default();
        let at = text::time(&fact.at);
        Block::Fact {
            head: format!("{at} · {} · {}{entry}{marked}", fact.kind, fact.by),
            text: fact.words.clone(),
        }
    });
    let sections = [
        ("Where it stands", text(state.collect())),
        ("Items", items.collect()),
        ("What happened, was written and was said", facts.collect()),
        ("Receipts", text(file.receipts.clone())),
        ("What is not in this file", text(vec![file.left_out()])),
    ];
    Paper {
        title: file.title(),
        marking: file.marking.to_string(),
        notice: file.notice().to_owned(),
        maker: format!("{} · for {} · {}", file.organisation, file.reader, text::time(&file.made)),
        made: moment(file),
        sections: sections
            .into_iter()
            .map(|(heading, blocks)| Section { heading: heading.to_owned(), blocks })
            .collect(),
    }
}

/// Year, month, day, hour, minute and second of UTC.
fn moment(file: &CaseFile) -> [u16; 6] {
    let utc = text::time(&file.made);
    let mut numbers = utc.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok());
    std::array::from_fn(|_| numbers.next().unwrap_or_default())
}
