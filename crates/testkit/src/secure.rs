//! Nodes that speak TLS, with certificates of one authority that they all trust.

use crate::Node;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use std::path::Path;

/// The host of every certificate here.
const HOST: &str = "localhost";

/// Signs the certificates of nodes.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Default for Authority {
    fn default() -> Authority {
        Authority::new()
    }
}

impl Authority {
    /// An authority of its own.
    pub fn new() -> Authority {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Authority(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// Its certificate.
    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// Puts a certificate and its key into a node's home.
    fn write_certificate(&self, home: &Path) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![HOST.to_owned()]).unwrap();
        let made = params.signed_by(&key, &self.0).unwrap();
        std::fs::write(home.join("tls.pem"), made.pem()).unwrap();
        std::fs::write(home.join("tls.key"), key.serialize_pem()).unwrap();
        std::fs::write(home.join("ca.pem"), self.pem()).unwrap();
    }
}

impl Node {
    /// A node that is reached over HTTPS, and trusts the authority.
    pub fn start_secure(program: &str, name: &str, authority: &Authority, config: &str) -> Node {
        let secure = "[tls]\ncertificate = \"tls.pem\"\nkey = \"tls.key\"\n\
                      [egress]\nauthorities = \"ca.pem\"\n";
        let config = format!("{secure}{config}");
        let origin = format!("https://{HOST}");
        let prepare = |home: &Path| authority.write_certificate(home);
        Node::start_at(&origin, (program, name, &config), prepare).0
    }

    /// Where it is reached over HTTPS.
    pub fn secure_url(&self) -> String {
        let port = self.address.rsplit(':').next().unwrap();
        format!("https://{HOST}:{port}")
    }
}
