//! From a list to STIX objects.

use crate::bounds::{MAX_FILE_BYTES, MAX_ROWS, SAMPLE, shown};
use crate::comments::{self, Comments};
use crate::emit::{About, List, emit};
use crate::form::Form;
use crate::guess::guess;
use crate::hosts::Hosts;
use crate::incident::{Format, convert as report};
use crate::json::Json;
use crate::kind::{Kind, Observable};
use crate::made::{Out, Said, Sink};
use crate::mapping::{Columns, Mapping};
use crate::refused::Refused;
use crate::row::{Next, Row};
use crate::table::Table;
use crate::time::{self, to_millisecond};
use crate::value::{self, Value};
use crate::{openioc, rules, sigma, yara};
use forewarn_stix::Timestamp;
use forewarn_stix::confidence::Scale;
use forewarn_stix::loss::Losses;
use std::io::{self, Read};

/// What the rows of a list are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Meaning {
    /// To be watched for: indicators.
    #[default]
    Watched,
    /// What was seen: observables, and that they were observed.
    Seen,
}

/// How a list is converted.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Its form.
    pub form: Form,
    /// What its columns hold; what has none needs no word.
    pub columns: Columns,
    /// What its rows are.
    pub meaning: Meaning,
    /// The date of what has none of its own; a date in the comments of the list goes before it.
    pub dated: Timestamp,
}

/// The rows of a list.
pub(crate) enum Rows<R> {
    Table(Box<Table<R>>),
    Json(Box<Json<R>>),
    Hosts(Hosts<R>),
}

impl<R: Read> Rows<R> {
    pub(crate) fn open(input: R, form: Form) -> Result<Rows<R>, Refused> {
        Ok(match form {
            Form::Lines => Rows::Table(Box::new(Table::open(input, false)?)),
            Form::Json => Rows::Json(Box::new(Json::open(input))),
            Form::Hosts => Rows::Hosts(Hosts::open(input)),
            Form::Table
            | Form::Snort
            | Form::Suricata
            | Form::Sigma
            | Form::Yara
            | Form::OpenIoc
            | Form::Cap
            | Form::Iodef
            | Form::Xarf
            | Form::Arf => Rows::Table(Box::new(Table::open(input, true)?)),
        })
    }

    pub(crate) fn read(&mut self, row: &mut Row, lost: &mut Losses) -> Result<Next, Refused> {
        match self {
            Rows::Table(table) => table.read(row, lost),
            Rows::Json(json) => json.read(row),
            Rows::Hosts(hosts) => hosts.read(row, lost),
        }
    }

    /// The names of the columns, as far as they are known.
    pub(crate) fn names(&self) -> &[String] {
        match self {
            Rows::Table(table) => &table.names,
            Rows::Json(json) => &json.names,
            Rows::Hosts(_) => &[],
        }
    }

    fn comments(&self) -> Option<&Comments> {
        match self {
            Rows::Table(table) => Some(&table.comments),
            Rows::Json(_) => None,
            Rows::Hosts(hosts) => Some(&hosts.comments),
        }
    }
}

/// Converts a list; `open` opens it from its beginning, up to three times. Each object's bytes go to
/// `sink`.
///
/// # Errors
/// Nothing of it can be converted, or it contradicts itself about its handling. What went to `sink`
/// before that is not to be used.
pub fn convert<R: Read>(
    open: &mut dyn FnMut() -> io::Result<R>,
    asked: &Asked,
    sink: Sink<'_>,
) -> Result<Losses, Refused> {
    if asked.form == Form::Cap {
        return alert(open()?, sink);
    }
    let mut out = Out::new(sink);
    let mut lost = Losses::default();
    match asked.form {
        Form::Table | Form::Lines | Form::Json => {
            let mapping = mapping(open, asked)?;
            rows(Rows::open(open()?, asked.form)?, (&mapping, asked), &mut out, &mut lost)?;
        }
        Form::Hosts => {
            let known =
                [("name", Kind::Observable(Observable::Domain)), ("comment", Kind::Description)];
            let columns = known.map(|(name, kind)| (name.to_owned(), Some(kind))).to_vec();
            let mapping = Mapping { columns };
            rows(Rows::open(open()?, asked.form)?, (&mapping, asked), &mut out, &mut lost)?;
        }
        Form::Snort => by_line(open()?, "snort", asked, &mut out, &mut lost)?,
        Form::Suricata => by_line(open()?, "suricata", asked, &mut out, &mut lost)?,
        Form::Sigma => whole(open()?, sigma::read, asked, &mut out, &mut lost)?,
        Form::Yara => whole(open()?, yara::read, asked, &mut out, &mut lost)?,
        Form::OpenIoc => whole(open()?, openioc::read, asked, &mut out, &mut lost)?,
        Form::Cap => {}
        Form::Iodef => report(open()?, Format::Iodef, asked, &mut out, &mut lost)?,
        Form::Xarf => report(open()?, Format::Xarf, asked, &mut out, &mut lost)?,
        Form::Arf => report(open()?, Format::Arf, asked, &mut out, &mut lost)?,
    }
    if out.count() == 0 && lost.is_empty() {
        return Err(Refused::Form("there is nothing in it".to_owned()));
    }
    Ok(lost)
}

