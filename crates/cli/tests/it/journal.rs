//! Nodes whose journal is on PostgreSQL, by the real program and a real server.

use forewarn_testkit::{Node, Pair, Postgres, Trio, pause, until};
use serde_json::{Value, json};
use std::time::Duration;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

fn apart(node: &Node, key: &str) -> Value {
    let status = node.get("/api/v1/status");
    status.pointer(&format!("/apart/{key}")).cloned().unwrap_or_default()
}

/// Whether a node says that it writes, or that it reads; nothing while it begins anew.
fn writes(node: &Node) -> Option<bool> {
    let said = node.run(&["status"]);
    let words = String::from_utf8_lossy(&said.stdout).into_owned();
    let is_well = said.status.success() && words.contains("the journal is on a server");
    is_well.then(|| !words.contains("this node reads"))
}

fn case_of(node: &Node, number: &str) -> Value {
    node.get(&format!("/api/v1/cases/{number}"))
}

/// What a node says that does not start.
fn not_started(node: &Node) -> String {
    let ended = node.run(&["serve"]);
    assert!(!ended.status.success());
    String::from_utf8_lossy(&ended.stderr).into_owned()
}

fn arrived(pair: &Pair, title: &str) -> usize {
    let full = format!("EXERCISE: {title}");
    pair.titles().into_iter().filter(|known| *known == full).count()
}

/// The story of a warning, beside a partner that has its own journal; and whatever is killed.
#[test]
fn a_warning_is_told_once_from_a_node_on_postgresql_whose_server_and_process_are_killed() {
    let mut plain = Postgres::start(&[]);
    let west = Node::start_on(PROGRAM, "west.example", &plain.url());
    let mut pair = Pair::of(west, Node::start_new(PROGRAM, "east.example"));
    for (round, title) in ["First", "Second", "Third"].into_iter().enumerate() {
        let case = pair.released(title);
        match round {
            1 => {
                plain.kill();
                until("that the journal is missed", || {
                    apart(&pair.west, "trouble").as_str().map(drop)
                });
                let ready = || pair.west.connect().ask("GET", "/readyz", &[], b"").status;
                until("that it is not ready", || (ready() == 503).then_some(()));
                // Reading goes on, and says so.
                assert!(pair.west.good(&["status"]).contains("THE JOURNAL DOES NOT ANSWER"));
                assert!(case_of(&pair.west, &case).is_object());
                assert!(!pair.west.run(&["doctor"]).status.success());
                plain.go();
                until("the journal", || apart(&pair.west, "trouble").is_null().then_some(()));
            }
            2 => {
                pair.west.kill();
                pair.west.start();
            }
            _ => {}
        }
        pair.receipted(&case);
        assert_eq!(arrived(&pair, title), 1);
    }
    pair.equal();
    let index = pair.west.get("/api/v1/status").pointer("/journal").and_then(Value::as_i64);
    assert_eq!(apart(&pair.west, "held").as_i64(), index);
    assert_eq!(plain.sql("SELECT size FROM fw_head").parse::<i64>().ok(), index);
    // What is said in clear nowhere stands in the table in clear.
    let found = "SELECT count(*) FROM fw_batch WHERE position('Velikov'::bytea IN body) > 0";
    assert_eq!(plain.sql(found), "0");
    let doctor = pair.west.good(&["doctor"]);
    assert!(doctor.contains("commands on the server, 0 of them not applied"), "{doctor}");
    for part in ["writes since 2", "waits for no replica; west.example has applied"] {
        assert!(doctor.contains(part), "{part}: {doctor}");
    }
}

/// A first node with a partner, and a second one over the same journal, of a copy of its folder; `more` is
/// what its `[journal]` says besides its name.
fn beside(mut first: Node, more: &str) -> (Pair, Node) {
    first.stop();
    first.copy_home("second");
    first.start();
    let pair = Pair::of(first, Node::start_new(PROGRAM, "east.example"));
    let mut second = pair.west.prepare_copy("second");
    second.configure(&format!("[journal]\nnode = \"second\"\n{more}"));
    second.start();
    (pair, second)
}

