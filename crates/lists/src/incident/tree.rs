//! JSON as the same kind of tree that XML is: each field an element, a list the same element more than
//! once. What is an attribute in XML and a field in JSON is found by one name.

use forewarn_cap::tree::Element;
use serde_json::Value;

/// Deepest nesting that is read.
const MAX_DEPTH: usize = 24;

/// A value as an element of this name.
pub(super) fn of_json(name: &str, value: &Value, depth: usize) -> Element {
    let mut element = Element { name: name.to_owned(), line: 1, ..Element::default() };
    match value {
        Value::Object(fields) if depth < MAX_DEPTH => {
            for (key, value) in fields {
                match value {
                    Value::Array(all) => {
                        let all = all.iter().map(|one| of_json(key, one, depth + 1));
                        element.children.extend(all);
                    }
                    Value::Null => {}
                    one => element.children.push(of_json(key, one, depth + 1)),
                }
            }
        }
        Value::String(text) => element.text.clone_from(text),
        Value::Null => {}
        // What is deeper is kept as it is written.
        Value::Object(_) | Value::Array(_) | Value::Bool(_) | Value::Number(_) => {
            element.text = value.to_string();
        }
    }
    element
}

/// An attribute, or the text of an element of this name.
pub(super) fn said(element: &mut Element, name: &str) -> Option<String> {
    let attribute = element.attribute(name).filter(|text| !text.is_empty());
    attribute.or_else(|| element.text(name))
}

/// The element's own text: in JSON it stands in a field.
pub(super) fn own(element: &mut Element) -> String {
    let text = std::mem::take(&mut element.text);
    if text.is_empty() { element.text("value").unwrap_or_default() } else { text }
}
