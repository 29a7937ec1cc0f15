//! A node, put together: what the web and the command line are given.

use crate::access::Nonces;
use crate::accounts::Accounts;
use crate::channel::Side;
use crate::channel::whole::Whole;
use crate::clock;
use crate::collection::Collections;
use crate::config::Config;
use crate::egress::{Egress, NoAuthorities};
use crate::engine::{Engine, Failure, Us, Work};
use crate::feeder::AllFares;
use crate::home::{Home, HomeError};
use crate::interests::Interests;
use crate::limits::Limits;
use forewarn_exchange::card::Card;
use forewarn_exchange::command::Command;
use forewarn_exchange::ids::Ids;
use forewarn_exchange::partner::Standing;
use forewarn_exchange::user::{Permission, User};
use forewarn_exchange::{Act, Refusal};
use forewarn_signer::{NotSigned, Signer, Where};
use forewarn_store::{Db, Readers, Store, StoreError};
use forewarn_transcript::{Hash, Keys, Note, Party};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Most pages in memory at the same time: 24 of 8 MiB, at the most.
const MAX_PAGES: usize = 24;
/// How long a request waits for its turn among them.
const PAGE_TIME: Duration = Duration::from_secs(20);

/// Everything that a running node has. Shared; never changed once it runs.
pub struct Node {
    pub config: Config,
    pub collections: Collections,
    pub home: Home,
    pub us: Us,
    pub signer: Arc<Signer>,
    pub engine: Engine,
    pub readers: Readers,
    pub egress: Egress,
    pub nonces: Nonces,
    /// Which logs were read whole.
    pub whole: Whole,
    pub limits: Limits,
    /// What partners have registered, to be matched.
    pub interests: Interests,
    /// How the feeds fare.
    pub fares: AllFares,
    accounts: Arc<Accounts>,
    pages: Arc<Semaphore>,
    /// Held as long as the node is.
    _lock: std::fs::File,
    /// One at a time is received from each partner: the check before the cosignature and the
    /// commit behind it see the same log.
    receiving: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
}

