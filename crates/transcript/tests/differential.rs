//! Our trees, notes and disclosures, compared with those of other libraries.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first failure"
)]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use forewarn_transcript::tree::{self, MemoryTree, verify_consistency, verify_inclusion};
use forewarn_transcript::{Checkpoint, Disclosure, Hash, Note, SecretKey};
use ml_dsa::MlDsa44;
use ml_dsa::signature::{Keypair as _, Signer as _};
use proptest::prelude::*;
use sd_jwt_payload::{Hasher as _, Sha256Hasher};
use serde_json::Value;
use sha2_for_ct_merkle::Sha256;
use signed_note::{StandardVerifier, VerifierList};

/// The entries of a log, which may be any bytes.
fn leaves() -> impl Strategy<Value = Vec<Vec<u8>>> {
    proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..9), 1..300)
}

fn ours(leaves: &[Vec<u8>]) -> MemoryTree {
    let mut tree = MemoryTree::default();
    for leaf in leaves {
        tree.push(Hash::leaf(leaf));
    }
    tree
}

fn theirs(leaves: &[Vec<u8>]) -> MemoryBackedTree<Sha256, Vec<u8>> {
    let mut tree = MemoryBackedTree::new();
    for leaf in leaves {
        tree.push(leaf.clone());
    }
    tree
}

fn hashes(bytes: &[u8]) -> Vec<Hash> {
    bytes.chunks(32).map(|chunk| Hash::from_slice(chunk).unwrap()).collect()
}

/// The hashes of a `tlog_tiles` tree, in its storage order.
struct Stored(Vec<tlog_tiles::Hash>);

impl tlog_tiles::HashReader for Stored {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog_tiles::Hash>, tlog_tiles::Error> {
        Ok(indexes.iter().map(|at| self.0[usize::try_from(*at).unwrap()]).collect())
    }
}

proptest! {
    #[test]
    fn roots_and_proofs_are_those_of_ct_merkle(
        leaves in leaves(), pick in any::<prop::sample::Index>(), cut in any::<prop::sample::Index>(),
    ) {
        let (a, b) = (ours(&leaves), theirs(&leaves));
        let read = |level, index| a.get(level, index);
        let size = leaves.len() as u64;
        let root = b.root();
        prop_assert_eq!(&a.root().0[..], &root.as_bytes()[..]);
        let at = pick.index(leaves.len());
        let path = tree::inclusion(at as u64, size, &read).unwrap();
        let other = hashes(b.prove_inclusion(at).as_bytes());
        prop_assert_eq!(&path, &other);
        let leaf = Hash::leaf(&leaves[at]);
        prop_assert_eq!(verify_inclusion(at as u64, size, leaf, &other, a.root()), Ok(()));
        let old = cut.index(leaves.len()) + 1;
        if old < leaves.len() {
            let proof = tree::consistency(old as u64, size, &read).unwrap();
            let other = hashes(b.prove_consistency(leaves.len() - old).as_bytes());
            let before = (old as u64, tree::root(old as u64, &read).unwrap());
            prop_assert_eq!(verify_consistency(before, (size, a.root()), &proof), Ok(()));
            prop_assert_eq!(proof, other);
        }
    }

    #[test]
    fn roots_and_paths_are_those_of_tlog_tiles(
        leaves in leaves(), pick in any::<prop::sample::Index>(),
    ) {
        let tree = ours(&leaves);
        let mut stored = Stored(Vec::new());
        for (n, leaf) in leaves.iter().enumerate() {
            let new = tlog_tiles::stored_hashes(n as u64, leaf, &stored).unwrap();
            stored.0.extend(new);
        }
        let size = leaves.len() as u64;
        prop_assert_eq!(tree.root().0, tlog_tiles::tree_hash(size, &stored).unwrap().0);
        let at = pick.index(leaves.len()) as u64;
        let proof = tlog_tiles::prove_record(size, at, &stored).unwrap();
        let path = tree::inclusion(at, size, &|level, index| tree.get(level, index)).unwrap();
        let proof: Vec<Hash> = proof.iter().map(|hash| Hash(hash.0)).collect();
        prop_assert_eq!(path, proof);
    }

    #[test]
    fn checkpoints_are_notes_to_signed_note_and_tlog_tiles(
        seed in any::<[u8; 32]>(), size in 0u64..1 << 50, root in any::<[u8; 32]>(), both in any::<bool>(),
    ) {
        let key = SecretKey::from_seed(&seed);
        let origin = "a.example/forewarn/x".to_owned();
        let checkpoint = Checkpoint { origin: origin.clone(), size, root: Hash(root) };
        let text = checkpoint.sign(&key, both).to_string();
        let note = signed_note::Note::from_bytes(text.as_bytes()).unwrap();
        let public = ed25519_dalek::VerifyingKey::from_bytes(&key.public().bytes()).unwrap();
        let vkey = signed_note::new_ed25519_verifier_key(&origin, &public);
        let known = VerifierList::new(vec![Box::new(StandardVerifier::new(&vkey).unwrap())]);
        let (verified, unknown) = note.verify(&known).unwrap();
        prop_assert_eq!((verified.len(), unknown.len()), (1, usize::from(both)));
        let read = tlog_tiles::Checkpoint::from_bytes(note.text()).unwrap();
        prop_assert_eq!((read.origin(), read.size(), read.hash().0), (origin.as_str(), size, root));
        prop_assert_eq!(Note::parse(&text).unwrap().to_string(), text);
    }

    /// From the seed on disk to the line on a note.
    #[test]
    fn second_keys_and_signatures_are_those_of_ml_dsa(
        seed in any::<[u8; 32]>(), size in 0u64..1 << 50, root in any::<[u8; 32]>(),
    ) {
        let key = SecretKey::from_seed(&seed);
        let public = key.keys().mldsa44.unwrap();
        let second = Hash::of(&[&b"forewarn ML-DSA-44 seed v1\n"[..], &seed].concat());
        let other = ml_dsa::SigningKey::<MlDsa44>::from_seed(&second.0.into());
        prop_assert_eq!(public.bytes(), &other.verifying_key().encode()[..]);
        let origin = "a.example/forewarn/x";
        let checkpoint = Checkpoint { origin: origin.into(), size, root: Hash(root) };
        let text = checkpoint.sign(&key, true).to_string();
        let (_, line) = text.trim_end().rsplit_once(' ').unwrap();
        let line = STANDARD.decode(line).unwrap();
        let name = [&[20], origin.as_bytes()].concat();
        let message = [
            b"subtree/v1\n\0", &name[..], &[0; 8], &name[..], &[0; 8], &size.to_be_bytes(), &root,
        ]
        .concat();
        // Behind the key's id and a time of 0.
        prop_assert_eq!(&line[12..], &other.sign(&message).encode()[..]);
        prop_assert!(public.verifies(&message, &line[12..]));
    }

    #[test]
    fn disclosures_are_those_of_sd_jwt_payload(
        salt in any::<[u8; 16]>(), name in "[a-z_]{1,12}", value in "\\PC{0,40}",
    ) {
        let ours = Disclosure::new(salt, &name, &Value::from(value.clone()));
        let text = serde_json::to_value(&ours).unwrap().as_str().unwrap().to_owned();
        let theirs = sd_jwt_payload::Disclosure::parse(text.clone()).unwrap();
        prop_assert_eq!(theirs.claim_name.as_deref(), Some(name.as_str()));
        prop_assert_eq!(&theirs.claim_value, &Value::from(value));
        prop_assert_eq!(Sha256Hasher::new().encoded_digest(&text), ours.digest());
    }
}
