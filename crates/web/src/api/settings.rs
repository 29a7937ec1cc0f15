//! `GET /api/v1/settings`: the configuration as it stands, with where each value comes from, and what
//! the file as it is now would change; `POST /api/v1/settings/reload` reads it again.

use crate::app::App;
use crate::caller::Caller;
use crate::doors::Doors;
use crate::problem::Problem;
use axum::extract::State;
use axum::{Extension, Json};
use forewarn_exchange::Code;
use forewarn_node::Node;
use forewarn_node::settings::Changed;
use forewarn_view::settings::{Reloaded, SettingChanged, SettingLine, SettingsShown};

pub(crate) async fn show(State(node): State<App>) -> Json<SettingsShown> {
    std::future::ready(Json(shown(&node))).await
}

/// The configuration of a node. It holds no secret: those are in files of their own.
pub(crate) fn shown(node: &Node) -> SettingsShown {
    let values = node.settings.counting(&node.state.us().configuration);
    let values = values.into_iter().map(|one| SettingLine {
        key: one.key,
        value: one.value,
        origin: one.origin.to_string(),
    });
    let values = values.collect();
    match node.settings.changes() {
        Ok(changes) => {
            let (reload, start) = (all(changes.at_once), all(changes.at_start));
            SettingsShown { values, reload, start, unusable: None }
        }
        Err(why) => {
            SettingsShown { values, reload: Vec::new(), start: Vec::new(), unusable: Some(why) }
        }
    }
}

pub(crate) async fn reload(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Extension(doors): Extension<Doors>,
) -> Result<Json<Reloaded>, Problem> {
    Ok(Json(again(&node, &caller, &doors).await?))
}

/// Reads the configuration again for somebody, and goes by it.
pub(crate) async fn again(node: &App, caller: &Caller, doors: &Doors) -> Result<Reloaded, Problem> {
    let done = doors.reload(node, caller.actor()).await;
    let changes = done.map_err(|not| match not {
        crate::doors::NotReloaded::Unusable(why) => {
            let detail = format!("nothing was changed: {why}");
            Problem::new(Code::Configuration, detail)
                .advice("put it right in forewarn.toml, and look with `forewarn config check`")
        }
        crate::doors::NotReloaded::NotRecorded(failure) => failure.into(),
    })?;
    let (changed, needs_start) = (all(changes.at_once), all(changes.at_start));
    let taken_out = changes.taken_out.iter().map(ToString::to_string).collect();
    Ok(Reloaded { changed, needs_start, taken_out })
}

fn all(changes: Vec<Changed>) -> Vec<SettingChanged> {
    let one = |Changed { key, now, then }| SettingChanged { key, now, then };
    changes.into_iter().map(one).collect()
}
