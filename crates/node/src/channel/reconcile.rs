//! Whether both sides hold the same two logs; where not, the first entry that differs.

use crate::channel::Channels;
use crate::channel::contradiction;
use crate::channel::serve::Root;
use crate::egress::Peer;
use forewarn_engine::Failure;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::{Code, Refusal};
use forewarn_store::log::LogRow;
use forewarn_transcript::contradiction::Signed;
use forewarn_transcript::reconcile::{FirstDifference, Search};
use hyper::Method;
use serde::Serialize;

/// What was found of one log.
#[derive(Debug, Clone, Serialize)]
pub struct Compared {
    /// The log's name.
    pub log: String,
    /// How many entries each side holds.
    pub entries_ours: u64,
    /// How many entries the partner holds.
    pub entries_theirs: u64,
    /// How many questions were asked of the partner.
    pub asked: u32,
    /// What the comparison found.
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// How our copy of a log and the partner's compare.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
pub enum Verdict {
    /// Both hold the same entries.
    Equal,
    /// All that the shorter side holds is the same.
    Behind {
        /// The node that lacks entries: the partner or ourselves.
        who: String,
        /// How many entries it lacks.
        by: u64,
    },
    /// The first entry that is not the same on both sides: what each holds there. `proven` when the
    /// writer has signed both.
    Different {
        /// The index of the first entry that differs.
        index: u64,
        /// The leaf that we hold there.
        ours: Option<String>,
        /// The leaf that the partner holds there, as far as it gave it.
        theirs: Option<String>,
        /// Whether two checkpoints that the writer has signed prove it.
        proven: bool,
    },
}

/// Asks the partner about both logs.
pub async fn reconcile(channels: &Channels, partner: &NodeName) -> Result<Vec<Compared>, Failure> {
    let (peer, logs) = channels.logs_with(partner).await?;
    let mut compared = Vec::new();
    for log in logs {
        compared.push(compare(channels, &peer, log).await?);
    }
    Ok(compared)
}

async fn compare(channels: &Channels, peer: &Peer, log: LogRow) -> Result<Compared, Failure> {
    let newest = ask(channels, peer, &log.name, None).await?;
    let mut search = Search::new(newest.size.min(log.size));
    let mut asked = 1;
    while let Some(size) = search.ask() {
        let theirs = if size == newest.size {
            newest.root
        } else {
            asked += 1;
            ask(channels, peer, &log.name, Some(size)).await?.root
        };
        let row = log.clone();
        let ours = channels.state.read(move |db| Ok(db.root(&row, size)?)).await?;
        search.tell(ours == theirs);
    }
    let verdict = match search.found() {
        FirstDifference::Differs { index } => different(channels, peer, &log, index).await?,
        FirstDifference::Same { .. } if newest.size == log.size => Verdict::Equal,
        FirstDifference::Same { entries } if log.size > entries => {
            Verdict::Behind { who: peer.name.to_string(), by: log.size - entries }
        }
        FirstDifference::Same { entries } => {
            Verdict::Behind { who: channels.us().to_string(), by: newest.size - entries }
        }
    };
    let (entries_ours, entries_theirs) = (log.size, newest.size);
    Ok(Compared { log: log.name, entries_ours, entries_theirs, asked, verdict })
}

/// Asks for what the partner holds at the first index that differs, with what its writer signed. A
/// partner that only claims to hold something else proves nothing.
async fn different(
    channels: &Channels,
    peer: &Peer,
    log: &LogRow,
    index: u64,
) -> Result<Verdict, Failure> {
    let path = format!("/channel/v1/entry?log={}&index={index}", log.name);
    let answer = channels.egress.ask(peer, Method::GET, &path, Vec::new()).await;
    let answer = answer.map_err(|e| Refusal::new(Code::Unreachable, e.to_string()))?;
    let theirs: Option<Signed> =
        if answer.status == 200 { serde_json::from_slice(&answer.body).ok() } else { None };
    let (row, name, shown) = (log.clone(), peer.name.clone(), theirs.clone());
    let (ours, proof) = channels
        .read(move |db, channels| {
            let known = db.partner(&name)?.ok_or_else(|| Refusal::unknown("partner", &name))?;
            let channel = known.channel(channels.party())?;
            let held = contradiction::held(&db, &row, index)?;
            let proof = held
                .zip(shown)
                .map(|(held, shown)| contradiction::contradiction(&channel, &row, [held, shown]));
            let ours = db.entry(&row, index)?.map(|held| held.carried.leaf);
            Ok((ours, proof.filter(|proof| proof.verify(&channel).is_ok())))
        })
        .await?;
    let proven = proof.is_some();
    if let Some(proof) = proof {
        contradiction::keep(channels, &peer.name, proof).await?;
    }
    let theirs = theirs.and_then(|signed| signed.entry).map(|entry| entry.leaf);
    Ok(Verdict::Different { index, ours, theirs, proven })
}

pub(super) async fn ask(
    channels: &Channels,
    peer: &Peer,
    log: &str,
    size: Option<u64>,
) -> Result<Root, Failure> {
    let size = size.map(|size| format!("&size={size}")).unwrap_or_default();
    let path = format!("/channel/v1/root?log={log}{size}");
    let unreachable = |why: String| Refusal::new(Code::Unreachable, why);
    let answer = channels.egress.ask(peer, Method::GET, &path, Vec::new()).await;
    let answer = answer.map_err(|e| unreachable(e.to_string()))?;
    if answer.status == 404 {
        // It holds nothing of this log yet.
        let root = forewarn_transcript::tree::empty_root();
        return Ok(Root { log: log.to_owned(), size: 0, root });
    }
    if answer.status != 200 {
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        return Err(unreachable(format!("{} answered {}: {text}", peer.name, answer.status)).into());
    }
    let root: Root = serde_json::from_slice(&answer.body)
        .map_err(|e| unreachable(format!("{} answered what cannot be read: {e}", peer.name)))?;
    Ok(root)
}
