//! The journal on a real PostgreSQL: what the server does is what the rules expect of it.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panic")]

#[path = "../../testkit/src/postgres.rs"]
#[expect(unreachable_pub, reason = "the testkit shows it to other crates")]
mod postgres;

use forewarn_journal::answer::{Answer, Came, Keeping, Meaning, SqlState};
use forewarn_journal::batch::{Batch, Position, Version};
use forewarn_journal::member::{Did, Member, Stands};
use forewarn_journal::server::{Confirmed, Server as _};
use forewarn_journal::stand::{Comes, Stand};
use forewarn_postgres::{Address, NotMade, Postgres, Us};
use forewarn_transcript::Hash;
use postgres::Postgres as Plain;
use std::sync::Arc;
use std::time::{Duration, Instant};

const V: Version = Version(1);
const REPLICAS: Keeping = Keeping::Replicas { least: 1 };

fn tls(authority: Option<&rcgen::Certificate>) -> rustls::ClientConfig {
    let mut roots = rustls::RootCertStore::empty();
    if let Some(one) = authority {
        roots.add(one.der().clone()).unwrap();
    }
    rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth()
}

fn session(url: &str, node: &str) -> Postgres {
    let address = Address::read(url, None, ("forewarn-test", tls(None))).unwrap();
    let url = format!("https://{node}.example");
    Postgres::new(address, Us { node: node.to_owned(), url }, V).unwrap()
}

fn made(plain: &Plain) -> Position {
    let origin = Hash::of(b"a journal");
    session(&plain.url(), "maker").make(origin).unwrap();
    Position { size: 0, chain: origin }
}

fn batch(id: &str) -> Batch {
    let (node, body) = ("a/1".to_owned(), vec![0, 255, 7]);
    Batch { id: id.to_owned(), node, version: V, count: 3, body }
}

/// Steps until nothing is owed and nothing is new; what was held, in order.
fn until_idle(member: &mut Member, server: &mut Postgres) -> Vec<(String, bool)> {
    let (begun, mut held) = (Instant::now(), Vec::new());
    loop {
        let did = member.step(server, begun.elapsed());
        while let Some(one) = member.take() {
            member.applied(one.end.size);
            held.push((one.batch.id, one.is_ours));
        }
        match did {
            Did::Failed(rest) => server.rest(rest),
            Did::Idle if !member.owes() => return held,
            Did::Idle | Did::Worked => {}
            Did::Stopped => panic!("{:?}", member.fares()),
        }
        assert!(begun.elapsed() < Duration::from_mins(1), "{:?}", member.fares());
    }
}

#[test]
fn two_members_have_one_line_and_a_server_that_crashes_loses_nothing_and_does_nothing_twice() {
    let mut plain = Plain::start(&[]);
    let start = made(&plain);
    assert!(matches!(session(&plain.url(), "b").make(Hash([1; 32])), Err(NotMade::Taken)));
    let (mut a, mut b) = (session(&plain.url(), "a"), session(&plain.url(), "b"));
    let mut first = Member::new(Keeping::Server, V, Stand::free(), start);
    let mut second = Member::new(Keeping::Server, V, Stand::free(), start);
    for n in 0..20 {
        let (member, server) =
            if n % 3 == 0 { (&mut second, &mut b) } else { (&mut first, &mut a) };
        member.offer(batch(&format!("batch-{n}")));
        if n == 10 {
            // The append goes to a session that is gone.
            plain.kill();
            plain.go();
        }
        let held = until_idle(member, server);
        assert_eq!(held.last().unwrap(), &(format!("batch-{n}"), true));
    }
    until_idle(&mut first, &mut a);
    until_idle(&mut second, &mut b);
    assert_eq!(first.fares().held, second.fares().held);
    assert_eq!(first.fares().held.size, 60);
    // One who comes later reads the same line; who appended it does not matter.
    let mut late = Member::new(Keeping::Server, V, Stand::free(), start);
    let held = until_idle(&mut late, &mut session(&plain.url(), "late"));
    let line: Vec<String> = held.into_iter().map(|(id, _)| id).collect();
    assert_eq!(line, (0..20).map(|n| format!("batch-{n}")).collect::<Vec<_>>());
    assert_eq!(late.fares().held, first.fares().held);
    // A node that confirms says how far it has seen.
    assert_eq!(plain.sql("SELECT name, got FROM fw_node WHERE name = 'late'"), "late|60");
}

