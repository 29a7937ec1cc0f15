//! Markings: who may see an object, or a part of it (STIX 2.1 §7.2).
//!
//! The answer is always the effective one. It takes together the object's own markings, those of
//! its parts, and the markings of the marking definitions themselves, and the strictest counts.
//! There is no way to ask for one of them alone.

pub mod iep;
mod pap;
mod tlp;

pub use pap::{PAP_EXTENSION, Pap};
pub use tlp::{TLP2_EXTENSION, Tlp, is_published};

use crate::bundle;
use crate::selector::{self, SelectorStep};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The joint effect of a set of markings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effective {
    /// There is no marking, or only ones that set no TLP level: statements, and levels of PAP.
    Unmarked,
    /// The most restrictive TLP level of the set.
    Tlp(Tlp),
    /// The set has a marking whose meaning is not known: this id is neither that of a published TLP
    /// marking nor that of a statement whose definition is at hand.
    Unknown(String),
}

impl Effective {
    /// The TLP level to apply. Unmarked or unknown counts as RED.
    pub fn level(&self) -> Tlp {
        match self {
            Effective::Tlp(tlp) => *tlp,
            Effective::Unmarked | Effective::Unknown(_) => Tlp::Red,
        }
    }

    /// Whether the object may be shown to someone who may see levels up to `ceiling`.
    pub fn is_within(&self, ceiling: Tlp) -> bool {
        self.level() <= ceiling
    }

    /// The stricter of two: an unknown marking first, then the higher level, then no marking.
    pub fn strictest(self, other: Effective) -> Effective {
        use Effective::{Tlp, Unknown, Unmarked};
        match (self, other) {
            (one @ Unknown(_), _) | (_, one @ Unknown(_)) | (one, Unmarked) | (Unmarked, one) => {
                one
            }
            (Tlp(a), Tlp(b)) => Tlp(a.max(b)),
        }
    }
}

/// Looks up a marking definition by its id; `None` when the caller does not have it.
pub type Definitions<'a> = &'a dyn Fn(&str) -> Option<&'a Value>;

/// The markings of one object.
pub struct Markings<'a> {
    whole: Vec<&'a str>,
    /// The granular markings: the steps of a selector, and the id of the marking.
    parts: Vec<(Vec<SelectorStep<'a>>, &'a str)>,
    definitions: Definitions<'a>,
}

impl<'a> Markings<'a> {
    /// Reads the markings of an object. `definitions` is asked when a marking is evaluated.
    ///
    /// Malformed markings err on the strict side: a selector that points at nothing marks the whole
    /// object, and a marking that is not a text is an unknown one.
    pub fn of(object: &'a Value, definitions: Definitions<'a>) -> Markings<'a> {
        let mut whole = Vec::new();
        let mut parts = Vec::new();
        let own = object.get("object_marking_refs");
        whole.extend(own.into_iter().flat_map(elements).map(id_of));
        for one in object.get("granular_markings").into_iter().flat_map(elements) {
            if one.get("lang").is_some() && one.get("marking_ref").is_none() {
                continue;
            }
            let marking = one.get("marking_ref").map_or(UNREADABLE, id_of);
            let selectors = one.get("selectors").and_then(Value::as_array);
            let read = selectors.map(|list| list.iter().map(|text| selected(object, text)));
            match read.and_then(Iterator::collect::<Option<Vec<_>>>).filter(|all| !all.is_empty()) {
                Some(all) => parts.extend(all.into_iter().map(|steps| (steps, marking))),
                None => whole.push(marking),
            }
        }
        Markings { whole, parts, definitions }
    }

    /// The effect on the whole object with all of its parts.
    pub fn whole(&self) -> Effective {
        self.collect(|_| true)
    }

    /// The effect on one property, given by a selector (`name`, `external_references.[0].url`,
    /// §7.2.3): of the markings of the object, of what the property is part of, and of its own
    /// parts. A malformed selector gives the effect on the whole object.
    pub fn at(&self, selector: &str) -> Effective {
        match selector::steps(selector) {
            Some(expected) => {
                self.collect(|part| part.starts_with(&expected) || expected.starts_with(part))
            }
            None => self.whole(),
        }
    }

    /// The ids of all markings that apply to one property, and of the markings on these markings. A
    /// malformed selector asks for the whole object.
    pub fn ids_at(&self, selector: &str) -> BTreeSet<&'a str> {
        let expected = selector::steps(selector).unwrap_or_default();
        self.ids(|part| part.starts_with(&expected) || expected.starts_with(part))
    }

    fn collect(&self, applies: impl Fn(&[SelectorStep<'_>]) -> bool) -> Effective {
        let ids = self.ids(applies).into_iter();
        ids.fold(Effective::Unmarked, |strictest, id| strictest.strictest(self.meaning(id)))
    }

    fn ids(&self, applies: impl Fn(&[SelectorStep<'_>]) -> bool) -> BTreeSet<&'a str> {
        let parts = self.parts.iter().filter(|(steps, _)| applies(steps)).map(|(_, id)| *id);
        let mut open: Vec<&str> = self.whole.iter().copied().chain(parts).collect();
        let mut all = BTreeSet::new();
        while let Some(id) = open.pop() {
            // Markings that mark each other in a circle are visited once.
            if all.insert(id)
                && let Some(definition) = (self.definitions)(id)
            {
                open.extend(texts(definition, "object_marking_refs"));
                let parts = list(definition, "granular_markings");
                open.extend(parts.filter_map(|one| one.get("marking_ref")?.as_str()));
            }
        }
        all
    }

    /// The effect of one marking. A statement sets no level, if the caller has its definition.
    fn meaning(&self, id: &str) -> Effective {
        if let Some(tlp) = Tlp::of_id(id) {
            return Effective::Tlp(tlp);
        }
        // What may be done with it says nothing of who may be told.
        if Pap::of_id(id).is_some() {
            return Effective::Unmarked;
        }
        let definition = (self.definitions)(id);
        if let Some(tlp) = definition.and_then(iep::level) {
            return Effective::Tlp(tlp);
        }
        match definition.and_then(|d| d.get("definition_type")).and_then(Value::as_str) {
            Some("statement") if definition.is_some_and(|d| d.get("extensions").is_none()) => {
                Effective::Unmarked
            }
            _ => Effective::Unknown(id.to_owned()),
        }
    }
}

/// Takes the place of the id of a marking that cannot be read.
const UNREADABLE: &str = "a marking that cannot be read";

/// The elements of a list. A value that is not a list counts as its only element.
fn elements(value: &Value) -> &[Value] {
    value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice)
}

fn id_of(value: &Value) -> &str {
    value.as_str().unwrap_or(UNREADABLE)
}

/// The steps of a selector; `None` unless it points at something in the object.
fn selected<'a>(object: &Value, text: &'a Value) -> Option<Vec<SelectorStep<'a>>> {
    let steps = selector::steps(text.as_str()?)?;
    selector::resolves(object.as_object()?, &steps).then_some(steps)
}

fn list<'a>(object: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    object.get(name).and_then(Value::as_array).into_iter().flatten()
}

