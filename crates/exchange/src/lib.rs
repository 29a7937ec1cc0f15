//! The rules of the exchange: partners, interests, matching, cases, the release gate, answers.
//!
//! Everything here is a decision: state and a command in, new state or a refusal out. There is no
//! clock, no randomness and no I/O; time and a seed for ids come with the command
//! ([`command::Command`]). Keeping state, sending entries and signing are the caller's.

pub mod card;
pub mod case;
pub mod command;
pub mod draft;
pub mod event;
pub mod feed;
pub mod gate;
pub mod ids;
pub mod incoming;
pub mod message;
pub mod partner;
pub mod post;
pub mod refusal;
pub mod scale;
pub mod talk;
pub mod user;
pub mod warning;
mod words;

pub use command::{Act, Command};
pub use event::Event;
pub use refusal::Refusal;
