//! RTF (Rich Text Format 1.9.1): the text, without what says how it looks. Nothing recurses; what is open
//! is bounded.

use crate::bounds::Room;
use crate::kind::Kind;
use crate::{Document, Refused, Role};
use encoding_rs::{Encoding, WINDOWS_1252};
use std::collections::HashMap;

/// Most groups that may stand in each other.
const MAX_NESTED: usize = 500;
/// Most fonts of which the letters are known.
const MAX_FONTS: usize = 1_000;
/// Most letters of a title or a name.
const MAX_FIELD: usize = 1_000;

/// Groups of which nothing is text.
const SILENT: &[&str] = &[
    "colortbl",
    "stylesheet",
    "listtable",
    "listoverridetable",
    "revtbl",
    "rsidtbl",
    "generator",
    "pict",
    "object",
    "objdata",
    "themedata",
    "colorschememapping",
    "latentstyles",
    "datastore",
    "xmlnstbl",
    "filetbl",
    "fldinst",
    "shppict",
    "nonshppict",
    "bkmkstart",
    "bkmkend",
    "datafield",
    "template",
    "operator",
    "company",
    "keywords",
    "comment",
    "doccomm",
    "hlinkbase",
    "subject",
    "manager",
    "category",
    "upr",
    "mmathPr",
    "wgrffmtfilter",
    "pgdsctbl",
    "sp",
    "shpinst",
];
/// Groups that stand around the text.
const AROUND: &[&str] =
    &["header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf"];

/// Where the letters of a group go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Into {
    Body,
    Around,
    Nothing,
    Fonts,
    /// The fields of `\info`, before one is named.
    About,
    Title,
    Author,
    /// A time of `\info`: of being written, or of the last change.
    Time(bool),
}

#[derive(Debug, Clone, Copy)]
struct Group {
    into: Into,
    /// How many bytes stand for a letter of Unicode where that is not known (`\uc`).
    skip: usize,
    encoding: &'static Encoding,
}

struct Reader {
    groups: Vec<Group>,
    now: Group,
    /// Letters of the document's own encoding, where no font says another one.
    own: &'static Encoding,
    fonts: HashMap<i32, &'static Encoding>,
    font: i32,
    /// Bytes in `now.encoding` that are not decoded yet.
    bytes: Vec<u8>,
    /// The first half of a letter beyond U+FFFF.
    high: Option<u16>,
    left_to_skip: usize,
    body: String,
    around: String,
    title: String,
    author: String,
    times: [Time; 2],
}

/// Year, month, day, hour, minute.
type Time = [i32; 5];

pub(crate) fn read(bytes: &[u8], room: &mut Room) -> Result<Document, Refused> {
    let mut reader = Reader::new();
    reader.read(bytes)?;
    reader.flush();
    let mut document = Document::new(Kind::Rtf);
    let Reader { body, around, title, author, times, .. } = reader;
    let field = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    (document.title, document.author) = (field(title), field(author));
    let [written, changed] = times;
    (document.written, document.changed) = (time(written), time(changed));
    document.add(Role::Body, &body, room)?;
    document.add(Role::Around, &around, room)?;
    Ok(document)
}

