//! `forewarn convert REPORT --to stix`: a text or document, as `forewarn extract --stix` writes it.

use super::{Convert, told};
use crate::command::{extract, reported};
use crate::failure::Failed;
use crate::output;
use forewarn_document::Document;
use forewarn_extract::Extraction;
use forewarn_node::intake::{Format, START_BYTES, recognise};
use forewarn_node::reader;
use forewarn_stix::loss::Losses;
use serde_json::Value;

/// A report that was read, with what was found in it.
pub(super) struct Report {
    document: Document,
    found: Extraction,
}

/// Whether a file that is no list begins as a report does: a text of any encoding, or a document.
pub(super) fn is_one(start: &[u8]) -> bool {
    let start = start.get(..START_BYTES).unwrap_or(start);
    matches!(recognise(start), Ok(Format::Text | Format::Document))
}

impl Report {
    /// Reads it; everything but a plain text in another process.
    pub(super) fn read(asked: &Convert, bytes: &[u8]) -> Result<Report, Failed> {
        let document = reader::read(bytes);
        let document =
            document.map_err(|why| Failed::refused(why.to_string()).about(&asked.file))?;
        let document = extract::within(document, &asked.file)?;
        let found = forewarn_extract::extract(&document.text);
        Ok(Report { document, found })
    }

    /// The bundle of it.
    pub(super) fn bundle(&self, asked: &Convert) -> Result<Value, Failed> {
        let at = extract::time(&self.document, None)?;
        let made = reported::bundle(&self.document, &self.found, &at);
        made.map_err(|why| why.about(&asked.file))
    }

    /// What of the file does not stand in the text, and so in no object.
    pub(super) fn losses(&self) -> Losses {
        let mut losses = Losses::default();
        for why in &self.document.unread {
            losses.add("/unread", why.clone());
        }
        if let Some(changed) = &self.document.changed {
            losses.add("/changed", format!("that it was changed at {changed} has no place"));
        }
        losses
    }
}

/// Writes the bundle, and says what was lost.
pub(super) fn to_stix(asked: &Convert, report: &Report, json: bool) -> Result<(), Failed> {
    let bundle = report.bundle(asked)?;
    let losses = report.losses();
    if json {
        return told(asked, &losses, Some(&bundle));
    }
    told(asked, &losses, None)?;
    output::json(&bundle)
}
