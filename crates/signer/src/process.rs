//! The signer as a process of its own: what runs in it, and how the node starts and reaches it.

use crate::NotSigned;
use crate::keyring::Keyring;
use crate::memory::Signed;
use crate::protocol::{Hello, MAX_LINE, Outcome, Reply, Request, Statement, Verb};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use forewarn_transcript::{Hash, Note};
use std::collections::HashMap;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long a signature may take before the signer counts as gone: a slow disk's fsync is in it.
const ANSWER_TIME: Duration = Duration::from_secs(10);
/// How long the signer may take to read what it is asked: it reads ahead.
const SEND_TIME: Duration = Duration::from_secs(5);
/// How long a signer that was told so may take to end.
const END_TIME: Duration = Duration::from_secs(2);
/// Most statements that share one fsync.
const MAX_TOGETHER: usize = 256;
/// Bytes of requests read at once, which bounds what shares an fsync too: a reader's statement with
/// both signatures of the writer has 5 to 6 kB, so that all of them fit.
const READ_AHEAD: usize = MAX_TOGETHER * (6 << 10);

/// Serves one node until it closes the connection. What waits is answered together: the statements
/// about logs share one fsync.
pub fn serve(keyring: &mut Keyring, stream: &UnixStream) -> io::Result<()> {
    let mut write = stream;
    let keys = keyring.keys().into_iter();
    let keys = keys.filter_map(|keys| Some((keys.ed25519, keys.mldsa44?))).collect();
    let hello = Hello { keys, signed: keyring.signed().clone() };
    write.write_all(line(&hello)?.as_bytes())?;
    let mut lines = BufReader::with_capacity(READ_AHEAD, stream);
    while let Some(requests) = waiting(&mut lines)? {
        let mut out = String::new();
        for reply in answer(keyring, requests) {
            out.push_str(&line(&reply)?);
        }
        write.write_all(out.as_bytes())?;
    }
    Ok(())
}

/// Waits for a request, and takes those that have come with it; `None` at the end.
fn waiting(lines: &mut BufReader<impl io::Read>) -> io::Result<Option<Vec<Request>>> {
    let Some(first) = read_line(lines)? else { return Ok(None) };
    let mut requests = vec![first];
    // Whole lines that have come already: reading them does not wait.
    while requests.len() < MAX_TOGETHER && lines.buffer().contains(&b'\n') {
        requests.extend(read_line(lines)?);
    }
    Ok(Some(requests))
}

fn answer(keyring: &mut Keyring, requests: Vec<Request>) -> Vec<Reply> {
    let mut replies = Vec::with_capacity(requests.len());
    let (mut ids, mut statements): (Vec<u64>, Vec<Statement>) = (Vec::new(), Vec::new());
    let mut learnt = Vec::new();
    for Request { id, verb } in requests {
        match verb {
            Verb::Log(statement) => {
                ids.push(id);
                statements.push(statement);
            }
            Verb::Learn { note } => learnt.push((id, note)),
            Verb::Access { by, text } => {
                let signed = keyring.access(&by, &text);
                let outcome = signed.map(|bytes| Outcome::Access(STANDARD.encode(bytes)));
                replies.push(Reply { id, outcome: outcome.unwrap_or_else(Outcome::Refused) });
            }
        }
    }
    for (id, note) in learnt {
        let outcome = keyring.learn(&note).map(|(size, root)| Outcome::Learnt(size, root));
        replies.push(Reply { id, outcome: outcome.unwrap_or_else(Outcome::Refused) });
    }
    let signed = keyring.log(&statements);
    replies.extend(ids.into_iter().zip(signed).map(|(id, signed)| {
        let outcome = signed.map(|note| Outcome::Note(note.to_string()));
        Reply { id, outcome: outcome.unwrap_or_else(Outcome::Refused) }
    }));
    replies
}

fn line(value: &impl serde::Serialize) -> io::Result<String> {
    Ok(serde_json::to_string(value)? + "\n")
}

/// A line; `None` at the end.
fn read_line<T: serde::de::DeserializeOwned>(
    lines: &mut BufReader<impl io::Read>,
) -> io::Result<Option<T>> {
    let mut text = String::new();
    lines.take(MAX_LINE as u64).read_line(&mut text)?;
    if text.is_empty() {
        return Ok(None);
    }
    Ok(Some(serde_json::from_str(&text)?))
}

/// Where the signer is.
#[derive(Debug, Clone)]
pub enum Where {
    /// A process that the node starts, of this program, for this folder.
    Started {
        /// The program that is started; it must have the command `signer`.
        program: PathBuf,
        /// The node's folder, which holds the keys and the signer's memory.
        home: PathBuf,
    },
    /// One that runs already, under another user perhaps, and listens here.
    Listening(PathBuf),
}

/// The node's end. A signer that has ended, or does not answer, is replaced with the next request.
pub(super) struct Client {
    place: Where,
    state: Mutex<State>,
    /// What it has remembered while we knew it: one that was started again and has forgotten some
    /// of it is not asked.
    last: Arc<Mutex<Signed>>,
}

