//! The one client that makes requests: only to confirmed partners, no redirects, no proxies,
//! addresses checked after resolving, sizes and times capped.

use crate::access::{self, Parameters, Signed, TO};
use crate::clock;
use crate::signer::Signer;
use forewarn_exchange::ids::Ids;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::{Method, Request, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::rt::TokioExecutor;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

/// Most bytes of an answer: a batch and its frame.
const MAX_ANSWER_BYTES: usize = forewarn_transcript::batch::MAX_BATCH_BYTES + (1 << 20);
/// A request that has no answer by then is given up and tried again.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum NoAnswer {
    #[error("`{0}` is not a URL that can be called: {1}")]
    Url(String, &'static str),
    #[error("could not reach `{0}`: {1}")]
    Unreachable(String, String),
    #[error("no answer within {} s", REQUEST_TIMEOUT.as_secs())]
    Timeout,
    #[error("the answer could not be read: {0}")]
    Answer(String),
}

pub struct Answer {
    pub status: u16,
    pub body: Bytes,
}

type Connector = HttpConnector<tower::util::BoxCloneSyncService<Name, Addresses, std::io::Error>>;
type Addresses = std::vec::IntoIter<SocketAddr>;

#[derive(Clone)]
pub struct Egress {
    client: Client<Connector, Full<Bytes>>,
    signer: Arc<Signer>,
    us: String,
}

impl Egress {
    pub fn new(signer: Arc<Signer>, us: &str) -> Egress {
        let resolve = tower::service_fn(|name: Name| async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let local = is_local_name(name.as_str());
            let good: Vec<SocketAddr> = found.filter(|a| may_call(a.ip(), local)).collect();
            if good.is_empty() {
                return Err(std::io::Error::other("it resolves to no address that may be called"));
            }
            Ok(good.into_iter())
        });
        let mut connector =
            HttpConnector::new_with_resolver(tower::util::BoxCloneSyncService::new(resolve));
        connector.set_connect_timeout(Some(CONNECT_TIMEOUT));
        connector.set_nodelay(true);
        let client =
            Client::builder(TokioExecutor::new()).pool_max_idle_per_host(4).build(connector);
        Egress { client, signer, us: us.to_owned() }
    }

    /// Asks a partner's node: signed, to its card's URL and nowhere else.
    pub async fn ask(
        &self,
        partner: (&str, &str),
        method: Method,
        path_and_query: &str,
        body: Vec<u8>,
    ) -> Result<Answer, NoAnswer> {
        let (name, url) = partner;
        let url = format!("{}{path_and_query}", url.trim_end_matches('/'));
        let uri = checked(&url)?;
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
            to: name,
        };
        let signature = self.signer.sign_access(access::base(&signed, &parameters).as_bytes());
        let request = Request::builder()
            .method(&method)
            .uri(uri.clone())
            .header("content-type", "application/json")
            .header("content-digest", &digest)
            .header(TO, name)
            .header("signature-input", parameters.header())
            .header("signature", access::signature_header(&signature))
            .body(Full::new(Bytes::from(body)))
            .map_err(|_| NoAnswer::Url(url.clone(), "it cannot be put into a request"))?;
        let answer = tokio::time::timeout(REQUEST_TIMEOUT, self.exchange(&url, request)).await;
        answer.map_err(|_| NoAnswer::Timeout)?
    }

    async fn exchange(&self, url: &str, request: Request<Full<Bytes>>) -> Result<Answer, NoAnswer> {
        let response = self
            .client
            .request(request)
            .await
            .map_err(|e| NoAnswer::Unreachable(url.to_owned(), causes(&e)))?;
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), MAX_ANSWER_BYTES).collect().await;
        let body = body.map_err(|e| NoAnswer::Answer(e.to_string()))?.to_bytes();
        Ok(Answer { status, body })
    }
}

fn checked(url: &str) -> Result<Uri, NoAnswer> {
    let bad = |why| NoAnswer::Url(url.to_owned(), why);
    let uri: Uri = url.parse().map_err(|_| bad("it is malformed"))?;
    if uri.scheme_str() != Some("http") {
        return Err(bad("only http:// is spoken so far"));
    }
    let host = uri.host().ok_or_else(|| bad("it has no host"))?;
    // A literal address is not resolved, so it is judged here.
    let literal = host.trim_matches(['[', ']']).parse::<IpAddr>();
    if literal.is_ok_and(|ip| !may_call(ip, ip.is_loopback())) {
        return Err(bad("its address may not be called"));
    }
    Ok(uri)
}

fn is_local_name(name: &str) -> bool {
    name == "localhost" || name.ends_with(".localhost")
}

/// A name must not lead to this machine unless it says so; no name leads to link-local, multicast
/// or unspecified addresses.
fn may_call(ip: IpAddr, local: bool) -> bool {
    let ip = ip.to_canonical();
    let link_local = match ip {
        IpAddr::V4(v4) => v4.is_link_local() || v4.is_broadcast(),
        IpAddr::V6(v6) => v6.segments()[0] & 0xffc0 == 0xfe80,
    };
    !ip.is_multicast() && !ip.is_unspecified() && !link_local && (local || !ip.is_loopback())
}

fn causes(error: &dyn std::error::Error) -> String {
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
        assert!(checked("https://b.example/").is_err());
        assert!(checked("http://169.254.169.254/x").is_err());
        assert!(checked("http://127.0.0.1:7001/x").is_ok());
    }
}
