//! The configuration is read again while the node runs. It is checked as a whole first; what of it can
//! count at once is then taken as a whole, and the rest is named.

use crate::collection::Collections;
use crate::config::Config;
use crate::node::Node;
use crate::on_record;
use crate::settings::{Changed, Changes, Reading};
use crate::start::{NotStarted, configuration};
use forewarn_engine::Failure;
use forewarn_exchange::actor::Actor;
use std::sync::{Arc, PoisonError};
use tokio::sync::OwnedMutexGuard;

/// A configuration that was read and checked, and changes nothing until it is taken. Nobody else
/// changes it meanwhile.
pub struct Prepared {
    node: Arc<Node>,
    reading: Reading,
    _turn: OwnedMutexGuard<()>,
}

impl Node {
    /// Reads the file, the variables and the files that are named there, as a start does.
    ///
    /// # Errors
    /// With which key or file no node would start.
    pub async fn prepare(self: &Arc<Node>) -> Result<Prepared, NotStarted> {
        let turn = self.reloading.clone().lock_owned().await;
        let reading = tokio::task::block_in_place(|| self.settings.read())?;
        Ok(Prepared { node: self.clone(), reading, _turn: turn })
    }
}

impl Prepared {
    /// What is to count from now on.
    pub fn config(&self) -> &Config {
        &self.reading.stated.config
    }

    /// Puts on record what decisions depend on, and goes by all of it from then on. What was changed,
    /// and what needs a new start.
    ///
    /// # Errors
    /// It is not on record: everything is as before.
    pub async fn take(self, actor: Actor) -> Result<Changes, Failure> {
        let Prepared { node, reading, _turn: _ } = self;
        let known = configuration(&reading.stated, &node.signer);
        let known = known.map_err(|why| Failure::Store(why.to_string()))?;
        let (us, before) = (node.state.us(), node.config());
        let taken_out = Collections::taken_out(&us, &before, &reading.stated.config);
        let others = us.configuration.differences(&known);
        node.state.configure(actor, known.clone()).await?;
        on_record::put((&before, &node.home), &known);
        *node.says.lock().unwrap_or_else(PoisonError::into_inner) = known;
        let config = reading.stated.config.clone();
        let collections = node.read(move |db, _| Ok(Collections::open(&db, &config)?)).await?;
        let config = &reading.stated.config;
        node.limits.change(&config.limits);
        node.bodies.change(config.limits.body_memory);
        node.channels.quotas.change(config.quota);
        node.feed_quotas.change_feeds(config.feeds);
        node.collections.send_replace(Arc::new(collections));
        // Last: who follows the configuration finds everything else changed.
        node.config.send_replace(Arc::new(config.clone()));
        let mut changes = Changes { taken_out, ..node.settings.take(reading) };
        if changes.at_once.is_empty() {
            // The file is as it was; what was on record was another node's.
            changes.at_once = others.into_iter().map(Changed::on_record).collect();
        }
        Ok(changes)
    }
}
