//! What can be looked at of a node's folder without changing it, whether its node runs or not: what
//! `doctor` shows, and what a restored backup must pass.

mod around;

pub use around::{audit, clock, journal, notifiers, readers, signer_apart, stamps, witnesses};

use crate::backup;
use crate::clock as time;
use crate::config::Config;
use crate::disk;
use crate::home::Home;
use crate::reopen::{self, NotReopened};
use crate::stated::Stated;
use forewarn_exchange::scale::Status;
use forewarn_signer::read_memory;
use forewarn_stix::Timestamp;
use forewarn_store::{Db, Readers, StoreError};
use serde::Serialize;
use std::path::PathBuf;

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at.
    pub check: &'static str,
    /// Whether it is as it should be.
    pub good: bool,
    /// What was found.
    pub words: String,
    /// What to do about it; nothing when it is good, or when the words say it.
    pub fix: Option<String>,
}

impl Check {
    /// As it should be.
    pub fn good(check: &'static str, words: impl Into<String>) -> Check {
        Check { check, good: true, words: words.into(), fix: None }
    }

    /// Not as it should be.
    pub fn wrong(check: &'static str, words: impl Into<String>) -> Check {
        Check { check, good: false, words: words.into(), fix: None }
    }

    /// With what to do about it.
    pub fn fix(self, fix: impl Into<String>) -> Check {
        Check { fix: Some(fix.into()), ..self }
    }

    /// Whether it is as it should be.
    pub fn is_good(&self) -> bool {
        self.good
    }

    /// Of something that was found, or of why it was not.
    pub fn of(check: &'static str, found: Result<String, String>) -> Check {
        match found {
            Ok(words) => Check::good(check, words),
            Err(words) => Check::wrong(check, words),
        }
    }
}

/// Variables of the environment that stand over the file, as name and value.
pub type Variables = [(String, String)];

fn config(home: &Home, variables: &Variables) -> Result<Config, String> {
    Config::read(&home.config(), variables.iter().cloned()).map_err(|e| e.to_string())
}

/// Whether `forewarn.toml`, with the files that it names, can be used: a node would start with it.
pub fn configuration(home: &Home, variables: &Variables) -> Check {
    let stated = Stated::read(home, &variables.iter().cloned().collect());
    let words = stated
        .map(|Stated { config: c, .. }| {
            format!("{} at {}, listens on {}", c.node.name, c.node.url, c.node.listen)
        })
        .map_err(|why| why.to_string());
    let fix = "correct it there; `forewarn config show` lists every key of forewarn.toml";
    let check = Check::of("configuration", words);
    if check.good { check } else { check.fix(fix) }
}

/// Whether the keys are there, closed to others, and those that the database speaks of.
pub fn keys(home: &Home) -> Check {
    let found = home.secret_keys().map_err(|e| e.to_string()).and_then(|keys| {
        if home.database().exists() {
            let held: Vec<_> = keys.iter().map(forewarn_transcript::SecretKey::public).collect();
            Readers::without_ids(home.database())
                .read(|db| crate::keys::check(&db, &held))
                .map_err(|e| e.to_string())?;
        }
        let newest = keys.last().map(|key| key.public().to_string()).unwrap_or_default();
        let count = keys.len();
        Ok(format!("readable by its owner only; {count} there, public half of the newest {newest}"))
    });
    Check::of("key", found)
}

/// Nobody else on this machine may read or change what is the node's.
pub fn files(home: &Home) -> Check {
    let open = home.open_to_others();
    if open.is_empty() {
        return Check::good("files", "open to their owner only");
    }
    let one = |(path, mode): &(PathBuf, u32)| {
        let wanted = if path.is_dir() { "700" } else { "600" };
        format!("`{}` is open to others ({mode:03o}): chmod {wanted} {0}", path.display())
    };
    let words = open.iter().map(one).collect::<Vec<_>>().join("; ");
    Check::wrong("files", words)
        .fix("run these commands as the node's user; the next start does it too")
}

