//! How a user signs in: a password, a second factor, codes for the day on which the second factor
//! is lost. Secrets stand here as hashes, or sealed by a key that the database does not have.

use crate::actor::Actor;
use crate::code::Code;
use crate::link::{Issuer, IssuersName, Link};
use crate::refusal::Refusal;
use forewarn_transcript::Hash;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Seconds of one step of a time-based code (RFC 6238 §4.1).
pub const STEP_SECONDS: u64 = 30;
/// How many recovery codes are made at once.
pub const RECOVERY_CODES: usize = 10;
/// Most users of the machine that stand for one account.
pub const MAX_UIDS: usize = 16;

/// The hash of a password, as a PHC string of Argon2id (RFC 9106).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct PasswordHash(String);

impl PasswordHash {
    /// A hash that was computed here, or read from where it was kept.
    pub fn parse(text: &str) -> Result<PasswordHash, Refusal> {
        if text.starts_with("$argon2id$v=19$") && text.len() <= 200 && text.is_ascii() {
            return Ok(PasswordHash(text.to_owned()));
        }
        Err(Refusal::new(Code::BadRequest, "it is not the hash of a password"))
    }

    /// SHA-256 of it: which password was compared, and not which it is.
    pub fn digest(&self) -> Hash {
        Hash::of(self.0.as_bytes())
    }

    /// The PHC string.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for PasswordHash {
    type Error = Refusal;

    fn try_from(text: String) -> Result<PasswordHash, Refusal> {
        PasswordHash::parse(&text)
    }
}

impl From<PasswordHash> for String {
    fn from(hash: PasswordHash) -> String {
        hash.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash")
    }
}

/// A secret, sealed by the key in the node's folder: a copy of the database alone does not open it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Sealed(String);

impl Sealed {
    /// What was sealed, in base64.
    pub fn new(text: String) -> Sealed {
        Sealed(text)
    }

    /// The base64.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed")
    }
}

/// A second factor: a secret that an authenticator has too (RFC 6238).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Factor {
    /// The secret.
    pub secret: Sealed,
    /// The last step whose code was used: no code counts twice (RFC 6238 §5.2).
    pub step: u64,
    /// SHA-256 of each recovery code that was not used yet.
    pub recovery: Vec<Hash>,
}

/// What was shown beside the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "second", rename_all = "kebab-case")]
pub enum Second {
    /// Nothing: the account has no second factor.
    None {},
    /// A code of the authenticator.
    Code {
        /// Its step.
        step: u64,
    },
    /// A recovery code.
    Recovery {
        /// SHA-256 of it.
        digest: Hash,
    },
}

/// How one user signs in. Nothing of it is set when a user is added.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Account {
    /// The password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<PasswordHash>,
    /// The second factor, once a code of it was shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factor: Option<Factor>,
    /// A second factor of which no code was shown so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending: Option<Sealed>,
    /// By whose invitation the password was set first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invited: Option<Actor>,
    /// Users of this machine that are this person, by their numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uids: Vec<u32>,
    /// What providers of sign-ins call this person; of each issuer one name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
}

/// What everybody is told who cannot be signed in, whatever it was.
pub fn not_signed_in() -> Refusal {
    Refusal::new(Code::SignIn, "the name, the password or the code is wrong, or a code is missing")
        .advice("a code of the second factor counts once; wait for the next one")
}

impl Account {
    /// Whether there is any way to sign in as this user. Where there is none, only the owner of the
    /// folder acts for the user.
    pub fn signs_in(&self) -> bool {
        self.password.is_some() || !self.uids.is_empty() || !self.links.is_empty()
    }

    /// Whether this issuer calls the user so.
    pub fn is_linked(&self, issuer: &Issuer, subject: &IssuersName) -> bool {
        self.links.iter().any(|link| link.issuer == *issuer && link.subject == *subject)
    }

    /// The password that was compared is still the one.
    pub fn must_be(&self, compared: Option<Hash>) -> Result<(), Refusal> {
        if self.password.as_ref().map(PasswordHash::digest) == compared {
            return Ok(());
        }
        Err(not_signed_in())
    }

    /// Takes what was shown beside the password. Each code counts once.
    pub fn take(mut self, second: Second) -> Result<Account, Refusal> {
        match (&mut self.factor, second) {
            (None, Second::None {}) => Ok(self),
            (Some(factor), Second::Code { step }) if step > factor.step => {
                factor.step = step;
                Ok(self)
            }
            (Some(factor), Second::Recovery { digest }) if factor.recovery.contains(&digest) => {
                factor.recovery.retain(|known| *known != digest);
                Ok(self)
            }
            (None | Some(_), _) => Err(not_signed_in()),
        }
    }

    /// The same without a second factor.
    ///
    /// # Errors
    /// When there is none.
    pub fn without_factor(self, user: &str) -> Result<Account, Refusal> {
        if self.factor.is_none() {
            let message = format!("`{user}` has no second factor");
            return Err(Refusal::new(Code::NoFactor, message));
        }
        Ok(Account { factor: None, pending: None, ..self })
    }

    /// The pending factor counts from now on: a code of it was shown.
    pub fn confirm(mut self, step: u64, recovery: Vec<Hash>) -> Result<Account, Refusal> {
        let Some(secret) = self.pending.take() else {
            let message = "no second factor waits to be confirmed";
            return Err(Refusal::new(Code::NoFactor, message).advice("begin with a new one"));
        };
        self.factor = Some(Factor { secret, step, recovery });
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_factor(step: u64) -> Account {
        let begun = Account { pending: Some(Sealed::new("x".into())), ..Account::default() };
        begun.confirm(step, vec![Hash::of(b"one"), Hash::of(b"two")]).unwrap()
    }

    #[test]
    fn a_code_counts_once_and_in_its_order() {
        let account = with_factor(7);
        assert!(account.clone().take(Second::Code { step: 7 }).is_err());
        assert!(account.clone().take(Second::Code { step: 6 }).is_err());
        assert!(account.clone().take(Second::None {}).is_err());
        let account = account.take(Second::Code { step: 9 }).unwrap();
        assert!(account.take(Second::Code { step: 8 }).is_err());
    }

    #[test]
    fn a_recovery_code_counts_once() {
        let used = Second::Recovery { digest: Hash::of(b"one") };
        let account = with_factor(7).take(used).unwrap();
        assert!(account.clone().take(used).is_err());
        assert!(account.take(Second::Recovery { digest: Hash::of(b"two") }).is_ok());
    }

    #[test]
    fn a_code_for_an_account_without_a_factor_signs_nobody_in() {
        assert!(Account::default().take(Second::Code { step: 1 }).is_err());
        assert!(Account::default().take(Second::None {}).is_ok());
        assert!(Account::default().confirm(1, Vec::new()).is_err());
    }

    #[test]
    fn a_hash_is_of_argon2id_and_does_not_show() {
        assert!(PasswordHash::parse("$2b$12$x").is_err());
        let hash = PasswordHash::parse("$argon2id$v=19$m=1,t=1,p=1$a$b").unwrap();
        assert_eq!(format!("{hash:?}"), "PasswordHash");
    }
}
