//! The channel with a partner: receiving, serving, reconciling, proving.

pub mod carry;
pub mod compare;
pub mod contradiction;
pub mod course;
pub(crate) mod deliver;
pub mod evidence;
pub mod fetch;
pub mod opened_again;
pub mod receive;
pub mod reconcile;
pub mod refill;
pub mod serve;
pub mod tries;
pub mod whole;

use crate::egress::{Egress, Peer};
use crate::limits::Quotas;
use crate::state::State;
use compare::Comparisons;
use forewarn_engine::{Barred, Failure, Task};
use forewarn_exchange::Refusal;
use forewarn_exchange::actor::Actor;
use forewarn_exchange::name::NodeName;
use forewarn_signer::Signer;
use forewarn_store::Db;
use forewarn_store::log::LogRow;
use forewarn_transcript::Party;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;
use tries::Tries;
use whole::Whole;

/// Most threads that wait for the signer at the same time: an eighth of the 512 that may wait for
/// the disk.
const MAX_SIGNING: usize = 64;

/// What the work of the channel needs of a node, beside its database.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    /// Our name and first keys.
    pub us: &'a Party,
    /// Who signs, and remembers what was signed.
    pub signer: &'a Signer,
    /// Which logs were read whole.
    pub whole: &'a Whole,
    /// Which logs must not be signed now.
    pub barred: &'a Barred,
}

impl Side<'_> {
    /// A log of ours that is shorter than what was signed of it must not grow, and nothing of it is
    /// sent: the database is an old copy.
    pub fn check_not_behind(&self, log: &LogRow) -> Result<(), Refusal> {
        let remembered = self.signer.last(&log.name).map_or(0, |(size, _)| size);
        let signed = remembered.max(self.barred.signed(&log.name));
        if signed <= log.size {
            Ok(())
        } else {
            Err(Refusal::restored(&log.name, signed, log.size))
        }
    }

    /// The same of a log of ours that is to be signed: it must be known what was signed of it.
    pub fn check_compared(&self, log: &LogRow) -> Result<(), Refusal> {
        self.check_not_behind(log)?;
        if self.barred.is_uncompared(&log.name) {
            return Err(Refusal::not_compared(&log.partner));
        }
        Ok(())
    }
}

/// A handle to all channels. Cheap to clone.
#[derive(Clone)]
pub struct Channels {
    pub(crate) state: State,
    pub(crate) egress: Egress,
    signer: Arc<Signer>,
    whole: Arc<Whole>,
    barred: Arc<Barred>,
    comparisons: Arc<Comparisons>,
    /// What partners may bring.
    pub quotas: Arc<Quotas>,
    /// Why what waits for a partner has not arrived.
    pub tries: Arc<Tries>,
    /// Threads that may wait for the signer.
    signing: Arc<Semaphore>,
    /// One at a time is received from each partner: the check before the cosignature and the
    /// commit after it see the same log.
    receiving: Arc<Mutex<HashMap<NodeName, Arc<tokio::sync::Mutex<()>>>>>,
}

impl Channels {
    pub(crate) fn new(
        state: State,
        egress: Egress,
        signer: Arc<Signer>,
        (barred, comparisons): (Arc<Barred>, Comparisons),
        quotas: Quotas,
    ) -> Channels {
        let quotas = Arc::new(quotas);
        let (whole, receiving, tries) = (Arc::default(), Arc::default(), Arc::default());
        let comparisons = Arc::new(comparisons);
        let signing = Arc::new(Semaphore::new(MAX_SIGNING));
        Channels {
            state,
            egress,
            signer,
            whole,
            barred,
            comparisons,
            quotas,
            tries,
            signing,
            receiving,
        }
    }

    /// Which logs must not be signed now.
    pub fn barred(&self) -> &Barred {
        &self.barred
    }

    /// Waits until each partner was asked once, after the start, what it holds; a while at the most.
    pub async fn first_compared(&self) {
        self.comparisons.first().await;
    }

    /// Partners to which another copy of this node has written, and how that was seen.
    pub fn copies(&self) -> BTreeMap<NodeName, Refusal> {
        self.comparisons.copies()
    }

    /// Our name.
    pub fn us(&self) -> &NodeName {
        self.state.name()
    }

    /// Our name and first keys.
    pub fn party(&self) -> &Party {
        self.state.party()
    }

    /// What the work of the channel needs.
    pub fn side(&self) -> Side<'_> {
        Side { us: self.party(), signer: &self.signer, whole: &self.whole, barred: &self.barred }
    }

    pub(crate) fn signer(&self) -> &Signer {
        &self.signer
    }

    /// A person has decided that nothing was signed that is not here.
    pub(crate) async fn write_uncompared(&self, partner: &NodeName) -> Result<(), Failure> {
        let name = partner.clone();
        tracing::warn!(%partner, "our log is written without being compared: a person has decided");
        self.read(move |db, channels| {
            for log in db.logs()?.into_iter().filter(|log| *log.partner == *name) {
                let signed = channels.signer.last(&log.name).map_or(0, |(size, _)| size);
                channels.barred.compared(&log.name, signed);
            }
            Ok(())
        })
        .await
    }

    /// Reads from a snapshot, on a thread that may wait for the disk and for the signer. There are
    /// [`MAX_SIGNING`] of them: what reads without the signer never waits for these.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(Db<'_>, &Channels) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let permit = self.signing.clone().acquire_owned().await.map_err(|_| Failure::Stopping)?;
        let channels = self.clone();
        self.state
            .read(move |db| {
                let _permit = permit;
                work(db, &channels)
            })
            .await
    }

    /// Puts on record what a partner has brought.
    pub(crate) async fn brought<T: Task>(
        &self,
        partner: &NodeName,
        task: T,
    ) -> Result<T::Answer, Failure> {
        self.state.work(Actor::Partner(partner.clone()), task).await
    }

    /// A partner, as it is asked, and the logs of the channel with it.
    pub(crate) async fn logs_with(
        &self,
        partner: &NodeName,
    ) -> Result<(Peer, Vec<LogRow>), Failure> {
        let name = partner.clone();
        self.read(move |db, channels| {
            let known = db.partner(&name)?.ok_or_else(|| Refusal::unknown("partner", &name))?;
            let (peer, _) = serve::peer(&db, &known, channels.party())?;
            let logs = db.logs()?.into_iter().filter(|log| *log.partner == *name);
            Ok((peer, logs.collect()))
        })
        .await
    }

    /// Whether a receipt for this size of a log is held.
    pub(crate) async fn has_receipt(&self, log: &str, size: u64) -> Result<bool, Failure> {
        let log = log.to_owned();
        self.state
            .read(move |db| {
                let Some(row) = db.log(&log)? else { return Ok(false) };
                Ok(db.receipt(&row, size)?.is_some())
            })
            .await
    }

    pub(crate) fn receiving(&self, partner: &NodeName) -> Arc<tokio::sync::Mutex<()>> {
        let mut map = self.receiving.lock().unwrap_or_else(PoisonError::into_inner);
        map.entry(partner.clone()).or_default().clone()
    }
}
