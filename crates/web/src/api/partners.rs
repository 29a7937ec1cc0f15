//! `GET /api/v1/partners`, `…/{name}`, `…/{name}/history` and `GET /api/v1/card`.

use super::page::{NamedQuery, Page, PageQuery, limit};
use super::tag::Tagged;
use crate::app::App;
use crate::caller::Caller;
use crate::path::Path;
use crate::problem::Problem;
use crate::query::Query;
use axum::Extension;
use axum::Json;
use axum::extract::State;
use forewarn_exchange::Refusal;
use forewarn_exchange::history::Topic;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::partner::{Partner, Standing};
use forewarn_exchange::watched::Watched;
use forewarn_node::Failure;
use forewarn_node::sees::seen_line;
use forewarn_store::Db;
use forewarn_store::sight::Sight;
use forewarn_view::history::HappenedLine;
use forewarn_view::partner::{OwnCard, PartnerShown};
use schemars::JsonSchema;
use serde::Deserialize;

/// Our own card, with the words to be read aloud.
pub(crate) async fn own_card(State(node): State<App>) -> Json<OwnCard> {
    let (card, note) = node.card().clone();
    let fingerprint = card.fingerprint();
    Json(OwnCard { card: note, name: card.name, fingerprint })
}

/// Which partners are asked for.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    /// The name that the page before ended with: only rows behind it.
    after: Option<String>,
    /// Most rows of a page, from 1; all, when not given.
    #[serde(default, deserialize_with = "limit")]
    limit: Option<usize>,
    /// Only those that stand so.
    standing: Option<Stands>,
}

/// How a partner stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Stands {
    Added,
    Confirmed,
    Suspended,
}

impl Stands {
    fn of(partner: &Partner) -> Stands {
        match partner.standing {
            Standing::Added { .. } => Stands::Added,
            Standing::Confirmed { .. } => Stands::Confirmed,
            Standing::Suspended { .. } => Stands::Suspended,
        }
    }

    fn word(self) -> String {
        let word = match self {
            Stands::Added => "added",
            Stands::Confirmed => "confirmed",
            Stands::Suspended => "suspended",
        };
        word.to_owned()
    }
}

pub(crate) async fn list(
    State(node): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Page<PartnerShown>, Problem> {
    let Asked { after, limit, standing } = asked;
    let mut partners = node.state.read(|db| Ok(db.partners()?)).await?;
    partners.retain(|one| standing.is_none_or(|standing| standing == Stands::of(one)));
    let shown = partners.into_iter().map(PartnerShown::of).collect();
    let page = NamedQuery { after, limit }.page(shown, |one: &PartnerShown| &one.name);
    Ok(page.narrowed([("standing", standing.map(Stands::word))]))
}

pub(crate) async fn one(
    State(node): State<App>,
    Path(name): Path<NodeName>,
) -> Result<Tagged<PartnerShown>, Problem> {
    let shown = node.state.read(move |db| {
        let partner = db.partner(&name)?.ok_or_else(|| Refusal::unknown("partner", &name))?;
        Tagged::of(&db, PartnerShown::of(partner), &Watched::Partner(name))
    });
    Ok(shown.await?)
}

/// What happened between a partner and us beside cases and warnings, oldest first. What is about an
/// item that the caller may not see is left out.
pub(crate) async fn history(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<NodeName>,
    Query(asked): Query<PageQuery>,
) -> Result<Page<HappenedLine>, Problem> {
    let sight = caller.sight(&node);
    let lines = node.state.read(move |db| lines(&db, &name, asked, &sight));
    Ok(lines.await?)
}

/// What happened with a partner, as far as it may be seen.
fn lines(
    db: &Db<'_>,
    name: &NodeName,
    asked: PageQuery,
    sight: &Sight,
) -> Result<Page<HappenedLine>, Failure> {
    db.partner(name)?.ok_or_else(|| Refusal::unknown("partner", name))?;
    let topic = Topic::Partner(name.clone());
    asked.page(
        |after, count| Ok(db.history_after(topic.clone(), after, count)?),
        |(number, _)| *number,
        |(_, one)| {
            let happened = seen_line(db, &topic, one.happened, sight)?;
            Ok(happened.map(|happened| HappenedLine::new(one.time, one.actor, happened)))
        },
    )
}

/// The newest of that, newest first.
pub(crate) fn newest(
    db: &Db<'_>,
    name: &NodeName,
    sight: &Sight,
    most: usize,
) -> Result<Vec<HappenedLine>, Failure> {
    let mut rows = lines(db, name, PageQuery::default(), sight)?.rows;
    rows.reverse();
    rows.truncate(most);
    Ok(rows)
}
