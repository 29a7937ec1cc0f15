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
