//! Several nodes, three servers, one thread: each fault of the failure matrix at random, by a seed.
//!
//! What counts as failure:
//! - a batch that was acknowledged is missing, or stands elsewhere than it was said;
//! - a batch stands in the line twice, or was applied twice;
//! - two nodes have applied different lines, or one has applied what no server has in the end;
//! - a node stops, or still waits, when all is well again.
//!
//! A failure names its seed; it becomes a case of [`FOUND`], and stays. Each rule is broken on
//! purpose, too, and must then be missed.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a simulation stops at the first thing that is not as it should be"
)]

mod fleet;
mod random;
mod world;

use fleet::Tally;
use forewarn_journal::member::Stopped;
use world::{Broken, World, Writers};

/// Sequences that have found something: seed, nodes, who appends, commands.
const FOUND: &[(u64, usize, Writers, u64)] = &[];

/// Commands of one world: some hundred batches, and as many faults.
const WORLD: u64 = 4_000;

fn run(seed: u64, (nodes, writers): (usize, Writers), commands: u64) -> (u64, Tally) {
    match World::new(seed, (nodes, writers), Broken::Nothing).run(commands) {
        Ok(told) => told,
        Err(wrong) => panic!("seed {seed}, {nodes} nodes, {writers:?}: {wrong}"),
    }
}

#[test]
fn whatever_servers_do_nothing_acknowledged_is_lost_and_nothing_is_done_twice() {
    let mut sum = Tally::default();
    for seed in 1..=40 {
        let (_, Tally { lost_replies, warned, unguarded, stalled, gaps, failovers, .. }) =
            run(seed, (1 + usize::try_from(seed).unwrap() % 4, Writers::All), WORLD);
        sum.lost_replies += lost_replies;
        sum.warned += warned;
        sum.unguarded += unguarded;
        sum.stalled += stalled;
        sum.gaps += gaps;
        sum.failovers += failovers;
    }
    // Every fault was among it.
    println!("{sum:?}");
    let all = [sum.lost_replies, sum.warned, sum.unguarded, sum.stalled, sum.gaps, sum.failovers];
    assert!(all.iter().all(|count| *count > 20), "{sum:?}");
}

/// Paused processes, late answers, clocks of different pace, and, in every second world, clocks that jump.
#[test]
fn one_node_writes_at_a_time_and_another_goes_on_when_it_is_silent() {
    let (mut taken, mut fenced, mut later) = (0, 0, 0);
    for seed in 1..=12 {
        let nodes = 2 + usize::try_from(seed).unwrap() % 3;
        let writers = if seed % 2 == 0 { Writers::One } else { Writers::OneAndJumps };
        let (_, tally) = run(seed, (nodes, writers), WORLD);
        taken += tally.taken;
        fenced += tally.fenced;
        later += tally.done_later;
    }
    println!("{taken} claims, {fenced} appends refused, {later} done after their askers had gone");
    assert!(taken > 100 && fenced > 10 && later > 20, "{taken}, {fenced}, {later}");
}

#[test]
fn each_rule_of_the_one_writer_is_missed_when_it_is_broken() {
    for broken in [Broken::Fence, Broken::Over, Broken::Silent, Broken::Answered] {
        let world = |seed| World::new(seed, (3, Writers::One), broken);
        let found = (1..=60).find_map(|seed| world(seed).run(WORLD).err());
        println!("{broken:?}: {found:?}");
        assert!(found.is_some(), "{broken:?} was not missed");
    }
}

#[test]
fn each_rule_is_missed_when_it_is_broken() {
    for broken in [
        Broken::Warning,
        Broken::Guard,
        Broken::GuardAfter,
        Broken::Visible,
        Broken::Session,
        Broken::NewId,
        Broken::Unique,
        Broken::Any1,
    ] {
        let found =
            (1..=60).find_map(|seed| World::new(seed, (3, Writers::All), broken).run(WORLD).err());
        println!("{broken:?}: {found:?}");
        assert!(found.is_some(), "{broken:?} was not missed");
    }
}

/// A copy of before is another journal, though all that it has is right.
#[test]
fn a_journal_that_was_set_back_is_noticed_by_whoever_has_applied_more() {
    let all_stopped = |broken| {
        let stopped = World::new(1, (3, Writers::All), broken).set_back(200);
        stopped.iter().all(|why| matches!(why, Some(Stopped::Lost(200..))))
    };
    assert!(all_stopped(Broken::Nothing));
    assert!(!all_stopped(Broken::Hello));
}

#[test]
fn what_was_found_stays_mended() {
    for (seed, nodes, writers, commands) in FOUND {
        run(*seed, (*nodes, *writers), *commands);
    }
}

/// `make simulate-journal`: as many commands as are asked for.
#[test]
#[ignore = "long: make simulate-journal"]
fn as_many_as_asked_for() {
    let wanted: u64 = std::env::var("COMMANDS").unwrap().parse().unwrap();
    let first: u64 = std::env::var("SEED").unwrap().parse().unwrap();
    let (mut done, mut seed) = (0, first);
    while done < wanted {
        let writers = match seed % 3 {
            0 => Writers::All,
            1 => Writers::One,
            _ => Writers::OneAndJumps,
        };
        let (given, tally) = run(seed, (1 + usize::try_from(seed).unwrap() % 5, writers), WORLD);
        println!("seed {seed}: {given} commands, {tally:?}");
        done += given;
        seed += 1;
    }
    println!("{done} commands");
}