struct State {
    link: Option<Link>,
    /// How many links there have been: the newest one's number.
    number: u64,
    /// When no link could be made last, and why.
    failed: Option<(Instant, String)>,
    closed: bool,
}

type Waiting = Arc<Mutex<Option<HashMap<u64, Sender<Outcome>>>>>;

struct Link {
    stream: UnixStream,
    waiting: Waiting,
    next: u64,
    child: Option<Child>,
    /// Disconnected when the other end has closed.
    ended: Receiver<()>,
}

impl Drop for Link {
    fn drop(&mut self) {
        let Some(mut child) = self.child.take() else {
            let _ = self.stream.shutdown(std::net::Shutdown::Both);
            return;
        };
        // It ends by itself when its connection does. One that hangs is killed: what it has signed
        // it remembers, however it ends.
        let _ = self.stream.shutdown(std::net::Shutdown::Write);
        let _ = self.ended.recv_timeout(END_TIME);
        let _ = child.kill();
        // A process that cannot be killed, such as one that waits for a dead disk, keeps nobody.
        let (gone, is_gone) = channel();
        let waits = std::thread::Builder::new().name("signer".to_owned());
        let waits = waits.spawn(move || drop(gone.send(child.wait())));
        if waits.is_ok() {
            let _ = is_gone.recv_timeout(END_TIME);
        }
    }
}

impl Client {
    pub(super) fn open(place: Where) -> io::Result<(Client, Hello)> {
        let (link, hello) = Link::open(&place)?;
        let last = Arc::new(Mutex::new(hello.signed.clone()));
        let state = State { link: Some(link), number: 0, failed: None, closed: false };
        Ok((Client { place, state: Mutex::new(state), last }, hello))
    }

    pub(super) fn last(&self) -> Arc<Mutex<Signed>> {
        self.last.clone()
    }

    /// Starts the signer, or calls it, once more.
    fn reopen(&self) -> io::Result<Link> {
        let (link, hello) = Link::open(&self.place)?;
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let forgotten = last.iter().find(|(log, (size, _))| {
            hello.signed.get(*log).is_none_or(|(remembered, _)| remembered < size)
        });
        match forgotten {
            None => Ok(link),
            Some((log, (size, _))) => Err(io::Error::other(format!(
                "the signer has forgotten that it signed {size} entries of {log}: its `signed.log` \
                 was lost, or is an old copy. Put the newest one back, and start the node again"
            ))),
        }
    }

    pub(super) fn log(&self, statement: &Statement) -> Result<Note, NotSigned> {
        match self.ask(Verb::Log(statement.clone()))? {
            Outcome::Note(text) => {
                Note::parse(&text).map_err(|e| io::Error::other(e.to_string()).into())
            }
            Outcome::Refused(refused) => Err(NotSigned::Refused(refused)),
            Outcome::Access(_) | Outcome::Learnt(..) => Err(otherwise().into()),
        }
    }

    pub(super) fn access(
        &self,
        by: &forewarn_transcript::PublicKey,
        text: &str,
    ) -> Result<[u8; 64], NotSigned> {
        match self.ask(Verb::Access { by: *by, text: text.to_owned() })? {
            Outcome::Access(text) => {
                let bytes = STANDARD.decode(text).ok().and_then(|bytes| bytes.try_into().ok());
                bytes.ok_or_else(|| io::Error::other("the signature cannot be read").into())
            }
            Outcome::Refused(refused) => Err(NotSigned::Refused(refused)),
            Outcome::Note(_) | Outcome::Learnt(..) => Err(otherwise().into()),
        }
    }

    pub(super) fn learn(&self, note: &str) -> Result<(u64, Hash), NotSigned> {
        match self.ask(Verb::Learn { note: note.to_owned() })? {
            Outcome::Learnt(size, root) => Ok((size, root)),
            Outcome::Refused(refused) => Err(NotSigned::Refused(refused)),
            Outcome::Note(_) | Outcome::Access(_) => Err(otherwise().into()),
        }
    }

    fn ask(&self, verb: Verb) -> io::Result<Outcome> {
        let asked = Instant::now();
        let reopen = || self.reopen();
        let (answer, number) = self.state().send(reopen, verb, asked)?;
        answer.recv_timeout(ANSWER_TIME).map_err(|_| {
            // Whoever else waits for this signer learns at once that nothing comes.
            self.state().give_up(number);
            gone()
        })
    }