/// An alert of CAP is read by the crate that writes them.
fn alert(input: impl Read, sink: Sink<'_>) -> Result<Losses, Refused> {
    let mut bytes = Vec::new();
    input.take(forewarn_cap::tree::MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    let mut sink = |object: serde_json::Value| sink(object.to_string().as_bytes());
    forewarn_cap::to_stix(&bytes, &mut sink).map_err(|why| Refused::Form(why.to_string()))
}

/// What the columns hold: as is said, or as is guessed.
fn mapping<R: Read>(
    open: &mut dyn FnMut() -> io::Result<R>,
    asked: &Asked,
) -> Result<Mapping, Refused> {
    let said = match &asked.columns {
        Columns::Guessed => return guess(open()?, asked.form),
        Columns::Given(said) => said,
    };
    let mut rows = Rows::open(open()?, asked.form)?;
    let (mut row, mut lost) = (Row::default(), Losses::default());
    // Objects of JSON name their columns as they come.
    for _ in 0..SAMPLE {
        if rows.read(&mut row, &mut lost)? == Next::End {
            break;
        }
    }
    Mapping::given(rows.names(), said)
}

fn by_line<R: Read>(
    input: R,
    kind: &'static str,
    asked: &Asked,
    out: &mut Out<'_>,
    lost: &mut Losses,
) -> Result<(), Refused> {
    let mut rules = rules::Rules::open(input, kind);
    loop {
        match rules.read(lost)? {
            rules::Next::End => break,
            rules::Next::Bad(at, why) => lost.add(at, why),
            rules::Next::Rule(rule) => {
                let dated = rules.comments.dated.as_ref().unwrap_or(&asked.dated);
                out.rule(&rule, dated, rules.comments.tlp);
            }
        }
    }
    note(Some(&rules.comments), &asked.dated, out, lost);
    Ok(())
}

/// A file that is read as a whole.
pub(crate) fn read_whole(input: impl Read) -> Result<Vec<u8>, Refused> {
    let mut bytes = Vec::new();
    input.take(MAX_FILE_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > MAX_FILE_BYTES {
        return Err(Refused::Form(format!("it is longer than {MAX_FILE_BYTES} bytes")));
    }
    Ok(bytes)
}

/// Rules and what is no rule, with its place.
type Found = (Vec<crate::made::Rule>, Vec<(String, String)>);

fn whole<R: Read>(
    input: R,
    read: fn(&str) -> Found,
    asked: &Asked,
    out: &mut Out<'_>,
    lost: &mut Losses,
) -> Result<(), Refused> {
    let bytes = read_whole(input)?;
    let Ok(text) = String::from_utf8(bytes) else {
        return Err(Refused::Form("it is not UTF-8".to_owned()));
    };
    let (rules, bad) = read(text.trim_start_matches('\u{feff}'));
    // Whatever is marked anywhere in the file marks all of it.
    let tlp = comments::strictest(&text);
    for rule in &rules {
        out.rule(rule, &asked.dated, tlp);
    }
    for (at, why) in bad {
        lost.add(at, why);
    }
    Ok(())
}

fn rows<R: Read>(
    mut rows: Rows<R>,
    (mapping, asked): (&Mapping, &Asked),
    out: &mut Out<'_>,
    lost: &mut Losses,
) -> Result<(), Refused> {
    let mut row = Row::default();
    let mut names = mapping.columns.len();
    let mut mapping = mapping.clone();
    let mut count = 0;
    loop {
        match rows.read(&mut row, lost)? {
            Next::End => break,
            Next::Bad(at, why) => {
                lost.add(at, why);
                row.clear(0);
            }
            Next::Row => {}
        }
        count += 1;
        if count > MAX_ROWS {
            return Err(Refused::Form(format!("it has more than {MAX_ROWS} rows")));
        }
        if rows.names().len() > names {
            let new = rows.names().iter().skip(names).map(|name| (name.clone(), None));
            mapping.columns.extend(new);
            names = rows.names().len();
        }
        let of_list = rows.comments();
        let list = List {
            dated: of_list.and_then(|one| one.dated.as_ref()).unwrap_or(&asked.dated),
            tlp: of_list.and_then(|one| one.tlp),
            meaning: asked.meaning,
        };
        if row.len() > 0 {
            one(&row, &mapping, &list, out, lost);
            row.clear(0);
        }
    }
    note(rows.comments(), &asked.dated, out, lost);
    Ok(())
}

/// The comments of a list, as a note about its objects.
fn note(comments: Option<&Comments>, dated: &Timestamp, out: &mut Out<'_>, lost: &mut Losses) {
    let Some(comments) = comments.filter(|comments| !comments.text.is_empty()) else { return };
    let refs = std::mem::take(&mut out.first);
    if refs.is_empty() {
        return lost.add("line 1", "the comments: there is no object that they are about");
    }
    let time = to_millisecond(comments.dated.as_ref().unwrap_or(dated));
    let said = Said {
        content: Some(&comments.text),
        object_refs: &refs,
        ..Said::at(time.as_str(), comments.tlp)
    };
    out.object("note", &said);
}

/// What stands for nothing.
const EMPTY: &[&str] = &["", "-", "--", "none", "null", "n/a", "na", "nan", "unknown"];

fn is_empty(text: &str) -> bool {
    text.len() <= 7 && EMPTY.iter().any(|empty| empty.eq_ignore_ascii_case(text))
}

/// Converts one row.
fn one(row: &Row, mapping: &Mapping, list: &List<'_>, out: &mut Out<'_>, lost: &mut Losses) {
    let mut about = About { tlp: list.tlp, ..About::default() };
    let mut values: Vec<Value<'_>> = Vec::new();
    let mut is_told = false;
    let typed = row.fields().find(|(column, _)| mapping.kind(*column) == Some(Kind::Type));
    let typed = typed.map(|(_, text)| text.trim()).filter(|text| !is_empty(text));
    for (column, text) in row.fields() {
        let text = text.trim();
        if is_empty(text) {
            continue;
        }
        let kind = mapping.kind(column);
        let wanted = match kind {
            Some(Kind::Observable(wanted)) => value::read(wanted, text),
            Some(Kind::Value) => match typed.map(Kind::named) {
                Some(Some(Kind::Observable(wanted))) => value::read(wanted, text),
                Some(_) => None,
                None => value::by_form(text),
            },
            _ => {
                if let Err(why) = tell(&mut about, kind, mapping.name(column), text) {
                    lost.add(place(row, mapping, column), why);
                    return;
                }
                continue;
            }
        };
        let Some(value) = wanted else {
            is_told = true;
            let kind = kind.map_or("", Kind::word);
            let why = match typed.filter(|_| kind == Kind::Value.word()) {
                Some(typed) if !matches!(Kind::named(typed), Some(Kind::Observable(_))) => {
                    format!("`{}`: the type `{}` is none that is read", shown(text), shown(typed))
                }
                Some(typed) => format!("`{}` is no {}", shown(text), shown(typed)),
                None if kind == Kind::Value.word() => {
                    format!("`{}` is nothing that can be watched for, by its form", shown(text))
                }
                None => format!("`{}` is no {kind}", shown(text)),
            };
            lost.add(place(row, mapping, column), why);
            continue;
        };
        if let Some(port) = value.port {
            about.describe("port", &port.to_string());
        }
        values.push(value);
    }
    if values.is_empty() {
        if !is_told {
            lost.add(format!("line {}", row.line), "has nothing that can be watched for");
        }
        return;
    }
    emit(&values, about, list, out);
}

fn place(row: &Row, mapping: &Mapping, column: usize) -> String {
    format!("line {}, column `{}`", row.line, shown(mapping.name(column)))
}

/// Takes what a column says of the row. Errs where it says of its handling what is not known.
fn tell<'a>(
    about: &mut About<'a>,
    kind: Option<Kind>,
    name: &str,
    text: &'a str,
) -> Result<(), String> {
    let mut is_understood = true;
    match kind {
        Some(Kind::FirstSeen) => about.first = time::read(text),
        Some(Kind::LastSeen) => about.last = time::read(text),
        Some(Kind::ValidUntil) => about.until = time::read(text),
        Some(Kind::Confidence) => {
            let number = text.trim_end_matches('%').parse::<u8>().ok();
            let number = number.filter(|number| *number <= 100);
            let word = if text.eq_ignore_ascii_case("medium") { "Med" } else { text };
            about.confidence = number.or_else(|| Scale::NoneLowMedHigh.value(word));
        }
        Some(Kind::Name) => about.name = Some(text),
        Some(Kind::Labels) => {
            let words = text.split([',', ';', '|']).map(str::trim).filter(|word| !word.is_empty());
            about.labels.extend(words.map(str::to_owned));
        }
        Some(Kind::Tlp) => {
            let Some(tlp) = comments::of_word(text) else {
                let text = shown(text);
                return Err(format!("`{text}` is no level of TLP 2.0, so the row is left out"));
            };
            about.tlp = about.tlp.max(Some(tlp));
        }
        Some(Kind::Description) => {
            // `evil.example # TLP:RED`
            if let Some(level) = comments::level(text) {
                let tlp = level.map_err(|why| format!("{why}, so the row is left out"))?;
                about.tlp = about.tlp.max(Some(tlp));
            }
            about.describe("comment", text);
        }
        Some(Kind::Type | Kind::LeftOut) => {}
        Some(Kind::Observable(_) | Kind::Value) | None => is_understood = false,
    }
    // A time or a number that is none is told as it stands.
    let is_read = match kind {
        Some(Kind::FirstSeen) => about.first.is_some(),
        Some(Kind::LastSeen) => about.last.is_some(),
        Some(Kind::ValidUntil) => about.until.is_some(),
        Some(Kind::Confidence) => about.confidence.is_some(),
        _ => is_understood,
    };
    if !is_read {
        about.describe(name, text);
    }
    Ok(())
}
