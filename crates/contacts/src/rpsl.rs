//! Dumps of registries, as RIPE and others publish them (RPSL, RFC 2622): from an address to the
//! smallest blocks that hold it, from a network's number to its object, and from these by their
//! handles to roles and organisations, until somebody has an address for complaints.

use crate::found::Found;
use crate::lines::Lines;
use crate::query::Sought;
use crate::{Candidate, File};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::net::IpAddr;

/// Most blocks that are followed, the smallest ones: those above them are of registries.
const MAX_BLOCKS: usize = 5;
/// How often the dumps are read for handles: block, organisation, role.
const MAX_STEPS: usize = 3;
/// Most handles of one step.
const MAX_HANDLES: usize = 200;
/// Most fields of an object that are kept.
const MAX_FIELDS: usize = 500;

/// Objects that hold what is sought.
const HOLDERS: &[&str] = &["inetnum", "inet6num", "aut-num"];
/// Objects that handles lead to, with the field that is their name.
const NAMED: &[(&str, &str)] =
    &[("role", "nic-hdl"), ("person", "nic-hdl"), ("organisation", "organisation"), ("irt", "irt")];
/// Fields with handles, those for complaints first.
const HANDLES: &[&str] = &["abuse-c", "mnt-irt", "org", "tech-c", "admin-c"];
/// Fields with addresses, those for complaints first.
const ADDRESSES: &[&str] = &["abuse-mailbox", "e-mail", "phone"];

/// An object: its fields in order.
#[derive(Debug, Clone, Default)]
struct Object {
    fields: Vec<(String, String)>,
    line: u64,
}

