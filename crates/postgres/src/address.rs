//! Where the servers are, and who we are to them.

use std::net::IpAddr;
use std::str::FromStr as _;
use std::time::Duration;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};

/// A server that does not take a connection within this is left for the next.
const CONNECT: Duration = Duration::from_secs(1);
/// So long may what was sent be unacknowledged by the other machine.
const UNHEARD: Duration = Duration::from_secs(5);
/// After so long of silence the other machine is asked whether it is there.
const IDLE: Duration = Duration::from_secs(3);

/// Why an address is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadAddress {
    /// It cannot be read.
    #[error(
        "the journal's address cannot be read: {0}; write postgres://USER@HOST:PORT,HOST:PORT/DATABASE?sslmode=require"
    )]
    Unreadable(String),
    /// A secret stands in it.
    #[error(
        "the journal's address has a password in it: put that into the file of `password_file`, and take it out here"
    )]
    Password,
    /// It goes over a network in the clear.
    #[error(
        "the journal is on another machine, and its address does not ask for TLS: add `sslmode=require` to it"
    )]
    Clear,
    /// No server, user or database is named.
    #[error("the journal's address names no {0}")]
    Without(&'static str),
}

/// Servers, of which one is the primary.
#[derive(Clone)]
pub struct Address {
    pub(crate) hosts: Vec<Config>,
    pub(crate) tls: rustls::ClientConfig,
}

impl Address {
    /// Reads `postgres://USER@HOST:PORT,HOST:PORT/DATABASE?sslmode=require`. `application` is how the
    /// servers show us to their operators.
    ///
    /// # Errors
    /// It is not one, has a password in it, or goes over a network without TLS.
    pub fn read(
        text: &str,
        password: Option<&str>,
        (application, tls): (&str, rustls::ClientConfig),
    ) -> Result<Address, BadAddress> {
        let all = Config::from_str(text).map_err(|e| BadAddress::Unreadable(words(&e)))?;
        if all.get_password().is_some() {
            return Err(BadAddress::Password);
        }
        let user = all.get_user().ok_or(BadAddress::Without("user"))?;
        let database = all.get_dbname().ok_or(BadAddress::Without("database"))?;
        let mut hosts = Vec::new();
        for (at, host) in all.get_hosts().iter().enumerate() {
            let port = match all.get_ports() {
                [] => 5432,
                [one] => *one,
                many => many.get(at).copied().unwrap_or(5432),
            };
            let mut config = Config::new();
            let is_here = match host {
                Host::Tcp(name) => {
                    config.host(name);
                    name == "localhost"
                        || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
                }
                Host::Unix(path) => {
                    config.host_path(path);
                    true
                }
            };
            if !is_here && all.get_ssl_mode() != SslMode::Require {
                return Err(BadAddress::Clear);
            }
            config
                .port(port)
                .user(user)
                .dbname(database)
                .application_name(application)
                .ssl_mode(all.get_ssl_mode())
                .connect_timeout(CONNECT)
                .tcp_user_timeout(UNHEARD)
                .keepalives_idle(IDLE)
                .keepalives_interval(IDLE)
                .keepalives_retries(2)
                .target_session_attrs(TargetSessionAttrs::ReadWrite);
            if let Some(password) = password {
                config.password(password);
            }
            hosts.push(config);
        }
        if hosts.is_empty() {
            return Err(BadAddress::Without("host"));
        }
        Ok(Address { hosts, tls })
    }
}

/// An error with what it was caused by.
pub(crate) fn words(error: &tokio_postgres::Error) -> String {
    let mut all = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        all.push_str(": ");
        all.push_str(&cause.to_string());
        source = cause.source();
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn read(text: &str) -> Result<usize, BadAddress> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(rustls::RootCertStore::empty())
            .with_no_client_auth();
        Address::read(text, None, ("forewarn", tls)).map(|address| address.hosts.len())
    }

    #[test]
    fn servers_elsewhere_are_spoken_to_by_tls_only_and_secrets_stand_in_files() {
        assert_eq!(read("postgres://fw@127.0.0.1:5433/fw"), Ok(1));
        assert_eq!(read("postgres://fw@a.example,b.example:5433/fw?sslmode=require"), Ok(2));
        assert_eq!(read("postgres://fw@a.example/fw"), Err(BadAddress::Clear));
        assert_eq!(read("postgres://fw@localhost,a.example/fw"), Err(BadAddress::Clear));
        assert_eq!(read("postgres://fw:secret@127.0.0.1/fw"), Err(BadAddress::Password));
        assert_eq!(read("postgres://127.0.0.1/fw"), Err(BadAddress::Without("user")));
        assert_eq!(read("postgres://fw@127.0.0.1"), Err(BadAddress::Without("database")));
        assert!(matches!(read("127.0.0.1"), Err(BadAddress::Unreadable(_))));
    }
}
