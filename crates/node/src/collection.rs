//! The TAXII collections of the configuration: what each takes or gives, and who may use it.

use crate::config::{CollectionSection, Config, OutletSection, ShelfSection};
use forewarn_engine::{Listed, OpenTo, Us};
use forewarn_exchange::id::CollectionNumber;
use forewarn_exchange::name::{BadName, NodeName, UserName};
use forewarn_exchange::user::User;
use forewarn_stix::marking::Tlp;
use forewarn_store::sight::Sight;
use forewarn_store::{Db, StoreError};
use std::fmt;

/// One collection.
#[derive(Debug, Clone)]
pub struct Collection {
    /// Its number in the tables.
    pub number: CollectionNumber,
    /// A UUID.
    pub id: String,
    /// Its name in URLs and on the command line, beside the id.
    pub alias: String,
    /// Its title, for people.
    pub title: String,
    /// What is in it, for people.
    pub description: Option<String>,
    open: OpenTo,
    /// Whether items are taken in by it, or a partner fetches from it.
    pub kind: CollectionKind,
}

/// What a collection is for.
#[derive(Debug, Clone)]
pub enum CollectionKind {
    /// Items are taken in by it.
    Inlet(Inlet),
    /// A partner fetches from it what was released to it.
    Outlet {
        /// The partner's name.
        partner: String,
    },
    /// Our own tools take from it what partners warned us of.
    Shelf,
}

/// How items are taken in.
#[derive(Debug, Clone)]
pub struct Inlet {
    /// The handle of the source that its items count as; it never leaves this node.
    pub source: Option<String>,
    /// The grade that its items count as, such as `B2`.
    pub grade: Option<String>,
    /// What items count as that have no marking of their own.
    pub marking: Option<Tlp>,
    /// The types that it takes; all, when empty.
    pub accepts: Vec<String>,
    /// Whether it refuses whatever breaks a must, usable or not.
    pub strict: bool,
}

/// All of them, in the order of the configuration.
#[derive(Debug, Clone, Default)]
pub struct Collections(Vec<Collection>);

/// A collection that is in the file no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenOut {
    /// Its alias, or its id where no file at hand has one.
    pub alias: String,
    /// Whom what came in by it is open to, still; `None` where that was never on record: nobody.
    pub open: Option<OpenTo>,
}

impl fmt::Display for TakenOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let alias = &self.alias;
        write!(f, "collection {alias} is in the file no more; what came in by it stays, open to ")?;
        match self.open.as_ref().map(|open| &open.readers) {
            Some(None) => f.write_str("everybody who may read, as it was"),
            Some(Some(names)) if !names.is_empty() => {
                let names: Vec<&str> = names.iter().map(|name| &**name).collect();
                write!(f, "{} alone, as it was", names.join(", "))
            }
            Some(Some(_)) | None => f.write_str("nobody"),
        }
    }
}

impl Collections {
    /// The collections of the configuration, each with the number that it has on record.
    pub(crate) fn open(db: &Db<'_>, config: &Config) -> Result<Collections, StoreError> {
        // One that is not on record takes nothing in: this file does not count, another node's does.
        let number = |id: &str| {
            let found = db.collection_number(id)?;
            if found.is_none() {
                tracing::warn!(id, "a collection of forewarn.toml is not on record, and left out");
            }
            Ok::<_, StoreError>(found)
        };
        let mut all = Vec::new();
        for section in &config.collections {
            let Some(number) = number(&section.id)? else { continue };
            all.push(Collection::inlet(number, section).map_err(|why| unnamed(&why))?);
        }
        for section in &config.outlets {
            let Some(number) = number(&section.id)? else { continue };
            all.push(Collection::outlet(number, section).map_err(|why| unnamed(&why))?);
        }
        for section in &config.shelves {
            let Some(number) = number(&section.id)? else { continue };
            all.push(Collection::shelf(number, section).map_err(|why| unnamed(&why))?);
        }
        Ok(Collections(all))
    }

    /// What decisions depend on of them.
    pub(crate) fn listed(config: &Config) -> Result<Vec<Listed>, BadName> {
        let mut all = Vec::new();
        for one in &config.collections {
            let (id, open) = (one.id.clone(), Some(open_inlet(one)?));
            all.push(Listed { id, outlet_of: None, shelf: None, open });
        }
        for one in &config.outlets {
            let outlet_of = Some(NodeName::parse(&one.partner)?);
            let open = Some(open_to(&one.readers)?);
            all.push(Listed { id: one.id.clone(), outlet_of, shelf: None, open });
        }
        for one in &config.shelves {
            let (shelf, open) = (Some(one.rule()), Some(open_to(&one.readers)?));
            all.push(Listed { id: one.id.clone(), outlet_of: None, shelf, open });
        }
        Ok(all)
    }