/// Another machine: a copy of the folder from the first day, and the journal.
#[test]
fn a_second_node_follows_until_it_is_told_to_take_over_and_then_the_first_one_follows() {
    let plain = Postgres::start(&[]);
    let west = Node::start_on(PROGRAM, "west.example", &plain.url());
    let (pair, mut second) = beside(west, "");
    let case = pair.released("Before");
    pair.receipted(&case);
    // It applies what the first one does, and shows it; it changes nothing, and says who does.
    until("the second node's copy", || {
        (case_of(&second, &case).pointer("/delivered/0") == Some(&Value::Bool(true))).then_some(())
    });
    assert!(second.good(&["status"]).contains("this node reads, and http://127.0.0.1:"));
    assert_eq!(second.connect().ask("GET", "/readyz", &[], b"").status, 200);
    let path = second.write("item.txt", "A report that the second node takes in.");
    let refused = second.run(&["--as", "ana", "intake", &path]);
    assert!(!refused.status.success());
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("ask the node that writes, at http://127.0.0.1:"), "{said}");
    // Whoever shows what he was answered sees his own act there, however soon he asks.
    for round in 0..10 {
        let act =
            json!({ "do": "user-add", "name": format!("reader-{round}"), "roles": ["reader"] });
        let body = json!({ "act": act }).to_string();
        let (mut west, act) = (pair.west.connect_local(), [("forewarn-as", "nora")]);
        let done = west.ask("POST", "/api/v1/acts", &act, body.as_bytes());
        assert_eq!(done.status, 200, "{}", done.text());
        let place = done.header("forewarn-place").unwrap();
        let shown = [("forewarn-place", place)];
        let seen = second.connect_local().ask("GET", "/api/v1/users", &shown, b"");
        assert!(seen.text().contains(&format!("reader-{round}")), "{}", seen.text());
        // It is no number that says how much came in.
        assert!(place.len() > 40, "{place}");
    }
    let stranger = [("forewarn-place", "AAAA")];
    assert_eq!(second.connect_local().ask("GET", "/api/v1/users", &stranger, b"").status, 400);
    // A start of it changes nothing of that.
    second.stop();
    second.start();
    assert!(second.good(&["status"]).contains("this node reads"));
    second.stop();
    second.take_over();
    until("that it writes", || writes(&second).filter(|writes| *writes));
    let items = |node: &Node| node.get("/api/v1/items");
    let before = items(&second);
    second.by("ana", &["intake", &path]);
    assert_ne!(items(&second), before);
    // The first one begins anew as the one that follows, and applies what the other does.
    until("that the first node reads", || writes(&pair.west).filter(|writes| !writes));
    let late = pair.west.write("late.txt", "A report that comes too late.");
    assert!(!pair.west.run(&["--as", "ana", "intake", &late]).status.success());
    let list = |node: &Node| node.run(&["item", "list"]).stdout;
    until("the other's item", || (list(&pair.west) == list(&second)).then_some(()));
}

