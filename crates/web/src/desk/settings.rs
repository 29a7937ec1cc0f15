//! `GET /desk/settings`: the configuration as it stands, where each value comes from, and what the file
//! as it is now would change, at once or at the next start. `POST` reads the file again.

use super::form::{FormShown, Trouble, answered, on_to};
use super::frame::Frame;
use super::plain::{Act, Plain, Row, Table};
use super::posted::{Button, Posted};
use super::reader::Reader;
use super::show::line;
use super::texts::{Words, fill};
use crate::api::settings;
use crate::app::App;
use crate::doors::Doors;
use crate::problem::Problem;
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use forewarn_view::settings::{SettingChanged, SettingLine, SettingsShown};
use forewarn_view::text;

pub(crate) async fn show(State(node): State<App>, reader: Reader) -> Result<Response, Problem> {
    Ok(page(&node, &reader, None))
}

pub(crate) async fn reload(
    State(node): State<App>,
    Extension(doors): Extension<Doors>,
    Posted { reader, .. }: Posted<Button>,
) -> Result<Response, Problem> {
    match settings::again(&node, &reader.caller(), &doors).await {
        Ok(_) => Ok(on_to("/desk/settings")),
        // The page says what is wrong with the file.
        Err(problem) => match Trouble::from(problem).again()? {
            Trouble::Refused(problem) => Ok(page(&node, &reader, Some(problem.status))),
            Trouble::Wrong(_) | Trouble::NotShown => Ok(on_to("/desk/settings")),
        },
    }
}

fn page(node: &App, reader: &Reader, status: Option<StatusCode>) -> Response {
    let w = reader.w;
    let SettingsShown { values, reload, start, unusable } =
        tokio::task::block_in_place(|| settings::shown(node));
    let changes = |heading: &str, all: &[SettingChanged]| Table {
        heading: heading.to_owned(),
        heads: vec![w.keep.key, w.keep.now, w.keep.then],
        rows: all.iter().map(changed).collect(),
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
    let f = Frame::new(node, Some(reader), w, w.keep.settings);
    let (at_once, at_start) =
        (changes(w.keep.at_once, &reload), changes(w.keep.next_start, &start));
    let tables = if unusable.is_some() { Vec::new() } else { vec![at_once, at_start] };
    let offered = unusable.is_none() && !reload.is_empty();
    let act = offered.then(|| Act {
        heading: w.keep.reload.to_owned(),
        lead: w.keep.reload_lead.to_owned(),
        form: FormShown::new(reader, "/desk/settings", w.keep.reload),
    });
    let plain = Plain {
        lead: w.keep.settings_lead.to_owned(),
        notices: why.into_iter().collect(),
        tables: tables.into_iter().chain([stands]).collect(),
        acts: act.into_iter().collect(),
        ..Plain::new(f, w.keep.settings)
    };
    answered(&plain, status)
}

fn row(w: &Words, one: &SettingLine) -> Row {
    let origin = match one.origin.as_str() {
        "environment" => w.keep.environment,
        "file" => w.keep.file,
        "record" => w.keep.on_record,
        _ => w.keep.default,
    };
    Row { at: None, cells: vec![line(&one.key), line(&one.value), origin.to_owned()] }
}

fn changed(one: &SettingChanged) -> Row {
    let value = |value: Option<&String>| text::or_none(value.map(String::as_str), line);
    let cells = vec![line(&one.key), value(one.now.as_ref()), value(one.then.as_ref())];
    Row { at: None, cells }
}
