//! The Merkle tree of RFC 6962 §2.1 over hashes that the caller keeps.
//!
//! The caller keeps the hash of each complete subtree. The subtree `(level, index)` covers the
//! leaves from `index << level` up to, not including, `(index + 1) << level`. [`completed`] gives
//! the hashes of the subtrees that a new leaf completes. Stored together with that leaf, they are
//! all that a tree needs on disk.

use crate::hash::Hash;

/// Looks up the hash of the complete subtree `(level, index)`; `None` when it is not held.
pub type ReadHash<'a> = dyn Fn(u32, u64) -> Option<Hash> + 'a;

/// A hash that should be held is not: the store is damaged, or the size asked for is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the hash of the subtree at level {level}, index {index} is not held")]
pub struct MissingHash {
    /// The height of the subtree: it covers 2^level leaves.
    pub level: u32,
    /// The position of the subtree on its level, from 0.
    pub index: u64,
}

/// Why a proof does not hold. The other side is to blame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadProof {
    /// The index is not in the tree, or the old size is larger than the new one.
    #[error("the proof is for an index or size outside the tree")]
    Outside,
    /// The proof has too few or too many hashes.
    #[error("the proof has the wrong length")]
    Length,
    /// The root that the proof gives is not the one stated.
    #[error("the proof leads to another root")]
    Root,
}

/// The root of the tree without leaves: SHA-256 of nothing.
pub fn empty_root() -> Hash {
    Hash::of(b"")
}

/// The hashes of the subtrees that leaf `index` completes, lowest level first: the leaf hash
/// itself, then its parent, if the leaf is a right child, and so on. `read` must know all subtrees
/// before it.
pub fn completed(index: u64, leaf: Hash, read: &ReadHash) -> Result<Vec<Hash>, MissingHash> {
    let mut hashes = vec![leaf];
    let mut hash = leaf;
    for level in 0..index.trailing_ones() {
        let left = get(read, level, (index >> level) - 1)?;
        hash = Hash::node(left, hash);
        hashes.push(hash);
    }
    Ok(hashes)
}

/// The index of the leaf that completes subtree `(level, index)`.
pub fn completing_leaf(level: u32, index: u64) -> u64 {
    ((index + 1) << level) - 1
}

/// The root of the tree over the first `size` leaves.
pub fn root(size: u64, read: &ReadHash) -> Result<Hash, MissingHash> {
    if size == 0 { Ok(empty_root()) } else { range(0, size, read) }
}

