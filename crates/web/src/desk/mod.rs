//! `/desk/`: what a duty officer sees. Pages rendered here, over the same types, permissions and acts as
//! the API; one page a file.
//!
//! A page takes what it shows from `view`, or from what the API answers with. Forms are pages; what
//! they send is read by [`posted::Posted`], and comes from no other site. Nothing needs a script.

mod account;
mod agreement;
mod assets;
mod audit;
mod case;
mod cases;
mod channels;
mod charts;
mod clock;
mod cookie;
mod corrected;
mod dangers;
mod decision;
mod draft;
mod drawn;
pub(crate) mod entry;
pub(crate) mod error;
mod exercises;
mod exported;
mod feeds;
mod finding;
mod form;
mod frame;
mod graph;
pub(crate) mod headers;
mod health;
mod hint;
mod home;
mod intake;
mod interest;
mod interests;
mod items;
mod known;
mod later;
mod map;
mod outlines;
mod paper;
mod partners;
mod permission;
mod plain;
mod posted;
mod proposal;
mod proposals;
mod qr;
mod quarantine;
mod reader;
mod readouts;
mod record;
mod release;
mod search;
mod settings;
mod show;
pub(crate) mod sign_in;
mod sources;
mod speak;
mod templates;
mod terms;
mod texts;
mod told;
mod tried;
mod unsent;
mod users;
mod warning;
mod warnings;
mod watch;
mod word;

use crate::api::events;
use crate::app::{Needs, Route, get, post, route};
use forewarn_exchange::user::Permission::{
    Administer, Draft, ManagePartners, Read, Receive, Release, SeeSources, TakeIn,
};

/// Where the desk is.
pub(crate) const ROOT: &str = "/desk/";

pub(crate) fn routes() -> Vec<Route> {
    let mut all = of_duties();
    all.extend(of_knowledge());
    all.extend(of_readers());
    all.extend(of_keeping());
    all
}

/// What is known.
fn of_knowledge() -> Vec<Route> {
    let sees = Needs::Page(SeeSources);
    let (read, manage) = (Needs::Page(Read), Needs::Page(ManagePartners));
    vec![
        route("/desk/items", read, get(items::list)),
        route("/desk/items/take", Needs::Page(TakeIn), post(intake::take)),
        route("/desk/items/{id}", read, get(items::one)),
        route("/desk/items/{id}/case", Needs::Page(Draft), post(intake::open)),
        route("/desk/items/{id}/correct", read, post(corrected::correct)),
        route("/desk/bytes/{id}", read, get(items::bytes)),
        route("/desk/original/{id}", read, get(items::original)),
        route("/desk/quarantine", read, get(quarantine::show)),
        route("/desk/partners", read, get(partners::list).post(partners::add)),
        route("/desk/partners/{name}", read, get(partners::one)),
        route(
            "/desk/partners/{name}/confirm",
            manage,
            get(partners::confirm_page).post(partners::confirm),
        ),
        route(
            "/desk/partners/{name}/agreement",
            read,
            get(agreement::show).post(agreement::propose),
        ),
        route("/desk/partners/{name}/agreement/{version}/accept", manage, post(agreement::accept)),
        route(
            "/desk/partners/{name}/agreement/{version}/decline",
            manage,
            post(agreement::decline),
        ),
        route("/desk/partners/{name}/suspend", manage, post(partners::suspend)),
        route("/desk/channels/{partner}", read, get(channels::one)),
        route(
            "/desk/channels/{partner}/evidence",
            read,
            get(channels::evidence_page).post(channels::prove),
        ),
        route("/desk/charts", read, get(charts::show)),
        route("/desk/templates", read, get(templates::list).post(templates::set)),
        route("/desk/templates/remove", read, post(templates::remove)),
        route("/desk/sources", sees, get(sources::list)),
        route("/desk/sources/look", sees, post(sources::look)),
        route("/desk/sources/keep", sees, post(sources::keep)),
        route("/desk/sources/forget", sees, post(sources::forget)),
        route("/desk/dangers", read, get(dangers::list).post(dangers::raise)),
        route("/desk/dangers/{number}", read, get(dangers::one)),
        route("/desk/dangers/{number}/lift", read, post(dangers::lift)),
        route("/desk/exercises", read, get(exercises::list)),
        route("/desk/exercises/{number}", read, get(exercises::one)),
        route("/desk/exercises/{number}/end", read, post(exercises::end)),
        route("/desk/readouts", read, get(readouts::list)),
        route("/desk/readouts/{subject}", read, get(readouts::one)),
        route("/desk/readouts/{subject}/{verb}", read, post(readouts::does)),
        route("/desk/record", read, get(record::list)),
        route("/desk/record/{what}", read, get(record::one)),
        route("/desk/record/{what}/hold", read, post(record::hold)),
        route("/desk/record/{what}/lift", read, post(record::lift)),
        route("/desk/record/{what}/erase", read, post(record::erase)),
    ]
}

