//! Measures how many attributes a second become STIX, beside misp-stix in the same run, and how much
//! memory a long event takes: `misp bench PYTHON`. Prints JSON lines.

#![expect(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a program for the terminal, whose figures are rounded"
)]

use std::fmt::Write as _;
use std::io::{Cursor, Read};
use std::process::Command;
use std::time::Instant;

/// An attribute of one of some types that are frequent, as a server writes it.
fn attribute(n: usize) -> String {
    let (kind, category, value) = match n % 6 {
        0 => ("domain", "Network activity", format!("host{n}.evil.example")),
        1 => (
            "ip-dst",
            "Network activity",
            format!("198.{}.{}.{}", n / 65536 % 256, n / 256 % 256, n % 256),
        ),
        2 => ("sha256", "Payload delivery", format!("{n:064x}")),
        3 => ("url", "Network activity", format!("https://host{n}.evil.example/a?b={n}")),
        4 => ("filename|md5", "Payload delivery", format!("a{n}.exe|{n:032x}")),
        _ => ("text", "Other", format!("some words, number {n}")),
    };
    format!(
        r#"{{"id":"{n}","event_id":"42","object_id":"0","object_relation":null,"category":"{category}","type":"{kind}","to_ids":{},"uuid":"00000000-0000-4000-8000-{n:012x}","timestamp":"1603642920","distribution":"5","sharing_group_id":"0","comment":"","deleted":false,"disable_correlation":false,"first_seen":null,"last_seen":null,"value":"{value}","Tag":[]}}"#,
        n.is_multiple_of(2),
    )
}

const HEAD: &str = r#"{"Event":{"id":"42","info":"long","uuid":"11111111-1111-4111-8111-111111111111","date":"2020-10-25","timestamp":"1603642920","published":true,"publish_timestamp":"1603642920","distribution":"3","Orgc":{"id":"1","name":"Them","uuid":"a0c22599-9e58-4da4-96ac-7051603fa951"},"Attribute":["#;
const TAIL: &str = r#"],"Tag":[{"name":"tlp:green"}]}}"#;

/// An event of so many attributes, written as it is read.
struct Long {
    next: usize,
    until: usize,
    block: Cursor<Vec<u8>>,
}

impl Long {
    fn of(count: usize) -> Long {
        Long { next: 0, until: count, block: Cursor::new(HEAD.as_bytes().to_vec()) }
    }
}

impl Read for Long {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let got = self.block.read(into)?;
        if got > 0 || self.next > self.until {
            return Ok(got);
        }
        let mut text = String::new();
        if self.next == self.until {
            text.push_str(TAIL);
            self.next += 1;
        } else {
            let end = (self.next + 100).min(self.until);
            for n in self.next..end {
                let comma = if n == 0 { "" } else { "," };
                let _ = write!(text, "{comma}{}", attribute(n));
            }
            self.next = end;
        }
        self.block = Cursor::new(text.into_bytes());
        self.block.read(into)
    }
}

/// The most memory that this process has had, in MB.
fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    let kilobytes: f64 =
        line.split_whitespace().nth(1).and_then(|text| text.parse().ok()).unwrap_or(0.0);
    kilobytes / 1024.0
}

/// The seconds of the processor that this process has used.
fn used() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let rest = text.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks = |n: usize| -> f64 {
        rest.split_whitespace().nth(n).and_then(|text| text.parse().ok()).unwrap_or(0.0)
    };
    // In hundredths, as Linux counts them on every machine of today.
    (ticks(11) + ticks(12)) / 100.0
}

const THEIRS: &str = "
import json, sys, time, logging
logging.disable(logging.CRITICAL)
from misp_stix_converter import MISPtoSTIX21Parser
event = json.load(open(sys.argv[1]))
start = time.process_time()
parser = MISPtoSTIX21Parser()
parser.parse_misp_event(event)
text = parser.bundle.serialize()
print(time.process_time() - start)
";

fn main() {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().unwrap_or_default() != "bench" {
        println!("misp bench PYTHON");
        return;
    }
    // First, so that nothing else has used memory before.
    long();
    let text = few();
    let ours = speed(&text);
    if let Some(python) = arguments.next() {
        beside(&python, &text, ours);
    }
}

/// How many attributes are converted to see how fast that goes.
const FEW: usize = 5_000;

fn few() -> String {
    let mut text = String::new();
    let _ = Long::of(FEW).read_to_string(&mut text);
    text
}

/// A long event: memory.
fn long() {
    let count = 520_000;
    let (mut objects, mut bytes) = (0_u64, 0_u64);
    let start = Instant::now();
    let mut sink = |object: serde_json::Value| {
        objects += 1;
        bytes += object.to_string().len() as u64;
    };
    let losses = forewarn_misp::convert(&mut || Ok(Long::of(count)), &mut sink);
    let seconds = start.elapsed().as_secs_f64();
    let length =
        HEAD.len() + TAIL.len() + (0..count).map(|n| attribute(n).len() + 1).sum::<usize>();
    println!(
        r#"{{"what":"a long event","attributes":{count},"MB":{:.0},"objects":{objects},"MB_out":{:.0},"peak_MB":{:.0},"seconds":{seconds:.1},"is_whole":{}}}"#,
        length as f64 / 1e6,
        bytes as f64 / 1e6,
        peak(),
        losses.is_ok_and(|losses| losses.is_empty()),
    );
}

/// Attributes a second of a core.
fn speed(text: &str) -> f64 {
    let (start, before) = (Instant::now(), used());
    let mut times = 0;
    while start.elapsed().as_secs_f64() < 3.0 {
        let losses = forewarn_misp::convert(&mut || Ok(text.as_bytes()), &mut |_| {});
        assert!(losses.is_ok_and(|losses| losses.is_empty()), "is converted");
        times += 1;
    }
    // Of the processor's time: others may use the machine as well.
    let ours = (FEW * times) as f64 / (used() - before);
    println!(r#"{{"what":"forewarn","attributes":{FEW},"a_second_of_a_core":{ours:.0}}}"#);
    ours
}

/// The same by misp-stix.
fn beside(python: &str, text: &str, ours: f64) {
    let path = std::env::temp_dir().join(format!("misp-bench-{}.json", std::process::id()));
    if std::fs::write(&path, text).is_err() {
        return;
    }
    let output = Command::new(python).args(["-c", THEIRS]).arg(&path).output();
    let _ = std::fs::remove_file(&path);
    let told = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let seconds: f64 = told.unwrap_or_default().trim().parse().unwrap_or(f64::NAN);
    let theirs = FEW as f64 / seconds;
    println!(
        r#"{{"what":"misp-stix","attributes":{FEW},"a_second_of_a_core":{theirs:.0},"ours_is":{:.0}}}"#,
        ours / theirs
    );
}
