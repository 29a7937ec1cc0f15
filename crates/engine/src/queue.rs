//! What waits for the writer, in two lanes: what is urgent goes before bulk.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Most that waits in each lane. A full one is said to the caller at once, who may come again.
const MAX_WAITING: usize = 1_024;
/// Most that is taken together: bounds how long the first of them waits.
const MAX_GROUP: usize = 256;
/// Most bytes taken together, roughly: bounds the size of a transaction.
const MAX_GROUP_BYTES: usize = 64 << 20;
/// After this many groups without bulk, one has some: bulk is put off, but not for ever.
const BULK_EVERY: u32 = 8;

/// Something to be done, as far as its order matters.
pub(crate) trait Waits {
    fn is_urgent(&self) -> bool;
    /// Roughly how many bytes it writes.
    fn bytes(&self) -> usize;
}

/// Why something was not taken into the queue.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NotQueued {
    Full,
    Closed,
}

struct Lanes<T> {
    urgent: VecDeque<T>,
    bulk: VecDeque<T>,
    /// Groups since the last one with bulk in it.
    without_bulk: u32,
    is_closed: bool,
}

struct Queue<T> {
    lanes: Mutex<Lanes<T>>,
    moved: Condvar,
}

impl<T> Queue<T> {
    fn lanes(&self) -> MutexGuard<'_, Lanes<T>> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Puts in. The queue closes when this goes.
pub(crate) struct Entrance<T>(Arc<Queue<T>>);
/// Takes out.
pub(crate) struct Exit<T>(Arc<Queue<T>>);

pub(crate) fn queue<T>() -> (Entrance<T>, Exit<T>) {
    let (urgent, bulk) = (VecDeque::new(), VecDeque::new());
    let lanes = Lanes { urgent, bulk, without_bulk: 0, is_closed: false };
    let queue = Arc::new(Queue { lanes: Mutex::new(lanes), moved: Condvar::new() });
    (Entrance(queue.clone()), Exit(queue))
}

impl<T: Waits> Entrance<T> {
    pub(crate) fn put(&self, one: T) -> Result<(), NotQueued> {
        let mut lanes = self.0.lanes();
        if lanes.is_closed {
            return Err(NotQueued::Closed);
        }
        let lane = if one.is_urgent() { &mut lanes.urgent } else { &mut lanes.bulk };
        if lane.len() >= MAX_WAITING {
            return Err(NotQueued::Full);
        }
        lane.push_back(one);
        self.0.moved.notify_one();
        Ok(())
    }
}

impl<T> Entrance<T> {
    /// How much waits that is urgent, and how much bulk.
    pub(crate) fn waiting(&self) -> (usize, usize) {
        let lanes = self.0.lanes();
        (lanes.urgent.len(), lanes.bulk.len())
    }
}

impl<T> Drop for Entrance<T> {
    fn drop(&mut self) {
        self.0.lanes().is_closed = true;
        self.0.moved.notify_one();
    }
}

/// What came out.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Out<T> {
    /// The next group, in the order of each lane.
    Group(Vec<T>),
    /// Nothing was there in time.
    Nothing,
    /// Nothing comes any more.
    End,
}

impl<T: Waits> Exit<T> {
    /// Whether nothing comes any more, now or within this time. What is in it is not asked for.
    pub(crate) fn is_closed(&self, within: Duration) -> bool {
        let lanes = self.0.lanes();
        let waited = self.0.moved.wait_timeout_while(lanes, within, |lanes| !lanes.is_closed);
        waited.unwrap_or_else(PoisonError::into_inner).0.is_closed
    }

