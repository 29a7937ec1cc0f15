//! Checks a value against the kind that its property has, and so on down to the innermost values.

use crate::at::At;
use crate::findings::{Findings, require};
use crate::hashes::check_hashes;
use crate::head::truth;
use crate::id::{BadId, StixId};
use crate::rule;
use crate::schema::{Form, Keys, Least, Prop, Shape, ValueKind};
use crate::text::shortened;
use crate::time::Timestamp;
use crate::vocabulary::Vocabulary;
use crate::{form, selector, time};
use serde_json::{Map, Value};

/// Checks an inner object against its shape. Findings there name the shape's clause.
pub(crate) fn check_shape(
    map: &Map<String, Value>,
    shape: &Shape,
    at: &At<'_>,
    found: &mut Findings<'_>,
) {
    let outer = std::mem::replace(&mut found.clause, shape.clause);
    for prop in shape.props {
        match map.get(prop.name) {
            Some(value) => check(value, prop.kind, &at.name(prop.name), found),
            None if prop.required => missing(prop, at, found),
            None => {}
        }
    }
    for (name, value) in map {
        if name != "extension_type" && !shape.props.iter().any(|prop| prop.name == name) {
            check_unknown(name, value, &at.name(name), found);
        }
    }
    check_least(map, shape.least, shape.props, at, found);
    found.clause = outer;
}

/// What is said of an object of another version of STIX.
const ONLY_2_1: &str = "only STIX 2.1 is read; ask its maker for that";

pub(crate) fn missing(prop: &Prop, at: &At<'_>, found: &mut Findings<'_>) {
    let mut message = format!("the required property `{}` is missing", prop.name);
    if prop.name == "modified" && at.property().is_none() {
        message = format!("{message}; it is taken to be the same as `created`");
        return found.add(&rule::MODIFIED, &at.name(prop.name), message);
    }
    if prop.name == "spec_version" {
        message = format!("{message}, as in STIX 2.0: {ONLY_2_1}");
    }
    found.add(&rule::REQUIRED, &at.name(prop.name), message);
}

pub(crate) fn check_least(
    map: &Map<String, Value>,
    least: Least,
    own: &[Prop],
    at: &At<'_>,
    found: &mut Findings<'_>,
) {
    match least {
        Least::Nothing => {}
        Least::Own => {
            let any =
                own.iter().any(|p| map.contains_key(p.name)) || map.contains_key("extensions");
            if !any {
                found.add(&rule::AT_LEAST_ONE, at, "needs at least one property of its own");
            }
        }
        Least::OneOf(names) => {
            if !names.iter().any(|name| map.contains_key(*name)) {
                let message = format!("needs at least one of: {}", names.join(", "));
                found.add(&rule::AT_LEAST_ONE, at, message);
            }
        }
    }
}

/// Checks a property that the standard does not define here. Its name and value must still follow
/// the rules for all properties.
pub(crate) fn check_unknown(name: &str, value: &Value, at: &At<'_>, found: &mut Findings<'_>) {
    if !is_property_name(name) {
        let message = format!(
            "`{name}` is not a property's name: 3 to 250 of a-z, 0-9 and _, a letter first"
        );
        found.add(&rule::PROPERTY_NAME, at, message);
    }
    if name.ends_with("_hex") {
        check(value, ValueKind::Form(&form::HEX), at, found);
    } else if name.ends_with("_bin") {
        check(value, ValueKind::Form(&form::BINARY), at, found);
    } else {
        check_any(value, at, found);
    }
}

pub(crate) fn is_property_name(name: &str) -> bool {
    (3..=250).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'))
}

/// Checks that a value is neither null nor an empty list (§2.12, §3.1). Deeper inside a value that
/// the standard does not define, both give a warning only, since published collections have them
/// there.
fn check_any(value: &Value, at: &At<'_>, found: &mut Findings<'_>) {
    match value {
        Value::Null => found.add(&rule::NULL, at, "must not be null; leave it out"),
        Value::Array(list) if list.is_empty() => found.empty_list(at),
        value => check_inside(value, at, found),
    }
}

