//! Signals: what ends the program takes along what it has started, and a terminal that goes away does
//! not end a node.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

use forewarn_testkit::{Node, until};
use rustix::process::{Pid, Signal, kill_process};
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Command, Stdio};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

fn pid(id: u32) -> Pid {
    Pid::from_raw(i32::try_from(id).unwrap()).unwrap()
}

/// Processes of ours whose command line names this folder.
fn processes_of(folder: &Path) -> Vec<u32> {
    let folder = folder.display().to_string();
    let ids = std::fs::read_dir("/proc").unwrap().flatten();
    let ids = ids.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    ids.filter(|id| {
        let line = std::fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&line).contains(&folder)
    })
    .collect()
}

/// The nodes of a demo that was ended by SIGTERM once went on for ever, with its ports.
#[test]
fn the_demo_takes_its_nodes_along_whatever_ends_it() {
    for (signal, at_step) in
        [(Signal::TERM, "2."), (Signal::HUP, "3."), (Signal::INT, "go on until")]
    {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("demo");
        let mut demo = Command::new(PROGRAM)
            .args(["demo", "--dir"])
            .arg(&dir)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut told = BufReader::new(demo.stdout.take().unwrap()).lines();
        assert!(told.any(|line| line.unwrap().contains(at_step)), "{at_step}");
        assert!(processes_of(&dir).len() >= 3, "the demo and two nodes");
        kill_process(pid(demo.id()), signal).unwrap();
        told.for_each(drop);
        let ended = demo.wait().unwrap();
        let mut words = String::new();
        demo.stderr.take().unwrap().read_to_string(&mut words).unwrap();
        // Cut short, or ended in its own time.
        let expected = if signal == Signal::INT { Some(0) } else { Some(3) };
        assert_eq!(ended.code(), expected, "{words}");
        // Signers end a moment after their nodes.
        until("its processes to end", || processes_of(&dir).is_empty().then_some(()));
    }
}

#[test]
fn a_node_outlives_its_terminal_and_says_what_it_does_when_it_stops() {
    let mut node = Node::start_new(PROGRAM, "west.example");
    node.hang_up();
    until("a word", || {
        node.logged().contains("SIGHUP: the configuration was read again").then_some(())
    });
    assert_eq!(node.connect().ask("GET", "/healthz", &[], b"").status, 200);
    node.stop();
    let logged = node.logged();
    assert!(logged.contains("SIGTERM: stopping; nothing new is taken"), "{logged}");
    assert!(logged.contains("stopped: what was acknowledged is on the disk"), "{logged}");
}
