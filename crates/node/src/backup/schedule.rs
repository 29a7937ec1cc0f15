//! Backups that the node makes by itself, and for how long it keeps them.

use super::{BackupError, Made, Sealing, make, recipient};
use crate::clock;
use crate::config::BackupSection;
use crate::home::Home;
use crate::node::Node;
use crate::watch::Seen;
use forewarn_stix::Timestamp;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How often it is looked whether one is due.
const LOOK: Duration = Duration::from_secs(30);
/// After one that failed, the next try.
const AGAIN: Duration = Duration::from_mins(15);
/// The end of the names of sealed backups.
const END: &str = ".tar.age";

/// How the backups of a running node fare.
#[derive(Debug, Default)]
pub struct ScheduleFares(Mutex<Option<String>>);

impl ScheduleFares {
    /// Why the last try failed; nothing when it went well, or none was made since the start.
    pub fn failed(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, failed: Option<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = failed;
    }
}

/// What makes backups when they are due.
#[derive(Clone)]
pub(crate) struct Schedule {
    pub(crate) home: Home,
    pub(crate) variables: HashMap<String, String>,
    pub(crate) name: String,
    pub(crate) section: BackupSection,
    pub(crate) fares: Arc<ScheduleFares>,
}

impl Schedule {
    /// Runs until the node stops.
    pub(crate) async fn run(self, seen: Seen) {
        let Some(folder) = self.section.folder.clone().map(PathBuf::from) else { return };
        // It reads no command of the journal, and is never behind it.
        seen.up_to(i64::MAX);
        loop {
            if !is_due(&folder, &self.name, self.section.every) {
                tokio::time::sleep(LOOK).await;
                continue;
            }
            let (this, into) = (self.clone(), folder.clone());
            let done = tokio::task::spawn_blocking(move || this.once(&into)).await;
            match done {
                Ok(Ok(made)) => {
                    self.fares.keep(None);
                    tracing::info!(file = %made.file.display(), bytes = made.bytes, "a backup was made");
                }
                Ok(Err(error)) => {
                    self.fares.keep(Some(error.to_string()));
                    tracing::error!(%error, "no backup was made; it is tried again in 15 minutes");
                    tokio::time::sleep(AGAIN).await;
                }
                // The follower is started again by whoever watches it.
                Err(panicked) if panicked.is_panic() => {
                    std::panic::resume_unwind(panicked.into_panic())
                }
                Err(_) => return,
            }
        }
    }

    fn once(&self, folder: &Path) -> Result<Made, BackupError> {
        let recipients = self.section.recipients.iter().map(|one| recipient(one));
        let recipients = recipients.collect::<Result<_, _>>().map_err(BackupError::Refused)?;
        let file = folder.join(name_of(&self.name, &clock::now()));
        let variables = self.variables.clone().into_iter();
        let made = make(&self.home, variables, &file, &Sealing::For(recipients))?;
        let now = clock::now();
        let before = now.plus_minutes(-i64::from(self.section.keep) * 24 * 60);
        for (_, old) in past(&until(all(folder, &self.name), &now), &before) {
            match std::fs::remove_file(&old) {
                Ok(()) => {
                    tracing::info!(file = %old.display(), "a backup was kept as long as it may be");
                }
                Err(error) => {
                    tracing::error!(%error, "`{}` cannot be deleted", old.display());
                }
            }
        }
        Ok(made)
    }
}

impl Node {
    /// What makes backups, where they are configured.
    pub(crate) fn backups(&self) -> Option<Schedule> {
        self.config().backup.folder.as_ref()?;
        Some(Schedule {
            home: self.home.clone(),
            variables: self.variables.clone(),
            name: self.config().node.name.clone(),
            section: self.config().backup.clone(),
            fares: self.backup_fares.clone(),
        })
    }

    /// When the newest backup was made, and whether the next is late; nothing where the node makes
    /// none and nobody has made one by hand.
    pub async fn newest_backup(&self) -> Option<(Option<Timestamp>, bool)> {
        let (home, section) = (self.home.clone(), self.config().backup.clone());
        let last = tokio::task::spawn_blocking(move || super::last(&home).ok().flatten());
        let made = last.await.ok().flatten().map(|last| last.made);
        if section.folder.is_none() {
            return made.map(|made| (Some(made), false));
        }
        let most = -i64::from(section.every) * 2 * 60;
        let is_old = made.as_ref().is_some_and(|made| *made < clock::now().plus_minutes(most));
        let late = is_old || self.backup_fares.failed().is_some();
        Some((made, late))
    }
}

