//! What to do next, in the words of the surface that shows it.

use forewarn_exchange::agreement::Version;
use forewarn_exchange::id::{CaseNumber, ProposalNumber, WarningNumber};
use forewarn_exchange::name::{NodeName, UserName};
use forewarn_exchange::owed::Word;
use forewarn_exchange::refusal::{Field, Hint};
use forewarn_transcript::Hash;

/// Where a hint is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    /// The program `forewarn`.
    CommandLine,
    /// The API: acts and fields.
    Api,
}

/// A hint in words: lower case, without a full stop.
pub fn words(hint: &Hint, surface: Surface) -> String {
    let (command, act) = match hint {
        Hint::Advice { words } => return words.clone(),
        Hint::Give { field } => each([give_option(*field), give_field(*field)]),
        Hint::Find { case } => (
            format!("record it: forewarn case finding {case}"),
            format!("record it: the act `case-finding` of case {case}"),
        ),
        Hint::Draft { case } => (
            format!("write one: forewarn case draft {case}"),
            format!("write one: the act `case-draft` of case {case}"),
        ),
        Hint::Preview { case } => (
            format!("look again: forewarn case preview {case}"),
            format!("look again: GET /api/v1/cases/{case}/preview"),
        ),
        Hint::Keep { case } => (
            format!("say why it stands: forewarn case keep {case} --reason …, or draft it anew"),
            format!("say why it stands: the act `case-keep` of case {case}, or draft it anew"),
        ),
        Hint::ShowCase { case } => (
            format!("see them: forewarn case show {case}"),
            format!("see them: GET /api/v1/cases/{case}"),
        ),
        Hint::ShowWarning { warning } => (
            format!("see them: forewarn warning show {warning}"),
            format!("see them: GET /api/v1/warnings/{warning}"),
        ),
        Hint::ShowWithheld => each(SHOW_WITHHELD),
        Hint::ShowProposal { proposal } => {
            return format!("look at it: {}", show_proposal(*proposal, surface));
        }
        Hint::AskPermission { warning } => ask_permission(*warning),
        Hint::Accept { warning } => (
            format!("first: forewarn warning accept {warning}"),
            format!("first: the act `warning-accept` of warning {warning}"),
        ),
        Hint::ConfirmPartner { partner } => (
            format!(
                "have {partner} read its ten words (`forewarn card`) over a line you trust, then: \
                 forewarn partner confirm {partner} --fingerprint \"…\"; when they differ, do not use \
                 the card"
            ),
            format!(
                "have {partner} read its ten words over a line you trust, then: the act \
                 `partner-confirm`; when they differ, do not use the card"
            ),
        ),
        Hint::ShowAgreement { partner, version } => agreement(partner, Some(*version)),
        Hint::ListAgreements { partner } => agreement(partner, None),
        Hint::AwaitNewKeys => each(AWAIT_NEW_KEYS),
        Hint::SayWho => each(SAY_WHO),
        Hint::AskRole { role } => {
            let words = format!("someone with the role {} may", role.name());
            (words.clone(), words)
        }
        Hint::MakeKeys => {
            each(["make new ones with `forewarn key add`, and start the node again"; 2])
        }
        Hint::ExportChannel => each(EXPORT_CHANNEL),
        Hint::Examine => each(["run `forewarn doctor`"; 2]),
        Hint::AddCollection => each(["add a [[collection]] to forewarn.toml"; 2]),
        Hint::MakeToken => each([MAKE_TOKEN; 2]),
        Hint::SignIn { user } => sign_in(user),
    };
    match surface {
        Surface::CommandLine => command,
        Surface::Api => act,
    }
}

/// How somebody signs in.
fn sign_in(user: &UserName) -> (String, String) {
    (
        format!("sign in with `forewarn login --as {user}`"),
        "sign in with POST /api/v1/session".to_owned(),
    )
}

/// How the sender of a warning is asked whether it may be passed on.
fn ask_permission(warning: WarningNumber) -> (String, String) {
    let command = format!("forewarn warning ask-permission {warning} --part PART --to NODE");
    (
        format!("ask its sender: {command} --reason TEXT"),
        format!("ask its sender: the act `warning-ask-permission` of warning {warning}"),
    )
}

/// How the versions of an agreement are looked at, or one of them.
fn agreement(partner: &NodeName, version: Option<Version>) -> (String, String) {
    let path = format!("/api/v1/partners/{partner}/agreements");
    match version {
        Some(version) => (
            format!("look at it: forewarn partner agreement show {partner} {version}"),
            format!("look at it: GET {path}/{version}"),
        ),
        None => (
            format!("look at them: forewarn partner agreement list {partner}"),
            format!("look at them: GET {path}"),
        ),
    }
}

/// How a second person releases the draft of a case.
pub fn release(case: CaseNumber, digest: Hash, surface: Surface) -> String {
    match surface {
        Surface::CommandLine => format!("forewarn case release {case} --digest {digest}"),
        Surface::Api => format!("the act `case-release` of case {case}, digest {digest}"),
    }
}

