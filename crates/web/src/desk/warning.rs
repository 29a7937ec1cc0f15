//! `GET /desk/warnings/{number}`: what they tell us, and what they expect. `POST …/open` opens it.

use super::case::Said;
use super::clock::Clock;
use super::form::{FormShown, on_to};
use super::frame::{Frame, Part, html};
use super::paper::{Content, Paper, band};
use super::posted::{Button, Posted};
use super::reader::Reader;
use super::show::{At, Mark, line, who};
use super::texts::{Words, fill};
use super::{record, word};
use crate::api::warnings;
use crate::app::App;
use crate::path::Path;
use crate::problem::Problem;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use forewarn_exchange::Refusal;
use forewarn_exchange::act::ReceivedAct;
use forewarn_exchange::erasure::Erasable;
use forewarn_exchange::id::WarningNumber;
use forewarn_exchange::owed::Word;
use forewarn_exchange::talk::Statement;
use forewarn_exchange::user::Permission;
use forewarn_exchange::warning::Standing;
use forewarn_node::{clock, needs};
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Tlp;
use forewarn_view::history::erased;
use forewarn_view::talk::{SaidView, SaidWhat};
use forewarn_view::text;
use forewarn_view::version;
use forewarn_view::warning::{WarningLine, WarningShown};

/// What every page of a warning shows: no more than its line in a list.
struct Head {
    over: String,
    heading: String,
    band: Option<&'static str>,
    urgency: &'static str,
    mark: Mark,
    clock: Option<Clock>,
}

