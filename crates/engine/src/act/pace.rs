//! What moves the clock of a case by hand: another urgency, a pause; and what joins or merges it.

use super::duty::case_set;
use super::{Decision, Desk};
use forewarn_exchange::Refusal;
use forewarn_exchange::case::Case;
use forewarn_exchange::draft::Draft;
use forewarn_exchange::event::Event;
use forewarn_exchange::history::{Happened, Line};
use forewarn_exchange::id::CaseNumber;
use forewarn_exchange::scale::Urgency;
use forewarn_exchange::user::Permission;
use forewarn_stix::Timestamp;

impl Desk<'_> {
    /// Whoever works on a case makes it more urgent; whoever decides makes it less so. A draft that
    /// waits says the urgency, and is written again by it.
    pub(super) fn regrade(
        &mut self,
        number: CaseNumber,
        (urgency, reason): (Urgency, &str),
    ) -> Decision {
        let case = self.case(number)?;
        if urgency < case.urgency {
            self.user()?.must(Permission::Release)?;
        }
        let clocks = &self.us.clocks_of(self.db, &case)?;
        let case = case.regrade((urgency, reason), clocks)?;
        let outgoing = self.db.outgoing(number)?;
        let again = outgoing
            .pending()
            .and_then(|draft| Some((draft.request.clone()?, Draft::authors(draft))));
        let (mut events, answer) = match again {
            Some((request, authors)) => self.draft_of(case, &request, authors)?,
            None => case_set(case),
        };
        let happened = Happened::UrgencyChanged { urgency, reason: reason.to_owned() };
        events.push(Event::Told { line: Line::new(number, happened) });
        Ok((events, answer))
    }

    pub(super) fn pause(
        &mut self,
        number: CaseNumber,
        (until, reason): (&Timestamp, &str),
    ) -> Decision {
        let case = self.case(number)?;
        let clocks = &self.us.clocks_of(self.db, &case)?;
        let case = self.acting(|acting| case.pause((until, reason), clocks, acting))?;
        let (mut events, answer) = case_set(case);
        let happened = Happened::Paused { until: until.clone(), reason: reason.to_owned() };
        events.push(Event::Told { line: Line::new(number, happened) });
        Ok((events, answer))
    }

    pub(super) fn resume(&mut self, number: CaseNumber) -> Decision {
        let case = self.case(number)?;
        let clocks = &self.us.clocks_of(self.db, &case)?;
        let case = self.acting(|acting| case.resume(clocks, acting))?;
        let happened = Happened::RunsOn { due: case.clock.due().clone() };
        let (mut events, answer) = case_set(case);
        events.push(Event::Told { line: Line::new(number, happened) });
        Ok((events, answer))
    }

    /// One case of a partner goes on for both.
    pub(super) fn merge(
        &mut self,
        (from, into): (CaseNumber, CaseNumber),
        reason: &str,
    ) -> Decision {
        let (case, other) = (self.case(from)?, self.case(into)?);
        let mut named = Vec::new();
        for item in self.db.case_items(from)? {
            if !self.db.names_item(into, &item.id)? {
                named.push(Event::ItemNamed { case: into, item });
            }
        }
        let added = u32::try_from(named.len()).unwrap_or(u32::MAX);
        let clocks = &self.us.clocks_of(self.db, &case)?;
        let (case, other) =
            self.acting(|acting| case.merge(other, (added, reason), clocks, acting))?;
        let (mut events, answer) = case_set(other);
        events.push(Event::CaseSet { case });
        events.extend(named);
        events.push(Event::CaseMerged { from, into });
        let reason = reason.to_owned();
        let happened = Happened::Merged { into, reason: reason.clone() };
        events.push(Event::Told { line: Line::new(from, happened) });
        let happened = Happened::MergedFrom { from, reason };
        events.push(Event::Told { line: Line::new(into, happened) });
        Ok((events, answer))
    }

    /// An item joins a case by hand.
    pub(super) fn join(&mut self, number: CaseNumber, (id, reason): (&str, &str)) -> Decision {
        let case: Case = self.case(number)?;
        let item = self.case_item(id, "joined by hand")?;
        self.may_be_named(&item, &case.partner)?;
        if self.exercise_of_item(&item)? != case.exercise {
            return Err(super::exercise::apart().into());
        }
        if self.db.names_item(number, id)? {
            let message = format!("case {number} names it already");
            return Err(Refusal::new(forewarn_exchange::Code::Known, message).into());
        }
        let clocks = &self.us.clocks_of(self.db, &case)?;
        let case = self.acting(|acting| case.take_in((id, reason), clocks, acting))?;
        let (mut events, answer) = case_set(case);
        events.push(Event::ItemNamed { case: number, item });
        let happened = Happened::Joined { item: id.to_owned(), reason: reason.to_owned() };
        events.push(Event::Told { line: Line::new(number, happened) });
        Ok((events, answer))
    }
}
