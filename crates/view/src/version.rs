//! In what two versions of a warning differ, in words.

use crate::text;
use forewarn_exchange::version::{Change, Part};

/// A line for each thing that is not there any more, with `-` before it, and for each that is new,
/// with `+`, below the name of its part.
pub fn lines(changes: &[Change]) -> Vec<String> {
    let mut lines = Vec::new();
    for Change { part, before, after } in changes {
        lines.push(format!("  {}:", name(*part)));
        lines.extend(before.iter().map(|one| format!("    - {}", text::line(one))));
        lines.extend(after.iter().map(|one| format!("    + {}", text::line(one))));
    }
    lines
}

fn name(part: Part) -> &'static str {
    match part {
        Part::Title => "title",
        Part::Text => "text",
        Part::Urgency => "urgency",
        Part::Marking => "marking",
        Part::ValidUntil => "valid until",
        Part::Persons => "persons",
        Part::Places => "places",
        Part::Observables => "to watch for",
        Part::Objects => "other objects",
    }
}
