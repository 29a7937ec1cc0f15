//! The Permissible Actions Protocol: what may be done with a piece of information, so far as the one
//! whom it is about may notice it. The published ids are those of the OASIS extension definition
//! `extension-definition--f8d78575-edfd-406e-8e84-6162a8450f5b`.

use super::by_extension;
use crate::bundle;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

/// A level of the Permissible Actions Protocol. Levels are ordered, least restrictive first.
/// Serialised as [`Pap::name`].
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Pap {
    /// No restriction.
    Clear,
    /// Active actions: to ask it, to block it.
    Green,
    /// Passive checks with third parties.
    Amber,
    /// Only what cannot be noticed: own logs.
    Red,
}

/// The id of the OASIS extension definition by which PAP markings are defined.
pub const PAP_EXTENSION: &str = "extension-definition--f8d78575-edfd-406e-8e84-6162a8450f5b";

/// Each level with its name and the published id of its marking definition.
const PUBLISHED: &[(&str, Pap, &str)] = &[
    ("clear", Pap::Clear, "marking-definition--ad15a0cd-55b6-4588-a14c-a66105329b92"),
    ("green", Pap::Green, "marking-definition--c43594d1-4b11-4c59-93ab-1c9b14d53ce9"),
    ("amber", Pap::Amber, "marking-definition--60f8932b-e51e-4458-b265-a2e8be9a80ab"),
    ("red", Pap::Red, "marking-definition--740d36e5-7714-4c30-961a-3ae632ceee0e"),
];

/// What CLEAR was called at first, with its own id: read, and never written.
const WHITE: (&str, &str) = ("white", "marking-definition--a3bea94c-b469-41dc-9cfe-d6e7daba7730");

impl Pap {
    /// Every level, least restrictive first.
    pub const ALL: &'static [Pap] = &[Pap::Clear, Pap::Green, Pap::Amber, Pap::Red];

    /// Reads a name such as `amber`, in upper or lower case, with or without `PAP:` before it.
    pub fn parse(text: &str) -> Option<Pap> {
        let name = text.to_ascii_lowercase();
        let name = name.strip_prefix("pap:").unwrap_or(&name);
        if name == WHITE.0 {
            return Some(Pap::Clear);
        }
        PUBLISHED.iter().find(|(known, _, _)| *known == name).map(|(_, pap, _)| *pap)
    }

    /// The level of a published marking definition, by its id; `None` for other ids.
    pub fn of_id(id: &str) -> Option<Pap> {
        if id == WHITE.1 {
            return Some(Pap::Clear);
        }
        PUBLISHED.iter().find(|(_, _, known)| *known == id).map(|(_, pap, _)| *pap)
    }

    /// The strictest level that an object, or a part of it, is marked with.
    pub fn of(object: &Value) -> Option<Pap> {
        let list = |name: &str| object.get(name).and_then(Value::as_array).into_iter().flatten();
        let whole = list("object_marking_refs").filter_map(Value::as_str);
        let parts = list("granular_markings").filter_map(|one| one.get("marking_ref")?.as_str());
        whole.chain(parts).filter_map(Pap::of_id).max()
    }

    /// The strictest level of any object of a bundle.
    pub fn of_bundle(bundle: &Value) -> Option<Pap> {
        bundle::objects(bundle).filter_map(Pap::of).max()
    }

    /// The name in lower case, without `PAP:`.
    pub fn name(self) -> &'static str {
        PUBLISHED.iter().find(|(_, pap, _)| *pap == self).map_or("red", |(name, _, _)| name)
    }

    /// The id of the published marking definition.
    pub fn id(self) -> &'static str {
        PUBLISHED.iter().find(|(_, pap, _)| *pap == self).map_or("", |(_, _, id)| id)
    }

    /// The published marking definition, as an object.
    pub fn definition(self) -> Value {
        by_extension((self.id(), self.to_string()), (PAP_EXTENSION, "pap", self.name()))
    }
}

impl fmt::Display for Pap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PAP:{}", self.name().to_ascii_uppercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_ids_and_levels_go_both_ways() {
        for (name, pap, id) in PUBLISHED {
            assert_eq!(Pap::parse(name), Some(*pap));
            assert_eq!(Pap::of_id(id), Some(*pap));
            assert_eq!((pap.name(), pap.id()), (*name, *id));
            let judged = crate::judge(pap.definition().to_string().as_bytes());
            assert!(judged.errors().next().is_none(), "{pap}: {:?}", judged.findings);
        }
        assert_eq!(Pap::parse("PAP:WHITE"), Some(Pap::Clear));
        assert_eq!(Pap::of_id(WHITE.1), Some(Pap::Clear));
    }

    #[test]
    fn the_strictest_of_a_bundle_counts_and_a_part_counts_too() {
        let bundle = json!({ "objects": [
            { "object_marking_refs": [Pap::Green.id(), "marking-definition--x"] },
            { "granular_markings": [{ "marking_ref": Pap::Amber.id(), "selectors": ["name"] }] },
        ]});
        assert_eq!(Pap::of_bundle(&bundle), Some(Pap::Amber));
        assert_eq!(Pap::of_bundle(&json!({})), None);
    }
}
