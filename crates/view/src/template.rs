//! Texts to begin drafts with, as they are shown.

use crate::table::{Column, Row};
use crate::text;
use forewarn_exchange::template::KeptTemplate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A template, with the names of its places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TemplateLine {
    /// The template, who has written it last, and when.
    #[serde(flatten)]
    pub kept: KeptTemplate,
    /// What is filled in, by name.
    pub places: Vec<String>,
}

impl TemplateLine {
    /// Of what is kept.
    pub fn of(kept: &KeptTemplate) -> TemplateLine {
        let places = kept.template.places().into_iter().map(str::to_owned).collect();
        TemplateLine { kept: kept.clone(), places }
    }

    /// For people, whole.
    pub fn words(&self) -> String {
        let KeptTemplate { template, by, at } = &self.kept;
        let threat = template.threat.map_or("any threat", |threat| threat.name());
        let partner = template.partner.as_ref().map(|one| format!(", for {one}"));
        let lines = [
            format!(
                "template {} ({}, {threat}{}), by {by} at {}",
                template.name,
                text::line(&template.language),
                partner.unwrap_or_default(),
                text::time(at)
            ),
            format!("places: {}", self.listed()),
            text::line(&template.title),
            text::block(&template.text),
        ];
        lines.join("\n")
    }

    fn listed(&self) -> String {
        if self.places.is_empty() { text::NONE.to_owned() } else { self.places.join(", ") }
    }
}

impl Row for TemplateLine {
    const COLUMNS: &'static [Column<TemplateLine>] = &[
        ("NAME", |one| one.kept.template.name.clone()),
        ("THREAT", |one| text::or_none(one.kept.template.threat.as_ref(), |one| one.name().into())),
        ("PARTNER", |one| text::or_none(one.kept.template.partner.as_ref(), ToString::to_string)),
        ("LANGUAGE", |one| text::line(&one.kept.template.language)),
        ("TITLE", |one| text::line(&one.kept.template.title)),
        ("PLACES", TemplateLine::listed),
    ];
}
