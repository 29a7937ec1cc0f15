//! `GET /api/v1/users`, `…/{name}`.

use super::page::{NamedQuery, Page, limit};
use super::tag::Tagged;
use crate::app::App;
use crate::path::Path;
use crate::problem::Problem;
use crate::query::Query;
use axum::extract::State;
use forewarn_exchange::Refusal;
use forewarn_exchange::name::UserName;
use forewarn_exchange::role::Role;
use forewarn_exchange::user::User;
use forewarn_exchange::watched::Watched;
use schemars::JsonSchema;
use serde::Deserialize;

/// Which users are asked for.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    /// The name that the page before ended with: only rows behind it.
    after: Option<String>,
    /// Most rows of a page, from 1; all, when not given.
    #[serde(default, deserialize_with = "limit")]
    limit: Option<usize>,
    /// Only those who have this role.
    role: Option<Role>,
    /// `true`: only those who may come in; `false`: only the others.
    active: Option<bool>,
}

pub(crate) async fn list(
    State(node): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Page<User>, Problem> {
    let Asked { after, limit, role, active } = asked;
    let mut users = node.read(|db, _| Ok(db.users()?)).await?;
    users.retain(|one| {
        role.is_none_or(|role| one.roles.contains(&role))
            && active.is_none_or(|active| active == one.standing.is_active())
    });
    let page = NamedQuery { after, limit }.page(users, |one: &User| &one.name);
    Ok(page.narrowed([
        ("role", role.map(|role| role.name().to_owned())),
        ("active", active.map(|active| active.to_string())),
    ]))
}

pub(crate) async fn one(
    State(node): State<App>,
    Path(name): Path<UserName>,
) -> Result<Tagged<User>, Problem> {
    let shown = node.state.read(move |db| {
        let user = db.user(&name)?.ok_or_else(|| Refusal::unknown("user", &name))?;
        Tagged::of(&db, user, &Watched::User(name))
    });
    Ok(shown.await?)
}
