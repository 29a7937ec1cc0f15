//! A network link in front of a node, whose answers a test can hold back.

use crate::until;
use std::io::{Read, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// How a batch of entries begins on the wire.
const BATCH: &[u8] = b"POST /channel/v1/entries";

/// Forwards bytes both ways until the test ends.
pub struct Link {
    /// Where it listens, `host:port`.
    pub address: String,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    released: Condvar,
}

#[derive(Default)]
struct State {
    /// The node's address; nobody is connected before it is known.
    to: Option<String>,
    held: bool,
    /// Batches that went to the node since answers are held back.
    batches: usize,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Link {
    /// A link that leads nowhere yet.
    pub fn start() -> Link {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let shared: Arc<Shared> = Arc::default();
        let link = Link { address, shared: shared.clone() };
        std::thread::spawn(move || {
            for from in listener.incoming().flatten() {
                let to = shared.state().to.clone();
                let Some(to) = to.and_then(|to| TcpStream::connect(to).ok()) else { continue };
                both_ways(&shared, &from, &to);
            }
        });
        link
    }

    /// Leads to the node at this address.
    pub fn lead_to(&self, address: &str) {
        self.shared.state().to = Some(address.to_owned());
    }

    /// From now on, answers to batches stay where they are.
    pub fn hold(&self) {
        let mut state = self.shared.state();
        (state.held, state.batches) = (true, 0);
    }

    /// Waits until so many batches went to the node since [`Link::hold`].
    pub fn batches(&self, count: usize) {
        until("a batch on its way", || (self.shared.state().batches >= count).then_some(()));
    }

    /// Lets the answers go on.
    pub fn release(&self) {
        self.shared.state().held = false;
        self.shared.released.notify_all();
    }
}

fn both_ways(shared: &Arc<Shared>, from: &TcpStream, to: &TcpStream) {
    let (Ok(client), Ok(node)) = (from.try_clone(), to.try_clone()) else { return };
    let (Ok(client_back), Ok(node_back)) = (from.try_clone(), to.try_clone()) else { return };
    // Whether this connection carries a batch now: other questions are answered at once.
    let carries = Arc::new(AtomicBool::new(false));
    let (there, seen) = (shared.clone(), carries.clone());
    std::thread::spawn(move || {
        forward(client, node, |bytes| {
            let found = bytes.windows(BATCH.len()).filter(|part| *part == BATCH).count();
            seen.store(found > 0 || seen.load(Ordering::SeqCst), Ordering::SeqCst);
            there.state().batches += found;
        });
    });
    let back = shared.clone();
    std::thread::spawn(move || {
        forward(node_back, client_back, |_| {
            if carries.swap(false, Ordering::SeqCst) {
                drop(back.released.wait_while(back.state(), |state| state.held));
            }
        });
    });
}

fn forward(mut from: TcpStream, mut to: TcpStream, mut on_the_way: impl FnMut(&[u8])) {
    let mut buffer = vec![0; 64 << 10];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        let bytes = buffer.get(..count).unwrap_or_default();
        on_the_way(bytes);
        if to.write_all(bytes).is_err() {
            break;
        }
    }
    // Whoever has gone already has nothing to be told.
    let _ = to.shutdown(Shutdown::Write);
}
