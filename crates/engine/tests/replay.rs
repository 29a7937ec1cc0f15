//! The same commands in the same order lead to the same rows: a long random history is replayed
//! into an empty store, at once and with a restart in the middle, and every table is compared row
//! by row. A failure names its seed.

#![expect(clippy::unwrap_used, reason = "test helpers fail by panic")]

mod world;

use forewarn_engine::journal::whole;
use forewarn_engine::replay::replay;
use forewarn_engine::{Core, Work};
use forewarn_exchange::agreement::Fate;
use forewarn_exchange::id::{AuthorityNumber, ExerciseNumber};
use forewarn_exchange::name::NodeName;
use forewarn_store::{Store, differences};
use std::collections::HashSet;
use world::{NODE, World};

fn core(path: &std::path::Path) -> Core {
    Core::open(Store::open(path).unwrap(), Vec::new()).unwrap()
}

fn partner() -> NodeName {
    NodeName::parse(NODE).unwrap()
}

#[test]
fn a_journal_replayed_into_an_empty_store_leads_to_the_same_rows() {
    let mut signed_in = HashSet::new();
    let (mut authorised, mut agreed, mut played) = (0, 0, 0);
    for seed in 1..=8 {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let mut world = World::new(&path("lived.sqlite"), seed);
        for _ in 0..800 {
            for (command, refused) in world.step() {
                if let (Work::SignIn(work), false) = (command.work, refused) {
                    signed_in.insert(std::mem::discriminant(&work.step));
                }
            }
        }
        let seen = world.seen();
        assert!(seen.applied > 150 && seen.refused > 20, "seed {seed}: {seen:?}");
        let lived = world.core.store();
        let end = lived.db().journal_index().unwrap();
        for number in 1..=20 {
            let number = AuthorityNumber::new(number);
            authorised += lived.db().authority_cases(number, 0, 100).unwrap().len();
        }
        for number in 1..=10 {
            let number = ExerciseNumber::new(number);
            played += lived.db().cases_of_exercise(number).unwrap().len();
        }
        replay(&lived.db(), &mut core(&path("at-once.sqlite")), end).unwrap();
        let versions = lived.db().agreements_after(&partner(), 0, 1_000).unwrap();
        agreed +=
            versions.iter().filter(|(_, one)| matches!(one.fate, Fate::Signed { .. })).count();
        // Stopped in the middle, and started again.
        replay(&lived.db(), &mut core(&path("in-two.sqlite")), end / 2).unwrap();
        replay(&lived.db(), &mut core(&path("in-two.sqlite")), end).unwrap();
        for other in ["at-once.sqlite", "in-two.sqlite"] {
            let found = differences(&path("lived.sqlite"), &path(other)).unwrap();
            assert_eq!(found, Vec::<String>::new(), "seed {seed}, {other}");
        }
    }
    // What left without a person is among it, what both sides have signed, and what was played.
    let seen = format!("{authorised} authorised, {agreed} agreed, {played} played");
    assert!(authorised > 0 && agreed > 0 && played > 0, "{seen}");
    // Signing in, in every way there is.
    assert_eq!(signed_in.len(), 9);
}

/// A command that is kept in parts is the same when it is put together again.
#[test]
fn each_command_of_the_journal_is_had_again_in_full() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::new(&folder.path().join("f.sqlite"), 7);
    let mut taken = Vec::new();
    for _ in 0..150 {
        taken.extend(world.step());
    }
    let db = world.core.store().db();
    let begun = db.journal_index().unwrap() - i64::try_from(taken.len()).unwrap();
    for (index, (command, refused)) in (begun + 1..).zip(taken) {
        let again = whole(&db, index).unwrap().unwrap();
        assert_eq!(
            (&again.id, &again.actor, &again.time),
            (&command.id, &command.actor, &command.time)
        );
        // Of what was refused, the tables have no bulk to put together.
        if !refused {
            assert_eq!(again.work, command.work, "{index}");
            let json = serde_json::to_string(&command).unwrap();
            assert_eq!(
                serde_json::from_str::<forewarn_exchange::Command<_>>(&json).unwrap(),
                command
            );
        }
    }
}
