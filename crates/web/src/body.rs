//! Reading a request's body within a bound.

use crate::problem::Problem;
use axum::body::Body;
use axum::http::{HeaderMap, header};
use forewarn_exchange::Code;
use http_body_util::{BodyExt as _, Limited};
use std::time::Duration;

/// How long a body may take: 32 MiB at 5 Mbit/s.
const MAX_TIME: Duration = Duration::from_mins(1);

/// Reads at most `most` bytes. A length announced beyond it is refused before a byte is read.
pub(crate) async fn read(headers: &HeaderMap, body: Body, most: usize) -> Result<Vec<u8>, Problem> {
    check_announced(headers, most as u64)?;
    let reading = tokio::time::timeout(MAX_TIME, Limited::new(body, most).collect());
    let Ok(read) = reading.await else {
        let detail = format!("the body did not come within {} s", MAX_TIME.as_secs());
        return Err(Problem::new(Code::TooSlow, detail));
    };
    match read {
        Ok(collected) => Ok(collected.to_bytes().to_vec()),
        Err(e) if e.is::<http_body_util::LengthLimitError>() => Err(too_large(most as u64)),
        Err(e) => Err(cut_off(&e)),
    }
}

/// A length that is announced beyond the bound is refused before a byte is read.
pub(crate) fn check_announced(headers: &HeaderMap, most: u64) -> Result<(), Problem> {
    let announced = headers.get(header::CONTENT_LENGTH);
    let announced = announced.and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > most) { Err(too_large(most)) } else { Ok(()) }
}

pub(crate) fn too_large(most: u64) -> Problem {
    let detail = format!("the body is larger than {most} bytes");
    Problem::new(Code::TooLarge, detail).advice("send it in several smaller requests")
}

pub(crate) fn cut_off(why: &impl std::fmt::Display) -> Problem {
    let detail = format!("the body could not be read to its end: {why}");
    Problem::new(Code::CutOff, detail)
}
