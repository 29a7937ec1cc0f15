use super::*;
use forewarn_transcript::SecretKey;
use forewarn_transcript::tree::{self, MemoryTree as Tree};
use std::path::Path;

const LOG: &str = "a.example/forewarn/x";
const THEIRS: &str = "b.example/forewarn/x";

fn open(path: &Path) -> Signer {
    let keys = vec![SecretKey::from_seed(&[1; 32])];
    Signer::here(Keyring::open("a.example", keys, path).unwrap())
}

fn by() -> By {
    By { key: SecretKey::from_seed(&[1; 32]).public(), both: true }
}

/// A log of `size` entries; another `fork` has other entries.
fn tree(size: u64, fork: &str) -> Tree {
    let mut tree = Tree::default();
    for n in 0..size {
        tree.push(Hash::leaf(format!("{fork}{n}").as_bytes()));
    }
    tree
}

fn at(origin: &str, tree: &Tree, size: u64) -> Checkpoint {
    let root = tree::root(size, &|level, index| tree.get(level, index)).unwrap();
    Checkpoint { origin: origin.into(), size, root }
}

fn proof(tree: &Tree) -> impl Fn(u64, u64) -> Option<Vec<Hash>> {
    |old, new| {
        let held = new <= tree.size();
        held.then(|| tree::consistency(old, new, &|l, i| tree.get(l, i)).unwrap())
    }
}

#[test]
fn the_signer_never_goes_back_not_even_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("signed.log");
    let whole = tree(9, "");
    let sign = |signer: &Signer, tree: &Tree, size| {
        signer.sign_checkpoint(&at(LOG, tree, size), &by(), &proof(tree))
    };
    let signer = open(&path);
    sign(&signer, &whole, 3).unwrap();
    sign(&signer, &whole, 5).unwrap();
    drop(signer);
    let signer = open(&path);
    assert_eq!(sign(&signer, &whole, 5).unwrap(), sign(&signer, &tree(7, ""), 5).unwrap());
    let forked = tree(9, "fork");
    assert!(matches!(sign(&signer, &forked, 5), Err(NotSigned::OtherRoot { .. })));
    assert!(matches!(sign(&signer, &forked, 6), Err(NotSigned::OtherRoot { .. })));
    let restored = sign(&signer, &tree(4, ""), 4);
    assert!(matches!(restored, Err(NotSigned::Back { signed: 5, asked: 4, .. })));
    assert_eq!(signer.last(LOG), Some((5, at(LOG, &whole, 5).root)));
}

/// A whole log that was exported once kept the smaller batches after it from being signed.
#[test]
fn a_part_of_what_was_signed_may_be_signed_while_all_of_it_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let signer = open(&folder.path().join("signed.log"));
    let whole = tree(9, "");
    for size in [9, 4] {
        signer.sign_checkpoint(&at(LOG, &whole, size), &by(), &proof(&whole)).unwrap();
    }
    assert_eq!(signer.last(LOG).unwrap().0, 9);
}

/// With an older database, a partner could once have two different logs of the same size
/// cosigned. Less than was signed is cosigned only when all that was signed is held.
#[test]
fn a_reader_that_lost_what_it_cosigned_cosigns_nothing_until_it_holds_it_again() {
    let folder = tempfile::tempdir().unwrap();
    let signer = open(&folder.path().join("signed.log"));
    let sign = |tree: &Tree, size: u64| {
        let checkpoint = at(THEIRS, tree, size);
        let note = checkpoint.sign(&SecretKey::from_seed(&[2; 32]), true);
        signer.cosign((&note, &checkpoint), &by(), 7, &proof(tree))
    };
    sign(&tree(9, ""), 9).unwrap();
    assert!(matches!(sign(&tree(4, ""), 4), Err(NotSigned::Back { signed: 9, .. })));
    assert!(matches!(sign(&tree(12, "fork"), 9), Err(NotSigned::OtherRoot { .. })));
    assert!(matches!(sign(&tree(12, "fork"), 12), Err(NotSigned::OtherRoot { .. })));
    sign(&tree(12, ""), 12).unwrap();
}

