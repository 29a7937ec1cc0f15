//! What was found in an item's text, on its page, and the form that corrects it.

use super::form::{FormShown, Trouble, done};
use super::items::{self, Sent};
use super::plain::{Act, Row, Table};
use super::posted::{Fields, Form, Posted, Wrong};
use super::reader::Reader;
use super::show::line;
use super::texts::{Words, fill};
use super::tried::Tried;
use crate::app::App;
use crate::path::Path;
use crate::problem::Problem;
use axum::extract::State;
use axum::response::Response;
use forewarn_exchange::act::ItemAct;
use forewarn_exchange::correction::{Correction, CorrectionRequest};
use forewarn_exchange::user::Permission;
use forewarn_extract::corrected::Finding;
use forewarn_view::finding::{FindingLine, ItemFindings};
use forewarn_view::text;

/// What is said of a finding.
pub(crate) struct Corrected {
    wrong: Option<Finding>,
    right: Option<Finding>,
    reason: String,
}

impl Form for Corrected {
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<Corrected> {
        let mut finding = |field: &'static str| {
            let written = fields.line(field);
            if written.is_empty() {
                return None;
            }
            let read = written.parse::<Finding>().and_then(Finding::checked).ok();
            if read.is_none() {
                wrong.push(Wrong { field, words: |w| w.know.bad_finding });
            }
            read
        };
        let (was, right) = (finding("wrong"), finding("right"));
        Some(Corrected { wrong: was, right, reason: fields.needed("reason", wrong) })
    }
}

/// What was found, and what was said of it.
pub(crate) fn tables(w: &Words, found: &ItemFindings) -> Vec<Table> {
    let findings = Table {
        heading: w.know.findings.to_owned(),
        note: if found.more { w.know.findings_more.to_owned() } else { String::new() },
        heads: vec![w.know.finding, w.know.likely, w.know.finding_words, w.form.reason],
        rows: found.findings.iter().map(|one| row(w, one)).collect(),
        none: w.know.no_findings,
        ..Table::default()
    };
    let mut all = vec![findings];
    if !found.corrections.is_empty() {
        all.push(Table {
            heading: w.know.corrections.to_owned(),
            heads: vec![
                w.know.correction,
                w.know.correction_said,
                w.know.correction_by,
                w.form.reason,
            ],
            rows: found.corrections.iter().map(|one| said(w, one)).collect(),
            ..Table::default()
        });
    }
    all
}

fn row(w: &Words, one: &FindingLine) -> Row {
    let likely = match one.likely {
        Some(likely) if one.counts => format!("{likely:.2}"),
        Some(likely) => fill(w.know.only_named, &[&format!("{likely:.2}")]),
        None => String::new(),
    };
    let why = match one.correction {
        Some(number) => fill(w.know.by_correction, &[&number]),
        None => line(&one.why),
    };
    let cells = vec![line(&one.finding.to_string()), likely, line(&one.words), why];
    Row { at: None, cells }
}

fn said(w: &Words, one: &Correction) -> Row {
    let shown = |finding: &Finding| line(&finding.to_string());
    let said = match (&one.wrong, &one.right) {
        (Some(wrong), Some(right)) => fill(w.know.said_moved, &[&shown(wrong), &shown(right)]),
        (Some(wrong), None) => fill(w.know.said_wrong, &[&shown(wrong)]),
        (None, Some(right)) => fill(w.know.said_missing, &[&shown(right)]),
        (None, None) => w.know.said_erased.to_owned(),
    };
    let by = format!("{}, {}", line(&one.by), text::time(&one.at));
    Row { at: None, cells: vec![one.number.to_string(), said, by, line(&one.reason)] }
}

/// The form that corrects a finding; none for whoever may not.
pub(crate) fn form(
    reader: &Reader,
    found: &ItemFindings,
    (typed, trouble): (&Fields, Option<Trouble>),
) -> Option<Act> {
    let w = reader.w;
    if !reader.may(Permission::Draft) && !reader.may(Permission::Release) {
        return None;
    }
    let nothing = std::iter::once((String::new(), w.know.wrong_nothing.to_owned()));
    let each = found.findings.iter().map(|one| {
        let written = one.finding.to_string();
        (written.clone(), line(&written))
    });
    let form = FormShown::new(
        reader,
        format!("/desk/items/{}/correct", found.item),
        w.know.correct_button,
    )
    .again(typed, trouble)
    .select("wrong", w.know.wrong, "", nothing.chain(each))
    .line("right", w.know.right, w.know.right_hint)
    .text("reason", w.form.reason, w.know.correct_reason_hint);
    let (heading, lead) = (w.know.correct_heading.to_owned(), w.know.correct_lead.to_owned());
    Some(Act { heading, lead, form })
}

/// `POST /desk/items/{id}/correct`.
pub(crate) async fn correct(
    State(node): State<App>,
    Path(id): Path<String>,
    posted: Posted<Corrected>,
) -> Result<Response, Problem> {
    let act = |Corrected { wrong, right, reason }| ItemAct::Correct {
        correction: CorrectionRequest { item: id.clone(), wrong, right, reason },
    };
    match posted.does(&node, act).await? {
        Tried::Done(answer) => Ok(done(&answer, format!("/desk/items/{id}"))),
        Tried::Again { reader, typed, trouble } => {
            items::shown(&node, &reader, &id, Some((Sent::Correction, typed, trouble))).await
        }
    }
}
