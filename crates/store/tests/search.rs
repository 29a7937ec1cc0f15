//! Search: what is committed is found, in every script, and nothing that the reader may not see.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

use forewarn_exchange::actor::Actor;
use forewarn_exchange::id::CollectionNumber;
use forewarn_stix::Timestamp;
use forewarn_store::Store;
use forewarn_store::intake::NewIntake;
use forewarn_store::item::{Media, NewItem};
use forewarn_store::search::{Found, Kind, Looked, Query, Search};
use forewarn_store::sight::Sight;
use forewarn_store::stamp::Stamp;
use std::path::Path;
use std::time::{Duration, Instant};

const OPEN: CollectionNumber = CollectionNumber::new(1);
const SECRET: CollectionNumber = CollectionNumber::new(2);

/// Stores items in one transaction, as texts, each with an id of its own.
fn keep(store: &mut Store, collection: CollectionNumber, texts: impl Iterator<Item = String>) {
    let batch = store.begin().unwrap();
    let db = batch.db();
    let first = db.next_seq(1_000_000).unwrap();
    let number = db
        .begin_intake(&NewIntake {
            id: format!("intake-{first}"),
            time: Timestamp::parse("2017-12-15T09:30:00Z").unwrap(),
            actor: Actor::Owner,
            collection,
            source: None,
            grade: None,
            marking: None,
            name: None,
        })
        .unwrap();
    for (seq, text) in (first..).zip(texts) {
        let id = format!("text--{seq}");
        let item =
            NewItem::new((collection, Media::Text), id, Stamp::of(None), 0, text.into_bytes());
        db.keep(seq, number, &item, |_, _| Ok(None)).unwrap();
    }
    batch.commit().unwrap();
}

fn fill(search: &Search, store: &Store) {
    while !search.turn(&store.db()).unwrap().done {}
}

fn find(search: &Search, store: &Store, text: &str, sight: &Sight) -> Found {
    let looked = Looked { kind: Kind::Item, before: None, limit: 20 };
    search.find(&store.db(), &Query::read(text), looked, sight).unwrap()
}

fn words(found: &Found) -> Vec<String> {
    found.hits.iter().map(|hit| hit.excerpt.1.clone()).collect()
}

fn opened(folder: &Path) -> (Store, Search) {
    (Store::open(&folder.join("a.sqlite")).unwrap(), Search::at(&folder.join("search.sqlite")))
}

fn texts<'t>(all: &'t [&str]) -> impl Iterator<Item = String> + 't {
    all.iter().map(|text| (*text).to_owned())
}

#[test]
fn names_are_found_in_every_script_and_by_their_sound_the_newest_first() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, search) = opened(folder.path());
    let all =
        ["Антон ВЕЛИКОВ сказал", "Velikov, again", "我是王伟。", "김정은이 말했다", "الشيخ مُحَمَّد"];
    keep(&mut store, OPEN, texts(&all));
    fill(&search, &store);
    let found = |text: &str| words(&find(&search, &store, text, &Sight::all()));
    assert_eq!(found("velikov"), ["Velikov", "ВЕЛИКОВ"]);
    assert_eq!(found("Великов"), ["Velikov", "ВЕЛИКОВ"]);
    assert_eq!(found("王伟"), ["王伟"]);
    assert_eq!(found("정은"), ["정은"]);
    assert_eq!(found("محمد"), ["مُحَمَّد"]);
    assert_eq!(found("velik again"), Vec::<String>::new(), "only the last word may be a beginning");
    assert_eq!(found("again velik"), ["Velikov"]);
    assert_eq!(found(""), Vec::<String>::new());
}

#[test]
fn what_may_not_be_seen_is_not_there_and_does_not_count() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, search) = opened(folder.path());
    keep(&mut store, OPEN, texts(&["bomb one"]));
    keep(&mut store, SECRET, (0..200).map(|n| format!("bomb secret {n}")));
    fill(&search, &store);
    let sight = Sight::without([SECRET]);
    let found = find(&search, &store, "bomb", &sight);
    assert_eq!((found.hits.len(), found.next), (1, None));
    assert_eq!(find(&search, &store, "secret", &sight).hits.len(), 0);
    let all = find(&search, &store, "bomb", &Sight::all());
    assert_eq!(all.hits.len(), 20);
    let looked = Looked { kind: Kind::Item, before: all.next, limit: 500 };
    let rest = search.find(&store.db(), &Query::read("bomb"), looked, &Sight::all()).unwrap();
    assert_eq!((rest.hits.len(), rest.next), (181, None));
}

