//! MISP: events as STIX 2.1 objects, and STIX objects as MISP events.
//!
//! Nothing is lost in silence. What STIX has no property for stays with the object in an extension of
//! ours ([`EXTENSION`]); what cannot be carried over at all is named in [`Losses`], with its place
//! and the reason. What contradicts itself about its handling is refused in words.
//!
//! [`to_stix()`] and [`convert`] read an event of any length, attribute by attribute;
//! [`to_misp()`] writes one.
//! The tables of what becomes what stand in one place, and [`markdown`] shows them.
//!
//! [`poll`] says what a server is asked for next.
//!
//! Leaves to the caller: files, and talking with servers.

#![warn(missing_docs)]

mod bounds;
mod form;
mod frame;
mod loss;
mod made;
mod observed;
mod pattern;
pub mod poll;
mod record;
mod tables;
mod tag;
mod to_misp;
mod to_stix;
mod value;
mod way;

pub use form::{FORM_BYTES, Form};
pub use loss::{Loss, Losses, Refused};
pub use made::EXTENSION;
pub use tables::markdown;
pub use to_misp::{Written, to_misp};
pub use to_stix::{Converted, convert, to_stix};
