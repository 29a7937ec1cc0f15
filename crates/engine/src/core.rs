//! What decides and applies, without a thread: the writer's, the simulation's and the replay's.

use crate::barred::Barred;
use crate::configuration::Us;
use crate::failure::{Failure, Undone, damaged};
use crate::notice::Notice;
use crate::work::{Outcome, Work};
use crate::{Answered, journal, perform, reached};
use forewarn_exchange::command::{Ahead, Command, VERSION};
use forewarn_exchange::history::Line;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::{Code, Refusal};
use forewarn_journal::batch::Position;
use forewarn_store::journal::Record;
use forewarn_store::{Db, Store, StoreError};
use std::sync::Arc;

/// What a transaction has done.
#[derive(Debug)]
pub struct Committed {
    /// To each command, in their order.
    pub answers: Vec<Answered>,
    /// The journal's index reached.
    pub index: i64,
    /// Partners to whom our log has grown.
    pub posted: Vec<NodeName>,
    /// What is logged of it.
    pub notices: Vec<Notice>,
}

/// The store, and who we are by what commands have set.
pub struct Core {
    store: Store,
    us: Option<Us>,
    barred: Arc<Barred>,
}

impl Core {
    /// Opens a store and reads who we are from it. `ahead` are those logs of which more was signed
    /// than is here, or may have been.
    pub fn open(store: Store, ahead: Vec<Ahead>) -> Result<Core, StoreError> {
        let us = Us::read(&store.db())?;
        Ok(Core { store, us, barred: Arc::new(Barred::new(ahead)) })
    }

    /// The logs that must not be signed now; shared, since others find out.
    pub fn barred(&self) -> &Arc<Barred> {
        &self.barred
    }

    /// The store, for reading.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Who we are; `None` before the first configuration.
    pub fn us(&self) -> Option<&Us> {
        self.us.as_ref()
    }

    /// Those logs that must not grow now.
    pub fn ahead(&self) -> Vec<Ahead> {
        self.barred.now(&self.store.db())
    }

    /// Decides and applies commands in one transaction. When the store fails, none has an effect.
    pub fn commit(&mut self, commands: &[&Command<Work>]) -> Result<Committed, StoreError> {
        self.apply(commands, None)
    }

    /// The same, of commands of a journal apart that end at this place: it is kept with them, so that
    /// each is applied once.
    pub(crate) fn apply(
        &mut self,
        commands: &[&Command<Work>],
        end: Option<&Position>,
    ) -> Result<Committed, StoreError> {
        let done = self.transaction(commands, end);
        let configures = |one: &&Command<Work>| matches!(one.work, Work::Configure(_));
        if commands.iter().any(configures) {
            self.us = Us::read(&self.store.db())?;
        }
        done
    }

    /// Takes over a command that was refused elsewhere, as it is recorded there: it has no effect.
    pub(crate) fn adopt(&mut self, record: &Record) -> Result<(), StoreError> {
        let batch = self.store.begin()?;
        batch.db().record(record)?;
        batch.commit()
    }

    /// Writes a row and removes it again, in a transaction that is made durable: whether anything
    /// can be written. No row is another afterwards.
    pub(crate) fn probe(&mut self) -> Result<(), StoreError> {
        let batch = self.store.begin()?;
        batch.db().touch()?;
        batch.commit()
    }

    fn transaction(
        &mut self,
        commands: &[&Command<Work>],
        end: Option<&Position>,
    ) -> Result<Committed, StoreError> {
        let mut batch = self.store.begin()?;
        let mut us = self.us.clone();
        let mut answers = Vec::with_capacity(commands.len());
        let (mut posted, mut notices) = (Vec::new(), Vec::new());
        for command in commands {
            if let Some(known) = batch.db().recorded(&command.id)? {
                answers.push(recorded(&known, command)?);
                continue;
            }
            // A savepoint keeps a copy of each page that is written: bulk goes without.
            let done = if command.work.writes_when_decided() {
                perform::perform(&batch.db(), us.as_ref(), command)
            } else {
                let saved = batch.savepoint()?;
                let done = perform::perform(&saved.db(), us.as_ref(), command);
                if done.is_ok() {
                    saved.commit()?;
                }
                done
            };
            let (answer, lines) = match done {
                Ok(done) => {
                    posted.extend(done.posted);
                    notices.extend(done.notices);
                    (Ok(done.outcome), done.lines)
                }
                Err(Undone::Refused(refusal)) => (Err(refusal), Vec::new()),
                Err(Undone::Store(error)) => return Err(error),
            };
            record(&batch.db(), command, &answer, &lines)?;
            if matches!(command.work, Work::Configure(_)) {
                us = Us::read(&batch.db())?;
            }
            answers.push(answer.map_err(Failure::Refused));
        }
        if let Some(end) = end {
            reached::set(&batch.db(), end)?;
        }
        let index = batch.db().journal_index()?;
        batch.commit()?;
        Ok(Committed { answers, index, posted, notices })
    }
}

/// The first answer, to the same command; an id stands for one act.
fn recorded(known: &Record, command: &Command<Work>) -> Result<Answered, StoreError> {
    let same =
        known.version == VERSION && known.act == journal::kept(&command.work, known.refused)?;
    if !same {
        let message = "another act was done under this id";
        let refusal = Refusal::new(Code::IdReused, message);
        return Ok(Err(Failure::Refused(refusal.advice("give each act an id of its own"))));
    }
    if known.refused {
        let refusal = read(&known.answer)?;
        return Ok(Err(Failure::Refused(refusal)));
    }
    Ok(Ok(read(&known.answer)?))
}

fn read<T: serde::de::DeserializeOwned>(json: &str) -> Result<T, StoreError> {
    serde_json::from_str(json).map_err(|e| damaged(&e))
}

fn record(
    db: &Db<'_>,
    command: &Command<Work>,
    answer: &Result<Outcome, Refusal>,
    lines: &[Line],
) -> Result<(), StoreError> {
    let json = match answer {
        Ok(outcome) => serde_json::to_string(outcome),
        Err(refusal) => serde_json::to_string(refusal),
    };
    let index = db.record(&Record {
        command: command.id.clone(),
        version: VERSION,
        time: command.time.clone(),
        actor: command.actor.clone(),
        seed: command.seed,
        ahead: command.ahead.clone(),
        act: journal::kept(&command.work, answer.is_err())?,
        refused: answer.is_err(),
        answer: json.map_err(|e| damaged(&e))?,
    })?;
    lines.iter().try_for_each(|line| db.tell(index, line))
}
