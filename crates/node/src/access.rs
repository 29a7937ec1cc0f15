//! Who asks: HTTP message signatures (RFC 9421) with content digests (RFC 9530), by node keys.
//!
//! One profile, read strictly: Ed25519 over method, path, query, content digest and the receiver's
//! name, with a time window and a nonce. It gives access only; what is said is signed by itself.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use forewarn_exchange::name::{NodeName, UserName};
use forewarn_exchange::partner::{Partner, Standing};
use forewarn_exchange::{Code, Refusal};
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Tlp;
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
    /// Unknown, unconfirmed, suspended, forged, and what cannot be read, look alike.
    #[error("the request is not signed (RFC 9421) by the key of a partner of this node")]
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
    pub fn parse(header: &str) -> Option<Parameters> {
        let rest = header.strip_prefix("sig=").and_then(|h| h.strip_prefix(COVERED))?;
        let mut parts = rest.split(';');
        let mut value =
            |name: &str| parts.find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
        let created = value("created")?.parse().ok()?;
        let nonce = value("nonce")?.trim_matches('"').to_owned();
        let keyid = value("keyid")?.trim_matches('"').to_owned();
        let parameters = Parameters { created, nonce, keyid };
        // What is read must print as what was sent: no second reading of the same header.
        let sane = (16..=64).contains(&parameters.nonce.len()) && parameters.header() == header;
        sane.then_some(parameters)
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

/// The 64 bytes of a `Signature` header.
fn signature_of(header: &str) -> Option<[u8; 64]> {
    let encoded = header.strip_prefix("sig=:").and_then(|s| s.strip_suffix(':'))?;
    STANDARD.decode(encoded).ok()?.try_into().ok()
}

/// Signatures that are checked of a request that is not let in, whoever it names: a partner has
/// one key that counts, and two while they change.
const CHECKED: usize = 2;

/// What a request says of who makes it: read as a whole, before anything of it is judged. Whatever
/// is missing or cannot be read has a stand-in, which is checked like the thing itself.
#[derive(Debug)]
pub struct Claim<'a> {
    signed: Signed<'a>,
    parameters: Parameters,
    signature: [u8; 64],
    whole: bool,
}

impl<'a> Claim<'a> {
    /// Reads it of a request's method, path and query, and of its headers.
    pub fn read(
        (method, path, query): (&'a str, &'a str, &'a str),
        header: impl Fn(&str) -> Option<&'a str>,
    ) -> Claim<'a> {
        let (digest, to) = (header("content-digest"), header(TO));
        let parameters = header("signature-input").and_then(Parameters::parse);
        let signature = header("signature").and_then(signature_of);
        let whole = digest.is_some() && to.is_some() && parameters.is_some() && signature.is_some();
        let nobody = || Parameters { created: 0, nonce: String::new(), keyid: String::new() };
        let (digest, to) = (digest.unwrap_or_default(), to.unwrap_or_default());
        Claim {
            signed: Signed { method, path, query, digest, to },
            parameters: parameters.unwrap_or_else(nobody),
            signature: signature.unwrap_or([0; 64]),
            whole,
        }
    }

    /// The name that it is made under; empty when none can be read.
    pub fn name(&self) -> &str {
        &self.parameters.keyid
    }

    /// Its parameters.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// Whether it is signed for `us` by one of these keys, oldest first. As much is checked, by the
    /// stranger's key, where there are none.
    ///
    /// # Errors
    /// [`Denied::NotAPartner`], for whatever reason.
    pub fn judge(&self, us: &str, keys: &[PublicKey], stranger: &Stranger) -> Result<(), Denied> {
        self.judge_by(us, keys, stranger, PublicKey::verifies)
    }

    fn judge_by(
        &self,
        us: &str,
        keys: &[PublicKey],
        stranger: &Stranger,
        mut verifies: impl FnMut(&PublicKey, &[u8], &[u8]) -> bool,
    ) -> Result<(), Denied> {
        let base = base(&self.signed, &self.parameters);
        let mut signs = |key| verifies(key, base.as_bytes(), &self.signature);
        let is_theirs = keys.iter().rev().any(&mut signs);
        if is_theirs && self.whole && self.signed.to == us {
            return Ok(());
        }
        for _ in keys.len()..CHECKED {
            signs(&stranger.key);
        }
        Err(Denied::NotAPartner)
    }
}

