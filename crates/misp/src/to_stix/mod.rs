//! From events of MISP to STIX objects.
//!
//! A file is walked twice: first for what each event says of itself, since its tags and whoever made
//! it may stand behind a million attributes; then for the attributes and objects, one by one.

mod around;
mod attribute;
mod domain;
mod event;
mod galaxy;
mod mark;
mod object;

pub(crate) use domain::pluck as pluck_domain;
pub(crate) use galaxy::keys;
pub(crate) use mark::level;
pub(crate) use object::PLACE;

use crate::bounds::MAX_HEAD_BYTES;
use crate::frame::{List, Visit, walk};
use crate::loss::{Losses, Refused, below};
use crate::made::Out;
use crate::record::Record;
use event::{Conversion, Event};
use forewarn_stix::json;
use serde_json::{Map, Value};
use std::io::Read;

/// STIX objects, and what of the input they do not say.
#[derive(Debug, Default)]
pub struct Converted {
    /// The objects, in an order in which what is referred to may follow.
    pub objects: Vec<Value>,
    /// What was not carried over.
    pub losses: Losses,
}

/// The objects of events that are at hand as bytes.
///
/// Errs as [`convert`] does.
pub fn to_stix(bytes: &[u8]) -> Result<Converted, Refused> {
    let mut objects = Vec::new();
    let losses = convert(&mut || Ok(bytes), &mut |object| objects.push(object))?;
    Ok(Converted { objects, losses })
}

/// Converts an event, a list of events, or an answer of a server with events in it. The input is
/// opened twice; each object goes to `sink` as soon as it is made, so that a file of any length is
/// converted in bounded memory.
///
/// Errs when the input cannot be read, is not what MISP writes, or says of its handling what nobody
/// can obey. Objects that went to `sink` before must then not be used.
pub fn convert<R: Read>(
    open: &mut dyn FnMut() -> std::io::Result<R>,
    sink: &mut dyn FnMut(Value),
) -> Result<Losses, Refused> {
    let mut heads = Heads::default();
    walk(open()?, &mut heads)?;
    let mut losses = heads.losses;
    if heads.all.is_empty() {
        return Err(Refused::form("", "has no event of MISP"));
    }
    let mut second = Second {
        heads: heads.all.into_iter(),
        now: None,
        out: Out::new(sink),
        losses: &mut losses,
    };
    walk(open()?, &mut second)?;
    Ok(losses)
}

/// The first walk.
#[derive(Default)]
struct Heads {
    all: Vec<Record>,
    bytes: usize,
    losses: Losses,
    /// Whether the event has a list of attributes or objects.
    is_event: bool,
}

impl Visit for Heads {
    fn wants_parts(&self) -> bool {
        false
    }

    fn begin(&mut self, at: &str) -> Result<(), Refused> {
        self.all.push(Record { map: Map::new(), at: at.to_owned() });
        Ok(())
    }

    fn field(&mut self, key: String, bytes: Vec<u8>) -> Result<(), Refused> {
        let Some(head) = self.all.last_mut() else { return Ok(()) };
        let at = below(&head.at, &key);
        self.bytes += bytes.len();
        if self.bytes > MAX_HEAD_BYTES {
            let why =
                format!("what stands beside attributes is longer than {MAX_HEAD_BYTES} bytes");
            return Err(Refused::form(at, why));
        }
        let value = json::read(&bytes).map_err(|why| Refused::form(at, why.to_string()))?;
        head.map.insert(key, value);
        Ok(())
    }

    fn part(&mut self, _: List, _: &[u8], _: String) -> Result<(), Refused> {
        Ok(())
    }

    fn list(&mut self, _: List) {
        self.is_event = true;
    }

    /// What says nothing that an event says is none, whatever else it is.
    fn end(&mut self) -> Result<(), Refused> {
        let head = self.all.last();
        let says = |key: &str| head.is_some_and(|head| head.map.contains_key(key));
        if !std::mem::take(&mut self.is_event) && !says("info") && !says("uuid") {
            let at = head.map(|head| head.at.clone()).unwrap_or_default();
            let why = "is no event of MISP: it has no info, no uuid, no attributes and no objects";
            return Err(Refused::form(at, why));
        }
        Ok(())
    }

    fn beside(&mut self, at: String) {
        self.losses.add(at, "stands beside an event, and belongs to none");
    }
}

/// The second walk.
struct Second<'a> {
    heads: std::vec::IntoIter<Record>,
    now: Option<Conversion>,
    out: Out<'a>,
    losses: &'a mut Losses,
}

impl Visit for Second<'_> {
    fn wants_parts(&self) -> bool {
        true
    }

    fn begin(&mut self, _: &str) -> Result<(), Refused> {
        let Some(head) = self.heads.next() else {
            return Err(Refused::form("", "changed while it was read"));
        };
        self.now = Some(Conversion::of(Event::read(head), &mut self.out)?);
        Ok(())
    }

    fn field(&mut self, _: String, _: Vec<u8>) -> Result<(), Refused> {
        Ok(())
    }

    fn part(&mut self, list: List, bytes: &[u8], at: String) -> Result<(), Refused> {
        let Some(now) = self.now.as_mut() else { return Ok(()) };
        let record = Record::read(bytes, at.clone())?;
        match list {
            List::Attribute => now.attribute(record, &mut self.out)?,
            List::Object => now.object(record, &mut self.out)?,
        }
        now.fold(&mut self.out);
        for id in std::mem::take(&mut self.out.too_long) {
            self.losses
                .add(at.clone(), format!("`{id}` would be longer than STIX objects are read"));
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), Refused> {
        if let Some(now) = self.now.take() {
            let at = now.at().to_owned();
            now.finish(&mut self.out, self.losses)?;
            for id in std::mem::take(&mut self.out.too_long) {
                let why = format!("`{id}` would be longer than STIX objects are read");
                self.losses.add(at.clone(), why);
            }
        }
        Ok(())
    }

    fn list(&mut self, _: List) {}

    fn beside(&mut self, _: String) {}
}
