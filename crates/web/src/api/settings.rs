//! `GET /api/v1/settings`: the configuration as it stands, with where each value comes from, and what
//! the next start would change.

use crate::app::App;
use axum::Json;
use axum::extract::State;
use forewarn_node::Node;
use forewarn_node::settings::Changed;
use forewarn_view::settings::{SettingChanged, SettingLine, SettingsShown};

pub(crate) async fn show(State(node): State<App>) -> Json<SettingsShown> {
    std::future::ready(Json(shown(&node))).await
}

/// The configuration of a node. It holds no secret: those are in files of their own.
pub(crate) fn shown(node: &Node) -> SettingsShown {
    let values = node.settings.values().iter().map(|one| SettingLine {
        key: one.key.clone(),
        value: one.value.clone(),
        origin: one.origin.to_string(),
    });
    let values = values.collect();
    match node.settings.at_next_start() {
        Ok(next) => {
            let changed = |Changed { key, now, then }| SettingChanged { key, now, then };
            SettingsShown { values, next: next.into_iter().map(changed).collect(), unusable: None }
        }
        Err(why) => SettingsShown { values, next: Vec::new(), unusable: Some(why) },
    }
}
