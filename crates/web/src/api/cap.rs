//! `GET /api/v1/warnings/{number}/cap`: what we say of a warning, as CAP 1.2.

use crate::app::App;
use crate::caller::Caller;
use crate::path::Path;
use crate::problem::Problem;
use axum::Extension;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use forewarn_exchange::Refusal;
use forewarn_exchange::code::Code;
use forewarn_exchange::id::WarningNumber;
use forewarn_exchange::refusal::Hint;
use forewarn_exchange::talk::{Said, Statement};
use forewarn_exchange::warning::When;
use forewarn_node::Failure;
use forewarn_store::Db;
use forewarn_transcript::{Entry, Reference};
use forewarn_view::cap::{self, Letterhead, Told, Word};

/// The media type of CAP (RFC 7303: XML in UTF-8).
const MEDIA: &str = "application/cap+xml";

/// That a warning was accepted, or that it was declined and why.
pub(crate) async fn of_warning(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Path(number): Path<WarningNumber>,
) -> Result<Response, Problem> {
    let xml = node
        .read(move |db, node| {
            let warning = db.warning(number)?;
            let warning = warning.ok_or_else(|| Refusal::unknown("warning", number))?;
            let sight = caller.sight(node);
            if !sight.opens_newest(&warning) {
                return Err(warning.for_others().into());
            }
            let mut talk = Vec::new();
            for said in db.talk(number.into())? {
                let when = When { ours: said.ours, at: &said.at, index: said.entry.index };
                if db.opens_words(&warning, when, &sight)? {
                    talk.push(said);
                }
            }
            let last = talk.iter().rev().find_map(|said| Some((word(said)?, said)));
            let Some((word, said)) = last else {
                let message = format!("warning {number} was neither accepted nor declined");
                let refusal = Refusal::new(Code::NotAccepted, message);
                return Err(refusal.hint(Hint::Accept { warning: number }).into());
            };
            let ours = entry(&db, &said.entry)?;
            let about = ours.answers.clone().unwrap_or_else(|| warning.entry.clone());
            let theirs = entry(&db, &about)?;
            let told = |entry: Entry| Told { id: entry.id, at: entry.time };
            let us = node.state.us();
            let head = Letterhead {
                us: us.name(),
                organisation: us.organisation(),
                reader: &warning.partner,
                status: warning.status,
                restricted: false,
            };
            Ok(cap::of_warning(&head, &word, (&told(ours), &told(theirs)))?)
        })
        .await?;
    Ok(([(header::CONTENT_TYPE, MEDIA)], xml).into_response())
}

/// What one of ours has said that CAP has a form for.
fn word(said: &Said) -> Option<Word> {
    match &said.statement {
        _ if !said.ours => None,
        Statement::Accepted { .. } => Some(Word::Accepted),
        Statement::Declined { ground, reason } => {
            let ground = ground.map(|ground| ground.words().to_owned());
            let reason = Some(reason.trim().to_owned()).filter(|reason| !reason.is_empty());
            let why: Vec<String> = ground.into_iter().chain(reason).collect();
            Some(Word::Declined(why.join(". ")))
        }
        _ => None,
    }
}

fn entry(db: &Db<'_>, place: &Reference) -> Result<Entry, Failure> {
    let unknown = || Refusal::unknown("entry", format!("{} of {}", place.index, place.log));
    let log = db.log(&place.log)?.ok_or_else(unknown)?;
    let held = db.entry(&log, place.index)?.ok_or_else(unknown)?;
    let parsed = Entry::parse(held.carried.leaf.as_bytes());
    Ok(parsed.map_err(|e| Refusal::new(Code::Damaged, e.to_string()))?)
}
