//! Our own log, as far as a restored database lacks it, from the partner's mirror.
//!
//! Nothing of it is taken on trust: the signer remembers the size and root that it has signed last,
//! and what is fetched must lead to that root.

use crate::channel::Channels;
use crate::channel::serve;
use forewarn_engine::{Failure, RefillWork};
use forewarn_exchange::message::Message;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::{Code, Refusal};
use forewarn_store::log::LogRow;
use forewarn_transcript::batch::{Batch, Carried};
use forewarn_transcript::{Channel, Entry, Hash};
use hyper::Method;

/// Most bytes fetched at a time before they are stored.
const MAX_BYTES: usize = 256 << 20;

/// Fetches what is missing, when something is.
pub async fn refill(channels: &Channels, partner: &NodeName) -> Result<(), Failure> {
    let name = partner.clone();
    let missing = channels
        .read(move |db, channels| {
            let Some(log) = db.log_with(&name, true)? else { return Ok(None) };
            let Some((signed, root)) = channels.signer().last(&log.name) else { return Ok(None) };
            if signed <= log.size {
                return Ok(None);
            }
            let known = db.partner(&name)?.ok_or_else(|| Refusal::unknown("partner", &name))?;
            Ok(Some((serve::peer(&db, &known, channels.party())?, log, signed, root)))
        })
        .await?;
    let Some(((peer, line), log, signed, root)) = missing else { return Ok(()) };
    let mut fetched: Vec<Carried> = Vec::new();
    let mut bytes = 0;
    while log.size + (fetched.len() as u64) < signed {
        let start = log.size + fetched.len() as u64;
        let path = format!("/channel/v1/entries?log={}&start={start}", log.name);
        let answer = channels.egress.ask(&peer, Method::GET, &path, Vec::new()).await;
        let answer = answer.map_err(|e| Refusal::new(Code::Unreachable, e.to_string()))?;
        if !matches!(answer.status, 200 | 409) {
            let text = String::from_utf8_lossy(&answer.body).into_owned();
            let message = format!("{partner} answered {}: {text}", answer.status);
            return Err(Refusal::new(Code::NotGiven, message).into());
        }
        let batch: Option<Batch> = serde_json::from_slice(&answer.body).ok();
        let batch = batch.filter(|batch| batch.start == start && !batch.entries.is_empty());
        let Some(batch) = batch else { return Err(lost(&log, signed, start)) };
        bytes += answer.body.len();
        if bytes > MAX_BYTES {
            return Err(
                Refusal::new(Code::TooLong, "more is missing than is fetched at once").into()
            );
        }
        let room = usize::try_from(signed - start).unwrap_or(usize::MAX);
        fetched.extend(batch.entries.into_iter().take(room));
    }
    let (fetched, log) = channels
        .read(move |db, _| {
            check(&db, (&line.channel, &log), &fetched, (signed, root))?;
            Ok((fetched, log))
        })
        .await?;
    let count = fetched.len();
    let work = RefillWork { partner: partner.clone(), start: log.size, entries: fetched };
    channels.brought(partner, work).await?;
    tracing::warn!(%partner, count, "our own log was filled up again from the partner's copy");
    Ok(())
}

/// What is fetched must be ours: it leads to the root that was signed.
fn check(
    db: &forewarn_store::Db<'_>,
    (channel, log): (&Channel, &LogRow),
    fetched: &[Carried],
    (signed, root): (u64, Hash),
) -> Result<(), Failure> {
    for (index, carried) in (log.size..).zip(fetched) {
        forewarn_transcript::batch::check_entry(channel, index, carried)
            .map_err(|e| Refusal::new(Code::Batch, e.to_string()))?;
        check_words(log, index, carried)?;
    }
    let leaves: Vec<Hash> = fetched.iter().map(|c| Hash::leaf(c.leaf.as_bytes())).collect();
    if db.grown(log, log.size, &leaves)?.root(signed)? != root {
        let message = "what the partner holds of our log is not what was signed";
        return Err(Refusal::new(Code::Root, message).into());
    }
    Ok(())
}

/// A mirror must hand back what it was shown: without the words, nobody here could ever again say
/// what was written. Only warnings and updates withhold fields; of them, too, what was shown comes.
fn check_words(log: &LogRow, index: u64, carried: &Carried) -> Result<(), Failure> {
    if index == 0 {
        return Ok(());
    }
    let closed = |why: String| {
        let message = format!("entry {index} of {} comes back without its words: {why}", log.name);
        let advice = "ask the partner's people for the whole of it, or restore a newer copy";
        Failure::from(Refusal::new(Code::Entry, message).advice(advice))
    };
    let entry = Entry::parse(carried.leaf.as_bytes()).map_err(|e| closed(e.to_string()))?;
    let fields = entry.opened(&carried.disclosures).map_err(|e| closed(e.to_string()))?;
    let may_withhold = matches!(entry.kind.as_str(), "warning" | "update");
    if !may_withhold && carried.disclosures.len() != entry.digests.len() {
        return Err(closed("some of its fields are closed".to_owned()));
    }
    Message::read(&entry.kind, fields).map_err(|e| closed(e.to_string()))?;
    Ok(())
}

fn lost(log: &LogRow, signed: u64, held: u64) -> Failure {
    let message = format!(
        "{signed} entries of {} were signed; the partner holds no more than {held}",
        log.name
    );
    Refusal::new(Code::Restored, message).advice("restore a newer copy of the database").into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use forewarn_transcript::entry::digests_of;
    use forewarn_transcript::{ChannelId, Disclosure};

    fn carried(kind: &str, fields: &[(&str, serde_json::Value)], shown: usize) -> Carried {
        let all: Vec<Disclosure> =
            fields.iter().map(|(name, value)| Disclosure::new([7; 16], name, value)).collect();
        let entry = Entry {
            channel: ChannelId::parse(&"1".repeat(64)).unwrap(),
            kind: kind.to_owned(),
            id: format!("{kind}--1"),
            time: crate::clock::now(),
            status: "Test".to_owned(),
            answers: None,
            digests: digests_of(&all),
        };
        let leaf = String::from_utf8(entry.leaf()).unwrap();
        Carried { leaf, disclosures: all.into_iter().take(shown).collect() }
    }

    /// A mirror could once hand our log back closed: what had been said was lost for ever.
    #[test]
    fn our_own_log_does_not_come_back_without_its_words() {
        let log = LogRow {
            number: 1,
            name: "a.example/forewarn/x".to_owned(),
            partner: "b.example".to_owned(),
            ours: true,
            size: 1,
            receipts: 0,
        };
        let fields = [("reason", "a mistake".into())];
        check_words(&log, 1, &carried("recall", &fields, 1)).unwrap();
        let closed = check_words(&log, 1, &carried("recall", &fields, 0)).unwrap_err();
        assert!(closed.to_string().contains("comes back without its words"), "{closed}");
        let more = [("reason", "a mistake".into()), ("extra", "x".into())];
        assert!(check_words(&log, 1, &carried("recall", &more, 1)).is_err());
        assert!(check_words(&log, 1, &carried("warning", &[("bundle", "x".into())], 0)).is_err());
    }
}