    /// Ends the signer that was started, and starts no other.
    pub(super) fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        state.link = None;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Asks the signer that runs; the answer is waited for without holding up others.
    fn send(
        &mut self,
        reopen: impl FnOnce() -> io::Result<Link>,
        verb: Verb,
        asked: Instant,
    ) -> io::Result<(Receiver<Outcome>, u64)> {
        if self.closed {
            return Err(gone());
        }
        if self.link.as_ref().is_none_or(Link::has_ended) {
            self.link = None;
            // Another request has tried in vain while this one waited.
            if let Some((_, why)) = self.failed.as_ref().filter(|(at, _)| *at >= asked) {
                return Err(io::Error::other(why.clone()));
            }
            tracing::warn!("the signer has ended; it is started again");
            match reopen() {
                Ok(link) => self.link = Some(link),
                Err(why) => {
                    self.failed = Some((Instant::now(), why.to_string()));
                    return Err(why);
                }
            }
            self.number += 1;
        }
        let Some(link) = self.link.as_mut() else { return Err(gone()) };
        match link.send(verb) {
            Ok(answer) => Ok((answer, self.number)),
            // What was sent in part cannot be followed by anything.
            Err(why) => {
                self.link = None;
                Err(why)
            }
        }
    }

    fn give_up(&mut self, number: u64) {
        if self.number == number && self.link.is_some() {
            tracing::error!("the signer does not answer; it is replaced");
            self.link = None;
        }
    }
}

fn otherwise() -> io::Error {
    io::Error::other("the signer answered something else")
}

fn gone() -> io::Error {
    io::Error::other("the signer has ended, or does not answer")
}

impl Link {
    fn open(place: &Where) -> io::Result<(Link, Hello)> {
        let (stream, child) = match place {
            Where::Listening(socket) => (UnixStream::connect(socket)?, None),
            Where::Started { program, home } => {
                let (stream, child) = start(program, home)?;
                (stream, Some(child))
            }
        };
        let waiting: Waiting = Arc::new(Mutex::new(Some(HashMap::new())));
        let (ends, ended) = channel();
        let link = Link { stream, waiting: waiting.clone(), next: 0, child, ended };
        let mut lines = BufReader::with_capacity(MAX_LINE, link.stream.try_clone()?);
        link.stream.set_read_timeout(Some(ANSWER_TIME))?;
        // The greeting holds all logs: it is not bounded by a line's length.
        let mut text = String::new();
        lines.read_line(&mut text)?;
        if text.is_empty() {
            drop(ends);
            return Err(io::Error::other("the signer did not start; its words are in the log"));
        }
        let hello = serde_json::from_str(&text)?;
        link.stream.set_read_timeout(None)?;
        link.stream.set_write_timeout(Some(SEND_TIME))?;
        std::thread::Builder::new().name("signer".to_owned()).spawn(move || {
            while let Ok(Some(Reply { id, outcome })) = read_line(&mut lines) {
                let mut waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(sender) = waiting.as_mut().and_then(|all| all.remove(&id)) {
                    let _ = sender.send(outcome);
                }
            }
            // Whoever waits learns that nothing comes any more.
            *waiting.lock().unwrap_or_else(PoisonError::into_inner) = None;
            drop(ends);
        })?;
        Ok((link, hello))
    }

    fn has_ended(&self) -> bool {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }

    fn send(&mut self, verb: Verb) -> io::Result<Receiver<Outcome>> {
        let id = self.next;
        self.next += 1;
        let (sender, answer) = channel();
        match self.waiting.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            Some(waiting) => waiting.insert(id, sender),
            None => return Err(gone()),
        };
        self.stream.write_all(line(&Request { id, verb })?.as_bytes())?;
        Ok(answer)
    }
}

/// Starts the signer with one end of a socket pair as its standard input: nobody else can reach it,
/// and it ends when this process does, however it ends.
fn start(program: &Path, home: &Path) -> io::Result<(UnixStream, Child)> {
    let (ours, theirs) = UnixStream::pair()?;
    let child = Command::new(program)
        .arg("signer")
        .arg("--home")
        .arg(home)
        .stdin(Stdio::from(OwnedFd::from(theirs)))
        .stdout(Stdio::null())
        // Ctrl-C is for the node: it may have something to sign until it has stopped.
        .process_group(0)
        .spawn()?;
    Ok((ours, child))
}

#[cfg(test)]
mod tests {
    use super::super::protocol::Role;
    use super::*;
    use forewarn_transcript::{Checkpoint, SecretKey};

    /// Once only a dozen shared an fsync: what fits into 64 kB.
    #[test]
    fn all_statements_that_have_come_are_taken_together() {
        let key = SecretKey::from_seed(&[1; 32]);
        let origin = format!("a.example/forewarn/{}", Hash([1; 32]));
        let checkpoint = Checkpoint { origin, size: 1, root: Hash([1; 32]) };
        let statement = Statement {
            role: Role::Reader,
            note: checkpoint.sign(&key, true).to_string(),
            by: key.public(),
            both: true,
            time: 7,
            from: Some(1_000_000),
            proof: vec![Hash([1; 32]); 20],
        };
        let request = |id| line(&Request { id, verb: Verb::Log(statement.clone()) }).unwrap();
        let sent: String = (0..MAX_TOGETHER as u64).map(request).collect();
        let mut lines = BufReader::with_capacity(READ_AHEAD, sent.as_bytes());
        assert_eq!(waiting(&mut lines).unwrap().unwrap().len(), MAX_TOGETHER, "{}", sent.len());
        assert!(waiting(&mut lines).unwrap().is_none());
    }
}
