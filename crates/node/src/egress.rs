//! The one client that makes requests: only to confirmed partners, feeds and configured providers
//! of sign-ins, no redirects, no proxies, addresses checked after resolving, sizes and times capped.

use crate::access::{self, Parameters, Signed, TO};
use crate::clock;
use forewarn_exchange::drawn::Ids;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::origin::{is_public, plain};
use forewarn_signer::Signer;
use forewarn_transcript::PublicKey;
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::Bytes;
use hyper::header::{self, HeaderMap, HeaderName};
use hyper::{Method, Request, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::rt::TokioExecutor;
use ipnet::IpNet;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use std::io::Read as _;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

const USER_AGENT: &str = concat!("forewarn/", env!("CARGO_PKG_VERSION"));
/// Most bytes of an answer of a partner's node: a batch and its frame.
const MAX_ANSWER_BYTES: usize = forewarn_transcript::batch::MAX_BATCH_BYTES + (1 << 20);
/// Most bytes of an answer of a feed's server, before and after it is decompressed.
const MAX_PAGE_BYTES: usize = 64 << 20;
/// Most bytes of an answer of a receiver that was told something: nobody reads it.
const MAX_TAKEN_BYTES: usize = 64 << 10;
/// Most bytes of an answer of a provider of sign-ins.
const MAX_PROVIDER_BYTES: usize = 256 << 10;
/// A request that has no answer by then is given up and tried again.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// The same for feeds, whose servers may be slow and their pages large.
const FEED_TIMEOUT: Duration = Duration::from_mins(2);
/// How a partner answers what is not signed by a key of ours that it knows.
const UNKNOWN_KEY: u16 = 401;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Most threads that wait for the signer at the same time.
const MAX_SIGNING: usize = 16;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum NoAnswer {
    /// The URL cannot be called: the URL, and what is wrong with it.
    #[error("`{0}` is not a URL that can be called: {1}")]
    Url(String, &'static str),
    /// No connection could be made: to which URL, and why not.
    #[error("could not reach `{0}`: {1}")]
    Unreachable(String, String),
    /// The whole answer did not come within this time.
    #[error("no answer within {} s", .0.as_secs())]
    Timeout(Duration),
    /// The signer did not sign the request, for this reason.
    #[error("the request could not be signed: {0}")]
    Unsigned(String),
    /// An answer came that is not HTTP, or broke off.
    #[error("the answer could not be read: {0}")]
    Answer(String),
    /// An answer came that is longer than this many bytes.
    #[error("the answer is longer than {0} bytes")]
    TooLong(usize),
}

/// What the other server answered.
pub struct Answer {
    /// The HTTP status, whatever it is: 404 is an answer too.
    pub status: u16,
    /// All headers.
    pub headers: HeaderMap,
    /// The whole body, within the bound that was asked for.
    pub body: Bytes,
}

impl Answer {
    /// How long to stay away (`Retry-After`, RFC 9110 §10.2.3), where it is given in seconds.
    pub fn retry_after(&self) -> Option<Duration> {
        let seconds = self.headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse();
        seconds.ok().map(Duration::from_secs)
    }
}

/// A partner's node, as it is asked.
#[derive(Debug, Clone)]
pub struct Peer {
    /// Its name.
    pub name: NodeName,
    /// Where it answers: the URL of its contact card.
    pub url: String,
    /// The newest of our keys that it knows.
    pub key: PublicKey,
}

/// A request to a feed's server.
pub struct FeedRequest {
    /// The HTTP method.
    pub method: Method,
    /// The whole URL, with its query.
    pub url: String,
    /// `Authorization`.
    pub authorization: Option<String>,
    /// What is expected, and what the body is.
    pub media: &'static str,
    /// The body; empty for a GET.
    pub body: Vec<u8>,
}

/// A request to a provider of sign-ins.
pub(crate) struct ProviderRequest {
    /// The whole URL.
    pub(crate) url: String,
    /// `Authorization`.
    pub(crate) authorization: Option<String>,
    /// A form that is posted; without one it is a GET.
    pub(crate) form: Option<String>,
}

type Connector = HttpsConnector<
    HttpConnector<tower::util::BoxCloneSyncService<Name, Addresses, std::io::Error>>,
>;
type Addresses = std::vec::IntoIter<SocketAddr>;

/// A client that calls only partners' nodes and the servers of feeds, and follows no redirects.
#[derive(Clone)]
pub struct Egress {
    /// Calls partners: whatever a card says, only where it may lead.
    partners: Client<Connector, Full<Bytes>>,
    /// Calls the servers of feeds, which our own people have named.
    feeds: Client<Connector, Full<Bytes>>,
    networks: Arc<[IpNet]>,
    signer: Arc<Signer>,
    /// Threads that may wait for the signer.
    signing: Arc<Semaphore>,
    us: String,
}

/// Why no client can be made of the configuration.
#[derive(Debug, thiserror::Error)]
#[error("egress.authorities: `{path}` cannot be used: {why}")]
pub struct NoAuthorities {
    path: PathBuf,
    why: String,
}

impl Egress {
    /// Trusts the public authorities, and those of the PEM file.
    pub fn new(
        signer: Arc<Signer>,
        us: &str,
        authorities: Option<PathBuf>,
        networks: Vec<IpNet>,
    ) -> Result<Egress, NoAuthorities> {
        let (tls, networks): (_, Arc<[IpNet]>) = (tls(authorities)?, networks.into());
        let allowed = networks.clone();
        let partners = client(tls.clone(), move |_, ip| may_call_partner(ip, &allowed));
        let feeds = client(tls, |name, ip| may_call(ip, is_local_name(name)));
        let signing = Arc::new(Semaphore::new(MAX_SIGNING));
        Ok(Egress { partners, feeds, networks, signer, signing, us: us.to_owned() })
    }

    /// Asks a feed's server. The caller vouches that the URL is one of
    /// a configured feed.
    pub(crate) async fn ask_feed(&self, asked: FeedRequest) -> Result<Answer, NoAnswer> {
        let FeedRequest { method, url, authorization, media, body } = asked;
        let uri = checked(&url, |ip| may_call(ip, ip.is_loopback()))?;
        let mut request = Request::builder()
            .method(method)
            .uri(uri)
            .header(header::ACCEPT, media)
            .header(header::ACCEPT_ENCODING, "gzip")
            .header(header::USER_AGENT, USER_AGENT);
        if let Some(authorization) = authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        if !body.is_empty() {
            request = request.header(header::CONTENT_TYPE, media);
        }
        let request = request
            .body(Full::new(Bytes::from(body)))
            .map_err(|_| NoAnswer::Url(url.clone(), "it cannot be put into a request"))?;
        let asking = exchange(&self.feeds, &url, request, MAX_PAGE_BYTES);
        let answer = tokio::time::timeout(FEED_TIMEOUT, asking).await;
        let mut answer = answer.map_err(|_| NoAnswer::Timeout(FEED_TIMEOUT))??;
        if answer.headers.get(header::CONTENT_ENCODING).is_some_and(|coding| coding == "gzip") {
            answer.body = tokio::task::spawn_blocking(move || inflate(&answer.body))
                .await
                .map_err(|_| NoAnswer::Answer("it could not be decompressed".to_owned()))??;
        }
        Ok(answer)
    }

    /// Tells a receiver that our own people have configured, with POST.
    pub(crate) async fn call(
        &self,
        url: &str,
        headers: &[(&'static str, String)],
        body: Vec<u8>,
    ) -> Result<Answer, NoAnswer> {
        let named =
            |(name, value): &(&'static str, String)| (HeaderName::from_static(name), value.clone());
        let mut all: Vec<(HeaderName, String)> = headers.iter().map(named).collect();
        all.push((header::CONTENT_TYPE, "application/json".to_owned()));
        self.ask_outside((Method::POST, url), all, body, MAX_TAKEN_BYTES).await
    }

    /// Submits a text to a witness that our own people have configured.
    pub(crate) async fn submit(&self, url: &str, body: Vec<u8>) -> Result<Answer, NoAnswer> {
        let headers = vec![(header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned())];
        self.ask_outside((Method::POST, url), headers, body, MAX_TAKEN_BYTES).await
    }

    /// Asks an authority that our own people have configured for a time stamp (RFC 3161 §3.4).
    pub(crate) async fn ask_stamp(&self, url: &str, body: Vec<u8>) -> Result<Answer, NoAnswer> {
        let kind = "application/timestamp-query".to_owned();
        let headers = vec![(header::CONTENT_TYPE, kind)];
        self.ask_outside((Method::POST, url), headers, body, MAX_ANSWER_BYTES).await
    }

    /// Asks a provider of sign-ins. The caller vouches that the URL is at an origin of a configured
    /// one.
    pub(crate) async fn ask_provider(&self, asked: ProviderRequest) -> Result<Answer, NoAnswer> {
        let ProviderRequest { url, authorization, form } = asked;
        let method = if form.is_some() { Method::POST } else { Method::GET };
        let mut headers = vec![(header::ACCEPT, "application/json".to_owned())];
        headers.extend(authorization.map(|text| (header::AUTHORIZATION, text)));
        let kind = "application/x-www-form-urlencoded".to_owned();
        headers.extend(form.as_ref().map(|_| (header::CONTENT_TYPE, kind)));
        let body = form.unwrap_or_default().into();
        self.ask_outside((method, &url), headers, body, MAX_PROVIDER_BYTES).await
    }

    /// Asks only where a partner may be called: in the open network, or in those that are
    /// configured. An answer has at most so many bytes.
    async fn ask_outside(
        &self,
        (method, url): (Method, &str),
        headers: Vec<(HeaderName, String)>,
        body: Vec<u8>,
        most: usize,
    ) -> Result<Answer, NoAnswer> {
        let uri = checked(url, |ip| may_call_partner(ip, &self.networks))?;
        let mut request =
            Request::builder().method(method).uri(uri).header(header::USER_AGENT, USER_AGENT);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let request = request
            .body(Full::new(Bytes::from(body)))
            .map_err(|_| NoAnswer::Url(url.to_owned(), "it cannot be put into a request"))?;
        let asking = exchange(&self.partners, url, request, most);
        let answer = tokio::time::timeout(REQUEST_TIMEOUT, asking).await;
        answer.map_err(|_| NoAnswer::Timeout(REQUEST_TIMEOUT))?
    }

    /// Asks a partner's node: signed, to its card's URL and nowhere else. A partner that does not
    /// know the key is asked by our others, the newest first: this database may be older than a
    /// change of keys.
    pub async fn ask(
        &self,
        peer: &Peer,
        method: Method,
        path_and_query: &str,
        body: Vec<u8>,
    ) -> Result<Answer, NoAnswer> {
        let answer = self.ask_by(peer, peer.key, &method, path_and_query, body.clone()).await?;
        if answer.status != UNKNOWN_KEY {
            return Ok(answer);
        }
        let all = self.signer.keys().iter().rev().map(|keys| keys.ed25519);
        let others: Vec<PublicKey> = all.filter(|key| *key != peer.key).collect();
        for key in others {
            let other = self.ask_by(peer, key, &method, path_and_query, body.clone()).await?;
            if other.status != UNKNOWN_KEY {
                return Ok(other);
            }
        }
        Ok(answer)
    }

    async fn ask_by(
        &self,
        peer: &Peer,
        key: PublicKey,
        method: &Method,
        path_and_query: &str,
        body: Vec<u8>,
    ) -> Result<Answer, NoAnswer> {
        let url = format!("{}{path_and_query}", peer.url.trim_end_matches('/'));
        let uri = checked(&url, |ip| may_call_partner(ip, &self.networks))?;
        let digest = access::content_digest(&body);
        let parameters = Parameters {
            created: clock::seconds(&clock::now()),
            nonce: Ids::new(clock::seed()).uuid(),
            keyid: self.us.clone(),
        };
        let query = uri.query().map_or_else(|| "?".to_owned(), |query| format!("?{query}"));
        let signed = Signed {
            method: method.as_str(),
            path: uri.path(),
            query: &query,
            digest: &digest,
            to: &peer.name,
        };
        let base = access::base(&signed, &parameters);
        let signature = self.sign(key, base).await?;
        let request = Request::builder()
            .method(method)
            .uri(uri.clone())
            .header("content-type", "application/json")
            .header("content-digest", &digest)
            .header(TO, &*peer.name)
            .header("signature-input", parameters.header())
            .header("signature", access::signature_header(&signature))
            .body(Full::new(Bytes::from(body)))
            .map_err(|_| NoAnswer::Url(url.clone(), "it cannot be put into a request"))?;
        let asking = exchange(&self.partners, &url, request, MAX_ANSWER_BYTES);
        let answer = tokio::time::timeout(REQUEST_TIMEOUT, asking).await;
        answer.map_err(|_| NoAnswer::Timeout(REQUEST_TIMEOUT))?
    }

    /// The signer may have to be waited for.
    async fn sign(&self, key: PublicKey, base: String) -> Result<[u8; 64], NoAnswer> {
        let stopping = |_| NoAnswer::Unsigned("the node is stopping".to_owned());
        let permit = self.signing.clone().acquire_owned().await.map_err(stopping)?;
        let signer = self.signer.clone();
        let signed = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            signer.access(&key, &base)
        });
        let signed = signed.await;
        let signed = signed.map_err(|e| NoAnswer::Unsigned(e.to_string()))?;
        signed.map_err(|e| NoAnswer::Unsigned(e.to_string()))
    }
}

async fn exchange(
    client: &Client<Connector, Full<Bytes>>,
    url: &str,
    request: Request<Full<Bytes>>,
    most: usize,
) -> Result<Answer, NoAnswer> {
    let response = client
        .request(request)
        .await
        .map_err(|e| NoAnswer::Unreachable(url.to_owned(), causes(&e)))?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = Limited::new(response.into_body(), most).collect().await;
    let body = body.map_err(|e| match e.downcast::<LengthLimitError>() {
        Ok(_) => NoAnswer::TooLong(most),
        Err(e) => NoAnswer::Answer(e.to_string()),
    });
    let body = body?.to_bytes();
    Ok(Answer { status, headers, body })
}

/// A client that calls only addresses that are judged well, by the name that led to them.
fn client(
    tls: rustls::ClientConfig,
    may: impl Fn(&str, IpAddr) -> bool + Clone + Send + Sync + 'static,
) -> Client<Connector, Full<Bytes>> {
    let resolve = tower::service_fn(move |name: Name| {
        let may = may.clone();
        async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let good: Vec<SocketAddr> = found.filter(|a| may(name.as_str(), a.ip())).collect();
            if good.is_empty() {
                return Err(std::io::Error::other("it resolves to no address that may be called"));
            }
            Ok(good.into_iter())
        }
    });
    let mut connector =
        HttpConnector::new_with_resolver(tower::util::BoxCloneSyncService::new(resolve));
    connector.set_connect_timeout(Some(CONNECT_TIMEOUT));
    connector.set_nodelay(true);
    connector.enforce_http(false);
    let connector = HttpsConnectorBuilder::new()
        .with_tls_config(tls)
        .https_or_http()
        .enable_http1()
        .wrap_connector(connector);
    Client::builder(TokioExecutor::new()).pool_max_idle_per_host(4).build(connector)
}

pub(crate) fn tls(authorities: Option<PathBuf>) -> Result<rustls::ClientConfig, NoAuthorities> {
    let mut roots = rustls::RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    if let Some(path) = authorities {
        let bad = |why: String| NoAuthorities { path: path.clone(), why };
        for one in CertificateDer::pem_file_iter(&path).map_err(|e| bad(e.to_string()))? {
            let one = one.map_err(|e| bad(e.to_string()))?;
            roots.add(one).map_err(|e| bad(e.to_string()))?;
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| NoAuthorities { path: PathBuf::new(), why: e.to_string() })?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

fn inflate(body: &[u8]) -> Result<Bytes, NoAnswer> {
    let mut out = Vec::new();
    let most = MAX_PAGE_BYTES as u64;
    let read = flate2::read::GzDecoder::new(body).take(most + 1).read_to_end(&mut out);
    read.map_err(|e| NoAnswer::Answer(e.to_string()))?;
    if out.len() > MAX_PAGE_BYTES {
        return Err(NoAnswer::TooLong(MAX_PAGE_BYTES));
    }
    Ok(out.into())
}

fn checked(url: &str, may: impl Fn(IpAddr) -> bool) -> Result<Uri, NoAnswer> {
    let bad = |why| NoAnswer::Url(url.to_owned(), why);
    let uri: Uri = url.parse().map_err(|_| bad("it is malformed"))?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return Err(bad("it must start with http:// or https://"));
    }
    let host = uri.host().ok_or_else(|| bad("it has no host"))?;
    // A literal address is not resolved, so it is judged here.
    let literal = host.trim_matches(['[', ']']).parse::<IpAddr>();
    if literal.is_ok_and(|ip| !may(plain(ip))) {
        return Err(bad("its address may not be called"));
    }
    Ok(uri)
}

fn is_local_name(name: &str) -> bool {
    name == "localhost" || name.ends_with(".localhost")
}

/// A partner is called in the open network, and in those that are configured.
fn may_call_partner(ip: IpAddr, networks: &[IpNet]) -> bool {
    let ip = plain(ip);
    is_public(ip) || networks.iter().any(|network| network.contains(&ip))
}

/// A name must not lead to this machine unless it says so; no name leads to link-local, multicast
/// or unspecified addresses.
fn may_call(ip: IpAddr, local: bool) -> bool {
    let ip = plain(ip);
    let link_local = match ip {
        IpAddr::V4(v4) => v4.is_link_local() || v4.is_broadcast(),
        IpAddr::V6(v6) => v6.segments()[0] & 0xffc0 == 0xfe80,
    };
    !ip.is_multicast() && !ip.is_unspecified() && !link_local && (local || !ip.is_loopback())
}

pub(crate) fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_leads_to_a_closed_network_only_where_that_is_configured() {
        let ten = ["10.2.0.0/16".parse().unwrap()];
        let call = |url: &str, networks: &[IpNet]| {
            checked(url, |ip| may_call_partner(ip, networks)).is_ok()
        };
        for url in ["http://127.0.0.1:1", "http://[::1]:1", "http://10.2.0.1", "https://10.3.0.1"] {
            assert!(!call(url, &[]), "{url}");
        }
        assert!(call("http://10.2.0.1", &ten) && call("http://[64:ff9b::a02:1]", &ten));
        assert!(!call("http://10.3.0.1", &ten) && call("http://192.0.2.1", &ten));
    }

    #[test]
    fn addresses_that_no_partner_has_are_not_called() {
        for (ip, local) in [
            ("127.0.0.1", false),
            ("169.254.169.254", false),
            ("0.0.0.0", true),
            ("fe80::1", true),
            ("224.0.0.1", false),
            ("::ffff:127.0.0.1", false),
        ] {
            assert!(!may_call(ip.parse().unwrap(), local), "{ip}");
        }
        assert!(may_call("127.0.0.1".parse().unwrap(), true));
        assert!(may_call("198.51.100.7".parse().unwrap(), false));
        let feed = |url| checked(url, |ip| may_call(ip, ip.is_loopback()));
        assert!(feed("https://b.example/").is_ok());
        assert!(feed("ftp://b.example/").is_err());
        assert!(feed("http://169.254.169.254/x").is_err());
        assert!(feed("http://[64:ff9b::a9fe:a9fe]/x").is_err());
        assert!(feed("http://127.0.0.1:7001/x").is_ok());
    }
}
