//! What relationships among the items of a window say: an indicator of a campaign that targets
//! somebody concerns that somebody.

use crate::hit::Hit;
use crate::terms::{Leads, Standing};
use crate::window::Window;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// From an indicator to malware, to a campaign, to its victim, to where that is.
const MAX_STEPS: usize = 4;

/// How much comes along a relationship.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Carries {
    /// The target is what the source is aimed at.
    Aim,
    /// What the target is, the source has to do with.
    Part,
}

/// Types of relationships (STIX 2.1 appendix B) along which what is said of the target holds for
/// the source. Where a threat comes from, what helps against it and vague ones are not among them.
const CARRY: &[(&str, Carries)] = &[
    ("targets", Carries::Aim),
    ("compromises", Carries::Aim),
    ("impersonates", Carries::Aim),
    ("victim", Carries::Aim),
    ("indicates", Carries::Part),
    ("based-on", Carries::Part),
    ("uses", Carries::Part),
    ("attributed-to", Carries::Part),
    ("variant-of", Carries::Part),
    ("delivers", Carries::Part),
    ("drops", Carries::Part),
    ("downloads", Carries::Part),
    ("exploits", Carries::Part),
    ("hosts", Carries::Part),
    ("has", Carries::Part),
    ("consists-of", Carries::Part),
    ("communicates-with", Carries::Part),
    ("beacons-to", Carries::Part),
    ("exfiltrate-to", Carries::Part),
    ("controls", Carries::Part),
];

/// `located-at` counts for these only: where anything else is located says nothing of a victim.
const PLACED: &[&str] = &["identity", "infrastructure"];
/// Only an aim makes these victims: whom an actor is attributed to is none.
const DESCRIBED: &[&str] = &["identity", "location"];

pub(crate) fn carries(kind: &str) -> Option<Carries> {
    if kind == "located-at" {
        return Some(Carries::Part);
    }
    CARRY.iter().find(|(name, _)| *name == kind).map(|(_, carries)| *carries)
}

/// The first has what the second has.
struct Edge {
    from: usize,
    to: usize,
    carries: Carries,
}

/// Most hits handed on in one window: beyond, relationships are not followed further.
const MAX_LENT: usize = 2_000_000;

impl Window<'_, '_> {
    /// The ids that relationships of the window lead from or to, and that are not in it; those of
    /// each item in turn, so that one that names thousands leaves room for the others.
    pub fn missing(&self) -> Vec<String> {
        let here: HashSet<&str> = self.read.iter().map(|read| &*read.id).collect();
        let mut ranked: Vec<(usize, &str)> = Vec::new();
        for read in &self.read {
            let ids = match read.leads.as_deref() {
                Some(Leads::Relationship { kind, source, target }) if carries(kind).is_some() => {
                    vec![source, target]
                }
                Some(Leads::Sighting { of, by }) => std::iter::once(of).chain(by).collect(),
                Some(Leads::About(of)) => of.iter().collect(),
                Some(Leads::Relationship { .. }) | None => continue,
            };
            let missing = ids.into_iter().map(|id| &**id).filter(|id| !here.contains(id));
            ranked.extend(missing.enumerate());
        }
        ranked.sort_unstable();
        let mut known = HashSet::new();
        ranked.retain(|(_, id)| known.insert(*id));
        ranked.into_iter().map(|(_, id)| id.to_owned()).collect()
    }
}

