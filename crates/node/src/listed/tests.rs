//! A list is what the shelf says now, and is made no more often than the shelf changes.

use super::*;
use forewarn_exchange::actor::{Actor, Part};
use forewarn_store::Store;
use forewarn_store::intake::NewIntake;
use forewarn_store::item::{Media, NewItem};
use forewarn_store::stamp::Stamp;
use std::time::{Duration, Instant};

const SHELF: CollectionNumber = CollectionNumber::new(7);

struct Shelf {
    _folder: tempfile::TempDir,
    store: Store,
    listed: Listed,
}

impl Shelf {
    fn new() -> Shelf {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("a.sqlite")).unwrap();
        Shelf { _folder: folder, store, listed: Listed::default() }
    }

    /// Puts versions of indicators there: each with its number, and until when it holds.
    fn put(&mut self, time: &str, all: impl Iterator<Item = (usize, bool, String)>) {
        let time = Timestamp::parse(time).unwrap();
        let batch = self.store.begin().unwrap();
        let db = batch.db();
        let intake = NewIntake {
            id: format!("x/{time}"),
            time: time.clone(),
            actor: Actor::Node(Part::Shelf),
            collection: SHELF,
            source: None,
            grade: None,
            marking: None,
            name: None,
        };
        let intake = db.begin_intake(&intake).unwrap();
        let first = db.next_seq(time.micros()).unwrap();
        for (seq, (n, revoked, until)) in (first..).zip(all) {
            let id = format!("indicator--00000000-0000-4000-8000-{n:012}");
            let (a, b, c) = (n / 65_536 % 256, n / 256 % 256, n % 256);
            let bytes = format!(
                r#"{{"type":"indicator","id":"{id}","modified":"{time}","pattern":"[ipv4-addr:value = '198.{a}.{b}.{c}']","pattern_type":"stix","revoked":{revoked},"valid_from":"2020-01-01T00:00:00Z","valid_until":"{until}"}}"#
            );
            let version = Stamp::of(Some(&time));
            let item = NewItem::new((SHELF, Media::Stix), id, version, 0, bytes.into_bytes());
            db.keep(seq, intake, &item, |_, _| Ok(None)).unwrap();
        }
        batch.commit().unwrap();
    }

    fn answer(&self) -> Arc<Answer> {
        self.answer_at("2026-12-01T00:00:00Z")
    }

    fn answer_at(&self, time: &str) -> Arc<Answer> {
        let wanted = Wanted { output: Output::Plain, kinds: Vec::new() };
        let time = Timestamp::parse(time).unwrap();
        self.listed.answer(&self.store.db(), (SHELF, "Ours"), wanted, &time).unwrap().unwrap()
    }

    fn lines(&self) -> usize {
        lines(&self.answer())
    }
}

fn lines(answer: &Answer) -> usize {
    String::from_utf8_lossy(&answer.bytes).lines().count()
}

const EVER: &str = "2099-01-01T00:00:00Z";

#[test]
fn a_list_follows_the_shelf_and_is_kept_until_that_changes() {
    let mut shelf = Shelf::new();
    assert_eq!(shelf.lines(), 0);
    shelf.put("2026-11-20T00:00:00Z", (0..6_000).map(|n| (n, false, EVER.to_owned())));
    assert_eq!(shelf.lines(), 6_000, "over more than one page");
    let first = shelf.answer();
    assert!(Arc::ptr_eq(&first, &shelf.answer()), "it is not made twice");
    shelf.put("2026-11-21T00:00:00Z", (0..2).map(|n| (n, true, EVER.to_owned())));
    let second = shelf.answer();
    assert_ne!(first.tag, second.tag);
    assert_eq!(shelf.lines(), 5_998);
    assert!(!String::from_utf8_lossy(&second.bytes).contains("198.0.0.1\n"));
}

/// A newer version replaces the old value, whatever else is wrong with it.
#[test]
fn a_version_that_breaks_a_rule_replaces_the_one_before_it() {
    let mut held = Held::default();
    let indicator = |value: &str, revoked: &str| {
        format!(
            r#"{{"type":"indicator","id":"indicator--1","modified":"2026-11-01T00:00:00Z","pattern":"[ipv4-addr:value = '{value}']","pattern_type":"stix","revoked":{revoked},"valid_from":"2020-01-01T00:00:00Z"}}"#
        )
    };
    held.take(indicator("198.51.100.1", "false").as_bytes());
    assert!(format!("{:?}", held.entries).contains("198.51.100.1"));
    for revoked in ["null", "\"true\""] {
        held.take(indicator("198.51.100.2", revoked).as_bytes());
        assert!(!format!("{:?}", held.entries).contains("198.51.100.1"), "{revoked}");
    }
    held.take(indicator("198.51.100.2", "true").as_bytes());
    assert!(held.entries.is_empty() && held.unlisted.is_empty());
}

