//! Versions and revocation: the rules between objects with the same id (STIX 2.1 §3.6).

use crate::at::At;
use crate::finding::Finding;
use crate::object::Object;
use crate::rule::{self, Rule};
use crate::time::Moment;
use serde_json::Value;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasher as _, Hash as _, Hasher, RandomState};

/// Most objects of one input that are compared. They take about 25 MB of memory.
pub const MAX_TRACKED: usize = 229_000;

/// What is remembered of the objects of one input, to compare later ones with. Objects themselves
/// are not kept.
#[derive(Default)]
pub struct Versions {
    seen: HashMap<u64, Seen>,
    /// The digest of the content of each version, by a hash of its id and time.
    contents: HashMap<u64, u64>,
    hasher: RandomState,
    full: bool,
}

/// What is remembered of the versions with one id. Texts are kept as keyed hashes.
#[derive(Clone, Copy)]
struct Seen {
    created: Moment,
    creator: u64,
    latest: Moment,
    revoked: Option<Moment>,
}

impl Versions {
    /// Starts a new input.
    pub fn new() -> Versions {
        Versions::default()
    }

    /// Whether there were more than [`MAX_TRACKED`] objects, so that some were not compared.
    pub fn is_full(&self) -> bool {
        self.full
    }

    /// A digest of the content. `revoked: false` is the default and changes nothing (§3.6).
    fn digest(&self, object: &Object) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        let properties = object.properties().as_object().into_iter().flatten();
        for (name, value) in properties {
            if name != "revoked" || *value != Value::Bool(false) {
                name.hash(&mut hasher);
                feed(value, &mut hasher);
            }
        }
        hasher.finish()
    }

    /// Compares an object with the earlier ones of the same id, and remembers it. Objects without
    /// `created` or `modified`, and those after the first [`MAX_TRACKED`], give no findings.
    pub fn compare(&mut self, object: &Object) -> Vec<Finding> {
        let (Some(created), Some(modified)) = (object.created(), object.modified()) else {
            return Vec::new();
        };
        if self.contents.len() >= MAX_TRACKED {
            self.full = true;
            return Vec::new();
        }
        let now = Seen {
            created: created.moment(),
            creator: self.hasher.hash_one(object.text("created_by_ref")),
            latest: modified.moment(),
            revoked: object.is_revoked().then(|| modified.moment()),
        };
        let version = self.hasher.hash_one((object.id().as_str(), now.latest));
        let content = self.digest(object);
        let same = self.contents.insert(version, content).map(|before| before == content);
        match self.seen.entry(self.hasher.hash_one(object.id().as_str())) {
            Entry::Vacant(place) => {
                place.insert(now);
                Vec::new()
            }
            Entry::Occupied(mut place) => {
                let findings = differences(*place.get(), now, same);
                place.get_mut().take(now);
                findings
            }
        }
    }
}

/// Feeds a value to a hasher. Equal values give equal hashes, however they were written.
fn feed(value: &Value, hasher: &mut impl Hasher) {
    match value {
        Value::Null => hasher.write_u8(0),
        Value::Bool(b) => (1_u8, b).hash(hasher),
        // JSON does not distinguish 1.0 from 1.
        Value::Number(n) => (2_u8, n.as_f64().map(|n| (n + 0.0).to_bits())).hash(hasher),
        Value::String(text) => (3_u8, text).hash(hasher),
        Value::Array(list) => {
            (4_u8, list.len()).hash(hasher);
            for value in list {
                feed(value, hasher);
            }
        }
        Value::Object(map) => {
            (5_u8, map.len()).hash(hasher);
            for (name, value) in map {
                name.hash(hasher);
                feed(value, hasher);
            }
        }
    }
}

impl Seen {
    fn take(&mut self, now: Seen) {
        self.revoked = match (self.revoked, now.revoked) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        self.latest = self.latest.max(now.latest);
    }
}

