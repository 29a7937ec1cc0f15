//! What comes in: items, what was refused, what they meet; and feeds.

use super::{INBOX, NODE, Taken, World, object, user, uuid};
use forewarn_engine::{DeleteWork, FedWork, IntakeWork, ItemMatches, Matched, TrialBegun, Tried};
use forewarn_exchange::act::FeedAct;
use forewarn_exchange::actor::{Actor, Part};
use forewarn_exchange::feed::{Feed, Kind, Way};
use forewarn_matching::Match;
use forewarn_store::feed::FeedState;
use forewarn_store::intake::{NewIntake, Refused};
use forewarn_store::interest::Order;
use forewarn_store::item::{Media, NewItem};
use forewarn_store::reason::Reason;
use forewarn_store::sight::Sight;
use forewarn_store::stamp::Stamp;
use forewarn_taxii::filter::VersionFilter;

pub(super) fn item(position: i64, bytes: Vec<u8>) -> NewItem {
    let judged = forewarn_stix::object::judge(&bytes);
    let flaws = judged.errors().map(|flaw| Reason {
        path: flaw.path.clone(),
        rule: flaw.rule.into(),
        message: flaw.message.clone(),
    });
    let flaws = flaws.collect();
    let object = judged.object.unwrap();
    let version = Stamp::of(object.version());
    let id = object.id().to_string();
    NewItem::new((INBOX, Media::Stix), id, version, position, bytes).with(flaws)
}

impl World {
    fn some_intake(&mut self) -> IntakeWork {
        let intake = NewIntake {
            id: uuid(1_000 + self.commands),
            time: self.time(),
            actor: user("ana"),
            collection: INBOX,
            source: Some("HERON".into()),
            grade: Some("B2".into()),
            marking: None,
            name: Some("a file".into()),
        };
        let (mut items, mut refused) = (Vec::new(), Vec::new());
        let start = i64::try_from(self.random.below(3)).unwrap();
        for position in start..start + 1 + i64::try_from(self.random.below(4)).unwrap() {
            if self.random.below(5) == 0 {
                let reason = Reason { path: "$".into(), rule: "json".into(), message: "x".into() };
                let bytes = format!("broken {}", self.commands).into_bytes();
                refused.push(Refused {
                    position,
                    id: None,
                    version: None,
                    reasons: vec![reason],
                    bytes,
                });
            } else {
                let words = ["one", "two"][usize::try_from(self.random.below(2)).unwrap()];
                let (n, version) = (self.random.below(12), self.random.below(3));
                let mut object = object(n, version, words);
                // Now and then another creator's, or a revocation.
                let more = match self.random.below(8) {
                    0 => format!(",\"created_by_ref\":\"identity--{}\"}}", uuid(99)),
                    1 => ",\"revoked\":true}".to_owned(),
                    _ => "}".to_owned(),
                };
                object.pop();
                object.extend(more.into_bytes());
                items.push(item(position, object));
            }
        }
        IntakeWork { intake, items, refused }
    }

    pub(super) fn intake(&mut self) -> Taken {
        let work = self.some_intake();
        self.run(user("ana"), work.into())
    }

    pub(super) fn delete(&mut self) -> Taken {
        let object = format!("identity--{}", uuid(self.random.below(12)));
        let all = self.random.below(2) == 0;
        let versions = VersionFilter { last: !all, all, ..VersionFilter::default() };
        self.run(user("ana"), DeleteWork { collection: INBOX, object, versions }.into())
    }

    pub(super) fn matched(&mut self) -> Taken {
        let why = self.why();
        let (from, newest, found, changes) = {
            let db = self.core.store().db();
            let from = db.cursor(forewarn_engine::MATCHER).unwrap();
            let newest = db.newest_item().unwrap();
            let changes = db.interest_changes().unwrap();
            let items = db.items_to_match(from, newest, 3).unwrap();
            let interests =
                db.interests(Some(NODE), Order::default(), 0, 10, &Sight::all()).unwrap();
            let theirs = interests.iter().find(|one| !one.ours);
            let found: Vec<ItemMatches> = items
                .iter()
                .map(|item| ItemMatches {
                    item: item.seq,
                    intake: item.intake,
                    id: item.id.clone(),
                    source: item.source.clone(),
                    about: vec![item.id.clone()],
                    ended: forewarn_matching::Ended::of(&item.bytes),
                    matches: theirs
                        .map(|one| Match {
                            partner: NODE.into(),
                            interest: one.interest.id.clone(),
                            label: one.interest.label.clone(),
                            urgency: one.interest.urgency,
                            strength: 60,
                            why: why.clone(),
                        })
                        .into_iter()
                        .collect(),
                })
                .collect();
            (from, newest, found, changes)
        };
        let actor = Actor::Node(Part::Matcher);
        match self.random.below(4) {
            0 => self.run(actor, TrialBegun { changes, from: 0, until: from }.into()),
            1 => {
                let found = Vec::new();
                let trial = Matched { from: 0, to: from, changes, found };
                self.run(actor, Tried(trial).into())
            }
            _ => {
                let to = found.last().map_or(newest, |one| one.item);
                self.run(actor, Matched { from, to, changes, found }.into())
            }
        }
    }

    pub(super) fn feed(&mut self) -> Taken {
        let way =
            Way::Poll { into: "inbox".into(), source: None, grade: None, since: None, overlap: 1 };
        let feed = Feed {
            name: "theirs".into(),
            kind: Kind::Taxii,
            url: "https://a.example/collections/1/".into(),
            way,
            account: None,
            every: 60,
        };
        match self.random.below(5) {
            0 => self.act(user("nina"), FeedAct::Add { feed }),
            1 => self.act(user("nina"), FeedAct::Remove { name: "theirs".into() }),
            _ => {
                let intake = (self.random.below(3) > 0).then(|| self.some_intake());
                let state = FeedState {
                    pushed: i64::try_from(self.random.below(9)).unwrap(),
                    ..FeedState::default()
                };
                let work = FedWork { feed, state, intake, pushed: None };
                self.run(Actor::Node(Part::Feeder), work.into())
            }
        }
    }
}
