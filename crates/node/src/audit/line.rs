//! One line of the stream, made from the journal and the history.

use forewarn_engine::journal::Bare;
use forewarn_exchange::Refusal;
use forewarn_exchange::actor::Actor;
use forewarn_exchange::role::{Permission, Role};
use forewarn_stix::Timestamp;
use forewarn_store::journal::Fact;
use forewarn_store::{Db, StoreError};
use forewarn_transcript::Hash;
use serde::{Deserialize, Serialize};

/// Most facts of a command that stand in its line; the rest is counted. One import may change thousands of
/// interests, and a line must fit into a message of the system's log.
const MOST_FACTS: usize = 50;

/// What was done by one command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its place in the journal.
    pub index: i64,
    /// When, by the node's clock.
    pub at: Timestamp,
    /// Who.
    pub by: Actor,
    /// The word of the act, or what the node did; `erased` when the words of the command were erased
    /// before this line was written.
    pub did: String,
    /// Whoever did it must have been allowed one of these; empty for what no person does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asks: Vec<Permission>,
    /// The roles that counted, where not all of the person's did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<Vec<Role>>,
    /// The code of the refusal; none when it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
    /// What it has made happen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub happened: Vec<Happening>,
    /// How much more of that there was.
    #[serde(default, skip_serializing_if = "is_none")]
    pub more: usize,
    /// Says which command it was to whoever has the journal.
    pub digest: Hash,
    /// SHA-256 of the line before it.
    pub previous: Hash,
}

/// One thing that has happened, without its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Happening {
    /// In the word that events have for it.
    pub what: String,
    /// What it is about; nothing for the node as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// Which user it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// What has changed of how that user signs in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
fn is_none(count: &usize) -> bool {
    *count == 0
}

impl Line {
    /// Whether the journal says the same now; `now` is the line as it would be written today. What was
    /// erased since is passed over: who, when, which command and what has happened stay.
    pub fn is_same_as(&self, now: &Line) -> bool {
        let mut now = now.clone();
        if now.did == "erased" {
            (now.did, now.asks) = (self.did.clone(), self.asks.clone());
            now.only.clone_from(&self.only);
            if now.refused.is_some() && self.refused.is_some() {
                now.refused.clone_from(&self.refused);
            }
        }
        now.previous = self.previous;
        *self == now
    }
}

/// The lines of so many commands from one index of the journal on. They are not chained yet.
///
/// # Errors
/// The database cannot be read.
pub fn lines(db: &Db<'_>, from: i64, most: usize) -> Result<Vec<Line>, StoreError> {
    let mut all: Vec<Line> = Vec::new();
    let mut index = from;
    while all.len() < most {
        let Some(record) = db.record_at(index)? else { break };
        let bare = Bare::of(&record)?;
        let refused = if record.refused { Some(refusal(&record.answer)?) } else { None };
        all.push(Line {
            index,
            at: record.time,
            by: record.actor,
            did: bare.what.to_owned(),
            asks: bare.asks,
            only: bare.only,
            refused,
            happened: Vec::new(),
            more: 0,
            digest: bare.digest,
            previous: Hash([0; 32]),
        });
        index += 1;
    }
    for fact in db.facts_between(from, index)? {
        let place = usize::try_from(fact.journal - from).unwrap_or(usize::MAX);
        let Some(line) = all.get_mut(place) else { continue };
        if line.happened.len() < MOST_FACTS {
            line.happened.push(happening(fact));
        } else {
            line.more += 1;
        }
    }
    Ok(all)
}

fn happening(fact: Fact) -> Happening {
    let Fact { journal: _, about, happened, user, change } = fact;
    Happening { what: happened, about, user, change }
}

fn refusal(answer: &str) -> Result<String, StoreError> {
    let refusal: Refusal = serde_json::from_str(answer).map_err(|e| StoreError::Damaged {
        what: "journal".to_owned(),
        why: format!("a refusal cannot be read: {e}"),
    })?;
    Ok(refusal.code.text().to_owned())
}
