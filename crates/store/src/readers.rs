//! Connections for reading, handed out one at a time and taken back.

use crate::connection::open_reader;
use crate::ids::{Ids, View};
use crate::{Db, StoreError};
use rusqlite::Connection;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

/// Idle connections kept; more are opened when more read at once.
const MAX_IDLE: usize = 16;

/// Opens connections as they are needed.
pub struct Readers {
    path: PathBuf,
    ids: Arc<Ids>,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    /// Opens a file that nobody writes. An item cannot be found by its id: that is an error.
    pub fn without_ids(path: PathBuf) -> Readers {
        Readers::beside(path, Ids::none())
    }

    pub(crate) fn beside(path: PathBuf, ids: Arc<Ids>) -> Readers {
        Readers { path, ids, idle: Mutex::new(Vec::new()) }
    }

    /// Reads in one snapshot: what is read together belongs together.
    pub fn read<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(Db<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let idle = self.idle.lock().ok().and_then(|mut idle| idle.pop());
        let mut connection = match idle {
            Some(connection) => connection,
            None => open_reader(&self.path)?,
        };
        let view = View::of(&self.ids);
        let snapshot = connection.transaction().map_err(StoreError::from)?;
        let out = work(Db { connection: &snapshot, ids: &view });
        drop(snapshot);
        if let Ok(mut idle) = self.idle.lock()
            && idle.len() < MAX_IDLE
        {
            idle.push(connection);
        }
        out
    }
}
