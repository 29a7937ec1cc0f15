//! The values of TAXII 2.1, for both sides: what a server answers and what a client reads.
//!
//! Covers: media types ([`media`]), the resources ([`resource`]), envelopes ([`envelope`]), the
//! filters and page cursor of a request ([`filter`]), the error message ([`error`]), and how a
//! client polls the collection of another server ([`poll`]).
//!
//! Leaves to the caller: HTTP itself, storage, access control. There is no I/O here.

#![warn(missing_docs)]

#[cfg(test)]
mod conformance;
pub mod envelope;
pub mod error;
pub mod filter;
pub mod media;
pub mod poll;
pub mod resource;

pub use error::TaxiiError;
pub use filter::{Cursor, Filter};
