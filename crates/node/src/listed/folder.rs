//! What stands on a shelf as a feed of MISP: `manifest.json`, `hashes.csv`, and a file for each event,
//! which is what one warning has brought.
//!
//! A server that has fetched an event forgets nothing of it. So what does not hold any more stays in
//! the event as deleted, with the time of that, and without what it said; the event of a warning that
//! was recalled is one of nothing else.

use forewarn_exchange::id::CollectionNumber;
use forewarn_stix::Timestamp;
use forewarn_store::{Db, StoreError};
use forewarn_taxii::{Cursor, Filter};
use forewarn_transcript::Hash;
use md5::{Digest as _, Md5};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

/// Most bytes of the files of one shelf that are kept. Of more, none is: they are made each time.
const MAX_KEPT_BYTES: usize = 128 << 20;

/// A file of the folder, as it is sent.
#[derive(Debug, Clone)]
pub struct File {
    /// Its bytes.
    pub bytes: Arc<[u8]>,
    /// Its digest, as an entity tag (RFC 9110 §8.8.3).
    pub tag: String,
}

impl File {
    fn of(bytes: Vec<u8>) -> File {
        let tag = format!("\"{}\"", Hash::of(&bytes));
        File { bytes: bytes.into(), tag }
    }
}

/// The files of one shelf, by their names.
#[derive(Debug, Default)]
pub(super) struct Folder {
    /// Up to where the shelf was read, and how often anything had been erased then.
    mark: (i64, i64),
    files: BTreeMap<String, File>,
    /// Until when they are true: then something begins or ends to hold.
    until: Option<Timestamp>,
}

/// What one warning has on the shelf.
#[derive(Default)]
struct Brought {
    holds: Vec<Value>,
    gone: Vec<Value>,
    newest: i64,
}

impl Folder {
    /// A file of the folder as it is now; `None` when there is no such file.
    pub(super) fn file(
        &mut self,
        db: &Db<'_>,
        (shelf, id, organisation): (CollectionNumber, &str, &str),
        name: &str,
        now: &Timestamp,
    ) -> Result<Option<File>, StoreError> {
        let is_over = self.until.as_ref().is_some_and(|until| until <= now);
        if is_over || self.files.is_empty() || self.has_changed(db, shelf)? {
            *self = Folder::made(db, (shelf, id, organisation), now)?;
        }
        let file = self.files.get(name).cloned();
        let size: usize = self.files.values().map(|file| file.bytes.len()).sum();
        if size > MAX_KEPT_BYTES {
            *self = Folder::default();
        }
        Ok(file)
    }

    fn has_changed(&self, db: &Db<'_>, shelf: CollectionNumber) -> Result<bool, StoreError> {
        let (mark, erasures) = self.mark;
        let filter = Filter { limit: 1, ..filter(mark) };
        Ok(db.erasures()? != erasures || db.page(shelf, &filter)?.place.added.is_some())
    }

    fn made(
        db: &Db<'_>,
        (shelf, id, organisation): (CollectionNumber, &str, &str),
        now: &Timestamp,
    ) -> Result<Folder, StoreError> {
        let mut folder = Folder { mark: (0, db.erasures()?), ..Folder::default() };
        let mut all: BTreeMap<String, Brought> = BTreeMap::new();
        loop {
            let page = db.page(shelf, &filter(folder.mark.0))?;
            let Some((_, last)) = page.place.added else { break };
            let objects = [b"[", &page.objects[..], b"]"].concat();
            let objects: Vec<Value> = serde_json::from_slice(&objects).map_err(|e| {
                StoreError::Damaged { what: format!("shelf {shelf}"), why: e.to_string() }
            })?;
            for object in objects {
                folder.sort(object, &mut all, now);
            }
            folder.mark.0 = last;
            if page.place.next.is_none() {
                break;
            }
        }
        folder.write(all, (id, organisation), now);
        Ok(folder)
    }

    /// Puts an indicator where it belongs, and notes when that is another place.
    fn sort(&mut self, object: Value, all: &mut BTreeMap<String, Brought>, now: &Timestamp) {
        let time = |key: &str| Timestamp::parse(object.get(key)?.as_str()?).ok();
        let (from, until) = (time("valid_from"), time("valid_until"));
        for next in [&from, &until].into_iter().flatten().filter(|time| *time > now) {
            if self.until.as_ref().is_none_or(|known| next < known) {
                self.until = Some(next.clone());
            }
        }
        let revoked = object.get("revoked") == Some(&Value::Bool(true));
        let is_over = until.as_ref().is_some_and(|until| until <= now);
        if !revoked && !is_over && from.as_ref().is_some_and(|from| from > now) {
            return;
        }
        let reference = object.pointer("/external_references/0/external_id");
        let reference = reference.and_then(Value::as_str).unwrap_or("warning").to_owned();
        // What began to hold later is newer than it says of itself, or nobody would fetch it.
        let changed = if is_over && !revoked {
            until
        } else {
            time("modified").into_iter().chain(from).max()
        };
        let brought = all.entry(reference).or_default();
        let changed = changed.map_or(0, |time| time.micros().div_euclid(1_000_000));
        brought.newest = brought.newest.max(changed);
        let list = if revoked || is_over { &mut brought.gone } else { &mut brought.holds };
        list.push(object);
    }

