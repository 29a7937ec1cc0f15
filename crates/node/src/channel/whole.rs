//! Logs that were read whole since the node started, and were as they were hashed.

use forewarn_engine::Failure;
use forewarn_store::Db;
use forewarn_store::log::LogRow;
use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

/// Which logs were. What was changed on a disk while the node was not running is found before the
/// first signature that rests on it; what is changed later, when it is read.
#[derive(Default)]
pub struct Whole(Mutex<HashSet<String>>);

impl Whole {
    /// Reads the log whole, when it was not before.
    pub fn check(&self, db: &Db<'_>, log: &LogRow) -> Result<(), Failure> {
        if self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(&log.name) {
            return Ok(());
        }
        db.check_log(log)?;
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(log.name.clone());
        Ok(())
    }
}
