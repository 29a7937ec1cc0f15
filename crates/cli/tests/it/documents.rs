//! Documents as people send them: taken in, matched to a case, and kept as they came.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first thing that is not as it should be"
)]

use base64::Engine as _;
use forewarn_testkit::desk::give_password;
use forewarn_testkit::{Desk, Node, Pair, Pdf};
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

/// A ZIP of these entries.
fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn mail(text: &str) -> Vec<u8> {
    let page = format!("<html><body><p>{text}</p></body></html>");
    format!(
        "From: Ana <ana@example.org>\r\nTo: desk@example.net\r\nSubject: A threat\r\n\
         Date: Fri, 15 Dec 2017 09:30:00 +0100\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\nSee the page.\r\n--b\r\n\
         Content-Type: text/html; name=note.html\r\n\
         Content-Disposition: attachment; filename=note.html\r\n\r\n{page}\r\n--b--\r\n"
    )
    .into_bytes()
}

fn docx(text: &str) -> Vec<u8> {
    let document = format!(
        "<?xml version=\"1.0\"?><w:document xmlns:w=\"http://schemas.openxmlformats.org/\
         wordprocessingml/2006/main\"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body>\
         </w:document>"
    );
    zipped(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", document.as_bytes())])
}

fn odt(text: &str) -> Vec<u8> {
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content \
         xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body><office:text>\
         <text:p>{text}</text:p></office:text></office:body></office:document-content>"
    );
    let kind = b"application/vnd.oasis.opendocument.text";
    zipped(&[("mimetype", kind), ("content.xml", content.as_bytes())])
}

fn rtf(text: &str) -> Vec<u8> {
    format!("{{\\rtf1\\ansi{{\\fonttbl{{\\f0 Arial;}}}}\\f0 {text}\\par}}").into_bytes()
}

fn pdf(text: &str) -> Vec<u8> {
    let mut pdf = Pdf::of_lines(&[&["A report of two pages."], &[text]]);
    pdf.about("/Title(Report)");
    pdf.finish()
}

/// A mail with this PDF.
fn mail_with(pdf: &[u8]) -> Vec<u8> {
    let attached = base64::engine::general_purpose::STANDARD.encode(pdf);
    format!(
        "From: Ana <ana@example.org>\r\nTo: desk@example.net\r\nSubject: See the report\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\
         Content-Type: text/plain\r\n\r\nIt is attached.\r\n--b\r\n\
         Content-Type: application/pdf; name=report.pdf\r\nContent-Transfer-Encoding: base64\r\n\
         Content-Disposition: attachment; filename=report.pdf\r\n\r\n{attached}\r\n--b--\r\n"
    )
    .into_bytes()
}

/// Each kind, with what it is called when it is kept beside its text.
fn kinds() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let text = |kind: &str| format!("A bomb is planned near {kind}.tickets.example on Saturday.");
    let page =
        |kind| format!("<!doctype html><html><title>News</title><p>{}</p></html>", text(kind));
    let russian = format!("Взрыв готовится в субботу: {}", text("cp1251"));
    let (russian, ..) = encoding_rs::WINDOWS_1251.encode(&russian);
    vec![
        ("mail.eml", mail(&text("mail")), "an e-mail"),
        ("page.html", page("page").into_bytes(), "a page of HTML"),
        ("report.docx", docx(&text("docx")), "a document of Word"),
        ("report.odt", odt(&text("odt")), "an OpenDocument text"),
        ("report.rtf", rtf(&text("rtf")), "a document in RTF"),
        ("report.pdf", pdf(&text("pdf")), "a PDF"),
        ("attached.eml", mail_with(&pdf(&text("attached"))), "an e-mail"),
        ("pdf.zip", zipped(&[("report.pdf", &pdf(&text("pdf-zip")))]), "a ZIP archive"),
        ("all.zip", zipped(&[("in/mail.eml", &mail(&text("zip")))]), "a ZIP archive"),
        ("report.txt", russian.into_owned(), "a text"),
    ]
}

#[test]
fn every_kind_of_document_comes_to_a_case_and_is_kept_as_it_came() {
    let pair = Pair::start(PROGRAM);
    pair.interest("tickets.example");
    let west = &pair.west;
    for (name, bytes, kind) in kinds() {
        let path = west.write(name, &bytes);
        let taken = west.json(&["intake", &path, "--as", "ana"]).remove(0);
        assert_eq!(taken["added"], 1, "{name}: {taken}");
        let id = taken["ids"][0].as_str().unwrap();
        assert_eq!(
            taken["cases"].as_array().unwrap().len(),
            1,
            "{name} meets the interest: {taken}"
        );
        assert!(
            west.good(&["item", "show", id]).contains(".tickets.example on Saturday"),
            "{name}"
        );
        let about = west.get(&format!("/api/v1/items/{id}/about"));
        assert_eq!(about["original"], kind, "{name}");
        let kept = west.run(&["item", "show", id, "--original"]);
        assert!(kept.stdout == bytes, "{name} is kept byte for byte");
        let again = west.json(&["intake", &path, "--as", "ana"]).remove(0);
        assert_eq!((&again["added"], &again["known"]), (&0.into(), &1.into()), "{name}: {again}");
    }
    // Markdown is a text, and its own original.
    let plan = "# A report\n\n- A bomb is planned near md.tickets.example on Saturday.\n";
    let taken = west.json(&["intake", &west.write("report.md", plan), "--as", "ana"]).remove(0);
    assert_eq!(taken["cases"].as_array().unwrap().len(), 1, "Markdown: {taken}");
    let text = west.write("plain.txt", "Nothing of that.");
    let taken = west.json(&["intake", &text, "--as", "ana"]).remove(0);
    let plain = taken["ids"][0].as_str().unwrap();
    assert!(west.refused(&["item", "show", plain, "--original"]).contains("there is no document"));
    at_the_desk(west);
    let mut pair = pair;
    pair.west.stop();
    crate::replayed::same_again(&pair.west);
}

fn at_the_desk(node: &Node) {
    give_password(node, "ana");
    let mut ana = Desk::sign_in(node, "ana");
    let items = node.json(&["item", "list"]);
    let id = items[0]["id"].as_str().unwrap();
    ana.open(&format!("/desk/items/{id}")).says("Read from an e-mail");
    assert!(ana.page.contains(&format!("/desk/original/{id}")));
}

/// What unpacks to more than is read, or is broken, is refused whole, and the node goes on.
#[test]
fn hostile_documents_are_refused_with_what_is_wrong() {
    let node = Node::start_new(PROGRAM, "west.example");
    let bomb = zipped(&[("a.txt", &vec![b'a'; 70 << 20])]);
    assert!(bomb.len() < 1 << 20);
    let objects = zipped(&[("bundle.json", br#"{"type":"bundle","objects":[{"type":"tool"}]}"#)]);
    for (name, bytes, why) in [
        ("bomb.zip", bomb, "unpacks to more than is read"),
        (
            "broken.docx",
            b"PK\x03\x04\x14\0\0\0word/document.xml".to_vec(),
            "cannot be read as that",
        ),
        ("objects.zip", objects, "unpack it"),
        ("empty.html", b"<!doctype html><html><body></body></html>".to_vec(), "has no text"),
    ] {
        let path = node.write(name, &bytes);
        let refused = node.refused(&["intake", &path, "--as", "ana"]);
        assert!(refused.contains(why), "{name}: {refused}");
    }
    assert!(node.json(&["item", "list"]).is_empty());
}
