//! Documents are read in a process of their own: our own program, which gets the bytes of one document,
//! gives its text, and ends. What a document does to its reader is the end of that process at most.
//! Design note 0021 says which limits it has.

mod confined;

pub use confined::{confinement, run};

use forewarn_document::{Document, Kind, MAX_TEXT, Pdfs, Refused, kind};
use std::ffi::OsString;
use std::io::{self, Read as _, Write as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread::Builder;
use std::time::Duration;

/// The command that the process is started by; it is for nobody else.
pub const COMMAND: &str = "read-document";
/// How long one run may take, on a machine that is busy with other things too.
const DEADLINE: Duration = Duration::from_secs(20);
/// Readers that run at the same time: each may have a gigabyte.
const AT_ONCE: usize = 2;
/// Readers as they are shared among accounts: of so many, [`crate::shares::Shares`] leaves each account one at
/// a time, and two accounts have both places.
pub const SHARES: u64 = AT_ONCE as u64 + 1;
/// How long a document waits for a place: those before it may take their whole time, twice. It holds a
/// thread meanwhile.
const MAX_WAIT: Duration = Duration::from_mins(1);
/// Most bytes of an answer: the text, and as much again for all that is said about its parts.
const MAX_ANSWER: usize = 2 * MAX_TEXT;

/// Reads a document; a text in this process, anything else in one of its own. Blocks: never call it
/// from an async task.
///
/// # Errors
/// It is refused, or its reader had to be stopped.
pub fn read(bytes: &[u8]) -> Result<Document, Refused> {
    let kind = kind(bytes)?;
    if kind == Kind::Text {
        return forewarn_document::read(bytes, Pdfs::Left(String::new()));
    }
    let why = match once(bytes, None) {
        Ok(answer) => return answer,
        Err(why) => why,
    };
    if kind == Kind::Pdf {
        return Err(Refused::GivenUp(kind, why));
    }
    // Mostly a PDF is what ends a reader: one that came with a mail must not keep the mail away.
    once(bytes, Some(&why)).unwrap_or_else(|why| Err(Refused::GivenUp(kind, why)))
}

/// One run of a reader; how it ended, where it gave no answer.
fn once(bytes: &[u8], without_pdfs: Option<&str>) -> Result<Result<Document, Refused>, String> {
    let _place = Place::take().ok_or("too many documents are being read: try again later")?;
    let mut child = start(without_pdfs).map_err(|e| format!("its reader did not start: {e}"))?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let (sender, answer) = channel();
    let read = std::thread::scope(|scope| {
        let first = Builder::new().spawn_scoped(scope, move || {
            // A reader that has ended takes nothing more.
            let _ = stdin.map(|mut to| to.write_all(bytes));
        });
        let second = Builder::new().spawn_scoped(scope, move || {
            let mut answer = Vec::new();
            let limit = MAX_ANSWER as u64 + 1;
            let read = stdout.map(|from| from.take(limit).read_to_end(&mut answer));
            let _ = sender.send(read.is_some_and(|read| read.is_ok()).then_some(answer));
        });
        // Without both threads nothing comes of it.
        let read = match first.and(second) {
            Ok(_) => answer.recv_timeout(DEADLINE),
            Err(_) => Err(RecvTimeoutError::Disconnected),
        };
        // Whatever it still does, nobody waits for it; this closes both pipes.
        let _ = child.kill();
        read
    });
    let ended = child.wait().map_err(|e| e.to_string())?;
    match read {
        Ok(Some(answer)) if answer.len() <= MAX_ANSWER && !answer.is_empty() => {
            confined::answered(&answer)
                .ok_or_else(|| "its reader's answer was not whole".to_owned())
        }
        Ok(Some(answer)) if !answer.is_empty() => {
            Err("its reader's answer was too long".to_owned())
        }
        Err(RecvTimeoutError::Timeout) => {
            Err(format!("it took more than {} s", DEADLINE.as_secs()))
        }
        Ok(_) | Err(RecvTimeoutError::Disconnected) => Err(how(ended)),
    }
}

fn start(without_pdfs: Option<&str>) -> io::Result<Child> {
    let mut command = Command::new(program()?);
    command.arg(COMMAND);
    if let Some(why) = without_pdfs {
        command.arg(format!("--without-pdfs={why}"));
    }
    command
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
}

/// This program, as it is running: also where its file has been replaced meanwhile.
fn program() -> io::Result<OsString> {
    if cfg!(target_os = "linux") {
        return Ok("/proc/self/exe".into());
    }
    Ok(std::env::current_exe()?.into_os_string())
}

/// How a reader ended that gave no answer.
fn how(ended: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt as _;
    const CPU: i32 = rustix::process::Signal::XCPU.as_raw();
    const ABORT: i32 = rustix::process::Signal::ABORT.as_raw();
    match ended.signal() {
        Some(CPU) => format!("it took more than {} s of computing", confined::CPU_SECONDS),
        Some(ABORT) => "it took more memory than a reader has, or crashed it".to_owned(),
        Some(signal) => format!("it crashed its reader (signal {signal})"),
        None => "its reader ended without an answer".to_owned(),
    }
}

static RUNNING: Mutex<usize> = Mutex::new(0);
static FREE: Condvar = Condvar::new();

/// One of the places for readers; the next one gets it when this is dropped.
struct Place;

impl Place {
    /// `None` when none has become free for long.
    fn take() -> Option<Place> {
        let running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut running, waited) = FREE
            .wait_timeout_while(running, MAX_WAIT, |running| *running >= AT_ONCE)
            .unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            return None;
        }
        *running += 1;
        Some(Place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        *RUNNING.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        FREE.notify_one();
    }
}
