//! From bytes to items: which format it is, what is valid, what goes to quarantine.

use forewarn_extract::MAX_TEXT_BYTES;
use forewarn_stix::bundle::{FrameError, Objects};
use forewarn_stix::finding::Severity;
use forewarn_stix::{object, time::Timestamp};
use forewarn_store::item::{NewItem, Reason, Refused, TEXTS};
use forewarn_transcript::Hash;
use std::io::Read;

/// What a body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    Stix,
    Text,
    Misp,
}

/// A body that cannot be taken in as a whole.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    #[error("not a STIX bundle or envelope: {0}")]
    Frame(#[from] FrameError),
    #[error(
        "MISP events cannot be taken in yet; export the event from MISP as STIX 2.1 and take that in"
    )]
    Misp,
    #[error("the text is not UTF-8: byte {0} cannot be read; convert it, for example with iconv")]
    Encoding(usize),
    #[error("the text has {0} bytes; the most is {MAX_TEXT_BYTES}")]
    TooLong(usize),
    #[error("there is no `objects` list with anything in it")]
    NoObjects,
    #[error("the text is empty")]
    Empty,
    #[error(
        "the outer object is no STIX bundle: its type is {0}; a bundle or a TAXII envelope is wanted"
    )]
    NotABundle(String),
}

/// Items and refusals, in the order of the input; positions count both.
#[derive(Debug, Default)]
pub struct Sorted {
    pub items: Vec<NewItem>,
    pub refused: Vec<Refused>,
    /// For each object of the input: where in `items`, or in `refused`.
    pub order: Vec<Place>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Item(usize),
    Refused(usize),
}

/// Guesses from the first bytes. MISP's outer object is `Event`, `response` or a bare event.
pub fn guess(start: &[u8]) -> Format {
    let text = String::from_utf8_lossy(start);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if !text.starts_with('{') && !text.starts_with('[') {
        return Format::Text;
    }
    let misp = ["\"Event\"", "\"Attribute\"", "\"event_creator_email\"", "\"orgc_id\""];
    let stix = ["\"objects\"", "\"bundle\"", "\"spec_version\""];
    let first = |words: &[&str]| words.iter().filter_map(|word| text.find(word)).min();
    match (first(&misp), first(&stix)) {
        (Some(misp), Some(stix)) if misp < stix => Format::Misp,
        (Some(_), None) => Format::Misp,
        _ => Format::Stix,
    }
}

/// Reads a bundle or envelope: each object judged by itself.
pub fn sort_stix(input: impl Read, collection: i64) -> Result<Sorted, NotTaken> {
    let mut objects = Objects::new(input);
    let mut sorted = Sorted::default();
    while let Some(bytes) = objects.next_object()? {
        sorted.add(bytes, collection);
    }
    if let Some(found) = objects.head("type").filter(|_| !objects.is_bundle()) {
        return Err(NotTaken::NotABundle(String::from_utf8_lossy(found).into_owned()));
    }
    Ok(sorted)
}

impl Sorted {
    /// Judges one object's bytes and puts it where it belongs.
    pub fn add(&mut self, bytes: Vec<u8>, collection: i64) {
        let judged = object::judge(&bytes);
        let position = i64::try_from(self.order.len()).unwrap_or(i64::MAX);
        if let Some(object) = judged.object {
            self.order.push(Place::Item(self.items.len()));
            let id = object.id().to_string();
            let version = object.version().map_or(0, Timestamp::micros);
            self.items.push(NewItem { collection, id, version, position, bytes });
            return;
        }
        let errors = judged.findings.into_iter().filter(|f| f.severity == Severity::Error);
        let reasons = errors
            .map(|f| Reason { path: f.path, rule: f.rule.to_owned(), message: f.message })
            .collect();
        self.order.push(Place::Refused(self.refused.len()));
        self.refused.push(Refused { position, id: judged.id, reasons, bytes });
    }
}

/// A free text is one item, kept as it is; the same text again is the same item.
pub fn sort_text(bytes: Vec<u8>) -> Result<Sorted, NotTaken> {
    if bytes.len() > MAX_TEXT_BYTES {
        return Err(NotTaken::TooLong(bytes.len()));
    }
    let text = std::str::from_utf8(&bytes).map_err(|e| NotTaken::Encoding(e.valid_up_to()))?;
    if text.trim().is_empty() {
        return Err(NotTaken::Empty);
    }
    let id = format!("text--{}", forewarn_exchange::ids::Ids::new(Hash::of(&bytes)).uuid());
    let item = NewItem { collection: TEXTS, id, version: 0, position: 0, bytes };
    Ok(Sorted { items: vec![item], refused: Vec::new(), order: vec![Place::Item(0)] })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"type":"x-a","id":"x-a--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"}"#;

    #[test]
    fn a_format_is_known_by_its_first_bytes() {
        assert_eq!(guess(b"\n A report of today."), Format::Text);
        assert_eq!(guess(br#"{"type": "bundle", "objects": ["#), Format::Stix);
        assert_eq!(guess(br#"{"Event": {"info": "x"}}"#), Format::Misp);
        assert_eq!(
            guess(br#"{"Attribute": [{"category": "x", "type": "\"objects\""}]}"#),
            Format::Misp
        );
    }

    #[test]
    fn one_broken_object_does_not_hide_the_good_ones() {
        let input = format!("{{\"objects\":[{GOOD},{{\"type\":\"indicator\"}},7,{GOOD}]}}");
        let sorted = sort_stix(input.as_bytes(), 1).unwrap();
        assert_eq!((sorted.items.len(), sorted.refused.len()), (2, 2));
        assert_eq!(sorted.refused[0].position, 1);
        assert!(sorted.refused[0].reasons.iter().any(|r| r.rule == "required-property"));
        assert_eq!(sorted.items[0].bytes, GOOD.as_bytes());
    }

    #[test]
    fn what_cannot_be_taken_in_says_why() {
        let cut = format!("{{\"objects\":[{GOOD},");
        assert!(sort_stix(cut.as_bytes(), 1).unwrap_err().to_string().contains("cut off"));
        assert!(sort_stix(&b"hello"[..], 1).is_err());
        assert!(matches!(
            sort_stix(&br#"{"type":"report","objects":[]}"#[..], 1),
            Err(NotTaken::NotABundle(_))
        ));
        assert!(matches!(sort_text(vec![b'a', 0xff]), Err(NotTaken::Encoding(1))));
        assert!(matches!(sort_text(b" \n".to_vec()), Err(NotTaken::Empty)));
    }

    #[test]
    fn the_same_text_is_the_same_item() {
        let id = |text: &str| sort_text(text.into()).unwrap().items[0].id.clone();
        assert_eq!(id("a report"), id("a report"));
        assert_ne!(id("a report"), id("another"));
    }
}
