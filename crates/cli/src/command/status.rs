//! `forewarn status`.

use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use forewarn_stix::Timestamp;
use forewarn_view::status::NodeStatus;
use serde_json::{Value, json};

pub(crate) async fn run(context: &Context) -> Result<(), Failed> {
    let cases = context.client.get("/api/v1/cases").await?;
    let warnings = context.client.get("/api/v1/warnings").await?;
    let logs = context.client.get("/api/v1/channels").await?;
    let contradictions = context.client.get("/api/v1/contradictions").await?;
    let contradictions = contradictions.as_array().map_or(0, Vec::len);
    let count = |list: &Value, test: &dyn Fn(&Value) -> bool| {
        list.as_array().into_iter().flatten().filter(|one| test(one)).count()
    };
    let is = |one: &Value, pointer: &str, value: Value| one.pointer(pointer) == Some(&value);
    let closed = ["released", "closed", "recalled"];
    let open = count(&cases, &|c| !closed.iter().any(|stage| is(c, "/stage", json!(stage))));
    let overdue = count(&cases, &|c| is(c, "/overdue", json!(true)));
    let questions = count(&cases, &|c| !is(c, "/open_questions", json!(0)));
    let new = count(&warnings, &|w| is(w, "/standing/standing", json!("new")));
    let waiting: u64 = logs
        .as_array()
        .into_iter()
        .flatten()
        .filter(|log| is(log, "/ours", json!(true)))
        .map(|log| {
            let number = |name: &str| log.get(name).and_then(Value::as_u64).unwrap_or(0);
            number("size") - number("receipted").min(number("size"))
        })
        .sum();
    let trial = context.client.get("/api/v1/interests/trial").await?;
    let node = context.client.get("/api/v1/status").await?;
    let node: NodeStatus =
        serde_json::from_value(node).map_err(|e| Failed::internal(e.to_string()))?;
    let value = json!({
        "trial": trial,
        "cases_open": open, "cases_overdue": overdue, "cases_with_open_questions": questions,
        "warnings_new": new, "entries_waiting": waiting,
        "contradictions": contradictions, "node": node,
    });
    let mut sentence = format!(
        "{open} cases open, {overdue} of them overdue; {questions} with open questions\n\
         {new} warnings that nobody has opened\n{waiting} entries wait for a partner's receipt"
    );
    if let Some(words) = tried(&trial) {
        sentence = format!("{sentence}\n{words}");
    }
    for words in node.words() {
        sentence = format!("{sentence}\n{words}");
    }
    if contradictions > 0 {
        sentence = format!(
            "LOGS WERE WRITTEN TWICE: {contradictions} proofs are kept; \
             `forewarn channel contradictions` shows them\n{sentence}"
        );
    }
    output::answer(context.json, &value, sentence)
}

/// How far new interests have been tried against what is stored; nothing when all have.
fn tried(trial: &Value) -> Option<String> {
    let number = |name: &str| trial.get(name).and_then(Value::as_i64);
    let waiting = number("waiting")?;
    let (from, at, until) = (number("from")?, number("at")?, number("until")?);
    let part = 100 * (at - from) / (until - from).max(1);
    let time = |micros| Timestamp::from_micros(micros).map(String::from).unwrap_or_default();
    Some(if until == 0 {
        format!("{waiting} new interests wait to be tried against what is stored")
    } else {
        let (at, from) = (time(at), time(from));
        format!(
            "{waiting} new interests are tried against what is stored since {from}: at {at}, {part} % \
             of the time"
        )
    })
}
