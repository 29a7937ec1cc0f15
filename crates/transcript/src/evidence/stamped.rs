//! Time stamps on the checkpoints of evidence (RFC 3161), by authorities outside. What a token is, and whose,
//! others know: here stands what is stamped, and what the answers mean.

use super::{Evidence, NotProven};
use crate::checkpoint::Receipt;
use crate::hash::Hash;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use forewarn_stix::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Most stamps of one file: four on each checkpoint.
pub(super) const MAX_STAMPS: usize = 4 * super::MAX_CHECKPOINTS;

/// A token on a checkpoint of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stamp {
    /// The position in [`Evidence::checkpoints`] of what is stamped, from 0.
    pub checkpoint: usize,
    /// The token (RFC 3161 §2.4.2) in DER, in base64.
    pub token: String,
}

/// Whose a token is, as an authority's roots show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stamped {
    /// The authority's, which had seen the digest by this time.
    By(Timestamp),
    /// Somebody else's; with the reason for which it is not the authority's.
    ByOthers(String),
}

/// An authority for time stamps whose roots the verifier got by other means.
pub trait Stamper {
    /// What it is called.
    fn name(&self) -> &str;

    /// Whose a token on this digest is.
    ///
    /// # Errors
    /// It is no token, or it is one of which not everything fits: somebody has made it up.
    fn check(&self, token: &[u8], digest: Hash) -> Result<Stamped, String>;
}

/// That an authority had seen a checkpoint with the signatures of both parties, by its own clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StampShown {
    /// The authority's name, as the verifier calls it.
    pub name: String,
    /// By when, by its clock.
    pub by: String,
}

/// What the stamps of a file say.
pub(super) struct Stamps {
    /// For each checkpoint, who has stamped it, of those whose roots the verifier has.
    pub(super) of: Vec<Vec<StampShown>>,
    /// How many nobody could check.
    pub(super) unchecked: usize,
}

/// What is stamped of a receipt: the checkpoint with the signature lines of both parties, and none of others, so
/// that the stamp holds whoever else cosigns.
pub fn stamped(receipt: &Receipt) -> Hash {
    Hash::of(receipt.note.to_string().as_bytes())
}

/// Checks the stamps by these authorities. Each of them must have stamped something.
pub(super) fn check(
    evidence: &Evidence,
    receipts: &[Receipt],
    stampers: &[&dyn Stamper],
) -> Result<Stamps, NotProven> {
    let mut of = vec![Vec::new(); receipts.len()];
    let mut found = BTreeSet::new();
    let mut unchecked = 0;
    for (stamp, at) in evidence.stamps.iter().zip(1..) {
        let bad = |why: String| NotProven { place: format!("stamp {at} in the file"), why };
        let receipt = receipts.get(stamp.checkpoint);
        let place = of.get_mut(stamp.checkpoint);
        let (Some(receipt), Some(place)) = (receipt, place) else {
            return Err(bad(super::NO_CHECKPOINT.to_owned()));
        };
        let token =
            STANDARD.decode(&stamp.token).map_err(|_| bad("it is not base64".to_owned()))?;
        let before = place.len();
        for (stamper, number) in stampers.iter().zip(0..) {
            match stamper.check(&token, stamped(receipt)).map_err(bad)? {
                Stamped::By(by) => {
                    found.insert(number);
                    place.push(StampShown { name: stamper.name().to_owned(), by: by.to_string() });
                }
                Stamped::ByOthers(_) => {}
            }
        }
        unchecked += usize::from(place.len() == before);
    }
    // By their places: two may be called the same.
    if let Some((none, _)) = stampers.iter().zip(0..).find(|(_, at)| !found.contains(at)) {
        let why = format!("`{}` has stamped none of the checkpoints in the file", none.name());
        return Err(NotProven { place: "the time stamps".to_owned(), why });
    }
    Ok(Stamps { of, unchecked })
}
