//! Tells people what needs them: a follower that asks the rules whom to tell now, keeps each message
//! before it is sent, sends it, and puts on record what came of it.
//!
//! It can be killed anywhere: what is on record and was not sent is sent after the start, under the
//! same id.

pub(crate) mod heartbeat;
mod local;
mod mail;
mod webhook;
mod words;

use crate::clock;
use crate::collection::Collections;
use crate::egress::Egress;
use crate::needs::{self, Sources};
use crate::notifier::{NotifierKind, NotifierSection};
use crate::secret;
use crate::state::State;
use crate::watch::Seen;
use forewarn_engine::{Failure, TellWork};
use forewarn_exchange::actor::{Actor, Part};
use forewarn_exchange::drawn::Ids;
use forewarn_exchange::name::UserName;
use forewarn_exchange::need::Need;
use forewarn_exchange::telling::{
    self, Delivery, Fate, Known, Means, Message, Notice, Person, Telling, Tried,
};
use forewarn_stix::Timestamp;
use forewarn_store::Db;
use forewarn_store::sight::Sight;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use words::Sender;
use zeroize::Zeroizing;

/// How long until it is looked at again, while somebody is to be told of something: steps of an
/// escalation are counted in seconds.
const EVERY: Duration = Duration::from_secs(1);
/// The same while nothing is set and nothing waits.
const RARELY: Duration = Duration::from_secs(30);
/// Between two looks, however often the journal moves.
const LEAST: Duration = Duration::from_millis(100);
/// A try takes no longer.
const PATIENCE: Duration = Duration::from_secs(30);
/// Most deliveries under way at the same time by one notifier: one that hangs holds up no other.
const MAX_UNDER_WAY: usize = 16;

/// Why a message did not arrive, in words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Failed(pub String);

/// What sends messages, by the notifiers of the configuration.
#[derive(Clone)]
pub struct Notifiers {
    pub(crate) sections: Arc<[NotifierSection]>,
    pub(crate) egress: Egress,
    pub(crate) secrets: PathBuf,
    pub(crate) authorities: Option<PathBuf>,
    sender: Sender,
}

/// What follows the needs.
#[derive(Clone)]
pub(crate) struct Teller {
    pub(crate) state: State,
    pub(crate) sources: Sources,
    pub(crate) collections: Arc<Collections>,
    pub(crate) notifiers: Notifiers,
    /// Ids of deliveries that are under way.
    pub(crate) under_way: Arc<Mutex<BTreeSet<String>>>,
}

/// The secret of a notifier: of its file, or of the environment.
fn secret_of(notifier: &NotifierSection, secrets: &Path) -> Result<Zeroizing<String>, Failed> {
    match (&notifier.secret_file, &notifier.secret_env) {
        (Some(file), _) => secret::read(&secrets.join(file)).map_err(Failed),
        (None, Some(name)) => {
            let text = std::env::var(name).map(Zeroizing::new);
            let text = text.map_err(|e| Failed(format!("the variable {name}: {e}")))?;
            let bad = |why| Failed(format!("the secret in the variable {name}: {why}"));
            secret::checked(&text).map_err(bad)
        }
        (None, None) => Err(Failed("it has no secret_file and no secret_env".to_owned())),
    }
}

impl Notifiers {
    /// Those of the configuration. `link` is where the node's people look.
    pub(crate) fn new(
        sections: &[NotifierSection],
        egress: Egress,
        (secrets, authorities): (PathBuf, Option<PathBuf>),
        (node, link): (&str, &str),
    ) -> Notifiers {
        let sender = Sender { node: node.to_owned(), link: link.to_owned() };
        Notifiers { sections: sections.into(), egress, secrets, authorities, sender }
    }

    /// All of them, in the order of the configuration.
    pub fn all(&self) -> impl Iterator<Item = &NotifierSection> {
        self.sections.iter()
    }

    /// Sends a message that says that it is a test.
    ///
    /// # Errors
    /// Why it did not arrive.
    pub async fn test(
        &self,
        name: &str,
        address: Option<String>,
        person: UserName,
    ) -> Result<(), Failed> {
        let means = Means { notifier: name.to_owned(), address };
        let means = means.checked().map_err(|refusal| Failed(refusal.message))?;
        let at = clock::now();
        let id = Ids::new(clock::seed()).id("delivery");
        let fate = Fate::Waiting { tries: 0, next: at.clone(), why: None };
        let (by, needs) = ("a test".to_owned(), Vec::new());
        self.send(&Delivery { id, person, means, by, at, needs, fate }).await
    }

    async fn send(&self, delivery: &Delivery) -> Result<(), Failed> {
        let name = &delivery.means.notifier;
        let notifier = self.sections.iter().find(|one| one.name == *name);
        let notifier = notifier
            .ok_or_else(|| Failed(format!("forewarn.toml has no [[notifier]] called `{name}`")))?;
        let (sender, secrets) = (&self.sender, self.secrets.as_path());
        let sending = async {
            match notifier.kind {
                NotifierKind::Mail => {
                    let files = (secrets, self.authorities.as_deref());
                    mail::send(notifier, files, sender, delivery).await
                }
                NotifierKind::Webhook => {
                    webhook::send(notifier, secrets, (&self.egress, sender), delivery).await
                }
                NotifierKind::Command => local::run(notifier, sender, delivery).await,
                NotifierKind::Syslog => local::log(notifier, sender, delivery).await,
            }
        };
        let late = |_| Failed(format!("it did not end within {} s", PATIENCE.as_secs()));
        tokio::time::timeout(PATIENCE, sending).await.map_err(late)?
    }
}

