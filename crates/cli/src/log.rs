//! The log on standard error. Whoever logs neither waits nor fails: a line is handed to a thread of
//! its own, and lost, and counted, when that thread cannot write.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, IsTerminal as _, Write};
use std::os::fd::AsFd as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::writer::OptionalWriter;

/// Most lines that wait to be written. With [`MAX_LINE`] they take 8 MiB at the most.
const MAX_WAITING: usize = 1_024;
/// Most bytes of a line; the rest is cut off. What partners say in it is bounded to less.
const MAX_LINE: usize = 8 << 10;
/// How many lines one place of the program may write at once, and how many a second after that:
/// strangers cause lines too, such as by requests that are not signed.
const BURST: f64 = 100.0;
const PER_SECOND: f64 = 5.0;
/// How long the end of the program waits for the last lines.
const LAST_LINES: Duration = Duration::from_millis(500);

/// Where lines go. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Log(Arc<Shared>);

struct Shared {
    lines: SyncSender<Said>,
    lost: Arc<AtomicU64>,
    places: Mutex<HashMap<tracing::callsite::Identifier, Place>>,
}

enum Said {
    Line(Vec<u8>),
    /// All before it has been tried: tell whoever waits.
    Mark(SyncSender<()>),
}

/// A place of the program that logs.
struct Place {
    left: f64,
    at: Instant,
    /// Lines not written since the last that was.
    withheld: u64,
}