/// The findings on one more version. `same` says whether this version has come before, and if so,
/// whether its content was the same.
fn differences(before: Seen, now: Seen, same: Option<bool>) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut add = |rule: &'static Rule, name: &str, message: &str| {
        found.push(Finding::new(rule, At::ROOT.name(name).to_string(), message));
    };
    match same {
        Some(true) => {
            add(&rule::DUPLICATE, "id", "occurs twice in this input, with the same content");
        }
        Some(false) => {
            let message = "an earlier object has this id and `modified`, but other content";
            add(&rule::VERSION_CONFLICT, "modified", message);
        }
        None => {}
    }
    if before.created != now.created {
        let message = "`created` differs from that of another version of this object";
        add(&rule::CREATED_CHANGED, "created", message);
    }
    if before.creator != now.creator {
        let message = "`created_by_ref` differs from that of another version of this object";
        add(&rule::CREATOR_CHANGED, "created_by_ref", message);
    }
    if before.revoked.is_some_and(|at| now.latest > at)
        || now.revoked.is_some_and(|at| before.latest > at)
    {
        add(
            &rule::AFTER_REVOKED,
            "modified",
            "there is a later version than the one that is revoked",
        );
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn version(modified: &str, change: &Value) -> Object {
        let mut object = json!({
            "type": "tool", "spec_version": "2.1", "id": "tool--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
            "created": "2017-12-15T09:30:00.000Z", "modified": modified, "name": "a",
            "created_by_ref": "identity--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"
        });
        for (name, value) in change.as_object().unwrap() {
            object[name] = value.clone();
        }
        crate::judge(object.to_string().as_bytes()).object.unwrap()
    }

    fn second(modified: &str, change: &Value) -> Vec<&'static str> {
        let mut versions = Versions::new();
        let first = version("2017-12-16T09:30:00.000Z", &json!({}));
        assert!(versions.compare(&first).is_empty());
        versions.compare(&version(modified, change)).into_iter().map(|f| f.rule).collect()
    }

    #[test]
    fn each_rule_between_versions_is_seen() {
        let (same, later) = ("2017-12-16T09:30:00.000Z", "2017-12-17T09:30:00.000Z");
        assert_eq!(second(later, &json!({"name": "b"})), [] as [&str; 0]);
        assert_eq!(second(same, &json!({})), ["duplicate"]);
        assert_eq!(second(same, &json!({"name": "b"})), ["version-conflict"]);
        assert_eq!(
            second(later, &json!({"created": "2017-12-15T09:30:00.001Z"})),
            ["created-changed"]
        );
        let other = "identity--9e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";
        assert_eq!(second(later, &json!({"created_by_ref": other})), ["creator-changed"]);
        // A default that is written out changes nothing. A version that differs by less than a
        // microsecond is another version.
        assert_eq!(second(same, &json!({"revoked": false})), ["duplicate"]);
        assert_eq!(second("2017-12-16T09:30:00.0000001Z", &json!({"name": "b"})), [] as [&str; 0]);
        // An earlier version that comes again is remembered too.
        let mut versions = Versions::new();
        for (time, name) in [(same, "a"), (later, "a")] {
            assert!(versions.compare(&version(time, &json!({"name": name}))).is_empty());
        }
        let again = versions.compare(&version(same, &json!({"name": "b"})));
        assert_eq!(again.first().map(|f| f.rule), Some("version-conflict"));
        // In either order: the revocation comes before the later version, or after it.
        assert_eq!(
            second("2017-12-15T10:30:00.000Z", &json!({"revoked": true})),
            ["version-after-revoked"]
        );
        let mut versions = Versions::new();
        assert!(versions.compare(&version(same, &json!({"revoked": true}))).is_empty());
        let found = versions.compare(&version(later, &json!({})));
        assert_eq!(found.first().map(|f| f.rule), Some("version-after-revoked"));
    }
}
