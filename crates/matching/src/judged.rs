//! Each item of a window, held against the interests that it may meet.

use crate::explain::{Hits, Near, judge, near};
use crate::scale::Grade;
use crate::window::{Facts, Read, Window};
use crate::{Match, lend, patterns};
use std::collections::HashMap;

/// Most interests of one partner that one item is told to meet: they are one case.
const MAX_MATCHES: usize = 100;

/// What became of one item.
#[derive(Debug, Default)]
pub struct Judged {
    /// Every interest that it meets.
    pub matches: Vec<Match>,
    /// Interests that it comes near to; filled by [`Window::explain`] only.
    pub near: Vec<Near>,
}

impl<'a> Window<'_, 'a> {
    /// Every match of each item, in the order in which they were given.
    pub fn matches(self) -> Vec<Vec<Match>> {
        self.judge(0).into_iter().map(|judged| judged.matches).collect()
    }

    /// Every match of each item, and some interests that they come near to, `near` in all at the
    /// most.
    pub fn explain(self, near: usize) -> Vec<Judged> {
        self.judge(near)
    }

    fn judge(mut self, near: usize) -> Vec<Judged> {
        let mut room = near;
        if self.read.iter().any(|read| !read.hits.is_empty()) {
            patterns::decide(&mut self);
            lend::lend(&mut self);
            for read in &mut self.read {
                read.hits.sort_unstable();
                read.hits.dedup();
            }
        }
        let judged = self.read.iter().enumerate().filter(|(_, read)| !read.is_context);
        judged.map(|(at, read)| self.judge_one(at, read, &mut room)).collect()
    }

    fn judge_one(&self, at: usize, read: &Read<'a>, near_room: &mut usize) -> Judged {
        let mut judged = Judged::default();
        let hits = read.hits.as_slice();
        if hits.is_empty() {
            return judged;
        }
        let mut candidates: Vec<u32> = Vec::new();
        let mut last = None;
        for hit in hits {
            if last != Some(hit.atom) {
                candidates.extend(self.index.watchers(hit.atom));
                last = Some(hit.atom);
            }
        }
        candidates.sort_unstable();
        candidates.dedup();
        let facts = Facts {
            item: u32::try_from(at).unwrap_or(u32::MAX),
            added: read.item.added,
            grade: read.item.grade,
            judged: read.confidence.map(Grade::of_confidence),
        };
        let hits = Hits::of(hits);
        let mut of_partners: HashMap<&str, usize> = HashMap::new();
        for entry in candidates.into_iter().filter_map(|number| self.index.entry(number)) {
            let count = of_partners.entry(&entry.partner).or_default();
            if *count >= MAX_MATCHES {
                continue;
            }
            match judge(self, entry, &hits, &facts) {
                Some(found) => {
                    judged.matches.push(found);
                    *count += 1;
                }
                None if *near_room > 0 => {
                    if let Some(near) = near(self, entry, &hits, &facts) {
                        judged.near.push(near);
                        *near_room -= 1;
                    }
                }
                None => {}
            }
        }
        judged
    }
}
