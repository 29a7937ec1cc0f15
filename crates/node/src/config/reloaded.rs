//! What of another configuration counts at once, and what needs a new start.

use super::{Config, MetricsSection};

impl Config {
    /// The configuration that a running node goes by, once its file says `then`: of it what counts at
    /// once, and of what runs the rest. A new section has to be put on one of the two sides.
    pub(crate) fn running(&self, then: &Config) -> Config {
        let Config {
            clocks,
            waivers,
            release,
            policy,
            retention,
            channel,
            taxii,
            tls,
            limits,
            quota,
            feeds,
            matching,
            collections,
            creators,
            outlets,
            shelves,
            notifiers,
            heartbeat,
            backup,
            witnesses,
            timestamps,
            audit,
            metrics,
            // Who we are, where we listen, who signs, whom TLS trusts and where the journal is: parts
            // that everything else was built on.
            node: _,
            signer: _,
            egress: _,
            oidc: _,
            journal: _,
        } = then.clone();
        Config {
            node: self.node.clone(),
            signer: self.signer.clone(),
            egress: self.egress.clone(),
            oidc: self.oidc.clone(),
            journal: self.journal.clone(),
            // The listener stays as it is: with TLS, or without.
            tls: match (&self.tls, tls) {
                (Some(_), Some(then)) => Some(then),
                (known, _) => known.clone(),
            },
            metrics: MetricsSection { listen: self.metrics.listen, ..metrics },
            clocks,
            waivers,
            release,
            policy,
            retention,
            channel,
            taxii,
            limits,
            quota,
            feeds,
            matching,
            collections,
            creators,
            outlets,
            shelves,
            notifiers,
            heartbeat,
            backup,
            witnesses,
            timestamps,
            audit,
        }
    }
}
