//! Has authorities stamp the receipts for our logs (RFC 3161), each for itself, beside everything else: a warning never
//! waits for them.
//!
//! What is stamped is the newest receipt, with the signatures of both parties. What goes out is its digest.

use crate::channel::evidence::counted;
use crate::config::TimestampSection;
use crate::egress::Egress;
use crate::node::Node;
use crate::outside::{self, Clock, Clocks, Lacking};
use crate::state::State;
use forewarn_engine::Failure;
use forewarn_exchange::Refusal;
use forewarn_stamp::{Authority, Nonce, Stamped, Token, request, token_in};
use forewarn_store::Db;
use forewarn_store::outside::{KeptStamp, Outside};
use forewarn_transcript::evidence::{Stamper as _, stamped};
use forewarn_transcript::{Hash, Party};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// One authority, and what is kept of it.
pub(crate) struct Asked {
    section: TimestampSection,
    home: PathBuf,
    state: State,
    egress: Egress,
    outside: Arc<Outside>,
}

/// A log of ours whose newest receipt has no stamp.
pub(crate) struct Due {
    log: String,
    size: u64,
    digest: Hash,
    /// By whose roots the stamp is checked.
    authority: Arc<Authority>,
}

impl Clock for Asked {
    type Due = Due;

    fn state(&self) -> &State {
        &self.state
    }

    fn name(&self) -> &str {
        &self.section.name
    }

    fn gather(&self) -> Duration {
        Duration::from_secs(self.section.every.into())
    }

    async fn due(&self) -> Result<Vec<Due>, String> {
        // Read anew each time: so a file that was put right counts at the next turn.
        let authority = Arc::new(self.section.authority(&self.home)?);
        let (kept, name) = (self.outside.clone(), self.section.name.clone());
        let us = self.state.party().clone();
        let read = self.state.read(move |db| {
            let lacking = outside::lacking(&db, |log| kept.newest_stamp(log, &name))?;
            let each = lacking.iter().map(|one| {
                let digest = digest(&db, &us, one)?;
                let (log, size, authority) = (one.log.clone(), one.size, authority.clone());
                Ok(Due { log, size, digest, authority })
            });
            each.collect::<Result<Vec<_>, Failure>>()
        });
        read.await.map_err(|e| e.to_string())
    }

    async fn show(&self, due: &Due) -> Result<(), String> {
        let Due { log, size, digest, authority } = due;
        let seed = crate::clock::seed();
        let nonce = Nonce::of(seed.0.first_chunk().copied().unwrap_or_default());
        let asked = self.egress.ask_stamp(&self.section.url, request(*digest, nonce));
        let answer = asked.await.map_err(|e| e.to_string())?;
        if answer.status != 200 {
            return Err(format!("it answers {} about {log}", answer.status));
        }
        let token = token_in(&answer.body).map_err(|e| e.to_string())?;
        let read = Token::parse(&token).map_err(|e| e.to_string())?;
        if !read.answers(nonce) {
            return Err("its answer is to another request".to_owned());
        }
        match authority.check(&token, *digest)? {
            Stamped::By(time) => {
                let kept = KeptStamp { digest: *digest, token };
                let kept = self.outside.keep_stamp((log, *size), &self.section.name, &kept);
                kept.map_err(|e| e.to_string())?;
                tracing::info!(log, size, authority = self.section.name, %time, "stamped");
                Ok(())
            }
            Stamped::ByOthers(why) => {
                Err(format!("its stamp is not by the configured root: {why}"))
            }
        }
    }
}

/// What is stamped of a log's newest receipt.
fn digest(db: &Db<'_>, us: &Party, lacking: &Lacking) -> Result<Hash, Failure> {
    let Lacking { log, receipt, .. } = lacking;
    let row = db.log(log)?.ok_or_else(|| Refusal::unknown("log", log))?;
    let partner = db.partner(&row.partner)?;
    let partner = partner.ok_or_else(|| Refusal::unknown("partner", &row.partner))?;
    let receipt = counted(&partner.channel_even_if_closed(us)?, log, receipt)?;
    Ok(stamped(&receipt))
}

impl Node {
    /// Who stamps the receipts for our logs, where authorities are configured.
    pub(crate) fn authorities(&self) -> Option<Clocks<Asked>> {
        let one = |section: &TimestampSection| Asked {
            section: section.clone(),
            home: self.home.path().to_owned(),
            state: self.state.clone(),
            egress: self.channels.egress.clone(),
            outside: self.outside.clone(),
        };
        Clocks::of(self.config().timestamps.iter().map(one).collect())
    }
}
