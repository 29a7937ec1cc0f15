//! The configuration as it is shown, and what became of it when it was read again.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The configuration as it stands, and what the file as it is now would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SettingsShown {
    /// Every value.
    pub values: Vec<SettingLine>,
    /// What of it counts as soon as the file is read again.
    pub reload: Vec<SettingChanged>,
    /// What of it needs a new start.
    pub start: Vec<SettingChanged>,
    /// Why the node would not start with the file as it is now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unusable: Option<String>,
}

/// What became of the file when it was read again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reloaded {
    /// What counts from now on.
    pub changed: Vec<SettingChanged>,
    /// What is as before until the node is started anew.
    pub needs_start: Vec<SettingChanged>,
    /// Collections that were taken out, and whom what came in by them stays open to: a sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taken_out: Vec<String>,
}

impl Reloaded {
    /// In words: a line for each key.
    pub fn words(&self) -> String {
        let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".to_owned());
        let line = |one: &SettingChanged| {
            format!("  {}: {}, now {}", one.key, value(&one.now), value(&one.then))
        };
        let waits = |one: &SettingChanged| {
            format!("  {}: {}, then {}", one.key, value(&one.now), value(&one.then))
        };
        let mut lines = match self.changed.len() {
            0 => vec!["Nothing was changed.".to_owned()],
            _ => vec!["Changed, and counts from now on:".to_owned()],
        };
        lines.extend(self.changed.iter().map(line));
        if !self.needs_start.is_empty() {
            lines.push("Needs a new start of the node, and is as before until then:".to_owned());
            lines.extend(self.needs_start.iter().map(waits));
        }
        lines.extend(self.taken_out.iter().map(|one| format!("Mind: {one}.")));
        lines.join("\n")
    }
}

/// A value of the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SettingLine {
    /// `section.key`.
    pub key: String,
    /// As the file would have it.
    pub value: String,
    /// `environment`, `file` or `default`.
    pub origin: String,
}

/// A value that the file as it is now has otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SettingChanged {
    /// `section.key`.
    pub key: String,
    /// As it is; nothing for one that is new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<String>,
    /// As it would be; nothing for one that would be gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub then: Option<String>,
}
