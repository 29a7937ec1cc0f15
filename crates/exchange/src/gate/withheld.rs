//! What must not leave.

use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// Something that must not leave.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Withheld {
    /// What kind of thing it is: it decides how the text is searched for.
    pub what: WithheldKind,
    /// The name, handle or id as it was given.
    pub text: String,
    /// Whether two persons have said, of what is judged now, that a word which only may mean this
    /// does not: a possible objection yields then, and a certain one never.
    #[serde(skip)]
    pub yields: bool,
}

impl Withheld {
    /// Something that must not leave.
    pub fn new(what: WithheldKind, text: impl Into<String>) -> Withheld {
        Withheld { what, text: text.into(), yields: false }
    }
}

/// Possible objections to these texts yield in what is judged now.
///
/// # Errors
/// [`crate::Code::NotFound`] when one of them is not withheld: a slip of the pen sets nothing aside.
pub fn set_aside_known(withheld: &mut [Withheld], texts: &[String]) -> Result<(), Refusal> {
    let known = |text: &&String| withheld.iter().any(|one| one.text == **text);
    if let Some(text) = texts.iter().find(|text| !known(text)) {
        return Err(Refusal::unknown("withheld text", text)
            .advice("set aside what the objection names, as it is written there"));
    }
    set_aside(withheld, texts);
    Ok(())
}

/// The same without a word on texts that are not among them.
pub(crate) fn set_aside(withheld: &mut [Withheld], texts: &[String]) {
    for one in withheld.iter_mut().filter(|one| texts.contains(&one.text)) {
        one.yields = true;
    }
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
