//! What is done about a case beside its way: answers to questions, a recall, the clock, and what stands.

use super::draft::typed_time;
use super::form::{FormShown, Trouble, answered, on_to, status};
use super::known::{self, Read};
use super::paper::Sheet;
use super::posted::{Button, Fields, Form, Posted, Wrong};
use super::reader::Reader;
use super::show::line;
use super::texts::{Words, fill};
use super::unsent::Unsent;
use super::word;
use crate::app::App;
use crate::path::Path;
use crate::problem::Problem;
use axum::extract::State;
use axum::response::Response;
use forewarn_exchange::act::DutyAct;
use forewarn_exchange::gate::SetAside;
use forewarn_exchange::id::CaseNumber;
use forewarn_exchange::scale::Urgency;
use forewarn_stix::Timestamp;
use forewarn_view::talk::SaidWhat;

/// How long a pause is proposed for, in minutes.
const PAUSE: i64 = 60;

/// One of the acts of this file.
#[derive(Debug, Clone, Copy)]
enum What {
    Answer(u64),
    Recall,
    Pause,
    Keep,
    Reopen,
    Urgency,
}

impl What {
    fn page(self) -> String {
        match self {
            What::Answer(question) => format!("answer/{question}"),
            What::Recall => "recall".to_owned(),
            What::Pause => "pause".to_owned(),
            What::Keep => "keep".to_owned(),
            What::Reopen => "reopen".to_owned(),
            What::Urgency => "urgency".to_owned(),
        }
    }

    /// Its name, and what it does.
    fn words(self, w: &Words) -> (&'static str, &'static str) {
        let c = &w.case;
        match self {
            What::Answer(_) => (c.answer, c.question_open),
            What::Recall => (c.recall, c.recall_text),
            What::Pause => (c.pause, c.pause_text),
            What::Keep => (c.keep, c.keep_text),
            What::Reopen => (c.reopen, c.reopen_text),
            What::Urgency => (c.urgency_change, c.urgency_text),
        }
    }

    /// Whether what is typed leaves the node.
    fn leaves(self) -> bool {
        match self {
            What::Answer(_) | What::Recall => true,
            What::Pause | What::Keep | What::Reopen | What::Urgency => false,
        }
    }
}

/// Words that leave, with what is set aside.
pub(crate) struct Sentence {
    text: String,
    set_aside: SetAside,
}

impl Form for Sentence {
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<Sentence> {
        let set_aside =
            SetAside { texts: fields.lines("set_aside"), reason: fields.text("set_aside_why") };
        Some(Sentence { text: fields.needed("reason", wrong), set_aside })
    }
}

/// A reason.
pub(crate) struct Why(pub(super) String);

impl Form for Why {
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<Why> {
        Some(Why(fields.needed("reason", wrong)))
    }
}

/// A reason, and until when.
pub(crate) struct WhyUntil(String, Timestamp);

impl Form for WhyUntil {
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<WhyUntil> {
        let reason = fields.needed("reason", wrong);
        Some(WhyUntil(reason, fields.time("until", wrong)?))
    }
}

/// A reason, and how urgent.
pub(crate) struct WhyUrgent(String, Urgency);

impl Form for WhyUrgent {
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<WhyUrgent> {
        let reason = fields.needed("reason", wrong);
        Some(WhyUrgent(reason, fields.chosen("urgency", wrong)?))
    }
}

/// Does what a form asks for, or shows it again.
async fn tried<T>(
    node: &App,
    (number, what): (CaseNumber, What),
    posted: Posted<T>,
    act: impl FnOnce(T) -> DutyAct,
) -> Result<Response, Problem> {
    let tried = posted.does(node, act).await?;
    tried
        .lead(format!("/desk/cases/{number}"), async |reader, typed, trouble| {
            page(node, &reader, (number, what), &typed, trouble).await
        })
        .await
}

async fn page(
    node: &App,
    reader: &Reader,
    (number, what): (CaseNumber, What),
    typed: &Fields,
    trouble: Option<Trouble>,
) -> Result<Response, Problem> {
    let read = known::read(node, reader, number).await?;
    let (w, status) = (reader.w, status(trouble.as_ref()));
    let (name, words) = what.words(w);
    let before = Fields::of([
        ("until", typed_time(&read.now.plus_minutes(PAUSE))),
        ("urgency", read.shown.case.urgency.to_string()),
    ]);
    let typed = &typed.or(before);
    let button = format!("{name}: {}", fill(w.watch.your_case, &[&number]));
    let form = FormShown::new(reader, format!("/desk/cases/{number}/{}", what.page()), button)
        .again(typed, trouble)
        .back(format!("/desk/cases/{number}"), fill(w.send.send_back, &[&number]));
    let form = fields(w, what, form);
    let asked = match what {
        What::Answer(question) => question_of(&read, question),
        What::Recall | What::Pause | What::Keep | What::Reopen | What::Urgency => None,
    };
    let asked = asked.map(|text| Sheet {
        heading: w.case.question_open.to_owned(),
        note: read.shown.case.partner.to_string(),
        text,
        ..Sheet::default()
    });
    let heading = format!("{name}: {}", read.title(w));
    let aside = asked.into_iter().chain(known::decided(w, &read)).collect();
    let frame = read.frame(node, reader, heading);
    Ok(answered(&read.form_page(w, frame, (words, form), aside), status))
}

