//! Random histories of a collection, held against a naive model: what is there, in which order, by
//! which filters, page by page; with ids that enter their index meanwhile, and the file opened
//! anew.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first thing that is not as it should be"
)]

use forewarn_exchange::actor::Actor;
use forewarn_exchange::id::CollectionNumber;
use forewarn_stix::Timestamp;
use forewarn_stix::time::Moment;
use forewarn_store::Store;
use forewarn_store::intake::{NewIntake, Part};
use forewarn_store::item::{Kept, Media, NewItem};
use forewarn_store::page::is_wanted;
use forewarn_store::stamp::Stamp;
use forewarn_taxii::filter::{Cursor, Filter, VersionFilter};
use proptest::prelude::*;
use std::path::Path;

const fn number_of(collection: i64) -> CollectionNumber {
    CollectionNumber::new(collection)
}

fn intake() -> NewIntake {
    NewIntake {
        id: "1".into(),
        time: Timestamp::parse("2017-12-15T09:30:00Z").unwrap(),
        actor: Actor::Owner,
        collection: number_of(1),
        source: None,
        grade: None,
        marking: None,
        name: None,
    }
}

const TYPES: [&str; 3] = ["indicator", "malware", "ipv4-addr"];
/// Few enough that every history lets ids settle.
const WAITING: usize = 4;

#[derive(Debug, Clone)]
enum Step {
    /// Object, version (0: none of its own), content.
    Keep(usize, i64, u8),
    Delete(usize, VersionFilter),
    Reopen,
}

/// What the model holds of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    seq: i64,
    collection: i64,
    object: usize,
    version: i64,
    content: u8,
}

#[derive(Debug, Default)]
struct Model {
    /// In the order of `seq`.
    entries: Vec<Entry>,
    last: i64,
}

fn id(object: usize) -> String {
    format!("{}--8e2e2d2b-17d4-4cbf-938f-{:012x}", TYPES[object % TYPES.len()], object)
}

fn stamp(micros: i64) -> Stamp {
    Stamp::of(Timestamp::from_micros(micros).filter(|_| micros != 0).as_ref())
}

impl Model {
    fn of(&self, collection: i64, object: usize) -> Vec<Entry> {
        let mut all: Vec<Entry> = self.entries.clone();
        all.retain(|one| one.collection == collection && one.object == object);
        all.sort_by_key(|one| one.version);
        all
    }

    /// The version as it is chosen by: newest, oldest, its time.
    fn version(&self, one: &Entry) -> forewarn_store::item::Version {
        let all = self.of(one.collection, one.object);
        forewarn_store::item::Version {
            is_newest: all.last() == Some(one),
            is_oldest: all.first() == Some(one),
            time: Moment::from_micros(if one.version == 0 { one.seq } else { one.version }),
        }
    }

    fn keep(&mut self, collection: i64, step: (usize, i64, u8)) -> Kept {
        let (object, version, content) = step;
        let known = self.of(collection, object).into_iter().find(|one| one.version == version);
        if let Some(known) = known {
            return if known.content == content { Kept::Known(known.seq) } else { Kept::Differs };
        }
        self.last += 1;
        self.entries.push(Entry { seq: self.last, collection, object, version, content });
        Kept::Added(self.last)
    }

    fn delete(&mut self, collection: i64, object: usize, wanted: &VersionFilter) -> usize {
        let before = self.of(collection, object);
        let flags = |model: &Model, one: &Entry| {
            let version = model.version(one);
            (version.is_newest, version.is_oldest)
        };
        let was: Vec<_> = before.iter().map(|one| flags(self, one)).collect();
        let gone: Vec<bool> =
            before.iter().map(|one| is_wanted(wanted, &self.version(one))).collect();
        for (one, gone) in before.iter().zip(&gone) {
            if *gone {
                self.entries.retain(|known| known != one);
            }
        }
        for ((one, gone), was) in before.iter().zip(&gone).zip(was) {
            if !gone && flags(self, one) != was {
                self.last += 1;
                self.entries.retain(|known| known != one);
                self.entries.push(Entry { seq: self.last, ..one.clone() });
            }
        }
        gone.iter().filter(|gone| **gone).count()
    }

    fn find(&self, collection: i64, filter: &Filter) -> Vec<&Entry> {
        let fits = |one: &&Entry| {
            one.collection == collection
                && one.seq > filter.after.0
                && (filter.ids.is_empty() || filter.ids.contains(&id(one.object)))
                && (filter.types.is_empty()
                    || filter.types.iter().any(|kind| kind == TYPES[one.object % TYPES.len()]))
                && is_wanted(&filter.versions, &self.version(one))
        };
        self.entries.iter().filter(fits).collect()
    }
}

fn open(path: &Path) -> Store {
    Store::open_settling(path, WAITING).unwrap()
}

