use super::*;
use crate::channel::tests::{channel, key};
use crate::checkpoint::{self, Checkpoint};
use crate::disclosure::Disclosure;
use crate::entry::digests_of;
use crate::entry::tests::entry;
use crate::key::SecretKey;
use crate::tree::MemoryTree;

/// A log being written. Each of its entries can be proven.
struct Log {
    name: String,
    leaves: Vec<(String, Vec<Disclosure>)>,
    tree: MemoryTree,
}

impl Log {
    fn new(channel: &Channel, writer: &str) -> Log {
        let name = channel.log_of(writer);
        let mut log = Log { name, leaves: Vec::new(), tree: MemoryTree::default() };
        log.push(String::from_utf8(channel.genesis()).unwrap(), Vec::new());
        log
    }

    fn push(&mut self, leaf: String, disclosures: Vec<Disclosure>) -> Reference {
        let hash = Hash::leaf(leaf.as_bytes());
        let index = self.tree.size();
        self.tree.push(hash);
        self.leaves.push((leaf, disclosures));
        Reference { log: self.name.clone(), index, hash }
    }

    fn say(
        &mut self,
        kind: &str,
        fields: &[(&str, &str)],
        answers: Option<Reference>,
    ) -> Reference {
        let (mut entry, disclosures) = entry(kind, fields);
        entry.answers = answers;
        entry.digests = digests_of(&disclosures);
        self.push(String::from_utf8(entry.leaf()).unwrap(), disclosures)
    }

    /// The cosigned checkpoint over the whole log.
    fn receipt(&self, writer: &SecretKey, reader: (&str, &SecretKey)) -> String {
        let (origin, size, root) = (self.name.clone(), self.tree.size(), self.tree.root());
        let whole = Checkpoint { origin, size, root };
        let note = whole.sign(writer, true);
        checkpoint::cosign((&note, &whole), reader, 1_513_330_200, true).to_string()
    }

    fn prove(&self, index: u64, size: u64, checkpoint: usize) -> ProvenEntry {
        let path = tree::inclusion(index, size, &|l, i| self.tree.get(l, i)).unwrap();
        let (leaf, disclosures) = self.leaves[usize::try_from(index).unwrap()].clone();
        ProvenEntry { checkpoint, index, path, carried: Carried { leaf, disclosures } }
    }
}

fn evidence() -> Evidence {
    let channel = channel();
    let mut log = Log::new(&channel, "a.example");
    log.say("warning", &[("title", "x"), ("source", "HERON")], None);
    log.say("update", &[], None);
    let mut proven = log.prove(1, 3, 0);
    proven.carried.disclosures.pop();
    let genesis = String::from_utf8(channel.genesis()).unwrap();
    let checkpoints = vec![log.receipt(&key(1), ("b.example", &key(2)))];
    Evidence { format: FORMAT.into(), genesis, checkpoints, entries: vec![proven], stamps: vec![] }
}

#[test]
fn what_is_shown_is_proven_and_what_is_withheld_is_counted() {
    let read = Evidence::parse(&evidence().bytes()).unwrap();
    let account = read.verify(&[key(1).keys()]).unwrap();
    let entry = &account.entries[0];
    assert_eq!((entry.writer.as_str(), entry.reader.as_str()), ("a.example", "b.example"));
    assert_eq!((entry.shown.len(), entry.withheld, entry.index), (1, 1, 1));
    assert_eq!(account.parties.iter().filter(|p| p.pinned).count(), 1);
    assert!(!String::from_utf8(evidence().bytes()).unwrap().contains("HERON"));
}

#[test]
fn each_flipped_bit_of_the_file_is_detected() {
    let good = evidence().bytes();
    let start = good.windows(8).position(|bytes| bytes == b"\"format\"").unwrap();
    for at in 0..good.len() {
        // A second signature is slow to check: one bit of each byte before `format`, all eight
        // after.
        for bit in if at < start { 5..6 } else { 0..8 } {
            let mut altered = good.clone();
            altered[at] ^= 1 << bit;
            let read = Evidence::parse(&altered).and_then(|e| e.verify(&[]));
            assert!(read.is_err(), "bit {bit} of byte {at}: {:?}", altered.get(at));
        }
    }
}

#[test]
fn a_key_of_neither_party_is_refused() {
    let refused = evidence().verify(&[key(9).keys()]).unwrap_err();
    assert_eq!(refused.place, "the keys");
    // The right Ed25519 key with another ML-DSA-44 key is another pair of keys.
    let mixed = Keys { mldsa44: key(9).keys().mldsa44, ..key(1).keys() };
    assert_eq!(evidence().verify(&[mixed]).unwrap_err().place, "the keys");
}

#[test]
fn a_line_of_a_stranger_on_a_checkpoint_is_refused() {
    let mut more = evidence();
    let note = Note::parse(&more.checkpoints[0]).unwrap();
    let line = key(9).sign_note("c.example", note.text());
    more.checkpoints[0] = note.with(line).to_string();
    assert_eq!(more.verify(&[]).unwrap_err().why, "it has signature lines of neither party");
}

