use super::glyphs::Letter;
use crate::{Document, Kind, Pdfs, Refused, read};
use proptest::prelude::*;
use std::fmt::Write as _;

/// A PDF of one page.
fn pdf(content: &str, more: &str) -> Vec<u8> {
    let objects = [
        "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj".to_owned(),
        "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj".to_owned(),
        "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R\
         /Resources<</Font<</F 5 0 R>>/XObject<</P 6 0 R>>>>>>endobj"
            .to_owned(),
        format!("4 0 obj<</Length {}>>stream\n{content}\nendstream endobj", content.len()),
        "5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Times-Roman/Encoding/WinAnsiEncoding>>endobj"
            .to_owned(),
        format!("6 0 obj{}endobj", if more.is_empty() { "null" } else { more }),
    ];
    let (mut out, mut table) =
        ("%PDF-1.4\n".to_owned(), "xref\n0 7\n0000000000 65535 f \n".to_owned());
    for object in objects {
        let _ = writeln!(table, "{:010} 00000 n ", out.len());
        out.push_str(&object);
        out.push('\n');
    }
    let start = out.len();
    format!("{out}{table}trailer<</Size 7/Root 1 0 R/Info 6 0 R>>\nstartxref\n{start}\n%%EOF\n")
        .into_bytes()
}

fn text(content: &str) -> String {
    let document = read(&pdf(content, ""), Pdfs::Read).unwrap();
    assert!(document.is_whole());
    document.text
}

#[test]
fn a_pdf_gives_its_text_its_title_its_times_and_the_page() {
    let about = "<</Title<feff041f043b0430043d>/Author(J\\374rgen)/CreationDate(D:20171215093000+01'00')\
         /ModDate(D:20171216080000Z)>>";
    let bytes = pdf("BT /F 12 Tf 50 700 Td (A bomb is planned.) Tj ET", about);
    let document = read(&bytes, Pdfs::Read).unwrap();
    let Document { kind, title, author, written, changed, parts, .. } = &document;
    assert_eq!((*kind, document.text.as_str()), (Kind::Pdf, "A bomb is planned."));
    assert_eq!((title.as_deref(), author.as_deref()), (Some("План"), Some("Jürgen")));
    assert_eq!(written.as_deref(), Some("2017-12-15T09:30:00+01:00"));
    assert_eq!(changed.as_deref(), Some("2017-12-16T08:00:00Z"));
    assert_eq!(parts[0].place, ["page 1"]);
    assert_eq!(
        read(&bytes, Pdfs::Left("not here".to_owned())),
        Err(Refused::GivenUp(Kind::Pdf, "not here".to_owned()))
    );
}

#[test]
fn words_are_found_where_nobody_wrote_a_space_and_cut_ones_are_joined() {
    // By room in an array, by a new place, letter by letter, and drawn twice to look bold.
    assert_eq!(text("BT /F 12 Tf 50 700 Td [(A b) 20 (om) -10 (b) -300 (is)] TJ ET"), "A bomb is");
    assert_eq!(
        text(
            "BT /F 12 Tf 50 700 Td (near) Tj 40 0 Td (Riga) Tj ET BT /F 12 Tf 50.3 700 Td (near) Tj ET"
        ),
        "near\tRiga"
    );
    let spaced = "BT /F 12 Tf 3 Tc 50 700 Td (Saturday evening) Tj ET";
    assert_eq!(text(spaced), "Saturday evening");
    let lines = "BT /F 12 Tf 14 TL 50 700 Td (The train to St) Tj T* (Petersburg is a tar-) Tj T* (get. It is 12-) Tj \
         T* (13 km away.) Tj ET";
    let joined = text(lines);
    assert!(joined.contains("is a target. It is 12-"), "{joined}");
    assert!(joined.contains("The train to St Petersburg"), "{joined}");
    // What stands above is read first, whatever was drawn first.
    let turned = "BT /F 12 Tf 50 600 Td (below) Tj ET BT /F 12 Tf 50 700 Td (above) Tj ET";
    assert_eq!(text(turned), "above\n\nbelow");
}

