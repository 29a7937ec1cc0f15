//! `GET /api/v1/ledger`: who was given what, why and when.

use super::page::{Page, PageQuery, limit};
use crate::app::App;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::query::Query;
use axum::Extension;
use axum::extract::State;
use forewarn_exchange::id::Subject;
use forewarn_exchange::name::NodeName;
use forewarn_node::ledger::Book;
use forewarn_node::{Failure, Node};
use forewarn_store::Db;
use forewarn_store::sight::Sight;
use forewarn_view::ledger::LedgerLine;
use schemars::JsonSchema;
use serde::Deserialize;

/// Which rows are asked for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    /// Only what this partner was given.
    partner: Option<NodeName>,
    /// Only what is about this: `case-N` or `warning-N`.
    about: Option<Subject>,
    /// The cursor of the page before: only rows behind it.
    #[serde(default)]
    after: i64,
    /// Most rows of a page, from 1; 1,000 when not given, or more.
    #[serde(default, deserialize_with = "limit")]
    limit: Option<usize>,
}

/// A page of what was given, to one partner or about one thing, where that is asked for.
pub(crate) fn given(
    (db, node): (&Db<'_>, &Node),
    sight: &Sight,
    asked: PageQuery,
    narrowed: (Option<&NodeName>, Option<Subject>),
) -> Result<Page<LedgerLine>, Failure> {
    let us = node.state.us();
    let mut book = Book::new(db, us.organisation(), sight);
    asked.page(
        |after, count| Ok(db.given_after((after, count), narrowed)?),
        |given| given.number,
        |given| book.row(&given),
    )
}

pub(crate) async fn list(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Query(asked): Query<Asked>,
) -> Result<Page<LedgerLine>, Problem> {
    let Asked { partner, about, after, limit } = asked;
    let narrowed = (partner.clone(), about);
    let rows = node.read(move |db, node| {
        let narrowed = (narrowed.0.as_ref(), narrowed.1);
        given((&db, node), &caller.sight(node), PageQuery { after, limit }, narrowed)
    });
    Ok(rows.await?.narrowed([
        ("partner", partner.map(|partner| partner.to_string())),
        ("about", about.map(|about| about.to_string())),
    ]))
}