fn check_inside(value: &Value, at: &At<'_>, found: &mut Findings<'_>) {
    let mut inner = |value: &Value, at: &At<'_>| match value {
        Value::Null => found.add(&rule::CUSTOM_VALUE, at, "should not be null; leave it out"),
        Value::Array(list) if list.is_empty() => {
            found.add(&rule::CUSTOM_VALUE, at, "a list should not be empty; leave it out");
        }
        value => check_inside(value, at, found),
    };
    match value {
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(n, value)| inner(value, &at.index(n)));
        }
        Value::Object(map) => map.iter().for_each(|(name, value)| inner(value, &at.name(name))),
        _ => {}
    }
}

pub(crate) fn check(value: &Value, kind: ValueKind, at: &At<'_>, found: &mut Findings<'_>) {
    match kind {
        ValueKind::Any => check_any(value, at, found),
        ValueKind::Text => require(value.is_string(), "a string", value, at, found),
        // Its decimal point stands where that of the text does.
        ValueKind::Enum(["2.1"]) if value.as_f64() == Some(2.1) => {
            let message = "is a number; expected the string \"2.1\"";
            found.add(&rule::SPEC_VERSION_NUMBER, at, message);
        }
        ValueKind::Bool if value.is_string() && truth(value).is_some() => {
            found.add(
                &rule::BOOLEAN_TEXT,
                at,
                "is a string; expected true or false without quotes",
            );
        }
        ValueKind::Bool => require(value.is_boolean(), "true or false", value, at, found),
        ValueKind::TextOrInt => {
            require(
                value.is_string() || whole(value).is_some(),
                "a string or an integer",
                value,
                at,
                found,
            );
        }
        ValueKind::Int(low, high) => check_int(value, low, high, at, found),
        ValueKind::Num(low, high) => check_num(value, low, high, at, found),
        ValueKind::Dict => check_dict(value, None, ValueKind::Any, at, found),
        ValueKind::Keyed(keys, of) => check_dict(value, Some(keys), *of, at, found),
        ValueKind::Hashes => check_hashes(value, false, at, found),
        ValueKind::KnownHashes => check_hashes(value, true, at, found),
        ValueKind::List(of) => check_list(value, *of, at, found),
        ValueKind::TextOrTexts if value.is_array() => check_list(value, ValueKind::Text, at, found),
        ValueKind::TextOrTexts => {
            require(value.is_string(), "a string or a list of strings", value, at, found);
        }
        ValueKind::Shape(shape) => match value.as_object() {
            Some(map) => check_shape(map, shape, at, found),
            None => require(false, "an object", value, at, found),
        },
        // These are at the top level of an object only, where its own checks judge them.
        ValueKind::Extensions | ValueKind::Container => {}
        _ => match value.as_str() {
            Some(text) => check_text(text, kind, at, found),
            None => require(false, "a string", value, at, found),
        },
    }
}

/// Checks the kinds that are strings of a certain form.
fn check_text(text: &str, kind: ValueKind, at: &At<'_>, found: &mut Findings<'_>) {
    match kind {
        ValueKind::Time | ValueKind::TimeMillis | ValueKind::TimeSeconds => {
            check_time(text, kind, at, found);
        }
        ValueKind::Form(form) => check_form(text, form, at, found),
        ValueKind::Ref(types) => check_ref(text, types, at, found),
        ValueKind::RefBut(types) => check_ref_but(text, types, at, found),
        ValueKind::Enum(allowed) if !allowed.contains(&text) => {
            let mut message =
                format!("`{}` is not one of: {}", shortened(text), allowed.join(", "));
            if at.property() == Some(("spec_version", false)) {
                message = format!("{message}; {ONLY_2_1}");
            }
            found.add(&rule::ENUM, at, message);
        }
        ValueKind::Open(vocabulary) => check_open(text, vocabulary, at, found),
        ValueKind::Cased(rule) if !form::is_cased(text) => {
            let text = shortened(text);
            let message = format!("`{text}` should be in lower case, with hyphens between words");
            found.add(rule, at, message);
        }
        ValueKind::Selector => check_selector(text, at, found),
        _ => {}
    }
}

