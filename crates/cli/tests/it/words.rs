//! What people read: help, the demo, commands that need no node.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

use std::process::{Command, Output};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(PROGRAM);
    for name in ["FOREWARN_HOME", "FOREWARN_USER", "FOREWARN_URL", "FOREWARN_TOKEN"] {
        command.env_remove(name);
    }
    command.args(arguments).current_dir(std::env::temp_dir()).output().unwrap()
}

fn words(output: &Output) -> String {
    String::from_utf8([output.stdout.clone(), output.stderr.clone()].concat()).unwrap()
}

#[test]
fn help_tells_every_command() {
    insta::assert_snapshot!(words(&run(&["--help"])));
}

#[test]
fn help_of_the_commands_with_most_options() {
    let mut all = String::new();
    for command in [&["case", "--help"][..], &["warning", "--help"], &["interest", "add", "--help"]]
    {
        all = format!("{all}{}\n", words(&run(command)));
    }
    insta::assert_snapshot!(all);
}

#[test]
fn a_wrong_call_ends_with_2_and_no_node_with_3() {
    assert_eq!(run(&["case", "decide", "1", "perhaps"]).status.code(), Some(2));
    let lost = run(&["case", "list"]);
    assert_eq!(lost.status.code(), Some(2));
    assert!(words(&lost).contains("name the node's folder with --home"));
    let silent = run(&["case", "list", "--home", "/nonexistent"]);
    assert_eq!(silent.status.code(), Some(3));
    assert!(words(&silent).contains("start it with `forewarn serve`"));
}

/// Each was taken, or refused in words that led nowhere.
#[test]
fn what_cannot_be_meant_is_refused_before_anything_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("policy.cedar").display().to_string();
    std::fs::write(&file, "permit(").unwrap();
    let gone = folder.path().join("gone.cedar").display().to_string();
    let interest = ["interest", "add", "--home", "/nonexistent", "--partner", "east.example"];
    let interest =
        [&interest[..], &["--label", "x", "--words", "drone", "--concern", "30"]].concat();
    for (call, told) in [
        (&["migrate", "--check", "--home", &file][..], "is no folder of a node"),
        (&["policy", "check", &file], "line 1"),
        (&["policy", "check", &gone], "cannot be read"),
        (&interest, "--concern counts for countries and places, and none is named"),
    ] {
        let refused = run(call);
        assert_eq!(refused.status.code(), Some(1), "{call:?}");
        let refused = words(&refused);
        assert!(refused.contains(told) && !refused.contains("policy.files"), "{refused}");
    }
}

/// Each row of the table gives a command that ends so.
#[test]
fn exit_statuses_are_those_that_are_documented() {
    let document = include_str!("../../../../docs/operating/configuration.md");
    let table = document.split("## Exit status").nth(1).and_then(|rest| rest.split("##").next());
    let mut statuses = Vec::new();
    for row in table.unwrap().lines().filter(|line| line.starts_with('|')) {
        let mut cells = row.trim_matches('|').split('|').map(str::trim);
        let Some(status) = cells.next().and_then(|cell| cell.parse::<i32>().ok()) else { continue };
        let command = cells.nth(1).unwrap().trim_matches('`').strip_prefix("forewarn ").unwrap();
        let words: Vec<&str> = command.split(' ').collect();
        assert_eq!(run(&words).status.code(), Some(status), "{command}");
        statuses.push(status);
    }
    assert_eq!(statuses, [0, 1, 2, 3]);
}

#[test]
fn the_demo_tells_every_step_and_ends_well() {
    let output = run(&["demo", "--exit"]);
    let told = words(&output);
    assert!(output.status.success(), "{told}");
    for step in [
        "1. They become partners",
        "2. Something comes in",
        "3. It concerns the partner",
        "4. The gate",
        "5. It crosses, and is answered",
        "6. Thanks",
        "7. Both hold the same",
        "8. A node is killed in the middle of a delivery",
        "the withheld name “Anton Velikov” stands here",
        "`ana` wrote this draft and may not release it",
        "it reached HERON-7",
        "PROVEN: 7 entries",
        "NOT PROVEN. entry",
        "gets SIGKILL",
        "east.example has it once",
    ] {
        assert!(told.contains(step), "{step} is not told:\n{told}");
    }
}

