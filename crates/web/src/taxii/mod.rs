//! `/taxii2/`: TAXII 2.1.

pub(crate) mod access;
pub(crate) mod add;
pub(crate) mod api_root;
pub(crate) mod collections;
pub(crate) mod delete;
pub(crate) mod discovery;
pub(crate) mod error;
pub(crate) mod manifest;
pub(crate) mod objects;
mod reply;
pub(crate) mod status;
pub(crate) mod versions;
