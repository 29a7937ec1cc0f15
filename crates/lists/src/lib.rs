//! Lists of indicators as STIX 2.1 objects: tables (CSV, TSV), plain lines, lines of JSON, hosts files,
//! rules of Snort and Suricata, of Sigma and of YARA, and OpenIOC; and reports: alerts of CAP, incidents of
//! IODEF, reports of abuse as ARF and X-ARF.
//!
//! What a column of a list holds is guessed ([`guess()`]) and shown; nothing is converted before
//! somebody has said what the columns are, or that the guess is right ([`Columns`]). A row that cannot
//! be read is told by its line and column ([`forewarn_stix::loss`]), and the others are read. What
//! STIX has no property for stands in the description; comments become a note.
//!
//! [`out`] is the way back: lists for firewalls, resolvers and detectors, of what objects say.
//!
//! Leaves to the caller: files, the time of day, where the objects go.

#![warn(missing_docs)]

mod bounds;
mod comments;
mod emit;
mod form;
mod guess;
mod hosts;
mod incident;
mod json;
mod kind;
mod lines;
mod made;
mod mapping;
mod openioc;
pub mod out;
mod refused;
mod row;
mod rules;
mod sigma;
mod table;
mod time;
mod to_stix;
mod value;
mod yara;

pub use form::{FORM_BYTES, Form};
pub use guess::guess;
pub use mapping::{Columns, Mapping};
pub use refused::Refused;
pub use to_stix::{Asked, Meaning, convert};
