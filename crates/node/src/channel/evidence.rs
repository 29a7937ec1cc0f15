//! Evidence of a case, a warning or any entries of one channel, with the fields chosen to be shown.

use crate::channel::Channels;
use crate::shown::{self, Red, Shown};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use forewarn_engine::Failure;
use forewarn_exchange::id::Subject;
use forewarn_exchange::name::NodeName;
use forewarn_exchange::partner::{Partner, Succession};
use forewarn_exchange::refusal::Hint;
use forewarn_exchange::{Code, Refusal};
use forewarn_store::Db;
use forewarn_store::log::{Held, LogRow};
use forewarn_store::outside::{KeptStamp, Outside};
use forewarn_store::sight::Sight;
use forewarn_transcript::batch::Carried;
use forewarn_transcript::checkpoint::Receipt;
use forewarn_transcript::evidence::{
    Evidence, FORMAT, FORMAT_STAMPED, FORMAT_WITNESSED, ProvenEntry, Stamp, stamped,
};
use forewarn_transcript::{Channel, Disclosure, Hash, Note, Reference, succession};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Most entries of one file: what a person asks for; a whole log is carried as a transcript.
const MAX_ENTRIES: usize = 10_000;

/// A file has so many checkpoints at the most before none is added for a clock outside alone: half of what a
/// file may have.
const MOST_LATER: usize = 32;
/// Most stamps on one checkpoint: a name that was configured once, too.
const MOST_STAMPS: usize = 4;

/// What is asked for: all of a case or warning, or entries by their indices.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Wanted {
    /// `case-N` or `warning-N`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
    /// Whose channel the indices are of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner: Option<NodeName>,
    /// Indices in our log to the partner.
    pub ours: Vec<u64>,
    /// Indices in the partner's log to us.
    pub theirs: Vec<u64>,
    /// Names of fields to show; no others are.
    pub show: Vec<String>,
}

/// Makes the file. Withheld fields are shown only when the caller may and two persons have said that
/// these may be.
pub fn make(
    db: &Db<'_>,
    channels: &Channels,
    wanted: &Wanted,
    (may_show, sight): (bool, &Sight),
    outside: &Outside,
) -> Result<Shown<Evidence>, Failure> {
    let places = places(db, wanted, sight)?;
    let Some((first, _)) = places.first() else {
        let message = "nothing of that is in the transcript";
        return Err(Refusal::new(Code::NotFound, message)
            .advice("name a released case (case-1), a warning (warning-1), or entries of a partner")
            .into());
    };
    if places.len() > MAX_ENTRIES {
        let message = format!("more than {MAX_ENTRIES} entries are asked for");
        return Err(Refusal::new(Code::TooMany, message).hint(Hint::ExportChannel).into());
    }
    let partner = db.log(first)?.map(|log| log.partner).unwrap_or_default();
    let known = db.partner(&partner)?.ok_or_else(|| Refusal::unknown("partner", &partner))?;
    let channel = known.channel_even_if_closed(channels.party())?;
    let mut making = Making {
        db,
        sight,
        channel: &channel,
        outside,
        checkpoints: Vec::new(),
        entries: Vec::new(),
        stamps: Vec::new(),
        red: Red::new(),
        is_witnessed: false,
    };
    let (mut shown, showings) = (Vec::new(), db.showings()?);
    let mut known_fields = BTreeSet::new();
    for (log, index) in &places {
        let (row, held) = making.held(log, *index)?;
        channels.side().whole.check(db, &row)?;
        known_fields.extend(held.fields());
        let entry = (held.subject, known.name(), held.index);
        let permitted =
            |field: &str| may_show && showings.iter().any(|one| one.covers(entry, field));
        let mut disclosures = chosen(&held, wanted, permitted, &mut shown)?;
        // The first receipt that covers it: since when the other side is proven to hold it.
        let receipt = db.first_receipt(&row, *index)?;
        let of_keys = |place: &Reference| place.log == *log && place.index == *index;
        if known.succession.entries().any(of_keys) && is_change(&held) {
            // A change of keys shows the new ones.
            disclosures.clone_from(&held.carried.disclosures);
        }
        let later = making.seen_later(&row, receipt.as_ref())?;
        making.prove(&row, &held, disclosures.clone(), receipt)?;
        for later in later {
            making.prove(&row, &held, disclosures.clone(), Some(later))?;
        }
    }
    if let Some(missing) = wanted.show.iter().find(|name| !shown.contains(name)) {
        return Err(Refusal::no_field(missing, &known_fields).into());
    }
    making.prove_keys(&known, &places)?;
    let Making { checkpoints, entries, stamps, red, is_witnessed, .. } = making;
    let format = match (stamps.is_empty(), is_witnessed) {
        (false, _) => FORMAT_STAMPED,
        (true, true) => FORMAT_WITNESSED,
        (true, false) => FORMAT,
    };
    let genesis = String::from_utf8(channel.genesis()).unwrap_or_default();
    let evidence = Evidence { format: format.to_owned(), genesis, checkpoints, entries, stamps };
    // What we hand out, anyone can verify; what nobody could is said here.
    let verified = evidence.verify(&[]);
    verified.map_err(|e| Refusal::new(Code::NotProven, format!("this cannot be proven: {e}")))?;
    Ok(Shown::new(evidence, red))
}

