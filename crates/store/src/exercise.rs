//! Exercises, and what is of one.

use crate::{Db, StoreError};
use forewarn_exchange::case::Case;
use forewarn_exchange::exercise::{Exercise, InExercise, Speed};
use forewarn_exchange::id::{CaseNumber, CollectionNumber, ExerciseNumber};
use rusqlite::{OptionalExtension as _, Row};

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
    pub fn exercises_running(&self) -> Result<Vec<ExerciseNumber>, StoreError> {
        let sql = "SELECT number FROM exercise WHERE ended = 0 ORDER BY number";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| row.get(0).map(ExerciseNumber::new))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether a case is of an exercise that is over.
    pub fn exercise_is_over(&self, case: &Case) -> Result<bool, StoreError> {
        let Some(InExercise { number, .. }) = case.exercise else { return Ok(false) };
        let sql = "SELECT 1 FROM exercise WHERE number = ?1 AND ended = 1";
        Ok(self.connection.prepare_cached(sql)?.exists([number.get()])?)
    }

    /// The exercise that a case is of, where that is over.
    pub fn over_of_case(&self, case: CaseNumber) -> Result<Option<ExerciseNumber>, StoreError> {
        let sql = "SELECT e.number FROM duty d JOIN exercise e \
                   ON e.number = json_extract(d.state, '$.exercise.number') \
                   WHERE d.number = ?1 AND e.ended = 1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let found = statement.query_row([case.get()], |row| row.get(0)).optional()?;
        Ok(found.map(ExerciseNumber::new))
    }

    /// Whether this is the collection of an exercise.
    pub fn is_of_exercise(&self, collection: CollectionNumber) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM exercise WHERE collection = ?1";
        Ok(self.connection.prepare_cached(sql)?.exists([collection.get()])?)
    }

    /// Whether this is the collection of an exercise that is over.
    pub fn takes_no_more(&self, collection: CollectionNumber) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM exercise WHERE collection = ?1 AND ended = 1";
        Ok(self.connection.prepare_cached(sql)?.exists([collection.get()])?)
    }

    /// An exercise is this from now on; a new one gets its collection.
    pub fn set_exercise(&self, exercise: &Exercise) -> Result<(), StoreError> {
        let collection = self.number_of_inlet(&collection(exercise.number))?;
        let sql = "INSERT OR REPLACE INTO exercise (number, collection, ended, speed, state) \
                   VALUES (?1, ?2, ?3, ?4, ?5)";
        let InExercise { number, speed } = exercise.part();
        let state = crate::text(exercise)?;
        let row = (number.get(), collection.get(), exercise.is_over(), speed.times(), state);
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

    /// The exercise that brought the item at `seq`, and whether it is over.
    pub fn exercise_of(&self, seq: i64) -> Result<Option<(InExercise, bool)>, StoreError> {
        let sql = "SELECT e.number, e.speed, e.ended FROM item i \
                   JOIN exercise e ON e.collection = i.collection WHERE i.seq = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let read = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, u32>(1)?, row.get(2)?));
        let Some((number, speed, ended)) = statement.query_row([seq], read).optional()? else {
            return Ok(None);
        };
        let speed = Speed::try_from(speed).map_err(|why| StoreError::Damaged {
            what: format!("exercise {number}"),
            why: why.to_string(),
        })?;
        Ok(Some((InExercise { number: ExerciseNumber::new(number), speed }, ended)))
    }

    /// Its cases, by number.
    pub fn cases_of_exercise(&self, number: ExerciseNumber) -> Result<Vec<Case>, StoreError> {
        let sql = "SELECT state FROM duty WHERE json_extract(state, '$.exercise.number') = ?1 \
                   ORDER BY number";
        self.states(sql, [number.get()])
    }
}
