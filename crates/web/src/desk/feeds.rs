//! `/desk/feeds`: other people's servers that are polled or pushed to, and what partners and our own
//! tools fetch here.

use super::form::{FormShown, Trouble, answered, on_to, status};
use super::frame::Frame;
use super::plain::{Act, Plain, Row, Table};
use super::posted::{Fields, Form, Posted, Wrong};
use super::reader::Reader;
use super::show::line;
use super::texts::{Words, fill};
use crate::api::feeds;
use crate::app::App;
use crate::problem::Problem;
use axum::extract::State;
use axum::response::Response;
use forewarn_exchange::act::FeedAct;
use forewarn_exchange::feed::{Account, Feed, Kind, Pause, Way};
use forewarn_exchange::name::NodeName;
use forewarn_exchange::user::Permission;
use forewarn_view::feed::FeedShown;
use forewarn_view::text;

/// Seconds between two looks, where nothing else is typed.
const EVERY: u32 = 60;

pub(crate) async fn show(State(node): State<App>, reader: Reader) -> Result<Response, Problem> {
    page(&node, &reader, &Fields::default(), None).await
}

/// Which form of the page was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Add,
    One,
}

async fn page(
    node: &App,
    reader: &Reader,
    typed: &Fields,
    trouble: Option<(Which, Trouble)>,
) -> Result<Response, Problem> {
    let w = reader.w;
    let all = node.read(|db, node| feeds::listed(&db, node)).await?;
    let status = trouble.as_ref().and_then(|(_, trouble)| status(Some(trouble)));
    let mut tables = vec![Table {
        heading: w.feed.title.to_owned(),
        note: fill(w.frame.shown_all, &[&all.len()]),
        heads: vec![
            w.frame.name_label,
            w.feed.way,
            w.know.url,
            w.feed.good,
            w.feed.refused,
            w.feed.answered,
            w.feed.trouble,
        ],
        rows: all.iter().map(|one| row(w, one)).collect(),
        none: w.feed.none,
        ..Table::default()
    }];
    let mut acts = Vec::new();
    if reader.may(Permission::Administer) {
        tables.push(served(node, w));
        let which = trouble.as_ref().map(|(which, _)| *which);
        let mut trouble = trouble.map(|(_, trouble)| trouble);
        let mut of = |is: Which| if which == Some(is) { trouble.take() } else { None };
        acts.push(add(node, reader, typed, of(Which::Add)));
        if !all.is_empty() {
            acts.push(one(reader, &all, of(Which::One)));
        }
    }
    let f = Frame::new(node, Some(reader), w, w.feed.title);
    Ok(answered(&Plain { tables, acts, ..Plain::new(f, w.feed.title) }, status))
}

fn row(w: &Words, one: &FeedShown) -> Row {
    let way = match &one.way {
        Way::Poll { into, .. } => fill(w.feed.polled, &[&line(into)]),
        Way::Push { partner, outlet } => fill(w.feed.pushed, &[partner, &line(outlet)]),
    };
    let next = one.next.as_ref().map(text::time);
    let waits = one.waits.map(Pause::words).unwrap_or_default();
    let waits = next.map(|next| format!("{next}: {waits}")).unwrap_or_default();
    let trouble = one.trouble.as_deref().map(|why| format!("{}; {waits}", line(why)));
    Row {
        at: None,
        cells: vec![
            line(&one.name),
            way,
            line(&one.url),
            one.state.good.to_string(),
            one.state.refused.to_string(),
            text::or_none(one.answered.as_deref(), text::foreign_time),
            trouble.unwrap_or_default(),
        ],
    }
}

