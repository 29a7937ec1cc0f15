//! The one gate: nothing leaves but what it has passed.
//!
//! It judges the final bytes, not what they were made from: every object valid, every reference
//! within the set, every marking known and within the partner's ceiling, and nothing that is
//! withheld anywhere in any text.

mod characters;
mod constant;
mod decode;
mod endings;
mod heard;
mod how;
mod letters;
mod needle;
mod places;
mod search;
mod sound;
mod spelling;
mod surnames;
mod tables;
mod unseen;
mod withheld;

pub use withheld::{SetAside, Withheld, WithheldKind, set_aside, set_aside_known};

use search::Search;

use crate::code::Code;
use crate::extension::Graded;
use crate::handling::HandlingCode;
use crate::refusal::Refusal;
use forewarn_stix::marking::{self, Effective, Pap, Policies, Tlp};
use forewarn_stix::{canonical, json, object};
use forewarn_transcript::Hash;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;

/// Largest bundle released, in bytes: it travels as one disclosure.
pub const MAX_BUNDLE_BYTES: usize = 1_000_000;

/// Bytes that the gate has passed. Only [`check`] makes one; delivery takes nothing else.
#[derive(Debug, Clone, PartialEq)]
pub struct Released {
    bundle: Value,
    digest: Hash,
}

/// What may be released, and what must not be in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Our organisation's name. It appears in every bundle, so it never counts as a leak.
    pub own_name: String,
    /// The strictest marking that the partner's agreement covers.
    pub ceiling: Tlp,
    /// The handling codes that the partner's agreement allows.
    pub handling: BTreeSet<HandlingCode>,
    /// What must not stand anywhere in what leaves.
    pub withheld: Vec<Withheld>,
}

/// Why the gate stays shut; every reason, not only the first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Objection {
    /// How sure it is.
    #[serde(default)]
    pub strength: Strength,
    /// Which check found it: `withheld`, `marking`, `reference`, `canonical`, …, or a rule of STIX.
    pub rule: String,
    /// Where: a JSON path into the bundle, or “the text”.
    pub at: String,
    /// What is wrong there, for the drafter. It may quote what is withheld: it must not leave.
    pub message: String,
}

/// How sure an objection is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Strength {
    /// It never yields: the text must be changed.
    #[default]
    Certain,
    /// A short or common word, which may mean something else; or a partner's name, which may be said
    /// with a reason.
    Possible,
}

impl Strength {
    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            Strength::Certain => "certain",
            Strength::Possible => "possible",
        }
    }
}

impl Released {
    /// The bundle itself: its canonical form is the bytes that were judged.
    pub fn bundle(&self) -> &Value {
        &self.bundle
    }

    /// SHA-256 of the canonical bytes: what an approver approves.
    pub fn digest(&self) -> Hash {
        self.digest
    }
}

/// Judges the bytes of a bundle.
pub fn check(bytes: &[u8], limits: &Limits) -> Result<Released, Vec<Objection>> {
    let objection = |rule: &str, at: &str, message: String| Objection {
        strength: Strength::Certain,
        rule: rule.to_owned(),
        at: at.to_owned(),
        message,
    };
    if bytes.len() > MAX_BUNDLE_BYTES {
        let message = format!("it has {} bytes; the most is {MAX_BUNDLE_BYTES}", bytes.len());
        return Err(vec![objection("size", "$", message)]);
    }
    let bundle = match json::read(bytes) {
        Ok(bundle) if canonical::bytes(&bundle) == bytes => bundle,
        Ok(_) => return Err(vec![objection("canonical", "$", "is not in canonical form".into())]),
        Err(e) => return Err(vec![objection("json", "$", e.to_string())]),
    };
    let empty = Vec::new();
    let objects = bundle.get("objects").and_then(Value::as_array).unwrap_or(&empty);
    let mut against = Vec::new();
    if bundle.get("type").and_then(Value::as_str) != Some("bundle") || objects.is_empty() {
        against.push(objection("bundle", "$", "is no bundle with objects".into()));
    }
    let ids: BTreeSet<&str> = objects.iter().filter_map(|o| o.get("id")?.as_str()).collect();
    let policies = Policies::of(&bundle);
    for (n, one) in objects.iter().enumerate() {
        let at = format!("$.objects[{n}]");
        check_valid(one, &at, &mut against);
        check_marking(&policies, one, &at, limits.ceiling, &mut against);
        check_references(one, &at, &ids, &mut against);
    }
    check_handling(&bundle, &limits.handling, &mut against);
    let mut found = Vec::new();
    places::search(&bundle, &Search::new(&limits.withheld), &mut found);
    found.retain(|objection| !is_own_name(&bundle, &objection.at, &limits.own_name));
    against.extend(found);
    if against.is_empty() { Ok(Released { digest: Hash::of(bytes), bundle }) } else { Err(against) }
}

