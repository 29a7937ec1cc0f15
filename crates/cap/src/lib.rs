//! The Common Alerting Protocol 1.2 (OASIS, 1 July 2010): alerts as values, their XML, and a check of
//! XML against what the standard's schema asks for.
//!
//! Written is what a warning needs: alerts, updates, cancellations, acknowledgements and errors, for
//! chosen readers. It is never scope Public by itself; the caller says for whom it is. Signatures
//! (`ds:Signature`) are not made: what proves a warning is the transcript. Other people's alerts become
//! STIX objects ([`to_stix`]).

#![warn(missing_docs)]

mod alert;
mod area;
mod check;
mod name;
mod read;
mod time;
pub mod tree;
mod write;

pub use alert::{
    Alert, Area, Category, Certainty, Info, MessageType, Pair, Reference, Resource, Scope,
    Severity, Status, Urgency,
};
pub use check::{Fault, check};
pub use name::{BadName, Name};
pub use read::{NotRead, is_start, to_stix};
pub use write::{NotWritten, write};
