//! Asks the organisation's own policy about what is to leave: after the fixed rules of the gate, and
//! never instead of them.

use crate::configuration::Us;
use crate::originals;
use forewarn_exchange::case::{Case, CaseItem};
use forewarn_exchange::draft::{Draft, Marks, ObservableKind};
use forewarn_exchange::extension;
use forewarn_exchange::message::Content;
use forewarn_exchange::name::UserName;
use forewarn_exchange::proposal::Persons;
use forewarn_exchange::scale::Grade;
use forewarn_exchange::talk::Statement;
use forewarn_exchange::user::User;
use forewarn_exchange::warning::Warning;
use forewarn_policy::{By, Does, Question, Reply, Sentence, Shelved, Verb, Verdict, Warned, Words};
use forewarn_stix::marking::Tlp;
use forewarn_store::sight::Sight;
use forewarn_store::{Db, StoreError};
use std::collections::BTreeSet;

/// What a shelf is called where policies name whoever does something.
const SHELF: &str = "shelf";

/// How a version of a warning is to leave.
#[derive(Debug, Clone, Copy)]
pub struct Leaving {
    /// As an entry, or told beside the channel.
    pub does: Does,
    /// Which version it is; 1 is the first.
    pub version: usize,
    /// Whether it leaves by a standing authorisation.
    pub standing: bool,
}

/// What the policies say about a version of a case's warning; without a draft, about what is said in
/// imminent danger.
///
/// # Errors
/// The database cannot be read.
pub fn of_version(
    (db, us): (&Db<'_>, &Us),
    by: &By,
    case: &Case,
    draft: Option<&Draft>,
    leaving: Leaving,
) -> Result<Verdict, StoreError> {
    // Without policies nothing is read for them.
    if us.house.is_empty() {
        return Ok(Verdict::Passes);
    }
    let request = draft.map(|draft| draft.request.as_ref());
    if request == Some(None) {
        let why =
            "what went into this draft was not kept by the program of its time: draft it again";
        return Ok(Verdict::Failed(why.into()));
    }
    let request = request.flatten();
    let mut warned = about(db, case, leaving)?;
    // What is said before anything was drafted counts as strict as its originals; as the strictest,
    // when none of them is marked.
    let marks =
        if request.is_none() { originals::marking(db, case.number)? } else { Marks::default() };
    warned.tlp = draft.map_or(marks.tlp.unwrap_or(Tlp::Red), |draft| draft.tlp);
    warned.pap = marks.pap;
    if let Some(request) = request {
        let observed = request.include.observed.iter().map(|one| &one.value);
        let values = request.observables.iter().chain(observed);
        warned.kinds = values.filter_map(|value| ObservableKind::of(value)).collect();
        warned.pap = request.handling.pap;
        warned.handling.clone_from(&request.handling.codes);
    }
    if let Some(draft) = draft {
        warned.lowered = draft.lowering.is_some();
        warned.persons = u32::try_from(draft.persons().len()).unwrap_or(u32::MAX);
    }
    warned.approvers = match us.configuration.approvers(warned.tlp) {
        Persons::One => 1,
        Persons::Two => 2,
    };
    Ok(us.house.ask(by, &Question::Warning(leaving.does, Box::new(warned))))
}

/// What the policies say about a sentence beside a case's warning.
pub fn of_sentence(us: &Us, by: &By, case: &Case, says: Words) -> Verdict {
    let sentence = Sentence {
        partner: case.partner.clone(),
        says,
        urgency: case.urgency,
        status: case.status,
    };
    us.house.ask(by, &Question::Sentence(sentence))
}

/// What the policies say about what is said of a warning that came to us; what no person says is not asked
/// about.
pub fn of_reply(us: &Us, by: &By, warning: &Warning, statement: &Statement) -> Verdict {
    let Some(says) = Verb::of(statement) else { return Verdict::Passes };
    let reply = Reply {
        partner: warning.partner.clone(),
        says,
        words: statement.has_words(),
        tlp: warning.summary.tlp,
        urgency: warning.summary.urgency,
        status: warning.status,
    };
    us.house.ask(by, &Question::Reply(reply))
}

/// Whether our own tools may take a warning from a shelf. A policy that cannot be asked forbids it.
pub(crate) fn shelves(us: &Us, shelf: &str, warning: &Warning, content: &Content) -> bool {
    if us.house.is_empty() {
        return true;
    }
    // A shelf is no person, and has no role.
    let Ok(name) = UserName::parse(SHELF) else { return false };
    let by = By { name, roles: Vec::new() };
    let shelved = Shelved {
        shelf: shelf.to_owned(),
        partner: warning.partner.clone(),
        tlp: content.tlp,
        pap: extension::pap(&content.bundle),
        urgency: content.urgency,
        status: warning.status,
    };
    matches!(us.house.ask(&by, &Question::Shelve(shelved)), Verdict::Passes)
}

/// A user, as policies see whoever lets something out.
pub fn by(user: &User) -> By {
    By { name: user.name.clone(), roles: user.roles.clone() }
}

/// What is known of a case beside its draft.
fn about(db: &Db<'_>, case: &Case, leaving: Leaving) -> Result<Warned, StoreError> {
    let (mut grades, mut ungraded) = (Vec::new(), false);
    for item in db.case_items(case.number)? {
        let known = grades_of(db, &item)?;
        ungraded |= known.is_empty();
        grades.extend(known);
    }
    Ok(Warned {
        partner: case.partner.clone(),
        tlp: Tlp::Red,
        pap: None,
        handling: BTreeSet::new(),
        urgency: case.urgency,
        status: case.status,
        threat: case.assessment.finding().map(|found| found.finding.threat.name().to_owned()),
        kinds: BTreeSet::new(),
        lowered: false,
        sources: originals::sources(db, case.number)?,
        grades,
        ungraded,
        persons: 0,
        approvers: 1,
        standing: leaving.standing,
        version: u32::try_from(leaving.version).unwrap_or(u32::MAX),
    })
}

/// Each time that an item came in it may have been graded otherwise. A grade of another scheme
/// counts as none.
fn grades_of(db: &Db<'_>, item: &CaseItem) -> Result<Vec<Grade>, StoreError> {
    let known = db.gradings(&item.id, &Sight::all())?;
    Ok(known.into_iter().filter_map(|(_, grade)| Grade::parse(&grade).ok()).collect())
}
