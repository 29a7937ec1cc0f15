//! Beginnings of inputs, and what each is.

use super::*;

#[test]
fn a_format_is_known_by_its_first_bytes() {
    for (format, starts) in [
        (
            Format::Text,
            &[
                "\n A report of today.",
                "{TLP:AMBER} A report, with a marking.",
                "[UPDATE] The group, again, has changed.",
                "[1] First source.\n[2] Second source.",
                "<urgent> Call back, today.",
                "<ana@acme.example> wrote: they come on Monday.",
                "5 < 6, and 7 > 6.",
                "<3 to all, see </below>",
                "From: the desk in the west\nTo: the desk in the east\nSubject: a threat\n\nText.",
                "Note: a thing\nResult: another\n\nText.",
                "Kyiv, Odesa, Lviv\nKharkiv, Dnipro, Sumy\nPoltava, Rivne, Lutsk\n",
                "The name, the date, the type, and the value.\nAll four, of course, are here, today.\n",
                "a.example\nb.example\n",
                "BZh is a word here",
                "BM and others met.",
                "PK is a player killer",
                "A file that begins with %PDF-1.7 is a PDF.",
                "\"They come on Monday\", he said.",
                "5 have died.",
                "",
            ][..],
        ),
        (
            Format::Stix,
            &[
                "{\"type\": \"bundle\", \"objects\": [",
                "\u{feff}{\"objects\":[",
                "[ {\"type\":\"indicator\"",
                "[1,2]",
                "[]",
                "{}",
                "{\"response\":[]}",
                "{'type': 'bundle'",
                "\u{1e}{\"type\":\"indicator\"}\n",
                "\u{feff}\u{feff}{\"objects\":[",
            ],
        ),
        (
            Format::Misp,
            &[
                "{\"Event\": {\"info\": \"x\"}}",
                "[{\"Event\": {\"info\": \"x\"}}]",
                "{\"response\":[{\"Event\":{}}]}",
                "{\"Attribute\": [{\"category\": \"x\", \"type\": \"\\\"objects\\\"\"}]}",
            ],
        ),
    ] {
        for start in starts {
            assert_eq!(guess(start.as_bytes()), Ok(format), "{start}");
        }
    }
    let utf16 = "\u{feff}{\"objects\":[".encode_utf16().flat_map(u16::to_le_bytes);
    assert_eq!(guess(&utf16.collect::<Vec<u8>>()), Ok(Format::Stix));
    let unmarked = "{\"objects\":[".encode_utf16().flat_map(u16::to_be_bytes);
    assert_eq!(guess(&unmarked.collect::<Vec<u8>>()), Ok(Format::Stix));
    let utf16 = "\u{feff}Привет".encode_utf16().flat_map(u16::to_be_bytes);
    assert_eq!(guess(&utf16.collect::<Vec<u8>>()), Ok(Format::Text));
}

#[test]
fn what_is_not_read_is_known_by_its_name() {
    let mut tar = vec![b'a'; 257];
    tar.extend(b"ustar\x0000");
    for (start, name) in [
        (&b"%PDF-1.7\n%\xe2\xe3"[..], "a PDF document"),
        (b"<!DOCTYPE html><html>", "a web page (HTML)"),
        (b"\xef\xbb\xbf<HTML lang='en'>", "a web page (HTML)"),
        (b"<!-- saved -->\n<html>", "a web page (HTML)"),
        (b"<?xml version='1.0'?><!DOCTYPE html PUBLIC '-'>", "a web page (HTML)"),
        (b"<div class='a'>Text</div> and more", "a web page (HTML)"),
        (b"Received: from a\n by b\nFrom: a\nSubject: b\n\nText", "an e-mail message"),
        (b"From: a@b.example\nTo: c@d.example\nSubject: x\n\nText", "an e-mail message"),
        (b"From a@b.example Thu Nov 26\nMessage-ID: <x>\nDate: y\nTo: c\n\nT", "an e-mail"),
        (b"PK\x03\x04\x14\0\0\0\x08\0[Content_Types].xml", "an Office document"),
        (b"PK\x03\x04\x14\0\0\0\x08\0bundle.json", "a zip archive"),
        (b"\x1f\x8b\x08\0\0", "a gzip file"),
        (b"7z\xbc\xaf\x27\x1c\0", "a 7z archive"),
        (&tar, "a tar archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0", "(OLE)"),
        (b"{\\rtf1\\ansi", "rich text (RTF)"),
        (b"<?xml version=\"1.0\"?><stix:STIX_Package xmlns:stix=\"http://stix.mitre.org/stix-1\">", "STIX 1 (XML)"),
        (b"<STIX_Package id='a'><x/></STIX_Package>", "STIX 1 (XML)"),
        (b"<?xml version=\"1.0\"?><rss><channel/></rss>", "XML"),
        (b"<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'>", "XML"),
        (b"<note><to>Ana</to></note>\n", "XML"),
        (b"{\"8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f\":{\"Orgc\":{}}}", "a MISP feed"),
        (b"indicator,type\n198.51.100.7,ip\na.example,domain\n", "a table (CSV)"),
        (b"uuid,event_id,category\n1,2,\"a, b\"\n", "a table (CSV)"),
        (b"# made today\n\"2026-01-02 03:04\",\"198.51.100.7\"\n\"2026\",\"b\"\n", "a table"),
        (b"Date;Type;Value\n2026;ip;198.51.100.7\n", "a table (CSV)"),
        (b"a.example,5\nb.example,7\n", "a table (CSV)"),
        (b"\x89PNG\r\n\x1a\n\0", "an image (PNG)"),
        (b"\xff\xd8\xff\xe0\0", "an image (JPEG)"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", "an image (SVG)"),
        (b"\r\n\n%PDF-1.4\n%\xe2\xe3", "a PDF document"),
        (b"\xef\xbb\xbf\n%PDF-1.4\n", "a PDF document"),
        (b"x y\n%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj", "a PDF document"),
        (b"PK\x03\x04\x14\0\0\0\x08\0content.xmlPK", "an Office document"),
        (b"PK\x03\x04\x0a\0\0\0\0\0mimetypeapplication/vnd.oasis.opendocument.text", "an Office"),
        (b"PK\x03\x04\x0a\0\0\0\0\0mimetypeapplication/epub+zip", "a book (EPUB)"),
        (b" null\n", "the JSON value null"),
        (b"true", "a JSON true or false"),
        (b"-1.5e3", "a number"),
        (b"\"bundle\"\n", "a text in quotes (a JSON string)"),
        (b"\x7fELF\x02\x01\0\0", "binary data"),
    ] {
        let foreign = guess(start).map_err(|foreign| foreign.to_string());
        let words = foreign.expect_err(&format!("{name} is read as something else"));
        assert!(words.contains(name), "{words}, not {name}");
    }
}
