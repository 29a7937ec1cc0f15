//! A node, put together: what the web and the command line are given.

use crate::access::{Nonces, Stranger};
use crate::accounts::{Accounts, Admitted};
use crate::backup::ScheduleFares;
use crate::channel::compare::Comparisons;
use crate::channel::{self, Channels};
use crate::clock;
use crate::collection::Collections;
use crate::config::Config;
use crate::doer::Doer;
use crate::feeder::{AllFares, Feeder};
use crate::home::Home;
use crate::intake::Intakes;
use crate::interests::Interests;
use crate::limits::{Limits, Quotas};
use crate::listed::Listed;
use crate::matcher::Matcher;
use crate::metrics::Metrics;
use crate::needs::Sources;
use crate::reader;
use crate::reading::Reading;
use crate::settings::Settings;
use crate::shares::{Share, Shares};
use crate::sign_in::SignIns;
use crate::start::{NotStarted, Start, card, check_keys, configuration, egress, line, signer_of};
use crate::state::{State, on_a_thread};
use crate::stated::Stated;
use crate::teller::heartbeat::Heartbeat;
use crate::teller::{Notifiers, Teller};
use crate::watch::Watch;
use crate::writes::{self, Written};
use forewarn_engine::order::Acts;
use forewarn_engine::{Configuration, Failure};
use forewarn_exchange::act::PartnerAct;
use forewarn_exchange::actor::Actor;
use forewarn_exchange::answer::Answer;
use forewarn_exchange::card::Card;
use forewarn_exchange::name::UserName;
use forewarn_exchange::refusal::Hint;
use forewarn_exchange::user::{Permission, User};
use forewarn_exchange::{Act, Code, Refusal};
use forewarn_signer::Signer;
use forewarn_stix::Timestamp;
use forewarn_store::begun::Begun;
use forewarn_store::outside::Outside;
use forewarn_store::search::Search;
use forewarn_store::sight::Sight;
use forewarn_store::{Db, Store, StoreError};
use forewarn_transcript::Hash;
use std::collections::{BTreeSet, HashMap};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, watch};

/// Most pages in memory at the same time: 24 of 8 MiB, at the most.
const MAX_PAGES: u64 = 24;

/// Everything that a running node has. Shared; what of its configuration may change while it runs is
/// changed by [`crate::reload`] alone.
pub struct Node {
    /// The configuration by the file and the environment, as it counts now.
    pub(crate) config: watch::Sender<Arc<Config>>,
    /// Each of its values, and what the file as it is now would change.
    pub settings: Settings,
    /// What the file says of what decisions depend on; what counts is on record.
    pub(crate) says: Mutex<Configuration>,
    /// The collections of the configuration, with their numbers.
    pub(crate) collections: watch::Sender<Arc<Collections>>,
    /// Held by whoever changes the configuration: one at a time.
    pub(crate) reloading: Arc<tokio::sync::Mutex<()>>,
    /// The node's folder.
    pub home: Home,
    /// What commands have set.
    pub state: State,
    /// A reader's own writes.
    pub reading: Reading,
    /// Whether it acted when it was opened: another node may do so in its place.
    pub acts: bool,
    /// The channels with partners.
    pub channels: Channels,
    /// What comes in.
    pub intakes: Intakes,
    /// What partners have registered, to be matched.
    pub interests: Arc<Interests>,
    /// How the feeds fare.
    pub fares: Arc<AllFares>,
    /// What stands on shelves, as lists.
    pub listed: Arc<Listed>,
    /// Stands for partners that there are not, where one asks.
    pub stranger: Stranger,
    /// Requests of partners that were used.
    pub nonces: Nonces,
    /// How much each account may use.
    pub limits: Arc<Limits>,
    /// Memory for bodies of requests while they are read and worked on.
    pub bodies: Arc<Shares>,
    /// Places for readers of documents: an account has one at a time.
    pub readers: Arc<Shares>,
    /// How the followers fare.
    pub watch: Arc<Watch>,
    /// What is kept of the figures from one question to the next.
    pub(crate) metrics: Metrics,
    /// How the backups fare that the node makes by itself.
    pub backup_fares: Arc<ScheduleFares>,
    /// Variables of the environment, as the node was started with them.
    pub(crate) variables: HashMap<String, String>,
    /// What was begun at the desk and not sent.
    pub(crate) begun: Arc<Begun>,
    /// What witnesses have cosigned of our logs.
    pub outside: Arc<Outside>,
    /// Where words stand, for whoever searches.
    pub search: Arc<Search>,
    pub(crate) signer: Arc<Signer>,
    /// Signed once, when the node starts: whoever asks for it waits for nobody.
    card: (Card, String),
    accounts: Accounts,
    /// How people sign in.
    pub sign_ins: SignIns,
    pub(crate) feed_quotas: Arc<Quotas>,
    /// Ids of messages to people that are under way.
    under_way: Arc<Mutex<BTreeSet<String>>>,
    pages: Arc<Shares>,
    /// Held as long as the node is.
    _lock: std::fs::File,
}

