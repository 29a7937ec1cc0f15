//! The sections about TAXII: the server, what is taken in, what goes out, and who may revoke what.

use forewarn_exchange::shelf::{From, ShelfRule};
use forewarn_stix::marking::{Pap, Tlp};
use serde::{Deserialize, Serialize};

/// What TAXII clients are told of the server, and how much they may send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TaxiiSection {
    /// In place of the organisation's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// A description of the server, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whom to ask.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// Most bytes of one POST: 256 MiB, when nothing else is said.
    pub max_content_length: u64,
}

impl Default for TaxiiSection {
    fn default() -> TaxiiSection {
        TaxiiSection {
            title: None,
            description: None,
            contact: None,
            max_content_length: 256 << 20,
        }
    }
}

/// Who may revoke a creator's objects. Of any other creator's, whoever brought an object may.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreatorSection {
    /// The creator, as objects name it: `identity--UUID`.
    pub id: String,
    /// The accounts.
    #[serde(default)]
    pub accounts: Vec<String>,
    /// The sources of feeds.
    #[serde(default)]
    pub sources: Vec<String>,
}

/// A TAXII collection that takes items in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CollectionSection {
    /// A UUID.
    pub id: String,
    /// Its name in URLs and on the command line, beside the id.
    pub alias: String,
    /// Its title, for people.
    pub title: String,
    /// The source that items of this collection count as.
    #[serde(default)]
    pub source: Option<String>,
    /// The grade that they count as, such as `B2` or `4x4:A1`.
    #[serde(default)]
    pub grade: Option<String>,
    /// The marking that items count as which have none of their own: `clear` to `red`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marking: Option<Tlp>,
    /// What is in it, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The STIX types that it takes; all, when none is given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accepts: Vec<String>,
    /// Whether it refuses whatever breaks a must of STIX, usable or not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub strict: bool,
    /// The users who may read it; all whose role may read, when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub readers: Option<Vec<String>>,
    /// The users who may add to it; all whose role may take items in, when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub writers: Option<Vec<String>>,
}

/// A TAXII collection from which one partner fetches what was released to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutletSection {
    /// A UUID.
    pub id: String,
    /// Its name in URLs and on the command line, beside the id.
    pub alias: String,
    /// Its title, for people.
    pub title: String,
    /// What is in it, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The partner; what is released to it stands here too.
    pub partner: String,
    /// The partner's accounts, by which it may read: nobody else may.
    pub readers: Vec<String>,
}

/// A TAXII collection from which our own tools take what partners warned us of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShelfSection {
    /// A UUID.
    pub id: String,
    /// Its name in URLs and on the command line, beside the id.
    pub alias: String,
    /// Its title, for people.
    pub title: String,
    /// What is in it, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The accounts of the tools: nobody else may read it.
    pub readers: Vec<String>,
    /// The highest marking of what stands there: `amber+strict`, when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marking: Option<Tlp>,
    /// How far what the tools do can be noticed: `green`, when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pap: Option<Pap>,
    /// From when on a warning's indicators stand there: once it is accepted, when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<From>,
}

impl ShelfSection {
    /// What stands there.
    pub(crate) fn rule(&self) -> ShelfRule {
        let usual = ShelfRule::default();
        ShelfRule {
            marking: self.marking.unwrap_or(usual.marking),
            pap: self.pap.unwrap_or(usual.pap),
            from: self.from.unwrap_or(usual.from),
        }
    }

    /// Whether it may be used.
    ///
    /// # Errors
    /// What is wrong, by the name of the key.
    pub(super) fn check(&self) -> Result<(), String> {
        if self.marking == Some(Tlp::Red) {
            return Err(format!(
                "shelf `{}`: marking `red` is for named persons, and never for tools",
                self.alias
            ));
        }
        Ok(())
    }
}