fn check_selector(text: &str, at: &At<'_>, found: &mut Findings<'_>) {
    let message = match selector::steps(text) {
        None => {
            format!("`{}` is not a selector such as external_references.[0].url", shortened(text))
        }
        Some(steps) if !selector::resolves(found.whole, &steps) => {
            format!("the selector `{}` points at nothing in the object", shortened(text))
        }
        Some(_) => return,
    };
    found.add(&rule::SELECTOR, at, message);
}

/// The rules that a defanged observable may break.
const DEFANGED: &[&str] = &["url", "domain-name", "email-address", "ipv4", "ipv6", "mac"];

fn check_form(text: &str, form: &'static Form, at: &At<'_>, found: &mut Findings<'_>) {
    let excused = found.defanged && DEFANGED.contains(&form.rule.code);
    if !(form.fits)(text) && !excused {
        found.add(form.rule, at, format!("`{}` is not {}", shortened(text), form.expected));
    }
}

fn check_time(text: &str, kind: ValueKind, at: &At<'_>, found: &mut Findings<'_>) {
    if let Err(e) = time::read(text) {
        if let Ok(time) = Timestamp::parse_any(text) {
            let text = shortened(text);
            let message = format!("`{text}` is not in UTC with Z; it is the same as {time}");
            return found.add(&rule::TIMESTAMP_OFFSET, at, message);
        }
        return found.add(&rule::TIMESTAMP, at, e.to_string());
    }
    match kind {
        ValueKind::TimeMillis if time::digits(text) < 3 => {
            found.add(
                &rule::MILLISECONDS,
                at,
                "must be given to the millisecond, such as …:00.000Z",
            );
        }
        ValueKind::TimeSeconds if time::digits(text) > 0 => {
            found.add(&rule::WHOLE_SECONDS, at, "must be given to the second, without a fraction");
        }
        _ => {}
    }
}

fn check_open(text: &str, vocabulary: &Vocabulary, at: &At<'_>, found: &mut Findings<'_>) {
    if vocabulary.values.contains(&text) {
        return;
    }
    let message = format!("`{}` is not in {}", shortened(text), vocabulary.name);
    found.add(&rule::VOCABULARY, at, message);
    if !form::is_cased(text) {
        let message =
            format!("`{}` should be in lower case, with hyphens between words", shortened(text));
        found.add(&rule::VOCABULARY_CASE, at, message);
    }
}

/// The type of the object that a reference is to.
fn type_of<'t>(text: &'t str, at: &At<'_>, found: &mut Findings<'_>) -> Result<&'t str, BadId> {
    let (name, is_of_rfc_4122) = StixId::looked_at(text)?;
    if !is_of_rfc_4122 {
        found.uuid(text, at);
    }
    Ok(name)
}

fn check_ref(text: &str, types: &[&str], at: &At<'_>, found: &mut Findings<'_>) {
    // Markings are never in the container.
    if let Some(container) = found.container.filter(|_| types != ["marking-definition"]) {
        return resolve(text, types, container, at, found);
    }
    match type_of(text, at, found) {
        Err(e) => found.add(&rule::IDENTIFIER, at, e.to_string()),
        Ok(name) if types.is_empty() || types.contains(&name) => {}
        Ok(name) => {
            let message = format!("refers to `{name}`; expected {}", types.join(" or "));
            found.add(&rule::REFERENCE_TYPE, at, message);
        }
    }
}

