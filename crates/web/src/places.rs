//! Who has one of the places for connections. Whoever is silent loses its place to whoever comes.
//!
//! A connection is a stranger's until a request on it was let in. A newcomer always finds a place,
//! as long as there is a stranger to lose one: a flood only shortens the time that a stranger has
//! for its first request. What accounts may hold leaves some places for partners.

use forewarn_exchange::name::NodeName;
use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// How long a stranger may be silent between two requests.
const STRANGER_TIME: Duration = Duration::from_secs(30);
/// The same, of a connection on which somebody was let in. An answer that is still on its way has
/// had its own time by then (`crate::slow`).
const KNOWN_TIME: Duration = Duration::from_mins(3);
/// Addresses remembered of a partner: those that its last verified requests came from.
const MAX_ADDRESSES: usize = 4;

/// How many places there are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules {
    /// Of all connections together.
    pub(crate) all: usize,
    /// Of one address.
    pub(crate) per_address: usize,
    /// Of those, kept from accounts, so that partners find one.
    pub(crate) for_partners: usize,
    /// How long a connection may take to its first whole request, TLS included.
    pub(crate) first: Duration,
}

/// What a connection has proved: the weaker is the first to lose its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Proven {
    Nothing = 0,
    Account = 1,
    Partner = 2,
}

impl Proven {
    fn of(number: u8) -> Proven {
        match number {
            0 => Proven::Nothing,
            1 => Proven::Account,
            _ => Proven::Partner,
        }
    }
}

/// All places.
pub(crate) struct Places {
    rules: RwLock<Rules>,
    begun: Instant,
    all: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    seats: HashMap<u64, Arc<Seat>>,
    next: u64,
    partners: HashMap<NodeName, VecDeque<IpAddr>>,
}

struct Seat {
    address: IpAddr,
    /// A partner's last verified requests came from this address.
    from_partner: AtomicBool,
    proven: AtomicU8,
    asked: AtomicBool,
    working: AtomicUsize,
    /// When it was last used, in milliseconds since [`Places::begun`].
    used: AtomicU64,
    end: Arc<Notify>,
}

impl Seat {
    fn proven(&self) -> Proven {
        Proven::of(self.proven.load(Ordering::Relaxed))
    }

    fn works(&self) -> bool {
        self.working.load(Ordering::Relaxed) > 0
    }

    /// Whether a newcomer may take its place.
    fn yields(&self) -> bool {
        self.proven() == Proven::Nothing || !self.works()
    }

    /// The least of these loses its place.
    fn worth(&self) -> (Proven, bool, u64) {
        let from_partner = self.from_partner.load(Ordering::Relaxed);
        (self.proven(), from_partner, self.used.load(Ordering::Relaxed))
    }
}

