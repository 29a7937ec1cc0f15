//! A load: requests over kept connections, as fast as the answers come, for a bounded time.

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{HeaderMap, Request};
use hyper_util::rt::TokioIo;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::net::TcpStream;

/// Where the requests go.
#[derive(Debug, Clone)]
pub struct Target {
    /// `host:port`.
    pub address: String,
    /// The value of the `Authorization` header.
    pub authorization: String,
}

/// One request.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The HTTP method.
    pub method: &'static str,
    /// The path with its query.
    pub path: String,
    /// The body; empty for a GET.
    pub body: Bytes,
}

impl Asked {
    /// A GET without a body.
    pub fn get(path: impl Into<String>) -> Asked {
        Asked { method: "GET", path: path.into(), body: Bytes::new() }
    }

    /// A POST of this text.
    pub fn post(path: impl Into<String>, body: String) -> Asked {
        Asked { method: "POST", path: path.into(), body: body.into() }
    }
}

/// One answer.
#[derive(Debug, Clone)]
pub struct Got {
    /// The HTTP status.
    pub status: u16,
    /// All headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

/// A connection that is made again when the server closes it.
pub struct Caller {
    target: Target,
    sender: Option<SendRequest<Full<Bytes>>>,
}

const TAXII: &str = "application/taxii+json;version=2.1";

impl Caller {
    /// A caller that connects with its first request.
    pub fn new(target: &Target) -> Caller {
        Caller { target: target.clone(), sender: None }
    }

    async fn connected(&mut self) -> &mut SendRequest<Full<Bytes>> {
        let open = match &mut self.sender {
            Some(sender) => sender.ready().await.is_ok(),
            None => false,
        };
        if !open {
            let stream = TcpStream::connect(&self.target.address).await.unwrap();
            stream.set_nodelay(true).unwrap();
            let (sender, connection) = handshake(TokioIo::new(stream)).await.unwrap();
            tokio::spawn(connection);
            self.sender = Some(sender);
        }
        self.sender.as_mut().unwrap()
    }

    /// Asks, once more when the server has closed the connection meanwhile.
    pub async fn ask(&mut self, asked: &Asked) -> Got {
        match self.try_ask(asked).await {
            Some(got) => got,
            None => self.try_ask(asked).await.expect("an answer to what was asked twice"),
        }
    }

    async fn try_ask(&mut self, asked: &Asked) -> Option<Got> {
        let request = Request::builder()
            .method(asked.method)
            .uri(&asked.path)
            .header("host", &self.target.address)
            .header("accept", TAXII)
            .header("content-type", TAXII)
            .header("authorization", &self.target.authorization)
            .body(Full::new(asked.body.clone()))
            .unwrap();
        let got = async {
            let (head, body) = self.connected().await.send_request(request).await?.into_parts();
            let (status, headers) = (head.status.as_u16(), head.headers);
            Ok::<_, hyper::Error>(Got { status, headers, body: body.collect().await?.to_bytes() })
        };
        let got = got.await.ok();
        if got.is_none() {
            self.sender = None;
        }
        got
    }
}

/// What a load came to.
#[derive(Debug, Default)]
pub struct Measured {
    /// How long each request took, in no order.
    pub times: Vec<Duration>,
    /// How long the whole load took.
    pub spent: Duration,
    /// How many bytes of bodies were received.
    pub bytes: u64,
    /// The share of one processor that this process took.
    pub client_cpu: f64,
}

/// Lets `connections` ask at the same time until `limit` has passed or `most` were answered;
/// request n is made by `make`. Every answer must have the status.
pub async fn run(
    target: &Target,
    connections: usize,
    (limit, most): (Duration, u64),
    status: u16,
    make: impl Fn(u64) -> Asked + Send + Sync + 'static,
) -> Measured {
    let (next, make) = (Arc::new(AtomicU64::new(0)), Arc::new(make));
    let done: Arc<Mutex<Measured>> = Arc::default();
    let cpu = crate::figure::own_cpu();
    let start = Instant::now();
    let tasks: Vec<_> = (0..connections)
        .map(|_| {
            let (next, make, done) = (next.clone(), make.clone(), done.clone());
            let mut caller = Caller::new(target);
            tokio::spawn(async move {
                let (mut times, mut bytes) = (Vec::new(), 0);
                while start.elapsed() < limit {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= most {
                        break;
                    }
                    let asked = make(number);
                    let begun = Instant::now();
                    let got = caller.ask(&asked).await;
                    times.push(begun.elapsed());
                    bytes += (got.body.len() + asked.body.len()) as u64;
                    let words = String::from_utf8_lossy(got.body.get(..300).unwrap_or(&got.body));
                    assert_eq!(got.status, status, "{}: {words}", asked.path);
                }
                let mut done = done.lock().unwrap();
                done.times.extend(times);
                done.bytes += bytes;
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let mut done = std::mem::take(&mut *done.lock().unwrap());
    done.spent = start.elapsed();
    let cpu = crate::figure::own_cpu().saturating_sub(cpu);
    done.client_cpu = cpu.as_secs_f64() / done.spent.as_secs_f64().max(0.001);
    done
}

impl Measured {
    /// How many requests were answered a second, over the whole load.
    pub fn per_second(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a rate")]
        let count = self.times.len() as f64;
        count / self.spent.as_secs_f64().max(0.000_001)
    }

    /// The percentile, in milliseconds.
    pub fn at(&self, percent: usize) -> f64 {
        let mut times = self.times.clone();
        times.sort_unstable();
        let place = (times.len() * percent / 100).min(times.len().saturating_sub(1));
        times.get(place).map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
    }
}
