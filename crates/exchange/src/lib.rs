//! The rules of the exchange: partners, cases, the release gate, received warnings, answers.
//!
//! Everything here is a decision: state and a command in, events or a refusal out. There is no
//! clock, no randomness and no I/O; time and a seed for ids come with the command
//! ([`command::Command`]). Keeping state, sending entries and signing are the caller's.

#![warn(missing_docs)]

pub mod account;
pub mod act;
pub mod action;
pub mod actor;
pub mod agreement;
pub mod answer;
pub mod authority;
pub mod bounds;
pub mod card;
pub mod case;
pub mod case_file;
mod checked;
pub mod clocks;
pub mod code;
pub mod command;
#[cfg(test)]
mod conformance;
pub mod correction;
pub mod danger;
pub mod draft;
pub mod drawn;
pub mod erasure;
pub mod estimate;
pub mod event;
pub mod exercise;
pub mod extension;
pub mod feed;
pub mod gate;
pub mod grading;
pub mod grant;
pub mod handling;
pub mod history;
pub mod id;
pub mod incoming;
pub mod link;
pub mod message;
pub mod mute;
pub mod name;
pub mod named;
pub mod need;
pub mod origin;
pub mod outcome;
pub mod owed;
pub mod partner;
pub mod permission;
pub mod permit;
pub mod post;
pub mod proposal;
pub mod readout;
pub mod refusal;
pub mod role;
pub mod scale;
pub mod shelf;
pub mod source_name;
pub mod stands;
pub mod talk;
pub mod telling;
pub mod template;
pub mod told;
pub mod user;
pub mod version;
pub mod waiver;
pub mod warning;
pub mod watched;
mod words;

pub use act::Act;
pub use actor::{Actor, Part};
pub use answer::Answer;
pub use code::Code;
pub use command::Command;
pub use event::Event;
pub use refusal::Refusal;
