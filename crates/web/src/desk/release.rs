//! `/desk/cases/{number}/release`: exactly what leaves, to whom; then the second person's word.

use super::clock::Clock;
use super::form::{FormShown, Trouble, answered, status};
use super::frame::Frame;
use super::hint::{self, Step};
use super::known;
use super::paper::{Content, Paper, Sheet, report_text};
use super::posted::{Fields, Form, Posted, Wrong};
use super::reader::Reader;
use super::show::{block, line};
use super::texts::{Words, fill};
use super::tried::Tried;
use crate::api::session;
use crate::app::App;
use crate::path::Path;
use crate::person::Person;
use crate::problem::Problem;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use forewarn_exchange::act::DutyAct;
use forewarn_exchange::card::digest_words;
use forewarn_exchange::gate::WithheldKind;
use forewarn_exchange::id::CaseNumber;
use forewarn_exchange::user::Permission;
use forewarn_exchange::{Code, Refusal};
use forewarn_node::sign_in::NotSignedIn;
use forewarn_node::sign_in::password::Password;
use forewarn_transcript::Hash;
use forewarn_view::case::Preview;
use forewarn_view::text;
use std::net::IpAddr;

#[derive(Template)]
#[template(path = "desk/release.html")]
struct Page {
    f: Frame,
    number: CaseNumber,
    over: String,
    heading: String,
    clock: Clock,
    paper: Paper,
    size: String,
    digest: String,
    words: String,
    show_bytes: String,
    bytes: String,
    to: Vec<(&'static str, String)>,
    withheld: Vec<(&'static str, String)>,
    notes: Vec<String>,
    changes: Vec<String>,
    changed: String,
    /// Why it may not be released by this reader now.
    shut: Option<(String, String, Option<Step>)>,
    form: Option<FormShown>,
    happens: Vec<String>,
    sheets: Vec<Sheet>,
}

/// The second person's word: these bytes, and that it is he or she.
pub(crate) struct Approved {
    digest: Hash,
    set_aside: Vec<String>,
    secret: String,
}

impl Form for Approved {
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<Approved> {
        let secret = fields.line("secret").to_owned();
        if secret.is_empty() {
            wrong.push(Wrong { field: "secret", words: |w| w.form.missing });
        }
        let set_aside = fields.all("set_aside").map(str::to_owned).collect();
        Some(Approved { digest: fields.chosen("digest", wrong)?, set_aside, secret })
    }
}

pub(crate) async fn show(
    State(node): State<App>,
    reader: Reader,
    Path(number): Path<CaseNumber>,
) -> Result<Response, Problem> {
    page(&node, &reader, number, &Fields::default(), None).await
}

pub(crate) async fn release(
    State(node): State<App>,
    Path(case): Path<CaseNumber>,
    Person { from, .. }: Person,
    Posted { reader, form, typed, once, .. }: Posted<Approved>,
) -> Result<Response, Problem> {
    let outcome = match form {
        Ok(approved) => approve(&node, &reader, (case, &once), approved, from).await,
        Err(wrong) => Err(wrong.into()),
    };
    let tried = Tried::of((reader, typed), outcome)?;
    tried
        .lead(format!("/desk/cases/{case}"), async |reader, typed, trouble| {
            page(&node, &reader, case, &typed, trouble).await
        })
        .await
}

async fn approve(
    node: &App,
    reader: &Reader,
    (case, once): (CaseNumber, &str),
    Approved { digest, set_aside, secret }: Approved,
    from: Option<IpAddr>,
) -> Result<forewarn_exchange::answer::Answer, Trouble> {
    shown_again(node, reader, &secret, from).await?;
    Ok(reader.act(node, once, DutyAct::Release { case, digest, set_aside }).await?)
}

/// Whoever is signed in shows once more that it is he or she: a session may be left open.
async fn shown_again(
    node: &App,
    reader: &Reader,
    secret: &str,
    from: Option<IpAddr>,
) -> Result<(), Trouble> {
    let shown = node.sign_ins.show_again(reader.name(), Password::new(secret), secret, from).await;
    match shown {
        Ok(()) => Ok(()),
        Err(NotSignedIn::Failed(failure)) => {
            let problem = Problem::from(failure);
            if problem.code() == Code::SignIn {
                Err(Trouble::NotShown)
            } else {
                Err(problem.into())
            }
        }
        Err(wait @ NotSignedIn::Wait(_)) => Err(session::not_signed_in(wait).into()),
    }
}

async fn page(
    node: &App,
    reader: &Reader,
    number: CaseNumber,
    typed: &Fields,
    trouble: Option<Trouble>,
) -> Result<Response, Problem> {
    let read = known::read(node, reader, number).await?;
    let w = reader.w;
    let Some(preview) = &read.preview else {
        let refusal = Refusal::unknown("draft", number);
        return Err(Problem::from(refusal));
    };
    let seen: Option<Hash> = Hash::try_from(typed.line("digest").to_owned()).ok();
    let other = seen.is_some_and(|seen| seen != preview.digest);
    // Whatever else was wrong, this comes first: what is shown now was not read before.
    let trouble =
        if other { Some(Trouble::Refused(Refusal::other_draft(number).into())) } else { trouble };
    let status = status(trouble.as_ref());
    let heading = fill(w.send.r_title, &[&preview.to]);
    let bundle = serde_json::from_str(&preview.bundle).unwrap_or_default();
    let content = Content {
        title: &preview.title,
        text: &report_text(&bundle),
        tlp: preview.tlp,
        urgency: read.shown.case.urgency,
        status: read.shown.case.status,
        bundle: &bundle,
    };
    let us = node.state.us();
    let cap = (fill(w.send.exactly, &[us.name()]), w.send.their_desk);
    let facts = vec![
        (w.send.valid_until, text::time(&preview.valid_until)),
        (w.send.from, us.organisation().to_owned()),
    ];
    let size = preview.bundle.len();
    let shut = shut(reader, preview);
    let form = shut.is_none().then(|| {
        // After another draft came, the password is for those bytes, and the ticks are anew.
        let typed = if other { &Fields::default() } else { typed };
        form(reader, number, preview, typed, trouble)
    });
    let page = Page {
        number,
        over: fill(w.send.r_over, &[&number, &preview.drafted_by]),
        clock: read.clock(w).big(),
        paper: Paper::of(w, cap, &content, facts),
        size: fill(w.send.bytes_size, &[&size]),
        digest: preview.digest.to_string(),
        words: digest_words(preview.digest),
        show_bytes: fill(w.send.show_bytes, &[&size]),
        bytes: block(&preview.bundle),
        to: to(w, preview),
        withheld: withheld(w, preview),
        notes: notes(w, preview),
        changes: preview.changed().iter().skip(1).map(|one| one.trim().to_owned()).collect(),
        changed: fill(w.send.changed, &[&preview.versions]),
        happens: vec![
            fill(w.send.happens_entry, &[&preview.to]),
            w.send.happens_sent.to_owned(),
            w.send.happens_name.to_owned(),
        ],
        shut,
        form,
        sheets: read.item_sheets(w),
        f: read.frame(node, reader, heading.clone()),
        heading,
    };
    Ok(answered(&page, status))
}

fn form(
    reader: &Reader,
    number: CaseNumber,
    preview: &Preview,
    typed: &Fields,
    trouble: Option<Trouble>,
) -> FormShown {
    let (w, s) = (reader.w, &reader.w.send);
    let form = FormShown::new(
        reader,
        format!("/desk/cases/{number}/release"),
        fill(s.release_button, &[&preview.to]),
    );
    let form = form.again(typed, trouble).hidden("digest", preview.digest.to_string());
    let aside = &preview.set_aside;
    let form = if aside.texts.is_empty() {
        form
    } else {
        let each = aside.texts.iter().map(|one| {
            let words = fill(s.aside_tick, &[&line(one), &line(&aside.reason)]);
            (one.clone(), words, String::new())
        });
        form.ticks("set_aside", (s.aside, ""), each.collect::<Vec<_>>())
    };
    form.secret("secret", &fill(s.password, &[reader.name()]), s.password_hint)
        .leaves()
        .back(format!("/desk/cases/{number}"), fill(w.send.send_back, &[&number]))
}

fn shut(reader: &Reader, preview: &Preview) -> Option<(String, String, Option<Step>)> {
    let s = &reader.w.send;
    if let Some(why) = &preview.objection {
        let step = why.hint.as_ref().map(|one| hint::step(reader.w, one));
        return Some((s.gate_shut.to_owned(), block(&why.message), step));
    }
    if preview.drafted_by == *reader.name() {
        return Some((fill(s.wrote_it, &[reader.name()]), s.second_must.to_owned(), None));
    }
    if !reader.may(Permission::Release) {
        return Some((s.may_not.to_owned(), s.second_must.to_owned(), None));
    }
    None
}

fn to(w: &Words, preview: &Preview) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        (w.send.to, preview.to.to_string()),
        (w.send.may_get, fill(w.send.up_to, &[&preview.ceiling])),
    ];
    if !preview.persons.is_empty() {
        let names: Vec<String> = preview.persons.iter().map(|one| line(one)).collect();
        facts.push((w.send.persons_only, names.join(", ")));
    }
    facts
}