fn apply(store: &mut Store, model: &mut Model, collection: i64, step: &Step) {
    let batch = store.begin().unwrap();
    let db = batch.db();
    let next = db.next_seq(0).unwrap();
    assert_eq!(next, model.last + 1);
    match step {
        Step::Keep(object, version, content) => {
            let bytes = vec![b'0' + content];
            let item = NewItem::new(
                (number_of(collection), Media::Stix),
                id(*object),
                stamp(*version),
                0,
                bytes,
            );
            let number = db.begin_intake(&intake()).unwrap();
            let kept = db.keep(next, number, &item, |_, _| Ok(None)).unwrap();
            assert_eq!(kept, model.keep(collection, (*object, *version, *content)), "{step:?}");
            db.add_part(number, &Part { first: 1, last: 0, known: &[], refused: 0 }).unwrap();
        }
        Step::Delete(object, wanted) => {
            let choose = |version: &_| is_wanted(wanted, version);
            let deleted =
                db.delete_versions(number_of(collection), &id(*object), choose, next).unwrap();
            assert_eq!(deleted, model.delete(collection, *object, wanted), "{step:?}");
        }
        Step::Reopen => {}
    }
    batch.commit().unwrap();
}

/// Every page of a filter, walked to the end, is what the model says.
fn compare(store: &Store, model: &Model, collection: i64, filter: &Filter) {
    let wanted = model.find(collection, filter);
    let (mut walked, mut listed) = (Vec::new(), Vec::new());
    let readers = store.readers();
    let mut at = filter.clone();
    loop {
        let (page, (lines, place)) = readers
            .read(|db| -> Result<_, forewarn_store::StoreError> {
                Ok((db.page(number_of(collection), &at)?, db.manifest(number_of(collection), &at)?))
            })
            .unwrap();
        assert_eq!(page.place, place);
        assert!(page.count <= usize::try_from(filter.limit).unwrap());
        walked.extend(page.objects.into_iter().filter(|byte| *byte != b','));
        listed.extend(lines.into_iter().map(|line| (line.added, line.id, line.version)));
        match place.next {
            Some(next) => at.after = Cursor(next),
            None => break,
        }
    }
    let bytes: Vec<u8> = wanted.iter().map(|one| b'0' + one.content).collect();
    assert_eq!(walked, bytes, "{filter:?}\n{model:?}");
    let lines: Vec<_> = wanted
        .iter()
        .map(|one| (one.seq, id(one.object), stamp(one.version).text(one.seq)))
        .collect();
    assert_eq!(listed, lines, "{filter:?}");
}

fn versions() -> impl Strategy<Value = VersionFilter> {
    let times = prop::collection::vec((1i64..6).prop_map(Moment::from_micros), 0..3);
    (any::<bool>(), any::<bool>(), prop::bool::weighted(0.2), times).prop_map(
        |(last, first, all, times)| VersionFilter {
            last: last || (!first && !all && times.is_empty()),
            first,
            all,
            times,
        },
    )
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (0usize..9, 1i64..6, 0u8..2).prop_map(|(object, version, content)| {
            // Observables have no version of their own.
            let version = if TYPES[object % TYPES.len()] == "ipv4-addr" { 0 } else { version };
            Step::Keep(object, version, content)
        }),
        2 => (0usize..9, versions()).prop_map(|(object, wanted)| Step::Delete(object, wanted)),
        1 => Just(Step::Reopen),
    ]
}

fn filter() -> impl Strategy<Value = Filter> {
    let kinds = prop::sample::subsequence(TYPES.to_vec(), 0..=2);
    let objects = prop::collection::vec(0usize..10, 0..3);
    (0i64..40, 1u32..5, kinds, objects, versions()).prop_map(
        |(after, limit, kinds, objects, versions)| Filter {
            after: Cursor(if after < 20 { 0 } else { after - 20 }),
            limit,
            ids: objects.into_iter().map(id).collect(),
            types: kinds.into_iter().map(str::to_owned).collect(),
            versions,
            wants_stix_2_1: true,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn pages_and_manifests_are_what_a_naive_model_says(
        steps in prop::collection::vec((1i64..3, step()), 1..40),
        filters in prop::collection::vec(filter(), 6),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f.sqlite");
        let (mut store, mut model) = (open(&path), Model::default());
        for (n, (collection, step)) in steps.iter().enumerate() {
            if matches!(step, Step::Reopen) {
                drop(store);
                store = open(&path);
            }
            apply(&mut store, &mut model, *collection, step);
            compare(&store, &model, *collection, &filters[n % filters.len()]);
        }
        for filter in &filters {
            compare(&store, &model, 1, filter);
            compare(&store, &model, 2, filter);
        }
    }
}
