//! The journal that several nodes share, on PostgreSQL.
//!
//! The rules are those of `forewarn-journal`; here is how its questions are put to a server: one
//! statement each, on one session, with patience that ends. What comes back is told as it came,
//! warnings and guard beside it; nothing is judged or repeated here.

#![warn(missing_docs)]

mod address;
mod cluster;
mod schema;
mod session;
mod shorten;

pub use address::{Address, BadAddress};
pub use cluster::{Cluster, SeenNode};
pub use schema::{NotMade, SCHEMA};

use forewarn_journal::answer::{Answer, Came, Guard};
use forewarn_journal::batch::{Batch, Position, Row, Version};
use forewarn_journal::server::{Confirmed, Greeting, Placed, Server, Sign, Writer};
use forewarn_transcript::Hash;
use session::{Asked, Raw, Session};
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::time::timeout;
use tokio_postgres::Error;
use tokio_postgres::types::ToSql;

/// Most batches that are read at once.
const MAX_READ: i64 = 16;
/// Most bytes that are read at once, but for one batch, which may be larger.
const MAX_READ_BYTES: u64 = 1 << 20;

/// Who a node is to the journal, at each start.
#[derive(Debug, Clone)]
pub struct Us {
    /// Its name there, which no other node of the journal has.
    pub node: String,
    /// Where people and partners reach it.
    pub url: String,
}

/// A node's way to the journal's servers. It belongs to one thread, which it keeps waiting.
pub struct Postgres {
    /// Taken out when this goes, which may be where a runtime must not be dropped.
    runtime: Option<Runtime>,
    address: Address,
    us: Us,
    speaks: Version,
    /// Which of the hosts is asked.
    host: usize,
    session: Option<Session>,
}

