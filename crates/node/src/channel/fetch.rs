//! Fetching: for partners that cannot reach us. Their log is asked for, and waited for, as if they
//! had pushed it; the receipt is brought to them.

use crate::channel::Channels;
use crate::channel::course::{Course, Next, Sent};
use crate::channel::receive::{self, Received};
use crate::channel::serve;
use crate::clock::jitter;
use forewarn_engine::Failure;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::{Code, Refusal};
use forewarn_transcript::batch::MAX_ENTRIES;
use hyper::Method;
use std::time::{Duration, Instant};

/// How long the partner is asked to wait for something new, in seconds: less than a request may
/// take.
const WAIT_SECONDS: u64 = 20;

/// Between two questions that brought nothing.
const AT_LEAST: Duration = Duration::from_secs(1);

/// Fetches for ever.
pub async fn run(channels: Channels, partner: NodeName) {
    let mut course = Course::default();
    loop {
        let asked = Instant::now();
        let sent = match step(&channels, &partner, course.start(), WAIT_SECONDS).await {
            Ok(sent) => sent,
            Err(Failure::Stopping) => return,
            Err(error) => {
                tracing::info!(%partner, %error, "nothing was fetched");
                Sent::Failed
            }
        };
        match course.after(sent) {
            Next::Rest(wait) => tokio::time::sleep(wait + jitter(wait)).await,
            // The waiting is the partner's; one that does not wait is not asked at once again.
            Next::Idle if asked.elapsed() < AT_LEAST => tokio::time::sleep(AT_LEAST).await,
            Next::Idle | Next::Send => {}
        }
    }
}

/// Fetches what we have cosigned of the partner's log and do not hold any more: the database is
/// older than that, and the partner would send it again only when it asks.
pub(crate) async fn catch_up(channels: &Channels, partner: &NodeName) -> Result<(), Failure> {
    loop {
        let name = partner.clone();
        let (held, signed) = channels
            .read(move |db, channels| {
                let Some(log) = db.log_with(&name, false)? else { return Ok((0, 0)) };
                let signed = channels.signer().last(&log.name).map_or(0, |(size, _)| size);
                Ok((log.size, signed))
            })
            .await?;
        if held >= signed {
            return Ok(());
        }
        let stepped = step(channels, partner, Some(held), 0).await;
        let name = partner.clone();
        let now = channels
            .read(move |db, _| Ok(db.log_with(&name, false)?.map_or(0, |log| log.size)))
            .await?;
        // That the receipt is not wanted, since the partner has it, matters nothing here.
        if now <= held {
            return stepped.map(drop);
        }
    }
}

async fn step(
    channels: &Channels,
    partner: &NodeName,
    from: Option<u64>,
    wait: u64,
) -> Result<Sent, Failure> {
    let name = partner.clone();
    let (peer, held) = channels
        .read(move |db, channels| {
            let known = db.partner(&name)?.ok_or_else(|| Refusal::unknown("partner", &name))?;
            let (peer, _) = serve::peer(&db, &known, channels.party())?;
            Ok((peer, db.log_with(&name, false)?.map_or(0, |log| log.size)))
        })
        .await?;
    let start = from.unwrap_or(held);
    let path = format!("/channel/v1/entries?start={start}&wait={wait}");
    let answer = channels.egress.ask(&peer, Method::GET, &path, Vec::new()).await;
    let answer = answer.map_err(|e| Refusal::new(Code::Unreachable, e.to_string()))?;
    if answer.status == 204 {
        return Ok(Sent::Nothing);
    }
    if answer.status != 200 {
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        let message = format!("answered {}: {text}", answer.status);
        return Err(Refusal::new(Code::NotGiven, message).into());
    }
    let batch = receive::parse(&answer.body)?;
    if batch.entries.is_empty() {
        return Ok(Sent::Nothing);
    }
    let counted = receive::over_quota(channels, partner, (&batch, answer.body.len()));
    if let Some(wait) = counted.await? {
        tracing::info!(%partner, wait_s = wait.as_secs(), "its quota is used up");
        return Ok(Sent::Later(wait));
    }
    let receipt = match receive::receive(channels, partner, batch, MAX_ENTRIES).await? {
        Received::Receipt(receipt) => receipt,
        Received::Held(size) => return Ok(Sent::Elsewhere(size)),
    };
    let told =
        channels.egress.ask(&peer, Method::POST, "/channel/v1/receipt", receipt.into_bytes());
    let told = told.await.map_err(|e| Refusal::new(Code::Unreachable, e.to_string()))?;
    if told.status != 200 {
        let text = String::from_utf8_lossy(&told.body).into_owned();
        let message = format!("the receipt was answered with {}: {text}", told.status);
        return Err(Refusal::new(Code::Receipt, message).into());
    }
    let name = partner.clone();
    let size =
        channels.state.read(move |db| Ok(db.log_with(&name, false)?.map_or(0, |log| log.size)));
    Ok(Sent::Receipted(size.await?))
}
