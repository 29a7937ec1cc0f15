//! What an indicator's pattern asks for.

use super::reading::At;
use super::value::Meaning;
use super::{Standing, Term, Terms};
use crate::constants::{self, Constant, Fit};
use forewarn_extract::refang::refang;
use forewarn_stix::pattern::{Literal, Operation, PathStep, Test};
use std::borrow::Cow;

impl Terms<'_> {
    /// The values that an indicator's pattern asks for.
    pub(super) fn read_pattern(&mut self, pattern: &str, at: At) {
        let Ok(parsed) = constants::read(pattern) else { return };
        let mut types: Vec<String> = Vec::new();
        let from = self.found.len();
        parsed.tests(&mut |test| {
            if self.wants_values && !types.contains(&test.path.object) {
                types.push(test.path.object.clone());
            }
            self.read_test(test, at);
        });
        // Spans would be those of constants, and nobody sees where these begin.
        for found in self.found.iter_mut().skip(from) {
            found.place.span = None;
        }
        for name in types {
            self.push(Term::Observable(Cow::Owned(name)), Standing::Stated, Some(at));
        }
    }

    /// Tests that are negated or leave the value open give none.
    fn read_test(&mut self, test: &Test, at: At) {
        if test.negated {
            return;
        }
        let path = test.path.to_string();
        match &test.operation {
            // An item about a block is about what lies in it.
            Operation::IsSubset(block) => {
                self.push_host(&refang(block), Standing::Stated, at);
                self.push_wanted(&path, Cow::Owned(block.clone()), at);
            }
            // Of blocks that are larger, the one that is named.
            Operation::IsSuperset(block) => self.push_host(&refang(block), Standing::Told, at),
            Operation::Equal(literal) => self.read_literal(test, literal, at),
            Operation::In(literals) => {
                for literal in literals {
                    self.read_literal(test, literal, at);
                }
            }
            Operation::NotEqual(_)
            | Operation::Less(_)
            | Operation::LessOrEqual(_)
            | Operation::Greater(_)
            | Operation::GreaterOrEqual(_)
            | Operation::Like(_)
            | Operation::Matches(_)
            | Operation::Exists => {}
        }
        for constant in constants::of(test) {
            match constant.fit {
                Fit::Whole => self.read_value(&path, Cow::Owned(constant.text), at),
                Fit::Begins | Fit::Ends | Fit::Within => self.read_part(&path, constant, at),
            }
        }
    }

    fn read_literal(&mut self, test: &Test, literal: &Literal, at: At) {
        let Some(PathStep::Key(name)) = test.path.steps.last() else { return };
        #[expect(clippy::cast_precision_loss, reason = "AS numbers have 32 bits")]
        if let Literal::Integer(number) = literal {
            self.read_number(&test.path.to_string(), name, *number as f64, at);
        }
    }

    /// A part of a value, the rest of which is left open.
    fn read_part(&mut self, path: &str, constant: Constant, at: At) {
        let Constant { text, fit } = constant;
        let part = refang(&text).into_owned();
        match (Meaning::of(path), fit) {
            // `%@acme.example`: e-mail of anybody there.
            (Meaning::Email | Meaning::Referred, Fit::Ends) if part.starts_with('@') => {
                self.push_email(&part, Standing::Stated, at);
            }
            // `%.acme.example`: all below it.
            (Meaning::Domain | Meaning::Email | Meaning::Referred | Meaning::Other, Fit::Ends)
                if part.starts_with('.') && !part.contains('/') =>
            {
                let whole = Meaning::of(path) != Meaning::Other;
                let standing = if whole { Standing::Stated } else { Standing::Told };
                self.push_domain(&part, standing, at);
            }
            (Meaning::Url, Fit::Begins) if has_host(&part) => {
                self.read_url(&part, Standing::Stated, at);
            }
            (Meaning::Address | Meaning::Referred, Fit::Begins) if block_of(&part).is_some() => {
                let block = block_of(&part).unwrap_or_default();
                self.push_host(&block, Standing::Stated, at);
            }
            (Meaning::Hash | Meaning::Cpe | Meaning::AsNumber, _) => {}
            _ => {
                let found = part.trim_matches(|c: char| ".@/\\".contains(c));
                self.read_inside(found, Standing::Told, at);
            }
        }
        if Meaning::of(path) == Meaning::Other {
            self.add_text(Cow::Owned(text), Some(at), Standing::Told);
        }
    }
}

/// Whether the beginning of a URL has the whole of its host.
fn has_host(url: &str) -> bool {
    url.split_once("://").is_some_and(|(_, rest)| rest.contains(['/', '?']))
}

/// `203.0.113.` as `203.0.113.0/24`.
fn block_of(beginning: &str) -> Option<String> {
    let numbers = beginning.strip_suffix('.')?;
    let count = numbers.split('.').count();
    let all = numbers.split('.').all(|number| number.parse::<u8>().is_ok());
    let zeros = ".0".repeat(4usize.checked_sub(count).filter(|_| all && count < 4)?);
    Some(format!("{numbers}{zeros}/{}", count * 8))
}