#[test]
fn an_id_is_taken_once_and_a_later_version_not_at_all() {
    let plain = Plain::start(&[]);
    made(&plain);
    let mut a = session(&plain.url(), "a");
    a.hello(0);
    let Came::Value(Some(placed)) = a.append(&batch("one")).came else { panic!("not appended") };
    assert_eq!(placed.start, 0);
    assert_eq!(a.append(&batch("one")).of_commit(Keeping::Server), Meaning::There);
    let later = Batch { version: Version(2), ..batch("two") };
    assert_eq!(a.append(&later).of_commit(Keeping::Server), Meaning::Held(None));
    let Came::Value(greeting) = a.hello(3).came else { panic!("no greeting") };
    assert_eq!((greeting.sign.size, greeting.chain), (3, Some(placed.chain)));
    // Nothing ends there.
    let Came::Value(greeting) = a.hello(2).came else { panic!("no greeting") };
    assert_eq!(greeting.chain, None);
}

#[test]
fn whoever_claims_the_journal_appends_alone_and_the_one_before_learns_by_whom() {
    let plain = Plain::start(&[]);
    let start = made(&plain);
    let (mut a, mut b) = (session(&plain.url(), "a"), session(&plain.url(), "b"));
    let comes = |name: &str, takes_over| {
        let (name, known) = (name.to_owned(), Vec::new());
        let comes = Comes { name, known, takes_over, stands_by: false };
        Member::new(Keeping::Server, V, Stand::new(comes), start)
    };
    let (mut first, mut second) = (comes("a/1", false), comes("b/1", false));
    first.offer(batch("one"));
    until_idle(&mut first, &mut a);
    // A claim is for a journal that nobody writes, or it is told to be.
    until_idle(&mut second, &mut b);
    let Stands::Follows { writer: Some(writer), .. } = second.fares().stands else {
        panic!("{:?}", second.fares());
    };
    assert_eq!((writer.name.as_str(), writer.url.as_str()), ("a/1", "https://a.example"));
    let mut second = comes("b/1", true);
    until_idle(&mut second, &mut b);
    first.offer(batch("two"));
    until_idle(&mut first, &mut a);
    assert!(matches!(first.fares().stands, Stands::Follows { .. }));
    second.offer(Batch { node: "b/1".to_owned(), ..batch("three") });
    until_idle(&mut second, &mut b);
    assert_eq!(plain.sql("SELECT string_agg(id, ' ' ORDER BY start) FROM fw_batch"), "one three");
}

/// Only the writer's own name gives a sign, and whoever claims over a sign finds out that there was
/// another.
#[test]
fn a_claim_over_a_writer_that_gives_signs_fails() {
    let plain = Plain::start(&[]);
    made(&plain);
    let (mut a, mut b) = (session(&plain.url(), "a"), session(&plain.url(), "b"));
    let Came::Value(nobody) = a.hello(0).came else { panic!("no greeting") };
    b.hello(0);
    let value = |answer: Answer<bool>| match answer.came {
        Came::Value(value) => value,
        other => panic!("{other:?}"),
    };
    assert!(value(a.claim("a/1", Some(&nobody.sign))));
    // Done twice, since it was in doubt, it is the same.
    assert!(value(a.claim("a/1", Some(&nobody.sign))));
    assert!(!value(b.claim("b/1", Some(&nobody.sign))));
    let sign = |answer: Answer<Confirmed>| match answer.came {
        Came::Value(Confirmed { sign, is_renewed }) => (sign, is_renewed),
        other => panic!("{other:?}"),
    };
    let (seen, renewed) = sign(b.confirm(0, 0, Some("b/1")));
    assert!(!renewed);
    assert_eq!(seen.writer.as_ref().unwrap().name, "a/1");
    assert!(sign(a.confirm(0, 0, Some("a/1"))).1);
    assert!(!value(b.claim("b/1", Some(&seen))));
    let (seen, _) = sign(b.confirm(0, 0, None));
    assert!(value(b.claim("b/1", Some(&seen))));
    assert!(!sign(a.confirm(0, 0, Some("a/1"))).1);
}