impl Node {
    /// Opens a home: nothing listens and nothing is sent yet.
    pub fn open(
        home: Home,
        variables: impl Iterator<Item = (String, String)>,
        start: Start,
    ) -> Result<Arc<Node>, NotStarted> {
        let variables: HashMap<String, String> = variables.collect();
        let stated = Stated::read(&home, &variables)?;
        let lock = home.lock()?;
        for path in home.close_to_others() {
            let path = path.display();
            tracing::warn!("`{path}` was open to others on this machine; now it is its owner's");
        }
        crate::backup::say_restored(&home);
        let signer = Arc::new(Signer::apart(signer_of(&stated.config, &home)?)?);
        let configuration = configuration(&stated, &signer)?;
        let settings = Settings::started(&home, &stated, &variables);
        let Stated { config, providers, .. } = stated;
        let remembered = signer.remembered();
        if remembered > 0 && !home.database().exists() {
            return Err(NotStarted::NoDatabase { path: home.database(), remembered });
        }
        let store = Store::open(&home.database())?;
        check_keys(&store.db(), &signer)?;
        let line = line((&config, &home, start), store, &configuration, &signer)?;
        let (acts, reading) = (line.acts() != Acts::No, Reading::open(&home)?);
        let core = line.core();
        let collections = Collections::open(&core.store().db(), &config)?;
        let logs = (core.barred().clone(), Comparisons::new(&core.store().db().partners()?));
        let state = State::start(line)?;
        let card = card(&config, &state.us(), &signer)?;
        let egress = egress((&config, &home), &signer, &state)?;
        let sign_ins =
            SignIns::open(state.clone(), &home.accounts_key(), (providers, egress.clone()))?;
        Ok(Arc::new(Node {
            settings,
            sign_ins,
            channels: Channels::new(
                state.clone(),
                egress,
                signer.clone(),
                logs,
                Quotas::new(config.quota),
            ),
            intakes: Intakes::new(state.clone()),
            accounts: Accounts::new(state.engine().follow_accounts()),
            watch: Watch::new(state.engine()),
            metrics: Metrics::default(),
            backup_fares: Arc::default(),
            begun: Arc::new(Begun::at(&home.begun())),
            outside: Arc::new(Outside::at(&home.outside())),
            search: Arc::new(Search::at(&home.search())),
            stranger: Stranger::new(&clock::seed(), &clock::now())?,
            nonces: Nonces::default(),
            fares: Arc::default(),
            listed: Arc::default(),
            feed_quotas: Arc::new(Quotas::of_feeds(config.feeds)),
            interests: Arc::default(),
            limits: Arc::new(Limits::new(&config.limits)),
            pages: Shares::new(MAX_PAGES),
            bodies: Shares::new(config.limits.body_memory),
            readers: Shares::new(reader::SHARES),
            under_way: Arc::default(),
            reloading: Arc::default(),
            says: Mutex::new(configuration),
            collections: watch::Sender::new(Arc::new(collections)),
            config: watch::Sender::new(Arc::new(config)),
            variables,
            home,
            signer,
            card,
            state,
            acts,
            reading,
            _lock: lock,
        }))
    }

    /// The configuration as it counts now.
    pub fn config(&self) -> Arc<Config> {
        self.config.borrow().clone()
    }

    /// The collections of the configuration, with their numbers; open to whom they are by the record.
    pub fn collections(&self) -> Collections {
        self.collections.borrow().by_record(&self.state.us())
    }

