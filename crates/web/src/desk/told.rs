//! `/desk/cases/{number}/tell` and `…/told/{told}`: what is told beside the channel, and the second
//! person who stands by it.

use super::draft::typed_time;
use super::form::{FormShown, Trouble, answered, status};
use super::known::{self, Read};
use super::paper::Sheet;
use super::posted::{Fields, Form, Posted, Wrong};
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
use forewarn_exchange::id::CaseNumber;
use forewarn_exchange::told::{Ahead, TellRequest, Way};
use forewarn_view::text;

impl Form for TellRequest {
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<TellRequest> {
        let way = fields.chosen("way", wrong);
        let to = fields.needed("to", wrong);
        let at = if fields.line("at").is_empty() { None } else { Some(fields.time("at", wrong)?) };
        let deliverer = fields.line("deliverer");
        let deliverer = (!deliverer.is_empty()).then(|| deliverer.to_owned());
        let imminent = fields.has("imminent", "yes").then(|| fields.needed("words", wrong));
        Some(TellRequest { way: way?, to, at, deliverer, imminent })
    }
}

/// What a second person says of what was told ahead.
pub(crate) enum Verdict {
    Confirm,
    Strike { reason: String, taken_back: String },
}

impl Form for Verdict {
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<Verdict> {
        match fields.line("verdict") {
            "confirm" => Some(Verdict::Confirm),
            "strike" => Some(Verdict::Strike {
                reason: fields.needed("reason", wrong),
                taken_back: fields.needed("taken_back", wrong),
            }),
            _ => {
                wrong.push(Wrong { field: "verdict", words: |w| w.form.missing });
                None
            }
        }
    }
}

pub(crate) async fn tell_page(
    State(node): State<App>,
    reader: Reader,
    Path(number): Path<CaseNumber>,
    Unsent(typed): Unsent,
) -> Result<Response, Problem> {
    tell_form(&node, &reader, number, &typed, None).await
}

pub(crate) async fn tell(
    State(node): State<App>,
    Path(case): Path<CaseNumber>,
    posted: Posted<TellRequest>,
) -> Result<Response, Problem> {
    let tried = posted.does(&node, |told| DutyAct::Tell { case, told }).await?;
    tried
        .lead(format!("/desk/cases/{case}"), async |reader, typed, trouble| {
            tell_form(&node, &reader, case, &typed, trouble).await
        })
        .await
}

async fn tell_form(
    node: &App,
    reader: &Reader,
    number: CaseNumber,
    typed: &Fields,
    trouble: Option<Trouble>,
) -> Result<Response, Problem> {
    let read = known::read(node, reader, number).await?;
    let (w, status) = (reader.w, status(trouble.as_ref()));
    let t = &w.told;
    let before =
        Fields::of([("at", typed_time(&read.now)), ("way", Way::Telephone.name().to_owned())]);
    let typed = &typed.or(before);
    let ways = Way::ALL.iter().map(|way| (way.name().to_owned(), word::way(w, *way).to_owned()));
    let imminent = [("yes".to_owned(), t.imminent.to_owned(), t.imminent_hint.to_owned())];
    let form = FormShown::new(
        reader,
        format!("/desk/cases/{number}/tell"),
        fill(t.tell_button, &[&number]),
    )
    .again(typed, trouble)
    .back(format!("/desk/cases/{number}"), fill(w.send.send_back, &[&number]))
    .select("way", t.way, "", ways.collect::<Vec<_>>())
    .line("to", t.to, t.to_hint)
    .line("at", t.at, w.send.until_hint)
    .line("deliverer", t.deliverer, t.deliverer_hint)
    .ticks("imminent", ("", ""), imminent)
    .text("words", t.words, t.words_hint)
    .leaves();
    let heading = fill(t.tell_title, &[&read.shown.case.partner]);
    let lead = if read.shown.case.stage.sent.is_empty() { t.not_released } else { t.read_out };
    let aside = read_out(&read).into_iter().chain(known::decided(w, &read)).collect();
    let frame = read.frame(node, reader, heading);
    Ok(answered(&read.form_page(w, frame, (lead, form), aside), status))
}