    /// Those of the record that take things in and are in this file no more, by their alias in the file of
    /// before, where that has one: what came in by them stays, and is shown to whom it was.
    pub(crate) fn taken_out(us: &Us, before: &Config, now: &Config) -> Vec<TakenOut> {
        let is_left = |one: &&Listed| {
            let is_inlet = one.outlet_of.is_none() && one.shelf.is_none();
            is_inlet && !now.collections.iter().any(|known| known.id == one.id)
        };
        let gone = us.configuration.collections.iter().filter(is_left);
        let gone = gone.map(|one| {
            let known = before.collections.iter().find(|known| known.id == one.id);
            let alias = known.map_or_else(|| one.id.clone(), |known| known.alias.clone());
            TakenOut { alias, open: one.open.clone() }
        });
        gone.collect()
    }

    /// The same, open to whom they are by the record, where it says.
    pub(crate) fn by_record(&self, us: &Us) -> Collections {
        let judged = self.iter().cloned().map(|one| {
            let open = us.open.get(&one.number).cloned().flatten();
            Collection { open: open.unwrap_or(one.open), ..one }
        });
        Collections(judged.collect())
    }

    /// What a user may see of what came in. Everything is hidden that is not open to him or her by the
    /// record; where it does not say, by the file; what is in neither is open to nobody.
    pub(crate) fn sight(&self, us: &Us, user: &User) -> Sight {
        let by_file = |number| self.iter().find(|one| one.number == number).map(|one| &one.open);
        let hidden = us.open.iter().filter(|(number, open)| {
            let open = open.as_ref().or_else(|| by_file(**number));
            number.is_inlet() && !open.is_some_and(|open| open.may_read(user))
        });
        Sight::without(hidden.map(|(number, _)| *number))
    }

    /// All of them, in the order of the configuration.
    pub fn iter(&self) -> impl Iterator<Item = &Collection> {
        self.0.iter()
    }

    /// The one with this id or alias.
    pub fn named(&self, name: &str) -> Option<&Collection> {
        self.iter().find(|one| one.id == name || one.alias == name)
    }

    /// The one that items go to which are taken in by hand: the first.
    pub fn first_inlet(&self) -> Option<(&Collection, &Inlet)> {
        self.iter().find_map(|one| match &one.kind {
            CollectionKind::Inlet(inlet) => Some((one, inlet)),
            CollectionKind::Outlet { .. } | CollectionKind::Shelf => None,
        })
    }
}

/// The names were read when the file was.
fn unnamed(why: &BadName) -> StoreError {
    StoreError::Damaged { what: "the accounts of a collection".to_owned(), why: why.to_string() }
}

/// Accounts that a collection is open to for reading, and nobody else.
fn open_to(readers: &[String]) -> Result<OpenTo, BadName> {
    Ok(OpenTo { readers: Some(names(readers)?), writers: None })
}

fn open_inlet(section: &CollectionSection) -> Result<OpenTo, BadName> {
    Ok(OpenTo {
        readers: section.readers.as_deref().map(names).transpose()?,
        writers: section.writers.as_deref().map(names).transpose()?,
    })
}

fn names(all: &[String]) -> Result<Vec<UserName>, BadName> {
    all.iter().map(|name| UserName::parse(name)).collect()
}

impl Collection {
    fn inlet(number: CollectionNumber, section: &CollectionSection) -> Result<Collection, BadName> {
        let open = open_inlet(section)?;
        let section = section.clone();
        let inlet = Inlet {
            source: section.source,
            grade: section.grade,
            marking: section.marking,
            accepts: section.accepts,
            strict: section.strict,
        };
        Ok(Collection {
            number,
            id: section.id,
            alias: section.alias,
            title: section.title,
            description: section.description,
            open,
            kind: CollectionKind::Inlet(inlet),
        })
    }

    fn outlet(number: CollectionNumber, section: &OutletSection) -> Result<Collection, BadName> {
        let section = section.clone();
        Ok(Collection {
            number,
            id: section.id,
            alias: section.alias,
            title: section.title,
            description: section.description,
            open: open_to(&section.readers)?,
            kind: CollectionKind::Outlet { partner: section.partner },
        })
    }

    fn shelf(number: CollectionNumber, section: &ShelfSection) -> Result<Collection, BadName> {
        let section = section.clone();
        Ok(Collection {
            number,
            id: section.id,
            alias: section.alias,
            title: section.title,
            description: section.description,
            open: open_to(&section.readers)?,
            kind: CollectionKind::Shelf,
        })
    }

    /// Whether a user may read it: by name, or by role where no names are given.
    pub fn may_read(&self, user: &User) -> bool {
        self.open.may_read(user)
    }

    /// Whether a user may add to it. An outlet holds what was released, a shelf what
    /// partners warned us of, and nothing else.
    pub fn may_write(&self, user: &User) -> bool {
        match &self.kind {
            CollectionKind::Inlet(_) => self.open.may_write(user),
            CollectionKind::Outlet { .. } | CollectionKind::Shelf => false,
        }
    }
}
