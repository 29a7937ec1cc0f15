//! Shelves follow the warnings that came: whatever changes one changes what our own tools find.

use crate::configuration::{Shelf, Us};
use crate::house;
use forewarn_exchange::actor::{Actor, Part};
use forewarn_exchange::id::WarningNumber;
use forewarn_exchange::message::Content;
use forewarn_exchange::shelf::{self, Claim, Looked, Of, OnShelf, Shelved};
use forewarn_exchange::warning::Warning;
use forewarn_stix::Timestamp;
use forewarn_store::intake::{NewIntake, Part as IntakePart};
use forewarn_store::item::{Kept, Media, NewItem};
use forewarn_store::stamp::Stamp;
use forewarn_store::{Db, StoreError};
use std::collections::BTreeSet;

/// How often an indicator is put on a shelf anew after it was withdrawn: a partner that goes to and
/// fro more often is not followed.
const MAX_ROUNDS: u32 = 16;

/// A warning, or its content, is another one now.
pub(crate) fn follow(
    db: &Db<'_>,
    us: &Us,
    time: &Timestamp,
    number: WarningNumber,
) -> Result<(), StoreError> {
    if us.shelves.is_empty() {
        return Ok(());
    }
    let (Some(warning), Some(content)) = (db.warning(number)?, db.content(number)?) else {
        return Ok(());
    };
    // What stands is of this version or of the one before: each change ends what it leaves out.
    let before = warning.version.checked_sub(1).filter(|version| *version > 0);
    let before = before.map(|version| db.content_at(number, version)).transpose()?.flatten();
    for shelf in &us.shelves {
        let (warning, content) = (&warning, &content);
        let mut changes = Changes { db, us, shelf, time, warning, content, all: Vec::new() };
        changes.settle(before.as_ref())?;
        changes.keep()?;
    }
    Ok(())
}

/// Every warning, when the shelves are others than before.
pub(crate) fn follow_all(db: &Db<'_>, us: &Us, time: &Timestamp) -> Result<(), StoreError> {
    if us.shelves.is_empty() {
        return Ok(());
    }
    db.warnings()?.iter().try_for_each(|warning| follow(db, us, time, warning.number))
}

/// What one warning changes on one shelf.
struct Changes<'a> {
    db: &'a Db<'a>,
    us: &'a Us,
    shelf: &'a Shelf,
    time: &'a Timestamp,
    warning: &'a Warning,
    content: &'a Content,
    /// The objects, each in its next version.
    all: Vec<Version>,
}

/// The next version of an object.
struct Version {
    id: String,
    modified: Timestamp,
    bytes: Vec<u8>,
}

impl Changes<'_> {
    fn settle(&mut self, before: Option<&Content>) -> Result<(), StoreError> {
        let lets = house::shelves(self.us, &self.shelf.id, self.warning, self.content);
        let claim = match self.shelf.rule.claim(self.warning, self.content) {
            _ if !lets => Claim::Nothing,
            claim => claim,
        };
        let content = self.content;
        let newest = shelf::indicators(content);
        for (looked, indicator) in &newest {
            let (round, standing) = self.standing(looked)?;
            let wanted = match (claim, &standing) {
                (Claim::All, _) if round < MAX_ROUNDS => {
                    let of = self.of(round);
                    shelf::shelved(of, (self.warning, content), (looked, indicator))
                }
                // As it was taken up: what is new about it, nobody has read yet.
                (Claim::WhatStands, Some(standing)) => Some(standing.shelved.clone()),
                (Claim::All | Claim::WhatStands | Claim::Nothing, _) => None,
            };
            self.change(wanted, standing);
        }
        let ever = [Some(content), before].into_iter().flatten().flat_map(shelf::ever);
        let gone: BTreeSet<Looked> = ever.filter(|looked| !newest.contains_key(looked)).collect();
        for looked in gone {
            let (_, standing) = self.standing(&looked)?;
            self.change(None, standing);
        }
        Ok(())
    }

    fn of(&self, round: u32) -> Of<'_> {
        Of { shelf: &self.shelf.id, warning: &self.warning.id, round }
    }

    /// What stands for what an indicator looks for, and how many objects for it were withdrawn before.
    fn standing(&self, looked: &Looked) -> Result<(u32, Option<OnShelf>), StoreError> {
        for round in 0..MAX_ROUNDS {
            let id = shelf::id_of(self.of(round), looked);
            match self.on_shelf(&id)? {
                Some(standing) if standing.revoked => {}
                standing => return Ok((round, standing)),
            }
        }
        Ok((MAX_ROUNDS, None))
    }

    fn on_shelf(&self, id: &str) -> Result<Option<OnShelf>, StoreError> {
        let newest = self.db.newest_in(self.shelf.number, id)?;
        Ok(newest.and_then(|one| OnShelf::read(&one.bytes)))
    }

    fn change(&mut self, wanted: Option<Shelved>, standing: Option<OnShelf>) {
        let (shelved, revoked) = match (wanted, &standing) {
            (Some(wanted), Some(standing)) if wanted.is_said_by(&standing.shelved) => return,
            (Some(wanted), Some(_) | None) => (wanted, false),
            (None, Some(standing)) => (standing.shelved.clone(), true),
            (None, None) => return,
        };
        let created = standing.as_ref().and_then(|one| one.shelved.created());
        let created = created.unwrap_or_else(|| self.time.clone());
        let modified = standing.map_or_else(|| self.time.clone(), |one| one.next(self.time));
        let bytes = shelved.at((&created, &modified), revoked);
        self.all.push(Version { id: shelved.id().to_owned(), modified, bytes });
    }

    /// Puts the versions where the tools find them.
    fn keep(mut self) -> Result<(), StoreError> {
        if self.all.is_empty() {
            return Ok(());
        }
        let us = shelf::ourselves(&self.shelf.id, self.us.organisation());
        let standing = self.on_shelf(us.id())?;
        self.change(Some(us), standing);
        let mut seq = self.db.next_seq(self.time.micros())?;
        let (first, number, shelf) = (seq, self.warning.number, self.shelf.number);
        let intake = NewIntake {
            id: format!("warning-{number}/{shelf}/{seq}"),
            time: self.time.clone(),
            actor: Actor::Node(Part::Shelf),
            collection: shelf,
            source: None,
            grade: None,
            marking: None,
            name: Some(format!("of warning {number}")),
        };
        let intake = self.db.begin_intake(&intake)?;
        for (Version { id, modified, bytes }, position) in self.all.into_iter().zip(0..) {
            let version = Stamp::of(Some(&modified));
            let item = NewItem::new((shelf, Media::Stix), id, version, position, bytes);
            if let Kept::Added(added) = self.db.keep(seq, intake, &item, |_, _| Ok(None))? {
                seq = added + 1;
            }
        }
        self.db.add_part(intake, &IntakePart { first, last: seq - 1, known: &[], refused: 0 })
    }
}
