//! Who has to do with a journal, for people to see: asked by hand, and by nothing that decides.

use crate::session::NotOpened;
use crate::{Postgres, session};
use forewarn_journal::answer::Came;
use std::time::Duration;
use tokio::time::timeout;

/// Most nodes that are told.
const MAX_NODES: i64 = 50;

/// What a server says of itself and of the nodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    /// The server that answered, as it knows itself.
    pub server: String,
    /// For whom it waits, in its own words: `synchronous_standby_names`.
    pub waits_for: String,
    /// When the writer became it, in UTC; nothing when nobody has claimed the journal.
    pub claimed: Option<String>,
    /// Every node that was ever seen, by its name.
    pub nodes: Vec<SeenNode>,
}

/// A node of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenNode {
    /// Its name there.
    pub name: String,
    /// How many commands it has applied, when it last said so.
    pub applied: u64,
    /// When that was.
    pub ago: Duration,
}

const SERVER: &str = "
SELECT coalesce(host(inet_server_addr()) || ':' || inet_server_port(), 'a socket'),
    current_setting('synchronous_standby_names'),
    to_char(claimed AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')
FROM fw_head WHERE one = 1";
const NODES: &str = "
SELECT name, applied, greatest(0, extract(epoch FROM now() - seen))::bigint
FROM fw_node ORDER BY name LIMIT $1";

impl Postgres {
    /// Asks the server that was greeted last.
    ///
    /// # Errors
    /// There is no session, or it gives no answer.
    pub fn cluster(&mut self) -> Result<Cluster, String> {
        let none = || "there is no session".to_owned();
        let (runtime, session) =
            self.runtime.as_ref().zip(self.session.as_ref()).ok_or_else(none)?;
        let asked = runtime.block_on(async {
            let client = &session.client;
            let asked = timeout(session::patience(0), async {
                let row = client.query_one(SERVER, &[]).await?;
                let nodes = client.query(NODES, &[&MAX_NODES]).await?;
                let nodes = nodes.iter().map(|row| {
                    let (applied, ago): (i64, i64) = (row.try_get(1)?, row.try_get(2)?);
                    Ok(SeenNode {
                        name: row.try_get(0)?,
                        applied: applied.unsigned_abs(),
                        ago: Duration::from_secs(ago.unsigned_abs()),
                    })
                });
                let nodes = nodes.collect::<Result<_, tokio_postgres::Error>>()?;
                Ok(Cluster {
                    server: row.try_get(0)?,
                    waits_for: row.try_get(1)?,
                    claimed: row.try_get(2)?,
                    nodes,
                })
            });
            asked.await.unwrap_or(Err(NotOpened::Silent))
        });
        asked.map_err(|why| match session::came::<()>(&why) {
            Came::Error(_, why) | Came::Nothing(why) => why,
            Came::Value(()) => none(),
        })
    }
}
