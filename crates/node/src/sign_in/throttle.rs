//! How often somebody may be wrong. What is counted is always of one place (an IPv4 address, or an
//! IPv6 network of 64 bits): whoever guesses at a name from elsewhere does not keep its user out.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Wrong tries at one name, from one place, that cost nothing.
const FREE_AT_NAME: u32 = 5;
/// Wrong tries at any names, from one place, that cost nothing: a house of people behind one address.
const FREE_AT_PLACE: u32 = 30;
/// The longest wait.
const LONGEST: Duration = Duration::from_mins(15);
/// After this long without a wrong try, all is forgotten.
const FORGOTTEN: Duration = Duration::from_hours(1);
/// Most that are counted. What is beyond waits a moment: somebody has very many addresses.
const MAX_COUNTED: usize = 100_000;

/// From where somebody tries; `None` is the socket in the folder.
type Place = Option<IpAddr>;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Counted {
    Place(Place),
    Name(Place, String),
}

#[derive(Debug, Clone, Copy)]
struct Wrong {
    count: u32,
    last: Instant,
}

/// Counts wrong tries, in memory.
#[derive(Debug, Default)]
pub(crate) struct Throttle(Mutex<HashMap<Counted, Wrong>>);

impl Throttle {
    fn all(&self) -> MutexGuard<'_, HashMap<Counted, Wrong>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether this may be tried now; else how long to wait. It counts as a wrong try until it was
    /// right: whoever hangs up meanwhile was wrong. Nothing of it depends on whether there is such
    /// a name.
    pub(crate) fn count(&self, from: Place, name: &str, now: Instant) -> Result<(), Duration> {
        let mut all = self.all();
        wait(&all, (from, name), now)?;
        add(&mut all, (from, name), now);
        Ok(())
    }

    /// Whether this may be tried now, where only what is known to be wrong is counted.
    pub(crate) fn admit(&self, from: Place, name: &str, now: Instant) -> Result<(), Duration> {
        wait(&self.all(), (from, name), now)
    }

    /// It was wrong.
    pub(crate) fn wrong(&self, from: Place, name: &str, now: Instant) {
        add(&mut self.all(), (from, name), now);
    }

    /// It was right: what was counted of this name, from there, is forgotten.
    pub(crate) fn forget(&self, from: Place, name: &str) {
        let [_, (name, _)] = counted(from, name);
        self.all().remove(&name);
    }

    /// The same, where the try itself was counted before: it is taken back.
    pub(crate) fn right(&self, from: Place, name: &str) {
        let mut all = self.all();
        let [(place, _), (name, _)] = counted(from, name);
        all.remove(&name);
        if let Some(wrong) = all.get_mut(&place) {
            wrong.count = wrong.count.saturating_sub(1);
        }
    }
}

fn wait(
    all: &HashMap<Counted, Wrong>,
    (from, name): (Place, &str),
    now: Instant,
) -> Result<(), Duration> {
    let both = counted(from, name);
    let waits = both.iter().filter_map(|(key, free)| {
        let wrong = all.get(key)?;
        let over = wrong.count.checked_sub(*free)?;
        let wait = Duration::from_secs(1 << over.min(20)).min(LONGEST);
        (wrong.last + wait).checked_duration_since(now).filter(|left| !left.is_zero())
    });
    waits.max().map_or(Ok(()), Err)
}

fn add(all: &mut HashMap<Counted, Wrong>, (from, name): (Place, &str), now: Instant) {
    if all.len() >= MAX_COUNTED {
        all.retain(|_, wrong| now.duration_since(wrong.last) < FORGOTTEN);
    }
    for (key, _) in counted(from, name) {
        if all.len() >= MAX_COUNTED && !all.contains_key(&key) {
            continue;
        }
        let wrong = all.entry(key).or_insert(Wrong { count: 0, last: now });
        if now.duration_since(wrong.last) >= FORGOTTEN {
            wrong.count = 0;
        }
        *wrong = Wrong { count: wrong.count.saturating_add(1), last: now };
    }
}

fn counted(from: Place, name: &str) -> [(Counted, u32); 2] {
    let from = place(from);
    // Nobody has a longer name: what is beyond is not kept.
    let name: String = name.chars().take(64).collect();
    [(Counted::Place(from), FREE_AT_PLACE), (Counted::Name(from, name), FREE_AT_NAME)]
}

fn place(from: Place) -> Place {
    from.map(|address| match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let network = u128::from(address) & !u128::from(u64::MAX);
            IpAddr::V6(Ipv6Addr::from(network))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::unnecessary_wraps, reason = "places are optional")]
    fn at(text: &str) -> Place {
        Some(text.parse().unwrap())
    }

    #[test]
    fn whoever_guesses_waits_longer_and_keeps_nobody_else_out() {
        let (throttle, mut now) = (Throttle::default(), Instant::now());
        // At the same moment, or one after another.
        for _ in 0..FREE_AT_NAME {
            assert!(throttle.count(at("192.0.2.1"), "ana", now).is_ok());
        }
        let mut longest = Duration::ZERO;
        for _ in 0..20 {
            let wait = throttle.count(at("192.0.2.1"), "ana", now).unwrap_err();
            assert!(wait >= longest && wait <= LONGEST);
            longest = wait;
            now += wait;
            assert!(throttle.count(at("192.0.2.1"), "ana", now).is_ok());
        }
        assert_eq!(longest, LONGEST);
        assert!(throttle.count(at("192.0.2.2"), "ana", now).is_ok());
        assert!(throttle.count(None, "ana", now).is_ok());
        now += FORGOTTEN;
        assert!(throttle.count(at("192.0.2.1"), "ana", now).is_ok());
        assert!(throttle.count(at("192.0.2.1"), "ana", now).is_ok());
    }

    #[test]
    fn one_password_tried_at_many_names_is_noticed_at_its_place() {
        let (throttle, now) = (Throttle::default(), Instant::now());
        for n in 0..FREE_AT_PLACE {
            let from = format!("2001:db8::{n:x}");
            assert!(throttle.count(at(&from), &format!("user-{n}"), now).is_ok());
        }
        assert!(throttle.count(at("2001:db8::ffff"), "another", now).is_err());
        assert!(throttle.count(at("2001:db8:0:1::1"), "another", now).is_ok());
    }

    /// Whoever signed in where tries are not counted before would buy guesses elsewhere by it.
    #[test]
    fn what_was_not_counted_is_not_taken_back() {
        let (throttle, now) = (Throttle::default(), Instant::now());
        for n in 0..FREE_AT_PLACE {
            throttle.wrong(None, &format!("user-{n}"), now);
        }
        throttle.forget(None, "oidc:one");
        assert!(throttle.admit(None, "another", now).is_err());
        throttle.right(None, "user-1");
        assert!(throttle.admit(None, "another", now).is_ok());
    }

    #[test]
    fn a_right_password_forgets_the_wrong_ones() {
        let (throttle, now) = (Throttle::default(), Instant::now());
        for _ in 0..FREE_AT_NAME {
            assert!(throttle.count(None, "ana", now).is_ok());
        }
        assert!(throttle.count(None, "ana", now).is_err());
        throttle.right(None, "ana");
        // A house of people behind one address signs in as often as it likes.
        for _ in 0..3 * FREE_AT_PLACE {
            assert!(throttle.count(None, "ana", now).is_ok());
            throttle.right(None, "ana");
        }
    }
}
