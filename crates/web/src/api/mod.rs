//! `/api/v1/`: everything that the command line can do. What changes state is an act
//! (`acts`); the rest reads, or brings bytes in.

mod about;
mod account;
pub(crate) mod acts;
pub(crate) mod agreements;
pub(crate) mod audited;
mod authorities;
mod cap;
pub(crate) mod cases;
pub(crate) mod channel;
pub(crate) mod corrections;
pub(crate) mod dangers;
mod described;
pub(crate) mod events;
pub(crate) mod evidence;
pub(crate) mod exercises;
pub(crate) mod exported;
pub(crate) mod feeds;
pub(crate) mod hidden;
pub(crate) mod intakes;
pub(crate) mod interests;
pub(crate) mod items;
pub(crate) mod ledger;
mod matched;
mod mutes;
mod needs;
pub mod openapi;
pub(crate) mod page;
pub(crate) mod partners;
pub(crate) mod places;
mod policies;
pub(crate) mod proposals;
pub(crate) mod readouts;
pub(crate) mod records;
mod schemas;
pub(crate) mod search;
pub(crate) mod session;
pub(crate) mod settings;
mod shelves;
pub(crate) mod sources;
pub(crate) mod statistics;
pub(crate) mod suggestions;
pub(crate) mod tag;
mod telling;
pub(crate) mod templates;
pub(crate) mod tokens;
mod users;
pub(crate) mod warnings;

use crate::app::{Needs, Route, get, post, route};
use crate::caller::Caller;
use crate::problem::Problem;
use forewarn_exchange::Code;
use forewarn_exchange::user::Permission::{Administer, ManagePartners, Read, SeeSources, TakeIn};
use forewarn_node::Failure;
use forewarn_stix::Timestamp;
use forewarn_stix::time::BadTimestamp;

/// Most bytes of a JSON request.
const MAX_REQUEST_BYTES: usize = 4 << 20;

pub(crate) fn routes() -> Vec<Route> {
    let read = Needs::User(Read);
    let mut all = vec![
        route("/api/v1/acts", Needs::Act, post(acts::act)),
        route("/api/v1/openapi.json", Needs::Act, get(openapi::describe)),
        route("/api/v1/events", read, get(events::events)),
        route("/api/v1/status", read, get(crate::health::status)),
        route("/api/v1/session", Needs::Nothing, post(session::begin)),
        route("/api/v1/session/device", Needs::Nothing, post(session::begin_device)),
        route("/api/v1/session/device/poll", Needs::Nothing, post(session::poll_device)),
        route("/api/v1/account", Needs::Act, get(session::show).delete(session::end)),
        route("/api/v1/account/password", Needs::Act, post(account::password)),
        route(
            "/api/v1/account/factor",
            Needs::Act,
            post(account::begin_factor).delete(account::remove_factor),
        ),
        route("/api/v1/account/factor/confirm", Needs::Act, post(account::confirm_factor)),
        route("/api/v1/tokens", Needs::Act, post(tokens::make).get(tokens::list)),
        route("/api/v1/invitations", Needs::Act, post(tokens::invite)),
        route("/api/v1/shelves/{name}/list", Needs::Shelf, get(shelves::list)),
        route("/api/v1/shelves/{name}/misp/{file}", Needs::Shelf, get(shelves::misp)),
        route("/api/v1/settings", Needs::User(Administer), get(settings::show)),
        route("/api/v1/settings/reload", Needs::Keeper(Administer), post(settings::reload)),
        route("/api/v1/dangers", read, get(dangers::list)),
        route("/api/v1/policies", read, get(policies::list)),
        route("/api/v1/users", read, get(users::list)),
        route("/api/v1/users/{name}", read, get(users::one)),
        route("/api/v1/feeds", read, get(feeds::list)),
        route("/api/v1/feeds/{name}/now", Needs::User(Administer), post(feeds::now)),
        route("/api/v1/intakes", Needs::User(TakeIn), post(intakes::take)),
        route("/api/v1/matched", read, get(matched::matched)),
        route("/api/v1/needs", read, get(needs::list)),
        route("/api/v1/telling", Needs::User(Administer), get(telling::show)),
        route("/api/v1/notifiers", read, get(telling::notifiers)),
        route("/api/v1/notifiers/{name}/test", Needs::User(Administer), post(telling::test)),
        route("/api/v1/deliveries", read, get(telling::deliveries)),
        route("/api/v1/quarantine", read, get(items::quarantine)),
        route("/api/v1/statistics", read, get(statistics::show)),
        route("/api/v1/search", read, get(search::list)),
        route("/api/v1/places", read, get(places::list)),
        route("/api/v1/thanks", read, get(items::thanks)),
        route("/api/v1/interests", read, get(interests::list)),
        route("/api/v1/interests/trial", read, get(interests::trial)),
        route("/api/v1/interests/test", read, post(interests::test)),
        route("/api/v1/cases", read, get(cases::list)),
        route("/api/v1/cases/{number}", read, get(cases::one)),
        route("/api/v1/cases/{number}/preview", read, get(cases::preview)),
        route("/api/v1/authorities", read, get(authorities::list)),
        route("/api/v1/authorities/{number}", read, get(authorities::one)),
        route("/api/v1/mutes", read, get(mutes::list)),
        route("/api/v1/mutes/{number}", read, get(mutes::one)),
        route("/api/v1/cases/{number}/suggestions", read, get(suggestions::list)),
        route("/api/v1/proposals", read, get(proposals::list)),
        route("/api/v1/proposals/{number}", read, get(proposals::one)),
        route("/api/v1/ledger", read, get(ledger::list)),
        route("/api/v1/readouts", read, get(readouts::list)),
        route("/api/v1/readouts/{subject}", read, get(readouts::one)),
        route("/api/v1/readouts/{subject}/published", read, get(readouts::published)),
        route("/api/v1/cases/{number}/export", read, post(exported::make)),
        route("/api/v1/warnings/{number}/cap", read, get(cap::of_warning)),
        route("/api/v1/warnings", read, get(warnings::list)),
        route("/api/v1/warnings/{number}", read, get(warnings::one)),
    ];
    all.extend(of_items());
    all.extend(of_records());
    all.extend(of_channels());
    all
}

