//! `/desk/cases/{number}/finding`: is there a duty to warn?

use super::form::{FormShown, Trouble, answered, status};
use super::known::{self, Read};
use super::posted::{Fields, Form, Posted, Wrong};
use super::reader::Reader;
use super::texts::{Words, fill};
use super::unsent::Unsent;
use super::word;
use crate::app::App;
use crate::path::Path;
use crate::problem::Problem;
use axum::extract::State;
use axum::response::Response;
use forewarn_exchange::act::DutyAct;
use forewarn_exchange::case::{Finding, Reasons};
use forewarn_exchange::estimate::Likelihood;
use forewarn_exchange::id::CaseNumber;
use forewarn_extract::threat::Threat;

/// What was found.
pub(crate) struct Found(Finding);

impl Form for Found {
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<Found> {
        let target = fields.needed("target", wrong);
        let reason = fields.needed("reason", wrong);
        let threat = fields.chosen("threat", wrong)?;
        Some(Found(Finding {
            credible: fields.has("parts", "credible"),
            specific: fields.has("parts", "specific"),
            impending: fields.has("parts", "impending"),
            reasons: Reasons::default(),
            threat,
            target,
            nationality: String::new(),
            duty_basis: None,
            aware_at: None,
            likelihood: fields.word("likelihood"),
            confidence: fields.word("confidence"),
            reason,
        }))
    }
}

pub(crate) async fn show(
    State(node): State<App>,
    reader: Reader,
    Path(number): Path<CaseNumber>,
    Unsent(typed): Unsent,
) -> Result<Response, Problem> {
    page(&node, &reader, number, &typed, None).await
}

pub(crate) async fn record(
    State(node): State<App>,
    Path(case): Path<CaseNumber>,
    posted: Posted<Found>,
) -> Result<Response, Problem> {
    let act = |Found(finding)| DutyAct::Find { case, finding };
    let tried = posted.does(&node, act).await?;
    tried
        .lead(format!("/desk/cases/{case}"), async |reader, typed, trouble| {
            page(&node, &reader, case, &typed, trouble).await
        })
        .await
}

async fn page(
    node: &App,
    reader: &Reader,
    number: CaseNumber,
    typed: &Fields,
    trouble: Option<Trouble>,
) -> Result<Response, Problem> {
    let read = known::read(node, reader, number).await?;
    let (w, status) = (reader.w, status(trouble.as_ref()));
    let c = &w.case;
    let heading = fill(c.f_title, &[&read.shown.case.partner]);
    let button = fill(c.f_button, &[&number]);
    let typed = &typed.or(known(&read));
    let form = FormShown::new(reader, format!("/desk/cases/{number}/finding"), button)
        .again(typed, trouble)
        .ticks("parts", (c.f_three, ""), parts(w))
        .choices("threat", c.f_threat, threats(w))
        .line("target", c.f_target, "")
        .text("reason", c.f_reason, c.f_reason_hint)
        .select("likelihood", c.f_likelihood, w.form.optional, likelihoods(w))
        .select("confidence", c.f_confidence, w.form.optional, confidences(w))
        .back(format!("/desk/cases/{number}"), fill(w.send.send_back, &[&number]));
    let aside = read.item_sheets(w);
    let frame = read.frame(node, reader, heading);
    Ok(answered(&read.form_page(w, frame, (c.next_finding_text, form), aside), status))
}

/// The finding that is recorded, to be changed.
fn known(read: &Read) -> Fields {
    let Some(found) = &read.shown.case.stage.finding else { return Fields::default() };
    let one = &found.finding;
    let part = |is: bool, word: &str| ("parts", if is { word } else { "" }.to_owned());
    Fields::of([
        part(one.credible, "credible"),
        part(one.specific, "specific"),
        part(one.impending, "impending"),
        ("threat", one.threat.name().to_owned()),
        ("target", one.target.clone()),
        ("reason", one.reason.clone()),
        ("likelihood", one.likelihood.map(|is| is.name().to_owned()).unwrap_or_default()),
        ("confidence", one.confidence.map(|is| is.to_string()).unwrap_or_default()),
    ])
}

fn parts(w: &Words) -> Vec<(String, String, String)> {
    let all = [
        ("credible", w.case.f_credible),
        ("specific", w.case.f_specific),
        ("impending", w.case.f_impending),
    ];
    all.map(|(value, label)| (value.to_owned(), label.to_owned(), String::new())).into()
}

fn threats(w: &Words) -> Vec<(String, String, String)> {
    let one = |is| (Threat::name(is).to_owned(), word::threat(w, is).to_owned(), String::new());
    Threat::ALL.iter().copied().map(one).collect()
}

/// Each likelihood, with the choice not to say one. Its words are those of the standard, and have no
/// translation of ours.
pub(crate) fn likelihoods(w: &Words) -> Vec<(String, String)> {
    let none = (String::new(), w.case.f_unsaid.to_owned());
    let all = Likelihood::all().map(|one| (one.name().to_owned(), one.words()));
    std::iter::once(none).chain(all).collect()
}

fn confidences(w: &Words) -> Vec<(String, String)> {
    let none = (String::new(), w.case.f_unsaid.to_owned());
    let all = word::CONFIDENCES
        .map(|(value, one)| (value.to_owned(), word::confidence(w, one).to_owned()));
    std::iter::once(none).chain(all).collect()
}
