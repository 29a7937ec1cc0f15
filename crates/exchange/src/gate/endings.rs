//! What may be written together with a name, after or before it.

use super::letters;
use super::sound;
use super::tables::lines;
use std::collections::HashSet;
use std::sync::LazyLock;

static ENDINGS: LazyLock<Endings> =
    LazyLock::new(|| Endings::read(include_str!("../../data/endings.txt")));

struct Endings {
    /// After a name as it is.
    full: HashSet<String>,
    /// After a long name or its stem; contains `full`.
    long: HashSet<String>,
    before: HashSet<String>,
}

impl Endings {
    fn read(text: &'static str) -> Endings {
        let (mut full, mut long, mut before) = (HashSet::new(), HashSet::new(), HashSet::new());
        for row in lines(text) {
            let Some((kind, endings)) = row.split_once(':') else { continue };
            let all = endings.split_whitespace().map(letters::exact);
            match kind.split_whitespace().next() {
                Some("full") => full.extend(all),
                Some("long") => long.extend(all),
                _ => before.extend(all),
            }
        }
        long.extend(full.iter().cloned());
        Endings { full, long, before }
    }
}

/// Endings of names of three letters: with more of them, too many are words of some language.
const AFTER_THREE: &[&str] = &["s", "es", "a", "u", "em", "om", "ou", "ovi", "owi"];

/// Whether a name of so many letters may end in this as well; nothing at all is an ending.
pub(super) fn is_ending(rest: &str, letters: usize) -> bool {
    match letters {
        _ if rest.is_empty() => true,
        0..=2 if rest.is_ascii() => false,
        3 if rest.is_ascii() => AFTER_THREE.contains(&rest),
        0..=4 => ENDINGS.full.contains(rest),
        _ => ENDINGS.long.contains(rest),
    }
}

/// Whether this may be written together with a name, before it.
pub(super) fn is_particle(before: &str) -> bool {
    before.is_empty() || ENDINGS.before.contains(before)
}

/// Whether this, in the signs of a [sound], may be an ending after a name.
pub(super) fn is_heard(end: &str) -> bool {
    static HEARD: LazyLock<HashSet<String>> = LazyLock::new(|| {
        let all = ENDINGS.long.iter().flat_map(|ending| sound::of(ending));
        all.map(|sound| sound.signs().to_owned()).collect()
    });
    HEARD.contains(end)
}
