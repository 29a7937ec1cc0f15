//! `GET /desk/`: what needs someone here, by when. `POST /desk/take`: somebody has it in hand.

use super::ROOT;
use super::clock::{self, Clock};
use super::form::on_to;
use super::frame::{Frame, Part, html};
use super::paper::band;
use super::posted::{Fields, Form, Posted, Wrong};
use super::reader::Reader;
use super::show::{At, Mark, line};
use super::texts::{Words, fill};
use super::{permission, unsent, word};
use crate::app::App;
use crate::problem::Problem;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use forewarn_exchange::act::TellingAct;
use forewarn_exchange::name::UserName;
use forewarn_exchange::need::{About, Kind, Need, State as Standing};
use forewarn_exchange::scale::Status;
use forewarn_node::{clock as time, needs};
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Tlp;
use forewarn_view::need::{NeedLine, NeedList};

#[derive(Template)]
#[template(path = "desk/watch.html")]
struct Page {
    f: Frame,
    counts: NeedList,
    real: Vec<Line>,
    exercise: Vec<Line>,
    shown: String,
    /// What the reader has begun and not sent: where it is, and in words.
    begun: Vec<(String, String)>,
}

/// A row of the queue.
struct Line {
    /// By which it is known again when it changes, and what would be a change.
    name: String,
    state: String,
    class: &'static str,
    clock: Clock,
    what: String,
    urgency: &'static str,
    band: Option<&'static str>,
    title: String,
    mark: Option<Mark>,
    partner: String,
    needed: &'static str,
    notes: Vec<String>,
    taken: Option<(String, At)>,
    /// The one action, filled where it is urgent.
    action: Option<Action>,
    main: bool,
    /// By which it is taken; none for whoever may not do it.
    need: Option<String>,
}

/// Where a need is met.
struct Action {
    words: String,
    at: String,
    /// Opening a warning says so to its sender: by a form.
    posts: bool,
}

pub(crate) async fn show(State(node): State<App>, reader: Reader) -> Result<Response, Problem> {
    let now = time::now();
    let (sight, at) = (reader.sight(&node), now.clone());
    let found = node
        .read(move |db, node| {
            let after = db.last_change()?;
            let found = needs::read((&db, &node.sources()), &sight, &at, |_| true)?;
            let line = |one: needs::Waiting| {
                let shown = NeedLine::of(&one.need, one.title, one.note, &at).taken(one.taken);
                (one.need, shown)
            };
            let lines = found.waiting.into_iter().map(line).collect::<Vec<_>>();
            Ok((lines, found.more, after))
        })
        .await?;
    let (needs, more, after) = found;
    let w = reader.w;
    let counts =
        NeedList::of(needs.iter().map(|(_, line)| line.clone()).collect(), more, now.clone());
    let marking = needs.iter().filter_map(|(_, line)| line.tlp);
    let f = Frame::new(&node, Some(&reader), w, w.frame.watch)
        .of(Part::Watch)
        .marked(marking)
        .live("", after);
    let (real, exercise): (Vec<_>, Vec<_>) =
        needs.iter().partition(|(need, _)| need.status == Status::Actual);
    let lines = |list: Vec<&(Need, NeedLine)>| {
        list.into_iter().map(|(need, shown)| Line::of(&reader, need, shown, &now)).collect()
    };
    let words = if more { w.frame.shown_some } else { w.frame.shown_all };
    let shown = format!("{}, {}", fill(words, &[&needs.len()]), w.watch.order);
    let begun = unsent::list(&node, &reader).await?;
    Ok(html(&Page { f, counts, real: lines(real), exercise: lines(exercise), shown, begun }))
}

impl Line {
    fn of(reader: &Reader, need: &Need, shown: &NeedLine, now: &Timestamp) -> Line {
        let w = reader.w;
        let mine = need.whom.is(&reader.user);
        let state = need.state(now);
        let partner = shown.partner.as_ref().map(|partner| match need.about {
            About::Warning(_) => fill(w.watch.from_partner, &[partner]),
            About::Case(_)
            | About::Question(..)
            | About::Told(..)
            | About::Proposal(_)
            | About::Partner(_)
            | About::Feed(_)
            | About::Quarantine(..)
            | About::Follower(_)
            | About::Danger(_)
            | About::Rota
            | About::Notifier(_) => fill(w.watch.for_partner, &[partner]),
        });
        let title = match (&shown.title, shown.tlp) {
            (Some(title), _) => line(title),
            (None, Some(Tlp::Red)) => w.watch.red_title.to_owned(),
            (None, _) => String::new(),
        };
        let mut notes: Vec<String> = shown.note.iter().map(|note| line(note)).collect();
        notes.extend(whom(w, need, mine));
        let taken = shown.taken.as_ref();
        let state_of = format!(
            "{:?} {:?} {}",
            need.due.as_ref().map(Timestamp::micros),
            taken.map(|taken| &taken.by),
            shown.note.as_deref().unwrap_or_default(),
        );
        Line {
            name: need.name(),
            state: forewarn_transcript::Hash::of(state_of.as_bytes()).to_string(),
            class: match need.status {
                Status::Actual => clock::class(state),
                Status::Exercise | Status::Test => "exercise",
            },
            clock: Clock::due(w, need.due.as_ref(), need.since.as_ref(), now),
            what: about(w, &need.about),
            urgency: need.urgency.map(|one| word::urgency(w, one)).unwrap_or_default(),
            band: band(w, need.status),
            title,
            mark: shown.tlp.map(Mark),
            partner: partner.unwrap_or_default(),
            needed: word::kind(w, need.kind),
            notes,
            taken: shown.taken.as_ref().map(|taken| (taken.by.to_string(), At(taken.at.clone()))),
            action: action(w, need, mine),
            main: mine && need.status == Status::Actual && state == Standing::Overdue,
            need: (mine && shown.taken.is_none()).then(|| need.name()),
        }
    }
}

