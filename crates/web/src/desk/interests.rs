//! `/desk/interests`: of what partners want to be warned, and we of them; which are met most, and never.
//! A text that is pasted here is held against all of them, and changes nothing.

use super::cases::shown as count;
use super::form::{FormShown, Trouble, answered, status};
use super::frame::{Frame, Part};
use super::plain::{Act, Plain, Row, Table};
use super::posted::{Fields, Form, Posted, Wrong};
use super::reader::Reader;
use super::show::line;
use super::texts::Words;
use super::word;
use crate::api::interests::{self, ListQuery};
use crate::app::App;
use crate::problem::Problem;
use crate::query::Query;
use axum::extract::State;
use axum::response::Response;
use forewarn_exchange::user::Permission;
use forewarn_view::interest::{InterestLine, InterestTried, Meeting};
use forewarn_view::text;
use serde::Deserialize;

/// In which order they are listed, and after which.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    after: i64,
    #[serde(default)]
    order: String,
}

pub(crate) async fn show(
    State(node): State<App>,
    reader: Reader,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    page(&node, &reader, &asked, &Fields::default(), (None, None)).await
}

async fn page(
    node: &App,
    reader: &Reader,
    asked: &Asked,
    typed: &Fields,
    (trouble, tried): (Option<Trouble>, Option<Vec<InterestTried>>),
) -> Result<Response, Problem> {
    let (sight, w) = (reader.sight(node), reader.w);
    let query = ListQuery::of(&asked.order, asked.after, super::cases::ROWS);
    let page = node.read(move |db, _| interests::listed(&db, query, &sight)).await?;
    let status = status(trouble.as_ref());
    let list = Table {
        heading: w.know.interests.to_owned(),
        note: count(reader, page.rows.len(), page.next.is_some()),
        heads: vec![
            w.know.label,
            w.watch.partner,
            w.watch.urgency,
            w.know.clauses,
            w.know.matches,
            w.know.last_match,
        ],
        rows: page.rows.iter().map(|one| row(reader, one)).collect(),
        none: w.know.no_interests,
        next: page.next,
    };
    let orders = Table {
        heading: w.know.order.to_owned(),
        heads: vec![w.know.order],
        rows: [
            ("registered", w.know.order_registered),
            ("most", w.know.order_most),
            ("never", w.know.order_never),
        ]
        .map(|(order, words)| Row {
            at: Some(format!("/desk/interests?order={order}")),
            cells: vec![words.to_owned()],
        })
        .into(),
        ..Table::default()
    };
    let met = tried.map(|tried| Table {
        heading: w.know.would_meet.to_owned(),
        heads: vec![w.know.label, w.watch.partner, w.know.why_met],
        rows: tried.iter().map(|one| met(w, one)).collect(),
        none: w.know.would_meet_none,
        ..Table::default()
    });
    let form = FormShown::new(reader, "/desk/interests/try", w.know.try_button)
        .again(typed, trouble)
        .text("text", w.know.try_text, w.know.try_hint);
    let add = reader.may(Permission::ManagePartners).then(|| Act {
        heading: w.interest.new.to_owned(),
        lead: w.interest.new_lead.to_owned(),
        form: FormShown::new(reader, "/desk/interests/new", w.interest.new).gets(),
    });
    let page = Plain {
        tables: met.into_iter().chain([list, orders]).collect(),
        acts: add
            .into_iter()
            .chain([Act {
                heading: w.know.try_title.to_owned(),
                lead: w.know.try_lead.to_owned(),
                form,
            }])
            .collect(),
        ..Plain::new(
            Frame::new(node, Some(reader), w, w.know.interests).of(Part::Partners),
            w.know.interests,
        )
    };
    Ok(answered(&page, status))
}

fn row(reader: &Reader, one: &InterestLine) -> Row {
    let w = reader.w;
    let whose = if one.ours { w.know.ours_with } else { w.know.theirs };
    Row {
        at: (one.ours && reader.may(Permission::ManagePartners))
            .then(|| super::interest::address(&one.partner, &one.interest.id)),
        cells: vec![
            line(&one.interest.label),
            format!("{} ({whose})", line(&one.partner)),
            word::urgency(w, one.interest.urgency).to_owned(),
            line(&one.interest.expression().to_string()),
            one.matches.to_string(),
            text::or_none(one.last_match.as_ref(), text::time),
        ],
    }
}

/// What a text meets, comes near to, or why it would be refused.
pub(crate) fn met(w: &Words, one: &InterestTried) -> Row {
    let cells = match &one.found {
        Meeting::Match(found) => {
            let why: Vec<String> = found.why.iter().map(|why| line(&why.to_string())).collect();
            vec![line(&found.label), line(&found.partner), why.join("; ")]
        }
        Meeting::Near(near) => vec![line(&near.label), line(&near.partner), w.know.near.to_owned()],
        Meeting::Refused(reasons) => {
            let why: Vec<String> = reasons.iter().map(super::items::broken).collect();
            vec![w.know.would_be_refused.to_owned(), line(&one.item), why.join("; ")]
        }
    };
    Row { at: None, cells }
}

/// A text that is tried.
pub(crate) struct Tried(String);

impl Form for Tried {
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<Tried> {
        Some(Tried(fields.needed("text", wrong)))
    }
}

pub(crate) async fn try_text(
    State(node): State<App>,
    Posted { reader, form, typed, .. }: Posted<Tried>,
) -> Result<Response, Problem> {
    let tried = match form {
        Ok(Tried(text)) => {
            let account = reader.caller().actor();
            interests::tried(&node, &account, text.into_bytes()).await.map_err(Trouble::from)
        }
        Err(wrong) => Err(wrong.into()),
    };
    let (trouble, found) = match tried {
        Ok(found) => (None, Some(found)),
        Err(trouble) => (Some(trouble.again()?), None),
    };
    page(&node, &reader, &Asked::default(), &typed, (trouble, found)).await
}
