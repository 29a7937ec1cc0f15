//! Who asks: HTTP message signatures (RFC 9421) with content digests (RFC 9530), by node keys.
//!
//! One profile, read strictly: Ed25519 over method, path, query, content digest and the receiver's
//! name, with a time window and a nonce. It gives access only; what is said is signed by itself.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use forewarn_exchange::Code;
use forewarn_transcript::{Hash, PublicKey};
use std::collections::HashMap;
use std::sync::Mutex;

/// How far the signer's clock may be from ours, in seconds.
pub(crate) const WINDOW_SECONDS: u64 = 300;
/// Most nonces remembered of one partner: 100 requests a second for the length of two windows.
const MAX_NONCES: usize = 60_000;
/// The header that names the receiver, so that a request cannot be replayed to another node.
pub const TO: &str = "forewarn-to";
const TAG: &str = "forewarn-channel";
const COVERED: &str = r#"("@method" "@path" "@query" "content-digest" "forewarn-to")"#;

/// What is signed of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed<'a> {
    /// The method, in upper case: `@method` (RFC 9421 §2.2.1).
    pub method: &'a str,
    /// The path: `@path` (§2.2.6).
    pub path: &'a str,
    /// With its question mark; `?` alone when there is none (RFC 9421 §2.2.7).
    pub query: &'a str,
    /// The `Content-Digest` header of the body (RFC 9530).
    pub digest: &'a str,
    /// The receiver's name, as the [`TO`] header has it.
    pub to: &'a str,
}

/// The signature's parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameters {
    /// When it was signed, in seconds since 1970.
    pub created: u64,
    /// Drawn by the signer for this request: the same one is not let in twice.
    pub nonce: String,
    /// The key that it was signed by, as the signer names it.
    pub keyid: String,
}

/// Why a request is not let in: said to the other side with its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// A header of the signature is missing, cannot be read, or covers other parts.
    #[error("the request is not signed as the channel wants it (RFC 9421)")]
    Unsigned,
    /// Unknown, unconfirmed, suspended and forged look alike.
    #[error("the request is not signed by the key of a partner of this node")]
    NotAPartner,
    /// It was signed too long ago, or in the future: one of the two clocks is wrong.
    #[error("the request was signed too long ago, or in the future; check the clocks")]
    OutsideWindow,
    /// A request with this nonce was let in before.
    #[error("the request was used before")]
    Replayed,
    /// The key has used up its requests of some minutes.
    #[error("too many requests were made within a few minutes; come again later")]
    TooMany,
    /// The body's digest is not the one that was signed.
    #[error("the body is not the one that was signed")]
    Digest,
}

impl Denied {
    /// Its code.
    pub fn code(self) -> Code {
        match self {
            Denied::Unsigned => Code::Unsigned,
            Denied::NotAPartner => Code::NotAPartner,
            Denied::OutsideWindow => Code::OutsideWindow,
            Denied::Replayed => Code::Replayed,
            Denied::TooMany => Code::TooManyRequests,
            Denied::Digest => Code::Digest,
        }
    }
}

/// The `Content-Digest` of a body.
pub fn content_digest(body: &[u8]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(Hash::of(body).0))
}

impl Parameters {
    fn text(&self) -> String {
        let Parameters { created, nonce, keyid } = self;
        format!(
            "{COVERED};created={created};nonce=\"{nonce}\";keyid=\"{keyid}\";alg=\"ed25519\";tag=\"{TAG}\""
        )
    }

    /// The `Signature-Input` header.
    pub fn header(&self) -> String {
        format!("sig={}", self.text())
    }

    /// Reads the header: this profile's form and no other.
    pub fn parse(header: &str) -> Result<Parameters, Denied> {
        let rest = header.strip_prefix("sig=").and_then(|h| h.strip_prefix(COVERED));
        let rest = rest.ok_or(Denied::Unsigned)?;
        let mut parts = rest.split(';');
        let mut value = |name: &str| {
            let part = parts.find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
            part.ok_or(Denied::Unsigned)
        };
        let created = value("created")?.parse().map_err(|_| Denied::Unsigned)?;
        let nonce = value("nonce")?.trim_matches('"').to_owned();
        let keyid = value("keyid")?.trim_matches('"').to_owned();
        let parameters = Parameters { created, nonce, keyid };
        // What is read must print as what was sent: no second reading of the same header.
        let sane = (16..=64).contains(&parameters.nonce.len()) && parameters.header() == header;
        if sane { Ok(parameters) } else { Err(Denied::Unsigned) }
    }
}