impl Postgres {
    /// Nothing is connected yet.
    ///
    /// # Errors
    /// The system gives no runtime.
    pub fn new(address: Address, us: Us, speaks: Version) -> std::io::Result<Postgres> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let runtime = Some(runtime);
        Ok(Postgres { runtime, address, us, speaks, host: 0, session: None })
    }

    /// How many hosts there are to be asked in turn.
    pub fn hosts(&self) -> usize {
        self.address.hosts.len()
    }

    /// Makes the tables, and a journal in them, which begins with this random value: at the first of
    /// the servers that does it. Done again, it is the same.
    ///
    /// # Errors
    /// There is another journal already, or no server does it.
    pub fn make(&mut self, origin: Hash) -> Result<(), NotMade> {
        let mut made = Err(NotMade::Gone);
        for host in 0..self.hosts() {
            let Some(runtime) = &self.runtime else { return Err(NotMade::Gone) };
            let address = &self.address;
            made = runtime.block_on(async {
                let raw = Raw::open(address, host).await?;
                timeout(session::patience(0), schema::make(&raw.client, &origin))
                    .await
                    .map_err(|_| NotMade::Silent)?
            });
            if matches!(made, Ok(()) | Err(NotMade::Taken)) {
                break;
            }
        }
        made
    }

    /// Closes the journal where it ends, for good: when that is this place, and one of these names is
    /// the writer's, or nobody's is. Whether it is closed now.
    pub fn close(&mut self, at: &Position, names: &[String]) -> Answer<bool> {
        self.ask(async |session| {
            let (client, statements) = (&session.client, &session.statements);
            let (size, chain) = (signed(at.size), &at.chain.0[..]);
            let values: [&(dyn ToSql + Sync); 3] = [&size, &chain, &names];
            let (before, done, after) = tokio::join!(
                client.query_one(&statements.guard, &[]),
                client.execute(&statements.close, &values),
                client.query_one(&statements.guard, &[]),
            );
            Ok((done? == 1, guards(before, after)?))
        })
    }

    fn ask<T>(&mut self, question: impl AsyncFnOnce(&Session) -> Asked<T>) -> Answer<T> {
        self.ask_for(0, question)
    }

    /// Asks what moves so many bytes.
    fn ask_for<T>(
        &mut self,
        bytes: u64,
        question: impl AsyncFnOnce(&Session) -> Asked<T>,
    ) -> Answer<T> {
        let Some((runtime, session)) = self.runtime.as_ref().zip(self.session.as_ref()) else {
            return Answer::plain(Came::Nothing("there is no session".to_owned()));
        };
        runtime.block_on(session.patient(bytes, question(session)))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.session = None;
        // Not waited for: the last handle of a node may go on a thread that must not wait.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Server for Postgres {
    fn hello(&mut self, at: u64) -> Answer<Greeting> {
        if self.session.is_none() {
            let Postgres { runtime, address, host, .. } = self;
            let Some(runtime) = runtime else {
                return Answer::plain(Came::Nothing("the node is stopping".to_owned()));
            };
            match runtime.block_on(Session::open(address, *host)) {
                Ok(session) => self.session = Some(session),
                Err(error) => return Answer::plain(session::came(&error)),
            }
        }
        self.ask(async |session| {
            let (client, hello) = (&session.client, &session.statements.hello);
            let row = client.query_one(hello, &[&signed(at)]).await?;
            let version = Version(row.try_get::<_, i32>(4)?.unsigned_abs());
            let oldest = unsigned(row.try_get(5)?);
            let chain: Option<&[u8]> = row.try_get(6)?;
            Ok((Greeting { sign: sign(&row)?, version, oldest, chain: chain.map(hash) }, None))
        })
    }

    fn claim(&mut self, name: &str, over: Option<&Sign>) -> Answer<bool> {
        let writer = over.and_then(|over| over.writer.as_ref()).map(|one| one.name.as_str());
        let (size, beat) = over.map_or((0, 0), |over| (signed(over.size), signed(over.beat)));
        let is_asked = over.is_some();
        self.ask(async |session| {
            let (client, statements) = (&session.client, &session.statements);
            let values: [&(dyn ToSql + Sync); 5] = [&name, &is_asked, &writer, &size, &beat];
            let (before, done, after) = tokio::join!(
                client.query_one(&statements.guard, &[]),
                client.execute(&statements.claim, &values),
                client.query_one(&statements.guard, &[]),
            );
            Ok((done? == 1, guards(before, after)?))
        })
    }

    fn append(&mut self, batch: &Batch) -> Answer<Option<Placed>> {
        let Batch { id, node, version, count, body } = batch;
        let (digest, bytes) = (batch.digest(), id.as_bytes());
        let (version, count) = (i32::try_from(version.0).unwrap_or(i32::MAX), signed(*count));
        self.ask_for(body.len() as u64, async |session| {
            let (client, statements) = (&session.client, &session.statements);
            let (digest, body) = (&digest.0[..], &body[..]);
            // The guard is sent before it and behind it, and so answered before and after the commit.
            let values: [&(dyn ToSql + Sync); 7] =
                [&id, &count, &node, &version, &digest, &body, &bytes];
            let (before, row, after) = tokio::join!(
                client.query_one(&statements.guard, &[]),
                client.query_opt(&statements.append, &values),
                client.query_one(&statements.guard, &[]),
            );
            let row = row?;
            // Without a row nothing was put there; what the server waits for is told all the same.
            let guard = guards(before, after)?;
            let Some(row) = row else { return Ok((None, guard)) };
            let placed = Placed { start: unsigned(row.try_get(0)?), chain: hash(row.try_get(1)?) };
            Ok((Some(placed), guard))
        })
    }

    fn read(&mut self, from: u64) -> Answer<Vec<Row>> {
        let sizes = self.ask(async |session| {
            let statement = &session.statements.sizes;
            let rows = session.client.query(statement, &[&signed(from), &MAX_READ]).await?;
            let sizes = rows.iter().map(|row| Ok(row.try_get::<_, i32>(0)?.unsigned_abs().into()));
            Ok((sizes.collect::<Result<Vec<u64>, Error>>()?, None))
        });
        let (count, bytes) = match sizes.came {
            Came::Value(sizes) => worth(&sizes),
            Came::Error(state, why) => return Answer::plain(Came::Error(state, why)),
            Came::Nothing(why) => return Answer::plain(Came::Nothing(why)),
        };
        if count == 0 {
            return Answer::plain(Came::Value(Vec::new()));
        }
        self.ask_for(bytes, async |session| {
            let statement = &session.statements.read;
            let rows = session.client.query(statement, &[&signed(from), &count]).await?;
            let rows = rows.iter().map(row).collect::<Result<Vec<Row>, Error>>()?;
            Ok((rows, None))
        })
    }

    fn confirm(&mut self, got: u64, applied: u64, name: Option<&str>) -> Answer<Confirmed> {
        let Us { node, url } = self.us.clone();
        let speaks = i32::try_from(self.speaks.0).unwrap_or(i32::MAX);
        self.ask(async |session| {
            let (client, statements) = (&session.client, &session.statements);
            let (got, applied) = (signed(got), signed(applied));
            let values: [&(dyn ToSql + Sync); 6] = [&node, &got, &applied, &speaks, &name, &url];
            let (before, row, after) = tokio::join!(
                client.query_one(&statements.guard, &[]),
                client.query_one(&statements.confirm, &values),
                client.query_one(&statements.guard, &[]),
            );
            let row = row?;
            let confirmed = Confirmed { sign: sign(&row)?, is_renewed: row.try_get(4)? };
            Ok((confirmed, guards(before, after)?))
        })
    }

    fn leave(&mut self) {
        self.session = None;
        self.host = self.host.wrapping_add(1);
    }

    fn rest(&mut self, rest: Duration) {
        if let Some(runtime) = &self.runtime {
            runtime.block_on(async { tokio::time::sleep(rest).await });
        }
    }
}

