//! The one way in: bytes of a media type for a destination become items, and each object has its
//! outcome. TAXII, the API and feeds differ in how the bytes come and in what they tell of it.

mod continued;
mod judge;
mod kind;
mod misp;
mod upgraded;

pub use judge::{
    MAX_INTAKE_BYTES, NotTaken, Place, START_BYTES, Sorted, again, judge, read_all, read_some,
    read_through, sort, sort_document, sort_line, sort_parts, sort_played_text, sort_stix,
    sort_text,
};
pub use kind::{Foreign, Format, guess, recognise};
pub(crate) use misp::{MispPart, count_misp, misp_parts, refused_misp};
pub use misp::{sort_misp, sort_misp_here};

use crate::clock;
use crate::collection::{Collection, Inlet};
use crate::state::State;
use forewarn_engine::{Failure, IntakeWork, Taken, differs};
use forewarn_exchange::actor::Actor;
use forewarn_exchange::drawn::Ids;
use forewarn_exchange::id::CollectionNumber;
use forewarn_stix::Timestamp;
use forewarn_store::intake::NewIntake;
use forewarn_store::reason::{Reason, words};
use forewarn_store::stamp::Stamp;

/// Where items go.
#[derive(Debug, Clone, Copy)]
pub struct Destination<'a> {
    /// Which collection.
    pub collection: CollectionNumber,
    /// The types that it takes; all, when empty.
    pub accepts: &'a [String],
    /// Whether whatever breaks a must is refused, usable or not.
    pub strict: bool,
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
    /// The rules that it breaks and is usable all the same, in words.
    pub flaws: Option<String>,
    /// Why it may not stand beside the versions that are here, where that is why it was refused.
    pub between: Option<Reason>,
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
    items: Vec<ItemOutline>,
    refused: Vec<(Option<String>, Option<Timestamp>, String)>,
    order: Vec<Place>,
}

struct ItemOutline {
    id: String,
    version: Stamp,
    flaws: Option<String>,
}

impl Outline {
    fn of(sorted: &Sorted) -> Outline {
        let items = sorted.items.iter().map(|item| ItemOutline {
            id: item.id.clone(),
            version: item.version.clone(),
            flaws: (!item.flaws.is_empty()).then(|| words(&item.flaws)),
        });
        let refused =
            sorted.refused.iter().map(|one| (one.id.clone(), one.version.clone(), one.words()));
        let (items, refused) = (items.collect(), refused.collect());
        Outline { items, refused, order: sorted.order.clone() }
    }

    fn outcomes(self, taken: &Taken, at: &Timestamp) -> Vec<ObjectOutcome> {
        let (mut known, mut same) = (taken.known.iter().peekable(), taken.differs.iter());
        let mut differing = same.next();
        let mut apart = taken.apart.iter().peekable();
        let mut next = taken.first;
        let mut out = Vec::with_capacity(self.order.len());
        for place in &self.order {
            match place {
                Place::Item(n) => {
                    let Some(item) = self.items.get(*n) else { continue };
                    let between = if let Some((_, why)) = apart.next_if(|(at, _)| at == n) {
                        Some(why.clone())
                    } else if differing == Some(n) {
                        differing = same.next();
                        Some(differs())
                    } else {
                        None
                    };
                    let (added, fate) = if let Some(why) = &between {
                        (taken.first, Fate::Refused(why.message.clone()))
                    } else if let Some((_, added)) = known.next_if(|(place, _)| place == n) {
                        (*added, Fate::Known)
                    } else {
                        next += 1;
                        (next - 1, Fate::Added)
                    };
                    // Without a version of its own: the time at which it was added.
                    let version = item.version.text(added);
                    let (id, flaws) = (Some(item.id.clone()), item.flaws.clone());
                    out.push(ObjectOutcome { id, version, fate, flaws, between });
                }
                Place::Refused(n) => {
                    let Some((id, version, why)) = self.refused.get(*n) else { continue };
                    let (id, version) = (id.clone(), version.as_ref().unwrap_or(at).to_string());
                    let fate = Fate::Refused(why.clone());
                    out.push(ObjectOutcome { id, version, fate, flaws: None, between: None });
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
