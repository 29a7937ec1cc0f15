//! Who this node is, as far as decisions depend on it: set by a command at each start with another
//! configuration, so that it is state like all else.

use crate::open_to::{self, OpenTo};
use forewarn_exchange::case::Case;
use forewarn_exchange::erasure::Retention;
use forewarn_exchange::id::CollectionNumber;
use forewarn_exchange::name::{NodeName, UserName};
use forewarn_exchange::proposal::Persons;
use forewarn_exchange::scale::{Clocks, Status};
use forewarn_exchange::shelf::ShelfRule;
use forewarn_exchange::waiver::WaiverRules;
use forewarn_exchange::{Code, Refusal};
use forewarn_policy::{House, PolicyFile};
use forewarn_stix::marking::Tlp;
use forewarn_store::{Db, StoreError};
use forewarn_transcript::{Keys, Party};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the node's file and its signer say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Configuration {
    /// The node's name.
    pub name: NodeName,
    /// What people call the organisation.
    pub organisation: String,
    /// Our first keys: those of channels that were opened before keys were kept with them.
    pub keys: Keys,
    /// The keys of the card, by which new channels are opened.
    pub newest: Keys,
    /// CAP status of the cases that the node opens by itself.
    pub status: Status,
    /// How long each urgency gives.
    pub clocks: Clocks,
    /// The collections, in the order of the file.
    pub collections: Vec<Listed>,
    /// How many administrators it takes to give somebody a role that drafts or releases. Chosen
    /// when the node is made: [`Configuration::check`].
    #[serde(default)]
    pub administrators: Persons,
    /// On which grounds a duty to warn may be waived, and who may decide each.
    #[serde(default)]
    pub waivers: WaiverRules,
    /// From which marking on a release takes two approvers; one is enough, when nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub two_approvers: Option<Tlp>,
    /// The organisation's own policy for what leaves, as its files were read at the start.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<PolicyFile>,
    /// How long what is over is kept.
    #[serde(default, skip_serializing_if = "Retention::is_default")]
    pub retention: Retention,
    /// Who may revoke objects of a creator, by the creator's identity.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub creators: BTreeMap<String, Creator>,
}

/// Who may revoke a creator's objects.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Creator {
    /// Accounts.
    pub accounts: Vec<UserName>,
    /// Sources of feeds.
    pub sources: Vec<String>,
}

impl Configuration {
    /// In what another one differs from it: keys and sections of `forewarn.toml`.
    pub fn differences(&self, other: &Configuration) -> Vec<&'static str> {
        let all = [
            ("node.name", self.name != other.name),
            ("node.organisation", self.organisation != other.organisation),
            ("the keys", self.keys != other.keys || self.newest != other.newest),
            ("node.status", self.status != other.status),
            ("node.one_administrator", self.administrators != other.administrators),
            ("clocks", self.clocks != other.clocks),
            ("waivers", self.waivers != other.waivers),
            ("collections", self.collections != other.collections),
            ("release.two_approvers", self.two_approvers != other.two_approvers),
            ("policy.files", self.policies != other.policies),
            ("retention", self.retention != other.retention),
            ("creators", self.creators != other.creators),
        ];
        all.into_iter().filter(|(_, is_other)| *is_other).map(|(key, _)| key).collect()
    }

    /// How many persons release what is marked so, beside whoever wrote it.
    pub fn approvers(&self, tlp: Tlp) -> Persons {
        match self.two_approvers {
            Some(from) if tlp >= from => Persons::Two,
            Some(_) | None => Persons::One,
        }
    }

    /// Whether it may follow what was set before.
    ///
    /// # Errors
    /// [`Code::Founding`] when one administrator is to be enough where it took two.
    pub(crate) fn check(&self, before: Option<&Configuration>) -> Result<(), Refusal> {
        match before {
            Some(before)
                if before.administrators == Persons::Two && self.administrators == Persons::One =>
            {
                let message =
                    "this node was made with two administrators; one is not enough for it";
                Err(Refusal::new(Code::Founding, message)
                    .advice("take `one_administrator` out of [node] in forewarn.toml"))
            }
            _ => Ok(()),
        }
    }
}

