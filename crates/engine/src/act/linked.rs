//! Several cases at once: one threat for several partners, opened, linked and decided together.

use super::duty::case_set;
use super::{Decision, Desk};
use crate::failure::Undone;
use crate::threat;
use forewarn_exchange::actor::Actor;
use forewarn_exchange::answer::{Answer, CaseAt};
use forewarn_exchange::case::{self, Case, CaseItem, Deciding, MAX_ITEMS, MAX_LINKED};
use forewarn_exchange::event::Event;
use forewarn_exchange::exercise::InExercise;
use forewarn_exchange::id::{CaseNumber, Subject};
use forewarn_exchange::name::NodeName;
use forewarn_exchange::scale::{Status, Urgency};
use forewarn_exchange::user::User;
use forewarn_exchange::{Code, Refusal};
use forewarn_stix::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

impl Desk<'_> {
    /// A case for each partner; those of several partners are of one threat.
    pub(super) fn open_cases(
        &mut self,
        (partner, also): (&NodeName, &[NodeName]),
        items: &[String],
        grade: (Urgency, Status),
    ) -> Decision {
        let partners: Vec<&NodeName> = std::iter::once(partner).chain(also).collect();
        check_count(partners.len())?;
        let distinct: BTreeSet<&NodeName> = partners.iter().copied().collect();
        if distinct.len() < partners.len() {
            return Err(Refusal::new(Code::Known, "a partner is named twice").into());
        }
        for partner in &partners {
            self.partner(partner)?.channel(&self.us.party())?;
        }
        let items = self.items_by_hand(items)?;
        let grade = self.grade_of(&items, grade)?;
        let exercise = self.exercise_of_items(&items)?;
        let first = self.db.next_case()?;
        let (mut cases, mut events) = (Vec::new(), Vec::new());
        for (partner, n) in partners.into_iter().zip(first.get()..) {
            let number = CaseNumber::new(n);
            items.iter().try_for_each(|item| self.may_be_named(item, partner))?;
            let case = self.open_case(partner, (number, items.len()), (grade, exercise))?;
            cases.push(if also.is_empty() { case } else { case.of_threat(first) });
            let named = items.iter().cloned();
            events.extend(named.map(|item| Event::ItemNamed { case: number, item }));
        }
        if !also.is_empty() {
            let numbers: Vec<CaseNumber> = cases.iter().map(|case| case.number).collect();
            events.extend(threat::told(&numbers).into_iter().map(|line| Event::Told { line }));
        }
        let (mut all, answer) = cases_set(cases);
        all.extend(events);
        Ok((all, answer))
    }

    /// A case that will name so many items.
    fn open_case(
        &self,
        partner: &NodeName,
        (number, items): (CaseNumber, usize),
        (grade, exercise): ((Urgency, Status), Option<InExercise>),
    ) -> Result<Case, Undone> {
        let (at, clocks) = (&self.command.time, self.us.clocks_with(self.db, partner)?);
        let clocks = clocks.of_exercise(exercise);
        let count = u32::try_from(items).unwrap_or(u32::MAX);
        let case = Case::open(number, partner, count, grade, at, &clocks);
        Ok(case.of_exercise(exercise))
    }

    /// A node that exercises says nothing that is meant; nor does what comes of an exercise, or of a
    /// warning that is not meant.
    fn grade_of(
        &self,
        items: &[CaseItem],
        (urgency, status): (Urgency, Status),
    ) -> Result<(Urgency, Status), Undone> {
        let mut least = self.us.configuration.status;
        for item in items {
            if let Some(warning) =
                item.warning().map(|number| self.db.warning(number)).transpose()?
            {
                least = least.at_least(warning.map_or(Status::Actual, |warning| warning.status));
            } else if self.exercise_of_item(item)?.is_some() {
                least = least.at_least(Status::Exercise);
            }
        }
        Ok((urgency, least.at_least(status)))
    }

    /// The items of a case that is opened by hand, each once.
    fn items_by_hand(&self, ids: &[String]) -> Result<Vec<CaseItem>, Undone> {
        let mut seen = BTreeSet::new();
        let distinct: Vec<&String> = ids.iter().filter(|id| seen.insert(*id)).collect();
        if distinct.is_empty() {
            return Err(Refusal::new(Code::NoItems, "a case is about at least one item").into());
        }
        if distinct.len() > MAX_ITEMS as usize {
            let message = format!("a case names at most {MAX_ITEMS} items");
            return Err(Refusal::new(Code::TooMany, message).into());
        }
        distinct.into_iter().map(|id| self.case_item(id, "opened by hand")).collect()
    }

    /// An item that is here, as a case names it; or a warning that came to us, which is named where
    /// it may be passed on.
    pub(super) fn case_item(&self, id: &str, why: &str) -> Result<CaseItem, Undone> {
        if let Ok(Subject::Warning(number)) = id.parse() {
            self.db.warning(number)?.ok_or_else(|| Refusal::unknown("warning", number))?;
            let (id, why) = (Subject::Warning(number).to_string(), vec![why.to_owned()]);
            return Ok(CaseItem { id, source: None, why });
        }
        let item = self.db.item(id)?.ok_or_else(|| Refusal::unknown("item", id))?;
        Ok(CaseItem { id: item.id, source: item.source, why: vec![why.to_owned()] })
    }

    /// The same decision for one case or several, all or none.
    pub(super) fn decide_cases(
        &mut self,
        (first, also): (CaseNumber, &[CaseNumber]),
        decision: &case::Decision,
    ) -> Decision {
        check_count(also.len() + 1)?;
        // In the order in which they were named, each once; all are found before any is decided.
        let mut known: Vec<Case> = Vec::new();
        for number in std::iter::once(first).chain(also.iter().copied()) {
            if !known.iter().any(|case| case.number == number) {
                known.push(self.case(number)?);
            }
        }
        let (by, second, us) = (self.user()?, self.seconding()?, self.us);
        let mut cases = Vec::new();
        for case in known {
            let deciding = Deciding {
                clocks: &us.clocks_of(self.db, &case)?,
                waivers: &us.configuration.waivers,
                by: &by,
                second: second.as_ref(),
            };
            let decision = decision.clone();
            cases.push(self.acting(|acting| case.decide(decision, deciding, acting))?);
        }
        let hurried = self.hurried(&cases, decision)?;
        let (mut events, answer) = cases_set(cases);
        events.extend(hurried.into_iter().map(|case| Event::CaseSet { case }));
        Ok((events, answer))
    }

    /// Who faces the same threat is treated alike: what is undecided of the threats of these cases has
    /// no longer than they have.
    fn hurried(&self, cases: &[Case], decision: &case::Decision) -> Result<Vec<Case>, Undone> {
        let mut all = Vec::new();
        if !matches!(decision, case::Decision::Warn { .. }) {
            return Ok(all);
        }
        let mut soonest: BTreeMap<CaseNumber, &Timestamp> = BTreeMap::new();
        for case in cases.iter().filter(|case| case.threat.is_some()) {
            let due = soonest.entry(case.threat()).or_insert(case.clock.due());
            *due = (*due).min(case.clock.due());
        }
        for (threat, due) in soonest {
            for linked in self.db.cases_of_threat(threat)? {
                let is_named = cases.iter().any(|one| one.number == linked.number);
                let before = linked.clock.clone();
                let linked = linked.hurried(due);
                if !is_named && linked.clock != before {
                    all.push(linked);
                }
            }
        }
        Ok(all)
    }

    /// Whoever has approved what another has proposed; nobody yet, where it is proposed only now.
    pub(super) fn seconding(&self) -> Result<Option<User>, Undone> {
        match &self.command.actor {
            Actor::User(name) if self.actor != self.command.actor => {
                // What the approver's own session does not vouch for does not count.
                let user = self.db.user(name)?;
                Ok(user.map(|user| match self.only {
                    Some(only) => user.limited(only),
                    None => user,
                }))
            }
            Actor::User(_) | Actor::Owner | Actor::Partner(_) | Actor::Node(_) => Ok(None),
        }
    }

    /// Cases of several partners are of one threat, somebody says.
    pub(super) fn link_by_hand(&mut self, first: CaseNumber, with: &[CaseNumber]) -> Decision {
        check_count(with.len() + 1)?;
        let mut cases = Vec::new();
        for number in std::iter::once(first).chain(with.iter().copied()) {
            cases.push(self.case(number)?);
        }
        let partners: BTreeSet<&NodeName> = cases.iter().map(|case| &case.partner).collect();
        if partners.len() < 2 {
            let message = "cases of several partners are linked";
            return Err(Refusal::new(Code::Stage, message)
                .advice("cases of one partner are merged")
                .into());
        }
        let parts: BTreeSet<_> = cases.iter().map(Case::partition).collect();
        if parts.len() > 1 {
            return Err(super::exercise::apart().into());
        }
        let linked = threat::link(self.db, cases, &threat::Newer::new())?;
        let all: Vec<CaseNumber> = linked.all.clone();
        let mut events: Vec<Event> =
            linked.changed.into_iter().map(|case| Event::CaseSet { case }).collect();
        events.extend(threat::told(&all).into_iter().map(|line| Event::Told { line }));
        let (_, answer) = case_set(self.case(first)?);
        Ok((events, answer))
    }
}

fn check_count(count: usize) -> Result<(), Refusal> {
    if count <= MAX_LINKED {
        return Ok(());
    }
    Err(Refusal::new(Code::TooMany, format!("at most {MAX_LINKED} cases at once")))
}

/// One case or several, as they are from now on.
fn cases_set(mut cases: Vec<Case>) -> (Vec<Event>, Answer) {
    if cases.len() == 1
        && let Some(case) = cases.pop()
    {
        return case_set(case);
    }
    let at = |case: &Case| CaseAt {
        case: case.number,
        stage: case.stage(),
        due: case.clock.due().clone(),
    };
    let answer = Answer::Cases { cases: cases.iter().map(at).collect() };
    (cases.into_iter().map(|case| Event::CaseSet { case }).collect(), answer)
}