fn time([year, month, day, hour, minute]: Time) -> Option<String> {
    let fine = year > 0 && (1..=12).contains(&month) && (1..=31).contains(&day);
    fine.then(|| format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:00"))
}

impl Reader {
    fn new() -> Reader {
        Reader {
            groups: Vec::new(),
            now: Group { into: Into::Body, skip: 1, encoding: WINDOWS_1252 },
            own: WINDOWS_1252,
            fonts: HashMap::new(),
            font: 0,
            bytes: Vec::new(),
            high: None,
            left_to_skip: 0,
            body: String::new(),
            around: String::new(),
            title: String::new(),
            author: String::new(),
            times: [[0; 5]; 2],
        }
    }

    fn read(&mut self, bytes: &[u8]) -> Result<(), Refused> {
        let mut rest = bytes;
        let mut starred = false;
        while let Some((first, after)) = rest.split_first() {
            rest = after;
            match first {
                b'{' => {
                    if self.groups.len() >= MAX_NESTED {
                        let why = "its groups stand too deep".to_owned();
                        return Err(Refused::Broken(Kind::Rtf, why));
                    }
                    self.flush();
                    self.groups.push(self.now);
                    self.left_to_skip = 0;
                }
                b'}' => {
                    self.flush();
                    self.left_to_skip = 0;
                    self.now = self.groups.pop().unwrap_or(self.now);
                }
                // Line ends are nothing, also between `\\*` and its word.
                b'\r' | b'\n' => continue,
                b'\\' => {
                    let (word, number, after) = control(rest);
                    let (known, before) = (word, rest);
                    rest = after;
                    if known == b"*" {
                        starred = true;
                        continue;
                    }
                    if known == b"bin" {
                        // Bytes as they are, which are never text.
                        let count = usize::try_from(number.unwrap_or(0)).unwrap_or(0);
                        rest = rest.get(count..).unwrap_or_default();
                    } else if known == b"'" {
                        let hex = before.get(1..3).and_then(|hex| std::str::from_utf8(hex).ok());
                        let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
                        rest = before.get(3..).unwrap_or_default();
                        self.byte(byte.unwrap_or(b' '));
                    } else {
                        let word = std::str::from_utf8(known).unwrap_or_default();
                        self.control(word, number, starred);
                    }
                }
                byte => self.byte(*byte),
            }
            starred = false;
        }
        Ok(())
    }

    fn byte(&mut self, byte: u8) {
        if self.left_to_skip > 0 {
            self.left_to_skip -= 1;
        } else if self.now.into == Into::Fonts {
            // Names of fonts.
        } else {
            self.bytes.push(byte);
        }
    }

    /// What is decoded goes where this group's letters go.
    fn flush(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.bytes);
        let (text, _) = self.now.encoding.decode_without_bom_handling(&bytes);
        self.put(&text);
    }

    fn put(&mut self, text: &str) {
        let field = |into: &mut String| {
            let room = MAX_FIELD.saturating_sub(into.chars().count());
            into.extend(text.chars().take(room));
        };
        match self.now.into {
            Into::Body => self.body.push_str(text),
            Into::Around => self.around.push_str(text),
            Into::Title => field(&mut self.title),
            Into::Author => field(&mut self.author),
            Into::Nothing | Into::Fonts | Into::About | Into::Time(_) => {}
        }
    }

    /// A mark between words, of this group.
    fn mark(&mut self, text: &str) {
        self.flush();
        self.put(text);
    }

    fn control(&mut self, word: &str, number: Option<i32>, starred: bool) {
        let value = number.unwrap_or(0);
        match word {
            "par" | "line" | "sect" | "page" | "row" | "nestrow" | "\r" | "\n" => self.mark("\n"),
            "tab" | "cell" | "nestcell" => self.mark("\t"),
            "~" | "emspace" | "enspace" | "qmspace" => self.mark(" "),
            "_" => self.mark("-"),
            "emdash" => self.mark("—"),
            "endash" => self.mark("–"),
            "lquote" => self.mark("‘"),
            "rquote" => self.mark("’"),
            "ldblquote" => self.mark("“"),
            "rdblquote" => self.mark("”"),
            "bullet" => self.mark("•"),
            "\\" | "{" | "}" => self.byte(word.bytes().next().unwrap_or(b' ')),
            "u" => self.unicode(value),
            "uc" => self.now.skip = usize::try_from(value).unwrap_or(1).min(100),
            "ansicpg" => {
                self.own = of_page(value);
                self.now.encoding = self.own;
            }
            "plain" => self.encode(self.own),
            "f" => {
                if self.now.into == Into::Fonts {
                    self.font = value;
                } else {
                    let encoding = self.fonts.get(&value).copied().unwrap_or(self.own);
                    self.encode(encoding);
                }
            }
            "fcharset" if self.now.into == Into::Fonts && self.fonts.len() < MAX_FONTS => {
                let encoding = of_charset(value).unwrap_or(self.own);
                self.fonts.insert(self.font, encoding);
            }
            "yr" | "mo" | "dy" | "hr" | "min" => self.part_of_time(word, value),
            _ => self.group(word, starred),
        }
    }

    /// What kind of group this is, where the word says so.
    fn group(&mut self, word: &str, starred: bool) {
        let into = match word {
            "fonttbl" => Into::Fonts,
            "info" => Into::About,
            "title" if self.now.into == Into::About => Into::Title,
            "author" if self.now.into == Into::About => Into::Author,
            "creatim" => Into::Time(false),
            "revtim" => Into::Time(true),
            "printim" | "buptim" => Into::Nothing,
            "footnote" | "annotation" | "fldrslt" | "shptxt" => Into::Body,
            _ if AROUND.contains(&word) => Into::Around,
            _ if starred || SILENT.contains(&word) => Into::Nothing,
            _ => return,
        };
        // What stands in a silent group is silent too.
        if self.now.into != Into::Nothing || word == "shptxt" {
            self.flush();
            self.now.into = into;
        }
    }

    fn encode(&mut self, encoding: &'static Encoding) {
        self.flush();
        self.now.encoding = encoding;
    }

    /// A letter by its number, as a signed number of 16 bits; what follows stands for it elsewhere.
    fn unicode(&mut self, value: i32) {
        self.flush();
        let unit = u16::try_from(value & 0xffff).unwrap_or_default();
        let units = self.high.take().into_iter().chain([unit]);
        if (0xd800..0xdc00).contains(&unit) {
            self.high = Some(unit);
        } else {
            let text: String =
                char::decode_utf16(units).filter_map(Result::ok).filter(|c| *c != '\0').collect();
            self.put(&text);
        }
        self.left_to_skip = self.now.skip;
    }

    fn part_of_time(&mut self, word: &str, value: i32) {
        let Into::Time(changed) = self.now.into else { return };
        let [written, last] = &mut self.times;
        let time = if changed { last } else { written };
        let at = ["yr", "mo", "dy", "hr", "min"].iter().position(|part| *part == word);
        if let Some(part) = at.and_then(|at| time.get_mut(at)) {
            *part = value.clamp(0, 9_999);
        }
    }
}