/// For whom it waits, where that is not the reader.
fn whom(w: &Words, need: &Need, mine: bool) -> Option<String> {
    if mine {
        return None;
    }
    if let Some(only) = &need.whom.only {
        return Some(fill(w.watch.only, &[only]));
    }
    if need.whom.not.is_empty() {
        return Some(fill(w.watch.may, &[&word::permission(w, need.whom.permission)]));
    }
    let not: Vec<&str> = need.whom.not.iter().map(|name: &UserName| &**name).collect();
    Some(fill(w.watch.not_you, &[&not.join(", ")]))
}

fn about(w: &Words, about: &About) -> String {
    match about {
        About::Case(case) | About::Told(case, _) => fill(w.watch.your_case, &[case]),
        About::Question(case, _) => fill(w.watch.question_on, &[case]),
        About::Warning(warning) => fill(w.watch.warning_nr, &[warning]),
        About::Proposal(proposal) => fill(w.watch.proposal_nr, &[proposal]),
        About::Partner(partner) => fill(w.watch.partner_about, &[partner]),
        About::Feed(feed) => fill(w.watch.feed_about, &[&line(feed)]),
        About::Quarantine(count, _) => fill(w.watch.quarantine_about, &[count]),
        About::Follower(name) => fill(w.watch.follower_about, &[name]),
        About::Danger(number) => fill(w.watch.danger_about, &[&number.to_string()]),
        About::Rota => w.watch.rota_about.to_owned(),
        About::Notifier(name) => fill(w.watch.notifier_about, &[name]),
    }
}

/// The page where it is done. What is done at the machine of the node has none.
fn action(w: &Words, need: &Need, mine: bool) -> Option<Action> {
    let page = |words: String, at: String| Some(Action { words, at, posts: false });
    match (&need.about, need.kind) {
        (About::Case(case), Kind::Finding) if mine => {
            page(fill(w.watch.open_case, &[case]), format!("/desk/cases/{case}/finding"))
        }
        (About::Case(case), Kind::Decision) if mine => {
            page(fill(w.watch.open_case, &[case]), format!("/desk/cases/{case}/decision"))
        }
        (About::Case(case), Kind::Draft) if mine => {
            page(fill(w.watch.open_case, &[case]), format!("/desk/cases/{case}/draft"))
        }
        (About::Case(case), Kind::Release) => {
            page(fill(w.watch.release_case, &[case]), format!("/desk/cases/{case}/release"))
        }
        (About::Question(case, index), Kind::Permission) if mine => {
            page(permission::action(w, *case), format!("/desk/cases/{case}/permission/{index}"))
        }
        (About::Question(case, index), _) if mine => page(
            fill(w.watch.answer_question, &[case]),
            format!("/desk/cases/{case}/answer/{index}"),
        ),
        (About::Told(case, told), _) if mine => {
            page(w.told.decide.to_owned(), format!("/desk/cases/{case}/told/{told}"))
        }
        (About::Case(case) | About::Question(case, _) | About::Told(case, _), _) => {
            page(fill(w.watch.open_case, &[case]), format!("/desk/cases/{case}"))
        }
        (About::Warning(warning), Kind::Open) if mine => Some(Action {
            words: fill(w.watch.open_warning, &[warning]),
            at: format!("/desk/warnings/{warning}/open"),
            posts: true,
        }),
        (About::Warning(warning), _) => {
            page(fill(w.watch.look_warning, &[warning]), format!("/desk/warnings/{warning}"))
        }
        (About::Proposal(proposal), _) => {
            page(fill(w.watch.read_proposal, &[proposal]), format!("/desk/proposals/{proposal}"))
        }
        (About::Danger(danger), _) => {
            page(fill(w.danger.look, &[danger]), format!("/desk/dangers/{danger}"))
        }
        (
            About::Partner(_)
            | About::Feed(_)
            | About::Quarantine(..)
            | About::Follower(_)
            | About::Rota
            | About::Notifier(_),
            _,
        ) => None,
    }
}

/// Which need is taken.
pub(crate) struct Take(String);

impl Form for Take {
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<Take> {
        Some(Take(fields.needed("need", wrong)))
    }
}

pub(crate) async fn take(
    State(node): State<App>,
    Posted { reader, form, once, .. }: Posted<Take>,
) -> Result<Response, Problem> {
    if let Ok(Take(need)) = form {
        reader.act(&node, &once, TellingAct::Take { need }).await?;
    }
    Ok(on_to(ROOT))
}
