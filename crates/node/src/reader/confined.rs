//! What the reader's own process does: it takes everything from itself that it does not need, and only
//! then reads the document.

use forewarn_document::{Document, MAX_BYTES, Pdfs, Refused};
use landlock::{
    ABI, Access as _, AccessFs, AccessNet, Ruleset, RulesetAttr as _, RulesetStatus, Scope,
};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::io::{self, Read as _, Write as _};

/// Computing time of one run.
pub(super) const CPU_SECONDS: u64 = 10;
/// Memory of one run, with what the program itself takes.
const MEMORY: u64 = 1 << 30;

/// Reads the document on standard input, and writes what it is to standard output: one line of JSON,
/// and below it the text.
///
/// # Errors
/// This process could not be confined, or a pipe is broken.
pub fn run(without_pdfs: Option<String>) -> io::Result<()> {
    limit()?;
    // What the kernel does not have is left; `doctor` says how far it goes.
    let _ = confine();
    // Standard input, output and error are open: nothing more can be, neither a file nor a socket.
    at_most(Resource::Nofile, (3, 3))?;
    let mut bytes = Vec::new();
    io::stdin().take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    let read = forewarn_document::read(&bytes, without_pdfs.map_or(Pdfs::Read, Pdfs::Left));
    let mut out = io::stdout().lock();
    let (head, text) = match read {
        Ok(mut document) => {
            let text = std::mem::take(&mut document.text);
            (Ok(document), text)
        }
        Err(refused) => (Err(refused), String::new()),
    };
    serde_json::to_writer(&mut out, &head)?;
    out.write_all(b"\n")?;
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// The document that a process wrote; `None` where that is not whole.
pub(super) fn answered(answer: &[u8]) -> Option<Result<Document, Refused>> {
    let end = answer.iter().position(|byte| *byte == b'\n')?;
    let (head, text) = answer.split_at(end);
    let head: Result<Document, Refused> = serde_json::from_slice(head).ok()?;
    let Ok(mut document) = head else { return Some(head) };
    document.text = String::from_utf8(text.get(1..)?.to_vec()).ok()?;
    document.is_whole().then_some(Ok(document))
}

fn limit() -> io::Result<()> {
    let limits = [
        (Resource::As, MEMORY, MEMORY),
        // At the first it is told that its time is up, at the second it is killed.
        (Resource::Cpu, CPU_SECONDS, CPU_SECONDS + 1),
        (Resource::Fsize, 0, 0),
        (Resource::Core, 0, 0),
        (Resource::Nproc, 0, 0),
    ];
    limits.into_iter().try_for_each(|(resource, most, last)| at_most(resource, (most, last)))
}

/// Sets a limit, or leaves a lower one that whoever started us has set.
fn at_most(resource: Resource, (most, last): (u64, u64)) -> io::Result<()> {
    let known = getrlimit(resource).maximum;
    let least = |wanted: u64| Some(known.map_or(wanted, |known| known.min(wanted)));
    Ok(setrlimit(resource, Rlimit { current: least(most), maximum: least(last) })?)
}

/// No file, no TCP, no signal to others, as far as the kernel can see to that; what it cannot is left as
/// it is.
fn confine() -> Option<RulesetStatus> {
    // The oldest interface that has all three; a kernel with less does what it can of it.
    let all = ABI::V6;
    let ruled = Ruleset::default()
        .handle_access(AccessFs::from_all(all))
        .and_then(|rules| rules.handle_access(AccessNet::from_all(all)))
        .and_then(|rules| rules.scope(Scope::from_all(all)))
        .and_then(Ruleset::create);
    ruled.ok()?.restrict_self().ok().map(|status| status.ruleset)
}

/// How far this kernel keeps a reader from files, TCP and others, in words. It is tried on a thread that
/// ends with it.
pub fn confinement() -> &'static str {
    match std::thread::spawn(confine).join() {
        Ok(Some(RulesetStatus::FullyEnforced)) => {
            "the kernel keeps its readers from all files, TCP and signals (landlock)"
        }
        Ok(Some(RulesetStatus::PartiallyEnforced)) => {
            "the kernel keeps its readers from files, and not from all else (landlock, an older one); limits \
             of files, memory and time hold"
        }
        Ok(Some(RulesetStatus::NotEnforced) | None) | Err(_) => {
            "the kernel has no landlock; limits of files, memory and time hold"
        }
    }
}
