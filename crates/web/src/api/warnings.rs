//! `GET /api/v1/warnings` and `…/{number}`.

use super::cases::history;
use super::page::{Page, PageQuery, limit};
use super::tag::Tagged;
use crate::app::App;
use crate::caller::Caller;
use crate::path::Path;
use crate::problem::Problem;
use crate::query::Query;
use axum::Extension;
use axum::extract::State;
use forewarn_engine::seen_now;
use forewarn_exchange::id::{Subject, WarningNumber};
use forewarn_exchange::name::NodeName;
use forewarn_exchange::warning::{Standing, Warning};
use forewarn_exchange::watched::Watched;
use forewarn_node::Failure;
use forewarn_node::shown::{self, Contents};
use forewarn_store::Db;
use forewarn_store::sight::Sight;
use forewarn_view::warning::{WarningLine, WarningShown};
use schemars::JsonSchema;
use serde::Deserialize;

/// Which warnings are asked for, and in which order.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WarningQuery {
    /// The cursor of the page before: only rows behind it.
    #[serde(default)]
    after: i64,
    /// Most rows of a page, from 1; 1,000 when not given, or more.
    #[serde(default, deserialize_with = "limit")]
    limit: Option<usize>,
    /// In which order: by number when not given.
    order: Option<Order>,
    /// Only these; all when not given.
    only: Option<Only>,
    /// Only those of this partner.
    partner: Option<NodeName>,
}

/// In which order warnings are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Order {
    /// What is meant first, then the most urgent, then the oldest.
    Urgency,
}

/// Which warnings are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Only {
    /// Those whose newest version nobody has opened.
    Unopened,
    /// Those that somebody has in hand.
    Accepted,
    /// Those that the caller has opened, accepted or declined last.
    Mine,
}

impl WarningQuery {
    /// The most urgent first, after this place.
    pub(crate) fn urgent(after: i64, limit: usize) -> WarningQuery {
        WarningQuery {
            after,
            limit: Some(limit),
            order: Some(Order::Urgency),
            only: None,
            partner: None,
        }
    }
}

impl Only {
    fn takes(self, warning: &Warning, caller: &Caller) -> bool {
        let standing = &warning.standing;
        match self {
            Only::Unopened => matches!(standing, Standing::New {}),
            Only::Accepted => matches!(standing, Standing::Accepted { .. }),
            Only::Mine => standing.by().is_some_and(|by| caller.actor().user() == Some(by)),
        }
    }
}

pub(crate) async fn list(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Query(asked): Query<WarningQuery>,
) -> Result<Page<WarningLine>, Problem> {
    let (order, only, partner) = (asked.order, asked.only, asked.partner.clone());
    let page = node.read(move |db, node| listed(&db, asked, &caller, &caller.sight(node)));
    let page = page.await?;
    let order = order.map(|Order::Urgency| "urgency".to_owned());
    let only = only.map(|only| {
        let word = match only {
            Only::Unopened => "unopened",
            Only::Accepted => "accepted",
            Only::Mine => "mine",
        };
        word.to_owned()
    });
    let partner = partner.map(|partner| partner.to_string());
    Ok(page.narrowed([("order", order), ("only", only), ("partner", partner)]))
}

/// Warnings in a list.
pub(crate) fn listed(
    db: &Db<'_>,
    asked: WarningQuery,
    caller: &Caller,
    sight: &Sight,
) -> Result<Page<WarningLine>, Failure> {
    let WarningQuery { after, limit, order, only, partner } = asked;
    let questions = db.open_questions()?;
    let open = |one: &Warning| questions.get(&Subject::Warning(one.number)).copied();
    let line = |one: &Warning| {
        let taken = only.is_none_or(|only| only.takes(one, caller))
            && partner.as_ref().is_none_or(|partner| *partner == one.partner);
        taken.then(|| WarningLine::of(one, open(one).unwrap_or(0), sight.opens_newest(one)))
    };
    let fetch = |after, count| match order {
        Some(Order::Urgency) => Ok(db.inbox(after, count)?),
        None => {
            let all = db.warnings_after(after, count)?.into_iter();
            Ok(all.map(|one| (one.number.get(), one)).collect())
        }
    };
    PageQuery { after, limit }.page(fetch, |(place, _)| *place, |(_, one)| Ok(line(&one)))
}

/// A warning, whole. What is for named persons is shown to them alone, and each time that is put on
/// record before.
pub(crate) async fn one(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Path(number): Path<WarningNumber>,
) -> Result<Tagged<WarningShown>, Problem> {
    // Read before: what has changed since is found to be another version.
    let seen = node.state.read(move |db| Ok(seen_now(&db, &Watched::Warning(number))?)).await?;
    let shown = whole(&node, &caller, number).await?;
    Ok(Tagged { shown, seen })
}

/// A warning, whole, as far as it may be opened, after that was put on record.
pub(crate) async fn whole(
    node: &App,
    caller: &Caller,
    number: WarningNumber,
) -> Result<WarningShown, Failure> {
    let sight = caller.sight(node);
    let of = sight.clone();
    let found = node.state.read(move |db| shown::warning(&db, number, &of)).await?;
    let contents = found.on_record(&node.state, &caller.actor()).await?;
    let Contents { warning, content, before, talk, kept_back } = contents;
    let history = node.state.read(move |db| history(&db, number.into(), &sight)).await?;
    let shown = WarningShown::of(warning, (content, before), &talk, history);
    Ok(shown.keeping_back(kept_back))
}
