//! Inverted index of all interests of all partners, from what an item can hold to who wants it.
//! Changing an interest costs its own size, not the total.

use crate::asking::Asking;
use crate::few::Few;
use crate::hit::{Hit, Seen};
use crate::interest::{Clause, Interest};
use crate::key::Lengths;
use crate::rule::{Node, Rule, compile};
use crate::terms::{Standing, Terms, Text};
use forewarn_extract::words::{Phrases, Words};
use hashbrown::HashTable;
use std::collections::HashMap;
use std::hash::{BuildHasher as _, Hash};
use std::sync::Arc;

/// Most places kept of one clause in one item, of each standing.
const MAX_PLACES: u8 = 3;

/// A clause, once, however many interests have it.
struct Atom {
    clause: Clause,
    /// How often interests have it.
    uses: u32,
    /// The interests that are to be looked at when it is met.
    watchers: Few,
    pattern: Option<Box<Asking>>,
}

struct Leading {
    key: u64,
    atoms: Few,
}

/// An interest, by the numbers of its clauses.
pub(crate) struct Entry {
    pub(crate) partner: Arc<str>,
    pub(crate) id: Box<str>,
    pub(crate) rule: Rule,
    watched: Box<[u32]>,
}

/// The index of interests.
#[derive(Default)]
pub struct Index {
    atoms: Vec<Option<Atom>>,
    free_atoms: Vec<u32>,
    by_clause: HashTable<u32>,
    keys: HashTable<Leading>,
    phrases: Phrases<Few>,
    lengths: Lengths,
    entries: Vec<Option<Entry>>,
    free_entries: Vec<u32>,
    by_id: HashTable<u32>,
    partners: HashMap<Arc<str>, u32>,
    patterns: usize,
}

fn hash(value: impl Hash) -> u64 {
    foldhash::fast::FixedState::with_seed(2).hash_one(value)
}

impl Index {
    /// An index of pairs of a partner's name and an interest.
    pub fn new(interests: impl IntoIterator<Item = (String, Interest)>) -> Index {
        let mut index = Index::default();
        for (partner, interest) in interests {
            index.set(&partner, &interest);
        }
        index
    }

    /// Whether it holds no interest: then no item can match.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// Whether nothing is left of interests that are gone.
    #[cfg(test)]
    pub(crate) fn is_clean(&self) -> bool {
        let all_gone = self.atoms.iter().all(Option::is_none);
        let all_found =
            self.keys.is_empty() && self.phrases.is_empty() && self.by_clause.is_empty();
        all_gone && all_found && self.partners.is_empty() && self.patterns == 0
    }

    /// How many interests there are.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Whether any clause is a pattern: only then are values kept as patterns ask for them.
    pub(crate) fn has_patterns(&self) -> bool {
        self.patterns > 0
    }

    pub(crate) fn entry(&self, number: u32) -> Option<&Entry> {
        self.entries.get(number as usize)?.as_ref()
    }

    pub(crate) fn clause(&self, atom: u32) -> Option<&Clause> {
        Some(&self.atom(atom)?.clause)
    }

    pub(crate) fn pattern(&self, atom: u32) -> Option<&Asking> {
        self.atom(atom)?.pattern.as_deref()
    }

    pub(crate) fn watchers(&self, atom: u32) -> &[u32] {
        self.atom(atom).map_or(&[], |atom| atom.watchers.as_slice())
    }

    fn atom(&self, number: u32) -> Option<&Atom> {
        self.atoms.get(number as usize)?.as_ref()
    }

    /// Registers an interest of a partner's, in place of the one with its id.
    pub fn set(&mut self, partner: &str, interest: &Interest) {
        self.remove(partner, &interest.id);
        let partner = self.partner(partner);
        let expression = interest.expression();
        let nodes = compile(&expression, &mut |clause| self.use_atom(clause));
        let mut watched: Vec<u32> = Vec::new();
        for clause in expression.sure().unwrap_or_default() {
            watched.extend(self.find_atom(clause));
        }
        watched.sort_unstable();
        watched.dedup();
        let number = self.free_entries.pop().unwrap_or_else(|| number_of(self.entries.len()));
        for atom in &watched {
            if let Some(Some(atom)) = self.atoms.get_mut(*atom as usize) {
                atom.watchers.push(number);
            }
        }
        let entry = Entry {
            partner,
            id: interest.id.as_str().into(),
            rule: Rule::of(interest, nodes),
            watched: watched.into(),
        };
        let hashed = hash((&*entry.partner, &*entry.id));
        put(&mut self.entries, number, entry);
        let entries = &self.entries;
        self.by_id.insert_unique(hashed, number, |number| hash_of_entry(entries, *number));
    }

