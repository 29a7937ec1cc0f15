//! `GET /desk/proposals/{number}`: exactly what would be done. `POST …/approve`, `…/drop`.

use super::form::{FormShown, Trouble, answered, status};
use super::frame::{Frame, Part};
use super::posted::{Fields, Form, Posted, Wrong};
use super::proposals::fate;
use super::reader::Reader;
use super::show::{block, line};
use super::texts::fill;
use crate::api::proposals;
use crate::app::App;
use crate::path::Path;
use crate::problem::Problem;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use forewarn_exchange::act::{Act, DutyAct, ProposalAct};
use forewarn_exchange::id::ProposalNumber;
use forewarn_transcript::Hash;
use forewarn_view::proposal::{FateShown, ProposalShown};
use forewarn_view::text;

#[derive(Template)]
#[template(path = "desk/proposal.html")]
struct Page {
    f: Frame,
    heading: String,
    over: String,
    words: String,
    facts: Vec<(&'static str, String)>,
    shows: Vec<String>,
    objection: Option<String>,
    /// Why the reader may not approve it, though it waits.
    notice: Option<String>,
    approve: Option<FormShown>,
    remove: Option<FormShown>,
}

pub(crate) async fn show(
    State(node): State<App>,
    reader: Reader,
    Path(number): Path<ProposalNumber>,
) -> Result<Response, Problem> {
    page(&node, &reader, number, &Fields::default(), None).await
}

async fn page(
    node: &App,
    reader: &Reader,
    number: ProposalNumber,
    typed: &Fields,
    trouble: Option<Trouble>,
) -> Result<Response, Problem> {
    let (sight, w) = (reader.sight(node), reader.w);
    let shown = node.read(move |db, node| proposals::shown((&db, node), &sight, number)).await?;
    let status = status(trouble.as_ref());
    let heading = fill(w.warn.p_heading, &[&number]);
    let waits = matches!(shown.fate, FateShown::Waiting {});
    let own = shown.by == *reader.name();
    let at = format!("/desk/proposals/{number}");
    let approve = (waits && !own).then(|| {
        // Whoever releases sees the bytes, and shows that it is he or she.
        if let Act::Duty(DutyAct::Release { case, .. }) = &shown.act {
            let words = fill(w.watch.release_case, &[case]);
            return FormShown::new(reader, format!("/desk/cases/{case}/release"), words).gets();
        }
        FormShown::new(reader, format!("{at}/approve"), fill(w.warn.p_approve, &[&number]))
            .again(&Fields::default(), None)
            .hidden("digest", shown.digest.to_string())
            .leaves()
            .after(fill(w.warn.p_approve_text, &[&shown.by]))
    });
    let remove = waits.then(|| {
        FormShown::new(reader, format!("{at}/drop"), fill(w.warn.p_drop, &[&number]))
            .again(typed, trouble)
            .text("reason", w.warn.p_reason, "")
    });
    let notice = (waits && own).then(|| fill(w.warn.p_yours, &[reader.name()]));
    let f = Frame::new(node, Some(reader), w, heading.clone()).of(Part::Proposals);
    let page = Page {
        f: f.marked(shown.tlp),
        heading,
        over: fill(w.warn.p_over, &[&shown.by, &text::time(&shown.at)]),
        words: block(&shown.words),
        facts: facts(reader, &shown),
        shows: shown
            .shows
            .iter()
            .map(|one| line(&format!("{} {}: {}", one.kind, one.field, text::value(&one.value))))
            .collect(),
        objection: shown.objection.as_ref().map(|one| line(&one.message)),
        notice,
        approve,
        remove,
    };
    Ok(answered(&page, status))
}

fn facts(reader: &Reader, shown: &ProposalShown) -> Vec<(&'static str, String)> {
    let w = reader.w;
    let mut facts = vec![(w.watch.fate, fate(reader, &shown.fate))];
    facts.extend(shown.partner.as_ref().map(|one| (w.warn.p_concerns, one.to_string())));
    facts.extend(shown.tlp.map(|one| (w.warn.p_marked, one.to_string())));
    facts.push((w.warn.p_digest, shown.digest.to_string()));
    facts
}

/// Exactly what is approved.
pub(crate) struct Approve(Hash);

impl Form for Approve {
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<Approve> {
        fields.chosen("digest", wrong).map(Approve)
    }
}

pub(crate) async fn approve(
    State(node): State<App>,
    Path(number): Path<ProposalNumber>,
    posted: Posted<Approve>,
) -> Result<Response, Problem> {
    let act = |Approve(digest)| ProposalAct::Approve { proposal: number, digest };
    let tried = posted.does(&node, act).await?;
    tried
        .lead(format!("/desk/proposals/{number}"), async |reader, typed, trouble| {
            page(&node, &reader, number, &typed, trouble).await
        })
        .await
}

/// Why it is not done.
pub(crate) struct Remove(String);

impl Form for Remove {
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<Remove> {
        Some(Remove(fields.needed("reason", wrong)))
    }
}

pub(crate) async fn drop_it(
    State(node): State<App>,
    Path(number): Path<ProposalNumber>,
    posted: Posted<Remove>,
) -> Result<Response, Problem> {
    let act = |Remove(reason)| ProposalAct::Drop { proposal: number, reason };
    let tried = posted.does(&node, act).await?;
    tried
        .lead(format!("/desk/proposals/{number}"), async |reader, typed, trouble| {
            page(&node, &reader, number, &typed, trouble).await
        })
        .await
}
