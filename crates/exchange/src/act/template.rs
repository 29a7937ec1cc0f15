//! Acts on texts to begin drafts with.

use crate::template::Template;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An act on a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "do", deny_unknown_fields)]
pub enum TemplateAct {
    /// A template is this from now on.
    #[serde(rename = "template-set")]
    Set {
        /// The template.
        template: Box<Template>,
    },
    /// A template is there no more.
    #[serde(rename = "template-remove")]
    Remove {
        /// Its name.
        name: String,
    },
}
