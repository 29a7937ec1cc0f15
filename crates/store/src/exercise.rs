//! Exercises, and what is of one.

use crate::{Db, StoreError};
use forewarn_exchange::case::Case;
use forewarn_exchange::exercise::Exercise;
use forewarn_exchange::id::{CollectionNumber, ExerciseNumber};
use rusqlite::OptionalExtension as _;

/// The id of the collection that an exercise's items are in: none of the configuration's is like it.
fn collection(number: ExerciseNumber) -> String {
    format!("exercise-{number}")
}

impl Db<'_> {
    /// The number that the next exercise gets.
    pub fn next_exercise(&self) -> Result<ExerciseNumber, StoreError> {
        let sql = "SELECT coalesce(max(number), 0) + 1 FROM exercise";
        self.number(sql).map(ExerciseNumber::new)
    }

    /// One exercise.
    pub fn exercise(&self, number: ExerciseNumber) -> Result<Option<Exercise>, StoreError> {
        self.state("SELECT state FROM exercise WHERE number = ?1", number.get())
    }

    /// Exercises after a number, oldest first, at most `count`.
    pub fn exercises_after(&self, after: i64, count: i64) -> Result<Vec<Exercise>, StoreError> {
        let sql = "SELECT state FROM exercise WHERE number > ?1 ORDER BY number LIMIT ?2";
        self.states(sql, [after, count])
    }

    /// Those that are not over.
    pub fn exercises_running(&self) -> Result<Vec<Exercise>, StoreError> {
        self.states("SELECT state FROM exercise WHERE ended = 0 ORDER BY number", [])
    }

    /// An exercise is this from now on; a new one gets its collection.
    pub fn set_exercise(&self, exercise: &Exercise) -> Result<(), StoreError> {
        let collection = self.number_of_inlet(&collection(exercise.number))?;
        let sql = "INSERT OR REPLACE INTO exercise (number, collection, ended, state) \
                   VALUES (?1, ?2, ?3, ?4)";
        let state = crate::text(exercise)?;
        let row = (exercise.number.get(), collection.get(), exercise.is_over(), state);
        self.connection.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }

    /// The collection that its items are in.
    pub fn collection_of_exercise(
        &self,
        number: ExerciseNumber,
    ) -> Result<Option<CollectionNumber>, StoreError> {
        self.collection_number(&collection(number))
    }

    /// The exercise that brought the item at `seq`.
    pub fn exercise_of(&self, seq: i64) -> Result<Option<Exercise>, StoreError> {
        let sql = "SELECT e.state FROM item i JOIN exercise e ON e.collection = i.collection \
                   WHERE i.seq = ?1";
        self.state(sql, seq)
    }

    /// The number of the exercise that brought the item at `seq`.
    pub fn exercise_number_of(&self, seq: i64) -> Result<Option<ExerciseNumber>, StoreError> {
        let sql = "SELECT e.number FROM item i JOIN exercise e ON e.collection = i.collection \
                   WHERE i.seq = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row([seq], |row| row.get(0)).optional()?.map(ExerciseNumber::new))
    }

    /// Its cases, by number.
    pub fn cases_of_exercise(&self, number: ExerciseNumber) -> Result<Vec<Case>, StoreError> {
        let sql = "SELECT state FROM duty WHERE json_extract(state, '$.exercise.number') = ?1 \
                   ORDER BY number";
        self.states(sql, [number.get()])
    }

    /// Whether a collection is an exercise's.
    pub fn is_of_exercise(&self, collection: CollectionNumber) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM exercise WHERE collection = ?1";
        Ok(self.connection.prepare_cached(sql)?.exists([collection.get()])?)
    }

    /// Whether an object of this id came in by another collection than this one.
    pub fn is_elsewhere(&self, id: &str, than: CollectionNumber) -> Result<bool, StoreError> {
        Ok(self.item_in(id, |one| one != than.get())?.is_some())
    }
}
