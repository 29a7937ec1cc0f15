//! The texts that a test of a STIX pattern asks for, whichever operator it uses.

use forewarn_stix::pattern::{self, Literal, NotAPattern, Observation, Operation, PathStep, Test};
use regex_syntax::hir::{Class, Hir, HirKind, Look};

/// Most ways that are told of one regular expression.
const MAX_WAYS: usize = 32;
/// Longest way that is told, in parts: letters, mostly.
const MAX_PARTS: usize = 1_024;

/// A text that is asked for, and where in the value it must stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Constant {
    pub(crate) text: String,
    pub(crate) fit: Fit,
}

/// How a value holds a constant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fit {
    /// It is the value.
    Whole,
    /// The value begins with it.
    Begins,
    /// The value ends with it.
    Ends,
    /// It stands somewhere in the value.
    Within,
}

/// A part of what a pattern describes.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Char(char),
    /// Whatever stands there.
    Any,
    /// The beginning or the end.
    Edge,
}

/// A pattern of somebody else's, as far as it can be read: a backslash that should have been
/// escaped stands for itself.
pub(crate) fn read(pattern: &str) -> Result<Observation, NotAPattern> {
    pattern::parse(pattern).or_else(|error| pattern::parse_lenient(pattern).map_err(|_| error))
}

/// The texts that a test asks for. A negated one asks for none; nor do those of order, of addresses
/// and of existence.
pub(crate) fn of(test: &Test) -> Vec<Constant> {
    if test.negated {
        return Vec::new();
    }
    match &test.operation {
        Operation::Equal(literal) => whole(test, std::slice::from_ref(literal)),
        Operation::In(literals) => whole(test, literals),
        Operation::Like(text) => pieces(&text.chars().map(wild).collect::<Vec<Part>>()),
        Operation::Matches(regex) => ways(regex).into_iter().flat_map(|way| pieces(&way)).collect(),
        Operation::NotEqual(_)
        | Operation::Less(_)
        | Operation::LessOrEqual(_)
        | Operation::Greater(_)
        | Operation::GreaterOrEqual(_)
        | Operation::IsSubset(_)
        | Operation::IsSuperset(_)
        | Operation::Exists => Vec::new(),
    }
}

fn whole(test: &Test, literals: &[Literal]) -> Vec<Constant> {
    let text = |literal: &Literal| match literal {
        Literal::Text(text) => Some(text.clone()),
        // A hash in its digits or as its bytes is the same hash.
        Literal::Hex(digits) if is_hash(test) => Some(digits.to_ascii_lowercase()),
        Literal::Binary(_) if is_hash(test) => Some(hex_of(&literal.bytes()?)),
        // What stands coded in the object is compared with its code.
        Literal::Hex(digits) if is_coded(test, "_hex") => Some(digits.clone()),
        Literal::Binary(base64) if is_coded(test, "_bin") => Some(base64.clone()),
        Literal::Hex(_) | Literal::Binary(_) => Some(text_of(literal.bytes()?)),
        Literal::Integer(_) | Literal::Float(_) | Literal::Bool(_) | Literal::Time(_) => None,
    };
    let texts = literals.iter().filter_map(text);
    texts.map(|text| Constant { text, fit: Fit::Whole }).collect()
}

fn hex_of(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

fn is_hash(test: &Test) -> bool {
    let mut keys = test.path.steps.iter();
    keys.any(|step| matches!(step, PathStep::Key(key) if key == "hashes"))
}

fn is_coded(test: &Test, ending: &str) -> bool {
    matches!(test.path.steps.last(), Some(PathStep::Key(key)) if key.ends_with(ending))
}

/// The text that bytes are compared with: what is no UTF-8 is a letter each (STIX §9.2).
fn text_of(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| error.as_bytes().iter().copied().map(char::from).collect())
}

fn wild(c: char) -> Part {
    match c {
        '%' | '_' => Part::Any,
        c => Part::Char(c),
    }
}

/// The texts between what is left open.
fn pieces(parts: &[Part]) -> Vec<Constant> {
    let is_open = |part: Option<&Part>| matches!(part, Some(Part::Any));
    let (opens, ends_open) = (is_open(parts.first()), is_open(parts.last()));
    let list: Vec<String> = parts
        .split(|part| *part == Part::Any)
        .map(|piece| {
            let chars = piece.iter().filter_map(|part| match part {
                Part::Char(c) => Some(*c),
                Part::Any | Part::Edge => None,
            });
            chars.collect()
        })
        .collect();
    let last = list.len().saturating_sub(1);
    let constants = list.into_iter().enumerate().map(|(n, text)| {
        let fit = match (n == 0 && !opens, n == last && !ends_open) {
            (true, true) => Fit::Whole,
            (true, false) => Fit::Begins,
            (false, true) => Fit::Ends,
            (false, false) => Fit::Within,
        };
        Constant { text, fit }
    });
    constants.filter(|constant| !constant.text.is_empty()).collect()
}

/// The ways in which a regular expression can be met; what repeats, or is one of many characters,
/// is left open in them. None for one with look-around.
fn ways(regex: &str) -> Vec<Vec<Part>> {
    let Ok(hir) = regex_syntax::parse(regex) else { return Vec::new() };
    let close = |mut way: Vec<Part>| {
        // Without `^` and `$` it is looked for anywhere.
        if way.first() != Some(&Part::Edge) {
            way.insert(0, Part::Any);
        }
        if way.last() != Some(&Part::Edge) {
            way.push(Part::Any);
        }
        way.retain(|part| *part != Part::Edge);
        way
    };
    expanded(&hir).into_iter().map(close).collect()
}

