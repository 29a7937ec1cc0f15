//! A client of a node's API: over the socket in its folder, or over the network with a token.

use crate::failure::Failed;
use crate::target::{Reach, Target};
use crate::tls::{self, Authority};
use forewarn_exchange::Act;
use forewarn_exchange::watched::Seen;
use forewarn_node::Home;
use forewarn_node::sign_in::SESSION_PREFIX;
use forewarn_view::hint::Surface;
use forewarn_view::problem::Document;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::{Method, Request, Uri};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::json;
use std::net::IpAddr;
use std::path::PathBuf;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};

/// Whom to call, and as whom.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    place: Place,
    user: Option<String>,
    token: Option<String>,
    /// The version on which alone an act is done.
    seen: Option<Seen>,
}

#[derive(Debug, Clone)]
enum Place {
    Socket(PathBuf),
    Network { host: String, port: u16, tls: Option<Authority> },
}

impl Place {
    fn network(url: &str, authority: Authority) -> Result<Place, Failed> {
        let bad = |why: &str| Failed::usage(format!("`{url}` {why}"));
        let parsed: Uri = url.parse().map_err(|_| bad("is not a URL"))?;
        let (tls, port) = match parsed.scheme_str() {
            Some("https") => (Some(authority), 443),
            Some("http") => (None, 80),
            Some(_) | None => return Err(bad("must start with https:// or http://")),
        };
        let host = parsed.host().ok_or_else(|| bad("names no host"))?.to_owned();
        if !matches!(parsed.path(), "" | "/") || parsed.query().is_some() {
            return Err(bad("goes on after the host; give it without"));
        }
        let address: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
        let is_here = host == "localhost" || address.is_some_and(|address| address.is_loopback());
        if tls.is_none() && !is_here {
            return Err(bad("would send what lets you in over the network in the clear")
                .hint("use https://; http:// is for this machine alone"));
        }
        Ok(Place::Network { host, port: parsed.port_u16().unwrap_or(port), tls })
    }
}

impl Client {
    pub(crate) fn new(target: &Target) -> Result<Client, Failed> {
        Client::at(target.reach()?)
    }

    /// At a node that is known, as whoever is known.
    pub(crate) fn at(reach: Reach) -> Result<Client, Failed> {
        Ok(match reach {
            Reach::Folder { home, user, token } => {
                Client { place: Place::Socket(Home::new(home).socket()), user, token, seen: None }
            }
            Reach::Network { url, user, token, authority } => {
                if let (Some(user), None) = (&user, &token) {
                    return Err(Failed::usage(format!(
                        "who acts at a node elsewhere is said by a session, not by a name: `{user}`"
                    ))
                    .hint(format!("sign in with `forewarn login {url} --as {user}`")));
                }
                Client { place: Place::network(&url, authority)?, user: None, token, seen: None }
            }
        })
    }

    /// The same, for signing in: nobody is named.
    pub(crate) fn nobody(reach: &Reach) -> Result<Client, Failed> {
        Ok(match reach {
            Reach::Folder { home, .. } => {
                let place = Place::Socket(Home::new(home.clone()).socket());
                Client { place, user: None, token: None, seen: None }
            }
            Reach::Network { url, authority, .. } => {
                let place = Place::network(url, authority.clone())?;
                Client { place, user: None, token: None, seen: None }
            }
        })
    }

    /// Over the socket of a folder, as a user.
    pub(crate) fn local(socket: PathBuf, user: Option<&str>) -> Client {
        Client {
            place: Place::Socket(socket),
            user: user.map(str::to_owned),
            token: None,
            seen: None,
        }
    }

    /// The same, for an act on something that was looked at: done on that version, or not at all.
    pub(crate) fn having_seen(&self, seen: Option<Seen>) -> Client {
        Client { seen, ..self.clone() }
    }

