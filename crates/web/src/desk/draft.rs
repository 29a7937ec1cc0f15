//! `/desk/cases/{number}/draft`: the warning, written beside the originals. Nothing of them goes in by
//! itself; each suggestion is ticked, or stays here.

use super::form::{FormShown, Trouble, answered, status};
use super::known::{self, Read};
use super::posted::{Fields, Form, Posted, Wrong};
use super::reader::Reader;
use super::show::line;
use super::texts::{Words, fill};
use super::unsent::Unsent;
use crate::api::{suggestions, templates};
use crate::app::App;
use crate::path::Path;
use crate::problem::Problem;
use crate::query::Query;
use axum::extract::State;
use axum::response::Response;
use forewarn_exchange::act::DutyAct;
use forewarn_exchange::draft::{DraftRequest, Lowering, Suggested};
use forewarn_exchange::gate::SetAside;
use forewarn_exchange::id::CaseNumber;
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Tlp;
use forewarn_view::suggestion::SuggestionLine;
use forewarn_view::template::TemplateLine;
use serde::Deserialize;

/// What is proposed as the end of a warning's time: a week, in minutes.
pub(super) const WEEK: i64 = 7 * 24 * 60;

/// A draft as it was typed, and the numbers of the suggestions that were ticked.
pub(crate) struct Written {
    request: DraftRequest,
    take: Vec<u32>,
}

impl Form for Written {
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<Written> {
        let (title, text) = (fields.needed("title", wrong), fields.needed("text", wrong));
        let until = fields.time("until", wrong);
        let tlp = Tlp::parse(fields.line("tlp"));
        if tlp.is_none() {
            wrong.push(Wrong { field: "tlp", words: |w| w.form.choose });
        }
        let lowering =
            Lowering { permission: fields.text("lower_by"), reason: fields.text("lower_why") };
        let is_lowered = !lowering.permission.is_empty() || !lowering.reason.is_empty();
        let request = DraftRequest {
            likelihood: fields.word("likelihood"),
            places: fields.lines("places"),
            observables: fields.lines("observables"),
            withhold: fields.lines("withhold"),
            persons: fields.lines("persons"),
            set_aside: SetAside {
                texts: fields.lines("set_aside"),
                reason: fields.text("set_aside_why"),
            },
            lowering: is_lowered.then_some(lowering),
            ..DraftRequest::new(title, text, tlp?, until?)
        };
        let take = fields.all("take").filter_map(|one| one.parse().ok()).collect();
        Some(Written { request, take })
    }
}

pub(crate) async fn show(
    State(node): State<App>,
    reader: Reader,
    Path(number): Path<CaseNumber>,
    Query(begin): Query<Begin>,
    Unsent(typed): Unsent,
) -> Result<Response, Problem> {
    page(&node, &reader, number, (&typed, begin.template), None).await
}

/// The name of the template that the form begins with.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Begin {
    template: Option<String>,
}

pub(crate) async fn write(
    State(node): State<App>,
    Path(case): Path<CaseNumber>,
    posted: Posted<Written>,
) -> Result<Response, Problem> {
    let suggestions = suggested(&node, &posted.reader, case).await?;
    let act = |Written { mut request, take }: Written| {
        for one in suggestions.iter().filter(|one| take.contains(&one.number)) {
            one.put_into(&mut request.places, &mut request.observables, &mut request.include);
        }
        DutyAct::Draft { case, draft: Box::new(request) }
    };
    let tried = posted.does(&node, act).await?;
    tried
        .lead(format!("/desk/cases/{case}"), async |reader, typed, trouble| {
            page(&node, &reader, case, (&typed, None), trouble).await
        })
        .await
}

async fn suggested(
    node: &App,
    reader: &Reader,
    case: CaseNumber,
) -> Result<Vec<SuggestionLine>, Problem> {
    let sight = reader.sight(node);
    Ok(node.read(move |db, _| suggestions::of_case(&db, case, &sight)).await?)
}

async fn page(
    node: &App,
    reader: &Reader,
    number: CaseNumber,
    (typed, begin): (&Fields, Option<String>),
    trouble: Option<Trouble>,
) -> Result<Response, Problem> {
    let read = known::read(node, reader, number).await?;
    let sight = reader.sight(node);
    let offered = node.read(move |db, _| templates::offered(&db, number, &sight)).await?;
    let suggestions = suggested(node, reader, number).await?;
    let (w, status) = (reader.w, status(trouble.as_ref()));
    let heading = fill(w.send.w_title, &[&read.shown.case.partner]);
    let mut typed = typed.or(known(&read, &suggestions));
    let chosen = begin.and_then(|name| offered.iter().find(|one| one.kept.template.name == name));
    if let Some(TemplateLine { kept, .. }) = chosen {
        let (title, text) = (kept.template.title.clone(), kept.template.text.clone());
        typed = typed.and("title", title).and("text", text);
    }
    let typed = &typed;
    let form = FormShown::new(
        reader,
        format!("/desk/cases/{number}/draft"),
        fill(w.send.write_button, &[&number]),
    );
    let form = fields(w, form.again(typed, trouble), &read, &suggestions)
        .after(w.send.write_after)
        .back(format!("/desk/cases/{number}"), fill(w.send.send_back, &[&number]));
    let begins = |one: &TemplateLine| {
        let at = format!("/desk/cases/{number}/draft?template={}", one.kept.template.name);
        super::templates::sheet(w, one, Some((at, w.template.begin)))
    };
    let aside = offered.iter().map(begins).chain(read.item_sheets(w)).collect();
    let frame = read.frame(node, reader, heading);
    Ok(answered(&read.form_page(w, frame, (w.case.next_draft_text, form), aside), status))
}

