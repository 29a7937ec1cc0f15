//! Small parts of pages: foreign text, markings, times.

use askama::filters::HtmlSafe;
use forewarn_exchange::actor::Actor;
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Tlp;
use forewarn_view::text;
use std::fmt;

/// Foreign text on one line, as text: what would act on the eye is spelt out.
pub(crate) fn line(words: &str) -> String {
    text::line(words)
}

/// Foreign text that keeps its lines.
pub(crate) fn block(words: &str) -> String {
    text::block(words)
}

/// A marking as a label: always its words, on black.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark(pub(crate) Tlp);

impl Mark {
    /// The class of its colour.
    pub(crate) fn class(tlp: Tlp) -> &'static str {
        match tlp {
            Tlp::Clear => "t-clear",
            Tlp::Green => "t-green",
            Tlp::Amber | Tlp::AmberStrict => "t-amber",
            Tlp::Red => "t-red",
        }
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<b class=\"tlp {}\">{}</b>", Mark::class(self.0), self.0)
    }
}

impl HtmlSafe for Mark {}

/// A time to the second, which a script gives in the reader's zone too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct At(pub(crate) Timestamp);

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = text::time(&self.0);
        let (day, time) = shown.split_once('T').unwrap_or(("", &shown));
        write!(f, "<time datetime=\"{shown}\">{day} {time}</time>")
    }
}

impl HtmlSafe for At {}

/// Who did something, as people say it: a user's name, a partner's, or the part of the node.
pub(crate) fn who(actor: &Actor) -> String {
    actor.to_string().split_once(':').map_or_else(|| actor.to_string(), |(_, name)| name.to_owned())
}