#[test]
fn columns_are_read_one_after_the_other_and_tables_row_by_row() {
    let mut content = String::new();
    for row in 0..6 {
        let y = 700 - 14 * row;
        for (x, side) in [(50, "left"), (320, "right")] {
            let line = format!(
                "BT /F 11 Tf {x} {y} Td (the {side} column says line {row} of this) Tj ET\n"
            );
            content.push_str(&line);
        }
    }
    let columns = format!(
        "BT /F 18 Tf 50 740 Td (A heading that runs over both of the columns of this page) Tj ET {content}"
    );
    let columns = text(&columns);
    let at = |part: &str| columns.find(part).unwrap();
    assert!(at("A heading") < at("the left column says line 0"));
    assert!(at("the left column says line 5") < at("the right column says line 0"), "{columns}");
    let table = content.replace("column says line", "").replace("of this", "");
    let table = text(&table);
    let at = |part: &str| table.find(part).unwrap();
    assert!(at("the right 0") < at("the left 1"), "{table}");
}

#[test]
fn scans_and_locked_ones_are_named_as_such() {
    let picture = "<</Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray/Length 1>>\
         stream\nx\nendstream";
    let scan = pdf("q 600 0 0 800 0 0 cm /P Do Q", picture);
    assert_eq!(read(&scan, Pdfs::Read), Err(Refused::Scan(1)));
    let empty = pdf("", "");
    assert_eq!(read(&empty, Pdfs::Read), Err(Refused::Empty(Kind::Pdf)));
    assert!(matches!(read(b"%PDF-1.7 nothing", Pdfs::Read), Err(Refused::Broken(Kind::Pdf, _))));
    let locked = pdf("BT /F 12 Tf 50 700 Td (secret) Tj ET", "");
    let dictionary = "/ID[<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>]\
         /Encrypt<</Filter/Standard/V 1/R 2/P -44/O<0000000000000000000000000000000000000000000000000000000000000000>\
         /U<0000000000000000000000000000000000000000000000000000000000000000>>>/Root";
    let locked = String::from_utf8(locked).unwrap().replace("/Root", dictionary);
    assert_eq!(read(locked.as_bytes(), Pdfs::Read), Err(Refused::Locked));
}

fn letters(text: &str) -> Vec<Letter> {
    let stand = |(at, letter): (u32, char)| {
        let along = f64::from(at) * 6.0;
        Letter { sign: letter, along, down: 0.0, width: 6.0, size: 12.0 }
    };
    (0..).zip(text.chars()).map(stand).collect()
}

#[test]
fn what_is_written_from_the_right_is_read_from_there() {
    let seen = |shown: &str| super::lines::rows(letters(shown))[0].text();
    assert_eq!(seen("ب 192.0.2.7 ا"), "ا 192.0.2.7 ب");
    assert_eq!(seen("ראש ריע"), "עיר שאר");
    assert_eq!(seen("by ריע now"), "by עיר now");
    assert_eq!(seen("ישנא (IED) רמא"), "אמר (IED) אנשי");
}

proptest! {
    /// Wherever letters stand, they are read, each once at the most, and soon.
    #[test]
    fn letters_anywhere_are_read(places in proptest::collection::vec(
        (any::<char>(), -1e6..1e6f64, -900.0..900.0f64, 0.0..40.0f64, 0.1..60.0f64), 0..400,
    )) {
        let visible = |c: char| !c.is_whitespace() && !c.is_control();
        let count = places.iter().filter(|(c, ..)| visible(*c)).count();
        let letters = places.into_iter().filter(|(c, ..)| visible(*c)).map(|(letter, along, down, width, size)| {
            Letter { sign: letter, along, down, width, size }
        });
        let text = super::of_direction(letters.collect());
        prop_assert!(text.chars().filter(|c| visible(*c)).count() <= count);
    }
}