/// What partners and our own tools fetch here, as the configuration has it.
fn served(node: &App, w: &'static Words) -> Table {
    let config = node.config();
    let outlets = config.outlets.iter().map(|one| Row {
        at: None,
        cells: vec![
            line(&one.alias),
            fill(w.feed.outlet_of, &[&line(&one.partner)]),
            line(&one.title),
            line(&one.readers.join(", ")),
        ],
    });
    let shelves = config.shelves.iter().map(|one| Row {
        at: None,
        cells: vec![
            line(&one.alias),
            w.feed.shelf.to_owned(),
            line(&one.title),
            line(&one.readers.join(", ")),
        ],
    });
    let inlets = config.collections.iter().map(|one| Row {
        at: None,
        cells: vec![
            line(&one.alias),
            w.feed.inlet.to_owned(),
            line(&one.title),
            one.readers
                .as_ref()
                .map_or_else(|| w.feed.anybody.to_owned(), |all| line(&all.join(", "))),
        ],
    });
    Table {
        heading: w.feed.served.to_owned(),
        heads: vec![w.frame.name_label, w.case.what, w.feed.collection, w.feed.readers],
        rows: inlets.chain(outlets).chain(shelves).collect(),
        none: w.feed.none_served,
        ..Table::default()
    }
}

fn add(node: &App, reader: &Reader, typed: &Fields, trouble: Option<Trouble>) -> Act {
    let w = reader.w;
    let pair = |alias: &String| (alias.clone(), alias.clone());
    let nothing = || std::iter::once((String::new(), "–".to_owned()));
    let config = node.config();
    let inlets = config.collections.iter().map(|one| pair(&one.alias));
    let outlets = config
        .outlets
        .iter()
        .map(|one| (one.alias.clone(), format!("{} ({})", one.alias, one.partner)));
    let ways = [
        ("poll".to_owned(), w.feed.way_poll.to_owned(), w.feed.way_poll_text.to_owned()),
        ("push".to_owned(), w.feed.way_push.to_owned(), w.feed.way_push_text.to_owned()),
    ];
    let kinds = [
        (Kind::Taxii.word().to_owned(), "TAXII 2.1".to_owned()),
        (Kind::Misp.word().to_owned(), w.feed.kind_misp.to_owned()),
        (Kind::MispFeed.word().to_owned(), w.feed.kind_misp_feed.to_owned()),
    ];
    let form = FormShown::new(reader, "/desk/feeds", w.feed.add_button);
    let form = match trouble {
        Some(trouble) => form.again(typed, Some(trouble)),
        None => form.again(&Fields::of([("every", EVERY.to_string())]), None),
    };
    let form = form
        .line("name", w.frame.name_label, w.feed.name_hint)
        .select("kind", w.feed.kind, "", kinds)
        .line("url", w.know.url, w.feed.url_hint)
        .choices("way", w.feed.way, ways)
        .select("into", w.feed.into, "", nothing().chain(inlets))
        .line("source", w.case.source, w.feed.source_hint)
        .line("grade", w.know.grade, w.feed.grade_hint)
        .select("outlet", w.feed.outlet, "", nothing().chain(outlets))
        .line("user", w.feed.user, w.feed.user_hint)
        .line("secret_file", w.feed.secret, w.feed.secret_hint)
        .number("every", w.feed.every);
    Act { heading: w.feed.add.to_owned(), lead: String::new(), form }
}

fn one(reader: &Reader, all: &[FeedShown], trouble: Option<Trouble>) -> Act {
    let w = reader.w;
    let names = all.iter().map(|one| (one.name.clone(), one.name.clone()));
    let ways = [
        ("now".to_owned(), w.feed.now.to_owned(), w.feed.now_text.to_owned()),
        ("remove".to_owned(), w.feed.remove.to_owned(), w.feed.remove_text.to_owned()),
    ];
    let form = FormShown::new(reader, "/desk/feeds/one", w.feed.one_button)
        .again(&Fields::default(), trouble)
        .select("name", w.frame.name_label, "", names)
        .choices("do", w.case.what, ways);
    Act { heading: w.feed.one.to_owned(), lead: String::new(), form }
}

/// A feed that is to be added.
pub(crate) struct Added {
    name: String,
    kind: Kind,
    url: String,
    way: Wanted,
    account: Option<Account>,
    every: u32,
}