/// The node may be taken over; its signer must not sign what was not asked in its form.
#[test]
fn the_signer_judges_by_itself_what_it_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let keys = vec![SecretKey::from_seed(&[1; 32])];
    let mut ring = Keyring::open("a.example", keys, &folder.path().join("signed.log")).unwrap();
    let whole = tree(5, "");
    let statement = |size, from, proof: Vec<Hash>| Statement {
        role: Role::Writer,
        note: at(LOG, &whole, size).text(),
        by: by().key,
        both: false,
        time: 0,
        from,
        proof,
    };
    let mut one = |statement| ring.log(&[statement]).pop().unwrap().map(|_| ());
    let other = Statement { role: Role::Reader, ..statement(3, None, vec![]) };
    assert!(matches!(one(other), Err(Refused::Form(_))));
    let foreign = Statement { note: at(THEIRS, &whole, 3).text(), ..statement(3, None, vec![]) };
    assert!(matches!(one(foreign), Err(Refused::Form(_))));
    let no_key =
        Statement { by: SecretKey::from_seed(&[9; 32]).public(), ..statement(3, None, vec![]) };
    assert_eq!(one(no_key), Err(Refused::NoKey));
    assert_eq!(one(statement(3, None, vec![])), Ok(()));
    assert!(matches!(one(statement(5, None, vec![])), Err(Refused::Since { size: 3, .. })));
    assert_eq!(one(statement(5, Some(3), vec![])), Err(Refused::OtherRoot { size: 3 }));
    let good = tree::consistency(3, 5, &|l, i| whole.get(l, i)).unwrap();
    assert_eq!(one(statement(5, Some(3), good)), Ok(()));
    let text = at(LOG, &tree(7, "fork"), 7).text();
    assert_eq!(ring.access(&by().key, &text), Err(Refused::NotAccess));
    assert!(ring.access(&by().key, "\"@method\": GET\n").is_ok());
}

/// Statements that wait together share one fsync, and still none goes back.
#[test]
fn statements_that_come_together_are_judged_in_their_order() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("signed.log");
    let keys = vec![SecretKey::from_seed(&[1; 32])];
    let mut ring = Keyring::open("a.example", keys, &path).unwrap();
    let statement = |tree: &Tree, size, from: Option<u64>| Statement {
        role: Role::Writer,
        note: at(LOG, tree, size).text(),
        by: by().key,
        both: false,
        time: 0,
        from,
        proof: from.map_or(Vec::new(), |from| {
            tree::consistency(from, size, &|l, i| tree.get(l, i)).unwrap()
        }),
    };
    let (whole, fork) = (tree(9, ""), tree(9, "fork"));
    let asked = [
        statement(&whole, 3, None),
        statement(&fork, 5, Some(3)),
        statement(&whole, 5, Some(3)),
        statement(&fork, 5, Some(5)),
    ];
    let signed: Vec<bool> = ring.log(&asked).iter().map(Result::is_ok).collect();
    assert_eq!(signed, [true, false, true, false]);
    assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 1 + 2);
}

/// A folder that was copied, written to once more and restored had forgotten what it had signed, and
/// signed another log of the same size.
#[test]
fn what_was_forgotten_is_learnt_again_from_a_checkpoint_with_our_own_signature() {
    let folder = tempfile::tempdir().unwrap();
    let (whole, fork) = (tree(9, ""), tree(9, "fork"));
    let sign = |signer: &Signer, tree: &Tree, size| {
        signer.sign_checkpoint(&at(LOG, tree, size), &by(), &proof(tree))
    };
    let before = open(&folder.path().join("before.log"));
    let ours = sign(&before, &whole, 6).unwrap();
    let written = at(THEIRS, &whole, 4);
    let theirs = written.sign(&SecretKey::from_seed(&[2; 32]), true);
    let receipt = before.cosign((&theirs, &written), &by(), 7, &proof(&whole)).unwrap();

    let restored = open(&folder.path().join("restored.log"));
    sign(&restored, &whole, 5).unwrap();
    let forged = at(LOG, &fork, 6).sign(&SecretKey::from_seed(&[9; 32]), true);
    for note in [&forged, &theirs] {
        let refused = restored.learn(note);
        assert!(matches!(refused, Err(NotSigned::Refused(Refused::NotOurs))), "{refused:?}");
    }
    assert_eq!(restored.learn(&ours).unwrap().0, 6);
    assert_eq!(restored.learn(&receipt).unwrap().0, 4);
    drop(restored);
    let restored = open(&folder.path().join("restored.log"));
    assert!(matches!(sign(&restored, &fork, 6), Err(NotSigned::OtherRoot { .. })));
    assert!(matches!(sign(&restored, &tree(5, ""), 5), Err(NotSigned::Back { signed: 6, .. })));
    assert_eq!(restored.last(THEIRS).unwrap().0, 4);
    let other = at(LOG, &fork, 6).sign(&SecretKey::from_seed(&[1; 32]), true);
    assert!(matches!(restored.learn(&other), Err(NotSigned::OtherRoot { size: 6, .. })));
}
