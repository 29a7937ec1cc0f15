//! TAXII collections: a number in the tables for each id of the configuration.
//!
//! Those that take things in count up from 1; what is in them is matched. Outlets count down from
//! -1: what is in them was released.

use crate::{Db, StoreError};
use forewarn_exchange::id::CollectionNumber;
use rusqlite::OptionalExtension as _;

impl Db<'_> {
    /// The number of a collection that takes things in; a new one gets the next.
    pub fn number_of_inlet(&self, id: &str) -> Result<CollectionNumber, StoreError> {
        self.number_of(id, "SELECT max(coalesce(max(number), 0), 0) + 1 FROM collection")
    }

    /// The number of an outlet; a new one gets the next.
    pub fn number_of_outlet(&self, id: &str) -> Result<CollectionNumber, StoreError> {
        self.number_of(id, "SELECT min(coalesce(min(number), 0), 0) - 1 FROM collection")
    }

    /// The number that a collection has, when it has one.
    pub fn collection_number(&self, id: &str) -> Result<Option<CollectionNumber>, StoreError> {
        let sql = "SELECT number FROM collection WHERE id = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row([id], |row| row.get(0).map(CollectionNumber::new)).optional()?)
    }

    /// Each collection that there ever was: its number and its id.
    pub fn collections(&self) -> Result<Vec<(CollectionNumber, String)>, StoreError> {
        let mut statement = self.connection.prepare_cached("SELECT number, id FROM collection")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.map(|row| row.map(|(number, id)| (CollectionNumber::new(number), id)))
            .map(|row| Ok(row?))
            .collect()
    }

    fn number_of(&self, id: &str, next: &'static str) -> Result<CollectionNumber, StoreError> {
        if let Some(number) = self.collection_number(id)? {
            return Ok(number);
        }
        let number = self.number(next)?;
        let sql = "INSERT INTO collection (number, id) VALUES (?1, ?2)";
        self.connection.prepare_cached(sql)?.execute((number, id))?;
        Ok(CollectionNumber::new(number))
    }

    /// How far a partner's accounts have fetched an outlet: the newest item that went out.
    pub fn fetched(&self, outlet: CollectionNumber) -> Result<i64, StoreError> {
        self.cursor(&fetched(outlet))
    }

    /// It never goes back.
    pub fn set_fetched(&self, outlet: CollectionNumber, to: i64) -> Result<(), StoreError> {
        self.set_cursor(&fetched(outlet), to.max(self.fetched(outlet)?))
    }
}

fn fetched(outlet: CollectionNumber) -> String {
    format!("fetched from {outlet}")
}
