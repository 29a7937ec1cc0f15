//! Who is told of what needs somebody: what is set, who was told, who has it in hand, and each
//! delivery.

use crate::{Db, StoreError};
use forewarn_exchange::name::UserName;
use forewarn_exchange::telling::{Delivery, Fate, Taken, Telling, Told};
use forewarn_stix::Timestamp;
use std::collections::BTreeMap;

/// Most deliveries of one notifier that are looked through for the last one that went well.
const MAX_LOOKED: i64 = 1_000;

/// A delivery with its place in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// Counted from 1, in the order in which they were decided.
    pub number: i64,
    /// The delivery.
    pub delivery: Delivery,
}

impl Db<'_> {
    /// What is set; nothing, when nothing was ever set.
    pub fn telling(&self) -> Result<Telling, StoreError> {
        Ok(self.setting("telling")?.unwrap_or_default())
    }

    /// It is this from now on.
    pub fn set_telling(&self, telling: &Telling) -> Result<(), StoreError> {
        self.set_setting("telling", telling)
    }

    /// Who has a need in hand, or had it.
    pub fn taken(&self, need: &str) -> Result<Option<Taken>, StoreError> {
        self.state("SELECT state FROM taken WHERE need = ?1", need)
    }

    /// Somebody has it in hand.
    pub fn set_taken(&self, need: &str, taken: &Taken) -> Result<(), StoreError> {
        self.put("INSERT OR REPLACE INTO taken (need, state) VALUES (?1, ?2)", need, taken)
    }

    /// Who was told of a need, by its key.
    pub fn told(&self, need: &str) -> Result<Vec<Told>, StoreError> {
        let sql = "SELECT person, by, time FROM told WHERE need = ?1 ORDER BY person, by";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([need])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let (person, by, time): (String, String, String) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            let (need, person, at) = (need.to_owned(), name(&person)?, at(time)?);
            all.push(Told { need, person, by, at });
        }
        Ok(all)
    }

    /// When each person was last told anything, by each rule and step.
    pub fn told_last(&self) -> Result<BTreeMap<(UserName, String), Timestamp>, StoreError> {
        let sql = "SELECT person, by, time FROM told_last";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut all = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let (person, by, time): (String, String, String) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            all.insert((name(&person)?, by), at(time)?);
        }
        Ok(all)
    }

    /// A delivery is to be sent; its needs count as told. Does nothing when it is here already.
    pub fn add_delivery(&self, delivery: &Delivery) -> Result<(), StoreError> {
        let sql = "INSERT OR IGNORE INTO delivery (id, notifier, waits, state) \
                   VALUES (?1, ?2, ?3, ?4)";
        let Delivery { id, person, means, by, at, needs, .. } = delivery;
        let row = (id, &means.notifier, delivery.next().is_some(), crate::text(delivery)?);
        if self.connection.prepare_cached(sql)?.execute(row)? == 0 {
            return Ok(());
        }
        for need in needs {
            let sql = "INSERT OR IGNORE INTO told (need, person, by, time) VALUES (?1, ?2, ?3, ?4)";
            let row = (&need.key, &**person, by, at.as_str());
            self.connection.prepare_cached(sql)?.execute(row)?;
        }
        let sql = "INSERT OR REPLACE INTO told_last (person, by, time) VALUES (?1, ?2, ?3)";
        self.connection.prepare_cached(sql)?.execute((&**person, by, at.as_str()))?;
        Ok(())
    }

    /// A delivery, by its id.
    pub fn delivery(&self, id: &str) -> Result<Option<Delivery>, StoreError> {
        self.state("SELECT state FROM delivery WHERE id = ?1", id)
    }

    /// A delivery is this from now on.
    pub fn set_delivery(&self, delivery: &Delivery) -> Result<(), StoreError> {
        let sql = "UPDATE delivery SET waits = ?2, state = ?3 WHERE id = ?1";
        let row = (&delivery.id, delivery.next().is_some(), crate::text(delivery)?);
        self.connection.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }

    /// Deliveries whose time to be tried has come: of each notifier by itself so many, the oldest
    /// first, so that one that fails or hangs holds up no other.
    pub fn due_deliveries(
        &self,
        now: &Timestamp,
        each: usize,
    ) -> Result<Vec<Delivery>, StoreError> {
        let sql = "SELECT notifier, state FROM delivery WHERE waits = 1 ORDER BY seq";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        let mut due = Vec::new();
        while let Some(row) = rows.next()? {
            let count = counts.entry(row.get(0)?).or_default();
            if *count >= each {
                continue;
            }
            let delivery: Delivery = crate::parse("a delivery", &row.get::<_, String>(1)?)?;
            if delivery.next().is_some_and(|next| next <= now) {
                *count += 1;
                due.push(delivery);
            }
        }
        Ok(due)
    }

    /// Whether any delivery is to be tried, now or later.
    pub fn delivery_waits(&self) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM delivery WHERE waits = 1";
        Ok(self.connection.prepare_cached(sql)?.exists([])?)
    }

    /// So many deliveries after a number, in the order in which they were decided.
    pub fn deliveries_after(&self, after: i64, count: i64) -> Result<Vec<Logged>, StoreError> {
        let sql = "SELECT seq, state FROM delivery WHERE seq > ?1 ORDER BY seq LIMIT ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([after, count])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let delivery = crate::parse("delivery", &row.get::<_, String>(1)?)?;
            all.push(Logged { number: row.get(0)?, delivery });
        }
        Ok(all)
    }

    /// Since when a notifier fails, and why; `None` when its newest delivery that came to
    /// something went well.
    pub fn notifier_fails(
        &self,
        notifier: &str,
    ) -> Result<Option<(Timestamp, String)>, StoreError> {
        let sql = "SELECT state FROM delivery WHERE notifier = ?1 ORDER BY seq DESC LIMIT ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        // Read row by row: of a notifier that works, the newest one is enough.
        let mut rows = statement.query((notifier, MAX_LOOKED))?;
        let mut fails: Option<(Timestamp, String)> = None;
        while let Some(row) = rows.next()? {
            let newest: Delivery = crate::parse("a delivery", &row.get::<_, String>(0)?)?;
            match newest.fate {
                Fate::Sent { .. } => break,
                Fate::Waiting { why: Some(why), .. } | Fate::GivenUp { why, .. } => {
                    let why = fails.map_or(why, |(_, newest)| newest);
                    fails = Some((newest.at, why));
                }
                Fate::Waiting { why: None, .. } => {}
            }
        }
        Ok(fails)
    }
}

fn name(text: &str) -> Result<UserName, StoreError> {
    UserName::parse(text).map_err(|e| StoreError::damaged("told", e))
}

fn at(text: String) -> Result<Timestamp, StoreError> {
    Timestamp::try_from(text).map_err(|e| StoreError::damaged("told", e))
}