#[test]
fn a_checkpoint_that_proves_nothing_is_refused() {
    let mut more = evidence();
    let log = Log::new(&channel(), "b.example");
    more.checkpoints.push(log.receipt(&key(2), ("a.example", &key(1))));
    assert_eq!(more.verify(&[]).unwrap_err().place, "checkpoint 2 in the file");
}

/// Evidence whose first checkpoint is signed by a later key. The file also holds the entries that
/// prove this key: its announcement under the old key, and an answer of the other party.
fn with_new_key(confirmed: bool) -> Evidence {
    let channel = channel();
    let keys = key(3).keys();
    let second = keys.mldsa44.as_ref().unwrap().to_string();
    let fields = [("key", keys.ed25519.to_string()), ("mldsa44", second)];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let mut ours = Log::new(&channel, "a.example");
    let mut theirs = Log::new(&channel, "b.example");
    let place = ours.say(succession::CHANGE, &fields, None);
    let by_old = ours.receipt(&key(1), ("b.example", &key(2)));
    let change = ours.prove(1, 2, 0);
    let kind = if confirmed { succession::CONFIRMED } else { "refusal" };
    theirs.say(kind, &[], Some(place));
    let answer = theirs.receipt(&key(2), ("a.example", &key(1)));
    ours.say("warning", &[("title", "x")], None);
    let by_new = ours.receipt(&key(3), ("b.example", &key(2)));
    Evidence {
        format: FORMAT.into(),
        genesis: String::from_utf8(channel.genesis()).unwrap(),
        checkpoints: vec![by_new, by_old, answer],
        entries: vec![
            ours.prove(2, 3, 0),
            ProvenEntry { checkpoint: 1, ..change },
            theirs.prove(1, 2, 2),
        ],
        stamps: Vec::new(),
    }
}

#[test]
fn a_later_key_counts_when_it_was_announced_and_confirmed() {
    let account = with_new_key(true).verify(&[]).unwrap();
    let party = account.parties.iter().find(|party| party.name == "a.example").unwrap();
    assert_eq!(party.keys.len(), 2);
    let refused = with_new_key(false).verify(&[]).unwrap_err();
    assert_eq!(refused.place, "checkpoint 1 of 3 in the file");
    let mut less = with_new_key(true);
    less.entries[1].carried.disclosures.clear();
    assert!(less.verify(&[]).is_err());
}

#[test]
fn a_proof_of_one_entry_is_written_for_other_tools() {
    let proof = evidence().proof(0).unwrap();
    let (head, note) = proof.split_once("\n\n").unwrap();
    assert!(head.starts_with("c2sp.org/tlog-proof@v1\nindex 1\n"));
    assert_eq!(note, evidence().checkpoints[0]);
    assert_eq!(evidence().proof(1), None);
}

/// A stranger could once write a log that "announces" the key of somebody else, which was then
/// shown as a key that the verifier had pinned.
#[test]
fn a_key_that_has_signed_nothing_here_belongs_to_nobody() {
    let channel = channel();
    let victim = key(7).keys();
    let second = victim.mldsa44.as_ref().unwrap().to_string();
    let ed25519 = victim.ed25519.to_string();
    let new = key(3).keys();
    let (new_second, new_first) = (new.mldsa44.unwrap().to_string(), new.ed25519.to_string());
    let mut ours = Log::new(&channel, "a.example");
    let mut theirs = Log::new(&channel, "b.example");
    let claimed = [("key", ed25519.as_str()), ("mldsa44", second.as_str())];
    let one = ours.say(succession::CHANGE, &claimed, None);
    let other = [("key", new_first.as_str()), ("mldsa44", new_second.as_str())];
    let two = ours.say(succession::CHANGE, &other, None);
    theirs.say(succession::CONFIRMED, &[], Some(one));
    theirs.say(succession::CONFIRMED, &[], Some(two));
    let by_old = ours.receipt(&key(1), ("b.example", &key(2)));
    let changes = [ours.prove(1, 3, 1), ours.prove(2, 3, 1)];
    let answer = theirs.receipt(&key(2), ("a.example", &key(1)));
    ours.say("warning", &[("title", "forged")], None);
    let by_new = ours.receipt(&key(3), ("b.example", &key(2)));
    let mut entries = vec![ours.prove(3, 4, 0)];
    entries.extend(changes);
    entries.extend([theirs.prove(1, 3, 2), theirs.prove(2, 3, 2)]);
    let genesis = String::from_utf8(channel.genesis()).unwrap();
    let checkpoints = vec![by_new, by_old, answer];
    let forged = Evidence { format: FORMAT.into(), genesis, checkpoints, entries, stamps: vec![] };
    let account = forged.verify(&[key(3).keys()]).unwrap();
    assert_eq!(account.parties.iter().map(|party| party.keys.len()).sum::<usize>(), 3);
    assert_eq!(forged.verify(&[victim]).unwrap_err().place, "the keys");
}