    /// In what the file says otherwise than what is on record, which counts.
    pub fn not_on_record(&self) -> Vec<&'static str> {
        let says = self.says.lock().unwrap_or_else(PoisonError::into_inner);
        self.state.us().configuration.differences(&says)
    }

    /// For how long nothing was heard of the journal's servers, when that is longer than `[journal]
    /// silence`: whoever comes over the network may have been shut out elsewhere.
    pub fn cut_off(&self) -> Option<Duration> {
        let silent = self.state.engine().silent_for()?;
        let most = self.config().journal.as_ref()?.silence.get();
        (silent > Duration::from_secs(most.into())).then_some(silent)
    }

    /// What a user may see of what came in.
    pub fn sight(&self, user: &User) -> Sight {
        self.collections.borrow().sight(&self.state.us(), user)
    }

    /// Where it is read what needs somebody.
    pub fn sources(&self) -> Sources {
        Sources {
            state: self.state.clone(),
            tries: self.channels.tries.clone(),
            fares: self.fares.clone(),
            watch: self.watch.clone(),
            notifiers: self.config().notifiers.iter().map(|one| one.name.clone()).collect(),
        }
    }

    /// What sends messages to our people.
    pub fn notifiers(&self) -> Notifiers {
        let config = self.config();
        let authorities = config.egress.authorities.as_ref();
        let authorities = authorities.map(|file| self.home.path().join(file));
        Notifiers::new(
            &config.notifiers,
            self.channels.egress.clone(),
            (self.home.secrets(), authorities),
            (&config.node.name, &config.node.url),
        )
    }

    /// What tells people what needs them.
    pub(crate) fn teller(&self) -> Teller {
        Teller {
            state: self.state.clone(),
            sources: self.sources(),
            collections: self.collections.borrow().clone(),
            notifiers: self.notifiers(),
            under_way: self.under_way.clone(),
        }
    }

    /// What says that the node is well, where somebody is to be told.
    pub(crate) fn heartbeat(&self) -> Option<Heartbeat> {
        let section = self.config().heartbeat.clone()?;
        Some(Heartbeat {
            section,
            state: self.state.clone(),
            watch: self.watch.clone(),
            egress: self.channels.egress.clone(),
        })
    }

    /// What follows the items.
    pub(crate) fn matcher(&self) -> Matcher {
        Matcher {
            state: self.state.clone(),
            interests: self.interests.clone(),
            look_back: self.config().matching.look_back_micros(),
        }
    }

    /// What follows the feeds.
    pub(crate) fn feeder(&self) -> Feeder {
        Feeder {
            state: self.state.clone(),
            egress: self.channels.egress.clone(),
            collections: self.collections.borrow().clone(),
            fares: self.fares.clone(),
            quotas: self.feed_quotas.clone(),
            secrets: self.home.secrets(),
        }
    }

    /// Our contact card, and the same as a signed note.
    pub fn card(&self) -> &(Card, String) {
        &self.card
    }

    /// Ends the signer that the node has started, even one that hangs.
    pub fn close(&self) {
        self.signer.close();
    }

    /// Submits an act of a person; `id` is the caller's, so that a retry is applied once.
    pub async fn act(&self, doer: Doer, id: Option<String>, act: Act) -> Result<Answer, Failure> {
        // What is written for a partner is compared with what it holds first.
        let written = Written::by(&act);
        if written != Written::Nobody {
            self.channels.first_compared().await;
            for partner in self.state.read(move |db| writes::to(&db, written)).await? {
                channel::compare::before_writing(&self.channels, &partner).await?;
            }
        }
        let uncompared = match &act {
            Act::Partner(PartnerAct::WriteUncompared { name, .. }) => Some(name.clone()),
            _ => None,
        };
        let answer = self.state.act(doer, id, act).await?;
        if let Some(name) = uncompared {
            self.channels.write_uncompared(&name).await?;
        }
        Ok(answer)
    }

    /// Reads from a snapshot, on a thread that may wait for the disk.
    pub async fn read<T: Send + 'static>(
        self: &Arc<Node>,
        work: impl FnOnce(Db<'_>, &Node) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let node = self.clone();
        self.state.read(move |db| work(db, &node)).await
    }

    /// Reads or writes what was begun at the desk and not sent.
    ///
    /// # Errors
    /// The file cannot be read or written.
    pub async fn begun<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Begun) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Failure> {
        let begun = self.begun.clone();
        on_a_thread(move || work(&begun)).await?.map_err(Failure::from)
    }

    /// Reads a page to be sent. Its share bounds how many there are in memory: whoever sends it
    /// keeps it until the last byte has gone. `end` ends the connection, should it stall while
    /// others wait.
    pub async fn page<T: Send + 'static>(
        &self,
        (account, end): (&Actor, Option<Arc<Notify>>),
        work: impl FnOnce(Db<'_>, Share) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let share = self.pages.wait(account, 1, end).await?;
        self.state.read(move |db| work(db, share)).await
    }

    /// Whom this token or session lets in from there, now.
    pub async fn let_in(
        &self,
        secret: &str,
        from: Option<IpAddr>,
    ) -> Result<Option<Admitted>, Failure> {
        self.let_in_by(Hash::of(secret.as_bytes()), from).await
    }

    /// Whom the secret or certificate with this SHA-256 lets in from there, now.
    pub async fn let_in_by(
        &self,
        digest: Hash,
        from: Option<IpAddr>,
    ) -> Result<Option<Admitted>, Failure> {
        let admitted = match self.accounts.find(digest) {
            Ok(admitted) => admitted,
            Err(change) => {
                let found = self.state.read(move |db| Ok(db.granted(digest)?)).await?;
                let Some((user, grant)) = found else { return Ok(None) };
                let user = match &grant.only {
                    Some(only) => user.limited(only),
                    None => user,
                };
                let admitted = Admitted { user: user.into(), grant: grant.into(), digest };
                self.accounts.remember(change, &admitted);
                admitted
            }
        };
        let counts = admitted.grant.counts(&crate::clock::now(), from);
        if !counts || !admitted.user.standing.is_active() {
            return Ok(None);
        }
        self.accounts.use_now(digest);
        Ok(Some(admitted))
    }

    /// When it was used last, since the node started.
    pub fn last_use(&self, digest: Hash) -> Option<Timestamp> {
        self.accounts.last_use(digest)
    }

    /// The user of that name, when it may do this.
    pub async fn permitted(&self, name: UserName, permission: Permission) -> Result<User, Failure> {
        self.state
            .read(move |db| {
                let user = db.user(&name)?.ok_or_else(|| {
                    Refusal::new(Code::NoUser, format!("there is no user `{name}`"))
                        .hint(Hint::SayWho)
                })?;
                user.must(permission)?;
                Ok(user)
            })
            .await
    }
}
