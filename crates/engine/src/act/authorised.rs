//! A warning that leaves by a standing authorisation, as soon as its case is opened: by the same
//! steps and the same gate as any other, in the names of the two persons who gave it.

use super::Desk;
use crate::configuration::Us;
use crate::erasure;
use crate::failure::Undone;
use crate::matched::MetSoFar;
use crate::originals;
use crate::work::Work;
use forewarn_exchange::act::{Act, DutyAct};
use forewarn_exchange::actor::Actor;
use forewarn_exchange::authority::{AsGiven, Authority, Met, NotCovered};
use forewarn_exchange::case::{Case, Deciding, Decision, Finding, Originals, Outgoing};
use forewarn_exchange::command::Command;
use forewarn_exchange::drawn::Ids;
use forewarn_exchange::event::Event;
use forewarn_exchange::history::{Happened, Line};
use forewarn_exchange::name::UserName;
use forewarn_exchange::permit::By;
use forewarn_exchange::proposal::Course;
use forewarn_exchange::scale::Grade;
use forewarn_exchange::{Code, Refusal};
use forewarn_matching::Match;
use forewarn_store::sight::Sight;
use forewarn_store::{Db, StoreError};

/// Longest value that is taken over, in characters: a reason cuts longer ones.
const MAX_VALUE: usize = 100;

/// Lets out what standing authorisations cover, case by case.
pub(crate) struct Clerk<'a>(Desk<'a>);

