//! Two nodes over one journal come to the same rows as one that lived alone: whole commands, sealed,
//! in batches, through servers that lose replies.

#![expect(clippy::unwrap_used, reason = "test helpers fail by panic")]

mod world;

use forewarn_engine::journal::whole;
use forewarn_engine::order::{Acts, Journal, Line};
use forewarn_engine::reached::reached;
use forewarn_engine::shared::{Comes, Keeps, Seal, Shared};
use forewarn_engine::{Core, Failure, Work};
use forewarn_exchange::command::Command;
use forewarn_exchange::drawn::Ids;
use forewarn_journal::answer::{Answer, Came, Guard, Keeping, SqlState};
use forewarn_journal::batch::{Batch, Position, Row, Version};
use forewarn_journal::member::Stopped;
use forewarn_journal::server::{Confirmed, Greeting, Placed, Server, Sign, Writer};
use forewarn_store::{Store, differences};
use forewarn_transcript::Hash;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use world::World;

const KEPT: Keeping = Keeping::Replicas { least: 1 };
const NAMED: Guard = Guard::Named { waits: 1, names: 1 };
const START: Position = Position { size: 0, chain: Hash([7; 32]) };

/// A table that loses each twentieth reply to an append.
#[derive(Clone, Default)]
struct Table(Arc<Mutex<Tables>>);

#[derive(Default)]
struct Tables {
    rows: Vec<Row>,
    asked: u64,
    writer: Option<String>,
}

impl Tables {
    fn sign(&self) -> Sign {
        let url = "https://writer.example".to_owned();
        let writer = self.writer.clone().map(|name| Writer { name, url });
        Sign { writer, size: end(&self.rows).size, beat: 0 }
    }
}

fn end(rows: &[Row]) -> Position {
    rows.last()
        .map_or(START, |row| Position { size: row.start + row.batch.count, chain: row.chain })
}

fn clean<T>(value: T) -> Answer<T> {
    Answer { came: Came::Value(value), is_warned: false, guard: Some([NAMED; 2]) }
}

impl Server for Table {
    fn hello(&mut self, at: u64) -> Answer<Greeting> {
        let tables = &*self.0.lock().unwrap();
        let mut there = tables.rows.iter().map(|row| (row.start + row.batch.count, row.chain));
        let chain = there.find(|(size, _)| *size == at).map(|(_, chain)| chain);
        let chain = if at == 0 { Some(START.chain) } else { chain };
        clean(Greeting { sign: tables.sign(), version: Version(1), oldest: 0, chain })
    }
    fn claim(&mut self, name: &str, _over: Option<&Sign>) -> Answer<bool> {
        self.0.lock().unwrap().writer = Some(name.to_owned());
        clean(true)
    }
    fn append(&mut self, batch: &Batch) -> Answer<Option<Placed>> {
        let Tables { rows, asked, writer } = &mut *self.0.lock().unwrap();
        if writer.as_ref() != Some(&batch.node) {
            return clean(None);
        }
        if rows.iter().any(|row| row.batch.id == batch.id) {
            return Answer::plain(Came::Error(SqlState::new("23505"), String::new()));
        }
        let start = end(rows);
        let chain = start.after(batch).chain;
        let (start, digest) = (start.size, batch.digest());
        rows.push(Row { start, batch: batch.clone(), digest, chain });
        *asked += 1;
        if asked.is_multiple_of(20) {
            return Answer::plain(Came::Nothing("the connection ended".into()));
        }
        clean(Some(Placed { start, chain }))
    }
    fn read(&mut self, from: u64) -> Answer<Vec<Row>> {
        let rows = &self.0.lock().unwrap().rows;
        clean(rows.iter().filter(|row| row.start >= from).take(9).cloned().collect())
    }
    fn confirm(&mut self, _got: u64, _applied: u64, name: Option<&str>) -> Answer<Confirmed> {
        let sign = self.0.lock().unwrap().sign();
        let is_renewed = sign.writer.as_ref().is_some_and(|one| Some(one.name.as_str()) == name);
        clean(Confirmed { sign, is_renewed })
    }
    fn leave(&mut self) {}
    fn rest(&mut self, _rest: Duration) {}
}

