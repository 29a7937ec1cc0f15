//! `/desk/channels/{partner}`: do both hold the same, entry by entry? `…/evidence`: what is proven to a
//! third party, as a file.

use super::cases::{After, shown};
use super::form::{FormShown, Trouble, answered, status};
use super::frame::{Frame, Part, html};
use super::items::attachment;
use super::plain::{Act, Plain, Row, Table};
use super::posted::{Fields, Form, Posted, Wrong};
use super::reader::Reader;
use super::show::line;
use super::texts::{Words, fill};
use crate::api::{channel, evidence};
use crate::app::App;
use crate::path::Path;
use crate::problem::Problem;
use crate::query::Query;
use axum::extract::State;
use axum::response::Response;
use forewarn_exchange::id::Subject;
use forewarn_exchange::name::NodeName;
use forewarn_node::channel::evidence::Wanted;
use forewarn_view::channel::EntryLine;
use forewarn_view::text;

/// Fields that may be shown; others are committed to and stay so.
const FIELDS: [&str; 6] = ["title", "bundle", "text", "urgency", "tlp", "valid_until"];

pub(crate) async fn one(
    State(node): State<App>,
    reader: Reader,
    Path(partner): Path<NodeName>,
    Query(after): Query<After>,
) -> Result<Response, Problem> {
    let (sight, w, name) = (reader.sight(&node), reader.w, partner.clone());
    let page = node.read(move |db, _| channel::entries(&db, &name, after.query(), &sight)).await?;
    let heading = fill(w.know.channel_with, &[&partner]);
    let table = Table {
        note: shown(&reader, page.rows.len(), page.next.is_some()),
        heads: vec![w.know.entry, w.case.what, w.case.when, w.know.about, w.know.receipted],
        rows: page.rows.iter().map(|one| row(w, one)).collect(),
        none: w.know.no_history,
        next: page.next,
        ..Table::default()
    };
    let evidence = Act {
        heading: w.know.evidence.to_owned(),
        lead: w.know.evidence_text.to_owned(),
        form: FormShown::new(
            &reader,
            format!("/desk/channels/{partner}/evidence"),
            w.know.to_evidence,
        )
        .gets(),
    };
    Ok(html(&Plain {
        crumb: Some(("/desk/partners", w.frame.partners)),
        tables: vec![table],
        acts: vec![evidence],
        ..Plain::new(
            Frame::new(&node, Some(&reader), w, heading.clone()).of(Part::Partners),
            heading,
        )
    }))
}

fn row(w: &Words, one: &EntryLine) -> Row {
    let side = if one.ours { w.case.we } else { w.case.they };
    let at = one.subject.map(|subject| match subject {
        Subject::Case(case) => format!("/desk/cases/{case}"),
        Subject::Warning(warning) => format!("/desk/warnings/{warning}"),
    });
    let what = match &one.refused {
        Some(why) => format!("{}: {}", line(&one.kind), line(why)),
        None => line(&one.kind),
    };
    Row {
        at,
        cells: vec![
            format!("{side} {}", one.index),
            what,
            text::or_none(one.time.as_ref(), text::time),
            text::or_none(one.subject.as_ref(), Subject::to_string),
            if one.receipted { w.case.yes } else { w.case.not_yet }.to_owned(),
        ],
    }
}

/// What is to be proven: a case or warning, and which fields the file shows.
pub(crate) struct Proven {
    subject: Subject,
    show: Vec<String>,
}

impl Form for Proven {
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<Proven> {
        let show = fields.all("show").map(str::to_owned).collect();
        Some(Proven { subject: fields.chosen("subject", wrong)?, show })
    }
}

pub(crate) async fn evidence_page(
    State(node): State<App>,
    reader: Reader,
    Path(partner): Path<NodeName>,
) -> Result<Response, Problem> {
    let page = proving(&node, &reader, &partner, &Fields::default(), None);
    std::future::ready(Ok(page)).await
}

fn proving(
    node: &App,
    reader: &Reader,
    partner: &NodeName,
    typed: &Fields,
    trouble: Option<Trouble>,
) -> Response {
    let w = reader.w;
    let status = status(trouble.as_ref());
    let heading = w.know.evidence;
    let fields = FIELDS.map(|one| (one.to_owned(), one.to_owned(), String::new()));
    let form =
        FormShown::new(reader, format!("/desk/channels/{partner}/evidence"), w.know.make_evidence)
            .again(typed, trouble)
            .line("subject", w.know.subject, w.know.subject_hint)
            .ticks("show", (w.know.show_fields, w.know.show_hint), fields)
            .back(format!("/desk/channels/{partner}"), fill(w.know.channel_with, &[partner]));
    let act = Act { heading: heading.to_owned(), lead: w.know.evidence_text.to_owned(), form };
    let page = Plain {
        crumb: Some(("/desk/partners", w.frame.partners)),
        acts: vec![act],
        ..Plain::new(Frame::new(node, Some(reader), w, heading).of(Part::Partners), heading)
    };
    answered(&page, status)
}

pub(crate) async fn prove(
    State(node): State<App>,
    Path(partner): Path<NodeName>,
    Posted { reader, form, typed, .. }: Posted<Proven>,
) -> Result<Response, Problem> {
    let tried = match form {
        Ok(Proven { subject, show }) => {
            let wanted = Wanted {
                subject: Some(subject),
                partner: None,
                ours: Vec::new(),
                theirs: Vec::new(),
                show,
            };
            let made = evidence::made(&node, &reader.caller(), wanted).await;
            made.map(|bytes| (subject, bytes)).map_err(Trouble::from)
        }
        Err(wrong) => Err(wrong.into()),
    };
    match tried {
        Ok((subject, bytes)) => Ok(attachment(&format!("evidence-{subject}.json"), bytes)),
        Err(trouble) => Ok(proving(&node, &reader, &partner, &typed, Some(trouble.again()?))),
    }
}
