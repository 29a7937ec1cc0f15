//! Classes of warning that two persons let out without a person.

use super::{NODE, Taken, World, node, user};
use forewarn_exchange::act::AuthorityAct;
use forewarn_exchange::authority::{Class, Rate};
use forewarn_exchange::draft::ObservableKind;
use forewarn_exchange::id::AuthorityNumber;
use forewarn_extract::threat::Threat;
use forewarn_matching::Reason;
use forewarn_stix::marking::Tlp;
use forewarn_store::interest::Order;
use forewarn_store::sight::Sight;

impl World {
    /// One is asked for, or taken back.
    pub(super) fn authority(&mut self) -> Taken {
        if self.random.below(6) == 0 {
            let number = 1 + i64::try_from(self.random.below(4)).unwrap();
            let authority = AuthorityNumber::new(number);
            let reason = "too many mistakes".to_owned();
            return self.act(user("otto"), AuthorityAct::Revoke { authority, reason });
        }
        let interests = {
            let db = self.core.store().db();
            let all = db.interests(Some(NODE), Order::default(), 0, 10, &Sight::all()).unwrap();
            all.iter().filter(|one| !one.ours).map(|one| one.interest.id.clone()).collect()
        };
        let class = Class {
            partner: node(NODE),
            interests,
            kinds: vec![ObservableKind::Address],
            sources: vec!["HERON".into()],
            least: None,
            tlp: Tlp::Amber,
            threat: Threat::Compromise,
            target: "machines of the partner".into(),
            reason: "they are under somebody else's control".into(),
            title: "Under control".into(),
            text: "Look at {observables}.".into(),
            holds: 60,
            rate: Rate { most: 5, minutes: 60 },
            until: self.time().plus_minutes(24 * 60),
        };
        self.act(user("ana"), AuthorityAct::Give { class: Box::new(class) })
    }

    /// What has met an interest: an address, or words.
    pub(super) fn why(&mut self) -> Vec<Reason> {
        let words = ["203.0.113.7", "a cathedral"];
        let words = words[usize::try_from(self.random.below(2)).unwrap()].to_owned();
        let (clause, at) = ("block 203.0.113.0/24".to_owned(), "$.name".to_owned());
        vec![Reason { clause, words, at, strength: 60 }]
    }
}