/// Addresses that one holder commonly has together count as one: of IPv6, the network of 64 bits.
fn counted(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

impl Taken {
    /// Takes the place of the least worthy of those that `among` names.
    fn take_one(&mut self, among: impl Fn(&Seat) -> bool) -> bool {
        let mut weak = self.seats.iter().filter(|(_, seat)| seat.yields() && among(seat));
        let weakest = weak.by_ref().min_by_key(|(_, seat)| seat.worth());
        let Some(id) = weakest.map(|(id, _)| *id) else { return false };
        if let Some(seat) = self.seats.remove(&id) {
            seat.end.notify_one();
        }
        true
    }

    fn count(&self, which: impl Fn(&Seat) -> bool) -> usize {
        self.seats.values().filter(|seat| which(seat)).count()
    }
}

impl Places {
    pub(crate) fn new(rules: Rules) -> Arc<Places> {
        Arc::new(Places { rules: RwLock::new(rules), begun: Instant::now(), all: Mutex::default() })
    }

    fn rules(&self) -> Rules {
        *self.rules.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// There are so many from now on. Whoever has one keeps it.
    pub(crate) fn change(&self, rules: Rules) {
        *self.rules.write().unwrap_or_else(PoisonError::into_inner) = rules;
    }

    fn all(&self) -> MutexGuard<'_, Taken> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// A place for a connection from this address; `None` when all of them work for somebody.
    pub(crate) fn enter(self: &Arc<Places>, address: IpAddr) -> Option<Arc<Place>> {
        let (rules, whole, now, mut all) = (self.rules(), address, self.now(), self.all());
        let address = counted(whole);
        let here = all.count(|seat| seat.address == address);
        if here >= rules.per_address && !all.take_one(|seat| seat.address == address) {
            return None;
        }
        if all.seats.len() >= rules.all && !all.take_one(|_| true) {
            return None;
        }
        let from_partner = all.partners.values().any(|known| known.contains(&address));
        let seat = Arc::new(Seat {
            address,
            from_partner: from_partner.into(),
            proven: (Proven::Nothing as u8).into(),
            asked: false.into(),
            working: 0.into(),
            used: now.into(),
            end: Arc::new(Notify::new()),
        });
        let id = all.next;
        all.next += 1;
        all.seats.insert(id, seat.clone());
        Some(Arc::new(Place { id, address: whole, seat, places: self.clone() }))
    }

    /// A stranger loses its place, when there is one: the system has no room for more connections.
    pub(crate) fn make_room(&self) {
        self.all().take_one(|seat| seat.proven() == Proven::Nothing);
    }
}

/// A connection's place. Dropped, it is free.
pub(crate) struct Place {
    id: u64,
    address: IpAddr,
    seat: Arc<Seat>,
    places: Arc<Places>,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.all().seats.remove(&self.id);
    }
}

impl Place {
    /// From where the connection comes.
    pub(crate) fn address(&self) -> IpAddr {
        self.address
    }

    /// Notified when the connection has to end.
    pub(crate) fn end(&self) -> Arc<Notify> {
        self.seat.end.clone()
    }

    /// A request is being worked on, until this is dropped.
    pub(crate) fn work(self: &Arc<Place>) -> Working {
        self.seat.asked.store(true, Ordering::Relaxed);
        self.seat.working.fetch_add(1, Ordering::Relaxed);
        self.seat.used.store(self.places.now(), Ordering::Relaxed);
        Working(self.clone())
    }

    /// An account was let in. `false` when accounts hold all that they may, each at work.
    pub(crate) fn is_accounts(&self) -> bool {
        if self.seat.proven() != Proven::Nothing {
            return true;
        }
        let rules = self.places.rules();
        let most = rules.all.saturating_sub(rules.for_partners);
        let mut all = self.places.all();
        let account = |seat: &Seat| seat.proven() == Proven::Account;
        if all.count(account) >= most && !all.take_one(account) {
            return false;
        }
        self.seat.proven.store(Proven::Account as u8, Ordering::Relaxed);
        true
    }

    /// A partner's request was verified: its place, and its address, are a partner's.
    pub(crate) fn is_partners(&self, partner: &NodeName) {
        self.seat.proven.store(Proven::Partner as u8, Ordering::Relaxed);
        if self.seat.from_partner.swap(true, Ordering::Relaxed) {
            return;
        }
        let mut all = self.places.all();
        let known = all.partners.entry(partner.clone()).or_default();
        known.retain(|address| *address != self.seat.address);
        known.push_front(self.seat.address);
        known.truncate(MAX_ADDRESSES);
    }

    /// How long the connection may still be silent; `None` when its time is over.
    pub(crate) fn patience(&self) -> Option<Duration> {
        let most = match (self.seat.asked.load(Ordering::Relaxed), self.seat.proven()) {
            (false, _) => self.places.rules().first,
            (true, Proven::Nothing) => STRANGER_TIME,
            (true, Proven::Account | Proven::Partner) => KNOWN_TIME,
        };
        if self.seat.works() {
            return Some(most);
        }
        let used = Duration::from_millis(self.seat.used.load(Ordering::Relaxed));
        let left = (used + most).checked_sub(self.places.begun.elapsed())?;
        (!left.is_zero()).then_some(left)
    }
}

/// One request that is being worked on.
pub(crate) struct Working(Arc<Place>);

impl Drop for Working {
    fn drop(&mut self) {
        self.0.seat.used.store(self.0.places.now(), Ordering::Relaxed);
        self.0.seat.working.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(all: usize, per_address: usize, for_partners: usize) -> Arc<Places> {
        Places::new(Rules { all, per_address, for_partners, first: Duration::from_secs(10) })
    }

    fn address(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    fn stands(places: &Places, place: &Place) -> bool {
        places.all().seats.contains_key(&place.id)
    }

    /// Eight silent connections once shut a node of eight connections for three minutes.
    #[test]
    fn a_newcomer_takes_the_place_of_the_oldest_stranger() {
        let all = places(3, 3, 1);
        let strangers: Vec<_> = (0..3).map(|n| all.enter(address(n)).unwrap()).collect();
        strangers[1].seat.used.store(0, Ordering::Relaxed);
        for (n, at) in [(0, 7), (2, 5)] {
            strangers[n].seat.used.store(at, Ordering::Relaxed);
        }
        let newcomer = all.enter(address(9)).unwrap();
        let left: Vec<bool> = strangers.iter().map(|one| stands(&all, one)).collect();
        assert_eq!((left, stands(&all, &newcomer)), (vec![true, false, true], true));
    }

    #[test]
    fn an_address_has_its_share_and_loses_its_own() {
        let all = places(10, 2, 1);
        let other = all.enter(address(1)).unwrap();
        let flood: Vec<_> = (0..5).map(|_| all.enter(address(2)).unwrap()).collect();
        assert_eq!(flood.iter().filter(|one| stands(&all, one)).count(), 2);
        assert!(stands(&all, &other));
        // Addresses of one network of IPv6 are one holder's.
        let six = |text: &str| all.enter(text.parse().unwrap()).unwrap();
        let net = [six("2001:db8::1"), six("2001:db8::2"), six("2001:db8::3")];
        assert_eq!(net.iter().filter(|one| stands(&all, one)).count(), 2);
    }

    #[test]
    fn who_works_for_somebody_keeps_its_place_and_accounts_leave_some_for_partners() {
        let all = places(4, 4, 2);
        let accounts: Vec<_> = (0..3).map(|n| all.enter(address(n)).unwrap()).collect();
        let working = [accounts[0].work(), accounts[1].work()];
        assert!(accounts[0].is_accounts() && accounts[1].is_accounts());
        // Accounts may hold two of the four, and both are at work.
        assert!(!accounts[2].is_accounts());
        let partner = NodeName::parse("east.example").unwrap();
        let theirs = all.enter(address(7)).unwrap();
        theirs.is_partners(&partner);
        let _theirs_works = theirs.work();
        // The third, a stranger still, makes room; then nobody is left who would.
        let next = all.enter(address(8)).unwrap();
        assert!(!stands(&all, &accounts[2]) && stands(&all, &theirs));
        next.is_partners(&partner);
        let _next_works = next.work();
        assert!(all.enter(address(9)).is_none());
        drop(working);
        assert!(all.enter(address(9)).is_some());
    }

    #[test]
    fn strangers_at_a_partner_s_address_are_the_last_to_go() {
        let all = places(2, 2, 1);
        let partner = NodeName::parse("east.example").unwrap();
        let first = all.enter(address(1)).unwrap();
        first.is_partners(&partner);
        drop(first);
        let (again, stranger) = (all.enter(address(1)).unwrap(), all.enter(address(2)).unwrap());
        stranger.seat.used.store(u64::MAX, Ordering::Relaxed);
        let _newcomer = all.enter(address(3)).unwrap();
        assert!(stands(&all, &again) && !stands(&all, &stranger));
    }
}