fn check_ref_but(text: &str, types: &[&str], at: &At<'_>, found: &mut Findings<'_>) {
    if let Some(container) = found.container {
        return resolve(text, &[], container, at, found);
    }
    match type_of(text, at, found) {
        Err(e) => found.add(&rule::IDENTIFIER, at, e.to_string()),
        Ok(name) if types.contains(&name) => {
            found.add(&rule::REFERENCE_TYPE, at, format!("must not refer to a `{name}`"));
        }
        Ok(_) => {}
    }
}

/// Checks a reference inside a container: it must be the key of an object there of one of these
/// types.
fn resolve(
    key: &str,
    types: &[&str],
    container: &Map<String, Value>,
    at: &At<'_>,
    found: &mut Findings<'_>,
) {
    let Some(target) = container.get(key) else {
        let message = format!("`{}` is not a key of the same container", shortened(key));
        return found.add(&rule::CONTAINER_REFERENCE, at, message);
    };
    let name = target.get("type").and_then(Value::as_str).unwrap_or_default();
    if !types.is_empty() && !types.contains(&name) {
        let message = format!("refers to `{}`; expected {}", shortened(name), types.join(" or "));
        found.add(&rule::CONTAINER_REFERENCE, at, message);
    }
}

fn check_dict(
    value: &Value,
    keys: Option<&Keys>,
    of: ValueKind,
    at: &At<'_>,
    found: &mut Findings<'_>,
) {
    let Some(map) = value.as_object() else {
        return require(false, "a dictionary", value, at, found);
    };
    if map.is_empty() {
        return found.empty_dictionary(at);
    }
    for (key, value) in map {
        let at = at.name(key);
        check_key(key, keys.is_none(), &at, found);
        if let Some(keys) = keys.filter(|keys| !(keys.fits)(key)) {
            found.add(keys.rule, &at, format!("`{}` is not {}", shortened(key), keys.expected));
        }
        check(value, of, &at, found);
    }
}

/// Checks the key of a dictionary (§2.3). Keys that are names of another standard keep their case.
fn check_key(key: &str, lower: bool, at: &At<'_>, found: &mut Findings<'_>) {
    let plain = key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    if !plain || !(1..=250).contains(&key.len()) {
        let message =
            format!("`{}` is not a key: 1 to 250 of a-z, A-Z, 0-9, - and _", shortened(key));
        found.add(&rule::DICTIONARY_KEY, at, message);
    } else if lower && key.bytes().any(|b| b.is_ascii_uppercase()) {
        found.add(&rule::DICTIONARY_CASE, at, format!("the key `{key}` should be in lower case"));
    }
}

fn check_list(value: &Value, of: ValueKind, at: &At<'_>, found: &mut Findings<'_>) {
    let Some(list) = value.as_array() else {
        return require(false, "a list", value, at, found);
    };
    if list.is_empty() {
        found.empty_list(at);
    }
    for (n, element) in list.iter().enumerate() {
        check(element, of, &at.index(n), found);
    }
}

/// The integer that a JSON number stands for. JSON does not distinguish 1.0 from 1.
#[expect(clippy::cast_possible_truncation, reason = "integral and within 2^53 - 1")]
pub(crate) fn whole(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_f64().filter(|n| n.fract() == 0.0).map(|n| n as i64))
}

fn check_int(value: &Value, low: i64, high: i64, at: &At<'_>, found: &mut Findings<'_>) {
    match whole(value) {
        Some(n) if (low..=high).contains(&n) => {}
        Some(n) => found.add(&rule::RANGE, at, format!("{n} is not between {low} and {high}")),
        None => require(false, "an integer", value, at, found),
    }
}

fn check_num(value: &Value, low: f64, high: f64, at: &At<'_>, found: &mut Findings<'_>) {
    match value.as_f64() {
        Some(n) if (low..=high).contains(&n) => {}
        Some(n) => found.add(&rule::RANGE, at, format!("{n} is not between {low} and {high}")),
        None => require(false, "a number", value, at, found),
    }
}
