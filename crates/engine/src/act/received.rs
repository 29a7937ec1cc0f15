//! Warnings that came to us: what our people say of them goes back to the sender.

use super::{Decision, Desk};
use forewarn_exchange::Refusal;
use forewarn_exchange::act::ReceivedAct;
use forewarn_exchange::answer::Answer;
use forewarn_exchange::event::Event;
use forewarn_exchange::id::Subject;
use forewarn_exchange::talk::About;
use forewarn_exchange::warning::Stated;

impl Desk<'_> {
    pub(super) fn received(&mut self, act: &ReceivedAct) -> Decision {
        let number = act.warning;
        let warning = self.db.warning(number)?;
        let warning = warning.ok_or_else(|| Refusal::unknown("warning", number))?;
        let partner = self.partner(&warning.partner)?;
        let mut post = self.post(&partner)?;
        self.clear(&warning.partner, &act.set_aside, &act.statement)?;
        let clocks = self.us.configuration.clocks;
        let statement = act.statement.clone();
        let stated = self.acting(|acting| warning.say(statement, &clocks, &mut post, acting))?;
        let Stated { warning, said, posted } = stated;
        let (entry, id) = (posted.reference.clone(), posted.id.clone());
        let answer = Answer::WarningSent { warning: number, entry, id };
        let subject = Subject::Warning(number);
        let partner = warning.partner.clone();
        let events = vec![
            Event::WarningSet { warning },
            Event::Said { about: Box::new(About { subject, said }) },
            Event::Posted { partner, subject: Some(subject), posted },
        ];
        Ok((events, answer))
    }
}