/// What is done about a released warning whose original was revoked.
pub fn recall_or_keep(case: CaseNumber, surface: Surface) -> String {
    match surface {
        Surface::CommandLine => format!(
            "forewarn case recall {case} --reason TEXT, or case update, or: forewarn case keep {case} \
             --reason TEXT"
        ),
        Surface::Api => {
            format!("the act `case-recall`, `case-update` or `case-keep` of case {case}")
        }
    }
}

/// What may become of a case that was closed and is looked at again.
pub fn reopen_or_keep(case: CaseNumber, surface: Surface) -> String {
    match surface {
        Surface::CommandLine => format!(
            "forewarn case reopen {case} --reason TEXT, or: forewarn case keep {case} --reason TEXT"
        ),
        Surface::Api => format!("the act `case-reopen` or `case-keep` of case {case}"),
    }
}

/// How a second person looks at a proposal.
pub fn show_proposal(proposal: ProposalNumber, surface: Surface) -> String {
    match surface {
        Surface::CommandLine => format!("forewarn proposal show {proposal}"),
        Surface::Api => format!("GET /api/v1/proposals/{proposal}"),
    }
}

/// How a second person approves a proposal.
pub fn approve(proposal: ProposalNumber, digest: Hash, surface: Surface) -> String {
    match surface {
        Surface::CommandLine => format!("forewarn proposal approve {proposal} --digest {digest}"),
        Surface::Api => format!("the act `proposal-approve` of {proposal}, digest {digest}"),
    }
}

/// How the recall of a warning is answered.
pub fn answer_recall(warning: WarningNumber, surface: Surface) -> String {
    match surface {
        Surface::CommandLine => format!("answer it: forewarn warning answer {warning} complied"),
        Surface::Api => format!("answer it: the act `warning-answer` of warning {warning}"),
    }
}

/// How an update, or the end of a warning, is answered.
pub fn answer_word(warning: WarningNumber, word: Word, surface: Surface) -> String {
    match surface {
        Surface::CommandLine => format!("answer it: forewarn warning answer {warning} complied"),
        Surface::Api => {
            let word = word.name();
            format!("answer it: the act `warning-answer-{word}` of warning {warning}")
        }
    }
}

const AWAIT_NEW_KEYS: [&str; 2] = [
    "only words of new keys open it again, which the partner has announced (`forewarn key \
     announce`) before the channel was closed",
    "only words of new keys open it again, which the partner has announced before the channel was \
     closed",
];
const SAY_WHO: [&str; 2] = [
    "say who you are with --as NAME, or set FOREWARN_USER; add users with `forewarn user add NAME \
     --role ROLE`",
    "name a user in the header `forewarn-as`; users are added by the act `user-add`",
];
const SHOW_WITHHELD: [&str; 2] = [
    "two persons may decide to show it: forewarn evidence show SUBJECT --field FIELD --reason …",
    "two persons may decide to show it: the act `evidence-show`",
];
const EXPORT_CHANNEL: [&str; 2] = [
    "`forewarn channel export` writes whole logs",
    "GET /api/v1/channels/{partner}/transcript gives whole logs",
];
const MAKE_TOKEN: &str = "make one with `forewarn token add USER`; send it as a Bearer token, or as \
                          the password of Basic with the user's name";

/// The words of the command line, and those of the API.
fn each([command, act]: [&str; 2]) -> (String, String) {
    (command.to_owned(), act.to_owned())
}

fn give_option(field: Field) -> &'static str {
    match field {
        Field::Reason => "give --reason",
        Field::ReasonAndTarget => "give --reason and --target",
        Field::ValidUntil => "give a later --valid-until",
        Field::Role => "give one with --role, such as --role analyst",
        Field::Text => "give --text",
        Field::Fact => "such as --fact arrested=7",
        Field::SetAside => "give --set-aside for exactly these",
        Field::SetAsideReason => "give --set-aside-reason",
        Field::Corrects => "to correct it, give --correct and say why with --text",
        Field::Lowering => "give --lower PERMISSION and --lower-reason",
        Field::HandlingText => "give --handling H3 and --handling-text",
        Field::NotifyReason => "say why with --notify-reason, or use another policy",
        Field::Persons => "name each once with --to, such as --to \"Anna Orlova\"",
        Field::ReviewAt => "give another time, such as --review-at +30d",
    }
}

fn give_field(field: Field) -> &'static str {
    match field {
        Field::Reason => "give `reason`",
        Field::ReasonAndTarget => "give `reason` and `target`",
        Field::ValidUntil => "give a later `valid_until`",
        Field::Role => "give one in `roles`, such as \"analyst\"",
        Field::Text => "give `text`",
        Field::Fact => "such as {\"kind\":\"arrested\",\"count\":7}",
        Field::SetAside => "give exactly these in `set_aside`",
        Field::SetAsideReason => "give `set_aside` with `texts` and `reason`",
        Field::Corrects => "to correct it, give `corrects` and say why in `text`",
        Field::Lowering => "give `lowering` with `permission` and `reason`",
        Field::HandlingText => "give `handling` with H3 in `codes`, and `text`",
        Field::NotifyReason => "say why in `handling.notify_reason`, or use another policy",
        Field::Persons => "name each once in `persons`",
        Field::ReviewAt => "give another time in `review_at` or `answer_by`",
    }
}