fn texts<'a>(object: &'a Value, name: &str) -> impl Iterator<Item = &'a str> {
    list(object, name).filter_map(Value::as_str)
}

/// A published marking definition of OASIS whose level stands in an extension.
fn by_extension(
    (id, name): (&str, String),
    (extension, property, level): (&str, &str, &str),
) -> Value {
    json!({
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": id,
        "created": "2022-10-01T00:00:00.000Z",
        "name": name,
        "extensions": { extension: { "extension_type": "property-extension", property: level } }
    })
}

/// The effect on a whole object, for a caller without marking definitions: only the published TLP
/// markings are known then.
pub fn effective(object: &Value) -> Effective {
    Markings::of(object, &|_| None).whole()
}

/// The policies that a bundle itself defines, by their ids: collected once, for all of its objects.
pub struct Policies<'a>(BTreeMap<&'a str, &'a Value>);

impl<'a> Policies<'a> {
    /// Those of a bundle. Of two with one id the first counts.
    pub fn of(bundle: &'a Value) -> Policies<'a> {
        let mut all = BTreeMap::new();
        for one in bundle::objects(bundle).filter(|one| iep::policy(one).is_some()) {
            if let Some(id) = one.get("id").and_then(Value::as_str) {
                all.entry(id).or_insert(one);
            }
        }
        Policies(all)
    }

    /// The effect on a whole object of the bundle, for a caller who has no marking definitions but
    /// those of the bundle: the published markings are known, and these policies.
    pub fn effective(&self, object: &Value) -> Effective {
        Markings::of(object, &|id| self.0.get(id).copied()).whole()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_part_marked_red_makes_the_whole_red_and_other_parts_not() {
        let object = json!({
            "object_marking_refs": [Tlp::Green.id()],
            "name": "a", "external_references": [{"url": "a"}, {"url": "b"}],
            "granular_markings": [
                {"marking_ref": Tlp::Red.id(), "selectors": ["external_references.[1].url"]},
                {"lang": "en", "selectors": ["name"]}
            ]
        });
        let markings = Markings::of(&object, &|_| None);
        assert_eq!(markings.whole(), Effective::Tlp(Tlp::Red));
        for (selector, expected) in [
            ("name", Tlp::Green),
            ("external_references", Tlp::Red),
            ("external_references.[1]", Tlp::Red),
            ("external_references.[1].url", Tlp::Red),
            ("external_references.[1].url.deeper", Tlp::Red),
            ("external_references.[0].url", Tlp::Green),
            ("", Tlp::Red),
        ] {
            assert_eq!(markings.at(selector), Effective::Tlp(expected), "{selector}");
        }
        assert!(
            markings.at("name").is_within(Tlp::Green) && !markings.whole().is_within(Tlp::Amber)
        );
    }

    #[test]
    fn unmarked_and_unknown_count_as_red() {
        assert_eq!(effective(&json!({})).level(), Tlp::Red);
        let object = json!({"object_marking_refs": ["marking-definition--00000000-0000-4000-8000-000000000000"]});
        assert_eq!(effective(&object).level(), Tlp::Red);
    }

    #[test]
    fn a_marking_that_is_marked_brings_its_markings_along_even_in_a_circle() {
        let one = json!({"definition_type": "statement", "object_marking_refs": ["b"]});
        let other =
            json!({"definition_type": "statement", "object_marking_refs": ["a", Tlp::Amber.id()]});
        let known = |id: &str| match id {
            "a" => Some(&one),
            "b" => Some(&other),
            _ => None,
        };
        let object = json!({"object_marking_refs": ["a"]});
        let markings = Markings::of(&object, &known);
        assert_eq!(markings.whole(), Effective::Tlp(Tlp::Amber));
        assert_eq!(markings.ids_at("name").len(), 3);
        let unknown = json!({"object_marking_refs": ["c"]});
        assert_eq!(Markings::of(&unknown, &known).whole(), Effective::Unknown("c".into()));
    }

    /// Who may know is one thing, what may be done another.
    #[test]
    fn a_level_of_pap_sets_none_of_tlp_and_a_policy_that_is_at_hand_sets_its_own() {
        let policy = |tlp: &str| {
            json!({ "type": "marking-definition", "id": "marking-definition--1", "extensions": {
                iep::IEP_EXTENSION: { "extension_type": "property-extension", "tlp": tlp } } })
        };
        let marked = |ids: &[&str]| json!({ "object_marking_refs": ids });
        let in_bundle = |ids: &[&str], tlp: &str| {
            Policies::of(&json!({ "objects": [policy(tlp)] })).effective(&marked(ids))
        };
        assert_eq!(effective(&marked(&[Pap::Red.id()])), Effective::Unmarked);
        let both = marked(&[Pap::Red.id(), Tlp::Green.id()]);
        assert_eq!(effective(&both), Effective::Tlp(Tlp::Green));
        let with = ["marking-definition--1", Tlp::Green.id()];
        assert_eq!(in_bundle(&with, "amber"), Effective::Tlp(Tlp::Amber));
        assert_eq!(in_bundle(&with, "white"), Effective::Tlp(Tlp::Green));
        assert_eq!(in_bundle(&with, "puce").level(), Tlp::Red);
        assert_eq!(effective(&marked(&with)).level(), Tlp::Red);
    }

    /// Each object once looked through all others: of 20,000 that took minutes.
    #[test]
    fn of_a_large_bundle_each_policy_is_read_once() {
        let policy = json!({ "type": "marking-definition", "id": "marking-definition--1",
            "extensions": { iep::IEP_EXTENSION: { "tlp": "amber" } } });
        let object = json!({ "object_marking_refs": ["marking-definition--1"] });
        let mut objects = vec![object; 20_000];
        objects.push(policy);
        let bundle = json!({ "objects": objects });
        let policies = Policies::of(&bundle);
        let start = std::time::Instant::now();
        let amber = Effective::Tlp(Tlp::Amber);
        assert!(objects[..20_000].iter().all(|one| policies.effective(one) == amber));
        assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
    }

    #[test]
    fn a_selector_that_cannot_be_read_marks_the_whole() {
        let object =
            json!({"granular_markings": [{"marking_ref": Tlp::Red.id(), "selectors": ["a..b"]}]});
        assert_eq!(Markings::of(&object, &|_| None).at("name"), Effective::Tlp(Tlp::Red));
    }

    fn any_effective() -> impl Strategy<Value = Effective> {
        prop_oneof![
            Just(Effective::Unmarked),
            Just(Effective::Unknown("x".into())),
            prop::sample::select(vec![
                Tlp::Clear,
                Tlp::Green,
                Tlp::Amber,
                Tlp::AmberStrict,
                Tlp::Red
            ])
            .prop_map(Effective::Tlp),
        ]
    }

    proptest! {
        #[test]
        fn the_strictest_does_not_depend_on_the_order_and_is_never_looser(
            a in any_effective(), b in any_effective(), c in any_effective())
        {
            let one = a.clone().strictest(b.clone()).strictest(c.clone());
            let other = c.strictest(a.clone().strictest(b.clone()));
            prop_assert_eq!(&one, &other);
            for marked in [a, b].into_iter().filter(|e| *e != Effective::Unmarked) {
                prop_assert!(one.level() >= marked.level());
            }
        }
    }
}