    /// Forgets an interest; whether it was there.
    pub fn remove(&mut self, partner: &str, id: &str) -> bool {
        let entries = &self.entries;
        let same = |number: &u32| {
            entries
                .get(*number as usize)
                .and_then(Option::as_ref)
                .is_some_and(|entry| &*entry.partner == partner && &*entry.id == id)
        };
        let Ok(found) = self.by_id.find_entry(hash((partner, id)), same) else { return false };
        let (number, _) = found.remove();
        let Some(entry) = self.entries.get_mut(number as usize).and_then(Option::take) else {
            return false;
        };
        self.free_entries.push(number);
        for atom in &*entry.watched {
            if let Some(Some(atom)) = self.atoms.get_mut(*atom as usize) {
                atom.watchers.remove(number);
            }
        }
        for node in &*entry.rule.nodes {
            if let Node::Atom(atom) = node {
                self.release_atom(*atom);
            }
        }
        self.forget_partner(&entry.partner);
        true
    }

    fn partner(&mut self, name: &str) -> Arc<str> {
        let known = self.partners.get_key_value(name).map(|(name, _)| Arc::clone(name));
        let name = known.unwrap_or_else(|| Arc::from(name));
        *self.partners.entry(Arc::clone(&name)).or_default() += 1;
        name
    }

    fn forget_partner(&mut self, name: &Arc<str>) {
        if let Some(count) = self.partners.get_mut(name) {
            *count -= 1;
            if *count == 0 {
                self.partners.remove(name);
            }
        }
    }

    fn find_atom(&self, clause: &Clause) -> Option<u32> {
        let same = |number: &u32| self.clause(*number) == Some(clause);
        self.by_clause.find(hash(Some(clause)), same).copied()
    }

    /// The number of a clause, used once more.
    fn use_atom(&mut self, clause: &Clause) -> u32 {
        if let Some(number) = self.find_atom(clause) {
            if let Some(Some(atom)) = self.atoms.get_mut(number as usize) {
                atom.uses += 1;
            }
            return number;
        }
        let number = self.free_atoms.pop().unwrap_or_else(|| number_of(self.atoms.len()));
        for key in unique(clause.keys()) {
            let leading = self.keys.entry(key, |known| known.key == key, |known| known.key);
            let new = || Leading { key, atoms: Few::None };
            leading.or_insert_with(new).into_mut().atoms.push(number);
        }
        for phrase in clause.phrases() {
            if let Some(atoms) = self.phrases.insert(&Words::new(&phrase)) {
                atoms.push(number);
            }
        }
        self.lengths.count(clause, |count| *count += 1);
        let pattern = match clause {
            Clause::Pattern(text) => Asking::compile(text).ok().map(Box::new),
            _ => None,
        };
        self.patterns += usize::from(pattern.is_some());
        let atom = Atom { clause: clause.clone(), uses: 1, watchers: Few::None, pattern };
        put(&mut self.atoms, number, atom);
        let atoms = &self.atoms;
        let again = |number: &u32| {
            hash(atoms.get(*number as usize).and_then(Option::as_ref).map(|atom| &atom.clause))
        };
        // As `again` has it, which may find no atom.
        let hashed = hash(Some(clause));
        self.by_clause.insert_unique(hashed, number, again);
        number
    }

    fn release_atom(&mut self, number: u32) {
        let Some(Some(atom)) = self.atoms.get_mut(number as usize) else { return };
        atom.uses -= 1;
        if atom.uses > 0 {
            return;
        }
        let Some(atom) = self.atoms.get_mut(number as usize).and_then(Option::take) else { return };
        if let Ok(found) = self.by_clause.find_entry(hash(Some(&atom.clause)), |n| *n == number) {
            found.remove();
        }
        for key in unique(atom.clause.keys()) {
            if let Ok(mut found) = self.keys.find_entry(key, |known| known.key == key) {
                found.get_mut().atoms.remove(number);
                if found.get().atoms.is_empty() {
                    found.remove();
                }
            }
        }
        for phrase in atom.clause.phrases() {
            self.phrases.remove(&Words::new(&phrase), |atoms| {
                atoms.remove(number);
                atoms.is_empty()
            });
        }
        self.lengths.count(&atom.clause, |count| *count -= 1);
        self.patterns -= usize::from(atom.pattern.is_some());
        self.free_atoms.push(number);
    }

