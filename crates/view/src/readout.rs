//! Readouts as they are shown: both texts, what they state, how they compare, and the embargo.

use crate::table::{Column, Row};
use crate::text;
use forewarn_exchange::id::Subject;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::readout::published::{Judged, Verdict, Verified};
use forewarn_exchange::readout::{
    Compared, Count, Document, Embargo, Exit, Fact, Own, Readout, Theirs, compare,
};
use forewarn_exchange::scale::Status;
use forewarn_transcript::Reference;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A readout in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReadoutLine {
    /// Its place in the list.
    pub number: i64,
    /// What it is about.
    pub subject: Subject,
    /// The other side.
    pub partner: NodeName,
    /// Whether it is meant.
    pub status: Status,
    /// How far our text has come: `unwritten`, `written`, `committed`, `revealed` or `revealed early`.
    pub ours: String,
    /// How far the partner's has come.
    pub theirs: String,
    /// The embargo, in words.
    pub embargo: String,
}

/// A readout, whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReadoutShown {
    /// The readout.
    pub readout: Readout,
    /// The facts that both state.
    pub agreed: Vec<Fact>,
    /// How both texts compare, once both are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compared: Option<Compared>,
}

/// A readout has come further.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReadoutMoved {
    /// About what.
    pub subject: Subject,
    /// Where it stands in our log, when the partner is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<Reference>,
}

impl ReadoutMoved {
    /// What was done of the readout, such as `revealed`, and the entry that tells the partner.
    pub fn words(&self, done: &str) -> String {
        let entry = self.entry.as_ref();
        let entry = entry.map(|entry| format!(": entry {} of our log", entry.index));
        format!("{done} the readout of {}{}", self.subject, entry.unwrap_or_default())
    }
}

impl ReadoutLine {
    /// A line of a readout.
    pub fn of(number: i64, readout: &Readout) -> ReadoutLine {
        ReadoutLine {
            number,
            subject: readout.subject,
            partner: readout.partner.clone(),
            status: readout.status,
            ours: ours(&readout.ours).to_owned(),
            theirs: theirs(&readout.theirs).to_owned(),
            embargo: embargo(&readout.embargo),
        }
    }
}

impl Row for ReadoutLine {
    const COLUMNS: &'static [Column<ReadoutLine>] = &[
        ("ABOUT", |one| one.subject.to_string()),
        ("PARTNER", |one| one.partner.to_string()),
        ("STATUS", |one| one.status.name().to_owned()),
        ("OURS", |one| one.ours.clone()),
        ("THEIRS", |one| one.theirs.clone()),
        ("EMBARGO", |one| one.embargo.clone()),
    ];
}

impl ReadoutShown {
    /// A readout as it stands.
    pub fn of(readout: Readout) -> ReadoutShown {
        let compared = match (readout.ours.draft(), &readout.theirs) {
            (Some(ours), Theirs::Revealed { document, .. }) => {
                Some(compare(&ours.document, document))
            }
            (None, _) | (Some(_), Theirs::Unknown {} | Theirs::Committed { .. }) => None,
        };
        ReadoutShown { agreed: readout.agreed(), compared, readout }
    }

    /// The readout for people, without a line break at the end.
    pub fn words(&self) -> String {
        let Readout { subject, partner, status, ours: own, theirs: other, .. } = &self.readout;
        let mut lines = vec![format!(
            "readout of {subject} with {partner} ({})\nembargo: {}",
            status.name(),
            embargo(&self.readout.embargo)
        )];
        lines.push(format!("\nours: {}", ours(own)));
        lines.extend(own.draft().map(|draft| document(&draft.document)));
        lines.push(format!("\ntheirs: {}", theirs(other)));
        match other {
            Theirs::Unknown {} => {}
            Theirs::Committed { facts, .. } => lines.extend(facts.iter().map(stated)),
            Theirs::Revealed { document: text, .. } => lines.push(document(text)),
        }
        if !self.agreed.is_empty() {
            lines.push("\nboth state:".to_owned());
            lines.extend(self.agreed.iter().map(stated));
        }
        lines.join("\n")
    }

    /// How the two texts compare, for people.
    pub fn compared_words(&self) -> String {
        match &self.compared {
            Some(compared) => compared_words(compared),
            None => "the texts are compared once the partner's is revealed and ours is written"
                .to_owned(),
        }
    }
}