/// What is looked for, interests, and one's own account.
fn of_readers() -> Vec<Route> {
    let (read, manage) = (Needs::Page(Read), Needs::Page(ManagePartners));
    vec![
        route("/desk/search", read, get(search::show)),
        route("/desk/map", read, get(map::show)),
        route("/desk/interests", read, get(interests::show)),
        route("/desk/interests/try", read, post(interests::try_text)),
        route("/desk/interests/new", manage, get(interest::empty).post(interest::add)),
        route("/desk/interests/{partner}/{id}", manage, get(interest::one).post(interest::change)),
        route("/desk/interests/{partner}/{id}/withdraw", manage, post(interest::withdraw)),
        route("/desk/audit", read, get(audit::show)),
        route("/desk/account", read, get(account::show)),
        route("/desk/account/password", read, post(account::password)),
        route("/desk/account/factor", read, post(account::factor)),
        route("/desk/account/factor/confirm", read, post(account::confirm)),
        route("/desk/account/factor/remove", read, post(account::remove)),
        route("/desk/account/token", read, post(account::token)),
        route("/desk/account/end", read, post(account::end)),
    ]
}

/// How the node is kept: people, settings, feeds, and how it fares.
fn of_keeping() -> Vec<Route> {
    let (read, keep) = (Needs::Page(Read), Needs::Page(Administer));
    vec![
        route("/desk/settings", keep, get(settings::show).post(settings::reload)),
        route("/desk/health", read, get(health::show)),
        route("/desk/feeds", read, get(feeds::show).post(feeds::added)),
        route("/desk/feeds/one", keep, post(feeds::one_done)),
        route("/desk/users", read, get(users::list).post(users::add)),
        route("/desk/users/{name}", read, get(users::one)),
        route("/desk/users/{name}/suspend", keep, post(users::suspend)),
        route("/desk/users/{name}/resume", keep, post(users::resume)),
        route("/desk/users/{name}/remove", keep, post(users::remove)),
        route("/desk/users/{name}/invite", keep, post(users::invite)),
    ]
}

/// The watch, cases, warnings, and what waits for a second person.
fn of_duties() -> Vec<Route> {
    let read = Needs::Page(Read);
    vec![
        route("/", Needs::Nothing, get(home::from_root)),
        route("/desk", Needs::Nothing, get(home::to_desk)),
        route("/desk/style.css", Needs::Nothing, get(assets::style)),
        route("/desk/clear.svg", Needs::Nothing, get(assets::clear)),
        route("/desk/script.js", Needs::Nothing, get(assets::script)),
        route("/desk/sign-in", Needs::Nothing, get(sign_in::show).post(sign_in::begin)),
        route("/desk/sign-out", read, post(sign_in::end)),
        route("/desk/", read, get(watch::show)),
        route("/desk/events", read, get(events::for_pages)),
        route("/desk/take", read, post(watch::take)),
        route("/desk/unsent", read, post(unsent::keep)),
        route("/desk/unsent/drop", read, post(unsent::drop_it)),
        route("/desk/cases", read, get(cases::show)),
        route("/desk/cases/{number}", read, get(case::show)),
        route(
            "/desk/cases/{number}/finding",
            Needs::Page(Draft),
            get(finding::show).post(finding::record),
        ),
        route("/desk/cases/{number}/decision", read, get(decision::show).post(decision::decide)),
        route(
            "/desk/cases/{number}/draft",
            Needs::Page(Draft),
            get(draft::show).post(draft::write),
        ),
        route("/desk/cases/{number}/export", read, get(exported::show).post(exported::make)),
        route("/desk/cases/{number}/release", read, get(release::show).post(release::release)),
        route(
            "/desk/cases/{number}/answer/{question}",
            Needs::Page(Release),
            get(later::question).post(later::answer),
        ),
        route(
            "/desk/cases/{number}/permission/{request}",
            Needs::Page(Release),
            get(permission::show).post(permission::answer),
        ),
        route("/desk/cases/{number}/tell", read, get(told::tell_page).post(told::tell)),
        route(
            "/desk/cases/{number}/told/{told}",
            Needs::Page(Release),
            get(told::verdict_page).post(told::decide),
        ),
        route("/desk/cases/{number}/recall", read, get(later::recall_page).post(later::recall)),
        route("/desk/cases/{number}/pause", read, get(later::pause_page).post(later::pause)),
        route("/desk/cases/{number}/resume", read, post(later::resume)),
        route(
            "/desk/cases/{number}/keep",
            Needs::Page(Release),
            get(later::keep_page).post(later::keep),
        ),
        route("/desk/cases/{number}/reopen", read, get(later::reopen_page).post(later::reopen)),
        route("/desk/cases/{number}/urgency", read, get(later::urgency_page).post(later::urgency)),
        route("/desk/warnings", read, get(warnings::show)),
        route("/desk/warnings/{number}", read, get(warning::show)),
        route("/desk/warnings/{number}/open", Needs::Page(Receive), post(warning::open)),
        route(
            "/desk/warnings/{number}/say/{verb}",
            Needs::Page(Receive),
            get(speak::show).post(speak::say),
        ),
        route("/desk/proposals", read, get(proposals::show)),
        route("/desk/proposals/{number}", read, get(proposal::show)),
        route("/desk/proposals/{number}/approve", read, post(proposal::approve)),
        route("/desk/proposals/{number}/drop", read, post(proposal::drop_it)),
    ]
}
