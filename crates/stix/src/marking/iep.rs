//! Marking definitions that carry a FIRST Information Exchange Policy 2.0, by the OASIS draft
//! `extension-definition--762e2e97-ee51-43e5-a9ea-165fbb862c4a`.

use super::Tlp;
use serde_json::Value;

/// The id of the OASIS draft by which IEP markings are defined.
pub const IEP_EXTENSION: &str = "extension-definition--762e2e97-ee51-43e5-a9ea-165fbb862c4a";

/// The policy in a marking definition; `None` when it carries none.
pub fn policy(definition: &Value) -> Option<&Value> {
    let is_definition =
        definition.get("type").and_then(Value::as_str) == Some("marking-definition");
    definition.get("extensions")?.get(IEP_EXTENSION).filter(|_| is_definition)
}

/// The level of a marking definition that carries a policy: what the policy states in `tlp`, where
/// `white` is TLP 1's word for clear. `None` when it carries no policy, or states no level.
pub(super) fn level(definition: &Value) -> Option<Tlp> {
    // Any other extension may restrict it further.
    if definition.get("extensions")?.as_object()?.len() != 1 {
        return None;
    }
    match policy(definition)?.get("tlp")?.as_str()? {
        "red" => Some(Tlp::Red),
        "amber" => Some(Tlp::Amber),
        "green" => Some(Tlp::Green),
        "white" => Some(Tlp::Clear),
        _ => None,
    }
}
