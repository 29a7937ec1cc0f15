//! The channel with a partner: receiving, serving, reconciling, proving.

pub mod carry;
pub mod contradiction;
pub mod evidence;
pub mod receive;
pub mod reconcile;
pub mod serve;
pub mod whole;
