//! The player: injects of exercises come in, each at its time, into the exercise's own collection.
//!
//! A follower that remembers nothing: whether an inject was played is whether its intake is there. So
//! it can be killed anywhere, and nothing is played twice.

use crate::clock;
use crate::intake::{Destination, Sorted, sort_played_text, sort_stix};
use crate::state::State;
use crate::watch::Seen;
use forewarn_engine::{Failure, IntakeWork};
use forewarn_exchange::actor::{Actor, Part};
use forewarn_exchange::exercise::{Content, Exercise, Inject};
use forewarn_exchange::id::CollectionNumber;
use forewarn_stix::Timestamp;
use forewarn_store::intake::{NewIntake, Refused};
use forewarn_store::reason::Reason;
use forewarn_store::{Db, StoreError};
use std::time::Duration;

/// The longest rest while an exercise runs.
const MAX_REST: Duration = Duration::from_secs(1);
/// Most injects that are played before it looks again.
const MAX_AT_ONCE: usize = 50;

/// What plays injects.
#[derive(Clone)]
pub(crate) struct Player {
    pub(crate) state: State,
}

/// An inject that is due, and where its items go.
struct Due {
    exercise: Exercise,
    place: u32,
    collection: CollectionNumber,
}

impl Player {
    /// Runs until the node stops.
    pub(crate) async fn run(self, seen: Seen) {
        let mut journal = self.state.engine().follow();
        loop {
            let index = *journal.borrow_and_update();
            match self.step().await {
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

    /// Plays what is due; how long until it looks again, or `None` when no exercise runs.
    async fn step(&self) -> Result<Option<Duration>, Failure> {
        let now = clock::now();
        let (due, next) = self.state.read(move |db| Ok(due(&db, &now)?)).await?;
        let played = !due.is_empty();
        for one in due {
            let number = one.exercise.number;
            tracing::info!(exercise = %number, inject = one.place, "an inject is played");
            if let Some(work) = one.work() {
                self.state.work(Actor::Node(Part::Player), work).await?;
            }
        }
        let rest = next.map(|next| {
            let until = next.micros().saturating_sub(clock::now().micros()).max(0);
            Duration::from_micros(u64::try_from(until).unwrap_or(0)).min(MAX_REST)
        });
        Ok(if played { Some(Duration::ZERO) } else { rest })
    }
}

/// What is due and was not played, and when the next inject of any exercise that runs is.
fn due(db: &Db<'_>, now: &Timestamp) -> Result<(Vec<Due>, Option<Timestamp>), StoreError> {
    let (mut all, mut next) = (Vec::new(), None::<Timestamp>);
    for exercise in db.exercises_running()? {
        let Some(collection) = db.collection_of_exercise(exercise.number)? else { continue };
        for place in 1.. {
            let Some((at, _)) = exercise.inject(place) else { break };
            if at > *now {
                next = Some(next.map_or(at.clone(), |next| next.min(at)));
                break;
            }
            if all.len() < MAX_AT_ONCE && !db.has_intake(&exercise.intake_id(place))? {
                all.push(Due { exercise: exercise.clone(), place, collection });
            }
        }
    }
    Ok((all, next))
}

impl Due {
    /// What is taken in. What cannot be is kept with the reason, like whatever else is refused.
    fn work(&self) -> Option<IntakeWork> {
        let (_, inject) = self.exercise.inject(self.place)?;
        let bytes = inject.content.text().as_bytes().to_vec();
        let sorted = match &inject.content {
            Content::Text(_) => {
                sort_played_text(bytes.clone(), (self.exercise.number, self.collection))
            }
            Content::Stix(_) => sort_stix(&bytes[..], self.destination()),
        };
        let Sorted { items, mut refused, .. } = sorted.unwrap_or_else(|why| {
            let (path, rule) = ("$".to_owned(), "inject".to_owned());
            let reasons = vec![Reason { path, rule, message: why.to_string() }];
            let one = Refused { position: 0, id: None, version: None, reasons, bytes };
            Sorted { refused: vec![one], ..Sorted::default() }
        });
        refused.sort_by_key(|one| one.position);
        Some(IntakeWork { intake: self.intake(inject), items, refused })
    }

    fn destination(&self) -> Destination<'static> {
        Destination { collection: self.collection, accepts: &[], strict: false }
    }

    fn intake(&self, inject: &Inject) -> NewIntake {
        let Exercise { number, scenario, .. } = &self.exercise;
        let called = inject.title.as_ref().unwrap_or(&scenario.name);
        NewIntake {
            id: self.exercise.intake_id(self.place),
            time: clock::now(),
            actor: Actor::Node(Part::Player),
            collection: self.collection,
            source: inject.source.clone(),
            grade: inject.grade.as_ref().map(ToString::to_string),
            marking: None,
            name: Some(format!("exercise {number}, inject {}: {called}", self.place)),
        }
    }
}
