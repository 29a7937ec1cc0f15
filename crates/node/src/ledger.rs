//! The ledger: who was given what, why and when (28 CFR 23.20(g)). It is not kept by itself: its rows
//! are the entries of our own logs, none of which is ever taken out, with what is known of each.

use crate::Failure;
use forewarn_exchange::Refusal;
use forewarn_exchange::case::{Case, Outgoing, Release};
use forewarn_exchange::code::Code;
use forewarn_exchange::estimate::Confidence;
use forewarn_exchange::id::{CaseNumber, Subject, WarningNumber};
use forewarn_exchange::readout::{Own, Readout};
use forewarn_exchange::scale::Status;
use forewarn_exchange::talk::{Said, Statement};
use forewarn_stix::marking::Tlp;
use forewarn_store::Db;
use forewarn_store::log::GivenEntry;
use forewarn_store::sight::Sight;
use forewarn_transcript::Entry;
use forewarn_view::ledger::{Answered, Given, LedgerLine};

/// Puts entries into rows. Rows of one case mostly follow each other, and are read of it once.
pub struct Book<'a> {
    db: &'a Db<'a>,
    us: &'a str,
    sight: &'a Sight,
    last: Option<(Subject, Known)>,
}

/// What is known of a case or warning of which something was given.
struct Known {
    of: Papers,
    talk: Vec<Said>,
    readout: Option<Readout>,
}

enum Papers {
    /// The reader may not see it, or it is gone.
    Nothing,
    Case(Box<(Case, Outgoing)>),
    Warning(Tlp),
}

impl<'a> Book<'a> {
    /// An empty book of ours, for a reader.
    pub fn new(db: &'a Db<'a>, us: &'a str, sight: &'a Sight) -> Book<'a> {
        Book { db, us, sight, last: None }
    }

    /// The row of an entry; `None` when it may not be seen, or gave nothing but a word about when
    /// something is published.
    ///
    /// # Errors
    /// The database cannot be read, or the entry is not as it was written.
    pub fn row(&mut self, given: &GivenEntry) -> Result<Option<LedgerLine>, Failure> {
        let Some(subject) = given.held.subject else { return Ok(None) };
        if self.last.as_ref().is_none_or(|(last, _)| *last != subject) {
            self.last = Some((subject, self.known(subject)?));
        }
        let Some((_, known)) = &self.last else { return Ok(None) };
        let base = self.base(subject, given)?;
        let index = given.held.index;
        let row = match &known.of {
            Papers::Nothing => None,
            Papers::Case(papers) => of_case(papers, &known.talk, index, &base),
            Papers::Warning(tlp) => said_by_us(&known.talk, index).map(|said| LedgerLine {
                what: Given::Statement,
                part: said.statement.kind().to_owned(),
                reason: "an answer to its warning".to_owned(),
                basis: "the warning came from the recipient".to_owned(),
                control_official: said.by.clone(),
                sensitivity: Some(*tlp),
                ..base.clone()
            }),
        };
        Ok(row.or_else(|| known.readout.as_ref().and_then(|one| of_readout(one, index, base))))
    }

    fn known(&self, subject: Subject) -> Result<Known, Failure> {
        let of = match subject {
            _ if !self.db.sees(subject, self.sight)? => Papers::Nothing,
            Subject::Case(number) => self.case(number)?,
            Subject::Warning(number) => self.warning(number)?,
        };
        if matches!(of, Papers::Nothing) {
            return Ok(Known { of, talk: Vec::new(), readout: None });
        }
        Ok(Known { of, talk: self.db.talk(subject)?, readout: self.db.readout(subject)? })
    }

    fn case(&self, number: CaseNumber) -> Result<Papers, Failure> {
        let Some(case) = self.db.case(number)? else { return Ok(Papers::Nothing) };
        Ok(Papers::Case(Box::new((case, self.db.outgoing(number)?))))
    }

    fn warning(&self, number: WarningNumber) -> Result<Papers, Failure> {
        let warning = self.db.warning(number)?;
        Ok(warning.map_or(Papers::Nothing, |one| Papers::Warning(one.summary.tlp)))
    }

    /// What every row says; the rest is for its kind to say.
    fn base(&self, subject: Subject, given: &GivenEntry) -> Result<LedgerLine, Failure> {
        let entry = Entry::parse(given.held.carried.leaf.as_bytes())
            .map_err(|e| Refusal::new(Code::Damaged, e.to_string()))?;
        let partner = self.db.partner(&given.partner)?;
        Ok(LedgerLine {
            time: entry.time,
            what: Given::Statement,
            subject: Some(subject),
            partner: given.partner.clone(),
            organisation: partner.map(|known| known.card.organisation).unwrap_or_default(),
            persons: Vec::new(),
            part: String::new(),
            reason: String::new(),
            basis: String::new(),
            control_official: String::new(),
            submitting_organisation: self.us.to_owned(),
            sensitivity: None,
            confidence: None,
            status: Status::parse(&entry.status).unwrap_or_default(),
            entry: Some(given.held.index),
            answer: Answered::NotAsked,
        })
    }
}

