//! Exercises begin, bring items, and end.

use super::items::item;
use super::{NODE, Taken, World, node, object, user, uuid};
use forewarn_engine::IntakeWork;
use forewarn_exchange::act::ExerciseAct;
use forewarn_exchange::actor::{Actor, Part};
use forewarn_exchange::exercise::{Content, Inject, Scenario, Speed};
use forewarn_exchange::id::ExerciseNumber;
use forewarn_store::intake::NewIntake;
use forewarn_store::item::NewItem;

impl World {
    pub(super) fn exercise(&mut self) -> Taken {
        let number = ExerciseNumber::new(1 + i64::try_from(self.random.below(3)).unwrap());
        match self.random.below(8) {
            0 | 1 => {
                let content = Content::Text("a call".into());
                let at = "0:00".parse().unwrap();
                let expect = vec![node(NODE)];
                let (title, source) = (None, Some("HERON".to_owned()));
                let inject = Inject { at, title, content, source, grade: None, expect };
                let speed = Speed::try_from(10).unwrap();
                let scenario = Scenario { name: "Station".into(), speed, injects: vec![inject] };
                self.act(user("ana"), ExerciseAct::Begin { scenario: Box::new(scenario) })
            }
            2 => {
                let reason = "all is learnt".to_owned();
                self.act(user("otto"), ExerciseAct::End { exercise: number, reason })
            }
            _ => self.played(number),
        }
    }

    /// Objects of an exercise, which have ids of their own.
    fn played(&mut self, number: ExerciseNumber) -> Taken {
        let known = self.core.store().db().collection_of_exercise(number).unwrap();
        let Some(collection) = known else { return self.intake() };
        let own = 1_000 * number.get().unsigned_abs();
        let item = item(0, object(own + self.random.below(6), 1, "one"));
        let item = NewItem::new((collection, item.media), item.id, item.version, 0, item.bytes);
        let intake = NewIntake {
            id: uuid(2_000 + self.commands),
            time: self.time(),
            actor: Actor::Node(Part::Player),
            collection,
            source: None,
            grade: None,
            marking: None,
            name: Some("an inject".into()),
        };
        let work = IntakeWork { intake, items: vec![item], refused: Vec::new() };
        self.run(Actor::Node(Part::Player), work.into())
    }
}
