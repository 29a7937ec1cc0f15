//! Entries of a partner's log: stored whole, answered by the receipt, then taken for what they say.

use super::apply;
use super::work::{Done, Undone, Us, Work};
use forewarn_exchange::ids::Ids;
use forewarn_exchange::incoming::Incoming;
use forewarn_exchange::message::{Message, shortened};
use forewarn_exchange::partner::{Partner, Waiting};
use forewarn_exchange::post::Post;
use forewarn_exchange::scale::Status;
use forewarn_exchange::{Command, Event, Refusal};
use forewarn_matching::interest::{Interest, MAX_BROAD, MAX_INTERESTS, MAX_PATTERNS, MAX_WEIGHT};
use forewarn_store::interest::Extent;
use forewarn_store::log::{Held, LogRow};
use forewarn_store::{Db, StoreError};
use forewarn_transcript::batch::{Carried, Checked};
use forewarn_transcript::entry::Framed;
use forewarn_transcript::{Channel, Entry, Hash, Keys, Reference};
use serde_json::{Value, json};

pub(super) fn perform(
    db: &Db<'_>,
    us: &Us,
    command: &Command<Work>,
    received: (&str, &Checked, Option<&str>),
) -> Result<Done, Undone> {
    let (partner, batch, receipt) = received;
    let known = db.partner(partner)?.ok_or_else(|| Refusal::unknown("partner", partner))?;
    let channel = known.channel(&us.party)?;
    let signed = known.clone().signed_by(&batch.opened.by);
    if signed != known {
        db.set_partner(&signed)?;
    }
    let mut log = db.add_log(&batch.checkpoint().origin, partner, false)?;
    continues(db, &log, batch)?;
    let first_new = log.size;
    let all = (batch.start..).zip(&batch.carried).filter(|(index, _)| *index >= first_new);
    let new: Vec<Held> = all
        .map(|(index, carried)| {
            let carried = carried.clone();
            Held { index, carried, withheld: vec![], subject: None, refused: None }
        })
        .collect();
    db.append_all(&mut log, &new)?;
    let size = batch.checkpoint().size;
    if db.root(&log, size)? != batch.checkpoint().root {
        return Err(Refusal::new("root", "the entries do not lead to the checkpoint's root").into());
    }
    if let Some(receipt) = receipt {
        db.add_receipt(&mut log, size, receipt)?;
    }
    let reread = more_opened(db, &log, batch)?;
    for (index, carried) in &reread {
        db.open_entry(&log, *index, &carried.disclosures)?;
    }
    // Had the same size been receipted before, that receipt stands, byte for byte.
    let receipt = db.receipt(&log, size)?;
    let (mut told, mut posted) = (Vec::new(), Vec::new());
    let mut reader = Reader { db, us, command, channel, partner, ids: Ids::new(command.seed) };
    // An entry that is read again may be what later ones, not understood so far, speak of.
    let from = reread.first().map_or(first_new, |(index, _)| (*index).min(first_new));
    let mut reread_left = MAX_REREAD;
    let mut index = from.max(1);
    while index < log.size {
        for held in db.entries(&log, index, 1_000, 8 << 20)? {
            let again = reread.iter().any(|(opened, _)| *opened == held.index);
            let once_more = held.refused.is_some() && reread_left > 0;
            if held.index >= first_new || again || once_more {
                reread_left -= u32::from(once_more);
                let was_refused = again || held.refused.is_some();
                let events = reader.read(&log, (held.index, was_refused), &held.carried)?;
                apply::all(db, us, &command.time, &events)?;
                let done = Done::of(Value::Null, &events);
                told.extend(done.told);
                posted.extend(done.posted);
            }
            index = held.index + 1;
        }
    }
    Ok(Done { answer: json!({ "receipt": receipt, "size": size }), told, posted })
}

/// Most entries that were not understood and are tried once more when one before them is opened.
const MAX_REREAD: u32 = 1_000;

