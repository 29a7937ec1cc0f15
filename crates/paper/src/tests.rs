//! What stands on the pages, read back by our own reader of PDF.

use super::*;
use forewarn_document::{Pdfs, read};

fn paper(text: &str) -> Paper {
    Paper {
        title: "Case file 7".to_owned(),
        marking: "TLP:AMBER+STRICT".to_owned(),
        notice: "EXERCISE: nothing of it is meant".to_owned(),
        maker: "Service of the West".to_owned(),
        made: [2026, 1, 31, 12, 0, 0],
        sections: vec![Section {
            heading: "What happened".to_owned(),
            blocks: vec![
                Block::Heading("Version 1".to_owned()),
                Block::Fact { head: "2026-01-31 · otto".to_owned(), text: text.to_owned() },
            ],
        }],
    }
}

fn text(pdf: &Pdf) -> String {
    read(&pdf.bytes, Pdfs::Read).unwrap().text
}

#[test]
fn it_is_for_archives_and_tagged_and_no_check_of_its_writer_objects() {
    let pdf = paper("Said by one of ours.").pdf().unwrap();
    let whole = String::from_utf8_lossy(&pdf.bytes);
    assert!(whole.contains("<pdfaid:part>2</pdfaid:part>"), "{whole}");
    assert!(whole.contains("<pdfaid:conformance>A</pdfaid:conformance>"));
    assert!(whole.contains("<pdfuaid:part>1</pdfuaid:part>"));
    assert!(whole.contains("/MarkInfo") && whole.contains("/StructTreeRoot"));
    assert_eq!((pdf.not_shown, pdf.pages), (0, 1));
    let text = text(&pdf);
    for words in ["Case file 7", "What happened", "Version 1", "Said by one of ours.", "EXERCISE"] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[test]
fn every_page_bears_the_marking_at_head_and_foot() {
    let lines: Vec<String> = (0..400).map(|n| format!("Line {n} of a long history.")).collect();
    let pdf = paper(&lines.join("\n")).pdf().unwrap();
    assert!(pdf.pages > 5, "{}", pdf.pages);
    let text = text(&pdf);
    assert_eq!(text.matches("TLP:AMBER+STRICT").count(), 2 * pdf.pages, "{text}");
    for n in [0, 200, 399] {
        assert!(text.contains(&format!("Line {n} of a long history.")), "{n}");
    }
}

#[test]
fn letters_of_many_scripts_are_written_and_one_that_the_font_lacks_is_told_by_its_number() {
    for words in ["Привет, Казанский собор", "Θεσσαλονίκη", "Երևան", "თბილისი", "Żółć"]
    {
        let pdf = paper(words).pdf().unwrap();
        assert_eq!(pdf.not_shown, 0, "{words}");
        assert!(text(&pdf).contains(words), "{words}: {}", text(&pdf));
    }
    let pdf = paper("from 王伟 to\u{202e}moc").pdf().unwrap();
    assert_eq!(pdf.not_shown, 3);
    let read = text(&pdf);
    assert!(read.contains("from [U+738B][U+4F1F] to[U+202E]moc"), "{read}");
}

/// Each letter stands there, in the order of its speech, beside words that run the other way.
#[test]
fn words_from_the_right_stand_beside_words_from_the_left() {
    for (words, each) in [
        ("case של ירושלים 7", ["case", "של", "ירושלים", "7"]),
        ("من بغداد to Kazan", ["من", "بغداد", "to", "Kazan"]),
    ] {
        let pdf = paper(words).pdf().unwrap();
        assert_eq!(pdf.not_shown, 0, "{words}");
        let read = text(&pdf);
        for word in each {
            assert!(read.split_whitespace().any(|one| one == word), "{word}: {read}");
        }
    }
}

#[test]
fn a_word_that_is_longer_than_a_line_is_broken_and_nothing_of_it_is_lost() {
    let word = "0123456789abcdef".repeat(40);
    let read = text(&paper(&word).pdf().unwrap());
    let joined: String = read.split_whitespace().collect();
    assert!(joined.contains(&word), "{read}");
}

#[test]
fn what_would_be_thousands_of_pages_is_refused() {
    let long = "word ".repeat(MAX_TEXT_BYTES / 5 + 1);
    assert!(matches!(paper(&long).pdf(), Err(PaperError::TooLong(_))));
}
