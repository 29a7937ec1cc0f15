//! A backup is tried: restored into a folder that goes again, and looked at as `doctor` looks at a node.

use super::{BackupError, Identities, Manifest, restore};
use crate::checks::{self, Check};
use crate::config::Config;
use crate::home::Home;
use crate::node::Node;
use crate::start::Start;
use forewarn_engine::Core;
use forewarn_engine::replay::replay;
use forewarn_store::{Db, Readers, Store, StoreError, differences};
use std::path::Path;

/// What a trial came to.
#[derive(Debug)]
pub struct Drilled {
    /// What the backup says of itself.
    pub manifest: Manifest,
    /// Each thing that was looked at.
    pub checks: Vec<Check>,
}

impl Drilled {
    /// Whether all of it is good.
    pub fn is_good(&self) -> bool {
        self.checks.iter().all(Check::is_good)
    }
}

/// Reads a backup back: every byte, the database, the logs with their heads and receipts.
///
/// # Errors
/// It cannot be read whole.
pub fn verify(file: &Path, keys: Option<&Identities>) -> Result<Drilled, BackupError> {
    let folder = temporary()?;
    let manifest = restore::unpack_into(file, keys, folder.path(), None)?;
    let home = Home::new(folder.path());
    let mut all =
        vec![checks::database(&home), checks::transcripts(&home), heads(&home, &manifest)];
    if has(&manifest, "signed.log") {
        all.push(checks::memory(&home));
    }
    Ok(Drilled { manifest, checks: all })
}

/// Looks at the database of a backup, once it was read back and is good.
///
/// # Errors
/// It cannot be read whole, or is not good.
pub(crate) fn look<T>(
    file: &Path,
    keys: Option<&Identities>,
    at: impl FnOnce(&Db<'_>) -> Result<T, StoreError>,
) -> Result<T, BackupError> {
    let folder = temporary()?;
    let manifest = restore::unpack_into(file, keys, folder.path(), None)?;
    let home = Home::new(folder.path());
    let all = [checks::database(&home), checks::transcripts(&home), heads(&home, &manifest)];
    if let Some(bad) = all.iter().find(|check| !check.is_good()) {
        let (what, why) = (bad.check, &bad.words);
        return Err(BackupError::Refused(format!(
            "`{}` is not good: {what}: {why}",
            file.display()
        )));
    }
    Ok(Readers::without_ids(home.database()).read(|db| at(&db))?)
}

/// Restores a backup, looks at all of it, does its journal again in an empty database, and opens its
/// node, which neither listens nor sends.
///
/// # Errors
/// It cannot be read whole.
pub fn drill(file: &Path, keys: Option<&Identities>) -> Result<Drilled, BackupError> {
    let folder = temporary()?;
    let manifest = restore::unpack_into(file, keys, folder.path(), None)?;
    let home = Home::new(folder.path());
    let mut all = vec![checks::configuration(&home, &[]), checks::files(&home)];
    all.extend([checks::database(&home), checks::transcripts(&home), heads(&home, &manifest)]);
    if has(&manifest, "signed.log") {
        all.push(checks::memory(&home));
    }
    all.push(again(&home, folder.path()));
    let keys_are_there = has(&manifest, "node.key");
    if keys_are_there {
        all.push(checks::keys(&home));
    }
    // A signer that runs apart is the one of the living node.
    let config = Config::read(&home.config(), std::iter::empty());
    let apart = config.as_ref().is_ok_and(|c| c.signer.socket.is_some());
    let is_shared = config.is_ok_and(|c| c.journal.is_some());
    all.push(if !keys_are_there {
        Check::wrong("node", "the backup has no `node.key`: no node can be opened with it")
            .fix("put the node's file of keys into the folder that is restored; seal backups (--recipients)")
    } else if apart {
        Check::good("node", "not opened: its signer runs apart, and belongs to the node that lives")
    } else if is_shared {
        let words = "not opened: its journal is on a server, and belongs to the node that lives";
        Check::good("node", words)
    } else {
        opened(home)
    });
    Ok(Drilled { manifest, checks: all })
}

fn has(manifest: &Manifest, path: &str) -> bool {
    manifest.files.iter().any(|row| row.path == path)
}

/// In the system's folder for such things, for this user alone.
fn temporary() -> Result<tempfile::TempDir, BackupError> {
    let folder = tempfile::Builder::new().prefix("forewarn-drill-").tempdir();
    folder.map_err(BackupError::io(&std::env::temp_dir()))
}

/// Every log is as long as the manifest says, and has the root that it says.
fn heads(home: &Home, manifest: &Manifest) -> Check {
    let found = Readers::without_ids(home.database()).read(|db| -> Result<_, StoreError> {
        let mut wrong = Vec::new();
        for head in &manifest.logs {
            let root = match db.log(&head.log)? {
                Some(log) if log.size == head.size => db.root(&log, head.size)?,
                _ => {
                    wrong.push(format!("{} is not as long as it was", head.log));
                    continue;
                }
            };
            if root != head.root {
                wrong.push(format!("{} has another root than it had", head.log));
            }
        }
        Ok((wrong, db.journal_index()?))
    });
    match found {
        Err(why) => Check::wrong("heads", why.to_string()),
        Ok((_, journal)) if journal != manifest.journal => {
            let said = manifest.journal;
            Check::wrong("heads", format!("the journal reaches {journal}, and reached {said}"))
        }
        Ok((wrong, _)) if !wrong.is_empty() => Check::wrong("heads", wrong.join("; ")),
        Ok((_, journal)) => {
            let count = manifest.logs.len();
            Check::good(
                "heads",
                format!("{count} logs and a journal of {journal} commands end where they did"),
            )
        }
    }
}

/// The journal, done again in an empty database, leads to the same rows.
fn again(home: &Home, folder: &Path) -> Check {
    let what = "journal";
    let other = folder.join("again.sqlite");
    let done = || -> Result<Vec<String>, StoreError> {
        let lived = Store::open(&home.database())?;
        if lived.db().erasures()? > 0 {
            return Ok(vec![String::new()]);
        }
        let mut core = Core::open(Store::open(&other)?, Vec::new())?;
        replay(&lived.db(), &mut core, lived.db().journal_index()?)?;
        drop((lived, core));
        differences(&home.database(), &other)
    };
    match done().as_deref() {
        Ok([]) => Check::good(what, "done again in an empty database, it leads to the same rows"),
        Ok([one]) if one.is_empty() => Check::good(
            what,
            "not done again: something of it was erased, so that it cannot be whole",
        ),
        Ok(all) => Check::wrong(
            what,
            format!("done again, it leads to other rows: {}", all.join("; ")),
        )
        .fix(
            "keep this backup and the node's folder as they are, and report it: this is a fault of \
                  the program, or a table was changed by hand",
        ),
        Err(why) => Check::wrong(what, why.to_string()),
    }
}

fn opened(home: Home) -> Check {
    match Node::open(home, std::iter::empty(), Start::Drill) {
        Ok(node) => {
            node.close();
            Check::good(
                "node",
                "it opens with its keys, and was closed again without a word to anybody",
            )
        }
        Err(why) => Check::wrong("node", why.to_string()),
    }
}