/// How many of the next batches are read together, and how many bytes that moves: one at least, where
/// there is one.
fn worth(sizes: &[u64]) -> (i64, u64) {
    let (mut count, mut bytes) = (0, 0_u64);
    for size in sizes {
        let with = bytes.saturating_add(*size);
        if count > 0 && with > MAX_READ_BYTES {
            break;
        }
        (count, bytes) = (count + 1, with);
    }
    (count, bytes)
}

/// For whom the server waited, before a commit and after it.
fn guards(
    before: Result<tokio_postgres::Row, Error>,
    after: Result<tokio_postgres::Row, Error>,
) -> Result<Option<[Guard; 2]>, Error> {
    Ok(Some([Guard::read(before?.try_get(0)?), Guard::read(after?.try_get(0)?)]))
}

/// The first four columns of a greeting and of a confirmation.
fn sign(row: &tokio_postgres::Row) -> Result<Sign, Error> {
    let (name, url): (Option<String>, Option<String>) = (row.try_get(2)?, row.try_get(3)?);
    let writer = name.map(|name| Writer { name, url: url.unwrap_or_default() });
    Ok(Sign { writer, size: unsigned(row.try_get(0)?), beat: unsigned(row.try_get(1)?) })
}

fn row(row: &tokio_postgres::Row) -> Result<Row, Error> {
    let batch = Batch {
        id: row.try_get(2)?,
        node: row.try_get(3)?,
        version: Version(row.try_get::<_, i32>(4)?.unsigned_abs()),
        count: unsigned(row.try_get(1)?),
        body: row.try_get(7)?,
    };
    let (digest, chain) = (hash(row.try_get(5)?), hash(row.try_get(6)?));
    Ok(Row { start: unsigned(row.try_get(0)?), batch, digest, chain })
}

/// What is not of 32 bytes equals no hash that anything has.
fn hash(bytes: &[u8]) -> Hash {
    Hash::from_slice(bytes).unwrap_or(Hash([0; 32]))
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The table has no number below 0; one that somebody has put there fits nowhere.
fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use session::patience;

    #[test]
    fn what_is_read_at_once_is_bounded_and_a_large_batch_comes_alone_with_patience_for_its_size() {
        const MIB: u64 = 1 << 20;
        assert_eq!(worth(&[]), (0, 0));
        assert_eq!(worth(&[10, 20, 30]), (3, 60));
        assert_eq!(worth(&[MIB - 1, 1, 1]), (2, MIB));
        assert_eq!(worth(&[40 * MIB, 1]), (1, 40 * MIB));
        assert_eq!(worth(&[1, 40 * MIB]), (1, 1));
        assert_eq!(patience(0), Duration::from_secs(4));
        assert_eq!(patience(40 * MIB), Duration::from_secs(164));
    }
}
