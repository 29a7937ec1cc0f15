//! `/desk/sources`: who stands behind sources' handles, for whoever may know it.

use super::form::{FormShown, Trouble, answered, on_to, status};
use super::frame::Frame;
use super::paper::Sheet;
use super::plain::{Act, Plain, Row, Table};
use super::posted::{Fields, Form, Posted, Wrong};
use super::reader::Reader;
use super::show::line;
use super::tried::Tried;
use crate::api::sources;
use crate::app::App;
use crate::problem::Problem;
use axum::extract::State;
use axum::response::Response;
use forewarn_exchange::act::SourceAct;
use forewarn_exchange::source_name::SourceName;
use forewarn_view::source::{SourceLine, SourceShown};
use forewarn_view::text;

/// Which of the forms was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Look,
    Keep,
    Forget,
}

/// A handle, and why it is read or forgotten.
pub(crate) struct Whose {
    source: String,
    reason: String,
}

impl Form for Whose {
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<Whose> {
        let source = fields.needed("source", wrong);
        Some(Whose { source, reason: fields.needed("reason", wrong) })
    }
}

/// A handle, and who stands behind it.
pub(crate) struct Named {
    source: String,
    known: SourceName,
}

impl Form for Named {
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<Named> {
        let source = fields.needed("source", wrong);
        let known = SourceName {
            name: fields.needed("name", wrong),
            contact: fields.line("contact").to_owned(),
            cover: fields.line("cover").to_owned(),
        };
        Some(Named { source, known })
    }
}

pub(crate) async fn list(State(node): State<App>, reader: Reader) -> Result<Response, Problem> {
    page(&node, &reader, (&Fields::default(), None), None).await
}

/// `POST /desk/sources/look`: the page with the name, which no other address has.
pub(crate) async fn look(
    State(node): State<App>,
    Posted { reader, form, typed, .. }: Posted<Whose>,
) -> Result<Response, Problem> {
    let tried = match form {
        Ok(Whose { source, reason }) => {
            let by = (&reader.caller(), reader.door);
            sources::seen(&node, by, source, reason).await.map_err(Trouble::from)
        }
        Err(wrong) => Err(wrong.into()),
    };
    match tried {
        Ok(shown) => page(&node, &reader, (&Fields::default(), None), Some(shown)).await,
        Err(trouble) => {
            let trouble = Some((Which::Look, trouble.again()?));
            page(&node, &reader, (&typed, trouble), None).await
        }
    }
}

/// `POST /desk/sources/keep`.
pub(crate) async fn keep(
    State(node): State<App>,
    posted: Posted<Named>,
) -> Result<Response, Problem> {
    let act = |Named { source, known }| SourceAct::Keep { source, known };
    led(&node, posted.does(&node, act).await?, Which::Keep).await
}

/// `POST /desk/sources/forget`.
pub(crate) async fn forget(
    State(node): State<App>,
    posted: Posted<Whose>,
) -> Result<Response, Problem> {
    let act = |Whose { source, reason }| SourceAct::Forget { source, reason };
    led(&node, posted.does(&node, act).await?, Which::Forget).await
}

async fn led(node: &App, tried: Tried, which: Which) -> Result<Response, Problem> {
    match tried {
        Tried::Done(_) => Ok(on_to("/desk/sources")),
        Tried::Again { reader, typed, trouble } => {
            page(node, &reader, (&typed, Some((which, trouble))), None).await
        }
    }
}

async fn page(
    node: &App,
    reader: &Reader,
    (typed, trouble): (&Fields, Option<(Which, Trouble)>),
    shown: Option<SourceShown>,
) -> Result<Response, Problem> {
    let (w, d) = (reader.w, &reader.w.danger);
    let lines = node.read(|db, _| sources::listed(&db)).await?;
    let row = |one: &SourceLine| Row {
        at: None,
        cells: vec![
            line(&one.source),
            format!("{}, {}", one.by, text::time(&one.at)),
            if one.has_cover { w.case.yes } else { w.case.no }.to_owned(),
            one.looks.to_string(),
        ],
    };
    let table = Table {
        heads: vec![d.source, d.kept_by, d.cover, d.times_read],
        rows: lines.iter().map(row).collect(),
        none: d.names_none,
        ..Table::default()
    };
    let status = status(trouble.as_ref().map(|(_, trouble)| trouble));
    let page = Plain {
        lead: d.names_lead.to_owned(),
        tables: vec![table],
        sheets: shown.map(|shown| sheet(reader, &shown)).into_iter().collect(),
        acts: acts(reader, typed, trouble),
        ..Plain::new(Frame::new(node, Some(reader), w, d.names), d.names)
    };
    Ok(answered(&page, status))
}

fn acts(reader: &Reader, typed: &Fields, mut trouble: Option<(Which, Trouble)>) -> Vec<Act> {
    let d = &reader.w.danger;
    let nothing = Fields::default();
    let each = [
        (Which::Look, "look", d.look_name, d.names_lead),
        (Which::Keep, "keep", d.keep_name, d.keep_text),
        (Which::Forget, "forget", d.forget_name, d.forget_text),
    ];
    let act = |(which, at, heading, lead): (Which, &str, &'static str, &'static str)| {
        let mine = trouble.take_if(|(of, _)| *of == which).map(|(_, trouble)| trouble);
        let typed = if mine.is_some() { typed } else { &nothing };
        let form = FormShown::new(reader, format!("/desk/sources/{at}"), heading)
            .again(typed, mine)
            .line("source", d.source, d.handle_hint);
        let form = match which {
            Which::Look => form.text("reason", d.look_why, ""),
            Which::Forget => form.text("reason", d.forget_why, ""),
            Which::Keep => form
                .line("name", d.true_name, "")
                .line("contact", d.contact, reader.w.form.optional)
                .line("cover", d.cover, d.cover_hint),
        };
        Act { heading: heading.to_owned(), lead: lead.to_owned(), form }
    };
    each.map(act).into()
}

fn sheet(reader: &Reader, shown: &SourceShown) -> Sheet {
    let d = &reader.w.danger;
    Sheet {
        heading: line(&shown.source),
        note: format!("{}, {}", shown.by, text::time(&shown.at)),
        facts: vec![
            (d.true_name.to_owned(), line(&shown.name)),
            (d.contact.to_owned(), line(&shown.contact)),
            (d.cover.to_owned(), line(&shown.cover)),
        ],
        list: shown
            .looks
            .iter()
            .map(|look| format!("{}, {}: {}", look.by, text::time(&look.at), line(&look.reason)))
            .collect(),
        ..Sheet::default()
    }
}
