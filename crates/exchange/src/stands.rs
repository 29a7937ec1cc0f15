//! The word by which a draft may go although everything that it rests on was revoked.

use crate::code::Code;
use crate::id::CaseNumber;
use crate::name::UserName;
use crate::refusal::{Hint, Refusal, give_reason};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who says that a draft shall go all the same, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Stands {
    /// Who.
    pub by: UserName,
    /// Why.
    pub reason: String,
    /// The originals that were revoked then.
    pub revoked: Vec<String>,
}

impl Stands {
    /// # Errors
    /// Nobody says why, or in too many words.
    pub fn new(by: &UserName, reason: &str, revoked: Vec<String>) -> Result<Stands, Refusal> {
        give_reason(reason, &format!("`{by}` says why it stands"))?;
        Ok(Stands { by: by.clone(), reason: reason.to_owned(), revoked })
    }
}

/// Whether a first warning may go: not while all its originals are revoked, unless somebody has said
/// of each that it stands. `revoked` is empty when one of them holds.
///
/// # Errors
/// It may not: which originals were revoked.
pub(crate) fn check(
    case: CaseNumber,
    stands: Option<&Stands>,
    revoked: &[String],
) -> Result<(), Refusal> {
    let said = |id: &String| stands.is_some_and(|stands| stands.revoked.contains(id));
    if revoked.iter().all(said) {
        return Ok(());
    }
    let message = format!(
        "everything that case {case} rests on was revoked: {}; it does not go until somebody says why \
         it stands all the same",
        revoked.join(", ")
    );
    Err(Refusal::new(Code::OriginalRevoked, message).hint(Hint::Keep { case }))
}
