//! What is asked of a provider: where it answers (OpenID Connect Discovery 1.0 §4), a sign-in on
//! another device (RFC 8628), its keys (RFC 7517). What it answers is a stranger's.

use super::section::OidcSection;
use crate::egress::{Egress, ProviderRequest};
use crate::secret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use forewarn_exchange::link::Issuer;
use form_urlencoded::{Serializer, byte_serialize};
use hyper::body::Bytes;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::path::PathBuf;
use std::time::Duration;
use zeroize::Zeroizing;

/// Longest code or URL that a person is shown, in bytes.
const MAX_SHOWN: usize = 2048;
/// Longest of a provider's words for why not, in characters.
const MAX_WORDS: usize = 200;
const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// A provider as the node knows it.
pub(crate) struct Provider {
    pub(crate) section: OidcSection,
    pub(crate) issuer: Issuer,
    /// The file with the secret.
    pub(crate) secret_file: Option<PathBuf>,
    /// The secret of the environment, where no file has it.
    pub(crate) secret: Option<Zeroizing<String>>,
}

/// Where a provider answers.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Metadata {
    issuer: String,
    pub(crate) token_endpoint: String,
    pub(crate) jwks_uri: String,
    #[serde(default)]
    device_authorization_endpoint: Option<String>,
}

/// A sign-in that has begun there (RFC 8628 §3.2).
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Begun {
    pub(crate) device_code: String,
    pub(crate) user_code: String,
    pub(crate) verification_uri: String,
    #[serde(default)]
    pub(crate) verification_uri_complete: Option<String>,
    #[serde(default)]
    pub(crate) expires_in: Option<u64>,
    #[serde(default)]
    pub(crate) interval: Option<u64>,
}

/// What a provider says of a sign-in that has begun (RFC 8628 §3.5).
pub(crate) enum Said {
    /// The person has signed in: the ID token.
    Token(String),
    /// Not yet.
    Waits,
    /// Not yet, and it is asked too often.
    Slower,
    /// It comes to nothing, for this reason.
    No(String),
}

#[derive(Deserialize)]
struct TokenAnswer {
    #[serde(default)]
    id_token: Option<String>,
}

#[derive(Deserialize)]
struct ErrorAnswer {
    error: String,
}

impl Provider {
    /// Where it answers; only there, and at the origins that are configured, it is asked.
    pub(crate) async fn metadata(&self, egress: &Egress) -> Result<Metadata, String> {
        let url = format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'));
        let metadata: Metadata = read(&self.get(egress, &url).await?)?;
        if metadata.issuer != *self.issuer {
            return Err("it calls itself by another URL than the configuration".to_owned());
        }
        let device = metadata.device_authorization_endpoint.as_ref();
        let all = [&metadata.token_endpoint, &metadata.jwks_uri];
        if let Some(other) = all.into_iter().chain(device).find(|url| !self.is_its_own(url)) {
            let other: String = other.chars().take(MAX_WORDS).collect();
            return Err(format!(
                "it is to be asked at `{other}`; if that is right, add the origin to `origins`"
            ));
        }
        Ok(metadata)
    }