#[test]
fn a_folder_is_not_opened_with_another_journal_than_its_own() {
    let plain = Postgres::start(&[]);
    let mut west = Node::start_on(PROGRAM, "west.example", &plain.url());
    west.stop();
    let path = west.home().join("forewarn.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, after) = text.split_once("[journal]").unwrap();
    let rest = after.split_once("\n[").map_or("", |(_, rest)| rest);
    std::fs::write(&path, format!("{before}[{rest}")).unwrap();
    let said = not_started(&west);
    assert!(said.contains("put [journal] back"), "{said}");
    std::fs::write(&path, text).unwrap();
    std::fs::remove_file(west.home().join("journal.key")).unwrap();
    let said = not_started(&west);
    assert!(said.contains("copy it from another node"), "{said}");
}

#[test]
fn an_address_that_cannot_be_used_is_told_before_a_folder_is_made_and_by_config_check() {
    let node = Node::start_new(PROGRAM, "west.example");
    let folder = node.file("other");
    let at = folder.display().to_string();
    let init = |url: &str| {
        let init = ["init", &at, "--name", "n.example", "--organisation", "N"];
        node.refused(&[&init[..], &["--url", "http://127.0.0.1:1", "--journal", url]].concat())
    };
    assert!(init("postgres://u:p@db/x").contains("has a password in it"));
    assert!(init("postgres://u@db.example/x").contains("sslmode=require"));
    assert!(!folder.exists());
    let path = node.home().join("forewarn.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let section = "\n[journal]\nurl = \"postgres://u@db.example/x\"\nnode = \"w-1\"\n";
    std::fs::write(&path, format!("{text}{section}")).unwrap();
    assert!(node.refused(&["config", "check"]).contains("sslmode=require"));
}

/// Nobody has to do anything: the node that stands by sees that the other is silent.
#[test]
fn a_node_that_stands_by_goes_on_when_the_writer_is_silent_and_that_one_follows_when_it_wakes() {
    let plain = Postgres::start(&[]);
    let west = Node::start_on(PROGRAM, "west.example", &plain.url());
    let (mut pair, mut second) = beside(west, "stands_by = true\n");
    let before = pair.released("Before");
    pair.receipted(&before);
    // It gives signs while nothing is to be done: nobody takes its place.
    pause(Duration::from_secs(13));
    assert_eq!(apart(&second, "writes"), Value::Bool(false));
    pair.west.freeze();
    std::mem::swap(&mut pair.west, &mut second);
    let first = second;
    until("that the second node writes", || writes(&pair.west).filter(|writes| *writes));
    assert_eq!(case_of(&pair.west, &before).pointer("/delivered/0"), Some(&Value::Bool(true)));
    // What it tells the partner goes on where the first one was.
    let after = pair.released("After");
    pair.receipted(&after);
    assert_eq!((arrived(&pair, "Before"), arrived(&pair, "After")), (1, 1));
    first.thaw();
    until("that the first node reads", || writes(&first).filter(|writes| !writes));
    until("the second warning at the first node", || {
        first.run(&["case", "show", &after]).status.success().then_some(())
    });
}

/// A primary with two replicas, and a node that stands by: both that are at work die in the middle of a
/// warning.
#[test]
fn a_primary_and_a_node_die_in_the_middle_of_a_warning_and_nothing_is_lost_or_told_twice() {
    let mut trio = Trio::start();
    let west = Node::start_on_all(PROGRAM, "west.example", &trio.url());
    let (mut pair, mut second) = beside(west, "stands_by = true\n");
    let first = pair.released("First");
    trio.fail_over();
    pair.receipted(&first);
    // One replica is left, and it is waited for.
    let doctor = pair.west.good(&["doctor"]);
    assert!(doctor.contains("waits for ANY 1 (member_"), "{doctor}");
    let next = pair.released("Next");
    pair.west.kill();
    std::mem::swap(&mut pair.west, &mut second);
    until("that the second node writes", || writes(&pair.west).filter(|writes| *writes));
    pair.receipted(&next);
    let last = pair.released("Last");
    pair.receipted(&last);
    for title in ["First", "Next", "Last"] {
        assert_eq!(arrived(&pair, title), 1, "{title}");
    }
    let index = pair.west.get("/api/v1/status").pointer("/journal").and_then(Value::as_i64);
    assert_eq!(trio.sql("SELECT size FROM fw_head").parse::<i64>().ok(), index);
}

/// With the node stopped: to servers, and back; whatever does not go well leaves the folder as it was.
#[test]
fn a_journal_is_moved_to_servers_and_back_with_all_that_was_done() {
    let mut plain = Postgres::start(&[]);
    let mut pair = Pair::start(PROGRAM);
    let first = pair.released("First");
    pair.receipted(&first);
    let url = plain.url();
    let to = ["journal", "move", "--to", &url, "--without-replicas"];
    assert!(pair.west.refused(&to).contains("runs already"));
    pair.west.stop();
    plain.kill();
    pair.west.refused(&to);
    // Nothing came of it: the node works as before.
    pair.west.start();
    pair.west.stop();
    plain.go();
    let said = pair.west.good(&to);
    assert!(said.contains("commands before stay in this database"), "{said}");
    assert!(pair.west.refused(&to).contains("follows a journal on servers already"));
    pair.west.start();
    assert!(pair.west.good(&["status"]).contains("the journal is on a server"));
    let second = pair.released("Second");
    pair.receipted(&second);
    pair.west.stop();
    pair.west.copy_home("copy");
    let back = ["journal", "move", "--to-database"];
    let said = pair.west.good(&back);
    assert!(said.contains("in the node's own database again"), "{said}");
    assert!(pair.west.refused(&back).contains("already; nothing was changed"));
    // A copy of before learns that nothing more comes from the servers.
    let copy = pair.west.prepare_copy("copy");
    assert!(copy.run(&["doctor"]).stdout.len() > 100);
    assert_eq!(plain.sql("SELECT version FROM fw_head"), "0");
    pair.west.start();
    let third = pair.released("Third");
    pair.receipted(&third);
    for title in ["First", "Second", "Third"] {
        assert_eq!(arrived(&pair, title), 1, "{title}");
    }
    pair.equal();
    pair.west.stop();
    assert!(pair.west.refused(&to).contains("has a journal already"));
}

/// A sealed backup, and the file of the key that opens it.
fn sealed(node: &Node) -> (String, String) {
    let file = |name: &str| node.file(name).display().to_string();
    let (backup, key) = (file("a.age"), file("backup.key"));
    let public = node.json(&["backup", "key", &key]).remove(0);
    let public = public.pointer("/recipient").and_then(Value::as_str).unwrap_or_default();
    node.good(&["backup", &backup, "--recipients", public]);
    (backup, key)
}

/// What a backup and all nodes have goes from the servers; whoever has less begins with the backup.
#[test]
fn a_journal_is_shortened_behind_a_backup_once_every_node_has_come_so_far() {
    let plain = Postgres::start(&[]);
    let west = Node::start_on(PROGRAM, "west.example", &plain.url());
    let (mut pair, mut second) = beside(west, "");
    let released = |pair: &Pair, title: &str| {
        let case = pair.released(title);
        pair.receipted(&case);
        case
    };
    released(&pair, "First");
    second.stop();
    released(&pair, "Second");
    let file = |node: &Node, name: &str| node.file(name).display().to_string();
    let (backup, key) = sealed(&pair.west);
    let shorten = ["journal", "shorten", "--behind", &backup, "--identity", &key];
    // A node that is away would miss it; one that lives is not forgotten.
    let said = pair.west.refused(&shorten);
    assert!(
        said.contains("`second` has applied") && said.contains("journal forget second"),
        "{said}"
    );
    assert!(pair.west.refused(&["journal", "forget", "second"]).contains("within the last minute"));
    let before = plain.sql("SELECT count(*) FROM fw_batch");
    second.start();
    until("that the second node has all of it", || {
        pair.west.run(&shorten).status.success().then_some(())
    });
    let left = plain.sql("SELECT count(*) FROM fw_batch");
    assert!(
        left.parse::<i64>().unwrap() * 2 < before.parse::<i64>().unwrap(),
        "{left} of {before}"
    );
    let said = pair.west.good(&shorten);
    assert!(
        said.contains("0 batches are deleted; the journal on the servers begins at "),
        "{said}"
    );
    // Everything goes on, after a start too.
    let third = released(&pair, "Third");
    pair.west.stop();
    pair.west.start();
    second.stop();
    second.start();
    let fourth = released(&pair, "Fourth");
    for case in [&third, &fourth] {
        until("the case at the second node", || {
            second.run(&["case", "show", case]).status.success().then_some(())
        });
    }
    pair.equal();
    // A folder of the first day lacks what is gone, and says so; one that is restored has it.
    let old = pair.west.prepare_copy("second");
    old.configure("[journal]\nnode = \"old\"\n");
    let mut old = old;
    old.start();
    let status = || String::from_utf8_lossy(&old.run(&["status"]).stdout).into_owned();
    until("what it says", || status().contains("restore a newer backup").then_some(()));
    let folder = file(&pair.west, "restored");
    pair.west.good(&["restore", &backup, &folder, "--identity", &key]);
    let mut new = pair.west.prepare_copy("restored");
    new.configure("[journal]\nnode = \"new\"\n");
    new.start();
    until("the last case at the new node", || {
        new.run(&["case", "show", &fourth]).status.success().then_some(())
    });
    // One that is gone for good is waited for no more; a backup of a node without servers is told.
    old.stop();
    plain.sql("UPDATE fw_node SET seen = now() - interval '2 min' WHERE name = 'old'");
    pair.west.run(&["journal", "forget", "old"]);
    assert_eq!(plain.sql("SELECT count(*) FROM fw_node WHERE name = 'old'"), "0");
    let other = file(&pair.east, "b.tar");
    pair.east.good(&["backup", &other, "--unsealed"]);
    let said = pair.west.refused(&["journal", "shorten", "--behind", &other]);
    assert!(said.contains("in the node's own database: make a new one"), "{said}");
}

/// Nothing that was begun is in the way of doing it again.
#[test]
fn making_a_journal_goes_on_where_it_was_broken_off() {
    let mut plain = Postgres::start(&[]);
    let node = Node::start_new(PROGRAM, "west.example");
    let folder = node.file("other");
    let (at, url) = (folder.display().to_string(), plain.url());
    let init = ["init", &at, "--name", "n.example", "--organisation", "N", "--url"];
    let init = [&init[..], &["http://127.0.0.1:1", "--journal", &url]].concat();
    let init = [&init[..], &["--journal-without-replicas"]].concat();
    plain.kill();
    let said = node.refused(&init);
    assert!(said.contains("give the same command again"), "{said}");
    assert!(folder.join("forewarn.toml").exists());
    plain.go();
    node.good(&init);
    assert_eq!(plain.sql("SELECT size FROM fw_head"), "0");
    // Done once more, before it ever ran, it is the same; another folder has to have another journal.
    node.good(&init);
    let second = node.file("second").display().to_string();
    let other: Vec<&str> =
        init.iter().map(|one| if *one == at { second.as_str() } else { one }).collect();
    assert!(node.refused(&other).contains("has a journal already"));
    assert!(node.refused(&init[..8]).contains("holds a node already"));
}

/// Whoever has the backup alone comes to the servers: their password and authorities are in it, when it
/// is sealed.
#[test]
fn what_the_folder_has_of_the_servers_is_in_a_sealed_backup() {
    let plain = Postgres::start(&[]);
    let mut west = Node::start_on(PROGRAM, "west.example", &plain.url());
    west.stop();
    let path = west.home().join("forewarn.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let files = "[journal]\npassword_file = \"db.password\"\nauthorities = \"db-ca.pem\"\n";
    std::fs::write(&path, text.replacen("[journal]\n", files, 1)).unwrap();
    let certificate = rcgen::generate_simple_self_signed(["db".to_owned()]).unwrap().cert;
    std::fs::write(west.home().join("db-ca.pem"), certificate.pem()).unwrap();
    // An empty one is not taken for a password.
    std::fs::write(west.home().join("db.password"), "\n").unwrap();
    let said = not_started(&west);
    assert!(said.contains("db.password` cannot be used"), "{said}");
    std::fs::write(west.home().join("db.password"), "a password\n").unwrap();
    west.start();
    let file = |name: &str| west.file(name).display().to_string();
    let key = west.json(&["backup", "key", &file("backup.key")]).remove(0);
    let public = key.pointer("/recipient").and_then(Value::as_str).unwrap();
    let said = west.good(&["backup", &file("open.tar"), "--unsealed"]);
    assert!(said.contains("not in it: db.password: it is a secret"), "{said}");
    let made = west.json(&["backup", &file("sealed.age"), "--recipients", public]).remove(0);
    let files = made.pointer("/manifest/files").unwrap().to_string();
    for name in ["db.password", "db-ca.pem", "journal.key"] {
        assert!(files.contains(name), "{name}: {files}");
    }
}

/// Whoever reads, shows or follows state does not know where its order comes from.
/// What was put on record by a reload stays, whichever node's file says otherwise.
#[test]
fn a_node_that_takes_over_keeps_the_rules_that_are_on_record_until_its_file_is_read_again() {
    let plain = Postgres::start(&[]);
    let mut west = Node::start_on(PROGRAM, "west.example", &plain.url());
    west.stop();
    west.copy_home("second");
    west.start();
    let mut second = west.prepare_copy("second");
    second.configure("[journal]\nnode = \"second\"\n");
    second.start();
    west.configure("[release]\ntwo_approvers = \"amber\"\n");
    west.by("nora", &["config", "reload"]);
    let of = |node: &Node| {
        let shown =
            node.connect_local().ask("GET", "/api/v1/settings", &[("forewarn-as", "nora")], b"");
        let values = shown.json()["values"].as_array().cloned().unwrap_or_default();
        let found = values.into_iter().find(|one| one["key"] == "release.two_approvers");
        found.map(|one| (one["value"].clone(), one["origin"].clone()))
    };
    // The one that follows shows what counts, and says that its own file has something else.
    let recorded = Some((json!("\"amber\""), json!("record")));
    until("the rule at the second node", || (of(&second) == recorded).then_some(()));
    let says = "says otherwise than what is on record, which counts: release.two_approvers";
    assert!(second.good(&["status"]).contains(says));
    west.stop();
    second.stop();
    second.take_over();
    until("that it writes", || writes(&second).filter(|writes| *writes));
    assert_eq!(of(&second), recorded);
    assert!(second.good(&["status"]).contains(says));
    // A start of the one that wrote last changes nothing of it either; a person does.
    second.stop();
    second.start();
    until("that it writes", || writes(&second).filter(|writes| *writes));
    assert_eq!(of(&second), recorded);
    let said = second.by("nora", &["config", "reload"]);
    assert!(said.contains("release.two_approvers: as another node has put it on record"), "{said}");
    assert_eq!(of(&second), None);
    assert!(!second.good(&["status"]).contains("says otherwise"));
    // Now its file counts at its starts.
    second.stop();
    second.configure("[release]\ntwo_approvers = \"red\"\n");
    second.start();
    until("that it writes", || writes(&second).filter(|writes| *writes));
    assert_eq!(of(&second), Some((json!("\"red\""), json!("file"))));
}

/// Whom another node has suspended meanwhile, it does not know: it answers the owner of its folder alone.
#[test]
fn a_node_that_is_cut_off_from_the_servers_answers_nobody_over_the_network_after_a_while() {
    let mut plain = Postgres::start(&[]);
    let mut west = Node::start_on(PROGRAM, "west.example", &plain.url());
    west.configure("[journal]\nsilence = 3\n");
    west.stop();
    west.start();
    let token = west.good(&["token", "add", "rita"]).trim().to_owned();
    let bearer = format!("Bearer {token}");
    let ask = |path: &str| west.connect().ask("GET", path, &[("authorization", &bearer)], b"");
    // While it hears of them, time alone shuts nobody out.
    pause(Duration::from_secs(4));
    assert_eq!(ask("/api/v1/account").status, 200);
    plain.kill();
    until("that it answers nobody", || (ask("/api/v1/account").status == 503).then_some(()));
    let said = ask("/api/v1/items").text();
    assert!(said.contains("has heard nothing of its journal's servers for"), "{said}");
    for path in ["/taxii2/", "/channel/v1/root", "/desk/cases"] {
        assert_eq!(ask(path).status, 503, "{path}");
    }
    // The owner of the folder, and whoever only asks whether it lives, are answered.
    assert_eq!(west.connect_local().ask("GET", "/api/v1/items", &[], b"").status, 200);
    assert_eq!(ask("/healthz").status, 200);
    plain.go();
    until("that it answers again", || (ask("/api/v1/account").status == 200).then_some(()));
    let said = west.good(&["user", "suspend", "rita", "--reason", "left"]);
    assert!(said.contains("cut off from them"), "{said}");
    assert_eq!(ask("/api/v1/account").status, 401);
}

#[test]
fn no_table_route_or_follower_knows_which_journal_it_stands_on() {
    let crates = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut folders: Vec<_> = ["store", "exchange", "view", "web", "node", "signer"]
        .iter()
        .map(|name| crates.join(name).join("src"))
        .collect();
    let (mut knowing, mut looked) = (Vec::new(), 0);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                looked += 1;
                let text = std::fs::read_to_string(&path).unwrap_or_default();
                let knows = ["forewarn_journal", "forewarn_postgres", "engine::shared"];
                if knows.iter().any(|name| text.contains(name)) {
                    knowing.push(path.file_name().unwrap().to_owned());
                }
            }
        }
    }
    assert!(looked > 200, "{looked} files");
    knowing.sort();
    assert_eq!(knowing, ["apart.rs", "moved.rs", "shortened.rs"]);
}
