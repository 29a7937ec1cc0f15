//! What says something of warnings at TLP:RED, for one of the persons that they name: nobody gets it
//! before it is on record that it is shown.

use crate::state::State;
use forewarn_engine::{Failure, ShownWork};
use forewarn_exchange::actor::Actor;
use forewarn_exchange::id::{Subject, WarningNumber};
use forewarn_exchange::message::Content;
use forewarn_exchange::talk::Said;
use forewarn_exchange::warning::{Warning, When};
use forewarn_exchange::{Code, Refusal};
use forewarn_store::log::{Held, LogRow};
use forewarn_store::seen::is_version;
use forewarn_store::sight::Sight;
use forewarn_store::{Db, StoreError};
use forewarn_transcript::Entry;
use std::collections::BTreeSet;

/// What is shown, and which versions at TLP:RED are in it. Only [`Shown::on_record`] gives it out, so
/// no way on which it leaves can forget the record.
#[must_use]
#[derive(Debug)]
pub struct Shown<T> {
    value: T,
    red: Red,
}

/// Versions of warnings that are for named persons.
pub type Red = BTreeSet<(WarningNumber, u32)>;

impl<T> Shown<T> {
    pub(crate) fn new(value: T, red: Red) -> Shown<T> {
        Shown { value, red }
    }

    /// What is made from something about a case or warning, whole.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn about(db: &Db<'_>, subject: Subject, value: T) -> Result<Shown<T>, Failure> {
        let Subject::Warning(number) = subject else { return Ok(Shown::new(value, Red::new())) };
        let red = db.red_versions(number)?.into_iter().map(|(version, _)| (number, version));
        Ok(Shown::new(value, red.collect()))
    }

    /// Something made from it.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Shown<U> {
        Shown { value: make(self.value), red: self.red }
    }

    /// Puts on record that it is shown to whoever reads it, and gives it out.
    ///
    /// # Errors
    /// The record cannot be written.
    pub async fn on_record(self, state: &State, reader: &Actor) -> Result<T, Failure> {
        for (warning, version) in self.red {
            state.work(reader.clone(), ShownWork { warning, version }).await?;
        }
        Ok(self.value)
    }
}

/// Of which version at TLP:RED an entry says something: the version that it is, or else the newest.
pub(crate) fn red_of(
    db: &Db<'_>,
    log: &LogRow,
    held: &Held,
) -> Result<Option<(WarningNumber, u32)>, StoreError> {
    let Some(Subject::Warning(number)) = held.subject else { return Ok(None) };
    let red = db.red_versions(number)?;
    let Some((newest, _)) = red.last() else { return Ok(None) };
    let entry = Entry::parse(held.carried.leaf.as_bytes());
    if !entry.is_ok_and(|entry| is_version(&entry)) {
        return Ok(Some((number, *newest)));
    }
    // Versions are counted as their entries came.
    let mut version = 0;
    for (name, index) in db.entries_of(number.into())? {
        if name != log.name || index > held.index {
            continue;
        }
        let entry = db.entry(log, index)?;
        let entry = entry.and_then(|one| Entry::parse(one.carried.leaf.as_bytes()).ok());
        version += u32::from(entry.is_some_and(|entry| is_version(&entry)));
    }
    Ok(red.iter().any(|(one, _)| *one == version).then_some((number, version)))
}

/// A warning with what its newest version says, as far as somebody may read it.
#[derive(Debug)]
pub struct Contents {
    /// The warning.
    pub warning: Warning,
    /// The newest version.
    pub content: Content,
    /// The one before it.
    pub before: Option<Content>,
    /// What was said of it.
    pub talk: Vec<Said>,
    /// Whether an earlier version, or words about one, are for others by name.
    pub kept_back: bool,
}

/// A warning for whoever this sight is. One read decides whether it may be seen, and sees it.
///
/// # Errors
/// There is no such warning, or it is for others by name.
pub fn warning(
    db: &Db<'_>,
    number: WarningNumber,
    sight: &Sight,
) -> Result<Shown<Contents>, Failure> {
    let unknown = || Refusal::unknown("warning", number);
    let warning = db.warning(number)?.ok_or_else(unknown)?;
    let newest = warning.version;
    if !db.opens_version(&warning, newest, sight)? {
        return Err(warning.for_others().into());
    }
    let gone = || Refusal::new(Code::Damaged, format!("warning {number} has lost its content"));
    let content = db.content_at(number, newest)?.ok_or_else(gone)?;
    let earlier = newest.checked_sub(1).filter(|version| *version > 0);
    let opens = match earlier {
        Some(version) => db.opens_version(&warning, version, sight)?,
        None => true,
    };
    let before = match earlier.filter(|_| opens) {
        Some(version) => db.content_at(number, version)?,
        None => None,
    };
    let mut kept_back = !opens;
    let mut talk = Vec::new();
    for said in db.talk(number.into())? {
        let when = When { ours: said.ours, at: &said.at, index: said.entry.index };
        if db.opens_words(&warning, when, sight)? {
            talk.push(said);
        } else {
            kept_back = true;
        }
    }
    let shown = [Some(newest), earlier.filter(|_| opens)];
    let is_red = |version: &u32| shown.contains(&Some(*version));
    let red = db.red_versions(number)?.into_iter().map(|(version, _)| version).filter(is_red);
    let red = red.map(|version| (number, version)).collect();
    Ok(Shown::new(Contents { warning, content, before, talk, kept_back }, red))
}
