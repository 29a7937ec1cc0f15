//! What every node has applied, and a backup has, is thrown away: by hand, and by nothing that decides.

use crate::cluster::SeenNode;
use crate::{Postgres, guards, signed, unsigned};
use forewarn_journal::answer::Answer;
use forewarn_journal::batch::Position;
use std::time::Duration;
use tokio_postgres::types::ToSql;

/// Batches that are deleted at once.
const AT_ONCE: i64 = 32;
/// What they are waited for as: a group commit of small commands has 1 MiB at the most.
const AT_ONCE_BYTES: u64 = 32 << 20;

/// Nodes that have not come so far, as they last said: each would miss what is deleted.
const BEHIND: &str = "
SELECT name, applied, greatest(0, extract(epoch FROM now() - seen))::bigint
FROM fw_node WHERE applied < $1 ORDER BY name LIMIT 50";
/// The batch that ends at the place stays: by it a node that has come there knows its journal. What the nodes
/// have is asked again where it counts.
const SHORTEN: &str = "
UPDATE fw_head SET oldest = greatest(oldest, (SELECT start FROM fw_batch WHERE start + count = $1))
WHERE one = 1 AND EXISTS (SELECT 1 FROM fw_batch WHERE start + count = $1 AND chain = $2)
    AND NOT EXISTS (SELECT 1 FROM fw_node WHERE applied < $1)
RETURNING oldest";
const CLEAR: &str = "
DELETE FROM fw_batch WHERE start IN (
    SELECT start FROM fw_batch WHERE start < (SELECT oldest FROM fw_head WHERE one = 1)
    ORDER BY start LIMIT $1)";
/// Not one that lives, nor the one that writes.
const FORGET: &str = "
DELETE FROM fw_node n USING fw_head h WHERE n.name = $1 AND n.seen < now() - interval '60 s'
    AND split_part(coalesce(h.writer, ''), '/', 1) <> n.name";

impl Postgres {
    /// The nodes that have not applied the first so many commands.
    pub fn behind(&mut self, size: u64) -> Answer<Vec<SeenNode>> {
        self.ask(async |session| {
            let rows = session.client.query(BEHIND, &[&signed(size)]).await?;
            let nodes = rows.iter().map(|row| {
                let (applied, ago): (i64, i64) = (row.try_get(1)?, row.try_get(2)?);
                let ago = Duration::from_secs(ago.unsigned_abs());
                Ok(SeenNode { name: row.try_get(0)?, applied: unsigned(applied), ago })
            });
            Ok((nodes.collect::<Result<_, tokio_postgres::Error>>()?, None))
        })
    }

    /// Commits that nobody is given anything before this place any more: but for the batch that ends there. The
    /// index where the journal begins now; `None` when no batch ends there with this chain, or a node is
    /// behind it.
    pub fn shorten(&mut self, at: &Position) -> Answer<Option<u64>> {
        self.ask(async |session| {
            let (client, guard) = (&session.client, &session.statements.guard);
            let (size, chain) = (signed(at.size), &at.chain.0[..]);
            let values: [&(dyn ToSql + Sync); 2] = [&size, &chain];
            let (before, row, after) = tokio::join!(
                client.query_one(guard, &[]),
                client.query_opt(SHORTEN, &values),
                client.query_one(guard, &[]),
            );
            let oldest = row?.map(|row| row.try_get(0)).transpose()?.map(unsigned);
            Ok((oldest, guards(before, after)?))
        })
    }

    /// Deletes some of what stands before the beginning; how many batches, 0 when none is left.
    pub fn clear(&mut self) -> Answer<u64> {
        self.ask_for(AT_ONCE_BYTES, async |session| {
            Ok((session.client.execute(CLEAR, &[&AT_ONCE]).await?, None))
        })
    }

    /// Forgets a node that was not seen for a minute and is not the writer: nothing waits for it any more. Whether
    /// there was such a one.
    pub fn forget(&mut self, name: &str) -> Answer<bool> {
        self.ask(async |session| {
            let (client, guard) = (&session.client, &session.statements.guard);
            let values: [&(dyn ToSql + Sync); 1] = [&name];
            let (before, done, after) = tokio::join!(
                client.query_one(guard, &[]),
                client.execute(FORGET, &values),
                client.query_one(guard, &[]),
            );
            Ok((done? == 1, guards(before, after)?))
        })
    }
}