enum Wanted {
    Poll {
        into: String,
        source: Option<String>,
        grade: Option<String>,
    },
    /// By the alias of an outlet.
    Push {
        outlet: String,
    },
}

impl Form for Added {
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<Added> {
        let typed = |name: &str| Some(fields.line(name).to_owned()).filter(|text| !text.is_empty());
        let (name, url) = (fields.needed("name", wrong), fields.needed("url", wrong));
        let way = match fields.line("way") {
            "poll" => Some(Wanted::Poll {
                into: fields.needed("into", wrong),
                source: typed("source"),
                grade: typed("grade"),
            }),
            "push" => Some(Wanted::Push { outlet: fields.needed("outlet", wrong) }),
            _ => {
                wrong.push(Wrong { field: "way", words: |w| w.form.choose });
                None
            }
        };
        let kind = match fields.line("kind") {
            "" => Some(Kind::Taxii),
            word => Kind::of_word(word),
        };
        if kind.is_none() {
            wrong.push(Wrong { field: "kind", words: |w| w.form.choose });
        }
        let every = typed("every").map_or(Some(EVERY), |text| text.parse().ok());
        if every.is_none() {
            wrong.push(Wrong { field: "every", words: |w| w.form.not_a_number });
        }
        let user = typed("user");
        let account = typed("secret_file").map(|secret_file| Account { user, secret_file });
        Some(Added { name, kind: kind?, url, way: way?, account, every: every? })
    }
}

pub(crate) async fn added(
    State(node): State<App>,
    Posted { reader, form, typed, once, .. }: Posted<Added>,
) -> Result<Response, Problem> {
    let act = form.map_err(Trouble::from).and_then(|added| {
        let Added { name, kind, url, way, account, every } = added;
        let way = match way {
            Wanted::Poll { into, source, grade } => {
                Way::Poll { into, source, grade, since: None, overlap: 0 }
            }
            Wanted::Push { outlet } => {
                let config = node.config();
                let known = config.outlets.iter().find(|one| one.alias == outlet);
                let partner = known.and_then(|one| NodeName::parse(&one.partner).ok());
                let unknown = || Wrong { field: "outlet", words: |w| w.form.choose };
                let partner = partner.ok_or_else(|| Trouble::from(vec![unknown()]))?;
                Way::Push { partner, outlet }
            }
        };
        Ok(FeedAct::Add { feed: Feed { name, kind, url, way, account, every } })
    });
    let tried = match act {
        Ok(act) => reader.act(&node, &once, act).await.map(drop).map_err(Trouble::from),
        Err(trouble) => Err(trouble),
    };
    match tried {
        Ok(()) => Ok(on_to("/desk/feeds")),
        Err(trouble) => page(&node, &reader, &typed, Some((Which::Add, trouble.again()?))).await,
    }
}

/// What is to be done of one.
pub(crate) enum Done {
    Now(String),
    Remove(String),
}

impl Form for Done {
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<Done> {
        let name = fields.needed("name", wrong);
        match fields.line("do") {
            "now" => Some(Done::Now(name)),
            "remove" => Some(Done::Remove(name)),
            _ => {
                wrong.push(Wrong { field: "do", words: |w| w.form.choose });
                None
            }
        }
    }
}

pub(crate) async fn one_done(
    State(node): State<App>,
    Posted { reader, form, typed, once, .. }: Posted<Done>,
) -> Result<Response, Problem> {
    let tried = match form {
        Ok(Done::Now(name)) => feeds::nudged(&node, name).await.map(drop).map_err(Trouble::from),
        Ok(Done::Remove(name)) => {
            let act = FeedAct::Remove { name };
            reader.act(&node, &once, act).await.map(drop).map_err(Trouble::from)
        }
        Err(wrong) => Err(wrong.into()),
    };
    match tried {
        Ok(()) => Ok(on_to("/desk/feeds")),
        Err(trouble) => page(&node, &reader, &typed, Some((Which::One, trouble.again()?))).await,
    }
}