/// Not a cipher: what is sealed is the body with this before it, so that a test can tell.
struct Marked(&'static str);

impl Seal for Marked {
    fn seal(&self, id: &str, beside: &[u8], body: Vec<u8>) -> Option<Vec<u8>> {
        Some([self.0.as_bytes(), id.as_bytes(), beside, &body].concat())
    }
    fn open(&self, id: &str, beside: &[u8], sealed: Vec<u8>) -> Option<Vec<u8>> {
        let head = [self.0.as_bytes(), id.as_bytes(), beside].concat();
        sealed.strip_prefix(&head[..]).map(<[u8]>::to_vec)
    }
}

fn core(path: &Path) -> Core {
    Core::open(Store::open(path).unwrap(), Vec::new()).unwrap()
}

/// Keeps nothing, and says so where it is told to.
struct Kept(Result<(), String>);

impl Keeps for Kept {
    fn keep(&mut self, _name: &str) -> Result<(), String> {
        self.0.clone()
    }
}

static STARTS: AtomicU64 = AtomicU64::new(0);

fn shared(
    table: &Table,
    (node, takes_over, kept): (&str, bool, Result<(), String>),
    mark: &'static str,
    at: Position,
) -> Box<dyn Journal> {
    let name = format!("{node}/{}", STARTS.fetch_add(1, Ordering::Relaxed));
    let ids = Ids::new(Hash::of(name.as_bytes()));
    let parts = (table.clone(), Box::new(Marked(mark)) as Box<dyn Seal>);
    let comes = Comes { name, known: Vec::new(), takes_over, stands_by: false };
    Box::new(Shared::new(parts, KEPT, (comes, Box::new(Kept(kept)), ids), at))
}

fn comes(path: &Path, table: &Table, node: &str, takes_over: bool) -> Line {
    let core = core(path);
    let at = reached(&core.store().db()).unwrap().unwrap_or(START);
    Line::new(core, shared(table, (node, takes_over, Ok(())), "sealed", at))
}

/// One that has taken the journal over, and has caught up.
fn line(path: &Path, table: &Table, node: &str) -> Line {
    let mut line = comes(path, table, node, true);
    assert!(line.catch_up(Duration::from_secs(9)), "{:?}", line.fares());
    line
}

/// All commands of a random life, in full.
fn lived(path: &Path, seed: u64, steps: u32) -> Vec<Command<Work>> {
    let mut world = World::new(path, seed);
    let begun = world.core.store().db().journal_index().unwrap();
    let begin = |index| whole(&world.core.store().db(), index).unwrap().unwrap();
    let mut all: Vec<_> = (1..=begun).map(begin).collect();
    for _ in 0..steps {
        all.extend(world.step().into_iter().map(|(command, _)| command));
    }
    let seen = world.seen();
    assert!(steps == 0 || seen.applied > 100 && seen.refused > 20, "{seen:?}");
    all
}

#[test]
fn two_nodes_over_one_journal_come_to_the_rows_of_one_that_lived_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let commands = lived(&path("alone"), 3, 250);
    let table = Table::default();
    let within = Duration::from_secs(9);
    let (mut a, mut b) = (line(&path("a"), &table, "a"), line(&path("b"), &table, "b"));
    for (turn, one) in commands.iter().enumerate() {
        // Now one writes, now the other, which takes over and comes so far first.
        let (doer, name) = if turn % 7 < 4 { (&mut a, "a") } else { (&mut b, "b") };
        if matches!(turn % 7, 0 | 4) {
            *doer = line(&path(name), &table, name);
        }
        // What is refused is refused everywhere.
        let _ = doer.first(one.clone(), within);
    }
    assert!(a.catch_up(within) && b.catch_up(within));
    // A late one reads all of it.
    let mut late = comes(&path("late"), &table, "late", false);
    assert!(late.catch_up(within));
    let at = |line: &Line| reached(&line.core().store().db()).unwrap().unwrap();
    assert_eq!(at(&a), at(&b));
    assert_eq!(at(&a), at(&late));
    assert_eq!(at(&a).size, commands.len() as u64);
    drop((a, b, late));
    for (one, other) in [("a", "b"), ("a", "late")] {
        assert_eq!(differences(&path(one), &path(other)).unwrap(), Vec::<String>::new());
    }
    // How far the journal was applied is not compared: one that lives alone does not keep it.
    assert_eq!(differences(&path("alone"), &path("a")).unwrap(), Vec::<String>::new());
}

