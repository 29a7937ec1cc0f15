//! STIX 2.1 objects, read strictly and checked by clause.
//!
//! Covers: strict I-JSON reading ([`json`]), identifiers ([`id`]), timestamps ([`time`]), every
//! object type's required and typed properties ([`object`]), reading a bundle or envelope object
//! by object in bounded memory ([`bundle`]), TLP markings ([`marking`]), patterns, parsed ([`pattern`]) and the canonical form ([`canonical`]).
//!
//! Leaves to the caller: storing, fetching, resolving references to objects elsewhere. There is no
//! I/O here beyond the `std::io::Read` that a caller hands to [`bundle::Objects`].

#![warn(missing_docs)]

pub mod bundle;
pub mod canonical;
pub mod finding;
pub mod id;
pub mod json;
pub mod marking;
pub mod object;
pub mod pattern;
mod rules;
mod schema;
pub mod time;
mod types;

pub use finding::{Finding, Severity};
pub use id::StixId;
pub use object::{Judged, Object};
pub use time::Timestamp;
