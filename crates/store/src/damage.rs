//! A log read whole: every row, hash, receipt and index of it held against the others.

use crate::log::{LogRow, key};
use crate::seal::Seal;
use crate::{Db, StoreError};
use forewarn_transcript::{Hash, tree};

impl Db<'_> {
    /// Reads a log whole and checks every hash against the entries: the first damage, if any.
    pub fn check_log(&self, log: &LogRow) -> Result<(), StoreError> {
        let mut memory = tree::MemoryTree::default();
        // By subject, as the rows have it: the index over subjects must say the same.
        let mut filed = Filed::default();
        while memory.size() < log.size {
            for (held, hashes) in self.entry_rows(log, memory.size(), 1_000, 8 << 20)? {
                let leaf = Hash::leaf(held.carried.leaf.as_bytes());
                let done = tree::completed(held.index, leaf, &|level, at| memory.get(level, at));
                let good: Vec<u8> = done.unwrap_or_default().iter().flat_map(|h| h.0).collect();
                if hashes != good {
                    let what = format!("entry {} of {}", held.index, log.name);
                    let why = "an inner hash kept with it was changed";
                    return Err(StoreError::damaged(what, why));
                }
                if let Some(subject) = &held.subject {
                    filed.add(key(log.number, held.index), &subject.to_string());
                }
                memory.push(leaf);
            }
        }
        self.check_receipts(log)?;
        self.check_filed(log, &filed)
    }

    fn check_receipts(&self, log: &LogRow) -> Result<(), StoreError> {
        let mut found = 0;
        let mut next = self.find_receipt(log, "size >= ?2 ORDER BY size LIMIT 1", 0)?;
        while let Some((size, _)) = next {
            found += 1;
            next = self.first_receipt(log, size)?;
        }
        if found == log.receipts {
            return Ok(());
        }
        let why = format!("{found} receipts are there, {} were stored", log.receipts);
        Err(StoreError::damaged(log.name.clone(), why))
    }

    fn check_filed(&self, log: &LogRow, wanted: &Filed) -> Result<(), StoreError> {
        let sql = "SELECT key, subject FROM entry INDEXED BY entry_subject \
                   WHERE subject IS NOT NULL AND key >= ?1 AND key < ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((key(log.number, 0), key(log.number, log.size)))?;
        let mut filed = Filed::default();
        while let Some(row) = rows.next()? {
            filed.add(row.get(0)?, &row.get::<_, String>(1)?);
        }
        if filed == *wanted {
            return Ok(());
        }
        let why = "the index over cases and warnings is not as its entries are";
        Err(StoreError::damaged(log.name.clone(), why))
    }
}

/// A set of entries and their subjects, as the sum of their digests: the same in any order.
#[derive(Default, PartialEq, Eq)]
struct Filed(u128);

impl Filed {
    fn add(&mut self, key: i64, subject: &str) {
        let digest = Seal::default().number(key).text(subject).done();
        self.0 = self.0.wrapping_add(u128::from_be_bytes(digest));
    }
}
