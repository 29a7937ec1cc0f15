//! Figures for Prometheus, as OpenMetrics text, made anew for whoever asks.
//!
//! What is counted is read from the state, or is what the writer has counted since the start; its
//! help says which. No label names a partner, unless `[metrics] partners` says so.

mod commits;
mod machine;
mod times;

use crate::clock;
use crate::needs;
use crate::node::Node;
use commits::Commits;
use forewarn_engine::Failure;
use forewarn_store::figures::Figures;
use forewarn_store::sight::Sight;
use forewarn_store::{Db, StoreError};
use prometheus_client::encoding::EncodeMetric;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};
use std::collections::BTreeMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use times::Times;

/// For so long the same figures are given: whoever asks more often costs nothing.
const FRESH: Duration = Duration::from_secs(1);

/// The type of the text.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What is kept from one question to the next.
#[derive(Debug, Default)]
pub struct Metrics {
    kept: Arc<Mutex<Kept>>,
    given: tokio::sync::Mutex<Option<(Instant, Arc<str>)>>,
}

#[derive(Debug, Default)]
struct Kept {
    times: Times,
    /// Items counted, and the newest of them.
    items: (u64, i64),
}

/// Names and values of labels.
type Labels = Vec<(&'static str, String)>;
type Gauges = Family<Labels, Gauge<f64, AtomicU64>>;

/// What is read from the database in one snapshot.
struct Read {
    figures: Figures,
    items: u64,
    is_caught_up: bool,
    logs: Vec<Log>,
    needs: BTreeMap<(&'static str, String), (u64, u64)>,
    feeds: (u64, u64),
    partners: u64,
}

struct Log {
    partner: String,
    ours: bool,
    size: u64,
    receipted: u64,
}

impl Node {
    /// All figures, as OpenMetrics text.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn metrics(&self) -> Result<Arc<str>, Failure> {
        let mut given = self.metrics.given.lock().await;
        if let Some((at, text)) = &*given
            && at.elapsed() < FRESH
        {
            return Ok(text.clone());
        }
        let (kept, sources) = (self.metrics.kept.clone(), self.sources());
        let read = self.state.read(move |db| {
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            read(&db, &sources, &mut kept)
        });
        let read = read.await?;
        let backup = self.newest_backup().await;
        let home = self.home.clone();
        let machine = tokio::task::spawn_blocking(move || machine::Machine::look(&home)).await;
        let machine = machine.map_err(|why| Failure::Store(why.to_string()))?;
        let mut registry = Registry::with_prefix("forewarn");
        build(&mut registry);
        self.of_state(&mut registry, &read);
        self.of_parts(&mut registry);
        of_writer(&mut registry, self);
        of_apart(&mut registry, self);
        of_backup(&mut registry, backup);
        {
            let kept = self.metrics.kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.times.register(&mut registry);
            let cases = kept.times.stages().into_iter();
            let cases = cases.map(|((status, stage), count)| {
                (vec![("status", status.to_owned()), ("stage", stage)], count)
            });
            gauges(&mut registry, ("cases", "Cases by where they stand"), cases);
        }
        machine.register(&mut registry);
        let mut text = String::new();
        encode(&mut text, &registry).map_err(|why| Failure::Store(why.to_string()))?;
        let text: Arc<str> = text.into();
        *given = Some((Instant::now(), text.clone()));
        Ok(text)
    }

    fn of_state(&self, registry: &mut Registry, read: &Read) {
        let Figures { journal, intakes, quarantined, matches, cases, warnings, .. } = read.figures;
        let Figures { deliveries, deliveries_waiting, contradictions, .. } = read.figures;
        counter(registry, ("journal_commands", "Commands of the journal"), journal);
        counter(registry, ("intakes", "POSTs, files and polls that were taken in"), intakes);
        counter(registry, ("items", "Items that were taken in"), read.items);
        counter(
            registry,
            ("quarantined", "Objects that were refused on their way in"),
            quarantined,
        );
        counter(registry, ("matches", "Items that met an interest"), matches);
        counter(registry, ("cases_opened", "Cases that were opened"), cases);
        counter(registry, ("warnings_received", "Warnings that partners sent"), warnings);
        counter(registry, ("notices", "Messages to our people that were decided"), deliveries);
        gauge(
            registry,
            ("notices_waiting", "Messages to our people that are to be sent"),
            deliveries_waiting,
        );
        gauge(registry, ("contradictions", "Proofs that a log was written twice"), contradictions);
        gauge(registry, ("partners", "Partners that are confirmed"), read.partners);
        gauge(registry, ("feeds", "Feeds that are polled or pushed to"), read.feeds.0);
        gauge(registry, ("feeds_failing", "Feeds of which the last try failed"), read.feeds.1);
        let up = i64::from(read.is_caught_up);
        gauge(registry, ("times_caught_up", "1 when all of the history is in the histograms"), up);
        let split = |overdue: bool| {
            read.needs.iter().map(move |((status, kind), (all, late))| {
                let labels = vec![("status", (*status).to_owned()), ("kind", kind.clone())];
                (labels, if overdue { *late } else { *all })
            })
        };
        gauges(registry, ("needs", "What waits for somebody, by kind"), split(false));
        gauges(registry, ("needs_overdue", "What waits for somebody and is overdue"), split(true));
        self.of_logs(registry, &read.logs);
    }

    /// The logs with partners: together, or each by name where that is configured.
    fn of_logs(&self, registry: &mut Registry, logs: &[Log]) {
        let named = self.config().metrics.partners;
        let mut sums: [BTreeMap<Labels, u64>; 3] = Default::default();
        let [written, received, waiting] = &mut sums;
        for log in logs {
            let labels = || if named { vec![("partner", log.partner.clone())] } else { Vec::new() };
            let sum = if log.ours { &mut *written } else { &mut *received };
            *sum.entry(labels()).or_default() += log.size;
            if log.ours {
                *waiting.entry(labels()).or_default() += log.size.saturating_sub(log.receipted);
            }
        }
        let helps = [
            ("entries_written", "Entries of our logs"),
            ("entries_received", "Entries of partners' logs that are here"),
            ("entries_waiting", "Entries of our logs that no receipt covers yet"),
        ];
        for (named, sum) in helps.into_iter().zip(sums) {
            gauges(registry, named, sum);
        }
        let failing = self.channels.tries.all();
        let count = failing.len() as u64;
        gauge(registry, ("partners_failing", "Partners to which the last try failed"), count);
        if named {
            let each =
                failing.into_iter().map(|(name, _)| (vec![("partner", name.to_string())], 1));
            gauges(
                registry,
                ("partner_failing", "1 for a partner to which the last try failed"),
                each,
            );
        }
        let copies = self.channels.copies().len() as u64;
        gauge(
            registry,
            ("copies_seen", "Partners to which another copy of this node has written"),
            copies,
        );
    }

    fn of_parts(&self, registry: &mut Registry) {
        let all = self.watch.followers();
        let each = |figure: fn(&crate::watch::Follower) -> u64| {
            let rows =
                all.iter().map(move |one| (vec![("follower", one.name.clone())], figure(one)));
            rows.collect::<Vec<_>>()
        };
        let running = each(|one| u64::from(one.running));
        gauges(registry, ("follower_running", "1 for a part of the node that runs"), running);
        let restarts = each(|one| one.restarts);
        gauges(
            registry,
            ("follower_restarts", "How often a part of the node was started again"),
            restarts,
        );
        let behind = each(|one| one.behind.unsigned_abs());
        gauges(
            registry,
            ("follower_behind", "Commands of the journal that a part has not seen"),
            behind,
        );
    }
}

fn read(db: &Db<'_>, sources: &needs::Sources, kept: &mut Kept) -> Result<Read, Failure> {
    let (more, newest) = db.items_since(kept.items.1)?;
    kept.items = (kept.items.0 + more, newest);
    let now = clock::now();
    let mut waiting: BTreeMap<_, (u64, u64)> = BTreeMap::new();
    for one in needs::read((db, sources), &Sight::all(), &now, |_| true)?.waiting {
        let [(_, status)] = times::label(one.need.status);
        let kind = serde_json::to_value(one.need.kind).ok();
        let kind = kind.as_ref().and_then(|kind| kind.as_str()).unwrap_or("other").to_owned();
        let (all, late) = waiting.entry((status, kind)).or_default();
        *all += 1;
        *late += u64::from(one.need.state(&now) == forewarn_exchange::need::State::Overdue);
    }
    let feeds = db.feeds()?;
    let failing =
        feeds.iter().filter(|feed| sources.fares.of(&feed.name).trouble.is_some()).count();
    let confirmed = |one: &forewarn_exchange::partner::Partner| {
        matches!(one.standing, forewarn_exchange::partner::Standing::Confirmed { .. })
    };
    Ok(Read {
        figures: db.figures()?,
        items: kept.items.0,
        is_caught_up: kept.times.read(db)?,
        logs: logs(db)?,
        needs: waiting,
        feeds: (feeds.len() as u64, failing as u64),
        partners: db.partners()?.into_iter().filter(confirmed).count() as u64,
    })
}

fn logs(db: &Db<'_>) -> Result<Vec<Log>, StoreError> {
    let log = |log: forewarn_store::log::LogRow| {
        let receipted = db.newest_receipt(&log)?.map_or(0, |(size, _)| size);
        Ok(Log { partner: log.partner, ours: log.ours, size: log.size, receipted })
    };
    db.logs()?.into_iter().map(log).collect()
}

fn build(registry: &mut Registry) {
    let labels = vec![
        ("version", env!("CARGO_PKG_VERSION").to_owned()),
        ("schema", forewarn_store::schema_version().to_string()),
    ];
    registry.register("build", "Which program runs", Info::new(labels));
}

fn of_writer(registry: &mut Registry, node: &Node) {
    let measured = node.state.engine().measured();
    counter(registry, ("writer_commands", "Commands since the start"), measured.commands);
    counter(
        registry,
        ("writer_refused", "Commands that were refused since the start"),
        measured.refused,
    );
    counter(
        registry,
        ("writer_turned_away", "Commands since the start for which there was no room"),
        measured.busy,
    );
    counter(
        registry,
        ("writer_failed", "Transactions since the start of which nothing was applied"),
        measured.failed,
    );
    registry.register_with_unit(
        "writer_commit",
        "Time of commits since the start, fsync included; each has up to 256 commands",
        Unit::Seconds,
        Commits(measured),
    );
    let waiting = [("urgent", measured.urgent_waiting), ("bulk", measured.bulk_waiting)];
    let waiting = waiting.map(|(lane, count)| (vec![("lane", lane.to_owned())], count as u64));
    gauges(registry, ("queue", "Commands that wait for the writer"), waiting);
    let running = u64::from(node.state.engine().is_running());
    gauge(registry, ("writer_running", "1 while the writer takes commands"), running);
}

/// A journal apart: whether this node writes to it, and how near it is.
fn of_apart(registry: &mut Registry, node: &Node) {
    let Some(fares) = node.state.engine().journal() else { return };
    let (writes, troubled) = (u64::from(fares.writes()), u64::from(fares.trouble.is_some()));
    gauge(registry, ("apart_writes", "1 while this node writes to the journal apart"), writes);
    gauge(
        registry,
        ("apart_behind", "Commands of the journal apart that are not applied here"),
        fares.behind(),
    );
    gauge(registry, ("apart_troubled", "1 while the journal apart does not answer"), troubled);
    gauge(
        registry,
        ("apart_waiting", "Groups of commands of this node that are not known to be held"),
        fares.waiting as u64,
    );
}

fn of_backup(registry: &mut Registry, backup: Option<(Option<forewarn_stix::Timestamp>, bool)>) {
    let Some((made, late)) = backup else { return };
    let late = u64::from(late);
    gauge(registry, ("backup_late", "1 when backups are not made as configured"), late);
    if let Some(made) = made {
        let at = clock::seconds(&made);
        let help = "When the newest backup was made, in seconds since 1970";
        registry.register_with_unit("backup_made", help, Unit::Seconds, Fixed::gauge(at));
    }
}

/// A value that was read.
#[derive(Debug)]
enum Fixed {
    Counter(ConstCounter<u64>),
    Gauge(ConstGauge<i64>),
}

impl Fixed {
    fn gauge(value: u64) -> Fixed {
        Fixed::Gauge(ConstGauge::new(i64::try_from(value).unwrap_or(i64::MAX)))
    }
}

impl EncodeMetric for Fixed {
    fn encode(
        &self,
        encoder: prometheus_client::encoding::MetricEncoder<'_>,
    ) -> Result<(), std::fmt::Error> {
        match self {
            Fixed::Counter(one) => one.encode(encoder),
            Fixed::Gauge(one) => one.encode(encoder),
        }
    }

    fn metric_type(&self) -> MetricType {
        match self {
            Fixed::Counter(one) => one.metric_type(),
            Fixed::Gauge(one) => one.metric_type(),
        }
    }
}

fn counter(registry: &mut Registry, (name, help): (&str, &str), value: impl TryInto<u64>) {
    let value = value.try_into().unwrap_or(0);
    registry.register(name, help, Fixed::Counter(ConstCounter::new(value)));
}

fn gauge(registry: &mut Registry, (name, help): (&str, &str), value: impl TryInto<u64>) {
    registry.register(name, help, Fixed::gauge(value.try_into().unwrap_or(0)));
}

fn gauges(
    registry: &mut Registry,
    (name, help): (&str, &str),
    rows: impl IntoIterator<Item = (Labels, u64)>,
) {
    let family = Gauges::default();
    for (labels, value) in rows {
        #[expect(clippy::cast_precision_loss, reason = "exact up to 2^53")]
        family.get_or_create(&labels).set(value as f64);
    }
    registry.register(name, help, family);
}
