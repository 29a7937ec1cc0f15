//! Sign-ins that have begun at a provider and wait for the person. They are in memory: whoever
//! waits when the node stops begins again.

use forewarn_transcript::Hash;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Most that wait at the same time, of all.
const MAX_WAITING: usize = 256;
/// Most that wait, of one place.
const MAX_OF_A_PLACE: usize = 8;
/// The longest that one waits, whatever the provider says.
pub(crate) const LONGEST: Duration = Duration::from_mins(15);
/// The shortest pause between two questions to the provider, and what it is when the provider says
/// nothing (RFC 8628 §3.2).
pub(crate) const PAUSE: Duration = Duration::from_secs(5);

/// One of them.
#[derive(Clone)]
pub(crate) struct Pending {
    /// The provider's place in the configuration.
    pub(crate) provider: usize,
    /// What the provider knows it by: a secret.
    pub(crate) device_code: String,
    /// What the token must say, if it says anything of it.
    pub(crate) nonce: String,
    /// Where the token is asked for, and where the keys are.
    pub(crate) endpoints: (String, String),
    /// From where it was begun.
    pub(crate) from: Option<IpAddr>,
    /// When it ends.
    pub(crate) ends: Instant,
    /// How long to wait between two questions.
    pub(crate) pause: Duration,
    /// When the provider may be asked next.
    pub(crate) next: Instant,
}

/// What is to be done about one of them.
pub(crate) enum Turn {
    /// The provider may be asked.
    Ask(Box<Pending>),
    /// Not yet.
    Wait(Duration),
    /// There is none, or none any more.
    Gone,
}

/// All of them, by SHA-256 of what the person's machine has.
#[derive(Default)]
pub(crate) struct AllPending(Mutex<HashMap<Hash, Pending>>);

impl AllPending {
    fn all(&self) -> MutexGuard<'_, HashMap<Hash, Pending>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether there is room for one more from there.
    pub(crate) fn has_room(&self, from: Option<IpAddr>, now: Instant) -> bool {
        let mut all = self.all();
        all.retain(|_, one| one.ends > now);
        all.len() < MAX_WAITING
            && all.values().filter(|one| one.from == from).count() < MAX_OF_A_PLACE
    }

    /// One more waits.
    pub(crate) fn add(&self, digest: Hash, pending: Pending) {
        self.all().insert(digest, pending);
    }

    /// Whose turn it is: after that, the provider is not asked again before the pause is over.
    pub(crate) fn turn(&self, digest: Hash, now: Instant) -> Turn {
        let mut all = self.all();
        let Some(one) = all.get_mut(&digest) else { return Turn::Gone };
        if one.ends <= now {
            all.remove(&digest);
            return Turn::Gone;
        }
        if one.next > now {
            return Turn::Wait(one.next - now);
        }
        one.next = now + one.pause;
        Turn::Ask(Box::new(one.clone()))
    }

    /// The provider wants to be asked less often (RFC 8628 §3.5: five seconds more).
    pub(crate) fn slower(&self, digest: Hash, now: Instant) {
        if let Some(one) = self.all().get_mut(&digest) {
            one.pause = (one.pause + PAUSE).min(LONGEST);
            one.next = now + one.pause;
        }
    }

    /// It is over; whether it was there until now. Only one of two who ask at once is told so.
    pub(crate) fn end(&self, digest: Hash) -> bool {
        self.all().remove(&digest).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_its_turn_and_its_end_and_a_place_has_few() {
        let (all, now) = (AllPending::default(), Instant::now());
        let pending = Pending {
            provider: 0,
            device_code: "x".into(),
            nonce: "y".into(),
            endpoints: (String::new(), String::new()),
            from: None,
            ends: now + LONGEST,
            pause: PAUSE,
            next: now,
        };
        let digest = |n: usize| Hash::of(n.to_string().as_bytes());
        for n in 0..MAX_OF_A_PLACE {
            assert!(all.has_room(None, now));
            all.add(digest(n), pending.clone());
        }
        assert!(!all.has_room(None, now) && all.has_room(Some([192, 0, 2, 1].into()), now));
        assert!(matches!(all.turn(digest(0), now), Turn::Ask(_)));
        assert!(matches!(all.turn(digest(0), now), Turn::Wait(wait) if wait == PAUSE));
        all.slower(digest(0), now);
        assert!(matches!(all.turn(digest(0), now + PAUSE), Turn::Wait(_)));
        assert!(all.end(digest(0)) && !all.end(digest(0)));
        assert!(matches!(all.turn(digest(0), now), Turn::Gone));
        assert!(matches!(all.turn(digest(1), now + LONGEST), Turn::Gone));
        assert!(all.has_room(None, now + LONGEST));
    }
}