#[test]
fn the_file_can_be_lost_broken_or_of_another_database_and_is_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, search) = opened(folder.path());
    keep(&mut store, OPEN, texts(&["alpha"]));
    let found = |search: &Search, store: &Store, text| find(search, store, text, &Sight::all());
    assert_eq!(found(&search, &store, "alpha").hits.len(), 0, "before its first turn");
    fill(&search, &store);
    assert_eq!(found(&search, &store, "alpha").hits.len(), 1);
    let file = folder.path().join("search.sqlite");
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{end}", file.display()));
    }
    let search = Search::at(&file);
    fill(&search, &store);
    assert_eq!(found(&search, &store, "alpha").hits.len(), 1);
    drop(search);
    std::fs::write(&file, "this is no database at all, and longer than a header of one").unwrap();
    let _ = std::fs::remove_file(format!("{}-wal", file.display()));
    let search = Search::at(&file);
    fill(&search, &store);
    assert_eq!(found(&search, &store, "alpha").hits.len(), 1);
}

#[test]
fn what_comes_while_older_things_are_read_is_found_first() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, search) = opened(folder.path());
    keep(&mut store, OPEN, (0..9_000).map(|n| format!("old{n}")));
    let progress = search.turn(&store.db()).unwrap();
    assert!(progress.older_wait && !progress.done);
    keep(&mut store, OPEN, texts(&["fresh"]));
    search.turn(&store.db()).unwrap();
    let found = |text| find(&search, &store, text, &Sight::all()).hits.len();
    assert_eq!((found("fresh"), found("old8999"), found("old0")), (1, 1, 0));
    fill(&search, &store);
    assert_eq!(found("old0"), 1);
}

/// A search by its number.
type Made = fn(u64) -> String;

/// Measures: `cargo nextest run --release -p forewarn-store --run-ignored only -E
/// 'test(a_million_items)' --no-capture`.
#[test]
#[ignore = "takes a minute and a gigabyte"]
fn a_million_items_are_searched_in_milliseconds() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, search) = opened(folder.path());
    let text = |n: u64| {
        let mut x = n.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut word = |most: u64| {
            x = x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            // Few words are frequent, and most are rare, as in any language.
            let r = (x >> 33) % most;
            format!("w{}", r * ((x >> 13) % most) / most)
        };
        let words: Vec<String> = (0..30).map(|_| word(200_000)).collect();
        format!(
            "indicator host{n}.example 198.51.{}.{} {}",
            n / 250 % 250,
            n % 250,
            words.join(" ")
        )
    };
    for part in 0..500 {
        keep(&mut store, OPEN, (0..2_000).map(|n| text(part * 2_000 + n)));
    }
    let begun = Instant::now();
    fill(&search, &store);
    let took = begun.elapsed();
    let size = std::fs::metadata(folder.path().join("search.sqlite")).unwrap().len();
    eprintln!("filled in {took:?}: {:.0} items/s, {} MB", 1e6 / took.as_secs_f64(), size >> 20);
    let queries: [(&str, Made); 6] = [
        ("a host", |n| format!("host{}.example", n * 9_973 % 1_000_000)),
        ("a rare word", |n| format!("w{}", 100_000 + n * 13)),
        ("a frequent word", |n| format!("w{}", n % 7)),
        ("a word of every item", |_| "indicator".to_owned()),
        ("two frequent words", |n| format!("w{} w{}", n % 7, n % 11)),
        ("a beginning", |n| format!("w{}", n % 3_000)),
    ];
    for (what, query) in queries {
        let mut times: Vec<Duration> = (0..200)
            .map(|n| {
                let begun = Instant::now();
                find(&search, &store, &query(n), &Sight::without([SECRET]));
                begun.elapsed()
            })
            .collect();
        times.sort();
        eprintln!("{what}: p50 {:?}, p99 {:?}", times[100], times[197]);
    }
}
