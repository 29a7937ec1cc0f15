//! The player: injects of exercises come in, each at its time, into the exercise's own collection.
//!
//! A follower that remembers nothing: whether an inject was played is whether its intake is there. So
//! it can be killed anywhere, and nothing is played twice.

use crate::clock;
use crate::played::Playing;
use crate::state::State;
use crate::watch::Seen;
use forewarn_engine::{Failure, IntakeWork};
use forewarn_exchange::actor::{Actor, Part};
use forewarn_exchange::id::ExerciseNumber;
use forewarn_stix::Timestamp;
use forewarn_store::{Db, StoreError};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// The longest rest while an exercise runs.
const MAX_REST: Duration = Duration::from_secs(1);

/// What plays injects.
#[derive(Clone)]
pub(crate) struct Player {
    pub(crate) state: State,
}

/// The exercises that run, each read once.
type Running = BTreeMap<ExerciseNumber, Arc<Playing>>;

/// What there is to do now.
struct Look {
    running: Running,
    /// An inject that is due and was not played.
    due: Option<IntakeWork>,
    /// When the next one is, where none is due.
    next: Option<Timestamp>,
}

impl Player {
    /// Runs until the node stops.
    pub(crate) async fn run(self, seen: Seen) {
        let mut journal = self.state.engine().follow();
        let mut running = Running::new();
        loop {
            let index = *journal.borrow_and_update();
            match self.step(&mut running).await {
                // What runs is looked at by the clock, whatever else moves.
                Ok(Some(rest)) => {
                    seen.up_to(index);
                    tokio::time::sleep(rest).await;
                }
                Ok(None) => {
                    seen.up_to(index);
                    if journal.changed().await.is_err() {
                        return;
                    }
                }
                Err(Failure::Stopping) => return,
                Err(error) => {
                    tracing::warn!(%error, "the player rests a moment");
                    tokio::time::sleep(MAX_REST).await;
                }
            }
        }
    }

    /// Plays one inject that is due; how long until it looks again, or `None` when nothing more comes.
    async fn step(&self, running: &mut Running) -> Result<Option<Duration>, Failure> {
        let (now, known) = (clock::now(), running.clone());
        let look = self.state.read(move |db| Ok(look(&db, &known, &now)?)).await?;
        *running = look.running;
        if let Some(work) = look.due {
            tracing::info!(what = work.intake.name, "an inject is played");
            return match self.state.work(Actor::Node(Part::Player), work).await {
                // Ended in between.
                Ok(_) | Err(Failure::Refused(_)) => Ok(Some(Duration::ZERO)),
                Err(error) => Err(error),
            };
        }
        Ok(look.next.map(|next| {
            let until = next.micros().saturating_sub(clock::now().micros()).max(0);
            Duration::from_micros(u64::try_from(until).unwrap_or(0)).min(MAX_REST)
        }))
    }
}

fn look(db: &Db<'_>, known: &Running, now: &Timestamp) -> Result<Look, StoreError> {
    let mut running = Running::new();
    for number in db.exercises_running()? {
        if let Some(playing) = known.get(&number) {
            running.insert(number, playing.clone());
        } else if let (Some(exercise), Some(collection)) =
            (db.exercise(number)?, db.collection_of_exercise(number)?)
        {
            running.insert(number, Arc::new(Playing::new(exercise, collection)));
        }
    }
    let mut next = None::<Timestamp>;
    for playing in running.values() {
        for place in 1.. {
            let Some((at, _)) = playing.exercise.inject(place) else { break };
            if at > *now {
                next = Some(next.map_or(at.clone(), |next| next.min(at)));
                break;
            }
            if !db.has_intake(&playing.exercise.intake_id(place))? {
                let due = playing.work(place, now.clone());
                return Ok(Look { running, due, next: None });
            }
        }
    }
    Ok(Look { running, due: None, next })
}
