//! What `doctor` finds, and that each finding says what to do.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

use forewarn_testkit::Node;
use serde_json::Value;
use std::path::Path;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

/// Everything that was looked at; what is wrong has a fix.
fn doctor(node: &Node) -> Vec<Value> {
    let output = node.run(&["doctor", "--json"]);
    let lines = String::from_utf8(output.stdout).unwrap();
    let all: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let wrong = all.iter().filter(|one| one["good"] == false).count();
    assert_eq!(output.status.code(), Some(i32::from(wrong > 0)));
    for one in &all {
        let has_fix = one["fix"].as_str().is_some_and(|fix| !fix.is_empty());
        assert!(one["good"] == true || has_fix, "without a fix: {one}");
    }
    all
}

fn found<'a>(all: &'a [Value], check: &str) -> &'a Value {
    all.iter().find(|one| one["check"] == check).unwrap_or_else(|| unreachable!("no {check}"))
}

fn wrong(all: &[Value], check: &str, words: &str) {
    let one = found(all, check);
    assert!(one["good"] == false && one["words"].as_str().unwrap().contains(words), "{one}");
}

#[test]
fn a_node_that_is_well_is_told_so_thing_by_thing() {
    let node = Node::start_new(PROGRAM, "west.example");
    let all = doctor(&node);
    let names: Vec<&str> = all.iter().map(|one| one["check"].as_str().unwrap()).collect();
    let expected = [
        "configuration",
        "key",
        "clock",
        "documents",
        "files",
        "disk",
        "database",
        "transcripts",
        "signer",
        "contradictions",
        "notifiers",
        "backup",
    ];
    assert_eq!(names, expected);
    assert!(all.iter().all(|one| one["good"] == true), "{all:?}");
    assert!(node.good(&["doctor"]).contains("good   notifiers: none: nobody is told"));
}

/// A certificate that ends on this day.
fn certificate(home: &Path, (year, month, day): (i32, u8, u8)) {
    let mut params = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    params.not_after = rcgen::date_time_ymd(year, month, day);
    let key = rcgen::KeyPair::generate().unwrap();
    let made = params.self_signed(&key).unwrap();
    std::fs::write(home.join("tls.pem"), made.pem()).unwrap();
    std::fs::write(home.join("tls.key"), key.serialize_pem()).unwrap();
}

#[test]
fn a_certificate_is_found_before_it_ends_and_after() {
    let mut node = Node::start_new(PROGRAM, "west.example");
    node.stop();
    node.configure("[tls]\ncertificate = \"tls.pem\"\nkey = \"tls.key\"\n");
    certificate(&node.home(), (2020, 1, 2));
    wrong(&doctor(&node), "tls", "it ends at 2020-01-02T00:00:00");
    wrong(&doctor(&node), "tls", "nobody trusts it");
    let soon = forewarn_node::clock::now().plus_minutes(5 * 24 * 60);
    let part = |from: usize, to: usize| soon.as_str().get(from..to).unwrap().parse::<u8>().unwrap();
    let year = soon.as_str().get(..4).unwrap().parse().unwrap();
    certificate(&node.home(), (year, part(5, 7), part(8, 10)));
    wrong(&doctor(&node), "tls", "within 14 days");
    certificate(&node.home(), (2999, 12, 31));
    let all = doctor(&node);
    assert!(found(&all, "tls")["words"].as_str().unwrap().contains("it ends at 2999-12-31"));
    std::fs::write(node.home().join("tls.pem"), "no certificate").unwrap();
    wrong(&doctor(&node), "tls", "cannot be used");
}

#[test]
fn a_clock_that_was_set_back_is_found() {
    let mut node = Node::start_new(PROGRAM, "west.example");
    node.stop();
    let database = rusqlite::Connection::open(node.home().join("forewarn.sqlite")).unwrap();
    let sql = "UPDATE journal SET time = '2099-01-01T00:00:00.000000Z' \
               WHERE idx = (SELECT max(idx) FROM journal)";
    assert_eq!(database.execute(sql, []).unwrap(), 1);
    drop(database);
    wrong(&doctor(&node), "clock", "showed 2099-01-01");
}

#[test]
fn what_tells_people_and_a_signer_that_runs_apart_are_looked_for() {
    let mut node = Node::start_new(PROGRAM, "west.example");
    node.stop();
    node.configure(
        "[signer]\nsocket = \"apart.sock\"\n\
         [[notifier]]\nname = \"page\"\nkind = \"command\"\ncommand = [\"/nonexistent/page\"]\n\
         [[notifier]]\nname = \"hook\"\nkind = \"webhook\"\nurl = \"https://hooks.example/x\"\n\
         secret_file = \"hook.secret\"\n\
         [[notifier]]\nname = \"log\"\nkind = \"syslog\"\nsocket = \"/nonexistent/log\"\n",
    );
    let all = doctor(&node);
    for words in ["`/nonexistent/page` is not there", "`hook`:", "the socket `/nonexistent/log`"] {
        wrong(&all, "notifiers", words);
    }
    wrong(&all, "signer's socket", "does not answer");
}

#[test]
fn a_secret_may_be_a_credential_of_the_service() {
    let mut node = Node::start_new(PROGRAM, "west.example");
    node.stop();
    node.configure(
        "[[notifier]]\nname = \"hook\"\nkind = \"webhook\"\nurl = \"https://hooks.example/x\"\n\
         secret_file = \"hook.secret\"\n",
    );
    let given = node.file("given");
    std::fs::create_dir(&given).unwrap();
    std::fs::write(given.join("hook.secret"), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n").unwrap();
    let doctor = |credentials: Option<&std::path::Path>| {
        let mut command = std::process::Command::new(PROGRAM);
        command.args(["doctor", "--home"]).arg(node.home());
        if let Some(folder) = credentials {
            command.env("CREDENTIALS_DIRECTORY", folder);
        }
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    let without = doctor(None);
    assert!(without.contains("hook.secret` cannot be used"), "{without}");
    let with = doctor(Some(&given));
    assert!(with.contains("good   notifiers: 1 of them"), "{with}");
}
