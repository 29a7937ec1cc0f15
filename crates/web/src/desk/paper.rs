//! A warning framed in ink, as it leaves or as it came; and plain sheets of facts beside a form.

use super::clock::Clock;
use super::graph::Graph;
use super::qr::Qr;
use super::show::{Mark, block, line};
use super::texts::Words;
use super::word;
use askama::Template;
use askama::filters::HtmlSafe;
use forewarn_exchange::extension::Graded;
use forewarn_exchange::handling::HandlingCode;
use forewarn_exchange::scale::{Status, Urgency};
use forewarn_stix::marking::Tlp;
use forewarn_view::graded;
use serde_json::Value;

/// Content of a warning, whole, as text.
#[derive(Template)]
#[template(path = "desk/paper.html")]
pub(crate) struct Paper {
    /// Whose it is, and how it is shown.
    pub(crate) cap: (String, &'static str),
    pub(crate) mark: Mark,
    pub(crate) class: &'static str,
    /// Handling codes, in a word each.
    pub(crate) handling: String,
    pub(crate) band: Option<&'static str>,
    pub(crate) urgency: &'static str,
    pub(crate) title: String,
    pub(crate) text: String,
    /// The objects of the bundle and what it says beside its words, a line each.
    pub(crate) lines: Vec<String>,
    pub(crate) facts: Vec<(&'static str, String)>,
}

impl HtmlSafe for Paper {}

/// What a paper is made of.
pub(crate) struct Content<'a> {
    pub(crate) title: &'a str,
    pub(crate) text: &'a str,
    pub(crate) tlp: Tlp,
    pub(crate) urgency: Urgency,
    pub(crate) status: Status,
    pub(crate) bundle: &'a Value,
}

impl Paper {
    /// A content, framed.
    pub(crate) fn of(
        w: &'static Words,
        cap: (String, &'static str),
        content: &Content,
        facts: Vec<(&'static str, String)>,
    ) -> Paper {
        let handling = Graded::read(content.bundle).handling;
        let codes: Vec<&str> = handling.iter().map(|code| HandlingCode::name(*code)).collect();
        Paper {
            cap,
            mark: Mark(content.tlp),
            class: Mark::class(content.tlp),
            handling: codes.join(", "),
            band: band(w, content.status),
            urgency: word::urgency(w, content.urgency),
            title: line(content.title),
            text: block(content.text),
            lines: graded::lines(content.bundle).iter().map(|one| one.trim().to_owned()).collect(),
            facts,
        }
    }
}

/// The word over what is not meant.
pub(crate) fn band(w: &'static Words, status: Status) -> Option<&'static str> {
    match status {
        Status::Actual => None,
        Status::Exercise => Some(w.frame.exercise_tag),
        Status::Test => Some(w.frame.test_tag),
    }
}

/// The report of a bundle, in its own words.
pub(crate) fn report_text(bundle: &Value) -> String {
    let objects = bundle.get("objects").and_then(Value::as_array);
    let report = objects.into_iter().flatten().find(|one| one["type"] == "report");
    let text = report.and_then(|report| report.get("description")?.as_str());
    text.unwrap_or_default().to_owned()
}

/// A sheet: a heading, facts, a text, a list.
#[derive(Template, Default)]
#[template(path = "desk/sheet.html")]
pub(crate) struct Sheet {
    pub(crate) heading: String,
    pub(crate) note: String,
    pub(crate) facts: Vec<(String, String)>,
    pub(crate) text: String,
    pub(crate) list: Vec<String>,
    pub(crate) clock: Option<Clock>,
    pub(crate) qr: Option<Qr>,
    pub(crate) graph: Option<Graph>,
    /// Where it leads.
    pub(crate) link: Option<(String, &'static str)>,
}

impl HtmlSafe for Sheet {}
