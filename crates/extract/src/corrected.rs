//! What a person says of findings: that one is wrong, that one is missing, that one is another.
//!
//! Whatever reads a text later finds what it finds; these words are laid over that, the later over the
//! earlier. They are lines for training too ([`crate::labelled`]).

use crate::gazetteer::{self, KnownPlace, PlaceKind, PlaceMention};
use crate::target::Target;
use crate::{Extraction, Indicator, Reason, Span, concern, observable, plain_value, stix_type};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// Longest finding that is written, in bytes: a URL of some length.
pub const MAX_FINDING_BYTES: usize = 2_000;

/// One thing that can be found in a text, as it is written: `country:RU`, `place:Moscow, RU`,
/// `stage:thwarted`, `observable:c2.example.org`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Finding {
    /// A country is concerned, by its ISO 3166-1 alpha-2 code.
    Country(String),
    /// A country's people are named.
    Nationality(String),
    /// A place of the gazetteer is named: its name and its country.
    Place(String, String),
    /// A place is threatened, known to the gazetteer or not: its name and its country.
    Target(String, String),
    /// A kind of threat, as [`crate::threat::Threat::name`] has it.
    Threat(String),
    /// How far the threat got: one of [`concern::STAGES`].
    Stage(String),
    /// A value of an attacker's, not defanged.
    Observable(String),
}

/// What is wrong with a finding as it is written, and what to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadFinding(pub String);

impl fmt::Display for BadFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadFinding {}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Finding::Country(code) => write!(f, "country:{code}"),
            Finding::Nationality(code) => write!(f, "nationality:{code}"),
            Finding::Place(name, country) => write!(f, "place:{name}, {country}"),
            Finding::Target(name, country) => write!(f, "target:{name}, {country}"),
            Finding::Threat(kind) => write!(f, "threat:{kind}"),
            Finding::Stage(stage) => write!(f, "stage:{stage}"),
            Finding::Observable(value) => write!(f, "observable:{value}"),
        }
    }
}

impl FromStr for Finding {
    type Err = BadFinding;

    /// Reads the form alone: whether there is such a country is for [`Finding::checked`].
    fn from_str(written: &str) -> Result<Finding, BadFinding> {
        let bad = |why: &str| {
            BadFinding(format!(
                "`{written}` {why}; write country:RU, nationality:RU, place:Moscow, RU, target:Kazan \
                 Cathedral, RU, threat:KIND, stage:STAGE or observable:VALUE"
            ))
        };
        if written.len() > MAX_FINDING_BYTES {
            let why = format!("a finding has at most {MAX_FINDING_BYTES} bytes");
            return Err(BadFinding(why));
        }
        let (kind, rest) = written.split_once(':').ok_or_else(|| bad("does not say what it is"))?;
        let rest = rest.trim();
        if rest.is_empty() {
            return Err(bad("names nothing"));
        }
        let word = || rest.to_owned();
        let placed = || {
            let (name, country) =
                rest.rsplit_once(',').ok_or_else(|| bad("does not say in which country"))?;
            let (name, country) = (name.trim().to_owned(), country.trim().to_ascii_uppercase());
            if name.is_empty() { Err(bad("names no place")) } else { Ok((name, country)) }
        };
        Ok(match kind.trim() {
            "country" => Finding::Country(rest.to_ascii_uppercase()),
            "nationality" => Finding::Nationality(rest.to_ascii_uppercase()),
            "place" => placed().map(|(name, country)| Finding::Place(name, country))?,
            "target" => placed().map(|(name, country)| Finding::Target(name, country))?,
            "threat" => Finding::Threat(word()),
            "stage" => Finding::Stage(word()),
            "observable" => Finding::Observable(word()),
            _ => return Err(bad("is of no kind that is known")),
        })
    }
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// As it is written: `KIND:WORD`.
impl JsonSchema for Finding {
    fn schema_name() -> Cow<'static, str> {
        "Finding".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "A finding, such as `country:LV`, `threat:bombing` or `observable:domain-name example.org`",
            "pattern": "^[a-z]+:",
        })
    }
}

