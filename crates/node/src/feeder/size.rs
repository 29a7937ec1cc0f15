//! How many objects are asked for or sent at a time: half after the server has refused so many
//! (413), and slowly more again.

/// A size grows by this part of itself.
const PART: u32 = 16;

/// Half of a size; `None` when one object is too much.
pub(super) fn halved(size: u32) -> Option<u32> {
    (size > 1).then_some(size / 2)
}

/// A size one step further; `None` is the full one.
pub(super) fn grown(size: Option<u32>, full: u32) -> Option<u32> {
    let size = {
        let size = size?;
        size.saturating_add((size / PART).max(1))
    };
    (size < full).then_some(size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_shrinks_fast_and_grows_slowly() {
        assert_eq!(halved(1_000), Some(500));
        assert_eq!(halved(1), None);
        assert_eq!(grown(Some(500), 1_000), Some(531));
        assert_eq!(grown(Some(8), 1_000), Some(9));
        assert_eq!(grown(Some(999), 1_000), None);
        assert_eq!(grown(None, 1_000), None);
        let mut size = Some(1);
        let steps = std::iter::from_fn(|| {
            size = grown(size, 100);
            size
        });
        assert!((16..100).contains(&steps.count()));
    }
}
