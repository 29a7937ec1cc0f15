//! What was told about a case beside the channel.

use super::duty::case_set;
use super::{Decision, Desk};
use forewarn_exchange::answer::Answer;
use forewarn_exchange::case::{Case, Mirrored};
use forewarn_exchange::event::Event;
use forewarn_exchange::gate::Withheld;
use forewarn_exchange::history::{Happened, Line};
use forewarn_exchange::id::{CaseNumber, Subject};
use forewarn_exchange::name::NodeName;
use forewarn_exchange::partner::Partner;
use forewarn_exchange::talk::About;
use forewarn_exchange::told::TellRequest;
use forewarn_policy::Does;

impl Desk<'_> {
    pub(super) fn tell(&mut self, number: CaseNumber, request: &TellRequest) -> Decision {
        let (case, partner, withheld) = self.outward(number)?;
        let outgoing = self.db.outgoing(number)?;
        let (way, to) = (request.way, request.to.clone());
        self.no_source_in_danger(number)?;
        if let Some(words) = &request.imminent {
            // Whoever may not be written to may not be told either.
            partner.channel(&self.us.party())?;
            self.must_be_permitted(&case, &outgoing)?;
            let said = (request, words.as_str(), withheld.as_slice());
            let case = self.acting(|acting| case.tell_ahead(&outgoing, said, acting))?;
            let version = outgoing.releases().len() + usize::from(outgoing.pending().is_some());
            self.house_lets_out(&case, (Does::Tell, outgoing.last(), version.max(1)))?;
            let told = case.ahead.last().map(|one| one.number);
            let (mut events, answer) = case_set(case);
            let happened = Happened::ToldBeside { way, to, ahead: told };
            events.push(Event::Told { line: Line::new(number, happened) });
            return Ok((events, answer));
        }
        self.house_lets_out_newest(&case, &outgoing, Does::Tell)?;
        let mut post = self.post(&partner)?;
        let said = (request, withheld.as_slice());
        let (case, mirrored) =
            self.acting(|acting| case.tell(&outgoing, said, &mut post, acting))?;
        let (entry, id) = (mirrored.1.reference.clone(), mirrored.1.id.clone());
        let answer = Answer::CaseSent { case: number, entry, id };
        let mut events = vec![Event::CaseSet { case }];
        events.extend(written(number, partner.name(), vec![mirrored]));
        let happened = Happened::ToldBeside { way, to, ahead: None };
        events.push(Event::Told { line: Line::new(number, happened) });
        Ok((events, answer))
    }

    pub(super) fn confirm_told(&mut self, number: CaseNumber, told: u32) -> Decision {
        let (case, partner, withheld) = self.outward(number)?;
        let case = self.acting(|acting| case.confirm(told, acting))?;
        self.settled(case, (&partner, &withheld), Happened::ToldConfirmed { number: told })
    }

    pub(super) fn strike_told(
        &mut self,
        number: CaseNumber,
        told: u32,
        (reason, taken_back): (&str, &str),
    ) -> Decision {
        let (case, partner, withheld) = self.outward(number)?;
        let words = (reason, taken_back);
        let case = self.acting(|acting| case.strike(told, words, &withheld, acting))?;
        let reason = reason.to_owned();
        self.settled(case, (&partner, &withheld), Happened::ToldStruck { number: told, reason })
    }

    /// What was told ahead is decided: it is written into the channel, where a warning is there.
    fn settled(
        &mut self,
        case: Case,
        (partner, withheld): (&Partner, &[Withheld]),
        happened: Happened,
    ) -> Decision {
        let number = case.number;
        let outgoing = self.db.outgoing(number)?;
        let (case, mirrored) = if outgoing.releases().is_empty() {
            (case, Vec::new())
        } else {
            let mut post = self.post(partner)?;
            self.acting(|acting| case.mirror(&outgoing, withheld, &mut post, acting))?
        };
        let (mut events, answer) = case_set(case);
        events.extend(written(number, partner.name(), mirrored));
        events.push(Event::Told { line: Line::new(number, happened) });
        Ok((events, answer))
    }
}

/// What keeps statements of ours, and writes the entries that carry them.
pub(super) fn written(
    number: CaseNumber,
    partner: &NodeName,
    mirrored: Vec<Mirrored>,
) -> Vec<Event> {
    let subject = Subject::Case(number);
    let both = mirrored.into_iter().flat_map(|(said, posted)| {
        let partner = partner.clone();
        [
            Event::Said { about: Box::new(About { subject, said }) },
            Event::Posted { partner, subject: Some(subject), posted },
        ]
    });
    both.collect()
}
