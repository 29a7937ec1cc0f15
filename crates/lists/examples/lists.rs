//! Measures how many rows a second of a core become STIX, for each form of list: `lists bench`. Prints
//! JSON lines, each with the least that is wanted, and ends with 1 where one is below.

#![expect(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a program for the terminal, whose figures are rounded"
)]

use forewarn_lists::out::{About, Entry, Output, write};
use forewarn_lists::{Asked, Columns, Form, Meaning, convert};
use forewarn_stix::Timestamp;
use std::fmt::Write as _;
use std::process::ExitCode;
use std::time::Instant;

const ROWS: usize = 100_000;

/// Most milliseconds of a core for a list of so many lines: it must be another one within a second.
const MOST_MS: f64 = 500.0;

/// Rows a second of a core.
const WANTED: f64 = 100_000.0;

fn row(form: Form, n: usize) -> String {
    let address = format!("198.{}.{}.{}", n / 65_536 % 256, n / 256 % 256, n % 256);
    match form {
        Form::Table => format!(
            "\"2026-11-20 10:00:{:02}\",\"{address}\",\"{}\",\"online\",\"Bad {}\"\n",
            n % 60,
            n % 65_536,
            n % 7,
        ),
        Form::Json => format!(
            "{{\"ioc\":\"host{n}.evil.example\",\"seen\":\"2026-11-20\",\"tags\":[\"a\",\"b\"]}}\n"
        ),
        Form::Hosts => format!("0.0.0.0 host{n}.evil.example\n"),
        Form::Suricata | Form::Snort => format!(
            "alert dns any any -> any any (msg:\"host {n}\"; dns.query; content:\"host{n}.evil.example\"; \
             classtype:trojan-activity; sid:{}; rev:1; metadata:created_at 2026_11_20;)\n",
            n + 1,
        ),
        Form::Lines
        | Form::Sigma
        | Form::Yara
        | Form::OpenIoc
        | Form::Cap
        | Form::Iodef
        | Form::Xarf
        | Form::Arf => {
            format!("host{n}[.]evil[.]example\n")
        }
    }
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

/// Lists of so many entries, written as a node does after a recall.
fn out() -> bool {
    let entries: Vec<Entry> = (0..ROWS)
        .filter_map(|n| {
            let text = format!(
                r#"{{"type":"indicator","pattern":"[domain-name:value = 'host{n}.evil.example']","pattern_type":"stix","modified":"2026-11-20T10:00:00.000Z"}}"#
            );
            Entry::of(text.as_bytes()).ok()
        })
        .collect();
    let mut is_fast = entries.len() == ROWS;
    for output in [Output::Plain, Output::Csv, Output::Hosts, Output::Rpz, Output::Suricata] {
        let before = used();
        let times = 10;
        let about = About { title: "ours", kinds: &[] };
        let mut count = 0;
        for _ in 0..times {
            count = write(output, &about, entries.iter()).count;
        }
        let took = (used() - before) * 1e3 / f64::from(times);
        is_fast &= count == ROWS && took <= MOST_MS;
        println!(
            r#"{{"what":"written as {}","lines":{count},"ms_of_a_core":{took:.0},"most":{MOST_MS}}}"#,
            output.word(),
        );
    }
    is_fast
}

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() != Some("bench") {
        println!("lists bench");
        return ExitCode::from(2);
    }
    let forms = [
        (Form::Table, "first_seen,ip,port,status,malware\n"),
        (Form::Lines, ""),
        (Form::Json, ""),
        (Form::Hosts, ""),
        (Form::Suricata, ""),
    ];
    let mut is_fast = true;
    for (form, header) in forms {
        let mut text = header.to_owned();
        (0..ROWS).for_each(|n| text.push_str(&row(form, n)));
        let dated = Timestamp::epoch();
        let asked = Asked { form, columns: Columns::Guessed, meaning: Meaning::Watched, dated };
        let (start, before) = (Instant::now(), used());
        let (mut times, mut objects, mut bytes) = (0, 0, 0);
        while start.elapsed().as_secs_f64() < 2.0 {
            (objects, bytes) = (0, 0);
            let mut sink = |object: &[u8]| {
                objects += 1;
                bytes += object.len();
            };
            let losses = convert(&mut || Ok(text.as_bytes()), &asked, &mut sink);
            assert!(losses.is_ok_and(|losses| losses.is_empty()), "{form} is converted");
            times += 1;
        }
        let speed = (ROWS * times) as f64 / (used() - before);
        is_fast &= speed >= WANTED;
        let mut line = String::new();
        let _ = write!(
            line,
            r#"{{"what":"{form}","rows":{ROWS},"objects":{objects},"MB_out":{:.0},"a_second_of_a_core":{speed:.0},"wanted":{WANTED}}}"#,
            f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / 1e6,
        );
        println!("{line}");
    }
    is_fast &= out();
    if is_fast { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
