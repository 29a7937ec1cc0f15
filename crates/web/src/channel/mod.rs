//! `/channel/v1/`: what partners' nodes may ask.

pub(crate) mod entries;
pub(crate) mod entry;
pub(crate) mod push;
pub(crate) mod receipt;
pub(crate) mod root;
pub(crate) mod signed;
pub(crate) mod tiles;
