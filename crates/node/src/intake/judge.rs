//! From bytes to items: what is usable, and what goes to quarantine.

use super::Destination;
use super::kind::{Foreign, Format, guess};
use super::misp::sort_misp;
use super::upgraded::sort_upgraded;
use forewarn_exchange::id::{CollectionNumber, ExerciseNumber};
use forewarn_extract::MAX_TEXT_BYTES;
use forewarn_stix::bundle::{FrameError, Objects};
use forewarn_stix::finding::{Finding, Severity};
use forewarn_stix::object;
use forewarn_stix::unicode::{self, NotUnicode};
use forewarn_stix::upgrade;
use forewarn_store::intake::Refused;
use forewarn_store::item::{Media, NewItem, Original};
use forewarn_store::reason::Reason;
use forewarn_store::stamp::Stamp;
use forewarn_transcript::Hash;
use std::io::Read;

/// A body that cannot be taken in as a whole.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    /// Its frame cannot be read: it is not JSON, or has no list of objects.
    #[error("{}", frame(.0))]
    Frame(#[from] FrameError),
    #[error(
        "MISP events cannot be taken in here; take the event in by `forewarn intake`, or make STIX of \
         it by `forewarn convert`"
    )]
    /// It is a MISP event, where only STIX is taken in.
    Misp,
    /// It is a MISP event that is not read: why.
    #[error("the MISP event cannot be taken in: {0}")]
    BadMisp(#[from] forewarn_misp::Refused),
    /// It is a bundle of STIX 2.0 that cannot be brought to 2.1.
    #[error("{0}")]
    NotUpgraded(#[from] upgrade::NotUpgraded),
    /// It is something that is not read: what.
    #[error("{0}")]
    Foreign(Foreign),
    /// It is a document that cannot be read.
    #[error("the document cannot be read: {0}")]
    Document(#[from] forewarn_document::Refused),
    /// The text is not in the encoding that its mark says.
    #[error("the text cannot be read: {0}")]
    Unicode(#[from] NotUnicode),
    /// The text is too long: how many bytes it has.
    #[error("the text has {0} bytes; the most is {MAX_TEXT_BYTES}")]
    TooLong(usize),
    /// There is no object in it: what there is instead.
    #[error("there is nothing to take in: {0}")]
    NoObjects(String),
    /// There are more objects than are judged at once: how many may come.
    #[error("it has more than {0} objects; send it in several smaller parts")]
    TooMany(u64),
    /// The text has nothing but white space.
    #[error("the text is empty")]
    Empty,
    #[error(
        "the outer object is no STIX bundle: its type is {0}; expected a bundle or a TAXII envelope"
    )]
    /// The outer object has another type: which.
    NotABundle(String),
}

fn frame(why: &FrameError) -> String {
    if why.is_of_whole() {
        return why.to_string();
    }
    format!("it is not a STIX bundle or envelope: {why}")
}

/// Most bytes that are taken in at once; a longer bundle goes in parts.
pub const MAX_INTAKE_BYTES: usize = 32 << 20;
/// What is looked at to know what a body is.
pub const START_BYTES: usize = 4 << 10;
/// Objects and bytes of one part: each is a transaction, while the next one is judged.
pub(super) const PART_OBJECTS: usize = 500;
pub(super) const PART_BYTES: usize = 4 << 20;
/// Most objects that are judged at once: of the smallest, what is kept of each is a hundred times
/// as long.
pub(super) const MAX_AT_ONCE: u64 = 100_000;
/// Fewer objects are not worth a thread.
const LEAST_SHARE: usize = 50;

/// Items and refusals, in the order of the input; positions count both.
#[derive(Debug, Default)]
pub struct Sorted {
    /// What is usable, ready to be kept.
    pub items: Vec<NewItem>,
    /// What is not usable, with its reasons.
    pub refused: Vec<Refused>,
    /// For each object of the input: where in `items`, or in `refused`.
    pub order: Vec<Place>,
}

/// Where an object of the input went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Its place in [`Sorted::items`].
    Item(usize),
    /// Its place in [`Sorted::refused`].
    Refused(usize),
}

