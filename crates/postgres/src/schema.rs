//! The tables, and how they are made.

use crate::address::words;
use forewarn_transcript::Hash;
use tokio_postgres::Client;

/// The version of the tables.
pub const SCHEMA: i32 = 2;

/// Why there is no new journal.
#[derive(Debug, thiserror::Error)]
pub enum NotMade {
    /// There is one.
    #[error("the database has a journal already; nothing was changed")]
    Taken,
    /// The server did not do it.
    #[error("the journal's server: {}", words(.0))]
    Server(#[from] tokio_postgres::Error),
    /// No answer in time.
    #[error("the journal's server has not answered in time")]
    Silent,
    /// The program ends.
    #[error("the program is stopping")]
    Gone,
}

/// `origin` is the chain at size 0: the journal's identity. `start` and `size` count commands; a row of
/// `fw_batch` is one group that was committed together. `writer` alone appends, and counts `beat` on. Bodies are compressed and sealed: PostgreSQL
/// need not try to compress them again.
const TABLES: &str = "
CREATE TABLE fw_head (
    one INT PRIMARY KEY CHECK (one = 1),
    schema INT NOT NULL,
    origin BYTEA NOT NULL,
    size BIGINT NOT NULL,
    chain BYTEA NOT NULL,
    version INT NOT NULL,
    oldest BIGINT NOT NULL,
    writer TEXT,
    beat BIGINT NOT NULL DEFAULT 0,
    claimed TIMESTAMPTZ);
CREATE TABLE fw_batch (
    start BIGINT PRIMARY KEY,
    count BIGINT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    node TEXT NOT NULL,
    version INT NOT NULL,
    digest BYTEA NOT NULL,
    chain BYTEA NOT NULL,
    body BYTEA NOT NULL);
ALTER TABLE fw_batch ALTER body SET STORAGE EXTERNAL;
CREATE TABLE fw_node (
    name TEXT PRIMARY KEY,
    got BIGINT NOT NULL,
    applied BIGINT NOT NULL,
    speaks INT NOT NULL,
    url TEXT NOT NULL,
    seen TIMESTAMPTZ NOT NULL);
";

/// Makes all of it, or nothing. One that was made with this beginning, and that nobody has written to,
/// is the same: whoever asked had no answer.
pub(crate) async fn make(client: &Client, origin: &Hash) -> Result<(), NotMade> {
    let there = client.query_one("SELECT to_regclass('fw_head') IS NOT NULL", &[]).await?;
    if there.try_get(0)? {
        let ours = "SELECT count(*) FROM fw_head WHERE origin = $1 AND size = 0 AND schema = $2";
        let ours = client.query_one(ours, &[&&origin.0[..], &SCHEMA]).await?;
        return if ours.try_get::<_, i64>(0)? == 1 { Ok(()) } else { Err(NotMade::Taken) };
    }
    // Hexadecimal digits only: no parameter is possible among several statements.
    let head = format!(
        "INSERT INTO fw_head (one, schema, origin, size, chain, version, oldest)
         VALUES (1, {SCHEMA}, '\\x{origin}', 0, '\\x{origin}', 1, 0)"
    );
    client.batch_execute(&format!("BEGIN; {TABLES} {head}; COMMIT")).await?;
    Ok(())
}
