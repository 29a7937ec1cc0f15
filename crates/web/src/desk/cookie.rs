//! The cookie that holds a session.
//!
//! Over HTTPS its name begins with `__Host-`: a browser takes it from this host only, and no other
//! host or port of plain HTTP can set it. In the clear it is taken on this machine only, where no
//! network lies between. The node's name stands in it: two desks on one host are two sessions.

use axum::http::{HeaderMap, HeaderValue, header};
use forewarn_exchange::name::NodeName;
use forewarn_node::sign_in::SESSION_PREFIX;

/// How a browser reached the desk, by its own word: the origin of its form, or the host that it asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reached {
    /// By HTTPS.
    Secure,
    /// In the clear, from this machine.
    Here,
}

impl Reached {
    /// By the origin of a form; `None` for one that came in the clear from elsewhere.
    pub(crate) fn of_origin(origin: &str) -> Option<Reached> {
        match origin.split_once("://")? {
            ("https", _) => Some(Reached::Secure),
            ("http", host) => is_here(host).then_some(Reached::Here),
            _ => None,
        }
    }

    fn name(self, node: &NodeName) -> String {
        match self {
            Reached::Secure => format!("__Host-forewarn-{node}"),
            Reached::Here => format!("forewarn-{node}"),
        }
    }

    fn attributes(self) -> &'static str {
        match self {
            Reached::Secure => "Path=/; Secure; HttpOnly; SameSite=Strict",
            Reached::Here => "Path=/; HttpOnly; SameSite=Strict",
        }
    }
}

/// Whether a host, with or without its port, is this machine.
fn is_here(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    matches!(name, "localhost" | "127.0.0.1" | "::1")
}

/// The session of a request; `None` where there is none, or it came by a way that does not count.
pub(crate) fn session(headers: &HeaderMap, node: &NodeName) -> Option<String> {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let ways = [Some(Reached::Secure), is_here(host).then_some(Reached::Here)];
    ways.into_iter().flatten().find_map(|way| {
        let name = way.name(node);
        let all = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        let pairs =
            all.flat_map(|line| line.split(';')).filter_map(|one| one.trim().split_once('='));
        // One name twice is an attempt to set it from elsewhere: none of them counts.
        let mut found = pairs.filter(|(known, _)| *known == name).map(|(_, value)| value);
        let first = found.next()?;
        let is_session = first.starts_with(SESSION_PREFIX) && found.next().is_none();
        is_session.then(|| first.to_owned())
    })
}

/// A session has begun. It ends with the browser's, and at the node by itself.
pub(crate) fn begun(way: Reached, node: &NodeName, session: &str) -> Option<HeaderValue> {
    HeaderValue::try_from(format!("{}={session}; {}", way.name(node), way.attributes())).ok()
}

/// No session any more, whichever way it came.
pub(crate) fn ended(node: &NodeName) -> Vec<HeaderValue> {
    let gone = |way: Reached| {
        let text = format!("{}=; Max-Age=0; {}", way.name(node), way.attributes());
        HeaderValue::try_from(text).ok()
    };
    [Reached::Secure, Reached::Here].into_iter().filter_map(gone).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(host: &str, cookies: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        for cookie in cookies {
            headers.append(header::COOKIE, cookie.parse().unwrap());
        }
        session(&headers, &NodeName::parse("west.example").unwrap())
    }

    #[test]
    fn a_session_in_the_clear_counts_on_this_machine_only() {
        let plain = ["a=b; forewarn-west.example=fws_1"];
        for host in ["127.0.0.1:8080", "localhost", "[::1]:8080"] {
            assert_eq!(asked(host, &plain).as_deref(), Some("fws_1"), "{host}");
        }
        for host in ["192.0.2.7:8080", "west.example", "localhost.west.example", "127.0.0.1.west"] {
            assert_eq!(asked(host, &plain), None, "{host}");
        }
        let secure = ["__Host-forewarn-west.example=fws_2"];
        assert_eq!(asked("west.example", &secure).as_deref(), Some("fws_2"));
    }

    #[test]
    fn a_cookie_of_another_desk_or_one_that_stands_twice_is_none() {
        assert_eq!(asked("localhost", &["forewarn-east.example=fws_1"]), None);
        assert_eq!(asked("localhost", &["forewarn-west.example=fwt_1"]), None);
        let twice = ["forewarn-west.example=fws_1; forewarn-west.example=fws_2"];
        assert_eq!(asked("localhost", &twice), None);
        assert_eq!(asked("localhost", &["forewarn-west.example=fws_1", twice[0]]), None);
    }

    #[test]
    fn an_origin_in_the_clear_is_taken_from_this_machine_only() {
        assert_eq!(Reached::of_origin("https://west.example"), Some(Reached::Secure));
        assert_eq!(Reached::of_origin("http://127.0.0.1:80"), Some(Reached::Here));
        assert_eq!(Reached::of_origin("http://west.example"), None);
        assert_eq!(Reached::of_origin("null"), None);
    }
}
