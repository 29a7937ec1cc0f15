//! The TAXII collections of the configuration: what each takes or gives, and who may use it.

use crate::clock;
use crate::config::{CollectionSection, Config, OutletSection};
use forewarn_exchange::ids::Ids;
use forewarn_exchange::user::{Permission, User};
use forewarn_stix::marking::Tlp;
use forewarn_store::intake::NewIntake;
use forewarn_store::{Db, Store, StoreError};
use std::collections::BTreeMap;

/// One collection.
#[derive(Debug, Clone)]
pub struct Collection {
    /// Its number in the tables.
    pub number: i64,
    /// A UUID.
    pub id: String,
    pub alias: String,
    pub title: String,
    pub description: Option<String>,
    readers: Option<Vec<String>>,
    pub kind: Kind,
}

/// What a collection is for.
#[derive(Debug, Clone)]
pub enum Kind {
    /// Items are taken in by it.
    Inlet(Inlet),
    /// A partner fetches from it what was released to it.
    Outlet { partner: String },
}

/// How items are taken in.
#[derive(Debug, Clone)]
pub struct Inlet {
    pub source: Option<String>,
    pub grade: Option<String>,
    /// What items count as that have no marking of their own.
    pub marking: Option<Tlp>,
    /// The types that it takes; all, when empty.
    pub accepts: Vec<String>,
    writers: Option<Vec<String>>,
}

/// All of them, in the order of the configuration.
#[derive(Debug, Clone, Default)]
pub struct Collections(Vec<Collection>);

impl Collections {
    /// Gives each its number; one that was never there gets a new one.
    pub(crate) fn open(store: &mut Store, config: &Config) -> Result<Collections, StoreError> {
        let ids = config.collections.iter().map(|one| &one.id);
        let ids = ids.chain(config.outlets.iter().map(|one| &one.id));
        // Most starts find them all there, and write nothing.
        let mut are_new = false;
        for id in ids {
            are_new |= store.db().collection_number(id)?.is_none();
        }
        if !are_new {
            return Collections::numbered(&store.db(), config);
        }
        let batch = store.begin()?;
        let all = Collections::numbered(&batch.db(), config)?;
        batch.commit()?;
        Ok(all)
    }

    fn numbered(db: &Db<'_>, config: &Config) -> Result<Collections, StoreError> {
        let mut all = Vec::new();
        for section in &config.collections {
            all.push(Collection::inlet(db.number_of_inlet(&section.id)?, section));
        }
        for section in &config.outlets {
            all.push(Collection::outlet(db.number_of_outlet(&section.id)?, section));
        }
        Ok(Collections(all))
    }

    pub fn iter(&self) -> impl Iterator<Item = &Collection> {
        self.0.iter()
    }

    /// By its id or alias.
    pub fn named(&self, name: &str) -> Option<&Collection> {
        self.iter().find(|one| one.id == name || one.alias == name)
    }

    /// The one that items go to which are taken in by hand: the first.
    pub fn first_inlet(&self) -> Option<(i64, &Inlet)> {
        self.iter().find_map(|one| match &one.kind {
            Kind::Inlet(inlet) => Some((one.number, inlet)),
            Kind::Outlet { .. } => None,
        })
    }

    /// The numbers of the outlets of each partner.
    pub(crate) fn outlets(&self) -> BTreeMap<String, Vec<i64>> {
        let mut all: BTreeMap<String, Vec<i64>> = BTreeMap::new();
        for one in self.iter() {
            if let Kind::Outlet { partner } = &one.kind {
                all.entry(partner.clone()).or_default().push(one.number);
            }
        }
        all
    }
}

impl Inlet {
    /// A new intake by it, by this actor, called so.
    pub fn intake(&self, actor: &str, name: String) -> NewIntake {
        NewIntake {
            id: Ids::new(clock::seed()).uuid(),
            time: clock::now().to_string(),
            actor: actor.to_owned(),
            source: self.source.clone(),
            grade: self.grade.clone(),
            marking: self.marking.map(|tlp| tlp.to_string()),
            name: Some(name),
        }
    }
}

impl Collection {
    fn inlet(number: i64, section: &CollectionSection) -> Collection {
        let section = section.clone();
        let inlet = Inlet {
            source: section.source,
            grade: section.grade,
            marking: section.marking,
            accepts: section.accepts,
            writers: section.writers,
        };
        Collection {
            number,
            id: section.id,
            alias: section.alias,
            title: section.title,
            description: section.description,
            readers: section.readers,
            kind: Kind::Inlet(inlet),
        }
    }

    fn outlet(number: i64, section: &OutletSection) -> Collection {
        let section = section.clone();
        Collection {
            number,
            id: section.id,
            alias: section.alias,
            title: section.title,
            description: section.description,
            readers: Some(section.readers),
            kind: Kind::Outlet { partner: section.partner },
        }
    }

    /// Whether a user may read it: by name, or by role where no names are given.
    pub fn may_read(&self, user: &User) -> bool {
        match &self.readers {
            Some(names) => names.contains(&user.name),
            None => user.permits(Permission::Read),
        }
    }

    /// Whether a user may add to it. An outlet holds what was released, and nothing else.
    pub fn may_write(&self, user: &User) -> bool {
        match &self.kind {
            Kind::Inlet(Inlet { writers: Some(names), .. }) => names.contains(&user.name),
            Kind::Inlet(_) => user.permits(Permission::TakeIn),
            Kind::Outlet { .. } => false,
        }
    }
}