    fn write(
        &mut self,
        all: BTreeMap<String, Brought>,
        (id, organisation): (&str, &str),
        now: &Timestamp,
    ) {
        // Named by the shelf's own id: two nodes number their shelves and warnings alike.
        let orgc = json!({
            "name": organisation,
            "uuid": named("x-organisation", &format!("{id} {organisation}")),
        });
        let (mut manifest, mut hashes) = (Map::new(), String::new());
        for (reference, brought) in all {
            let uuid = named("x-shelf-event", &format!("{id} {reference}"));
            let Some(event) = event((&uuid, &reference), &brought, &orgc, now) else { continue };
            for value in values(&event) {
                for one in value.split('|') {
                    let hash = Md5::digest(one.as_bytes());
                    for byte in hash {
                        let _ = write!(hashes, "{byte:02x}");
                    }
                    let _ = writeln!(hashes, ",{uuid}");
                }
            }
            let known = ["Orgc", "Tag", "info", "date", "analysis", "threat_level_id"];
            let mut entry: Map<String, Value> = known
                .iter()
                .filter_map(|key| Some(((*key).to_owned(), event.get(*key)?.clone())))
                .collect();
            entry.insert("timestamp".to_owned(), brought.newest.into());
            manifest.insert(uuid.clone(), Value::Object(entry));
            let bytes = json!({ "Event": event }).to_string().into_bytes();
            self.files.insert(format!("{uuid}.json"), File::of(bytes));
        }
        let manifest = Value::Object(manifest).to_string().into_bytes();
        self.files.insert("manifest.json".to_owned(), File::of(manifest));
        self.files.insert("hashes.csv".to_owned(), File::of(hashes.into_bytes()));
    }
}

fn filter(after: i64) -> Filter {
    Filter { after: Cursor(after), types: vec!["indicator".to_owned()], ..Filter::all() }
}

fn named(kind: &'static str, name: &str) -> String {
    let id = String::from(forewarn_stix::StixId::of_name(kind, name.as_bytes()));
    id.split_once("--").map_or_else(String::new, |(_, uuid)| uuid.to_owned())
}

/// The event of what a warning has brought. `None` when none of it can be said in MISP.
fn event(
    (uuid, reference): (&str, &str),
    brought: &Brought,
    orgc: &Value,
    now: &Timestamp,
) -> Option<Map<String, Value>> {
    let mut event = match of_objects(&brought.holds) {
        Some(event) => event,
        None if brought.gone.is_empty() => return None,
        None => Map::new(),
    };
    let gone = of_objects(&brought.gone).unwrap_or_default();
    let time = brought.newest.to_string();
    add_gone(&mut event, &gone, &time);
    let info = if brought.holds.is_empty() { "withdrawn" } else { "a warning from a partner" };
    let day = Timestamp::from_micros(brought.newest.saturating_mul(1_000_000));
    let day: String = day.as_ref().unwrap_or(now).as_str().chars().take(10).collect();
    for (key, value) in [
        ("uuid", uuid.into()),
        ("info", format!("{info} ({reference})").into()),
        ("date", day.into()),
        ("timestamp", time.clone().into()),
        ("publish_timestamp", time.into()),
        ("published", true.into()),
        ("threat_level_id", "4".into()),
        ("analysis", "2".into()),
        ("Orgc", orgc.clone()),
    ] {
        event.insert(key.to_owned(), value);
    }
    event.entry("distribution").or_insert_with(|| "0".into());
    Some(event)
}

fn of_objects(objects: &[Value]) -> Option<Map<String, Value>> {
    if objects.is_empty() {
        return None;
    }
    let mut objects = objects.to_vec();
    for object in objects.iter_mut().filter_map(Value::as_object_mut) {
        object.remove("revoked");
    }
    let bytes = Value::Array(objects).to_string().into_bytes();
    match forewarn_misp::to_misp(&bytes).ok()?.event {
        Value::Object(mut wrapped) => match wrapped.remove("Event") {
            Some(Value::Object(event)) => Some(event),
            _ => None,
        },
        _ => None,
    }
}

/// The values of an event that hold.
fn values(event: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let objects = list(event.get("Object")).flat_map(|one| list(one.get("Attribute")));
    let holds = |one: &&Value| one.get("deleted") != Some(&Value::Bool(true));
    let all = list(event.get("Attribute")).chain(objects).filter(holds);
    all.filter_map(|one| one.get("value")?.as_str())
}

