//! Who is told of what needs somebody.

use super::{Decision, Desk};
use crate::failure::Undone;
use forewarn_exchange::act::TellingAct;
use forewarn_exchange::answer::Answer;
use forewarn_exchange::event::Event;
use forewarn_exchange::name::UserName;
use forewarn_exchange::refusal::Hint;
use forewarn_exchange::telling::{Escalation, Taken, Telling, Whose};
use forewarn_exchange::user::{Permission, Role};
use forewarn_exchange::{Code, Refusal};

/// Longest name of a need.
const MAX_NEED: usize = 300;

impl Desk<'_> {
    pub(super) fn telling(&self, act: &TellingAct) -> Decision {
        let telling = self.db.telling()?;
        match act {
            TellingAct::Means { name, means } => {
                self.must_be_known(name)?;
                let what = format!("the means of {name}");
                Ok(set(telling.with_means(name.clone(), means.clone())?, what))
            }
            TellingAct::Rota { shifts } => {
                for shift in shifts {
                    self.must_be_known(&shift.who)?;
                }
                Ok(set(telling.with_rota(shifts.clone())?, "the rota".to_owned()))
            }
            TellingAct::Rule { rule } => {
                self.is_known(&rule.who)?;
                let what = format!("the rule {}", rule.name);
                Ok(set(telling.with_rule(rule.clone())?, what))
            }
            TellingAct::RuleRemove { name } => {
                let mut telling = telling;
                if telling.rules.remove(name).is_none() {
                    return Err(Refusal::unknown("rule", name).into());
                }
                Ok(set(telling, format!("no rule {name}")))
            }
            TellingAct::Escalation { from, steps } => {
                for step in steps {
                    self.is_known(&step.who)?;
                }
                let escalation = Escalation { from: *from, steps: steps.clone() }.checked()?;
                let escalation = Some(escalation).filter(|one| !one.steps.is_empty());
                Ok(set(Telling { escalation, ..telling }, "the escalation".to_owned()))
            }
            TellingAct::Take { need } => self.take(need),
        }
    }

    /// Readers see what is needed, and do nothing about it.
    fn take(&self, need: &str) -> Decision {
        let user = self.user()?;
        let acts = [Permission::Draft, Permission::Release, Permission::Receive];
        let admins = [Permission::ManagePartners, Permission::Administer];
        if !acts.iter().chain(&admins).any(|one| user.permits(*one)) {
            let message = format!("`{}` may not take anything in hand", user.name);
            return Err(Refusal::new(Code::NotPermitted, message)
                .hint(Hint::AskRole { role: Role::DutyOfficer })
                .into());
        }
        let plain = |c: char| c.is_ascii_graphic() || c == ' ';
        if need.is_empty() || need.len() > MAX_NEED || !need.chars().all(plain) {
            let message = "a need is named as it is listed, such as `finding case-3`";
            return Err(Refusal::new(Code::BadRequest, message).into());
        }
        let taken = Taken { by: user.name, at: self.command.time.clone() };
        let answer = Answer::Telling { set: need.to_owned() };
        Ok((vec![Event::NeedTaken { need: need.to_owned(), taken }], answer))
    }

    fn is_known(&self, whose: &Whose) -> Result<(), Undone> {
        match whose {
            Whose::Person(name) => self.must_be_known(name),
            Whose::OnDuty | Whose::Next | Whose::Role(_) => Ok(()),
        }
    }

    fn must_be_known(&self, name: &UserName) -> Result<(), Undone> {
        if self.db.user(name)?.is_none() {
            return Err(Refusal::unknown("user", name).into());
        }
        Ok(())
    }
}

fn set(telling: Telling, what: String) -> (Vec<Event>, Answer) {
    let answer = Answer::Telling { set: what.clone() };
    (vec![Event::TellingSet { telling: Box::new(telling), what }], answer)
}
