//! Which cases are of one threat.

use forewarn_exchange::case::{Assessment, Case, MAX_LINKED};
use forewarn_exchange::exercise::InExercise;
use forewarn_exchange::history::{Happened, Line};
use forewarn_exchange::id::CaseNumber;
use forewarn_exchange::scale::Status;
use forewarn_store::{Db, StoreError};
use std::collections::{BTreeMap, BTreeSet};

/// Cases after they were linked.
pub(crate) struct Linked {
    /// Those that are of another threat than before.
    pub(crate) changed: Vec<Case>,
    /// All of the threat, by number.
    pub(crate) all: Vec<CaseNumber>,
}

/// Cases as this command has made them, where they are not stored yet: newer than what is.
pub(crate) type Newer = BTreeMap<CaseNumber, Case>;

/// These cases, and all that are of the same threats as any of them, are of one threat: that of the
/// lowest number. A threat that would have too many cases stays as it is.
pub(crate) fn link(db: &Db<'_>, cases: Vec<Case>, newer: &Newer) -> Result<Linked, StoreError> {
    let threats: BTreeSet<CaseNumber> = cases.iter().map(Case::threat).collect();
    let mut all: BTreeMap<CaseNumber, Case> = BTreeMap::new();
    for threat in &threats {
        for case in db.cases_of_threat(*threat)? {
            all.insert(case.number, case);
        }
    }
    all.extend(cases.into_iter().map(|case| (case.number, case)));
    for (number, case) in newer {
        let is_of_them = case.threat.is_some_and(|threat| threats.contains(&threat));
        if is_of_them || all.contains_key(number) {
            all.insert(*number, case.clone());
        }
    }
    let threat = threats.first().copied();
    let numbers: Vec<CaseNumber> = all.keys().copied().collect();
    let (Some(threat), true) = (threat, all.len() <= MAX_LINKED) else {
        return Ok(Linked { changed: Vec::new(), all: numbers });
    };
    let others = all.into_values().filter(|case| case.threat != Some(threat));
    let changed = others.map(|case| case.of_threat(threat)).collect();
    Ok(Linked { changed, all: numbers })
}

/// The cases that name an item and are of one threat with what it meets: `newer` are newer than what
/// is stored. Cases of one partner alone are no threat to several.
pub(crate) fn naming(db: &Db<'_>, item: &str, newer: &Newer) -> Result<Linked, StoreError> {
    let stored = db.cases_naming(item, MAX_LINKED)?.into_iter();
    let cases: Vec<Case> = stored
        .map(|case| newer.get(&case.number).cloned().unwrap_or(case))
        .filter(|case| !matches!(case.assessment, Assessment::Merged { .. }))
        .collect();
    // What is meant, what is not, and each exercise are threats of their own.
    let mut parts: BTreeMap<(Status, Option<InExercise>), Vec<Case>> = BTreeMap::new();
    for case in cases {
        parts.entry(case.partition()).or_default().push(case);
    }
    let mut all = Linked { changed: Vec::new(), all: Vec::new() };
    for part in parts.into_values() {
        let partners: BTreeSet<_> = part.iter().map(|case| &case.partner).collect();
        let is_one = part.iter().all(|case| case.threat.is_some())
            && part.iter().map(Case::threat).collect::<BTreeSet<_>>().len() < 2;
        if partners.len() > 1 && !is_one {
            let Linked { changed, all: numbers } = link(db, part, newer)?;
            all.changed.extend(changed);
            all.all.extend(numbers);
        }
    }
    Ok(all)
}

/// What the history of each case says of it.
pub(crate) fn told(all: &[CaseNumber]) -> Vec<Line> {
    let linked = Happened::Linked { cases: all.to_vec() };
    all.iter().map(|number| Line::new(*number, linked.clone())).collect()
}
