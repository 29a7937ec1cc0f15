//! `/desk/users`: people and their roles; `…/{name}`: one of them, and what an administrator does.

use super::form::{FormShown, Trouble, answered, status};
use super::frame::{Frame, html};
use super::paper::Sheet;
use super::plain::{Act, Plain, Row, Table};
use super::posted::{Button, Fields, Form, Posted, Wrong};
use super::reader::Reader;
use super::show::line;
use super::texts::{Words, fill};
use super::word;
use crate::api::tokens;
use crate::app::App;
use crate::path::Path;
use crate::problem::Problem;
use axum::extract::State;
use axum::response::Response;
use forewarn_exchange::Refusal;
use forewarn_exchange::act::AccountAct;
use forewarn_exchange::name::UserName;
use forewarn_exchange::user::{Permission, Role, User, UserStanding};
use forewarn_view::text;

pub(crate) async fn list(State(node): State<App>, reader: Reader) -> Result<Response, Problem> {
    all(&node, &reader, &Fields::default(), None).await
}

async fn all(
    node: &App,
    reader: &Reader,
    typed: &Fields,
    trouble: Option<Trouble>,
) -> Result<Response, Problem> {
    let w = reader.w;
    let users = node.read(|db, _| Ok(db.users()?)).await?;
    let table = Table {
        heads: vec![w.frame.name_label, w.people.display, w.account.roles, w.watch.standing],
        rows: users.iter().map(|user| row(w, user)).collect(),
        none: w.account.no_grants,
        ..Table::default()
    };
    let status = status(trouble.as_ref());
    let form = FormShown::new(reader, "/desk/users", w.people.add_button)
        .again(typed, trouble)
        .line("name", w.frame.name_label, w.people.name_hint);
    let form = with_roles(w, form).line("display", w.people.display, w.people.display_hint);
    let lead = w.people.two.to_owned();
    let add = Act { heading: w.people.add.to_owned(), lead, form };
    let acts = if reader.may(Permission::Administer) { vec![add] } else { Vec::new() };
    let f = Frame::new(node, Some(reader), w, w.people.title);
    Ok(answered(&Plain { tables: vec![table], acts, ..Plain::new(f, w.people.title) }, status))
}

fn with_roles(w: &'static Words, form: FormShown) -> FormShown {
    let role =
        |role: &Role| (role.name().to_owned(), word::role(w, *role).to_owned(), String::new());
    form.ticks("roles", (w.account.roles, ""), Role::ALL.iter().map(role))
}

fn roles(w: &Words, user: &User) -> String {
    user.roles.iter().map(|one| word::role(w, *one)).collect::<Vec<_>>().join(", ")
}

fn standing(w: &Words, user: &User) -> String {
    match &user.standing {
        UserStanding::Active => w.people.active.to_owned(),
        UserStanding::Suspended { at, reason } => {
            fill(w.people.suspended, &[&text::time(at), &line(reason)])
        }
        UserStanding::Removed { at, reason } => {
            fill(w.people.removed, &[&text::time(at), &line(reason)])
        }
    }
}

fn row(w: &Words, user: &User) -> Row {
    Row {
        at: Some(format!("/desk/users/{}", user.name)),
        cells: vec![
            user.name.to_string(),
            text::or_none(user.display.as_deref(), line),
            roles(w, user),
            standing(w, user),
        ],
    }
}

/// Somebody with roles.
pub(crate) struct Given {
    name: UserName,
    roles: Vec<Role>,
    display: Option<String>,
}

impl Form for Given {
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<Given> {
        let name = UserName::parse(fields.line("name")).ok();
        if name.is_none() {
            wrong.push(Wrong { field: "name", words: |w| w.people.name_wrong });
        }
        let roles = Role::ALL.iter().filter(|role| fields.has("roles", role.name()));
        let roles: Vec<Role> = roles.copied().collect();
        if roles.is_empty() {
            wrong.push(Wrong { field: "roles", words: |w| w.form.choose });
        }
        // A name to be shown takes two: what stays as it was is not said again.
        let (display, was) = (fields.line("display"), fields.line("was"));
        let display = (display != was).then(|| display.to_owned());
        Some(Given { name: name?, roles, display })
    }
}

pub(crate) async fn add(
    State(node): State<App>,
    posted: Posted<Given>,
) -> Result<Response, Problem> {
    let name = posted.form.as_ref().map(|given| given.name.to_string()).unwrap_or_default();
    let act = |Given { name, roles, display }| AccountAct::UserAdd { name, roles, display };
    let tried = posted.does(&node, act).await?;
    tried
        .lead(format!("/desk/users/{name}"), async |reader, typed, trouble| {
            all(&node, &reader, &typed, trouble).await
        })
        .await
}

pub(crate) async fn one(
    State(node): State<App>,
    reader: Reader,
    Path(name): Path<UserName>,
) -> Result<Response, Problem> {
    page(&node, &reader, &name, None).await
}

