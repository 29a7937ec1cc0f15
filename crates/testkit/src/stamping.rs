//! An authority for time stamps (RFC 3161) as Debian's `openssl ts` is one: its own root, a certificate for stamps
//! below it, and a server that answers what `openssl` answers.

use crate::scripted::{Reply, Scripted};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex, MutexGuard};
use tempfile::TempDir;

/// What `openssl` is told of a root, of a certificate for stamps, and of stamps.
const CONFIGURATION: &str = "
[req]
distinguished_name = dn
prompt = no
[dn]
CN = Stamps
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[stamps]
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[anything]
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping, emailProtection
[tsa]
serial = serial
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1, millisecs:500
ordering = no
tsa_name = yes
ess_cert_id_alg = sha256
";

/// What it does.
#[derive(Debug, Default)]
pub struct Doing {
    /// Whether it answers nothing but 503.
    pub away: bool,
    /// Whether it gives the answer to the request before.
    pub repeats: bool,
    /// Requests, in DER.
    pub asked: Vec<Vec<u8>>,
    /// The last answer.
    last: Vec<u8>,
}

/// An authority, of which the folder goes when it does.
pub struct Stamping {
    folder: Arc<TempDir>,
    digest: String,
}

impl Stamping {
    /// Makes one whose certificate has a key as `openssl genpkey` names it (`rsa:2048`, `ec:P-256`, `ed25519`), and
    /// that signs by this digest.
    pub fn new(key: &str, digest: &str) -> Stamping {
        Stamping::for_use(key, digest, "stamps")
    }

    /// One whose certificate is for more than stamps, which RFC 3161 §2.3 forbids.
    pub fn for_anything() -> Stamping {
        Stamping::for_use("ec:P-256", "sha256", "anything")
    }

    fn for_use(key: &str, digest: &str, used: &str) -> Stamping {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        std::fs::write(at.join("openssl.cnf"), CONFIGURATION).unwrap();
        std::fs::write(at.join("serial"), "01\n").unwrap();
        let algorithm = match key.split_once(':') {
            Some(("rsa", bits)) => {
                vec!["RSA".to_owned(), "-pkeyopt".to_owned(), format!("rsa_keygen_bits:{bits}")]
            }
            Some((_, curve)) => {
                vec!["EC".to_owned(), "-pkeyopt".to_owned(), format!("ec_paramgen_curve:{curve}")]
            }
            None => vec![key.to_owned()],
        };
        let mut generate = vec!["genpkey", "-out", "key.pem", "-algorithm"];
        generate.extend(algorithm.iter().map(String::as_str));
        good(at, &generate);
        good(
            at,
            &[
                "genpkey",
                "-out",
                "root.key",
                "-algorithm",
                "EC",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
            ],
        );
        let root = ["-key", "root.key", "-out", "root.pem", "-subj", "/CN=Root of stamps"];
        good(
            at,
            &[
                &["req", "-new", "-x509", "-config", "openssl.cnf", "-extensions", "root"][..],
                &root,
            ]
            .concat(),
        );
        good(
            at,
            &["req", "-new", "-config", "openssl.cnf", "-key", "key.pem", "-out", "asked.pem"],
        );
        let issued =
            ["-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-out", "stamps.pem"];
        let extended = ["-extfile", "openssl.cnf", "-extensions", used];
        good(at, &[&["x509", "-req", "-in", "asked.pem"][..], &issued, &extended].concat());
        Stamping { folder: Arc::new(folder), digest: digest.to_owned() }
    }

    /// Its root, in PEM.
    pub fn root(&self) -> PathBuf {
        self.folder.path().join("root.pem")
    }

    /// What it answers to a request in DER: what `openssl` answers.
    pub fn answer(&self, request: &[u8]) -> Vec<u8> {
        answer(self.folder.path(), &self.digest, request)
    }

