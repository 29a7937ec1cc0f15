//! What was typed and not sent: kept on the node as it is written, shown again on the same page, and
//! gone once it is sent. Nobody but its writer reads it; others learn that somebody writes there.

use super::form::on_to;
use super::posted::{Fields, Form, ONCE, Posted, TOKEN, Wrong};
use super::reader::Reader;
use super::speak::Verb;
use super::texts::{Words, fill};
use crate::app::App;
use crate::caller::Caller;
use crate::problem::Problem;
use axum::extract::{FromRequestParts, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use forewarn_exchange::Refusal;
use forewarn_exchange::erasure::Erasable;
use forewarn_exchange::id::Subject;
use forewarn_exchange::name::UserName;
use forewarn_exchange::talk::Statement;
use forewarn_exchange::user::{Permission, User};
use forewarn_node::clock;
use forewarn_stix::Timestamp;
use forewarn_store::begun::{Address, BegunForm};
use forewarn_store::{Db, StoreError};
use forewarn_view::text;

/// The field that names the form, in what the script sends.
pub(super) const FORM: &str = "form";
/// Fields that are kept nowhere.
pub(super) const SECRET: &[&str] = &[TOKEN, ONCE, FORM, "password", "secret", "code"];
/// Whoever has typed within so many minutes is writing.
const MINUTES: i64 = 10;

/// What is known of a form before it is shown.
#[derive(Debug, Clone, Default)]
pub(crate) struct Before {
    /// When what stands in it was kept; nothing when nobody has typed.
    pub(super) kept: Option<Timestamp>,
    /// Who else is writing in it, and when each was seen last.
    pub(super) others: Vec<(UserName, Timestamp)>,
}

impl Before {
    /// That something stands there which was not sent.
    pub(super) fn kept(&self, w: &Words) -> Option<String> {
        self.kept.as_ref().map(|at| fill(w.form.kept, &[&shown(at)]))
    }

    /// Who else is writing.
    pub(super) fn others(&self, w: &Words) -> Vec<String> {
        let other =
            |(name, at): &(UserName, Timestamp)| fill(w.form.writes_too, &[name, &shown(at)]);
        self.others.iter().map(other).collect()
    }
}

/// A time as pages have it in the middle of words.
fn shown(at: &Timestamp) -> String {
    text::time(at).replacen('T', " ", 1)
}

/// What the reader has typed into the form that this page shows, and not sent.
pub(crate) struct Unsent(pub(crate) Fields);

impl FromRequestParts<App> for Unsent {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, node: &App) -> Result<Unsent, Problem> {
        let reader = Reader::from_request_parts(parts, node).await?;
        // The report is typed on the page of all items.
        let path = match parts.uri.path() {
            "/desk/items" => "/desk/items/take",
            path => path,
        };
        let Some(address) = Address::parse(path) else { return Ok(Unsent(Fields::default())) };
        Ok(Unsent(read(node, &reader, address).await?))
    }
}

async fn read(node: &App, reader: &Reader, address: Address) -> Result<Fields, Problem> {
    let (user, since) = (reader.name().clone(), clock::now().plus_minutes(-MINUTES));
    let (form, others) = node
        .begun(move |begun| {
            Ok((begun.of(&user, &address)?, begun.by_others(&user, &address, &since)?))
        })
        .await?;
    let (kept, typed) = match form {
        Some(BegunForm { at, fields }) => (Some(at), Fields::read(fields.as_bytes())?),
        None => (None, Fields::default()),
    };
    Ok(typed.with(Before { kept, others }))
}

/// A form as it stands, with the address that it would be sent to.
pub(crate) struct Typed {
    address: Address,
}

impl Form for Typed {
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<Typed> {
        let address = Address::parse(fields.line(FORM));
        if address.is_none() {
            wrong.push(Wrong { field: FORM, words: |w| w.form.missing });
        }
        Some(Typed { address: address? })
    }
}

fn unknown() -> Problem {
    Refusal::unknown("form", "of this address").into()
}

/// What a form is about must be there for whoever types into it.
async fn check(node: &App, user: &User, address: &Address) -> Result<(), Problem> {
    let needed = match address.about() {
        Some(Subject::Case(_)) => Permission::Read,
        Some(Subject::Warning(_)) => Permission::Receive,
        None => Permission::TakeIn,
    };
    user.must(needed)?;
    let Some(subject) = address.about() else { return Ok(()) };
    let (sight, address) = (Caller::User(user.clone()).sight(node), address.clone());
    let seen = node.read(move |db, _| {
        let is_there = db.status_of(subject)?.is_some() && !db.is_gone(&Erasable::from(subject))?;
        Ok(is_there && db.sees(subject, &sight)? && has_page(&db, &address)?)
    });
    if seen.await? { Ok(()) } else { Err(unknown()) }
}

