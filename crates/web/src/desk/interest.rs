//! `/desk/interests/new`, `/desk/interests/{partner}/{id}`: an interest of ours is made, changed and
//! withdrawn; tried on a text before; its areas drawn on the map. Every button sends the whole form, and
//! all but one change nothing.

use super::drawn::{self, AREA, Drawn};
use super::form::{DO, FormShown, Trouble, answered, status};
use super::frame::{Frame, Part};
use super::intake;
use super::plain::{Act, Table};
use super::posted::{Button, Fields, Posted, SEEN, Wrong, read_time};
use super::reader::Reader;
use super::show::line;
use super::terms;
use super::texts::fill;
use super::tried::Tried;
use crate::api::interests;
use crate::app::App;
use crate::problem::Problem;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use forewarn_engine::seen_now;
use forewarn_exchange::act::InterestAct;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::scale::{Grade, Urgency};
use forewarn_exchange::watched::Watched;
use forewarn_exchange::{Code, Refusal};
use forewarn_matching::interest::{BadInterest, Interest};
use forewarn_stix::Timestamp;
use forewarn_view::interest::InterestTried;

/// Most bytes of a text that is tried here.
const MAX_SAMPLE: usize = 1 << 20;

#[derive(Template)]
#[template(path = "desk/interest.html")]
struct Page {
    f: Frame,
    heading: String,
    lead: String,
    met: Option<Table>,
    form: FormShown,
    withdraw: Option<Act>,
}

/// The page of an interest of ours.
pub(crate) fn address(partner: &str, id: &str) -> String {
    format!("/desk/interests/{partner}/{id}")
}

/// An interest that is registered, as it stands, and its version.
struct Kept {
    partner: NodeName,
    interest: Interest,
    seen: String,
}

async fn kept(node: &App, partner: NodeName, id: String) -> Result<Kept, Problem> {
    let unknown = Problem::from(Refusal::unknown("interest of ours", &id));
    let read = node.read(move |db, _| {
        let Some(row) = db.interest(&partner, true, &id)? else { return Ok(None) };
        let what = Watched::Interest { partner: partner.clone(), id };
        let seen = seen_now(&db, &what)?.map(|seen| seen.to_string()).unwrap_or_default();
        Ok(Some(Kept { partner, interest: row.interest, seen }))
    });
    read.await?.ok_or(unknown)
}

/// What the form begins with.
fn fields(interest: &Interest) -> Fields {
    let (areas, any) = terms::apart(&interest.any);
    let lines = |list: &[_]| list.iter().map(terms::shown).collect::<Vec<_>>().join("\n");
    let time = |at: Option<&Timestamp>| at.map(|at| at.as_str().to_owned()).unwrap_or_default();
    let fields = Fields::of([
        ("label", interest.label.clone()),
        ("urgency", interest.urgency.to_string()),
        ("any", any.join("\n")),
        ("all", lines(&interest.all)),
        ("not", lines(&interest.not)),
        ("threshold", interest.threshold.to_string()),
        ("concern", interest.concern.to_string()),
        ("credibility", interest.credibility.map(|one| one.to_string()).unwrap_or_default()),
        ("from", time(interest.valid_from.as_ref())),
        ("until", time(interest.valid_until.as_ref())),
    ]);
    fields.and_all(AREA, areas.iter().map(terms::area_line).collect())
}

/// Reads what was typed.
fn read(typed: &Fields) -> Result<Interest, Trouble> {
    let mut wrong = Vec::new();
    let label = typed.needed("label", &mut wrong);
    let urgency = typed.chosen::<Urgency>("urgency", &mut wrong);
    let mut number = |field: &'static str, usual: u8| match typed.line(field) {
        "" => usual,
        text => text.parse().unwrap_or_else(|_| {
            wrong.push(Wrong { field, words: |w| w.form.not_a_number });
            usual
        }),
    };
    let usual = Interest::of(String::new(), Urgency::Expected, Vec::new());
    let threshold = number("threshold", usual.threshold);
    let concern = number("concern", usual.concern);
    let mut time = |field: &'static str| {
        let text = Some(typed.line(field)).filter(|text| !text.is_empty())?;
        let read = read_time(text);
        if read.is_none() {
            wrong.push(Wrong { field, words: |w| w.form.not_a_time });
        }
        read
    };
    let (valid_from, valid_until) = (time("from"), time("until"));
    let credibility = match typed.line("credibility") {
        "" => None,
        text => Grade::parse(text)
            .inspect_err(|_| {
                let field = "credibility";
                wrong.push(Wrong { field, words: |w| w.interest.bad_grade });
            })
            .ok(),
    };
    let Some(urgency) = urgency.filter(|_| wrong.is_empty()) else { return Err(wrong.into()) };
    let terms = |field: &str| -> Result<Vec<_>, BadInterest> {
        typed.lines(field).iter().map(|line| terms::read(line)).collect()
    };
    let whole = || -> Result<Interest, BadInterest> {
        let mut any = terms("any")?;
        for line in typed.all(AREA).map(str::trim).filter(|line| !line.is_empty()) {
            any.push(terms::read_area(line).and_then(|area| terms::term(&area))?);
        }
        let interest = Interest {
            all: terms("all")?,
            not: terms("not")?,
            threshold,
            valid_from,
            valid_until,
            credibility,
            concern,
            ..Interest::of(label, urgency, any)
        };
        interest.checked()
    };
    whole().map_err(|bad| Trouble::Refused(Refusal::from(bad).into()))
}