    /// The next group. Waits for it, so long or until there is one.
    pub(crate) fn take(&self, within: Option<Duration>) -> Out<T> {
        let mut lanes = self.0.lanes();
        while lanes.urgent.is_empty() && lanes.bulk.is_empty() {
            if lanes.is_closed {
                return Out::End;
            }
            let Some(within) = within else {
                lanes = self.0.moved.wait(lanes).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            let waited = self.0.moved.wait_timeout(lanes, within);
            let (now, is_late) = waited.unwrap_or_else(PoisonError::into_inner);
            lanes = now;
            if is_late.timed_out() && lanes.urgent.is_empty() && lanes.bulk.is_empty() {
                return Out::Nothing;
            }
        }
        let mut group = Vec::new();
        let mut bytes = 0;
        // In its turn bulk comes first, so that a full lane of what is urgent leaves room for it.
        if lanes.urgent.is_empty() || lanes.without_bulk >= BULK_EVERY {
            let some = lanes.bulk.len().min(MAX_GROUP / 2);
            let mut turn: VecDeque<T> = lanes.bulk.drain(..some).collect();
            take_from(&mut turn, &mut group, &mut bytes);
            while let Some(left) = turn.pop_back() {
                lanes.bulk.push_front(left);
            }
            lanes.without_bulk = 0;
        } else {
            lanes.without_bulk += 1;
        }
        take_from(&mut lanes.urgent, &mut group, &mut bytes);
        Out::Group(group)
    }
}

fn take_from<T: Waits>(lane: &mut VecDeque<T>, group: &mut Vec<T>, bytes: &mut usize) {
    while group.len() < MAX_GROUP && *bytes < MAX_GROUP_BYTES {
        let Some(one) = lane.pop_front() else { return };
        *bytes += one.bytes();
        group.push(one);
    }
}

impl<T> Drop for Exit<T> {
    fn drop(&mut self) {
        let mut lanes = self.0.lanes();
        lanes.is_closed = true;
        // Whoever waits for an answer learns that none comes.
        lanes.urgent.clear();
        lanes.bulk.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Eq)]
    struct One(u32, bool);

    impl Waits for One {
        fn is_urgent(&self) -> bool {
            self.1
        }
        fn bytes(&self) -> usize {
            1
        }
    }

    #[test]
    fn what_is_urgent_goes_first_and_bulk_is_not_put_off_for_ever() {
        let (entrance, exit) = queue();
        entrance.put(One(1, false)).unwrap();
        for n in 2..20 {
            entrance.put(One(n, true)).unwrap();
        }
        let taken = || match exit.take(None) {
            Out::Group(group) => group,
            Out::Nothing | Out::End => Vec::new(),
        };
        let first: Vec<u32> = taken().iter().map(|one| one.0).collect();
        assert_eq!(first, (2..20).collect::<Vec<_>>());
        let groups = (20..).map(|n| {
            entrance.put(One(n, true)).unwrap();
            taken()
        });
        let place = groups.take(20).position(|group| group.iter().any(|one| !one.1));
        assert!(place.is_some_and(|at| at < 10), "{place:?}");
    }

    #[test]
    fn a_full_lane_is_said_and_leaves_the_other_open() {
        let (entrance, exit) = queue();
        while entrance.put(One(0, false)).is_ok() {}
        assert_eq!(entrance.put(One(0, false)), Err(NotQueued::Full));
        assert_eq!(entrance.put(One(1, true)), Ok(()));
        assert_eq!(exit.take(None), Out::Group(vec![One(1, true)]));
        drop(exit);
        assert_eq!(entrance.put(One(1, true)), Err(NotQueued::Closed));
    }

    #[test]
    fn whoever_waits_for_so_long_only_is_told_that_nothing_came() {
        let (entrance, exit) = queue::<One>();
        assert_eq!(exit.take(Some(Duration::from_millis(1))), Out::Nothing);
        entrance.put(One(1, true)).unwrap();
        assert_eq!(exit.take(Some(Duration::from_mins(1))), Out::Group(vec![One(1, true)]));
    }

    #[test]
    fn what_was_put_in_before_the_end_comes_out() {
        let (entrance, exit) = queue();
        entrance.put(One(1, false)).unwrap();
        drop(entrance);
        assert_eq!(exit.take(None), Out::Group(vec![One(1, false)]));
        assert!(exit.is_closed(Duration::ZERO));
        assert_eq!(exit.take(None), Out::End);
    }
}
