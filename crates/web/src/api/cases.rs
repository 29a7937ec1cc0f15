//! `GET /api/v1/cases`, `…/{number}`, `…/{number}/preview`.

use crate::app::App;
use crate::problem::Problem;
use axum::Json;
use axum::extract::{Path, State};
use forewarn_exchange::Refusal;
use forewarn_exchange::case::{Case, Sent};
use forewarn_exchange::draft::Draft;
use forewarn_node::{Failure, Node, clock};
use forewarn_store::Db;
use serde_json::{Value, json};

pub(crate) async fn list(State(node): State<App>) -> Result<Json<Vec<Value>>, Problem> {
    let now = clock::now();
    let cases = node.read(|db, _| Ok(db.cases()?)).await?;
    let line = |case: &Case| {
        json!({
            "number": case.number, "partner": case.partner, "urgency": case.urgency,
            "status": case.status, "stage": case.stage_name(), "opened": case.opened,
            "due": case.due, "overdue": case.clock_runs() && now > case.due,
            "items": case.items.len(), "open_questions": case.talk.open_questions().len(),
        })
    };
    Ok(Json(cases.iter().map(line).collect()))
}

pub(crate) async fn one(
    State(node): State<App>,
    Path(number): Path<i64>,
) -> Result<Json<Value>, Problem> {
    let now = clock::now();
    let shown = node
        .read(move |db, node| {
            let case = db.case(number)?.ok_or_else(|| Refusal::unknown("case", number))?;
            let delivered = delivered(&db, node, &case)?;
            Ok(json!({
                "overdue": case.clock_runs() && now > case.due, "stage_name": case.stage_name(),
                "matches": db.matches_of_case(number)?, "delivered": delivered,
                "history": db.history(&format!("case-{number}"))?, "case": case,
            }))
        })
        .await?;
    Ok(Json(shown))
}

/// For each release: whether the partner's receipt covers it; of a partner that runs no node,
/// whether its account has fetched it.
fn delivered(db: &Db<'_>, node: &Node, case: &Case) -> Result<Vec<bool>, Failure> {
    if db.partner(&case.partner)?.is_some_and(|partner| partner.without_node) {
        let outlets = node.us.outlets.get(&case.partner).cloned().unwrap_or_default();
        let fetched = |sent: &Sent| {
            outlets.iter().try_fold(false, |any, outlet| {
                let added = db.added_at(*outlet, &report_id(sent), sent.at.micros())?;
                let fetched = db.fetched(*outlet)?;
                Ok(any || added.is_some_and(|added| added <= fetched))
            })
        };
        return case.sent().iter().map(fetched).collect();
    }
    let Some(log) = db.log_with(&case.partner, true)? else { return Ok(Vec::new()) };
    let receipted = db.newest_receipt(&log)?.map_or(0, |(size, _)| size);
    Ok(case.sent().iter().map(|sent| sent.entry.index < receipted).collect())
}

/// The id of the report that a release's bundle holds.
fn report_id(sent: &Sent) -> String {
    let bundle: Value = serde_json::from_str(&sent.draft.bundle).unwrap_or_default();
    let objects = bundle.get("objects").and_then(Value::as_array);
    let report = objects.into_iter().flatten().find(|one| one["type"] == "report");
    report.and_then(|one| one.get("id")?.as_str()).unwrap_or_default().to_owned()
}

/// Computed by the code that releases: the exact bytes, their digest, and what the gate says.
pub(crate) async fn preview(
    State(node): State<App>,
    Path(number): Path<i64>,
) -> Result<Json<Value>, Problem> {
    let shown = node
        .read(move |db, node| {
            let case = db.case(number)?.ok_or_else(|| Refusal::unknown("case", number))?;
            let partner = db.partner(&case.partner)?;
            let partner = partner.ok_or_else(|| Refusal::unknown("partner", &case.partner))?;
            let judged = case.judge(&partner, &node.us.organisation);
            let Some(Draft { title, tlp, digest, by, bundle, withheld, valid_until, .. }) =
                case.pending()
            else {
                return Err(judged
                    .err()
                    .unwrap_or_else(|| Refusal::unknown("draft", number))
                    .into());
            };
            let objections = judged.err();
            Ok(json!({
                "case": number, "to": partner.name(), "ceiling": partner.ceiling, "title": title,
                "tlp": tlp, "digest": digest, "drafted_by": by, "valid_until": valid_until,
                "passes": objections.is_none(), "objection": objections, "withheld": withheld,
                "bundle": bundle,
            }))
        })
        .await?;
    Ok(Json(shown))
}
