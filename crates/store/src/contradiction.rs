//! Proofs that a log was written twice: kept for ever.

use crate::{Db, StoreError};
use forewarn_transcript::Hash;
use forewarn_transcript::contradiction::Contradiction;

/// Most proofs kept of one log: one is enough, and whoever cheats could make any number.
const MAX_KEPT: i64 = 16;

/// A proof that one log was written twice, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Ours, in the order in which proofs came to be known, from 1.
    pub number: i64,
    /// The name of the partner whose channel the log belongs to.
    pub partner: String,
    /// The name of the log that was written twice.
    pub log: String,
    /// When it came to be known here.
    pub time: String,
    /// Two checkpoints that the log's writer has signed and that cannot both be true.
    pub proof: Contradiction,
}

impl Db<'_> {
    /// All proofs that are kept, oldest first.
    pub fn contradictions(&self) -> Result<Vec<Kept>, StoreError> {
        let sql = "SELECT seq, partner, log, time, proof FROM contradiction ORDER BY seq";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let number = row.get(0)?;
            let proof: String = row.get(4)?;
            let proof = crate::parse(&format!("contradiction {number}"), &proof)?;
            let (partner, log, time) = (row.get(1)?, row.get(2)?, row.get(3)?);
            all.push(Kept { number, partner, log, time, proof });
        }
        Ok(all)
    }

    /// Keeps a proof; whether it is a new one, and more are kept of this log.
    pub fn add_contradiction(
        &self,
        partner: &str,
        time: &str,
        proof: &Contradiction,
    ) -> Result<bool, StoreError> {
        let sql = "SELECT count(*) FROM contradiction WHERE log = ?1";
        let known: i64 =
            self.connection.prepare_cached(sql)?.query_row([&proof.log], |row| row.get(0))?;
        if known >= MAX_KEPT {
            return Ok(false);
        }
        let sql = "INSERT INTO contradiction (partner, log, time, digest, proof) \
                   VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING";
        let digest = Hash::of(&proof.bytes()).0;
        let text = crate::text(proof)?;
        let row = (partner, &proof.log, time, digest, text);
        Ok(self.connection.prepare_cached(sql)?.execute(row)? > 0)
    }
}