/// `forewarn-NAME-20261128T031500Z.tar.age`.
fn name_of(node: &str, made: &Timestamp) -> String {
    let digits: String = made.as_str().chars().take(19).filter(|c| !"-:".contains(*c)).collect();
    format!("forewarn-{node}-{digits}Z{END}")
}

/// When the backup of this name was made.
fn made_at(name: &str, node: &str) -> Option<Timestamp> {
    let digits = name.strip_prefix("forewarn-")?.strip_prefix(node)?.strip_prefix('-')?;
    let digits = digits.strip_suffix(END)?;
    let part = |from: usize, to: usize| digits.get(from..to);
    let is_whole = digits.len() == 16 && digits.ends_with('Z') && part(8, 9) == Some("T");
    let text = format!(
        "{}-{}-{}T{}:{}:{}.000Z",
        part(0, 4)?,
        part(4, 6)?,
        part(6, 8)?,
        part(9, 11)?,
        part(11, 13)?,
        part(13, 15)?
    );
    is_whole.then(|| Timestamp::parse(&text).ok())?
}

/// The node's own backups in a folder, the oldest first.
fn all(folder: &Path, node: &str) -> Vec<(Timestamp, PathBuf)> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut all: Vec<_> = entries
        .filter_map(|entry| {
            let made = made_at(&entry.file_name().to_string_lossy(), node)?;
            Some((made, entry.path()))
        })
        .collect();
    all.sort();
    all
}

/// Those from before a time, but never the newest.
fn past(all: &[(Timestamp, PathBuf)], before: &Timestamp) -> Vec<(Timestamp, PathBuf)> {
    let (_, rest) = all.split_last().unzip();
    let rest: &[_] = rest.unwrap_or_default();
    rest.iter().filter(|(made, _)| made < before).cloned().collect()
}

/// The newest backup that the node has made in a folder, and when.
pub fn newest(folder: &Path, node: &str) -> Option<(Timestamp, PathBuf)> {
    all(folder, node).pop()
}

/// Those that were made up to now. What a clock that was wrong has dated later neither counts as the
/// newest, which would keep all others from being made, nor is deleted.
fn until(mut all: Vec<(Timestamp, PathBuf)>, now: &Timestamp) -> Vec<(Timestamp, PathBuf)> {
    all.retain(|(made, _)| made <= now);
    all
}

/// Whether the newest is older than it may be.
fn is_due(folder: &Path, node: &str, every: u32) -> bool {
    let now = clock::now();
    let newest = until(all(folder, node), &now).pop();
    newest.is_none_or(|(made, _)| made.plus_minutes(i64::from(every) * 60) <= now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_is_known_by_its_name_and_the_newest_is_never_past() {
        let made = Timestamp::parse("2026-11-28T03:15:09.123456Z").unwrap();
        let name = name_of("west.example", &made);
        assert_eq!(name, "forewarn-west.example-20261128T031509Z.tar.age");
        let read = made_at(&name, "west.example").unwrap();
        assert_eq!(read.as_str(), "2026-11-28T03:15:09.000Z");
        assert!(made_at(&name, "west").is_none());
        assert!(made_at("forewarn-west.example-2026.tar.age", "west.example").is_none());
        let day = |day: &str| {
            let made = Timestamp::parse(&format!("2026-11-{day}T00:00:00.000Z")).unwrap();
            (made, PathBuf::from(day))
        };
        let kept = [day("01"), day("02"), day("03")];
        let gone = |before: &str| {
            let gone = past(&kept, &day(before).0);
            gone.into_iter().map(|(_, path)| path.display().to_string()).collect::<Vec<_>>()
        };
        assert_eq!(gone("02"), ["01"]);
        assert_eq!(gone("28"), ["01", "02"]);
        assert!(past(&[], &made).is_empty());
        let now = day("02").0;
        assert_eq!(until(kept.to_vec(), &now), [day("01"), day("02")]);
    }
}
