//! `/desk/account`: how one signs in, and what lets one in: password, second factor, sessions, tokens.

use super::form::{FormShown, Trouble, answered, on_to, status};
use super::frame::{Frame, html};
use super::paper::Sheet;
use super::plain::{Act, Plain, Row, Table};
use super::posted::{Fields, Form, Posted, Wrong};
use super::qr::Qr;
use super::reader::Reader;
use super::texts::{Words, fill};
use super::word;
use crate::api::session;
use crate::api::tokens::{self, TokenRequest};
use crate::app::App;
use crate::caller::Door;
use crate::person::Person;
use crate::problem::Problem;
use axum::extract::State;
use axum::response::Response;
use forewarn_exchange::Code;
use forewarn_exchange::act::AccountAct;
use forewarn_exchange::grant::{GrantKind, Granted};
use forewarn_exchange::name::GrantName;
use forewarn_node::sign_in::password::Password;
use forewarn_view::text;
use forewarn_view::user::LetIn;

pub(crate) async fn show(State(node): State<App>, reader: Reader) -> Result<Response, Problem> {
    page(&node, &reader, &Fields::default(), None).await
}

/// Which form of the page was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Password,
    Factor,
    Confirm,
    Remove,
    Token,
    End,
}

async fn page(
    node: &App,
    reader: &Reader,
    typed: &Fields,
    trouble: Option<(Which, Trouble)>,
) -> Result<Response, Problem> {
    let w = reader.w;
    let account = node.sign_ins.account(reader.name()).await?;
    let name = reader.name().clone();
    let grants = node.read(move |db, _| Ok(db.grants(Some(&name))?)).await?;
    let status = trouble.as_ref().and_then(|(_, trouble)| status(Some(trouble)));
    let mut trouble = trouble;
    let mut of = |which: Which| match &trouble {
        Some((is, _)) if *is == which => trouble.take().map(|(_, trouble)| trouble),
        Some(_) | None => None,
    };
    let again = |form: FormShown, trouble: Option<Trouble>| match trouble {
        Some(trouble) => form.again(typed, Some(trouble)),
        None => form,
    };
    let a = &w.account;
    let mut acts = Vec::new();
    let form = FormShown::new(reader, "/desk/account/password", a.set_password);
    let form = again(form, of(Which::Password)).secret("now", a.password_now, "").fresh(
        "new",
        a.password_new,
        a.password_hint,
    );
    acts.push(Act { heading: a.password.to_owned(), lead: String::new(), form });
    if account.pending.is_some() {
        let form = FormShown::new(reader, "/desk/account/factor/confirm", a.factor_confirm);
        let form = again(form, of(Which::Confirm)).line("code", w.frame.code, "");
        let lead = a.factor_confirm_text.to_owned();
        acts.push(Act { heading: a.factor_confirm.to_owned(), lead, form });
    }
    let button = if account.factor.is_some() { a.factor_another } else { a.factor_begin };
    let form = FormShown::new(reader, "/desk/account/factor", button);
    let mut form = again(form, of(Which::Factor));
    if account.factor.is_some() {
        form = form.secret("now", a.password_now, "");
    }
    acts.push(Act { heading: a.factor.to_owned(), lead: a.factor_text.to_owned(), form });
    if account.factor.is_some() {
        let form = FormShown::new(reader, "/desk/account/factor/remove", a.factor_remove);
        let form = again(form, of(Which::Remove)).secret("now", a.password_now, "");
        acts.push(Act { heading: a.factor_remove.to_owned(), lead: String::new(), form });
    }
    let form = FormShown::new(reader, "/desk/account/token", a.token_make);
    let form = again(form, of(Which::Token)).line("name", a.grant, a.token_name_hint);
    let form = form.number("days", a.token_days).text("from", a.token_from, a.token_from_hint);
    acts.push(Act { heading: a.token_make.to_owned(), lead: a.token_text.to_owned(), form });
    let names = grants.iter().map(|one| (one.grant.name.to_string(), one.grant.name.to_string()));
    if !grants.is_empty() {
        let form = FormShown::new(reader, "/desk/account/end", a.end);
        let form = again(form, of(Which::End)).select("name", a.grant, "", names);
        acts.push(Act { heading: a.end.to_owned(), lead: a.end_text.to_owned(), form });
    }
    let page = Plain {
        tables: vec![of_grants(node, reader, &grants)],
        sheets: vec![facts(w, reader, account.factor.as_ref().map(|one| one.recovery.len()))],
        acts,
        ..Plain::new(Frame::new(node, Some(reader), w, w.frame.account), w.frame.account)
    };
    Ok(answered(&page, status))
}