fn fields(w: &Words, form: FormShown, read: &Read, suggestions: &[SuggestionLine]) -> FormShown {
    let s = &w.send;
    let ceiling = read.ceiling.map(|one| one.to_string()).unwrap_or_default();
    let originals =
        read.originals.map_or_else(|| w.frame.unmarked.to_owned(), |one| one.to_string());
    let tlps = Tlp::ALL.iter().map(|one| (one.name().to_owned(), one.to_string()));
    let form = form
        .line("title", s.title, s.title_hint)
        .text("text", s.text, s.text_hint)
        .select("tlp", s.tlp, &fill(s.tlp_hint, &[&ceiling]), tlps)
        .line("until", s.until, s.until_hint)
        .text("withhold", s.withhold, s.withhold_hint);
    let form = if suggestions.is_empty() {
        form
    } else {
        form.ticks("take", (s.take, s.take_hint), suggestions.iter().map(|one| offered(w, one)))
    };
    let form = form
        .select("likelihood", s.likelihood, w.form.optional, super::finding::likelihoods(w))
        .text("places", s.places, s.places_hint)
        .text("observables", s.observables, s.observables_hint)
        .text("persons", s.persons, s.persons_hint)
        .text("set_aside", s.set_aside, s.set_aside_hint)
        .line("set_aside_why", s.set_aside_why, w.form.optional);
    // Where nothing is marked, nothing can be marked less strictly.
    if read.originals.is_none() {
        return form;
    }
    form.line("lower_by", s.lower_by, &fill(s.lower_hint, &[&originals])).line(
        "lower_why",
        s.lower_why,
        w.form.optional,
    )
}

/// A suggestion to be ticked: its kind, what it is, and the words around it.
fn offered(w: &Words, one: &SuggestionLine) -> (String, String, String) {
    let (kind, value) = match &one.what {
        Suggested::Place { name } => (w.send.place, name),
        Suggested::Time { words } => (w.send.time, words),
        Suggested::Target { target } => (w.send.target, &target.name),
        Suggested::Observable { value } => (w.send.observable, value),
        Suggested::Sector { sector } => (w.send.sector, sector),
    };
    (one.number.to_string(), format!("{kind}: {}", line(value)), line(&one.excerpt))
}

/// What the form begins with: the draft so far, or the marking of the originals within the
/// partner's ceiling, and a week.
fn known(read: &Read, suggestions: &[SuggestionLine]) -> Fields {
    let stage = &read.shown.case.stage;
    let newest = stage.next.as_ref().or(stage.draft.as_ref());
    let newest = newest.or_else(|| stage.sent.last().map(|sent| &sent.draft));
    let Some(request) = newest.and_then(|draft| draft.request.as_ref()) else {
        let tlp = read.originals.or(read.ceiling).unwrap_or(Tlp::Amber);
        return Fields::of([
            ("tlp", tlp.name().to_owned()),
            ("until", typed_time(&read.now.plus_minutes(WEEK))),
        ]);
    };
    let lines = |all: &[String]| all.join("\n");
    let lowering = request.lowering.clone();
    let (by, why) = lowering.map(|one| (one.permission, one.reason)).unwrap_or_default();
    // What was taken from the items is ticked again; the rest was typed.
    let mut take = Vec::new();
    let (mut places, mut observables) = (request.places.clone(), request.observables.clone());
    for one in suggestions {
        let is_in = match &one.what {
            Suggested::Place { name } => taken(&mut places, name),
            Suggested::Observable { value } => taken(&mut observables, value),
            Suggested::Time { words } => request.include.times.contains(words),
            Suggested::Target { target } => request.include.targets.contains(target),
            Suggested::Sector { sector } => request.include.sectors.contains(sector),
        };
        if is_in {
            take.push(one.number.to_string());
        }
    }
    let fields = Fields::of([
        ("title", request.title.clone()),
        ("text", request.text.clone()),
        ("tlp", request.tlp.name().to_owned()),
        ("until", typed_time(&request.valid_until)),
        ("likelihood", request.likelihood.map(|one| one.name().to_owned()).unwrap_or_default()),
        ("withhold", lines(&request.withhold)),
        ("places", lines(&places)),
        ("observables", lines(&observables)),
        ("persons", lines(&request.persons)),
        ("set_aside", lines(&request.set_aside.texts)),
        ("set_aside_why", request.set_aside.reason.clone()),
        ("lower_by", by),
        ("lower_why", why),
    ]);
    fields.and_all("take", take)
}

/// Whether a list has it; then it is taken out.
fn taken(list: &mut Vec<String>, one: &str) -> bool {
    let before = list.len();
    list.retain(|known| known != one);
    list.len() < before
}

/// A time as people type it.
pub(crate) fn typed_time(at: &Timestamp) -> String {
    let shown: String = at.as_str().chars().take(16).collect();
    format!("{}Z", shown.replace('T', " "))
}
