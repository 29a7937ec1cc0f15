//! What benchmarks tell: JSON lines, and what they were measured on.

use serde_json::{Value, json};
use std::io::Write as _;
use std::time::{Duration, Instant};

const FSYNCS: u32 = 300;

/// Prints one line.
#[expect(clippy::print_stdout, reason = "the figures are the output")]
pub fn tell(value: &Value) {
    println!("{value}");
}

/// What this is measured on.
pub fn machine() -> Value {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let cpu = model.map_or("unknown", |(_, name)| name);
    json!({ "machine": { "cpu": cpu, "cores": cores, "os": std::env::consts::OS } })
}

/// The greatest memory that a running process has held, in KiB; 0 when it has ended.
pub fn peak_memory_kib(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// Processor time that this process has taken so far, of itself and the kernel for it.
pub fn own_cpu() -> std::time::Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let (_, rest) = stat.rsplit_once(") ").unwrap();
    let fields: Vec<i64> = rest.split(' ').filter_map(|field| field.parse().ok()).collect();
    // utime and stime, in ticks of a hundredth of a second (proc(5)); the first field is a letter.
    let ticks: i64 = fields.iter().skip(10).take(2).sum();
    std::time::Duration::from_millis(u64::try_from(ticks * 10).unwrap())
}

/// The limit of whatever is durable: how fast this disk syncs 4 kB appended to a file.
pub fn fsync_limit() {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    let mut times = Vec::new();
    for _ in 0..FSYNCS {
        let start = Instant::now();
        file.write_all(&[7; 4096]).expect("a write");
        file.as_file().sync_data().expect("a sync");
        times.push(start.elapsed());
    }
    tell(
        &json!({ "limit": "write 4 kB and fdatasync", "p50_ms": at(&mut times, 50), "p99_ms": at(&mut times, 99) }),
    );
}

/// The percentile, in milliseconds to the hundredth.
#[expect(clippy::cast_precision_loss, reason = "milliseconds of a test fit")]
pub fn at(times: &mut [Duration], percent: usize) -> f64 {
    times.sort_unstable();
    let place = (times.len() * percent / 100).min(times.len().saturating_sub(1));
    let micros = times.get(place).map_or(0, Duration::as_micros);
    (micros / 10) as f64 / 100.0
}

/// So many a second.
pub fn rate(count: u64, spent: Duration) -> u64 {
    let micros = u64::try_from(spent.as_micros()).unwrap_or(u64::MAX).max(1);
    count.saturating_mul(1_000_000) / micros
}
