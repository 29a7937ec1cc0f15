//! Why a frame cannot be read.

use crate::unicode::NotUnicode;

/// Why a frame cannot be read to its end. Objects that came out before are complete.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// The input ended before the frame was complete.
    #[error("the input ends at byte {at}, in the middle of {what}; it is cut off")]
    Truncated {
        /// The length of the input in bytes.
        at: u64,
        /// What was being read.
        what: &'static str,
    },
    /// The input does not have the form `{"…": …, "objects": [ … ]}`.
    #[error("at byte {at}: {what}")]
    Form {
        /// The offset of the offending byte, from 0.
        at: u64,
        /// What is wrong there, or what was expected.
        what: &'static str,
    },
    /// An object, or the properties beside the objects, are longer than their bound.
    #[error("at byte {at}: {what} is longer than {most} bytes")]
    TooLong {
        /// The offset at which the bound was exceeded.
        at: u64,
        /// What is too long.
        what: &'static str,
        /// The bound in bytes.
        most: usize,
    },
    /// It is a bundle of STIX 2.0.
    #[error(
        "it is a bundle of STIX 2.0 (`spec_version`), and only STIX 2.1 is read here; `forewarn intake` takes \
         it in as STIX 2.1, and `forewarn convert` makes that of it"
    )]
    Stix20,
    /// The input is not in the encoding that its byte order mark says.
    #[error(transparent)]
    Unicode(NotUnicode),
    /// The reader returned an error.
    #[error("the input could not be read: {0}")]
    Read(#[from] std::io::Error),
}

impl FrameError {
    /// Whether the form of the input is told by this, rather than a place where it is broken.
    pub fn is_of_whole(&self) -> bool {
        match self {
            FrameError::Stix20 | FrameError::Unicode(_) | FrameError::Read(_) => true,
            FrameError::Truncated { .. } | FrameError::Form { .. } | FrameError::TooLong { .. } => {
                false
            }
        }
    }
}
