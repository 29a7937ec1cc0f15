//! `/desk/partners/{name}/agreement`: what both sides have signed, version by version; our answer to
//! what they propose, and a version of our own.

use super::form::{FormShown, Trouble, answered, done, status};
use super::frame::{Frame, Part};
use super::later::Why;
use super::paper::Sheet;
use super::plain::{Act, Plain};
use super::posted::{Button, Fields, Form, Posted, Wrong};
use super::reader::Reader;
use super::show::block;
use super::texts::{Words, fill};
use super::tried::Tried;
use crate::api::agreements;
use crate::app::App;
use crate::path::Path;
use crate::problem::Problem;
use axum::extract::State;
use axum::response::Response;
use forewarn_exchange::Refusal;
use forewarn_exchange::act::PartnerAct;
use forewarn_exchange::agreement::{AgreedClocks, Terms, Version};
use forewarn_exchange::handling::HandlingCode;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::proposal::Persons;
use forewarn_exchange::user::Permission;
use forewarn_stix::marking::Tlp;
use forewarn_view::agreement::{AgreementShown, AgreementState};
use forewarn_view::partner::PartnerShown;
use std::collections::BTreeSet;

/// Most versions that the page shows; all are on the command line.
const VERSIONS: usize = 20;
/// The fields of the agreed clocks.
const CLOCKS: [&str; 4] = ["immediate", "expected", "future", "question"];

/// Which of the forms was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Propose,
    Accept,
    Decline,
}

/// A version as it was typed.
pub(crate) struct Typed(Terms);

impl Form for Typed {
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<Typed> {
        let ceiling = Tlp::parse(fields.line("ceiling"));
        if ceiling.is_none() {
            wrong.push(Wrong { field: "ceiling", words: |w| w.form.choose });
        }
        let handling: BTreeSet<_> =
            fields.all("handling").filter_map(HandlingCode::parse).collect();
        let sentences = fields.chosen("sentences", wrong);
        let clocks = clocks(fields, wrong);
        let persons = fields.lines("by_name");
        let persons = persons.iter().map(|one| one.parse()).collect::<Result<_, String>>();
        if persons.is_err() {
            wrong.push(Wrong { field: "by_name", words: |w| w.agree.by_name_wrong });
        }
        let persons = persons.ok()?;
        Some(Typed(Terms { ceiling: ceiling?, handling, sentences: sentences?, clocks, persons }))
    }
}

