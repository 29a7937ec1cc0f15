//! The items that are judged together.

use super::explain::{Hits, Near, judge, near};
use super::hit::{Hit, Seen};
use super::index::Index;
use super::{Match, lend, patterns};
use crate::scale::Grade;
use crate::terms::{Leads, Terms};
use std::collections::HashSet;

/// What an item's bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Stix,
    Text,
    Misp,
}

/// One item to be judged.
#[derive(Debug, Clone, Copy)]
pub struct Item<'a> {
    pub bytes: &'a [u8],
    pub format: Format,
    /// When it was taken in, microseconds since 1970.
    pub added: i64,
    pub grade: Option<Grade>,
}

/// What became of one item.
#[derive(Debug, Default)]
pub struct Judged {
    /// Every interest that it meets.
    pub matches: Vec<Match>,
    /// Interests that it comes near to; filled by [`Window::explain`] only.
    pub near: Vec<Near>,
}

/// What an interest asks besides its clauses.
pub(crate) struct Facts {
    /// The item's place in the window.
    pub(crate) item: u32,
    pub(crate) added: i64,
    pub(crate) grade: Option<Grade>,
    /// By the object's own confidence.
    pub(crate) judged: Option<Grade>,
}

/// An item that was read.
pub(crate) struct Read<'a> {
    pub(crate) item: Item<'a>,
    pub(crate) terms: Terms<'a>,
    pub(crate) hits: Vec<Hit>,
    /// It is here for others only, and is not judged.
    pub(crate) is_context: bool,
}

/// Items that came together, read and held against an index: what relationships among them say
/// holds for each.
pub struct Window<'i, 'a> {
    index: &'i Index,
    pub(crate) read: Vec<Read<'a>>,
}

impl<'i, 'a> Window<'i, 'a> {
    pub fn new(index: &'i Index, items: impl IntoIterator<Item = Item<'a>>) -> Window<'i, 'a> {
        let mut window = Window { index, read: Vec::new() };
        for item in items {
            window.add(item, false);
        }
        window
    }

    pub(crate) fn index(&self) -> &'i Index {
        self.index
    }

    fn add(&mut self, item: Item<'a>, is_context: bool) {
        let place = u32::try_from(self.read.len()).unwrap_or(u32::MAX);
        let terms = read_with(self.index.has_patterns(), &item);
        let mut hits = self.index.hits(&terms);
        for hit in &mut hits {
            hit.item = place;
        }
        self.read.push(Read { item, terms, hits, is_context });
    }

    /// The ids that relationships of the window lead from or to, and that are not in it.
    pub fn missing(&self) -> Vec<String> {
        let here: HashSet<&str> = self.read.iter().map(|read| &*read.terms.id).collect();
        let mut out: Vec<String> = Vec::new();
        for read in &self.read {
            let ids = match &read.terms.leads {
                Leads::Relationship { kind, source, target } if lend::carries(kind).is_some() => {
                    vec![source, target]
                }
                Leads::Sighting { of, by } => std::iter::once(of).chain(by).collect(),
                Leads::About(of) => of.iter().collect(),
                Leads::Relationship { .. } | Leads::Nowhere => continue,
            };
            let missing = ids.into_iter().map(|id| &**id).filter(|id| !here.contains(id));
            out.extend(missing.map(str::to_owned));
        }
        out.sort_unstable();
        out.dedup();
        out
    }

    /// The objects that each item is about: its own id, then those that it refers to.
    pub fn about(&self, most: usize) -> Vec<Vec<String>> {
        let judged = self.read.iter().filter(|read| !read.is_context);
        let about = judged.map(|read| {
            let refers = match &read.terms.leads {
                Leads::Relationship { source, target, .. } => vec![source, target],
                Leads::Sighting { of, .. } => vec![of],
                Leads::About(of) => of.iter().collect(),
                Leads::Nowhere => Vec::new(),
            };
            let ids = std::iter::once(&read.terms.id).chain(refers);
            ids.filter(|id| !id.is_empty()).take(most).map(ToString::to_string).collect()
        });
        about.collect()
    }

    /// Adds items that are not judged themselves, for what relationships say of them.
    pub fn add_context(&mut self, items: impl IntoIterator<Item = Item<'a>>) {
        for item in items {
            self.add(item, true);
        }
    }

    /// Every match of each item, in the order in which they were given.
    pub fn matches(self) -> Vec<Vec<Match>> {
        self.judge(false).into_iter().map(|judged| judged.matches).collect()
    }

    /// Every match of each item, and the interests that it comes near to.
    pub fn explain(self) -> Vec<Judged> {
        self.judge(true)
    }

    fn judge(mut self, with_near: bool) -> Vec<Judged> {
        let mut all: Vec<Vec<Hit>> = vec![Vec::new(); self.read.len()];
        if self.read.iter().any(|read| !read.hits.is_empty()) {
            patterns::decide(&mut self);
            all = lend::lend(&self);
        }
        let judged = self.read.iter().zip(&mut all).enumerate();
        let judged = judged.filter(|(_, (read, _))| !read.is_context);
        judged.map(|(at, (read, hits))| self.judge_one(at, read, hits, with_near)).collect()
    }

    fn judge_one(
        &self,
        at: usize,
        read: &Read<'a>,
        hits: &mut Vec<Hit>,
        with_near: bool,
    ) -> Judged {
        let mut judged = Judged::default();
        if hits.is_empty() {
            return judged;
        }
        hits.sort_unstable();
        hits.dedup();
        let mut candidates: Vec<u32> = Vec::new();
        let mut last = None;
        for hit in &*hits {
            if last != Some(hit.atom) {
                candidates.extend(self.index.watchers(hit.atom));
                last = Some(hit.atom);
            }
        }
        candidates.sort_unstable();
        candidates.dedup();
        let facts = Facts {
            item: u32::try_from(at).unwrap_or(u32::MAX),
            added: read.item.added,
            grade: read.item.grade,
            judged: read.terms.confidence.map(Grade::of_confidence),
        };
        let hits = Hits::of(hits);
        for entry in candidates.into_iter().filter_map(|number| self.index.entry(number)) {
            match judge(self, entry, &hits, &facts) {
                Some(found) => judged.matches.push(found),
                None if with_near => judged.near.extend(near(self, entry, &hits, &facts)),
                None => {}
            }
        }
        judged
    }

    /// The words of a hit, and where they stand, for the item at `of`.
    pub(crate) fn told(&self, hit: &Hit, of: u32) -> Option<(String, String)> {
        let read = self.read.get(hit.item as usize)?;
        let (words, at) = hit.told(&read.terms);
        let at = match (hit.item == of, hit.seen) {
            (true, Seen::Pattern) => "the item".to_owned(),
            (true, _) => at,
            (false, _) => format!("{} {at}", read.terms.id),
        };
        Some((words.into_owned(), at))
    }
}

/// What an item is about; `wants_values` as [`Terms::of_object`] has it.
pub(crate) fn read_with<'a>(wants_values: bool, item: &Item<'a>) -> Terms<'a> {
    match item.format {
        Format::Stix => Terms::of_object(item.bytes, wants_values),
        Format::Misp => Terms::of_misp(item.bytes),
        // What is no text is about nothing.
        Format::Text => Terms::of_text(std::str::from_utf8(item.bytes).unwrap_or_default()),
    }
}
