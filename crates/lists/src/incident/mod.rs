//! Reports of incidents and of abuse: IODEF, X-ARF, ARF. What was seen, whom it hit, and when.
//!
//! Each reader makes a [`Case`] of its format. What came from a source and what it hit were observed;
//! what is to be watched for becomes indicators. A report holds them together, and says in words which
//! is which, since STIX has no roles for observables.

mod arf;
mod iodef;
mod tree;
mod xarf;

use crate::bounds::shown;
use crate::emit::{About, List, emit};
use crate::kind::Observable;
use crate::made::{Out, Said};
use crate::refused::Refused;
use crate::time::to_millisecond;
use crate::to_stix::{Asked, Meaning, read_whole};
use crate::value::{self, Value};
use forewarn_stix::Timestamp;
use forewarn_stix::loss::Losses;
use forewarn_stix::marking::Tlp;
use std::fmt::Write as _;
use std::io::Read;

/// Most values of one incident: a report by a machine names some hundreds.
const MAX_FOUND: usize = 100_000;
/// Most that are named in the words of the report.
const MAX_NAMED: usize = 200;

/// What a value is in an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Where it came from.
    Source,
    /// Whom it hit.
    Victim,
    /// It was seen there, and the report does not say as what.
    Seen,
    /// To be watched for.
    Watched,
}

impl Role {
    fn word(self) -> &'static str {
        match self {
            Role::Source => "source",
            Role::Victim => "victim",
            Role::Seen => "seen",
            Role::Watched => "indicator",
        }
    }
}

/// A value of an incident, as it is written.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) role: Role,
    /// What kind it is said to be; by its form, where that is not said.
    pub(crate) kind: Option<Observable>,
    pub(crate) text: String,
    pub(crate) words: String,
    /// Where it stands.
    pub(crate) at: String,
}

/// An incident, whatever its format.
#[derive(Debug, Default)]
pub(crate) struct Case {
    /// The system that names it, and its name there.
    pub(crate) named: Option<(String, String)>,
    pub(crate) title: String,
    pub(crate) words: String,
    pub(crate) first: Option<Timestamp>,
    pub(crate) last: Option<Timestamp>,
    pub(crate) reported: Option<Timestamp>,
    pub(crate) tlp: Option<Tlp>,
    pub(crate) found: Vec<Found>,
}

impl Case {
    /// Adds a line to its words.
    pub(crate) fn say(&mut self, name: &str, text: &str) {
        let _ = writeln!(self.words, "{name}: {text}");
    }

    /// The level of TLP that it is marked by: the strictest that it names.
    pub(crate) fn mark(&mut self, word: &str) -> Result<(), Refused> {
        let level = match word.trim().to_ascii_lowercase().as_str() {
            "" => return Ok(()),
            // RFC 7970 §3.3.1.
            "public" => Some(Tlp::Clear),
            "partner" | "need-to-know" | "private" | "default" => Some(Tlp::AmberStrict),
            word => crate::comments::of_word(word),
        };
        let Some(level) = level else {
            let why = format!("`{}` is no level of TLP 2.0, and no restriction", shown(word));
            return Err(Refused::Handling { line: 1, why });
        };
        self.tlp = self.tlp.max(Some(level));
        Ok(())
    }

    /// Lets its objects go.
    fn emit(mut self, dated: &Timestamp, out: &mut Out<'_>, lost: &mut Losses) {
        let from = self.first.take().or_else(|| self.reported.clone());
        let from = from.unwrap_or_else(|| dated.clone());
        out.define(self.tlp);
        let before = std::mem::take(&mut out.first);
        if self.found.len() > MAX_FOUND {
            let more = self.found.len() - MAX_FOUND;
            lost.add("below", format!("{more} values beyond the first {MAX_FOUND}"));
        }
        let mut named = 0;
        for one in self.found.iter().take(MAX_FOUND) {
            let value = match one.kind {
                Some(kind) => value::read(kind, &one.text),
                None => value::by_form(&one.text),
            };
            let Some(value) = value else {
                let why = format!("`{}` is nothing that can be watched for", shown(&one.text));
                lost.add(one.at.clone(), why);
                continue;
            };
            if named < MAX_NAMED {
                let _ = writeln!(self.words, "{}: {}", one.role.word(), value.text);
                named += 1;
            }
            let meaning = if one.role == Role::Watched { Meaning::Watched } else { Meaning::Seen };
            let mut about = About { tlp: self.tlp, ..About::default() };
            about.first = Some(from.clone());
            about.last.clone_from(&self.last);
            about.describe("comment", &format!("{} of: {}", one.role.word(), self.title));
            if !one.words.is_empty() {
                about.describe("comment", &one.words);
            }
            let list = List { dated, tlp: self.tlp, meaning };
            let values: Vec<Value<'_>> = vec![value];
            emit(&values, about, &list, out);
        }
        let refs = std::mem::replace(&mut out.first, before);
        self.report(&from, &refs, out, lost);
    }

    fn report(&self, from: &Timestamp, refs: &[String], out: &mut Out<'_>, lost: &mut Losses) {
        if refs.is_empty() {
            let why = format!("`{}`: there is no value in it that is read", shown(&self.title));
            return lost.add("the report", why);
        }
        let mut words = self.words.clone();
        for (name, time) in [("from", Some(from)), ("until", self.last.as_ref())] {
            if let Some(time) = time {
                let _ = writeln!(words, "{name}: {time}");
            }
        }
        let time = to_millisecond(self.reported.as_ref().unwrap_or(from));
        let references = self.named.iter();
        let references =
            references.map(|(system, name)| crate::made::Reference::to(system, name)).collect();
        let said = Said {
            name: Some(&self.title),
            description: Some(words.trim_end()),
            published: Some(time.as_str()),
            object_refs: refs,
            external_references: references,
            ..Said::at(time.as_str(), self.tlp)
        };
        out.object("report", &said);
    }
}

/// Of which format a report is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Format {
    Iodef,
    Xarf,
    Arf,
}

/// Whether the beginning of a file is one of them.
pub(crate) fn is_start(text: &str) -> Option<Format> {
    if iodef::is_start(text) {
        Some(Format::Iodef)
    } else if xarf::is_start(text) {
        Some(Format::Xarf)
    } else {
        arf::is_start(text).then_some(Format::Arf)
    }
}

/// Converts a report.
pub(crate) fn convert(
    input: impl Read,
    format: Format,
    asked: &Asked,
    out: &mut Out<'_>,
    lost: &mut Losses,
) -> Result<(), Refused> {
    let bytes = read_whole(input)?;
    let cases = match format {
        Format::Iodef => iodef::read(&bytes, lost)?,
        Format::Xarf => vec![xarf::read(&bytes, lost)?],
        Format::Arf => vec![arf::read(&bytes, lost)?],
    };
    for case in cases {
        case.emit(&asked.dated, out, lost);
    }
    Ok(())
}
