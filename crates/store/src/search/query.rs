//! What is looked for: any text is a search, and nothing in it is an operator but quotes around words
//! that follow one another.

use super::fold::{Word, words};
use std::fmt::Write as _;
use std::ops::Range;

/// Most words of a search that count: each is a list to be walked.
const MAX_WORDS: usize = 24;
/// Fewest letters of a last word that may be the beginning of one: below, most words would be.
const MIN_BEGINNING: usize = 3;

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// All of these, each a word or words that follow one another.
    terms: Vec<Vec<Word>>,
    /// Whether words were left out since there were too many.
    pub is_cut: bool,
}

impl Query {
    /// Reads a search as it was typed.
    pub fn read(text: &str) -> Query {
        let (mut terms, mut count, mut is_cut) = (Vec::new(), 0, false);
        for piece in pieces(text) {
            let mut term = Vec::new();
            for word in words(piece) {
                if count == MAX_WORDS {
                    is_cut = true;
                    break;
                }
                term.push(word);
                count += 1;
            }
            if !term.is_empty() {
                terms.push(term);
            }
            if is_cut {
                break;
            }
        }
        Query { terms, is_cut }
    }

    /// Whether there is no word in it.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether its last word may be the beginning of one: not in a name of several, such as a host's.
    pub(super) fn may_begin(&self) -> bool {
        self.terms.last().is_some_and(|term| may_begin(term))
    }

    /// For SQLite's FTS5: `open` lets the last word be the beginning of one.
    pub(super) fn fts(&self, open: bool, hidden: &[i64]) -> String {
        let last = self.terms.len().saturating_sub(1);
        let all: Vec<String> = self
            .terms
            .iter()
            .enumerate()
            .map(|(n, term)| either(term, open && n == last && may_begin(term)))
            .collect();
        let mut out = format!("{{words latin}} : ({})", all.join(" AND "));
        if !hidden.is_empty() {
            let places: Vec<String> = hidden.iter().map(|one| format!("\"p{one}\"")).collect();
            let _ = write!(out, " NOT {{place}} : ({})", places.join(" OR "));
        }
        out
    }

    /// Whether a short text has all of it: there, the last word of a name may be begun as well.
    pub fn is_in(&self, text: &str) -> bool {
        let all: Vec<Word> = words(text).collect();
        let last = self.terms.len().saturating_sub(1);
        let mut each = self.terms.iter().enumerate();
        let open = |n, term: &[Word]| n == last && term.last().is_some_and(is_long);
        each.all(|(n, term)| first(&all, term, open(n, term)).is_some()) && !self.is_empty()
    }

    /// Where the first of it stands in a text, if any of it does.
    pub(super) fn place_in(&self, text: &str) -> Option<Range<usize>> {
        let all: Vec<Word> = words(text).collect();
        let last = self.terms.len().saturating_sub(1);
        let each = self.terms.iter().enumerate();
        let open = |n, term: &[Word]| n == last && may_begin(term);
        each.filter_map(|(n, term)| first(&all, term, open(n, term))).min_by_key(|at| at.start)
    }
}

/// Where words that follow one another first stand.
fn first(all: &[Word], term: &[Word], open: bool) -> Option<Range<usize>> {
    let sound = |word: &Word| word.latin().unwrap_or_else(|| word.text.clone());
    let same = |found: &Word, wanted: &Word, open: bool| {
        let is = |found: &str, wanted: &str| {
            if open { found.starts_with(wanted) } else { found == wanted }
        };
        is(&found.text, &wanted.text) || is(&sound(found), &sound(wanted))
    };
    let stands = |window: &&[Word]| {
        let mut pairs = window.iter().zip(term).enumerate();
        pairs.all(|(n, (found, wanted))| same(found, wanted, open && n + 1 == term.len()))
    };
    let window = all.windows(term.len().max(1)).find(stands)?;
    Some(window.first()?.at.start..window.last()?.at.end)
}

fn may_begin(term: &[Word]) -> bool {
    matches!(term, [word] if is_long(word))
}

fn is_long(word: &Word) -> bool {
    word.text.chars().count() >= MIN_BEGINNING
}

/// The words as they are, or by their sound in Latin letters.
fn either(term: &[Word], open: bool) -> String {
    let phrase = |texts: Vec<String>| {
        let open = if open { " *" } else { "" };
        format!("\"{}\"{open}", texts.join(" "))
    };
    let plain = phrase(term.iter().map(|word| word.text.clone()).collect());
    if term.iter().all(|word| word.latin().is_none()) {
        return plain;
    }
    let sound = |word: &Word| word.latin().unwrap_or_else(|| word.text.clone());
    format!("({plain} OR {})", phrase(term.iter().map(sound).collect()))
}

/// What stands between quotes is one piece, and so is what stands between spaces.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split(['"', '“', '”', '„', '«', '»']).enumerate().flat_map(|(n, part)| {
        let quoted = n % 2 == 1;
        let whole = quoted.then_some(part);
        let parts = (!quoted).then(|| part.split_whitespace());
        whole.into_iter().chain(parts.into_iter().flatten())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fts(text: &str) -> String {
        Query::read(text).fts(true, &[])
    }

    #[test]
    fn words_are_all_looked_for_and_what_is_one_name_stays_together() {
        assert_eq!(fts("bomb market"), r#"{words latin} : ("bomb" AND "market" *)"#);
        assert_eq!(fts("evil.example"), r#"{words latin} : ("evil example")"#);
        assert_eq!(fts("\"of the market\" in"), r#"{words latin} : ("of the market" AND "in")"#);
        assert_eq!(fts("Великов"), r#"{words latin} : (("великов" * OR "velikov" *))"#);
        let hidden = Query::read("x").fts(false, &[3, 7]);
        assert_eq!(hidden, r#"{words latin} : ("x") NOT {place} : ("p3" OR "p7")"#);
    }

    #[test]
    fn nothing_that_is_typed_is_an_operator() {
        for text in ["a NOT b", "words:x", "a* OR (b", "NEAR(a b, 2)", "^a + {b} - \"c", "'; DROP"]
        {
            let made = fts(text);
            let outside: String = made.split('"').step_by(2).collect();
            let known = ["{words latin}", ":", "(", ")", "AND", "OR", "*", " "];
            let rest = known.iter().fold(outside, |rest, word| rest.replace(word, ""));
            assert!(rest.is_empty(), "{text}: {made}");
        }
    }

    #[test]
    fn a_text_of_any_length_is_a_search_and_says_what_it_left_out() {
        let long = "word ".repeat(2_000);
        let query = Query::read(&long);
        assert!(query.is_cut);
        assert_eq!(query.terms.len(), MAX_WORDS);
        assert!(Query::read(" \u{200b} \"\" *?! ").is_empty());
    }

    #[test]
    fn what_is_looked_for_is_found_where_it_stands() {
        let at = |query: &str, text: &str| {
            Query::read(query).place_in(text).and_then(|at| text.get(at).map(str::to_owned))
        };
        assert_eq!(at("velikov", "Антон Великов.").as_deref(), Some("Великов"));
        assert_eq!(at("Великов", "Anton Velikov").as_deref(), Some("Velikov"));
        assert_eq!(at("王伟", "我是王伟。").as_deref(), Some("王伟"));
        assert_eq!(at("mark", "the markets").as_deref(), Some("markets"));
        assert_eq!(at("ark", "the markets"), None);
        assert!(Query::read("anton velik").is_in("ВЕЛИКОВ, Антон"));
        assert!(!Query::read("antonia").is_in("Anton Velikov"));
        assert!(Query::read("east.exa").is_in("east.example"));
    }
}
