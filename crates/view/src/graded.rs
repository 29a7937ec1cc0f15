//! What a warning says beside its words: how grave and how sure, how it is to be handled, and its
//! objects.

use crate::case::tlp;
use crate::text;
use forewarn_exchange::extension::{Graded, TearLineRead};
use forewarn_exchange::handling::HandlingCode;
use forewarn_stix::bundle;
use serde_json::Value;

/// Lines for all of it, from the bundle as the sender wrote it. The text of a warning from a node of
/// ours says the same in words; here it stands as what it is.
pub fn lines(bundle: &Value) -> Vec<String> {
    let graded = Graded::read(bundle);
    let mut lines: Vec<String> = Vec::new();
    let graves = [
        graded.severity.map(|one| format!("severity {}", one.name())),
        graded.certainty.map(|one| format!("certainty {}", one.name())),
    ];
    let graves: Vec<String> = graves.into_iter().flatten().collect();
    if !graves.is_empty() {
        lines.push(format!("  {}", graves.join(", ")));
    }
    lines.extend(graded.likelihood.map(|one| format!("  likelihood: {}", one.words())));
    lines.extend(graded.confidence.map(|one| format!("  confidence: {one}")));
    lines.extend(graded.times.iter().map(|one| format!("  when: {}", text::line(one))));
    lines.extend(handling(&graded));
    lines.extend(bundle::objects(bundle).filter_map(object));
    lines.extend(
        TearLineRead::read(bundle).iter().map(|line| {
            format!("MAY BE PASSED ON as {}: {}", tlp(line.tlp), text::block(&line.text))
        }),
    );
    lines
}

fn handling(graded: &Graded) -> Vec<String> {
    let mut lines = Vec::new();
    for code in &graded.handling {
        let words = match code {
            HandlingCode::H3 => text::line(&graded.handling_text),
            HandlingCode::H0 | HandlingCode::H1 | HandlingCode::H2 => code.words().to_owned(),
        };
        lines.push(format!("  HANDLING {code}: {words}"));
    }
    lines.extend(graded.unknown_handling.iter().map(|code| {
        let code = text::line(code);
        format!("  HANDLING {code}: not known here; ask the sender before you do anything with it")
    }));
    lines.extend(graded.pap.map(|pap| format!("  PERMISSIBLE ACTIONS: {pap}")));
    lines.extend(graded.iep.as_ref().map(|policy| {
        let field = |name: &str| text::or_none(policy.get(name), text::value);
        format!(
            "  POLICY (IEP 2.0): actions {}, notify affected parties {}, attribution {}",
            field("permitted_actions"),
            field("affected_party_notifications"),
            field("provider_attribution"),
        )
    }));
    lines
}

/// What the reader should know of one of the bundle's objects.
fn object(object: &Value) -> Option<String> {
    let field = |name| text::or_none(object.get(name), text::value);
    match object.get("type")?.as_str()? {
        "location" => Some(format!("  place: {} ({})", field("name"), field("country"))),
        "indicator" => Some(format!("  watch for: {}", field("pattern"))),
        "vulnerability" => Some(format!("  vulnerability: {}", field("name"))),
        "incident" => Some(format!("  incident: {}", field("name"))),
        // Our partner itself is the one whom nobody has made.
        "identity" if object.get("created_by_ref").is_some() => {
            let kind = if object.get("sectors").is_some() { "sector" } else { "against" };
            Some(format!("  {kind}: {}", field("name")))
        }
        "observed-data" => Some(format!(
            "  observed {} times, from {} to {}",
            field("number_observed"),
            field("first_observed"),
            field("last_observed"),
        )),
        _ => None,
    }
}
