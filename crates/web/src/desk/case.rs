//! `GET /desk/cases/{number}`: where a duty stands, and what is next.

use super::clock::Clock;
use super::frame::{Frame, html};
use super::known::{self, Read, decided};
use super::paper::{Sheet, band};
use super::reader::Reader;
use super::show::{At, block, line, who};
use super::texts::{Words, fill};
use super::{record, word};
use crate::app::App;
use crate::path::Path;
use crate::problem::Problem;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use forewarn_exchange::case::Stage;
use forewarn_exchange::erasure::Erasable;
use forewarn_exchange::id::CaseNumber;
use forewarn_exchange::user::Permission;
use forewarn_node::clock;
use forewarn_stix::Timestamp;
use forewarn_view::history::erased;
use forewarn_view::talk::{SaidView, SaidWhat};
use forewarn_view::text;

/// What happens next, and where.
struct Next {
    heading: String,
    words: String,
    /// A page, and whether it is the main thing to do.
    links: Vec<(String, String, bool)>,
}

/// One step of the way.
struct Step {
    name: &'static str,
    words: String,
    class: &'static str,
    now: bool,
}

/// A line of what was said, by one side.
pub(crate) struct Said {
    pub(crate) ours: bool,
    pub(crate) by: String,
    pub(crate) at: At,
    pub(crate) words: String,
    pub(crate) entry: String,
    /// Where a question is answered.
    pub(crate) answer: Option<String>,
}

