//! Clients that do not take what they asked for are dropped: they hold memory that others need.
//!
//! A write that does not move ends the connection ([`Moving`]). With HTTP/2 a stream can be held up
//! while the connection moves: so an answer that is not taken in its time ends it too ([`Due`]).

use crate::places::Working;
use axum::body::{Body, Bytes, HttpBody};
use http_body::{Frame, SizeHint};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::Notify;
use tokio::task::AbortHandle;
use tokio::time::{Instant, Sleep, sleep};

/// A write that has not moved for this long ends the connection.
const STALL: Duration = Duration::from_secs(20);
/// The slowest that an answer may be taken, in bytes a second, after the first `STALL`. An answer
/// of no known length, such as one that waits for news, may take as long as it likes.
const SLOWEST: u64 = 64 << 10;
/// Answers of this many bytes and more are watched: shorter ones hold nothing.
pub(crate) const WATCHED: usize = 4 << 10;

/// A stream whose writes must move.
pub(crate) struct Moving<S> {
    stream: S,
    stalled: Option<Pin<Box<Sleep>>>,
}

impl<S> Moving<S> {
    pub(crate) fn new(stream: S) -> Moving<S> {
        Moving { stream, stalled: None }
    }

    fn watch<T>(
        &mut self,
        context: &mut Context<'_>,
        polled: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if polled.is_ready() {
            self.stalled = None;
            return polled;
        }
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(STALL)));
        match stalled.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Moving<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Moving<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.watch(context, polled)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_flush(context);
        self.watch(context, polled)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_shutdown(context);
        self.watch(context, polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.watch(context, polled)
    }
}

/// An answer's body, until it is taken. One of a known length must be taken in time; `end` is
/// notified when it is not.
pub(crate) struct Due {
    body: Body,
    timer: Option<AbortHandle>,
    /// The connection works until the answer is taken.
    _working: Working,
}

impl Due {
    pub(crate) fn watch(body: Body, end: &Arc<Notify>, working: Working) -> Body {
        let timer = match body.size_hint().exact() {
            Some(size) if size < WATCHED as u64 => return body,
            Some(size) => {
                let due = Instant::now() + STALL + Duration::from_secs(size / SLOWEST);
                let end = end.clone();
                let timer = tokio::spawn(async move {
                    tokio::time::sleep_until(due).await;
                    end.notify_one();
                });
                Some(timer.abort_handle())
            }
            // It waits for news, and may last.
            None => None,
        };
        Body::new(Due { body, timer, _working: working })
    }
}

impl Drop for Due {
    fn drop(&mut self) {
        if let Some(timer) = &self.timer {
            timer.abort();
        }
    }
}

impl HttpBody for Due {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
