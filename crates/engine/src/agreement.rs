//! The agreement with a partner: what stands between both sides, and what its coming into force does.

use crate::configuration::Us;
use forewarn_exchange::agreement::{NowInForce, Signed};
use forewarn_exchange::event::Event;
use forewarn_exchange::history::{Happened, Line};
use forewarn_exchange::partner::Partner;
use forewarn_stix::Timestamp;
use forewarn_store::{Db, StoreError};

/// What stands between us and a partner.
pub(crate) fn signed(db: &Db<'_>, partner: &Partner) -> Result<Signed, StoreError> {
    let name = partner.name();
    Ok(Signed {
        partner: name.clone(),
        last: db.last_agreement(name)?,
        waiting: db.waiting_agreement(name)?,
        in_force: partner.agreement.as_deref().cloned(),
    })
}

/// Versions that have come further. Of one that is in force now, the partner keeps what it says, and
/// no clock that runs for it gives more time than that.
pub(crate) fn changed(
    (db, us): (&Db<'_>, &Us),
    partner: Partner,
    (versions, in_force): NowInForce,
    at: &Timestamp,
) -> Result<Vec<Event>, StoreError> {
    let set = |agreement| Event::AgreementSet { agreement: Box::new(agreement) };
    let mut events: Vec<Event> = versions.into_iter().map(set).collect();
    let Some(held) = in_force else { return Ok(events) };
    let (version, partner) = (held.version, partner.signed(held));
    let clocks = partner.clocks(&us.configuration.clocks);
    for case in db.cases_that_run(partner.name())? {
        if let Some(case) = case.agreed(at, &clocks) {
            let due = case.clock.due().clone();
            let line = Line::new(case.number, Happened::AgreedSooner { version, due });
            events.extend([Event::CaseSet { case }, Event::Told { line }]);
        }
    }
    events.push(Event::PartnerSet { partner: Box::new(partner) });
    Ok(events)
}
