//! Partners.

use crate::{Db, StoreError};
use forewarn_exchange::partner::Partner;

impl Db<'_> {
    pub fn partner(&self, name: &str) -> Result<Option<Partner>, StoreError> {
        self.state("SELECT state FROM partner WHERE name = ?1", name)
    }

    pub fn partners(&self) -> Result<Vec<Partner>, StoreError> {
        self.states("SELECT state FROM partner ORDER BY name", [])
    }

    pub fn set_partner(&self, partner: &Partner) -> Result<(), StoreError> {
        let sql = "INSERT OR REPLACE INTO partner (name, state) VALUES (?1, ?2)";
        self.put(sql, partner.name(), partner)
    }
}
