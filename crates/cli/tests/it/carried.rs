//! Files that are carried: as large as they may be, and no files at all.

#![expect(clippy::unwrap_used, reason = "test helpers fail by panic")]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

/// Runs a command with so much memory and no more.
fn within(kib: u32, arguments: &str) -> Output {
    let line = format!("ulimit -v {kib}; exec {PROGRAM} {arguments}");
    Command::new("sh").args(["-c", &line]).output().unwrap()
}

fn written(folder: &Path, name: &str, head: &str, part: &str, tail: &str) -> String {
    let path = folder.join(name);
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
    file.write_all(head.as_bytes()).unwrap();
    for _ in 0..(48 << 20) / part.len() {
        file.write_all(part.as_bytes()).unwrap();
    }
    file.write_all(tail.as_bytes()).unwrap();
    path.display().to_string()
}

/// A transcript of 48 MB once took 2.4 GB to be refused.
#[test]
fn a_file_takes_no_more_memory_than_a_few_times_its_size() {
    let folder = tempfile::tempdir().unwrap();
    let transcript = r#"{"format":"forewarn-transcript/1","genesis":"x","logs":[{"log":"x","#;
    let evidence = r#"{"checkpoints":[],"entries":["#;
    let files = [
        written(
            folder.path(),
            "empty.json",
            &format!("{transcript}\"entries\":["),
            "{\"leaf\":\"\"},",
            "1]}]}",
        ),
        written(
            folder.path(),
            "hashes.json",
            &format!("{transcript}\"entries\":[],\"hashes\":["),
            "[],",
            "1]}]}",
        ),
        written(
            folder.path(),
            "logs.json",
            "{\"format\":\"forewarn-transcript/1\",\"logs\":[",
            "{},",
            "{}]}",
        ),
        written(
            folder.path(),
            "evidence.json",
            evidence,
            "[[]],",
            "1],\"format\":\"forewarn-evidence/2\"}",
        ),
        written(folder.path(), "nothing.json", "[", "{},", "{}]"),
    ];
    for file in files {
        let output = within(320 << 10, &format!("verify {file}"));
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{file}: {words}");
        assert!(words.contains("NOT PROVEN"), "{file}: {words}");
    }
}

/// A command that was given a pipe waited for ever, and one that was given a device read on.
#[test]
fn a_pipe_a_device_and_a_folder_are_not_files() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe").display().to_string();
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let here = folder.path().display().to_string();
    for command in [
        "verify",
        "stix validate",
        "stix canonical",
        "extract",
        "convert --to stix",
        "channel reconcile --files",
    ] {
        for (path, what) in [
            (pipe.as_str(), "a pipe (FIFO)"),
            ("/dev/zero", "a device"),
            ("/dev/null", "a device"),
            (here.as_str(), "a folder"),
        ] {
            let second = if command.contains("--files") { path } else { "" };
            let arguments = format!("{command} {path} {second}");
            let output = within(1 << 20, &arguments);
            let words = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(words.contains(&format!("is {what}, not a file")), "{arguments}: {words}");
        }
    }
}