fn of_case(
    (case, outgoing): &(Case, Outgoing),
    talk: &[Said],
    index: u64,
    base: &LedgerLine,
) -> Option<LedgerLine> {
    let decided = case.assessment.decision();
    let reason = decided.map(|one| one.decision.reason().to_owned()).unwrap_or_default();
    let basis = match decided {
        Some(one) => format!("decided to warn by {} at {}", one.by, one.at),
        None => "no decision is on record".to_owned(),
    };
    let releases = outgoing.releases();
    let last = releases.last();
    let line = LedgerLine {
        persons: persons(last, talk),
        reason,
        basis,
        sensitivity: last.map(|release| release.draft.tlp),
        ..base.clone()
    };
    if let Some((version, release)) =
        (1_u32..).zip(releases).find(|(_, one)| one.entry.index == index)
    {
        let Release { draft, approved_by, also_approved_by, .. } = release;
        let is_last = last.is_some_and(|last| last.entry.index == index);
        let is_owed = is_last && !matches!(outgoing, Outgoing::Recalled { .. });
        let grading = draft.request.as_ref().map(|request| request.grading);
        return Some(LedgerLine {
            what: if version == 1 { Given::Release } else { Given::Update },
            persons: persons(Some(release), talk),
            part: format!("version {version}, SHA-256 {}", draft.digest),
            control_official: also_approved_by
                .iter()
                .fold(approved_by.to_string(), |all, also| format!("{all}, {also}")),
            sensitivity: Some(draft.tlp),
            confidence: grading.and_then(|one| one.confidence.as_ref().map(Confidence::to_string)),
            answer: if version == 1 {
                Answered::NotAsked
            } else {
                answered(talk, version, is_owed)
            },
            ..line
        });
    }
    if let Outgoing::Recalled { recall, .. } = outgoing
        && recall.entry.index == index
    {
        let is_answer =
            |one: &Said| !one.ours && matches!(one.statement, Statement::RecallAnswer(_));
        let answered = talk.iter().any(is_answer);
        return Some(LedgerLine {
            what: Given::Recall,
            part: "the warning is taken back".to_owned(),
            reason: recall.reason.clone(),
            control_official: recall.by.to_string(),
            answer: if answered { Answered::Given } else { Answered::Missing },
            ..line
        });
    }
    let said = said_by_us(talk, index)?;
    Some(LedgerLine {
        what: Given::Answer,
        part: said.statement.kind().to_owned(),
        reason: "answered".to_owned(),
        basis: "a question of the recipient's".to_owned(),
        control_official: said.by.clone(),
        ..line
    })
}

/// Whether an update was answered, or declined. One that a later word took the place of owes nothing.
fn answered(talk: &[Said], version: u32, is_owed: bool) -> Answered {
    let answers = |one: &&Said| {
        let is_of_it = one.version.is_none_or(|of| of == version);
        let says = matches!(one.statement, Statement::UpdateAnswer(_) | Statement::Declined { .. });
        !one.ours && says && is_of_it
    };
    match talk.iter().find(answers) {
        Some(_) => Answered::Given,
        None if is_owed => Answered::Missing,
        None => Answered::NotAsked,
    }
}

/// Both what commits to our text and what publishes it.
fn of_readout(readout: &Readout, index: u64, base: LedgerLine) -> Option<LedgerLine> {
    let (draft, part) = match &readout.ours {
        Own::Committed { draft, entry, .. } | Own::Revealed { draft, entry, .. }
            if entry.index == index =>
        {
            (draft, "the digest of our readout")
        }
        Own::Revealed { draft, revealed, early, .. } if revealed.index == index => {
            (draft, if *early { "our readout, early" } else { "our readout" })
        }
        Own::Unwritten {} | Own::Written { .. } | Own::Committed { .. } | Own::Revealed { .. } => {
            return None;
        }
    };
    Some(LedgerLine {
        what: Given::Readout,
        part: part.to_owned(),
        reason: "for the public".to_owned(),
        basis: "two persons approved the text".to_owned(),
        control_official: draft.by.to_string(),
        ..base
    })
}

fn said_by_us(talk: &[Said], index: u64) -> Option<&Said> {
    talk.iter().find(|said| said.ours && said.entry.index == index)
}

/// Whom we have named at TLP:RED, and whom the recipient's node has, each once.
fn persons(release: Option<&Release>, talk: &[Said]) -> Vec<String> {
    let mut all = release.map(|one| one.draft.persons().to_vec()).unwrap_or_default();
    let has_read = |one: &&Said| {
        let says = matches!(
            one.statement,
            Statement::Opened {} | Statement::Accepted { .. } | Statement::Declined { .. }
        );
        !one.ours && says
    };
    for said in talk.iter().filter(has_read) {
        if !all.contains(&said.by) {
            all.push(said.by.clone());
        }
    }
    all
}
