//! `GET /api/v1/places`: what is threatened, and what partners have registered of the map.

use crate::app::App;
use crate::caller::Caller;
use crate::problem::Problem;
use axum::extract::State;
use axum::{Extension, Json};
use forewarn_exchange::case::{Case, Outgoing};
use forewarn_exchange::draft::Draft;
use forewarn_exchange::warning::{Standing, Warning};
use forewarn_extract::{coordinates, gazetteer};
use forewarn_matching::interest::Clause;
use forewarn_matching::interest::area::Point;
use forewarn_node::Failure;
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Tlp;
use forewarn_store::Db;
use forewarn_store::interest::Registered;
use forewarn_store::sight::Sight;
use forewarn_view::place::{Area, LeftOut, PlaceLine, PlaceOf, Places};
use forewarn_view::suggestion::SuggestionLine;
use serde_json::Value;

/// Most cases, warnings and interests that are shown, those due first and the newest first.
const MOST: usize = 100;
/// Cases, those due first and then the newest, among which those that stand and may be seen are looked for. What
/// is beyond them is not told of: that it is there would say something of what may not be seen.
const AMONG_CASES: i64 = 20_000;
/// Most cases without a draft whose items are read for the places that they name.
const READ: usize = 20;
/// The newest interests among which areas are looked for.
const AMONG: i64 = 20_000;
/// Most places of one case, warning or interest.
const OF_ONE: usize = 10;

pub(crate) async fn list(
    State(node): State<App>,
    Extension(caller): Extension<Caller>,
) -> Result<Json<Places>, Problem> {
    let lines = node.read(move |db, node| listed(&db, &caller.sight(node)));
    Ok(Json(lines.await?))
}

