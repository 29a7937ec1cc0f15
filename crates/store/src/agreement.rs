//! Agreements with partners, version by version.

use crate::{Db, StoreError};
use forewarn_exchange::agreement::{Agreement, Fate, Version};
use forewarn_exchange::name::NodeName;

impl Db<'_> {
    /// A version of the agreement with a partner; of two that crossed, the one that did not fall.
    pub fn agreement(
        &self,
        partner: &NodeName,
        version: Version,
    ) -> Result<Option<Agreement>, StoreError> {
        let sql = "SELECT state FROM agreement WHERE partner = ?1 AND version = ?2 \
                   ORDER BY fate = 'crossed' LIMIT 1";
        Ok(self.states(sql, (&**partner, version.get()))?.into_iter().next())
    }

    /// The partner's proposal of this version that fell, since ours crossed it.
    pub fn crossed_agreement(
        &self,
        partner: &NodeName,
        version: Version,
    ) -> Result<Option<Agreement>, StoreError> {
        let sql = "SELECT state FROM agreement WHERE partner = ?1 AND version = ?2 AND ours = 0 \
                   AND fate = 'crossed'";
        Ok(self.states(sql, (&**partner, version.get()))?.into_iter().next())
    }

    /// The last version that was proposed; 0 before the first.
    pub fn last_agreement(&self, partner: &NodeName) -> Result<Version, StoreError> {
        let sql = "SELECT coalesce(max(version), 0) FROM agreement WHERE partner = ?1";
        let last =
            self.connection.prepare_cached(sql)?.query_row([&**partner], |row| row.get(0))?;
        Ok(Version::new(last))
    }

    /// The version that waits for an answer of either side.
    pub fn waiting_agreement(&self, partner: &NodeName) -> Result<Option<Agreement>, StoreError> {
        let sql = "SELECT state FROM agreement WHERE partner = ?1 AND fate = 'waiting'";
        Ok(self.states(sql, [&**partner])?.into_iter().next())
    }

    /// At most so many versions that wait, of all partners.
    pub fn waiting_agreements(&self, limit: usize) -> Result<Vec<Agreement>, StoreError> {
        let sql = "SELECT state FROM agreement WHERE fate = 'waiting' ORDER BY partner LIMIT ?1";
        self.states(sql, [i64::try_from(limit).unwrap_or(i64::MAX)])
    }

    /// So many versions with a partner after a place, each with its place, oldest first.
    pub fn agreements_after(
        &self,
        partner: &NodeName,
        after: i64,
        count: i64,
    ) -> Result<Vec<(i64, Agreement)>, StoreError> {
        let sql = "SELECT seq, state FROM agreement WHERE partner = ?1 AND seq > ?2 \
                   ORDER BY seq LIMIT ?3";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((&**partner, after, count))?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push((row.get(0)?, crate::parse("agreement", &row.get::<_, String>(1)?)?));
        }
        Ok(all)
    }

    /// The newest versions with a partner, the newest first.
    pub fn newest_agreements(
        &self,
        partner: &NodeName,
        most: usize,
    ) -> Result<Vec<Agreement>, StoreError> {
        let sql = "SELECT state FROM agreement WHERE partner = ?1 ORDER BY seq DESC LIMIT ?2";
        self.states(sql, (&**partner, i64::try_from(most).unwrap_or(i64::MAX)))
    }

    /// A version is this from now on.
    pub fn set_agreement(&self, agreement: &Agreement) -> Result<(), StoreError> {
        let sql = "INSERT INTO agreement (partner, version, ours, fate, state) \
                   VALUES (?1, ?2, ?3, ?4, ?5) \
                   ON CONFLICT (partner, version, ours) DO UPDATE SET fate = ?4, state = ?5";
        let fate = match agreement.fate {
            Fate::Waiting {} => "waiting",
            Fate::Signed { .. } => "signed",
            Fate::Declined { .. } => "declined",
            Fate::Crossed {} => "crossed",
            Fate::NotUnderstood { .. } => "not-understood",
        };
        let Agreement { partner, version, ours, .. } = agreement;
        let row = (&**partner, version.get(), ours, fate, crate::text(agreement)?);
        self.connection.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }
}
