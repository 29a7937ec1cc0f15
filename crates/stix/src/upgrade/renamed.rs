//! Properties of observables that have another name in STIX 2.1, and which it does not have.

use crate::types;
use serde_json::{Map, Value};

/// Each with its type, its name in STIX 2.0 and that in STIX 2.1 (§6.3, §6.7, §6.13, §6.16, §6.17).
pub(super) const RENAMED: &[(&str, &str, &str)] = &[
    ("directory", "created", "ctime"),
    ("directory", "modified", "mtime"),
    ("directory", "accessed", "atime"),
    ("file", "created", "ctime"),
    ("file", "modified", "mtime"),
    ("file", "accessed", "atime"),
    ("process", "created", "created_time"),
    ("process", "binary_ref", "image_ref"),
    ("user-account", "password_last_changed", "credential_last_changed"),
    ("windows-registry-key", "modified", "modified_time"),
];

/// Renames the properties of an observable. Says whether any was.
pub(super) fn rename(kind: &str, object: &mut Map<String, Value>) -> bool {
    let mut is_changed = false;
    for (_, old, new) in RENAMED.iter().filter(|(of, _, _)| *of == kind) {
        if !object.contains_key(*new)
            && let Some(value) = object.remove(*old)
        {
            object.insert((*new).to_owned(), value);
            is_changed = true;
        }
    }
    is_changed
}

/// The properties of an object that STIX 2.1 does not have for its type.
pub(super) fn unknown(kind: &str, object: &Map<String, Value>) -> Vec<String> {
    let Some(known) = types::find(kind) else { return Vec::new() };
    let is_custom = |name: &&String| name.starts_with("x_") || name.as_str() == "extensions";
    let all = object.keys().filter(|name| !is_custom(name) && known.prop(name).is_none());
    all.cloned().collect()
}