#[test]
fn what_holds_no_more_leaves_by_itself() {
    let mut shelf = Shelf::new();
    let soon = "2026-12-02T00:00:00Z".to_owned();
    let all = [
        (1, false, EVER.to_owned()),
        (2, false, soon),
        (3, false, "2021-01-01T00:00:00Z".to_owned()),
    ];
    shelf.put("2026-11-20T00:00:00Z", all.into_iter());
    assert_eq!(shelf.lines(), 2);
    assert_eq!(lines(&shelf.answer_at("2026-12-01T23:59:59Z")), 2);
    assert_eq!(lines(&shelf.answer_at("2026-12-02T00:00:00Z")), 1);
}

#[test]
fn whoever_asks_while_a_shelf_is_read_for_the_first_time_is_told_and_waits_for_nobody() {
    let shelf = Shelf::new();
    let of = shelf.listed.of(SHELF);
    let reading = of.held.lock().unwrap();
    let wanted = Wanted { output: Output::Plain, kinds: Vec::new() };
    let now = Timestamp::parse("2026-12-01T00:00:00Z").unwrap();
    let answer = shelf.listed.answer(&shelf.store.db(), (SHELF, "Ours"), wanted, &now);
    assert_eq!(answer.unwrap().unwrap_err(), BeingRead);
    drop(reading);
    assert_eq!(shelf.lines(), 0);
}

#[test]
fn what_is_kept_written_is_bounded_by_its_bytes() {
    let mut held = Held::default();
    let answer = |size: usize| {
        Arc::new(Answer { bytes: vec![0; size].into(), tag: String::new(), left_out: 0 })
    };
    let wanted = |output| Wanted { output, kinds: Vec::new() };
    held.keep(wanted(Output::Plain), answer(MAX_WRITTEN_BYTES - 1));
    held.keep(wanted(Output::Csv), answer(2));
    assert_eq!((held.written.len(), held.bytes), (1, 2));
    held.keep(wanted(Output::Hosts), answer(MAX_WRITTEN_BYTES + 1));
    assert_eq!((held.written.len(), held.bytes), (0, 0));
}

#[test]
fn a_folder_follows_the_shelf_and_what_left_it_is_told_as_deleted() {
    let mut shelf = Shelf::new();
    let file = |shelf: &Shelf, name: &str| {
        let now = Timestamp::parse("2026-12-01T00:00:00Z").unwrap();
        let file = shelf.listed.file(&shelf.store.db(), (SHELF, "an-id", "Us"), name, &now);
        file.unwrap().unwrap()
    };
    shelf.put("2026-11-20T00:00:00Z", (0..3).map(|n| (n, false, EVER.to_owned())));
    let text = |file: &File| String::from_utf8(file.bytes.to_vec()).unwrap();
    let manifest = file(&shelf, "manifest.json").unwrap();
    let named: serde_json::Value = serde_json::from_slice(&manifest.bytes).unwrap();
    let uuid = named.as_object().unwrap().keys().next().unwrap().clone();
    let name = format!("{uuid}.json");
    assert!(text(&file(&shelf, &name).unwrap()).contains("198.0.0.1"));
    assert_eq!(text(&file(&shelf, "hashes.csv").unwrap()).lines().count(), 3);
    assert!(file(&shelf, "../x").is_none());
    // Another node numbers its shelves and warnings alike; its events are others.
    let now = Timestamp::parse("2026-12-01T00:00:00Z").unwrap();
    let theirs = Listed::default();
    let theirs = theirs.file(&shelf.store.db(), (SHELF, "another", "Us"), &name, &now);
    assert!(theirs.unwrap().unwrap().is_none());
    assert!(Arc::ptr_eq(&manifest.bytes, &file(&shelf, "manifest.json").unwrap().bytes));
    shelf.put("2026-11-21T00:00:00Z", (0..2).map(|n| (n, true, EVER.to_owned())));
    let event = text(&file(&shelf, &name).unwrap());
    assert!(!event.contains("198.0.0.1") && event.contains("\"deleted\":true"), "{event}");
    assert_ne!(manifest.tag, file(&shelf, "manifest.json").unwrap().tag);
    assert_eq!(text(&file(&shelf, "hashes.csv").unwrap()).lines().count(), 1);
}

/// What is measured for `docs/performance.md`, and must hold in every build.
#[test]
#[ignore = "takes half a minute; `make bench-lists` runs it"]
fn hundred_thousand_lines_answer_from_the_cache_and_change_within_a_second() {
    let mut shelf = Shelf::new();
    shelf.put("2026-11-20T00:00:00Z", (0..100_000).map(|n| (n, false, EVER.to_owned())));
    let timed = |what: &str, shelf: &Shelf| {
        let start = Instant::now();
        let lines = shelf.answer().bytes.len();
        let took = start.elapsed();
        eprintln!(
            "{{\"what\":\"{what}\",\"bytes\":{lines},\"ms\":{:.3}}}",
            took.as_secs_f64() * 1e3
        );
        took
    };
    timed("first", &shelf);
    let cached = (0..100).map(|_| timed("from the cache", &shelf)).max().unwrap();
    assert!(cached < Duration::from_millis(5), "{cached:?}");
    shelf.put("2026-11-21T00:00:00Z", std::iter::once((5, true, EVER.to_owned())));
    let recalled = timed("after a recall", &shelf);
    assert!(recalled < Duration::from_secs(1), "{recalled:?}");
    assert_eq!(shelf.lines(), 99_999);
}
