//! Texts of the organisation's own to begin a draft with: by kind of threat, with places that whoever
//! drafts fills in. Nothing of an original goes in by itself.

use crate::code::Code;
use crate::name::{NodeName, UserName};
use crate::refusal::Refusal;
use forewarn_extract::threat::Threat;
use forewarn_stix::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Most templates: a list that people choose from.
pub const MAX_TEMPLATES: usize = 200;
/// Most characters of a name, a title, a place's name or a language.
const MAX_SHORT: usize = 200;
/// Most characters of a text.
const MAX_TEXT: usize = 20_000;

/// A text to begin a draft with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// What it is called: small letters, digits and hyphens.
    pub name: String,
    /// For which kind of threat; for every one, when nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threat: Option<Threat>,
    /// For which partner; for every one, when nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner: Option<NodeName>,
    /// In which language it is, as a tag such as `de`.
    pub language: String,
    /// The title, with places such as `{target}`.
    pub title: String,
    /// The words, with places.
    pub text: String,
}

/// A template as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KeptTemplate {
    /// The template.
    #[serde(flatten)]
    pub template: Template,
    /// Who has written it last.
    pub by: UserName,
    /// When.
    pub at: Timestamp,
}

/// All templates, by their names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Templates(BTreeMap<String, KeptTemplate>);

/// A template with its places filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// The title.
    pub title: String,
    /// The words.
    pub text: String,
}

fn bad(why: impl Into<String>) -> Refusal {
    Refusal::new(Code::BadRequest, why)
}

impl Template {
    fn check(&self) -> Result<(), Refusal> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.name.is_empty() || !self.name.chars().all(plain) {
            let message = "a template's name has small letters, digits and hyphens";
            return Err(Refusal::new(Code::BadName, message));
        }
        for (what, text, most) in [
            ("name", &self.name, MAX_SHORT),
            ("language", &self.language, MAX_SHORT),
            ("title", &self.title, MAX_SHORT),
            ("text", &self.text, MAX_TEXT),
        ] {
            if text.trim().is_empty() || text.chars().count() > most {
                let message = format!("a template's {what} has 1 to {most} characters");
                return Err(Refusal::new(Code::TooLong, message));
            }
        }
        Ok(())
    }

    /// The names of its places, each once.
    pub fn places(&self) -> BTreeSet<&str> {
        places(&self.title).chain(places(&self.text)).collect()
    }

    /// Whether it is offered for a threat to a partner.
    pub fn is_for(&self, threat: Option<Threat>, partner: &NodeName) -> bool {
        self.threat.is_none_or(|own| threat == Some(own))
            && self.partner.as_ref().is_none_or(|own| own == partner)
    }

    /// With what somebody has chosen for each place.
    ///
    /// # Errors
    /// A place has nothing, or something is meant for a place that is not there.
    pub fn filled(&self, chosen: &BTreeMap<String, String>) -> Result<Filled, Refusal> {
        let places = self.places();
        let list = |all: Vec<&str>| all.join(", ");
        let empty = |name: &str| chosen.get(name).is_none_or(|value| value.trim().is_empty());
        let missing: Vec<&str> = places.iter().copied().filter(|name| empty(name)).collect();
        if !missing.is_empty() {
            let message = format!("template `{}` has nothing for {}", self.name, list(missing));
            return Err(bad(message).advice("say what stands there, for each of its places"));
        }
        let known = |name: &&str| !places.contains(name);
        let unknown: Vec<&str> = chosen.keys().map(String::as_str).filter(known).collect();
        if !unknown.is_empty() {
            let places = list(places.into_iter().collect());
            let message =
                format!("template `{}` has no place {}; it has {places}", self.name, list(unknown));
            return Err(bad(message));
        }
        Ok(Filled { title: put_in(&self.title, chosen), text: put_in(&self.text, chosen) })
    }
}

/// The places of a text: small letters and hyphens in braces.
fn places(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| {
        let (name, _) = rest.split_once('}')?;
        let plain = |c: char| c.is_ascii_lowercase() || c == '-';
        (!name.is_empty() && name.chars().all(plain)).then_some(name)
    })
}

/// Once through: what is filled in is not looked at again, whatever braces it has.
fn put_in(text: &str, chosen: &BTreeMap<String, String>) -> String {
    let mut out = String::new();
    let mut pieces = text.split('{');
    out.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let found = piece.split_once('}').and_then(|(name, rest)| Some((chosen.get(name)?, rest)));
        if let Some((value, rest)) = found {
            out.push_str(value);
            out.push_str(rest);
        } else {
            out.push('{');
            out.push_str(piece);
        }
    }
    out
}

