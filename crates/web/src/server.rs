//! Listening: HTTP for partners and users, a socket in the folder for its owner.

use crate::caller::Peer;
use crate::doors::Doors;
use crate::places::{Place, Places};
use crate::route::router;
use crate::slow::{Due, Moving};
use crate::stopping::Stopping;
use crate::tls::{Certificate, Tls};
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
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream, UnixListener};
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;
use tower::ServiceExt as _;

/// The head of a request must be here in this time, counted from the end of the one before it. The
/// first one on a connection has less (`Rules::first`).
const HEAD_TIME: Duration = Duration::from_secs(30);
/// Most requests of one HTTP/2 connection at the same time.
const MAX_STREAMS: u32 = 64;
/// Most bytes of a request's head.
const MAX_HEAD: u32 = 64 << 10;
/// How long what is being answered may still take, when the node is asked to stop.
pub const STOP_TIME: Duration = Duration::from_secs(10);
/// How long to wait when no connection can be taken, such as for want of files.
const ACCEPT_REST: Duration = Duration::from_millis(100);

/// Both listeners, bound and not serving yet.
pub struct Server {
    node: Arc<Node>,
    network: TcpListener,
    doors: Doors,
    local: UnixListener,
}

impl Server {
    /// Binds. A socket that a killed node left behind is replaced.
    pub async fn bind(node: Arc<Node>) -> io::Result<Server> {
        let config = node.config();
        let tls = config.tls.as_ref();
        let tls = tls.map(|section| Tls::read(section, node.home.path())).transpose()?;
        let listen = config.node.listen;
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
        let doors = Doors::new(tls, &config.limits);
        Ok(Server { node, network, doors, local })
    }

    /// Where it listens.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.network.local_addr()
    }

    /// The listeners, as far as they can be changed.
    pub fn doors(&self) -> Doors {
        self.doors.clone()
    }

    /// Whether TLS is spoken there.
    pub fn has_tls(&self) -> bool {
        self.doors.tls.is_some()
    }
}

/// Serves until `stop` is done.
pub async fn serve(
    server: Server,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let Server { node, network, doors, local } = server;
    followers::start(&node);
    let (tell, stopped) = watch::channel(false);
    let (mut until, mut late) = (stopped.clone(), stopped.clone());
    let stopping = Stopping::new(stopped.clone());
    let service = router(node.clone(), true);
    let service = service.layer(Extension(stopping.clone())).layer(Extension(doors.clone()));
    let service = service.into_make_service_with_connect_info::<Peer>();
    let over_socket = axum::serve(local, service)
        .with_graceful_shutdown(async move { drop(until.wait_for(|stop| *stop).await) });
    let over_socket = async move {
        tokio::select! {
            served = over_socket => served,
            () = async {
                drop(late.wait_for(|stop| *stop).await);
                tokio::time::sleep(STOP_TIME).await;
            } => Ok(()),
        }
    };
    let router = router(node, false).layer(Extension(stopping)).layer(Extension(doors.clone()));
    let Doors { tls, places } = doors;
    let listener = Listener { router, tls, stopped, places };
    tokio::spawn(async move {
        stop.await;
        tell.send_replace(true);
    });
    let listener = Arc::new(listener);
    let (socket, ()) = tokio::join!(over_socket, listener.serve(network));
    socket
}

/// What every connection of the network shares.
struct Listener {
    router: Router,
    tls: Option<Tls>,
    stopped: watch::Receiver<bool>,
    places: Arc<Places>,
}

impl Listener {
    async fn serve(self: Arc<Self>, network: TcpListener) {
        let mut stopped = self.stopped.clone();
        // Each connection holds one end: the other one tells when the last has ended.
        let (open, mut ended) = mpsc::channel::<()>(1);
        loop {
            let accepted = tokio::select! {
                accepted = network.accept() => accepted,
                _ = stopped.wait_for(|stop| *stop) => break,
            };
            let Ok((stream, address)) = accepted else {
                self.places.make_room();
                tokio::time::sleep(ACCEPT_REST).await;
                continue;
            };
            // All places work for somebody: the newcomer is turned away at once.
            let Some(place) = self.places.enter(address.ip()) else { continue };
            let (shared, open) = (self.clone(), open.clone());
            tokio::spawn(async move {
                shared.connection(stream, place).await;
                drop(open);
            });
        }
        drop(open);
        // What is left then has had its time.
        drop(timeout(STOP_TIME, ended.recv()).await);
    }

    async fn connection(&self, stream: TcpStream, place: Arc<Place>) {
        // A connection that cannot be set so works all the same.
        let _ = stream.set_nodelay(true);
        let stream = Moving::new(stream);
        let Some(tls) = &self.tls else {
            return self.speak(stream, None, place).await;
        };
        let end = place.end();
        let agreed = tokio::select! {
            agreed = tls.now().accept(stream) => agreed,
            () = over(&place) => return,
            () = end.notified() => return,
        };
        let Ok(stream) = agreed else { return };
        let shown = stream.get_ref().1.peer_certificates().and_then(|chain| chain.first());
        let certificate = shown.map(Certificate::of);
        self.speak(stream, certificate, place).await;
    }

    async fn speak(
        &self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        certificate: Option<Certificate>,
        place: Arc<Place>,
    ) {
        let router = match certificate {
            Some(certificate) => self.router.clone().layer(Extension(certificate)),
            None => self.router.clone(),
        };
        let end = place.end();
        let asked = place.clone();
        let service = hyper::service::service_fn(move |request: Request<Incoming>| {
            let (router, place) = (router.clone(), asked.clone());
            async move {
                let working = place.work();
                let mut request = request.map(Body::new);
                request.extensions_mut().insert(place.clone());
                let answer: Response<Body> = router.oneshot(request).await?;
                Ok::<_, Infallible>(answer.map(|body| Due::watch(body, &place.end(), working)))
            }
        });
        let mut builder = Builder::new(TokioExecutor::new());
        builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_TIME);
        builder
            .http2()
            .timer(TokioTimer::new())
            .max_concurrent_streams(MAX_STREAMS)
            .max_header_list_size(MAX_HEAD)
            .keep_alive_interval(HEAD_TIME)
            .keep_alive_timeout(HEAD_TIME);
        let connection = builder.serve_connection(TokioIo::new(stream), service);
        let mut connection = std::pin::pin!(connection);
        let mut stopped = self.stopped.clone();
        let mut stopping = false;
        let mut silent = std::pin::pin!(over(&place));
        loop {
            tokio::select! {
                () = silent.as_mut() => return,
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

/// Done when a connection has been silent for too long.
async fn over(place: &Place) {
    while let Some(left) = place.patience() {
        tokio::time::sleep(left).await;
    }
}
