//! TLP markings: the published ids of TLP 1 (STIX 2.1 §7.2.1.4) and of TLP 2.0 (the OASIS
//! extension definition `extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d`).

use crate::id::StixId;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::fmt;

/// Traffic Light Protocol 2.0, least restrictive first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tlp {
    /// May be told to anyone.
    Clear,
    /// The community.
    Green,
    /// The organisation and its clients, need to know.
    Amber,
    /// The organisation only.
    #[serde(rename = "amber+strict")]
    AmberStrict,
    /// The named people only.
    Red,
}

/// The extension that defines the TLP 2.0 marking definitions.
pub const TLP2_EXTENSION: &str = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d";

/// Name, level, published TLP 2.0 id.
const TLP2: &[(&str, Tlp, &str)] = &[
    ("clear", Tlp::Clear, "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"),
    ("green", Tlp::Green, "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"),
    ("amber", Tlp::Amber, "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"),
    ("amber+strict", Tlp::AmberStrict, "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"),
    ("red", Tlp::Red, "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"),
];

/// TLP 1 ids, each with the TLP 2.0 level that is at least as strict.
const TLP1: &[(Tlp, &str)] = &[
    (Tlp::Clear, "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9"),
    (Tlp::Green, "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da"),
    (Tlp::Amber, "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82"),
    (Tlp::Red, "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"),
];

impl Tlp {
    /// From a name such as `amber+strict`, in any case, with or without `TLP:`.
    pub fn parse(text: &str) -> Option<Tlp> {
        let name = text.to_ascii_lowercase();
        let name = name.strip_prefix("tlp:").unwrap_or(&name);
        TLP2.iter().find(|(known, _, _)| *known == name).map(|(_, tlp, _)| *tlp)
    }

    /// The level that a published marking id stands for.
    pub fn of_id(id: &str) -> Option<Tlp> {
        let second = TLP2.iter().find(|(_, _, known)| *known == id).map(|(_, tlp, _)| *tlp);
        second.or_else(|| TLP1.iter().find(|(_, known)| *known == id).map(|(tlp, _)| *tlp))
    }

    /// The name, in lower case.
    pub fn name(self) -> &'static str {
        TLP2.iter().find(|(_, tlp, _)| *tlp == self).map_or("red", |(name, _, _)| name)
    }

    /// The published TLP 2.0 marking id.
    pub fn id(self) -> &'static str {
        TLP2.iter().find(|(_, tlp, _)| *tlp == self).map_or("", |(_, _, id)| id)
    }

    /// The published TLP 2.0 marking definition.
    pub fn definition(self) -> Value {
        json!({
            "type": "marking-definition",
            "spec_version": "2.1",
            "id": self.id(),
            "created": "2022-10-01T00:00:00.000Z",
            "name": format!("TLP:{}", self.name().to_ascii_uppercase()),
            "extensions": {
                TLP2_EXTENSION: { "extension_type": "property-extension", "tlp_2_0": self.name() }
            }
        })
    }
}

impl fmt::Display for Tlp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TLP:{}", self.name().to_ascii_uppercase())
    }
}

/// What the markings of one object come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effective {
    /// No marking at all.
    Unmarked,
    /// The most restrictive TLP level on the object or any part of it.
    Tlp(Tlp),
    /// A marking that is no published TLP; what it asks for is not known (R13: as RED).
    Unknown(String),
}

impl Effective {
    /// The level to hold it to: what is unmarked or not understood counts as RED (R13).
    pub fn level(&self) -> Tlp {
        match self {
            Effective::Tlp(tlp) => *tlp,
            Effective::Unmarked | Effective::Unknown(_) => Tlp::Red,
        }
    }
}

/// The most restrictive of an object's own and granular markings (STIX 2.1 §7.2.2, §7.2.3).
pub fn effective(object: &Value) -> Effective {
    let list = |name: &str| object.get(name).and_then(Value::as_array).into_iter().flatten();
    let whole = list("object_marking_refs").filter_map(Value::as_str);
    let parts = list("granular_markings").filter_map(|g| g.get("marking_ref")?.as_str());
    let mut strictest = Effective::Unmarked;
    for id in whole.chain(parts) {
        match (Tlp::of_id(id), &strictest) {
            (None, _) => return Effective::Unknown(id.to_owned()),
            (Some(tlp), Effective::Tlp(before)) if tlp <= *before => {}
            (Some(tlp), _) => strictest = Effective::Tlp(tlp),
        }
    }
    strictest
}

/// Whether a marking's own id is one of the published TLP ids.
pub fn is_published(id: &StixId) -> bool {
    Tlp::of_id(id.as_str()).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_ids_and_levels_go_both_ways() {
        for (name, tlp, id) in TLP2 {
            assert_eq!(Tlp::parse(name), Some(*tlp));
            assert_eq!(Tlp::of_id(id), Some(*tlp));
            assert_eq!((tlp.name(), tlp.id()), (*name, *id));
            assert!(crate::object::judge(tlp.definition().to_string().as_bytes()).object.is_some());
        }
        assert_eq!(Tlp::parse("TLP:AMBER+STRICT"), Some(Tlp::AmberStrict));
        assert!(Tlp::Clear < Tlp::Green && Tlp::AmberStrict < Tlp::Red);
    }

    #[test]
    fn a_part_marked_red_makes_the_whole_red() {
        let object = json!({
            "object_marking_refs": [Tlp::Green.id()],
            "granular_markings": [{"marking_ref": Tlp::Red.id(), "selectors": ["name"]}]
        });
        assert_eq!(effective(&object), Effective::Tlp(Tlp::Red));
    }

    #[test]
    fn unmarked_and_unknown_count_as_red() {
        assert_eq!(effective(&json!({})).level(), Tlp::Red);
        let object = json!({"object_marking_refs": ["marking-definition--00000000-0000-4000-8000-000000000000"]});
        assert_eq!(effective(&object).level(), Tlp::Red);
    }
}
