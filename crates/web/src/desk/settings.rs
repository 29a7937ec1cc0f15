//! `GET /desk/settings`: the configuration as it stands, where each value comes from, and what the next
//! start would change.

use super::frame::{Frame, html};
use super::plain::{Plain, Row, Table};
use super::reader::Reader;
use super::show::line;
use super::texts::{Words, fill};
use crate::api::settings;
use crate::app::App;
use crate::problem::Problem;
use axum::extract::State;
use axum::response::Response;
use forewarn_view::settings::{SettingChanged, SettingLine, SettingsShown};
use forewarn_view::text;

pub(crate) async fn show(State(node): State<App>, reader: Reader) -> Result<Response, Problem> {
    let w = reader.w;
    let SettingsShown { values, next, unusable } =
        tokio::task::block_in_place(|| settings::shown(&node));
    let changes = Table {
        heading: w.keep.next_start.to_owned(),
        heads: vec![w.keep.key, w.keep.now, w.keep.then],
        rows: next.iter().map(changed).collect(),
        none: w.keep.nothing_changes,
        ..Table::default()
    };
    let stands = Table {
        heading: w.keep.stands.to_owned(),
        note: fill(w.frame.shown_all, &[&values.len()]),
        heads: vec![w.keep.key, w.keep.value, w.keep.origin],
        rows: values.iter().map(|one| row(w, one)).collect(),
        none: w.keep.nothing_changes,
        ..Table::default()
    };
    let why = unusable.as_deref().map(|why| fill(w.keep.unusable, &[&line(why)]));
    let f = Frame::new(&node, Some(&reader), w, w.keep.settings);
    let changes = if unusable.is_some() { Vec::new() } else { vec![changes] };
    Ok(html(&Plain {
        lead: w.keep.settings_lead.to_owned(),
        notices: why.into_iter().collect(),
        tables: changes.into_iter().chain([stands]).collect(),
        ..Plain::new(f, w.keep.settings)
    }))
}

fn row(w: &Words, one: &SettingLine) -> Row {
    let origin = match one.origin.as_str() {
        "environment" => w.keep.environment,
        "file" => w.keep.file,
        _ => w.keep.default,
    };
    Row { at: None, cells: vec![line(&one.key), line(&one.value), origin.to_owned()] }
}

fn changed(one: &SettingChanged) -> Row {
    let value = |value: Option<&String>| text::or_none(value.map(String::as_str), line);
    let cells = vec![line(&one.key), value(one.now.as_ref()), value(one.then.as_ref())];
    Row { at: None, cells }
}