/// Judges a sentence that leaves beside a bundle (an answer, a recall's reason): the same search.
///
/// # Errors
///
/// All objections, when something withheld stands in it, or a character that is refused.
pub fn check_text(text: &str, withheld: &[Withheld]) -> Result<String, Vec<Objection>> {
    let mut against = Vec::new();
    places::search_text(text, "the text", false, &Search::new(withheld), &mut against);
    if against.is_empty() { Ok(text.to_owned()) } else { Err(against) }
}

/// Somebody's name, looked for as the gate looks for what is withheld: in every spelling and disguise,
/// and by its sound in other alphabets.
pub struct NameSearch<'a>(Search<'a>);

/// Where a name stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// How sure it is.
    pub strength: Strength,
    /// As it is written there.
    pub written: String,
}

impl<'a> NameSearch<'a> {
    /// Looks for this name; one, as [`Withheld::check`] has passed it.
    pub fn new(name: &'a [Withheld; 1]) -> NameSearch<'a> {
        NameSearch(Search::new(name))
    }

    /// Where it first stands in a text.
    pub fn in_text(&self, text: &str) -> Option<Seen> {
        let hit = self.0.judge(text, false).hits.into_iter().next()?;
        let strength = if hit.certain { Strength::Certain } else { Strength::Possible };
        let written = hit.written.unwrap_or_else(|| hit.withheld.text.clone());
        Some(Seen { strength, written })
    }
}

/// Judges every text of a value as [`check_text`] does.
///
/// # Errors
///
/// The refusal that lists the objections.
pub fn check_value(value: &Value, withheld: &[Withheld]) -> Result<(), Refusal> {
    let against = look(value, withheld);
    if against.is_empty() { Ok(()) } else { Err(shut(&against)) }
}

/// Lists the objections to the words of a value, such as a bundle that somebody else made: what is
/// withheld, and characters that are refused. Nothing else of it is judged.
pub fn look(value: &Value, withheld: &[Withheld]) -> Vec<Objection> {
    let mut against = Vec::new();
    places::search(value, &Search::new(withheld), &mut against);
    against
}

/// The refusal that lists every objection.
pub fn shut(list: &[Objection]) -> Refusal {
    let line = |o: &Objection| {
        let strength = if o.strength == Strength::Possible { " (possible)" } else { "" };
        format!("{} — {}{strength}", o.at, o.message)
    };
    let lines: Vec<String> = list.iter().map(line).collect();
    let message = format!("the gate is shut:\n  {}", lines.join("\n  "));
    Refusal::new(Code::Gate, message).advice("change the text and preview it again")
}

fn object_to(against: &mut Vec<Objection>, rule: &str, at: String, message: String) {
    against.push(Objection { strength: Strength::Certain, rule: rule.to_owned(), at, message });
}

/// Whether a place of the bundle holds nothing but our own name.
fn is_own_name(bundle: &Value, at: &str, own_name: &str) -> bool {
    let pointer = at.trim_start_matches('$').replace(['.', '['], "/").replace(']', "");
    bundle.pointer(&pointer).and_then(Value::as_str) == Some(own_name)
}

fn check_valid(one: &Value, at: &str, against: &mut Vec<Objection>) {
    for finding in object::judge(one.to_string().as_bytes()).errors() {
        let path = finding.path.strip_prefix('$').unwrap_or_default();
        object_to(against, finding.rule, format!("{at}{path}"), finding.message.clone());
    }
}

fn check_marking(
    policies: &Policies<'_>,
    one: &Value,
    at: &str,
    ceiling: Tlp,
    against: &mut Vec<Objection>,
) {
    let own_id = one.get("id").and_then(Value::as_str).unwrap_or_default();
    let published = Tlp::of_id(own_id).is_some() || Pap::of_id(own_id).is_some();
    let definition = one.get("type").and_then(Value::as_str) == Some("marking-definition");
    // A policy says how other objects are to be handled, and bears no marking itself.
    if definition && (published || marking::iep::policy(one).is_some()) {
        return;
    }
    let effective = policies.effective(one);
    let message = match &effective {
        Effective::Unmarked => "it has no marking; give it one".to_owned(),
        Effective::Unknown(id) => format!("its marking {id} is not known here"),
        Effective::Tlp(tlp) if *tlp > ceiling => {
            format!("it is {tlp}; the partner's agreement ends at {ceiling}")
        }
        Effective::Tlp(_) => return,
    };
    object_to(against, "marking", at.to_owned(), message);
}

/// What the partner has not agreed to hold itself to does not bind it.
fn check_handling(bundle: &Value, agreed: &BTreeSet<HandlingCode>, against: &mut Vec<Objection>) {
    let graded = Graded::read(bundle);
    let known = graded.handling.iter().filter(|code| !agreed.contains(code));
    let others = known.map(HandlingCode::to_string).chain(graded.unknown_handling);
    for code in others {
        let message = format!("the partner's agreement has no handling code {code}");
        object_to(against, "handling", "$".to_owned(), message);
    }
}

/// Nothing may point out of the set: who follows the reference finds what was not released.
fn check_references(one: &Value, at: &str, ids: &BTreeSet<&str>, against: &mut Vec<Objection>) {
    let mut stack = vec![(at.to_owned(), one)];
    while let Some((at, value)) = stack.pop() {
        match value {
            Value::Object(map) => {
                for (key, inner) in map {
                    let at = format!("{at}.{key}");
                    if key.ends_with("_ref") || key.ends_with("_refs") {
                        check_reference(inner, &at, ids, against);
                    }
                    stack.push((at, inner));
                }
            }
            Value::Array(list) => {
                stack.extend(list.iter().enumerate().map(|(n, v)| (format!("{at}[{n}]"), v)));
            }
            _ => {}
        }
    }
}

fn check_reference(value: &Value, at: &str, ids: &BTreeSet<&str>, against: &mut Vec<Objection>) {
    let list = match value {
        Value::Array(list) => list.as_slice(),
        one => std::slice::from_ref(one),
    };
    for id in list.iter().filter_map(Value::as_str) {
        // Whoever reads markings of PAP has their definitions, as those who define them say.
        if !ids.contains(id) && Pap::of_id(id).is_none() {
            let message = format!("{id} is not in the set; include it or leave the reference out");
            object_to(against, "reference", at.to_owned(), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::WithheldKind::{Name, OriginalId, Source};
    use super::*;
    use serde_json::json;

    fn identity(name: &str) -> Value {
        json!({
            "type": "identity", "spec_version": "2.1",
            "id": "identity--11111111-1111-4111-8111-111111111111",
            "created": "2017-12-15T09:30:00.000Z", "modified": "2017-12-15T09:30:00.000Z",
            "name": name, "object_marking_refs": [Tlp::Amber.id()]
        })
    }

    fn bundle(objects: &[Value]) -> Vec<u8> {
        let mut all = vec![Tlp::Amber.definition()];
        all.extend(objects.iter().cloned());
        canonical::bytes(&json!({
            "type": "bundle", "id": "bundle--22222222-2222-4222-8222-222222222222", "objects": all
        }))
    }

    fn limits() -> Limits {
        let withheld = |what, text: &str| Withheld::new(what, text);
        Limits {
            own_name: "Service of the West".into(),
            ceiling: Tlp::Amber,
            handling: HandlingCode::ALL.into(),
            withheld: vec![
                withheld(WithheldKind::Name, "Ivan Müller-Petrov"),
                withheld(WithheldKind::Source, "HERON-7"),
                withheld(WithheldKind::OriginalId, "report--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"),
            ],
        }
    }

    fn rules(objects: &[Value]) -> Vec<(String, String)> {
        match check(&bundle(objects), &limits()) {
            Ok(_) => vec![],
            Err(list) => list.into_iter().map(|o| (o.rule, o.at)).collect(),
        }
    }

    #[test]
    fn a_clean_bundle_is_released_with_the_digest_of_its_bytes() {
        let bytes = bundle(&[identity("Service A")]);
        let released = check(&bytes, &limits()).unwrap();
        assert_eq!(released.digest(), Hash::of(&bytes));
    }

    /// What comes in may be flawed; what leaves may not.
    #[test]
    fn what_an_intake_would_take_with_its_flaws_does_not_leave() {
        let mut usable = 0;
        for (name, value, rule) in [
            ("created", json!("2017-12-15T09:30:00Z"), "milliseconds"),
            ("modified", json!("2017-12-14T09:30:00.000Z"), "modified-before-created"),
            ("modified", json!("2017-12-16T09:30:00.000+01:00"), "timestamp-offset"),
            ("id", json!("identity--00000000-0000-0000-0000-000000000001"), "uuid"),
            ("labels", json!([]), "empty-list"),
            ("x", json!("a name of one letter"), "property-name"),
            ("lang", json!("klingonese"), "language"),
        ] {
            let mut object = identity("Service A");
            object[name] = value;
            usable += usize::from(object::judge(object.to_string().as_bytes()).usable);
            let rules = rules(&[object]);
            assert!(rules.iter().any(|(found, _)| found == rule), "{rule}: {rules:?}");
        }
        assert_eq!(usable, 7);
    }

    #[test]
    fn a_withheld_name_is_found_however_it_is_written() {
        for name in [
            "Ivan Müller-Petrov",
            "IVAN MULLER PETROV",
            "by petrov himself",
            "ivan  mu\u{308}ller–petrov",
            "source heron-7",
            "x HERON 7",
            "see 8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
        ] {
            assert_eq!(
                rules(&[identity(name)])[0],
                ("withheld".into(), "$.objects[1].name".into()),
                "{name}"
            );
        }
        assert!(rules(&[identity("Service of Ivanhoe")]).is_empty());
    }

    /// Each of these once passed.
    #[test]
    fn a_withheld_name_is_found_in_every_script_inflected_and_with_hidden_characters() {
        let passes = |withheld: &str, what: WithheldKind, text: &str| {
            let withheld = Withheld::new(what, withheld);
            check_text(text, &[withheld]).is_ok()
        };
        for (withheld, what, text) in [
            ("Petrov, Ivan", Name, "Petrov was seen"),
            ("Smith/Jones", Name, "Smith was seen"),
            ("Ivanov", Name, "Iva\u{ad}nov and Iva\u{200b}nov"),
            ("Иванов", Name, "задержать Иванова"),
            ("王伟", Name, "嫌疑人王伟计划袭击"),
            ("SRC-42", Source, "said by SRC42"),
            (
                "text--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
                OriginalId,
                "8E2E2D2B17D44CBF938F98EE46B3CD3F",
            ),
        ] {
            assert!(!passes(withheld, what, text), "{withheld}: {text}");
        }
        for (withheld, text) in [
            ("Ivan Petrov", "IvanPetrov seen"),
            ("O'Neil", "ONeil"),
            ("Strauß", "Strauss"),
            ("Søren", "Soren"),
            ("Li Wei", "Wei, Li was seen"),
            ("Ali Öz", "Öz, Ali was seen"),
            ("Petrov", "Реtrov with two Cyrillic letters"),
        ] {
            assert!(!passes(withheld, Name, text), "{withheld}: {text}");
        }
        assert!(passes("Petrov, Ivan", Name, "a man was seen"));
        assert!(passes("Li Wei", Name, "li was seen"));
    }

    /// Each of these names once shut the gate on words that every bundle of ours has.
    #[test]
    fn a_name_that_stix_itself_uses_can_be_kept_back() {
        for name in ["Amber Jones", "Mark", "Kanye West", "Nam", "Rose Types", "Ed Name", "Bea"] {
            let limits = Limits { withheld: vec![Withheld::new(Name, name)], ..limits() };
            let own = bundle(&[identity("Service of the West")]);
            assert!(check(&own, &limits).is_ok(), "{name}: {:?}", check(&own, &limits));
            let told = bundle(&[identity(&format!("said by {name}"))]);
            assert!(check(&told, &limits).is_err(), "{name}");
        }
    }

    #[test]
    fn a_withheld_word_in_a_key_or_a_list_is_found_too() {
        let mut object = identity("A");
        object["x_list"] = json!([{"petrov": 1}]);
        assert_eq!(rules(&[object])[0].0, "withheld");
    }

    #[test]
    fn a_reference_out_of_the_set_shuts_the_gate() {
        let mut object = identity("A");
        object["created_by_ref"] = json!("identity--33333333-3333-4333-8333-333333333333");
        assert_eq!(rules(&[object]), [("reference".into(), "$.objects[1].created_by_ref".into())]);
    }

    #[test]
    fn a_handling_code_that_is_not_agreed_shuts_the_gate() {
        let bears = |code: &str| {
            let own = json!({ crate::extension::ID: {
                "extension_type": "property-extension", "handling": [code],
            }});
            let report = json!({ "type": "report", "extensions": own });
            let agreed = Limits { handling: [HandlingCode::H1].into(), ..limits() };
            let against = check(&bundle(&[report]), &agreed).unwrap_err();
            against.iter().any(|objection| objection.rule == "handling")
        };
        // One that nobody knows may ask for anything.
        assert!(!bears("H1") && bears("H2") && bears("H9"));
    }

    #[test]
    fn a_marking_above_the_ceiling_none_or_unknown_shuts_the_gate() {
        let mut red = identity("A");
        red["object_marking_refs"] = json!([Tlp::Red.id()]);
        assert!(
            rules(&[red, Tlp::Red.definition()])
                .contains(&("marking".into(), "$.objects[1]".into()))
        );
        let mut none = identity("A");
        none.as_object_mut().unwrap().remove("object_marking_refs");
        assert_eq!(rules(&[none])[0].0, "marking");
        let mut part = identity("A");
        part["granular_markings"] = json!([{"marking_ref": Tlp::Red.id(), "selectors": ["name"]}]);
        assert!(rules(&[part]).iter().any(|(rule, _)| rule == "marking"));
    }

    #[test]
    fn an_object_that_is_not_valid_shuts_the_gate() {
        let mut bad = identity("A");
        bad["confidence"] = json!(101);
        assert_eq!(rules(&[bad]), [("range".into(), "$.objects[1].confidence".into())]);
    }

    #[test]
    fn bytes_that_could_be_read_in_two_ways_are_not_released() {
        let mut bytes = bundle(&[identity("A")]);
        bytes.insert(1, b' ');
        assert_eq!(check(&bytes, &limits()).unwrap_err()[0].rule, "canonical");
    }

    /// Under every key that machines read, at any depth, somebody may have written a sentence.
    #[test]
    fn a_name_is_found_under_keys_that_machines_read_and_in_numbers() {
        let all = [
            Withheld::new(Name, "Anton Velikov"),
            Withheld::new(WithheldKind::SourceName, "Boris Orlow"),
            Withheld::new(Source, "HERON-7"),
        ];
        let keys = [
            "kind",
            "labels",
            "case",
            "question",
            "partner",
            "digest",
            "handling",
            "country",
            "answer",
            "warning",
            "do",
            "urgency",
            "severity",
            "x_ref",
            "object_refs",
            "type",
            "id",
            "created",
            "iep_id",
        ];
        for key in keys {
            for text in ["told by Boris Orlow", "anton-velikov", "source-heron-7"] {
                let inner = json!({ key: text });
                for value in [
                    inner.clone(),
                    json!({ key: [text] }),
                    json!({ "handling": { "labels": [inner] } }),
                    json!({ "id": Tlp::Red.id(), "more": { key: text } }),
                ] {
                    assert!(!look(&value, &all).is_empty(), "{value}");
                }
            }
            assert!(
                !look(&json!({ format!("{key}_anton_velikov_ref"): 1 }), &all).is_empty(),
                "{key}"
            );
        }
        let number = Withheld::new(Source, "436641234567");
        assert!(!look(&json!({ "x_number": 436_641_234_567_u64 }), &[number]).is_empty());
        // And what machines write there stays what it is.
        let amber = [Withheld::new(Name, "Amber Mark"), Withheld::new(Name, "Bundle Report")];
        let mut value = json!({
            "type": "bundle", "id": "bundle--22222222-2222-4222-8222-222222222222",
            "objects": [Tlp::Amber.definition(), {
                "type": "report", "spec_version": "2.1", "id": "report--11111111-1111-4111-8111-111111111111",
                "created": "2017-12-15T09:30:00.000Z", "report_types": ["threat-report"],
                "object_marking_refs": [Tlp::Amber.id()],
            }],
        });
        assert_eq!(look(&value, &amber), Vec::new());
        value["objects"][0]["name"] = "TLP:AMBER, says Amber".into();
        assert!(!look(&value, &amber).is_empty());
    }
}
