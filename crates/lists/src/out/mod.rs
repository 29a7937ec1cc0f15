//! From STIX objects to lists that firewalls, resolvers and detectors fetch.
//!
//! What a pattern asks for must be what the list does. Only a pattern that is met by one value alone,
//! or by any of several, becomes lines; one that asks for two things together would block more than was
//! meant, and is left out with the reason. Every value is read again by its form, so that nothing that
//! somebody wrote into an object becomes a line of its own.

mod entry;
mod write;

pub use entry::{Entry, NotListed};
pub use write::{About, Exactly, Output, Written, write};
