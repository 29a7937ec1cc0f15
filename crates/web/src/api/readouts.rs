//! `GET /api/v1/readouts`, `…/{subject}` and `…/{subject}/published`.

use super::page::{Page, PageQuery};
use crate::app::App;
use crate::caller::Caller;
use crate::path::Path;
use crate::problem::Problem;
use crate::query::Query;
use axum::extract::State;
use axum::{Extension, Json};
use forewarn_exchange::id::Subject;
use forewarn_exchange::readout::Readout;
use forewarn_exchange::readout::published::Published;
use forewarn_exchange::{Code, Refusal};
use forewarn_node::shown::Shown;
use forewarn_node::{Failure, Node};
use forewarn_store::Db;
use forewarn_store::sight::Sight;
use forewarn_view::readout::{ReadoutLine, ReadoutShown};
use schemars::JsonSchema;
use serde::Deserialize;

pub(crate) async fn list(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Query(asked): Query<PageQuery>,
) -> Result<Page<ReadoutLine>, Problem> {
    let lines = node.read(move |db, node| listed(&db, asked, &caller.sight(node)));
    Ok(lines.await?)
}

/// Readouts in a list, as far as they may be seen.
pub(crate) fn listed(
    db: &Db<'_>,
    asked: PageQuery,
    sight: &Sight,
) -> Result<Page<ReadoutLine>, Failure> {
    asked.page(
        |after, count| Ok(db.readouts_after(after, count)?),
        |(number, _)| *number,
        |(number, readout)| {
            let seen = db.opens(readout.subject, sight)?;
            Ok(seen.then(|| ReadoutLine::of(number, &readout)))
        },
    )
}

pub(crate) async fn one(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Path(subject): Path<Subject>,
) -> Result<Json<ReadoutShown>, Problem> {
    let reader = caller.actor();
    let shown = node.read(move |db, node| known(&db, node, &caller, subject)).await?;
    Ok(Json(ReadoutShown::of(shown.on_record(&node.state, &reader).await?)))
}

/// Whose text.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Side {
    /// Ours.
    #[default]
    Ours,
    /// The partner's.
    Theirs,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Asked {
    /// Whose text.
    #[serde(default)]
    side: Side,
}

pub(crate) async fn published(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Path(subject): Path<Subject>,
    Query(Asked { side }): Query<Asked>,
) -> Result<Json<Published>, Problem> {
    let reader = caller.actor();
    let shown = node.read(move |db, node| known(&db, node, &caller, subject)).await?;
    let readout = shown.on_record(&node.state, &reader).await?;
    let published = match side {
        Side::Ours => Published::ours(&readout, node.state.name()),
        Side::Theirs => Published::theirs(&readout),
    };
    let unpublished = || {
        let message = format!("that readout of {subject} is not public yet");
        Problem::from(Refusal::new(Code::Stage, message))
    };
    published.map(Json).ok_or_else(unpublished)
}

/// A text about what is at TLP:RED states what that says: it is there for those whom it names.
pub(crate) fn known(
    db: &Db<'_>,
    node: &Node,
    caller: &Caller,
    subject: Subject,
) -> Result<Shown<Readout>, Failure> {
    let unknown = || Refusal::unknown("readout of", subject);
    if !db.opens(subject, &caller.sight(node))? {
        return Err(unknown().into());
    }
    let readout = db.readout(subject)?.ok_or_else(unknown)?;
    Shown::about(db, subject, readout)
}
