//! The frame of every page: skip link, marking, exercise, header, page, links, marking.

use super::reader::Reader;
use super::show::{At, Mark};
use super::texts::Words;
use super::word;
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use forewarn_exchange::scale::Status;
use forewarn_exchange::user::Permission;
use forewarn_node::{Node, clock};
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Tlp;

/// Which part of the desk a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Watch,
    Cases,
    Warnings,
    Proposals,
    Partners,
    Items,
    Search,
    Map,
    Audit,
}

/// A link of the header.
pub(crate) struct Link {
    pub(crate) at: &'static str,
    pub(crate) words: &'static str,
    pub(crate) here: bool,
}

/// What stands around a page.
pub(crate) struct Frame {
    pub(crate) w: &'static Words,
    pub(crate) title: String,
    pub(crate) node: String,
    pub(crate) organisation: String,
    /// The highest marking of what this reader sees on this page.
    pub(crate) marking: Option<Tlp>,
    /// The word of the band, where what the page shows is not meant.
    pub(crate) band: Option<&'static str>,
    /// Name and roles of whoever reads it.
    pub(crate) who: Option<(String, String)>,
    pub(crate) token: String,
    /// Whether the reader administers the node.
    pub(crate) keeps: bool,
    /// Whether the reader may see who stands behind sources.
    pub(crate) sees_sources: bool,
    pub(crate) links: Vec<Link>,
    pub(crate) now: Timestamp,
    /// What it follows as it changes: everything, or one thing; from which change on.
    pub(crate) live: Option<(String, i64)>,
}

impl Frame {
    /// A frame for a page of nothing that is marked.
    pub(crate) fn new(
        node: &Node,
        reader: Option<&Reader>,
        w: &'static Words,
        title: impl Into<String>,
    ) -> Frame {
        let us = node.state.us();
        let roles = |reader: &Reader| {
            let roles: Vec<&str> =
                reader.user.roles.iter().map(|one| word::role(w, *one)).collect();
            roles.join(", ")
        };
        let who = reader.map(|reader| (reader.name().to_string(), roles(reader)));
        let token = reader.map(|reader| reader.token.text().to_owned()).unwrap_or_default();
        let frame = Frame {
            w,
            title: title.into(),
            node: us.name().to_string(),
            organisation: us.organisation().to_owned(),
            marking: None,
            band: None,
            who,
            token,
            keeps: reader.is_some_and(|reader| reader.may(Permission::Administer)),
            sees_sources: reader.is_some_and(|reader| reader.may(Permission::SeeSources)),
            links: links(w, None),
            now: clock::now(),
            live: None,
        };
        // Where the whole node exercises, every page of it does.
        frame.about(us.configuration.status)
    }

    /// The page shows what is marked so.
    #[must_use]
    pub(crate) fn marked(self, marking: impl IntoIterator<Item = Tlp>) -> Frame {
        let marking = self.marking.into_iter().chain(marking).max();
        Frame { marking, ..self }
    }

    /// The page is about something that is meant, or not.
    #[must_use]
    pub(crate) fn about(self, status: Status) -> Frame {
        let band = match status {
            Status::Actual => self.band,
            Status::Exercise => Some(self.w.frame.exercise_tag),
            Status::Test => self.band.or(Some(self.w.frame.test_tag)),
        };
        Frame { band, ..self }
    }

    /// The page belongs to this part of the desk.
    #[must_use]
    pub(crate) fn of(self, part: Part) -> Frame {
        Frame { links: links(self.w, Some(part)), ..self }
    }

    /// The page is told of what changes after this line of the history: of everything, or of one thing.
    #[must_use]
    pub(crate) fn live(self, about: impl Into<String>, after: i64) -> Frame {
        Frame { live: Some((about.into(), after)), ..self }
    }

    pub(crate) fn class(&self) -> &'static str {
        self.marking.map_or("t-none", Mark::class)
    }

    pub(crate) fn now(&self) -> At {
        At(self.now.clone())
    }
}

fn links(w: &Words, here: Option<Part>) -> Vec<Link> {
    let all = [
        ("/desk/", w.frame.watch, Part::Watch),
        ("/desk/cases", w.frame.cases, Part::Cases),
        ("/desk/warnings", w.frame.warnings, Part::Warnings),
        ("/desk/proposals", w.frame.proposals, Part::Proposals),
        ("/desk/partners", w.frame.partners, Part::Partners),
        ("/desk/items", w.frame.items, Part::Items),
        ("/desk/search", w.find.title, Part::Search),
        ("/desk/map", w.map.title, Part::Map),
        ("/desk/audit", w.frame.audit, Part::Audit),
    ];
    all.into_iter().map(|(at, words, part)| Link { at, words, here: here == Some(part) }).collect()
}

/// A page as an answer. It is not compressed: it holds the token of the session beside words that
/// others wrote, and the length of what is compressed would tell of it (BREACH).
pub(crate) fn html(page: &impl Template) -> Response {
    match page.render() {
        Ok(body) => {
            let kind = HeaderValue::from_static("text/html; charset=utf-8");
            ([(header::CONTENT_TYPE, kind)], body).into_response()
        }
        Err(why) => {
            tracing::error!(%why, "a page could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// The page with another status.
pub(crate) fn html_with(status: StatusCode, page: &impl Template) -> Response {
    let mut response = html(page);
    if response.status().is_success() {
        *response.status_mut() = status;
    }
    response
}
