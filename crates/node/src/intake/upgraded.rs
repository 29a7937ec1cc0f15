//! STIX 2.0 on its way in: it becomes STIX 2.1, and is kept as it came.

use super::Destination;
use super::judge::{MAX_AT_ONCE, NotTaken, Place, Sorted, sort};
use forewarn_stix::upgrade;
use forewarn_store::item::Original;
use forewarn_store::reason::Reason;

/// The objects of a bundle of STIX 2.0 as STIX 2.1; each kept with the one that came, and with what was
/// changed in it.
///
/// # Errors
/// It cannot be read, or has too many objects.
pub(super) fn sort_upgraded(bytes: &[u8], to: Destination<'_>) -> Result<Sorted, NotTaken> {
    let upgraded = upgrade::bundle(bytes)?;
    if upgraded.objects.len() as u64 > MAX_AT_ONCE {
        return Err(NotTaken::TooMany(MAX_AT_ONCE));
    }
    let objects = upgraded.objects.iter().map(|made| made.object.clone());
    let objects = objects.map(|object| serde_json::Value::Object(object).to_string().into_bytes());
    let mut sorted = sort(objects.collect(), to, 0);
    for (made, place) in upgraded.objects.iter().zip(&sorted.order) {
        let Place::Item(n) = place else { continue };
        let Some(item) = sorted.items.get_mut(*n) else { continue };
        let changes = made.changes.iter().map(|change| Reason {
            path: change.path.clone(),
            rule: "stix-2.0".to_owned(),
            message: change.what.to_owned(),
        });
        item.flaws.extend(changes);
        if let Some(original) = upgraded.originals.get(made.from).filter(|_| !made.is_part) {
            let bytes = original.get().as_bytes().to_vec();
            item.original = Some(Original { kind: "an object of STIX 2.0".to_owned(), bytes });
        }
    }
    // What is no object is refused as it is elsewhere.
    for original in upgraded.originals.iter().filter(|one| !one.get().starts_with('{')) {
        let position = i64::try_from(sorted.order.len()).unwrap_or(i64::MAX);
        sorted.add(original.get().as_bytes().to_vec(), to, position);
    }
    if sorted.order.is_empty() {
        return Err(NotTaken::NoObjects("its `objects` list is empty".to_owned()));
    }
    Ok(sorted)
}
