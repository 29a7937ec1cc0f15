//! A body of any size that is allowed: small ones stay in memory while there is some, the others go
//! to a file that has no name and is gone when it is closed.

use crate::app::App;
use crate::body::{check_announced, cut_off, too_large};
use crate::caller::Caller;
use crate::problem::Problem;
use axum::body::Body;
use axum::http::{HeaderMap, header};
use forewarn_exchange::Code;
use forewarn_node::shares::Share;
use http_body_util::BodyExt as _;
use std::io::{self, Read, Seek as _, Write as _};
use std::time::Duration;
use tempfile::SpooledTempFile;
use tokio::time::{Instant, timeout_at};

/// So much of a body stays in memory.
const IN_MEMORY: usize = 8 << 20;
/// The slowest that a body may come, in bytes a second, after the first `GRACE`.
const SLOWEST: u64 = 64 << 10;
const GRACE: Duration = Duration::from_secs(20);

/// A body that has come to its end.
pub(crate) struct Upload {
    file: SpooledTempFile,
    /// Of the memory for bodies; none when it is in a file.
    _share: Option<Share>,
}

impl Upload {
    /// Receives at most `most` bytes. A length announced beyond it is refused before a byte is
    /// read.
    pub(crate) async fn receive(
        (node, caller): (&App, &Caller),
        headers: &HeaderMap,
        mut body: Body,
        most: u64,
    ) -> Result<Upload, Problem> {
        if let Some(coding) = headers.get(header::CONTENT_ENCODING)
            && coding != "identity"
        {
            let detail = "the body must not be compressed";
            return Err(Problem::new(Code::Coding, detail));
        }
        check_announced(headers, most)?;
        let mut file = tempfile::spooled_tempfile_in(IN_MEMORY, node.home.path());
        let mut share = node.bodies.take(&caller.actor(), 0, None);
        let (mut size, begun) = (0, Instant::now());
        loop {
            let due = begun + GRACE + Duration::from_secs(size / SLOWEST);
            let frame = timeout_at(due, body.frame()).await.map_err(|_| too_slow())?;
            let Some(frame) = frame else { break };
            let frame = frame.map_err(|e| cut_off(&e))?;
            let Ok(bytes) = frame.into_data() else { continue };
            size += bytes.len() as u64;
            node.limits.charge(&caller.actor(), bytes.len() as u64, std::time::Instant::now());
            if size > most {
                return Err(too_large(most));
            }
            let in_memory = share.as_ref().is_some_and(|share| share.grow(bytes.len() as u64));
            file = if !in_memory || file.is_rolled() || size > IN_MEMORY as u64 {
                share = None;
                // The disk may make us wait: that must not hold up other connections.
                let wrote = tokio::task::spawn_blocking(move || {
                    file.roll()?;
                    file.write_all(&bytes)?;
                    Ok::<_, io::Error>(file)
                });
                wrote.await.map_err(io::Error::other).flatten().map_err(|e| no_room(&e))?
            } else {
                file.write_all(&bytes).map_err(|e| no_room(&e))?;
                file
            };
        }
        Ok(Upload { file, _share: share })
    }

    /// Whether it is in memory as a whole.
    pub(crate) fn is_small(&self) -> bool {
        !self.file.is_rolled()
    }

    /// Reads it from its beginning.
    pub(crate) fn read(&mut self) -> io::Result<impl Read> {
        self.file.rewind()?;
        Ok(&mut self.file)
    }
}

fn too_slow() -> Problem {
    let detail = format!("the body came more slowly than {SLOWEST} bytes a second");
    Problem::new(Code::TooSlow, detail)
}

fn no_room(why: &io::Error) -> Problem {
    tracing::error!(%why, "a large body could not be kept while it came in");
    let detail = "the node has no room to keep the body while it comes in";
    Problem::new(Code::NoRoom, detail)
}
