//! A backup becomes a node's folder again.

use super::{BackupError, Identities, Manifest, read};
use crate::clock;
use crate::home::Home;
use forewarn_stix::Timestamp;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

/// From which backup a folder was restored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    /// When the database was copied.
    pub made: Timestamp,
    /// When the folder was restored.
    pub restored: Timestamp,
    /// The index that the journal had reached.
    pub journal: i64,
}

/// Says in the log of a node from which backup its folder was restored, where it was.
pub(crate) fn say_restored(home: &Home) {
    let Ok(text) = std::fs::read(home.restored()) else { return };
    match serde_json::from_slice::<Restored>(&text) {
        Ok(Restored { made, restored, journal }) => tracing::info!(
            %restored,
            "this folder was restored from a backup of {made}, after {journal} commands: nothing is signed \
             for a partner before it was compared with what that holds"
        ),
        Err(error) => tracing::warn!(%error, "`{}` cannot be read", home.restored().display()),
    }
}

/// Restores a folder that is not there, or is empty. It gets its name when all of it is on the disk and
/// fits the manifest: half a folder is never taken for a node's. `memory` is a newer `signed.log` that
/// has survived; it takes the place of the one in the backup.
///
/// Nothing is done here against signing too early, since there is nothing to do: at each start a node
/// signs for a partner only after it has compared with what that holds (`channel::compare`).
///
/// # Errors
/// The folder is not empty, or the backup cannot be read whole.
pub fn restore(
    file: &Path,
    keys: Option<&Identities>,
    folder: &Path,
    memory: Option<&Path>,
) -> Result<Manifest, BackupError> {
    let is_empty = match std::fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none(),
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => true,
        Err(why) => return Err(BackupError::io(folder)(why)),
    };
    if !is_empty {
        let words = "is not empty: a backup is restored to a new folder; nothing was written";
        return Err(BackupError::Refused(format!("`{}` {words}", folder.display())));
    }
    let above = above(folder);
    let disk = |folder: &Path| std::fs::metadata(folder).map(|found| found.dev()).ok();
    if disk(folder).is_some_and(|here| disk(&above).is_some_and(|above| above != here)) {
        let words =
            "is where a disk is mounted, and cannot be replaced: restore to a new folder in it";
        return Err(BackupError::Refused(format!("`{}` {words}", folder.display())));
    }
    let part = Part::beside(folder)?;
    let manifest = unpack_into(file, keys, &part.0, memory)?;
    std::fs::rename(&part.0, folder).map_err(BackupError::io(folder))?;
    File::open(&above).and_then(|above| above.sync_all()).map_err(BackupError::io(&above))?;
    Ok(manifest)
}

/// The same, into a folder of the caller's own.
pub(super) fn unpack_into(
    file: &Path,
    keys: Option<&Identities>,
    folder: &Path,
    memory: Option<&Path>,
) -> Result<Manifest, BackupError> {
    let manifest = read::unpack(file, keys, folder)?;
    let home = Home::new(folder);
    if let Some(memory) = memory {
        take_over(memory, &home)?;
    }
    let (made, journal) = (manifest.made.clone(), manifest.journal);
    let known = Restored { made, restored: clock::now(), journal };
    let text = serde_json::to_vec(&known).map_err(|why| BackupError::Refused(why.to_string()))?;
    std::fs::write(home.restored(), text).map_err(BackupError::io(&home.restored()))?;
    home.close_to_others();
    Ok(manifest)
}

/// Puts what has survived of the signer's memory in the place of the backup's, when it knows no less.
fn take_over(memory: &Path, home: &Home) -> Result<(), BackupError> {
    let read = |path: &Path| {
        forewarn_signer::read_memory(path).map_err(|why| {
            BackupError::Refused(format!("`{}` is no memory of a signer: {why}", path.display()))
        })
    };
    let (found, kept) = (read(memory)?.signed, read(&home.signed())?.signed);
    for (log, (size, _)) in &kept {
        let known = found.get(log).map_or(0, |(size, _)| *size);
        if known < *size {
            return Err(BackupError::Refused(format!(
                "`{}` knows of {known} signed entries of {log}, and the backup of {size}: it is an older copy, \
                 or another node's. Restore without --signed; nothing was written",
                memory.display()
            )));
        }
    }
    let bytes = std::fs::read(memory).map_err(BackupError::io(memory))?;
    std::fs::write(home.signed(), bytes).map_err(BackupError::io(&home.signed()))
}

fn above(folder: &Path) -> PathBuf {
    match folder.parent() {
        Some(above) if !above.as_os_str().is_empty() => above.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// The folder while it is not whole yet: goes when it does not get its name.
struct Part(PathBuf);

impl Part {
    fn beside(folder: &Path) -> Result<Part, BackupError> {
        let name = folder.file_name().ok_or_else(|| {
            BackupError::Refused(format!("`{}` is no name of a new folder", folder.display()))
        })?;
        let path = above(folder).join(format!(".{}.part", name.to_string_lossy()));
        std::fs::DirBuilder::new().mode(0o700).create(&path).map_err(|why| match why.kind() {
            std::io::ErrorKind::AlreadyExists => BackupError::Refused(format!(
                "`{}` is left from a restore that did not end, or of one that goes on: delete it when none \
                 does",
                path.display()
            )),
            _ => BackupError::io(&path)(why),
        })?;
        Ok(Part(path))
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // After the renaming there is nothing of this name.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
