//! An auditor's reading of what is withheld is on record before it is read: in the history of the case,
//! once a day.

use crate::app::App;
use crate::caller::{Caller, Door};
use crate::problem::Problem;
use forewarn_engine::Outcome;
use forewarn_exchange::act::RecordAct;
use forewarn_exchange::answer::Answer;
use forewarn_exchange::id::CaseNumber;
use forewarn_exchange::role::Role;
use forewarn_exchange::user::User;
use forewarn_node::{Failure, clock};
use forewarn_store::Db;

/// Somebody who is there to audit, and not one of those who withhold it themselves.
fn audits(user: &User) -> bool {
    user.roles.contains(&Role::Auditor) && !user.works()
}

/// Puts on record that an auditor reads a case of which something is withheld. What he or she may not
/// see is not there for this either, and says nothing.
///
/// # Errors
/// It cannot be written: then it is not read.
pub(crate) async fn reads(
    node: &App,
    (caller, door): (&Caller, Door),
    case: CaseNumber,
) -> Result<(), Problem> {
    let Caller::User(user) = caller else { return Ok(()) };
    if !audits(user) {
        return Ok(());
    }
    let day = clock::now().as_str().get(..10).unwrap_or_default().to_owned();
    let id = format!("{}/read/case-{case}/{day}", caller.actor());
    let (sight, known) = (caller.sight(node), id.clone());
    let read = node.read(move |db, _| {
        if is_on_record(&db, &known, case)? || !db.sees_case(case, &sight)? {
            return Ok::<_, Failure>(false);
        }
        let Some(found) = db.case(case)? else { return Ok(false) };
        Ok(!db.withheld_in(&found.partner, Some(case))?.is_empty())
    });
    if read.await? {
        node.act(caller.doer(door), Some(id), RecordAct::Read { case }.into()).await?;
    }
    Ok(())
}

/// Whether exactly this stands there. Another act under this id, which its reader may choose, does not
/// count: then the act below is refused, and nothing is shown.
fn is_on_record(db: &Db<'_>, id: &str, case: CaseNumber) -> Result<bool, Failure> {
    let known = db.recorded(id)?.filter(|record| !record.refused);
    let answer = known.and_then(|record| serde_json::from_str::<Outcome>(&record.answer).ok());
    Ok(matches!(answer, Some(Outcome::Act(Answer::WithheldRead { case: read })) if read == case))
}
