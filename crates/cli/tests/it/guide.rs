//! The chapters of `docs/guide/`: each command in them is run, by the person who types it there, at
//! a node of the real program, over HTTPS; and what is shown there must be what it prints.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod chapter;
mod town;

use chapter::{Chapter, Step};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use town::Town;

const GUIDE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/guide");

/// Reads a chapter, starts its nodes, and does all that it tells.
fn tell(name: &str) {
    let text = std::fs::read_to_string(Path::new(GUIDE).join(format!("{name}.md"))).unwrap();
    let chapter = Chapter::read(&text);
    let town = Town::found(&chapter);
    // What was read off the screen in one command is typed in another.
    let mut read = BTreeMap::new();
    for step in &chapter.steps {
        if let Err(why) = done(&town, step, &mut read) {
            panic!("{name}.md, line {}: {}\n{why}", step.line, step.command);
        }
    }
}

fn done(town: &Town, step: &Step, read: &mut BTreeMap<String, String>) -> Result<(), String> {
    let mut command = step.command.clone();
    for (word, value) in read.iter() {
        command = command.replace(&format!("<{word}>"), value);
    }
    let found = town.types(step, &command)?;
    read.extend(found);
    Ok(())
}

macro_rules! chapters {
    ($($test:ident: $file:literal,)*) => {
        $(#[test]
        fn $test() {
            tell($file);
        })*

        /// The chapters that are told here.
        const CHAPTERS: &[&str] = &[$($file),*];
    };
}

chapters! {
    a_warning_from_the_first_word_to_the_thanks: "a-warning",
    a_warning_that_was_wrong_is_taken_back: "recalled",
    a_case_is_carried_away_as_a_file: "case-file",
    what_was_kept_long_enough_is_erased_and_the_proof_stays: "erased",
    a_warning_that_concerns_nobody_is_declined: "declined",
    a_question_that_nobody_answers_is_loud_on_both_sides: "unanswered-question",
    a_warning_ends_by_itself_and_is_renewed: "expired",
    what_is_red_is_read_by_whom_it_names: "red",
    what_came_is_passed_on_as_its_sender_permits: "permission",
    an_agreement_changes_during_a_case: "agreement",
    a_waiver_is_looked_at_again_and_the_duty_taken_up: "waived",
    one_threat_to_two_partners_tells_neither_of_the_other: "several-partners",
    what_was_told_by_telephone_is_in_the_channel_too: "told",
    an_exercise_is_played_apart_from_what_is_meant_and_reported: "exercise",
    a_readout_that_is_published_early_shows_as_early: "early-readout",
    what_two_have_authorised_leaves_without_a_person: "standing-authorisation",
}

/// A chapter that nobody runs tells what may not be so any more.
#[test]
fn every_chapter_is_told() {
    let files = std::fs::read_dir(GUIDE).unwrap().map(|file| file.unwrap().path());
    let names = files.map(|path| path.file_stem().unwrap().to_string_lossy().into_owned());
    let written: BTreeSet<String> = names.filter(|name| name != "README").collect();
    let told: BTreeSet<String> = CHAPTERS.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(written, told);
    let contents = std::fs::read_to_string(Path::new(GUIDE).join("README.md")).unwrap();
    for name in told {
        assert!(contents.contains(&format!("({name}.md)")), "README.md does not lead to {name}");
    }
}