async fn page(
    node: &App,
    reader: &Reader,
    name: &UserName,
    trouble: Option<(&'static str, Trouble)>,
) -> Result<Response, Problem> {
    let w = reader.w;
    let wanted = name.clone();
    let users = node.read(|db, _| Ok(db.users()?)).await?;
    let user = users.into_iter().find(|user| user.name == wanted);
    let user = user.ok_or_else(|| Problem::from(Refusal::unknown("user", name)))?;
    let sheet = Sheet {
        heading: user.name.to_string(),
        facts: vec![
            (w.people.display.to_owned(), text::or_none(user.display.as_deref(), line)),
            (w.account.roles.to_owned(), roles(w, &user)),
            (w.watch.standing.to_owned(), standing(w, &user)),
        ],
        ..Sheet::default()
    };
    let status = trouble.as_ref().and_then(|(_, trouble)| status(Some(trouble)));
    let acts =
        if reader.may(Permission::Administer) { acts(reader, &user, trouble) } else { Vec::new() };
    let f = Frame::new(node, Some(reader), w, user.name.to_string());
    let crumb = Some(("/desk/users", w.people.title));
    Ok(answered(
        &Plain { crumb, sheets: vec![sheet], acts, ..Plain::new(f, user.name.to_string()) },
        status,
    ))
}

/// What may be done of somebody as he or she stands.
fn acts(reader: &Reader, user: &User, mut trouble: Option<(&'static str, Trouble)>) -> Vec<Act> {
    let (w, name) = (reader.w, &user.name);
    let mut form = |verb: &'static str, words: &str| {
        let mine = trouble.as_ref().is_some_and(|(of, _)| *of == verb);
        let trouble = if mine { trouble.take().map(|(_, trouble)| trouble) } else { None };
        FormShown::new(reader, format!("/desk/users/{name}/{verb}"), fill(words, &[name]))
            .again(&Fields::default(), trouble)
    };
    let act = |heading: &str, lead: &str, form| Act {
        heading: heading.to_owned(),
        lead: lead.to_owned(),
        form,
    };
    let reason = |form: FormShown| form.line("reason", w.form.reason, "");
    let remove = |form: FormShown| act(w.people.remove, w.people.remove_text, reason(form));
    match &user.standing {
        UserStanding::Active => {
            let chosen: Vec<String> =
                user.roles.iter().map(|role| role.name().to_owned()).collect();
            let fields = Fields::of([
                ("name", name.to_string()),
                ("display", user.display.clone().unwrap_or_default()),
            ]);
            let change = FormShown::new(reader, "/desk/users", w.people.change_button)
                .again(&fields.and_all("roles", chosen), None)
                .hidden("name", name.to_string())
                .hidden("was", user.display.clone().unwrap_or_default());
            let change =
                with_roles(w, change).line("display", w.people.display, w.people.display_hint);
            vec![
                act(w.people.change, w.people.two, change),
                act(w.people.invite, w.people.invite_text, form("invite", w.people.invite_button)),
                act(
                    w.people.suspend,
                    w.people.suspend_text,
                    reason(form("suspend", w.people.suspend_button)),
                ),
                remove(form("remove", w.people.remove_button)),
            ]
        }
        UserStanding::Suspended { .. } => vec![
            act(w.people.resume, w.people.two, form("resume", w.people.resume_button)),
            remove(form("remove", w.people.remove_button)),
        ],
        UserStanding::Removed { .. } => Vec::new(),
    }
}

/// Why.
pub(crate) struct Because(String);

impl Form for Because {
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<Because> {
        Some(Because(fields.needed("reason", wrong)))
    }
}

/// Does what one of the forms asks for, or shows it again.
async fn tried<T>(
    node: &App,
    (name, verb): (UserName, &'static str),
    posted: Posted<T>,
    act: impl FnOnce(UserName, T) -> AccountAct,
) -> Result<Response, Problem> {
    let tried = posted.does(node, |form| act(name.clone(), form)).await?;
    tried
        .lead(format!("/desk/users/{name}"), async |reader, _, trouble| {
            page(node, &reader, &name, trouble.map(|trouble| (verb, trouble))).await
        })
        .await
}

pub(crate) async fn suspend(
    State(node): State<App>,
    Path(name): Path<UserName>,
    posted: Posted<Because>,
) -> Result<Response, Problem> {
    let act = |name, Because(reason)| AccountAct::UserSuspend { name, reason };
    tried(&node, (name, "suspend"), posted, act).await
}

pub(crate) async fn remove(
    State(node): State<App>,
    Path(name): Path<UserName>,
    posted: Posted<Because>,
) -> Result<Response, Problem> {
    let act = |name, Because(reason)| AccountAct::UserRemove { name, reason };
    tried(&node, (name, "remove"), posted, act).await
}

pub(crate) async fn resume(
    State(node): State<App>,
    Path(name): Path<UserName>,
    posted: Posted<Button>,
) -> Result<Response, Problem> {
    tried(&node, (name, "resume"), posted, |name, _| AccountAct::UserResume { name }).await
}

/// An invitation. It is shown on the page that answers, once.
pub(crate) async fn invite(
    State(node): State<App>,
    Path(name): Path<UserName>,
    Posted { reader, .. }: Posted<Button>,
) -> Result<Response, Problem> {
    match tokens::invited(&node, (&reader.caller(), reader.door), name.clone()).await {
        Ok(made) => {
            let w = reader.w;
            let sheet = Sheet {
                heading: w.people.invited.to_owned(),
                note: w.account.factor_once.to_owned(),
                list: vec![made.invitation],
                facts: vec![(w.account.ends.to_owned(), text::time(&made.ends))],
                link: Some((format!("/desk/users/{name}"), w.people.back)),
                ..Sheet::default()
            };
            let f = Frame::new(&node, Some(&reader), w, w.people.invited);
            let lead = fill(w.people.invited_text, &[&name]);
            Ok(html(&Plain { lead, sheets: vec![sheet], ..Plain::new(f, w.people.invited) }))
        }
        Err(problem) => {
            let trouble = Some(("invite", Trouble::from(problem).again()?));
            page(&node, &reader, &name, trouble).await
        }
    }
}
