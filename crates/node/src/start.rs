//! What a start does before there is a node: the signer, the store with its journal, what is on record, the card.

use crate::apart;
use crate::collection::Collections;
use crate::config::Config;
use crate::egress::{Egress, NoAuthorities};
use crate::home::{Home, HomeError};
use crate::on_record;
use crate::policies::NotUsable;
use crate::state::{State, command};
use crate::stated::Stated;
use forewarn_engine::order::{Acts, Embedded, Line};
use forewarn_engine::{Configuration, Core, Failure, Us, Work};
use forewarn_exchange::Refusal;
use forewarn_exchange::actor::{Actor, Part};
use forewarn_exchange::card::Card;
use forewarn_exchange::command::Ahead;
use forewarn_exchange::name::BadName;
use forewarn_exchange::proposal::Persons;
use forewarn_signer::{NotSigned, Signer, Where};
use forewarn_store::{Db, Store, StoreError};
use forewarn_transcript::{Keys, Note};
use std::path::PathBuf;
use std::sync::Arc;

/// How a node is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// To serve; it follows when another node writes to its journal.
    Serve,
    /// To serve, and to write to its journal, whoever does.
    TakeOver,
    /// To see whether it opens: nobody outside hears of it, its journal's servers neither.
    Drill,
}

/// Why a node does not start: the operator's to put right.
#[derive(Debug, thiserror::Error)]
pub enum NotStarted {
    /// The folder.
    #[error(transparent)]
    Home(#[from] HomeError),
    /// The configuration.
    #[error(transparent)]
    Config(#[from] crate::config::BadConfig),
    /// The node's or a partner's name in the configuration.
    #[error(transparent)]
    Name(#[from] BadName),
    /// The organisation's own policy.
    #[error(transparent)]
    Policies(#[from] NotUsable),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The journal apart.
    #[error(transparent)]
    Journal(#[from] apart::NoJournal),
    /// The writer.
    #[error(transparent)]
    Writer(#[from] Failure),
    /// The signer did not sign, or its answer is of no use.
    #[error("the signer: {0}")]
    Signer(#[from] NotSigned),
    /// The signer does not start.
    #[error("the signer: {0}")]
    SignerStart(#[from] std::io::Error),
    /// The signer's keys are not those that the database speaks of.
    #[error(transparent)]
    OtherKeys(#[from] crate::keys::OtherKeys),
    /// The node itself is not made as it should be.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database is not there, although something was signed with it.
    #[error(
        "`{}` is not there, and the signer has signed {remembered} logs: restore the database from a \
         backup. Without it nothing is known of users, cases and warnings, and what is written anew would \
         contradict what was signed",
        path.display()
    )]
    NoDatabase {
        /// Where it should be.
        path: PathBuf,
        /// How many logs were signed.
        remembered: usize,
    },
    /// The signer has no key.
    #[error("the signer holds no key")]
    NoKey,
    /// The authorities that TLS is checked by.
    #[error(transparent)]
    Authorities(#[from] NoAuthorities),
}

/// The configured signer, or one that is started for this folder.
pub(crate) fn signer_of(config: &Config, home: &Home) -> Result<Where, NotStarted> {
    if let Some(socket) = &config.signer.socket {
        return Ok(Where::Listening(home.path().join(socket)));
    }
    Ok(Where::Started { program: std::env::current_exe()?, home: home.path().to_owned() })
}

/// What decisions depend on, of the configuration and of the signer's keys.
pub(crate) fn configuration(stated: &Stated, signer: &Signer) -> Result<Configuration, NotStarted> {
    let config = &stated.config;
    let second = config.node.second_signature;
    let known = |keys: Option<&Keys>| {
        let keys = keys.cloned().ok_or(NotStarted::NoKey)?;
        Ok::<_, NotStarted>(Keys { mldsa44: keys.mldsa44.filter(|_| second), ..keys })
    };
    Ok(Configuration {
        name: stated.name.clone(),
        organisation: config.node.organisation.clone(),
        keys: known(signer.keys().first())?,
        newest: known(signer.keys().last())?,
        status: config.node.status,
        clocks: config.clocks.clone(),
        waivers: config.waivers.clone(),
        collections: stated.collections.clone(),
        administrators: if config.node.one_administrator { Persons::One } else { Persons::Two },
        two_approvers: config.release.two_approvers,
        policies: stated.policies.clone(),
        retention: config.retention,
        creators: stated.creators.clone(),
    })
}

/// What was signed of each log, as far as the signer remembers: the database, the memory, or both
/// may be old copies, so each log is still to be compared with what the partner holds. One without a
/// node holds nothing.
fn ahead(db: &Db<'_>, signer: &Signer) -> Result<Vec<Ahead>, StoreError> {
    let mut all = Vec::new();
    for partner in db.partners()?.into_iter().filter(|partner| !partner.without_node) {
        for ours in [true, false] {
            let Some(log) = db.log_with(partner.name(), ours)? else { continue };
            let signed = signer.last(&log.name).map_or(0, |(size, _)| size);
            if signed == 0 && db.newest_receipt(&log)?.is_some() {
                tracing::error!(
                    log = log.name,
                    "the signer remembers nothing of a log that was signed: `signed.log` was lost, or \
                     is an old copy. Put the newest one back; without it, nothing is signed until the \
                     partner has shown what was"
                );
            }
            all.push(Ahead { log: log.name, signed, uncompared: true });
        }
    }
    Ok(all)
}

/// The signer's keys are those that the database speaks of.
pub(crate) fn check_keys(db: &Db<'_>, signer: &Signer) -> Result<(), NotStarted> {
    let held: Vec<_> = signer.keys().iter().map(|keys| keys.ed25519).collect();
    Ok(crate::keys::check(db, &held)?)
}

/// The store and its journal, with this configuration on record.
pub(crate) fn line(
    (config, home, start): (&Config, &Home, Start),
    store: Store,
    configuration: &Configuration,
    signer: &Signer,
) -> Result<Line, NotStarted> {
    let signed = ahead(&store.db(), signer)?;
    let journal = apart::open((config, start), home, &store)?;
    let mut line = Line::new(Core::open(store, signed)?, journal.unwrap_or(Box::new(Embedded)));
    if !line.catch_up(apart::START_TIME) {
        let why = line.fares().and_then(|fares| fares.trouble).unwrap_or_default();
        tracing::error!(
            why,
            "the journal is not applied to its end: what was known of it is shown"
        );
    }
    if line.fares().is_some() {
        // What came from the journal is of another node's time: its keys, and logs that it has signed.
        let db = line.core().store().db();
        check_keys(&db, signer)?;
        ahead(&db, signer)?.into_iter().for_each(|one| line.core().barred().bar_known(one));
    }
    if let Some(us) = line.core().us() {
        for one in Collections::taken_out(us, config, config) {
            tracing::warn!("{one}");
        }
    }
    let recorded = line.core().us().map(|us| us.configuration.clone());
    let others = recorded.as_ref().map(|known| known.differences(configuration));
    let is_other = recorded.as_ref() != Some(configuration);
    if line.acts() == Acts::No {
        on_record::follows((config, home));
    } else if is_other && on_record::counts((config, home, start), recorded.as_ref()) {
        let work = Work::from(configuration.clone());
        line.first(command(Actor::Node(Part::Start), None, work), apart::CONFIGURE_TIME)?;
        on_record::put((config, home), configuration);
        return Ok(line);
    } else if !is_other {
        on_record::put((config, home), configuration);
    }
    if let Some(others) = others.filter(|_| is_other) {
        let keys = others.join(", ");
        tracing::warn!(
            keys,
            "forewarn.toml says otherwise than what is on record, which counts; `forewarn config reload` at \
             the node that writes puts its file on record"
        );
    }
    Ok(line)
}

/// Our contact card, as a signed note.
pub(crate) fn card(config: &Config, us: &Us, signer: &Signer) -> Result<(Card, String), NotSigned> {
    let card = Card {
        name: us.name().clone(),
        organisation: us.organisation().to_owned(),
        url: config.node.url.trim_end_matches('/').to_owned(),
        keys: us.configuration.newest.clone(),
    };
    let (text, key) = (card.text(), card.keys.ed25519);
    let signature = signer.access(&key, &text)?;
    let note = Note::signed(text, &card.name, &key, &signature).to_string();
    Ok((card, note))
}

/// The one way out.
pub(crate) fn egress(
    (config, home): (&Config, &Home),
    signer: &Arc<Signer>,
    state: &State,
) -> Result<Egress, NotStarted> {
    let authorities = config.egress.authorities.as_ref().map(|file| home.path().join(file));
    let networks = config.egress.networks.clone();
    Ok(Egress::new(signer.clone(), state.name(), authorities, networks)?)
}
