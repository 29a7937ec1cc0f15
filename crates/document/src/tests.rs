use super::{Pdfs::Left, read as read_all, *};
use proptest::prelude::*;
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;

/// PDFs have tests of their own.
fn read(bytes: &[u8]) -> Result<Document, Refused> {
    read_all(bytes, Left("not here".to_owned()))
}

fn body(document: &Document) -> Vec<&str> {
    let own = document.parts.iter().filter(|part| part.role == Role::Body);
    own.map(|part| document.text.get(part.span.clone()).unwrap()).collect()
}

/// A ZIP of these entries.
fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn text_is_read_in_whatever_encoding_it_comes() {
    let russian = "Взрыв готовится в соборе в субботу. Полиция предупреждена о двух мужчинах.";
    let (cyrillic, ..) = encoding_rs::WINDOWS_1251.encode(russian);
    let wide: Vec<u8> = russian.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [b"\xff\xfe".as_slice(), &wide].concat();
    for bytes in [russian.as_bytes(), &cyrillic, &marked] {
        assert_eq!(read(bytes).unwrap().text, russian);
    }
    let latin: Vec<u8> = "Planned".encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(read(&latin).unwrap().text, "Planned");
    assert_eq!(read(b"one\r\ntwo\rthree").unwrap().text, "one\ntwo\nthree");
}

#[test]
fn of_a_page_the_text_is_told_from_what_stands_around_it() {
    let page = "<!DOCTYPE html><html><head><title>Bomb &amp; threat</title><meta name=author content='A. Ek'>\
        <style>p{}</style><script>alert('<p>no</p>')</script></head><body><nav><a href=/>Home</a> Sport</nav>\
        <h1>Threat</h1><p>A bomb is <b>plan</b>ned&nbsp;at 10:00.</p><table><tr><td>Kyiv<td>5</tr></table>\
        <footer>Imprint</footer></body></html>";
    let document = read(page.as_bytes()).unwrap();
    assert_eq!(document.kind, Kind::Html);
    assert_eq!(document.title.as_deref(), Some("Bomb & threat"));
    assert_eq!(document.author.as_deref(), Some("A. Ek"));
    assert_eq!(body(&document), ["Threat\nA bomb is planned at 10:00.\nKyiv\t5"]);
    assert!(document.text.contains("Home Sport") && !document.text.contains("alert"));
}

const MAIL: &str = "From: =?UTF-8?Q?J=C3=BCrgen?= <j@example.org>\r\nTo: desk@example.net\r\n\
    Subject: A threat\r\nDate: Fri, 15 Dec 2017 09:30:00 +0100\r\nMIME-Version: 1.0\r\n\
    Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\
    Content-Transfer-Encoding: quoted-printable\r\n\r\nSee https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fevil.example%2Fa&data=1 in M=FCnchen.\r\n\
    > What do you know?\r\n--b\r\nContent-Type: text/html; name=note.html\r\n\
    Content-Disposition: attachment; filename=note.html\r\n\r\n<html><body><p>A bomb in Riga.</p></body></html>\r\n--b--\r\n";

#[test]
fn a_mail_gives_its_fields_its_text_what_it_quotes_and_each_attachment() {
    let document = read(MAIL.as_bytes()).unwrap();
    assert_eq!(document.kind, Kind::Mail);
    assert_eq!(document.title.as_deref(), Some("A threat"));
    assert_eq!(document.author.as_deref(), Some("Jürgen <j@example.org>"));
    assert_eq!(document.written.as_deref(), Some("2017-12-15T09:30:00+01:00"));
    assert_eq!(
        body(&document),
        ["A threat", "See https://evil.example/a in München.", "A bomb in Riga."]
    );
    let quoted = document.parts.iter().find(|part| part.role == Role::Quoted).unwrap();
    assert_eq!(document.text.get(quoted.span.clone()), Some("What do you know?"));
    assert_eq!(document.parts.last().unwrap().place, ["note.html"]);
}

const DOCX: &str = "<?xml version=\"1.0\"?><w:document xmlns:w=\"w\"><w:body><w:p><w:r><w:t>A bomb in </w:t></w:r>\
    <w:r><w:t>Riga &amp; Tartu</w:t><w:tab/><w:t>soon</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>one</w:t></w:r></w:p>\
    </w:tc></w:tr></w:tbl><w:instrText>HYPERLINK no</w:instrText></w:body></w:document>";
const CORE: &str = "<c xmlns:dc=\"d\"><dc:title>Note</dc:title><dc:creator>B. Or</dc:creator></c>";

#[test]
fn documents_of_offices_give_their_paragraphs_and_who_wrote_them() {
    let docx =
        zipped(&[("word/document.xml", DOCX.as_bytes()), ("docProps/core.xml", CORE.as_bytes())]);
    let document = read(&docx).unwrap();
    assert_eq!((document.kind, document.title.as_deref()), (Kind::Docx, Some("Note")));
    assert_eq!(document.author.as_deref(), Some("B. Or"));
    assert_eq!(document.text, "A bomb in Riga & Tartu\tsoon\none");
    let odt = "<o:d xmlns:o=\"o\" xmlns:text=\"t\"><text:h>Threat</text:h><text:p>In<text:s/>Riga&#x2019;s port</text:p></o:d>";
    let odt = zipped(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("content.xml", odt.as_bytes()),
    ]);
    let document = read(&odt).unwrap();
    assert_eq!((document.kind, document.text.as_str()), (Kind::Odt, "Threat\nIn Riga’s port"));
}