    /// What a token states, signed anew by this one: what its own `openssl` would not sign.
    pub fn signs(&self, token: &[u8]) -> Vec<u8> {
        let at = self.folder.path();
        std::fs::write(at.join("token"), token).unwrap();
        let taken = ["-in", "token", "-inform", "DER", "-noverify", "-nosigs", "-out", "statement"];
        good(at, &[&["cms", "-verify"][..], &taken].concat());
        let kind =
            ["-econtent_type", "1.2.840.113549.1.9.16.1.4", "-nodetach", "-binary", "-cades"];
        let by = ["-signer", "stamps.pem", "-inkey", "key.pem", "-nosmimecap", "-outform", "DER"];
        good(
            at,
            &[&["cms", "-sign", "-in", "statement", "-md", &self.digest][..], &kind, &by].concat(),
        )
    }

    /// What `openssl` tells of an answer.
    pub fn tells(&self, answer: &[u8]) -> String {
        let at = self.folder.path();
        std::fs::write(at.join("answer"), answer).unwrap();
        let words = good(at, &["ts", "-reply", "-config", "openssl.cnf", "-in", "answer", "-text"]);
        String::from_utf8(words).unwrap()
    }

    /// Whether `openssl` itself finds that this token is its own, and of this digest in hexadecimal.
    pub fn knows(&self, token: &[u8], digest: &str) -> bool {
        let at = self.folder.path();
        std::fs::write(at.join("token"), token).unwrap();
        let asked = [
            "ts",
            "-verify",
            "-in",
            "token",
            "-token_in",
            "-digest",
            digest,
            "-CAfile",
            "root.pem",
        ];
        openssl(at, &asked).status.success()
    }

    /// A server that answers as it does, until the test ends.
    pub fn serve(self) -> StampServer {
        let doing = Arc::new(Mutex::new(Doing::default()));
        let (folder, digest, answering) = (self.folder.clone(), self.digest.clone(), doing.clone());
        let server = Scripted::start(move |_, request| {
            let mut doing = answering.lock().unwrap();
            if doing.away {
                return Reply::new(503, "");
            }
            let kind = request.header("content-type");
            if request.method != "POST" || kind != Some("application/timestamp-query") {
                return Reply::new(415, "");
            }
            doing.asked.push(request.body.clone());
            if !doing.repeats || doing.last.is_empty() {
                doing.last = answer(folder.path(), &digest, &request.body);
            }
            Reply::new(200, doing.last.clone()).with("content-type", "application/timestamp-reply")
        });
        StampServer { server, authority: self, doing }
    }
}

/// An authority that listens.
pub struct StampServer {
    /// Where it listens, and what it was asked.
    pub server: Scripted,
    /// Whose stamps it gives.
    pub authority: Stamping,
    doing: Arc<Mutex<Doing>>,
}

impl StampServer {
    /// Its section of a configuration, under this name.
    pub fn section(&self, name: &str) -> String {
        let root = self.authority.root().display().to_string();
        format!(
            "[[timestamp]]\nname = \"{name}\"\nurl = \"http://{}/\"\nroot = \"{root}\"\nevery = 1\n",
            self.server.address
        )
    }

    /// What it does, to look at and to change.
    pub fn doing(&self) -> MutexGuard<'_, Doing> {
        self.doing.lock().unwrap()
    }
}

fn answer(at: &Path, digest: &str, request: &[u8]) -> Vec<u8> {
    std::fs::write(at.join("query"), request).unwrap();
    let digest = format!("-{digest}");
    let signed = ["-signer", "stamps.pem", "-inkey", "key.pem", &digest];
    let asked =
        ["ts", "-reply", "-config", "openssl.cnf", "-section", "tsa", "-queryfile", "query"];
    good(at, &[&asked[..], &signed].concat())
}

fn good(at: &Path, arguments: &[&str]) -> Vec<u8> {
    let output = openssl(at, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn openssl(at: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new("openssl");
    let output = command.current_dir(at).args(arguments).stdin(Stdio::null()).output();
    output.expect("Debian's `openssl` makes the stamps of these tests")
}
