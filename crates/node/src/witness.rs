//! Has witnesses cosign the checkpoints of our logs (c2sp.org/tlog-witness), one after the other, beside
//! everything else: a warning never waits for them.
//!
//! What is submitted is the newest checkpoint for which there is a receipt, with our signature and without
//! the partner's. What a witness answers is kept in a file of its own.

use crate::config::WitnessSection;
use crate::egress::Egress;
use crate::node::Node;
use crate::outside::{self, Clock, Clocks, Lacking};
use crate::state::State;
use forewarn_engine::Failure;
use forewarn_exchange::{Code, Refusal};
use forewarn_store::outside::Outside;
use forewarn_transcript::witness::{WitnessKey, request};
use forewarn_transcript::{Note, PublicKey};
use std::sync::Arc;
use std::time::Duration;

/// Receipts that come within this time are submitted together.
const GATHER: Duration = Duration::from_millis(200);

/// One witness, and what is kept of it.
pub(crate) struct Witness {
    url: String,
    key: WitnessKey,
    state: State,
    egress: Egress,
    outside: Arc<Outside>,
}

/// A log of ours that a witness has not cosigned up to its newest receipt.
pub(crate) struct Due {
    log: String,
    size: u64,
    note: Note,
}

impl Clock for Witness {
    type Due = Due;

    fn state(&self) -> &State {
        &self.state
    }

    fn name(&self) -> &str {
        &self.key.name
    }

    fn gather(&self) -> Duration {
        GATHER
    }

    async fn due(&self) -> Result<Vec<Due>, String> {
        let (kept, name) = (self.outside.clone(), self.key.name.clone());
        let read = self.state.read(move |db| {
            let mut all = Vec::new();
            for Lacking { log, size, receipt, .. } in
                outside::lacking(&db, |log| kept.newest(log, &name))?
            {
                let note = Note::parse(&receipt);
                let note = note.map_err(|e| Refusal::new(Code::Damaged, e.to_string()))?;
                // Who our partners are, and when each takes what, is nothing for a witness.
                let note = of_writer(&note, &log);
                all.push(Due { log, size, note });
            }
            Ok::<_, Failure>(all)
        });
        read.await.map_err(|e| e.to_string())
    }

    async fn show(&self, due: &Due) -> Result<(), String> {
        let Due { log, size, note } = due;
        let mut old = self.outside.newest(log, &self.key.name).map_err(|e| e.to_string())?;
        // It may know more than we have kept: an answer was lost, or the folder is an older one.
        for _ in 0..2 {
            let body = self.body(due, old).await?;
            let url = format!("{}/add-checkpoint", self.url.trim_end_matches('/'));
            let answer = self.egress.submit(&url, body).await.map_err(|e| e.to_string())?;
            let text = String::from_utf8_lossy(&answer.body).into_owned();
            match answer.status {
                200 => {
                    let line = self.key.find(note, &text);
                    let line = line.ok_or("its answer has no cosignature of ours by its key")?;
                    let kept = self.outside.keep((log, *size), &self.key.name, &line.to_string());
                    kept.map_err(|e| e.to_string())?;
                    tracing::info!(log, size, witness = self.key.name, "cosigned");
                    return Ok(());
                }
                409 => {
                    let known = text.trim_end().parse::<u64>().ok().filter(|known| *known != old);
                    old = known.ok_or_else(|| {
                        format!("it knows another {log} of {size} entries: keep its answer, and ask its people")
                    })?;
                    if old > *size {
                        return Err(format!(
                            "it has cosigned {old} entries of {log}, and only {size} have a receipt here: this \
                             folder is an older one, or another node writes this log"
                        ));
                    }
                }
                404 => {
                    return Err(format!(
                        "it does not know {log}: give its people what `forewarn witness logs` prints"
                    ));
                }
                403 => {
                    return Err(format!(
                        "it does not know our key for {log}: give its people what `forewarn witness logs` prints"
                    ));
                }
                status => return Err(format!("it answers {status} about {log}")),
            }
        }
        Err(format!("it does not say what it knows of {log}"))
    }
}

impl Witness {
    async fn body(&self, due: &Due, old: u64) -> Result<Vec<u8>, String> {
        let (log, size, note) = (due.log.clone(), due.size, due.note.clone());
        let read = self.state.read(move |db| {
            let row = db.log(&log)?.ok_or_else(|| Refusal::unknown("log", &log))?;
            let proof = db.consistency(&row, old, size)?;
            Ok::<_, Failure>(request(old, &proof, &note).into_bytes())
        });
        read.await.map_err(|e| e.to_string())
    }
}

/// A receipt as we have signed it, without the partner's cosignature.
fn of_writer(receipt: &Note, log: &str) -> Note {
    let ours = receipt.signatures().iter().filter(|line| line.name() == log);
    Note::new(receipt.text().to_owned(), ours.cloned().collect())
}

impl Node {
    /// What has our logs cosigned, where witnesses are configured.
    pub(crate) fn witnesses(&self) -> Option<Clocks<Witness>> {
        let one = |section: &WitnessSection| {
            Some(Witness {
                url: section.url.clone(),
                key: section.key.parse().ok()?,
                state: self.state.clone(),
                egress: self.channels.egress.clone(),
                outside: self.outside.clone(),
            })
        };
        Clocks::of(self.config().witnesses.iter().filter_map(one).collect())
    }
}

/// The keys of our logs, as the people of a witness are given them: a line for each log and key.
///
/// # Errors
/// The database cannot be read, or the node was never started.
pub fn log_keys(home: &crate::Home) -> Result<Vec<String>, Failure> {
    let readers = forewarn_store::Readers::without_ids(home.database());
    readers.read(|db| {
        let us = forewarn_engine::Us::read(&db)?;
        let us = us.ok_or_else(|| {
            Refusal::new(Code::NotReady, "the node was never started, and has no logs")
        })?;
        let configuration = &us.configuration;
        let mut keys: Vec<PublicKey> =
            vec![configuration.keys.ed25519, configuration.newest.ed25519];
        keys.dedup();
        let logs = db.logs()?.into_iter().filter(|log| log.ours);
        let line = |log: &str, key: &PublicKey| forewarn_transcript::witness::log_key(log, key);
        Ok(logs
            .flat_map(|log| keys.iter().map(move |key| line(&log.name, key)).collect::<Vec<_>>())
            .collect())
    })
}