/// Whether the desk has the page of this form: one that answers what nobody asked, or says what cannot be said,
/// is none, and nobody would find again what was kept of it.
fn has_page(db: &Db<'_>, address: &Address) -> Result<bool, StoreError> {
    let path = address.to_string();
    let parts: Vec<&str> = path.split('/').skip(2).collect();
    let (form, index) = match parts[..] {
        ["warnings", _, "say", verb] => return Ok(Verb::of(verb).is_some()),
        ["cases", _, form @ ("answer" | "permission"), index] => (form, index.parse::<u64>().ok()),
        _ => return Ok(true),
    };
    let Some(subject) = address.about() else { return Ok(false) };
    Ok(db.talk(subject)?.iter().any(|said| {
        let is_asked = match &said.statement {
            Statement::Question { .. } => form == "answer",
            Statement::PermissionRequest(_) => form == "permission",
            _ => false,
        };
        is_asked && !said.ours && Some(said.entry.index) == index
    }))
}

/// `POST /desk/unsent`: it is kept. The answer says so in words, and who else writes there, a line each.
pub(crate) async fn keep(
    State(node): State<App>,
    Posted { reader, form, typed, .. }: Posted<Typed>,
) -> Result<Response, Problem> {
    let Ok(Typed { address }) = form else { return Err(unknown()) };
    check(&node, &reader.user, &address).await?;
    let kept = put(&node, &reader, &address, &typed).await?;
    let before = read(&node, &reader, address).await?.before;
    let w = reader.w;
    let said = if kept { before.kept(w) } else { Some(w.form.too_long.to_owned()) };
    let lines: Vec<String> = said.into_iter().chain(before.others(w)).collect();
    let plain = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    Ok((plain, lines.join("\n")).into_response())
}

/// Keeps what was typed; whether it was not too long for that.
pub(super) async fn put(
    node: &App,
    reader: &Reader,
    address: &Address,
    typed: &Fields,
) -> Result<bool, Problem> {
    let fields = typed.encoded(SECRET);
    let (user, address, now) = (reader.name().clone(), address.clone(), clock::now());
    Ok(node.begun(move |begun| begun.keep((&user, &address), &fields, &now)).await?)
}

/// What a session's end left unsent: whose form it is, where it goes, and its fields.
#[derive(Debug, Clone)]
pub(super) struct Left {
    pub(super) writer: UserName,
    pub(super) address: Address,
    pub(super) fields: String,
}

/// Keeps what the end of a session left, for its writer, who has signed in again. What is somebody
/// else's, or about what its writer may not see any more, is dropped.
pub(super) async fn take(node: &App, user: &User, left: Left) -> Result<(), Problem> {
    let Left { writer, address, fields } = left;
    if user.name != writer || check(node, user, &address).await.is_err() {
        return Ok(());
    }
    let now = clock::now();
    node.begun(move |begun| begun.keep((&writer, &address), &fields, &now)).await?;
    Ok(())
}

/// It was sent.
pub(super) async fn forget(node: &App, reader: &Reader, address: Address) -> Result<(), Problem> {
    let user = reader.name().clone();
    Ok(node.begun(move |begun| begun.forget(&user, &address)).await?)
}

/// What a reader has begun and may still see: where it is, and in words.
pub(super) async fn list(node: &App, reader: &Reader) -> Result<Vec<(String, String)>, Problem> {
    let user = reader.name().clone();
    let mut all = node.begun(move |begun| begun.list(&user)).await?;
    let sight = reader.sight(node);
    let all = node
        .read(move |db, _| {
            let mut seen = Vec::new();
            for (address, at) in all.drain(..) {
                let is_seen = address.about().map(|about| db.sees(about, &sight)).transpose()?;
                if is_seen != Some(false) {
                    seen.push((address, at));
                }
            }
            Ok(seen)
        })
        .await?;
    let w = reader.w;
    let words = |(address, at): (Address, Timestamp)| {
        let what = match address.about() {
            Some(Subject::Case(number)) => fill(w.watch.your_case, &[&number]),
            Some(Subject::Warning(number)) => fill(w.form.begun_warning, &[&number]),
            None => w.know.take_heading.to_owned(),
        };
        (page(&address), format!("{what}, {}", shown(&at)))
    };
    Ok(all.into_iter().map(words).collect())
}

/// `POST /desk/unsent/drop`: what was typed is thrown away, and the form is shown as it was before.
pub(crate) async fn drop_it(
    State(node): State<App>,
    Posted { reader, form, .. }: Posted<Typed>,
) -> Result<Response, Problem> {
    let Ok(Typed { address }) = form else { return Err(unknown()) };
    let to = page(&address);
    forget(&node, &reader, address).await?;
    Ok(on_to(&to))
}

/// The page that shows a form.
pub(super) fn page(address: &Address) -> String {
    match address.about() {
        Some(_) => address.to_string(),
        None => "/desk/items".to_owned(),
    }
}
