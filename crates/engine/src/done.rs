//! What a command has done: its answer, what the history tells of it, whose log has grown.

use crate::notice::Notice;
use crate::work::Outcome;
use forewarn_exchange::event::Event;
use forewarn_exchange::history::Line;
use forewarn_exchange::name::NodeName;

/// What was done: the answer, and the lines of the history.
pub(crate) struct Done {
    pub(crate) outcome: Outcome,
    pub(crate) lines: Vec<Line>,
    /// Partners to whom our log has grown.
    pub(crate) posted: Vec<NodeName>,
    /// What is logged.
    pub(crate) notices: Vec<Notice>,
}

impl Done {
    /// Something that no log of ours has grown by.
    pub(crate) fn new(outcome: Outcome, lines: Vec<Line>) -> Done {
        Done { outcome, lines, posted: Vec::new(), notices: Vec::new() }
    }

    /// What these events have done.
    pub(crate) fn of(outcome: Outcome, events: &[Event]) -> Done {
        let lines = events.iter().filter_map(Event::line).collect();
        let notices = events.iter().filter_map(Notice::of).collect();
        Done { outcome, lines, posted: posted(events), notices }
    }
}

/// Partners to whom our log grows by these events.
pub(crate) fn posted(events: &[Event]) -> Vec<NodeName> {
    events.iter().filter_map(Event::lengthens).cloned().collect()
}
