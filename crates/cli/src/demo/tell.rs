//! Tells what happens, with the time since the start.

use crate::failure::Failed;
use crate::output;
use std::time::Instant;

pub(super) struct Teller {
    start: Instant,
}

impl Teller {
    pub(super) fn new() -> Teller {
        Teller { start: Instant::now() }
    }

    /// What happened.
    pub(super) fn say(&self, text: impl AsRef<str>) -> Result<(), Failed> {
        let mut stamp = format!("  {:6.2} s  ", self.start.elapsed().as_secs_f64());
        for line in text.as_ref().lines() {
            output::line(format!("{stamp}{line}"))?;
            " ".repeat(stamp.len()).clone_into(&mut stamp);
        }
        Ok(())
    }
}

/// A new step.
pub(super) fn step(number: u32, title: &str) -> Result<(), Failed> {
    output::line(format!("\n{number}. {title}"))
}

/// The command that a person would type for what was just done.
pub(super) fn command(node: &str, words: &str) -> Result<(), Failed> {
    output::line(format!("            {node}$ forewarn {words}"))
}