impl<'de> Deserialize<'de> for Finding {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Finding, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

impl Finding {
    /// Its one form, where it is something that can be found.
    ///
    /// # Errors
    /// There is no such country, place, kind, stage or form of value.
    pub fn checked(self) -> Result<Finding, BadFinding> {
        let one_of = |word: &str, known: &[&str]| {
            if known.contains(&word) {
                return Ok(());
            }
            Err(BadFinding(format!("`{word}` is none of {}", known.join(", "))))
        };
        match self {
            Finding::Country(code) => country(&code).map(|code| Finding::Country(code.to_owned())),
            Finding::Nationality(code) => {
                country(&code).map(|code| Finding::Nationality(code.to_owned()))
            }
            Finding::Place(name, code) => {
                let code = country(&code)?;
                let place = known_place(&name, code).ok_or_else(|| {
                    let why = format!("`{name}` is no place in {code} that the gazetteer has");
                    BadFinding(format!("{why}; say it as target:{name}, {code}"))
                })?;
                Ok(Finding::Place(place.name.to_owned(), code.to_owned()))
            }
            Finding::Target(name, code) => {
                let code = country(&code)?;
                let name = known_place(&name, code).map_or(name, |place| place.name.to_owned());
                Ok(Finding::Target(name, code.to_owned()))
            }
            Finding::Threat(kind) => one_of(&kind, concern::KINDS).map(|()| Finding::Threat(kind)),
            Finding::Stage(stage) => {
                one_of(&stage, concern::STAGES).map(|()| Finding::Stage(stage))
            }
            Finding::Observable(value) => match observable::find(&value).as_slice() {
                [one] => Ok(Finding::Observable(plain_value(one))),
                _ => Err(BadFinding(format!(
                    "`{value}` is not one address, domain, URL, e-mail address, hash, CVE or wallet"
                ))),
            },
        }
    }
}

fn country(code: &str) -> Result<&'static str, BadFinding> {
    let known = gazetteer::country(code).map(|known| known.country);
    known.ok_or_else(|| {
        BadFinding(format!(
            "`{code}` is not a country's code: two letters of ISO 3166-1, such as RU"
        ))
    })
}

/// A place of the gazetteer by its name and country.
pub fn known_place(name: &str, country: &str) -> Option<KnownPlace> {
    let is_place = |one: &KnownPlace| {
        one.country == country && !matches!(one.kind, PlaceKind::Country | PlaceKind::Nationality)
    };
    let built_in = gazetteer::places(name).into_iter().find(is_place);
    built_in.or_else(|| gazetteer::place_in(name, country).filter(is_place))
}

/// One word of a person on the findings of a text: with both, the wrong one is the right one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// Which correction says it.
    pub number: i64,
    /// What was found and is wrong.
    pub wrong: Option<Finding>,
    /// What is right.
    pub right: Option<Finding>,
}

/// All that was said of one text, the last word of each finding.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Whether each finding is there, and which correction says so.
    said: BTreeMap<Finding, (bool, i64)>,
}

