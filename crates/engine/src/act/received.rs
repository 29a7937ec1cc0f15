//! Warnings that came to us: what our people say of them goes back to the sender.

use super::{Decision, Desk};
use crate::erasure;
use forewarn_exchange::Refusal;
use forewarn_exchange::act::{InboxAct, ReceivedAct};
use forewarn_exchange::answer::Answer;
use forewarn_exchange::erasure::Erasable;
use forewarn_exchange::event::Event;
use forewarn_exchange::extension;
use forewarn_exchange::history::{Happened, Line, Topic};
use forewarn_exchange::id::Subject;
use forewarn_exchange::talk::{About, Statement};
use forewarn_exchange::warning::{Known, Stated};

impl Desk<'_> {
    pub(super) fn received(&mut self, act: &ReceivedAct) -> Decision {
        let number = act.warning;
        let warning = self.db.warning(number)?;
        let warning = warning.ok_or_else(|| Refusal::unknown("warning", number))?;
        warning.must_be_for(&self.user()?)?;
        erasure::must_not_be_erased(self.db, &Erasable::Warning(number))?;
        let partner = self.partner(&warning.partner)?;
        let mut post = self.post(&partner)?;
        match &act.statement {
            // Whom it is to be passed on to is what is asked.
            Statement::PermissionRequest(request) => {
                self.clear(&warning.partner, &act.set_aside, &request.reason)?;
            }
            statement => self.clear(&warning.partner, &act.set_aside, statement)?,
        }
        self.house_lets_reply(&warning, &act.statement)?;
        let clocks = &self.us.clocks_with(self.db, &warning.partner)?;
        let statement = act.statement.clone();
        let talk = match &statement {
            Statement::Outcome { corrects: Some(_), .. } | Statement::ToldAnswer(_) => {
                self.db.talk(number.into())?
            }
            _ => Vec::new(),
        };
        let content = self.db.content(number)?;
        if let (Statement::PermissionRequest(request), Some(content)) = (&statement, &content) {
            request.is_of(content)?;
        }
        let pap = content.and_then(|content| extension::pap(&content.bundle));
        let known = Known { clocks, pap, talk: &talk };
        let stated = self.acting(|acting| warning.say(statement, &known, &mut post, acting))?;
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
    pub(super) fn inbox(&mut self, act: &InboxAct) -> Decision {
        match act {
            InboxAct::NamePerson { warning: number, person, user } => {
                let warning = self.db.warning(*number)?;
                let warning = warning.ok_or_else(|| Refusal::unknown("warning", number))?;
                self.db.user(user)?.ok_or_else(|| Refusal::unknown("user", user))?;
                let (by, approved_by) = (self.by()?, self.second()?);
                let warning = warning.name_person(person, user, [&by, &approved_by])?;
                let (person, user) = (person.clone(), user.clone());
                let line =
                    Line::new(Topic::Warning(*number), Happened::PersonNamed { person, user });
                let events = vec![Event::WarningSet { warning }, Event::Told { line }];
                Ok((events, Answer::Warning { warning: *number }))
            }
        }
    }
}
