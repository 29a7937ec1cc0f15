//! Cosignatures of witnesses on the checkpoints of evidence.

use super::{Evidence, NotProven};
use crate::checkpoint::Receipt;
use crate::note::Note;
use crate::witness::WitnessKey;
use forewarn_stix::time::Timestamp;
use serde::Serialize;
use std::collections::BTreeSet;

/// That a witness had seen the log up to a checkpoint, by the witness's own key and clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WitnessShown {
    /// The witness's name.
    pub name: String,
    /// By when, by its clock.
    pub by: String,
}

/// What the lines on the checkpoints, beyond those of the two parties, say.
pub(super) struct Others {
    /// For each checkpoint, who has cosigned it, of those whose keys the verifier has.
    pub(super) witnessed: Vec<Vec<WitnessShown>>,
    /// Whose lines nobody could check.
    pub(super) unchecked: BTreeSet<String>,
}

/// Whether a checkpoint's text has lines beyond those of the two parties, which stand first.
pub(super) fn has_others(receipt: &Receipt, text: &str) -> Result<bool, String> {
    let own = receipt.note.to_string();
    match text.strip_prefix(&own) {
        Some(rest) => Ok(!rest.is_empty()),
        None => Err("the signature lines of its parties do not stand first".to_owned()),
    }
}

/// Checks the cosignatures of these witnesses. Each of them must have cosigned something.
pub(super) fn check(
    evidence: &Evidence,
    receipts: &[Receipt],
    witnesses: &[WitnessKey],
) -> Result<Others, NotProven> {
    let (mut witnessed, mut unchecked) = (Vec::new(), BTreeSet::new());
    let mut found = BTreeSet::new();
    for ((text, receipt), at) in evidence.checkpoints.iter().zip(receipts).zip(1..) {
        let bad = |why: String| NotProven { place: format!("checkpoint {at} in the file"), why };
        let note = Note::parse(text).map_err(|e| bad(e.to_string()))?;
        let mut by = Vec::new();
        for witness in witnesses {
            let Some(seen) = witness.check(&note).map_err(bad)? else { continue };
            let micros = i64::try_from(seen.time).ok().and_then(|s| s.checked_mul(1_000_000));
            let time = micros.and_then(Timestamp::from_micros);
            let time = time.ok_or_else(|| bad("a cosignature's time is impossible".to_owned()))?;
            found.insert(witness.to_string());
            by.push(WitnessShown { name: seen.name, by: time.to_string() });
        }
        let own = receipt.note.signatures();
        let others = note.signatures().iter().filter(|line| !own.contains(line));
        let names = others.map(|line| line.name().to_owned());
        unchecked.extend(names.filter(|name| witnesses.iter().all(|one| one.name != *name)));
        witnessed.push(by);
    }
    if let Some(none) = witnesses.iter().find(|one| !found.contains(&one.to_string())) {
        let why = format!("`{}` has cosigned none of the checkpoints in the file", none.name);
        return Err(NotProven { place: "the witnesses".to_owned(), why });
    }
    Ok(Others { witnessed, unchecked })
}