/// Reads a bundle or envelope to its end and returns its objects, at most `most`.
///
/// # Errors
/// It is broken anywhere, or has more objects: then nothing of it is returned.
pub fn read_all<R: Read>(objects: &mut Objects<R>, most: u64) -> Result<Vec<Vec<u8>>, NotTaken> {
    let mut all = Vec::new();
    walk(objects, most, |object, _| all.push(object))?;
    Ok(all)
}

/// Reads one to its end and keeps nothing.
///
/// # Errors
/// It is broken anywhere, has no object, or more than `most`.
pub fn read_through(input: impl Read, most: u64) -> Result<(), NotTaken> {
    let mut objects = Objects::new(input);
    match walk(&mut objects, most, |_, _| {})? {
        0 => Err(NotTaken::NoObjects(objects.instead())),
        _ => Ok(()),
    }
}

/// Reads one to its end and returns its objects, at most `most`.
///
/// # Errors
/// It is broken anywhere, has no object, or more than `most`.
pub fn read_some<R: Read>(objects: &mut Objects<R>, most: u64) -> Result<Vec<Vec<u8>>, NotTaken> {
    let all = read_all(objects, most)?;
    if all.is_empty() { Err(NotTaken::NoObjects(objects.instead())) } else { Ok(all) }
}

fn walk<R: Read>(
    objects: &mut Objects<R>,
    most: u64,
    mut take: impl FnMut(Vec<u8>, Option<u64>),
) -> Result<u64, NotTaken> {
    let mut count = 0;
    while let Some(object) = objects.next_object()? {
        count += 1;
        if count > most {
            return Err(NotTaken::TooMany(most));
        }
        take(object, objects.own_line());
    }
    objects.foreign().map_or(Ok(count), |found| Err(NotTaken::NotABundle(found.to_owned())))
}

