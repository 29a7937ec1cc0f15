//! STIX 2.1 objects, read strictly and checked clause by clause.
//!
//! [`judge`] reads the bytes of one object and checks every rule of the standard that can be
//! checked on one object ([`rule`]). Its findings are broken musts or shoulds, each with its place
//! and clause. [`bundle`] reads a bundle of any size, object by object, in bounded memory;
//! [`versions`] compares the versions of an object within one input. An [`Object`] keeps every
//! property that it came with, known or not; [`view`] gives the properties of the standard by their
//! types. [`marking`] says who may see a property, [`pattern`] parses, prints and evaluates
//! patterns, [`observable_id`] makes the name-based ids of observables, and [`canonical`] gives the
//! form over which digests are made.
//!
//! Leaves to the caller: storing, fetching, resolving references to other objects. There is no I/O
//! here except through the `std::io::Read` that a caller gives to [`bundle::Objects`].

#![warn(missing_docs)]

mod at;
pub mod bundle;
pub mod canonical;
mod check;
pub mod confidence;
#[cfg(test)]
mod conformance;
mod custom;
mod extension;
pub mod finding;
mod findings;
mod form;
mod hashes;
pub mod head;
pub mod id;
pub mod json;
pub mod loss;
pub mod marking;
pub mod object;
pub mod observable_id;
pub mod offset;
pub mod pattern;
pub mod place;
pub mod relationship;
pub mod rule;
mod rules;
mod schema;
mod selector;
mod text;
pub mod time;
mod types;
pub mod unicode;
pub mod upgrade;
pub mod versions;
pub mod view;
#[cfg(test)]
mod violations;
pub mod vocabulary;

pub use finding::{Finding, Severity};
pub use id::StixId;
pub use object::{Judged, Object, judge};
pub use time::Timestamp;
pub use types::{is_observable, is_standard};
