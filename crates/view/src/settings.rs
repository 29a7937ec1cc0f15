//! The configuration as it is shown.

use serde::{Deserialize, Serialize};

/// The configuration as it stands, and what the next start would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsShown {
    /// Every value.
    pub values: Vec<SettingLine>,
    /// What the file, as it is now, would change at the next start.
    pub next: Vec<SettingChanged>,
    /// Why the node would not start with the file as it is now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unusable: Option<String>,
}

/// A value of the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingLine {
    /// `section.key`.
    pub key: String,
    /// As the file would have it.
    pub value: String,
    /// `environment`, `file` or `default`.
    pub origin: String,
}

/// A value that the next start would have otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
