//! How much of an event is held at once, in one place.

/// Longest record: one attribute, object, galaxy, or other field of an event, in bytes. An attribute
/// with a sample of 11 MB fits; what is longer does not fit a STIX object either.
pub(crate) const MAX_RECORD_BYTES: usize = 16 << 20;

/// Most bytes of what an event says beside its attributes and objects: its own fields, galaxies,
/// reports. The largest seen, with 400 clusters, has 2 MB.
pub(crate) const MAX_HEAD_BYTES: usize = 32 << 20;

/// Most events in one file: a day of a large feed has some hundreds.
pub(crate) const MAX_EVENTS: usize = 10_000;

/// Most attributes and objects in one file. For each, 60 bytes are kept: its id and that of what is
/// observed. A file of 200 MB has about half a million.
pub(crate) const MAX_PARTS: u64 = 4_000_000;

/// Most fields of one event.
pub(crate) const MAX_FIELDS: usize = 1_000;

/// Most attributes of one object: the largest template has 200, and may repeat them.
pub(crate) const MAX_OBJECT_ATTRIBUTES: usize = 10_000;

/// Most references that one report or grouping holds. A reference has 60 bytes, so that they fit
/// into an object that others still read ([`forewarn_stix::object::MAX_OBJECT_BYTES`]) ten times.
pub(crate) const MAX_REFERENCES: usize = 10_000;

/// Longest part of a file that stands in a message.
pub(crate) const MAX_SHOWN: usize = 80;

/// Most objects of a bundle that becomes an event. They are held at once.
pub(crate) const MAX_OBJECTS: usize = 1_000_000;
