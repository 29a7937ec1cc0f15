//! TLS, both ways: the node as a server, with clients known by their certificates; and as a client.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

use forewarn_testkit::{Node, made, until};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ProtocolVersion, RootCertStore, SupportedProtocolVersion};
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");
const TAXII: &str = "application/taxii+json;version=2.1";
const CONFIG: &str = "[tls]\ncertificate = \"tls.pem\"\nkey = \"tls.key\"\n";

fn made_certificate() -> CertifiedKey<rcgen::KeyPair> {
    generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap()
}

/// A node that speaks TLS with a certificate of its own.
fn node(name: &str, config: &str) -> (Node, CertificateDer<'static>) {
    let made = made_certificate();
    let files = move |home: &Path| {
        std::fs::write(home.join("tls.pem"), made.cert.pem()).unwrap();
        std::fs::write(home.join("tls.key"), made.signing_key.serialize_pem()).unwrap();
        made.cert.der().clone()
    };
    Node::start_prepared(PROGRAM, name, &format!("{CONFIG}{config}"), files)
}

/// What one request over TLS came to: protocol, whether HTTP/2, status.
async fn ask(
    node: &Node,
    root: &CertificateDer<'static>,
    version: &'static SupportedProtocolVersion,
    shown: Option<&CertifiedKey<rcgen::KeyPair>>,
    (http2, path): (bool, &str),
) -> (ProtocolVersion, bool, u16) {
    let mut roots = RootCertStore::empty();
    roots.add(root.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[version])
        .unwrap()
        .with_root_certificates(roots);
    let mut config = match shown {
        Some(shown) => {
            let key = PrivateKeyDer::try_from(shown.signing_key.serialize_der()).unwrap();
            config.with_client_auth_cert(vec![shown.cert.der().clone()], key).unwrap()
        }
        None => config.with_no_client_auth(),
    };
    config.alpn_protocols = vec![if http2 { b"h2".to_vec() } else { b"http/1.1".to_vec() }];
    let stream = TcpStream::connect(&node.address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap();
    let spoken = stream.get_ref().1.protocol_version().unwrap();
    let agreed = stream.get_ref().1.alpn_protocol() == Some(b"h2");
    let request = hyper::Request::builder()
        .uri(format!("https://localhost{path}"))
        .header("host", "localhost")
        .header("accept", TAXII)
        .body(Full::new(Bytes::new()))
        .unwrap();
    let io = TokioIo::new(stream);
    let answer = if http2 {
        let (mut sender, connection) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), io).await.unwrap();
        tokio::spawn(connection);
        sender.send_request(request).await.unwrap()
    } else {
        let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await.unwrap();
        tokio::spawn(connection);
        sender.send_request(request).await.unwrap()
    };
    let status = answer.status().as_u16();
    answer.into_body().collect().await.unwrap();
    (spoken, agreed, status)
}

#[tokio::test]
async fn tls_1_2_and_1_3_are_spoken_and_a_client_is_known_by_its_certificate() {
    let (node, root) = node("west.example", "");
    let (known, stranger) = (made_certificate(), made_certificate());
    let file = node.write("rita.pem", known.cert.pem());
    node.good(&["token", "add", "rita", "--certificate", &file]);
    let (v12, v13) = (&rustls::version::TLS12, &rustls::version::TLS13);
    let inbox = "/taxii2/api/collections/inbox/objects/";
    for (version, spoken) in [(v12, ProtocolVersion::TLSv1_2), (v13, ProtocolVersion::TLSv1_3)] {
        for http2 in [false, true] {
            let got = |shown| ask(&node, &root, version, shown, (http2, inbox));
            assert_eq!(got(Some(&known)).await, (spoken, http2, 200));
            assert_eq!(got(Some(&stranger)).await, (spoken, http2, 401));
            assert_eq!(got(None).await, (spoken, http2, 401));
        }
    }
    node.good(&["token", "revoke", "rita"]);
    assert_eq!(ask(&node, &root, v13, Some(&known), (false, inbox)).await.2, 401);
    // What is not TLS gets no answer in the clear.
    let mut plain = std::net::TcpStream::connect(&node.address).unwrap();
    std::io::Write::write_all(&mut plain, b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    let _ = std::io::Read::read_to_end(&mut plain, &mut answer);
    assert!(!answer.starts_with(b"HTTP/"));
}

#[test]
fn a_feed_trusts_whom_it_is_told_to_and_nobody_else() {
    let (there, root) = node("there.example", "");
    let here = Node::start_new(PROGRAM, "here.example");
    let file = there.write("item.json", made::envelope(&[made::indicator(1)]));
    there.by("ana", &["intake", &file]);
    let port = there.address.rsplit(':').next().unwrap();
    let url = format!("https://localhost:{port}/taxii2/api/collections/inbox/");
    let secret = there.secret_for("rita", &here);
    let add = |node: &Node| {
        let account = ["--user", "rita", "--secret-file", &secret, "--every", "1"];
        let words = [&["feed", "add", &url, "--name", "there"][..], &account].concat();
        node.by("nora", &words);
    };
    add(&here);
    let feed = |node: &Node| node.get("/api/v1/feeds")[0].clone();
    until("the certificate's trouble", || {
        feed(&here)["trouble"].as_str()?.to_lowercase().contains("certificate").then_some(())
    });
    let pem = made_pem(&root);
    std::fs::write(here.home().join("there.pem"), pem).unwrap();
    here.configure("[egress]\nauthorities = \"there.pem\"\n");
    let mut here = here;
    here.stop();
    here.start();
    until("what is there", || (feed(&here)["state"]["good"] == 1).then_some(()));
}

fn made_pem(der: &CertificateDer<'_>) -> String {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
}

/// A certificate that was renewed once needed a new start of the node.
#[tokio::test]
async fn a_certificate_is_read_again_on_a_hangup_and_a_bad_one_changes_nothing() {
    let (node, old) = node("west.example", "");
    let v13 = &rustls::version::TLS13;
    assert_eq!(ask(&node, &old, v13, None, (false, "/healthz")).await.2, 200);
    let certificate = node.home().join("tls.pem");
    let before = std::fs::read(&certificate).unwrap();
    std::fs::write(&certificate, "no certificate").unwrap();
    node.hang_up();
    until("the warning", || {
        node.logged().contains("the configuration of before stays").then_some(())
    });
    assert_eq!(ask(&node, &old, v13, None, (false, "/healthz")).await.2, 200);
    let new = made_certificate();
    assert_ne!(before, new.cert.pem().into_bytes());
    std::fs::write(&certificate, new.cert.pem()).unwrap();
    std::fs::write(node.home().join("tls.key"), new.signing_key.serialize_pem()).unwrap();
    node.hang_up();
    until("the new one", || node.logged().contains("tls.certificate").then_some(()));
    assert_eq!(ask(&node, new.cert.der(), v13, None, (false, "/healthz")).await.2, 200);
}
