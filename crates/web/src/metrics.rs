//! `/metrics`, on a listener of its own: whoever reaches it reads it, without a sign-in.

use axum::body::Body;
use forewarn_node::Node;
use forewarn_node::metrics::CONTENT_TYPE;
use hyper::body::Incoming;
use hyper::header::CONTENT_TYPE as TYPE;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// Connections at the same time: two servers that scrape, and somebody who looks.
const CONNECTIONS: usize = 8;
/// Between two questions on a connection, and for a question's head: more than a usual interval.
const SILENCE: Duration = Duration::from_mins(2);
/// After a connection that could not be taken.
const REST: Duration = Duration::from_millis(100);

/// The listener for figures.
pub struct MetricsServer {
    node: Arc<Node>,
    listener: TcpListener,
}

impl MetricsServer {
    /// Listens where `[metrics]` says; nothing, when it says nothing.
    ///
    /// # Errors
    /// The address cannot be listened on.
    pub async fn bind(
        node: &Arc<Node>,
    ) -> Result<Option<MetricsServer>, (SocketAddr, std::io::Error)> {
        let Some(address) = node.config().metrics.listen else { return Ok(None) };
        let listener = TcpListener::bind(address).await.map_err(|why| (address, why))?;
        Ok(Some(MetricsServer { node: node.clone(), listener }))
    }

    /// Answers until the runtime ends.
    pub async fn run(self) {
        let places = Arc::new(Semaphore::new(CONNECTIONS));
        loop {
            let Ok((stream, _)) = self.listener.accept().await else {
                tokio::time::sleep(REST).await;
                continue;
            };
            // All places are taken: the newcomer is turned away at once.
            let Ok(place) = places.clone().try_acquire_owned() else { continue };
            let node = self.node.clone();
            tokio::spawn(async move {
                let service =
                    hyper::service::service_fn(move |request| answer(node.clone(), request));
                let connection = hyper::server::conn::http1::Builder::new()
                    .timer(TokioTimer::new())
                    .header_read_timeout(SILENCE)
                    .serve_connection(TokioIo::new(stream), service);
                // A connection that breaks is the client's affair.
                let _ = connection.await;
                drop(place);
            });
        }
    }
}

async fn answer(node: Arc<Node>, request: Request<Incoming>) -> Result<Response<Body>, Infallible> {
    let said = |status: StatusCode, words: String| {
        let mut answer = Response::new(Body::from(words));
        *answer.status_mut() = status;
        answer
    };
    if request.uri().path() != "/metrics" {
        return Ok(said(StatusCode::NOT_FOUND, "there is /metrics, and nothing else\n".to_owned()));
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Ok(said(StatusCode::METHOD_NOT_ALLOWED, "GET /metrics\n".to_owned()));
    }
    Ok(match node.metrics().await {
        Ok(text) => {
            let mut answer = said(StatusCode::OK, text.to_string());
            answer
                .headers_mut()
                .insert(TYPE, hyper::header::HeaderValue::from_static(CONTENT_TYPE));
            answer
        }
        Err(why) => {
            tracing::warn!(%why, "the figures could not be read");
            said(StatusCode::SERVICE_UNAVAILABLE, "the figures cannot be read now\n".to_owned())
        }
    })
}