#[test]
fn the_demo_takes_any_other_item() {
    let folder = tempfile::tempdir().unwrap();
    let item = folder.path().join("note.txt");
    std::fs::write(&item, "Nothing here is about anyone's interests.").unwrap();
    let output = run(&["demo", "--exit", "--item", &item.display().to_string()]);
    let told = words(&output);
    assert!(output.status.success(), "{told}");
    assert!(told.contains("ana opens a case by hand"), "{told}");
}

#[test]
fn a_text_is_read_without_a_node() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lines.jsonl");
    let text = "Bogota, 3 May. Gunmen attacked the embassy of Spain in Bogota on Monday and killed two guards, \
                police in the Colombian capital said. The attackers' server is 203.0.113[.]18.";
    let line = serde_json::json!({ "id": "a", "text": text });
    std::fs::write(&path, format!("{line}\n")).unwrap();
    let output = run(&["extract", "--jsonl", &path.display().to_string()]);
    insta::assert_snapshot!(words(&output));
}

#[test]
fn a_report_becomes_stix_that_is_the_same_each_time_and_says_where_things_stood() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.display().to_string()
    };
    let bundle = || {
        let text = "Norway's intelligence helped thwart an attack in Nampula on Monday, police said. The attackers' \
             server was c2[.]evil.example at 203.0.113[.]18, with the file \
             0cc175b9c0f1b6a831c399e269772661 dropped through CVE-2021-44228, which they exploited.";
        let mail = format!(
            "From: Ana <a@b.example>\r\nTo: c@d.example\r\nSubject: Plot\r\nMIME-Version: 1.0\r\n\
             Date: Fri, 15 Dec 2017 09:30:00 +0100\r\nContent-Type: text/plain\r\n\r\n{text}\r\n"
        );
        run(&["extract", "--stix", &file("stix.eml", mail.as_bytes())])
    };
    let made = bundle();
    assert!(made.stdout == bundle().stdout, "the same report gives the same objects");
    let stix: serde_json::Value = serde_json::from_slice(&made.stdout).unwrap();
    let validated = run(&["stix", "validate", "--json", &file("bundle.json", &made.stdout)]);
    let wrong: Vec<serde_json::Value> = String::from_utf8(validated.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .filter(|line: &serde_json::Value| !line["valid"].as_bool().unwrap())
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    let objects = stix["objects"].as_array().unwrap();
    let kinds: Vec<&str> = objects.iter().map(|one| one["type"].as_str().unwrap()).collect();
    for kind in [
        "report",
        "location",
        "identity",
        "incident",
        "indicator",
        "relationship",
        "domain-name",
        "ipv4-addr",
    ] {
        assert!(kinds.contains(&kind), "{kind} of {kinds:?}");
    }
    let report = &objects[0];
    assert_eq!(report["created"], "2017-12-15T08:30:00.000000Z");
    assert_eq!(report["object_refs"].as_array().unwrap().len(), objects.len() - 1);
    let findings = report["extensions"].as_object().unwrap().values().next().unwrap();
    assert_eq!(findings["stage"], "thwarted");
    let description = report["description"].as_str().unwrap();
    let threatened =
        findings["findings"].as_array().unwrap().iter().find(|one| one["role"] == "threatened");
    let at = |key: &str| usize::try_from(threatened.unwrap()[key].as_u64().unwrap()).unwrap();
    assert_eq!(description.get(at("start")..at("end")), Some("Nampula"));
}