/// Gives each item the hits that relationships lead to, beside its own: of each clause one at each
/// standing.
pub(crate) fn lend(window: &mut Window<'_, '_>) {
    if window.read.iter().all(|read| read.leads.is_none()) {
        return;
    }
    let edges = edges(window);
    if edges.is_empty() {
        return;
    }
    let kinds = |hits: &[Hit]| hits.iter().map(|hit| (hit.atom, hit.standing)).collect();
    let mut known: Vec<HashSet<(u32, Standing)>> =
        window.read.iter().map(|read| kinds(&read.hits)).collect();
    let mut work = MAX_LENT;
    for _ in 0..MAX_STEPS {
        let mut grown = false;
        for edge in &edges {
            let Some(lender) = window.read.get(edge.to).filter(|_| edge.from != edge.to) else {
                continue;
            };
            let lent: Vec<Hit> = lender.hits.iter().filter_map(|hit| along(edge, hit)).collect();
            let Some(left) = work.checked_sub(lent.len()) else { return };
            work = left;
            let places = window.read.get_mut(edge.from).zip(known.get_mut(edge.from));
            let Some((read, known)) = places else { continue };
            for hit in lent {
                if known.insert((hit.atom, hit.standing)) {
                    read.hits.push(hit);
                    grown = true;
                }
            }
        }
        if !grown {
            return;
        }
    }
}

/// A hit as it comes along; prose and citations stay where they are.
fn along(edge: &Edge, hit: &Hit) -> Option<Hit> {
    let standing = match (hit.standing, edge.carries) {
        (Standing::Cited | Standing::Told, _) => return None,
        (_, Carries::Aim) => Standing::Targeted,
        (standing, Carries::Part) => standing,
    };
    Some(Hit { standing, ..*hit })
}

fn edges(window: &Window<'_, '_>) -> Vec<Edge> {
    // Of several versions the last that came stands for the object.
    let mut by_id: HashMap<&str, usize> = HashMap::new();
    for (at, read) in window.read.iter().enumerate() {
        let standing = by_id.entry(&read.id).or_insert(at);
        if !read.is_context {
            *standing = at;
        }
    }
    let at = |id: &Cow<'_, str>| by_id.get(&**id).map_or(&[][..], std::slice::from_ref);
    let mut edges = Vec::new();
    for (own, read) in window.read.iter().enumerate() {
        match read.leads.as_deref() {
            Some(Leads::Relationship { kind, source, target }) => {
                let Some(carries) = carries(kind) else { continue };
                let is_one = |at: &usize, kinds: &[&str]| {
                    window.read.get(*at).is_some_and(|read| kinds.contains(&&*read.kind))
                };
                let is_place = kind == "located-at";
                if carries == Carries::Part
                    && !is_place
                    && at(target).iter().any(|to| is_one(to, DESCRIBED))
                {
                    continue;
                }
                let sources = at(source).iter().filter(|from| !is_place || is_one(from, PLACED));
                let sources: Vec<usize> = sources.copied().collect();
                for from in &sources {
                    edges.extend(at(target).iter().map(|to| Edge {
                        from: *from,
                        to: *to,
                        carries,
                    }));
                }
                // Where the source is not judged now, the relationship stands for it.
                let judged = |from: &usize| window.read.get(*from).is_some_and(|r| !r.is_context);
                if !sources.iter().any(judged) {
                    let part = |to: &usize| Edge { from: own, to: *to, carries: Carries::Part };
                    edges.extend(sources.iter().map(part));
                    edges.extend(at(target).iter().map(|to| Edge { from: own, to: *to, carries }));
                }
            }
            Some(Leads::Sighting { of, by }) => {
                for id in by {
                    let aim =
                        |from: usize, to: &usize| Edge { from, to: *to, carries: Carries::Aim };
                    edges.extend(at(id).iter().map(|to| aim(own, to)));
                    for from in at(of) {
                        edges.extend(at(id).iter().map(|to| aim(*from, to)));
                    }
                }
                let part = |to: &usize| Edge { from: own, to: *to, carries: Carries::Part };
                edges.extend(at(of).iter().map(part));
            }
            Some(Leads::About(of)) => {
                let part = |to: &usize| Edge { from: own, to: *to, carries: Carries::Part };
                edges.extend(of.iter().flat_map(at).map(part));
            }
            None => {}
        }
    }
    edges
}