    /// What the API shows at a path.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Failed> {
        parse(path, &self.call(Method::GET, path, Vec::new()).await?)
    }

    /// One page of a list, and the query of the next one when there is more.
    pub(crate) async fn page<T: DeserializeOwned>(
        &self,
        path: &str,
    ) -> Result<(Vec<T>, Option<String>), Failed> {
        let answer = self.ask(Method::GET, path, Vec::new()).await?;
        Ok((parse(path, &answer.bytes)?, answer.next))
    }

    /// The answer to a request in JSON.
    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        request: &impl Serialize,
    ) -> Result<T, Failed> {
        let body = serde_json::to_vec(request);
        let body = body.map_err(|e| Failed::usage(format!("this cannot be asked: {e}")))?;
        self.send(path, body).await
    }

    /// The answer to bytes that are handed in.
    pub(crate) async fn send<T: DeserializeOwned>(
        &self,
        path: &str,
        body: Vec<u8>,
    ) -> Result<T, Failed> {
        parse(path, &self.call(Method::POST, path, body).await?)
    }

    /// An act under an id of its own: were the answer lost, sending it again would change nothing.
    /// The act decides which of `forewarn_view::answer` it is.
    pub(crate) async fn act<T: DeserializeOwned>(&self, act: impl Into<Act>) -> Result<T, Failed> {
        let act = act.into();
        let id = forewarn_node::clock::seed().to_string();
        self.post("/api/v1/acts", &json!({ "id": id, "act": act })).await
    }

    /// An act whose answer nobody looks at.
    pub(crate) async fn perform(&self, act: impl Into<Act>) -> Result<(), Failed> {
        self.act(act).await.map(|IgnoredAny| ())
    }

    /// The answer's bytes; a refusal of the node becomes ours.
    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        body: Vec<u8>,
    ) -> Result<Vec<u8>, Failed> {
        Ok(self.ask(method, path, body).await?.bytes)
    }

    async fn ask(&self, method: Method, path: &str, body: Vec<u8>) -> Result<Answer, Failed> {
        let (status, answer) = match &self.place {
            Place::Socket(path_of_socket) => {
                let stream = UnixStream::connect(path_of_socket).await.map_err(|e| {
                    Failed::internal(format!(
                        "no node answers at {}: {e}",
                        path_of_socket.display()
                    ))
                    .hint("start it with `forewarn serve`, or name its folder with --home")
                })?;
                let request = self.request(method, path, "localhost", body)?;
                exchange(stream, request).await?
            }
            Place::Network { host, port, tls } => {
                let authority = format!("{host}:{port}");
                let stream = TcpStream::connect(&authority).await.map_err(|e| {
                    Failed::internal(format!("no node answers at {authority}: {e}"))
                })?;
                let request = self.request(method, path, &authority, body)?;
                match tls {
                    Some(by) => exchange(tls::connect(stream, host, by).await?, request).await?,
                    None => exchange(stream, request).await?,
                }
            }
        };
        if status < 400 {
            return Ok(answer);
        }
        let refused = refusal(status, &answer.bytes);
        let had_session =
            self.token.as_ref().is_some_and(|token| token.starts_with(SESSION_PREFIX));
        Err(match &self.place {
            Place::Network { host, port, .. } if status == 401 && had_session => {
                refused.hint(format!(
                    "the session has ended: sign in again with `forewarn login` at {host}:{port}"
                ))
            }
            Place::Socket(_) if status == 401 && had_session => {
                refused.hint("the session has ended: sign in again with `forewarn login --as NAME`")
            }
            Place::Network { .. } | Place::Socket(_) => refused,
        })
    }

    fn request(
        &self,
        method: Method,
        path: &str,
        host: &str,
        body: Vec<u8>,
    ) -> Result<Request<Full<Bytes>>, Failed> {
        let mut request = Request::builder().method(method).uri(path).header("host", host);
        if let Some(user) = &self.user {
            request = request.header("forewarn-as", user);
        }
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if let Some(seen) = &self.seen {
            request = request.header("if-match", format!("\"{seen}\""));
        }
        request
            .body(Full::new(Bytes::from(body)))
            .map_err(|e| Failed::usage(format!("this cannot be asked: {e}")))
    }
}

/// What a node has answered.
struct Answer {
    bytes: Vec<u8>,
    /// The query of the next page of a list: a link of the relation `next` (RFC 8288).
    next: Option<String>,
}

async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: Request<Full<Bytes>>,
) -> Result<(u16, Answer), Failed> {
    let lost = |e: hyper::Error| Failed::internal(format!("the connection to the node broke: {e}"));
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(lost)?;
    let driving = tokio::spawn(connection);
    let response = sender.send_request(request).await.map_err(lost)?;
    let status = response.status().as_u16();
    let link = response.headers().get("link").and_then(|value| value.to_str().ok());
    let next = link.and_then(|link| link.strip_prefix("<?")?.strip_suffix(">; rel=\"next\""));
    let next = next.map(str::to_owned);
    let body = response.into_body().collect().await.map_err(lost)?.to_bytes().to_vec();
    drop(sender);
    driving.abort();
    Ok((status, Answer { bytes: body, next }))
}

/// Reads an answer; the path without its query names it when it cannot be read.
fn parse<T: DeserializeOwned>(path: &str, bytes: &[u8]) -> Result<T, Failed> {
    serde_json::from_slice(bytes).map_err(|e| {
        let path = path.split('?').next().unwrap_or_default();
        let version = env!("CARGO_PKG_VERSION");
        Failed::internal(format!("the node's answer at {path} cannot be read: {e}"))
            .hint(format!("this program is version {version}; use the version that the node runs"))
    })
}

/// What the node has refused, in the command line's words: from its status and problem document.
pub(crate) fn refusal(status: u16, bytes: &[u8]) -> Failed {
    let Ok(problem) = serde_json::from_slice::<Document>(bytes) else {
        let detail = format!("the node answered {status}");
        return if status >= 500 { Failed::internal(detail) } else { Failed::refused(detail) };
    };
    let hint = problem.hint_for(Surface::CommandLine);
    let detail = problem.detail;
    let failed = if status >= 500 { Failed::internal(detail) } else { Failed::refused(detail) };
    match hint {
        Some(hint) => failed.hint(hint),
        None => failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use forewarn_view::answer::FeedSet;

    /// A member that was missing could once be printed as a dash.
    #[test]
    fn an_answer_that_cannot_be_read_is_named() {
        let failed = parse::<FeedSet>("/api/v1/feeds/a/now?x=1", b"{}").unwrap_err().to_string();
        assert!(failed.contains("the node's answer at /api/v1/feeds/a/now cannot be read"));
        assert!(failed.contains("missing field `feed`"), "{failed}");
        assert!(failed.contains("hint: this program is version"), "{failed}");
        assert_eq!(parse::<FeedSet>("/", b"{\"feed\":\"a\",\"more\":1}").unwrap().feed, "a");
    }
}