fn facts(w: &Words, reader: &Reader, recovery: Option<usize>) -> Sheet {
    let roles: Vec<&str> = reader.user.roles.iter().map(|one| word::role(w, *one)).collect();
    let factor = match recovery {
        Some(codes) => fill(w.account.factor_set, &[&codes]),
        None => w.account.factor_none.to_owned(),
    };
    Sheet {
        heading: reader.name().to_string(),
        facts: vec![
            (w.account.roles.to_owned(), roles.join(", ")),
            (w.account.factor.to_owned(), factor),
        ],
        ..Sheet::default()
    }
}

fn of_grants(node: &App, reader: &Reader, grants: &[Granted]) -> Table {
    let w = reader.w;
    let own = match reader.door {
        Door::Session(digest) | Door::Limited(digest) => Some(digest),
        Door::Folder | Door::Machine | Door::Key(_) | Door::Partner => None,
    };
    let row = |one: &Granted| {
        let kind = match one.grant.kind {
            GrantKind::Token => w.account.token,
            GrantKind::Certificate => w.account.certificate,
            GrantKind::Session { .. } => w.account.session,
            GrantKind::Invitation => w.account.invitation,
        };
        let this = if own == Some(one.digest) { w.account.this_one } else { "" };
        Row {
            at: None,
            cells: vec![
                one.grant.name.to_string(),
                format!("{kind}{this}"),
                text::or_none(one.grant.made.as_ref(), text::time),
                text::or_none(one.grant.ends.as_ref(), text::time),
                text::or_none(node.last_use(one.digest).as_ref(), text::time),
            ],
        }
    };
    Table {
        heading: w.account.lets_in.to_owned(),
        heads: vec![w.account.grant, w.case.what, w.account.made, w.account.ends, w.account.used],
        rows: grants.iter().map(row).collect(),
        none: w.account.no_grants,
        ..Table::default()
    }
}

/// A password, and the one before.
pub(crate) struct Passwords {
    now: String,
    new: String,
}

impl Form for Passwords {
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<Passwords> {
        // Spaces around a password are the user's.
        let exact = |name| fields.all(name).next().unwrap_or_default().to_owned();
        fields.needed("new", wrong);
        Some(Passwords { now: exact("now"), new: exact("new") })
    }
}

/// The session in which somebody changes how he or she signs in, and no other.
fn must_be_whole(reader: &Reader) -> Result<(), Problem> {
    reader.door.must_be_a_person()
}

/// Where a form of this page leads, whether it was taken or not.
async fn settled(
    node: &App,
    reader: &Reader,
    typed: &Fields,
    (which, tried): (Which, Result<(), Trouble>),
) -> Result<Response, Problem> {
    match tried {
        Ok(()) => Ok(on_to("/desk/account")),
        Err(Trouble::Refused(problem)) if problem.code() == Code::SignIn => {
            page(node, reader, typed, Some((which, Trouble::NotShown))).await
        }
        Err(trouble) => page(node, reader, typed, Some((which, trouble.again()?))).await,
    }
}