    fn is_its_own(&self, url: &str) -> bool {
        let configured = self.section.origins.iter().map(String::as_str);
        let origins = configured.chain([self.issuer.origin()]);
        origins.into_iter().any(|origin| {
            url.strip_prefix(origin).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    /// Begins a sign-in on another device.
    pub(crate) async fn begin(
        &self,
        egress: &Egress,
        (metadata, nonce): (&Metadata, &str),
    ) -> Result<Begun, String> {
        let url = metadata.device_authorization_endpoint.as_ref();
        let url = url.ok_or("it has no sign-in on another device (RFC 8628)")?;
        let others = self.section.scopes.iter().map(String::as_str);
        let scope: Vec<&str> =
            ["openid"].into_iter().chain(others.filter(|scope| *scope != "openid")).collect();
        let scope = scope.join(" ");
        let form = [("scope", scope.as_str()), ("nonce", nonce)];
        let (status, body) = self.post(egress, url, &form).await?;
        if status != 200 {
            return Err(refused(status, &body));
        }
        let begun: Begun = read(&body)?;
        let is_url = |url: &str| {
            let is_safe = url.starts_with("https://") || self.is_its_own(url);
            is_safe && url.len() <= MAX_SHOWN && url.chars().all(|c| c.is_ascii_graphic())
        };
        let is_code = |code: &str| {
            (1..=64).contains(&code.len()) && code.chars().all(|c| c.is_ascii_graphic() || c == ' ')
        };
        let complete = begun.verification_uri_complete.as_deref();
        if !is_url(&begun.verification_uri)
            || !complete.is_none_or(is_url)
            || !is_code(&begun.user_code)
            || begun.device_code.is_empty()
        {
            return Err("its code or address is none that a person can be shown".to_owned());
        }
        Ok(begun)
    }

    /// Asks whether the person has signed in.
    pub(crate) async fn ask(
        &self,
        egress: &Egress,
        (url, device_code): (&str, &str),
    ) -> Result<Said, String> {
        let form = [("grant_type", DEVICE_CODE), ("device_code", device_code)];
        let (status, body) = self.post(egress, url, &form).await?;
        if status == 200 {
            let token: TokenAnswer = read(&body)?;
            return Ok(token.id_token.map_or_else(
                || Said::No("it gave no ID token: is `openid` among its scopes?".to_owned()),
                Said::Token,
            ));
        }
        let error = read::<ErrorAnswer>(&body).map(|answer| answer.error);
        Ok(match error.as_deref() {
            Ok("authorization_pending") => Said::Waits,
            Ok("slow_down") => Said::Slower,
            Ok(_) | Err(_) if status >= 500 => Err(refused(status, &body))?,
            Ok(_) | Err(_) => Said::No(refused(status, &body)),
        })
    }

    /// Its keys, as they come.
    pub(crate) async fn keys(&self, egress: &Egress, url: &str) -> Result<Bytes, String> {
        self.get(egress, url).await
    }

    async fn get(&self, egress: &Egress, url: &str) -> Result<Bytes, String> {
        let request = ProviderRequest { url: url.to_owned(), authorization: None, form: None };
        let answer = egress.ask_provider(request).await.map_err(|e| e.to_string())?;
        match answer.status {
            200 => Ok(answer.body),
            status => Err(format!("`{url}` answers {status}")),
        }
    }

    /// Posts a form as this node (RFC 6749 §2.3.1).
    async fn post(
        &self,
        egress: &Egress,
        url: &str,
        fields: &[(&str, &str)],
    ) -> Result<(u16, Bytes), String> {
        let id = &self.section.client_id;
        let fields = fields.iter().copied().chain([("client_id", id.as_str())]);
        let form = Some(Serializer::new(String::new()).extend_pairs(fields).finish());
        let authorization = match self.secret()? {
            Some(secret) => {
                let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
                let pair = Zeroizing::new(format!("{}:{}", encoded(id), encoded(&secret)));
                Some(format!("Basic {}", STANDARD.encode(&*pair)))
            }
            None => None,
        };
        let request = ProviderRequest { url: url.to_owned(), authorization, form };
        let answer = egress.ask_provider(request).await.map_err(|e| e.to_string())?;
        Ok((answer.status, answer.body))
    }

    fn secret(&self) -> Result<Option<Zeroizing<String>>, String> {
        match &self.secret_file {
            Some(path) => secret::read(path).map(Some),
            None => Ok(self.secret.clone()),
        }
    }
}

impl Begun {
    /// How long it counts: a provider says it in seconds.
    pub(crate) fn lasts(&self, longest: Duration) -> Duration {
        self.expires_in.map_or(longest, Duration::from_secs).min(longest)
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    let value = forewarn_stix::json::read(body).map_err(|e| e.to_string());
    let value = value.map_err(|e| format!("its answer cannot be read: {e}"))?;
    serde_json::from_value(value).map_err(|e| format!("its answer cannot be read: {e}"))
}

/// Its own word, as far as it is one (RFC 6749 §5.2).
fn refused(status: u16, body: &[u8]) -> String {
    let word = read::<ErrorAnswer>(body).map(|answer| answer.error).unwrap_or_default();
    let is_plain = |c: &char| c.is_ascii_alphanumeric() || "_-.".contains(*c);
    let word: String = word.chars().filter(is_plain).take(MAX_WORDS).collect();
    format!("it answers {status} {word}").trim_end().to_owned()
}
