//! The one way in: bytes of a media type for a destination become items, and each object has its
//! outcome. TAXII, the API and feeds differ in how the bytes come and in what they tell of it.

mod judge;

pub use judge::{
    Format, NotTaken, Place, Sorted, again, guess, judge, read_all, read_through, sort, sort_parts,
    sort_stix, sort_text,
};

use crate::clock;
use crate::collection::{Collection, Inlet};
use crate::state::State;
use forewarn_engine::{DIFFERS, Failure, IntakeWork, Taken};
use forewarn_exchange::actor::Actor;
use forewarn_exchange::drawn::Ids;
use forewarn_exchange::id::CollectionNumber;
use forewarn_stix::Timestamp;
use forewarn_store::intake::{NewIntake, Reason};
use forewarn_store::item::Stamp;

/// Where items go.
#[derive(Debug, Clone, Copy)]
pub struct Destination<'a> {
    /// Which collection.
    pub collection: CollectionNumber,
    /// The types that it takes; all, when empty.
    pub accepts: &'a [String],
}

/// Who brings something, and what is said of it. What is not said is as the collection has it.
#[derive(Debug, Clone)]
pub struct Bearer {
    /// Who brings it.
    pub actor: Actor,
    /// What the input is called.
    pub name: Option<String>,
    /// The source's handle.
    pub source: Option<String>,
    /// Admiralty.
    pub grade: Option<String>,
}

/// Takes things in.
#[derive(Clone)]
pub struct Intakes {
    state: State,
}

/// An input that is being taken in, part by part; each part is durable by itself.
#[derive(Clone)]
pub struct Ongoing {
    state: State,
    intake: NewIntake,
}

/// What became of one object of the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectOutcome {
    /// Its id, where one could be read.
    pub id: Option<String>,
    /// Its own version, or else the time at which it was added; as it is written.
    pub version: String,
    /// Where it went.
    pub fate: Fate,
}

/// Where one object went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It is an item now.
    Added,
    /// It was one before.
    Known,
    /// It is in quarantine: the reasons, in words.
    Refused(String),
}

impl Bearer {
    /// The intake of an input by this collection.
    pub(crate) fn intake(self, collection: CollectionNumber, inlet: &Inlet) -> NewIntake {
        NewIntake {
            id: Ids::new(clock::seed()).uuid(),
            time: clock::now(),
            actor: self.actor,
            collection,
            source: self.source.or_else(|| inlet.source.clone()),
            grade: self.grade.or_else(|| inlet.grade.clone()),
            marking: inlet.marking.map(|tlp| tlp.to_string()),
            name: self.name,
        }
    }
}

impl Intakes {
    pub(crate) fn new(state: State) -> Intakes {
        Intakes { state }
    }

    /// An input begins.
    pub fn begin(&self, collection: &Collection, inlet: &Inlet, bearer: Bearer) -> Ongoing {
        let intake = bearer.intake(collection.number, inlet);
        Ongoing { state: self.state.clone(), intake }
    }
}

impl Ongoing {
    /// The intake's id: TAXII's status resource has it too.
    pub fn id(&self) -> &str {
        &self.intake.id
    }

    /// When it began.
    pub fn time(&self) -> &Timestamp {
        &self.intake.time
    }

    /// The source is this one, whatever the collection says, or none.
    pub fn from(mut self, source: Option<String>, grade: Option<String>) -> Ongoing {
        (self.intake.source, self.intake.grade) = (source, grade);
        self
    }

    /// Takes in what was judged of one part: durable when this returns, an outcome for each object.
    pub async fn part(&self, sorted: Sorted) -> Result<Vec<ObjectOutcome>, Failure> {
        Ok(self.part_from(sorted).await?.1)
    }

    /// The same, with the number of the first new item; the others follow it.
    pub async fn part_from(&self, sorted: Sorted) -> Result<(i64, Vec<ObjectOutcome>), Failure> {
        let outline = Outline::of(&sorted);
        let Sorted { items, refused, .. } = sorted;
        let work = IntakeWork { intake: self.intake.clone(), items, refused };
        let taken = self.state.work(self.intake.actor.clone(), work).await?;
        Ok((taken.first, outline.outcomes(&taken, &self.intake.time)))
    }
}

/// What the outcomes need to know of each object, kept while the objects are stored.
struct Outline {
    items: Vec<(String, Stamp)>,
    refused: Vec<(Option<String>, String)>,
    order: Vec<Place>,
}

impl Outline {
    fn of(sorted: &Sorted) -> Outline {
        let items = sorted.items.iter().map(|item| (item.id.clone(), item.version)).collect();
        let refused = sorted.refused.iter().map(|one| (one.id.clone(), one.words()));
        Outline { items, refused: refused.collect(), order: sorted.order.clone() }
    }

    fn outcomes(self, taken: &Taken, at: &Timestamp) -> Vec<ObjectOutcome> {
        let (mut known, mut differs) = (taken.known.iter().peekable(), taken.differs.iter());
        let mut differing = differs.next();
        let mut next = taken.first;
        let mut out = Vec::with_capacity(self.order.len());
        for place in &self.order {
            match place {
                Place::Item(n) => {
                    let Some((id, version)) = self.items.get(*n) else { continue };
                    let (added, fate) = if differing == Some(n) {
                        differing = differs.next();
                        (taken.first, Fate::Refused(DIFFERS.to_owned()))
                    } else if let Some((_, added)) = known.next_if(|(place, _)| place == n) {
                        (*added, Fate::Known)
                    } else {
                        next += 1;
                        (next - 1, Fate::Added)
                    };
                    // Without a version of its own: the time at which it was added.
                    let version = version.text(added);
                    out.push(ObjectOutcome { id: Some(id.clone()), version, fate });
                }
                Place::Refused(n) => {
                    let Some((id, why)) = self.refused.get(*n) else { continue };
                    let (id, version) = (id.clone(), at.to_string());
                    out.push(ObjectOutcome { id, version, fate: Fate::Refused(why.clone()) });
                }
            }
        }
        out
    }
}

/// The reasons of a refusal, for whoever brought it.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct RefusedObject {
    /// Its place in the input.
    pub position: i64,
    /// Its id, where one could be read.
    pub id: Option<String>,
    /// Why.
    pub reasons: Vec<Reason>,
}
