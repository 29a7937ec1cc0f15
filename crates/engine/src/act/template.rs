//! Acts on texts to begin drafts with.

use super::{Decision, Desk};
use forewarn_exchange::act::TemplateAct;
use forewarn_exchange::answer::Answer;
use forewarn_exchange::event::Event;
use forewarn_exchange::history::Happened;
use forewarn_exchange::template::KeptTemplate;

impl Desk<'_> {
    pub(super) fn template(&mut self, act: &TemplateAct) -> Decision {
        let known = self.db.templates()?;
        let (templates, name, happened) = match act {
            TemplateAct::Set { template } => {
                // A mistyped partner would be offered nothing.
                if let Some(partner) = &template.partner {
                    self.partner(partner)?;
                }
                let (by, at) = (self.by()?, self.command.time.clone());
                let name = template.name.clone();
                let template = (**template).clone();
                let happened = Happened::TemplateSet { name: name.clone() };
                (known.with(KeptTemplate { template, by, at })?, name, happened)
            }
            TemplateAct::Remove { name } => {
                let happened = Happened::TemplateRemoved { name: name.clone() };
                (known.without(name)?, name.clone(), happened)
            }
        };
        let event = Event::TemplatesSet { templates: Box::new(templates), happened };
        Ok((vec![event], Answer::Template { template: name }))
    }
}