    /// Every clause that the terms of an item meet, and some places of each; patterns are only told
    /// as possible.
    pub(crate) fn hits(&self, terms: &Terms<'_>) -> Vec<Hit> {
        let mut hits = Collected::default();
        for (at, found) in terms.found.iter().enumerate() {
            found.term.keys(&self.lengths, &mut |key| {
                let leading = self.keys.find(key, |known| known.key == key);
                for number in leading.map_or(&[][..], |known| known.atoms.as_slice()) {
                    let Some(atom) = self.atom(*number) else { continue };
                    if !hits.has_room(*number, found.standing) {
                        continue;
                    }
                    let seen = match atom.pattern {
                        Some(_) => Seen::Possible,
                        None if atom.clause.meets(&found.term) => Seen::Term(number_of(at)),
                        None => continue,
                    };
                    hits.push(Hit::new(*number, found.standing, seen));
                }
            });
        }
        if !self.phrases.is_empty() {
            for (at, text) in terms.texts.iter().enumerate() {
                self.names(number_of(at), text, &mut hits);
            }
        }
        hits.list
    }

    /// The names that stand in a text.
    fn names(&self, at: u32, text: &Text<'_>, hits: &mut Collected) {
        let spellings = std::iter::once((false, &text.words));
        for (spelt, words) in spellings.chain(text.spelt.iter().map(|words| (true, words))) {
            self.phrases.all(words, &mut |first, behind, atoms| {
                let standing = text.standing_of(words, first, behind);
                if !hits.may_look(atoms, standing) {
                    return;
                }
                for number in atoms.as_slice() {
                    let Some(atom) = self.atom(*number) else { continue };
                    // Phrases are found by their hash.
                    if hits.has_room(*number, standing)
                        && atom.clause.has_phrase(&words.part(first, behind))
                    {
                        let (first, behind) = (number_of(first), number_of(behind));
                        let seen = Seen::Words { text: at, spelt, first, behind };
                        hits.push(Hit::new(*number, standing, seen));
                    }
                }
            });
        }
    }
}

/// The hits of an item: of each clause a few at each standing, so that what many have registered,
/// or what stands there a thousand times, leaves no other clause without its place.
#[derive(Default)]
struct Collected {
    list: Vec<Hit>,
    counts: HashMap<(u32, Standing), u8, foldhash::fast::FixedState>,
    /// How often each phrase was looked at, by where it stands in the dictionary.
    looks: HashMap<(usize, Standing), u8, foldhash::fast::FixedState>,
}

impl Collected {
    /// Whether a phrase is worth a look once more: all that have it have got their places else.
    fn may_look(&mut self, atoms: &Few, standing: Standing) -> bool {
        let phrase = std::ptr::from_ref(atoms) as usize;
        let looks = self.looks.entry((phrase, standing)).or_default();
        *looks = looks.saturating_add(1);
        *looks <= MAX_PLACES
    }

    fn has_room(&self, atom: u32, standing: Standing) -> bool {
        self.counts.get(&(atom, standing)).is_none_or(|count| *count < MAX_PLACES)
    }

    fn push(&mut self, hit: Hit) {
        *self.counts.entry((hit.atom, hit.standing)).or_default() += 1;
        self.list.push(hit);
    }
}

impl Clause {
    fn has_phrase(&self, phrase: &str) -> bool {
        match self {
            // The commonest way, without making all of them.
            Clause::Words(words) if words == phrase => true,
            _ => self.phrases().contains(phrase),
        }
    }
}

/// A table of four billion rows is beyond any memory: what is bounded by the partners' limits is
/// far below.
fn number_of(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn unique(mut keys: Vec<u64>) -> Vec<u64> {
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn put<T>(rows: &mut Vec<Option<T>>, number: u32, row: T) {
    match rows.get_mut(number as usize) {
        Some(place) => *place = Some(row),
        None => rows.push(Some(row)),
    }
}

fn hash_of_entry(entries: &[Option<Entry>], number: u32) -> u64 {
    let entry = entries.get(number as usize).and_then(Option::as_ref);
    entry.map_or(0, |entry| hash((&*entry.partner, &*entry.id)))
}