impl Teller {
    /// Runs until the node stops.
    pub(crate) async fn run(self, seen: Seen) {
        let mut journal = self.state.engine().follow();
        loop {
            let index = *journal.borrow_and_update();
            let rest = match self.step().await {
                Ok(rest) => rest,
                Err(Failure::Stopping) => return,
                Err(error) => {
                    tracing::warn!(%error, "nobody is told of anything for a moment");
                    EVERY
                }
            };
            seen.up_to(index);
            tokio::time::sleep(LEAST).await;
            tokio::select! {
                moved = journal.changed() => if moved.is_err() { return },
                () = tokio::time::sleep(rest) => {}
            }
        }
    }

    /// Decides whom to tell, and sends what is to be sent; how long until the next look.
    async fn step(&self) -> Result<Duration, Failure> {
        let teller = self.clone();
        let (decided, silent) = self.state.read(move |db| teller.decide(&db)).await?;
        if !decided.is_empty() {
            self.put(TellWork::Decided(decided)).await?;
        }
        let now = clock::now();
        let read = self
            .state
            .read(move |db| Ok((db.due_deliveries(&now, MAX_UNDER_WAY)?, db.delivery_waits()?)));
        let (due, waits) = read.await?;
        for delivery in due {
            if self.begin(&delivery.id) {
                tokio::spawn(self.clone().deliver(delivery));
            }
        }
        Ok(if silent && !waits { RARELY } else { EVERY })
    }

    /// Marks it as under way, unless it is. Of a notifier the oldest are due first, so that no more
    /// than [`MAX_UNDER_WAY`] of each are.
    fn begin(&self, id: &str) -> bool {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        under_way.insert(id.to_owned())
    }

    async fn deliver(self, delivery: Delivery) {
        let came = match self.notifiers.send(&delivery).await {
            Ok(()) => Tried::Sent {},
            Err(Failed(why)) => {
                let notifier = &delivery.means.notifier;
                tracing::warn!(notifier, why, "a message did not arrive");
                Tried::Failed { why }
            }
        };
        let work = TellWork::Tried { id: delivery.id.clone(), came };
        if let Err(error) = self.put(work).await {
            tracing::warn!(%error, "what came of a message is not on record");
        }
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        under_way.remove(&delivery.id);
    }

    async fn put(&self, work: TellWork) -> Result<(), Failure> {
        self.state.work(Actor::Node(Part::Teller), work).await
    }

    /// The deliveries that are due, and whether nothing is set.
    fn decide(&self, db: &Db<'_>) -> Result<(Vec<Delivery>, bool), Failure> {
        let telling = db.telling()?;
        if telling.is_silent() {
            return Ok((Vec::new(), true));
        }
        let now = clock::now();
        let all = needs::read((db, &self.sources), &Sight::all(), &now, |_| true)?;
        let needs: Vec<Need> = all.waiting.into_iter().map(|one| one.need).collect();
        let people = self.people(db, &telling, &now)?;
        let mut known = Known { last: db.told_last()?, ..Known::default() };
        for need in &needs {
            known.told.extend(db.told(&telling::key(need))?);
            if let Some(taken) = db.taken(&need.name())? {
                known.taken.insert(need.name(), taken);
            }
        }
        let messages = telling::due(&telling, &needs, &people, &known, &now);
        let mut ids = Ids::new(clock::seed());
        let each = messages.iter().flat_map(|message| {
            let means = telling.means.get(&message.person).into_iter().flatten();
            means.map(|means| (message, means.clone())).collect::<Vec<_>>()
        });
        let decided =
            each.map(|(message, means)| delivery(ids.id("delivery"), message, means, &needs, &now));
        Ok((decided.collect(), false))
    }

    /// Everybody who can be reached, with what he may see. Most may see the same.
    fn people(
        &self,
        db: &Db<'_>,
        telling: &Telling,
        now: &Timestamp,
    ) -> Result<Vec<Person>, Failure> {
        let mut seen: Vec<(Sight, BTreeSet<String>)> = Vec::new();
        let mut people = Vec::new();
        for user in db.users()? {
            if !telling.means.contains_key(&user.name) {
                continue;
            }
            let sight = self.collections.sight(&self.state.us(), &user);
            let known = seen.iter().find(|(one, _)| *one == sight).map(|(_, keys)| keys.clone());
            let sees = if let Some(known) = known {
                known
            } else {
                let found = needs::read((db, &self.sources), &sight, now, |_| true)?;
                let keys: BTreeSet<String> =
                    found.waiting.iter().map(|one| telling::key(&one.need)).collect();
                seen.push((sight, keys.clone()));
                keys
            };
            people.push(Person { user, sees });
        }
        Ok(people)
    }
}

fn delivery(
    id: String,
    message: &Message,
    means: Means,
    needs: &[Need],
    now: &Timestamp,
) -> Delivery {
    let notices = message.needs.iter().filter_map(|place| needs.get(*place));
    Delivery {
        id,
        person: message.person.clone(),
        means,
        by: message.by.clone(),
        at: now.clone(),
        needs: notices.map(|need| Notice::of(need, now)).collect(),
        fate: Fate::Waiting { tries: 0, next: now.clone(), why: None },
    }
}
