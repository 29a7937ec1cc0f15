//! Finds the first index at which two copies of a log differ, by binary search over their roots.

/// The search. Compare the two roots at the size that [`Search::ask`] returns, pass the result to
/// [`Search::tell`], and repeat until there is nothing more to ask. For n entries in common, that
/// takes at most ⌈log2(n)⌉ + 1 questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Search {
    /// A size at which the roots are known to be equal.
    equal: u64,
    /// A size at which the roots are known to differ; `None` while no difference is known.
    differ: Option<u64>,
    /// The size of the shorter copy.
    common: u64,
}

/// The result of a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstDifference {
    /// All entries of the shorter copy are in the other one.
    Same {
        /// The number of entries in common.
        entries: u64,
    },
    /// The copies differ.
    Differs {
        /// The index of the first entry that differs.
        index: u64,
    },
}

impl Search {
    /// Starts a search. `common` is the smaller of the two sizes.
    pub fn new(common: u64) -> Search {
        Search { equal: 0, differ: None, common }
    }

    /// The size at which to compare the roots next; `None` when the search has ended.
    pub fn ask(&self) -> Option<u64> {
        match self.differ {
            None if self.equal == self.common => None,
            None => Some(self.common),
            Some(differ) if differ - self.equal > 1 => Some(self.equal + (differ - self.equal) / 2),
            Some(_) => None,
        }
    }

    /// Records whether the roots are the same at the size that [`Search::ask`] returns.
    pub fn tell(&mut self, same: bool) {
        if let Some(size) = self.ask() {
            if same { self.equal = size } else { self.differ = Some(size) }
        }
    }

    /// The result. It is valid once [`Search::ask`] returns `None`.
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
