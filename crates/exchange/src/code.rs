//! Every code that a refusal or an error of this node can have, in one table. A code is stable: a
//! program may rely on it. What each looks like at the API and on the command line is kept in a
//! golden file (`crates/cli/tests/golden/`).

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal,)*) => {
        /// Why something was not done.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub enum Code {
            $($(#[doc = $doc])+ $name,)*
        }

        impl Code {
            /// All of them, in the order of the table.
            pub const ALL: &'static [Code] = &[$(Code::$name),*];

            /// The word for it, as documents and journals have it: `same-person`.
            pub const fn text(self) -> &'static str {
                match self {
                    $(Code::$name => $text,)*
                }
            }

            /// What it means, in a sentence.
            pub const fn meaning(self) -> &'static str {
                match self {
                    $(Code::$name => concat!($($doc),+),)*
                }
            }
        }
    };
}

codes! {
    /// Nothing of that name or number is here, or nothing that the caller may see.
    NotFound = "not-found",
    /// The caller's roles do not allow it.
    NotPermitted = "not-permitted",
    /// Nobody, or nobody who is known here, is named as the one who acts.
    NoUser = "no-user",
    /// The request carries no token of this node.
    NoToken = "no-token",
    /// Nobody could be signed in with this name, password and code.
    SignIn = "sign-in",
    /// The user has a way to sign in; so that has to be done first.
    SignInNeeded = "sign-in-needed",
    /// Only somebody who has signed in may change how he or she signs in; a token is not enough.
    SessionNeeded = "session-needed",
    /// The password is too short, or one of those that are tried first.
    WeakPassword = "weak-password",
    /// No second factor is there, or waits to be confirmed.
    NoFactor = "no-factor",
    /// The user was suspended or removed, or was not.
    UserStanding = "user-standing",
    /// The node would be left without an administrator.
    LastAdministrator = "last-administrator",
    /// An act was done before under this id, and it was another act.
    IdReused = "id-reused",
    /// There is one of that name already.
    Known = "known",
    /// It is not a user's name.
    UserName = "user-name",
    /// A user without a role could do nothing.
    NoRole = "no-role",
    /// It is not a node's name, or not an organisation's.
    BadName = "bad-name",
    /// A feed cannot be used as it is described.
    BadFeed = "bad-feed",
    /// It is not a contact card, or its signature does not fit.
    BadCard = "bad-card",
    /// The card is our own.
    OwnCard = "own-card",
    /// The words are not those of the partner's key.
    Fingerprint = "fingerprint",
    /// The partner is confirmed already.
    Confirmed = "confirmed",
    /// Nobody has confirmed the partner yet.
    NotConfirmed = "not-confirmed",
    /// The channel with the partner is closed.
    Suspended = "suspended",
    /// Somebody else may hold the partner's key.
    Compromised = "compromised",
    /// It is not of the channel that it is said to be of.
    Channel = "channel",
    /// An interest is not well formed.
    Interest = "interest",
    /// Too many interests, or none.
    Interests = "interests",
    /// What an act is on has another version than the one that was looked at.
    Stale = "stale",
    /// It was changed since it was looked at.
    Changed = "changed",
    /// A note is empty or too long.
    Note = "note",
    /// A case is about at least one item.
    NoItems = "no-items",
    /// A finding lacks its reason or its target.
    Finding = "finding",
    /// A decision to warn rests on a finding, and there is none.
    NoFinding = "no-finding",
    /// A decision lacks its reason.
    Reason = "reason",
    /// A waiver lacks what its ground asks for, or the node's profile does not have the ground.
    Waiver = "waiver",
    /// Who may waive on this ground is set here, and neither person is.
    Seniority = "seniority",
    /// The case is at another stage.
    Stage = "stage",
    /// The clock does not run, or its time has not come.
    Clock = "clock",
    /// A draft needs a title and a text.
    EmptyDraft = "empty-draft",
    /// A likelihood and a level of confidence must not stand in one sentence (ICD 203).
    Wording = "wording",
    /// The time until which a warning holds is past.
    Horizon = "horizon",
    /// It is not a place of the gazetteer.
    Place = "place",
    /// It is not an observable that can be watched for.
    Observable = "observable",
    /// No draft waits for release.
    NoDraft = "no-draft",
    /// The draft is not the one that was looked at.
    OtherDraft = "other-draft",
    /// All originals of a draft were revoked, and nobody has said why it stands.
    OriginalRevoked = "original-revoked",
    /// One person may not do both: a second one must.
    SamePerson = "same-person",
    /// A proposal was approved or dropped before.
    NotWaiting = "not-waiting",
    /// Too much waits for a second person already.
    Waiting = "waiting",
    /// It was chosen when the node was made, and stays so.
    Founding = "founding",
    /// Nobody gives himself or herself a role that drafts or releases.
    OwnRole = "own-role",
    /// The originals are marked more strictly, and nobody has decided to lower that.
    Marking = "marking",
    /// Whom a warning is for does not fit its marking: TLP:RED is for named persons.
    Persons = "persons",
    /// What a draft includes beside its words is not of its kind, or too much.
    Included = "included",
    /// A tear line says nothing, or is not for wider handling than the warning.
    TearLine = "tear-line",
    /// A sentence does not stand in the text, or what it rests on is not of the case.
    Rests = "rests",
    /// A handling code or policy is not whole, or does not let a warning reach whom it is for.
    Handling = "handling",
    /// The gate does not let it leave.
    Gate = "gate",
    /// A source that it rests on is in danger.
    SourceDanger = "source-danger",
    /// This organisation's own policy forbids it, or could not be asked.
    Policy = "policy",
    /// A version of an agreement cannot be proposed or answered now, or its terms cannot be meant.
    Agreement = "agreement",
    /// An embargo binds both sides, or it cannot be proposed, answered or left now.
    Embargo = "embargo",
    /// A warning may not be passed on so: its sender has not permitted it.
    Permission = "permission",
    /// No open question stands there.
    NoQuestion = "no-question",
    /// A warning was opened before.
    Opened = "opened",
    /// A warning was accepted or declined before.
    Answered = "answered",
    /// A warning was not accepted.
    NotAccepted = "not-accepted",
    /// A warning was not recalled.
    NotRecalled = "not-recalled",
    /// Nothing waits for this answer, or there is nothing that it could correct.
    NothingToAnswer = "nothing-to-answer",
    /// It lies in the future.
    Future = "future",
    /// The facts of an outcome are too many, or none.
    Facts = "facts",
    /// It is not a day.
    Day = "day",
    /// A text that is needed is empty.
    Empty = "empty",
    /// A text or file is too long.
    TooLong = "too-long",
    /// Too much is asked for at once.
    TooMany = "too-many",
    /// The database holds something other than what was written.
    Damaged = "damaged",
    /// A batch of entries cannot be read, or is not the partner's.
    Batch = "batch",
    /// An entry cannot be read.
    Entry = "entry",
    /// Entries do not follow those that are held.
    Gap = "gap",
    /// An entry is held with other bytes.
    Differs = "differs",
    /// Entries do not lead to the root that was signed.
    Root = "root",
    /// A follower's step was done before, or its place has moved.
    Behind = "behind",
    /// Our log is shorter than what was signed of it: the database is an old copy.
    Restored = "restored",
    /// Since the node started, our log was not compared with what the partner holds.
    NotCompared = "not-compared",
    /// A receipt is not one for what we wrote.
    Receipt = "receipt",
    /// No receipt covers it yet.
    NoReceipt = "no-receipt",
    /// The signer does not sign it.
    Signer = "signer",
    /// A partner's node cannot be reached.
    Unreachable = "unreachable",
    /// A partner's node does not take what was sent.
    NotTaken = "not-taken",
    /// A partner's node does not give what was asked for.
    NotGiven = "not-given",
    /// It does not prove what it is meant to prove.
    NotProven = "not-proven",
    /// No entry has a field of that name.
    NoField = "no-field",
    /// A field was withheld from the partner, and the caller may not show it.
    Withheld = "withheld",
    /// What is asked for is not named as it should be.
    Wanted = "wanted",
    /// The node has no collection that takes items in.
    NoCollection = "no-collection",
    /// It is not a grade.
    Grade = "grade",
    /// A request cannot be read.
    BadRequest = "bad-request",
    /// A parameter of the address cannot be read.
    BadParameter = "bad-parameter",
    /// A part of the address cannot be read.
    BadPath = "bad-path",
    /// A file cannot be read as what it should be.
    BadFile = "bad-file",
    /// It is not a certificate in PEM form.
    BadCertificate = "bad-certificate",
    /// The body is not a TAXII envelope.
    BadEnvelope = "bad-envelope",
    /// The body has a media type that is not taken here.
    MediaType = "media-type",
    /// None of the media types that the caller accepts is served here.
    NotAcceptable = "not-acceptable",
    /// The body is compressed.
    Coding = "coding",
    /// The address has no such method.
    Method = "method",
    /// The body is larger than what is taken.
    TooLarge = "too-large",
    /// The body comes too slowly.
    TooSlow = "too-slow",
    /// The body was cut off.
    CutOff = "cut-off",
    /// The account has asked for too much in too short a time.
    TooManyRequests = "too-many-requests",
    /// The node is busy or stopping.
    Busy = "busy",
    /// The node could not store or read.
    Store = "store",
    /// The node has no room for a body while it comes in.
    NoRoom = "no-room",
    /// A request to the channel is not signed by the key of a partner.
    NotAPartner = "not-a-partner",
    /// A request to the channel was signed too long ago, or in the future.
    OutsideWindow = "outside-window",
    /// A request to the channel was used before.
    Replayed = "replayed",
    /// The body of a request to the channel is not the one that was signed.
    Digest = "digest",
    /// The file of the configuration, or one that it names, cannot be used.
    Configuration = "configuration",
    /// A follower or the writer has ended: the node cannot do its work.
    NotReady = "not-ready",
}

/// A text that is not one of the codes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a code of this node")]
pub struct UnknownCode(String);

impl JsonSchema for Code {
    fn schema_name() -> Cow<'static, str> {
        "Code".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let all: Vec<&str> = Code::ALL.iter().map(|code| code.text()).collect();
        json_schema!({ "type": "string", "description": "Why something was not done.", "enum": all })
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl FromStr for Code {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Code, UnknownCode> {
        let found = Code::ALL.iter().find(|code| code.text() == text);
        found.copied().ok_or_else(|| UnknownCode(text.to_owned()))
    }
}

impl TryFrom<String> for Code {
    type Error = UnknownCode;

    fn try_from(text: String) -> Result<Code, UnknownCode> {
        text.parse()
    }
}

impl From<Code> for String {
    fn from(code: Code) -> String {
        code.text().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_is_written_once_and_reads_back() {
        let mut texts: Vec<&str> = Code::ALL.iter().map(|code| code.text()).collect();
        texts.sort_unstable();
        texts.dedup();
        assert_eq!(texts.len(), Code::ALL.len());
        for code in Code::ALL {
            assert_eq!(code.text().parse(), Ok(*code));
        }
        assert!("same person".parse::<Code>().is_err());
    }
}