/// The entries that are asked for. Whether each that is named may be seen is asked where it is read.
fn places(db: &Db<'_>, wanted: &Wanted, sight: &Sight) -> Result<Vec<(String, u64)>, Failure> {
    let partner = match (&wanted.subject, &wanted.partner) {
        (Some(subject), None) => return of_subject(db, *subject, sight),
        (None, Some(partner)) => partner,
        _ => {
            let message = "name either a case or warning, or a partner and indices";
            return Err(Refusal::new(Code::Wanted, message).into());
        }
    };
    let mut places = Vec::new();
    for (indices, is_ours) in [(&wanted.ours, true), (&wanted.theirs, false)] {
        if !indices.is_empty() {
            let log = db.log_with(partner, is_ours)?;
            let log = log.ok_or_else(|| Refusal::unknown("channel with", partner))?;
            places.extend(indices.iter().map(|index| (log.name.clone(), *index)));
        }
    }
    places.sort();
    places.dedup();
    Ok(places)
}

/// All of a case or warning that may be seen.
fn of_subject(db: &Db<'_>, subject: Subject, sight: &Sight) -> Result<Vec<(String, u64)>, Failure> {
    let mut seen = Vec::new();
    for (name, index) in db.entries_of(subject)? {
        let Some(log) = db.log(&name)? else { continue };
        let Some(held) = db.entry(&log, index)? else { continue };
        if db.opens_entry(&log, &held, sight)? {
            seen.push((name, index));
        }
    }
    Ok(seen)
}

fn chosen<'a>(
    held: &Held,
    wanted: &'a Wanted,
    permitted: impl Fn(&str) -> bool,
    shown: &mut Vec<&'a String>,
) -> Result<Vec<Disclosure>, Failure> {
    let mut out = Vec::new();
    let open = held.carried.disclosures.iter().map(|one| (one, false));
    for (disclosure, is_withheld) in open.chain(held.withheld.iter().map(|one| (one, true))) {
        let field = disclosure.open().map_err(|e| Refusal::new(Code::Damaged, e.to_string()))?;
        let Some(name) = wanted.show.iter().find(|name| **name == field.name) else { continue };
        if is_withheld && !permitted(name) {
            let message = format!("`{name}` was withheld from the partner");
            return Err(Refusal::new(Code::Withheld, message).hint(Hint::ShowWithheld).into());
        }
        shown.push(name);
        out.push(disclosure.clone());
    }
    Ok(out)
}

fn is_change(held: &Held) -> bool {
    let entry = forewarn_transcript::Entry::parse(held.carried.leaf.as_bytes());
    entry.is_ok_and(|entry| entry.kind == succession::CHANGE)
}

/// A receipt with the lines that count, and no others: so what is made of it has one form.
pub(crate) fn counted(channel: &Channel, log: &str, text: &str) -> Result<Receipt, Failure> {
    let damaged = |why: String| Refusal::new(Code::Damaged, why);
    let note = Note::parse(text).map_err(|e| damaged(e.to_string()))?;
    Ok(channel.receipt(log, &note).map_err(|e| damaged(e.to_string()))?)
}

struct Making<'a> {
    db: &'a Db<'a>,
    /// What is about a case that is hidden is not there.
    sight: &'a Sight,
    channel: &'a Channel,
    outside: &'a Outside,
    checkpoints: Vec<String>,
    entries: Vec<ProvenEntry>,
    stamps: Vec<Stamp>,
    /// What of them is for named persons.
    red: Red,
    /// Whether a witness has cosigned any of the checkpoints.
    is_witnessed: bool,
}

