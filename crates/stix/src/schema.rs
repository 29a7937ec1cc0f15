//! What a property's value may be: the words in which [`crate::types`] is written.

use crate::rule::Rule;
use crate::vocabulary::Vocabulary;

/// The greatest integer of STIX 2.1 §2.10.
pub(crate) const BIG: i64 = (1 << 53) - 1;

/// What a property's value must be (STIX 2.1 §2).
#[derive(Debug, Clone, Copy)]
pub(crate) enum ValueKind {
    /// Any value that STIX has.
    Any,
    Text,
    /// A text of a form, such as an address.
    Form(&'static Form),
    Bool,
    /// An integer between the two, both included.
    Int(i64, i64),
    /// A number between the two, both included.
    Num(f64, f64),
    Time,
    /// To the millisecond at least.
    TimeMillis,
    /// To the second, no finer.
    TimeSeconds,
    /// A reference to an object of one of these types; any type when empty.
    Ref(&'static [&'static str]),
    /// A reference to an object of any type but these.
    RefBut(&'static [&'static str]),
    /// A hashes dictionary (§2.7).
    Hashes,
    /// A hashes dictionary with names of hash-algorithm-ov only (§2.5).
    KnownHashes,
    /// A list, which must not be empty (§2.12).
    List(&'static ValueKind),
    /// A dictionary (§2.3) of any values, with keys in lower case or as another standard has them.
    Dict,
    /// A dictionary whose keys name things of another standard, and whose values are of a kind.
    Keyed(&'static Keys, &'static ValueKind),
    /// One of a closed set.
    Enum(&'static [&'static str]),
    /// A word of an open vocabulary (§2.14).
    Open(&'static Vocabulary),
    /// A text that should be in lower case with hyphens.
    Cased(&'static Rule),
    TextOrInt,
    /// A text, or a list of texts.
    TextOrTexts,
    /// An object with these properties.
    Shape(&'static Shape),
    /// What a granular marking applies to (§7.2.3).
    Selector,
    /// `extensions` (§3.2): by name or by definition.
    Extensions,
    /// The deprecated container of objects (§2.13).
    Container,
}

/// A text of a form: the rule that it breaks, what is wanted, and the test.
#[derive(Debug)]
pub(crate) struct Form {
    pub(crate) rule: &'static Rule,
    pub(crate) wanted: &'static str,
    pub(crate) fits: fn(&str) -> bool,
    /// A text that fits, and one that does not: the tests make objects of them.
    #[cfg_attr(not(test), expect(dead_code, reason = "for tests"))]
    pub(crate) sample: &'static str,
    #[cfg_attr(not(test), expect(dead_code, reason = "for tests"))]
    pub(crate) counter: &'static str,
}

/// Keys of a dictionary that are names of another standard.
#[derive(Debug)]
pub(crate) struct Keys {
    pub(crate) rule: &'static Rule,
    pub(crate) wanted: &'static str,
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

/// What an object must have at the very least, beside its required properties.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Least {
    Nothing,
    /// One property of its own.
    Own,
    /// One of these.
    OneOf(&'static [&'static str]),
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Prop {
    pub(crate) name: &'static str,
    pub(crate) kind: ValueKind,
    pub(crate) required: bool,
}

/// A property that must be there.
pub(crate) const fn must(name: &'static str, kind: ValueKind) -> Prop {
    Prop { name, kind, required: true }
}

/// A property that may be there.
pub(crate) const fn may(name: &'static str, kind: ValueKind) -> Prop {
    Prop { name, kind, required: false }
}

pub(crate) const fn shape(clause: &'static str, props: &'static [Prop]) -> Shape {
    Shape { clause, props, least: Least::Nothing }
}

/// A shape of which at least one property must be there.
pub(crate) const fn some_of(clause: &'static str, props: &'static [Prop]) -> Shape {
    Shape { clause, props, least: Least::Own }
}
