//! How both `case show` and `warning show` print what was said.

use crate::failure::Failed;
use crate::output;
use serde_json::Value;

/// Every statement, a line each.
pub(super) fn print(talk: Option<&Value>) -> Result<(), Failed> {
    let said = talk.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    for one in said {
        let cell = |pointer| output::cell(one, pointer);
        let whose = if one.get("ours") == Some(&Value::Bool(true)) { "we" } else { "they" };
        output::line(format!("  {}  {whose} ({}): {}", cell("/at"), cell("/by"), words(one)))?;
    }
    Ok(())
}

fn words(said: &Value) -> String {
    let what = said.get("what").cloned().unwrap_or_default();
    let cell = |pointer| output::cell(&what, pointer);
    let place = output::cell(said, "/entry/index");
    match what.get("what").and_then(Value::as_str).unwrap_or_default() {
        "question" => {
            format!("question at entry {place}: {} (answer due {})", cell("/text"), cell("/due"))
        }
        "answer" => format!("answer to entry {}: {}", cell("/question"), cell("/text")),
        "accepted" => format!("accepted. {}", cell("/note")),
        "declined" => format!("declined: {}", cell("/reason")),
        "outcome" => format!("outcome: {}. {}", facts(&what), cell("/text")),
        "thanks" => format!("thanks, to {}: {}", cell("/to"), cell("/text")),
        "action" => format!("action: {}", cell("/text")),
        "recall-answered" => format!("recall answered: {}. {}", cell("/answer"), cell("/text")),
        "refused" => format!("could not understand us: {}", cell("/reason")),
        other => other.to_owned(),
    }
}

fn facts(what: &Value) -> String {
    let list = what.get("facts").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let fact = |fact: &Value| {
        let on = fact.get("on").and_then(Value::as_str);
        let on = on.map(|day| format!(" on {day}")).unwrap_or_default();
        format!("{} {}{on}", output::cell(fact, "/count"), output::cell(fact, "/kind"))
    };
    list.iter().map(fact).collect::<Vec<_>>().join(", ")
}
