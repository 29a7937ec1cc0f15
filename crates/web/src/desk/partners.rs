//! `/desk/partners`: can we reach them, what may they get? `…/{name}`: one; `…/confirm`: is it their
//! key? Their words are never shown before they are typed.

use super::form::{FormShown, Trouble, answered, status};
use super::frame::{Frame, Part};
use super::paper::Sheet;
use super::plain::{Act, Plain, Row, Table};
use super::posted::{Fields, Form, Posted, Wrong};
use super::reader::Reader;
use super::show::{line, who};
use super::texts::{Words, fill};
use crate::api::{channel, partners};
use crate::app::App;
use crate::path::Path;
use crate::problem::Problem;
use axum::extract::State;
use axum::response::Response;
use forewarn_exchange::act::PartnerAct;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::partner::Standing;
use forewarn_exchange::proposal::Persons;
use forewarn_exchange::user::Permission;
use forewarn_stix::marking::Tlp;
use forewarn_view::channel::LogLine;
use forewarn_view::history::HappenedLine;
use forewarn_view::partner::PartnerShown;
use forewarn_view::text;

/// Lines of the newest history that a page shows.
const LINES: usize = 50;

/// The ten words, one in each box.
const BOXES: [&str; 10] =
    ["word1", "word2", "word3", "word4", "word5", "word6", "word7", "word8", "word9", "word10"];

pub(crate) async fn list(State(node): State<App>, reader: Reader) -> Result<Response, Problem> {
    page_of_all(&node, &reader, &Fields::default(), None).await
}

async fn page_of_all(
    node: &App,
    reader: &Reader,
    typed: &Fields,
    trouble: Option<Trouble>,
) -> Result<Response, Problem> {
    let w = reader.w;
    let all = node.read(|db, _| Ok(db.partners()?)).await?;
    let all: Vec<PartnerShown> = all.into_iter().map(PartnerShown::of).collect();
    let status = status(trouble.as_ref());
    let table = Table {
        heads: vec![w.watch.partner, w.know.organisation, w.watch.standing, w.send.may_get],
        rows: all.iter().map(|one| row(w, one)).collect(),
        none: w.know.no_partners,
        ..Table::default()
    };
    let add = reader.may(Permission::ManagePartners).then(|| Act {
        heading: w.know.add_partner.to_owned(),
        lead: w.know.add_partner_text.to_owned(),
        form: FormShown::new(reader, "/desk/partners", w.know.add_partner)
            .again(typed, trouble)
            .text("card", w.know.card, "")
            .select("ceiling", w.know.ceiling, "", tlps()),
    });
    let page = Plain {
        tables: vec![table],
        sheets: vec![own_card(node, w)],
        acts: add.into_iter().collect(),
        ..Plain::new(
            Frame::new(node, Some(reader), w, w.frame.partners).of(Part::Partners),
            w.frame.partners,
        )
    };
    Ok(answered(&page, status))
}

fn tlps() -> impl Iterator<Item = (String, String)> {
    Tlp::ALL.iter().map(|one| (one.name().to_owned(), one.to_string()))
}

/// Our own words, to be read aloud.
fn own_card(node: &App, w: &Words) -> Sheet {
    let (card, note) = node.card().clone();
    Sheet {
        heading: w.know.own_words.to_owned(),
        note: w.know.own_words_note.to_owned(),
        list: vec![card.fingerprint()],
        text: note,
        ..Sheet::default()
    }
}

fn standing(w: &Words, one: &PartnerShown) -> String {
    let (word, by, at) = match &one.standing {
        Standing::Added { by, at } => (w.know.added, by, at),
        Standing::Confirmed { by, at } => (w.know.confirmed, by, at),
        Standing::Suspended { by, at, .. } => (w.know.suspended, by, at),
    };
    format!("{word}: {by}, {}", text::time(at))
}

fn row(w: &Words, one: &PartnerShown) -> Row {
    Row {
        at: Some(format!("/desk/partners/{}", one.name)),
        cells: vec![
            one.name.to_string(),
            line(&one.organisation),
            standing(w, one),
            one.ceiling.to_string(),
        ],
    }
}

/// A partner by its card.
pub(crate) struct Added {
    card: String,
    ceiling: Tlp,
}

impl Form for Added {
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<Added> {
        // The last line of a note ends with a line break.
        let card = format!("{}\n", fields.needed("card", wrong));
        Some(Added { card, ceiling: fields.chosen("ceiling", wrong)? })
    }
}