fn withheld(w: &Words, preview: &Preview) -> Vec<(&'static str, String)> {
    let each = preview.withheld.iter().map(|one| {
        let kind = match one.what {
            WithheldKind::Name => w.send.kind_name,
            WithheldKind::Source | WithheldKind::SourceName | WithheldKind::SourceContact => {
                w.send.kind_source
            }
            WithheldKind::OriginalId => w.send.kind_original,
            WithheldKind::Partner => w.send.kind_partner,
        };
        (kind, line(&one.text))
    });
    each.collect()
}

/// What is to be looked at before it leaves.
fn notes(w: &Words, preview: &Preview) -> Vec<String> {
    let s = &w.send;
    let mut all = Vec::new();
    all.extend(preview.originals.map(|one| fill(s.originals, &[&one])));
    all.extend(
        preview
            .lowering
            .as_ref()
            .map(|one| fill(s.lowered, &[&line(&one.permission), &line(&one.reason)])),
    );
    all.extend(preview.ended.iter().map(|one| fill(s.ended, &[&line(&one.id), &one.ended])));
    all.extend(preview.rests.iter().map(|one| {
        let on: Vec<String> = one.on.iter().map(|id| line(id)).collect();
        fill(s.rests, &[&line(&one.sentence), &on.join(", ")])
    }));
    all.extend(preview.wording.iter().map(|one| format!("{}: {}", s.wording, line(one))));
    all
}