fn expanded(hir: &Hir) -> Vec<Vec<Part>> {
    let one = |part| vec![vec![part]];
    let bounded = |ways: Vec<Vec<Part>>| {
        let is_much = ways.len() > MAX_WAYS || ways.iter().any(|way| way.len() > MAX_PARTS);
        if is_much { one(Part::Any) } else { ways }
    };
    match hir.kind() {
        HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
            Ok(text) => bounded(vec![text.chars().map(Part::Char).collect()]),
            Err(_) => one(Part::Any),
        },
        HirKind::Class(class) => of_class(class).into_iter().map(|part| vec![part]).collect(),
        HirKind::Look(
            Look::Start | Look::StartLF | Look::StartCRLF | Look::End | Look::EndLF | Look::EndCRLF,
        ) => one(Part::Edge),
        HirKind::Empty | HirKind::Look(_) => vec![Vec::new()],
        HirKind::Repetition(repetition) => match (repetition.min, repetition.max) {
            (0, Some(1)) => {
                let mut ways = expanded(&repetition.sub);
                ways.push(Vec::new());
                bounded(ways)
            }
            (1, Some(1)) => expanded(&repetition.sub),
            _ => one(Part::Any),
        },
        HirKind::Capture(capture) => expanded(&capture.sub),
        HirKind::Concat(list) => {
            let mut ways = vec![Vec::new()];
            for inner in list {
                let next = expanded(inner);
                let joined = ways.iter().flat_map(|way: &Vec<Part>| {
                    next.iter().map(|more| [way.as_slice(), more.as_slice()].concat())
                });
                ways = bounded(joined.collect());
            }
            ways
        }
        HirKind::Alternation(list) => bounded(list.iter().flat_map(expanded).collect()),
    }
}

/// Most letters of a class that are told one by one: `(a|b)` is a class, too.
const MAX_LETTERS: usize = 4;

/// Few letters, each in one case; a full stop, where one may stand: many write it unescaped.
fn of_class(class: &Class) -> Vec<Part> {
    let Class::Unicode(class) = class else { return vec![Part::Any] };
    let all = class.iter().flat_map(|range| range.start()..=range.end());
    let mut letters: Vec<char> = all
        .take(2 * MAX_LETTERS + 1)
        .map(|letter| letter.to_lowercase().next().unwrap_or(letter))
        .collect();
    letters.sort_unstable();
    letters.dedup();
    if letters.len() <= MAX_LETTERS {
        return letters.into_iter().map(Part::Char).collect();
    }
    let has_stop = class.iter().any(|range| (range.start()..=range.end()).contains(&'.'));
    vec![if has_stop { Part::Char('.') } else { Part::Any }]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(comparison: &str) -> Vec<String> {
        let parsed = read(&format!("[a:b {comparison}]")).unwrap();
        let mut out = Vec::new();
        parsed.tests(&mut |test| {
            out.extend(of(test).into_iter().map(|one| format!("{:?} {}", one.fit, one.text)));
        });
        out
    }

    #[test]
    fn each_operator_asks_for_its_texts() {
        for (comparison, texts) in [
            (r"= 'a\'b'", vec!["Whole a'b"]),
            ("IN ('x', 'y')", vec!["Whole x", "Whole y"]),
            ("= h'61636D65'", vec!["Whole acme"]),
            ("IN (b'YWNtZQ==', b'w7w=', b'/w==')", vec!["Whole acme", "Whole ü", "Whole ÿ"]),
            ("LIKE 'acme.example'", vec!["Whole acme.example"]),
            ("LIKE '%.acme.example'", vec!["Ends .acme.example"]),
            ("LIKE 'acme%'", vec!["Begins acme"]),
            ("LIKE '%acme%'", vec!["Within acme"]),
            ("LIKE 'http://%.acme.example/%'", vec!["Begins http://", "Within .acme.example/"]),
            (
                r"MATCHES '^(www\\.)?acme\\.example$'",
                vec!["Whole www.acme.example", "Whole acme.example"],
            ),
            (r"MATCHES '^(?i)acme\.example$'", vec!["Whole acme.example"]),
            (r"MATCHES '[a-z]+\.acme.example'", vec!["Within .acme.example"]),
            (
                r"MATCHES '^https?://(a|b)\.example/.*'",
                vec![
                    "Begins https://a.example/",
                    "Begins https://b.example/",
                    "Begins http://a.example/",
                    "Begins http://b.example/",
                ],
            ),
            ("MATCHES '(?!x)acme'", vec![]),
            ("MATCHES '.*'", vec![]),
            ("!= 'x'", vec![]),
            ("NOT = 'x'", vec![]),
            ("NOT IN ('x')", vec![]),
            ("NOT LIKE '%x'", vec![]),
            ("NOT MATCHES 'x'", vec![]),
        ] {
            assert_eq!(told(comparison), texts, "{comparison}");
        }
    }

    #[test]
    fn no_expression_has_more_ways_than_are_told() {
        for many in ["(a|b)", "a?", "(a|b)?x"] {
            let texts = told(&format!("MATCHES '^{}$'", many.repeat(400)));
            assert!(texts.len() <= MAX_WAYS, "{many}: {}", texts.len());
        }
    }
}