fn document(document: &Document) -> String {
    let facts = document.stated.iter().map(|one| {
        let words = text::line(&one.words);
        format!("  “{words}”: {}", text::line(&one.fact.to_string()))
    });
    [text::block(&document.text)].into_iter().chain(facts).collect::<Vec<_>>().join("\n")
}

fn stated(fact: &Fact) -> String {
    format!("  {}", text::line(&fact.to_string()))
}

fn compared_words(compared: &Compared) -> String {
    let mut lines = Vec::new();
    let mut part = |heading: &str, all: Vec<String>| {
        if !all.is_empty() {
            lines.push(heading.to_owned());
            lines.extend(all.iter().map(|one| format!("  {}", text::line(one))));
        }
    };
    let facts = |all: &[Fact]| all.iter().map(Fact::to_string).collect::<Vec<_>>();
    let counts = |all: &[Count]| {
        all.iter().map(|one| format!("{} {}", one.number, one.of)).collect::<Vec<_>>()
    };
    part("both state:", facts(&compared.agreed));
    part("BOTH STATE, AND DIFFER IN:", facts(&compared.contradict));
    part("only ours states:", facts(&compared.only_ours));
    part("only theirs states:", facts(&compared.only_theirs));
    part("counts in ours alone:", counts(&compared.counts_ours));
    part("counts in theirs alone:", counts(&compared.counts_theirs));
    part("words in ours alone:", compared.words_ours.clone());
    part("words in theirs alone:", compared.words_theirs.clone());
    if lines.is_empty() { "the texts say the same".to_owned() } else { lines.join("\n") }
}

/// How far our text has come.
pub fn ours(own: &Own) -> &'static str {
    match own {
        Own::Unwritten {} => "unwritten",
        Own::Written { .. } => "written",
        Own::Committed { .. } => "committed",
        Own::Revealed { early: false, .. } => "revealed",
        Own::Revealed { early: true, .. } => "revealed early",
    }
}

/// How far the partner's has come.
pub fn theirs(theirs: &Theirs) -> &'static str {
    match theirs {
        Theirs::Unknown {} => "unknown",
        Theirs::Committed { .. } => "committed",
        Theirs::Revealed { early: false, .. } => "revealed",
        Theirs::Revealed { early: true, .. } => "revealed early",
    }
}

/// An embargo, in words.
pub fn embargo(embargo: &Embargo) -> String {
    let who = |ours: bool| if ours { "us" } else { "the partner" };
    match embargo {
        Embargo::None {} => "none".to_owned(),
        Embargo::Proposed { offer } => {
            format!("proposed by {} until {}", who(offer.ours), text::time(&offer.until))
        }
        Embargo::Active { until } => format!("until {}", text::time(until)),
        Embargo::Revise { until, offer } => format!(
            "until {}; {} proposed by {}",
            text::time(until),
            text::time(&offer.until),
            who(offer.ours)
        ),
        Embargo::Exited { how: Exit::Left { ours, complies, reason, at }, .. } => format!(
            "left by {} at {}, who {} with it: {}",
            who(*ours),
            text::time(at),
            if *complies { "still complies" } else { "does not comply" },
            text::line(reason)
        ),
        Embargo::Exited { how: Exit::Published { ours, early, at }, .. } => format!(
            "ended: {} published at {}{}",
            who(*ours),
            text::time(at),
            if *early { ", EARLY" } else { "" }
        ),
    }
}

/// What is proven of a published readout, for people.
pub fn verified_words(verified: &Verified) -> String {
    let mut lines = vec![
        format!("readout of {}", verified.by),
        format!("  the commitment to this text: {}", verdict(&verified.commitment)),
    ];
    lines.extend(verified.stated.iter().map(|Judged { words, fact, verdict: found, .. }| {
        let (words, fact) = (text::line(words), text::line(&fact.to_string()));
        format!("  “{words}” ({fact}): {}", verdict(found))
    }));
    if !verified.rest.is_empty() {
        lines.push("the transcript is silent on the rest:".to_owned());
        lines.extend(verified.rest.iter().map(|one| format!("  {}", text::line(one))));
    }
    lines.join("\n")
}

fn verdict(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Proven {} => "PROVEN".to_owned(),
        Verdict::Committed {} => "withheld, and committed to by that digest".to_owned(),
        Verdict::Contradicted { instead } => format!("CONTRADICTED: {}", text::line(instead)),
        Verdict::Silent { lacks } => format!("silent: {}", text::line(lacks)),
    }
}
