//! Prints a pattern in one canonical form. Parsing the text gives the same pattern.

use super::{Comparison, Literal, Observation, Operation, Path, PathStep, Qualifier, Test};
use std::fmt::{Display, Formatter, Result, Write as _};

/// Writes a list with a word between its parts. Parts that would bind differently get brackets.
fn joined<T: Display>(
    f: &mut Formatter<'_>,
    list: &[T],
    word: &str,
    bracketed: impl Fn(&T) -> bool,
) -> Result {
    for (n, part) in list.iter().enumerate() {
        if n > 0 {
            write!(f, " {word} ")?;
        }
        if bracketed(part) {
            write!(f, "({part})")?;
        } else {
            part.fmt(f)?;
        }
    }
    Ok(())
}

impl Observation {
    /// How loosely the expression binds; 0 binds closest.
    fn looseness(&self) -> u8 {
        match self {
            Observation::Match(_) | Observation::Qualified(..) => 0,
            Observation::And(_) => 1,
            Observation::Or(_) => 2,
            Observation::FollowedBy(_) => 3,
        }
    }
}

impl Display for Observation {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let own = self.looseness();
        let bracketed = |part: &Observation| part.looseness() >= own;
        match self {
            Observation::Match(comparison) => write!(f, "[{comparison}]"),
            Observation::And(list) => joined(f, list, "AND", bracketed),
            Observation::Or(list) => joined(f, list, "OR", bracketed),
            Observation::FollowedBy(list) => joined(f, list, "FOLLOWEDBY", bracketed),
            // A second qualifier of the same kind must be outside of brackets (§9.5.1).
            Observation::Qualified(inner, qualifier) => {
                if inner.looseness() > 0 || inner.has_qualifier(qualifier) {
                    write!(f, "({inner}) {qualifier}")
                } else {
                    write!(f, "{inner} {qualifier}")
                }
            }
        }
    }
}

impl Display for Qualifier {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Qualifier::Repeats(n) => write!(f, "REPEATS {n} TIMES"),
            Qualifier::Within(seconds) => write!(f, "WITHIN {seconds} SECONDS"),
            Qualifier::StartStop(start, stop) => write!(f, "START t'{start}' STOP t'{stop}'"),
        }
    }
}

impl Display for Comparison {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let list = |part: &Comparison| !matches!(part, Comparison::Test(_));
        match self {
            Comparison::And(parts) => joined(f, parts, "AND", list),
            Comparison::Or(parts) => {
                joined(f, parts, "OR", |part| matches!(part, Comparison::Or(_)))
            }
            Comparison::Test(test) => test.fmt(f),
        }
    }
}

impl Display for Test {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let not = if self.negated { "NOT " } else { "" };
        let path = &self.path;
        match &self.operation {
            Operation::Exists => write!(f, "{not}EXISTS {path}"),
            operation => write!(f, "{path} {not}{operation}"),
        }
    }
}

impl Display for Operation {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let mut quoted = |word: &str, text: &str| {
            write!(f, "{word} ")?;
            quote(f, text)
        };
        match self {
            Operation::Like(text) => quoted("LIKE", text),
            Operation::Matches(text) => quoted("MATCHES", text),
            Operation::IsSubset(text) => quoted("ISSUBSET", text),
            Operation::IsSuperset(text) => quoted("ISSUPERSET", text),
            Operation::Exists => f.write_str("EXISTS"),
            Operation::Equal(literal) => write!(f, "= {literal}"),
            Operation::NotEqual(literal) => write!(f, "!= {literal}"),
            Operation::Less(literal) => write!(f, "< {literal}"),
            Operation::LessOrEqual(literal) => write!(f, "<= {literal}"),
            Operation::Greater(literal) => write!(f, "> {literal}"),
            Operation::GreaterOrEqual(literal) => write!(f, ">= {literal}"),
            Operation::In(literals) => {
                f.write_str("IN (")?;
                for (n, literal) in literals.iter().enumerate() {
                    write!(f, "{}{literal}", if n > 0 { ", " } else { "" })?;
                }
                f.write_char(')')
            }
        }
    }
}

impl Display for Literal {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Literal::Text(text) => quote(f, text),
            Literal::Integer(n) => n.fmt(f),
            // Never with an exponent, and always with a point, so that it stays a float.
            Literal::Float(n) if n.fract() == 0.0 => write!(f, "{n:.1}"),
            Literal::Float(n) => n.fmt(f),
            Literal::Bool(b) => b.fmt(f),
            Literal::Hex(digits) => write!(f, "h'{digits}'"),
            Literal::Binary(text) => write!(f, "b'{text}'"),
            Literal::Time(time) => write!(f, "t'{time}'"),
        }
    }
}

impl Display for Path {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}:", self.object)?;
        for (n, step) in self.steps.iter().enumerate() {
            let dot = if n == 0 { "" } else { "." };
            match step {
                PathStep::Key(key) if is_plain(key) => write!(f, "{dot}{key}")?,
                PathStep::Key(key) => {
                    f.write_str(dot)?;
                    quote(f, key)?;
                }
                PathStep::Index(index) => write!(f, "[{index}]")?,
                PathStep::Any => f.write_str("[*]")?,
            }
        }
        Ok(())
    }
}

/// Whether a key needs no quotes.
fn is_plain(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

fn quote(f: &mut Formatter<'_>, text: &str) -> Result {
    f.write_char('\'')?;
    for c in text.chars() {
        if matches!(c, '\'' | '\\') {
            f.write_char('\\')?;
        }
        f.write_char(c)?;
    }
    f.write_char('\'')
}
