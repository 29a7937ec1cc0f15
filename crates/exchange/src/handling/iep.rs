//! A policy of FIRST's Information Exchange Policy 2.0: as its framework writes it, and as a STIX
//! marking definition of the OASIS draft.

use crate::code::Code;
use crate::refusal::Refusal;
use forewarn_stix::Timestamp;
use forewarn_stix::id;
use forewarn_stix::marking::{Tlp, iep::IEP_EXTENSION};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// The framework: what it is called, and where it stands.
const FRAMEWORK: (&str, &str) = ("FIRST IEP 2.0", "https://www.first.org/iep/");

/// Longest name or description of a policy, in characters.
const MAX_TEXT: usize = 2_000;

/// Most references of a policy.
const MAX_REFERENCES: usize = 10;

/// A policy, with the names of the framework.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Iep {
    /// A UUID of version 4 or 5.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// `2.0`, as a number or a text.
    pub iep_version: Value,
    /// From when on it holds.
    pub start_date: Timestamp,
    /// Until when; for ever when there is none.
    #[serde(default)]
    pub end_date: Option<Timestamp>,
    /// Whether it is encrypted when it is passed on.
    pub encrypt_in_transit: MayOrMust,
    /// What may be done on it.
    pub permitted_actions: Actions,
    /// Whether those whom the threat is against may be told.
    pub affected_party_notifications: MayOrNot,
    /// To whom it may be passed on.
    pub tlp: IepTlp,
    /// Whether the provider is named.
    pub attribution: Attribution,
    /// Whether it may be sold as it is.
    pub unmodified_resale: MayOrNot,
    /// Where more of it stands. Nothing is ever fetched from there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub external_references: Vec<Value>,
}

/// `may` or `must`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MayOrMust {
    /// It is left open.
    May,
    /// It is required.
    Must,
}

/// `may` or `must-not`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MayOrNot {
    /// It is allowed.
    May,
    /// It is forbidden.
    MustNot,
}

/// What may be done on what was received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Actions {
    /// Nothing.
    None,
    /// The provider says what.
    ContactForInstruction,
    /// What only the receiver's own network sees.
    InternallyVisibleActions,
    /// What others see, but not those whom it is about.
    ExternallyVisibleIndirectActions,
    /// Anything.
    ExternallyVisibleDirectActions,
}

/// TLP 1, as IEP 2.0 has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum IepTlp {
    /// Named persons.
    Red,
    /// The organisation, and clients that need to know.
    Amber,
    /// The community.
    Green,
    /// Anybody: CLEAR in TLP 2.0.
    White,
}

/// Whether the provider is named when it is passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Attribution {
    /// It is left open.
    May,
    /// It is named.
    Must,
    /// It is not named.
    MustNot,
}

impl IepTlp {
    /// The same level in TLP 2.0.
    pub fn level(self) -> Tlp {
        match self {
            IepTlp::Red => Tlp::Red,
            IepTlp::Amber => Tlp::Amber,
            IepTlp::Green => Tlp::Green,
            IepTlp::White => Tlp::Clear,
        }
    }
}

/// Why something is no reference that STIX has (§2.5), to be put into a bundle as it stands.
fn unfit(reference: &Value) -> Option<String> {
    const MEMBERS: [&str; 4] = ["source_name", "description", "url", "external_id"];
    let Some(map) = reference.as_object() else {
        return Some("is no object with a `source_name`".to_owned());
    };
    if !map.contains_key("source_name") {
        return Some("has no `source_name`".to_owned());
    }
    let (name, _) =
        map.iter().find(|(name, value)| !MEMBERS.contains(&name.as_str()) || !value.is_string())?;
    Some(format!("has `{name}`: it may have {} as texts", MEMBERS.join(", ")))
}

impl Iep {
    /// Whether it is a policy of IEP 2.0 that says the same as the marking beside it.
    ///
    /// # Errors
    /// [`Code::Handling`] when not.
    pub(super) fn check(&self, tlp: Tlp) -> Result<(), Refusal> {
        let refused = |message: String| Err(Refusal::new(Code::Handling, message));
        // Version 4 or 5 (RFC 9562 §4).
        let uuid = matches!(id::uuid_version(&self.id), Some(4 | 5));
        if !uuid {
            return refused(format!(
                "the policy's id `{}` is not a UUID of version 4 or 5",
                self.id
            ));
        }
        if !(self.iep_version.as_f64() == Some(2.0) || self.iep_version.as_str() == Some("2.0")) {
            return refused("the policy is not one of IEP 2.0".to_owned());
        }
        let long = |text: &str| text.chars().count() > MAX_TEXT;
        if self.name.trim().is_empty() || long(&self.name) || long(&self.description) {
            return refused("the policy needs a name, and short words".to_owned());
        }
        if self.external_references.len() > MAX_REFERENCES {
            return refused(format!("the policy has more than {MAX_REFERENCES} references"));
        }
        if let Some(why) = self.external_references.iter().find_map(unfit) {
            return refused(format!("a reference of the policy {why}"));
        }
        if tlp == Tlp::AmberStrict {
            let message = "IEP 2.0 cannot say AMBER+STRICT: mark the warning amber or red, or send it \
                           without the policy";
            return refused(message.to_owned());
        }
        if self.tlp.level() != tlp {
            let level = self.tlp.level();
            return refused(format!("the policy is for {level}, the warning is {tlp}"));
        }
        Ok(())
    }

