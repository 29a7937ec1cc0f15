//! What a member does with a journal that is not as it should be: it applies nothing of it.

use forewarn_journal::answer::{Answer, Came, Guard, Keeping, SqlState};
use forewarn_journal::batch::{Batch, Position, Row, Unfit, Version};
use forewarn_journal::member::{Did, Member, Stands, Stopped};
use forewarn_journal::server::{Confirmed, Greeting, Placed, Server, Sign, Writer};
use forewarn_journal::stand::{Comes, Stand};
use forewarn_transcript::Hash;
use std::time::Duration;

const KEPT: Keeping = Keeping::Replicas { least: 1 };
const NAMED: Guard = Guard::Named { waits: 1, names: 1 };

/// A server that shows these rows, and never fails.
struct Shows {
    start: Position,
    rows: Vec<Row>,
    oldest: u64,
    version: Version,
    writer: Option<String>,
    beat: u64,
    /// What the next append is answered, though it is done.
    instead: Option<&'static str>,
}

fn batch(n: u64) -> Batch {
    let (id, node) = (format!("batch-{n}"), "a".to_owned());
    Batch { id, node, version: Version(1), count: 2, body: n.to_be_bytes().to_vec() }
}

impl Shows {
    fn new(count: u64) -> Shows {
        let start = Position { size: 0, chain: Hash::of(b"a journal") };
        let (oldest, version, writer) = (0, Version(1), None);
        let rows = Vec::new();
        let mut all = Shows { start, rows, oldest, version, writer, beat: 0, instead: None };
        for n in 0..count {
            all.push(&batch(n));
        }
        all
    }

    fn end(&self) -> Position {
        let last = self.rows.last();
        last.map_or(self.start, |row| Position {
            size: row.start + row.batch.count,
            chain: row.chain,
        })
    }

    fn sign(&self) -> Sign {
        let url = "https://west.example".to_owned();
        let writer = self.writer.clone().map(|name| Writer { name, url });
        Sign { writer, size: self.end().size, beat: self.beat }
    }

    fn push(&mut self, batch: &Batch) -> Placed {
        let end = self.end();
        let Position { chain, .. } = end.after(batch);
        let (start, digest) = (end.size, batch.digest());
        self.rows.push(Row { start, batch: batch.clone(), digest, chain });
        Placed { start, chain }
    }
}

fn clean<T>(value: T) -> Answer<T> {
    Answer { came: Came::Value(value), is_warned: false, guard: Some([NAMED; 2]) }
}

impl Server for Shows {
    fn hello(&mut self, at: u64) -> Answer<Greeting> {
        let mut rows = self.rows.iter();
        let chain = rows.find(|row| row.start + row.batch.count == at).map(|row| row.chain);
        let chain = if at == 0 { Some(self.start.chain) } else { chain };
        let (version, oldest) = (self.version, self.oldest);
        clean(Greeting { sign: self.sign(), version, oldest, chain })
    }
    fn claim(&mut self, name: &str, over: Option<&Sign>) -> Answer<bool> {
        let is_so = over.is_none_or(|over| *over == self.sign());
        if is_so {
            self.writer = Some(name.to_owned());
        }
        clean(is_so)
    }
    fn append(&mut self, batch: &Batch) -> Answer<Option<Placed>> {
        let is_other = self.writer.as_ref().is_some_and(|writer| *writer != batch.node);
        if batch.version > self.version || is_other {
            return clean(None);
        }
        if self.rows.iter().any(|row| row.batch.id == batch.id) {
            return Answer::plain(Came::Error(SqlState::new("23505"), String::new()));
        }
        let placed = self.push(batch);
        match self.instead.take() {
            Some(why) => Answer::plain(Came::Nothing(why.to_owned())),
            None => clean(Some(placed)),
        }
    }
    fn read(&mut self, from: u64) -> Answer<Vec<Row>> {
        clean(self.rows.iter().filter(|row| row.start >= from).take(9).cloned().collect())
    }
    fn confirm(&mut self, _got: u64, _applied: u64, name: Option<&str>) -> Answer<Confirmed> {
        let is_renewed = name.is_some() && name == self.writer.as_deref();
        self.beat += u64::from(is_renewed);
        clean(Confirmed { sign: self.sign(), is_renewed })
    }
    fn leave(&mut self) {}
    fn rest(&mut self, _rest: Duration) {}
}

/// What is applied, and why it stops, when somebody at the beginning follows this.
fn follow(server: &mut Shows) -> (Vec<String>, Option<Stopped>) {
    let mut member = Member::new(KEPT, Version(1), Stand::free(), server.start);
    let mut applied = Vec::new();
    for second in 0..100 {
        member.step(server, Duration::from_secs(second));
        while let Some(held) = member.take() {
            applied.push(held.batch.id);
        }
    }
    (applied, member.fares().stopped)
}