/// Judges objects part by part; every part goes to `take`, until that says no more.
pub fn sort_parts(
    objects: impl Iterator<Item = Result<Vec<u8>, FrameError>>,
    to: Destination<'_>,
    mut take: impl FnMut(Sorted) -> bool,
) -> Result<(), NotTaken> {
    let (mut part, mut bytes, mut position) = (Vec::new(), 0, 0);
    let mut objects = objects.peekable();
    while let Some(object) = objects.next() {
        let object = object?;
        bytes += object.len();
        part.push(object);
        if part.len() == PART_OBJECTS || bytes >= PART_BYTES || objects.peek().is_none() {
            let count = i64::try_from(part.len()).unwrap_or(0);
            let sorted = sort(std::mem::take(&mut part), to, position);
            (bytes, position) = (0, position + count);
            if !take(sorted) {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// The objects of a bundle or envelope that is read again.
pub fn again(input: impl Read) -> impl Iterator<Item = Result<Vec<u8>, FrameError>> {
    let mut objects = Objects::new(input);
    std::iter::from_fn(move || objects.next_object().transpose())
}

/// Reads objects in any form: each judged by itself. Where each has a line of its own, one that is
/// no JSON is named by its line.
pub fn sort_stix(input: impl Read, to: Destination<'_>) -> Result<Sorted, NotTaken> {
    let (mut all, mut lines) = (Vec::new(), Vec::new());
    let mut objects = Objects::any(input);
    walk(&mut objects, MAX_AT_ONCE, |object, line| {
        all.push(object);
        lines.extend(line);
    })?;
    if all.is_empty() {
        return Err(NotTaken::NoObjects(objects.instead()));
    }
    let many = lines.len() == all.len() && lines.len() > 1;
    let mut sorted = sort(all, to, 0);
    for one in sorted.refused.iter_mut().filter(|_| many) {
        let place = usize::try_from(one.position).ok();
        if let Some(line) = place.and_then(|place| lines.get(place)) {
            name_line(one, *line);
        }
    }
    Ok(sorted)
}

/// Judges what stands in one line of an input, which is no JSON.
pub fn sort_line(bytes: Vec<u8>, line: u64, to: Destination<'_>) -> Sorted {
    let mut sorted = sort(vec![bytes], to, 0);
    for one in &mut sorted.refused {
        name_line(one, line);
    }
    sorted
}

/// The rule that what is no JSON object breaks.
const NOT_JSON: &str = "json";

fn name_line(refused: &mut Refused, line: u64) {
    for reason in refused.reasons.iter_mut().filter(|reason| reason.rule == NOT_JSON) {
        reason.message = format!("line {line}: {}", reason.message);
    }
}

/// Judges objects, each by itself, on all processors; `position` is that of the first in the input.
pub fn sort(objects: Vec<Vec<u8>>, to: Destination<'_>, position: i64) -> Sorted {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let share = objects.len().div_ceil(threads).max(LEAST_SHARE);
    if objects.len() <= share {
        return Sorted::of(objects, to, position);
    }
    let mut shares = Vec::new();
    let mut rest = objects;
    let mut at = position;
    while !rest.is_empty() {
        let tail = rest.split_off(rest.len().min(share));
        let count = i64::try_from(rest.len()).unwrap_or(0);
        shares.push((at, std::mem::replace(&mut rest, tail)));
        at += count;
    }
    std::thread::scope(|scope| {
        let first = shares.pop();
        let others: Vec<_> = shares
            .into_iter()
            .map(|(at, objects)| scope.spawn(move || Sorted::of(objects, to, at)))
            .collect();
        let last = first.map(|(at, objects)| Sorted::of(objects, to, at));
        let mut sorted = Sorted::default();
        for other in others {
            match other.join() {
                Ok(part) => sorted.append(part),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        if let Some(last) = last {
            sorted.append(last);
        }
        sorted
    })
}

impl Sorted {
    fn of(objects: Vec<Vec<u8>>, to: Destination<'_>, position: i64) -> Sorted {
        let mut sorted = Sorted::default();
        for (object, at) in objects.into_iter().zip(position..) {
            sorted.add(object, to, at);
        }
        sorted
    }

    /// Adds what followed it in the input.
    fn append(&mut self, other: Sorted) {
        let (items, refused) = (self.items.len(), self.refused.len());
        self.order.extend(other.order.into_iter().map(|place| match place {
            Place::Item(n) => Place::Item(n + items),
            Place::Refused(n) => Place::Refused(n + refused),
        }));
        self.items.extend(other.items);
        self.refused.extend(other.refused);
    }

    /// Judges one object's bytes and puts it where it belongs.
    pub(super) fn add(&mut self, bytes: Vec<u8>, to: Destination<'_>, position: i64) {
        let judged = object::judge(&bytes);
        let flaws = reasons(judged.findings);
        let usable = judged.object.filter(|_| !to.strict || flaws.is_empty());
        let Some(object) = usable else {
            let (id, version) = (judged.id, judged.version);
            return self.refuse(Refused { position, id, version, reasons: flaws, bytes });
        };
        let (id, kind) = (object.id().to_string(), object.id().type_name());
        if !to.accepts.is_empty() && !to.accepts.iter().any(|known| known == kind) {
            let message = format!("this collection does not take objects of type `{kind}`");
            let (path, rule) = ("$.type".to_owned(), "not-accepted".to_owned());
            let reasons = vec![Reason { path, rule, message }];
            let version = judged.version;
            return self.refuse(Refused { position, id: Some(id), version, reasons, bytes });
        }
        self.order.push(Place::Item(self.items.len()));
        let version = Stamp::of(object.version());
        let item = NewItem::new((to.collection, Media::Stix), id, version, position, bytes);
        self.items.push(item.with(flaws));
    }

    pub(super) fn refuse(&mut self, refused: Refused) {
        self.order.push(Place::Refused(self.refused.len()));
        self.refused.push(refused);
    }
}

/// The broken musts, those first for which an object is refused.
fn reasons(findings: Vec<Finding>) -> Vec<Reason> {
    let errors = findings.into_iter().filter(|finding| finding.severity == Severity::Error);
    let (flaws, refusals): (Vec<Finding>, Vec<Finding>) = errors.partition(|one| one.usable);
    let reason = |f: Finding| Reason { path: f.path, rule: f.rule.to_owned(), message: f.message };
    refusals.into_iter().chain(flaws).map(reason).collect()
}

/// Judges a whole body of a format.
pub fn judge(format: Format, bytes: Vec<u8>, to: Destination<'_>) -> Result<Sorted, NotTaken> {
    match format {
        Format::Stix => match sort_stix(&bytes[..], to) {
            Err(NotTaken::Frame(FrameError::Stix20)) if !to.strict => sort_upgraded(&bytes, to),
            sorted => sorted,
        },
        Format::Text => sort_text(bytes),
        Format::Misp => sort_misp(&bytes, to),
        Format::Document => sort_document(bytes),
    }
}

/// A free text is one item, kept as it is, in UTF-8 and without a byte order mark; the same text
/// again is the same item. One in another encoding is a document.
///
/// # Errors
/// It is not a text, whoever says so, or too long.
pub fn sort_text(bytes: Vec<u8>) -> Result<Sorted, NotTaken> {
    if let Err(foreign) = guess(bytes.get(..START_BYTES).unwrap_or(&bytes))
        && !foreign.is_of_characters()
    {
        return Err(NotTaken::Foreign(foreign));
    }
    let bytes = unicode::to_utf8(bytes)?;
    if bytes.len() > MAX_TEXT_BYTES {
        return Err(NotTaken::TooLong(bytes.len()));
    }
    let Ok(text) = std::str::from_utf8(&bytes) else { return sort_document(bytes) };
    if text.trim().is_empty() {
        return Err(NotTaken::Empty);
    }
    Ok(one_text(Hash::of(&bytes), CollectionNumber::TEXTS, bytes))
}

/// A text that an exercise brings is another item than the same text that is meant.
///
/// # Errors
/// It is too long, or empty.
pub fn sort_played_text(
    bytes: Vec<u8>,
    (exercise, collection): (ExerciseNumber, CollectionNumber),
) -> Result<Sorted, NotTaken> {
    if bytes.len() > MAX_TEXT_BYTES {
        return Err(NotTaken::TooLong(bytes.len()));
    }
    if bytes.trim_ascii().is_empty() {
        return Err(NotTaken::Empty);
    }
    let drawn = Hash::of(&[format!("exercise {exercise} ").as_bytes(), &bytes].concat());
    Ok(one_text(drawn, collection, bytes))
}

fn one_text(drawn: Hash, collection: CollectionNumber, bytes: Vec<u8>) -> Sorted {
    let id = format!("text--{}", forewarn_exchange::drawn::Ids::new(drawn).uuid());
    let item = NewItem::new((collection, Media::Text), id, Stamp::default(), 0, bytes);
    Sorted { items: vec![item], refused: Vec::new(), order: vec![Place::Item(0)] }
}

/// A document is one item: its text, with all its parts; and it is kept as it came. Blocks: it is read by
/// another process.
///
/// # Errors
/// It cannot be read, has no text, or more than is taken in; or it is an archive of other things.
pub fn sort_document(bytes: Vec<u8>) -> Result<Sorted, NotTaken> {
    let document = crate::reader::read(&bytes)?;
    if document.kind == forewarn_document::Kind::Text && std::str::from_utf8(&bytes).is_ok() {
        return sort_text(bytes);
    }
    let text = document.with_title();
    if document.kind == forewarn_document::Kind::Archive
        && guess(text.as_bytes().get(..START_BYTES).unwrap_or(text.as_bytes())) != Ok(Format::Text)
    {
        // Objects in it would be one text.
        return Err(NotTaken::Foreign(Foreign::Archive("a zip archive")));
    }
    if text.len() > MAX_TEXT_BYTES {
        return Err(NotTaken::TooLong(text.len()));
    }
    let drawn = Hash::of(&[&bytes[..], text.as_bytes()].concat());
    let id = format!("text--{}", forewarn_exchange::drawn::Ids::new(drawn).uuid());
    let place = (CollectionNumber::TEXTS, Media::Text);
    let item = NewItem::new(place, id, Stamp::default(), 0, text.into_bytes());
    let item = item.read_from(Some(Original { kind: document.kind.to_string(), bytes }));
    Ok(Sorted { items: vec![item], refused: Vec::new(), order: vec![Place::Item(0)] })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TO: Destination<'_> =
        Destination { collection: CollectionNumber::new(1), accepts: &[], strict: false };
    const GOOD: &str = r#"{"type":"x-a","id":"x-a--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"}"#;

    #[test]
    fn one_broken_object_does_not_hide_the_good_ones() {
        let input = format!("{{\"objects\":[{GOOD},{{\"type\":\"indicator\"}},7,{GOOD}]}}");
        let sorted = sort_stix(input.as_bytes(), TO).unwrap();
        assert_eq!((sorted.items.len(), sorted.refused.len()), (2, 2));
        assert_eq!(sorted.refused[0].position, 1);
        assert!(sorted.refused[0].reasons.iter().any(|r| r.rule == "required-property"));
        assert_eq!(sorted.items[0].bytes, GOOD.as_bytes());
    }

    #[test]
    fn what_cannot_be_taken_in_says_why() {
        let cut = format!("{{\"objects\":[{GOOD},");
        assert!(sort_stix(cut.as_bytes(), TO).unwrap_err().to_string().contains("cut off"));
        assert!(sort_stix(&b"hello"[..], TO).is_err());
        assert!(matches!(
            sort_stix(&br#"{"type":"report","objects":[{}]}"#[..], TO),
            Err(NotTaken::NotABundle(_))
        ));
        let other = sort_text(b"caf\xe9 on the square".to_vec()).unwrap();
        assert_eq!(other.items[0].bytes, "café on the square".as_bytes());
        assert!(other.items[0].original.is_some());
        assert!(matches!(sort_text(b" \n".to_vec()), Err(NotTaken::Empty)));
    }

    #[test]
    fn what_is_usable_is_taken_in_with_its_flaws_and_refused_where_all_is_strict() {
        let flawed = r#"{"type":"x-a","id":"x-a--00000000-0000-0000-0000-000000000001","x":1}"#;
        let input = format!("[{GOOD},{flawed}]");
        let sorted = sort_stix(input.as_bytes(), TO).unwrap();
        let flaws: Vec<_> = sorted.items.iter().map(|item| item.flaws.len()).collect();
        assert_eq!((flaws, sorted.refused.len()), (vec![0, 2], 0));
        let strict = Destination { strict: true, ..TO };
        let sorted = sort_stix(input.as_bytes(), strict).unwrap();
        assert_eq!((sorted.items.len(), sorted.refused[0].reasons.len()), (1, 2));
    }

    #[test]
    fn the_same_text_is_the_same_item() {
        let id = |text: &str| sort_text(text.into()).unwrap().items[0].id.clone();
        assert_eq!(id("a report"), id("a report"));
        assert_eq!(id("\u{feff}a report"), id("a report"));
        let utf16 = "\u{feff}a report".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(sort_text(utf16).unwrap().items[0].bytes, b"a report");
        assert!(matches!(sort_text(b"%PDF-1.4 a".to_vec()), Err(NotTaken::Foreign(_))));
        assert_ne!(id("a report"), id("another"));
    }
}
