//! `POST …/objects/` (TAXII 2.1 §5.5): all of an envelope is judged; durable before 202.
//!
//! An envelope is taken in by parts: while one is being stored, the next is judged. A large one is
//! first read to its end, so that nothing is taken in of what is broken, and never stands in
//! memory.

use super::access;
use super::error::Error;
use super::reply::{self, Path};
use crate::app::App;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::upload::Upload;
use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use forewarn_exchange::Code;
use forewarn_node::intake::{
    Bearer, Destination, Fate, Foreign, Format, NotTaken, ObjectOutcome, Sorted,
};
use forewarn_node::intake::{START_BYTES, again, guess, read_some, read_through, sort_parts};
use forewarn_stix::bundle::{FrameError, Objects};
use forewarn_store::intake::MAX_LISTED;
use forewarn_taxii::media;
use forewarn_taxii::resource::{Status, StatusDetail};
use std::io::Read;
use tokio::sync::mpsc;

/// Most objects of one envelope: what is known of each in the end takes some 100 bytes.
const MAX_OBJECTS: u64 = 1_000_000;
/// Parts that are judged and wait to be stored.
const PARTS_AHEAD: usize = 2;

pub(crate) async fn add(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Error> {
    reply::accepted(&headers)?;
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    if !media::is_content(kind) {
        let detail = format!("the body must be {}", media::TAXII);
        return Err(Error::new(Code::MediaType, detail));
    }
    let (collection, inlet) = access::writable(&node, &caller, &id).await?;
    let most = node.config().taxii.max_content_length;
    let upload = Upload::receive((&node, &caller), &headers, body, most).await?;
    let name = Some(format!("TAXII {}", collection.alias));
    let bearer = Bearer { actor: caller.actor(), name, source: None, grade: None };
    let ongoing = node.intakes.begin(&collection, &inlet, bearer);
    let (parts, mut judged) = mpsc::channel(PARTS_AHEAD);
    let (number, accepts, strict) = (collection.number, inlet.accepts.clone(), inlet.strict);
    let judging = tokio::task::spawn_blocking(move || {
        let to = Destination { collection: number, accepts: &accepts, strict };
        judge(upload, to, &parts)
    });
    // Whoever may not read is not told which of its objects were here before.
    let tells = access::may_read(&collection, &caller);
    let mut outcome = Outcome { tells, ..Outcome::default() };
    while let Some(part) = judged.recv().await {
        ongoing.part(part).await?.into_iter().for_each(|one| outcome.add(one));
    }
    judging.await.map_err(|_| stopped())??;
    let (id, time) = (ongoing.id().to_owned(), ongoing.time().to_string());
    Ok(reply::json(StatusCode::ACCEPTED, &outcome.status(id, time)))
}

/// Judges all of it, part by part.
fn judge(
    mut upload: Upload,
    to: Destination<'_>,
    parts: &mpsc::Sender<Sorted>,
) -> Result<(), Error> {
    let mut start = Vec::new();
    reading(&mut upload)?
        .take(START_BYTES as u64)
        .read_to_end(&mut start)
        .map_err(|e| unreadable(&e))?;
    match guess(&start) {
        Ok(Format::Misp) => return Err(bad_envelope(&NotTaken::Misp)),
        Err(foreign) => return Err(bad_envelope(&NotTaken::Foreign(foreign))),
        // What is not JSON at all is told with its place.
        Ok(Format::Stix | Format::Text | Format::Document) => {}
    }
    let send = |part| parts.blocking_send(part).is_ok();
    let done = if upload.is_small() {
        let objects = read_some(&mut Objects::new(reading(&mut upload)?), MAX_OBJECTS);
        let objects = objects.map_err(|e| bad_envelope(&e))?;
        sort_parts(objects.into_iter().map(Ok), to, send)
    } else {
        read_through(reading(&mut upload)?, MAX_OBJECTS).map_err(|e| bad_envelope(&e))?;
        sort_parts(again(reading(&mut upload)?), to, send)
    };
    done.map_err(|e| bad_envelope(&e))
}

fn reading(upload: &mut Upload) -> Result<impl Read, Error> {
    upload.read().map_err(|e| unreadable(&e))
}

fn unreadable(why: &std::io::Error) -> Error {
    tracing::error!(%why, "a body that came in could not be read again");
    let detail = "the node could not read again what came in; its log says why";
    Error::new(Code::Store, detail)
}

/// 400 for what is not JSON, 422 for JSON that is not an envelope (§5.5).
fn bad_envelope(why: &NotTaken) -> Error {
    let status = match why {
        NotTaken::Frame(FrameError::TooLong { .. } | FrameError::Stix20)
        | NotTaken::Misp
        | NotTaken::Foreign(Foreign::MispFeed)
        | NotTaken::NoObjects(_)
        | NotTaken::NotABundle(_)
        | NotTaken::TooMany(_) => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::BAD_REQUEST,
    };
    Error::new(Code::BadEnvelope, format!("{why}; nothing of it was taken in")).status(status)
}

fn stopped() -> Problem {
    Problem::new(Code::Busy, "the node is stopping")
}

/// What is said of an object that was taken in: that it was here before, and its flaws.
pub(super) fn remark(known: bool, flaws: Option<&str>) -> Option<String> {
    let flaws = flaws.map(|flaws| format!("taken in with flaws: {flaws}"));
    let known = known.then(|| "was here already".to_owned());
    [known, flaws].into_iter().flatten().reduce(|known, flaws| format!("{known}; {flaws}"))
}

/// What became of an envelope.
#[derive(Default)]
struct Outcome {
    /// Whether what went in is listed.
    tells: bool,
    kept: u64,
    refused: u64,
    successes: Vec<StatusDetail>,
    failures: Vec<StatusDetail>,
}

impl Outcome {
    fn add(&mut self, one: ObjectOutcome) {
        let ObjectOutcome { id, version, fate, flaws, between: _ } = one;
        let id = id.unwrap_or_default();
        let detail = |message| StatusDetail { id, version, message };
        match fate {
            Fate::Added => self.succeed(detail(remark(false, flaws.as_deref()))),
            Fate::Known => self.succeed(detail(remark(true, flaws.as_deref()))),
            Fate::Refused(why) => self.fail(detail(Some(why))),
        }
    }

    fn succeed(&mut self, detail: StatusDetail) {
        self.kept += 1;
        if self.tells && self.successes.len() <= MAX_LISTED {
            self.successes.push(detail);
        }
    }

    fn fail(&mut self, detail: StatusDetail) {
        self.refused += 1;
        if self.failures.len() <= MAX_LISTED {
            self.failures.push(detail);
        }
    }

    fn status(self, id: String, time: String) -> Status {
        Status::complete((id, time), (self.kept, self.successes), (self.refused, self.failures))
    }
}
