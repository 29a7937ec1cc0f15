//! What the API, the command line and the pages show: one definition for all three, and the words
//! for what is kept as data.
//!
//! Pure: it is handed state and gives values that can be written as JSON and read back. How they are
//! laid out on a page or a terminal is the surface's.
#![warn(missing_docs)]

pub mod answer;
pub mod case;
pub mod channel;
pub mod hint;
pub mod history;
pub mod partner;
pub mod problem;
pub mod proposal;
pub mod status;
pub mod talk;
pub mod warning;
