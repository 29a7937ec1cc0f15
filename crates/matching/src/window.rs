//! The items that are judged together.

use crate::concern::Concern;
use crate::hit::{Hit, Seen};
use crate::index::Index;
use crate::scale::Grade;
use crate::terms::{Leads, Room, Terms};
use forewarn_extract::corrected::Changes;
use std::borrow::Cow;
use std::cell::OnceCell;

/// What an item's bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One STIX 2.1 object, as JSON.
    Stix,
    /// Free text in UTF-8.
    Text,
    /// One MISP event, as JSON.
    Misp,
}

/// One item to be judged.
#[derive(Debug, Clone, Copy)]
pub struct Item<'a> {
    /// The item as it was received.
    pub bytes: &'a [u8],
    /// What the bytes are; nothing is guessed from them.
    pub format: Format,
    /// When it was taken in, microseconds since 1970.
    pub added: i64,
    /// How its source and its content were graded at intake; `None` for an ungraded one.
    pub grade: Option<Grade>,
    /// What people have said of the findings of a free text.
    pub corrected: Option<&'a Changes>,
}

/// What an interest asks besides its clauses.
pub(crate) struct Facts {
    /// The item's place in the window.
    pub(crate) item: u32,
    pub(crate) added: i64,
    pub(crate) grade: Option<Grade>,
    /// The grade by the object's own confidence.
    pub(crate) judged: Option<Grade>,
}

/// An item that was read.
pub(crate) struct Read<'a> {
    pub(crate) item: Item<'a>,
    pub(crate) id: Cow<'a, str>,
    pub(crate) kind: Cow<'a, str>,
    pub(crate) leads: Option<Box<Leads<'a>>>,
    pub(crate) confidence: Option<u8>,
    /// Kept only for an item that has hits: their words are read from it.
    pub(crate) terms: Option<Box<Terms<'a>>>,
    pub(crate) hits: Vec<Hit>,
    /// How likely each country is concerned, once an interest has asked.
    pub(crate) concern: OnceCell<Concern>,
    /// It is here for others only, and is not judged.
    pub(crate) is_context: bool,
}

/// Items that came together, read and held against an index: what relationships among them say
/// holds for each.
pub struct Window<'i, 'a> {
    pub(crate) index: &'i Index,
    pub(crate) read: Vec<Read<'a>>,
    room: Room<'a>,
}

impl<'i, 'a> Window<'i, 'a> {
    /// Reads the items. They are judged together: what relationships among them say holds for each.
    pub fn new(index: &'i Index, items: impl IntoIterator<Item = Item<'a>>) -> Window<'i, 'a> {
        let items = items.into_iter();
        let read = Vec::with_capacity(items.size_hint().0);
        let mut window = Window { index, read, room: Room::default() };
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
        let room = std::mem::take(&mut self.room);
        let mut terms = read_with(self.index.has_patterns(), &item, room);
        let mut hits = self.index.hits(&terms);
        for hit in &mut hits {
            hit.item = place;
        }
        let (id, kind) = (std::mem::take(&mut terms.id), std::mem::take(&mut terms.kind));
        let leads = terms.leads.take();
        let confidence = terms.confidence;
        let terms = if hits.is_empty() {
            self.room = terms.into_room();
            None
        } else {
            Some(Box::new(terms))
        };
        let concern = OnceCell::new();
        self.read.push(Read {
            item,
            id,
            kind,
            leads,
            confidence,
            terms,
            hits,
            concern,
            is_context,
        });
    }

    /// The objects that each item is about: its own id, then those that it refers to.
    pub fn about(&self, most: usize) -> Vec<Vec<String>> {
        let judged = self.read.iter().filter(|read| !read.is_context);
        let about = judged.map(|read| {
            let refers = match read.leads.as_deref() {
                Some(Leads::Relationship { source, target, .. }) => vec![source, target],
                Some(Leads::Sighting { of, .. }) => vec![of],
                Some(Leads::About(of)) => of.iter().collect(),
                None => Vec::new(),
            };
            let ids = std::iter::once(&read.id).chain(refers);
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

    /// The words of a hit, and where they stand, for the item at `of`.
    pub(crate) fn told(&self, hit: &Hit, of: u32) -> Option<(String, String)> {
        let read = self.read.get(hit.item as usize)?;
        let (words, at) = hit.told(read.terms.as_deref()?);
        let at = match (hit.item == of, hit.seen) {
            (true, Seen::Pattern) => "the item".to_owned(),
            (true, _) => at,
            (false, _) => format!("{} {at}", read.id),
        };
        Some((words.into_owned(), at))
    }
}

/// What an item is about; `wants_values` as [`Terms::of_object`] has it.
pub(crate) fn read_with<'a>(wants_values: bool, item: &Item<'a>, room: Room<'a>) -> Terms<'a> {
    match item.format {
        Format::Stix => Terms::of_object_in(item.bytes, wants_values, room),
        Format::Misp => Terms::of_misp(item.bytes),
        // Bytes that are not text are about nothing.
        Format::Text => {
            let text = std::str::from_utf8(item.bytes).unwrap_or_default();
            Terms::of_corrected(text, item.corrected, room)
        }
    }
}