/// In the order in which its terms stood before: whoever has looked whose they are need not look again.
fn in_order(mut new: Interest, old: &Interest) -> Interest {
    new.any.sort_by_key(|one| old.any.iter().position(|other| other == one).unwrap_or(usize::MAX));
    new
}

/// `GET /desk/interests/new`.
pub(crate) async fn empty(State(node): State<App>, reader: Reader) -> Result<Response, Problem> {
    let first = Fields::of([("urgency", Urgency::Expected.to_string())]);
    page(&node, &reader, None, (&first, None, None)).await
}

/// `GET /desk/interests/{partner}/{id}`.
pub(crate) async fn one(
    State(node): State<App>,
    Path((partner, id)): Path<(NodeName, String)>,
    reader: Reader,
) -> Result<Response, Problem> {
    let kept = kept(&node, partner, id).await?;
    let fields = fields(&kept.interest);
    page(&node, &reader, Some(&kept), (&fields, None, None)).await
}

/// `POST /desk/interests/new`.
pub(crate) async fn add(
    State(node): State<App>,
    posted: Posted<Button>,
) -> Result<Response, Problem> {
    let partner = NodeName::parse(posted.typed.line("partner")).ok();
    if let Some(answer) = shown_again(&node, &posted, None).await? {
        return Ok(answer);
    }
    let Posted { reader, typed, once, .. } = posted;
    let tried = match (read(&typed), partner) {
        (Ok(interest), Some(partner)) => {
            let act = InterestAct::Add { partner, interest };
            reader.act(&node, &once, act).await.map_err(Trouble::from)
        }
        (Err(trouble), _) => Err(trouble),
        (Ok(_), None) => {
            let wrong = Wrong { field: "partner", words: |w| w.form.choose };
            Err(vec![wrong].into())
        }
    };
    let tried = Tried::of((reader, typed), tried)?;
    tried
        .lead("/desk/interests", async |reader, typed, trouble| {
            page(&node, &reader, None, (&typed, trouble, None)).await
        })
        .await
}

/// `POST /desk/interests/{partner}/{id}`.
pub(crate) async fn change(
    State(node): State<App>,
    Path((partner, id)): Path<(NodeName, String)>,
    posted: Posted<Button>,
) -> Result<Response, Problem> {
    let kept = kept(&node, partner, id).await?;
    if let Some(answer) = shown_again(&node, &posted, Some(&kept)).await? {
        return Ok(answer);
    }
    let Posted { reader, typed, once, .. } = posted;
    let tried = match read(&typed) {
        Ok(interest) => {
            let interest = Interest { id: kept.interest.id.clone(), ..interest };
            let interest = in_order(interest, &kept.interest);
            let act = InterestAct::Change { partner: kept.partner.clone(), interest };
            let seen = typed.line(SEEN).parse().ok();
            reader.act_on(&node, (&once, seen), act).await.map_err(Trouble::from)
        }
        Err(trouble) => Err(trouble),
    };
    let tried = Tried::of((reader, typed), tried)?;
    tried
        .lead("/desk/interests", async |reader, typed, trouble| {
            page(&node, &reader, Some(&kept), (&typed, trouble, None)).await
        })
        .await
}

/// `POST /desk/interests/{partner}/{id}/withdraw`.
pub(crate) async fn withdraw(
    State(node): State<App>,
    Path((partner, id)): Path<(NodeName, String)>,
    posted: Posted<Button>,
) -> Result<Response, Problem> {
    let kept = kept(&node, partner, id).await?;
    let act = |Button| InterestAct::Remove {
        partner: kept.partner.clone(),
        id: kept.interest.id.clone(),
    };
    let tried = posted.does(&node, act).await?;
    tried
        .lead("/desk/interests", async |reader, _, trouble| {
            page(&node, &reader, Some(&kept), (&fields(&kept.interest), trouble, None)).await
        })
        .await
}

/// The form again, where a button was pressed that changes nothing: a text is tried, or the map is
/// drawn on or looked at from elsewhere.
async fn shown_again(
    node: &App,
    posted: &Posted<Button>,
    kept: Option<&Kept>,
) -> Result<Option<Response>, Problem> {
    let (reader, typed) = (&posted.reader, &posted.typed);
    if let Some(drawn) = drawn::drawn(typed) {
        return page(node, reader, kept, (&drawn, None, None)).await.map(Some);
    }
    let what = typed.line(DO);
    if let Some(to) = what.strip_prefix("look-") {
        let looked = drawn::looked(typed, to);
        return page(node, reader, kept, (&looked, None, None)).await.map(Some);
    }
    match what {
        "" => Ok(None),
        "try" => {
            let (trouble, met) = match tried(node, reader, typed, kept).await {
                Ok(met) => (None, Some(met)),
                Err(trouble) => (Some(trouble.again()?), None),
            };
            page(node, reader, kept, (typed, trouble, met)).await.map(Some)
        }
        // What the table says is drawn, and all of it is seen.
        _ => {
            let whole = drawn::looked(typed, "all");
            page(node, reader, kept, (&whole, None, None)).await.map(Some)
        }
    }
}

