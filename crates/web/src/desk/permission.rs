//! `/desk/cases/{number}/permission/{request}`: a partner asks whether it may pass parts of our warning
//! on. What is ticked is permitted; what is not is denied, and silence grants nothing.

use super::draft::{WEEK, typed_time};
use super::form::{FormShown, Trouble, answered, status};
use super::known::{self, Read};
use super::paper::Sheet;
use super::posted::{Fields, Form, Posted, Wrong};
use super::reader::Reader;
use super::show::{block, line};
use super::texts::{Words, fill};
use super::unsent::Unsent;
use crate::app::App;
use crate::path::Path;
use crate::problem::Problem;
use axum::extract::State;
use axum::response::Response;
use forewarn_exchange::Refusal;
use forewarn_exchange::act::DutyAct;
use forewarn_exchange::gate::SetAside;
use forewarn_exchange::id::CaseNumber;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::permission::{Grant, Part, Request, Verdict};
use forewarn_view::talk::SaidWhat;

/// What is permitted, or nothing, and why.
pub(crate) struct Answered(Verdict);

impl Form for Answered {
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<Answered> {
        let parts: Vec<Part> = fields.all("parts").filter_map(|one| one.parse().ok()).collect();
        let recipients: Vec<NodeName> =
            fields.all("recipients").filter_map(|one| NodeName::parse(one).ok()).collect();
        if parts.is_empty() && recipients.is_empty() {
            let reason = fields.needed("reason", wrong);
            return Some(Answered(Verdict { grants: Vec::new(), reason }));
        }
        for (field, none) in [("parts", parts.is_empty()), ("recipients", recipients.is_empty())] {
            if none {
                wrong.push(Wrong { field, words: |w| w.form.choose });
            }
        }
        let until = fields.time("until", wrong)?;
        let conditions = fields.text("conditions");
        let grants = vec![Grant { parts, recipients, conditions, until }];
        Some(Answered(Verdict { grants, reason: fields.text("reason") }))
    }
}

pub(crate) async fn show(
    State(node): State<App>,
    reader: Reader,
    Path((case, request)): Path<(CaseNumber, u64)>,
    Unsent(typed): Unsent,
) -> Result<Response, Problem> {
    page(&node, &reader, (case, request), &typed, None).await
}

pub(crate) async fn answer(
    State(node): State<App>,
    Path((case, request)): Path<(CaseNumber, u64)>,
    posted: Posted<Answered>,
) -> Result<Response, Problem> {
    let act = |Answered(verdict)| DutyAct::Permit {
        case,
        request,
        verdict,
        set_aside: SetAside::default(),
    };
    let tried = posted.does(&node, act).await?;
    tried
        .lead(format!("/desk/cases/{case}"), async |reader, typed, trouble| {
            page(&node, &reader, (case, request), &typed, trouble).await
        })
        .await
}

async fn page(
    node: &App,
    reader: &Reader,
    (number, index): (CaseNumber, u64),
    typed: &Fields,
    trouble: Option<Trouble>,
) -> Result<Response, Problem> {
    let read = known::read(node, reader, number).await?;
    let (w, status) = (reader.w, status(trouble.as_ref()));
    let p = &w.permit;
    let asked = asked(&read, index).ok_or_else(|| Refusal::unknown("request", index))?;
    let typed = typed.or(Fields::of([("until", typed_time(&read.now.plus_minutes(WEEK)))]));
    let at = format!("/desk/cases/{number}/permission/{index}");
    let named = |name: &dyn ToString| (name.to_string(), line(&name.to_string()), String::new());
    let form = FormShown::new(reader, at, fill(p.button, &[&read.shown.case.partner]))
        .again(&typed, trouble)
        .ticks("parts", (p.parts, p.parts_hint), asked.parts.iter().map(|one| named(one)))
        .ticks("recipients", (p.to, ""), asked.recipients.iter().map(|one| named(one)))
        .text("conditions", p.conditions, w.form.optional)
        .line("until", w.form.until, p.until_hint)
        .text("reason", p.reason, p.reason_hint)
        .leaves()
        .after(p.after)
        .back(format!("/desk/cases/{number}"), fill(w.send.send_back, &[&number]));
    let sheet =
        Sheet { heading: p.asked.to_owned(), text: block(&asked.reason), ..Sheet::default() };
    let heading = fill(p.heading, &[&read.shown.case.partner]);
    let frame = read.frame(node, reader, heading);
    Ok(answered(&read.form_page(w, frame, (p.lead, form), vec![sheet]), status))
}

/// What the partner asks for in that entry.
fn asked(read: &Read, index: u64) -> Option<&Request> {
    let asked = read.shown.case.talk.iter().find(|one| !one.ours && one.entry.index == index)?;
    match &asked.what {
        SaidWhat::PermissionAsked { request, .. } => Some(request),
        _ => None,
    }
}

/// What the action is called on the watch.
pub(super) fn action(w: &Words, case: CaseNumber) -> String {
    fill(w.permit.action, &[&case])
}