/// The server shows what no replica has, and says so by a warning only.
#[test]
fn a_wait_that_is_cancelled_is_warned_of_and_one_without_replicas_is_not_held() {
    let plain = Plain::start(&[]);
    made(&plain);
    let mut a = session(&plain.url(), "a");
    a.hello(0);
    // Nobody is waited for: it is in doubt, where replicas have to hold it.
    let answer = a.append(&batch("alone"));
    assert!(matches!(answer.clone().of_commit(REPLICAS), Meaning::InDoubt(_)));
    assert!(matches!(answer.of_commit(Keeping::Server), Meaning::Held(Some(_))));
    plain.set("synchronous_standby_names", "nobody_there");
    // The postmaster reads it in a moment; before that, nobody would be waited for.
    let is_set = |_: &u32| plain.sql("SHOW synchronous_standby_names") == "nobody_there";
    assert!((0..500).find(is_set).is_some());
    a.leave();
    a.hello(0);
    let cancelled = std::thread::scope(|scope| {
        let appended = scope.spawn(|| a.append(&batch("cancelled")));
        let waiting = "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity \
                       WHERE wait_event = 'SyncRep'";
        while plain.sql(waiting) == "0" && !appended.is_finished() {}
        appended.join().unwrap()
    });
    assert!(cancelled.is_warned);
    assert!(matches!(cancelled.came, Came::Value(Some(_))));
    // It is shown all the same: visible is not held.
    let Came::Value(rows) = a.read(3).came else { panic!("nothing read") };
    assert_eq!(rows.first().unwrap().batch.id, "cancelled");
    // Without a word the patience ends, and nothing is concluded.
    let begun = Instant::now();
    assert!(matches!(a.confirm(6, 6, None).of_commit(REPLICAS), Meaning::InDoubt(_)));
    assert!(begun.elapsed() > Duration::from_secs(3));
}

