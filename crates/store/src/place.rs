//! Whether the files that are open are still those that have the database's name.

use crate::StoreError;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

type Id = (u64, u64);

/// The database, its write-ahead log and the index of that. What is written to a file that was
/// deleted or replaced is lost when the node stops.
#[derive(Debug)]
pub struct Place(Mutex<Vec<(PathBuf, Option<Id>)>>);

impl Place {
    pub(crate) fn new(database: &Path) -> Place {
        let path = |end: &str| {
            let mut name = database.as_os_str().to_owned();
            name.push(end);
            PathBuf::from(name)
        };
        let files = ["", "-wal", "-shm"].map(|end| (path(end), id(&path(end))));
        Place(Mutex::new(files.into()))
    }

    /// # Errors
    /// [`StoreError::Gone`] when one of them was deleted, moved or replaced.
    pub fn check(&self) -> Result<(), StoreError> {
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (path, known) in files.iter_mut() {
            let now = id(path);
            match known {
                // The log is made by the first transaction.
                None => *known = now,
                Some(before) if now == Some(*before) => {}
                Some(_) => return Err(StoreError::Gone(path.clone())),
            }
        }
        Ok(())
    }
}

fn id(path: &Path) -> Option<Id> {
    std::fs::metadata(path).ok().map(|found| (found.dev(), found.ino()))
}
