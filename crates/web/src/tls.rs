//! TLS by rustls, when it is configured: TLS 1.2 and 1.3, HTTP/2 and HTTP/1.1, and certificates of
//! clients where they show one.
//!
//! A client's certificate is pinned, like a token: `forewarn token add USER --certificate FILE`. No
//! authority is asked; what counts is that the client holds the key of a certificate that we know.

use forewarn_node::config::TlsSection;
use forewarn_transcript::Hash;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerifier as _};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, RootCertStore, ServerConfig,
    SignatureScheme,
};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio_rustls::TlsAcceptor;

/// After the end of every certificate: the year 9999 (RFC 5280 §4.1.2.5) is before it.
const LATE: Duration = Duration::from_hours(24 * 366 * 8_100);

/// The SHA-256 of the certificate that a connection's client has shown and holds the key of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Certificate(pub(crate) Hash);

impl Certificate {
    pub(crate) fn of(der: &CertificateDer<'_>) -> Certificate {
        Certificate(Hash::of(der))
    }

    /// The SHA-256 of the first certificate of a text in PEM form.
    pub(crate) fn of_pem(pem: &str) -> Option<Hash> {
        CertificateDer::from_pem_slice(pem.as_bytes()).ok().map(|der| Certificate::of(&der).0)
    }
}

/// TLS as it is spoken now: its files can be read again while the node runs.
#[derive(Clone)]
pub(crate) struct Tls {
    home: PathBuf,
    acceptor: Arc<RwLock<TlsAcceptor>>,
}

impl Tls {
    /// Reads the files of the configuration; those that are not absolute are in the node's folder.
    pub(crate) fn read(section: &TlsSection, home: &Path) -> io::Result<Tls> {
        let acceptor = Arc::new(RwLock::new(acceptor(section, home)?));
        Ok(Tls { home: home.to_owned(), acceptor })
    }

    /// What new connections are spoken to by.
    pub(crate) fn now(&self) -> TlsAcceptor {
        self.acceptor.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What connections would be spoken to by with these files.
    pub(crate) fn acceptor_of(&self, section: &TlsSection) -> io::Result<TlsAcceptor> {
        acceptor(section, &self.home)
    }

    /// Connections that begin from now on are spoken to by this.
    pub(crate) fn change(&self, acceptor: TlsAcceptor) {
        *self.acceptor.write().unwrap_or_else(PoisonError::into_inner) = acceptor;
    }
}

fn acceptor(section: &TlsSection, home: &Path) -> io::Result<TlsAcceptor> {
    let bad = |name: &str, why: &dyn std::fmt::Display| {
        io::Error::other(format!("tls: `{name}` cannot be used: {why}"))
    };
    let chain = CertificateDer::pem_file_iter(home.join(&section.certificate))
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|e| bad(&section.certificate, &e))?;
    let key = PrivateKeyDer::from_pem_file(home.join(&section.key));
    let key = key.map_err(|e| bad(&section.key, &e))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|e| bad("protocols", &e))?
        .with_client_cert_verifier(Arc::new(Pinned(provider)))
        .with_single_cert(chain, key);
    let mut config = config.map_err(|e| bad(&section.certificate, &e))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Whether the files of the configuration can be used, in words.
pub fn check(section: &TlsSection, home: &Path) -> Result<String, String> {
    acceptor(section, home).map_err(|e| e.to_string())?;
    Ok(format!("`{}` and its key fit", section.certificate))
}

/// When the node's certificate ends, in seconds since 1970; nothing when it cannot be read.
///
/// rustls gives no date of a certificate, and refuses one at a time after its end by naming that.
pub fn ends(section: &TlsSection, home: &Path) -> Option<u64> {
    let file = home.join(&section.certificate);
    let certificate = CertificateDer::pem_file_iter(file).ok()?.next()?.ok()?;
    let mut roots = RootCertStore::empty();
    roots.add(certificate.clone()).ok()?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build();
    let name = ServerName::try_from("forewarn.invalid").ok()?;
    let late = UnixTime::since_unix_epoch(LATE);
    match verifier.ok()?.verify_server_cert(&certificate, &[], &name, &[], late) {
        Err(rustls::Error::InvalidCertificate(CertificateError::ExpiredContext {
            not_after,
            ..
        })) => Some(not_after.as_secs()),
        _ => None,
    }
}

/// Takes any certificate whose key the client proves to hold: whose it is, is looked up later.
#[derive(Debug)]
struct Pinned(Arc<CryptoProvider>);

impl ClientCertVerifier for Pinned {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
