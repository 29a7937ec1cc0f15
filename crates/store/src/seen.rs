//! Items and cases as far as a reader may see them.

use crate::ids;
use crate::item::Stored;
use crate::log::{Held, LogRow};
use crate::sight::Sight;
use crate::{Db, StoreError};
use forewarn_exchange::id::{CaseNumber, Subject};
use forewarn_exchange::named::Address;
use forewarn_exchange::warning::{Warning, When};
use forewarn_transcript::{Entry, Hash, Reference, succession};
use std::borrow::Cow;

/// Entries that answer one another, of which none was understood: more make no sense.
const MAX_CHAIN: usize = 100;

/// Kinds of entries that belong to no case or warning. What answers one of them is seen with it.
const OF_THE_CHANNEL: &[&str] = &[
    "interest",
    "interest-removed",
    "agreement-proposed",
    succession::CHANGE,
    succession::CONFIRMED,
];

/// Whether an entry is a version of a warning.
pub fn is_version(entry: &Entry) -> bool {
    matches!(entry.kind.as_str(), "warning" | "update")
}

impl Db<'_> {
    /// The newest version of an item, with its source, as far as it may be seen.
    pub fn item_seen(&self, id: &str, sight: &Sight) -> Result<Option<Stored>, StoreError> {
        self.item_in(id, |collection| !sight.hides(collection))
    }

    /// Whether a case may be seen: none of its items came in by hidden collections alone.
    pub fn sees_case(&self, case: CaseNumber, sight: &Sight) -> Result<bool, StoreError> {
        if sight.is_whole() {
            return Ok(true);
        }
        for item in self.case_items(case)? {
            if self.hides_item(&item.id, sight)? {
                return Ok(false);
            }
        }
        let sql = "SELECT 1 FROM match m JOIN item i ON i.seq = m.item \
                   WHERE m.case_nr = ?1 AND i.collection IN (SELECT value FROM json_each(?2))";
        Ok(!self.connection.prepare_cached(sql)?.exists((case.get(), sight.hidden()))?)
    }

    /// Whether it may be known that a case or warning is there. Warnings came from partners, not by
    /// collections: that one is there is known to everybody, and whose it is.
    pub fn sees(&self, subject: Subject, sight: &Sight) -> Result<bool, StoreError> {
        match subject {
            Subject::Case(case) => self.sees_case(case, sight),
            Subject::Warning(_) => Ok(true),
        }
    }

    /// Whether all that a case or warning says may be seen: each version of a warning at TLP:RED
    /// only by whom that names.
    pub fn opens(&self, subject: Subject, sight: &Sight) -> Result<bool, StoreError> {
        match subject {
            Subject::Case(case) => self.sees_case(case, sight),
            Subject::Warning(number) => match self.warning(number)? {
                Some(warning) => self.opens_all(&warning, sight),
                None => Ok(true),
            },
        }
    }

    fn opens_all(&self, warning: &Warning, sight: &Sight) -> Result<bool, StoreError> {
        let red = self.red_versions(warning.number)?;
        Ok(red.iter().all(|(_, address)| sight.opens_version(Some(warning), address)))
    }

    /// Whether a version of a warning may be seen, counted from 1: by its own marking and persons.
    pub fn opens_version(
        &self,
        warning: &Warning,
        version: u32,
        sight: &Sight,
    ) -> Result<bool, StoreError> {
        let red = self.red_versions(warning.number)?;
        let red = red.iter().find(|(number, _)| *number == version);
        Ok(red.is_none_or(|(_, address)| sight.opens_version(Some(warning), address)))
    }

    /// Whether something that was said of a warning may be seen. What was said while it was for
    /// named persons stays with those for whom all of it is.
    pub fn opens_words(
        &self,
        warning: &Warning,
        when: When<'_>,
        sight: &Sight,
    ) -> Result<bool, StoreError> {
        let after = warning.is_after_lowering(when) && sight.opens_newest(warning);
        if after { Ok(true) } else { self.opens_all(warning, sight) }
    }

    /// Whether what an entry says may be seen. One that was not understood belongs to no case or
    /// warning: what it says of itself decides then, or the entry that it answers.
    pub fn opens_entry(
        &self,
        log: &LogRow,
        held: &Held,
        sight: &Sight,
    ) -> Result<bool, StoreError> {
        let (mut log, mut held) = (Cow::Borrowed(log), Cow::Borrowed(held));
        let closed = sight.opens_version(None, &Address { tlp: None, persons: Vec::new() });
        for _ in 0..MAX_CHAIN {
            let entry = Entry::parse(held.carried.leaf.as_bytes());
            match (held.subject, entry) {
                (Some(Subject::Case(case)), _) => return self.sees_case(case, sight),
                (Some(Subject::Warning(number)), Ok(entry)) => {
                    let Some(warning) = self.warning(number)? else { return Ok(closed) };
                    if is_version(&entry) {
                        let address = Address::read(&held.carried.disclosures);
                        return Ok(sight.opens_version(Some(&warning), &address));
                    }
                    let (ours, index) = (log.ours, held.index);
                    let when = When { ours, at: &entry.time, index };
                    return self.opens_words(&warning, when, sight);
                }
                // The genesis says nothing that is not on both sides' cards.
                (None, _) if held.index == 0 => return Ok(true),
                (Some(Subject::Warning(_)) | None, Err(_)) => return Ok(closed),
                (None, Ok(entry)) => match entry.answers {
                    Some(to) if !is_version(&entry) => match self.answered(&log, &to)? {
                        Some((of, found)) => (log, held) = (Cow::Owned(of), Cow::Owned(found)),
                        None => return Ok(closed),
                    },
                    _ if OF_THE_CHANNEL.contains(&entry.kind.as_str()) => return Ok(true),
                    _ => {
                        let address = Address::read(&held.carried.disclosures);
                        return Ok(sight.opens_version(None, &address));
                    }
                },
            }
        }
        Ok(closed)
    }

    /// The entry of the same channel at a place, if that is the one which is meant.
    fn answered(&self, of: &LogRow, to: &Reference) -> Result<Option<(LogRow, Held)>, StoreError> {
        let Some(log) = self.log(&to.log)?.filter(|log| log.partner == of.partner) else {
            return Ok(None);
        };
        let held = self.entry(&log, to.index)?;
        let held = held.filter(|held| Hash::leaf(held.carried.leaf.as_bytes()) == to.hash);
        Ok(held.map(|held| (log, held)))
    }

    /// Whether a version of an item may be seen, by the collection that it is in.
    pub fn sees_version(&self, seq: i64, sight: &Sight) -> Result<bool, StoreError> {
        let sql = "SELECT collection FROM item WHERE seq = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let collection: i64 = statement.query_row([seq], |row| row.get(0))?;
        Ok(!sight.hides(collection))
    }

    /// Whether an item came in by hidden collections, and by no other, deleted since or not.
    pub fn hides_item(&self, id: &str, sight: &Sight) -> Result<bool, StoreError> {
        if sight.is_whole() {
            return Ok(false);
        }
        let sql = "SELECT 1 FROM item INDEXED BY item_versions \
                   WHERE collection = ?1 AND id = ?2 AND shown IS NOT 3";
        let mut others = self.connection.prepare_cached(sql)?;
        let mut is_hidden = false;
        for collection in self.places()? {
            let sole = !self.items_of_key(ids::key(collection, id))?.is_empty();
            if sole || others.exists((collection, id))? {
                if !sight.hides(collection) {
                    return Ok(false);
                }
                is_hidden = true;
            }
        }
        Ok(is_hidden)
    }
}