#[test]
fn a_retried_command_gets_its_first_answer_at_another_node_and_is_applied_once() {
    let folder = tempfile::tempdir().unwrap();
    let commands = lived(&folder.path().join("alone"), 4, 0);
    let table = Table::default();
    let within = Duration::from_secs(9);
    let mut a = line(&folder.path().join("a"), &table, "a");
    for one in &commands {
        a.first(one.clone(), within).unwrap();
    }
    let mut b = line(&folder.path().join("b"), &table, "b");
    for one in &commands {
        b.first(one.clone(), within).unwrap();
    }
    assert!(a.catch_up(within));
    let index = |line: &Line| line.core().store().db().journal_index().unwrap();
    let count = i64::try_from(commands.len()).unwrap();
    assert_eq!((index(&a), index(&b)), (count, count));
    let twice = 2 * commands.len() as u64;
    assert_eq!(reached(&a.core().store().db()).unwrap().unwrap().size, twice);
}

#[test]
fn what_others_have_sealed_is_not_applied() {
    let folder = tempfile::tempdir().unwrap();
    let commands = lived(&folder.path().join("alone"), 5, 0);
    let table = Table::default();
    let within = Duration::from_secs(9);
    let mut a = line(&folder.path().join("a"), &table, "a");
    a.first(commands.first().unwrap().clone(), within).unwrap();
    let stranger = core(&folder.path().join("b"));
    let mut stranger = Line::new(stranger, shared(&table, ("b", false, Ok(())), "another", START));
    assert!(!stranger.catch_up(Duration::ZERO));
    assert_eq!(stranger.core().store().db().journal_index().unwrap(), 0);
    let stopped = stranger.fares().unwrap().stopped;
    assert!(matches!(stopped, Some(Stopped::Unreadable { .. })), "{stopped:?}");
    // It takes nothing any more, and says why.
    let refused = stranger.first(commands.first().unwrap().clone(), within).unwrap_err();
    assert!(refused.to_string().contains("journal.key"), "{refused}");
}

#[test]
fn a_node_that_follows_refuses_commands_and_names_the_writer() {
    let folder = tempfile::tempdir().unwrap();
    let commands = lived(&folder.path().join("alone"), 6, 0);
    let table = Table::default();
    let within = Duration::from_secs(9);
    let mut a = line(&folder.path().join("a"), &table, "a");
    let one = commands.first().unwrap();
    let mut b = comes(&folder.path().join("b"), &table, "b", false);
    // It does not know yet who writes.
    assert!(matches!(b.first(one.clone(), within), Err(Failure::Behind)));
    assert!(b.catch_up(within));
    assert_eq!(b.acts(), Acts::No);
    let refused = b.first(one.clone(), within).unwrap_err();
    assert!(refused.to_string().contains("https://writer.example"), "{refused}");
    a.first(one.clone(), within).unwrap();
    assert!(matches!(a.acts(), Acts::Until(_)));
    // One that was replaced does not act any more, and what it is asked is not done.
    let mut b = line(&folder.path().join("b"), &table, "b");
    let second = commands.get(1).unwrap();
    let refused = a.first(second.clone(), within).unwrap_err();
    assert!(matches!(refused, Failure::Elsewhere(Some(_))), "{refused}");
    assert_eq!(a.acts(), Acts::No);
    b.first(second.clone(), within).unwrap();
    assert!(a.catch_up(within) && b.catch_up(within));
    let index = |line: &Line| line.core().store().db().journal_index().unwrap();
    assert_eq!((index(&a), index(&b)), (2, 2));
}

#[test]
fn a_journal_is_not_claimed_under_a_name_that_is_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let table = Table::default();
    let why = Err("the disk is full".to_owned());
    let a = core(&folder.path().join("a"));
    let mut a = Line::new(a, shared(&table, ("a", true, why), "sealed", START));
    assert!(!a.catch_up(Duration::ZERO));
    assert_eq!(table.0.lock().unwrap().writer, None);
    assert!(matches!(a.fares().unwrap().stopped, Some(Stopped::NotKept(_))));
}
