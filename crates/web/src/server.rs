//! Listening: HTTP for partners and users, a socket in the folder for its owner.

use crate::route::router;
use crate::slow::{Due, Moving};
use crate::tls::{self, Certificate};
use axum::body::Body;
use axum::http::{Request, Response};
use axum::{Extension, Router};
use forewarn_node::{Node, followers};
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream, UnixListener};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

/// A connection that has not asked for something in so long is closed.
const ASK_TIME: Duration = Duration::from_secs(30);
/// A connection on which nothing was asked or answered for so long is closed, whatever it speaks.
/// An answer that is still on its way has had its own time by then (`crate::slow`).
const IDLE_TIME: Duration = Duration::from_mins(3);
/// How long TLS may take to be agreed on.
const TLS_TIME: Duration = Duration::from_secs(10);
/// Most requests of one HTTP/2 connection at the same time.
const MAX_STREAMS: u32 = 64;
/// Most bytes of a request's head.
const MAX_HEAD: u32 = 64 << 10;
/// How long what is being answered may still take, when the node is asked to stop.
const STOP_TIME: Duration = Duration::from_secs(10);
/// How long to wait when no connection can be taken, such as for want of files.
const ACCEPT_REST: Duration = Duration::from_millis(100);

/// Both listeners, bound and not serving yet.
pub struct Server {
    node: Arc<Node>,
    network: TcpListener,
    tls: Option<TlsAcceptor>,
    local: UnixListener,
}

impl Server {
    /// Binds. A socket that a killed node left behind is replaced.
    pub async fn bind(node: Arc<Node>) -> io::Result<Server> {
        let tls = node.config.tls.as_ref();
        let tls = tls.map(|section| tls::acceptor(section, node.home.path())).transpose()?;
        let listen = node.config.node.listen;
        if tls.is_none() && !listen.ip().is_loopback() {
            tracing::warn!(%listen, "listens beyond this machine in the clear; configure [tls]");
        }
        let network = TcpListener::bind(listen).await?;
        let path = node.home.socket();
        if path.exists() {
            std::fs::remove_file(&path)?;
        }
        let local = UnixListener::bind(&path)?;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
        Ok(Server { node, network, tls, local })
    }

    /// Where it listens.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.network.local_addr()
    }

    /// Whether TLS is spoken there.
    pub fn has_tls(&self) -> bool {
        self.tls.is_some()
    }
}

/// Serves until `stop` is done.
pub async fn serve(
    server: Server,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let Server { node, network, tls, local } = server;
    followers::start(&node);
    let (tell, stopped) = watch::channel(false);
    let mut until = stopped.clone();
    let over_socket = axum::serve(local, router(node.clone(), true))
        .with_graceful_shutdown(async move { drop(until.wait_for(|stop| *stop).await) });
    let most = node.config.limits.connections;
    let listener = Listener {
        router: router(node, false),
        tls,
        stopped,
        open: Arc::new(Semaphore::new(most)),
    };
    tokio::spawn(async move {
        stop.await;
        tell.send_replace(true);
    });
    let listener = Arc::new(listener);
    let (socket, ()) = tokio::join!(async { over_socket.await }, listener.serve(network, most));
    socket
}

/// What every connection of the network shares.
struct Listener {
    router: Router,
    tls: Option<TlsAcceptor>,
    stopped: watch::Receiver<bool>,
    open: Arc<Semaphore>,
}

impl Listener {
    async fn serve(self: Arc<Self>, network: TcpListener, most: usize) {
        let mut stopped = self.stopped.clone();
        loop {
            // One beyond the limit waits in the system's queue.
            let accepted = tokio::select! {
                accepted = self.accept(&network) => accepted,
                _ = stopped.wait_for(|stop| *stop) => break,
            };
            let Some((stream, permit)) = accepted else {
                tokio::time::sleep(ACCEPT_REST).await;
                continue;
            };
            let shared = self.clone();
            tokio::spawn(async move {
                shared.connection(stream).await;
                drop(permit);
            });
        }
        let all = u32::try_from(most).unwrap_or(u32::MAX);
        // What is left then has had its time.
        drop(timeout(STOP_TIME, self.open.acquire_many(all)).await);
    }

    async fn accept(&self, network: &TcpListener) -> Option<(TcpStream, OwnedSemaphorePermit)> {
        let permit = self.open.clone().acquire_owned().await.ok()?;
        let (stream, _) = network.accept().await.ok()?;
        Some((stream, permit))
    }

    async fn connection(&self, stream: TcpStream) {
        // A connection that cannot be set so works all the same.
        let _ = stream.set_nodelay(true);
        let stream = Moving::new(stream);
        let Some(tls) = &self.tls else {
            return self.speak(stream, None).await;
        };
        let Ok(Ok(stream)) = timeout(TLS_TIME, tls.accept(stream)).await else { return };
        let shown = stream.get_ref().1.peer_certificates().and_then(|chain| chain.first());
        let certificate = shown.map(Certificate::of);
        self.speak(stream, certificate).await;
    }

    async fn speak(
        &self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        certificate: Option<Certificate>,
    ) {
        let router = match certificate {
            Some(certificate) => self.router.clone().layer(Extension(certificate)),
            None => self.router.clone(),
        };
        let end = Arc::new(Notify::new());
        let ending = end.clone();
        let busy = Arc::new(Busy::default());
        let asked = busy.clone();
        let service = hyper::service::service_fn(move |request: Request<Incoming>| {
            let (router, end, busy) = (router.clone(), ending.clone(), asked.clone());
            async move {
                let _working = busy.begin();
                let answer: Response<Body> = router.oneshot(request.map(Body::new)).await?;
                Ok::<_, Infallible>(answer.map(|body| Due::watch(body, &end)))
            }
        });
        let mut builder = Builder::new(TokioExecutor::new());
        builder.http1().timer(TokioTimer::new()).header_read_timeout(ASK_TIME);
        builder
            .http2()
            .timer(TokioTimer::new())
            .max_concurrent_streams(MAX_STREAMS)
            .max_header_list_size(MAX_HEAD)
            .keep_alive_interval(ASK_TIME)
            .keep_alive_timeout(ASK_TIME);
        let connection = builder.serve_connection(TokioIo::new(stream), service);
        let mut connection = std::pin::pin!(connection);
        let mut stopped = self.stopped.clone();
        let mut stopping = false;
        let mut idle = tokio::time::interval(IDLE_TIME);
        idle.tick().await;
        loop {
            tokio::select! {
                _ = idle.tick() => if busy.was_idle() { return },
                // A connection that breaks is the client's affair.
                _ = connection.as_mut() => return,
                () = end.notified() => return,
                _ = stopped.wait_for(|stop| *stop), if !stopping => {
                    stopping = true;
                    connection.as_mut().graceful_shutdown();
                }
            }
        }
    }
}

/// Whether anything is asked on a connection.
#[derive(Default)]
struct Busy {
    asked: AtomicU64,
    working: AtomicU64,
    /// How many had been asked when it was last looked at.
    seen: AtomicU64,
}

/// One request that is being worked on.
struct Working(Arc<Busy>);

impl Busy {
    fn begin(self: Arc<Self>) -> Working {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.working.fetch_add(1, Ordering::Relaxed);
        Working(self)
    }

    /// Nothing was asked since the last look, and nothing is being worked on.
    fn was_idle(&self) -> bool {
        let asked = self.asked.load(Ordering::Relaxed);
        let same = self.seen.swap(asked, Ordering::Relaxed) == asked;
        same && self.working.load(Ordering::Relaxed) == 0
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        self.0.working.fetch_sub(1, Ordering::Relaxed);
    }
}
