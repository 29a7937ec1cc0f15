//! What the API, the command line and the pages show: one definition for all three, and the words
//! for what is kept as data.
//!
//! Pure: it is handed state and gives values that can be written as JSON and read back. How they are
//! laid out on a page or a terminal is the surface's. Every answer of the API under `/api/v1` is a type
//! of this crate, or one of a pure crate where that is the one definition already: a user is
//! `forewarn_exchange::user::User`, a transcript `forewarn_transcript::export::Transcript`.
//! A list has its columns ([`table::Row`]), any other answer its `words`; both put text that others
//! wrote through [`text`].
#![warn(missing_docs)]

pub mod about;
pub mod agreement;
pub mod answer;
pub mod authority;
pub mod cap;
pub mod case;
pub mod case_file;
pub mod channel;
pub mod danger;
mod decision;
pub mod exercise;
pub mod feed;
pub mod finding;
pub mod graded;
pub mod hint;
pub mod history;
pub mod interest;
pub mod item;
pub mod kept;
mod later;
pub mod ledger;
pub mod linked;
pub mod mute;
pub mod need;
pub mod partner;
pub mod place;
pub mod policy;
pub mod problem;
pub mod proposal;
pub mod readout;
pub mod search;
pub mod settings;
pub mod showing;
pub mod source;
pub mod statistics;
pub mod status;
pub mod suggestion;
pub mod table;
pub mod talk;
pub mod telling;
pub mod template;
pub mod text;
mod told;
pub mod user;
pub mod version;
pub mod warning;