/// The control word that begins here, its number, and what follows.
fn control(rest: &[u8]) -> (&[u8], Option<i32>, &[u8]) {
    let letters = rest.iter().take(32).take_while(|byte| byte.is_ascii_alphabetic()).count();
    if letters == 0 {
        let (word, after) = rest.split_at(rest.len().min(1));
        return (word, None, after);
    }
    let (word, after) = rest.split_at(letters);
    let signed = usize::from(after.first() == Some(&b'-'));
    let digits =
        after.iter().skip(signed).take(10).take_while(|byte| byte.is_ascii_digit()).count();
    let length = if digits > 0 { signed + digits } else { 0 };
    let (number, after) = after.split_at(length);
    let number = std::str::from_utf8(number).ok().and_then(|number| number.parse().ok());
    let after = after.strip_prefix(b" ").unwrap_or(after);
    (word, number, after)
}

/// The encoding of a code page of Windows.
fn of_page(page: i32) -> &'static Encoding {
    let label = match page {
        874 => "windows-874".to_owned(),
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        10_000 => "macintosh".to_owned(),
        65_001 => "utf-8".to_owned(),
        other => format!("windows-{other}"),
    };
    Encoding::for_label(label.as_bytes()).unwrap_or(WINDOWS_1252)
}

/// The encoding of a character set of a font.
fn of_charset(charset: i32) -> Option<&'static Encoding> {
    let page = match charset {
        0 => 1252,
        77 => 10_000,
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        _ => return None,
    };
    Some(of_page(page))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Pdfs;

    fn of(rtf: &[u8]) -> Document {
        crate::read(rtf, Pdfs::Left(String::new())).unwrap()
    }

    #[test]
    fn rtf_gives_its_text_its_title_and_its_times() {
        let rtf = br#"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fnil\fcharset0 Arial;}{\f1\fcharset204 Times;}}
{\colortbl;\red0\green0\blue0;}{\*
\generator Word 9;}
{\info{\title A \'84plan\'93}{\author J\'fcrgen}{\creatim\yr2017\mo12\dy15\hr9\min30}}
{\header Office of X\par}\pard\f0 A bomb\~is \b planned\b0  in {\f1 \'d0\'e8\'e3\'e0}\par
{\field{\*\fldinst HYPERLINK "http://no.example"}{\fldrslt a page}} \u1071?\u-10179?\u-8704? {\uc0\u8364}\par
{\pict\pngblip 89504e47}one\cell two\row\'7bx\'7d \{y\}}"#;
        let document = of(rtf);
        assert_eq!(document.kind, Kind::Rtf);
        assert_eq!(document.title.as_deref(), Some("A „plan“"));
        assert_eq!(document.author.as_deref(), Some("Jürgen"));
        assert_eq!(document.written.as_deref(), Some("2017-12-15T09:30:00"));
        let body = &document.parts[0];
        assert_eq!(
            document.text.get(body.span.clone()),
            Some("A bomb is planned in Рига\na page Я😀 €\none\ttwo\n{x} {y}")
        );
        assert_eq!(document.parts[1].role, Role::Around);
    }

    #[test]
    fn rtf_that_nests_without_an_end_is_refused_and_broken_one_is_read_so_far() {
        let deep = [b"{\\rtf1 ".as_slice(), &b"{".repeat(10_000)].concat();
        let read = crate::read(&deep, Pdfs::Left(String::new()));
        assert!(matches!(read, Err(Refused::Broken(Kind::Rtf, _))));
        for (rtf, text) in [
            (&br"{\rtf1 one}}}two"[..], "onetwo"),
            (br"{\rtf1 one\'", "one"),
            (br"{\rtf1 one\bin99999999 x", "one"),
            (br"{\rtf1 one\u99999999999 ", "one"),
        ] {
            assert_eq!(of(rtf).text.trim(), text);
        }
    }
}
