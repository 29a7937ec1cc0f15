//! The most that a field of an entry may have, whoever writes it.

use crate::gate::MAX_BUNDLE_BYTES;

/// Longest name of a speaker: a user's name has 64.
const MAX_BY_BYTES: usize = 200;
/// Longest field of an entry but a bundle or an interest, in bytes as JSON: some pages of text.
/// Readers hold to the same bound.
pub(crate) const MAX_FIELD_BYTES: usize = 16 << 10;
/// Longest interest: a thousand clauses.
pub(crate) const MAX_INTEREST_BYTES: usize = 256 << 10;
/// Most facts of one outcome.
pub(crate) const MAX_FACTS: usize = 50;

/// The most that a field of this name may have, in bytes as JSON, by whomever it is written.
pub(crate) fn most_bytes(name: &str) -> usize {
    match name {
        "bundle" => MAX_BUNDLE_BYTES,
        "interest" => MAX_INTEREST_BYTES,
        "by" => MAX_BY_BYTES,
        _ => MAX_FIELD_BYTES,
    }
}
