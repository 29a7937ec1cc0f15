//! Compares two transcripts of one channel, log by log: equal, one shorter, or different.

use crate::channel::Channel;
use crate::contradiction::{Contradiction, FORMAT, Placed, Signed};
use crate::evidence::NotProven;
use crate::export::{LogCopy, Transcript};
use crate::tree::{self, MemoryTree};
use serde::Serialize;

/// How two copies of one log compare.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// The log's name.
    pub log: String,
    /// The number of entries in the first and in the second copy; 0 where the file lacks the log.
    pub entries: [u64; 2],
    /// The result.
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// The result of comparing two copies of one log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
pub enum Verdict {
    /// Both copies hold the same entries.
    Equal,
    /// One copy is shorter, and all of its entries are in the other one.
    Behind {
        /// The shorter copy: 0 for the first, 1 for the second.
        which: usize,
        /// The number of entries that it lacks.
        by: u64,
    },
    /// The copies hold different entries at the same index.
    Different {
        /// The index of the first entry that differs.
        index: u64,
        /// The leaf at that index in the first and in the second copy.
        leaves: [String; 2],
        /// Proof that the writer has signed both, for third parties.
        proof: Box<Contradiction>,
    },
}

/// Compares two transcripts, one result for each log of the channel. Both transcripts are verified
/// completely first.
///
/// Errs when one of them does not verify, or they belong to different channels.
pub fn compare(one: &Transcript, other: &Transcript) -> Result<Vec<Compared>, NotProven> {
    let bad = |place: &str, why: String| NotProven { place: place.to_owned(), why };
    one.verify().map_err(|e| bad(&format!("the first: {}", e.place), e.why))?;
    other.verify().map_err(|e| bad(&format!("the second: {}", e.place), e.why))?;
    if one.genesis != other.genesis {
        return Err(bad("the files", "belong to two different channels".to_owned()));
    }
    let channel = Channel::from_genesis(one.genesis.as_bytes())
        .map_err(|e| bad("the genesis", e.to_string()))?;
    let logs = channel.parties().each_ref().map(|party| channel.log_of(&party.name));
    let found = |transcript: &Transcript, log: &str| {
        transcript.logs.iter().find(|copy| copy.log == log).cloned()
    };
    let compared = logs.into_iter().map(|log| {
        let copies = [found(one, &log), found(other, &log)];
        compare_log(&one.genesis, log, &copies)
    });
    Ok(compared.collect())
}

fn compare_log(genesis: &str, log: String, copies: &[Option<LogCopy>; 2]) -> Compared {
    let hashes = copies.each_ref().map(|copy| copy.as_ref().map_or(&[][..], |c| &c.hashes));
    let entries = hashes.map(|hashes| hashes.len() as u64);
    let [one, other] = hashes;
    let different = one.iter().zip(other).position(|(a, b)| a != b);
    let verdict = match (different, copies) {
        (Some(at), [Some(one), Some(other)]) => {
            let placed = [placed(one, at), placed(other, at)];
            let leaves = placed.each_ref().map(|placed| placed.leaf.clone());
            let [a, b] = placed;
            let signed = |copy: &LogCopy, placed| Signed {
                checkpoint: copy.checkpoint.clone(),
                entry: Some(placed),
            };
            let proof = Box::new(Contradiction {
                format: FORMAT.to_owned(),
                genesis: genesis.to_owned(),
                log: log.clone(),
                signed: [signed(one, a), signed(other, b)],
            });
            Verdict::Different { index: at as u64, leaves, proof }
        }
        _ => match entries {
            [a, b] if a == b => Verdict::Equal,
            [a, b] => Verdict::Behind { which: usize::from(b < a), by: a.abs_diff(b) },
        },
    };
    Compared { log, entries, verdict }
}

/// The entry at this index of a copy, with its inclusion path to the copy's root.
fn placed(copy: &LogCopy, at: usize) -> Placed {
    let mut memory = MemoryTree::default();
    for hash in &copy.hashes {
        memory.push(*hash);
    }
    let path = tree::inclusion(at as u64, memory.size(), &|level, i| memory.get(level, i));
    let leaf = copy.entries.get(at).map(|carried| carried.leaf.clone()).unwrap_or_default();
    Placed { index: at as u64, leaf, path: path.unwrap_or_default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::Carried;
    use crate::channel::tests::{channel, key};
    use crate::checkpoint::Checkpoint;
    use crate::entry::tests::entry;
    use crate::export;
    use crate::hash::Hash;

    fn transcript(kinds: &[&str]) -> Transcript {
        let genesis = String::from_utf8(channel().genesis()).unwrap();
        let mut leaves = vec![genesis.clone()];
        leaves.extend(kinds.iter().map(|k| String::from_utf8(entry(k, &[]).0.leaf()).unwrap()));
        let mut tree = MemoryTree::default();
        let hashes: Vec<Hash> = leaves.iter().map(|leaf| Hash::leaf(leaf.as_bytes())).collect();
        for hash in &hashes {
            tree.push(*hash);
        }
        let log = channel().log_of("a.example");
        let whole = Checkpoint { origin: log.clone(), size: tree.size(), root: tree.root() };
        let carried = |leaf| Carried { leaf, disclosures: vec![] };
        let copy = LogCopy {
            log,
            entries: leaves.into_iter().map(carried).collect(),
            hashes,
            checkpoint: whole.sign(&key(1), true).to_string(),
            receipt: None,
            earlier: vec![],
        };
        Transcript { format: export::FORMAT.into(), genesis, logs: vec![copy] }
    }

    fn of_a(one: &Transcript, other: &Transcript) -> Verdict {
        let log = channel().log_of("a.example");
        let mut compared = compare(one, other).unwrap();
        compared.retain(|one| one.log == log);
        compared.remove(0).verdict
    }

    #[test]
    fn two_copies_are_equal_or_one_is_behind_or_the_first_difference_is_proven() {
        let long = transcript(&["warning", "update", "recall"]);
        assert_eq!(of_a(&long, &long), Verdict::Equal);
        let short = transcript(&["warning"]);
        assert_eq!(of_a(&long, &short), Verdict::Behind { which: 1, by: 2 });
        assert_eq!(of_a(&short, &long), Verdict::Behind { which: 0, by: 2 });
        let other = transcript(&["warning", "question"]);
        let Verdict::Different { index: 2, leaves, proof } = of_a(&long, &other) else {
            panic!("different from entry 2 on")
        };
        assert!(leaves[0].contains("update") && leaves[1].contains("question"));
        assert_eq!(proof.verify(&channel()).unwrap().index, Some(2));
        let bare = Transcript { logs: vec![], ..long.clone() };
        assert_eq!(of_a(&long, &bare), Verdict::Behind { which: 1, by: 4 });
    }

    #[test]
    fn an_altered_copy_is_refused_with_its_place() {
        let good = transcript(&["warning"]);
        let mut altered = good.clone();
        altered.logs[0].entries[1].leaf.push(' ');
        let refused = compare(&good, &altered).unwrap_err();
        assert_eq!(refused.place, "the second: entry 1 of a.example's log");
    }
}
