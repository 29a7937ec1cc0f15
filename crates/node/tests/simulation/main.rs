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

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a simulation stops at the first thing that is not as it should be"
)]

mod random;
mod side;
mod world;

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