fn ids(count: u64) -> Vec<String> {
    (0..count).map(|n| batch(n).id).collect()
}

#[test]
fn a_journal_that_was_closed_is_applied_to_its_end_and_no_further() {
    let mut server = Shows::new(3);
    server.version = Version(0);
    assert_eq!(follow(&mut server), (ids(3), None));
    // The next session finds that there is nothing more to come.
    let mut member = Member::new(KEPT, Version(1), Stand::free(), server.end());
    assert_eq!(member.step(&mut server, Duration::ZERO), Did::Stopped);
    assert_eq!(member.fares().stopped, Some(Stopped::Closed));
    let mut server = Shows::new(0);
    let mut writer = come(comes("a/1", &[]));
    steps(&mut writer, &mut server);
    server.version = Version(0);
    writer.offer(by("a/1", 0));
    steps(&mut writer, &mut server);
    assert_eq!((writer.fares().stopped, server.rows.len()), (Some(Stopped::Closed), 0));
}

#[test]
fn what_was_changed_is_not_applied_nor_anything_read_with_it() {
    type Change = fn(&mut Row);
    let changes: [Change; 7] = [
        |row| row.batch.body.push(0),
        |row| row.batch.id.push('x'),
        |row| row.batch.node.push('x'),
        |row| row.batch.count += 1,
        |row| row.chain = Hash::of(b"another"),
        |row| row.digest = Hash::of(b"another"),
        |row| row.batch.version = Version(0),
    ];
    for change in changes {
        let mut server = Shows::new(5);
        change(&mut server.rows[3]);
        let (applied, stopped) = follow(&mut server);
        assert_eq!(applied, Vec::<String>::new());
        assert_eq!(stopped, Some(Stopped::Damaged(Unfit::Changed(6))));
    }
    let mut server = Shows::new(5);
    server.rows.swap_remove(2);
    let (_, stopped) = follow(&mut server);
    assert!(matches!(stopped, Some(Stopped::Damaged(_))), "{stopped:?}");
}

/// A body that is changed with its digest, by somebody who writes to the table, fails by the chain.
#[test]
fn a_body_and_its_digest_changed_together_are_noticed_by_the_chain() {
    let mut server = Shows::new(5);
    server.rows[1].batch.body.push(0);
    server.rows[1].digest = server.rows[1].batch.digest();
    assert_eq!(follow(&mut server).1, Some(Stopped::Damaged(Unfit::Changed(2))));
}

#[test]
fn a_gap_is_waited_for_and_then_said() {
    let mut server = Shows::new(5);
    server.rows.remove(3);
    assert_eq!(follow(&mut server), (ids(3), Some(Stopped::Damaged(Unfit::Gap(6, 8)))));
}

#[test]
fn a_journal_that_begins_later_asks_for_a_snapshot() {
    let mut server = Shows::new(5);
    server.oldest = 4;
    let (applied, stopped) = follow(&mut server);
    assert_eq!(
        (applied.len(), stopped),
        (0, Some(Stopped::TooFarBehind { oldest: 4, reached: 0 }))
    );
}

#[test]
fn what_a_later_release_wrote_is_not_applied_and_what_stands_before_it_is() {
    let mut server = Shows::new(2);
    server.push(&Batch { version: Version(2), ..batch(2) });
    server.push(&batch(3));
    assert_eq!(follow(&mut server), (ids(2), Some(Stopped::Newer { at: 4, version: 2 })));
}

#[test]
fn a_journal_that_takes_earlier_versions_only_is_not_written_to() {
    let mut server = Shows::new(0);
    let mut member = Member::new(KEPT, Version(2), Stand::free(), server.start);
    member.offer(Batch { version: Version(2), ..batch(0) });
    let steps: Vec<Did> = (0..9).map(|_| member.step(&mut server, Duration::ZERO)).collect();
    assert_eq!(steps.last(), Some(&Did::Stopped));
    assert_eq!(member.fares().stopped, Some(Stopped::Older(1)));
}

fn comes(name: &str, known: &[&str]) -> Comes {
    let known = known.iter().map(|name| (*name).to_owned()).collect();
    Comes { name: name.to_owned(), known, takes_over: false, stands_by: false }
}

fn come(comes: Comes) -> Member {
    Member::new(KEPT, Version(1), Stand::new(comes), Shows::new(0).start)
}

/// Steps as often as needed, a millisecond apart; what was to be applied.
fn steps(member: &mut Member, server: &mut Shows) -> Vec<String> {
    let mut taken = Vec::new();
    for n in 0..20 {
        member.step(server, Duration::from_millis(n));
        taken.extend(std::iter::from_fn(|| member.take()).map(|held| held.batch.id));
    }
    taken
}

