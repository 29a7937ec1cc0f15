//! PDFs made to harm their reader: each ends in a refusal within its bounds, and the node goes on.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first thing that is not as it should be"
)]

use base64::Engine as _;
use forewarn_testkit::{Node, Pdf};
use std::io::Write as _;
use std::time::{Duration, Instant};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");
/// A run of a reader takes 10 s of computing and 20 s in all at the most; a document has two.
const LONGEST: Duration = Duration::from_secs(45);

/// Zeros, packed to a thousandth: `times` 16 MB of them.
fn zeros(times: usize) -> Vec<u8> {
    let mut packed = flate2::Compress::new(flate2::Compression::best(), false);
    let mut block = Vec::with_capacity(1 << 20);
    packed.compress_vec(&vec![0; 16 << 20], &mut block, flate2::FlushCompress::Full).unwrap();
    // Blocks that end at a byte stand one after the other.
    [b"\x78\xda".as_slice(), &block.repeat(times)].concat()
}

/// Forms of which each draws the next one many times.
fn forms() -> Vec<u8> {
    let first = 6;
    let mut pdf = Pdf::with_pages(&[b"/N0 Do"], &format!("/XObject<</N0 {first} 0 R>>"));
    for level in 0..12 {
        let next = first + level + 1;
        let entries = format!(
            "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</Font<</F 3 0 R>>/XObject<</N {next} 0 R>>>>"
        );
        pdf.stream(&entries, "/N Do ".repeat(60).as_bytes());
    }
    pdf.stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", b"0 0 m");
    pdf.finish()
}

/// Pages of which each node has the one below many times.
fn pages() -> Vec<u8> {
    let mut pdf = Pdf::default();
    pdf.add("<</Type/Catalog/Pages 2 0 R>>");
    for node in 3..13 {
        let kids = format!("{node} 0 R ").repeat(30);
        pdf.add(format!("<</Type/Pages/Count 2147483647/Kids[{kids}]>>"));
    }
    pdf.add("<</Type/Page/MediaBox[0 0 595 842]>>");
    pdf.finish()
}

/// Nodes of pages that stand in each other without an end.
fn circle() -> Vec<u8> {
    let mut pdf = Pdf::default();
    pdf.add("<</Type/Catalog/Pages 2 0 R>>");
    pdf.add("<</Type/Pages/Count 1/Kids[3 0 R]>>");
    pdf.add("<</Type/Pages/Count 1/Kids[2 0 R 3 0 R]/Parent 2 0 R>>");
    pdf.finish()
}

fn hostile() -> Vec<(&'static str, Vec<u8>)> {
    let bomb = {
        let mut pdf = Pdf::with_pages(&[], "");
        pdf.add("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 5 0 R>>");
        pdf.stream("/Filter/FlateDecode", &zeros(160));
        let file = pdf.finish();
        let text = b"/Count 0/Kids[]";
        let at = file.windows(text.len()).position(|part| part == text).unwrap();
        [&file[..at], b"/Count 1/Kids[4 0 R]", &file[at + text.len()..]].concat()
    };
    let deep = [b"[".repeat(400_000), b"]".repeat(400_000)].concat();
    let deep = [deep.as_slice(), b" 0 d ", b"<<".repeat(400_000).as_slice()].concat();
    let good = Pdf::of_lines(&[&["A bomb is planned."]]).finish();
    vec![
        ("pages.pdf", pages()),
        ("circle.pdf", circle()),
        ("bomb.pdf", bomb),
        ("deep.pdf", Pdf::with_pages(&[&deep], "").finish()),
        ("nested.pdf", [b"%PDF-1.7\n1 0 obj".as_slice(), &deep].concat()),
        ("half.pdf", good[..good.len() / 3].to_vec()),
        ("garbage.pdf", [b"%PDF-1.7\n".as_slice(), &vec![0xa5; 1 << 20]].concat()),
        (
            "scan.pdf",
            Pdf::with_pages(&[b"1 0 0 1 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI"], "").finish(),
        ),
    ]
}

#[test]
fn hostile_pdfs_are_refused_within_their_bounds_and_the_node_goes_on() {
    let node = Node::start_new(PROGRAM, "west.example");
    std::thread::scope(|scope| {
        for (name, bytes) in hostile() {
            let node = &node;
            scope.spawn(move || {
                let path = node.write(name, &bytes);
                let start = Instant::now();
                let refused = node.refused(&["extract", &path]);
                let took = start.elapsed();
                assert!(took < LONGEST, "{name} took {took:?}");
                let named = ["PDF", "scan"].iter().any(|word| refused.contains(word));
                assert!(named && refused.contains(name), "{name}: {refused}");
            });
        }
    });
    let scan = node.write("scan.pdf", &hostile().pop().unwrap().1);
    assert!(node.refused(&["intake", &scan, "--as", "ana"]).contains("it is a scan"));
    // While a reader is busy, the node answers; and what came with the PDF is read.
    let attached = base64::engine::general_purpose::STANDARD.encode(forms());
    let mail = format!(
        "From: a@example.org\r\nTo: b@example.net\r\nSubject: See the report\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n\
         A bomb is planned in Riga.\r\n--b\r\nContent-Type: application/pdf; name=forms.pdf\r\n\
         Content-Transfer-Encoding: base64\r\n\
         Content-Disposition: attachment; filename=forms.pdf\r\n\r\n{attached}\r\n--b--\r\n"
    );
    let path = node.write("mail.eml", mail.as_bytes());
    std::thread::scope(|scope| {
        let taken = scope.spawn(|| node.json(&["intake", &path, "--as", "ana"]).remove(0));
        let told = scope.spawn(|| node.good(&["extract", &path]));
        let mut answered = 0;
        while !taken.is_finished() {
            let start = Instant::now();
            node.get("/api/v1/items");
            assert!(start.elapsed() < Duration::from_secs(3), "the node waits for its reader");
            answered += 1;
        }
        assert!(answered > 10);
        let told = told.join().unwrap();
        let why = "not read: forms.pdf: it is a PDF; reading it was given up: it took more than";
        assert!(told.contains(why), "{told}");
        let taken = taken.join().unwrap();
        assert_eq!(taken["added"], 1, "{taken}");
        let id = taken["ids"][0].as_str().unwrap().to_owned();
        assert!(node.good(&["item", "show", &id]).contains("A bomb is planned in Riga."));
    });
}

/// The process of a reader can open no file and reaches nobody.
#[test]
fn a_reader_has_nothing_but_its_document() {
    let mut child = std::process::Command::new(PROGRAM)
        .arg("read-document")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let limits = forewarn_testkit::until("the reader limits itself", || {
        let limits = std::fs::read_to_string(format!("/proc/{}/limits", child.id())).ok()?;
        let last = limits.lines().find(|line| line.starts_with("Max processes"))?;
        last.contains(" 0 ").then_some(limits)
    });
    let of = |name: &str| limits.lines().find(|line| line.starts_with(name)).unwrap().to_owned();
    assert!(of("Max address space").contains("1073741824"), "{limits}");
    assert!(of("Max cpu time").contains("10 "), "{limits}");
    assert!(of("Max file size").contains(" 0 "), "{limits}");
    child.stdin.take().unwrap().write_all(b"%PDF-1.7 nothing").unwrap();
    let out = child.wait_with_output().unwrap();
    assert!(out.status.success());
    assert!(String::from_utf8(out.stdout).unwrap().starts_with("{\"Err\":{\"Broken\":[\"Pdf\""));
}