/// Every page, table and row.
pub fn database(home: &Home) -> Check {
    let path = home.database();
    let restore =
        "keep a copy of this folder, and restore the newest backup: forewarn restore FILE DIR";
    if !path.exists() {
        return Check::wrong("database", format!("`{}` is not there", path.display())).fix(restore);
    }
    match forewarn_store::examine(&path) {
        Ok(wrong) if wrong.is_empty() => Check::good("database", "every page, index and row fits"),
        Ok(wrong) => {
            let words = format!("{}; keep this copy, and restore a backup", wrong.join("; "));
            Check::wrong("database", words).fix(restore)
        }
        Err(why) => Check::wrong("database", why.to_string()).fix(restore),
    }
}

/// What is left of the disk.
pub fn space(home: &Home) -> Check {
    let folder = home.path().display();
    let left = match disk::left(home.path()) {
        Ok(left) => left,
        Err(e) => return Check::wrong("disk", format!("`{folder}`: {e}")),
    };
    let mib = left >> 20;
    if left >= disk::LITTLE {
        return Check::good("disk", format!("{mib} MiB are left"));
    }
    let full = if mib == 0 { "is full" } else { "is nearly full" };
    let words = format!(
        "the disk that holds `{folder}` {full}: {mib} MiB are left, and a node needs {} MiB to write. Free \
         some space there",
        disk::LITTLE >> 20,
    );
    Check::wrong("disk", words)
        .fix("delete what is not the node's, or move the folder to a larger disk")
}

/// What the signer remembers, against what the database holds.
pub fn signer(home: &Home) -> Check {
    let check = Check::of("signer", signed(home));
    let fix = "never delete `signed.log`; put the newest copies of it and of the database back, and start the \
               node: it compares with its partners before it signs";
    if check.good { check } else { check.fix(fix) }
}

/// The same for a backup, in which the signer may know some entries more: they were signed after the
/// database was copied.
pub(crate) fn memory(home: &Home) -> Check {
    let path = home.signed();
    let found = read_memory(&path).map_err(|e| format!("`{}`: {e}", path.display()));
    let found = found.and_then(|memory| {
        let logs = read(home, |db| db.logs())?;
        let mut later = 0;
        for log in &logs {
            let Some((size, root)) = memory.signed.get(&log.name) else { continue };
            later += size.saturating_sub(log.size);
            if *size <= log.size && read(home, |db| db.root(log, *size))? != *root {
                return Err(format!("the first {size} entries of {} are not those that were signed", log.name));
            }
        }
        let more = if later == 0 {
            String::new()
        } else {
            format!("; {later} entries were signed after the database was copied, and come back from partners")
        };
        Ok(format!("{} logs were signed{more}", memory.signed.len()))
    });
    Check::of("signer", found)
}

fn signed(home: &Home) -> Result<String, String> {
    let path = home.signed();
    let memory = read_memory(&path).map_err(|e| format!("`{}`: {e}", path.display()))?;
    if memory.is_cut_off {
        return Err(format!(
            "the last line of `{}` is cut off, by a crash or by something else: start the node, which \
             compares what it has signed with what the partners hold",
            path.display(),
        ));
    }
    let signed = memory.signed;
    let logs = read(home, |db| db.logs())?;
    for log in &logs {
        let receipted = read(home, |db| db.newest_receipt(log))?.map_or(0, |(size, _)| size);
        let remembered = signed.get(&log.name).map_or(0, |(size, _)| *size);
        if receipted > remembered {
            return Err(format!(
                "the signer remembers {} of {}, of which {receipted} entries were signed: `{}` was lost, \
                 or is an old copy. Put the newest one back. Without it, a running node signs nothing \
                 for {} until that has shown what was signed",
                if remembered == 0 {
                    "nothing".to_owned()
                } else {
                    format!("{remembered} entries")
                },
                log.name,
                path.display(),
                log.partner,
            ));
        }
        let Some((size, root)) = signed.get(&log.name) else { continue };
        if *size > log.size {
            let whose = if log.ours { "ours" } else { "the partner's" };
            return Err(format!(
                "the database is older than what was signed: of {} ({whose}), {} entries are here \
                 and {size} were signed. A running node fetches what it lacks from {}; until then \
                 it writes nothing to it",
                log.name, log.size, log.partner,
            ));
        }
        if read(home, |db| db.root(log, *size))? != *root {
            return Err(format!(
                "the first {size} entries of {} are not those that were signed: restore a backup, \
                 and keep this copy",
                log.name,
            ));
        }
    }
    if let Some((log, (size, _))) =
        signed.iter().find(|(log, _)| logs.iter().all(|l| l.name != **log))
    {
        return Err(format!(
            "{size} entries of {log} were signed, and the database knows nothing of that log: it is an \
             old copy, or another node's"
        ));
    }
    Ok(format!("{} logs were signed; all of what was signed is here", signed.len()))
}

