//! The signature of a token (RFC 5652 §5.4), and which of its certificates made it (RFC 5035).

use crate::asked::digest_by;
use crate::token::{BadToken, Token};
use const_oid::db::rfc5911::{ID_CONTENT_TYPE, ID_MESSAGE_DIGEST};
use const_oid::db::rfc5912 as known;
use der::asn1::{Any, ObjectIdentifier, OctetString};
use der::{Decode, Encode, Sequence};
use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm};
use spki::AlgorithmIdentifierOwned;
use webpki::ring::{
    ECDSA_P256_SHA256, ECDSA_P256_SHA384, ECDSA_P384_SHA256, ECDSA_P384_SHA384,
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512,
};

/// `id-ct-TSTInfo`, as the signed attribute says it.
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
/// `id-aa-signingCertificate` (RFC 2634 §5.4), by SHA-1.
const SIGNING_CERTIFICATE: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.12");
/// `id-aa-signingCertificateV2` (RFC 5035 §3).
const SIGNING_CERTIFICATE_V2: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");

/// `SigningCertificate` and `SigningCertificateV2`: the first one named is the signer's.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
struct Named {
    certificates: Vec<Any>,
    #[asn1(optional = "true")]
    policies: Option<Any>,
}

/// `ESSCertID` (RFC 2634 §5.4.1).
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
struct EssCertId {
    hash: OctetString,
    #[asn1(optional = "true")]
    issuer: Option<Any>,
}

/// `ESSCertIDv2` (RFC 5035 §4), whose hash is SHA-256 unless it says another.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
struct EssCertIdV2 {
    #[asn1(optional = "true")]
    by: Option<AlgorithmIdentifierOwned>,
    hash: OctetString,
    #[asn1(optional = "true")]
    issuer: Option<Any>,
}

impl Token {
    /// The certificate whose key has signed the token, with everything that the signature covers checked; whose it
    /// is, a chain has to say.
    pub(crate) fn signer(&self) -> Result<CertificateDer<'_>, BadToken> {
        let bad = |why: &str| BadToken(why.to_owned());
        let kind = self.attribute(ID_CONTENT_TYPE)?.decode_as::<ObjectIdentifier>()?;
        if kind != TST_INFO {
            return Err(bad("its signature is on something else"));
        }
        let digest = self.attribute(ID_MESSAGE_DIGEST)?.decode_as::<OctetString>()?;
        let by = self.signer.digest_alg.oid;
        match self.has_digest(by, digest.as_bytes()) {
            None => return Err(BadToken(format!("its digest is by `{by}`, which is not read"))),
            Some(false) => return Err(bad("what was signed has another digest")),
            Some(true) => {}
        }
        let named = self.certificates.iter().find_map(|one| match self.names(one) {
            Ok(true) => Some(Ok(one)),
            Ok(false) => None,
            Err(why) => Some(Err(why)),
        });
        let named =
            named.ok_or(bad("it does not carry the certificate that it was signed by"))??;
        let certificate = CertificateDer::from(named.as_slice());
        let entity = webpki::EndEntityCert::try_from(&certificate)
            .map_err(|why| BadToken(format!("its certificate cannot be read: {why}")))?;
        // RFC 5652 §5.4: what is signed is the attributes as a SET, not as they stand in the token.
        let attributes = self.signer.signed_attrs.as_ref().ok_or(bad("it has no attributes"))?;
        let attributes = attributes.to_der()?;
        let signature = self.signer.signature.as_bytes();
        let fits = |by: &&dyn SignatureVerificationAlgorithm| {
            entity.verify_signature(*by, &attributes, signature).is_ok()
        };
        if self.algorithms()?.iter().any(fits) {
            Ok(certificate)
        } else {
            Err(bad("its signature does not fit"))
        }
    }

    /// The one value of a signed attribute.
    fn attribute(&self, name: ObjectIdentifier) -> Result<Any, BadToken> {
        let attributes = self.signer.signed_attrs.iter().flat_map(|all| all.iter());
        let mut of_it = attributes.filter(|one| one.oid == name);
        let found = of_it.next().map(|one| one.values.as_slice());
        match (found, of_it.next()) {
            (Some([value]), None) => Ok(value.clone()),
            _ => Err(BadToken(format!("it has not one signed attribute `{name}`"))),
        }
    }

    /// Whether the signed attributes name this certificate as the signer's: without that, another one with the same
    /// key could be put into its place (RFC 3161 §2.4.2, RFC 5816).
    fn names(&self, certificate: &[u8]) -> Result<bool, BadToken> {
        let first = |value: Any| -> Result<Vec<u8>, BadToken> {
            let named = value.decode_as::<Named>()?.certificates.into_iter().next();
            Ok(named.ok_or(BadToken("it names no certificate".to_owned()))?.to_der()?)
        };
        if let Ok(value) = self.attribute(SIGNING_CERTIFICATE_V2) {
            let EssCertIdV2 { by, hash, .. } = EssCertIdV2::from_der(&first(value)?)?;
            let by = by.map_or(known::ID_SHA_256, |by| by.oid);
            let digest = digest_by(by, certificate)
                .ok_or_else(|| BadToken(format!("it names its certificate by `{by}`")))?;
            return Ok(digest.as_ref() == hash.as_bytes());
        }
        let value = self.attribute(SIGNING_CERTIFICATE)?;
        let EssCertId { hash, .. } = EssCertId::from_der(&first(value)?)?;
        let digest = ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, certificate);
        Ok(digest.as_ref() == hash.as_bytes())
    }

    /// The algorithms that its signature may be by: CMS says key and hash apart, or together.
    fn algorithms(&self) -> Result<Vec<&'static dyn SignatureVerificationAlgorithm>, BadToken> {
        let (by, digest) = (self.signer.signature_algorithm.oid, self.signer.digest_alg.oid);
        let (ecdsa256, ecdsa384) =
            ([ECDSA_P256_SHA256, ECDSA_P384_SHA256], [ECDSA_P256_SHA384, ECDSA_P384_SHA384]);
        Ok(match (by, digest) {
            (known::RSA_ENCRYPTION, known::ID_SHA_256)
            | (known::SHA_256_WITH_RSA_ENCRYPTION, _) => {
                vec![RSA_PKCS1_2048_8192_SHA256]
            }
            (known::RSA_ENCRYPTION, known::ID_SHA_384)
            | (known::SHA_384_WITH_RSA_ENCRYPTION, _) => {
                vec![RSA_PKCS1_2048_8192_SHA384]
            }
            (known::RSA_ENCRYPTION, known::ID_SHA_512)
            | (known::SHA_512_WITH_RSA_ENCRYPTION, _) => {
                vec![RSA_PKCS1_2048_8192_SHA512]
            }
            (known::ECDSA_WITH_SHA_256, _) => ecdsa256.to_vec(),
            (known::ECDSA_WITH_SHA_384, _) => ecdsa384.to_vec(),
            (other, _) => {
                return Err(BadToken(format!("it is signed by `{other}`, which is not read")));
            }
        })
    }
}
