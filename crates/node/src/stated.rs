//! What the operator states: the configuration with the files that it names, read and checked as a
//! whole. Whoever says whether a node could start asks here, as the start does.

use crate::apart;
use crate::collection::Collections;
use crate::config::{Config, CreatorSection, TlsSection};
use crate::home::Home;
use crate::oidc::Providers;
use crate::policies;
use crate::start::NotStarted;
use forewarn_engine::{Creator, Listed};
use forewarn_exchange::name::{BadName, NodeName, UserName};
use forewarn_policy::PolicyFile;
use forewarn_transcript::Hash;
use std::collections::{BTreeMap, HashMap};

/// A configuration with which a node can start.
pub struct Stated {
    /// The file, with the variables of the environment over it.
    pub config: Config,
    pub(crate) name: NodeName,
    pub(crate) collections: Vec<Listed>,
    pub(crate) policies: Vec<PolicyFile>,
    pub(crate) creators: BTreeMap<String, Creator>,
    pub(crate) providers: Providers,
    /// The SHA-256 of the certificate's file and its key's, as they are now; none without `[tls]`, or
    /// where they cannot be read.
    pub(crate) certificate: Option<Hash>,
}

impl Stated {
    /// Reads it all; nothing is opened for writing.
    ///
    /// # Errors
    /// The first thing with which no node would start.
    pub fn read(home: &Home, variables: &HashMap<String, String>) -> Result<Stated, NotStarted> {
        let config = Config::read(&home.config(), variables.clone().into_iter())?;
        if let Some(section) = &config.journal {
            apart::check(section, home)?;
        }
        Ok(Stated {
            name: NodeName::parse(&config.node.name)?,
            collections: Collections::listed(&config)?,
            policies: policies::read(&config.policy, home.path())?,
            creators: creators(&config)?,
            providers: Providers::open(&config.oidc, &home.secrets(), variables)?,
            certificate: config.tls.as_ref().and_then(|tls| certificate(tls, home)),
            config,
        })
    }
}

fn certificate(tls: &TlsSection, home: &Home) -> Option<Hash> {
    let read = |file: &str| std::fs::read(home.path().join(file)).ok();
    let both = [read(&tls.certificate)?, read(&tls.key)?].concat();
    Some(Hash::of(&both))
}

/// Who may revoke whose objects.
fn creators(config: &Config) -> Result<BTreeMap<String, Creator>, BadName> {
    let mut all = BTreeMap::new();
    for CreatorSection { id, accounts, sources } in &config.creators {
        let accounts =
            accounts.iter().map(|name| UserName::parse(name)).collect::<Result<_, _>>()?;
        all.insert(id.clone(), Creator { accounts, sources: sources.clone() });
    }
    Ok(all)
}