impl<'a> Clerk<'a> {
    /// For the cases of one command.
    pub(crate) fn new(db: &'a Db<'a>, us: &'a Us, command: &'a Command<Work>) -> Clerk<'a> {
        let (actor, ids) = (command.actor.clone(), Ids::new(command.seed));
        Clerk(Desk { db, us, command, actor, only: None, standing: true, ids })
    }

    /// What is to be done about a new case by what its items have met; nothing when no
    /// authorisation is there for its partner.
    ///
    /// # Errors
    /// When the database cannot be read. What may not leave is told in the case's history, and left
    /// to people.
    pub(crate) fn look(
        &mut self,
        case: &Case,
        so_far: &MetSoFar,
    ) -> Result<Vec<Event>, StoreError> {
        let mut all = self.0.db.authorities_for(&case.partner, &self.0.command.time)?;
        // Most cases are of no class: nothing is read for them.
        let of_class =
            |one: &Authority, found: &Match| one.class.interests.contains(&found.interest);
        all.retain(|one| so_far.matches.iter().all(|found| of_class(one, found)));
        if all.is_empty() {
            return Ok(Vec::new());
        }
        // What is erased has no marking any more: that is left to people.
        match erasure::must_have_originals(self.0.db, case.number) {
            Ok(()) => {}
            Err(Undone::Refused(_)) => return Ok(Vec::new()),
            Err(Undone::Store(error)) => return Err(error),
        }
        // Nobody sends a warning by correcting: what was corrected is left to people, however it comes.
        for item in self.0.db.case_items(case.number)? {
            if !self.0.db.corrections_of(&item.id)?.is_empty() {
                return Ok(Vec::new());
            }
        }
        let from = originals::of(self.0.db, case.number)?;
        let met = self.met(case, so_far, &from)?;
        let mut told = Vec::new();
        for authority in all {
            let number = authority.number;
            match self.covers(&authority, &met)? {
                Ok(observables) => {
                    let tried = self.let_out(case.clone(), &authority, observables, &from);
                    let reason = match tried {
                        Ok(events) => return Ok(events),
                        Err(Undone::Refused(refusal)) => refusal.message,
                        Err(Undone::Store(error)) => return Err(error),
                    };
                    let happened = Happened::NotReleasedBy { authority: number, reason };
                    told.push(Line::new(case.number, happened));
                }
                // What is about something else altogether is not worth a line.
                Err(NotCovered::Interest {} | NotCovered::Ended {}) => {}
                Err(because) => {
                    let happened = Happened::NotCovered { authority: number, because };
                    told.push(Line::new(case.number, happened));
                }
            }
        }
        Ok(told.into_iter().map(|line| Event::Told { line }).collect())
    }

    /// Values are those of items that hold and that the case names: of no other is it known here who
    /// brought it, how it is graded and how it is marked.
    fn met<'c>(
        &self,
        case: &'c Case,
        so_far: &MetSoFar,
        from: &Originals<'_>,
    ) -> Result<Met<'c>, StoreError> {
        let (db, MetSoFar { matches, whole }) = (self.0.db, so_far);
        let mut interests = Vec::new();
        for found in matches {
            if let Some(stands) = db.interest_stands(&found.partner, &found.interest)? {
                interests.push(AsGiven { id: found.interest.clone(), change: stands.change });
            }
        }
        let mut grades = Vec::new();
        for named in db.case_items(case.number)? {
            // Each time that it came in it may have been graded otherwise.
            let known = db.gradings(&named.id, &Sight::all())?;
            if known.is_empty() {
                grades.push(None);
            }
            grades.extend(known.into_iter().map(|(_, grade)| Grade::parse(&grade).ok()));
        }
        let values = matches.iter().flat_map(|found| &found.why).map(|reason| &reason.words);
        let values = values.filter(|words| words.chars().count() <= MAX_VALUE).cloned().collect();
        let (sources, marking) = (from.sources.clone(), from.marking);
        let (partner, whole) = (&case.partner, *whole);
        Ok(Met { partner, interests, sources, grades, marking, whole, values })
    }

    fn covers(
        &self,
        authority: &Authority,
        met: &Met<'_>,
    ) -> Result<Result<Vec<String>, NotCovered>, StoreError> {
        let (at, rate) = (&self.0.command.time, authority.class.rate);
        let observables = match authority.covers(met, at) {
            Ok(observables) => observables,
            Err(because) => return Ok(Err(because)),
        };
        // Counted last: most of what is not covered is not so for another reason.
        let since = at.plus_minutes(-i64::from(rate.minutes));
        let used = self.0.db.authority_uses(authority.number, &since, rate.most)?;
        Ok(authority.has_left(used).map(|()| observables))
    }

    /// Finds, decides, drafts and releases, one after the other.
    fn let_out(
        &mut self,
        case: Case,
        authority: &Authority,
        observables: Vec<String>,
        from: &Originals<'static>,
    ) -> Result<Vec<Event>, Undone> {
        let Authority { number, class, by, approved_by, .. } = authority;
        let case_number = case.number;
        let reason = format!("standing authorisation {number}: {}", class.reason);
        let finding = Finding::yes(class.threat, class.target.clone(), reason.clone());
        let decision = Decision::Warn { reason };
        let request = class.request(observables, &self.0.command.time);
        let desk = &mut self.0;
        let (us, clocks) = (desk.us, &desk.us.clocks_of(desk.db, &case)?);
        desk.acts_for(by, &DutyAct::Find { case: case_number, finding: finding.clone() }.into())?;
        let case = desk.acting(|acting| case.find(finding, clocks, acting))?;
        let (first, also) = (decision.clone(), Vec::new());
        let decide = DutyAct::Decide { case: case_number, decision: first, also };
        desk.acts_for(approved_by, &decide.into())?;
        let (decider, waivers) = (desk.user()?, &us.configuration.waivers);
        let deciding = Deciding { clocks, waivers, by: &decider, second: None };
        let case = desk.acting(|acting| case.decide(decision, deciding, acting))?;
        let draft = Box::new(request.clone());
        desk.acts_for(by, &DutyAct::Draft { case: case_number, draft }.into())?;
        let papers = (case, Outgoing::Nothing);
        let (case, outgoing, kept) = desk.drafted(papers, (&request, from.clone()), Vec::new())?;
        let digest = outgoing.pending().map(|draft| draft.digest);
        let nothing = || Refusal::new(Code::NoDraft, "nothing was drafted");
        let digest = digest.ok_or_else(nothing)?;
        let release = DutyAct::Release { case: case_number, digest, set_aside: Vec::new() };
        desk.acts_for(approved_by, &release.into())?;
        let (mut events, _) = desk.released((case, outgoing), (digest, &[]), from.marking)?;
        events.extend(kept);
        events.push(Event::AuthorityUsed { authority: *number, case: case_number });
        Ok(events)
    }
}

impl Desk<'_> {
    /// What follows is done in this user's name, who must be allowed to do it alone.
    fn acts_for(&mut self, user: &UserName, act: &Act) -> Result<(), Undone> {
        self.actor = Actor::User(user.clone());
        let known = self.user()?;
        // Whoever gave the authorisation released by it: that he or she drafts is not asked.
        let rules = self.rules(act)?;
        let may = match act.permitted(By::User(&known), rules) {
            Ok(permitted) => permitted.course() == Course::Do,
            Err(refusal) => return Err(refusal.into()),
        };
        if may {
            return Ok(());
        }
        let message = format!("`{user}` does not do this alone");
        Err(Refusal::new(Code::NotPermitted, message).into())
    }
}
