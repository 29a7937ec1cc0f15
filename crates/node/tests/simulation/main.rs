//! Several nodes, one thread, a clock of our own, and a network that does what networks do.
//!
//! What runs is the node's own code: its engine, its store on a disk in memory, its signer, the
//! checks of what is received and of receipts, and the course of what is sent. Only the thread, the
//! sockets and the clock are others.
//!
//! What counts as failure:
//! - an act that was acknowledged is missing, in our log or in what the partner did with it;
//! - something was done twice;
//! - an honest node refuses what an honest node has sent, or finds a contradiction;
//! - the two sides hold different logs in the end, or any row is damaged.
//!
//! A failure names its seed; it becomes a case of [`FOUND`], and stays.
//!
//! Beside it, people at work: [`life`] tries everything there is to do with a duty to warn, over a
//! network that carries everything, and [`sworn`] says what must be so.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a simulation stops at the first thing that is not as it should be"
)]

mod life;
mod random;
mod side;
mod sworn;
mod world;

use life::Life;
use std::collections::BTreeSet;
use world::{Faults, World};

/// Sequences that have found something: (seed, nodes, entries).
const FOUND: &[(u64, usize, u64)] = &[];

fn run(seed: u64, nodes: usize, entries: u64) {
    let world = World::new(seed, nodes, Faults::default());
    let told = world.run(entries);
    println!("{}", serde_json::json!({ "seed": seed, "nodes": nodes, "told": told }));
}

#[test]
fn two_nodes_over_a_bad_network_lose_nothing_and_do_nothing_twice() {
    for seed in 1..=4 {
        run(seed, 2, 300);
    }
}

#[test]
fn five_nodes_over_a_bad_network_lose_nothing_and_do_nothing_twice() {
    for seed in 1..=2 {
        run(seed, 5, 500);
    }
}

/// No release without a finding, a decision, the approved bytes and a second person; nothing of one
/// partner to another; no lost clock; no unanswered recall that nobody is shown.
#[test]
fn whatever_people_try_nothing_leaves_unapproved_and_nothing_is_forgotten() {
    let mut left = BTreeSet::new();
    for seed in 1..=3 {
        let tally = Life::new(seed).run(1_500);
        println!("{}", serde_json::json!({ "seed": seed, "told": tally }));
        assert!(tally.listed > 0 && tally.refused > 0);
        left.extend(tally.left.into_keys());
    }
    for kind in ["warning", "update", "recall", "recall-answer", "question", "answer"] {
        assert!(left.contains(kind), "no {kind} left, but {left:?}");
    }
}

/// `make simulate-duty`: as many acts as are asked for.
#[test]
#[ignore = "long: make simulate-duty"]
fn as_many_acts_as_asked_for() {
    let wanted: u64 = std::env::var("ACTS").unwrap().parse().unwrap();
    let first: u64 = std::env::var("SEED").unwrap().parse().unwrap();
    for seed in (first..).take(usize::try_from(wanted.div_ceil(WORLD)).unwrap()) {
        let tally = Life::new(seed).run(WORLD);
        println!("{}", serde_json::json!({ "seed": seed, "told": tally }));
    }
}

#[test]
fn what_was_found_stays_mended() {
    for (seed, nodes, entries) in FOUND {
        run(*seed, *nodes, *entries);
    }
}

/// Entries of one world: what is read whole after each crash grows with them.
const WORLD: u64 = 2_000;

/// `make simulate`: as many entries as are asked for, by two and by five nodes in turn.
#[test]
#[ignore = "long: make simulate"]
fn as_many_as_asked_for() {
    let wanted: u64 = std::env::var("ENTRIES").unwrap().parse().unwrap();
    let first: u64 = std::env::var("SEED").unwrap().parse().unwrap();
    let (mut done, mut seed) = (0, first);
    while done < wanted {
        run(seed, if seed % 2 == 0 { 2 } else { 5 }, WORLD);
        done += WORLD;
        seed += 1;
    }
}
