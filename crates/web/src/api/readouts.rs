//! `GET /api/v1/readouts`, `…/{subject}` and `…/{subject}/published`.

use super::page::{Page, PageQuery};
use crate::app::App;
use crate::caller::Caller;
use crate::problem::Problem;
use axum::extract::{Path, Query, State};
use axum::{Extension, Json};
use forewarn_exchange::id::Subject;
use forewarn_exchange::readout::Readout;
use forewarn_exchange::readout::published::Published;
use forewarn_exchange::{Code, Refusal};
use forewarn_node::{Failure, Node};
use forewarn_store::Db;
use forewarn_view::readout::{ReadoutLine, ReadoutShown};
use serde::Deserialize;

pub(crate) async fn list(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Query(asked): Query<PageQuery>,
) -> Result<Page<ReadoutLine>, Problem> {
    let lines = node.read(move |db, node| {
        let sight = caller.sight(node);
        asked.page(
            |after, count| Ok(db.readouts_after(after, count)?),
            |(number, _)| *number,
            |(number, readout)| {
                let seen = db.sees(readout.subject, &sight)?;
                Ok(seen.then(|| ReadoutLine::of(number, &readout)))
            },
        )
    });
    Ok(lines.await?)
}

pub(crate) async fn one(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Path(subject): Path<Subject>,
) -> Result<Json<ReadoutShown>, Problem> {
    let shown = node.read(move |db, node| known(&db, node, &caller, subject));
    Ok(Json(ReadoutShown::of(shown.await?)))
}

/// Whose text.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Side {
    /// Ours.
    #[default]
    Ours,
    /// The partner's.
    Theirs,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    side: Side,
}

pub(crate) async fn published(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Path(subject): Path<Subject>,
    Query(Asked { side }): Query<Asked>,
) -> Result<Json<Published>, Problem> {
    let shown = node.read(move |db, node| {
        let readout = known(&db, node, &caller, subject)?;
        let published = match side {
            Side::Ours => Published::ours(&readout, node.state.us().name()),
            Side::Theirs => Published::theirs(&readout),
        };
        let unpublished = || {
            let message = format!("that readout of {subject} is not public yet");
            Failure::from(Refusal::new(Code::Stage, message))
        };
        published.ok_or_else(unpublished)
    });
    Ok(Json(shown.await?))
}

fn known(db: &Db<'_>, node: &Node, caller: &Caller, subject: Subject) -> Result<Readout, Failure> {
    let unknown = || Refusal::unknown("readout of", subject);
    if !db.sees(subject, &caller.sight(node))? {
        return Err(unknown().into());
    }
    Ok(db.readout(subject)?.ok_or_else(unknown)?)
}