impl Making<'_> {
    fn held(&self, log: &str, index: u64) -> Result<(LogRow, Held), Failure> {
        let row = self.db.log(log)?.ok_or_else(|| Refusal::unknown("log", log))?;
        let missing = || Refusal::unknown("entry", format!("{index} of {log}"));
        let held = self.db.entry(&row, index)?.ok_or_else(missing)?;
        if !self.db.opens_entry(&row, &held, self.sight)? {
            return Err(missing().into());
        }
        Ok((row, held))
    }

    /// Where no witness has cosigned the first receipt of an entry, or no authority has stamped it, the first later
    /// one that one has: so the entry is proven once more, by an outside clock.
    fn seen_later(
        &self,
        log: &LogRow,
        receipt: Option<&(u64, String)>,
    ) -> Result<Vec<(u64, String)>, Failure> {
        let Some((first, _)) = receipt else { return Ok(Vec::new()) };
        let cosigned = self.outside.first_from(&log.name, *first)?;
        let stamped = self.outside.first_stamp_from(&log.name, *first)?;
        let sizes: BTreeSet<u64> = cosigned.into_iter().chain(stamped).collect();
        let mut later = Vec::new();
        for size in sizes.into_iter().filter(|size| size != first) {
            if self.checkpoints.len() + later.len() < MOST_LATER {
                later.extend(self.db.receipt(log, size)?.map(|note| (size, note)));
            }
        }
        Ok(later)
    }

    fn prove(
        &mut self,
        log: &LogRow,
        held: &Held,
        disclosures: Vec<Disclosure>,
        receipt: Option<(u64, String)>,
    ) -> Result<(), Failure> {
        let Some((size, text)) = receipt else {
            let message = format!("entry {} of {} has no receipt yet", held.index, log.name);
            return Err(Refusal::new(Code::NoReceipt, message)
                .advice("wait until the partner has received it, then export again")
                .into());
        };
        let receipt = counted(self.channel, &log.name, &text)?;
        let mut text = receipt.note.to_string();
        for line in self.outside.lines(&log.name, size)? {
            text = format!("{text}{line}\n");
            self.is_witnessed = true;
        }
        let known = self.checkpoints.iter().position(|known| *known == text);
        let checkpoint = known.unwrap_or_else(|| {
            self.checkpoints.push(text);
            self.checkpoints.len() - 1
        });
        if known.is_none() {
            self.add_stamps(&log.name, size, (checkpoint, stamped(&receipt)))?;
        }
        if !disclosures.is_empty() {
            self.red.extend(shown::red_of(self.db, log, held)?);
        }
        let path = self.db.inclusion(log, held.index, size)?;
        let carried = Carried { leaf: held.carried.leaf.clone(), disclosures };
        self.entries.push(ProvenEntry { checkpoint, index: held.index, path, carried });
        Ok(())
    }

    /// Adds what authorities have stamped of a checkpoint. A stamp on other signatures of the same size proves
    /// nothing of these.
    fn add_stamps(
        &mut self,
        log: &str,
        size: u64,
        (checkpoint, digest): (usize, Hash),
    ) -> Result<(), Failure> {
        let kept = self.outside.stamps(log, size)?.into_iter();
        let of_it = kept.filter(|kept| kept.digest == digest);
        let stamp = |kept: KeptStamp| Stamp { checkpoint, token: STANDARD.encode(kept.token) };
        self.stamps.extend(of_it.map(stamp).take(MOST_STAMPS));
        Ok(())
    }

    /// Where keys have changed, the entries by which they did stand in the file too: whoever reads
    /// it knows the keys of the genesis only.
    fn prove_keys(&mut self, partner: &Partner, already: &[(String, u64)]) -> Result<(), Failure> {
        for Reference { log, index, .. } in partner.succession.entries() {
            let (row, held) = self.held(log, *index)?;
            let is_change = is_change(&held);
            // The receipt of that time: older keys have signed it.
            let receipt = self.db.first_receipt(&row, *index)?;
            let (Some(receipt), false) = (receipt, already.contains(&(log.clone(), *index))) else {
                continue;
            };
            let disclosures = if is_change { held.carried.disclosures.clone() } else { Vec::new() };
            self.prove(&row, &held, disclosures, Some(receipt))?;
        }
        // Whoever was given only the newest keys finds them by what they have signed: the entry
        // that announced them, once more, under the newest receipt.
        let Succession { ours, theirs, .. } = &partner.succession;
        for later in ours.last().into_iter().chain(theirs.last()) {
            let Reference { log, index, .. } = &later.announced;
            let (row, held) = self.held(log, *index)?;
            let first = self.db.first_receipt(&row, *index)?;
            let newest = self.db.newest_receipt(&row)?;
            if first != newest && newest.as_ref().is_some_and(|(size, _)| size > index) {
                let disclosures = held.carried.disclosures.clone();
                self.prove(&row, &held, disclosures, newest)?;
            }
        }
        Ok(())
    }
}