pub(crate) async fn add(
    State(node): State<App>,
    posted: Posted<Added>,
) -> Result<Response, Problem> {
    let act = |Added { card, ceiling }| PartnerAct::Add { card, ceiling };
    let tried = posted.does(&node, act).await?;
    tried
        .lead("/desk/partners", async |reader, typed, trouble| {
            page_of_all(&node, &reader, &typed, trouble).await
        })
        .await
}

pub(crate) async fn one(
    State(node): State<App>,
    reader: Reader,
    Path(name): Path<NodeName>,
) -> Result<Response, Problem> {
    page(&node, &reader, name, &Fields::default(), None).await
}

struct Read {
    shown: PartnerShown,
    logs: Vec<LogLine>,
    history: Vec<HappenedLine>,
}

async fn read(node: &App, reader: &Reader, name: NodeName) -> Result<Read, Problem> {
    let sight = reader.sight(node);
    let read = node.read(move |db, _| {
        let partner = db.partner(&name)?;
        let partner =
            partner.ok_or_else(|| forewarn_exchange::Refusal::unknown("partner", &name))?;
        let mut logs = Vec::new();
        for log in db.logs()?.iter().filter(|log| *log.partner == *name) {
            logs.push(channel::line(&db, log)?);
        }
        let history = partners::newest(&db, &name, &sight, LINES)?;
        Ok(Read { shown: PartnerShown::of(partner), logs, history })
    });
    Ok(read.await?)
}

async fn page(
    node: &App,
    reader: &Reader,
    name: NodeName,
    typed: &Fields,
    trouble: Option<Trouble>,
) -> Result<Response, Problem> {
    let w = reader.w;
    let status = status(trouble.as_ref());
    let Read { shown, logs, history } = read(node, reader, name).await?;
    let f = Frame::new(node, Some(reader), w, shown.name.to_string()).of(Part::Partners);
    let manages = reader.may(Permission::ManagePartners);
    let mut notices = Vec::new();
    if let Standing::Suspended { by, at, reason, .. } = &shown.standing {
        let words = fill(w.know.is_suspended, &[&shown.name, &text::time(at), by, &line(reason)]);
        notices.push(words);
    }
    notices.extend(shown.new_key.as_ref().map(|_| fill(w.know.new_key, &[&shown.name])));
    notices.extend(shown.new_url.as_ref().map(|url| fill(w.know.new_url, &[&line(url)])));
    let mut acts = Vec::new();
    if manages && shown.fingerprint.is_none() {
        let form = FormShown::new(
            reader,
            format!("/desk/partners/{}/confirm", shown.name),
            w.know.to_confirm,
        );
        let lead = w.know.to_confirm_text.to_owned();
        acts.push(Act { heading: w.know.confirm_title.to_owned(), lead, form: form.gets() });
    }
    if manages && !matches!(shown.standing, Standing::Suspended { .. }) {
        let at = format!("/desk/partners/{}/suspend", shown.name);
        let form = FormShown::new(reader, at, fill(w.know.suspend, &[&shown.name]))
            .again(typed, trouble)
            .text("reason", w.form.reason, w.case.f_reason_hint)
            .ticks(
                "compromised",
                ("", ""),
                [("yes".to_owned(), w.know.compromised.to_owned(), String::new())],
            );
        let lead = w.know.suspend_text.to_owned();
        acts.push(Act { heading: fill(w.know.suspend, &[&shown.name]), lead, form });
    }
    let sheets = vec![agreement(w, &shown)];
    let page = Plain {
        crumb: Some(("/desk/partners", w.frame.partners)),
        over: line(&shown.organisation),
        notices,
        tables: vec![of_logs(w, &logs), of_history(w, &history)],
        sheets,
        acts,
        ..Plain::new(f, shown.name.to_string())
    };
    Ok(answered(&page, status))
}

fn agreement(w: &Words, shown: &PartnerShown) -> Sheet {
    let sentences = match shown.sentences {
        Persons::One => w.know.one_person,
        Persons::Two => w.know.two_persons,
    };
    let fingerprint = shown.fingerprint.clone().unwrap_or_else(|| w.know.read_by_them.to_owned());
    Sheet {
        heading: w.know.agreement.to_owned(),
        facts: vec![
            (w.know.organisation.to_owned(), line(&shown.organisation)),
            (w.watch.standing.to_owned(), standing(w, shown)),
            (w.send.may_get.to_owned(), shown.ceiling.to_string()),
            (w.know.sentences.to_owned(), sentences.to_owned()),
            (w.know.url.to_owned(), line(&shown.url)),
            (w.know.key.to_owned(), shown.key.to_string()),
            (w.know.fingerprint.to_owned(), fingerprint),
        ],
        link: Some((super::agreement::at(&shown.name), w.agree.link)),
        ..Sheet::default()
    }
}