pub(crate) async fn password(
    State(node): State<App>,
    Person { from, caller, .. }: Person,
    Posted { reader, form, typed, .. }: Posted<Passwords>,
) -> Result<Response, Problem> {
    must_be_whole(&reader)?;
    let keep = match reader.door {
        Door::Session(session) => Some(session),
        Door::Folder | Door::Machine | Door::Limited(_) | Door::Key(_) | Door::Partner => None,
    };
    let tried = match form {
        Ok(Passwords { now, new }) => {
            let both = (Some(Password::new(&now)), Password::new(&new));
            let by = (caller.actor(), from);
            let set = node.sign_ins.set_password(by, reader.name().clone(), both, keep).await;
            set.map_err(|why| Trouble::from(session::not_signed_in(why)))
        }
        Err(wrong) => Err(wrong.into()),
    };
    settled(&node, &reader, &typed, (Which::Password, tried)).await
}

/// The password, where it is asked for.
pub(crate) struct Shown(String);

impl Form for Shown {
    fn read(fields: &Fields, _: &mut Vec<Wrong>) -> Option<Shown> {
        Some(Shown(fields.all("now").next().unwrap_or_default().to_owned()))
    }
}

/// A second factor begins. Its secret is shown on the page that answers, once.
pub(crate) async fn factor(
    State(node): State<App>,
    Person { from, caller, .. }: Person,
    Posted { reader, form, typed, .. }: Posted<Shown>,
) -> Result<Response, Problem> {
    must_be_whole(&reader)?;
    let Ok(Shown(now)) = form else { return page(&node, &reader, &typed, None).await };
    let now = (!now.is_empty()).then(|| Password::new(&now));
    let by = (caller.actor(), from);
    match node.sign_ins.begin_factor(by, reader.name().clone(), now).await {
        Ok(begun) => {
            let w = reader.w;
            let form =
                FormShown::new(&reader, "/desk/account/factor/confirm", w.account.factor_confirm)
                    .line("code", w.frame.code, "");
            let secret = Sheet {
                heading: w.account.factor_secret.to_owned(),
                note: w.account.factor_once.to_owned(),
                qr: Qr::of(&begun.url, w.account.factor_picture),
                list: vec![begun.key, begun.url],
                ..Sheet::default()
            };
            let heading = w.account.factor_confirm.to_owned();
            let lead = w.account.factor_confirm_text.to_owned();
            let f = Frame::new(&node, Some(&reader), w, w.account.factor);
            Ok(html(&Plain {
                crumb: Some(("/desk/account", w.frame.account)),
                sheets: vec![secret],
                acts: vec![Act { heading, lead, form }],
                ..Plain::new(f, w.account.factor)
            }))
        }
        Err(why) => {
            let tried = Err(Trouble::from(session::not_signed_in(why)));
            settled(&node, &reader, &typed, (Which::Factor, tried)).await
        }
    }
}

/// A code of the factor that has begun.
pub(crate) struct Coded(String);

impl Form for Coded {
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<Coded> {
        Some(Coded(fields.needed("code", wrong)))
    }
}

pub(crate) async fn confirm(
    State(node): State<App>,
    Posted { reader, form, typed, .. }: Posted<Coded>,
) -> Result<Response, Problem> {
    must_be_whole(&reader)?;
    let tried = match form {
        Ok(Coded(code)) => {
            let actor = reader.caller().actor();
            let confirmed = node.sign_ins.confirm_factor(actor, reader.name().clone(), &code).await;
            confirmed.map_err(|why| Trouble::from(Problem::from(why)))
        }
        Err(wrong) => Err(wrong.into()),
    };
    match tried {
        Ok(codes) => {
            let w = reader.w;
            let f = Frame::new(&node, Some(&reader), w, w.account.recovery);
            let sheet = Sheet {
                heading: w.account.recovery.to_owned(),
                note: w.account.recovery_once.to_owned(),
                list: codes,
                link: Some(("/desk/account".to_owned(), w.frame.account)),
                ..Sheet::default()
            };
            Ok(html(&Plain { sheets: vec![sheet], ..Plain::new(f, w.account.factor) }))
        }
        Err(trouble) => settled(&node, &reader, &typed, (Which::Confirm, Err(trouble))).await,
    }
}

