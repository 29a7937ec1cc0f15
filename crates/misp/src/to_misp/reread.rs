//! Whether an event says all that its objects say: it is converted again, and compared.

use super::{Bundle, text};
use crate::loss::{Losses, below};
use crate::to_stix::to_stix;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// Names what the objects that events took say beyond the events.
pub(super) fn compare(bundle: &Bundle<'_>, events: &[Map<String, Value>], losses: &mut Losses) {
    if events.is_empty() {
        return;
    }
    let mut again: HashMap<String, Map<String, Value>> = HashMap::new();
    for event in events {
        let event = json!({ "Event": event });
        let Ok(made) = to_stix(event.to_string().as_bytes()) else { continue };
        for object in made.objects {
            if let Value::Object(object) = object {
                again.insert(text(&object, "id").to_owned(), object);
            }
        }
    }
    for (n, object) in bundle.objects.iter().enumerate() {
        let at = format!("/objects/{n}");
        match again.get(text(object, "id")) {
            Some(other) => {
                bundle.take(text(object, "id"));
                for (key, value) in object {
                    if other.get(key).is_none_or(|other| !is_same(value, other)) {
                        losses.add(below(&at, key), "is not as the event says it");
                    }
                }
            }
            None if bundle.is_taken(n) => {
                losses.add(at, format!("`{}` does not follow from the event", text(object, "id")));
            }
            None => {}
        }
    }
}

/// Whether two values say the same: lists of ids and labels have no order.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().all(|value| other.contains(value))
        }
        _ => one == other,
    }
}
