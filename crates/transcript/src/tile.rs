//! Tiles (c2sp.org/tlog-tiles): the hashes and entries of a log under paths that other tools know.

use crate::hash::Hash;
use crate::tree::ReadHash;

/// The number of hashes or entries in a full tile.
pub const FULL: u64 = 256;
/// The number of tree levels that a tile spans: 2^8 is [`FULL`].
const HEIGHT: u32 = 8;
/// The highest level of a tile: no log has 256^8 entries.
const MAX_LEVEL: u8 = 7;

/// What a tile holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TileKind {
    /// Hashes of complete subtrees of 256^level entries each.
    Hashes {
        /// The level of the tile, from 0, which has the leaf hashes.
        level: u8,
    },
    /// The entries themselves: what C2SP calls an entry bundle.
    Entries,
}

/// The address of one tile: what its path says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tile {
    /// Whether it holds hashes or entries.
    pub kind: TileKind,
    /// The position among the tiles of its kind and level, from 0.
    pub index: u64,
    /// The number of hashes or entries: [`FULL`], or fewer for a partial tile.
    pub width: u64,
}

impl Tile {
    /// Reads the part of a path that follows `tile/`, such as `0/x001/234` or `entries/000.p/7`.
    /// `None` unless it is in the one form that [`Tile::path`] writes.
    pub fn parse(path: &str) -> Option<Tile> {
        let (kind, rest) = path.split_once('/')?;
        let kind = match kind {
            "entries" => TileKind::Entries,
            level => TileKind::Hashes { level: level.parse().ok().filter(|l| *l <= MAX_LEVEL)? },
        };
        let (places, width) = match rest.split_once(".p/") {
            Some((places, width)) => {
                (places, width.parse().ok().filter(|w| (1..FULL).contains(w))?)
            }
            None => (rest, FULL),
        };
        let index = places.split('/').try_fold(0u64, |index, part| {
            let digits = part.strip_prefix('x').unwrap_or(part);
            let plain = digits.len() == 3 && digits.bytes().all(|b| b.is_ascii_digit());
            let number: u64 = digits.parse().ok().filter(|_| plain)?;
            index.checked_mul(1_000)?.checked_add(number)
        })?;
        let tile = Tile { kind, index, width };
        (tile.path() == path).then_some(tile)
    }

    /// The path of the tile, as it follows `tile/`.
    pub fn path(&self) -> String {
        let kind = match self.kind {
            TileKind::Hashes { level } => level.to_string(),
            TileKind::Entries => "entries".to_owned(),
        };
        let mut places = format!("{:03}", self.index % 1_000);
        let mut rest = self.index / 1_000;
        while rest > 0 {
            places = format!("x{:03}/{places}", rest % 1_000);
            rest /= 1_000;
        }
        let part = if self.width < FULL { format!(".p/{}", self.width) } else { String::new() };
        format!("{kind}/{places}{part}")
    }

    /// The range of entries that the tile covers, as first index and end; `None` when the end is
    /// beyond 2^64.
    pub fn span(&self) -> Option<(u64, u64)> {
        let level = match self.kind {
            TileKind::Hashes { level } => u32::from(level),
            TileKind::Entries => 0,
        };
        let each = 1u64.checked_shl(HEIGHT * level)?;
        let first = self.index.checked_mul(FULL)?;
        Some((first.checked_mul(each)?, first.checked_add(self.width)?.checked_mul(each)?))
    }

    /// The hashes of the tile, which `read` gets from the log; `None` for a tile of entries, or
    /// when a hash is not held.
    pub fn hashes(&self, read: &ReadHash) -> Option<Vec<Hash>> {
        let TileKind::Hashes { level } = self.kind else { return None };
        let first = self.index.checked_mul(FULL)?;
        (first..first + self.width).map(|at| read(HEIGHT * u32::from(level), at)).collect()
    }
}

/// The content of an entry bundle: each leaf after its length in two bytes, big-endian. `None` when
/// a leaf is longer than 65,535 bytes.
pub fn bundle<'a>(leaves: impl Iterator<Item = &'a str>) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    for leaf in leaves {
        out.extend(u16::try_from(leaf.len()).ok()?.to_be_bytes());
        out.extend(leaf.as_bytes());
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_have_one_form_and_read_back() {
        for (path, index, width) in [
            ("0/000", 0, 256),
            ("0/x001/x234/067", 1_234_067, 256),
            ("1/999.p/7", 999, 7),
            ("entries/x001/000.p/255", 1_000, 255),
        ] {
            let tile = Tile::parse(path).unwrap();
            assert_eq!((tile.index, tile.width, tile.path().as_str()), (index, width, path));
        }
        for path in [
            "0",
            "0/0",
            "0/00",
            "0/x000/001",
            "0/001/002",
            "8/000",
            "00/000",
            "0/000.p/0",
            "0/000.p/256",
            "0/000.p/07",
            "entries/",
            "x/000",
            "0/-01",
            "0/+01",
            "0/000/",
            "0/x999/x999/x999/x999/x999/x999/x999/999",
        ] {
            assert_eq!(Tile::parse(path), None, "{path}");
        }
    }

    #[test]
    fn a_bundle_has_the_lengths_before_the_entries() {
        assert_eq!(bundle(["ab", "c"].into_iter()).unwrap(), b"\0\x02ab\0\x01c");
    }
}