/// What came in, and what people say of it.
fn of_items() -> Vec<Route> {
    let read = Needs::User(Read);
    vec![
        route("/api/v1/items", read, get(items::list)),
        route("/api/v1/items/{id}", read, get(items::bytes)),
        route("/api/v1/items/{id}/about", read, get(items::about)),
        route("/api/v1/items/{id}/original", read, get(items::original)),
        route("/api/v1/items/{id}/findings", read, get(corrections::findings)),
        route("/api/v1/items/{id}/labelled", read, get(corrections::labelled)),
        route("/api/v1/corrections", read, get(corrections::list)),
    ]
}

/// What is kept of what was, and what is played.
fn of_records() -> Vec<Route> {
    let read = Needs::User(Read);
    vec![
        route("/api/v1/exercises", read, get(exercises::list)),
        route("/api/v1/exercises/{number}", read, get(exercises::one)),
        route("/api/v1/records", read, get(records::list)),
        route("/api/v1/records/about", read, post(about::look)),
        route("/api/v1/sources", Needs::User(SeeSources), get(sources::list)),
        route("/api/v1/sources/look", Needs::User(SeeSources), post(sources::look)),
        route("/api/v1/templates", read, get(templates::list)),
    ]
}

/// Partners, what crosses between two nodes, and the proof of it.
fn of_channels() -> Vec<Route> {
    let read = Needs::User(Read);
    vec![
        route("/api/v1/card", read, get(partners::own_card)),
        route("/api/v1/partners", read, get(partners::list)),
        route("/api/v1/partners/{name}", read, get(partners::one)),
        route("/api/v1/partners/{name}/history", read, get(partners::history)),
        route("/api/v1/partners/{name}/agreements", read, get(agreements::list)),
        route("/api/v1/partners/{name}/agreements/{version}", read, get(agreements::one)),
        route("/api/v1/channels", read, get(channel::list)),
        route("/api/v1/channels/{partner}", read, get(channel::show)),
        route("/api/v1/channels/{partner}/check", read, get(channel::check)),
        route("/api/v1/channels/{partner}/reconcile", read, post(channel::reconcile)),
        route("/api/v1/channels/{partner}/transcript", read, get(channel::export)),
        route(
            "/api/v1/channels/{partner}/transcript",
            Needs::User(ManagePartners),
            post(channel::import),
        ),
        route(
            "/api/v1/channels/{partner}/reopen",
            Needs::User(ManagePartners),
            post(channel::reopen),
        ),
        route("/api/v1/contradictions", read, get(channel::contradictions)),
        route(
            "/api/v1/channels/{partner}/contradictions",
            Needs::User(ManagePartners),
            post(channel::keep),
        ),
        route("/api/v1/evidence", read, post(evidence::make)),
    ]
}

/// Reads a JSON request strictly.
fn parse<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let bad = |why: String| Problem::new(Code::BadRequest, why);
    let value = forewarn_stix::json::read(bytes).map_err(|e| bad(e.to_string()))?;
    serde_json::from_value(value).map_err(|e| bad(format!("the request cannot be read: {e}")))
}

/// A time of a row. The node wrote it, so one that cannot be read is damage.
fn stored_time(what: &str, time: String) -> Result<Timestamp, Failure> {
    let damaged = |e: BadTimestamp| Failure::Store(format!("damaged: {what}: {e}"));
    Timestamp::try_from(time).map_err(damaged)
}

/// Whether the caller may do more than read.
fn may(caller: &Caller, permission: forewarn_exchange::user::Permission) -> bool {
    matches!(caller, Caller::User(user) if user.permits(permission))
}
