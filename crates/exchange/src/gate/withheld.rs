//! What must not leave.

use super::search::Search;
use crate::code::Code;
use crate::refusal::{Field, Hint, Refusal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Most characters of a word that is set aside as it is written.
const MAX_ASIDE: usize = 200;

/// Something that must not leave.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Withheld {
    /// What kind of thing it is: it decides how the text is searched for.
    pub what: WithheldKind,
    /// The name, handle or id as it was given.
    pub text: String,
    /// Whether two persons have said, of what is judged now, that a word which only may mean this
    /// does not: a possible objection yields then, and a certain one never.
    #[serde(skip)]
    pub yields: bool,
    /// Words that two persons have said not to mean this, as they are written: for what may not be named to
    /// them. Nothing else that may mean it yields.
    #[serde(skip)]
    pub yields_as: Vec<String>,
}

impl Withheld {
    /// Something that must not leave.
    pub fn new(what: WithheldKind, text: impl Into<String>) -> Withheld {
        Withheld { what, text: text.into(), yields: false, yields_as: Vec::new() }
    }
}

/// Possible objections to these texts yield in what is judged now.
///
/// # Errors
/// [`Code::NotFound`] when one of them is not withheld: a slip of the pen sets nothing aside.
/// [`Code::Reason`] when one of them is a partner's name, and nobody says why another partner may
/// read it.
pub fn set_aside_known(withheld: &mut [Withheld], aside: &SetAside) -> Result<(), Refusal> {
    let known = |text: &&String| {
        let is_it = |one: &Withheld| one.what.may_be_named() && one.text == **text;
        withheld.iter().any(is_it) || withheld.iter().any(|one| one.may_mean(text))
    };
    if let Some(text) = aside.texts.iter().find(|text| !known(text)) {
        return Err(Refusal::unknown("withheld text", text)
            .advice("set aside what the objection names, as it is written there"));
    }
    let named =
        |one: &&Withheld| one.what == WithheldKind::Partner && aside.texts.contains(&one.text);
    if let Some(partner) = withheld.iter().find(named)
        && aside.reason.trim().is_empty()
    {
        let message = format!("say why one partner may read of another: “{}”", partner.text);
        let hint = Hint::Give { field: Field::SetAsideReason };
        return Err(Refusal::new(Code::Reason, message).hint(hint));
    }
    set_aside(withheld, &aside.texts);
    Ok(())
}

/// Withheld texts of which a possible objection does not count, in what is said with it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(from = "Written", into = "Written")]
pub struct SetAside {
    /// The texts, as they are withheld.
    pub texts: Vec<String>,
    /// Why; empty when nobody said.
    pub reason: String,
}

/// As it is kept: a list when there is no reason, as it always was before there could be one.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Written {
    Texts(Vec<String>),
    Because { texts: Vec<String>, reason: String },
}

impl SetAside {
    /// Whether nothing is set aside.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// Sets aside further texts; another reason is in the place of the one before.
    pub fn extend(&mut self, more: &SetAside) {
        let new = more.texts.iter().filter(|text| !self.texts.contains(text)).cloned();
        let new: Vec<String> = new.collect();
        self.texts.extend(new);
        if !more.reason.is_empty() {
            self.reason.clone_from(&more.reason);
        }
    }
}

impl From<Written> for SetAside {
    fn from(written: Written) -> SetAside {
        match written {
            Written::Texts(texts) => SetAside { texts, reason: String::new() },
            Written::Because { texts, reason } => SetAside { texts, reason },
        }
    }
}

impl From<SetAside> for Written {
    fn from(aside: SetAside) -> Written {
        let SetAside { texts, reason } = aside;
        if reason.is_empty() { Written::Texts(texts) } else { Written::Because { texts, reason } }
    }
}

/// The same without a word on texts that are not among them.
pub fn set_aside(withheld: &mut [Withheld], texts: &[String]) {
    for one in withheld {
        if one.what.may_be_named() {
            one.yields |= texts.contains(&one.text);
        } else {
            let meant = texts.iter().filter(|text| one.may_mean(text)).cloned();
            one.yields_as = meant.collect();
        }
    }
}

impl Withheld {
    /// Whether a word may mean this name, which is said to nobody, and does not do so for certain.
    fn may_mean(&self, text: &str) -> bool {
        // Of a name one word at a time: all of it together is the name.
        let whole = self.what == WithheldKind::SourceName && text.contains(char::is_whitespace);
        if self.what.may_be_named() || whole || text.chars().count() > MAX_ASIDE {
            return false;
        }
        let alone = [Withheld::new(self.what, self.text.as_str())];
        let hits = Search::new(&alone).judge(text, false).hits;
        !hits.is_empty() && hits.iter().all(|hit| !hit.certain)
    }
}

/// What kind of thing is withheld.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WithheldKind {
    /// A person's name. Each word of it is looked for by itself too.
    Name,
    /// A source's handle.
    Source,
    /// An id or a URL of an original.
    OriginalId,
    /// Who stands behind a source's handle: looked for as a name is, and said by no objection. A word that only
    /// may mean it is set aside as it is written.
    SourceName,
    /// How a source is reached, such as a number or an address: looked for as a whole, and said by no
    /// objection. It is never set aside.
    SourceContact,
    /// The name of a partner, which is looked for as a whole. An objection to it is only possible: two
    /// persons may say it to another partner, with a reason.
    Partner,
}

impl WithheldKind {
    /// As it is called in a message.
    pub(super) fn word(self) -> &'static str {
        match self {
            WithheldKind::Name => "the withheld name",
            WithheldKind::Source => "the source's handle",
            WithheldKind::OriginalId => "the original id",
            WithheldKind::SourceName => "a name that may reach nobody",
            WithheldKind::SourceContact => "an address or number that may reach nobody",
            WithheldKind::Partner => "the partner's name",
        }
    }

    /// Whether each word of it is looked for, and what sounds like it.
    pub(super) fn is_name(self) -> bool {
        match self {
            WithheldKind::Name | WithheldKind::SourceName => true,
            WithheldKind::Source
            | WithheldKind::SourceContact
            | WithheldKind::OriginalId
            | WithheldKind::Partner => false,
        }
    }

    /// Whether those who draft may read it in an objection.
    pub(super) fn may_be_named(self) -> bool {
        match self {
            WithheldKind::SourceName | WithheldKind::SourceContact => false,
            WithheldKind::Name
            | WithheldKind::Source
            | WithheldKind::OriginalId
            | WithheldKind::Partner => true,
        }
    }
}
