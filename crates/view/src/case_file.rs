//! The file of a case: what somebody may read of it, to be carried away. Names that are withheld and
//! handles of sources do not stand in it, whoever reads.

mod gather;
mod pages;
mod stix;
mod table;

use crate::case::CaseShown;
use forewarn_exchange::Refusal;
use forewarn_exchange::gate::{self, Withheld, WithheldKind};
use forewarn_exchange::id::CaseNumber;
use forewarn_exchange::name::{NodeName, UserName};
use forewarn_exchange::scale::Status;
use forewarn_stix::Timestamp;
use forewarn_stix::marking::Tlp;
use serde_json::{Value, json};

/// What stands in the place of words that must not leave.
/// The kind of a fact that is a version as it was released.
const RELEASE: &str = "release";
const NOT_SHOWN: &str = "(not shown: a name that is withheld, or a source, stands in it)";

/// For whom the file is made, by whom and when.
#[derive(Debug, Clone)]
pub struct Cover<'a> {
    /// What people call us.
    pub organisation: &'a str,
    /// Who carries it away.
    pub reader: &'a UserName,
    /// When.
    pub at: &'a Timestamp,
}

/// The file of a case, in no form yet.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseFile {
    number: CaseNumber,
    partner: NodeName,
    organisation: String,
    reader: UserName,
    made: Timestamp,
    status: Status,
    marking: Tlp,
    /// Where it stands: what, and its words.
    state: Vec<(&'static str, String)>,
    /// Each item's id, and why it is in the case.
    items: Vec<(String, Vec<String>)>,
    facts: Vec<Fact>,
    receipts: Vec<String>,
    /// Those of what was released first.
    objects: Vec<Value>,
    /// How many of them were released.
    released: usize,
    kept_back: usize,
}

/// What must not stand in a file.
#[derive(Debug, Clone, Copy)]
pub struct KeptFrom<'a> {
    /// Anywhere.
    pub all: &'a [Withheld],
    /// In what was released: as it was judged then, with what two persons had set aside of it.
    pub released: &'a [Withheld],
}

/// One thing that is known to have been done, said or written.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Fact {
    at: Timestamp,
    /// Such as `finding`, `release` or `record`.
    kind: &'static str,
    by: String,
    words: String,
    /// How that is marked, where it is marked by itself.
    tlp: Option<Tlp>,
    /// Where it stands in a log, where it stands in one.
    entry: Option<u64>,
}

impl CaseFile {
    /// The file of a case that somebody may read: with the objects of it that he or she may read, and
    /// the strictest marking of its originals. What our own people write has no marking, and is for our
    /// organisation.
    pub fn of(
        shown: &CaseShown,
        cover: &Cover<'_>,
        (objects, originals): (Vec<Value>, Option<Tlp>),
        withheld: KeptFrom<'_>,
    ) -> CaseFile {
        let mut file = gather::file(shown, cover, objects);
        let marked = file.facts.iter().filter_map(|fact| fact.tlp).chain(originals);
        file.marking = marked.max().unwrap_or(Tlp::AmberStrict).max(Tlp::AmberStrict);
        file.keep_back(withheld);
        file
    }

    /// The strictest marking of what is in it.
    pub fn marking(&self) -> Tlp {
        self.marking
    }

    /// Its name, without an ending.
    pub fn name(&self) -> String {
        format!("case-{}", self.number)
    }

    /// As STIX 2.1: ids are drawn from the seed.
    pub fn stix(&self, seed: forewarn_transcript::Hash) -> Vec<u8> {
        stix::bundle(self, seed)
    }

    /// As a table.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn csv(&self) -> Result<Vec<u8>, Refusal> {
        table::rows(self)
    }

    /// As pages.
    ///
    /// # Errors
    /// It is too long for pages.
    pub fn pdf(&self) -> Result<Vec<u8>, Refusal> {
        pages::pdf(self)
    }

    /// Whether nothing of it is meant, in words.
    fn notice(&self) -> &'static str {
        match self.status {
            Status::Actual => "",
            Status::Exercise => "EXERCISE: nothing of it is meant",
            Status::Test => "TEST: to be disregarded",
        }
    }

    fn title(&self) -> String {
        format!("File of case {} for {}", self.number, self.partner)
    }

    /// What is not in it, in words.
    fn left_out(&self) -> String {
        format!(
            "Of {} what holds a withheld name or a source is left out; what {} may not read is not there.",
            self.kept_back, self.reader
        )
    }

    /// Every text goes through the gate's own search. Ids of originals are no secret from whoever may
    /// read the originals. What was set aside in a release means nothing else there, and nowhere else.
    fn keep_back(&mut self, withheld: KeptFrom<'_>) {
        let is_secret = |one: &&Withheld| one.what != WithheldKind::OriginalId;
        let secret =
            |all: &[Withheld]| -> Vec<Withheld> { all.iter().filter(is_secret).cloned().collect() };
        let (facts, items): (Vec<&str>, Vec<_>) = (
            self.facts.iter().map(|fact| fact.words.as_str()).collect(),
            self.items.iter().map(|(id, why)| (id, why)).collect(),
        );
        let state: Vec<&str> = self.state.iter().map(|(_, words)| words.as_str()).collect();
        let all = json!({
            "facts": facts, "items": items, "state": state, "receipts": self.receipts,
            "objects": self.objects,
        });
        let found = gate::look(&all, &secret(withheld.all));
        let in_released = gate::look(&all, &secret(withheld.released));
        let releases: Vec<bool> = self.facts.iter().map(|fact| fact.kind == RELEASE).collect();
        let released = self.released;
        let hit = |list: &str, number: usize| {
            let place = format!("$.{list}[{number}]");
            let is_released = match list {
                "objects" => number < released,
                "facts" => releases.get(number) == Some(&true),
                _ => false,
            };
            let found = if is_released { &in_released } else { &found };
            found.iter().any(|one| one.rule != "character" && one.at.starts_with(&place))
        };
        let mut kept_back = 0;
        let mut blank = |list: &str, number: usize, words: &mut String| {
            if hit(list, number) {
                kept_back += 1;
                NOT_SHOWN.clone_into(words);
            }
        };
        for (number, fact) in self.facts.iter_mut().enumerate() {
            blank("facts", number, &mut fact.words);
        }
        for (number, (_, words)) in self.state.iter_mut().enumerate() {
            blank("state", number, words);
        }
        for (number, words) in self.receipts.iter_mut().enumerate() {
            blank("receipts", number, words);
        }
        for (number, (id, why)) in self.items.iter_mut().enumerate() {
            if hit("items", number) {
                kept_back += 1;
                NOT_SHOWN.clone_into(id);
                why.clear();
            }
        }
        let mut number = 0;
        self.objects.retain(|_| {
            number += 1;
            let stays = !hit("objects", number - 1);
            kept_back += usize::from(!stays);
            stays
        });
        self.kept_back = kept_back;
    }
}
