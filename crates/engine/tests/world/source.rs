//! Sources in danger.

use super::{Taken, World, user};
use forewarn_exchange::act::{SourceAct, TemplateAct};
use forewarn_exchange::danger::DangerNumber;
use forewarn_exchange::source_name::SourceName;
use forewarn_exchange::template::Template;

impl World {
    /// One is in danger, or was looked at.
    pub(super) fn source(&mut self) -> Taken {
        let reason = "asked where he was".to_owned();
        let by = ["ana", "otto"][usize::try_from(self.random.below(2)).unwrap()];
        if self.random.below(4) == 0 {
            return self.name_behind();
        }
        let act = if self.random.below(4) == 0 {
            let source = ["HERON", "nobody"][usize::try_from(self.random.below(2)).unwrap()];
            SourceAct::Danger { source: source.into(), reason }
        } else {
            let newest = self.core.store().db().dangers().unwrap().all().len();
            let danger = DangerNumber(u32::try_from(newest).unwrap());
            SourceAct::Lift { danger, reason }
        };
        self.act(user(by), act)
    }

    /// Who stands behind a handle is kept, or read. A journal of which one was forgotten is not replayed
    /// from its beginning.
    fn name_behind(&mut self) -> Taken {
        let (source, reason) = ("HERON".to_owned(), "asked where he was".to_owned());
        let by = ["sven", "sven", "otto"][usize::try_from(self.random.below(3)).unwrap()];
        let name = ["Boris Orlow", "Pavel Sokolov", "X"];
        let name = name[usize::try_from(self.random.below(3)).unwrap()].to_owned();
        let known = SourceName { name, contact: "the café".into(), cover: String::new() };
        let act = match self.random.below(4) {
            3 => return self.template(),
            0 => SourceAct::Look { source, reason },
            _ => SourceAct::Keep { source, known },
        };
        self.act(user(by), act)
    }

    /// A text to begin drafts with is written, or removed.
    fn template(&mut self) -> Taken {
        let name = ["bombing", "Not a name"][usize::try_from(self.random.below(2)).unwrap()];
        let template = Template {
            name: name.into(),
            threat: None,
            partner: None,
            language: "en".into(),
            title: "Attack on {target}".into(),
            text: "On {day}.".into(),
        };
        let act = if self.random.below(4) == 0 {
            TemplateAct::Remove { name: name.into() }
        } else {
            TemplateAct::Set { template: Box::new(template) }
        };
        self.act(user("ana"), act)
    }
}
