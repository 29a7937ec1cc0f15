//! What one entry of a partner's log says, and what that does here.

mod agreement;

use crate::act::readout_of;
use crate::apply;
use crate::configuration::Us;
use crate::failure::Undone;
use crate::originals;
use crate::work::Work;
use forewarn_exchange::Refusal;
use forewarn_exchange::agreement::AnswerTo;
use forewarn_exchange::code::Code;
use forewarn_exchange::command::Command;
use forewarn_exchange::drawn::Ids;
use forewarn_exchange::event::Event;
use forewarn_exchange::extension;
use forewarn_exchange::history::{Happened, Line, ReadoutChange};
use forewarn_exchange::id::{CaseNumber, Subject, WarningNumber};
use forewarn_exchange::incoming::{Incoming, NotAccepted, OnWarning, TalkSoFar};
use forewarn_exchange::message::{Message, shortened};
use forewarn_exchange::name::NodeName;
use forewarn_exchange::partner::{Partner, Waiting};
use forewarn_exchange::post::Post;
use forewarn_exchange::readout::{FromPartner, Heard, Theirs};
use forewarn_exchange::scale::Status;
use forewarn_exchange::talk::{About, REFUSAL, Said, Statement};
use forewarn_matching::interest::{Interest, MAX_BROAD, MAX_INTERESTS, MAX_PATTERNS, MAX_WEIGHT};
use forewarn_store::interest::Extent;
use forewarn_store::log::{Held, LogRow};
use forewarn_store::{Db, StoreError};
use forewarn_transcript::batch::Carried;
use forewarn_transcript::entry::{Framed, is_token};
use forewarn_transcript::{Channel, Entry, Hash, Keys, Reference};

const NOTHING: &str = "the entry that it answers is about no case or warning";

/// Why an entry does nothing here.
enum NotUnderstood {
    /// The reason goes back to its writer.
    Told(NotAccepted),
    /// Nothing goes back: our own file or disk failed.
    Undone(Undone),
}

impl<E: Into<Undone>> From<E> for NotUnderstood {
    fn from(undone: E) -> NotUnderstood {
        NotUnderstood::Undone(undone.into())
    }
}

fn told(reason: impl Into<String>) -> NotUnderstood {
    NotUnderstood::Told(reason.into())
}

type Understood = Result<Vec<Event>, NotUnderstood>;