    /// The policy in a line.
    pub(super) fn line(&self) -> String {
        let word = |value: Result<Value, serde_json::Error>| {
            value.ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
        };
        format!(
            "Information exchange policy “{}” (FIRST IEP 2.0): actions {}; notify affected parties {}; \
             attribution {}; encrypt in transit {}; unmodified resale {}.",
            self.name,
            word(serde_json::to_value(self.permitted_actions)),
            word(serde_json::to_value(self.affected_party_notifications)),
            word(serde_json::to_value(self.attribution)),
            word(serde_json::to_value(self.encrypt_in_transit)),
            word(serde_json::to_value(self.unmodified_resale)),
        )
    }

    /// The marking definition that carries it, under this id of ours: the policy's own id stays in it.
    pub fn definition(&self, id: &str, at: &Timestamp) -> Value {
        let mut policy = Map::new();
        let mut put = |name: &str, value: Value| policy.insert(name.to_owned(), value);
        put("extension_type", "property-extension".into());
        put("iep_id", self.id.as_str().into());
        put("iep_version", 2.0.into());
        put("description", self.described().into());
        put("start_date", json!(self.start_date));
        if let Some(end) = &self.end_date {
            put("end_date", json!(end));
        }
        put("encrypt_in_transit", json!(self.encrypt_in_transit));
        put("permitted_actions", json!(self.permitted_actions));
        put("affected_party_notifications", json!(self.affected_party_notifications));
        put("tlp", json!(self.tlp));
        put("provider_attribution", json!(self.attribution));
        put("unmodified_resale", json!(self.unmodified_resale));
        // The OASIS draft requires one.
        let mut references = self.external_references.clone();
        if references.is_empty() {
            references.push(json!({ "source_name": FRAMEWORK.0, "url": FRAMEWORK.1 }));
        }
        json!({
            "type": "marking-definition",
            "spec_version": "2.1",
            "id": id,
            "created": at,
            "name": self.name,
            "external_references": references,
            "extensions": { IEP_EXTENSION: policy },
        })
    }

    /// The draft requires a description; the framework does not.
    fn described(&self) -> &str {
        if self.description.is_empty() { &self.name } else { &self.description }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::handling::Handling;

    pub(crate) fn policy(tlp: &str, notify: &str) -> Iep {
        serde_json::from_value(json!({
            "id": "01bc4353-4829-4d55-8d52-0ab7e0790df9", "name": "FIRST TLP AMBER",
            "iep_version": "2.0", "start_date": "2018-06-18T09:00:00Z", "end_date": null,
            "encrypt_in_transit": "may",
            "permitted_actions": "externally-visible-direct-actions",
            "affected_party_notifications": notify, "tlp": tlp,
            "attribution": "must-not", "unmodified_resale": "must-not",
        }))
        .unwrap()
    }

    /// Such a policy would keep the warning from its victim.
    #[test]
    fn a_policy_that_forbids_to_notify_needs_a_recorded_reason() {
        let with = |iep: Iep, reason: &str| {
            let notify_reason = reason.to_owned();
            Handling { iep: Some(iep), notify_reason, ..Handling::default() }.check(Tlp::Amber)
        };
        assert_eq!(with(policy("amber", "may"), ""), Ok(()));
        let refused = with(policy("amber", "must-not"), " ").unwrap_err();
        assert_eq!(refused.code, Code::Handling);
        assert_eq!(with(policy("amber", "must-not"), "a life is at stake"), Ok(()));
        // And it must not contradict the marking.
        assert!(with(policy("green", "may"), "").is_err());
        let strict = Handling { iep: Some(policy("red", "may")), ..Handling::default() };
        assert!(strict.check(Tlp::AmberStrict).unwrap_err().message.contains("AMBER+STRICT"));
        assert!(with(Iep { id: "x".into(), ..policy("amber", "may") }, "").is_err());
        assert!(with(Iep { iep_version: 1.0.into(), ..policy("amber", "may") }, "").is_err());
        // What stands in a bundle as it is has the members that STIX knows, and no sentence beside them.
        let with_reference = |reference: Value| {
            with(Iep { external_references: vec![reference], ..policy("amber", "may") }, "")
        };
        let good = json!({ "source_name": "FIRST", "url": "https://www.first.org/iep/" });
        assert_eq!(with_reference(good.clone()), Ok(()));
        let mut bad = good;
        bad["kind"] = "told by somebody".into();
        assert!(with_reference(bad).unwrap_err().message.contains("`kind`"));
        assert!(with_reference(json!("https://www.first.org/iep/")).is_err());
    }

    #[test]
    fn its_marking_definition_is_valid_and_keeps_the_policys_own_id() {
        let at = Timestamp::parse("2026-11-01T00:00:00.000Z").unwrap();
        let id = "marking-definition--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";
        let definition = policy("amber", "may").definition(id, &at);
        let judged = forewarn_stix::judge(definition.to_string().as_bytes());
        assert!(judged.errors().next().is_none(), "{:?}", judged.findings);
        let carried = forewarn_stix::marking::iep::policy(&definition).unwrap();
        assert_eq!(carried["iep_id"], "01bc4353-4829-4d55-8d52-0ab7e0790df9");
    }
}
