//! An authority, known by the root that somebody trusts for it.

use crate::token::Token;
use const_oid::db::rfc5280::{ID_CE_EXT_KEY_USAGE, ID_KP_TIME_STAMPING};
use der::Decode;
use forewarn_stix::Timestamp;
use forewarn_transcript::Hash;
use forewarn_transcript::evidence::{Stamped, Stamper};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, TrustAnchor, UnixTime};
use std::time::Duration;
use webpki::{EndEntityCert, KeyUsage};
use x509_cert::Certificate;
use x509_cert::ext::pkix::ExtendedKeyUsage;

/// `id-kp-timeStamping` (RFC 3161 §2.3), as the check of a chain wants it: without tag and length.
const TIME_STAMPING: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 8];
/// Most certificates of one file.
const MAX_ROOTS: usize = 16;

/// An authority for time stamps: whoever signs by a certificate for that purpose, issued below one of these
/// roots.
#[derive(Debug, Clone)]
pub struct Authority {
    /// What it is called: the file's own words, or the configuration's.
    name: String,
    roots: Vec<TrustAnchor<'static>>,
}

/// A text holds no roots.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadAuthority {
    /// It has something else, or nothing.
    #[error("it holds no certificate in PEM (`-----BEGIN CERTIFICATE-----`)")]
    None,
    /// A certificate in it cannot be read.
    #[error("certificate {0} in it cannot be read: {1}")]
    Unreadable(usize, String),
    /// It has more than a file of one authority would.
    #[error("it holds more than {MAX_ROOTS} certificates")]
    TooMany,
}

impl Authority {
    /// An authority of this name, by its roots in PEM.
    ///
    /// # Errors
    /// The text holds no certificate, one that cannot be read, or too many.
    pub fn parse(name: &str, pem: &[u8]) -> Result<Authority, BadAuthority> {
        let mut roots = Vec::new();
        for (one, at) in CertificateDer::pem_slice_iter(pem).zip(1..) {
            let certificate =
                one.map_err(|why| BadAuthority::Unreadable(at, format!("{why:?}")))?;
            if at > MAX_ROOTS {
                return Err(BadAuthority::TooMany);
            }
            let anchor = webpki::anchor_from_trusted_cert(&certificate)
                .map_err(|why| BadAuthority::Unreadable(at, why.to_string()))?;
            roots.push(anchor.to_owned());
        }
        if roots.is_empty() {
            return Err(BadAuthority::None);
        }
        Ok(Authority { name: name.to_owned(), roots })
    }

    /// Why a signer's certificate is not this authority's at a time; `None` when it is.
    fn refuses(&self, token: &Token, signer: &CertificateDer<'_>) -> Option<String> {
        if !is_for_stamps_alone(signer) {
            return Some("its certificate is not for time stamps alone (RFC 3161 §2.3)".to_owned());
        }
        let entity = match EndEntityCert::try_from(signer) {
            Ok(entity) => entity,
            Err(why) => return Some(why.to_string()),
        };
        let others: Vec<CertificateDer<'_>> =
            token.certificates.iter().map(|one| CertificateDer::from(one.as_slice())).collect();
        // A certificate that has ended since still proves what was signed while it held.
        let Some(at) = moment(&token.time) else {
            return Some("its time is before 1970".to_owned());
        };
        let usage = KeyUsage::required_if_present(TIME_STAMPING);
        let algorithms = webpki::ALL_VERIFICATION_ALGS;
        let chain =
            entity.verify_for_usage(algorithms, &self.roots, &others, at, usage, None, None);
        chain.err().map(|why| why.to_string())
    }
}

fn moment(time: &Timestamp) -> Option<UnixTime> {
    let micros = u64::try_from(time.micros()).ok()?;
    Some(UnixTime::since_unix_epoch(Duration::from_micros(micros)))
}

/// Whether the certificate's key is for time stamps and nothing else, and says so critically (RFC 3161 §2.3).
fn is_for_stamps_alone(certificate: &CertificateDer<'_>) -> bool {
    let Ok(read) = Certificate::from_der(certificate) else { return false };
    let extensions = read.tbs_certificate.extensions.unwrap_or_default();
    let usage = extensions.iter().find(|one| one.extn_id == ID_CE_EXT_KEY_USAGE);
    let Some(usage) = usage.filter(|one| one.critical) else { return false };
    let purposes = ExtendedKeyUsage::from_der(usage.extn_value.as_bytes());
    purposes.is_ok_and(|purposes| purposes.0 == [ID_KP_TIME_STAMPING])
}

impl Stamper for Authority {
    fn name(&self) -> &str {
        &self.name
    }

    fn check(&self, token: &[u8], digest: Hash) -> Result<Stamped, String> {
        let token = Token::parse(token).map_err(|why| why.to_string())?;
        if !token.is_of(digest) {
            return Err("it stamps something else".to_owned());
        }
        let signer = token.signer().map_err(|why| why.to_string())?;
        if let Some(why) = self.refuses(&token, &signer) {
            return Ok(Stamped::ByOthers(why));
        }
        match token.by() {
            Some(by) => Ok(Stamped::By(by)),
            None => Err("its time is impossible".to_owned()),
        }
    }
}