/// The signature base (RFC 9421 §2.5).
pub fn base(signed: &Signed, parameters: &Parameters) -> String {
    let Signed { method, path, query, digest, to } = signed;
    format!(
        "\"@method\": {method}\n\"@path\": {path}\n\"@query\": {query}\n\
         \"content-digest\": {digest}\n\"forewarn-to\": {to}\n\
         \"@signature-params\": {}",
        parameters.text()
    )
}

/// The `Signature` header.
pub fn signature_header(signature: &[u8; 64]) -> String {
    format!("sig=:{}:", STANDARD.encode(signature))
}

/// Checks a signature by the key that the caller has pinned for `parameters.keyid`.
pub fn verify(
    signed: &Signed,
    parameters: &Parameters,
    signature: &str,
    key: &PublicKey,
) -> Result<(), Denied> {
    let encoded = signature.strip_prefix("sig=:").and_then(|s| s.strip_suffix(':'));
    let bytes = encoded.and_then(|e| STANDARD.decode(e).ok()).ok_or(Denied::Unsigned)?;
    if key.verifies(base(signed, parameters).as_bytes(), &bytes) {
        Ok(())
    } else {
        Err(Denied::NotAPartner)
    }
}

/// Nonces seen within the window, for each partner by itself: one that sends too many keeps only
/// itself out. They are kept in memory only: after a restart an old request could come in once
/// more, and would find its entries held and change nothing.
#[derive(Default)]
pub struct Nonces(Mutex<HashMap<String, HashMap<String, u64>>>);

impl Nonces {
    /// Lets each signed request in once.
    pub fn admit(&self, parameters: &Parameters, now: u64) -> Result<(), Denied> {
        if parameters.created.abs_diff(now) > WINDOW_SECONDS {
            return Err(Denied::OutsideWindow);
        }
        let mut all = self.0.lock().map_err(|_| Denied::TooMany)?;
        let seen = all.entry(parameters.keyid.clone()).or_default();
        if seen.len() >= MAX_NONCES {
            seen.retain(|_, created| created.abs_diff(now) <= WINDOW_SECONDS);
        }
        if seen.len() >= MAX_NONCES {
            return Err(Denied::TooMany);
        }
        match seen.insert(parameters.nonce.clone(), parameters.created) {
            None => Ok(()),
            Some(_) => Err(Denied::Replayed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use forewarn_transcript::SecretKey;

    fn parameters() -> Parameters {
        Parameters { created: 1_000, nonce: "n".repeat(22), keyid: "a.example".into() }
    }

    fn signed() -> Signed<'static> {
        Signed {
            method: "POST",
            path: "/channel/v1/entries",
            query: "?",
            digest: "d",
            to: "b.example",
        }
    }

    #[test]
    fn a_request_is_bound_to_all_that_is_covered() {
        let key = SecretKey::from_seed(&[1; 32]);
        let header = signature_header(&key.sign(base(&signed(), &parameters()).as_bytes()));
        let check = |signed: &Signed, p: &Parameters| verify(signed, p, &header, &key.public());
        assert_eq!(check(&signed(), &parameters()), Ok(()));
        for bent in [
            Signed { method: "GET", ..signed() },
            Signed { path: "/x", ..signed() },
            Signed { query: "?a", ..signed() },
            Signed { digest: "e", ..signed() },
            Signed { to: "c.example", ..signed() },
        ] {
            assert_eq!(check(&bent, &parameters()), Err(Denied::NotAPartner), "{bent:?}");
        }
        let later = Parameters { created: 1_001, ..parameters() };
        assert_eq!(check(&signed(), &later), Err(Denied::NotAPartner));
    }

    #[test]
    fn parameters_have_one_form() {
        let header = parameters().header();
        assert_eq!(Parameters::parse(&header), Ok(parameters()));
        for bent in [
            header.replace("\"@query\" ", ""),
            header.replace("sig=", "sig2="),
            format!("{header};x=1"),
            header.replace("created=", "created=0"),
        ] {
            assert_eq!(Parameters::parse(&bent), Err(Denied::Unsigned), "{bent}");
        }
    }

    #[test]
    fn a_request_is_let_in_once_and_in_time() {
        let nonces = Nonces::default();
        assert_eq!(nonces.admit(&parameters(), 1_200), Ok(()));
        assert_eq!(nonces.admit(&parameters(), 1_201), Err(Denied::Replayed));
        assert_eq!(nonces.admit(&parameters(), 2_000), Err(Denied::OutsideWindow));
    }

    #[test]
    fn a_digest_is_written_as_rfc_9530_writes_it() {
        // RFC 9530 appendix B.1.
        assert_eq!(
            content_digest(b"{\"hello\": \"world\"}\n"),
            "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"
        );
    }
}