/// Stands for every partner that there is not: what is done for a name that we know is done for
/// one that we do not know.
#[derive(Debug)]
pub struct Stranger {
    partner: Partner,
    key: PublicKey,
}

impl Stranger {
    /// With a key that nobody holds.
    ///
    /// # Errors
    /// None is expected: the name and organisation are good ones.
    pub fn new(seed: &Hash, at: &Timestamp) -> Result<Stranger, Refusal> {
        let (name, by) = (NodeName::parse("stranger")?, UserName::parse("nobody")?);
        let partner = Partner::without_node((&name, "Nobody"), Tlp::Clear, seed, &by, at)?;
        let key = partner.card.keys.ed25519;
        Ok(Stranger { partner, key })
    }

    /// The keys by which a partner of ours may ask, oldest first; none for whoever may not.
    pub fn keys_of(&self, found: Option<Partner>) -> Vec<PublicKey> {
        let is_known = found.is_some();
        let partner = found.unwrap_or_else(|| self.partner.clone());
        let is_open = is_known & matches!(partner.standing, Standing::Confirmed { .. });
        let keys = partner.valid_keys().into_iter().map(|keys| keys.ed25519);
        let keys: Vec<PublicKey> = keys.collect();
        if is_open { keys } else { Vec::new() }
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

    fn stranger() -> Stranger {
        Stranger::new(&Hash([9; 32]), &Timestamp::parse("2017-12-15T09:30:00Z").unwrap()).unwrap()
    }

    /// A missing or unreadable signature once told whether a name is a partner's.
    #[test]
    fn as_much_is_checked_for_a_name_that_is_unknown() {
        let (secret, stranger) = (SecretKey::from_seed(&[1; 32]), stranger());
        let input = parameters().header();
        let good = signature_header(&secret.sign(base(&signed(), &parameters()).as_bytes()));
        let wrong = signature_header(&[7; 64]);
        let ask = |input: Option<&str>, signature: Option<&str>, keys: &[PublicKey]| {
            let claim = Claim::read(("POST", "/channel/v1/entries", "?"), |name| match name {
                "content-digest" => Some("d"),
                "signature-input" => input,
                "signature" => signature,
                _ => Some("b.example"),
            });
            let mut checked = 0;
            let verdict = claim.judge_by("b.example", keys, &stranger, |key, base, signature| {
                checked += 1;
                key.verifies(base, signature)
            });
            (verdict, checked)
        };
        let (none, one): (&[PublicKey], &[PublicKey]) = (&[], &[secret.public()]);
        let denied = (Err(Denied::NotAPartner), CHECKED);
        for signature in [None, Some("garbled"), Some("sig=:AAAA:"), Some(&*wrong)] {
            for keys in [none, one, &[secret.public(), stranger.key]] {
                assert_eq!(ask(Some(&input), signature, keys), denied, "{signature:?}");
                assert_eq!(ask(None, signature, keys), denied, "{signature:?}");
            }
        }
        assert_eq!(ask(Some(&input), Some(&good), none), denied);
        assert_eq!(ask(Some(&input), Some(&good), one), (Ok(()), 1));
        // A good signature with a header that is missing counts for nothing.
        assert_eq!(ask(None, Some(&good), one), denied);
    }

    #[test]
    fn only_a_confirmed_partner_has_keys_to_ask_by() {
        let stranger = stranger();
        assert_eq!(stranger.keys_of(None), []);
        let known = stranger.partner.clone();
        assert_eq!(stranger.keys_of(Some(known.clone())), [stranger.key]);
        let by = UserName::parse("paul").unwrap();
        let closed =
            known.suspend("x", false, &by, &Timestamp::parse("2017-12-15T09:30:00Z").unwrap());
        assert_eq!(stranger.keys_of(Some(closed)), []);
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
        let check = |signed: &Signed, p: &Parameters| {
            let input = p.header();
            let claim = Claim::read((signed.method, signed.path, signed.query), |name| {
                Some(match name {
                    "content-digest" => signed.digest,
                    "signature-input" => &input,
                    "signature" => &header,
                    _ => signed.to,
                })
            });
            claim.judge(signed.to, &[key.public()], &stranger())
        };
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
        assert_eq!(Parameters::parse(&header), Some(parameters()));
        for bent in [
            header.replace("\"@query\" ", ""),
            header.replace("sig=", "sig2="),
            format!("{header};x=1"),
            header.replace("created=", "created=0"),
        ] {
            assert_eq!(Parameters::parse(&bent), None, "{bent}");
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
