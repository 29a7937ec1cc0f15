//! What benchmarks tell: JSON lines, and what they were measured on.

use serde_json::{Value, json};

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