/// Reads the entries of one command, in their order.
pub(crate) struct Reader<'a> {
    db: &'a Db<'a>,
    us: &'a Us,
    command: &'a Command<Work>,
    channel: Channel,
    /// Whether what names something must be a token.
    tokens: bool,
    partner: &'a NodeName,
    ids: Ids,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(
        db: &'a Db<'a>,
        us: &'a Us,
        command: &'a Command<Work>,
        (channel, tokens): (Channel, bool),
        partner: &'a NodeName,
    ) -> Reader<'a> {
        Reader { db, us, command, channel, tokens, partner, ids: Ids::new(command.seed) }
    }

    /// What one entry does. One that cannot be understood is marked, and answered by a refusal;
    /// it never holds up those after it.
    pub(crate) fn read(
        &mut self,
        log: &LogRow,
        (index, was_refused): (u64, bool),
        carried: &Carried,
    ) -> Result<Vec<Event>, Undone> {
        let hash = Hash::leaf(carried.leaf.as_bytes());
        let place = Reference { log: log.name.clone(), index, hash };
        let framed = Framed::parse(carried.leaf.as_bytes())
            .map_err(|e| Refusal::new(Code::Entry, e.to_string()))?;
        let entry = framed.entry();
        let understood = match &entry {
            Ok(entry) => self.understand(entry, &place, carried),
            Err(why) => Err(told(why.to_string())),
        };
        let reason = match understood {
            Ok(events) => {
                self.db.refuse_entry(log, index, None)?;
                return Ok(events);
            }
            Err(NotUnderstood::Undone(undone)) => return Err(undone),
            Err(NotUnderstood::Told(reason)) => reason,
        };
        let log = log.name.clone();
        let mut events = vec![Event::EntryRefused { log, index, reason: reason.clone() }];
        // A refusal is not refused in turn: two nodes would go on for ever. Nor is anything refused
        // twice.
        if framed.kind() != Some(REFUSAL) && !was_refused {
            let ours = apply::log_to(self.db, self.partner)?;
            check_not_behind(&self.command.ahead, &ours)?;
            let us = self.us.name().to_string();
            let mut post = Post { channel: self.channel.clone(), us, next: ours.size };
            let status = entry.ok().and_then(|entry| Status::parse(&entry.status));
            let stamp = (&self.command.time, status.unwrap_or_default(), &mut self.ids);
            let message = Message::refusal(shortened(&reason));
            let posted = post.entry(&message, &[], Some(place), stamp)?;
            let partner = self.partner.clone();
            events.push(Event::Posted { partner, subject: None, posted });
        }
        Ok(events)
    }

    fn understand(&mut self, entry: &Entry, place: &Reference, carried: &Carried) -> Understood {
        let fields = entry.opened(&carried.disclosures).map_err(|e| told(e.to_string()))?;
        if self.tokens {
            entry.check_tokens().map_err(|e| told(e.to_string()))?;
            if !fields.iter().all(|field| is_token(&field.name)) {
                return Err(told("the name of a field is not a token"));
            }
        }
        let message = Message::read(&entry.kind, fields).map_err(|e| told(e.to_string()))?;
        let at = &self.command.time;
        let incoming = Incoming { partner: self.partner, entry, place, at };
        let partner = self.partner.clone();
        match message {
            Message::Interest { interest } => self.interest(interest),
            Message::InterestRemoved { interest: id } => {
                Ok(vec![Event::InterestGone { partner, ours: false, id }])
            }
            Message::Warning(content) => {
                let number = self.db.next_warning()?;
                let warning = incoming.warning(number, &content).map_err(told)?;
                let (version, content) = (warning.version, Box::new(content));
                Ok(vec![
                    Event::WarningSet { warning },
                    Event::ContentSet { warning: number, version, content },
                    filed(place, &entry.kind, number.into()),
                ])
            }
            Message::KeyChange { key, mldsa44 } => {
                self.key_change(Keys { ed25519: key, mldsa44 }, place)
            }
            Message::KeyConfirmed {} => self.key_confirmed(entry, place),
            Message::AgreementProposed { by, version, terms } => {
                self.agreement_proposed((version, terms), &incoming, &by)
            }
            Message::AgreementAccepted { by } => {
                self.agreement_answered(AnswerTo::Accept, &incoming, &by)
            }
            Message::AgreementDeclined { by, reason } => {
                self.agreement_answered(AnswerTo::Decline { reason }, &incoming, &by)
            }
            other @ (Message::Update(_)
            | Message::Recall { .. }
            | Message::Said { .. }
            | Message::ReadoutCommitted { .. }
            | Message::ReadoutRevealed { .. }
            | Message::EmbargoProposed { .. }
            | Message::EmbargoAccepted {}
            | Message::EmbargoDeclined { .. }
            | Message::EmbargoLeft { .. }) => self.answer(&incoming, other),
        }
    }

    /// New keys of the partner's wait for a person. Those that came before them are forgotten.
    fn key_change(&self, keys: Keys, place: &Reference) -> Understood {
        if keys.mldsa44.is_some() != self.channel.signs_twice() {
            return Err(told("the new keys are not as this channel wants them"));
        }
        let mut partner = self.known()?;
        partner.succession.waiting = Some(Waiting { keys, entry: place.clone() });
        Ok(vec![Event::PartnerSet { partner: Box::new(partner) }])
    }

    fn key_confirmed(&self, entry: &Entry, place: &Reference) -> Understood {
        let Some(answers) = &entry.answers else {
            return Err(told("it does not say which entry it answers"));
        };
        let partner = self.known()?.confirmed_ours(answers, place).map_err(told)?;
        Ok(vec![Event::PartnerSet { partner: Box::new(partner) }])
    }

    fn known(&self) -> Result<Partner, Undone> {
        let known = self.db.partner(self.partner)?;
        Ok(known.ok_or_else(|| Refusal::unknown("partner", self.partner))?)
    }

    fn interest(&self, interest: Interest) -> Understood {
        let own_id = forewarn_stix::StixId::parse(&interest.id);
        if own_id.is_err() || !interest.id.starts_with("interest--") {
            return Err(told("its id is not an interest's id"));
        }
        let interest = interest.checked().map_err(|bad| told(bad.to_string()))?;
        if let Some(full) = self.full(&interest)? {
            return Err(told(full));
        }
        let partner = self.partner.clone();
        Ok(vec![Event::InterestSet { partner, ours: false, interest }])
    }

    /// Why there is no room for an interest: what one partner registers is bounded.
    fn full(&self, interest: &Interest) -> Result<Option<String>, StoreError> {
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
    fn answer(&mut self, incoming: &Incoming, message: Message) -> Understood {
        let Some(to) = &incoming.entry.answers else {
            return Err(told("it does not say which entry it answers"));
        };
        let log = self.db.log(&to.log)?.filter(|log| log.partner == **self.partner);
        let log =
            log.ok_or_else(|| told("it answers an entry of a log that is none of this channel"))?;
        let held = self.db.entry(&log, to.index)?;
        let fits = |held: &Held| Hash::leaf(held.carried.leaf.as_bytes()) == to.hash;
        let held = held.filter(fits);
        let held =
            held.ok_or_else(|| told("the entry that it answers is not what we hold there"))?;
        match held.subject {
            Some(subject) if message.is_of_readout() => self.on_readout(incoming, subject, message),
            Some(Subject::Case(number)) => self.on_case(incoming, number, message),
            Some(Subject::Warning(number)) => self.on_warning(incoming, number, message, to),
            None => match message {
                Message::Said { statement: Statement::Refusal { reason }, .. } => {
                    let (log, index) = (incoming.place.log.clone(), incoming.place.index);
                    let mut events = self.agreement_refused(to, &reason)?;
                    let reason =
                        format!("the partner did not understand entry {}: {reason}", to.index);
                    events.push(Event::EntryRefused { log, index, reason });
                    Ok(events)
                }
                Message::Said { .. }
                | Message::Interest { .. }
                | Message::InterestRemoved { .. }
                | Message::Warning(_)
                | Message::Update(_)
                | Message::Recall { .. }
                | Message::KeyChange { .. }
                | Message::KeyConfirmed {}
                | Message::ReadoutCommitted { .. }
                | Message::ReadoutRevealed { .. }
                | Message::EmbargoProposed { .. }
                | Message::EmbargoAccepted {}
                | Message::EmbargoDeclined { .. }
                | Message::EmbargoLeft { .. }
                | Message::AgreementProposed { .. }
                | Message::AgreementAccepted { .. }
                | Message::AgreementDeclined { .. } => Err(told(NOTHING)),
            },
        }
    }

    /// A word of the partner's about its readout, or about the embargo.
    fn on_readout(&self, incoming: &Incoming, subject: Subject, message: Message) -> Understood {
        let readout = readout_of(self.db, subject)?.ok_or_else(|| told(NOTHING))?;
        let committed = match &readout.theirs {
            Theirs::Committed { entry, .. } => self.held_at(entry)?,
            Theirs::Unknown {} | Theirs::Revealed { .. } => None,
        };
        let Incoming { entry, place, at, .. } = *incoming;
        let from = FromPartner { entry, place, at, committed: committed.as_ref() };
        let (readout, heard) = readout.hear(message, &from).map_err(told)?;
        let change = match heard {
            Heard::Committed => ReadoutChange::Committed { ours: false },
            Heard::Revealed { early } => ReadoutChange::Revealed { ours: false, early },
            Heard::Proposed { until } => ReadoutChange::EmbargoProposed { ours: false, until },
            Heard::Accepted => ReadoutChange::EmbargoAccepted { ours: false },
            Heard::Declined { reason } => ReadoutChange::EmbargoDeclined { ours: false, reason },
            Heard::Left { complies, reason } => {
                ReadoutChange::EmbargoLeft { ours: false, complies, reason }
            }
        };
        let readout = Box::new(readout);
        Ok(vec![Event::ReadoutSet { readout, change }, filed(place, &entry.kind, subject)])
    }

    fn held_at(&self, place: &Reference) -> Result<Option<Entry>, Undone> {
        let Some(log) = self.db.log(&place.log)? else { return Ok(None) };
        let held = self.db.entry(&log, place.index)?;
        Ok(held.and_then(|held| Entry::parse(held.carried.leaf.as_bytes()).ok()))
    }

    fn on_warning(
        &self,
        incoming: &Incoming,
        number: WarningNumber,
        message: Message,
        to: &Reference,
    ) -> Understood {
        let warning = self.db.warning(number)?.ok_or_else(|| told(NOTHING))?;
        let asked = self.db.open_question(number.into(), true, to.index)?;
        let talk = TalkSoFar {
            count: self.db.count_said(number.into())?,
            asked: asked.as_ref().filter(|asked| asked.entry == *to),
            ..TalkSoFar::default()
        };
        let changed = incoming.on_warning(warning, message, talk).map_err(told)?;
        let mut events = match changed {
            OnWarning::Updated(warning, content) => {
                let (version, content) = (warning.version, Box::new(content));
                vec![
                    Event::WarningSet { warning },
                    Event::ContentSet { warning: number, version, content },
                ]
            }
            OnWarning::Changed(warning) => {
                let mut events = vec![Event::WarningSet { warning }];
                events.extend(self.taken_back(number)?);
                events
            }
            OnWarning::Said(said) => vec![said_about(number.into(), said)],
        };
        events.push(filed(incoming.place, &incoming.entry.kind, number.into()));
        Ok(events)
    }

    /// A warning was taken back: whoever has passed it on takes that back too.
    fn taken_back(&self, number: WarningNumber) -> Result<Vec<Event>, StoreError> {
        let id = Subject::Warning(number).to_string();
        let mut events = Vec::new();
        for case in self.db.cases_naming(&id, usize::MAX)? {
            let case_number = case.number;
            let clocks = self.us.clocks_of(self.db, &case)?;
            let case = case.original_revoked(&id, &self.command.time, &clocks);
            let happened = Happened::OriginalRevoked { item: id.clone() };
            events.push(Event::CaseSet { case });
            events.push(Event::Told { line: Line::new(case_number, happened) });
        }
        Ok(events)
    }

    /// Which of our versions an entry answers, of how many, and how that is marked.
    fn version_answered(
        &self,
        number: CaseNumber,
        incoming: &Incoming,
    ) -> Result<TalkSoFar<'static>, StoreError> {
        let outgoing = self.db.outgoing(number)?;
        let (mut talk, to) = (TalkSoFar::default(), incoming.entry.answers.as_ref());
        for (version, release) in (1..).zip(outgoing.releases()) {
            talk.versions = version;
            if to.is_some_and(|to| to.index == release.entry.index) {
                let bundle = serde_json::from_str(&release.draft.bundle).unwrap_or_default();
                (talk.version, talk.pap) = (Some(version), extension::pap(&bundle));
            }
        }
        Ok(talk)
    }

    fn on_case(&self, incoming: &Incoming, number: CaseNumber, message: Message) -> Understood {
        let case = self.db.case(number)?.ok_or_else(|| told(NOTHING))?;
        let subject = Subject::Case(number);
        // The statements are read where one of them decides.
        let said = match &message {
            Message::Said {
                statement:
                    Statement::RecallAnswer(_)
                    | Statement::ToldAnswer(_)
                    | Statement::Outcome { corrects: Some(_), .. },
                ..
            } => self.db.talk(subject)?,
            _ => Vec::new(),
        };
        let answers = |one: &Said| !one.ours && matches!(one.statement, Statement::RecallAnswer(_));
        let versions = self.version_answered(number, incoming)?;
        let talk = TalkSoFar {
            count: self.db.count_said(subject)?,
            recall_answered: said.iter().any(answers),
            said: &said,
            ..versions
        };
        let clocks = &self.us.clocks_of(self.db, &case)?;
        let (case, said) = incoming.on_case(case, message, (talk, clocks)).map_err(told)?;
        let mut events = vec![filed(incoming.place, &incoming.entry.kind, subject)];
        if let Statement::Thanks { text, .. } = &said.statement {
            // Thanks goes on to each source's handle, and to each warning that the case passes on, whose
            // sender may be thanked in turn. No handle has crossed, and the partner learns nothing
            // of whom it reached.
            events.extend(originals::thanked(self.db, number)?.into_iter().map(|source| {
                Event::SourceThanked {
                    source,
                    partner: self.partner.clone(),
                    text: text.clone(),
                    case: number,
                }
            }));
        }
        events.push(said_about(subject, said));
        events.push(Event::CaseSet { case });
        Ok(events)
    }
}

fn said_about(subject: Subject, said: Said) -> Event {
    Event::Said { about: Box::new(About { subject, said }) }
}

fn filed(place: &Reference, kind: &str, subject: Subject) -> Event {
    let (log, kind) = (place.log.clone(), kind.to_owned());
    Event::EntryFiled { log, index: place.index, subject, kind }
}

/// A log of ours that is shorter than what was signed of it must not grow: what is written would
/// contradict what the partner holds. The database is an old copy; the log comes back from the
/// partner, or a newer copy is restored.
pub(crate) fn check_not_behind(
    ahead: &[forewarn_exchange::command::Ahead],
    log: &LogRow,
) -> Result<(), Refusal> {
    let known = ahead.iter().find(|one| one.log == log.name);
    let signed = known.map_or(0, |one| one.signed);
    if signed > log.size {
        return Err(Refusal::restored(&log.name, signed, log.size));
    }
    if known.is_some_and(|one| one.uncompared) {
        return Err(Refusal::not_compared(&log.partner));
    }
    Ok(())
}