/// Four times in minutes, or none at all.
fn clocks(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<AgreedClocks> {
    if CLOCKS.iter().all(|field| fields.line(field).is_empty()) {
        return None;
    }
    let [immediate, expected, future, question] = CLOCKS.map(|field| {
        let minutes = fields.line(field).parse::<u32>();
        if minutes.is_err() {
            wrong.push(Wrong { field, words: |w| w.form.not_a_number });
        }
        minutes.unwrap_or_default()
    });
    Some(AgreedClocks { immediate, expected, future, question })
}

/// Where the agreement with a partner stands.
pub(crate) fn at(name: &NodeName) -> String {
    format!("/desk/partners/{name}/agreement")
}

pub(crate) async fn show(
    State(node): State<App>,
    reader: Reader,
    Path(name): Path<NodeName>,
) -> Result<Response, Problem> {
    page(&node, &reader, name, (&Fields::default(), None)).await
}

/// `POST /desk/partners/{name}/agreement`: a version of ours is proposed.
pub(crate) async fn propose(
    State(node): State<App>,
    Path(name): Path<NodeName>,
    posted: Posted<Typed>,
) -> Result<Response, Problem> {
    let act = |Typed(terms)| PartnerAct::ProposeAgreement { name: name.clone(), terms };
    let tried = posted.does(&node, act).await?;
    led(&node, name, tried, Which::Propose).await
}

/// `POST /desk/partners/{name}/agreement/{version}/accept`.
pub(crate) async fn accept(
    State(node): State<App>,
    Path((name, version)): Path<(NodeName, Version)>,
    posted: Posted<Button>,
) -> Result<Response, Problem> {
    let act = |Button| PartnerAct::AcceptAgreement { name: name.clone(), version };
    let tried = posted.does(&node, act).await?;
    led(&node, name, tried, Which::Accept).await
}

/// `POST /desk/partners/{name}/agreement/{version}/decline`.
pub(crate) async fn decline(
    State(node): State<App>,
    Path((name, version)): Path<(NodeName, Version)>,
    posted: Posted<Why>,
) -> Result<Response, Problem> {
    let act = |Why(reason)| PartnerAct::DeclineAgreement { name: name.clone(), version, reason };
    let tried = posted.does(&node, act).await?;
    led(&node, name, tried, Which::Decline).await
}

async fn led(node: &App, name: NodeName, tried: Tried, which: Which) -> Result<Response, Problem> {
    match tried {
        Tried::Done(answer) => Ok(done(&answer, at(&name))),
        Tried::Again { reader, typed, trouble } => {
            page(node, &reader, name, (&typed, Some((which, trouble)))).await
        }
    }
}

async fn page(
    node: &App,
    reader: &Reader,
    name: NodeName,
    (typed, trouble): (&Fields, Option<(Which, Trouble)>),
) -> Result<Response, Problem> {
    let (w, asked) = (reader.w, name.clone());
    let read = node.read(move |db, _| {
        let partner = db.partner(&asked)?;
        let partner = partner.ok_or_else(|| Refusal::unknown("partner", &asked))?;
        Ok((PartnerShown::of(partner), agreements::newest(&db, &asked, VERSIONS)?))
    });
    let (partner, versions) = read.await?;
    let heading = fill(w.agree.heading, &[&name]);
    let status = status(trouble.as_ref().map(|(_, trouble)| trouble));
    let manages = reader.may(Permission::ManagePartners);
    let page = Plain {
        crumb: Some(("/desk/partners", w.frame.partners)),
        lead: if versions.is_empty() { w.agree.none } else { w.agree.lead }.to_owned(),
        sheets: versions.iter().map(|one| sheet(w, one)).collect(),
        acts: if manages {
            acts(reader, (&partner, &versions), typed, trouble)
        } else {
            Vec::new()
        },
        ..Plain::new(Frame::new(node, Some(reader), w, &heading).of(Part::Partners), heading)
    };
    Ok(answered(&page, status))
}

fn sheet(w: &Words, one: &AgreementShown) -> Sheet {
    Sheet {
        heading: fill(w.agree.version, &[&one.version]),
        text: block(&one.words()),
        ..Sheet::default()
    }
}

fn acts(
    reader: &Reader,
    (partner, versions): (&PartnerShown, &[AgreementShown]),
    typed: &Fields,
    trouble: Option<(Which, Trouble)>,
) -> Vec<Act> {
    let a = &reader.w.agree;
    let (sent, mut trouble) = trouble.unzip();
    let mut form = |which, at: String, button: String| {
        let form = FormShown::new(reader, at, button);
        if sent == Some(which) { form.again(typed, trouble.take()) } else { form }
    };
    let at = at(&partner.name);
    let waits = |one: &&AgreementShown| one.state == AgreementState::Waiting && !one.ours;
    let mut all = Vec::new();
    if let Some(theirs) = versions.iter().find(waits) {
        let version = theirs.version;
        let accept =
            form(Which::Accept, format!("{at}/{version}/accept"), fill(a.accept, &[&version]));
        let decline =
            form(Which::Decline, format!("{at}/{version}/decline"), fill(a.decline, &[&version]));
        let decline = decline.text("reason", reader.w.form.reason, a.decline_hint);
        let act = |heading: &str, lead: &str, form| Act {
            heading: fill(heading, &[&version]),
            lead: lead.to_owned(),
            form,
        };
        all.push(act(a.accept_heading, a.accept_text, accept));
        all.push(act(a.decline_heading, a.decline_text, decline));
        return all;
    }
    let mine = form(Which::Propose, at, a.propose.to_owned());
    let mine = if sent == Some(Which::Propose) { mine } else { mine.again(&known(partner), None) };
    let form = fields(reader.w, mine);
    all.push(Act { heading: a.propose_heading.to_owned(), lead: a.propose_text.to_owned(), form });
    all
}

fn fields(w: &Words, form: FormShown) -> FormShown {
    let a = &w.agree;
    let tlps = Tlp::ALL.iter().map(|one| (one.name().to_owned(), one.to_string()));
    let codes = HandlingCode::ALL.iter().map(|code| {
        (HandlingCode::name(*code).to_owned(), HandlingCode::name(*code).to_owned(), String::new())
    });
    let persons_of = [Persons::One, Persons::Two].map(|one| {
        let words = match one {
            Persons::One => w.know.one_person,
            Persons::Two => w.know.two_persons,
        };
        (persons(one).to_owned(), words.to_owned(), String::new())
    });
    let form = form
        .select("ceiling", a.ceiling, a.ceiling_hint, tlps)
        .ticks("handling", (a.handling, a.handling_hint), codes)
        .choices("sentences", w.know.sentences, persons_of);
    let labels = [a.immediate, a.expected, a.future, a.question];
    let clocks = CLOCKS.into_iter().zip(labels);
    let form = clocks.fold(form, |form, (field, label)| form.number(field, label));
    form.text("by_name", a.by_name, a.by_name_hint)
}

/// As the form sends it.
fn persons(persons: Persons) -> &'static str {
    match persons {
        Persons::One => "one",
        Persons::Two => "two",
    }
}

/// Persons by name, a line each.
fn by_name(terms: &Terms) -> String {
    let lines: Vec<String> = terms.persons.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

/// What counts now.
fn known(partner: &PartnerShown) -> Fields {
    let terms = partner.agreement.as_ref().map(|held| &held.terms);
    let clocks = terms.and_then(|terms| terms.clocks);
    let minutes = |of: fn(&AgreedClocks) -> u32| {
        clocks.as_ref().map(|clocks| of(clocks).to_string()).unwrap_or_default()
    };
    let codes = match terms {
        Some(terms) => terms.handling.iter().copied().collect(),
        None => HandlingCode::ALL.to_vec(),
    };
    let fields = Fields::of([
        ("ceiling", partner.ceiling.name().to_owned()),
        ("sentences", persons(partner.sentences).to_owned()),
        ("immediate", minutes(|clocks| clocks.immediate)),
        ("expected", minutes(|clocks| clocks.expected)),
        ("future", minutes(|clocks| clocks.future)),
        ("question", minutes(|clocks| clocks.question)),
        ("by_name", terms.map(by_name).unwrap_or_default()),
    ]);
    let codes = codes.into_iter().map(|code| HandlingCode::name(code).to_owned());
    fields.and_all("handling", codes.collect())
}