/// Why a node does not start.
#[derive(Debug, thiserror::Error)]
pub enum NotStarted {
    #[error(transparent)]
    Home(#[from] HomeError),
    #[error(transparent)]
    Config(#[from] crate::config::BadConfig),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the signer: {0}")]
    Signer(#[from] NotSigned),
    #[error("the signer: {0}")]
    SignerStart(#[from] std::io::Error),
    #[error("the signer holds no key")]
    NoKey,
    #[error(transparent)]
    Authorities(#[from] NoAuthorities),
}

/// The configured signer, or one that is started for this folder.
fn signer_of(config: &Config, home: &Home) -> Result<Where, NotStarted> {
    if let Some(socket) = &config.signer.socket {
        return Ok(Where::Listening(home.path().join(socket)));
    }
    Ok(Where::Started { program: std::env::current_exe()?, home: home.path().to_owned() })
}

impl Node {
    /// Opens a home: nothing listens and nothing is sent yet.
    pub fn open(
        home: Home,
        variables: impl Iterator<Item = (String, String)>,
    ) -> Result<Arc<Node>, NotStarted> {
        let config = Config::read(&home.config(), variables)?;
        let lock = home.lock()?;
        let name = config.node.name.clone();
        let signer = Arc::new(Signer::apart(signer_of(&config, &home)?)?);
        let second = config.node.second_signature;
        let known = |keys: Option<&Keys>| {
            let keys = keys.cloned().ok_or(NotStarted::NoKey)?;
            Ok::<_, NotStarted>(Keys { mldsa44: keys.mldsa44.filter(|_| second), ..keys })
        };
        let keys = known(signer.keys().first())?;
        let mut us = Us {
            party: Party { name: name.clone(), keys },
            newest: known(signer.keys().last())?,
            organisation: config.node.organisation.clone(),
            status: config.node.status,
            outlets: BTreeMap::new(),
            signer: signer.clone(),
        };
        let mut store = Store::open(&home.database())?;
        let collections = Collections::open(&mut store, &config)?;
        us.outlets = collections.outlets();
        let readers = store.readers();
        let authorities = config.egress.authorities.as_ref().map(|file| home.path().join(file));
        let egress = Egress::new(signer.clone(), &name, authorities)?;
        let accounts = Arc::new(Accounts::default());
        let engine = Engine::start(store, us.clone(), accounts.clone())?;
        Ok(Arc::new(Node {
            collections,
            readers,
            egress,
            nonces: Nonces::default(),
            whole: Whole::default(),
            fares: AllFares::default(),
            interests: Interests::default(),
            limits: Limits::new(&config.limits),
            accounts,
            pages: Arc::new(Semaphore::new(MAX_PAGES)),
            receiving: Mutex::new(HashMap::new()),
            config,
            home,
            us,
            signer,
            engine,
            _lock: lock,
        }))
    }

    /// Our contact card, as a signed note.
    pub fn card(&self) -> Result<(Card, String), Failure> {
        let card = Card {
            name: self.us.party.name.clone(),
            organisation: self.us.organisation.clone(),
            url: self.config.node.url.clone(),
            keys: self.us.newest.clone(),
        };
        let text = card.text();
        let key = card.keys.ed25519;
        let signature = self.signer.access(&key, &text);
        let signature = signature.map_err(|e| Refusal::new("signer", e.to_string()))?;
        let note = Note::signed(text, &card.name, &key, &signature).to_string();
        Ok((card, note))
    }

    /// What the work of the channel needs.
    pub fn side(&self) -> Side<'_> {
        Side { us: &self.us, signer: &self.signer, whole: &self.whole }
    }

    /// Submits an act of a person; `id` is the caller's, so that a retry is applied once.
    pub async fn act(
        self: &Arc<Node>,
        actor: &str,
        id: Option<String>,
        act: Act,
    ) -> Result<Value, Failure> {
        self.engine.submit(self.command(actor, id, Work::Act(act))).await
    }

    /// Submits what the node itself brings.
    pub async fn work(&self, actor: &str, work: Work) -> Result<Value, Failure> {
        self.engine.submit(self.command(actor, None, work)).await
    }

    fn command(&self, actor: &str, id: Option<String>, act: Work) -> Command<Work> {
        let id = id.unwrap_or_else(|| Ids::new(clock::seed()).id("command"));
        let (time, seed) = (clock::now(), clock::seed());
        let clocks = self.config.clocks;
        Command { id, actor: actor.to_owned(), time, seed, clocks, act }
    }

    /// Reads from a snapshot, on a thread that may wait for the disk.
    pub async fn read<T: Send + 'static>(
        self: &Arc<Node>,
        work: impl FnOnce(Db<'_>, &Node) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let node = self.clone();
        let done = tokio::task::spawn_blocking(move || node.readers.read(|db| work(db, &node)));
        done.await.map_err(|e| {
            if e.is_panic() {
                // A bug of ours, in one read: said and logged, and nothing else ends by it.
                Failure::Store(format!("a read ended in a panic: {e}"))
            } else {
                Failure::Stopping
            }
        })?
    }

    /// Reads a page to be sent. Its permit bounds how many there are in memory: whoever sends it
    /// keeps it until the last byte has gone.
    pub async fn page<T: Send + 'static>(
        self: &Arc<Node>,
        work: impl FnOnce(Db<'_>, OwnedSemaphorePermit) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let permit = tokio::time::timeout(PAGE_TIME, self.pages.clone().acquire_owned()).await;
        let permit = permit.map_err(|_| Failure::Busy)?.map_err(|_| Failure::Stopping)?;
        self.read(move |db, _| work(db, permit)).await
    }

    /// The user that a token belongs to.
    pub async fn token_user(self: &Arc<Node>, token: &str) -> Result<Option<User>, Failure> {
        self.user_by(Hash::of(token.as_bytes())).await
    }

    /// Whether a partner may be spoken to: what is released to it goes out.
    pub async fn is_confirmed(self: &Arc<Node>, partner: &str) -> Result<bool, Failure> {
        let name = partner.to_owned();
        let known = self.read(move |db, _| Ok(db.partner(&name)?)).await?;
        Ok(known.is_some_and(|known| matches!(known.standing, Standing::Confirmed { .. })))
    }

    /// The user that a token or certificate with this SHA-256 belongs to.
    pub async fn user_by(self: &Arc<Node>, digest: Hash) -> Result<Option<User>, Failure> {
        let change = match self.accounts.find(digest) {
            Ok(user) => return Ok(Some(user)),
            Err(change) => change,
        };
        let found = self.read(move |db, _| Ok(db.token_user(digest)?)).await?;
        if let Some(user) = &found {
            self.accounts.remember(change, digest, user);
        }
        Ok(found)
    }

    /// The user of that name, when it may do this.
    pub async fn permitted(
        self: &Arc<Node>,
        name: &str,
        permission: Permission,
    ) -> Result<User, Failure> {
        let name = name.to_owned();
        self.read(move |db, _| {
            let user = db.user(&name)?.ok_or_else(|| {
                Refusal::new("no-user", format!("there is no user `{name}`"))
                    .hint("say who you are with --as NAME; add users with `forewarn user add`")
            })?;
            user.must(permission)?;
            Ok(user)
        })
        .await
    }

    /// Whether a receipt for this size of a log is held.
    pub(crate) async fn has_receipt(
        self: &Arc<Node>,
        log: &str,
        size: u64,
    ) -> Result<bool, Failure> {
        let log = log.to_owned();
        self.read(move |db, _| {
            let Some(row) = db.log(&log)? else { return Ok(false) };
            Ok(db.receipt(&row, size)?.is_some())
        })
        .await
    }

    pub(crate) fn receiving(&self, partner: &str) -> Arc<tokio::sync::Mutex<()>> {
        match self.receiving.lock() {
            Ok(mut map) => map.entry(partner.to_owned()).or_default().clone(),
            Err(_) => Arc::default(),
        }
    }
}
