//! The ledger: who was given what, why and when (28 CFR 23.20(g)). It is not kept by itself: it
//! follows from releases, recalls, answers and readouts, none of which is ever taken out.

use crate::Failure;
use forewarn_exchange::case::{Case, Outgoing, Release};
use forewarn_exchange::estimate::Likelihood;
use forewarn_exchange::id::Subject;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::readout::{Own, Readout};
use forewarn_exchange::talk::{Said, Statement};
use forewarn_exchange::warning::Warning;
use forewarn_stix::Timestamp;
use forewarn_store::Db;
use forewarn_store::sight::Sight;
use forewarn_view::ledger::{Answered, Given, LedgerLine};

/// Cases, warnings and readouts read at once.
const BATCH: i64 = 500;

/// Most rows of one answer: more than anybody looks through.
pub const MAX_LINES: usize = 10_000;

/// Which rows are wanted.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Only what this partner was given.
    pub partner: Option<NodeName>,
    /// Only what is about this.
    pub about: Option<Subject>,
}

impl Wanted {
    fn is(&self, partner: &NodeName, subject: Subject) -> bool {
        self.partner.as_ref().is_none_or(|wanted| wanted == partner)
            && self.about.is_none_or(|about| about == subject)
    }
}

/// The rows in their order of time, the first [`MAX_LINES`], as far as they may be seen.
///
/// # Errors
/// The database cannot be read.
pub fn read(
    db: &Db<'_>,
    us: &str,
    sight: &Sight,
    wanted: &Wanted,
) -> Result<Vec<LedgerLine>, Failure> {
    let mut book = Book { db, us, lines: Vec::new() };
    let mut after = 0;
    loop {
        let cases = db.cases_after(after, BATCH)?;
        let Some(last) = cases.last() else { break };
        after = last.number.get();
        for case in cases {
            let seen = wanted.is(&case.partner, case.number.into());
            if seen && db.sees_case(case.number, sight)? {
                book.of_case(&case)?;
            }
        }
    }
    after = 0;
    loop {
        let warnings = db.warnings_after(after, BATCH)?;
        let Some(last) = warnings.last() else { break };
        after = last.number.get();
        for warning in warnings {
            if wanted.is(&warning.partner, warning.number.into()) {
                book.of_warning(&warning)?;
            }
        }
    }
    after = 0;
    loop {
        let readouts = db.readouts_after(after, BATCH)?;
        let Some((last, _)) = readouts.last() else { break };
        after = *last;
        for (_, readout) in readouts {
            let seen = wanted.is(&readout.partner, readout.subject);
            if seen && db.sees(readout.subject, sight)? {
                book.of_readout(&readout)?;
            }
        }
    }
    let mut lines = book.lines;
    lines.sort_by(|a, b| (&a.time, a.entry).cmp(&(&b.time, b.entry)));
    lines.truncate(MAX_LINES);
    Ok(lines)
}

struct Book<'a> {
    db: &'a Db<'a>,
    us: &'a str,
    lines: Vec<LedgerLine>,
}

/// What a row says beside what it has from its case or warning.
struct Gave<'a> {
    what: Given,
    at: &'a Timestamp,
    by: String,
    part: String,
    entry: u64,
}

