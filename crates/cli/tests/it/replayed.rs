//! What a running node has done is done again, from its journal alone, in an empty store.

#![expect(clippy::unwrap_used, reason = "test helpers fail by panic")]

use forewarn_engine::Core;
use forewarn_engine::replay::replay;
use forewarn_store::{Store, differences};
use forewarn_testkit::{Node, Pair, until};
use std::path::Path;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

/// Replays a stopped node's journal, with a restart in the middle, and compares every table.
pub(crate) fn same_again(node: &Node) {
    let folder = tempfile::tempdir().unwrap();
    let other = folder.path().join("again.sqlite");
    let lived = Store::open(&node.home().join("forewarn.sqlite")).unwrap();
    let end = lived.db().journal_index().unwrap();
    assert!(end > 10, "{end}");
    let core = |path: &Path| Core::open(Store::open(path).unwrap(), Vec::new()).unwrap();
    replay(&lived.db(), &mut core(&other), end / 2).unwrap();
    replay(&lived.db(), &mut core(&other), end).unwrap();
    let found = differences(&node.home().join("forewarn.sqlite"), &other).unwrap();
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn the_whole_life_of_a_warning_is_replayed_on_both_sides() {
    let mut pair = Pair::start(PROGRAM);
    pair.interest("tickets.example");
    let case = pair.case("A report names shop.tickets.example.");
    pair.draft(&case, "Planned bombing", "A bombing is planned.");
    pair.west.release("otto", &case);
    pair.receipted(&case);
    pair.east.by("dora", &["warning", "open", "1"]);
    pair.east.by("dora", &["warning", "accept", "1"]);
    pair.east.by("dora", &["warning", "ask", "1", "--text", "when?"]);
    pair.east.by("dora", &["warning", "outcome", "1", "--fact", "arrested=7@2017-12-15"]);
    pair.east.by("dora", &["warning", "thank", "1", "--text", "many thanks"]);
    until("the thanks", || (!pair.west.json(&["thanks"]).is_empty()).then_some(()));
    pair.west.by("otto", &["case", "recall", &case, "--reason", "it is over"]);
    // Some of these are refused, and that is on record too.
    pair.west.refused(&["--as", "otto", "case", "recall", &case, "--reason", "once more"]);
    let broken = pair.west.write(
        "mixed.json",
        r#"{"type":"bundle","id":"bundle--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f","objects":[
            {"type":"indicator"},
            {"type":"identity","spec_version":"2.1","id":"identity--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
             "created":"2017-12-15T09:30:00.000Z","modified":"2017-12-15T09:30:00.000Z","name":"A"}]}"#,
    );
    pair.west.run(&["intake", &broken, "--as", "ana"]);
    pair.west.run(&["intake", &broken, "--as", "ana"]);
    pair.equal();
    crate::described::answers_are_as_described(&pair.west);
    crate::described::answers_are_as_described(&pair.east);
    pair.west.stop();
    pair.east.stop();
    same_again(&pair.west);
    same_again(&pair.east);
}
