//! Connections for reading, handed out one at a time and taken back.

use crate::{Db, StoreError, open_reader};
use rusqlite::Connection;
use std::path::PathBuf;
use std::sync::Mutex;

/// Idle connections kept; more are opened when more read at once.
const MAX_IDLE: usize = 8;

/// Opens connections as they are needed.
pub struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    pub fn new(path: PathBuf) -> Readers {
        Readers { path, idle: Mutex::new(Vec::new()) }
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
        let snapshot = connection.transaction().map_err(StoreError::from)?;
        let out = work(Db::within(&snapshot));
        drop(snapshot);
        if let Ok(mut idle) = self.idle.lock()
            && idle.len() < MAX_IDLE
        {
            idle.push(connection);
        }
        out
    }
}
