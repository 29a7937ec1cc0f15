//! A report that somebody types or pastes at the desk, and a case that is opened on an item by hand.

use super::form::{FormShown, Trouble, done, on_to};
use super::plain::Act;
use super::posted::{Fields, Form, Posted, Wrong};
use super::reader::Reader;
use super::tried::Tried;
use super::{items, texts::Words, unsent, word};
use crate::api::intakes::{self, IntakeQuery};
use crate::app::App;
use crate::path::Path;
use crate::problem::Problem;
use axum::extract::State;
use axum::response::Response;
use forewarn_exchange::act::DutyAct;
use forewarn_exchange::answer::Answer;
use forewarn_exchange::grading::Grading;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::partner::Standing;
use forewarn_exchange::scale::{Status, Urgency};
use forewarn_exchange::user::Permission;
use forewarn_node::intake::Format;
use forewarn_store::Db;
use forewarn_store::StoreError;

/// A report, as it was typed.
pub(crate) struct Report {
    text: String,
    source: Option<String>,
    grade: Option<String>,
}

impl Form for Report {
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<Report> {
        let given = |field| Some(fields.line(field)).filter(|one| !one.is_empty());
        if given("grade").is_some_and(|one| one.parse::<Grading>().is_err()) {
            wrong.push(Wrong { field: "grade", words: |w| w.know.take_bad_grade });
        }
        Some(Report {
            text: fields.needed("text", wrong),
            source: given("source").map(str::to_owned),
            grade: given("grade").map(str::to_owned),
        })
    }
}

/// For whom a case is opened, and how urgent it is.
pub(crate) struct Opened {
    partner: NodeName,
    urgency: Urgency,
    exercise: bool,
}

impl Form for Opened {
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<Opened> {
        let (partner, urgency) = (fields.chosen("partner", wrong), fields.chosen("urgency", wrong));
        let exercise = fields.has("exercise", "yes");
        Some(Opened { partner: partner?, urgency: urgency?, exercise })
    }
}

/// The form for a report; none for whoever may not bring anything in.
pub(crate) fn report_form(
    reader: &Reader,
    typed: &Fields,
    trouble: Option<Trouble>,
) -> Option<Act> {
    let w = &reader.w.know;
    let form = reader.may(Permission::TakeIn).then(|| {
        FormShown::new(reader, "/desk/items/take", w.take_button)
            .again(typed, trouble)
            .text("text", w.take_text, w.take_text_hint)
            .line("source", w.take_source, w.take_source_hint)
            .line("grade", w.take_grade, w.take_grade_hint)
    });
    let (heading, lead) = (w.take_heading.to_owned(), w.take_lead.to_owned());
    form.map(|form| Act { heading, lead, form })
}

/// `POST /desk/items/take`: it is taken in, and its page is shown.
pub(crate) async fn take(
    State(node): State<App>,
    Posted { reader, form, typed, address, .. }: Posted<Report>,
) -> Result<Response, Problem> {
    let taken = match form {
        Ok(Report { text, source, grade }) => {
            let name = Some(reader.w.know.take_name.to_owned());
            let format = Some(Format::Text);
            let asked = IntakeQuery { source, grade, name, format, ..IntakeQuery::default() };
            let actor = reader.caller().actor();
            intakes::taken(&node, actor, asked, text.into_bytes()).await.map_err(Trouble::from)
        }
        Err(wrong) => Err(wrong.into()),
    };
    match taken {
        Ok(taken) => {
            if let Some(address) = address {
                unsent::forget(&node, &reader, address).await?;
            }
            let at = taken.ids.first().map(|id| format!("/desk/items/{id}"));
            Ok(on_to(at.as_deref().unwrap_or("/desk/items")))
        }
        Err(trouble) => items::page(&node, &reader, &typed, Some(trouble.again()?)).await,
    }
}

/// The partners for whom a case may be opened.
pub(crate) fn partners(db: &Db<'_>) -> Result<Vec<NodeName>, StoreError> {
    let all = db.partners()?.into_iter();
    let confirmed = all.filter(|one| matches!(one.standing, Standing::Confirmed { .. }));
    Ok(confirmed.map(|one| one.name().clone()).collect())
}

/// The form that opens a case on an item; none for whoever may not, or where there is nobody to warn.
pub(crate) fn case_form(
    reader: &Reader,
    (item, partners): (&str, Vec<NodeName>),
    typed: &Fields,
    trouble: Option<Trouble>,
) -> Option<Act> {
    let w = reader.w;
    if !reader.may(Permission::Draft) || partners.is_empty() {
        return None;
    }
    let partners = partners.into_iter().map(|one| (one.to_string(), one.to_string()));
    let form = FormShown::new(reader, format!("/desk/items/{item}/case"), w.know.open_button)
        .again(typed, trouble)
        .select("partner", w.watch.partner, "", partners)
        .choices("urgency", w.watch.urgency, urgencies(w))
        .ticks(
            "exercise",
            (w.know.open_exercise, ""),
            [("yes".to_owned(), w.know.open_exercise_tick.to_owned(), String::new())],
        );
    let (heading, lead) = (w.know.open_heading.to_owned(), w.know.open_lead.to_owned());
    Some(Act { heading, lead, form })
}

pub(crate) fn urgencies(w: &Words) -> [(String, String, String); 3] {
    [Urgency::Immediate, Urgency::Expected, Urgency::Future]
        .map(|one| (one.to_string(), word::urgency(w, one).to_owned(), String::new()))
}

/// `POST /desk/items/{id}/case`.
pub(crate) async fn open(
    State(node): State<App>,
    Path(id): Path<String>,
    posted: Posted<Opened>,
) -> Result<Response, Problem> {
    let usual = node.config().node.status;
    let act = |Opened { partner, urgency, exercise }| {
        let status = if exercise { Status::Exercise } else { usual };
        DutyAct::Open { partner, items: vec![id.clone()], urgency, status, also: Vec::new() }
    };
    match posted.does(&node, act).await? {
        Tried::Done(answer) => Ok(match &answer {
            Answer::Case { case, .. } => on_to(&format!("/desk/cases/{case}")),
            other => done(other, format!("/desk/items/{id}")),
        }),
        Tried::Again { reader, typed, trouble } => {
            items::shown(&node, &reader, &id, Some((items::Sent::Case, typed, trouble))).await
        }
    }
}