#[test]
fn an_archive_gives_each_of_its_documents_and_says_what_it_does_not_read() {
    let inner = zipped(&[("a.txt", b"Deeper text.")]);
    let inner = zipped(&[("inner.zip", &inner)]);
    let inner = zipped(&[("inner.zip", &inner)]);
    let bytes = zipped(&[
        ("mail.eml", MAIL.as_bytes()),
        ("plan.pdf", b"%PDF-1.7"),
        ("note.txt", b"A note."),
        ("deep.zip", &inner),
    ]);
    let document = read(&bytes).unwrap();
    assert_eq!(document.kind, Kind::Archive);
    assert!(document.text.contains("A bomb in Riga.") && document.text.contains("A note."));
    assert!(!document.text.contains("Deeper text."));
    let place = &document.parts.iter().find(|part| part.place.len() == 2).unwrap().place;
    assert_eq!(place[0], "mail.eml");
    assert!(
        document.unread.iter().any(|why| why.contains("plan.pdf")
            && why.contains("a PDF")
            && why.contains("not here")),
        "{:?}",
        document.unread
    );
    assert!(
        document.unread.iter().any(|why| why.contains("stands too deep")),
        "{:?}",
        document.unread
    );
}

#[test]
fn what_unpacks_to_too_much_is_refused_and_what_is_unknown_is_named() {
    let bomb = zipped(&[("zeros.txt", &vec![b'0'; 70 << 20])]);
    assert!(bomb.len() < 1 << 20);
    assert!(matches!(read(&bomb), Err(Refused::Unpacked(name)) if name == "zeros.txt"));
    let many: Vec<(String, Vec<u8>)> =
        (0..2_100).map(|n| (format!("{n}.txt"), b"a".to_vec())).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(n, b)| (n.as_str(), b.as_slice())).collect();
    assert!(matches!(read(&zipped(&many)), Err(Refused::Unpacked(_))));
    assert!(matches!(read(&vec![b'a'; MAX_BYTES + 1]), Err(Refused::Large(_))));
    for (bytes, what) in [
        (&b"\x7fELF"[..], "a program"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"MZ\x90", "a program"),
    ] {
        assert_eq!(read(bytes), Err(Refused::Unknown(what.into())));
    }
    assert!(matches!(read(b" \n"), Err(Refused::Empty(Kind::Text))));
    let deep = format!("<w:document xmlns:w=\"w\">{}", "<w:p>".repeat(100_000));
    let deep = zipped(&[("word/document.xml", deep.as_bytes())]);
    assert!(matches!(read(&deep), Err(Refused::Broken(Kind::Docx, _))));
    let open = format!("<html>{}", "<nav>".repeat(200_000));
    assert!(matches!(read(open.as_bytes()), Err(Refused::Empty(Kind::Html))));
    let attached =
        "--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\nx\r\n"
            .repeat(3_000);
    let mail = format!(
        "From: a@b.c\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n{attached}--b--"
    );
    assert!(matches!(read(mail.as_bytes()), Err(Refused::Unpacked(_))));
}

#[test]
fn a_note_that_begins_with_a_field_is_no_mail() {
    for text in [
        "Subject: bombs\nA man said so.",
        "Note: a threat\nFrom: us\n\ntext",
        "From here on it is calm.",
    ] {
        assert_eq!(read(text.as_bytes()).unwrap().kind, Kind::Text, "{text}");
    }
}

fn is_whole(document: &Document) {
    let mut last = 0;
    for part in &document.parts {
        assert!(part.span.start >= last && document.text.get(part.span.clone()).is_some());
        last = part.span.end;
    }
}

proptest! {
    /// Whatever comes, parts stand in the text, one after another.
    #[test]
    fn anything_is_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        if let Ok(document) = read(&bytes) { is_whole(&document); }
    }

    #[test]
    fn broken_documents_are_read_or_refused(which in 0..5usize, at in 0..2_000usize, byte in any::<u8>()) {
        let mut bytes = match which {
            0 => MAIL.as_bytes().to_vec(),
            1 => zipped(&[("word/document.xml", DOCX.as_bytes()), ("docProps/core.xml", CORE.as_bytes())]),
            2 => zipped(&[("mail.eml", MAIL.as_bytes())]),
            3 => br"{\rtf1\ansicpg1251{\fonttbl{\f0\fcharset204 A;}}{\info{\title T}}\f0 \'c0\u1071?{\*\x y}\par\bin2 ab}".to_vec(),
            _ => b"<html><nav>a</nav><p title='&lt;'>b<script>c</script></html>".to_vec(),
        };
        let place = at % bytes.len();
        bytes[place] = byte;
        if let Ok(document) = read(&bytes) { is_whole(&document); }
        bytes.truncate(place);
        if let Ok(document) = read(&bytes) { is_whole(&document); }
    }
}