/// What a text would meet.
async fn tried(
    node: &App,
    reader: &Reader,
    typed: &Fields,
    kept: Option<&Kept>,
) -> Result<Vec<InterestTried>, Trouble> {
    let interest = read(typed)?;
    let sample = typed.text("sample");
    if sample.is_empty() {
        return Err(vec![Wrong { field: "sample", words: |w| w.form.missing }].into());
    }
    if sample.len() > MAX_SAMPLE {
        let long = format!("a text that is tried here has at most {MAX_SAMPLE} bytes");
        let advice = "try the file with `forewarn interest test`";
        return Err(Problem::from(Refusal::new(Code::BadFile, long).advice(advice)).into());
    }
    let partner =
        kept.map_or_else(|| typed.line("partner").to_owned(), |one| one.partner.to_string());
    let account = reader.caller().actor();
    let from = (&account, sample.into_bytes());
    Ok(interests::tried_alone(node, from, (partner, interest)).await?)
}

async fn page(
    node: &App,
    reader: &Reader,
    kept: Option<&Kept>,
    (typed, trouble, met): (&Fields, Option<Trouble>, Option<Vec<InterestTried>>),
) -> Result<Response, Problem> {
    let (w, t) = (reader.w, &reader.w.interest);
    let partners = node.read(|db, _| Ok(intake::partners(&db)?)).await?;
    let heading = kept.map_or_else(|| t.new.to_owned(), |kept| line(&kept.interest.label));
    let mut lead =
        kept.map_or_else(|| t.new_lead.to_owned(), |kept| fill(t.change_lead, &[&kept.partner]));
    if kept.is_none() && partners.is_empty() {
        lead = format!("{lead} {}", t.no_partner);
    }
    let status = status(trouble.as_ref());
    let met = met.map(|met| Table {
        heading: t.tried.to_owned(),
        heads: vec![w.know.label, w.watch.partner, w.know.why_met],
        rows: met.iter().map(|one| super::interests::met(w, one)).collect(),
        none: t.tried_none,
        ..Table::default()
    });
    let f = Frame::new(node, Some(reader), w, heading.clone()).of(Part::Partners);
    let form = form(reader, kept, (typed, trouble), partners);
    let withdraw = kept.map(|kept| withdrawal(reader, kept));
    Ok(answered(&Page { f, heading, lead, met, form, withdraw }, status))
}

fn form(
    reader: &Reader,
    kept: Option<&Kept>,
    (typed, trouble): (&Fields, Option<Trouble>),
    partners: Vec<NodeName>,
) -> FormShown {
    let (w, t) = (reader.w, &reader.w.interest);
    let (action, button) = match kept {
        None => ("/desk/interests/new".to_owned(), t.add_button.to_owned()),
        Some(kept) => {
            (address(&kept.partner, &kept.interest.id), fill(t.change_button, &[&kept.partner]))
        }
    };
    let drawn = Drawn::of(w, &action, typed);
    let is_refused = matches!(trouble, Some(Trouble::Refused(_)));
    let form = FormShown::new(reader, action, button).again(typed, trouble).leaves();
    let form = if let Some(kept) = kept {
        // While it is tried and drawn, the version is the one that the form began with. Where somebody
        // else has changed it since, that was said, and whoever sends it again means it.
        let seen = Some(typed.line(SEEN)).filter(|seen| !seen.is_empty() && !is_refused);
        form.hidden(SEEN, seen.unwrap_or(&kept.seen))
    } else {
        let partners = partners.into_iter().map(|one| (one.to_string(), one.to_string()));
        form.select("partner", t.with, "", partners)
    };
    let urgencies = intake::urgencies(w).map(|(word, words, _)| (word, words));
    form.line("label", t.label, "")
        .select("urgency", w.watch.urgency, "", urgencies)
        .text("any", t.any, t.any_hint)
        .text("all", t.all, t.all_hint)
        .text("not", t.not, t.not_hint)
        .number("threshold", t.threshold)
        .number("concern", t.concern)
        .line("credibility", t.credibility, t.credibility_hint)
        .line("from", t.from, t.time_hint)
        .line("until", t.until, t.time_hint)
        .text("sample", t.sample, t.sample_hint)
        .also("try", t.try_button)
        .drawn(drawn)
        .back("/desk/interests", w.know.interests)
}

fn withdrawal(reader: &Reader, kept: &Kept) -> Act {
    let t = &reader.w.interest;
    let action = format!("{}/withdraw", address(&kept.partner, &kept.interest.id));
    let button = fill(t.withdraw_button, &[&kept.partner]);
    Act {
        heading: t.withdraw.to_owned(),
        lead: fill(t.withdraw_lead, &[&kept.partner]),
        form: FormShown::new(reader, action, button).leaves().hidden(SEEN, kept.seen.clone()),
    }
}
