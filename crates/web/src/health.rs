//! Whether the process runs, and whether it can answer.

use crate::app::App;
use crate::caller::Caller;
use crate::problem::Problem;
use axum::extract::State;
use axum::{Extension, Json};
use forewarn_exchange::Code;
use forewarn_exchange::refusal::Hint;
use forewarn_node::clock;
use forewarn_view::status::{ApartSeen, BackupSeen, CopySeen, FollowerLine, NodeStatus};

/// `GET /healthz`: the process runs.
pub(crate) async fn alive() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the database can be read, the writer has just written to the disk, and every
/// follower runs.
pub(crate) async fn ready(State(node): State<App>) -> Result<&'static str, Problem> {
    if let Err(why) = node.state.engine().can_write().await {
        let words = format!("nothing can be written: {why}");
        return Err(Problem::new(Code::NotReady, words).retry_after(5));
    }
    let status = status_of(&node, true).await?;
    match status.trouble() {
        Some(trouble) => Err(Problem::new(Code::NotReady, trouble).retry_after(5)),
        None => Ok("ready\n"),
    }
}

/// `GET /api/v1/status`: how the node fares.
pub(crate) async fn status(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
) -> Result<Json<NodeStatus>, Problem> {
    let may_count = caller.sight(&node).is_whole();
    Ok(Json(status_of(&node, may_count).await?))
}

/// The journal counts everything that comes in: whoever may not see all of it is told no number.
pub(crate) async fn status_of(node: &App, may_count: bool) -> Result<NodeStatus, Problem> {
    let journal = node.state.read(|db| Ok(db.journal_index()?)).await?;
    let writing = node.state.engine().can_write().await.is_ok();
    let followers = node.watch.followers().into_iter().map(|one| FollowerLine {
        name: one.name,
        running: one.running,
        restarts: one.restarts,
        ended: one.ended,
        behind: may_count.then_some(one.behind),
    });
    let journal = may_count.then_some(journal);
    let copies = node.channels.copies().into_iter();
    let copies = copies.map(|(partner, seen)| {
        let advice = match seen.hint {
            Some(Hint::Advice { words }) => format!(": {words}"),
            Some(_) | None => String::new(),
        };
        CopySeen { partner, why: format!("{}{advice}", seen.message) }
    });
    let backup = node.newest_backup().await.map(|(made, late)| {
        let hours =
            made.as_ref().map(|made| (clock::now().micros() - made.micros()) / 3_600_000_000);
        BackupSeen { made, hours, late }
    });
    let (followers, copies) = (followers.collect(), copies.collect());
    let apart = node.state.engine().journal().map(|fares| ApartSeen {
        held: may_count.then_some(fares.held.size),
        applied: may_count.then_some(fares.applied),
        behind: may_count.then_some(fares.behind()),
        writes: fares.writes() && node.acts,
        follows: fares.follows(),
        writer: fares.writer_url().map(str::to_owned),
        waiting: fares.waiting,
        trouble: fares.trouble,
        stopped: fares.stopped.is_some(),
    });
    let not_on_record = node.not_on_record().into_iter().map(str::to_owned).collect();
    Ok(NodeStatus { journal, apart, writing, followers, copies, backup, not_on_record })
}