impl Changes {
    /// The last word of each finding; `changes` come in the order in which they were said.
    pub fn of<'c>(changes: impl IntoIterator<Item = &'c Change>) -> Changes {
        let mut said = BTreeMap::new();
        for Change { number, wrong, right } in changes {
            said.extend(wrong.iter().map(|one| (one.clone(), (false, *number))));
            if let Some(Finding::Stage(_)) = right {
                // A report has one stage: an earlier word on another one is no more.
                said.retain(|one, _| !matches!(one, Finding::Stage(_)));
            }
            said.extend(right.iter().map(|one| (one.clone(), (true, *number))));
        }
        Changes { said }
    }

    /// Whether nobody has said anything.
    pub fn is_empty(&self) -> bool {
        self.said.is_empty()
    }

    /// Whether a finding was said to be there, or to be wrong; `None` where nobody has said anything.
    pub fn said_of(&self, finding: &Finding) -> Option<bool> {
        self.said.get(finding).map(|(there, _)| *there)
    }

    /// Whether something was marked wrong.
    pub fn is_wrong(&self, finding: &Finding) -> bool {
        self.said.get(finding).is_some_and(|(there, _)| !there)
    }

    /// What was said to be there, each with its correction.
    pub fn added(&self) -> impl Iterator<Item = (&Finding, i64)> {
        self.said.iter().filter(|(_, (there, _))| *there).map(|(one, (_, number))| (one, *number))
    }

    /// What was marked wrong.
    pub fn wrong(&self) -> impl Iterator<Item = &Finding> {
        self.said.iter().filter(|(_, (there, _))| !there).map(|(one, _)| one)
    }

    /// Whether a place that is named was marked wrong: by itself, by its people, or by its country.
    pub fn is_wrong_place(&self, kind: PlaceKind, name: &str, country: &str) -> bool {
        let code = country.to_owned();
        self.is_wrong(&Finding::Country(code.clone()))
            || match kind {
                PlaceKind::Nationality => self.is_wrong(&Finding::Nationality(code)),
                PlaceKind::Country => false,
                PlaceKind::Region | PlaceKind::City | PlaceKind::Site => {
                    self.is_wrong(&Finding::Place(name.to_owned(), code))
                }
            }
    }

    /// Lays all that was said over what was found in a text.
    pub fn lay_over(&self, text: &str, found: &mut Extraction) {
        for finding in self.wrong() {
            remove(finding, found);
        }
        found.places.retain(|one| !self.is_wrong_place(one.kind, one.name, one.country));
        for (finding, number) in self.added() {
            add(text, finding, number, found);
        }
    }
}

fn remove(finding: &Finding, found: &mut Extraction) {
    match finding {
        Finding::Country(code) => {
            found.countries.retain(|one| one != code);
            found.reasons.retain(|one| one.country != code);
            found.targets.retain(|one| one.country != code);
            if let Some(likely) = found.concern.get_mut(code) {
                *likely = 0.0;
            }
        }
        Finding::Nationality(_) => {}
        Finding::Place(name, code) | Finding::Target(name, code) => {
            found.targets.retain(|one| one.name != name || one.country != code);
        }
        Finding::Threat(kind) => {
            found.threats.retain(|one| one.kind.name() != kind);
            found.kinds.retain(|one| one != kind);
        }
        Finding::Stage(stage) => {
            if found.stage == stage {
                found.stage = "none";
            }
        }
        Finding::Observable(value) => found.observables.retain(|one| one.value != *value),
    }
}

fn add(text: &str, finding: &Finding, number: i64, found: &mut Extraction) {
    match finding {
        Finding::Country(code) => {
            let Ok(country) = country(code) else { return };
            found.concern.insert(code.clone(), 1.0);
            if !found.countries.contains(code) {
                found.countries.push(code.clone());
                found.countries.sort();
            }
            found.reasons.retain(|one| one.country != code);
            let why = vec![format!("correction {number}")];
            found.reasons.push(Reason { country, why, spans: Vec::new() });
        }
        Finding::Nationality(code) => {
            if let Some(known) = gazetteer::country(code) {
                let known = KnownPlace { kind: PlaceKind::Nationality, ..known };
                mention(text, known, found);
            }
        }
        Finding::Place(name, code) => {
            if let Some(known) = known_place(name, code) {
                mention(text, known, found);
            }
        }
        Finding::Target(name, code) => {
            let Some(known) = known_place(name, code) else { return };
            if found.targets.iter().any(|one| one.name == known.name && one.country == *code) {
                return;
            }
            let KnownPlace { name, kind, country, within } = known;
            let spans = vec![span_of(text, name)];
            found.targets.push(Target { name, kind, country, within, spans });
        }
        Finding::Threat(kind) => {
            let known = concern::KINDS.iter().find(|one| *one == kind);
            if let Some(kind) = known.filter(|one| !found.kinds.contains(one)) {
                found.kinds.push(kind);
            }
        }
        Finding::Stage(stage) => {
            if let Some(stage) = concern::STAGES.iter().find(|one| *one == stage) {
                found.stage = stage;
            }
        }
        Finding::Observable(value) => {
            let seen = observable::find(value);
            let Some(one) = seen.first() else { return };
            if found.observables.iter().any(|known| known.value == *value) {
                return;
            }
            found.observables.push(Indicator {
                kind: stix_type(one),
                value: value.clone(),
                span: span_of(text, value),
                reserved: crate::value::is_reserved(one.kind, &one.value),
                confidence: 1.0,
            });
        }
    }
}

