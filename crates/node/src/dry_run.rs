//! What a file would meet, if it came in: changes nothing.

use crate::intake::{
    Destination, Format, NotTaken, START_BYTES, recognise, sort_document, sort_misp, sort_stix,
    sort_text,
};
use forewarn_exchange::id::CollectionNumber;
use forewarn_exchange::scale::Grade;
use forewarn_matching::{self as matching, Ended, Index, Item, Match, Near, Window};
use forewarn_stix::Timestamp;
use forewarn_store::item::Media;
use forewarn_store::reason::Reason;
use serde::{Deserialize, Serialize};

/// Most interests told that a file comes near to.
const MAX_NEAR: usize = 1_000;

/// Nothing is kept.
const NOWHERE: Destination<'static> =
    Destination { collection: CollectionNumber::TEXTS, accepts: &[], strict: false };

/// A file, taken apart into items.
pub struct Tried {
    format: matching::Format,
    items: Vec<(String, Vec<u8>)>,
    /// What would be refused, and why.
    refused: Vec<(String, Vec<Reason>)>,
}

/// How the items would be taken in.
#[derive(Debug, Clone, Copy, Default)]
pub struct As {
    /// Microseconds since 1970.
    pub added: i64,
    /// The grade of their intake; `None` for none.
    pub grade: Option<Grade>,
    /// Interests that it comes near to are told too.
    pub with_near: bool,
}

/// One line of what is told.
#[derive(Debug, Serialize, Deserialize)]
pub struct Told {
    /// Which item: a STIX id, or what the input is called where it has none.
    pub item: String,
    /// What was found of it.
    #[serde(flatten)]
    pub what: Finding,
}

/// How an item stands to one interest.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Finding {
    /// It meets the interest.
    Match(Match),
    /// It comes near to the interest without meeting it.
    Near(Near),
    /// It would be refused, and so meets none: the reasons.
    Refused(Vec<Reason>),
}

impl Tried {
    /// STIX objects in any form, a MISP event or a text. Objects that are not usable are left out,
    /// as they would be, and told.
    ///
    /// # Errors
    /// All of it would be refused.
    pub fn read(bytes: Vec<u8>) -> Result<Tried, NotTaken> {
        let format = recognise(bytes.get(..START_BYTES).unwrap_or(&bytes));
        let sorted = match format.map_err(NotTaken::Foreign)? {
            Format::Stix => sort_stix(&bytes[..], NOWHERE)?,
            Format::Text => sort_text(bytes)?,
            Format::Document => sort_document(bytes)?,
            Format::Misp => sort_misp(&bytes, NOWHERE)?,
        };
        let is_text = sorted.items.iter().any(|item| item.media == Media::Text);
        let format = if is_text { matching::Format::Text } else { matching::Format::Stix };
        let items = sorted.items.into_iter().map(|item| (item.id, item.bytes)).collect();
        let refused = sorted.refused.into_iter().map(|one| {
            let place = || format!("object {}", one.position);
            (one.id.unwrap_or_else(place), one.reasons)
        });
        Ok(Tried { format, items, refused: refused.collect() })
    }

    /// Every match, then what it comes near to, then what would be refused.
    pub fn against(&self, index: &Index, asked: As) -> Vec<Told> {
        let (format, added, grade) = (self.format, asked.added, asked.grade);
        let items = self.items.iter().map(|(_, bytes)| Item {
            bytes,
            format,
            added,
            grade,
            corrected: None,
        });
        let window = Window::new(index, items);
        let judged = if asked.with_near {
            window.explain(MAX_NEAR)
        } else {
            let plain = |matches| matching::Judged { matches, near: Vec::new() };
            window.matches().into_iter().map(plain).collect()
        };
        let (mut out, mut near) = (Vec::new(), Vec::new());
        let now = Timestamp::from_micros(added);
        for ((id, bytes), judged) in self.items.iter().zip(judged) {
            let ended = Ended::of(bytes);
            let over = ended.filter(|ended| now.as_ref().is_some_and(|now| ended.by(now)));
            let told = |what| Told { item: id.clone(), what };
            let matches = judged.matches.into_iter().map(|found| match &over {
                Some(ended) => found.opens_no_case(ended),
                None => found,
            });
            out.extend(matches.map(|found| told(Finding::Match(found))));
            near.extend(judged.near.into_iter().map(|one| told(Finding::Near(one))));
        }
        out.extend(near);
        let refused = self.refused.iter().map(|(item, reasons)| Told {
            item: item.clone(),
            what: Finding::Refused(reasons.clone()),
        });
        out.extend(refused);
        out
    }
}