pub(crate) async fn remove(
    State(node): State<App>,
    Person { from, caller, .. }: Person,
    Posted { reader, form, typed, .. }: Posted<Shown>,
) -> Result<Response, Problem> {
    must_be_whole(&reader)?;
    let tried = match form {
        Ok(Shown(now)) => {
            let by = (caller.actor(), from);
            let now = Some(Password::new(&now));
            let removed = node.sign_ins.remove_factor(by, reader.name().clone(), now).await;
            removed.map_err(|why| Trouble::from(session::not_signed_in(why)))
        }
        Err(wrong) => Err(wrong.into()),
    };
    settled(&node, &reader, &typed, (Which::Remove, tried)).await
}

/// Which of them ends.
pub(crate) struct Ended(GrantName);

impl Form for Ended {
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<Ended> {
        let name = GrantName::parse(fields.line("name")).ok();
        if name.is_none() {
            wrong.push(Wrong { field: "name", words: |w| w.form.choose });
        }
        name.map(Ended)
    }
}

pub(crate) async fn end(
    State(node): State<App>,
    Posted { reader, form, typed, once, .. }: Posted<Ended>,
) -> Result<Response, Problem> {
    must_be_whole(&reader)?;
    let tried = match form {
        Ok(Ended(name)) => {
            let act = AccountAct::TokenRevoke { user: reader.name().clone(), name };
            reader.act(&node, &once, act).await.map(drop).map_err(Trouble::from)
        }
        Err(wrong) => Err(wrong.into()),
    };
    settled(&node, &reader, &typed, (Which::End, tried)).await
}

/// A token that is to be made.
pub(crate) struct Wanted {
    name: Option<GrantName>,
    days: Option<u32>,
    from: Vec<String>,
}

impl Form for Wanted {
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<Wanted> {
        let typed = |field: &str| Some(fields.line(field)).filter(|text| !text.is_empty());
        let name = typed("name").map(GrantName::parse).transpose().ok();
        if name.is_none() {
            wrong.push(Wrong { field: "name", words: |w| w.account.token_name_wrong });
        }
        let days = typed("days").map(str::parse).transpose().ok();
        if days.is_none() {
            wrong.push(Wrong { field: "days", words: |w| w.form.not_a_number });
        }
        Some(Wanted { name: name?, days: days?, from: fields.lines("from") })
    }
}

/// A token is made. It is shown on the page that answers, once.
pub(crate) async fn token(
    State(node): State<App>,
    Posted { reader, form, typed, once, .. }: Posted<Wanted>,
) -> Result<Response, Problem> {
    must_be_whole(&reader)?;
    let tried = match form {
        Ok(Wanted { name, days, from }) => {
            let user = reader.name().clone();
            let asked = TokenRequest { user, name, days, from, rotate: false, certificate: None };
            let caller = reader.caller();
            let id = format!("{}/desk/{once}", caller.actor());
            let made = tokens::made(&node, (&caller, reader.door), Some(id), asked).await;
            made.map_err(Trouble::from)
        }
        Err(wrong) => Err(wrong.into()),
    };
    match tried {
        Ok(LetIn::ByToken(made)) => {
            let w = reader.w;
            let ends = (w.account.ends.to_owned(), text::time(&made.ends));
            let sheet = Sheet {
                heading: made.name.to_string(),
                note: w.account.factor_once.to_owned(),
                list: vec![made.token],
                facts: vec![ends],
                link: Some(("/desk/account".to_owned(), w.frame.account)),
                ..Sheet::default()
            };
            let f = Frame::new(&node, Some(&reader), w, w.account.token_made);
            Ok(html(&Plain { sheets: vec![sheet], ..Plain::new(f, w.account.token_made) }))
        }
        Ok(LetIn::ByCertificate(_)) => Ok(on_to("/desk/account")),
        Err(trouble) => settled(&node, &reader, &typed, (Which::Token, Err(trouble))).await,
    }
}
