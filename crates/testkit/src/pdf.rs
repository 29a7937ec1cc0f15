//! PDFs as tests need them: small ones with a text, and any other that is made of objects.

use std::fmt::Write as _;
use std::io::Write as _;

/// A PDF that is being written (ISO 32000-1, 7.5).
#[derive(Debug, Default)]
pub struct Pdf {
    objects: Vec<Vec<u8>>,
    info: Option<usize>,
}

impl Pdf {
    /// Adds an object; its number. The first one is the catalogue.
    pub fn add(&mut self, object: impl Into<Vec<u8>>) -> usize {
        self.objects.push(object.into());
        self.objects.len()
    }

    /// Adds a stream with these entries beside its length.
    pub fn stream(&mut self, entries: &str, bytes: &[u8]) -> usize {
        let mut object = format!("<<{entries}/Length {}>>stream\n", bytes.len()).into_bytes();
        object.extend_from_slice(bytes);
        object.extend_from_slice(b"\nendstream");
        self.add(object)
    }

    /// What is said of the document: the entries of its information dictionary.
    pub fn about(&mut self, entries: &str) {
        self.info = Some(self.add(format!("<<{entries}>>")));
    }

    /// The file.
    pub fn finish(self) -> Vec<u8> {
        let mut out = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
        let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", self.objects.len() + 1);
        for (number, object) in (1..).zip(&self.objects) {
            let _ = writeln!(table, "{:010} 00000 n ", out.len());
            let _ = writeln!(out, "{number} 0 obj");
            out.extend_from_slice(object);
            out.extend_from_slice(b"\nendobj\n");
        }
        let start = out.len();
        let info = self.info.map(|number| format!("/Info {number} 0 R")).unwrap_or_default();
        let size = self.objects.len() + 1;
        let end = format!("trailer<</Size {size}/Root 1 0 R{info}>>\nstartxref\n{start}\n%%EOF\n");
        out.extend_from_slice(table.as_bytes());
        out.extend_from_slice(end.as_bytes());
        out
    }

    /// One of pages with these contents (7.8.2); `F` is Helvetica, and `more` are further resources.
    pub fn with_pages(contents: &[&[u8]], more: &str) -> Pdf {
        let mut pdf = Pdf::default();
        let count = contents.len();
        let pages: Vec<String> = (0..count).map(|at| format!("{} 0 R", 4 + 2 * at)).collect();
        pdf.add("<</Type/Catalog/Pages 2 0 R>>");
        pdf.add(format!("<</Type/Pages/Count {count}/Kids[{}]>>", pages.join(" ")));
        pdf.add("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>");
        for (at, content) in contents.iter().enumerate() {
            pdf.add(format!(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {} 0 R\
                 /Resources<</Font<</F 3 0 R>>{more}>>>>",
                5 + 2 * at
            ));
            pdf.stream("", content);
        }
        pdf
    }

    /// One with these lines on each page, in Latin letters.
    pub fn of_lines(pages: &[&[&str]]) -> Pdf {
        let written: Vec<String> = pages.iter().map(|lines| content(lines)).collect();
        let written: Vec<&[u8]> = written.iter().map(String::as_bytes).collect();
        Pdf::with_pages(&written, "")
    }
}

fn content(lines: &[&str]) -> String {
    let mut out = "BT /F 11 Tf 14 TL 60 780 Td\n".to_owned();
    for line in lines {
        let line = line.replace('\\', "\\\\").replace('(', "\\(").replace(')', "\\)");
        let _ = writeln!(out, "({line}) Tj T*");
    }
    out.push_str("ET");
    out
}
