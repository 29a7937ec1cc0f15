//! Whether the signer's keys are those that the database speaks of.

use forewarn_engine::Us;
use forewarn_store::{Db, StoreError};
use forewarn_transcript::{Keys, PublicKey};

/// The keys and the database do not belong together.
#[derive(Debug, thiserror::Error)]
pub enum OtherKeys {
    /// The node began with another key.
    #[error(
        "`node.key` begins with the key {found}, which no channel of this node knows: it began with \
         {began}. Put the node's own file of keys back"
    )]
    First {
        /// The first key that the signer has.
        found: Box<PublicKey>,
        /// The first key that the node had.
        began: Box<PublicKey>,
    },
    /// A key is used on a channel, and is not there.
    #[error(
        "the key {0}, with which this node signs, is not in `node.key`: it is an old copy, or another \
         node's. Put the newest copy back"
    )]
    Missing(Box<PublicKey>),
    /// The database cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Checks the signer's keys, oldest first, against those that were used. Keys that were added since
/// are not known yet, and stand after the others.
pub fn check(db: &Db<'_>, held: &[PublicKey]) -> Result<(), OtherKeys> {
    let Some(us) = Us::read(db)? else { return Ok(()) };
    let began = us.configuration.keys.ed25519;
    let Some(first) = held.first() else { return Err(OtherKeys::Missing(Box::new(began))) };
    if *first != began {
        return Err(OtherKeys::First { found: Box::new(*first), began: Box::new(began) });
    }
    let has = |keys: &Keys| {
        if held.contains(&keys.ed25519) {
            return Ok(());
        }
        Err(OtherKeys::Missing(Box::new(keys.ed25519)))
    };
    has(&us.configuration.newest)?;
    for partner in db.partners()?.iter().filter(|partner| !partner.without_node) {
        let opened = partner.opened_with.iter().map(|opened| &opened.ours);
        let later = partner.succession.ours.iter().map(|later| &later.keys);
        opened.chain(later).try_for_each(has)?;
    }
    Ok(())
}
