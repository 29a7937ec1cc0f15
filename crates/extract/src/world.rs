//! Names of places of the whole world: those with 5,000 people or more, the upper regions of countries,
//! and countries in all languages of the Unicode CLDR. One file, read where it lies: an `fst` of
//! names, then what each can mean.
//!
//! The file: `FWW1`, three lengths (u32, little-endian: of the fst, of the meanings, of the names of
//! places), then these parts. A value of the fst is where a list of meanings begins. A list is a
//! count, then for each a country (two letters), a kind, the people as a power of two, and the offset of
//! its usual name, which ends with a zero.

use crate::words::Words;
use fst::raw::Fst;
use std::sync::LazyLock;

/// Longest name in words; in scripts without spaces each character is one.
const MAX_WORDS: usize = 12;
const FILE: &[u8] = include_bytes!("../gazetteer/world.bin");
const HEAD: usize = 16;
const MEANING: usize = 8;

/// What a name can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Meaning {
    /// ISO 3166-1 code.
    pub(crate) country: &'static str,
    pub(crate) kind: WorldKind,
    /// How many people live there, as a power of two.
    pub(crate) people: u8,
    pub(crate) name: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WorldKind {
    Country,
    Region,
    City,
}

struct World {
    names: Fst<&'static [u8]>,
    meanings: &'static [u8],
    places: &'static [u8],
}

static WORLD: LazyLock<Option<World>> = LazyLock::new(|| World::read(FILE));

impl World {
    fn read(file: &'static [u8]) -> Option<World> {
        let rest = file.strip_prefix(b"FWW1")?;
        let number = |at: usize| {
            let bytes = rest.get(at..at + 4)?;
            usize::try_from(u32::from_le_bytes(bytes.try_into().ok()?)).ok()
        };
        let (names, meanings) = (number(0)?, number(4)?);
        let names_end = HEAD + names;
        let end = names_end + meanings;
        Some(World {
            names: Fst::new(file.get(HEAD..names_end)?).ok()?,
            meanings: file.get(names_end..end)?,
            places: file.get(end..)?,
        })
    }

    fn meanings(&self, at: u64) -> Vec<Meaning> {
        let Ok(at) = usize::try_from(at) else { return Vec::new() };
        let count = usize::from(self.meanings.get(at).copied().unwrap_or_default());
        let list = self.meanings.get(at + 1..at + 1 + count * MEANING).unwrap_or_default();
        list.chunks_exact(MEANING).filter_map(|one| self.meaning(one)).collect()
    }

    fn meaning(&self, bytes: &'static [u8]) -> Option<Meaning> {
        let country = std::str::from_utf8(bytes.get(..2)?).ok()?;
        let kind = match bytes.get(2)? {
            0 => WorldKind::Country,
            1 => WorldKind::Region,
            _ => WorldKind::City,
        };
        let people = *bytes.get(3)?;
        let at = u32::from_le_bytes(bytes.get(4..8)?.try_into().ok()?);
        let rest = self.places.get(usize::try_from(at).ok()?..)?;
        let end = memchr::memchr(0, rest)?;
        Some(Meaning { country, kind, people, name: std::str::from_utf8(rest.get(..end)?).ok()? })
    }
}

/// The longest name that begins at a word: the number of the word after it, and what it can mean.
pub(crate) fn at(words: &Words, first: usize) -> Option<(usize, Vec<Meaning>)> {
    let world = WORLD.as_ref()?;
    let fst = &world.names;
    let mut node = fst.root();
    let mut value = 0u64;
    let mut longest = None;
    for at in first..words.len().min(first + MAX_WORDS) {
        if at > first {
            let Some(to) = node.find_input(b' ') else { break };
            let step = node.transition(to);
            value += step.out.value();
            node = fst.node(step.addr);
        }
        let mut is_whole = true;
        for byte in words.word(at).bytes() {
            let Some(to) = node.find_input(byte) else {
                is_whole = false;
                break;
            };
            let step = node.transition(to);
            value += step.out.value();
            node = fst.node(step.addr);
        }
        if !is_whole {
            break;
        }
        if node.is_final() {
            longest = Some((at + 1, value + node.final_output().value()));
        }
    }
    let (end, value) = longest?;
    Some((end, world.meanings(value)))
}

/// What a name of one word can mean, given as it is folded.
pub(crate) fn of_word(word: &str) -> Option<Vec<Meaning>> {
    let world = WORLD.as_ref()?;
    Some(world.meanings(world.names.get(word)?.value()))
}
