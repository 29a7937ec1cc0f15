//! Headings, paragraphs and facts as pages: PDF/A-2a (ISO 19005-2), tagged, so that it can be read
//! aloud, with the marking at the head and the foot of every page.
//!
//! What the font has no letter for is written by its number, and counted: nothing is dropped in silence.

mod letters;
mod lines;
mod pages;

use thiserror::Error;

/// The most text that becomes pages: some four hundred of them.
pub const MAX_TEXT_BYTES: usize = 1 << 20;

/// What is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// At the head of the first page, and what the file is called.
    pub title: String,
    /// At the head and the foot of every page: `TLP:AMBER`.
    pub marking: String,
    /// Above the title of the first page, such as that nothing of it is meant; perhaps empty.
    pub notice: String,
    /// Who made it, at the foot of every page.
    pub maker: String,
    /// When: year, month, day, hour, minute and second of UTC.
    pub made: [u16; 6],
    /// What stands in it.
    pub sections: Vec<Section>,
}

/// A part with its heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The heading.
    pub heading: String,
    /// What stands below it.
    pub blocks: Vec<Block>,
}

/// A piece of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading below the section's.
    Heading(String),
    /// Paragraphs, a line each.
    Text(String),
    /// A line of small letters over a text: when, who and what.
    Fact {
        /// Above it, small.
        head: String,
        /// Its words.
        text: String,
    },
}

/// A finished file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pdf {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many letters are written by their number, since the font does not have them.
    pub not_shown: u64,
    /// How many pages it has.
    pub pages: usize,
}

/// Why no file was made.
#[derive(Debug, Error)]
pub enum PaperError {
    /// It would be too long.
    #[error("it has {0} bytes of text, and {MAX_TEXT_BYTES} become pages")]
    TooLong(usize),
    /// The font that is part of the program cannot be read.
    #[error("the font for pages cannot be read")]
    Font,
    /// What the writer of PDF says.
    #[error("the pages cannot be written: {0}")]
    Writer(String),
}

impl Paper {
    /// The file.
    ///
    /// # Errors
    /// It is too long, or is refused by the writer's own checks against PDF/A.
    pub fn pdf(&self) -> Result<Pdf, PaperError> {
        let bytes = self.bytes();
        if bytes > MAX_TEXT_BYTES {
            return Err(PaperError::TooLong(bytes));
        }
        pages::write(self)
    }

    fn bytes(&self) -> usize {
        let blocks = |section: &Section| {
            let each = section.blocks.iter().map(|block| match block {
                Block::Heading(text) | Block::Text(text) => text.len(),
                Block::Fact { head, text } => head.len() + text.len(),
            });
            section.heading.len() + each.sum::<usize>()
        };
        self.title.len() + self.sections.iter().map(blocks).sum::<usize>()
    }
}

#[cfg(test)]
mod tests;