/// A collection, as far as decisions depend on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// A UUID.
    pub id: String,
    /// For an outlet, whose it is.
    pub outlet_of: Option<NodeName>,
    /// For a shelf, what stands on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shelf: Option<ShelfRule>,
    /// Whom it is open to. Commands of before this was recorded do not say: what was recorded last
    /// stays, else each node goes by its own file, and what is in no file is closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<OpenTo>,
}

/// A collection from which our own tools take what partners warned us of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelf {
    /// Its number in the tables.
    pub number: CollectionNumber,
    /// A UUID.
    pub id: String,
    /// What stands on it.
    pub rule: ShelfRule,
}

/// The configuration with what the tables say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Us {
    /// What was set last.
    pub configuration: Configuration,
    /// The numbers of the outlets of each partner.
    pub outlets: BTreeMap<NodeName, Vec<CollectionNumber>>,
    /// The shelves, in the order of the file.
    pub shelves: Vec<Shelf>,
    /// Each collection that there ever was, and whom it is open to; `None` where that is not on record.
    pub open: BTreeMap<CollectionNumber, Option<OpenTo>>,
    /// The organisation's own policy, read.
    pub house: Arc<House>,
}

const NAME: &str = "node";

impl Us {
    /// What the last command has set; `None` before the first.
    pub fn read(db: &Db<'_>) -> Result<Option<Us>, StoreError> {
        let Some(configuration) = db.setting::<Configuration>(NAME)? else { return Ok(None) };
        let mut outlets: BTreeMap<NodeName, Vec<CollectionNumber>> = BTreeMap::new();
        let mut shelves = Vec::new();
        for one in &configuration.collections {
            let Some(number) = db.collection_number(&one.id)? else { continue };
            if let Some(partner) = &one.outlet_of {
                outlets.entry(partner.clone()).or_default().push(number);
            }
            if let Some(rule) = one.shelf {
                shelves.push(Shelf { number, id: one.id.clone(), rule });
            }
        }
        let house = Arc::new(House::new(&configuration.policies));
        let open = open_to::read(db)?;
        Ok(Some(Us { configuration, outlets, shelves, open, house }))
    }

    /// Name and first keys.
    pub fn party(&self) -> Party {
        let Configuration { name, keys, .. } = &self.configuration;
        Party { name: name.to_string(), keys: keys.clone() }
    }

    /// Our node's name.
    pub fn name(&self) -> &NodeName {
        &self.configuration.name
    }

    /// How long there is for what concerns a partner: as the agreement with it says. Whatever sets a
    /// clock asks here.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn clocks_with(&self, db: &Db<'_>, partner: &NodeName) -> Result<Clocks, StoreError> {
        let (ours, known) = (&self.configuration.clocks, db.partner(partner)?);
        Ok(known.map_or_else(|| ours.clone(), |partner| partner.clocks(ours)))
    }

    /// The clocks of a case: those that count for its partner, at the speed of its exercise.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn clocks_of(&self, db: &Db<'_>, case: &Case) -> Result<Clocks, StoreError> {
        Ok(self.clocks_with(db, &case.partner)?.of_exercise(case.exercise))
    }

    /// What people call us.
    pub fn organisation(&self) -> &str {
        &self.configuration.organisation
    }
}

/// Sets it; each collection that was never there gets a number.
pub(crate) fn set(db: &Db<'_>, configuration: &Configuration) -> Result<(), StoreError> {
    for one in &configuration.collections {
        if one.outlet_of.is_some() || one.shelf.is_some() {
            db.number_of_outlet(&one.id)?;
        } else {
            db.number_of_inlet(&one.id)?;
        }
    }
    let stated = configuration.collections.iter();
    open_to::set(db, stated.filter_map(|one| Some((one.id.as_str(), one.open.as_ref()?))))?;
    db.set_setting(NAME, configuration)
}
