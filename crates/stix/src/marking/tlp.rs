//! The Traffic Light Protocol: the published ids of TLP 1 (STIX 2.1 §7.2.1.4) and of TLP 2.0 (the
//! OASIS extension definition `extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d`).

use super::by_extension;
use super::pap::Pap;
use crate::id::StixId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::fmt;

/// A level of the Traffic Light Protocol 2.0. Levels are ordered, least restrictive first.
/// Serialised as [`Tlp::name`].
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Tlp {
    /// Anyone may be told.
    Clear,
    /// The recipient's community may be told.
    Green,
    /// The recipient's organisation and its clients may be told, as far as they need to know.
    Amber,
    /// The recipient's organisation only may be told.
    #[serde(rename = "amber+strict")]
    AmberStrict,
    /// Only the individual recipients may know.
    Red,
}

impl Tlp {
    /// Every one, the strictest last.
    pub const ALL: &'static [Tlp] =
        &[Tlp::Clear, Tlp::Green, Tlp::Amber, Tlp::AmberStrict, Tlp::Red];
}

/// The id of the OASIS extension definition by which TLP 2.0 markings are defined.
pub const TLP2_EXTENSION: &str = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d";

/// Each level with its name and the published id of its TLP 2.0 marking definition.
const TLP2: &[(&str, Tlp, &str)] = &[
    ("clear", Tlp::Clear, "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"),
    ("green", Tlp::Green, "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"),
    ("amber", Tlp::Amber, "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"),
    ("amber+strict", Tlp::AmberStrict, "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"),
    ("red", Tlp::Red, "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"),
];

/// The ids of the TLP 1 marking definitions, each with the TLP 2.0 level of the same meaning.
const TLP1: &[(Tlp, &str)] = &[
    (Tlp::Clear, "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9"),
    (Tlp::Green, "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da"),
    (Tlp::Amber, "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82"),
    (Tlp::Red, "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"),
];

impl Tlp {
    /// Reads a name such as `amber+strict`, in upper or lower case, with or without `TLP:` before
    /// it.
    pub fn parse(text: &str) -> Option<Tlp> {
        let name = text.to_ascii_lowercase();
        let name = name.strip_prefix("tlp:").unwrap_or(&name);
        TLP2.iter().find(|(known, _, _)| *known == name).map(|(_, tlp, _)| *tlp)
    }

    /// The level of a published marking definition of TLP 1 or 2.0, by its id; `None` for other
    /// ids.
    pub fn of_id(id: &str) -> Option<Tlp> {
        let second = TLP2.iter().find(|(_, _, known)| *known == id).map(|(_, tlp, _)| *tlp);
        second.or_else(|| TLP1.iter().find(|(_, known)| *known == id).map(|(tlp, _)| *tlp))
    }

    /// The marking definition of TLP 1 with this id, as STIX 2.1 §7.2.1.4 prints it; `None` for
    /// other ids.
    pub fn published_in_first(id: &str) -> Option<Value> {
        const NAMES: [&str; 4] = ["white", "green", "amber", "red"];
        let n = TLP1.iter().position(|(_, known)| *known == id)?;
        let name = NAMES.get(n)?;
        Some(json!({
            "type": "marking-definition",
            "spec_version": "2.1",
            "id": id,
            "created": "2017-01-20T00:00:00.000Z",
            "definition_type": "tlp",
            "name": format!("TLP:{}", name.to_ascii_uppercase()),
            "definition": { "tlp": name }
        }))
    }

    /// The name in lower case, without `TLP:`, such as `amber+strict`.
    pub fn name(self) -> &'static str {
        TLP2.iter().find(|(_, tlp, _)| *tlp == self).map_or("red", |(name, _, _)| name)
    }

    /// The id of the published TLP 2.0 marking definition.
    pub fn id(self) -> &'static str {
        TLP2.iter().find(|(_, tlp, _)| *tlp == self).map_or("", |(_, _, id)| id)
    }

    /// The published TLP 2.0 marking definition, as an object.
    pub fn definition(self) -> Value {
        by_extension((self.id(), self.to_string()), (TLP2_EXTENSION, "tlp_2_0", self.name()))
    }
}

impl fmt::Display for Tlp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TLP:{}", self.name().to_ascii_uppercase())
    }
}

/// Whether an id is that of a published marking definition of TLP 1 or 2.0, or of PAP.
pub fn is_published(id: &StixId) -> bool {
    Tlp::of_id(id.as_str()).is_some() || Pap::of_id(id.as_str()).is_some()
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
            assert!(crate::judge(tlp.definition().to_string().as_bytes()).object.is_some());
        }
        assert_eq!(Tlp::parse("TLP:AMBER+STRICT"), Some(Tlp::AmberStrict));
        assert!(Tlp::Clear < Tlp::Green && Tlp::AmberStrict < Tlp::Red);
    }

    #[test]
    fn the_first_four_are_valid_as_published() {
        for (tlp, id) in TLP1 {
            let definition = Tlp::published_in_first(id).unwrap();
            let judged = crate::judge(definition.to_string().as_bytes());
            assert!(judged.errors().next().is_none(), "{tlp}: {:?}", judged.findings);
        }
        assert!(Tlp::published_in_first(Tlp::Red.id()).is_none());
    }
}
