//! A token: what was stamped, when, and by whose signature (RFC 3161 §2.4.2, `TSTInfo` in CMS).

use crate::asked::{Imprint, Nonce, digest_by};
use cms::content_info::ContentInfo;
use cms::signed_data::{SignedData, SignerInfo};
use const_oid::db::rfc5911::ID_SIGNED_DATA;
use der::asn1::{Any, Int, ObjectIdentifier, OctetString};
use der::{Decode, Encode, Sequence, Tag, Tagged};
use forewarn_stix::Timestamp;
use forewarn_transcript::Hash;

/// `id-ct-TSTInfo` (RFC 3161 §2.4.2).
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");

/// Bytes are no token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("it is no time-stamp token (RFC 3161): {0}")]
pub struct BadToken(pub(crate) String);

impl From<der::Error> for BadToken {
    fn from(why: der::Error) -> BadToken {
        BadToken(why.to_string())
    }
}

/// RFC 3161 §2.4.2, `TSTInfo`. What has no part in a check is read and not looked at.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
struct TstInfo {
    version: u8,
    policy: ObjectIdentifier,
    imprint: Imprint,
    serial: Int,
    /// Not by the parser's own type, which knows whole seconds only.
    time: Any,
    #[asn1(optional = "true")]
    accuracy: Option<Accuracy>,
    #[asn1(default = "no")]
    is_ordered: bool,
    #[asn1(optional = "true")]
    nonce: Option<Int>,
    #[asn1(context_specific = "0", optional = "true", tag_mode = "EXPLICIT")]
    authority: Option<Any>,
    #[asn1(context_specific = "1", optional = "true", tag_mode = "IMPLICIT")]
    extensions: Option<Vec<Any>>,
}

fn no() -> bool {
    false
}

/// RFC 3161 §2.4.2, `Accuracy`.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
struct Accuracy {
    #[asn1(optional = "true")]
    seconds: Option<u32>,
    #[asn1(context_specific = "0", optional = "true", tag_mode = "IMPLICIT")]
    millis: Option<u16>,
    #[asn1(context_specific = "1", optional = "true", tag_mode = "IMPLICIT")]
    micros: Option<u16>,
}

/// A token as it was read; nothing is checked of it.
#[derive(Debug, Clone)]
pub struct Token {
    info: TstInfo,
    /// The time in the token, by the authority's clock.
    pub(crate) time: Timestamp,
    /// The stamped statement, as it was signed.
    pub(crate) statement: Vec<u8>,
    pub(crate) signer: SignerInfo,
    /// The certificates that came with it: others' word, until a chain leads to a root that is trusted.
    pub(crate) certificates: Vec<Vec<u8>>,
}

impl Token {
    /// Reads a token in DER.
    ///
    /// # Errors
    /// It is no token, or has several signatures, which RFC 3161 §2.4.2 forbids.
    pub fn parse(bytes: &[u8]) -> Result<Token, BadToken> {
        let bad = |why: &str| BadToken(why.to_owned());
        if bytes.len() > crate::MAX_ANSWER_BYTES {
            return Err(BadToken(format!("longer than {} bytes", crate::MAX_ANSWER_BYTES)));
        }
        let outer = ContentInfo::from_der(bytes)?;
        if outer.content_type != ID_SIGNED_DATA {
            return Err(bad("it is not signed (RFC 5652 §5)"));
        }
        let signed = SignedData::from_der(&outer.content.to_der()?)?;
        if signed.encap_content_info.econtent_type != TST_INFO {
            return Err(bad("what is signed is no TSTInfo"));
        }
        let inside = signed.encap_content_info.econtent.ok_or(bad("what is signed is missing"))?;
        let statement = inside.decode_as::<OctetString>()?.into_bytes();
        let info = TstInfo::from_der(&statement)?;
        let time = time_of(&info)?;
        let mut signers = signed.signer_infos.0.into_vec();
        let signer = signers.pop().ok_or(bad("it has no signature"))?;
        if !signers.is_empty() {
            return Err(bad("it has several signatures"));
        }
        let certificates = signed.certificates.map(|set| set.0.into_vec()).unwrap_or_default();
        let certificates = certificates.iter().filter_map(|one| match one {
            cms::cert::CertificateChoices::Certificate(certificate) => certificate.to_der().ok(),
            cms::cert::CertificateChoices::Other(_) => None,
        });
        let certificates = certificates.collect();
        Ok(Token { info, time, statement, signer, certificates })
    }

    /// Whether it stamps this digest.
    pub fn is_of(&self, digest: Hash) -> bool {
        let Imprint { algorithm, digest: stamped } = &self.info.imprint;
        algorithm.oid == const_oid::db::rfc5912::ID_SHA_256 && stamped.as_bytes() == digest.0
    }

    /// Whether it answers the request with this nonce.
    pub fn answers(&self, nonce: Nonce) -> bool {
        self.info.nonce.as_ref().is_some_and(|said| said.as_bytes() == nonce.bytes())
    }

    /// The latest moment that the stamp states: its time, and what its clock may be off.
    pub(crate) fn by(&self) -> Option<Timestamp> {
        let off = self.info.accuracy.as_ref().map_or(0, |accuracy| {
            let millis = i64::from(accuracy.millis.unwrap_or(0)) * 1_000;
            let micros = i64::from(accuracy.micros.unwrap_or(0));
            i64::from(accuracy.seconds.unwrap_or(0)) * 1_000_000 + millis + micros
        });
        Timestamp::from_micros(self.time.micros().checked_add(off)?)
    }

    /// Whether the hash of the statement is this, by a hash of this name; `None` for one that is not known.
    pub(crate) fn has_digest(&self, by: ObjectIdentifier, digest: &[u8]) -> Option<bool> {
        Some(digest_by(by, &self.statement)?.as_ref() == digest)
    }
}

/// `YYYYMMDDhhmmss[.s…]Z` (RFC 3161 §2.4.2): with seconds, by UTC, and of a fraction no last 0.
fn time_of(info: &TstInfo) -> Result<Timestamp, BadToken> {
    let bad = || BadToken("its time is none".to_owned());
    let text =
        (info.time.tag() == Tag::GeneralizedTime).then(|| info.time.value()).ok_or_else(bad)?;
    let text = std::str::from_utf8(text).ok().and_then(|text| text.strip_suffix('Z'));
    let text = text.filter(|text| text.is_ascii()).ok_or_else(bad)?;
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(a, b)| (a, Some(b)));
    let parts: Option<[u8; 14]> = whole.as_bytes().try_into().ok();
    let parts = parts.filter(|parts| parts.iter().all(u8::is_ascii_digit)).ok_or_else(bad)?;
    let [y1, y2, y3, y4, m1, m2, d1, d2, h1, h2, n1, n2, s1, s2] = parts.map(char::from);
    let fraction = fraction.map(|digits| format!(".{digits}")).unwrap_or_default();
    let written =
        format!("{y1}{y2}{y3}{y4}-{m1}{m2}-{d1}{d2}T{h1}{h2}:{n1}{n2}:{s1}{s2}{fraction}Z");
    Timestamp::parse(&written).map_err(|_| bad())
}
