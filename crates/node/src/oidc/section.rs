//! `[[oidc]]` of the configuration: who may say who somebody is.

use forewarn_exchange::link::Issuer;
use forewarn_exchange::origin::Origin;
use forewarn_exchange::role::Role;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Longest name of a provider, of a claim, and longest value that a role asks for, in bytes.
const MAX_NAME: usize = 200;

/// A provider of sign-ins (OpenID Connect Core 1.0), as which this node is registered there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OidcSection {
    /// Its name on the command line: of `a-z`, `0-9`, `-`, `_`.
    pub name: String,
    /// Its URL, to the letter as it calls itself.
    pub issuer: String,
    /// What it calls this node.
    pub client_id: String,
    /// The name of a file in the node's folder `secrets`, with the secret that the provider has
    /// given to this node. Without it, the variable `FOREWARN_OIDC_NAME_SECRET`; without either,
    /// the node is a public client there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_file: Option<String>,
    /// What is asked for; `openid` always is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// The claim that says who it is, which `user link` compares.
    #[serde(default = "subject")]
    pub claim: String,
    /// Other origins than the issuer's at which it may be asked, such as `https://keys.id.example`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub origins: Vec<String>,
    /// What must be claimed for a role to count. Where there is any, roles that are not listed here
    /// do not count in a session of this provider. No claim gives a role.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<ClaimedRole>,
}

/// A role that counts when a claim has this value, or has it in its list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimedRole {
    /// The claim, such as `groups`.
    pub claim: String,
    /// The value.
    pub value: String,
    /// The role.
    pub role: Role,
}

fn subject() -> String {
    "sub".to_owned()
}

impl OidcSection {
    /// The variable with the secret, where no file has it.
    pub(crate) fn variable(&self) -> String {
        let name: String = self.name.replace('-', "_").to_uppercase();
        format!("FOREWARN_OIDC_{name}_SECRET")
    }

    /// Whether a variable may be one with a provider's secret, and so is not a key.
    pub(crate) fn is_variable(name: &str) -> bool {
        name.strip_prefix("FOREWARN_OIDC_").is_some_and(|rest| rest.ends_with("_SECRET"))
    }

    fn check(&self) -> Result<(), String> {
        let name = &self.name;
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
        if name.is_empty() || name.len() > MAX_NAME || !name.chars().all(plain) {
            return Err(format!("oidc.name `{name}` must be of a-z, 0-9, - _"));
        }
        Issuer::parse(&self.issuer).map_err(|e| format!("oidc.issuer of `{name}`: {e}"))?;
        if self.client_id.is_empty() {
            return Err(format!("oidc.client_id of `{name}` is empty"));
        }
        if let Some(file) = &self.secret_file
            && (file.is_empty() || file.contains(['/', '\\']) || file.starts_with('.'))
        {
            return Err(format!(
                "oidc.secret_file of `{name}` names a file in the folder `secrets`, without a path"
            ));
        }
        for origin in &self.origins {
            let parsed = Origin::parse(origin).map_err(|e| format!("oidc.origins: {e}"))?;
            if !parsed.starts_with("https://") && !parsed.is_loopback() {
                return Err(format!("oidc.origins `{origin}` must begin with https://"));
            }
        }
        // RFC 6749 §3.3: a scope is a word.
        let word =
            |scope: &String| !scope.is_empty() && scope.chars().all(|c| c.is_ascii_graphic());
        if let Some(scope) = self.scopes.iter().find(|scope| !word(scope)) {
            return Err(format!("oidc.scopes of `{name}`: `{scope}` is not a word"));
        }
        let claims = self.roles.iter().flat_map(|one| [&one.claim, &one.value]);
        if [&self.claim]
            .into_iter()
            .chain(claims)
            .any(|text| text.is_empty() || text.len() > MAX_NAME)
        {
            return Err(format!("oidc `{name}`: a claim and its value have 1 to {MAX_NAME} bytes"));
        }
        Ok(())
    }

    /// Whether these sections can be used together.
    pub(crate) fn check_all(all: &[OidcSection]) -> Result<(), String> {
        let mut seen = BTreeSet::new();
        for one in all {
            one.check()?;
            if !seen.insert(one.variable()) || !seen.insert(one.issuer.clone()) {
                return Err(format!("oidc `{}`: its name or issuer is another's too", one.name));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(), String> {
        let one: OidcSection = toml::from_str(text).map_err(|e| e.to_string())?;
        OidcSection::check_all(&[one])
    }

    #[test]
    fn a_provider_is_named_by_https_and_a_secret_is_never_in_the_file() {
        let good = "name = \"cert\"\nissuer = \"https://id.example\"\nclient_id = \"x\"\n";
        read(good).unwrap();
        for (more, why) in [
            ("secret = \"hush\"", "secret"),
            ("secret_file = \"../key\"", "without a path"),
            ("origins = [\"http://keys.example\"]", "https://"),
            ("origins = [\"https://keys.example/x\"]", "origins"),
            ("scopes = [\"a b\"]", "not a word"),
            ("roles = [{ claim = \"g\", value = \"x\", role = \"boss\" }]", "boss"),
            ("claim = \"\"", "1 to 200"),
        ] {
            let said = read(&format!("{good}{more}\n")).unwrap_err();
            assert!(said.contains(why), "{said}");
        }
        let bad = read(&good.replace("https:", "http:")).unwrap_err();
        assert!(bad.contains("not the URL of an issuer"), "{bad}");
        let one: OidcSection = toml::from_str(good).unwrap();
        assert!(OidcSection::check_all(&[one.clone(), one.clone()]).is_err());
        assert!(OidcSection::is_variable(&one.variable()));
        assert!(!OidcSection::is_variable("FOREWARN_NODE_NAME"));
    }
}
