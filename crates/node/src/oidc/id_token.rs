//! An ID token that a provider has given for this node, checked (OpenID Connect Core 1.0 §3.1.3.7):
//! issuer, audience, authorized party, algorithm, signature, times, nonce.

use crate::clock;
use crate::egress::causes;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use forewarn_exchange::link::{Issuer, IssuersName};
use forewarn_exchange::role::Role;
use openidconnect::core::{
    CoreIdToken, CoreIdTokenVerifier, CoreJsonWebKeySet, CoreJwsSigningAlgorithm,
};
use openidconnect::{ClientId, IssuerUrl, Nonce};
use serde_json::{Map, Value};
use std::str::FromStr as _;

use super::section::{ClaimedRole, OidcSection};

/// How far the provider's clock may be ahead of ours, in seconds.
const AHEAD: u64 = 120;
/// How long ago a token that comes now may have been made, in seconds.
const OLDEST: u64 = 600;

/// Algorithms that a provider signs by; every other one is refused, `none` and those with a shared
/// secret before all.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 3] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// Whom a provider has vouched for, and with which roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Vouched {
    /// What it calls the person.
    pub(crate) subject: IssuersName,
    /// The roles that its claims allow; `None` where the configuration asks for none.
    pub(crate) only: Option<Vec<Role>>,
}

/// What a token must be of.
pub(crate) struct Expected<'a> {
    pub(crate) section: &'a OidcSection,
    pub(crate) issuer: &'a Issuer,
    pub(crate) nonce: &'a str,
}

/// Checks a token by the provider's keys (RFC 7517), both as they came. The error is for our log.
pub(crate) fn check(token: &str, keys: &[u8], expected: &Expected<'_>) -> Result<Vouched, String> {
    let Expected { section, issuer, nonce } = expected;
    let keys: CoreJsonWebKeySet =
        serde_json::from_slice(keys).map_err(|e| format!("its keys cannot be read: {e}"))?;
    let url = IssuerUrl::new(issuer.to_string()).map_err(|e| e.to_string())?;
    let now = clock::now();
    let seconds = clock::seconds(&now);
    let time = chrono::DateTime::from_timestamp_micros(now.micros());
    let time = time.ok_or("there is no such time")?;
    let client = ClientId::new(section.client_id.clone());
    let verifier = CoreIdTokenVerifier::new_public_client(client, url, keys)
        .set_allowed_algs(ALGORITHMS)
        .set_time_fn(move || time)
        .set_issue_time_verifier_fn(move |issued| {
            let issued = u64::try_from(issued.timestamp()).unwrap_or(0);
            if issued > seconds + AHEAD || issued + OLDEST < seconds {
                return Err("it was made at another time".to_owned());
            }
            Ok(())
        });
    // What says one thing twice says two things: read strictly, before anything looks at it.
    let claims = claims_of(token)?;
    let token = CoreIdToken::from_str(token).map_err(|e| format!("it is not a token: {e}"))?;
    let with_nonce = |found: Option<&Nonce>| match found {
        Some(found) if found.secret() != nonce => Err("it was made for another sign-in".to_owned()),
        // RFC 8628 says nothing of a nonce, and most providers leave it out.
        Some(_) | None => Ok(()),
    };
    token.claims(&verifier, with_nonce).map_err(|e| causes(&e))?;
    if let Some(party) = claims.get("azp")
        && party.as_str() != Some(&section.client_id)
    {
        return Err("it was made for another client".to_owned());
    }
    if let Some(from) = claims.get("nbf")
        && from.as_u64().is_none_or(|from| from > seconds + AHEAD)
    {
        return Err("it does not count yet".to_owned());
    }
    let subject = claims.get(&section.claim).and_then(Value::as_str);
    let subject = subject.ok_or_else(|| format!("it has no claim `{}`", section.claim))?;
    let subject = IssuersName::parse(subject).map_err(|e| e.to_string())?;
    Ok(Vouched { subject, only: roles(&claims, &section.roles) })
}

/// The claims, as they stand in the token.
fn claims_of(token: &str) -> Result<Map<String, Value>, String> {
    let mut parts = token.split('.');
    let (Some(head), Some(claims), Some(_), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err("it has not three parts".to_owned());
    };
    let read = |part: &str| {
        let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|e| e.to_string())?;
        match forewarn_stix::json::read(&bytes).map_err(|e| e.to_string())? {
            Value::Object(map) => Ok(map),
            _ => Err("it is not of objects".to_owned()),
        }
    };
    read(head)?;
    read(claims)
}

/// The roles whose claims are there.
fn roles(claims: &Map<String, Value>, table: &[ClaimedRole]) -> Option<Vec<Role>> {
    if table.is_empty() {
        return None;
    }
    let is_claimed = |one: &&ClaimedRole| match claims.get(&one.claim) {
        Some(Value::String(text)) => *text == one.value,
        Some(Value::Array(list)) => list.iter().any(|text| text.as_str() == Some(&one.value)),
        _ => false,
    };
    let mut all: Vec<Role> = Vec::new();
    for one in table.iter().filter(is_claimed) {
        if !all.contains(&one.role) {
            all.push(one.role);
        }
    }
    Some(all)
}
