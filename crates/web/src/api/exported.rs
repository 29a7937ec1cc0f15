//! `POST /api/v1/cases/{number}/export`: the file of a case, as an attachment. That it was made, in
//! which form and with which digest, is on record before anybody has it.

use super::cases::{case_seen, shown};
use super::{MAX_REQUEST_BYTES, audited, parse};
use crate::app::App;
use crate::asker::Asker;
use crate::body;
use crate::caller::{Caller, Door};
use crate::path::Path;
use crate::problem::Problem;
use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use forewarn_exchange::act::RecordAct;
use forewarn_exchange::case::Outgoing;
use forewarn_exchange::case_file::FileForm;
use forewarn_exchange::gate::{self, Withheld};
use forewarn_exchange::id::CaseNumber;
use forewarn_exchange::name::UserName;
use forewarn_exchange::refusal::Hint;
use forewarn_exchange::{Code, Refusal};
use forewarn_node::{Failure, Node, clock};
use forewarn_stix::marking::Tlp;
use forewarn_store::Db;
use forewarn_store::item::Media;
use forewarn_store::sight::Sight;
use forewarn_transcript::Hash;
use forewarn_view::cap::{self, Letterhead};
use forewarn_view::case_file::{CaseFile, Cover, KeptFrom};
use schemars::JsonSchema;
use serde::Deserialize;

/// What is to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// In which form.
    pub(crate) to: FileForm,
    /// Of CAP: which version, counted from 1; the newest, or the recall, when it is not said.
    #[serde(default)]
    pub(crate) version: Option<usize>,
    /// Of CAP: for whoever its marking lets read, and not for the partner by name.
    #[serde(default)]
    pub(crate) restricted: bool,
}

/// A file of a case.
pub(crate) struct Made {
    /// What it is called.
    pub(crate) name: String,
    form: FileForm,
    marking: Tlp,
    bytes: Vec<u8>,
}

impl Made {
    /// As a browser keeps it, and does not show it.
    pub(crate) fn response(self) -> Response {
        let media = HeaderValue::from_static(self.form.media());
        let mut response = self.bytes.into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, media);
        if let Ok(name) = HeaderValue::try_from(format!("attachment; filename=\"{}\"", self.name)) {
            response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
        }
        response
    }
}

pub(crate) async fn make(
    State(node): State<App>,
    (Extension(caller), Extension(door)): (Extension<Caller>, Extension<Door>),
    Path(number): Path<CaseNumber>,
    asker: Asker,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let wanted: Wanted =
        parse(&body::read((&node, &asker), &headers, body, MAX_REQUEST_BYTES).await?)?;
    Ok(made(&node, (&caller, door), number, wanted).await?.response())
}

/// Makes the file, and puts that on record.
pub(crate) async fn made(
    node: &App,
    (caller, door): (&Caller, Door),
    case: CaseNumber,
    wanted: Wanted,
) -> Result<Made, Problem> {
    let Caller::User(user) = caller else {
        let message = "a file is made for one of our people by name";
        return Err(Refusal::new(Code::NoUser, message).hint(Hint::SayWho).into());
    };
    if wanted.to != FileForm::Cap && (wanted.version.is_some() || wanted.restricted) {
        let message = "a version, and for whom it is, are said of CAP alone: a file holds them all";
        return Err(Problem::new(Code::BadRequest, message));
    }
    audited::reads(node, (caller, door), case).await?;
    let (sight, reader) = (caller.sight(node), user.name.clone());
    let read = node.read(move |db, node| written((&db, node), (&sight, &reader), case, wanted));
    let made = read.await?;
    let (form, digest, marking) = (made.form, Hash::of(&made.bytes), made.marking);
    let id = format!("{}/export/{}", caller.actor(), clock::seed());
    let act = RecordAct::Export { case, form, digest, marking };
    node.act(caller.doer(door), Some(id), act.into()).await?;
    Ok(made)
}

fn written(
    (db, node): (&Db<'_>, &Node),
    (sight, reader): (&Sight, &UserName),
    number: CaseNumber,
    wanted: Wanted,
) -> Result<Made, Failure> {
    let case = case_seen(db, number, sight)?;
    let outgoing = db.outgoing(number)?;
    let withheld = db.withheld_in(&case.partner, Some(number))?;
    let set_aside = set_aside(withheld.clone(), &outgoing);
    let us = node.state.us();
    if wanted.to == FileForm::Cap {
        let outgoing = until(outgoing, wanted.version)?;
        let marking = outgoing.releases().last().map_or(Tlp::AmberStrict, |last| last.draft.tlp);
        let head = Letterhead {
            us: us.name(),
            organisation: us.organisation(),
            reader: &case.partner,
            status: case.status,
            restricted: wanted.restricted,
        };
        let exported = cap::of_case(&head, case.urgency, &outgoing)?;
        gate::check_value(&exported.words.into(), &set_aside)?;
        let name = format!("case-{number}.{}", wanted.to.ending());
        return Ok(Made { name, form: wanted.to, marking, bytes: exported.xml });
    }
    let now = clock::now();
    let shown = shown((db, node), sight, number, &now)?;
    let mut objects = Vec::new();
    for item in &shown.case.items {
        let stored = db.item_seen(&item.id, sight)?.filter(|one| one.media == Media::Stix);
        objects.extend(stored.and_then(|one| serde_json::from_slice(&one.bytes).ok()));
    }
    let originals = forewarn_engine::originals::marking(db, number)?.tlp;
    let cover = Cover { organisation: us.organisation(), reader, at: &now };
    let kept = KeptFrom { all: &withheld, released: &set_aside };
    let file = CaseFile::of(&shown, &cover, (objects, originals), kept);
    let bytes = match wanted.to {
        FileForm::Csv => file.csv()?,
        FileForm::Pdf => file.pdf()?,
        FileForm::Stix | FileForm::Cap => file.stix(clock::seed()),
    };
    let name = format!("{}.{}", file.name(), wanted.to.ending());
    Ok(Made { name, form: wanted.to, marking: file.marking(), bytes })
}

/// What must not stand in what was released, with what was set aside of it.
fn set_aside(mut withheld: Vec<Withheld>, outgoing: &Outgoing) -> Vec<Withheld> {
    let all = outgoing.releases().iter().flat_map(|release| release.draft.set_aside.texts.iter());
    gate::set_aside(&mut withheld, &all.cloned().collect::<Vec<_>>());
    withheld
}

/// As it was when this version was the newest.
fn until(outgoing: Outgoing, version: Option<usize>) -> Result<Outgoing, Refusal> {
    let Some(version) = version else { return Ok(outgoing) };
    let releases: Vec<_> = outgoing.releases().iter().take(version).cloned().collect();
    if version == 0 || releases.len() < version {
        return Err(Refusal::unknown("version", version));
    }
    Ok(Outgoing::Released { releases, next: None })
}