impl Book<'_> {
    fn of_case(&mut self, case: &Case) -> Result<(), Failure> {
        let outgoing = self.db.outgoing(case.number)?;
        let talk = self.db.talk(case.number.into())?;
        let decided = case.assessment.decision();
        let reason = decided.map(|one| one.decision.reason().to_owned()).unwrap_or_default();
        let basis = match decided {
            Some(one) => format!("decided to warn by {} at {}", one.by, one.at),
            None => "no decision is on record".to_owned(),
        };
        let line = LedgerLine {
            time: case.opened.clone(),
            what: Given::Release,
            subject: Some(case.number.into()),
            partner: case.partner.clone(),
            organisation: self.organisation(&case.partner)?,
            persons: persons(&talk),
            part: String::new(),
            reason,
            basis,
            control_official: String::new(),
            submitting_organisation: self.us.to_owned(),
            sensitivity: None,
            confidence: None,
            status: case.status,
            entry: None,
            answer: Answered::NotAsked,
        };
        for (release, version) in outgoing.releases().iter().zip(1..) {
            let Release { draft, approved_by, at, entry, .. } = release;
            let what = if version == 1 { Given::Release } else { Given::Update };
            let (by, entry) = (approved_by.to_string(), entry.index);
            let part = format!("version {version}, SHA-256 {}", draft.digest);
            let likelihood = draft.request.as_ref().and_then(|request| request.likelihood);
            let (sensitivity, confidence) = (Some(draft.tlp), likelihood.map(Likelihood::words));
            let row = LedgerLine { sensitivity, confidence, ..line.clone() };
            self.add(row, Gave { what, at, by, part, entry });
        }
        let sensitivity = outgoing.releases().last().map(|release| release.draft.tlp);
        let line = LedgerLine { sensitivity, ..line };
        for said in talk.iter().filter(|said| said.ours) {
            let basis = "a question of the recipient's".to_owned();
            let row = LedgerLine { basis, reason: "answered".to_owned(), ..line.clone() };
            self.add(row, spoken(said, Given::Answer));
        }
        if let Outgoing::Recalled { recall, .. } = &outgoing {
            let answered = talk
                .iter()
                .any(|one| !one.ours && matches!(one.statement, Statement::RecallAnswer(_)));
            let answer = if answered { Answered::Given } else { Answered::Missing };
            let reason = recall.reason.clone();
            let row = LedgerLine { reason, answer, ..line };
            let (at, by, entry) = (&recall.at, recall.by.to_string(), recall.entry.index);
            let part = "the warning is taken back".to_owned();
            self.add(row, Gave { what: Given::Recall, at, by, part, entry });
        }
        Ok(())
    }

    fn of_warning(&mut self, warning: &Warning) -> Result<(), Failure> {
        let subject = Subject::Warning(warning.number);
        let organisation = self.organisation(&warning.partner)?;
        for said in self.db.talk(subject)?.iter().filter(|said| said.ours) {
            let row = LedgerLine {
                time: said.at.clone(),
                what: Given::Statement,
                subject: Some(subject),
                partner: warning.partner.clone(),
                organisation: organisation.clone(),
                persons: Vec::new(),
                part: String::new(),
                reason: "an answer to its warning".to_owned(),
                basis: "the warning came from the recipient".to_owned(),
                control_official: String::new(),
                submitting_organisation: self.us.to_owned(),
                sensitivity: Some(warning.summary.tlp),
                confidence: None,
                status: warning.status,
                entry: None,
                answer: Answered::NotAsked,
            };
            self.add(row, spoken(said, Given::Statement));
        }
        Ok(())
    }

    fn of_readout(&mut self, readout: &Readout) -> Result<(), Failure> {
        let (draft, committed, revealed) = match &readout.ours {
            Own::Unwritten {} | Own::Written { .. } => return Ok(()),
            Own::Committed { draft, entry, at, .. } => (draft, Some((entry, at)), None),
            Own::Revealed { draft, revealed, at, early, .. } => {
                (draft, None, Some((revealed, at, *early)))
            }
        };
        let row = LedgerLine {
            time: draft.at.clone(),
            what: Given::Readout,
            subject: Some(readout.subject),
            partner: readout.partner.clone(),
            organisation: self.organisation(&readout.partner)?,
            persons: Vec::new(),
            part: String::new(),
            reason: "for the public".to_owned(),
            basis: "two persons approved the text".to_owned(),
            control_official: String::new(),
            submitting_organisation: self.us.to_owned(),
            sensitivity: None,
            confidence: None,
            status: readout.status,
            entry: None,
            answer: Answered::NotAsked,
        };
        let by = draft.by.to_string();
        if let Some((entry, at)) = committed {
            let part = "the digest of our readout".to_owned();
            let (what, entry) = (Given::Readout, entry.index);
            self.add(row, Gave { what, at, by, part, entry });
        } else if let Some((entry, at, early)) = revealed {
            let when = if early { ", early" } else { "" };
            let part = format!("our readout{when}");
            let (what, entry) = (Given::Readout, entry.index);
            self.add(row, Gave { what, at, by, part, entry });
        }
        Ok(())
    }

    fn add(&mut self, row: LedgerLine, gave: Gave<'_>) {
        let Gave { what, at, by, part, entry } = gave;
        self.lines.push(LedgerLine {
            time: at.clone(),
            what,
            part,
            control_official: by,
            entry: Some(entry),
            ..row
        });
    }

    fn organisation(&self, partner: &NodeName) -> Result<String, Failure> {
        let known = self.db.partner(partner)?;
        Ok(known.map(|known| known.card.organisation).unwrap_or_default())
    }
}

fn spoken(said: &Said, what: Given) -> Gave<'_> {
    let (by, entry) = (said.by.clone(), said.entry.index);
    Gave { what, at: &said.at, by, part: said.statement.kind().to_owned(), entry }
}

/// Whom the recipient's node has named, each once.
fn persons(talk: &[Said]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let named = talk.iter().filter(|one| !one.ours).filter(|one| match one.statement {
        Statement::Opened {} | Statement::Accepted { .. } | Statement::Declined { .. } => true,
        Statement::Question { .. }
        | Statement::Answer { .. }
        | Statement::Action { .. }
        | Statement::Outcome { .. }
        | Statement::Thanks { .. }
        | Statement::RecallAnswer(_)
        | Statement::UpdateAnswer(_)
        | Statement::ExpiryAnswer(_)
        | Statement::Refusal { .. } => false,
    });
    for said in named {
        if !all.contains(&said.by) {
            all.push(said.by.clone());
        }
    }
    all
}