fn by(node: &str, n: u64) -> Batch {
    Batch { node: node.to_owned(), ..batch(n) }
}

#[test]
fn a_start_takes_the_journal_only_when_it_was_the_last_to_write_or_is_told_to() {
    let mut server = Shows::new(0);
    let mut a = come(comes("a/1", &[]));
    a.offer(by("a/1", 0));
    assert_eq!(steps(&mut a, &mut server), ids(1));
    assert_eq!(a.fares().stands, Stands::Writes);
    // Another folder follows, however often it is started, and says who writes.
    let mut b = come(comes("b/1", &["b/0"]));
    assert_eq!(steps(&mut b, &mut server), ids(1));
    let Stands::Follows { writer: Some(writer), is_level: true } = b.fares().stands else {
        panic!("{:?}", b.fares());
    };
    assert_eq!(writer.name, "a/1");
    // The one that wrote goes on, under another name.
    let mut a = come(comes("a/2", &["a/1"]));
    steps(&mut a, &mut server);
    assert_eq!((a.fares().stands, server.writer.as_deref()), (Stands::Writes, Some("a/2")));
    let mut b = come(Comes { takes_over: true, ..comes("b/2", &[]) });
    steps(&mut b, &mut server);
    assert_eq!((b.fares().stands, server.writer.as_deref()), (Stands::Writes, Some("b/2")));
}

#[test]
fn whoever_was_replaced_appends_nothing_more_and_follows() {
    let mut server = Shows::new(0);
    let (mut a, mut b) = (come(comes("a/1", &[])), come(comes("b/1", &[])));
    a.offer(by("a/1", 0));
    steps(&mut a, &mut server);
    assert!(!a.owes());
    b = Member::new(
        KEPT,
        Version(1),
        Stand::new(Comes { takes_over: true, ..comes("b/1", &[]) }),
        b.fares().held,
    );
    steps(&mut b, &mut server);
    a.offer(by("a/1", 1));
    b.offer(by("b/1", 2));
    assert_eq!(steps(&mut b, &mut server), [batch(2).id]);
    // What it wanted is known not to be done; what the other does is applied.
    assert_eq!(steps(&mut a, &mut server), [batch(2).id]);
    assert!(!a.owes());
    assert!(
        matches!(a.fares().stands, Stands::Follows { writer: Some(one), .. } if one.name == "b/1")
    );
    assert_eq!((a.fares().stopped, server.rows.len()), (None, 2));
}

/// What was there before is applied first, and no more of it waits in memory than was read at once.
#[test]
fn a_node_that_is_behind_reads_and_applies_before_it_appends_anything() {
    let mut server = Shows::new(100);
    let mut member = come(comes("a/1", &[]));
    member.offer(by("a/1", 100));
    let (mut taken, mut most) = (Vec::new(), 0);
    for n in 0..200 {
        member.step(&mut server, Duration::from_millis(n));
        assert!(server.rows.len() == 100 || taken.len() >= 100, "appended after {}", taken.len());
        if taken.len() < 100 {
            assert_ne!(member.fares().stands, Stands::Writes);
        }
        let now =
            std::iter::from_fn(|| member.take()).map(|held| held.batch.id).collect::<Vec<_>>();
        most = most.max(now.len());
        taken.extend(now);
    }
    assert_eq!((taken, most), (ids(101), 9));
}

#[test]
fn an_append_without_an_answer_is_asked_for_again_and_found_there() {
    let mut server = Shows::new(1);
    server.instead = Some("the connection ended");
    let mut member = Member::new(KEPT, Version(1), Stand::free(), server.start);
    member.offer(batch(7));
    let mut taken = Vec::new();
    for _ in 0..12 {
        member.step(&mut server, Duration::ZERO);
        taken
            .extend(std::iter::from_fn(|| member.take()).map(|held| (held.batch.id, held.is_ours)));
    }
    assert_eq!(taken, [("batch-0".to_owned(), false), ("batch-7".to_owned(), true)]);
    assert_eq!(server.rows.len(), 2);
    assert!(!member.owes());
}

#[test]
fn the_chain_is_what_it_is_defined_to_be() {
    let (one, place) = (batch(0), Position { size: 5, chain: Hash::of(b"a journal") });
    let all = [&place.chain.0[..], &one.digest().0, one.id.as_bytes()].concat();
    assert_eq!(place.after(&one), Position { size: 7, chain: Hash::of(&all) });
    // Later releases read what is written now. Computed by Python's hashlib.
    let digest = "9c36684cecfad462d593dd6466537c4adf1c2e9d09ddb90cfd804f50cf9c6e18";
    assert_eq!(one.digest().to_string(), digest);
}
