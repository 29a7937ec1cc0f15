//! Two threads that hash passwords, and nothing else: what a hash costs is bounded by them, however
//! many ask and whoever hangs up. Their memory is theirs, and is used again for the next one.

use forewarn_engine::Failure;
use forewarn_exchange::{Code, Refusal};
use std::io;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::oneshot;

/// Most passwords that are hashed at the same time: 19 MiB each.
const THREADS: usize = 2;
/// Most that wait for it; whoever comes then is told to come again.
const MAX_WAITING: usize = 64;

type Job = Box<dyn FnOnce() + Send>;

pub(super) struct Hashing(SyncSender<Job>);

impl Hashing {
    /// Starts the threads. They end with it.
    pub(super) fn start() -> io::Result<Hashing> {
        let (queue, jobs) = sync_channel::<Job>(MAX_WAITING);
        let jobs = Arc::new(Mutex::new(jobs));
        for _ in 0..THREADS {
            let jobs = jobs.clone();
            let thread = std::thread::Builder::new().name("passwords".to_owned());
            thread.spawn(move || {
                while let Some(job) = next(&jobs) {
                    job();
                }
            })?;
        }
        Ok(Hashing(queue))
    }

    /// Runs what hashes.
    ///
    /// # Errors
    /// Too many wait already.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let (tell, told) = oneshot::channel();
        // Whoever asked may have gone; what was begun is done all the same.
        let job: Job = Box::new(move || drop(tell.send(work())));
        let busy = |_| Refusal::new(Code::Busy, "too many sign in at this moment; try again");
        self.0.try_send(job).map_err(busy)?;
        told.await.map_err(|_| Failure::Store("a password was not hashed".to_owned()))
    }
}

fn next(jobs: &Mutex<Receiver<Job>>) -> Option<Job> {
    jobs.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}
