//! TAXII 2.1 values, both directions: what a server answers and a client reads.
//!
//! Covers: media types ([`media`]), the resources ([`resource`]), envelopes ([`envelope`]), the
//! filters and page cursor of a request ([`filter`]), the error object ([`error`]), and how a client
//! follows another's collection ([`poll`]).
//!
//! Leaves to the caller: HTTP itself, storage, who may see what.

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
