//! Sources in danger.

use crate::sight::Sight;
use crate::{Db, StoreError};
use forewarn_exchange::danger::{Danger, Dangers};

const NAME: &str = "dangers";

impl Db<'_> {
    /// All dangers that are kept.
    pub fn dangers(&self) -> Result<Dangers, StoreError> {
        Ok(self.setting(NAME)?.unwrap_or_default())
    }

    /// One is new, or another now.
    pub fn set_danger(&self, danger: &Danger) -> Result<(), StoreError> {
        self.set_setting(NAME, &self.dangers()?.with(danger.clone()))
    }

    /// Whether somebody may know that there is a source of this handle: something came from it that he or
    /// she may see, or it is a partner.
    pub fn sees_source(&self, handle: &str, sight: &Sight) -> Result<bool, StoreError> {
        if sight.is_whole() {
            return self.is_source(handle);
        }
        let sql = "SELECT 1 FROM intake WHERE source = ?1 AND collection IS NOT NULL \
                   AND collection NOT IN (SELECT value FROM json_each(?2)) \
                   UNION ALL SELECT 1 FROM partner WHERE name = ?1 LIMIT 1";
        Ok(self.connection.prepare_cached(sql)?.exists((handle, sight.hidden()))?)
    }

    /// Whether something came from a source of this handle, or from a partner of this name.
    pub fn is_source(&self, handle: &str) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM intake WHERE source = ?1 \
                   UNION ALL SELECT 1 FROM partner WHERE name = ?1 LIMIT 1";
        Ok(self.connection.prepare_cached(sql)?.exists([handle])?)
    }
}