/// Sets up the log and the words of a panic. To be called once.
pub(crate) fn start() -> io::Result<Log> {
    let to = File::from(io::stderr().as_fd().try_clone_to_owned()?);
    let log = Log::to(to)?;
    let filter = EnvFilter::try_from_env("FOREWARN_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(io::stderr().is_terminal())
        // Its own words about a line that was not written go to standard error, and panic there.
        .log_internal_errors(false)
        .with_writer(log.clone())
        .init();
    let of_panics = log.clone();
    std::panic::set_hook(Box::new(move |info| {
        let thread = std::thread::current();
        let name = thread.name().unwrap_or("a thread");
        of_panics.line(format!("forewarn: {name} has panicked: {info}\n").as_bytes());
        // The process may end by this: its last words are waited for, but not for long.
        of_panics.flush();
    }));
    Ok(log)
}

impl Log {
    fn to(to: impl Write + Send + 'static) -> io::Result<Log> {
        let (lines, waiting) = sync_channel(MAX_WAITING);
        let lost = Arc::<AtomicU64>::default();
        let of_thread = lost.clone();
        std::thread::Builder::new()
            .name("log".to_owned())
            .spawn(move || write_all(to, &waiting, &of_thread))?;
        Ok(Log(Arc::new(Shared { lines, lost, places: Mutex::default() })))
    }

    fn line(&self, line: &[u8]) {
        let mut bytes = line.get(..MAX_LINE).unwrap_or(line).to_vec();
        if bytes.len() < line.len() {
            bytes.extend_from_slice(" [cut off]\n".as_bytes());
        }
        if self.0.lines.try_send(Said::Line(bytes)).is_err() {
            self.0.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Waits a moment until what was said so far is written.
    pub(crate) fn flush(&self) {
        let (tell, told) = sync_channel(1);
        if self.0.lines.try_send(Said::Mark(tell)).is_ok() {
            let _ = told.recv_timeout(LAST_LINES);
        }
    }

    /// Whether this place may write another line; if so, how many it has kept back before.
    fn may_write(&self, place: tracing::callsite::Identifier) -> Option<u64> {
        let now = Instant::now();
        let mut places = self.0.places.lock().unwrap_or_else(PoisonError::into_inner);
        let place = places.entry(place).or_insert(Place { left: BURST, at: now, withheld: 0 });
        let since = now.saturating_duration_since(place.at).as_secs_f64();
        place.left = (place.left + since * PER_SECOND).min(BURST);
        place.at = now;
        if place.left < 1.0 {
            place.withheld += 1;
            return None;
        }
        place.left -= 1.0;
        Some(std::mem::take(&mut place.withheld))
    }
}

fn write_all(mut to: impl Write, waiting: &Receiver<Said>, lost: &AtomicU64) {
    for said in waiting {
        match said {
            Said::Line(line) => {
                let before = lost.load(Ordering::Relaxed);
                if before > 0 {
                    let words = format!("forewarn: {before} lines of the log were lost here\n");
                    if to.write_all(words.as_bytes()).is_ok() {
                        lost.fetch_sub(before, Ordering::Relaxed);
                    }
                }
                if to.write_all(&line).is_err() {
                    lost.fetch_add(1, Ordering::Relaxed);
                }
            }
            // Whoever waited may have gone.
            Said::Mark(tell) => drop(tell.try_send(())),
        }
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = OptionalWriter<Line>;

    fn make_writer(&'a self) -> Self::Writer {
        OptionalWriter::some(Line(self.clone()))
    }

    fn make_writer_for(&'a self, meta: &tracing::Metadata<'_>) -> Self::Writer {
        match self.may_write(meta.callsite()) {
            None => OptionalWriter::none(),
            Some(0) => self.make_writer(),
            Some(withheld) => {
                let (target, line) = (meta.target(), meta.line().unwrap_or(0));
                let words = format!(
                    "forewarn: {withheld} lines like the next ({target}:{line}) are left out\n"
                );
                self.line(words.as_bytes());
                self.make_writer()
            }
        }
    }
}

/// One event: all of it comes in one call.
pub(crate) struct Line(Log);

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.line(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes the program's last words to standard error. One that nobody reads is not waited for.
pub(crate) fn last_words(words: String) {
    let (tell, told) = sync_channel(1);
    let write = move || {
        // With a closed error stream there is nobody to tell.
        let _ = writeln!(io::stderr(), "{words}");
        let _ = tell.try_send(());
    };
    if std::thread::Builder::new().spawn(write).is_ok() {
        let _ = told.recv_timeout(LAST_LINES);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lets nothing through until it is opened, and keeps what comes then.
    #[derive(Clone, Default)]
    struct Door(Arc<(Mutex<Kept>, std::sync::Condvar)>);

    #[derive(Default)]
    struct Kept {
        is_open: bool,
        bytes: Vec<u8>,
    }

    impl Write for Door {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let (state, opened) = &*self.0;
            let state = state.lock().unwrap();
            let mut state = opened.wait_while(state, |state| !state.is_open).unwrap();
            state.bytes.extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn whoever_logs_does_not_wait_for_a_reader_and_what_was_lost_is_counted() {
        let door = Door::default();
        let log = Log::to(door.clone()).unwrap();
        let many = MAX_WAITING as u64 + 500;
        for n in 0..many {
            log.line(format!("line {n}\n").as_bytes());
        }
        let before = Instant::now();
        log.flush();
        assert!(before.elapsed() < LAST_LINES * 2);
        door.0.0.lock().unwrap().is_open = true;
        door.0.1.notify_all();
        while log.0.lines.try_send(Said::Line(b"the last\n".to_vec())).is_err() {
            std::thread::yield_now();
        }
        let text = || String::from_utf8(door.0.0.lock().unwrap().bytes.clone()).unwrap();
        // The end of a program waits for the last lines only so long; this test has more time.
        let opened = Instant::now();
        while !text().ends_with("the last\n") {
            assert!(opened.elapsed() < LAST_LINES * 40, "{}", text());
            log.flush();
        }
        let text = text();
        assert!(text.contains("lines of the log were lost here"), "{text}");
    }

    struct Somewhere;
    impl tracing::callsite::Callsite for Somewhere {
        fn set_interest(&self, _: tracing::subscriber::Interest) {}
        fn metadata(&self) -> &tracing::Metadata<'_> {
            unreachable!("it is only told apart")
        }
    }
    static PLACE: Somewhere = Somewhere;

    #[test]
    fn a_place_that_writes_without_end_is_slowed_down() {
        let log = Log::to(io::sink()).unwrap();
        let place = || tracing::callsite::Identifier(&PLACE);
        let written = (0..10_000).filter(|_| log.may_write(place()).is_some()).count();
        assert!((100..200).contains(&written), "{written}");
    }
}