/// A batch must begin within or at the end of what is held, and agree with it where both speak.
pub(crate) fn continues(db: &Db<'_>, log: &LogRow, batch: &Checked) -> Result<(), Undone> {
    if batch.start > log.size {
        let message = format!("held to {}; the batch begins at {}", log.size, batch.start);
        return Err(Refusal::new("gap", message).into());
    }
    for (index, hash) in (batch.start..log.size).zip(&batch.hashes) {
        let held = db.entry(log, index)?;
        let same = held.is_some_and(|held| Hash::leaf(held.carried.leaf.as_bytes()) == *hash);
        if !same {
            let message = format!("entry {index} of {} is held with other bytes", log.name);
            return Err(Refusal::new("differs", message)
                .hint("the writer has signed two different logs: reconcile, and keep both")
                .into());
        }
    }
    if batch.checkpoint().size < log.size && db.receipt(log, batch.checkpoint().size)?.is_none() {
        let message =
            format!("held to {}; the batch ends at {}", log.size, batch.checkpoint().size);
        return Err(Refusal::new("gap", message).into());
    }
    Ok(())
}

/// Entries that came before with fewer fields opened, and were not understood for it: someone on
/// their way took the disclosures off. With more of them open they are read once more.
pub(super) fn more_opened(
    db: &Db<'_>,
    log: &LogRow,
    batch: &Checked,
) -> Result<Vec<(u64, Carried)>, StoreError> {
    let mut more = Vec::new();
    for (index, carried) in (batch.start..log.size).zip(&batch.carried) {
        let Some(held) = db.entry(log, index)? else { continue };
        let opens = carried.disclosures.len() > held.carried.disclosures.len();
        if held.refused.is_some() && opens {
            more.push((index, carried.clone()));
        }
    }
    Ok(more)
}

struct Reader<'a> {
    db: &'a Db<'a>,
    us: &'a Us,
    command: &'a Command<Work>,
    channel: Channel,
    partner: &'a str,
    ids: Ids,
}

