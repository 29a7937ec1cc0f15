//! The request for a time stamp, and the answer to it (RFC 3161 §2.4).

use const_oid::db::rfc5912::ID_SHA_256;
use der::asn1::{Any, Int, Null, ObjectIdentifier, OctetString};
use der::{Decode, Encode, Sequence};
use forewarn_transcript::Hash;
use spki::AlgorithmIdentifierOwned;

/// Longest answer that is read, in bytes: a token with a chain of certificates has some thousands.
pub const MAX_ANSWER_BYTES: usize = 64 << 10;

/// What was stamped (RFC 3161 §2.4.1, `MessageImprint`).
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(crate) struct Imprint {
    pub(crate) algorithm: AlgorithmIdentifierOwned,
    pub(crate) digest: OctetString,
}

/// RFC 3161 §2.4.1, `TimeStampReq`, with what is asked here of its options.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
struct TimeStampReq {
    version: u8,
    imprint: Imprint,
    nonce: Int,
    wants_certificates: bool,
}

/// RFC 3161 §2.4.2, `TimeStampResp`.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
struct TimeStampResp {
    status: Status,
    #[asn1(optional = "true")]
    token: Option<Any>,
}

/// RFC 3161 §2.4.2, `PKIStatusInfo`. Its words and bits are read past: the number decides.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
struct Status {
    number: u8,
    #[asn1(optional = "true")]
    words: Option<Vec<Any>>,
    #[asn1(optional = "true")]
    failure: Option<der::asn1::BitString>,
}

/// Why an authority's answer holds no token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotStamped {
    /// It is no answer of this protocol.
    #[error("its answer is no time-stamp response (RFC 3161): {0}")]
    Malformed(String),
    /// It did not stamp.
    #[error("it refuses to stamp (status {0}{words})", words = words(*.0))]
    Refused(u8),
    /// It says that it has stamped, and there is no token.
    #[error("it says that it has stamped, and its answer has no token")]
    Empty,
}

/// The words of RFC 3161 §2.4.2 for a status.
fn words(status: u8) -> &'static str {
    match status {
        2 => ": rejected",
        3 => ": waiting",
        4 => ": a revocation is near",
        5 => ": revoked",
        _ => "",
    }
}

/// SHA-256 as it stands in requests, with the parameters that some authorities want to see.
fn sha256() -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid: ID_SHA_256, parameters: Some(Null.into()) }
}

/// A number that stands in a request and in the answer to it: so an old answer cannot be passed off as new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nonce([u8; 8]);

impl Nonce {
    /// Of 62 of these random bits. As a number it is positive and always of eight bytes, which has one form in DER.
    pub fn of(mut random: [u8; 8]) -> Nonce {
        let [first, ..] = &mut random;
        *first = *first & 0x3f | 0x40;
        Nonce(random)
    }

    /// Its bytes as DER has them.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The request for a stamp on a SHA-256 digest, in DER.
pub fn request(digest: Hash, nonce: Nonce) -> Vec<u8> {
    let made = || -> der::Result<Vec<u8>> {
        let imprint =
            Imprint { algorithm: sha256(), digest: OctetString::new(digest.0.as_slice())? };
        let nonce = Int::new(nonce.bytes())?;
        TimeStampReq { version: 1, imprint, nonce, wants_certificates: true }.to_der()
    };
    // Nothing in it can be too long for DER.
    made().unwrap_or_default()
}

/// The token of an answer, in DER.
///
/// # Errors
/// The answer is of another protocol, or the authority did not stamp.
pub fn token_in(answer: &[u8]) -> Result<Vec<u8>, NotStamped> {
    let malformed = |why: der::Error| NotStamped::Malformed(why.to_string());
    if answer.len() > MAX_ANSWER_BYTES {
        return Err(NotStamped::Malformed(format!("longer than {MAX_ANSWER_BYTES} bytes")));
    }
    let answer = TimeStampResp::from_der(answer).map_err(malformed)?;
    // Granted, or granted with changes; a changed policy is the authority's to choose.
    if answer.status.number > 1 {
        return Err(NotStamped::Refused(answer.status.number));
    }
    answer.token.ok_or(NotStamped::Empty)?.to_der().map_err(malformed)
}

/// The object identifier of a hash that an imprint or an attribute may be by, and the hash of bytes by it.
pub(crate) fn digest_by(oid: ObjectIdentifier, bytes: &[u8]) -> Option<ring::digest::Digest> {
    use const_oid::db::rfc5912::{ID_SHA_384, ID_SHA_512};
    let by = match oid {
        ID_SHA_256 => &ring::digest::SHA256,
        ID_SHA_384 => &ring::digest::SHA384,
        ID_SHA_512 => &ring::digest::SHA512,
        _ => return None,
    };
    Some(ring::digest::digest(by, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_what_openssl_writes_for_the_same_question() {
        // `openssl ts -query -digest 00…1f -sha256 -cert` writes this but for its nonce, of 8 bytes as well.
        let digest = Hash(std::array::from_fn(|at| u8::try_from(at).unwrap()));
        let bytes = request(digest, Nonce::of([1, 2, 3, 4, 5, 6, 7, 8]));
        let hex = bytes.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        let imprint = "3031300d060960864801650304020105000420\
                       000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
        assert_eq!(hex, format!("3043020101{imprint}020841020304050607080101ff"));
        // A nonce is never negative.
        assert!(request(digest, Nonce::of([0xff; 8])).windows(3).any(|part| part == [2, 8, 0x7f]));
    }

    #[test]
    fn what_is_no_answer_and_what_is_a_refusal_are_told_apart() {
        let refused = [0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x02];
        assert_eq!(token_in(&refused), Err(NotStamped::Refused(2)));
        let words = NotStamped::Refused(2).to_string();
        assert_eq!(words, "it refuses to stamp (status 2: rejected)");
        let empty = [0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x00];
        assert_eq!(token_in(&empty), Err(NotStamped::Empty));
        for other in [&b""[..], b"<html>", &[0x30, 0x80], &vec![0; 70_000]] {
            assert!(matches!(token_in(other), Err(NotStamped::Malformed(_))));
        }
        // With its words and its bits, as authorities send them.
        let words = [
            0x30, 0x13, 0x30, 0x11, 0x02, 0x01, 0x02, 0x30, 0x08, 0x0c, 0x06, b'c', b'l', b'o',
            b's', b'e', b'd', 0x03, 0x02, 0x05, 0x20,
        ];
        assert_eq!(token_in(&words), Err(NotStamped::Refused(2)));
    }
}
