//! The most that is read, whatever a document claims.

use crate::{Pdfs, Refused};

/// Most bytes of one document.
pub const MAX_BYTES: usize = 20 << 20;
/// Most bytes of text that come of one.
pub const MAX_TEXT: usize = 10 << 20;
/// How deep documents may stand in each other.
pub const MAX_DEPTH: usize = 3;
/// Most pages of a PDF.
pub(crate) const MAX_PAGES: usize = 5_000;
/// Most bytes that one document unpacks to, all together.
const MAX_UNPACKED: usize = 64 << 20;
/// Most entries of archives, all together.
const MAX_ENTRIES: usize = 2_000;

/// What is left of all that.
pub(crate) struct Room {
    pdfs: Pdfs,
    text: usize,
    unpacked: usize,
    entries: usize,
}

impl Room {
    pub(crate) fn new(pdfs: Pdfs) -> Room {
        Room { pdfs, text: MAX_TEXT, unpacked: MAX_UNPACKED, entries: MAX_ENTRIES }
    }

    /// Whether PDFs are read here.
    pub(crate) fn pdfs(&self) -> &Pdfs {
        &self.pdfs
    }

    pub(crate) fn take_text(&mut self, bytes: usize) -> Result<(), Refused> {
        self.text = self.text.checked_sub(bytes).ok_or_else(|| full("the document"))?;
        Ok(())
    }

    pub(crate) fn take_entry(&mut self, name: &str) -> Result<(), Refused> {
        self.entries = self.entries.checked_sub(1).ok_or_else(|| full(name))?;
        Ok(())
    }

    /// How much may still be unpacked.
    pub(crate) fn left(&self) -> usize {
        self.unpacked
    }

    pub(crate) fn take_unpacked(&mut self, name: &str, bytes: usize) -> Result<(), Refused> {
        self.unpacked = self.unpacked.checked_sub(bytes).ok_or_else(|| full(name))?;
        Ok(())
    }
}

fn full(name: &str) -> Refused {
    Refused::Unpacked(name.chars().take(200).collect())
}
