//! The channel with a partner: receiving, serving, reconciling, proving.

pub mod carry;
pub mod contradiction;
pub mod course;
pub mod evidence;
pub mod fetch;
pub mod receive;
pub mod reconcile;
pub mod refill;
pub mod serve;
pub mod whole;

use crate::engine::Us;
use forewarn_signer::Signer;
use whole::Whole;

/// What the work of the channel needs of a node, beside its database.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    pub us: &'a Us,
    pub signer: &'a Signer,
    pub whole: &'a Whole,
}
