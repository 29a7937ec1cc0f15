//! In which forms the file of a case is written.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A form of the file of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FileForm {
    /// A bundle of STIX 2.1: a report, a note for each fact, and the case's objects.
    Stix,
    /// A table, a row for each fact.
    Csv,
    /// Pages.
    Pdf,
    /// A released version, or the recall, as CAP 1.2.
    Cap,
}

impl FileForm {
    /// Every one.
    pub const ALL: &'static [FileForm] =
        &[FileForm::Stix, FileForm::Csv, FileForm::Pdf, FileForm::Cap];

    /// The word for it: `stix`.
    pub const fn word(self) -> &'static str {
        match self {
            FileForm::Stix => "stix",
            FileForm::Csv => "csv",
            FileForm::Pdf => "pdf",
            FileForm::Cap => "cap",
        }
    }

    /// What its files' names end with.
    pub const fn ending(self) -> &'static str {
        match self {
            FileForm::Stix => "json",
            FileForm::Csv => "csv",
            FileForm::Pdf => "pdf",
            FileForm::Cap => "xml",
        }
    }

    /// Its media type.
    pub const fn media(self) -> &'static str {
        match self {
            FileForm::Stix => "application/stix+json;version=2.1",
            FileForm::Csv => "text/csv; charset=utf-8; header=present",
            FileForm::Pdf => "application/pdf",
            // RFC 7303: XML in UTF-8.
            FileForm::Cap => "application/cap+xml",
        }
    }
}

impl fmt::Display for FileForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
