//! TLS to a node elsewhere: its certificate is checked by the authorities of this machine, or by the
//! one that is named.

use crate::failure::Failed;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// By which authorities a node's certificate is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Authority {
    /// Those of this machine.
    System,
    /// Those in this file, in PEM form, and no others.
    File(PathBuf),
}

/// Speaks TLS to a host over a connection to it.
pub(crate) async fn connect(
    stream: TcpStream,
    host: &str,
    authority: &Authority,
) -> Result<TlsStream<TcpStream>, Failed> {
    let config = config(roots(authority)?)?;
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let name = ServerName::try_from(bare.to_owned());
    let name = name.map_err(|_| Failed::usage(format!("`{host}` is not the name of a host")))?;
    let connected = TlsConnector::from(Arc::new(config)).connect(name, stream).await;
    connected.map_err(|e| {
        let why = e.to_string();
        let hint = if why.contains("CaUsedAsEndEntity") {
            "the node's certificate is one of an authority: make it with `-addext \
             basicConstraints=critical,CA:FALSE`, or have it signed by the authority"
        } else {
            "a certificate of the node's own making is named with --authority FILE"
        };
        Failed::internal(format!("no TLS with {host}: {why}")).hint(hint)
    })
}

fn config(roots: RootCertStore) -> Result<ClientConfig, Failed> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|e| Failed::internal(e.to_string()))?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

fn roots(authority: &Authority) -> Result<RootCertStore, Failed> {
    let mut roots = RootCertStore::empty();
    match authority {
        Authority::System => {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
        Authority::File(path) => add(&mut roots, path)?,
    }
    if roots.is_empty() {
        return Err(Failed::usage(
            "this machine names no authority that certificates are checked by",
        )
        .hint("install ca-certificates, or name one with --authority FILE"));
    }
    Ok(roots)
}

fn add(roots: &mut RootCertStore, path: &Path) -> Result<(), Failed> {
    let bad = |why: String| Failed::usage(format!("`{}`: {why}", path.display()));
    let found = CertificateDer::pem_file_iter(path).map_err(|e| bad(e.to_string()))?;
    for certificate in found {
        let certificate = certificate.map_err(|e| bad(e.to_string()))?;
        roots.add(certificate).map_err(|e| bad(e.to_string()))?;
    }
    Ok(())
}