fn mention(text: &str, known: KnownPlace, found: &mut Extraction) {
    let KnownPlace { name, kind, country, within } = known;
    let is_same =
        |one: &PlaceMention| one.name == name && one.country == country && one.kind == kind;
    if !found.places.iter().any(is_same) {
        let span = span_of(text, name);
        found.places.push(PlaceMention { name, kind, country, within, span });
    }
}

/// Where it stands in so many words; an empty span where it does not.
fn span_of(text: &str, words: &str) -> Span {
    text.find(words)
        .map_or(Span { start: 0, end: 0 }, |start| Span { start, end: start + words.len() })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::extract;

    pub(crate) const REPORT: &str = "A cell plans to bomb the Kazan Cathedral in St. Petersburg; the attackers' \
                          server is at 198.51.100[.]7 and c2[.]example.org.";

    fn finding(written: &str) -> Finding {
        written.parse::<Finding>().unwrap().checked().unwrap()
    }

    pub(crate) fn change(number: i64, wrong: Option<&str>, right: Option<&str>) -> Change {
        Change { number, wrong: wrong.map(finding), right: right.map(finding) }
    }

    #[test]
    fn what_is_written_reads_back_and_what_is_unknown_is_refused_with_what_to_write() {
        for written in [
            "country:RU",
            "nationality:US",
            "place:Moscow, RU",
            "target:The old mill, RU",
            "threat:killing",
            "stage:thwarted",
            "observable:c2.example.org",
        ] {
            assert_eq!(finding(written).to_string(), written);
        }
        assert_eq!(finding("observable:c2[.]example.org").to_string(), "observable:c2.example.org");
        for (bad, why) in [
            ("Moscow", "does not say what it is"),
            ("country:", "names nothing"),
            ("country:QQ", "not a country"),
            ("place:Moscow", "in which country"),
            ("place:Nowhere Hill, RU", "target:Nowhere Hill, RU"),
            ("threat:noise", "none of killing"),
            ("stage:over", "none of none, planned"),
            ("observable:two words", "is not one address"),
            ("weather:rain", "of no kind"),
        ] {
            let refused =
                bad.parse::<Finding>().and_then(Finding::checked).unwrap_err().to_string();
            assert!(refused.contains(why), "{bad}: {refused}");
        }
    }

    #[test]
    fn a_wrong_country_goes_and_a_right_one_comes_whatever_is_found() {
        let mut found = extract(REPORT);
        assert!(found.countries.contains(&"RU".to_owned()));
        let said = [change(1, Some("country:RU"), Some("country:KZ"))];
        Changes::of(&said).lay_over(REPORT, &mut found);
        assert!(
            found.countries.contains(&"KZ".to_owned())
                && !found.countries.contains(&"RU".to_owned())
        );
        assert_eq!((found.concern.get("KZ"), found.concern.get("RU")), (Some(&1.0), Some(&0.0)));
        assert!(found.places.iter().all(|one| one.country != "RU"));
    }

    #[test]
    fn the_last_word_of_a_finding_counts() {
        let said = [
            change(1, Some("country:RU"), None),
            change(2, None, Some("country:RU")),
            change(3, Some("stage:planned"), Some("stage:thwarted")),
            change(4, Some("observable:c2.example.org"), None),
        ];
        let mut found = extract(REPORT);
        Changes::of(&said).lay_over(REPORT, &mut found);
        assert!(found.countries.contains(&"RU".to_owned()));
        assert_eq!(found.stage, "thwarted");
        assert!(found.observables.iter().all(|one| one.value != "c2.example.org"));
    }
}
