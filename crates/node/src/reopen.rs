//! Receipts opened again: each must verify by the keys of its channel.

use forewarn_engine::Us;
use forewarn_store::{Db, StoreError};
use forewarn_transcript::Note;

/// Why not every receipt could be opened.
#[derive(Debug, thiserror::Error)]
pub enum NotReopened {
    /// What is kept as a receipt is none.
    #[error("the receipt at size {size} of {log}: {why}")]
    NoReceipt {
        /// The log's name.
        log: String,
        /// The size at which it is kept, in entries.
        size: u64,
        /// What is wrong with it.
        why: String,
    },
    /// The database cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Opens every receipt of every log: how many there are.
///
/// # Errors
/// One of them is no receipt: the first.
pub fn receipts(db: &Db<'_>) -> Result<u64, NotReopened> {
    let Some(us) = Us::read(db)? else { return Ok(0) };
    let mut count = 0;
    for partner in db.partners()? {
        let logs = db.logs()?.into_iter().filter(|log| log.partner == **partner.name());
        let Ok(channel) = partner.channel_even_if_closed(&us.party()) else { continue };
        for log in logs {
            let mut next = db.first_receipt(&log, 0)?;
            while let Some((size, note)) = next {
                let opened = Note::parse(&note).map_err(|e| e.to_string());
                let opened = opened
                    .and_then(|note| channel.receipt(&log.name, &note).map_err(|e| e.to_string()));
                let root = db.root(&log, size)?;
                let why = match opened {
                    Ok(receipt) if receipt.checkpoint.size != size => {
                        "it is for another size".into()
                    }
                    Ok(receipt) if receipt.checkpoint.root != root => {
                        "it is for another root".into()
                    }
                    Ok(_) => {
                        count += 1;
                        next = db.first_receipt(&log, size)?;
                        continue;
                    }
                    Err(why) => why,
                };
                return Err(NotReopened::NoReceipt { log: log.name, size, why });
            }
        }
    }
    Ok(count)
}
