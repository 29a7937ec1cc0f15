//! `/desk/cases/{number}/decision`: warn, waive, refer, or not met; each with its consequence.

use super::form::{FormShown, Trouble, answered, status};
use super::known;
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
use forewarn_exchange::case::Decision;
use forewarn_exchange::id::CaseNumber;
use forewarn_exchange::scale::Waiver;
use forewarn_exchange::waiver::WaiverFacts;

/// What was decided.
pub(crate) struct Decided(Decision);

impl Form for Decided {
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<Decided> {
        let reason = fields.needed("reason", wrong);
        let decision = match fields.line("decision") {
            "warn" => Decision::Warn { reason },
            "not-met" => Decision::NotMet { reason },
            "refer" => Decision::Refer { to: fields.needed("to", wrong), reason, answer_by: None },
            "waive" => Decision::Waive {
                code: fields.chosen("ground", wrong)?,
                reason,
                review_at: None,
                facts: WaiverFacts {
                    consulted: fields.lines("consulted"),
                    known_to: None,
                    tried: fields.lines("tried"),
                },
            },
            _ => {
                wrong.push(Wrong { field: "decision", words: |w| w.form.choose });
                return None;
            }
        };
        Some(Decided(decision))
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

pub(crate) async fn decide(
    State(node): State<App>,
    Path(case): Path<CaseNumber>,
    posted: Posted<Decided>,
) -> Result<Response, Problem> {
    let act = |Decided(decision)| DutyAct::Decide { case, decision, also: Vec::new() };
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
    let heading = fill(c.d_title, &[&read.shown.case.partner]);
    let grounds = Waiver::ALL.map(|one| (one.word().to_owned(), word::waiver(w, one).to_owned()));
    let none = (String::new(), w.case.f_unsaid.to_owned());
    let button = fill(c.d_button, &[&number]);
    let form = FormShown::new(reader, format!("/desk/cases/{number}/decision"), button)
        .again(typed, trouble)
        .choices("decision", c.d_what, choices(w))
        .text("reason", c.d_reason, c.f_reason_hint)
        .select("ground", c.d_ground, w.form.optional, std::iter::once(none).chain(grounds))
        .text("tried", c.d_tried, c.d_tried_hint)
        .text("consulted", c.d_consulted, c.d_consulted_hint)
        .line("to", c.d_to, w.form.optional)
        .back(format!("/desk/cases/{number}"), fill(w.send.send_back, &[&number]));
    let aside = known::decided(w, &read).into_iter().chain(read.item_sheets(w)).collect();
    let frame = read.frame(node, reader, heading);
    Ok(answered(&read.form_page(w, frame, (c.next_decision_text, form), aside), status))
}

fn choices(w: &Words) -> Vec<(String, String, String)> {
    let c = &w.case;
    let all = [
        ("warn", c.d_warn, c.d_warn_text),
        ("waive", c.d_waive, c.d_waive_text),
        ("refer", c.d_refer, c.d_refer_text),
        ("not-met", c.d_not_met, c.d_not_met_text),
    ];
    all.map(|(value, label, hint)| (value.to_owned(), label.to_owned(), hint.to_owned())).into()
}

/// What was decided, in words.
pub(crate) fn words(w: &Words, decision: &Decision) -> String {
    match decision {
        Decision::Warn { .. } => w.case.d_warn.to_owned(),
        Decision::Waive { code, .. } => {
            format!("{}: {}", w.case.d_waive, word::waiver(w, *code))
        }
        Decision::Refer { to, .. } => format!("{}: {}", w.case.d_refer, line(to)),
        Decision::NotMet { .. } => w.case.d_not_met.to_owned(),
    }
}