fn fields(w: &Words, what: What, form: FormShown) -> FormShown {
    let form = match what {
        What::Answer(_) => form.text("reason", w.case.answer, ""),
        What::Recall | What::Pause | What::Keep | What::Reopen | What::Urgency => {
            form.text("reason", w.form.reason, w.case.f_reason_hint)
        }
    };
    let form = match what {
        What::Pause => form.line("until", w.form.until, w.send.until_hint),
        What::Urgency => {
            let all = [Urgency::Immediate, Urgency::Expected, Urgency::Future];
            let all = all.map(|one| (one.to_string(), word::urgency(w, one).to_owned()));
            form.select("urgency", w.watch.urgency, "", all)
        }
        What::Answer(_) | What::Recall => form
            .text("set_aside", w.send.set_aside, w.send.set_aside_hint)
            .line("set_aside_why", w.send.set_aside_why, w.form.optional),
        What::Keep | What::Reopen => form,
    };
    if what.leaves() { form.leaves() } else { form }
}

/// The words of a question of the partner's.
fn question_of(read: &Read, index: u64) -> Option<String> {
    let asked = read.shown.case.talk.iter().find(|one| !one.ours && one.entry.index == index)?;
    match &asked.what {
        SaidWhat::Question { text, .. } => Some(line(text)),
        _ => None,
    }
}

pub(crate) async fn question(
    State(node): State<App>,
    reader: Reader,
    Path((number, question)): Path<(CaseNumber, u64)>,
    Unsent(typed): Unsent,
) -> Result<Response, Problem> {
    page(&node, &reader, (number, What::Answer(question)), &typed, None).await
}

pub(crate) async fn answer(
    State(node): State<App>,
    Path((case, question)): Path<(CaseNumber, u64)>,
    posted: Posted<Sentence>,
) -> Result<Response, Problem> {
    tried(&node, (case, What::Answer(question)), posted, |Sentence { text, set_aside }| {
        DutyAct::Answer { case, question, text, set_aside }
    })
    .await
}

pub(crate) async fn recall_page(
    State(node): State<App>,
    reader: Reader,
    Path(number): Path<CaseNumber>,
    Unsent(typed): Unsent,
) -> Result<Response, Problem> {
    page(&node, &reader, (number, What::Recall), &typed, None).await
}

pub(crate) async fn recall(
    State(node): State<App>,
    Path(case): Path<CaseNumber>,
    posted: Posted<Sentence>,
) -> Result<Response, Problem> {
    tried(&node, (case, What::Recall), posted, |Sentence { text, set_aside }| DutyAct::Recall {
        case,
        reason: text,
        set_aside,
    })
    .await
}

pub(crate) async fn pause_page(
    State(node): State<App>,
    reader: Reader,
    Path(number): Path<CaseNumber>,
    Unsent(typed): Unsent,
) -> Result<Response, Problem> {
    page(&node, &reader, (number, What::Pause), &typed, None).await
}

pub(crate) async fn pause(
    State(node): State<App>,
    Path(case): Path<CaseNumber>,
    posted: Posted<WhyUntil>,
) -> Result<Response, Problem> {
    tried(&node, (case, What::Pause), posted, |WhyUntil(reason, until)| DutyAct::Pause {
        case,
        until,
        reason,
    })
    .await
}

pub(crate) async fn resume(
    State(node): State<App>,
    Path(case): Path<CaseNumber>,
    Posted { reader, once, .. }: Posted<Button>,
) -> Result<Response, Problem> {
    reader.act(&node, &once, DutyAct::Resume { case }).await?;
    Ok(on_to(&format!("/desk/cases/{case}")))
}

pub(crate) async fn keep_page(
    State(node): State<App>,
    reader: Reader,
    Path(number): Path<CaseNumber>,
    Unsent(typed): Unsent,
) -> Result<Response, Problem> {
    page(&node, &reader, (number, What::Keep), &typed, None).await
}

pub(crate) async fn keep(
    State(node): State<App>,
    Path(case): Path<CaseNumber>,
    posted: Posted<Why>,
) -> Result<Response, Problem> {
    tried(&node, (case, What::Keep), posted, |Why(reason)| DutyAct::Keep {
        case,
        reason,
        review_at: None,
    })
    .await
}

pub(crate) async fn reopen_page(
    State(node): State<App>,
    reader: Reader,
    Path(number): Path<CaseNumber>,
    Unsent(typed): Unsent,
) -> Result<Response, Problem> {
    page(&node, &reader, (number, What::Reopen), &typed, None).await
}

pub(crate) async fn reopen(
    State(node): State<App>,
    Path(case): Path<CaseNumber>,
    posted: Posted<Why>,
) -> Result<Response, Problem> {
    tried(&node, (case, What::Reopen), posted, |Why(reason)| DutyAct::Reopen { case, reason }).await
}

pub(crate) async fn urgency_page(
    State(node): State<App>,
    reader: Reader,
    Path(number): Path<CaseNumber>,
    Unsent(typed): Unsent,
) -> Result<Response, Problem> {
    page(&node, &reader, (number, What::Urgency), &typed, None).await
}

pub(crate) async fn urgency(
    State(node): State<App>,
    Path(case): Path<CaseNumber>,
    posted: Posted<WhyUrgent>,
) -> Result<Response, Problem> {
    tried(&node, (case, What::Urgency), posted, |WhyUrgent(reason, urgency)| DutyAct::Urgency {
        case,
        urgency,
        reason,
    })
    .await
}