impl Reader<'_> {
    /// What one entry does. One that cannot be understood is marked, and answered by a refusal;
    /// it never holds up those behind it.
    fn read(
        &mut self,
        log: &LogRow,
        (index, was_refused): (u64, bool),
        carried: &Carried,
    ) -> Result<Vec<Event>, Undone> {
        let hash = Hash::leaf(carried.leaf.as_bytes());
        let place = Reference { log: log.name.clone(), index, hash };
        let framed = Framed::parse(carried.leaf.as_bytes())
            .map_err(|e| Refusal::new("entry", e.to_string()))?;
        let entry = framed.entry();
        let understood = match &entry {
            Ok(entry) => self.understand(entry, &place, carried)?,
            Err(why) => Err(why.to_string()),
        };
        let reason = match understood {
            Ok(events) => {
                self.db.refuse_entry(log, index, None)?;
                return Ok(events);
            }
            Err(reason) => reason,
        };
        let log = log.name.clone();
        let mut events = vec![Event::EntryRefused { log, index, reason: reason.clone() }];
        // A refusal is not refused in turn: two nodes would go on for ever. Nor is anything refused
        // twice.
        if framed.kind() != Some("refusal") && !was_refused {
            let ours = apply::log_to(self.db, self.partner)?;
            self.us.check_not_behind(&ours)?;
            let us = self.us.party.name.clone();
            let mut post = Post { channel: self.channel.clone(), us, next: ours.size };
            let status = entry.ok().and_then(|entry| Status::parse(&entry.status));
            let status = status.unwrap_or_default();
            let stamp = (&self.command.time, status, &mut self.ids);
            let reason = shortened(&reason);
            let posted = post.entry(&Message::Refusal { reason }, &[], Some(place), stamp)?;
            let partner = self.partner.to_owned();
            events.push(Event::Posted { partner, subject: None, posted });
        }
        Ok(events)
    }

    /// The inner error is the reason that goes back to the writer.
    fn understand(
        &mut self,
        entry: &Entry,
        place: &Reference,
        carried: &Carried,
    ) -> Result<Result<Vec<Event>, String>, Undone> {
        let fields = match entry.opened(&carried.disclosures) {
            Ok(fields) => fields,
            Err(e) => return Ok(Err(e.to_string())),
        };
        let message = match Message::read(&entry.kind, fields) {
            Ok(message) => message,
            Err(e) => return Ok(Err(e.to_string())),
        };
        let at = &self.command.time;
        let incoming = Incoming { partner: self.partner, entry, place, at };
        let partner = self.partner.to_owned();
        match message {
            Message::Interest { interest } => self.interest(interest),
            Message::InterestRemoved { interest: id } => {
                Ok(Ok(vec![Event::InterestGone { partner, ours: false, id }]))
            }
            Message::Warning(content) => {
                let number = self.db.next_warning()?;
                Ok(incoming.warning(number, content).map(|warning| {
                    let subject = format!("warning-{number}");
                    vec![Event::WarningSet { warning }, filed(place, subject)]
                }))
            }
            Message::KeyChange { key, mldsa44 } => {
                let keys = Keys { ed25519: key, mldsa44 };
                Ok(self.key_change(keys, place)?)
            }
            Message::KeyConfirmed {} => Ok(self.key_confirmed(entry, place)?),
            other => self.answer(&incoming, other),
        }
    }

    /// New keys of the partner's wait for a person. Those that came before them are forgotten.
    fn key_change(
        &self,
        keys: Keys,
        place: &Reference,
    ) -> Result<Result<Vec<Event>, String>, Undone> {
        if keys.mldsa44.is_some() != self.channel.signs_twice() {
            return Ok(Err("the new keys are not as this channel wants them".to_owned()));
        }
        let mut partner = self.known()?;
        partner.succession.waiting = Some(Waiting { keys, entry: place.clone() });
        Ok(Ok(vec![Event::PartnerSet { partner: Box::new(partner) }]))
    }

    fn key_confirmed(
        &self,
        entry: &Entry,
        place: &Reference,
    ) -> Result<Result<Vec<Event>, String>, Undone> {
        let Some(answers) = &entry.answers else {
            return Ok(Err("it does not say which entry it answers".to_owned()));
        };
        let partner = self.known()?.confirmed_ours(answers, place);
        Ok(partner.map(|partner| vec![Event::PartnerSet { partner: Box::new(partner) }]))
    }

    fn known(&self) -> Result<Partner, Undone> {
        Ok(self
            .db
            .partner(self.partner)?
            .ok_or_else(|| Refusal::unknown("partner", self.partner))?)
    }

    fn interest(&self, interest: Interest) -> Result<Result<Vec<Event>, String>, Undone> {
        let own_id = forewarn_stix::StixId::parse(&interest.id);
        if own_id.is_err() || !interest.id.starts_with("interest--") {
            return Ok(Err("its id is not an interest's id".to_owned()));
        }
        let interest = match interest.checked() {
            Ok(interest) => interest,
            Err(refusal) => return Ok(Err(refusal.to_string())),
        };
        if let Some(full) = self.full(&interest)? {
            return Ok(Err(full));
        }
        let partner = self.partner.to_owned();
        Ok(Ok(vec![Event::InterestSet { partner, ours: false, interest }]))
    }

    /// Why there is no room for an interest: what one partner registers is bounded.
    fn full(&self, interest: &Interest) -> Result<Option<String>, Undone> {
        let known = self.db.interest(self.partner, false, &interest.id)?;
        let before = known.map(|known| Extent::of(&known.interest)).unwrap_or_default();
        let (all, new) = (self.db.interest_extent(self.partner, false)?, Extent::of(interest));
        let bounds = [
            (all.interests, before.interests, new.interests, MAX_INTERESTS, "interests"),
            (all.weight, before.weight, new.weight, MAX_WEIGHT, "words and values"),
            (all.patterns, before.patterns, new.patterns, MAX_PATTERNS, "patterns"),
            (all.broad, before.broad, new.broad, MAX_BROAD, "patterns that name no value"),
        ];
        // One that takes no more than it did is never too much.
        let over = bounds.into_iter().find(|(all, before, new, most, _)| {
            new > before && usize::try_from(all - before + new).is_ok_and(|count| count > *most)
        });
        Ok(over.map(|(.., most, what)| {
            format!("at most {most} {what} are registered: withdraw some first")
        }))
    }

    /// A message that answers an entry: of ours about a case, or of theirs about a warning.
    fn answer(
        &mut self,
        incoming: &Incoming,
        message: Message,
    ) -> Result<Result<Vec<Event>, String>, Undone> {
        let Some(to) = &incoming.entry.answers else {
            return Ok(Err("it does not say which entry it answers".to_owned()));
        };
        let log = self.db.log(&to.log)?.filter(|log| log.partner == self.partner);
        let Some(log) = log else {
            return Ok(Err("it answers an entry of a log that is none of this channel".to_owned()));
        };
        let held = self.db.entry(&log, to.index)?;
        let fits = |held: &Held| Hash::leaf(held.carried.leaf.as_bytes()) == to.hash;
        let Some(held) = held.filter(fits) else {
            return Ok(Err("the entry that it answers is not what we hold there".to_owned()));
        };
        let subject = held.subject.unwrap_or_default();
        if let Some(number) = numbered(&subject, "case-") {
            let Some(case) = self.db.case(number)? else { return Ok(Err(NOTHING.to_owned())) };
            return Ok(self.on_case(incoming, case, message, &subject));
        }
        if let Some(number) = numbered(&subject, "warning-") {
            let Some(warning) = self.db.warning(number)? else {
                return Ok(Err(NOTHING.to_owned()));
            };
            return Ok(incoming.on_warning(warning, message).map(|warning| {
                vec![Event::WarningSet { warning }, filed(incoming.place, subject)]
            }));
        }
        if let Message::Refusal { reason } = message {
            let log = incoming.place.log.clone();
            let reason = format!("the partner did not understand entry {}: {reason}", to.index);
            return Ok(Ok(vec![Event::EntryRefused { log, index: incoming.place.index, reason }]));
        }
        Ok(Err(NOTHING.to_owned()))
    }

    fn on_case(
        &self,
        incoming: &Incoming,
        case: forewarn_exchange::case::Case,
        message: Message,
        subject: &str,
    ) -> Result<Vec<Event>, String> {
        let thanks = match &message {
            Message::Thanks { text, .. } => Some(text.clone()),
            _ => None,
        };
        let case = incoming.on_case(case, message, &self.command.clocks)?;
        let mut events = vec![filed(incoming.place, subject.to_owned())];
        if let Some(text) = thanks {
            // Thanks goes on to each source's handle. The handle has never crossed, and the
            // partner learns nothing of whom it reached.
            let mut sources: Vec<&String> =
                case.items.iter().filter_map(|item| item.source.as_ref()).collect();
            sources.sort_unstable();
            sources.dedup();
            events.extend(sources.into_iter().map(|source| Event::SourceThanked {
                source: source.clone(),
                partner: self.partner.to_owned(),
                text: text.clone(),
                case: case.number,
            }));
        }
        events.push(Event::CaseSet { case });
        Ok(events)
    }
}

const NOTHING: &str = "the entry that it answers is about no case or warning";

fn numbered(subject: &str, prefix: &str) -> Option<i64> {
    subject.strip_prefix(prefix)?.parse().ok()
}

fn filed(place: &Reference, subject: String) -> Event {
    Event::EntryFiled { log: place.log.clone(), index: place.index, subject }
}
