//! One session with one server.

use crate::address::{Address, words};
use crate::schema::NotMade;
use forewarn_journal::answer::{Answer, Came, Guard, SqlState};
use std::future::{Future, poll_fn};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_postgres::{AsyncMessage, Client, Connection, Error, Socket, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

/// So long an answer is waited for, and so much longer for what is large: then it is asked elsewhere
/// whether it was done. A wait for replicas goes on at the server all the same: it is never cancelled,
/// since that would end it with success.
const PATIENCE: Duration = Duration::from_secs(4);
/// Bytes a second that the slowest way to a server carries, to its replicas too.
const SLOWEST: u64 = 256 << 10;

/// So long an answer is waited for that moves so many bytes.
pub(crate) fn patience(bytes: u64) -> Duration {
    PATIENCE + Duration::from_millis(bytes.saturating_mul(1000) / SLOWEST)
}

/// What a statement came to, and the guard where it was asked for.
pub(crate) type Asked<T> = Result<(T, Option<[Guard; 2]>), Error>;

/// Each in one implicit transaction, so that a slow client holds no lock.
const APPEND: &str = "
WITH h AS (UPDATE fw_head SET size = size + $2, chain = sha256(chain || $5 || $7)
           WHERE one = 1 AND version >= $4 AND (writer IS NULL OR writer = $3)
           RETURNING size - $2 AS start, chain)
INSERT INTO fw_batch (start, count, id, node, version, digest, chain, body)
SELECT h.start, $2, $1, $3, $4, $5, h.chain, $6 FROM h RETURNING start, chain";
/// It waits for an append of before; what waits behind it is then appended by nobody. A writer that
/// has given a sign meanwhile is left alone.
const CLAIM: &str = "
UPDATE fw_head SET writer = $1, beat = beat + 1, claimed = now() WHERE one = 1
    AND version > 0 AND (writer = $1 OR NOT $2 OR (writer IS NOT DISTINCT FROM $3 AND size = $4 AND beat = $5))";
/// A journal that is closed takes no version at all.
const CLOSE: &str = "
UPDATE fw_head SET version = 0 WHERE one = 1 AND size = $1 AND chain = $2
    AND (version = 0 OR writer IS NULL OR writer = ANY($3))";
const GUARD: &str = "SELECT current_setting('synchronous_standby_names')";
/// Names of writers are a node's name, a slash, and what is another at each start.
const HELLO: &str = "
SELECT h.size, h.beat, h.writer, n.url, h.version, h.oldest, CASE WHEN $1::bigint = 0 THEN h.origin ELSE
    (SELECT b.chain FROM fw_batch b WHERE b.start + b.count = $1
     AND b.start = (SELECT max(start) FROM fw_batch WHERE start < $1)) END
FROM fw_head h LEFT JOIN fw_node n ON n.name = split_part(h.writer, '/', 1) WHERE h.one = 1";
/// How large the next batches are: read before they are, since it decides how many are, and how long
/// they are waited for. The size of a body stands beside it; the body is not touched.
const SIZES: &str = "
SELECT octet_length(body) FROM fw_batch WHERE start >= $1 ORDER BY start LIMIT $2";
const READ: &str = "
SELECT start, count, id, node, version, digest, chain, body FROM fw_batch
WHERE start >= $1 ORDER BY start LIMIT $2";
/// A row per node: only the writer's sign waits for the head. What is told is as of before it.
const CONFIRM: &str = "
WITH given AS (UPDATE fw_head SET beat = beat + 1 WHERE one = 1 AND writer = $5 RETURNING one),
said AS (INSERT INTO fw_node (name, got, applied, speaks, url, seen) VALUES ($1, $2, $3, $4, $6, now())
    ON CONFLICT (name) DO UPDATE SET got = excluded.got, applied = excluded.applied,
    speaks = excluded.speaks, url = excluded.url, seen = excluded.seen)
SELECT h.size, h.beat, h.writer, n.url, EXISTS (SELECT 1 FROM given)
FROM fw_head h LEFT JOIN fw_node n ON n.name = split_part(h.writer, '/', 1) WHERE h.one = 1";
/// Whatever the server or the role is set to.
const SETTINGS: &str = "
SET synchronous_commit = on; SET statement_timeout = 0; SET lock_timeout = 0;
SET default_transaction_isolation = 'read committed'";

pub(crate) struct Statements {
    pub(crate) claim: Statement,
    pub(crate) append: Statement,
    pub(crate) close: Statement,
    pub(crate) guard: Statement,
    pub(crate) hello: Statement,
    pub(crate) sizes: Statement,
    pub(crate) read: Statement,
    pub(crate) confirm: Statement,
}

/// Connected. When it goes, its socket is closed at once: dropping the client alone would leave it
/// open for as long as an answer is due.
pub(crate) struct Session {
    pub(crate) client: Client,
    pub(crate) statements: Statements,
    is_warned: Arc<AtomicBool>,
    _driver: Ends,
}

/// Why there is no session.
#[derive(Debug)]
pub(crate) enum NotOpened {
    Error(Error),
    Silent,
}

impl From<Error> for NotOpened {
    fn from(error: Error) -> NotOpened {
        NotOpened::Error(error)
    }
}

impl From<NotOpened> for NotMade {
    fn from(why: NotOpened) -> NotMade {
        match why {
            NotOpened::Error(error) => NotMade::Server(error),
            NotOpened::Silent => NotMade::Silent,
        }
    }
}

/// How it came that there is no session.
pub(crate) fn came<T>(why: &NotOpened) -> Came<T> {
    match why {
        NotOpened::Error(error) => failed(error),
        NotOpened::Silent => silent(),
    }
}

fn silent<T>() -> Came<T> {
    silent_for(PATIENCE)
}

fn silent_for<T>(patience: Duration) -> Came<T> {
    Came::Nothing(format!("the server has not answered within {} s", patience.as_secs()))
}

fn failed<T>(error: &Error) -> Came<T> {
    match error.as_db_error() {
        Some(known) => Came::Error(SqlState::new(known.code().code()), known.message().to_owned()),
        None => Came::Nothing(words(error)),
    }
}

/// Connected, and nothing asked yet.
pub(crate) struct Raw {
    pub(crate) client: Client,
    driver: Ends,
    is_warned: Arc<AtomicBool>,
}

impl Raw {
    /// Connects to one of the hosts.
    pub(crate) async fn open(address: &Address, host: usize) -> Result<Raw, NotOpened> {
        let at = host % address.hosts.len().max(1);
        let config = address.hosts.get(at).ok_or(NotOpened::Silent)?;
        let tls = MakeRustlsConnect::new(address.tls.clone());
        let connected = timeout(PATIENCE, config.connect(tls)).await;
        let (client, connection) = connected.map_err(|_| NotOpened::Silent)??;
        let is_warned = Arc::new(AtomicBool::new(false));
        let driver = Ends(tokio::spawn(drive(connection, is_warned.clone())));
        Ok(Raw { client, driver, is_warned })
    }
}

impl Session {
    /// Connects to one of the hosts, and prepares what is asked there.
    pub(crate) async fn open(address: &Address, host: usize) -> Result<Session, NotOpened> {
        let Raw { client, driver, is_warned } = Raw::open(address, host).await?;
        let prepared = timeout(PATIENCE, async {
            client.batch_execute(SETTINGS).await?;
            Ok::<_, Error>(Statements {
                hello: client.prepare(HELLO).await?,
                claim: client.prepare(CLAIM).await?,
                append: client.prepare(APPEND).await?,
                close: client.prepare(CLOSE).await?,
                guard: client.prepare(GUARD).await?,
                sizes: client.prepare(SIZES).await?,
                read: client.prepare(READ).await?,
                confirm: client.prepare(CONFIRM).await?,
            })
        });
        let statements = prepared.await.map_err(|_| NotOpened::Silent)??;
        Ok(Session { client, statements, is_warned, _driver: driver })
    }

    /// Waits for an answer, with patience for so many bytes.
    pub(crate) async fn patient<T>(
        &self,
        bytes: u64,
        question: impl Future<Output = Asked<T>>,
    ) -> Answer<T> {
        self.is_warned.store(false, Ordering::Release);
        let asked = timeout(patience(bytes), question).await;
        let is_warned = self.is_warned.load(Ordering::Acquire);
        let (came, guard) = match asked {
            Err(_) => (silent_for(patience(bytes)), None),
            Ok(Err(error)) => (failed(&error), None),
            Ok(Ok((value, guard))) => (Came::Value(value), guard),
        };
        Answer { came, is_warned, guard }
    }
}

/// A task that ends when this goes.
struct Ends(JoinHandle<()>);

impl Drop for Ends {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Moves what is sent and what comes. The library's own way only logs warnings: here they are kept.
async fn drive<T>(mut connection: Connection<Socket, T>, is_warned: Arc<AtomicBool>)
where
    T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    loop {
        match poll_fn(|context| connection.poll_message(context)).await {
            Some(Ok(AsyncMessage::Notice(notice))) => {
                if is_warning(&notice) {
                    tracing::warn!(notice = notice.message(), "a server of the journal warns");
                    is_warned.store(true, Ordering::Release);
                }
            }
            Some(Ok(_)) => {}
            Some(Err(_)) | None => return,
        }
    }
}

/// By its name in English, or, where that is not sent, by any that is not one of less weight.
fn is_warning(notice: &tokio_postgres::error::DbError) -> bool {
    use tokio_postgres::error::Severity;
    match notice.parsed_severity() {
        Some(Severity::Notice | Severity::Debug | Severity::Info | Severity::Log) => false,
        Some(Severity::Warning | Severity::Error | Severity::Fatal | Severity::Panic) | None => {
            true
        }
    }
}
