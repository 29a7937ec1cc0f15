//! The first index at which two holders of a log differ, by halving.

/// The search: ask the other side for its root at [`Search::ask`], tell the answer with
/// [`Search::tell`], until there is nothing more to ask. At most ⌈log2(n)⌉ + 1 questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Search {
    /// Roots at this size are known to be equal.
    equal: u64,
    /// Roots at this size are known to differ; `None` before the first answer.
    differ: Option<u64>,
    common: u64,
}

/// What the search found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstDifference {
    /// Every entry up to the shorter side's size is the same.
    Same {
        /// How many.
        entries: u64,
    },
    /// The first entry that is not the same on both sides.
    Differs {
        /// Its index.
        index: u64,
    },
}

impl Search {
    /// `common` is the smaller of the two sizes.
    pub fn new(common: u64) -> Search {
        Search { equal: 0, differ: None, common }
    }

    /// The size to compare roots at next; `None` when the search is over.
    pub fn ask(&self) -> Option<u64> {
        match self.differ {
            None if self.equal == self.common => None,
            None => Some(self.common),
            Some(differ) if differ - self.equal > 1 => Some(self.equal + (differ - self.equal) / 2),
            Some(_) => None,
        }
    }

    /// The answer for what [`Search::ask`] gave.
    pub fn tell(&mut self, same: bool) {
        if let Some(size) = self.ask() {
            if same { self.equal = size } else { self.differ = Some(size) }
        }
    }

    /// The end of it; meaningful when there is nothing more to ask.
    pub fn found(&self) -> FirstDifference {
        match self.differ {
            None => FirstDifference::Same { entries: self.equal },
            Some(_) => FirstDifference::Differs { index: self.equal },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_first_difference_is_found_in_few_questions(n in 0u64..100_000, at in 0u64..120_000) {
            let mut search = Search::new(n);
            let mut asked = 0;
            while let Some(size) = search.ask() {
                asked += 1;
                search.tell(size <= at);
            }
            let found = if at < n { FirstDifference::Differs { index: at } } else { FirstDifference::Same { entries: n } };
            prop_assert_eq!(search.found(), found);
            prop_assert!(asked <= n.max(2).ilog2() + 2, "{} questions for {}", asked, n);
        }
    }
}