/// What is read at once is bounded in bytes, and one that is larger than that comes by itself.
#[test]
fn batches_are_read_by_their_sizes() {
    let plain = Plain::start(&[]);
    made(&plain);
    let mut a = session(&plain.url(), "a");
    a.hello(0);
    for (n, size) in [600 << 10, 600 << 10, 3 << 20, 1, 1].into_iter().enumerate() {
        let one = Batch { body: vec![7; size], ..batch(&n.to_string()) };
        assert!(matches!(a.append(&one).of_commit(Keeping::Server), Meaning::Held(Some(_))));
    }
    let mut read = |from| match a.read(from).came {
        Came::Value(rows) => rows.iter().map(|row| row.batch.body.len()).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(read(0), [600 << 10]);
    assert_eq!(read(3), [600 << 10]);
    assert_eq!(read(6), [3 << 20]);
    assert_eq!(read(9), [1, 1]);
    assert_eq!(read(15), [0_usize; 0]);
}

/// The first of the servers need not answer, and whoever had no answer asks again.
#[test]
fn a_journal_is_made_at_the_server_that_does_it_and_once() {
    let plain = Plain::start(&[]);
    // Nobody listens at the port of the discard protocol.
    let url = plain.url().replace("@127.0.0.1", "@127.0.0.1:9,127.0.0.1");
    let origin = Hash::of(b"a journal");
    session(&url, "a").make(origin).unwrap();
    session(&url, "a").make(origin).unwrap();
    assert!(matches!(session(&url, "b").make(Hash([1; 32])), Err(NotMade::Taken)));
    let mut a = session(&url, "a");
    while !matches!(a.hello(0).came, Came::Value(_)) {
        a.leave();
    }
    assert!(matches!(a.append(&batch("one")).came, Came::Value(Some(_))));
    // It has been written to: it is not made anew.
    assert!(matches!(session(&url, "a").make(origin), Err(NotMade::Taken)));
    assert!(matches!(
        session("postgres://forewarn@127.0.0.1:9/postgres", "a").make(origin),
        Err(NotMade::Server(_))
    ));
}

/// A replica that is named and waited for holds what was acknowledged; one of two that is waited for is
/// not enough.
#[test]
fn what_is_held_is_at_the_replica_and_a_server_that_waits_for_some_of_them_holds_nothing() {
    let plain = Plain::start(&[]);
    made(&plain);
    let replica = plain.replica("replica");
    let waits = "SELECT count(*) FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')";
    let mut a = session(&plain.url(), "a");
    for (setting, is_held) in [("ANY 1 (replica)", true), ("ANY 1 (replica, other)", false)] {
        plain.set("synchronous_standby_names", setting);
        assert!(
            (0..500).any(|_| plain.sql(waits) == "1"
                && plain.sql("SHOW synchronous_standby_names") == setting)
        );
        a.leave();
        assert!(matches!(a.hello(0).came, Came::Value(_)));
        let meaning = a.append(&batch(setting)).of_commit(REPLICAS);
        assert_eq!(matches!(meaning, Meaning::Held(Some(_))), is_held, "{setting}: {meaning:?}");
        if is_held {
            let there = format!("SELECT count(*) FROM fw_batch WHERE id = '{setting}'");
            assert!((0..500).any(|_| replica.sql(&there) == "1"));
        }
    }
    // One that asks where there is no primary finds none.
    let mut b = session(&replica.url(), "b");
    assert!(matches!(b.hello(0).came, Came::Nothing(_)));
    assert!(!replica.host().is_empty());
}

#[test]
fn what_is_not_set_up_says_what_is_missing() {
    let plain = Plain::start(&[]);
    let mut a = session(&plain.url(), "a");
    let Came::Error(state, why) = a.hello(0).came else { panic!("no error") };
    assert_eq!(state, SqlState::new("42P01"));
    assert!(why.contains("fw_head"), "{why}");
    let mut nobody = session(&plain.url().replace("forewarn@", "stranger@"), "a");
    let Came::Error(state, _) = nobody.hello(0).came else { panic!("no error") };
    assert_eq!(state, SqlState::new("28000"));
}

#[test]
fn the_servers_certificate_is_checked() {
    let key = rcgen::KeyPair::generate().unwrap();
    let params = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let files = tempfile::tempdir().unwrap();
    let path = |name: &str| files.path().join(name);
    std::fs::write(path("crt"), certificate.pem()).unwrap();
    std::fs::write(path("key"), key.serialize_pem()).unwrap();
    let plain = Plain::start(&[]);
    plain.take("server.crt", &path("crt"));
    plain.take("server.key", &path("key"));
    plain.sql("ALTER SYSTEM SET ssl = on");
    plain.sql("SELECT pg_reload_conf()");
    let url = plain.url().replace("127.0.0.1", "localhost") + "?sslmode=require";
    let ask = |authority| {
        let address = Address::read(&url, None, ("forewarn-test", tls(authority))).unwrap();
        let (node, url) = ("a".to_owned(), String::new());
        Postgres::new(address, Us { node, url }, V).unwrap().make(Hash::of(b"a journal"))
    };
    let stranger = ask(None).unwrap_err().to_string();
    assert!(stranger.contains("certificate"), "{stranger}");
    ask(Some(&certificate)).unwrap();
}