fn of_logs(w: &Words, logs: &[LogLine]) -> Table {
    let row = |one: &LogLine| Row {
        at: Some(format!("/desk/channels/{}", one.partner)),
        cells: vec![
            if one.ours { w.know.our_log } else { w.know.their_log }.to_owned(),
            one.size.to_string(),
            one.receipted.to_string(),
        ],
    };
    Table {
        heading: w.know.channel.to_owned(),
        heads: vec![w.know.log, w.know.entries, w.know.receipted],
        rows: logs.iter().map(row).collect(),
        none: w.know.no_channel,
        ..Table::default()
    }
}

fn of_history(w: &Words, history: &[HappenedLine]) -> Table {
    let row = |one: &HappenedLine| Row {
        at: None,
        cells: vec![text::time(&one.time), who(&one.actor), line(&one.what)],
    };
    Table {
        heading: w.case.history.to_owned(),
        heads: vec![w.case.when, w.case.who, w.case.what],
        rows: history.iter().map(row).collect(),
        none: w.know.no_history,
        ..Table::default()
    }
}

/// Ten words as they were heard.
pub(crate) struct Heard(String);

impl Form for Heard {
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<Heard> {
        let words = BOXES.map(|field| fields.needed(field, wrong));
        Some(Heard(words.join(" ")))
    }
}

pub(crate) async fn confirm_page(
    State(node): State<App>,
    reader: Reader,
    Path(name): Path<NodeName>,
) -> Result<Response, Problem> {
    confirming(&node, &reader, name, &Fields::default(), None).await
}

async fn confirming(
    node: &App,
    reader: &Reader,
    name: NodeName,
    typed: &Fields,
    trouble: Option<Trouble>,
) -> Result<Response, Problem> {
    let w = reader.w;
    let status = status(trouble.as_ref());
    let Read { shown, .. } = read(node, reader, name).await?;
    let heading = fill(w.know.confirm_heading, &[&shown.name]);
    let at = format!("/desk/partners/{}/confirm", shown.name);
    let form = FormShown::new(reader, at, fill(w.know.confirm_button, &[&shown.name]));
    let form = form.again(typed, trouble);
    let form = BOXES
        .into_iter()
        .zip(1..)
        .fold(form, |form, (name, number)| form.short(name, &fill(w.know.word_nr, &[&number])));
    let page = Plain {
        crumb: Some(("/desk/partners", w.frame.partners)),
        over: line(&shown.organisation),
        lead: w.know.confirm_lead.to_owned(),
        sheets: vec![own_card(node, w)],
        acts: vec![Act {
            heading: fill(w.know.type_theirs, &[&shown.name]),
            lead: w.know.type_theirs_text.to_owned(),
            form: form.back(format!("/desk/partners/{}", shown.name), shown.name.to_string()),
        }],
        ..Plain::new(Frame::new(node, Some(reader), w, heading.clone()).of(Part::Partners), heading)
    };
    Ok(answered(&page, status))
}

pub(crate) async fn confirm(
    State(node): State<App>,
    Path(name): Path<NodeName>,
    posted: Posted<Heard>,
) -> Result<Response, Problem> {
    let act = |Heard(fingerprint)| PartnerAct::Confirm { name: name.clone(), fingerprint };
    let tried = posted.does(&node, act).await?;
    tried
        .lead(format!("/desk/partners/{name}"), async |reader, typed, trouble| {
            confirming(&node, &reader, name, &typed, trouble).await
        })
        .await
}

/// Why a channel is closed.
pub(crate) struct Closed {
    reason: String,
    compromised: bool,
}

impl Form for Closed {
    fn read(fields: &Fields, wrong: &mut Vec<Wrong>) -> Option<Closed> {
        let reason = fields.needed("reason", wrong);
        Some(Closed { reason, compromised: fields.has("compromised", "yes") })
    }
}

pub(crate) async fn suspend(
    State(node): State<App>,
    Path(name): Path<NodeName>,
    posted: Posted<Closed>,
) -> Result<Response, Problem> {
    let act = |Closed { reason, compromised }| PartnerAct::Suspend {
        name: name.clone(),
        reason,
        compromised,
    };
    let tried = posted.does(&node, act).await?;
    tried
        .lead(format!("/desk/partners/{name}"), async |reader, typed, trouble| {
            page(&node, &reader, name, &typed, trouble).await
        })
        .await
}