/// Whether a log was written twice.
pub fn contradictions(home: &Home) -> Check {
    match read(home, |db| db.contradictions()).as_deref() {
        Err(why) => Check::wrong("contradictions", why.clone()),
        Ok([]) => Check::good("contradictions", "no log was ever written twice"),
        Ok([first, rest @ ..]) => {
            let words = format!(
                "{} was written twice, and its writer has signed both; {} proofs are kept \
                 (`forewarn channel contradictions`). Speak with {}'s people by another way",
                first.log,
                rest.len() + 1,
                first.partner,
            );
            let fix = "write the proof to a file (forewarn channel contradictions --number 1 -o proof.json) \
                       and settle with the partner's people which log stands";
            Check::wrong("contradictions", words).fix(fix)
        }
    }
}

fn read<T, E: From<StoreError> + std::fmt::Display>(
    home: &Home,
    work: impl FnOnce(Db<'_>) -> Result<T, E>,
) -> Result<T, String> {
    if !home.database().exists() {
        return Err(format!("`{}` is not there", home.database().display()));
    }
    Readers::without_ids(home.database()).read(work).map_err(|e| e.to_string())
}

/// Every entry, hash and receipt.
pub fn transcripts(home: &Home) -> Check {
    let found = read(home, |db| -> Result<_, NotReopened> {
        let logs = db.logs()?;
        for log in &logs {
            db.check_log(log)?;
        }
        let entries: u64 = logs.iter().map(|log| log.size).sum();
        let receipts = reopen::receipts(&db)?;
        let words = "every hash fits, every receipt is signed";
        Ok(format!("{} logs, {entries} entries, {receipts} receipts: {words}", logs.len()))
    });
    let check = Check::of("transcripts", found);
    if check.good {
        return check;
    }
    check
        .fix("keep a copy of this folder, and restore the newest backup: forewarn restore FILE DIR")
}

/// How old the newest backup is. A folder for which none is configured, and of which none was made,
/// is told so.
pub fn backup(home: &Home, variables: &Variables) -> Check {
    let what = "backup";
    let (section, status) = match config(home, variables) {
        Ok(config) => (config.backup, config.node.status),
        Err(_) => return Check::wrong(what, "forewarn.toml cannot be read, so that none is known"),
    };
    let last = match backup::last(home) {
        Ok(last) => last,
        Err(why) => return Check::wrong(what, why.to_string()),
    };
    let now = time::now();
    let make = "make one: forewarn backup FILE --recipients age1…; or have the node make them: [backup] folder, \
                recipients (docs/operating/backup.md)";
    let Some(last) = last else {
        let words = "no backup of this folder was ever made";
        // What an exercise or a test has, nobody misses.
        let is_meant = status == Status::Actual || section.folder.is_some();
        return if is_meant {
            Check::wrong(what, words).fix(make)
        } else {
            Check::good(what, words)
        };
    };
    let age = hours(&last.made, &now);
    let words = format!("the newest is of {}, {age} hours old, {}", last.made, last.file.display());
    if !last.file.exists() {
        let words = format!("{words}; the file is not there now");
        return Check::wrong(what, words).fix("mount the disk that it is on, or make another one");
    }
    let most = if section.folder.is_some() { i64::from(section.every) * 2 } else { 7 * 24 };
    if age > most {
        return Check::wrong(what, format!("{words}; it may be {most}")).fix(
            "look into the node's log why none was made since, or make one: forewarn backup FILE",
        );
    }
    Check::good(what, words)
}

/// Whole hours from one time to the other.
fn hours(from: &Timestamp, to: &Timestamp) -> i64 {
    (to.micros() - from.micros()) / 3_600_000_000
}
