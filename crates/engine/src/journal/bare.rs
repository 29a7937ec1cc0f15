//! What a recorded command was, without a word of what it is about: for whoever audits the node.

use super::Kept;
use crate::failure::damaged;
use crate::work::{SignInStep, SignInWork};
use forewarn_exchange::Act;
use forewarn_exchange::command::VERSION;
use forewarn_exchange::role::{Permission, Role};
use forewarn_store::StoreError;
use forewarn_store::journal::Record;
use forewarn_transcript::Hash;

/// What is told of a command whose words were erased.
const ERASED: &str = "erased";
/// What is told of one that was recorded before commands were kept whole.
const OLDER: &str = "older";
/// What is told of an act that only nodes do.
const OF_A_NODE: &str = "statement";

/// A recorded command without its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bare {
    /// The word of the act, or what the node did: `case-release`, `sign-in`, `matched`.
    pub what: &'static str,
    /// Whoever did it must have been allowed one of these.
    pub asks: Vec<Permission>,
    /// The roles that counted, where not all of the person's did.
    pub only: Option<Vec<Role>>,
    /// SHA-256 of the command's random seed and of the digest of what was to be done: it says which
    /// command this is to whoever has the journal, and nothing to anybody else. An erasure leaves it as
    /// it is.
    pub digest: Hash,
}

impl Bare {
    /// Of a recorded command.
    ///
    /// # Errors
    /// The record is damaged.
    pub fn of(record: &Record) -> Result<Bare, StoreError> {
        if record.version != VERSION {
            let digest = digest(record.seed, Hash::of(record.act.as_bytes()));
            return Ok(Bare { what: OLDER, asks: Vec::new(), only: None, digest });
        }
        let kept: Kept<'static> = serde_json::from_str(&record.act).map_err(|e| damaged(&e))?;
        let done = match &kept {
            Kept::Erased(done) => *done,
            _ => Hash::of(record.act.as_bytes()),
        };
        let (what, asks, only) = match &kept {
            Kept::Act(act) => of_act(act, None),
            Kept::Limited(work) => of_act(&work.act, work.only.clone()),
            Kept::SignIn(work) => of_node(of_sign_in(work)),
            Kept::Configure(_) => of_node("configure"),
            Kept::Intake(_) => of_node("intake"),
            Kept::Fed(_) => of_node("fed"),
            Kept::Fetched(_) => of_node("fetched"),
            Kept::Delete(_) => of_node("delete"),
            Kept::Matched(_) => of_node("matched"),
            Kept::TrialBegun(_) => of_node("trial-begun"),
            Kept::Tried(_) => of_node("tried"),
            Kept::Rechecked(_) => of_node("rechecked"),
            Kept::ClockRanOut(_) => of_node("clock-ran-out"),
            Kept::Expired(_) => of_node("expired"),
            Kept::Retained(_) => of_node("erased-by-rule"),
            Kept::Shown(_) => of_node("shown"),
            Kept::Receive(_) => of_node("receive"),
            Kept::Receipt { .. } => of_node("receipt"),
            Kept::Refill { .. } => of_node("refill"),
            Kept::OpenedAgain(_) => of_node("opened-again"),
            Kept::Contradiction(_) => of_node("contradiction"),
            Kept::Tell(_) => of_node("tell"),
            Kept::Erased(_) => of_node(ERASED),
        };
        Ok(Bare { what, asks, only, digest: digest(record.seed, done) })
    }

    /// Whether its words were erased.
    pub fn is_erased(&self) -> bool {
        self.what == ERASED
    }
}

type Asked = (&'static str, Vec<Permission>, Option<Vec<Role>>);

fn of_node(what: &'static str) -> Asked {
    (what, Vec::new(), None)
}

fn of_act(act: &Act, only: Option<Vec<Role>>) -> Asked {
    let Some(row) = act.row() else {
        return (act.word().unwrap_or(OF_A_NODE), Vec::new(), only);
    };
    let asks = [Some(row.does), row.or, row.proposes].into_iter().flatten().collect();
    (row.word, asks, only)
}

fn of_sign_in(work: &SignInWork) -> &'static str {
    match &work.step {
        SignInStep::SignIn { .. } => "sign-in",
        SignInStep::Provider { .. } => "sign-in-by-provider",
        SignInStep::Accept { .. } => "invitation-accept",
        SignInStep::ShownAgain { .. } => "code-shown-again",
        SignInStep::SignOut { .. } => "sign-out",
        SignInStep::Password { .. } => "password-set",
        SignInStep::FactorBegun { .. } => "factor-begun",
        SignInStep::FactorConfirmed { .. } => "factor-confirmed",
        SignInStep::FactorRemoved { .. } => "factor-removed",
    }
}

fn digest(seed: Hash, done: Hash) -> Hash {
    Hash::of(&[seed.0, done.0].concat())
}