/// The inclusion path of leaf `index` in the tree of `size` leaves, from the leaf's sibling up (RFC
/// 6962 §2.1.1).
pub fn inclusion(index: u64, size: u64, read: &ReadHash) -> Result<Vec<Hash>, MissingHash> {
    let (mut low, mut high) = (0, size);
    let mut path = Vec::new();
    while high - low > 1 {
        let middle = low + split(high - low);
        if index < middle {
            path.push(range(middle, high, read)?);
            high = middle;
        } else {
            path.push(range(low, middle, read)?);
            low = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// The consistency proof from size `old` to size `new`: the first tree is the beginning of the
/// second (RFC 6962 §2.1.2). It is empty when `old` is 0 or not less than `new`.
pub fn consistency(old: u64, new: u64, read: &ReadHash) -> Result<Vec<Hash>, MissingHash> {
    let mut path = Vec::new();
    if old == 0 || old >= new {
        return Ok(path);
    }
    let (mut low, mut high, mut whole) = (0, new, true);
    while high != old {
        let middle = low + split(high - low);
        if old <= middle {
            path.push(range(middle, high, read)?);
            high = middle;
        } else {
            path.push(range(low, middle, read)?);
            low = middle;
            whole = false;
        }
    }
    if !whole {
        path.push(range(low, high, read)?);
    }
    path.reverse();
    Ok(path)
}

/// Checks an inclusion path: `leaf` is the leaf hash at `index` in the tree of `size` leaves that
/// has this root (RFC 9162 §2.1.3.2).
pub fn verify_inclusion(
    index: u64,
    size: u64,
    leaf: Hash,
    path: &[Hash],
    root: Hash,
) -> Result<(), BadProof> {
    if index >= size {
        return Err(BadProof::Outside);
    }
    let (mut node, mut last, mut hash) = (index, size - 1, leaf);
    for step in path {
        if last == 0 {
            return Err(BadProof::Length);
        }
        if node & 1 == 1 || node == last {
            hash = Hash::node(*step, hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = Hash::node(hash, *step);
        }
        node >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(BadProof::Length);
    }
    if hash == root { Ok(()) } else { Err(BadProof::Root) }
}

/// Checks a consistency proof between two trees, each given by its size and root (RFC 9162
/// §2.1.4.2).
pub fn verify_consistency(
    old: (u64, Hash),
    new: (u64, Hash),
    path: &[Hash],
) -> Result<(), BadProof> {
    let ((old_size, old_root), (new_size, new_root)) = (old, new);
    if old_size > new_size {
        return Err(BadProof::Outside);
    }
    if old_size == 0 || old_size == new_size {
        let same = if old_size == 0 { old_root == empty_root() } else { old_root == new_root };
        return if !path.is_empty() {
            Err(BadProof::Length)
        } else if same {
            Ok(())
        } else {
            Err(BadProof::Root)
        };
    }
    let start = if old_size.is_power_of_two() { Some(old_root) } else { None };
    let mut steps = start.into_iter().chain(path.iter().copied());
    let first = steps.next().ok_or(BadProof::Length)?;
    let shift = (old_size - 1).trailing_ones();
    let (mut node, mut last) = ((old_size - 1) >> shift, (new_size - 1) >> shift);
    let (mut from_old, mut from_new) = (first, first);
    for step in steps {
        if last == 0 {
            return Err(BadProof::Length);
        }
        if node & 1 == 1 || node == last {
            from_old = Hash::node(step, from_old);
            from_new = Hash::node(step, from_new);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            from_new = Hash::node(from_new, step);
        }
        node >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(BadProof::Length);
    }
    if from_old == old_root && from_new == new_root { Ok(()) } else { Err(BadProof::Root) }
}

/// The largest power of two below `n`, for `n` > 1.
fn split(n: u64) -> u64 {
    1 << (n - 1).ilog2()
}

/// The hash over the leaves `low..high`, split as RFC 6962 §2.1 does.
fn range(low: u64, high: u64, read: &ReadHash) -> Result<Hash, MissingHash> {
    let width = high - low;
    if width.is_power_of_two() && low.is_multiple_of(width) {
        let level = width.trailing_zeros();
        return get(read, level, low >> level);
    }
    let middle = low + split(width);
    Ok(Hash::node(range(low, middle, read)?, range(middle, high, read)?))
}

fn get(read: &ReadHash, level: u32, index: u64) -> Result<Hash, MissingHash> {
    read(level, index).ok_or(MissingHash { level, index })
}

/// A tree in memory: for tests, and to check what was received or stored.
#[derive(Debug, Default, Clone)]
pub struct MemoryTree {
    levels: Vec<Vec<Hash>>,
}

impl MemoryTree {
    /// Adds a leaf, given by its leaf hash.
    pub fn push(&mut self, leaf: Hash) {
        let index = self.size();
        let done = completed(index, leaf, &|level, index| self.get(level, index));
        for (level, hash) in done.unwrap_or_default().into_iter().enumerate() {
            if self.levels.len() <= level {
                self.levels.push(Vec::new());
            }
            if let Some(row) = self.levels.get_mut(level) {
                row.push(hash);
            }
        }
    }

    /// The number of leaves.
    pub fn size(&self) -> u64 {
        self.levels.first().map_or(0, |row| row.len() as u64)
    }

    /// The hash of the complete subtree `(level, index)`; `None` when it is not complete.
    pub fn get(&self, level: u32, index: u64) -> Option<Hash> {
        let row = self.levels.get(usize::try_from(level).ok()?)?;
        row.get(usize::try_from(index).ok()?).copied()
    }

    /// The root over all leaves.
    pub fn root(&self) -> Hash {
        root(self.size(), &|level, index| self.get(level, index)).unwrap_or_else(|_| empty_root())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// RFC 6962 §2.1 word for word, to test the fast implementation against.
    fn naive_root(leaves: &[Vec<u8>]) -> Hash {
        match leaves {
            [] => Hash::of(b""),
            [one] => Hash::leaf(one),
            many => {
                let k = (1..many.len()).rev().find(|k| k.is_power_of_two()).unwrap();
                Hash::node(naive_root(&many[..k]), naive_root(&many[k..]))
            }
        }
    }

    fn tree(leaves: &[Vec<u8>]) -> MemoryTree {
        let mut tree = MemoryTree::default();
        for leaf in leaves {
            tree.push(Hash::leaf(leaf));
        }
        tree
    }

    /// The leaves and roots that the Certificate Transparency projects use as test vectors.
    #[test]
    fn the_common_test_vectors_hold() {
        let leaves: Vec<Vec<u8>> = [
            &[][..],
            &[0x00],
            &[0x10],
            &[0x20, 0x21],
            &[0x30, 0x31],
            &[0x40, 0x41, 0x42, 0x43],
            &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
            &[
                0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d,
                0x6e, 0x6f,
            ],
        ]
        .iter()
        .map(|l| l.to_vec())
        .collect();
        let roots = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        for (n, root) in roots.iter().enumerate() {
            assert_eq!(tree(&leaves[..=n]).root().to_string(), *root);
        }
        assert_eq!(empty_root(), MemoryTree::default().root());
    }

    proptest! {
        #[test]
        fn roots_and_proofs_agree_with_the_definition(
            leaves in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..4), 1..70),
            pick in any::<prop::sample::Index>(), old in any::<prop::sample::Index>(),
            bit in 0usize..256, which in any::<prop::sample::Index>(),
        ) {
            let tree = tree(&leaves);
            let read = |level, index| tree.get(level, index);
            let size = leaves.len() as u64;
            prop_assert_eq!(tree.root(), naive_root(&leaves));
            let index = pick.index(leaves.len());
            let leaf = Hash::leaf(&leaves[index]);
            let mut path = inclusion(index as u64, size, &read).unwrap();
            prop_assert_eq!(verify_inclusion(index as u64, size, leaf, &path, tree.root()), Ok(()));

            let old = old.index(leaves.len()) as u64 + 1;
            let old_root = root(old, &read).unwrap();
            prop_assert_eq!(old_root, naive_root(&leaves[..usize::try_from(old).unwrap()]));
            let proof = consistency(old, size, &read).unwrap();
            prop_assert_eq!(verify_consistency((old, old_root), (size, tree.root()), &proof), Ok(()));

            if !path.is_empty() {
                let which = which.index(path.len());
                path[which].0[bit / 8] ^= 1 << (bit % 8);
                prop_assert!(verify_inclusion(index as u64, size, leaf, &path, tree.root()).is_err());
            }
            if !proof.is_empty() {
                let mut altered = proof.clone();
                let which = which.index(altered.len());
                altered[which].0[bit / 8] ^= 1 << (bit % 8);
                prop_assert!(verify_consistency((old, old_root), (size, tree.root()), &altered).is_err());
            }
        }
    }
}
