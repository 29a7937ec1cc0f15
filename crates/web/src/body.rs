//! Reading a request's body within a bound.

use crate::app::App;
use crate::asker::Asker;
use crate::problem::Problem;
use axum::body::Body;
use axum::http::{HeaderMap, header};
use forewarn_exchange::Code;
use forewarn_node::shares::Share;
use http_body_util::BodyExt as _;
use std::ops::Deref;
use std::time::Duration;

/// How long a body may take: 32 MiB at 5 Mbit/s.
const MAX_TIME: Duration = Duration::from_mins(1);
/// How long the short body of a stranger may take.
const STRANGERS_TIME: Duration = Duration::from_secs(10);
/// The share of a body of no announced length grows by this much.
const STEP: u64 = 64 << 10;

/// A body, and its share of the memory for bodies.
#[derive(Debug)]
pub(crate) struct Read {
    bytes: Vec<u8>,
    share: Share,
}

impl Read {
    /// The bytes, and the share to be kept for as long as they are.
    pub(crate) fn into_parts(self) -> (Vec<u8>, Share) {
        (self.bytes, self.share)
    }
}

impl Deref for Read {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

/// Most bytes that somebody sends who has not said who it is.
pub(crate) const STRANGERS: usize = 16 << 10;
/// The same, with a form that was typed before a session ended.
pub(crate) const STRANGERS_FORM: usize = 64 << 10;

/// Reads the short body of somebody who has not been let in, of at most so many bytes.
pub(crate) async fn of_a_stranger(
    headers: &HeaderMap,
    body: Body,
    most: usize,
) -> Result<Vec<u8>, Problem> {
    check_announced(headers, most as u64)?;
    let reading = tokio::time::timeout(STRANGERS_TIME, axum::body::to_bytes(body, most));
    match reading.await {
        Ok(Ok(bytes)) => Ok(bytes.to_vec()),
        Ok(Err(_)) => {
            let detail = format!("the body is larger than {most} bytes, or broke off");
            Err(Problem::new(Code::TooLarge, detail))
        }
        Err(_) => {
            let detail = format!("the body did not come within {} s", STRANGERS_TIME.as_secs());
            Err(Problem::new(Code::TooSlow, detail))
        }
    }
}

/// Reads at most `most` bytes. A length announced beyond it is refused before a byte is read, and
/// one within it waits until there is memory for it.
pub(crate) async fn read(
    (node, asker): (&App, &Asker),
    headers: &HeaderMap,
    body: Body,
    most: usize,
) -> Result<Read, Problem> {
    check_announced(headers, most as u64)?;
    let (account, end) = asker.pair();
    let share = node.bodies.wait(account, announced(headers).unwrap_or(0), end).await?;
    let reading = tokio::time::timeout(MAX_TIME, collected(body, most, share));
    let Ok(read) = reading.await else {
        let detail = format!("the body did not come within {} s", MAX_TIME.as_secs());
        return Err(Problem::new(Code::TooSlow, detail));
    };
    read
}

async fn collected(mut body: Body, most: usize, share: Share) -> Result<Read, Problem> {
    let mut room = share.size();
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|e| cut_off(&e))?.into_data() else { continue };
        let size = bytes.len() + data.len();
        if size > most {
            return Err(too_large(most as u64));
        }
        if size as u64 > room {
            // It came without its length.
            let more = (data.len() as u64).max(STEP);
            if !share.grow(more) {
                let detail = "there is no memory for the body now; come again in a moment";
                return Err(Problem::new(Code::Busy, detail).retry_after(1));
            }
            room += more;
        }
        share.moved();
        bytes.extend_from_slice(&data);
    }
    Ok(Read { bytes, share })
}

fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// A length that is announced beyond the bound is refused before a byte is read.
pub(crate) fn check_announced(headers: &HeaderMap, most: u64) -> Result<(), Problem> {
    if announced(headers).is_some_and(|length| length > most) {
        Err(too_large(most))
    } else {
        Ok(())
    }
}

pub(crate) fn too_large(most: u64) -> Problem {
    let detail = format!("the body is larger than {most} bytes");
    Problem::new(Code::TooLarge, detail).advice("send it in several smaller requests")
}

pub(crate) fn cut_off(why: &impl std::fmt::Display) -> Problem {
    let detail = format!("the body could not be read to its end: {why}");
    Problem::new(Code::CutOff, detail)
}
