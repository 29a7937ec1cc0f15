//! A small file of its own beside the database, opened when it is first needed.

use crate::{BUSY_MS, StoreError};
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The file at a path, which need not be there.
pub(crate) struct Beside {
    path: PathBuf,
    /// Makes of an open file what it is: its pragmas and its table.
    made: fn(&Connection) -> Result<(), StoreError>,
    open: Mutex<Option<Connection>>,
}

impl Beside {
    pub(crate) fn at(path: &Path, made: fn(&Connection) -> Result<(), StoreError>) -> Beside {
        Beside { path: path.to_owned(), made, open: Mutex::default() }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Works on the file, which is made if it is not there.
    pub(crate) fn with<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let connection = match open.take() {
            Some(connection) => connection,
            None => self.opened()?,
        };
        work(open.insert(connection))
    }

    /// The same, of a file that need not be there: nothing stands in it then, and none is made.
    pub(crate) fn reading<T: Default>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if self.path.exists() { self.with(work) } else { Ok(T::default()) }
    }

    fn opened(&self) -> Result<Connection, StoreError> {
        let file = Connection::open(&self.path)?;
        file.busy_timeout(Duration::from_millis(BUSY_MS))?;
        (self.made)(&file)?;
        Ok(file)
    }
}
