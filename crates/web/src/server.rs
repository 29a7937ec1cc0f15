//! Listening: HTTP for partners and users, a socket in the folder for its owner.

use crate::route::router;
use forewarn_node::{Node, followers};
use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;
use tokio::net::{TcpListener, UnixListener};

/// Both listeners, bound and not serving yet.
pub struct Server {
    node: Arc<Node>,
    network: TcpListener,
    local: UnixListener,
}

impl Server {
    /// Binds. A socket that a killed node left behind is replaced.
    pub async fn bind(node: Arc<Node>) -> io::Result<Server> {
        let network = TcpListener::bind(node.config.node.listen).await?;
        let path = node.home.socket();
        if path.exists() {
            std::fs::remove_file(&path)?;
        }
        let local = UnixListener::bind(&path)?;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
        Ok(Server { node, network, local })
    }

    /// Where it listens.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.network.local_addr()
    }
}

/// Serves until `stop` is done.
pub async fn serve(
    server: Server,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let Server { node, network, local } = server;
    followers::start(&node);
    let (tell, stopped) = tokio::sync::watch::channel(false);
    let wait = |mut stopped: tokio::sync::watch::Receiver<bool>| async move {
        let _ = stopped.wait_for(|stop| *stop).await;
    };
    let over_network = axum::serve(network, router(node.clone(), false))
        .with_graceful_shutdown(wait(stopped.clone()));
    let over_socket = axum::serve(local, router(node, true)).with_graceful_shutdown(wait(stopped));
    tokio::spawn(async move {
        stop.await;
        tell.send_replace(true);
    });
    let (network, socket) = tokio::join!(async { over_network.await }, async { over_socket.await });
    network.and(socket)
}
