//! `forewarn exercise`: a scenario is played, and what was done about it is reported.

mod scenario;

use crate::context::Context;
use crate::failure::Failed;
use crate::output;
use crate::paging::Paging;
use clap::Subcommand;
use forewarn_exchange::act::ExerciseAct;
use forewarn_exchange::id::ExerciseNumber;
use forewarn_view::answer::ExerciseSet;
use forewarn_view::exercise::{AfterAction, ExerciseLine, pace};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Exercise {
    /// Look at a scenario: what is played when; needs no node
    Check {
        /// The scenario, TOML: `name`, `speed`, and `[[inject]]` tables with `at`, and `text` or `file`
        file: PathBuf,
    },
    /// Begin: the node plays each inject at its time
    Begin {
        /// The scenario
        file: PathBuf,
    },
    /// List them
    List {
        #[command(flatten)]
        paging: Paging,
    },
    /// The after-action report of one: what came, what was done about it, beside the deadlines
    Show {
        /// The exercise
        number: ExerciseNumber,
    },
    /// End one: nothing more is played, and its cases need nobody any more
    End {
        /// The exercise
        number: ExerciseNumber,
        /// Why, or how it went
        #[arg(long)]
        reason: String,
    },
}

/// What needs no node.
pub(crate) fn check(file: &std::path::Path, json: bool) -> Result<(), Failed> {
    let scenario = scenario::read(file)?;
    let words = scenario::words(&scenario);
    output::answer(json, &scenario, words)
}

pub(crate) async fn run(exercise: Exercise, context: &Context) -> Result<(), Failed> {
    match exercise {
        Exercise::Check { file } => check(&file, context.json),
        Exercise::Begin { file } => {
            let scenario = Box::new(scenario::read(&file)?);
            let (count, speed) = (scenario.injects.len(), scenario.speed);
            let answer: ExerciseSet = context.client.act(ExerciseAct::Begin { scenario }).await?;
            let number = answer.exercise;
            let words = format!(
                "exercise {number} has begun: {count} injects; {}\n\
                 its cases, and what is sent of them, say EXERCISE\n\
                 see how it goes: forewarn exercise show {number}\n\
                 end it: forewarn exercise end {number} --reason …",
                pace(speed)
            );
            output::answer(context.json, &answer, words)
        }
        Exercise::List { paging } => {
            let path = ("/api/v1/exercises", "");
            paging.list::<ExerciseLine>(context, path, "there was no exercise").await
        }
        Exercise::Show { number } => {
            let path = format!("/api/v1/exercises/{number}");
            let report: AfterAction = context.client.get(&path).await?;
            output::answer(context.json, &report, report.words())
        }
        Exercise::End { number, reason } => {
            let act = ExerciseAct::End { exercise: number, reason };
            let answer: ExerciseSet = context.client.act(act).await?;
            let words = format!(
                "exercise {number} is over: nothing more is played, and its cases need nobody any more\n\
                 what partners were sent stays with them, as an exercise; recall what they are still to be \
                 told of\nthe report: forewarn exercise show {number}"
            );
            output::answer(context.json, &answer, words)
        }
    }
}