/// A warning that nobody has opened, or that is for others.
#[derive(Template)]
#[template(path = "desk/warning_closed.html")]
struct Closed {
    f: Frame,
    head: Head,
    words: &'static str,
    facts: Vec<(&'static str, String)>,
    open: Option<FormShown>,
}

#[derive(Template)]
#[template(path = "desk/warning.html")]
struct Opened {
    f: Frame,
    head: Head,
    facts: Vec<(&'static str, String, bool)>,
    recall: Option<(String, String, bool)>,
    changes: Vec<String>,
    changed: String,
    notices: Vec<String>,
    paper: Paper,
    said: Vec<Said>,
    history: Vec<(At, String, String)>,
    /// The one thing that is next, then the others: the page, its name.
    next: Option<(String, &'static str)>,
    or: Option<(String, &'static str)>,
    more: Vec<(String, &'static str)>,
    two: String,
}

pub(crate) async fn show(
    State(node): State<App>,
    reader: Reader,
    Path(number): Path<WarningNumber>,
) -> Result<Response, Problem> {
    let (sight, now) = (reader.sight(&node), clock::now());
    let at = now.clone();
    // Its line and its deadline first: of a warning that is closed no more is read.
    let (line, opens, due, after) = node
        .read(move |db, node| {
            let after = db.last_change()?;
            let warning = db.warning(number)?;
            let warning = warning.ok_or_else(|| Refusal::unknown("warning", number))?;
            let opens = sight.opens_newest(&warning);
            let about = forewarn_exchange::need::About::Warning(number);
            let mine = |need: &forewarn_exchange::need::Need| need.about == about;
            let found = needs::read((&db, &node.sources()), &sight, &at, mine)?;
            let first = found.waiting.into_iter().next();
            let due = first.map(|one| (one.need.due, one.need.since));
            Ok((WarningLine::of(&warning, 0, opens), opens, due, after))
        })
        .await?;
    let head = head(&reader, &line, due, &now);
    if !opens || line.is_new() {
        let page = closed(&node, &reader, &line, head, opens);
        let f = page.f.live(format!("warning-{number}"), after);
        return Ok(html(&Closed { f, ..page }));
    }
    let shown = warnings::whole(&node, &reader.caller(), number).await?;
    // That it was shown is a line of the history too.
    let after = node.read(|db, _| Ok(db.last_change()?)).await?.max(after);
    let page = opened(&node, &reader, &shown, head);
    let f = page.f.live(format!("warning-{number}"), after);
    Ok(html(&Opened { f, ..page }))
}

fn head(
    reader: &Reader,
    one: &WarningLine,
    due: Option<(Option<Timestamp>, Option<Timestamp>)>,
    now: &Timestamp,
) -> Head {
    let w = reader.w;
    // At TLP:RED the title too is read by opening it, which is put on record.
    let is_kept = one.title.is_empty() || (one.tlp == Tlp::Red && one.is_new());
    let heading = if is_kept { w.warn.red_heading.to_owned() } else { line(&one.title) };
    Head {
        over: fill(w.warn.over, &[&one.number, &one.partner]),
        heading,
        band: band(w, one.status),
        urgency: word::urgency(w, one.urgency),
        mark: Mark(one.tlp),
        clock: due.map(|(due, since)| Clock::due(w, due.as_ref(), since.as_ref(), now).big()),
    }
}

fn closed(node: &App, reader: &Reader, one: &WarningLine, head: Head, opens: bool) -> Closed {
    let w = reader.w;
    let may = opens && one.is_new() && reader.may(Permission::Receive);
    let words = if may || !one.is_new() { w.warn.closed_text } else { w.warn.may_not_open };
    let mut facts = vec![
        (w.warn.received, text::time(&one.received)),
        (w.warn.valid_until, text::time(&one.valid_until)),
        (w.watch.standing, word::standing(w, &one.standing).to_owned()),
    ];
    if !one.persons.is_empty() {
        let names: Vec<String> = one.persons.iter().map(|name| line(name)).collect();
        facts.push((w.send.persons_only, fill(w.warn.for_named, &[&names.join(", ")])));
    }
    let title = fill(w.watch.warning_nr, &[&one.number]);
    let marking = (!one.title.is_empty()).then_some(one.tlp);
    Closed {
        f: Frame::new(node, Some(reader), w, title)
            .of(Part::Warnings)
            .about(one.status)
            .marked(marking),
        words,
        facts,
        open: may.then(|| {
            let at = format!("/desk/warnings/{}/open", one.number);
            FormShown::new(reader, at, fill(w.warn.open_button, &[&one.number])).leaves()
        }),
        head,
    }
}

fn opened(node: &App, reader: &Reader, shown: &WarningShown, head: Head) -> Opened {
    let (w, warning) = (reader.w, &shown.warning);
    let title = format!("{}: {}", fill(w.watch.warning_nr, &[&warning.number]), head.heading);
    let content = Content {
        title: &warning.content.title,
        text: &shown.text,
        tlp: warning.content.tlp,
        urgency: warning.content.urgency,
        status: warning.status,
        bundle: &warning.content.bundle,
    };
    let mut facts = vec![
        (w.warn.valid_until, text::time(&warning.content.valid_until)),
        (w.warn.received, text::time(&warning.received)),
    ];
    facts.extend(warning.pap.map(|pap| (w.warn.pap, pap.to_string())));
    let cap = (fill(w.warn.what_sent, &[&warning.partner]), w.warn.plain);
    let (next, or, more) = acts(reader, shown);
    Opened {
        f: Frame::new(node, Some(reader), w, title)
            .of(Part::Warnings)
            .about(warning.status)
            .marked([warning.content.tlp]),
        facts: standing(w, shown),
        recall: warning.recall.as_ref().map(|recall| {
            let heading = fill(w.warn.recalled, &[&warning.partner, &text::time(&recall.at)]);
            (heading, line(&recall.reason), recall.answered.is_some())
        }),
        changes: version::lines(&shown.changes).iter().map(|one| one.trim().to_owned()).collect(),
        changed: fill(w.warn.changed, &[&warning.version]),
        notices: notices(w, shown),
        paper: Paper::of(w, cap, &content, facts),
        said: warning.talk.iter().map(|one| said(w, one)).collect(),
        history: shown
            .history
            .iter()
            .rev()
            .map(|one| (At(one.time.clone()), who(&one.actor), line(&one.what)))
            .collect(),
        next,
        or,
        more,
        two: fill(w.warn.two_persons, &[&warning.partner]),
        head,
    }
}

/// The five facts, of which one that is missing says so.
fn standing(w: &Words, shown: &WarningShown) -> Vec<(&'static str, String, bool)> {
    let (warn, warning) = (&w.warn, &shown.warning);
    let newest = |is: fn(&SaidWhat) -> bool| {
        let mut all = warning.talk.iter().filter(|one| one.ours && is(&one.what));
        all.next_back().map(|one| fill(warn.by_at, &[&line(&one.by), &text::time(&one.at)]))
    };
    let declined = matches!(warning.standing, Standing::Declined { .. });
    let answer = if declined { warn.declined } else { warn.accepted };
    let answered = match &warning.standing {
        Standing::Accepted { by, at } | Standing::Declined { by, at } => {
            Some(fill(warn.by_at, &[by, &text::time(at)]))
        }
        Standing::New {} | Standing::Opened { .. } => None,
    };
    [
        (warn.held, Some(text::time(&warning.received))),
        (warn.opened, newest(|one| matches!(one, SaidWhat::Opened {}))),
        (answer, answered),
        (warn.acting, newest(|one| matches!(one, SaidWhat::Action { .. }))),
        (warn.outcome, newest(|one| matches!(one, SaidWhat::Outcome { .. }))),
    ]
    .into_iter()
    .map(|(name, fact)| {
        let yes = fact.is_some();
        (name, fact.unwrap_or_else(|| warn.not_yet.to_owned()), yes)
    })
    .collect()
}

fn notices(w: &Words, shown: &WarningShown) -> Vec<String> {
    let warning = &shown.warning;
    let mut all: Vec<String> = erased(&shown.history).into_iter().collect();
    all.extend(shown.kept_back.then(|| w.warn.kept_back.to_owned()));
    all.extend(warning.expired.as_ref().map(|at| fill(w.warn.over_since, &[&text::time(at)])));
    if let Some(owed) = warning.owed.as_ref().filter(|owed| owed.is_open()) {
        match owed.word {
            Word::Update => all.push(w.warn.owed_update.to_owned()),
            Word::Expiry => all.push(w.warn.owed_expiry.to_owned()),
            Word::Recall => {}
        }
    }
    all
}

fn said(w: &Words, one: &SaidView) -> Said {
    Said {
        ours: one.ours,
        by: line(&one.by),
        at: At(one.at.clone()),
        words: line(&one.words),
        entry: fill(w.case.entry, &[&one.entry.index]),
        answer: None,
    }
}

type Link = (String, &'static str);

/// What the reader may say of it now: the one thing that is next, what may be said in its place, and
/// the rest.
fn acts(reader: &Reader, shown: &WarningShown) -> (Option<Link>, Option<Link>, Vec<Link>) {
    let (warn, warning) = (&reader.w.warn, &shown.warning);
    let record = || (record::at(&Erasable::Warning(warning.number)), reader.w.record.link);
    let record = record::keeps(reader).then(record);
    if !reader.may(Permission::Receive) {
        return (None, None, record.into_iter().collect());
    }
    let at = |verb: &str| format!("/desk/warnings/{}/say/{verb}", warning.number);
    let unanswered = warning.recall.as_ref().is_some_and(|one| one.answered.is_none());
    let owed = warning.owed.as_ref().filter(|owed| owed.is_open()).map(|owed| owed.word);
    let opened = matches!(warning.standing, Standing::Opened { .. });
    let accepted = matches!(warning.standing, Standing::Accepted { .. });
    let mut next = None;
    let mut or = None;
    if unanswered {
        next = Some((at("answer"), warn.recall_answer));
    } else if opened {
        next = Some((at("accept"), warn.accept));
        or = Some((at("decline"), warn.decline));
    } else if owed == Some(Word::Update) {
        next = Some((at("answer-update"), warn.answer_update));
    } else if owed == Some(Word::Expiry) {
        next = Some((at("answer-expiry"), warn.answer_expiry));
    }
    let mut more = vec![(at("ask"), warn.ask)];
    if accepted {
        more.push((at("act"), warn.act));
        more.push((at("outcome"), warn.say_outcome));
    }
    if !super::speak::unanswered(shown).is_empty() {
        more.push((at("answer-told"), reader.w.told.answer_title));
    }
    more.push((at("thank"), warn.thank));
    more.extend(record);
    (next, or, more)
}

pub(crate) async fn open(
    State(node): State<App>,
    Path(number): Path<WarningNumber>,
    Posted { reader, once, .. }: Posted<Button>,
) -> Result<Response, Problem> {
    reader.act(&node, &once, ReceivedAct::new(number, Statement::Opened {})).await?;
    Ok(on_to(&format!("/desk/warnings/{number}")))
}