#[test]
fn a_document_is_read_without_a_node_and_says_where_each_part_stood() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.display().to_string()
    };
    let mail = "From: a@b.example\r\nTo: c@d.example\r\nSubject: Plot\r\nMIME-Version: 1.0\r\n\
                Content-Type: text/html; charset=utf-8\r\n\r\n<html><body><nav>Home</nav><p>Gunmen plan to \
                attack the market of Nampula on Monday, police said.</p></body></html>\r\n";
    let output = run(&["extract", "--json", &file("plot.eml", mail.as_bytes())]);
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told["countries"], serde_json::json!(["MZ"]), "{told}");
    let document = &told["document"];
    assert_eq!((&document["kind"], &document["title"]), (&"an e-mail".into(), &"Plot".into()));
    let roles: Vec<&serde_json::Value> =
        document["parts"].as_array().unwrap().iter().map(|part| &part["role"]).collect();
    assert_eq!(roles, ["body", "around", "body"]);

    let shown = run(&["extract", "--colour", "always", &file("plot.eml", mail.as_bytes())]);
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert!(shown.contains("\u{1b}[1;4;31mNampula\u{1b}[0m on Monday"), "{shown}");
    let plain = words(&run(&["extract", &file("plot.eml", mail.as_bytes())]));
    assert!(plain.contains("threatened: Nampula (MZ)") && plain.contains("[body]"), "{plain}");
    assert!(!plain.contains('\u{1b}'), "{plain}");

    // In the encoding of Windows: "Взрыв в Махачкале: двое погибли."
    let cyrillic =
        b"\xc2\xe7\xf0\xfb\xe2 \xe2 \xcc\xe0\xf5\xe0\xf7\xea\xe0\xeb\xe5: \xe4\xe2\xee\xe5 \
                     \xef\xee\xe3\xe8\xe1\xeb\xe8.";
    let output = run(&["extract", &file("note", cyrillic)]);
    assert!(words(&output).contains("RU"), "{}", words(&output));

    let output = run(&["extract", &file("plan.txt", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")]);
    assert_eq!(output.status.code(), Some(1));
    assert!(words(&output).contains("Office before 2007, which is not read"), "{}", words(&output));
}

/// What an operator reports with a fault, and what is compared before an upgrade.
#[test]
fn the_program_says_what_it_is_made_from() {
    let said = run(&["version", "--json"]);
    let said: serde_json::Value = serde_json::from_slice(&said.stdout).unwrap();
    assert_eq!(said["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(said["wire"], "1");
    assert!(said["rustc"].as_str().unwrap().starts_with("rustc 1."), "{said}");
    assert!(said["schema"].as_u64().unwrap() >= 20, "{said}");
    if let Some(commit) = said["commit"].as_str() {
        assert!(commit.len() == 40 && commit.chars().all(|c| c.is_ascii_hexdigit()), "{commit}");
    }
    assert!(words(&run(&["version"])).contains("database of format"));
}

#[test]
fn every_library_and_all_data_of_others_come_with_their_licence() {
    let said = run(&["licences", "--json", "--texts"]);
    let lines = String::from_utf8(said.stdout).unwrap();
    let lines: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let lock = include_str!("../../../../Cargo.lock");
    let named = |name: &str| lines.iter().find(|line| line["name"] == name);
    for name in ["forewarn", "tokio", "rusqlite", "libsqlite3-sys", "ring", "regex"] {
        let line = named(name).unwrap_or_else(|| panic!("{name} is not there"));
        assert!(!line["texts"].as_array().unwrap().is_empty(), "{name} has no text");
    }
    // Only tests have it.
    assert!(lock.contains("name = \"insta\"") && named("insta").is_none());
    for line in lines.iter().filter(|line| line["name"].is_string()) {
        let has = !line["licence"].is_null() || !line["texts"].as_array().unwrap().is_empty();
        assert!(has, "{} has neither a licence nor a text", line["name"]);
    }
    let data: Vec<&str> = lines.iter().filter_map(|line| line["terms"].as_str()).collect();
    for words in ["geonames.org", "Kevin Atkinson", "OpenCC", "Django"] {
        assert!(data.iter().any(|terms| terms.contains(words)), "{words}");
    }
    assert!(words(&run(&["licences"])).contains("libraries are compiled into it"));
}
