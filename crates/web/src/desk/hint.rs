//! What to do after a refusal, in the words of the desk: a sentence, and the page where it is done.

use super::show::line;
use super::texts::{Words, fill};
use forewarn_exchange::refusal::{Field, Hint};
use forewarn_view::hint::{self, Surface};

/// What to do.
pub(crate) struct Step {
    pub(crate) words: String,
    /// The page where it is done.
    pub(crate) at: Option<String>,
}

/// The step of a hint.
pub(crate) fn step(w: &Words, hint: &Hint) -> Step {
    let h = &w.hint;
    let (words, at) = match hint {
        Hint::Advice { words } => (line(words), None),
        Hint::Give { field } => (give(w, *field).to_owned(), None),
        Hint::Find { case } => (h.find.to_owned(), Some(format!("/desk/cases/{case}/finding"))),
        Hint::Draft { case } => (h.draft.to_owned(), Some(format!("/desk/cases/{case}/draft"))),
        Hint::Preview { case } => {
            (h.preview.to_owned(), Some(format!("/desk/cases/{case}/release")))
        }
        Hint::Keep { case } => (h.keep.to_owned(), Some(format!("/desk/cases/{case}/keep"))),
        Hint::ShowCase { case } => (h.show_case.to_owned(), Some(format!("/desk/cases/{case}"))),
        Hint::ShowWarning { warning } => {
            (h.show_warning.to_owned(), Some(format!("/desk/warnings/{warning}")))
        }
        Hint::ShowProposal { proposal } => {
            (h.show_proposal.to_owned(), Some(format!("/desk/proposals/{proposal}")))
        }
        Hint::Accept { warning } => {
            (h.accept.to_owned(), Some(format!("/desk/warnings/{warning}/say/accept")))
        }
        Hint::AskPermission { warning } => {
            (h.ask_permission.to_owned(), Some(format!("/desk/warnings/{warning}")))
        }
        Hint::ShowAgreement { partner, .. } | Hint::ListAgreements { partner } => {
            (h.show_agreement.to_owned(), Some(format!("/desk/partners/{partner}")))
        }
        Hint::ConfirmPartner { partner } => (fill(h.confirm, &[partner]), None),
        Hint::AwaitNewKeys => (h.await_keys.to_owned(), None),
        Hint::AskRole { role } => (fill(h.ask_role, &[&super::word::role(w, *role)]), None),
        Hint::SignIn { .. } => (h.sign_in.to_owned(), Some("/desk/sign-in".to_owned())),
        // What is done at the machine of the node is said as the command line says it.
        Hint::ShowWithheld
        | Hint::SayWho
        | Hint::MakeKeys
        | Hint::ExportChannel
        | Hint::Examine
        | Hint::AddCollection
        | Hint::MakeToken => (hint::words(hint, Surface::CommandLine), None),
    };
    Step { words, at }
}

fn give(w: &Words, field: Field) -> &'static str {
    let h = &w.hint;
    match field {
        Field::Reason => h.give_reason,
        Field::ReasonAndTarget => h.give_reason_target,
        Field::ValidUntil => h.give_until,
        Field::Role => h.give_role,
        Field::Text => h.give_text,
        Field::Fact => h.give_fact,
        Field::SetAside => h.give_aside,
        Field::SetAsideReason => h.give_aside_reason,
        Field::Corrects => h.give_corrects,
        Field::Lowering => h.give_lowering,
        Field::HandlingText => h.give_handling,
        Field::NotifyReason => h.give_notify,
        Field::Persons => h.give_persons,
        Field::ReviewAt => h.give_review,
    }
}
