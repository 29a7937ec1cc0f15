//! Items and cases as far as a reader may see them.

use crate::ids;
use crate::item::Stored;
use crate::sight::Sight;
use crate::{Db, StoreError};
use forewarn_exchange::id::{CaseNumber, Subject};
use forewarn_exchange::warning::Warning;

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

    /// Whether a case or warning may be seen. Warnings came from partners, not by collections.
    pub fn sees(&self, subject: Subject, sight: &Sight) -> Result<bool, StoreError> {
        match subject {
            Subject::Case(case) => self.sees_case(case, sight),
            Subject::Warning(_) => Ok(true),
        }
    }

    /// Whether what a case or warning says may be seen: of a warning at TLP:RED, only by whom it
    /// names.
    pub fn opens(&self, subject: Subject, sight: &Sight) -> Result<bool, StoreError> {
        match subject {
            Subject::Case(case) => self.sees_case(case, sight),
            Subject::Warning(number) => {
                Ok(self.warning(number)?.is_none_or(|warning| sight.opens(&warning)))
            }
        }
    }

    /// Whether every warning of a partner may be read.
    pub fn opens_all_of(&self, partner: &str, sight: &Sight) -> Result<bool, StoreError> {
        let sql = "SELECT state FROM warning WHERE partner = ?1 \
                   AND json_extract(state, '$.summary.tlp') = 'red'";
        let red: Vec<Warning> = self.states(sql, [partner])?;
        Ok(red.iter().all(|warning| sight.opens(warning)))
    }

    /// Whether an item came in by hidden collections, and by no other, deleted since or not.
    fn hides_item(&self, id: &str, sight: &Sight) -> Result<bool, StoreError> {
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
