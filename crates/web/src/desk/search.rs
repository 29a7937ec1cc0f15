//! `GET /desk/search?q=`: whether this was seen before: partners, cases, warnings, talk and items by
//! their words, as far as the reader may see them.

use super::form::FormShown;
use super::frame::{Frame, Part, html};
use super::paper::band;
use super::posted::Fields;
use super::reader::Reader;
use super::show::{At, Mark, line};
use super::texts::{Words, fill};
use crate::api::search::{self, Asked};
use crate::app::App;
use crate::problem::Problem;
use crate::query::Query;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use forewarn_exchange::id::Subject;
use forewarn_view::search::{FoundGroup, FoundKind, FoundLine, Searched};
use forewarn_view::text;
use serde::Deserialize;

/// What is typed; words of another kind than those that there are mean all of them.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    q: String,
    #[serde(default)]
    kind: String,
    before: Option<i64>,
}

#[derive(Template)]
#[template(path = "desk/search.html")]
struct Page {
    f: Frame,
    form: FormShown,
    notes: Vec<&'static str>,
    /// Whether something was looked for.
    asked: bool,
    groups: Vec<Group>,
}

/// What was found of one kind.
struct Group {
    heading: &'static str,
    shown: String,
    rows: Vec<Row>,
    next: Option<String>,
}

struct Row {
    at: String,
    name: String,
    band: Option<&'static str>,
    mark: Option<Mark>,
    partner: Option<String>,
    time: Option<At>,
    before: String,
    hit: String,
    after: String,
}

pub(crate) async fn show(
    State(node): State<App>,
    reader: Reader,
    Query(typed): Query<Typed>,
) -> Result<Response, Problem> {
    let (sight, w) = (reader.sight(&node), reader.w);
    let kind = FoundKind::ALL.into_iter().find(|kind| kind.word() == typed.kind);
    let asked = Asked { q: typed.q.clone(), kind, before: typed.before, limit: kind.map(|_| 25) };
    let Searched { groups, cut, reading } = search::searched(&node, asked, sight).await?;
    let marking: Vec<_> =
        groups.iter().flat_map(|one| &one.found).filter_map(|one| one.marking).collect();
    let f = Frame::new(&node, Some(&reader), w, w.find.title).of(Part::Search).marked(marking);
    let fields = Fields::of([("q", seen(&typed.q)), ("kind", typed.kind.clone())]);
    let kinds = FoundKind::ALL.map(|kind| (kind.word().to_owned(), heading(w, kind).to_owned()));
    let kinds = std::iter::once((String::new(), w.find.everything.to_owned())).chain(kinds);
    let form = FormShown::new(&reader, "/desk/search", w.find.title)
        .gets()
        .again(&fields, None)
        .line("q", w.find.label, w.find.hint)
        .select("kind", w.find.kind, "", kinds);
    let notes = [(cut, w.find.cut), (reading, w.find.reading)];
    let notes = notes.into_iter().filter_map(|(is, words)| is.then_some(words)).collect();
    let groups = groups.iter().map(|group| shown(w, &typed.q, group)).collect();
    let asked = !typed.q.trim().is_empty();
    Ok(html(&Page { f, form, notes, asked, groups }))
}

/// What is typed without what nobody sees, which is not looked for either: a link may bring it.
fn seen(typed: &str) -> String {
    let is_seen = |c: &char| {
        let c = c.to_string();
        text::without_isolates(&line(&c)) == c
    };
    typed.chars().filter(is_seen).collect()
}

fn heading(w: &Words, kind: FoundKind) -> &'static str {
    match kind {
        FoundKind::Partner => w.frame.partners,
        FoundKind::Case => w.frame.cases,
        FoundKind::Warning => w.frame.warnings,
        FoundKind::Talk => w.find.talk,
        FoundKind::Item => w.frame.items,
    }
}

fn shown(w: &'static Words, q: &str, group: &FoundGroup) -> Group {
    let count = group.found.len();
    let words = if group.next.is_some() { w.find.shown_some } else { w.frame.shown_all };
    let next = group.next.map(|before| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("q", q).append_pair("kind", group.kind.word());
        query.append_pair("before", &before.to_string());
        query.finish()
    });
    Group {
        heading: heading(w, group.kind),
        shown: fill(words, &[&count]),
        rows: group.found.iter().map(|one| row(w, one)).collect(),
        next,
    }
}

fn row(w: &'static Words, one: &FoundLine) -> Row {
    let subject = one.about.parse::<Subject>().ok();
    let (at, name) = match (one.kind, subject) {
        (FoundKind::Partner, _) => (format!("/desk/partners/{}", one.about), line(&one.about)),
        (_, Some(Subject::Case(case))) => {
            (format!("/desk/cases/{case}"), fill(w.watch.your_case, &[&case]))
        }
        (_, Some(Subject::Warning(warning))) => {
            (format!("/desk/warnings/{warning}"), fill(w.find.warning_nr, &[&warning]))
        }
        (_, None) => (format!("/desk/items/{}", one.about), line(&one.about)),
    };
    Row {
        at,
        name,
        band: one.status.and_then(|status| band(w, status)),
        mark: one.marking.map(Mark),
        partner: one.partner.as_deref().map(line),
        time: one.time.clone().map(At),
        before: line(&one.before),
        hit: line(&one.hit),
        after: line(&one.after),
    }
}
