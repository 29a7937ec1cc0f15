//! The steps to today's format of the database: tried on a copy, or done.

use crate::disk;
use crate::home::{Home, HomeError};
use forewarn_store::{NotCopied, Rehearsal, Store, StoreError, rehearse};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

/// Why the steps were not tried, or not done.
#[derive(Debug, thiserror::Error)]
pub enum NotMigrated {
    /// The node runs, or its folder is not as it should be.
    #[error(transparent)]
    Home(#[from] HomeError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no copy of it, or a step failed on the copy.
    #[error(transparent)]
    Copy(#[from] NotCopied),
    /// A folder or file.
    #[error("`{}`: {why}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system says.
        why: std::io::Error,
    },
    /// The copy has no room.
    #[error(
        "`{}` has {left} MiB left, and a copy that is brought up to date may need {needed}: name another \
         folder with --in", path.display()
    )]
    NoRoom {
        /// Where the copy was to be.
        path: PathBuf,
        /// What is left there, in MiB.
        left: u64,
        /// What may be needed, in MiB.
        needed: u64,
    },
}

fn io(path: &Path) -> impl Fn(std::io::Error) -> NotMigrated {
    move |why| NotMigrated::Io { path: path.to_owned(), why }
}

/// Tries the steps on a copy in a folder, the node's own unless another one is named. The node may run. The
/// copy is deleted again.
///
/// # Errors
/// There is no room, the database is of a later version, or a step failed.
pub fn try_on_a_copy(home: &Home, folder: Option<&Path>) -> Result<Rehearsal, NotMigrated> {
    let database = home.database();
    let length = std::fs::metadata(&database).map_err(io(&database))?.len();
    let folder = folder.unwrap_or_else(|| home.path());
    let stage = folder.join(home.migrate_stage().file_name().unwrap_or_default());
    let left = disk::left(folder).map_err(io(folder))?;
    // A step may write a table anew beside the one that it replaces, and its log beside both.
    let needed = length.saturating_mul(3).saturating_add(disk::LITTLE);
    if left < needed {
        let (left, needed) = (left >> 20, needed >> 20);
        return Err(NotMigrated::NoRoom { path: folder.to_owned(), left, needed });
    }
    clear(&stage)?;
    std::fs::DirBuilder::new().mode(0o700).create(&stage).map_err(io(&stage))?;
    let done = rehearse(&database, &stage.join("forewarn.sqlite"));
    clear(&stage)?;
    Ok(done?)
}

/// Brings the database up to date, as the next start would; from which version, and to which.
///
/// # Errors
/// The node runs, the database is of a later version, or a step failed.
pub fn migrate(home: &Home) -> Result<(usize, usize), NotMigrated> {
    let _lock = home.lock()?;
    let database = home.database();
    // A file that is not there would be made.
    std::fs::metadata(&database).map_err(io(&database))?;
    let from = forewarn_store::version_of(&database)?;
    drop(Store::open(&database)?);
    Ok((from, forewarn_store::schema_version()))
}

fn clear(stage: &Path) -> Result<(), NotMigrated> {
    match std::fs::remove_dir_all(stage) {
        Err(why) if why.kind() != std::io::ErrorKind::NotFound => Err(io(stage)(why)),
        Ok(()) | Err(_) => Ok(()),
    }
}