/// The words that are read out: of what was released last.
fn read_out(read: &Read) -> Option<Sheet> {
    let sent = read.shown.case.stage.sent.last()?;
    let text = sent.draft.request.as_ref().map(|request| line(&request.text)).unwrap_or_default();
    Some(Sheet {
        heading: line(&sent.draft.title),
        note: sent.draft.tlp.to_string(),
        text,
        ..Sheet::default()
    })
}

pub(crate) async fn verdict_page(
    State(node): State<App>,
    reader: Reader,
    Path((number, told)): Path<(CaseNumber, u32)>,
    Unsent(typed): Unsent,
) -> Result<Response, Problem> {
    verdict_form(&node, &reader, (number, told), &typed, None).await
}

pub(crate) async fn decide(
    State(node): State<App>,
    Path((case, told)): Path<(CaseNumber, u32)>,
    posted: Posted<Verdict>,
) -> Result<Response, Problem> {
    let act = |verdict| match verdict {
        Verdict::Confirm => DutyAct::Confirm { case, told },
        Verdict::Strike { reason, taken_back } => {
            DutyAct::Strike { case, told, reason, taken_back }
        }
    };
    let tried = posted.does(&node, act).await?;
    tried
        .lead(format!("/desk/cases/{case}"), async |reader, typed, trouble| {
            verdict_form(&node, &reader, (case, told), &typed, trouble).await
        })
        .await
}

async fn verdict_form(
    node: &App,
    reader: &Reader,
    (number, told): (CaseNumber, u32),
    typed: &Fields,
    trouble: Option<Trouble>,
) -> Result<Response, Problem> {
    let read = known::read(node, reader, number).await?;
    let (w, status) = (reader.w, status(trouble.as_ref()));
    let t = &w.told;
    let said = read.shown.case.ahead.iter().find(|one| one.number == told).map(|one| sheet(w, one));
    let choice = |value: &str, label: &str, hint: &str| {
        (value.to_owned(), label.to_owned(), hint.to_owned())
    };
    let choices =
        [choice("confirm", t.confirm, t.confirm_text), choice("strike", t.strike, t.strike_text)];
    let form = FormShown::new(
        reader,
        format!("/desk/cases/{number}/told/{told}"),
        fill(t.verdict_button, &[&told]),
    )
    .again(typed, trouble)
    .back(format!("/desk/cases/{number}"), fill(w.send.send_back, &[&number]))
    .choices("verdict", t.verdict, choices)
    .text("reason", t.strike_reason, t.strike_reason_hint)
    .text("taken_back", t.taken_back, t.taken_back_hint)
    .leaves();
    let heading = fill(t.verdict_title, &[&read.shown.case.partner]);
    let aside = said.into_iter().chain(known::decided(w, &read)).collect();
    let frame = read.frame(node, reader, heading);
    Ok(answered(&read.form_page(w, frame, (t.verdict_lead, form), aside), status))
}

/// What was told, to be looked at.
fn sheet(w: &Words, one: &Ahead) -> Sheet {
    Sheet {
        heading: fill(w.told.said, &[&word::way(w, one.way), &line(&one.to)]),
        note: fill(w.told.said_by, &[&line(&one.deliverer), &text::time(&one.at)]),
        text: line(&one.words),
        ..Sheet::default()
    }
}

/// What was told ahead and waits, for the case's page: the words, and where it is decided.
pub(crate) fn waiting(w: &Words, read: &Read) -> Vec<(String, Option<String>)> {
    let case = &read.shown.case;
    let told = case.told_at.as_ref().map(|at| (fill(w.told.told_at, &[&text::time(at)]), None));
    let ahead = case.ahead.iter().filter_map(|one| {
        let due = one.due()?;
        let words = fill(
            w.told.waits,
            &[&word::way(w, one.way), &line(&one.to), &line(&one.words), &text::time(&due)],
        );
        Some((words, Some(format!("/desk/cases/{}/told/{}", case.number, one.number))))
    });
    told.into_iter().chain(ahead).collect()
}
