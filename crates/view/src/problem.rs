//! Errors as they are told: `application/problem+json` (RFC 9457), one form for every code.

use crate::hint::{self, Surface};
use forewarn_exchange::refusal::Hint;
use forewarn_exchange::{Code, Refusal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The status that a code is answered with, when nothing more special is known.
pub fn status(code: Code) -> u16 {
    use Code::{
        Agreement, Answered, BadCard, BadCertificate, BadEnvelope, BadFeed, BadFile, BadName,
        BadParameter, BadPath, BadRequest, Batch, Behind, Busy, Changed, Channel, Clock, Coding,
        Compromised, Configuration, Confirmed, CutOff, Damaged, Day, Differs, Digest, Embargo,
        Empty, EmptyDraft, Entry, Facts, Finding, Fingerprint, Founding, Future, Gap, Gate, Grade,
        Handling, Horizon, IdReused, Included, Interest, Interests, Known, LastAdministrator,
        Marking, MediaType, Method, NoCollection, NoDraft, NoFactor, NoField, NoFinding, NoItems,
        NoQuestion, NoReceipt, NoRole, NoRoom, NoToken, NoUser, NotAPartner, NotAcceptable,
        NotAccepted, NotCompared, NotConfirmed, NotFound, NotGiven, NotPermitted, NotProven,
        NotReady, NotRecalled, NotTaken, NotWaiting, Note, NothingToAnswer, Observable, Opened,
        OriginalRevoked, OtherDraft, OutsideWindow, OwnCard, OwnRole, Permission, Persons, Place,
        Policy, Reason, Receipt, Replayed, Restored, Rests, Root, SamePerson, Seniority,
        SessionNeeded, SignIn, SignInNeeded, Signer, SourceDanger, Stage, Stale, Store, Suspended,
        TearLine, TooLarge, TooLong, TooMany, TooManyRequests, TooSlow, Unreachable, UserName,
        UserStanding, Waiting, Waiver, Wanted, WeakPassword, Withheld, Wording,
    };
    match code {
        BadCertificate | BadFile | BadParameter | BadPath | BadRequest | CutOff | Grade => 400,
        NoToken | NotAPartner | OutsideWindow | Replayed | Digest | SignIn | SignInNeeded => 401,
        NotPermitted | NoUser | SessionNeeded => 403,
        NotFound => 404,
        Method => 405,
        NotAcceptable => 406,
        TooSlow => 408,
        Gap | Behind => 409,
        Stale => 412,
        TooLarge => 413,
        Coding | MediaType => 415,
        TooManyRequests => 429,
        Store => 500,
        Unreachable => 502,
        Busy | NotReady => 503,
        NoRoom => 507,
        IdReused | Known | UserName | NoRole | BadName | BadFeed | BadCard | OwnCard
        | Fingerprint | Confirmed | NotConfirmed | NotCompared | Suspended | Compromised
        | Channel | Interest | Interests | Changed | Note | NoItems | Finding | NoFinding
        | Reason | Stage | Clock | EmptyDraft | Horizon | Place | Observable | NoDraft
        | OtherDraft | SamePerson | Gate | SourceDanger | Policy | Agreement | Embargo
        | NoQuestion | Opened | Answered | NotAccepted | NotRecalled | NothingToAnswer | Facts
        | Day | Empty | TooLong | TooMany | Damaged | Batch | Entry | Differs | Root | Restored
        | Receipt | NoReceipt | Signer | NotTaken | NotGiven | NotProven | NoField | Withheld
        | Wanted | NoCollection | BadEnvelope | NotWaiting | Waiting | Founding | OwnRole
        | Marking | Persons | Future | OriginalRevoked | WeakPassword | NoFactor | UserStanding
        | LastAdministrator | Configuration | Rests | TearLine | Included | Permission
        | Handling | Wording | Waiver | Seniority => 422,
    }
}

/// The document. Members beyond RFC 9457's: `code`, `hint`, `next` (the hint as data), and `size`
/// where a log is held to another size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Document {
    /// `urn:forewarn:problem:CODE`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What the code means, the same each time (RFC 9457 §3.1.3).
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The code by itself.
    pub code: Code,
    /// What is wrong, and where.
    pub detail: String,
    /// What to do, in the API's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// What to do, as data: another surface has other words for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Hint>,
    /// The size to which a log is held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// The request that it answers (RFC 9457 §3.1.5), where the node itself failed: the log has the
    /// same number. Each answer has it in the header `Request-Id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
}

impl Document {
    /// The document for a refusal. `status` is its code's own, or another that fits better; `size`
    /// is given where a log is held to another size.
    pub fn new(refusal: &Refusal, status: u16, size: Option<u64>) -> Document {
        Document {
            kind: format!("urn:forewarn:problem:{}", refusal.code),
            title: refusal.code.meaning().trim().to_owned(),
            status,
            code: refusal.code,
            detail: refusal.message.clone(),
            hint: refusal.hint.as_ref().map(|one| hint::words(one, Surface::Api)),
            next: refusal.hint.clone(),
            size,
            instance: None,
        }
    }

    /// What to do, in the words of a surface.
    pub fn hint_for(&self, surface: Surface) -> Option<String> {
        match &self.next {
            Some(next) => Some(hint::words(next, surface)),
            None => self.hint.clone(),
        }
    }
}
