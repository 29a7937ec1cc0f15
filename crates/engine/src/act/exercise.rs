//! Exercises: begun, and ended.

use super::{Decision, Desk};
use crate::failure::Undone;
use forewarn_exchange::act::ExerciseAct;
use forewarn_exchange::answer::Answer;
use forewarn_exchange::case::{Case, CaseItem};
use forewarn_exchange::event::Event;
use forewarn_exchange::exercise::{Exercise, InExercise, MAX_RUNNING, Scenario};
use forewarn_exchange::id::{CaseNumber, ExerciseNumber};
use forewarn_exchange::{Code, Refusal};
use forewarn_store::{Db, StoreError};

impl Desk<'_> {
    pub(super) fn exercise(&mut self, act: &ExerciseAct) -> Decision {
        match act {
            ExerciseAct::Begin { scenario } => self.begin(scenario),
            ExerciseAct::End { exercise, reason } => self.end(*exercise, reason),
        }
    }

    fn begin(&mut self, scenario: &Scenario) -> Decision {
        let expected = scenario.injects.iter().flat_map(|inject| &inject.expect);
        for partner in expected {
            self.partner(partner)?.channel(&self.us.party())?;
        }
        if self.db.exercises_running()?.len() >= MAX_RUNNING {
            let message = format!("{MAX_RUNNING} exercises run already");
            return Err(Refusal::new(Code::TooMany, message).advice("end one first").into());
        }
        let (number, by) = (self.db.next_exercise()?, self.by()?);
        let exercise = Exercise::begin(number, scenario.clone(), (&by, &self.command.time))?;
        Ok(set(exercise, Vec::new()))
    }

    /// Its cases need nobody any more; what was said and decided stays.
    fn end(&mut self, number: ExerciseNumber, reason: &str) -> Decision {
        let known = self.db.exercise(number)?;
        let known = known.ok_or_else(|| Refusal::unknown("exercise", number))?;
        let by = self.by()?;
        let exercise = known.end(reason, (&by, &self.command.time))?;
        let cases = self.db.cases_of_exercise(number)?.into_iter().map(Case::exercise_is_over);
        Ok(set(exercise, cases.map(|case| Event::CaseSet { case }).collect()))
    }

    /// The exercise that items are of which a case names: all of one, or none of any.
    ///
    /// # Errors
    /// They are of several, or of one and of what is meant; or it is over.
    pub(super) fn exercise_of_items(
        &self,
        items: &[CaseItem],
    ) -> Result<Option<InExercise>, Undone> {
        let mut found: Option<Option<InExercise>> = None;
        for item in items {
            let of = self.exercise_of_item(item)?;
            if found.is_some_and(|found| found != of) {
                return Err(apart().into());
            }
            found = Some(of);
        }
        Ok(found.flatten())
    }

    /// The exercise that an item is of.
    pub(super) fn exercise_of_item(&self, item: &CaseItem) -> Result<Option<InExercise>, Undone> {
        let Some(stored) = self.db.item(&item.id)? else { return Ok(None) };
        match self.db.exercise_of(stored.seq)? {
            None => Ok(None),
            Some((exercise, false)) => Ok(Some(exercise)),
            Some((InExercise { number, .. }, true)) => Err(is_over(number).into()),
        }
    }

    /// Nothing goes on of an exercise that is over.
    pub(super) fn must_run(&self, cases: &[CaseNumber]) -> Result<(), Undone> {
        for number in cases {
            if let Some(refusal) = exercise_is_over(self.db, *number)? {
                return Err(refusal.into());
            }
        }
        Ok(())
    }
}

/// Why a case goes no further, where its exercise is over.
pub fn exercise_is_over(db: &Db<'_>, case: CaseNumber) -> Result<Option<Refusal>, StoreError> {
    Ok(db.over_of_case(case)?.map(is_over))
}

fn is_over(exercise: ExerciseNumber) -> Refusal {
    Refusal::new(Code::Stage, format!("exercise {exercise} is over"))
        .advice("what partners were sent may still be recalled, and their questions answered")
}

/// What is played is never beside what is meant.
pub(super) fn apart() -> Refusal {
    let message = "what is of an exercise is in no case with what is not of it";
    Refusal::new(Code::Stage, message).advice("open a case of its own")
}

fn set(exercise: Exercise, mut cases: Vec<Event>) -> (Vec<Event>, Answer) {
    let answer = Answer::Exercise { exercise: exercise.number };
    cases.push(Event::ExerciseSet { exercise: Box::new(exercise) });
    (cases, answer)
}
