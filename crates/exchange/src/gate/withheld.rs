//! What must not leave.

use serde::{Deserialize, Serialize};

/// Something that must not leave.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Withheld {
    /// What kind of thing it is: it decides how the text is searched for.
    pub what: WithheldKind,
    /// The name, handle or id as it was given.
    pub text: String,
}

/// What kind of thing is withheld.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WithheldKind {
    /// A person's name. Each word of it is looked for by itself too.
    Name,
    /// A source's handle.
    Source,
    /// An id or a URL of an original.
    OriginalId,
    /// The name of a partner, which is looked for as a whole.
    Partner,
}

impl WithheldKind {
    /// As it is called in a message.
    pub(super) fn word(self) -> &'static str {
        match self {
            WithheldKind::Name => "the withheld name",
            WithheldKind::Source => "the source's handle",
            WithheldKind::OriginalId => "the original id",
            WithheldKind::Partner => "the partner's name",
        }
    }
}
