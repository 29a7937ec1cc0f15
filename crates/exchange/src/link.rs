//! Whom a provider of sign-ins knows a user as (OpenID Connect Core 1.0 §5.7): an issuer, and the
//! name that it has for the person. Both are compared byte for byte.

use crate::checked::checked;
use crate::code::Code;
use crate::origin::Origin;
use crate::refusal::Refusal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Longest URL of an issuer, in bytes.
const MAX_ISSUER: usize = 512;
/// Longest name that an issuer has for somebody, in bytes (OpenID Connect Core 1.0 §2, `sub`).
const MAX_SUBJECT: usize = 255;
/// Most issuers that know one user.
pub const MAX_LINKS: usize = 8;

/// A provider of sign-ins, by its URL: `https`, without query and fragment (OpenID Connect Core 1.0
/// §2, `iss`). On this very machine `http` will do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct Issuer(String);

/// What an issuer calls one of our people: 1 to 255 bytes, without control characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct IssuersName(String);

/// That an issuer's person is a user of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Link {
    /// Which provider.
    pub issuer: Issuer,
    /// What it calls the user.
    pub subject: IssuersName,
}

impl Issuer {
    /// Checks a URL that somebody has typed.
    ///
    /// # Errors
    /// When it is not the URL of an issuer.
    pub fn parse(text: &str) -> Result<Issuer, Refusal> {
        let bad = || {
            let shown: String = text.chars().take(100).collect();
            let message = format!("`{shown}` is not the URL of an issuer");
            Refusal::new(Code::BadRequest, message).advice(
                "give it as the provider has it, such as https://id.example/realms/a: https, no \
                 query and no fragment",
            )
        };
        let is_plain = |c: char| c.is_ascii_graphic() && !"?#\"\\<>`{}|^".contains(c);
        if text.len() > MAX_ISSUER || !text.chars().all(is_plain) {
            return Err(bad());
        }
        let issuer = Issuer(text.to_owned());
        let origin = Origin::parse(issuer.origin()).map_err(|_| bad())?;
        if !origin.starts_with("https://") && !origin.is_loopback() {
            return Err(bad());
        }
        Ok(issuer)
    }

    /// Scheme, host and port of it.
    pub fn origin(&self) -> &str {
        let host = self.0.find("://").map_or(0, |scheme| scheme + 3);
        let path = self.0.get(host..).and_then(|rest| rest.find('/'));
        path.and_then(|path| self.0.get(..host + path)).unwrap_or(&self.0)
    }
}

impl IssuersName {
    /// Checks a name that somebody has typed, or a provider has said.
    ///
    /// # Errors
    /// When it is empty, too long, or has control characters.
    pub fn parse(text: &str) -> Result<IssuersName, Refusal> {
        let is_good =
            (1..=MAX_SUBJECT).contains(&text.len()) && !text.chars().any(char::is_control);
        if is_good {
            return Ok(IssuersName(text.to_owned()));
        }
        let message = format!("a provider's name for somebody has 1 to {MAX_SUBJECT} bytes");
        Err(Refusal::new(Code::BadRequest, message))
    }
}

checked!(Issuer, Refusal);
checked!(IssuersName, Refusal);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_a_url_of_https_or_of_this_machine() {
        for (text, origin) in [
            ("https://id.example", "https://id.example"),
            ("https://id.example/realms/a", "https://id.example"),
            ("https://id.example:8443/", "https://id.example:8443"),
            ("http://127.0.0.1:3000/op", "http://127.0.0.1:3000"),
        ] {
            assert_eq!(Issuer::parse(text).unwrap().origin(), origin);
        }
        for bad in [
            "",
            "id.example",
            "http://id.example",
            "https://id.example?x",
            "https://id.example/#x",
            "https://me@id.example/",
            "https://id.example/ a",
            "ftp://id.example",
        ] {
            assert!(Issuer::parse(bad).is_err(), "{bad}");
        }
        assert!(IssuersName::parse("").is_err() && IssuersName::parse("a\nb").is_err());
        assert!(IssuersName::parse(&"a".repeat(256)).is_err());
    }
}
