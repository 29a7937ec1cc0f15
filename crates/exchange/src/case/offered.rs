//! What a partner's outlets show of a case.

use super::outgoing::limits;
use super::{Case, Outgoing, Release};
use crate::draft::shown_title;
use crate::gate::{self, Limits, Withheld};
use crate::partner::Partner;
use crate::refusal::Refusal;
use crate::scale::Status;
use forewarn_stix::marking::{Pap, Tlp};
use forewarn_stix::{Timestamp, canonical};
use serde_json::{Value, json};

impl Case {
    /// What goes into a partner's outlets with this release or recall: the last release, and the
    /// one before it as revoked (STIX 2.1 §3.6), or the last as revoked when it is recalled or its time is over.
    /// Through the gate, like all that leaves. What is for named persons is not offered: nobody could say who reads it
    /// there.
    pub fn offered(
        &self,
        outgoing: &Outgoing,
        (partner, own_name): (&Partner, &str),
        withheld: &[Withheld],
        at: &Timestamp,
    ) -> Result<Vec<gate::Released>, Refusal> {
        let releases = outgoing.releases();
        let own = releases.iter().flat_map(|release| &release.draft.withheld);
        let set_aside: Vec<String> =
            releases.iter().flat_map(|release| release.draft.set_aside.texts.clone()).collect();
        let limits = limits((partner, own_name), own.chain(withheld), &set_aside);
        let (last, before) = match releases {
            [.., before, last] => (last, Some(before)),
            [last] => (last, None),
            [] => return Ok(Vec::new()),
        };
        let for_all = |release: &&Release| release.draft.tlp < Tlp::Red;
        if matches!(outgoing, Outgoing::Recalled { .. }) || self.expired.is_some() {
            let last = Some(last).filter(for_all);
            return Ok(last
                .and_then(|last| revoked(last, at, self.status, &limits))
                .into_iter()
                .collect());
        }
        let mut all: Vec<_> = before
            .filter(for_all)
            .and_then(|before| revoked(before, at, self.status, &limits))
            .into_iter()
            .collect();
        if !for_all(&last) {
            return Ok(all);
        }
        let bundle = last.draft.bundle.as_bytes();
        all.push(gate::check(bundle, &limits).map_err(|list| gate::shut(&list))?);
        Ok(all)
    }
}

/// A release's objects as revoked. The report says no more than that: its words may hold what is
/// withheld since. What the gate does not pass even so is left out, but for the report itself.
fn revoked(
    release: &Release,
    at: &Timestamp,
    status: Status,
    limits: &Limits,
) -> Option<gate::Released> {
    let mut bundle: Value = serde_json::from_str(&release.draft.bundle).ok()?;
    let objects = bundle.get_mut("objects")?.as_array_mut()?;
    for object in objects.iter_mut().filter_map(Value::as_object_mut) {
        if !object.contains_key("modified") {
            continue;
        }
        object.insert("revoked".to_owned(), true.into());
        object.insert("modified".to_owned(), at.to_string().into());
        if object.get("type").is_some_and(|kind| kind == "report") {
            object.remove("description");
            object.remove("extensions");
            object.insert("name".to_owned(), shown_title("withdrawn", status).into());
        }
    }
    if let Ok(released) = gate::check(&canonical::bytes(&bundle), limits) {
        return Some(released);
    }
    report_alone(&mut bundle)?;
    gate::check(&canonical::bytes(&bundle), limits).ok()
}

/// Leaves of a revoked bundle what holds no word of the drafter's: the report, who made it, and the
/// published markings.
fn report_alone(bundle: &mut Value) -> Option<()> {
    let text = |one: &Value, name: &str| {
        one.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let published = |id: &str| Tlp::of_id(id).is_some() || Pap::of_id(id).is_some();
    let objects = bundle.get_mut("objects")?.as_array_mut()?;
    // Targets and sectors are identities too; nobody has created ours.
    let us = objects
        .iter()
        .find(|one| text(one, "type") == "identity" && one.get("created_by_ref").is_none())
        .map(|one| text(one, "id"))?;
    objects.retain(|one| match text(one, "type").as_str() {
        "report" => true,
        "identity" => text(one, "id") == us,
        _ => published(&text(one, "id")),
    });
    for object in objects.iter_mut().filter_map(Value::as_object_mut) {
        if let Some(marks) = object.get_mut("object_marking_refs").and_then(Value::as_array_mut) {
            marks.retain(|id| id.as_str().is_some_and(published));
        }
        if object.contains_key("object_refs") {
            object.insert("object_refs".to_owned(), json!([us]));
        }
    }
    Some(())
}