#[derive(Template)]
#[template(path = "desk/case.html")]
struct Page {
    f: Frame,
    over: String,
    heading: String,
    band: Option<&'static str>,
    urgency: &'static str,
    ceiling: Option<String>,
    clock: Clock,
    steps: Vec<Step>,
    notices: Vec<String>,
    told: Vec<(String, Option<String>)>,
    next: Next,
    facts: Vec<(&'static str, String)>,
    gate: Option<Gate>,
    why: Vec<(String, String, String)>,
    receipt: Vec<(&'static str, String, bool)>,
    said: Vec<Said>,
    sheets: Vec<Sheet>,
    linked: Vec<(Option<String>, String)>,
    history: Vec<(At, String, String)>,
    acts: Vec<(String, &'static str, &'static str)>,
    resume: bool,
    once: String,
    number: CaseNumber,
}

/// What the gate has said of the draft that waits.
struct Gate {
    open: bool,
    words: String,
    step: Option<super::hint::Step>,
}

pub(crate) async fn show(
    State(node): State<App>,
    reader: Reader,
    Path(number): Path<CaseNumber>,
) -> Result<Response, Problem> {
    let read = known::read(&node, &reader, number).await?;
    let (w, case) = (reader.w, &read.shown.case);
    let heading = read.title(w);
    let f =
        read.frame(&node, &reader, format!("{}: {heading}", fill(w.watch.your_case, &[&number])));
    Ok(html(&Page {
        over: fill(w.case.over, &[&number, &case.partner]),
        heading,
        band: band(w, case.status),
        urgency: word::urgency(w, case.urgency),
        ceiling: read.ceiling.map(|tlp| fill(w.case.ceiling, &[&tlp])),
        clock: read.clock(w).big(),
        steps: steps(w, &read),
        notices: notices(w, &read),
        told: super::told::waiting(w, &read),
        next: next(&reader, &read),
        facts: facts(w, &read),
        gate: gate(w, &read),
        why: why(&read),
        receipt: receipt(w, &read),
        said: said(&reader, &read),
        sheets: decided(w, &read).into_iter().chain(read.item_sheets(w)).collect(),
        linked: linked(w, &read),
        history: history(&read),
        acts: acts(&reader, &read),
        resume: case.pause.is_some() && reader.may(Permission::Draft),
        once: clock::seed().to_string(),
        number,
        f,
    }))
}

fn steps(w: &Words, read: &Read) -> Vec<Step> {
    let (case, c) = (&read.shown.case, &w.case);
    let stage = &case.stage;
    let by = |by: &dyn std::fmt::Display, at: &Timestamp| format!("{by}, {}", time_of(at));
    let newest = stage.next.as_ref().or(stage.draft.as_ref());
    let sent = stage.sent.last();
    let written = newest.or_else(|| sent.map(|sent| &sent.draft));
    let gate = read.preview.as_ref().map(|one| one.passes);
    let (accepted, outcome) = answers(read);
    let mut all = vec![
        (c.step_finding, stage.finding.as_ref().map(|one| by(&one.by, &one.at))),
        (c.step_decision, stage.decision.as_ref().map(|one| by(&one.by, &one.at))),
        (c.step_draft, written.map(|one| by(&one.by, &one.at))),
        (
            c.step_gate,
            match gate {
                Some(true) => Some(c.gate_open.to_owned()),
                Some(false) => None,
                None => sent.map(|_| c.gate_open.to_owned()),
            },
        ),
        (
            c.step_release,
            sent.filter(|_| newest.is_none()).map(|one| by(&one.approved_by, &one.at)),
        ),
        (c.step_receipt, (read.shown.delivered.last() == Some(&true)).then(|| c.yes.to_owned())),
        (c.step_accepted, accepted),
        (c.step_outcome, outcome),
    ];
    let first = all.iter().position(|(_, done)| done.is_none());
    let ends = matches!(stage.stage, Stage::Closed | Stage::Recalled | Stage::Expired);
    all.drain(..)
        .enumerate()
        .map(|(n, (name, done))| {
            // From the release on it is the partner's turn.
            let now = first == Some(n) && !ends && n < 5;
            let shut = name == c.step_gate && gate == Some(false);
            let class = match (&done, shut, now) {
                (Some(_), ..) => "done",
                (None, true, _) => "shut",
                (None, false, true) => "now",
                (None, false, false) => "",
            };
            let words = match (done, shut, now) {
                (Some(words), ..) => words,
                (None, true, _) => c.gate_shut.to_owned(),
                (None, false, true) => c.step_now.to_owned(),
                (None, false, false) => String::new(),
            };
            Step { name, words, class, now }
        })
        .collect()
}

/// Who has accepted it there, and what came of it, where they have said so.
fn answers(read: &Read) -> (Option<String>, Option<String>) {
    let theirs = |is: fn(&SaidWhat) -> bool| {
        let mut all = read.shown.case.talk.iter().filter(|one| !one.ours && is(&one.what));
        all.next_back().map(|one| format!("{}, {}", line(&one.by), time_of(&one.at)))
    };
    (
        theirs(|what| matches!(what, SaidWhat::Accepted { .. })),
        theirs(|what| matches!(what, SaidWhat::Outcome { .. })),
    )
}

/// The time of a day, for where the day stands elsewhere.
fn time_of(at: &Timestamp) -> String {
    let shown = text::time(at);
    shown.split_once('T').map_or_else(|| shown.clone(), |(_, time)| time.to_owned())
}

fn notices(w: &Words, read: &Read) -> Vec<String> {
    let (shown, c) = (&read.shown, &w.case);
    let mut all: Vec<String> = erased(&shown.history).into_iter().collect();
    all.extend(
        shown
            .case
            .pause
            .as_ref()
            .map(|one| fill(c.paused_by, &[&one.by, &text::time(&one.until), &line(&one.reason)])),
    );
    all.extend(shown.undelivered.as_ref().map(|why| fill(c.undelivered, &[&line(why)])));
    all.extend(shown.case.review.as_ref().map(|review| {
        let items: Vec<String> =
            review.revoked.iter().chain(&review.joined).map(|id| line(id)).collect();
        fill(c.review, &[&items.join(", ")])
    }));
    all.extend(
        shown
            .case
            .merged
            .as_ref()
            .map(|one| fill(c.merged, &[&one.into, &one.by, &line(&one.reason)])),
    );
    all
}

fn next(reader: &Reader, read: &Read) -> Next {
    let (w, case) = (reader.w, &read.shown.case);
    let c = &w.case;
    let at = |page: &str| format!("/desk/cases/{}/{page}", case.number);
    let drafts = reader.may(Permission::Draft);
    let decides = drafts || reader.may(Permission::Release);
    let link = |may: bool, page: &str, words: String, main: bool| {
        may.then(|| (at(page), words, main)).into_iter().collect::<Vec<_>>()
    };
    let make = |what: &str, words: &str, links| Next {
        heading: fill(c.next, &[&what]),
        words: words.to_owned(),
        links,
    };
    if let Some(preview) = &read.preview {
        let release = fill(c.read_release, &[&case.partner]);
        if preview.passes {
            let mut links = link(true, "release", release, true);
            links.extend(link(drafts, "draft", c.rewrite.to_owned(), false));
            let words = fill(c.next_release_text, &[&preview.drafted_by]);
            return make(c.next_release, &words, links);
        }
        let mut links = link(drafts, "draft", c.rewrite.to_owned(), true);
        links.extend(link(true, "release", release, false));
        return make(c.next_redraft, c.next_redraft_text, links);
    }
    match case.stage.stage {
        Stage::Open => make(
            c.next_finding,
            c.next_finding_text,
            link(drafts, "finding", c.record_finding.to_owned(), true),
        ),
        Stage::Found => make(
            c.next_decision,
            c.next_decision_text,
            link(decides, "decision", c.decide.to_owned(), true),
        ),
        Stage::ToWarn | Stage::Drafted => {
            make(c.next_draft, c.next_draft_text, link(drafts, "draft", c.write.to_owned(), true))
        }
        Stage::Closed => make(c.next_done, c.next_closed_text, Vec::new()),
        Stage::Recalled => make(c.next_done, c.next_recalled_text, Vec::new()),
        Stage::Released | Stage::Expired if read.shown.undelivered.is_some() => {
            make(c.next_receipt, c.next_receipt_text, Vec::new())
        }
        Stage::Released | Stage::Expired => make(c.next_done, c.next_done_text, Vec::new()),
    }
}

fn facts(w: &Words, read: &Read) -> Vec<(&'static str, String)> {
    let (shown, c) = (&read.shown, &w.case);
    let case = &shown.case;
    let mut facts = vec![
        (c.for_whom, case.partner.to_string()),
        (c.opened, text::time(&case.opened)),
        (w.watch.stage, word::stage(w, case.stage.stage).to_owned()),
    ];
    let sources = case.items.iter().filter_map(|one| one.source.as_deref());
    let mut sources: Vec<String> = sources.map(line).collect();
    sources.sort();
    sources.dedup();
    if !sources.is_empty() {
        facts.push((c.source, sources.join(", ")));
    }
    facts.extend(case.threat.map(|one| (c.threat_of, fill(w.watch.your_case, &[&one]))));
    facts.push((c.items, case.items.len().to_string()));
    facts
}

fn gate(w: &Words, read: &Read) -> Option<Gate> {
    let preview = read.preview.as_ref()?;
    Some(match &preview.objection {
        None => Gate { open: true, words: w.send.gate_open.to_owned(), step: None },
        Some(why) => Gate {
            open: false,
            words: block(&why.message),
            step: why.hint.as_ref().map(|one| super::hint::step(w, one)),
        },
    })
}

/// The words of the item, the clause that they meet, and what the partner calls the interest.
fn why(read: &Read) -> Vec<(String, String, String)> {
    let each = read.shown.matches.iter().flat_map(|one| {
        one.why.iter().map(|why| (line(&why.words), line(&why.clause), line(&one.label)))
    });
    each.collect()
}

/// What is known of a released warning: five facts, and one that is missing says so.
fn receipt(w: &Words, read: &Read) -> Vec<(&'static str, String, bool)> {
    let c = &w.case;
    if read.shown.case.stage.sent.is_empty() {
        return Vec::new();
    }
    let newest = |is: fn(&SaidWhat) -> bool| {
        let mut all = read.shown.case.talk.iter().filter(|one| !one.ours && is(&one.what));
        all.next_back().map(|one| format!("{}, {}", line(&one.by), text::time(&one.at)))
    };
    let held = read.shown.delivered.last() == Some(&true);
    let declined = newest(|one| matches!(one, SaidWhat::Declined { .. }));
    let declined = declined.map(|by| format!("{}: {by}", c.declined));
    [
        (c.fact_held, held.then(|| c.yes.to_owned())),
        (c.fact_opened, newest(|one| matches!(one, SaidWhat::Opened {}))),
        (c.fact_accepted, newest(|one| matches!(one, SaidWhat::Accepted { .. })).or(declined)),
        (c.fact_acting, newest(|one| matches!(one, SaidWhat::Action { .. }))),
        (c.fact_outcome, newest(|one| matches!(one, SaidWhat::Outcome { .. }))),
    ]
    .into_iter()
    .map(|(name, fact)| {
        let yes = fact.is_some();
        (name, fact.unwrap_or_else(|| c.not_yet.to_owned()), yes)
    })
    .collect()
}

/// Both sides, oldest first.
fn said(reader: &Reader, read: &Read) -> Vec<Said> {
    let (w, case) = (reader.w, &read.shown.case);
    let answered = |index: u64| {
        let is = |one: &SaidView| matches!(one.what, SaidWhat::Answer { question: Some(of), .. } if of == index);
        case.talk.iter().any(is)
    };
    let may = reader.may(Permission::Release);
    let of = |one: &SaidView| {
        let asks = matches!(one.what, SaidWhat::Question { .. }) && !one.ours;
        let waits = asks && may && !answered(one.entry.index);
        Said {
            ours: one.ours,
            by: line(&one.by),
            at: At(one.at.clone()),
            words: line(&one.words),
            entry: fill(w.case.entry, &[&one.entry.index]),
            answer: waits
                .then(|| format!("/desk/cases/{}/answer/{}", case.number, one.entry.index)),
        }
    };
    let sent = case.stage.sent.iter().zip(1..).map(|(release, version)| Said {
        ours: true,
        by: release.approved_by.to_string(),
        at: At(release.at.clone()),
        words: fill(
            w.case.version_sent,
            &[
                &version,
                &line(&release.draft.title),
                &release.draft.by,
                &release.approved_by,
                &text::time(&release.at),
                &release.entry.index,
            ],
        ),
        entry: fill(w.case.entry, &[&release.entry.index]),
        answer: None,
    });
    let recall = case.stage.recall.iter().map(|recall| Said {
        ours: true,
        by: recall.by.to_string(),
        at: At(recall.at.clone()),
        words: format!("{}: {}", w.scale.recalled, line(&recall.reason)),
        entry: fill(w.case.entry, &[&recall.entry.index]),
        answer: None,
    });
    let mut all: Vec<Said> = sent.chain(recall).chain(case.talk.iter().map(of)).collect();
    all.sort_by(|one, other| one.at.0.cmp(&other.at.0));
    all
}

/// Whoever faces the same, with the page of the case where there is one.
fn linked(w: &Words, read: &Read) -> Vec<(Option<String>, String)> {
    let cases = read.shown.linked.iter().map(|one| {
        let words = fill(w.case.linked_line, &[&one.case, &one.partner, &line(&one.stage)]);
        (Some(format!("/desk/cases/{}", one.case)), words)
    });
    let muted = read.shown.muted.iter();
    let muted =
        muted.map(|one| (None, fill(w.case.muted_line, &[&one.partner, &line(&one.reason)])));
    cases.chain(muted).collect()
}

fn history(read: &Read) -> Vec<(At, String, String)> {
    let lines = read.shown.history.iter().rev();
    lines.map(|one| (At(one.time.clone()), who(&one.actor), line(&one.what))).collect()
}

/// Further acts that the reader may do now: the page, its name, and what it does.
fn acts(reader: &Reader, read: &Read) -> Vec<(String, &'static str, &'static str)> {
    let (c, case) = (&reader.w.case, &read.shown.case);
    let (drafts, releases) = (reader.may(Permission::Draft), reader.may(Permission::Release));
    let stage = case.stage.stage;
    let runs = matches!(stage, Stage::Open | Stage::Found | Stage::ToWarn | Stage::Drafted);
    let sent = matches!(stage, Stage::Released | Stage::Expired);
    let at = |page: &str| format!("/desk/cases/{}/{page}", case.number);
    let mut all = Vec::new();
    if stage == Stage::Found || stage == Stage::ToWarn {
        all.extend(drafts.then(|| (at("finding"), c.record_finding, c.next_finding_text)));
    }
    if sent {
        all.extend(drafts.then(|| (at("draft"), c.rewrite, c.next_draft_text)));
        all.extend((drafts || releases).then(|| (at("recall"), c.recall, c.recall_text)));
    }
    if (drafts || releases) && stage != Stage::Closed {
        all.push((at("tell"), reader.w.told.tell, reader.w.told.tell_text));
    }
    if sent || stage == Stage::Recalled {
        let page = format!("/desk/readouts/case-{}", case.number);
        all.push((page, reader.w.read.one, reader.w.read.lead));
    }
    if stage == Stage::Closed {
        all.extend((drafts || releases).then(|| (at("reopen"), c.reopen, c.reopen_text)));
    }
    if case.review.is_some() || (stage == Stage::Closed && case.pause.is_none()) {
        all.extend(releases.then(|| (at("keep"), c.keep, c.keep_text)));
    }
    if runs && (drafts || releases) {
        all.push((at("urgency"), c.urgency_change, c.urgency_text));
        if case.pause.is_none() {
            all.push((at("pause"), c.pause, c.pause_text));
        }
    }
    all.push((at("export"), reader.w.record.export_link, reader.w.record.export_text));
    if record::keeps(reader) {
        let page = record::at(&Erasable::Case(case.number));
        all.push((page, reader.w.record.link, reader.w.record.lead));
    }
    all
}
