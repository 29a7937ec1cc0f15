//! Somebody or something with a name, and the ways in which it is written.

use forewarn_extract::words::{Spelling, Words};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Most other names of one.
const MAX_ALIASES: usize = 50;
/// Longest name, in bytes.
const MAX_NAME: usize = 200;
/// Most words of a name: in each of its ways it is a phrase that can be found.
const MAX_WORDS: usize = 20;
/// Fewest letters and digits of a name that is looked for.
const MIN_LETTERS: usize = 2;

/// A name and others for the same. Case, accents, hyphens and full stops do not count; letters of
/// another alphabet are met by their sound too.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(from = "Written", into = "Written")]
pub struct Named {
    /// The usual name, as the partner writes it.
    pub name: String,
    /// Other names for the same; none may be empty.
    pub aliases: Vec<String>,
}

/// The form that people write: the name, or a table with `name` and `aliases`.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "a name, or a table of `name` and `aliases`, is wanted")]
enum Written {
    Name(String),
    Full(Full),
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Full {
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
}

impl From<Written> for Named {
    fn from(written: Written) -> Named {
        match written {
            Written::Name(name) => Named { name, aliases: Vec::new() },
            Written::Full(Full { name, aliases }) => Named { name, aliases },
        }
    }
}

impl From<Named> for Written {
    fn from(Named { name, aliases }: Named) -> Written {
        if aliases.is_empty() { Written::Name(name) } else { Written::Full(Full { name, aliases }) }
    }
}

impl From<&str> for Named {
    fn from(name: &str) -> Named {
        Named { name: name.to_owned(), aliases: Vec::new() }
    }
}

/// How a kind of name is varied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Vary {
    No,
    /// The family name may stand first, with or without a comma.
    Person,
    /// Both with and without the English plural `s`.
    Group,
}

impl Named {
    /// Every name.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.name).chain(&self.aliases).map(String::as_str)
    }

    /// Why it cannot be looked for.
    pub(crate) fn objection(&self) -> Option<String> {
        if self.aliases.len() > MAX_ALIASES {
            return Some(format!("a name has at most {MAX_ALIASES} aliases"));
        }
        self.names().find_map(|name| {
            let words = Words::new(name);
            let folded = words.folded();
            let letters = folded.chars().filter(|c| c.is_alphanumeric()).count();
            let wide = folded.chars().any(|c| c.is_alphabetic() && !c.is_ascii());
            if name.len() > MAX_NAME || words.len() > MAX_WORDS {
                Some(format!(
                    "a name to look for has at most {MAX_NAME} bytes and {MAX_WORDS} words"
                ))
            } else if letters < MIN_LETTERS || (letters == MIN_LETTERS && !wide) {
                Some(format!("`{name}` is too short to look for: 3 letters, or 2 signs of Chinese"))
            } else {
                None
            }
        })
    }

    /// Every way in which it is looked for: folded words with one space between two.
    pub(crate) fn phrases(&self, vary: Vary) -> BTreeSet<String> {
        let mut out = BTreeSet::new();
        for name in self.names() {
            for spelling in [Spelling::Written, Spelling::SpeltOut] {
                let words = Words::read(name, spelling);
                let phrase = words.folded();
                match vary {
                    Vary::No => {}
                    Vary::Person => out.extend(other_order(&phrase)),
                    Vary::Group => out.extend(other_number(&phrase)),
                }
                out.insert(phrase);
            }
        }
        out.remove("");
        out
    }
}

/// `vladimir putin` as `putin vladimir` and `putin , vladimir`; the other way round where a comma is.
fn other_order(name: &str) -> Vec<String> {
    if let Some((family, given)) = name.split_once(" , ") {
        return vec![format!("{given} {family}"), format!("{family} {given}")];
    }
    match name.rsplit_once(' ') {
        Some((given, family)) => vec![format!("{family} {given}"), format!("{family} , {given}")],
        None => Vec::new(),
    }
}

fn other_number(name: &str) -> Option<String> {
    let ascii = name.ends_with(|c: char| c.is_ascii_lowercase());
    match name.strip_suffix('s') {
        Some(one) if one.len() >= 4 && !one.ends_with('s') => Some(one.to_owned()),
        None if ascii && name.len() >= 4 => Some(format!("{name}s")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrases(name: &str, vary: Vary) -> Vec<String> {
        Named::from(name).phrases(vary).into_iter().collect()
    }

    #[test]
    fn a_name_is_looked_for_in_each_of_its_ways() {
        assert_eq!(
            phrases("Vladimir Putin", Vary::Person),
            ["putin , vladimir", "putin vladimir", "vladimir putin"]
        );
        assert_eq!(phrases("journalists", Vary::Group), ["journalist", "journalists"]);
        assert_eq!(phrases("Müller-Werke", Vary::No), ["mueller werke", "muller werke"]);
        assert!(phrases("Газпром", Vary::No).contains(&"gazprom".to_owned()));
    }

    #[test]
    fn a_name_that_would_meet_everything_is_not_looked_for() {
        for name in ["", "a", "ab", "--", "&&&"] {
            assert!(Named::from(name).objection().is_some(), "{name}");
        }
        for name in ["BKA", "北京", "AT&T"] {
            assert!(Named::from(name).objection().is_none(), "{name}");
        }
    }
}
