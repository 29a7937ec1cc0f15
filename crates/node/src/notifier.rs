//! What the configuration says of how people are told: the notifiers, and the heartbeat.

use serde::{Deserialize, Serialize};

/// By what a notifier tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NotifierKind {
    /// E-mail, by an SMTP server.
    Mail,
    /// A POST that is signed by Standard Webhooks.
    Webhook,
    /// A program of this machine, with JSON on its input.
    Command,
    /// The system's log.
    Syslog,
}

/// By what people are told of what needs them. Each kind reads the keys that it has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotifierSection {
    /// What it is called: 1 to 64 of a-z, 0-9, - _ .
    pub name: String,
    /// By what it tells.
    pub kind: NotifierKind,
    /// Mail: the server, as HOST:PORT. TLS is required, but to this machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// Mail: the sender's address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Mail: who we are to the server; nobody, when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Webhook: the receiver.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Mail and webhook: a file in the folder `secrets` of the node's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_file: Option<String>,
    /// Or the environment's variable that holds the secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_env: Option<String>,
    /// Command: the program and its arguments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub command: Vec<String>,
    /// Syslog: the socket; `/dev/log`, when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub socket: Option<String>,
}

/// Who is called as long as the node is well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeartbeatSection {
    /// The receiver of an empty POST.
    pub url: String,
    /// Seconds between two calls: 1 to 86,400.
    #[serde(default = "every_minute")]
    pub every: u32,
}

fn every_minute() -> u32 {
    60
}

impl NotifierKind {
    /// The word for it, as the configuration writes it.
    pub const fn name(self) -> &'static str {
        match self {
            NotifierKind::Mail => "mail",
            NotifierKind::Webhook => "webhook",
            NotifierKind::Command => "command",
            NotifierKind::Syslog => "syslog",
        }
    }
}

impl NotifierSection {
    /// What is missing, or cannot be.
    pub(crate) fn check(&self) -> Result<(), String> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
        let name = &self.name;
        if name.is_empty() || name.len() > 64 || !name.chars().all(plain) {
            return Err(format!("notifier.name `{name}` must be 1 to 64 of a-z, 0-9, - _ ."));
        }
        let missing =
            |key: &str| Err(format!("notifier `{name}` of kind {} needs {key}", self.kind.name()));
        match self.kind {
            NotifierKind::Mail if self.server.is_none() => missing("server"),
            NotifierKind::Mail if self.from.is_none() => missing("from"),
            NotifierKind::Webhook if self.url.is_none() => missing("url"),
            NotifierKind::Webhook if self.secret_file.is_none() && self.secret_env.is_none() => {
                missing("secret_file or secret_env")
            }
            NotifierKind::Command if self.command.is_empty() => missing("command"),
            NotifierKind::Mail
            | NotifierKind::Webhook
            | NotifierKind::Command
            | NotifierKind::Syslog => {
                let file = self.secret_file.as_deref().unwrap_or("plain");
                let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
                if file.is_empty() || file.starts_with('.') || !file.chars().all(plain) {
                    return Err(format!(
                        "notifier.secret_file `{file}` must be the name of a file in `secrets`"
                    ));
                }
                Ok(())
            }
        }
    }
}
