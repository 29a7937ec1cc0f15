//! Texts, what people say of what is found in them, and what that changes.

use super::{NODE, Taken, World, user, uuid};
use forewarn_engine::{CORRECTED, IntakeWork, ItemMatches, Rechecked};
use forewarn_exchange::act::ItemAct;
use forewarn_exchange::actor::{Actor, Part};
use forewarn_exchange::correction::CorrectionRequest;
use forewarn_exchange::id::{CollectionNumber, CorrectionNumber};
use forewarn_matching::Match;
use forewarn_store::intake::NewIntake;
use forewarn_store::interest::Order;
use forewarn_store::item::{Media, NewItem};
use forewarn_store::sight::Sight;
use forewarn_store::stamp::Stamp;

impl World {
    /// A text comes in, somebody corrects a finding, or a correction is looked at.
    pub(super) fn correction(&mut self) -> Taken {
        let text = format!("text--{}", uuid(700 + self.random.below(3)));
        match self.random.below(4) {
            0 => self.text(&text),
            1 => {
                let finding = ["country:RU", "country:US", "stage:planned", "country:QQ"];
                let mut one = || {
                    let at = usize::try_from(self.random.below(5)).unwrap();
                    finding.get(at).map(|one| one.parse().unwrap())
                };
                let (wrong, right) = (one(), one());
                let object = format!("identity--{}", uuid(1));
                let item = if self.random.below(5) == 0 { object } else { text };
                let reason = "as the text says".to_owned();
                let correction = CorrectionRequest { item, wrong, right, reason };
                let who = ["ana", "otto", "mia"][usize::try_from(self.random.below(3)).unwrap()];
                self.act(user(who), ItemAct::Correct { correction })
            }
            _ => self.looked_at(),
        }
    }

    fn text(&mut self, id: &str) -> Taken {
        let intake = NewIntake {
            id: uuid(5_000 + self.commands),
            time: self.time(),
            actor: user("ana"),
            collection: CollectionNumber::TEXTS,
            source: Some("HERON".into()),
            grade: None,
            marking: None,
            name: None,
        };
        let place = (CollectionNumber::TEXTS, Media::Text);
        let item = NewItem::new(place, id.to_owned(), Stamp::default(), 0, b"a report".to_vec());
        self.run(user("ana"), IntakeWork { intake, items: vec![item], refused: Vec::new() }.into())
    }

    /// What a correction changes of what its item meets: as the matcher would find it, or anything else.
    fn looked_at(&mut self) -> Taken {
        let why = self.why();
        let work = {
            let db = self.core.store().db();
            let number = CorrectionNumber::new(db.cursor(CORRECTED).unwrap() + 1);
            let correction = db.correction(number).unwrap();
            let items = correction.map(|one| db.item_ever(&one.item).unwrap()).unwrap_or_default();
            let interests =
                db.interests(Some(NODE), Order::default(), 0, 10, &Sight::all()).unwrap();
            let theirs = interests.into_iter().find(|one| !one.ours);
            let met = items.iter().zip(theirs).map(|(item, one)| ItemMatches {
                item: item.seq,
                intake: item.intake,
                id: item.id.clone(),
                source: item.source.clone(),
                about: vec![item.id.clone()],
                ended: None,
                matches: vec![Match {
                    partner: NODE.into(),
                    interest: one.interest.id.clone(),
                    label: one.interest.label.clone(),
                    urgency: one.interest.urgency,
                    strength: 90,
                    why: why.clone(),
                }],
            });
            let met: Vec<ItemMatches> = met.collect();
            match number.get() % 2 {
                0 => Rechecked { correction: number, found: Vec::new(), lost: met },
                _ => Rechecked { correction: number, found: met, lost: Vec::new() },
            }
        };
        self.run(Actor::Node(Part::Matcher), work.into())
    }
}
