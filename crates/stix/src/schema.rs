//! The kinds of value that a property can have: the vocabulary of the tables in [`crate::types`].

use crate::rule::Rule;
use crate::vocabulary::Vocabulary;

/// The largest integer of STIX 2.1 §2.10.
pub(crate) const BIG: i64 = (1 << 53) - 1;

/// The kind of a property's value (STIX 2.1 §2).
#[derive(Debug, Clone, Copy)]
pub(crate) enum ValueKind {
    /// Any value but null and an empty list.
    Any,
    Text,
    /// A text of a certain form, such as an address.
    Form(&'static Form),
    Bool,
    /// An integer from the first to the second, both included.
    Int(i64, i64),
    /// A number from the first to the second, both included.
    Num(f64, f64),
    Time,
    /// A timestamp with milliseconds at least.
    TimeMillis,
    /// A timestamp without a fraction of a second.
    TimeSeconds,
    /// A reference to an object of one of these types, or of any type when there are none.
    Ref(&'static [&'static str]),
    /// A reference to an object of any type but these.
    RefBut(&'static [&'static str]),
    /// A hashes dictionary (§2.7).
    Hashes,
    /// A hashes dictionary with names of hash-algorithm-ov only (§2.5).
    KnownHashes,
    /// A list, which must not be empty (§2.12).
    List(&'static ValueKind),
    /// A dictionary (§2.3) of any values. Its keys should be in lower case.
    Dict,
    /// A dictionary whose keys are names of another standard, and whose values are of one kind.
    Keyed(&'static Keys, &'static ValueKind),
    /// One of a closed set of texts (§2.4).
    Enum(&'static [&'static str]),
    /// A text that should be a word of an open vocabulary (§2.14).
    Open(&'static Vocabulary),
    /// A text that should be in lower case with hyphens; otherwise this rule is broken.
    Cased(&'static Rule),
    TextOrInt,
    /// A text, or a list of texts.
    TextOrTexts,
    /// An object with these properties.
    Shape(&'static Shape),
    /// A selector of a granular marking (§7.2.3).
    Selector,
    /// The property `extensions` (§3.2).
    Extensions,
    /// The deprecated container of observables (§2.13).
    Container,
}

/// A form of text: the rule that other texts break, what is expected, and the test.
#[derive(Debug)]
pub(crate) struct Form {
    pub(crate) rule: &'static Rule,
    pub(crate) expected: &'static str,
    pub(crate) fits: fn(&str) -> bool,
    /// A text that fits, and one that does not: tests build objects from them.
    #[cfg_attr(not(test), expect(dead_code, reason = "for tests"))]
    pub(crate) sample: &'static str,
    #[cfg_attr(not(test), expect(dead_code, reason = "for tests"))]
    pub(crate) counter: &'static str,
}

/// Keys of a dictionary that are names of another standard.
#[derive(Debug)]
pub(crate) struct Keys {
    pub(crate) rule: &'static Rule,
    pub(crate) expected: &'static str,
    pub(crate) fits: fn(&str) -> bool,
    #[cfg_attr(not(test), expect(dead_code, reason = "the tests make objects of it"))]
    pub(crate) sample: &'static str,
}

/// An object inside an object.
#[derive(Debug)]
pub(crate) struct Shape {
    /// The clause that describes it.
    pub(crate) clause: &'static str,
    pub(crate) props: &'static [Prop],
    pub(crate) least: Least,
}

/// The optional properties of which an object must have at least one.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Least {
    Nothing,
    /// Any property of its own type, or an extension.
    Own,
    /// One of these properties.
    OneOf(&'static [&'static str]),
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Prop {
    pub(crate) name: &'static str,
    pub(crate) kind: ValueKind,
    pub(crate) required: bool,
}

/// A required property.
pub(crate) const fn must(name: &'static str, kind: ValueKind) -> Prop {
    Prop { name, kind, required: true }
}

/// An optional property.
pub(crate) const fn may(name: &'static str, kind: ValueKind) -> Prop {
    Prop { name, kind, required: false }
}

pub(crate) const fn shape(clause: &'static str, props: &'static [Prop]) -> Shape {
    Shape { clause, props, least: Least::Nothing }
}

/// A shape that must have at least one of its properties.
pub(crate) const fn some_of(clause: &'static str, props: &'static [Prop]) -> Shape {
    Shape { clause, props, least: Least::Own }
}
