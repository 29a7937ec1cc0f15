//! `GET /api/v1/telling`: who is told of what; `GET /api/v1/notifiers`, `POST …/{name}/test`; and
//! `GET /api/v1/deliveries`: what was told.

use super::page::{Page, PageQuery};
use super::tag::Tagged;
use super::{MAX_REQUEST_BYTES, parse};
use crate::app::App;
use crate::asker::Asker;
use crate::body;
use crate::caller::Caller;
use crate::path::Path;
use crate::problem::Problem;
use crate::query::Query;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::{Extension, Json};
use forewarn_exchange::id::Subject;
use forewarn_exchange::refusal::Hint;
use forewarn_exchange::watched::Watched;
use forewarn_exchange::{Code, Refusal};
use forewarn_node::{Failure, clock};
use forewarn_store::Db;
use forewarn_store::sight::Sight;
use forewarn_store::telling::Logged;
use forewarn_view::telling::{DeliveryLine, NotifierLine, NotifierTried, TellingShown};
use schemars::JsonSchema;
use serde::Deserialize;

/// Everything that is set, addresses included: for whoever may change it.
pub(crate) async fn show(State(node): State<App>) -> Result<Tagged<TellingShown>, Problem> {
    let now = clock::now();
    let shown = node
        .state
        .read(move |db| Tagged::of(&db, TellingShown::of(db.telling()?, &now), &Watched::Telling));
    Ok(shown.await?)
}

pub(crate) async fn notifiers(State(node): State<App>) -> Result<Json<Vec<NotifierLine>>, Problem> {
    let lines = node.read(|db, node| {
        let config = node.config();
        let each = config.notifiers.iter().map(|one| {
            let fails = db.notifier_fails(&one.name)?;
            let (failing_since, why) = fails.unzip();
            let kind = one.kind.name().to_owned();
            Ok(NotifierLine { name: one.name.clone(), kind, failing_since, why })
        });
        each.collect::<Result<Vec<_>, Failure>>()
    });
    Ok(Json(lines.await?))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TestRequest {
    /// Where to; one's own address, when left out.
    #[serde(default)]
    address: Option<String>,
}

/// Sends a test message now, and says what came of it.
pub(crate) async fn test(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
    asker: Asker,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<NotifierTried>, Problem> {
    let TestRequest { address } =
        parse(&body::read((&node, &asker), &headers, body, MAX_REQUEST_BYTES).await?)?;
    let Caller::User(user) = caller else {
        return Err(Problem::new(Code::NoUser, "say who you are").hint(Hint::SayWho));
    };
    let notifiers = node.notifiers();
    if !notifiers.all().any(|one| one.name == name) {
        return Err(Refusal::unknown("notifier", &name).into());
    }
    let failed = notifiers.test(&name, address, user.name).await.err().map(|failed| failed.0);
    Ok(Json(NotifierTried { notifier: name, failed }))
}

/// What was told, oldest first; what is about a case that is hidden is left out.
pub(crate) async fn deliveries(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Query(asked): Query<PageQuery>,
) -> Result<Page<DeliveryLine>, Problem> {
    let shown = node.read(move |db, node| {
        let sight = caller.sight(node);
        asked.page(
            |after, count| Ok(db.deliveries_after(after, count)?),
            |logged| logged.number,
            |logged| {
                let seen = sees(&db, &logged, &sight)?;
                Ok(seen.then(|| DeliveryLine::of(logged.number, logged.delivery)))
            },
        )
    });
    Ok(shown.await?)
}

/// Whether all that a delivery tells of may be seen. Proposals are not looked into: whoever may not
/// see everything is not told of what is about one.
fn sees(db: &Db<'_>, logged: &Logged, sight: &Sight) -> Result<bool, Failure> {
    if sight.is_whole() {
        return Ok(true);
    }
    for need in &logged.delivery.needs {
        let about = need.name.split(' ').nth(1).unwrap_or_default();
        let seen = match about.parse::<Subject>() {
            Ok(subject) => db.sees(subject, sight)?,
            Err(_) => !about.starts_with("proposal-"),
        };
        if !seen {
            return Ok(false);
        }
    }
    Ok(true)
}
