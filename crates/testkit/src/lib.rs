//! For tests and benchmarks only: real nodes as processes, a plain HTTP client, made inputs.
//!
//! Everything here stops the test at the first thing that is not as it should be.

#![warn(missing_docs)]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod browser;
pub mod desk;
pub mod figure;
pub mod http;
mod link;
pub mod load;
pub mod made;
pub mod misp;
pub mod node;
mod pair;
mod pdf;
pub mod peers;
mod postgres;
pub mod scripted;
mod secure;
mod stamping;
mod trio;
pub mod wanted;
pub mod witness;

pub use browser::Browser;
pub use desk::Desk;
pub use link::Link;
pub use node::Node;
pub use pair::{Pair, befriend, befriend_up_to};
pub use pdf::Pdf;
pub use postgres::Postgres;
pub use scripted::Scripted;
pub use secure::Authority;
pub use stamping::{StampServer, Stamping};
pub use trio::Trio;
pub use witness::Witness;

use std::io::Write as _;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// How long anything may take before a test says that it did not come about.
pub const LIMIT: Duration = Duration::from_secs(20);

/// Looks again and again until it is there.
///
/// # Panics
/// When it is not there after [`LIMIT`].
#[expect(
    clippy::disallowed_methods,
    reason = "a test looks from outside: there is nothing to wait on"
)]
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < LIMIT, "{what} did not come about");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Runs a program with this on its standard input, to its end.
pub fn fed(command: &mut Command, input: &str) -> Output {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// Waits a while: for tests that need something to be under way.
#[expect(clippy::disallowed_methods, reason = "see above")]
pub fn pause(length: Duration) {
    std::thread::sleep(length);
}
