//! A type of the standard: its properties, and how the table of types is written.

use crate::schema::{Least, Prop, Shape};

/// The family of a type, which determines its common properties (§3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// Domain objects, relationship objects, language content, extension definitions.
    Versioned,
    /// Cyber-observable objects.
    Observable,
    /// Marking definitions: created once, never versioned.
    Marking,
}

/// An extension that the standard predefines for a type: its name and shape.
pub(crate) type Predefined = (&'static str, &'static Shape);

/// Two times of which the second must not be before the first; and whether it must be later.
pub(crate) type TimeSpan = (&'static str, &'static str, bool);

/// One type of the standard, as its clause describes it.
#[derive(Debug)]
pub(crate) struct Type {
    pub(crate) name: &'static str,
    pub(crate) clause: &'static str,
    pub(crate) family: Family,
    pub(crate) props: &'static [Prop],
    pub(crate) least: Least,
    pub(crate) spans: &'static [TimeSpan],
    pub(crate) extensions: &'static [Predefined],
    /// The properties that an observable's name-based id is made of.
    pub(crate) contributing: &'static [&'static str],
}

/// A type with all its properties, common ones included, for fast lookup.
pub(crate) struct Known {
    pub(crate) of: &'static Type,
    sorted: Vec<&'static Prop>,
    required: u64,
}

impl Known {
    pub(super) fn new(of: &'static Type) -> Known {
        let mut sorted: Vec<&Prop> = of.family.common().iter().chain(of.props).collect();
        sorted.sort_unstable_by_key(|prop| prop.name);
        let bits = sorted.iter().enumerate();
        let required = bits.filter(|(_, p)| p.required).fold(0, |all, (n, _)| all | 1 << n);
        Known { of, sorted, required }
    }

    /// The property with this name, and its number among those of the type.
    pub(crate) fn prop(&self, name: &str) -> Option<(usize, &'static Prop)> {
        let n = self.sorted.binary_search_by_key(&name, |prop| prop.name).ok()?;
        self.sorted.get(n).map(|prop| (n, *prop))
    }

    /// The required properties whose bits are not set in `seen`.
    pub(crate) fn missing(&self, seen: u64) -> impl Iterator<Item = &'static Prop> {
        let lacks = self.required & !seen;
        let all = self.sorted.iter().enumerate();
        all.filter(move |(n, _)| lacks & (1 << n) != 0).map(|(_, prop)| *prop)
    }
}

impl Family {
    /// The properties that all types of the family have.
    pub(crate) fn common(self) -> &'static [Prop] {
        match self {
            Family::Versioned => super::VERSIONED,
            Family::Observable => super::OBSERVABLE,
            Family::Marking => super::MARKING,
        }
    }
}

pub(super) const fn sdo(clause: &'static str, name: &'static str, props: &'static [Prop]) -> Type {
    Type {
        name,
        clause,
        family: Family::Versioned,
        props,
        least: Least::Nothing,
        spans: &[],
        extensions: &[],
        contributing: &[],
    }
}

pub(super) const fn sco(
    clause: &'static str,
    name: &'static str,
    contributing: &'static [&'static str],
    props: &'static [Prop],
) -> Type {
    Type { family: Family::Observable, contributing, ..sdo(clause, name, props) }
}

impl Type {
    pub(super) const fn spans(self, spans: &'static [TimeSpan]) -> Type {
        Type { spans, ..self }
    }

    pub(super) const fn least(self, least: Least) -> Type {
        Type { least, ..self }
    }

    pub(super) const fn extended(self, extensions: &'static [Predefined]) -> Type {
        Type { extensions, ..self }
    }
}