/// What is threatened, then what is registered, as far as it may be seen.
pub(crate) fn listed(db: &Db<'_>, sight: &Sight) -> Result<Places, Failure> {
    let mut out = Places::default();
    cases(db, sight, &mut out)?;
    warnings(db, sight, &mut out)?;
    let mut found = db.interests_in_areas((AMONG, count(MOST) + 1), sight)?;
    if found.len() > MOST {
        found.truncate(MOST);
        out.leave(LeftOut::Interests);
    }
    for one in found {
        out.put(of_interest(&one));
    }
    if db.has_interests_before(AMONG)? {
        out.leave(LeftOut::OldInterests);
    }
    Ok(out)
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Gathers what is shown, and why something is not.
trait Gather {
    fn put(&mut self, of_one: impl IntoIterator<Item = PlaceLine>);
    fn leave(&mut self, why: LeftOut);
}

impl Gather for Places {
    fn put(&mut self, of_one: impl IntoIterator<Item = PlaceLine>) {
        let mut each = of_one.into_iter();
        self.places.extend(each.by_ref().take(OF_ONE));
        if each.next().is_some() {
            self.leave(LeftOut::OfOne);
        }
    }

    fn leave(&mut self, why: LeftOut) {
        if !self.left_out.contains(&why) {
            self.left_out.push(why);
        }
    }
}

fn cases(db: &Db<'_>, sight: &Sight, out: &mut Places) -> Result<(), Failure> {
    let mut read = 0;
    let mut cases = db.cases_that_stand(sight, (MOST + 1, AMONG_CASES))?;
    if cases.len() > MOST {
        cases.truncate(MOST);
        out.leave(LeftOut::Cases);
    }
    for case in cases {
        let draft = newest(&db.outgoing(case.number)?).cloned();
        let bundle = draft.as_ref().and_then(|draft| serde_json::from_str(&draft.bundle).ok());
        let mut places = bundle.as_ref().map(of_bundle).unwrap_or_default();
        // Where the draft says no place, or there is none, the items may.
        if places.is_empty() {
            if read == READ {
                out.leave(LeftOut::CasesWithoutDraft);
                continue;
            }
            read += 1;
            places = suggested(&super::suggestions::of_case(db, case.number, sight)?);
        }
        out.put(of_case(&case, (places, draft.map(|draft| draft.tlp))));
    }
    Ok(())
}

fn warnings(db: &Db<'_>, sight: &Sight, out: &mut Places) -> Result<(), Failure> {
    let mut inbox = db.inbox(0, count(MOST) + 1)?;
    if inbox.len() > MOST {
        inbox.truncate(MOST);
        out.leave(LeftOut::Warnings);
    }
    for (_, warning) in inbox {
        // To read what nobody has opened is an act that its sender is told; and what is for persons by
        // name is put on record each time.
        let is_open = !matches!(warning.standing, Standing::New {}) && warning.recall.is_none();
        if is_open
            && !warning.is_for_persons()
            && sight.opens_newest(&warning)
            && let Some(content) = db.content(warning.number)?
        {
            out.put(of_warning(&warning, of_bundle(&content.bundle)));
        }
    }
    Ok(())
}

/// What would leave, or has left, last.
fn newest(outgoing: &Outgoing) -> Option<&Draft> {
    match outgoing {
        Outgoing::Nothing | Outgoing::Recalled { .. } => None,
        Outgoing::Drafted(draft) => Some(draft),
        Outgoing::Released { releases, next } => {
            next.as_ref().or(releases.last().map(|release| &release.draft))
        }
    }
}

/// Where each location of a bundle is: by its coordinates, else its city's.
fn of_bundle(bundle: &Value) -> Vec<(String, Point)> {
    let objects = bundle.get("objects").and_then(Value::as_array);
    let is_location = |one: &&Value| one.get("type").and_then(Value::as_str) == Some("location");
    let mut out = Vec::new();
    for one in objects.into_iter().flatten().filter(is_location) {
        let text = |name: &str| one.get(name).and_then(Value::as_str).unwrap_or_default();
        let number = |name: &str| one.get(name).and_then(Value::as_f64);
        let name = [text("name"), text("city")].into_iter().find(|name| !name.is_empty());
        let given = number("latitude").zip(number("longitude"));
        let city = [text("city"), text("name")].into_iter();
        let known = || city.flat_map(|city| coordinates::of(city, text("country"))).next();
        let at = given.or_else(known).and_then(|(y, x)| Point::new(y, x));
        out.extend(name.map(str::to_owned).zip(at));
    }
    out
}

/// Where what the items of a case name is.
fn suggested(lines: &[SuggestionLine]) -> Vec<(String, Point)> {
    let places = lines.iter().filter_map(|line| gazetteer::place(line.place()?));
    let mut out: Vec<(String, Point)> = Vec::new();
    for place in places {
        let city = place.within.unwrap_or(place.name);
        let at = coordinates::of(city, place.country).next();
        let Some(at) = at.and_then(|(y, x)| Point::new(y, x)) else { continue };
        if !out.iter().any(|(name, _)| name == place.name) {
            out.push((place.name.to_owned(), at));
        }
    }
    out
}

fn of_case(
    case: &Case,
    (places, tlp): (Vec<(String, Point)>, Option<Tlp>),
) -> impl Iterator<Item = PlaceLine> {
    let what = PlaceOf::Threatened {
        subject: case.number.into(),
        partner: case.partner.to_string(),
        urgency: case.urgency,
        status: case.status,
        tlp,
        until: case.clock.due().clone(),
    };
    threatened(what, places)
}

fn of_warning(warning: &Warning, places: Vec<(String, Point)>) -> impl Iterator<Item = PlaceLine> {
    let until: Timestamp = warning.summary.valid_until.clone();
    let what = PlaceOf::Threatened {
        subject: warning.number.into(),
        partner: warning.partner.to_string(),
        urgency: warning.summary.urgency,
        status: warning.status,
        tlp: Some(warning.summary.tlp),
        until,
    };
    threatened(what, places)
}

fn threatened(what: PlaceOf, places: Vec<(String, Point)>) -> impl Iterator<Item = PlaceLine> {
    places.into_iter().map(move |(name, at)| {
        let area = Area::Point { latitude: at.latitude(), longitude: at.longitude() };
        PlaceLine { name, what: what.clone(), area }
    })
}

fn of_interest(one: &Registered) -> Vec<PlaceLine> {
    let mut out = Vec::new();
    one.interest.clauses(&mut |clause| {
        let area = match clause {
            Clause::Circle(circle) => {
                let (latitude, longitude) = circle.centre().into();
                Area::Circle { latitude, longitude, km: circle.km() }
            }
            Clause::Polygon(polygon) => {
                Area::Polygon { corners: polygon.corners().iter().map(|at| (*at).into()).collect() }
            }
            _ => return,
        };
        let what = PlaceOf::Registered {
            partner: one.partner.clone(),
            ours: one.ours,
            label: one.interest.label.clone(),
            matches: one.matches,
        };
        out.push(PlaceLine { name: clause.to_string(), what, area });
    });
    out
}
