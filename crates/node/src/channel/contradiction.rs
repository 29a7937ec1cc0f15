//! A log that was written twice: what proves it, from what is held and what was shown.

use crate::channel::Channels;
use forewarn_engine::{ContradictionWork, Failure};
use forewarn_exchange::name::NodeName;
use forewarn_exchange::{Code, Refusal};
use forewarn_store::Db;
use forewarn_store::log::LogRow;
use forewarn_transcript::batch::Checked;
use forewarn_transcript::checkpoint::Opened;
use forewarn_transcript::contradiction::{Contradiction, FORMAT, Placed, Signed};
use forewarn_transcript::{Channel, Hash, Note};

/// The entry at `index` as we hold it, under the newest checkpoint that covers it and that its
/// writer has signed; `None` where there is no such checkpoint.
pub fn held(db: &Db<'_>, log: &LogRow, index: u64) -> Result<Option<Signed>, Failure> {
    let receipt = db.newest_receipt(log)?.filter(|(size, _)| *size > index);
    let (Some((size, checkpoint)), Some(held)) = (receipt, db.entry(log, index)?) else {
        return Ok(None);
    };
    let path = db.inclusion(log, index, size)?;
    let entry = Some(Placed { index, leaf: held.carried.leaf, path });
    Ok(Some(Signed { checkpoint, entry }))
}

/// What a batch and what we hold prove together, when they differ at an entry, or in the root of
/// one size. A batch whose entries do not lead to its own root proves nothing.
pub(crate) fn of_batch(
    db: &Db<'_>,
    (channel, log): (&Channel, &LogRow),
    batch: &Checked,
) -> Result<Option<Contradiction>, Failure> {
    let size = batch.checkpoint().size;
    let note = batch.opened.note.to_string();
    let overlap = (batch.start..log.size).zip(batch.carried.iter().zip(&batch.hashes));
    for (index, (carried, hash)) in overlap {
        let same = db
            .entry(log, index)?
            .is_some_and(|entry| Hash::leaf(entry.carried.leaf.as_bytes()) == *hash);
        if same {
            continue;
        }
        let Some(ours) = held(db, log, index)? else { break };
        // Their tree begins as ours does, as far as the batch does not say otherwise.
        let start = LogRow { size: batch.start, ..log.clone() };
        let theirs = db.grown(&start, batch.start, &batch.hashes)?;
        if theirs.root(size)? != batch.checkpoint().root {
            break;
        }
        let path = theirs.inclusion(index, size)?;
        let entry = Some(Placed { index, leaf: carried.leaf.clone(), path });
        let shown = Signed { checkpoint: note, entry };
        return Ok(Some(contradiction(channel, log, [ours, shown])));
    }
    // Two roots of one size need no entry.
    let same_size = db.receipt(log, size)?.map(|checkpoint| Signed { checkpoint, entry: None });
    let shown = Signed { checkpoint: note, entry: None };
    let proof = same_size.map(|ours| contradiction(channel, log, [ours, shown]));
    Ok(proof.filter(|proof| proof.verify(channel).is_ok()))
}

/// What both parties hold at one index, when their writer has signed both.
pub fn contradiction(channel: &Channel, log: &LogRow, signed: [Signed; 2]) -> Contradiction {
    let genesis = String::from_utf8(channel.genesis()).unwrap_or_default();
    // Cosignatures are nothing to the point.
    let signed = signed.map(|one| match opened(channel, &log.name, &one.checkpoint) {
        Some(opened) => Signed { checkpoint: opened.note.to_string(), ..one },
        None => one,
    });
    Contradiction { format: FORMAT.to_owned(), genesis, log: log.name.clone(), signed }
}

fn opened(channel: &Channel, log: &str, note: &str) -> Option<Opened> {
    channel.open(log, &Note::parse(note).ok()?).ok()
}

/// A proof that was kept.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct KeptProof {
    /// Whether it is a new one.
    pub new: bool,
    /// The log's name.
    pub log: String,
}

/// Keeps a proof for ever, and says so loudly.
pub async fn keep(
    channels: &Channels,
    partner: &NodeName,
    proof: Contradiction,
) -> Result<KeptProof, Failure> {
    let (name, checked) = (partner.clone(), proof.clone());
    let proven = channels
        .read(move |db, channels| {
            let known = db.partner(&name)?.ok_or_else(|| Refusal::unknown("partner", &name))?;
            let channel = known.channel_even_if_closed(channels.party())?;
            if checked.genesis.as_bytes() != channel.genesis() {
                return Err(Refusal::new(Code::Channel, "the proof is of another channel").into());
            }
            let is_stolen = |signed: &Signed| {
                let opened = opened(&channel, &checked.log, &signed.checkpoint);
                opened.is_some_and(|opened| known.is_stolen(&opened.by))
            };
            if checked.signed.iter().any(is_stolen) {
                let message = "it rests on a key that was said to be compromised";
                return Err(Refusal::new(Code::NotProven, message).into());
            }
            let proven = checked.verify(&channel);
            Ok(proven.map_err(|e| Refusal::new(Code::NotProven, e.to_string()))?)
        })
        .await?;
    tracing::error!(
        %partner,
        log = proven.log,
        writer = proven.writer,
        index = proven.index,
        "a log was written twice, and its writer has signed both: the proof is kept"
    );
    let work = ContradictionWork { partner: partner.clone(), proof };
    let new = channels.brought(partner, work).await?;
    Ok(KeptProof { new, log: proven.log })
}