/// A list that may not be there.
fn list(of: Option<&Value>) -> std::slice::Iter<'_, Value> {
    of.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default().iter()
}

/// Adds what does not hold any more to an event, as deleted. A server looks for an attribute of an
/// object within that object.
fn add_gone(event: &mut Map<String, Value>, gone: &Map<String, Value>, time: &str) {
    let mut add = |key: &str, one: Value| {
        if let Value::Array(all) = event.entry(key).or_insert_with(|| json!([])) {
            all.push(one);
        }
    };
    for one in list(gone.get("Attribute")) {
        add("Attribute", ended(one, time));
    }
    for object in list(gone.get("Object")) {
        let attributes: Vec<Value> =
            list(object.get("Attribute")).map(|one| ended(one, time)).collect();
        let mut object = object.clone();
        if let Some(object) = object.as_object_mut() {
            object.remove("comment");
            object.insert("deleted".to_owned(), true.into());
            object.insert("timestamp".to_owned(), time.into());
            object.insert("Attribute".to_owned(), attributes.into());
        }
        add("Object", object);
    }
}

/// An attribute that does not hold any more, and does not say again what it was.
fn ended(one: &Value, time: &str) -> Value {
    let uuid = one.get("uuid").and_then(Value::as_str).unwrap_or_default();
    let mut ended = json!({
        "uuid": uuid, "type": "comment", "category": "Other", "to_ids": false, "deleted": true,
        "distribution": "5", "timestamp": time, "value": format!("withdrawn {uuid}"),
    });
    if let (Some(relation), Some(ended)) = (one.get("object_relation"), ended.as_object_mut()) {
        ended.insert("object_relation".to_owned(), relation.clone());
    }
    ended
}

#[cfg(test)]
mod tests {
    use super::*;

    fn indicator(n: u32, pattern: &str, more: &Value) -> Value {
        let mut one = json!({
            "type": "indicator", "spec_version": "2.1",
            "id": format!("indicator--00000000-0000-4000-8000-{n:012}"),
            "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z",
            "pattern": pattern, "pattern_type": "stix", "valid_from": "2026-01-01T00:00:00Z",
            "object_marking_refs": [forewarn_stix::marking::Tlp::Green.id()],
        });
        let object = one.as_object_mut().unwrap();
        object.extend(more.as_object().unwrap().clone());
        one
    }

    #[test]
    fn what_began_to_hold_later_is_newer_than_it_says() {
        let (mut folder, mut all) = (Folder::default(), BTreeMap::new());
        let later = json!({ "valid_from": "2026-01-15T00:00:00Z" });
        let address = indicator(1, "[ipv4-addr:value = '198.51.100.1']", &later);
        let at = |text| Timestamp::parse(text).unwrap();
        folder.sort(address.clone(), &mut all, &at("2026-01-10T00:00:00Z"));
        assert!(all.is_empty() && folder.until == Some(at("2026-01-15T00:00:00Z")));
        folder.sort(address, &mut all, &at("2026-02-01T00:00:00Z"));
        let newest: Vec<i64> = all.values().map(|brought| brought.newest).collect();
        assert_eq!(newest, [at("2026-01-15T00:00:00Z").micros() / 1_000_000]);
    }

    #[test]
    fn an_event_has_what_holds_and_of_the_rest_no_more_than_that_it_is_gone() {
        let address = indicator(1, "[ipv4-addr:value = '198.51.100.1']", &json!({}));
        let file = "[file:hashes.MD5 = 'd41d8cd98f00b204e9800998ecf8427e' AND file:name = 'a.exe']";
        let file = indicator(2, file, &json!({ "revoked": true }));
        let brought = Brought { holds: vec![address], gone: vec![file], newest: 1_767_225_600 };
        let now = Timestamp::parse("2026-02-01T00:00:00Z").unwrap();
        let made = event(("u", "warning-1"), &brought, &json!({}), &now).unwrap();
        assert_eq!(values(&made).collect::<Vec<_>>(), ["198.51.100.1"]);
        let text = Value::Object(made.clone()).to_string();
        assert!(!text.contains("d41d8cd9") && !text.contains("a.exe"), "{text}");
        assert!(text.contains("withdrawn ") && text.contains("tlp:green"), "{text}");
        assert_eq!(
            (&made["info"], &made["date"]),
            (&json!("a warning from a partner (warning-1)"), &json!("2026-01-01"),)
        );
        let brought = Brought { holds: Vec::new(), ..brought };
        let made = event(("u", "warning-1"), &brought, &json!({}), &now).unwrap();
        assert_eq!(made["info"], "withdrawn (warning-1)");
        assert_eq!(values(&made).count(), 0);
    }
}
