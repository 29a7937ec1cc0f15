//! The TAXII collections of the configuration: what each takes or gives, and who may use it.

use crate::config::{CollectionSection, Config, OutletSection, ShelfSection};
use forewarn_engine::Listed;
use forewarn_exchange::id::CollectionNumber;
use forewarn_exchange::name::{BadName, NodeName};
use forewarn_exchange::user::{Permission, User};
use forewarn_stix::marking::Tlp;
use forewarn_store::sight::Sight;
use forewarn_store::{Db, StoreError};

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
    readers: Option<Vec<String>>,
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
    writers: Option<Vec<String>>,
}

/// All of them, in the order of the configuration.
#[derive(Debug, Clone, Default)]
pub struct Collections(Vec<Collection>);

impl Collections {
    /// The collections of the configuration, each with the number that it has on record.
    pub(crate) fn open(db: &Db<'_>, config: &Config) -> Result<Collections, StoreError> {
        let number = |id: &str| {
            let found = db.collection_number(id)?;
            found.ok_or_else(|| StoreError::Damaged {
                what: format!("collection {id}"),
                why: "it has no number".to_owned(),
            })
        };
        let mut all = Vec::new();
        for section in &config.collections {
            all.push(Collection::inlet(number(&section.id)?, section));
        }
        for section in &config.outlets {
            all.push(Collection::outlet(number(&section.id)?, section));
        }
        for section in &config.shelves {
            all.push(Collection::shelf(number(&section.id)?, section));
        }
        Ok(Collections(all))
    }

    /// What decisions depend on of them.
    pub(crate) fn listed(config: &Config) -> Result<Vec<Listed>, BadName> {
        let inlets = config.collections.iter();
        let mut all: Vec<Listed> =
            inlets.map(|one| Listed { id: one.id.clone(), outlet_of: None, shelf: None }).collect();
        for one in &config.outlets {
            let outlet_of = Some(NodeName::parse(&one.partner)?);
            all.push(Listed { id: one.id.clone(), outlet_of, shelf: None });
        }
        for one in &config.shelves {
            all.push(Listed { id: one.id.clone(), outlet_of: None, shelf: Some(one.rule()) });
        }
        Ok(all)
    }

    /// All of them, in the order of the configuration.
    pub fn iter(&self) -> impl Iterator<Item = &Collection> {
        self.0.iter()
    }

    /// The one with this id or alias.
    pub fn named(&self, name: &str) -> Option<&Collection> {
        self.iter().find(|one| one.id == name || one.alias == name)
    }

    /// What a user may see of what came in.
    pub fn sight(&self, user: &User) -> Sight {
        let inlets = self.iter().filter(|one| matches!(one.kind, CollectionKind::Inlet(_)));
        Sight::without(inlets.filter(|one| !one.may_read(user)).map(|one| one.number))
    }

    /// The one that items go to which are taken in by hand: the first.
    pub fn first_inlet(&self) -> Option<(&Collection, &Inlet)> {
        self.iter().find_map(|one| match &one.kind {
            CollectionKind::Inlet(inlet) => Some((one, inlet)),
            CollectionKind::Outlet { .. } | CollectionKind::Shelf => None,
        })
    }
}

impl Collection {
    fn inlet(number: CollectionNumber, section: &CollectionSection) -> Collection {
        let section = section.clone();
        let inlet = Inlet {
            source: section.source,
            grade: section.grade,
            marking: section.marking,
            accepts: section.accepts,
            strict: section.strict,
            writers: section.writers,
        };
        Collection {
            number,
            id: section.id,
            alias: section.alias,
            title: section.title,
            description: section.description,
            readers: section.readers,
            kind: CollectionKind::Inlet(inlet),
        }
    }

    fn outlet(number: CollectionNumber, section: &OutletSection) -> Collection {
        let section = section.clone();
        Collection {
            number,
            id: section.id,
            alias: section.alias,
            title: section.title,
            description: section.description,
            readers: Some(section.readers),
            kind: CollectionKind::Outlet { partner: section.partner },
        }
    }

    fn shelf(number: CollectionNumber, section: &ShelfSection) -> Collection {
        let section = section.clone();
        Collection {
            number,
            id: section.id,
            alias: section.alias,
            title: section.title,
            description: section.description,
            readers: Some(section.readers),
            kind: CollectionKind::Shelf,
        }
    }

    /// Whether a user may read it: by name, or by role where no names are given.
    pub fn may_read(&self, user: &User) -> bool {
        match &self.readers {
            Some(names) => names.iter().any(|name| *name == *user.name),
            None => user.permits(Permission::Read),
        }
    }

    /// Whether a user may add to it. An outlet holds what was released, a shelf what
    /// partners warned us of, and nothing else.
    pub fn may_write(&self, user: &User) -> bool {
        match &self.kind {
            CollectionKind::Inlet(Inlet { writers: Some(names), .. }) => {
                names.iter().any(|name| *name == *user.name)
            }
            CollectionKind::Inlet(_) => user.permits(Permission::TakeIn),
            CollectionKind::Outlet { .. } | CollectionKind::Shelf => false,
        }
    }
}
