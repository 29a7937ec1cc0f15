//! The rules of one journal that several nodes share.
//!
//! Batches of commands stand in one line on a server whose replicas hold what it has acknowledged.
//! A node puts batches at the end of the line, and takes from it what is *held*: what every replica
//! has. Visible is not held: a row that a server shows may still be lost with it.
//!
//! - [`batch`]: a batch, its digest, and the chain, so that a size and a chain value prove all before;
//! - [`answer`]: how a server answers, and what each failure means;
//! - [`stand`]: who writes, and when somebody else may;
//! - [`member`]: one node's place in the line, and what it does next;
//! - [`server`]: what a member asks of a server, one session at a time.
//!
//! It has no I/O, no clock and no randomness: the node runs it over PostgreSQL, the simulation over
//! servers that fail.

#![warn(missing_docs)]

pub mod answer;
pub mod batch;
mod fares;
pub mod member;
pub mod server;
pub mod stand;