impl Object {
    fn kind(&self) -> &str {
        self.fields.first().map_or("", |(name, _)| name)
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let found = self.fields.iter().filter(move |(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    fn first(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// Whether a line is a field of such an object: a name without blanks, and a colon.
pub(crate) fn is_field(line: &str) -> bool {
    let name = line.split_once(':').map_or("", |(name, _)| name);
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    !name.is_empty() && name.len() <= 20 && name.chars().all(plain) && !line.contains(',')
}

/// Reads objects one after another; only those whose kind is wanted are given.
fn each(
    file: &dyn File,
    wanted: &dyn Fn(&str) -> bool,
    give: &mut dyn FnMut(Object),
) -> io::Result<()> {
    let mut lines = Lines::of(file.open()?);
    let (mut now, mut skips) = (Object::default(), false);
    while let Some((number, line)) = lines.next_line()? {
        if line.starts_with(['%', '#']) {
            continue;
        }
        if line.trim().is_empty() {
            if !now.fields.is_empty() {
                give(std::mem::take(&mut now));
            }
            skips = false;
            continue;
        }
        if skips {
            continue;
        }
        if line.starts_with([' ', '\t', '+']) {
            if let Some((_, value)) = now.fields.last_mut() {
                let more = without_comment(line.get(1..).unwrap_or_default());
                if !value.is_empty() && !more.is_empty() {
                    value.push(' ');
                }
                value.push_str(more);
            }
            continue;
        }
        let Some((name, value)) = line.split_once(':') else { continue };
        let name = name.trim().to_ascii_lowercase();
        if now.fields.is_empty() {
            if !wanted(&name) {
                skips = true;
                continue;
            }
            now.line = number;
        }
        if now.fields.len() < MAX_FIELDS {
            now.fields.push((name, without_comment(value).to_owned()));
        }
    }
    if !now.fields.is_empty() {
        give(now);
    }
    Ok(())
}

fn without_comment(value: &str) -> &str {
    value.split('#').next().unwrap_or_default().trim()
}

/// How close an object is to what is sought; `None` when it does not hold it.
fn distance(sought: &Sought, object: &Object) -> Option<u32> {
    let (kind, value) = object.fields.first()?;
    match (kind.as_str(), sought) {
        ("aut-num", Sought::System(number)) => {
            let own = value.to_ascii_lowercase();
            (own.strip_prefix("as")?.parse() == Ok(*number)).then_some(0)
        }
        ("inetnum", Sought::Address(IpAddr::V4(address))) => {
            let (from, to) = if let Some((from, to)) = value.split_once('-') {
                (from.trim().parse().ok()?, to.trim().parse().ok()?)
            } else {
                let block: ipnet::Ipv4Net = value.parse().ok()?;
                (block.network(), block.broadcast())
            };
            let size = u32::from(to).checked_sub(u32::from(from))?;
            (from <= *address && *address <= to).then(|| 32 - size.leading_zeros())
        }
        ("inet6num", Sought::Address(address @ IpAddr::V6(_))) => {
            let block: ipnet::IpNet = value.parse().ok()?;
            block.contains(address).then(|| 128 - u32::from(block.prefix_len()))
        }
        _ => None,
    }
}

/// What holds the value, with the file that says so.
struct Holder {
    object: Object,
    file: String,
    distance: u32,
}

pub(crate) fn find(sought: &Sought, files: &[&dyn File], found: &mut Found) -> io::Result<()> {
    let mut holders: Vec<Holder> = Vec::new();
    // Dumps come in a file for each kind of object, too: most need to be read once only.
    let mut with_names: Vec<&dyn File> = Vec::new();
    for file in files {
        let name = file.name();
        let has_names = Cell::new(false);
        let wanted = |kind: &str| {
            has_names.set(has_names.get() || NAMED.iter().any(|(known, _)| *known == kind));
            HOLDERS.contains(&kind)
        };
        each(*file, &wanted, &mut |object| {
            let Some(distance) = distance(sought, &object) else { return };
            holders.push(Holder { object, file: name.clone(), distance });
            holders.sort_by_key(|one| one.distance);
            holders.truncate(MAX_BLOCKS);
        })?;
        if has_names.get() {
            with_names.push(*file);
        }
    }
    let mut known: BTreeMap<String, Object> = BTreeMap::new();
    let mut wanted: BTreeSet<String> =
        holders.iter().flat_map(|one| handles(&one.object)).collect();
    for _ in 0..MAX_STEPS {
        wanted.retain(|handle| !known.contains_key(handle));
        if wanted.is_empty() {
            break;
        }
        let mut next = BTreeSet::new();
        for file in &with_names {
            each(*file, &|kind| NAMED.iter().any(|(known, _)| *known == kind), &mut |object| {
                let named = NAMED.iter().find(|(kind, _)| *kind == object.kind());
                let handle = named.and_then(|(_, field)| object.first(field));
                let Some(handle) = handle.map(str::to_ascii_uppercase) else { return };
                if wanted.contains(&handle) && known.len() < MAX_HANDLES {
                    next.extend(handles(&object));
                    known.entry(handle).or_insert(object);
                }
            })?;
        }
        wanted = next;
    }
    for holder in &holders {
        found.push(candidate(holder, &known));
    }
    Ok(())
}

fn handles(object: &Object) -> Vec<String> {
    let all = HANDLES.iter().flat_map(|name| object.all(name));
    all.map(str::to_ascii_uppercase).collect()
}

fn candidate(holder: &Holder, known: &BTreeMap<String, Object>) -> Candidate {
    let object = &holder.object;
    let about = object.fields.first().map(|(name, value)| format!("{name} {value}"));
    let text = |object: &Object, names: &[&str]| {
        names.iter().find_map(|name| object.first(name)).map(str::to_owned)
    };
    let org = object.first("org").and_then(|handle| known.get(&handle.to_ascii_uppercase()));
    let name = org.and_then(|org| text(org, &["org-name"]));
    let name = name.or_else(|| text(object, &["netname", "as-name", "descr"]));
    let mut contacts = Vec::new();
    for field in ADDRESSES {
        let mut seen = BTreeSet::new();
        reach(object, field, known, &mut seen, &mut contacts);
        // An address for complaints is enough: the others are of whoever runs the machines.
        if !contacts.is_empty() {
            break;
        }
    }
    let mut notes = Vec::new();
    for name in ["country", "descr"] {
        notes.extend(object.first(name).map(|value| format!("{name}: {value}")));
    }
    Candidate {
        about: about.unwrap_or_default(),
        name: name.unwrap_or_default(),
        contacts,
        notes,
        source: format!("{}, line {}", holder.file, object.line),
        distance: holder.distance,
    }
}

/// The addresses of one kind of an object, and of what its handles lead to.
fn reach(
    object: &Object,
    field: &str,
    known: &BTreeMap<String, Object>,
    seen: &mut BTreeSet<String>,
    contacts: &mut Vec<String>,
) {
    for value in object.all(field) {
        let value = format!("{field}: {value}");
        if !contacts.contains(&value) {
            contacts.push(value);
        }
    }
    for handle in handles(object) {
        if seen.insert(handle.clone())
            && let Some(next) = known.get(&handle)
        {
            reach(next, field, known, seen, contacts);
        }
    }
}
