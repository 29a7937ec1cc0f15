//! `GET /desk/health`: whether the node does its work: its followers, its disk, its logs.

use super::frame::{Frame, html};
use super::paper::Sheet;
use super::plain::{Plain, Row, Table};
use super::reader::Reader;
use super::show::line;
use super::texts::{Words, fill};
use crate::app::App;
use crate::health;
use crate::problem::Problem;
use axum::extract::State;
use axum::response::Response;
use forewarn_node::disk;
use forewarn_view::status::{FollowerLine, NodeStatus};
use forewarn_view::text;
use std::path::Path;

pub(crate) async fn show(State(node): State<App>, reader: Reader) -> Result<Response, Problem> {
    let w = reader.w;
    let whole = reader.sight(&node).is_whole();
    let status = health::status_of(&node, whole).await?;
    let proofs = node.read(|db, _| Ok(db.contradictions()?.len())).await?;
    let home = node.home.path().to_owned();
    let (database, search) = (node.home.database(), node.home.search());
    let left = tokio::task::block_in_place(|| disk::left(&home)).ok();
    let size = |path: &Path| std::fs::metadata(path).map_or(0, |file| file.len());
    let mut facts = vec![
        (w.keep.writer.to_owned(), yes_no(w, status.writing)),
        (w.keep.proofs.to_owned(), proofs.to_string()),
    ];
    if whole {
        facts.push((w.keep.database.to_owned(), mebibytes(size(&database))));
        facts.push((w.keep.search_file.to_owned(), mebibytes(size(&search))));
        // How the disk fills tells how much came in.
        facts.extend(left.map(|left| (w.keep.disk.to_owned(), mebibytes(left))));
    }
    facts.extend(status.journal.map(|index| (w.keep.journal.to_owned(), index.to_string())));
    facts
        .extend(status.apart.as_ref().map(|apart| (w.keep.apart.to_owned(), line(&apart.words()))));
    let sheet = Sheet { heading: w.keep.node.to_owned(), facts, ..Sheet::default() };
    let f = Frame::new(&node, Some(&reader), w, w.keep.health);
    Ok(html(&Plain {
        notices: notices(w, &status, left),
        tables: vec![followers(w, &status)],
        sheets: vec![sheet],
        ..Plain::new(f, w.keep.health)
    }))
}

fn yes_no(w: &Words, is: bool) -> String {
    if is { w.keep.yes } else { w.keep.no }.to_owned()
}

fn mebibytes(bytes: u64) -> String {
    format!("{} MiB", bytes >> 20)
}

/// What somebody must look at.
fn notices(w: &Words, status: &NodeStatus, left: Option<u64>) -> Vec<String> {
    let copies =
        status.copies.iter().map(|one| fill(w.keep.copy, &[&one.partner, &line(&one.why)]));
    let full = left.filter(|left| *left < disk::LITTLE).map(|_| w.keep.little.to_owned());
    let trouble = status.trouble().map(|_| w.keep.trouble.to_owned());
    copies.chain(full).chain(trouble).collect()
}

fn followers(w: &Words, status: &NodeStatus) -> Table {
    let row = |one: &FollowerLine| Row {
        at: None,
        cells: vec![
            line(&one.name),
            yes_no(w, one.running),
            text::or_none(one.behind.as_ref(), ToString::to_string),
            one.restarts.to_string(),
            text::or_none(one.ended.as_deref(), line),
        ],
    };
    Table {
        heading: w.keep.followers.to_owned(),
        heads: vec![w.keep.part, w.keep.runs, w.keep.behind, w.keep.restarts, w.keep.ended],
        rows: status.followers.iter().map(row).collect(),
        none: w.keep.no,
        ..Table::default()
    }
}
