//! Lines in the log that strangers cause: some are written, the others are counted.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Lines in a [`WINDOW`]: enough to see who tries what.
const MOST: u32 = 10;
/// Ten lines of 200 bytes in ten seconds are 17 MB a day, whoever asks how often.
const WINDOW: Duration = Duration::from_secs(10);

/// One kind of line.
pub(crate) struct Seldom(Mutex<Option<Window>>);

struct Window {
    begun: Instant,
    lines: u32,
    left_out: u64,
}

impl Seldom {
    pub(crate) const fn new() -> Seldom {
        Seldom(Mutex::new(None))
    }

    /// Whether a line may be written, and how many were left out since the last one.
    pub(crate) fn admit(&self, now: Instant) -> Option<u64> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = Window { begun: now, lines: 0, left_out: 0 };
        let window = held.get_or_insert(fresh);
        if now.saturating_duration_since(window.begun) >= WINDOW {
            (window.begun, window.lines) = (now, 0);
        }
        if window.lines >= MOST {
            window.left_out += 1;
            return None;
        }
        window.lines += 1;
        Some(std::mem::take(&mut window.left_out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_lines_are_written_and_the_others_counted() {
        let (seldom, now) = (Seldom::new(), Instant::now());
        let written = |now| (0..100).filter_map(|_| seldom.admit(now)).collect::<Vec<_>>();
        assert_eq!(written(now), vec![0; 10]);
        let later = written(now + WINDOW);
        assert_eq!((later.len(), later[0], later[1]), (10, 90, 0));
    }
}
