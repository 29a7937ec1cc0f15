//! Sources in danger.

use super::{Taken, World, user};
use forewarn_exchange::act::SourceAct;
use forewarn_exchange::danger::DangerNumber;

impl World {
    /// One is in danger, or was looked at.
    pub(super) fn source(&mut self) -> Taken {
        let reason = "asked where he was".to_owned();
        let by = ["ana", "otto"][usize::try_from(self.random.below(2)).unwrap()];
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
}
