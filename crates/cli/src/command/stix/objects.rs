//! The objects of a file, in any form in which an intake takes them.

use super::super::file;
use crate::failure::Failed;
use crate::output;
use forewarn_node::intake::{Format, NotTaken, START_BYTES, guess};
use forewarn_stix::bundle::{FrameError, Objects};
use forewarn_stix::json;
use forewarn_stix::object::MAX_OBJECT_BYTES;
use forewarn_stix::{Judged, unicode};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::Value;
use std::io::{Chain, Cursor, IsTerminal as _, Read};
use std::path::Path;

/// From this size on, a person is shown how far it has come.
const SHOWN_FROM: u64 = 8 << 20;

/// What a file turned out to be.
pub(super) enum Found {
    /// One object, or something that is none: all its bytes, in UTF-8.
    Single(Vec<u8>),
    /// Something that is known and not read, or has no objects: in words.
    Nothing(String),
    /// Objects in a frame.
    Many(Box<Many>),
}

/// What has been read to know the file, and what follows it.
type Input = Chain<Cursor<Vec<u8>>, Box<dyn Read>>;

/// Objects read one by one, in bounded memory.
pub(super) struct Many {
    objects: Objects<Input>,
    bar: ProgressBar,
}

/// Opens a file. A single object is told from a frame by having no list of `objects`.
pub(super) fn open(path: &Path) -> Result<Found, Failed> {
    let size = std::fs::metadata(path).map_or(0, |about| about.len());
    let mut input = file::open(path)?;
    let mut start = Vec::new();
    let read = input.by_ref().take(MAX_OBJECT_BYTES as u64 + 1).read_to_end(&mut start);
    read.map_err(|e| Failed::refused(format!("cannot be read: {e}")).about(path))?;
    match guess(start.get(..START_BYTES).unwrap_or(&start)) {
        Err(foreign) => return Ok(Found::Nothing(foreign.to_string())),
        Ok(Format::Misp) => return Ok(Found::Nothing(NotTaken::Misp.to_string())),
        Ok(Format::Stix | Format::Text | Format::Document) => {}
    }
    // One byte more than an object may have: what is too long by itself is told so.
    let mut begun = Objects::any(&start[..]);
    match begun.next_object() {
        Ok(Some(first)) => {
            if matches!(begun.next_object(), Ok(None)) && begun.is_one_object() {
                return Ok(Found::Single(first));
            }
        }
        Ok(None) if begun.is_bundle() => {}
        Ok(None) => return Ok(Found::Nothing(NotTaken::NoObjects(begun.instead()).to_string())),
        Err(FrameError::Stix20) => {}
        Err(FrameError::Unicode(e)) => return Ok(Found::Nothing(e.to_string())),
        Err(_) => return Ok(Found::Single(unicode::to_utf8(start).unwrap_or_default())),
    }
    let objects = Objects::any(Cursor::new(start).chain(input));
    Ok(Found::Many(Box::new(Many { objects, bar: bar(size) })))
}

impl Many {
    pub(super) fn next(&mut self) -> Result<Option<Vec<u8>>, FrameError> {
        let next = self.objects.next_object();
        self.bar.set_position(self.objects.position());
        if !matches!(next, Ok(Some(_))) {
            self.bar.finish_and_clear();
        }
        next
    }

    /// The value of an object that `next` gave, counted from 0. One that cannot be read is said, by
    /// its number from 1, and passed over.
    pub(super) fn read(&self, index: u64, bytes: &[u8]) -> Option<Value> {
        let number = index + 1;
        let say = |e: &_| {
            self.aside(|| output::aside(format!("object {number} is passed over: {e}")));
        };
        json::read(bytes).inspect_err(say).ok()
    }

    /// The findings on bundles that have ended since this was last asked for.
    pub(super) fn take_heads(&mut self) -> Vec<Judged> {
        self.objects.take_heads()
    }

    /// Writes without the bar in the way.
    pub(super) fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        self.bar.suspend(write)
    }
}

fn bar(size: u64) -> ProgressBar {
    if size < SHOWN_FROM || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(Some(size), ProgressDrawTarget::stderr_with_hz(5));
    let style = ProgressStyle::with_template("{wide_bar} {bytes} of {total_bytes}, {eta} left");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