impl Templates {
    /// With one more, or another in the place of one of the same name.
    ///
    /// # Errors
    /// It is not as it should be, or there are too many.
    pub fn with(mut self, kept: KeptTemplate) -> Result<Templates, Refusal> {
        kept.template.check()?;
        self.0.insert(kept.template.name.clone(), kept);
        if self.0.len() > MAX_TEMPLATES {
            let message = format!("there are {MAX_TEMPLATES} templates");
            return Err(Refusal::new(Code::Stage, message).advice("remove some first"));
        }
        Ok(self)
    }

    /// Without one.
    ///
    /// # Errors
    /// There is none of this name.
    pub fn without(mut self, name: &str) -> Result<Templates, Refusal> {
        match self.0.remove(name) {
            Some(_) => Ok(self),
            None => Err(Refusal::unknown("template", name)),
        }
    }

    /// All of them, by name.
    pub fn all(&self) -> impl Iterator<Item = &KeptTemplate> {
        self.0.values()
    }

    /// One of them.
    pub fn of(&self, name: &str) -> Option<&KeptTemplate> {
        self.0.get(name)
    }

    /// A draft in which a place of a template stands as it was, with nothing filled in, would be sent as it
    /// is.
    ///
    /// # Errors
    /// Which place it is.
    pub fn must_be_filled(&self, texts: &[&str]) -> Result<(), Refusal> {
        let known: BTreeSet<&str> = self.all().flat_map(|kept| kept.template.places()).collect();
        let left = texts.iter().flat_map(|text| places(text)).find(|name| known.contains(name));
        let Some(left) = left else { return Ok(()) };
        let message =
            format!("{{{left}}} is a place of a template, and nothing was filled in there");
        Err(Refusal::new(Code::EmptyDraft, message)
            .advice("write what stands there, or take it out"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(title: &str, text: &str) -> KeptTemplate {
        KeptTemplate {
            template: Template {
                name: "bombing-de".into(),
                threat: Some(Threat::Destruction),
                partner: None,
                language: "de".into(),
                title: title.into(),
                text: text.into(),
            },
            by: UserName::parse("ana").unwrap(),
            at: Timestamp::parse("2026-01-01T00:00:00Z").unwrap(),
        }
    }

    fn chosen(all: &[(&str, &str)]) -> BTreeMap<String, String> {
        all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn each_place_is_filled_with_what_was_chosen_and_with_nothing_else() {
        let kept = template("Anschlag auf {target}", "Am {day} auf {target}. {Not} a {place");
        let all = [("target", "den Dom {day}"), ("day", "Samstag")];
        let filled = kept.template.filled(&chosen(&all)).unwrap();
        assert_eq!(filled.title, "Anschlag auf den Dom {day}");
        assert_eq!(filled.text, "Am Samstag auf den Dom {day}. {Not} a {place");
        for (wrong, says) in [
            (&all[..1], "nothing for day"),
            (&[("target", "x"), ("day", " ")][..], "nothing for day"),
            (&[all[0], all[1], ("hour", "x")][..], "no place hour"),
        ] {
            let refused = kept.template.filled(&chosen(wrong)).unwrap_err();
            assert!(refused.message.contains(says), "{refused:?}");
        }
    }

    #[test]
    fn a_place_that_was_left_stops_the_draft_and_other_braces_do_not() {
        let all = Templates::default().with(template("x", "Am {day}.")).unwrap();
        assert!(all.must_be_filled(&["Title", "Am {day} …"]).is_err());
        assert!(all.must_be_filled(&["https://x.example/{id}/", "${jndi:x}"]).is_ok());
    }

    #[test]
    fn a_template_is_offered_for_its_threat_and_its_partner() {
        let mut one = template("x", "y").template;
        let (east, west) =
            (NodeName::parse("east.example").unwrap(), NodeName::parse("west.example").unwrap());
        assert!(one.is_for(Some(Threat::Destruction), &east));
        assert!(!one.is_for(Some(Threat::Killing), &east) && !one.is_for(None, &east));
        one.partner = Some(west);
        assert!(!one.is_for(Some(Threat::Destruction), &east));
        one.name = "With Space".into();
        let kept = KeptTemplate { template: one, ..template("x", "y") };
        assert!(Templates::default().with(kept).is_err());
    }
}
