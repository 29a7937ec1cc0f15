//! What of the configuration the listeners go by: the certificate and how many connections there may
//! be. Reading the configuration again goes through here, so that both sides are checked first.

use crate::places::{Places, Rules};
use crate::tls::Tls;
use forewarn_exchange::actor::Actor;
use forewarn_node::config::LimitsSection;
use forewarn_node::reload::Prepared;
use forewarn_node::settings::Changes;
use forewarn_node::{Failure, Node};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::sync::Arc;
use std::time::Duration;

/// Files that the node opens beside its connections: the database and its WAL by each of the 512
/// threads that may read at once, and partners, feeds and large bodies.
const OWN_FILES: u64 = 2 * 512 + 256;

/// The listeners, as far as they can be changed. Cheap to clone.
#[derive(Clone)]
pub struct Doors {
    pub(crate) tls: Option<Tls>,
    pub(crate) places: Arc<Places>,
}

/// Why the configuration is as it was.
#[derive(Debug, thiserror::Error)]
pub enum NotReloaded {
    /// The file, or one that it names, cannot be used.
    #[error("{0}")]
    Unusable(String),
    /// It is not on record.
    #[error(transparent)]
    NotRecorded(#[from] Failure),
}

impl Doors {
    pub(crate) fn new(tls: Option<Tls>, limits: &LimitsSection) -> Doors {
        room_for_files(limits.connections);
        Doors { tls, places: Places::new(rules(limits)) }
    }

    /// Reads the configuration again and goes by it, for somebody.
    ///
    /// # Errors
    /// Why nothing was changed.
    pub async fn reload(&self, node: &Arc<Node>, actor: Actor) -> Result<Changes, NotReloaded> {
        let unusable = |why: String| NotReloaded::Unusable(why);
        let prepared = Box::pin(node.prepare()).await.map_err(|why| unusable(why.to_string()))?;
        let acceptor = self.acceptor(&prepared).map_err(|why| unusable(why.to_string()))?;
        // The whole configuration is in it.
        let changes = Box::pin(prepared.take(actor)).await?;
        let config = node.config();
        if let Some((tls, acceptor)) = self.tls.as_ref().zip(acceptor) {
            tls.change(acceptor);
        }
        room_for_files(config.limits.connections);
        self.places.change(rules(&config.limits));
        Ok(changes)
    }

    /// What new connections would be spoken to by.
    fn acceptor(&self, prepared: &Prepared) -> std::io::Result<Option<tokio_rustls::TlsAcceptor>> {
        let both = self.tls.as_ref().zip(prepared.config().tls.as_ref());
        both.map(|(tls, section)| tls.acceptor_of(section)).transpose()
    }
}

fn rules(limits: &LimitsSection) -> Rules {
    Rules {
        all: limits.connections,
        per_address: limits.connections_per_address,
        for_partners: limits.connections_for_partners.min(limits.connections / 2),
        first: Duration::from_secs(limits.first_request_seconds.into()),
    }
}

/// Raises the number of files that the process may have open to what its connections need.
fn room_for_files(connections: usize) {
    let needed = OWN_FILES + connections as u64;
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current.is_none_or(|most| most >= needed) {
        return;
    }
    let allowed = maximum.map_or(needed, |most| most.min(needed));
    let raised = setrlimit(Resource::Nofile, Rlimit { current: Some(allowed), maximum });
    if allowed < needed || raised.is_err() {
        // Connections beyond what is allowed take the place of strangers, as others do.
        let words = format!("{needed} open files are needed, {allowed} allowed: `ulimit -Hn`");
        tracing::warn!("{words}");
    }
}
