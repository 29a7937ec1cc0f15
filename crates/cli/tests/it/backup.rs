//! Backups of running nodes, and what comes back of them.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first thing that is not as it should be"
)]

use forewarn_testkit::{Node, Pair, pause, until};
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

fn text(path: &Path) -> String {
    path.display().to_string()
}

/// A key in a file beside the node: the file, and the public half.
fn key(node: &Node) -> (String, String) {
    let file = text(&node.file("backup.key"));
    let public = node.json(&["backup", "key", &file]).remove(0);
    (file, public["recipient"].as_str().unwrap().to_owned())
}

fn words(output: &Output) -> String {
    String::from_utf8([output.stdout.clone(), output.stderr.clone()].concat()).unwrap()
}

#[test]
fn a_backup_of_a_running_node_is_read_back_drilled_and_opened_by_its_key_only() {
    let pair = Pair::start(PROGRAM);
    let west = &pair.west;
    let case = pair.released("Before");
    pair.receipted(&case);
    west.secret("smtp.secret", "a password");
    let (identity, public) = key(west);
    let file = text(&west.file("west.tar.age"));
    let refused = west.refused(&["backup", &file]);
    assert!(refused.contains("for whom is the backup sealed?"), "{refused}");
    assert!(refused.contains("--recipients"), "{refused}");
    let wrong = west.refused(&["backup", &file, "--recipients", "age1nobody"]);
    assert!(wrong.contains("is no public key of age"), "{wrong}");
    let made = west.json(&["backup", &file, "--recipients", &public]).remove(0);
    let files: Vec<&str> = made["manifest"]["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["path"].as_str().unwrap())
        .collect();
    for path in
        ["forewarn.sqlite", "forewarn.toml", "node.key", "secrets/smtp.secret", "signed.log"]
    {
        assert!(files.contains(&path), "{path}: {files:?}");
    }
    assert!(!files.iter().any(|path| path.contains("search")), "{files:?}");
    let bytes = std::fs::read(&file).unwrap();
    assert!(bytes.starts_with(b"age-encryption.org/v1"));
    assert!(!bytes.windows(8).any(|part| part == b"bombing "));
    assert!(!west.home().join("backup.stage").exists());
    let again = west.refused(&["backup", &file, "--recipients", &public]);
    assert!(again.contains("is there already"), "{again}");
    // Nobody without the key.
    let closed = west.refused(&["backup", "verify", &file]);
    assert!(closed.contains("give the file of its secret key with --identity"), "{closed}");
    let other = text(&west.file("other.key"));
    west.good(&["backup", "key", &other]);
    let closed = west.refused(&["backup", "verify", &file, "--identity", &other]);
    assert!(closed.contains("none of these keys opens"), "{closed}");
    let none = west.refused(&["backup", "verify", &file, "--identity", &file]);
    assert!(none.contains("holds no secret key of age"), "{none}");
    let good = west.good(&["backup", "verify", &file, "--identity", &identity]);
    assert!(
        good.contains("good   database: every page") && good.contains("good   heads:"),
        "{good}"
    );
    let drilled = west.good(&["backup", "drill", &file, "--identity", &identity]);
    for what in ["it leads to the same rows", "good   key", "good   node: it opens with its keys"] {
        assert!(drilled.contains(what), "{what}: {drilled}");
    }
    // What is known of it is shown.
    assert!(west.good(&["status"]).contains("the newest backup is of"));
    let doctor = words(&west.run(&["doctor"]));
    assert!(doctor.contains("good   backup: the newest is of"), "{doctor}");
    pair.equal();
}

#[test]
fn a_backup_is_found_from_everywhere_and_has_what_is_named_by_its_whole_path() {
    let node = Node::start_new(PROGRAM, "west.example");
    let home = std::path::absolute(node.home()).unwrap();
    let authorities = home.join("own.pem");
    std::fs::write(&authorities, "what the folder has").unwrap();
    let path = home.join("forewarn.toml");
    let config = std::fs::read_to_string(&path).unwrap();
    let named = format!("[egress]\nauthorities = \"{}\"\n", authorities.display());
    std::fs::write(&path, config.replacen("[egress]\n", &named, 1)).unwrap();
    let here = home.parent().unwrap();
    let backup = |file: &str| {
        let mut command = Command::new(PROGRAM);
        command.args(["backup", file, "--unsealed", "--home"]).arg(&home).current_dir(here);
        command.output().unwrap()
    };
    let made = words(&backup("a.tar"));
    assert!(made.contains("not in it: node.key") && !made.contains("own.pem"), "{made}");
    let doctor = words(&node.run(&["doctor"]));
    assert!(doctor.contains("good   backup: the newest is of"), "{doctor}");
    let new = here.join("new");
    node.good(&["restore", &text(&here.join("a.tar")), &text(&new)]);
    assert_eq!(std::fs::read_to_string(new.join("own.pem")).unwrap(), "what the folder has");
}

#[test]
fn what_was_cut_off_or_changed_is_never_taken_for_a_backup() {
    let node = Node::start_new(PROGRAM, "west.example");
    let (identity, public) = key(&node);
    let (sealed, open) = (text(&node.file("a.tar.age")), text(&node.file("a.tar")));
    node.good(&["backup", &sealed, "--recipients", &public]);
    let said = node.good(&["backup", &open, "--unsealed"]);
    assert!(said.contains("not in it: node.key: it is a secret"), "{said}");
    for (file, keys) in [(&sealed, &["--identity", &identity][..]), (&open, &[][..])] {
        let good = std::fs::read(file).unwrap();
        let bad = text(&node.file("bad"));
        let refused = |bytes: &[u8]| {
            std::fs::write(&bad, bytes).unwrap();
            let new = text(&node.file("new"));
            let refused = node.refused(&[&["restore", &bad, &new], keys].concat());
            assert!(!Path::new(&new).exists(), "{refused}");
            let verify = node.refused(&[&["backup", "verify", &bad], keys].concat());
            let said = ["is not a backup as it was written", "or its head was changed"];
            assert!(said.iter().any(|words| verify.contains(words)), "{verify}");
            refused
        };
        for part in [1, 10, 50, 90, 99] {
            refused(&good[..good.len() * part / 100]);
        }
        // Of an open one, the last blocks are zeros that say nothing.
        if file == &sealed {
            refused(&good[..good.len() - 1]);
        }
        // Somewhere in each file of it, and in its head and end.
        for at in [100, 700, 4_096, good.len() / 3, good.len() / 2, good.len() - 3_000] {
            let mut bytes = good.clone();
            bytes[at] ^= 1;
            // Some bytes of a tar's heads say nothing: user names, and what fills a block.
            if file == &open && bytes[at] < 2 {
                continue;
            }
            refused(&bytes);
        }
        refused(&[&good[..], b"more"].concat());
    }
    // A drill of one without keys says what is missing.
    let drill = node.run(&["backup", "drill", &open]);
    assert_eq!(drill.status.code(), Some(1));
    assert!(
        words(&drill).contains("WRONG  node: the backup has no `node.key`"),
        "{}",
        words(&drill)
    );
    node.good(&["backup", "verify", &open]);
}

#[test]
fn a_folder_that_has_something_in_it_is_not_restored_to() {
    let node = Node::start_new(PROGRAM, "west.example");
    let (identity, public) = key(&node);
    let file = text(&node.file("a.tar.age"));
    node.good(&["backup", &file, "--recipients", &public]);
    let home = text(&node.home());
    let before = std::fs::read(node.home().join("node.key")).unwrap();
    let refused = node.refused(&["restore", &file, &home, "--identity", &identity]);
    assert!(refused.contains("is not empty"), "{refused}");
    assert_eq!(std::fs::read(node.home().join("node.key")).unwrap(), before);
    let new = node.file("new");
    std::fs::create_dir(&new).unwrap();
    let said = node.good(&["restore", &file, &text(&new), "--identity", &identity]);
    assert!(said.contains("stop every other copy of this node"), "{said}");
    let mode =
        std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&new).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o700);
}

/// A node that lost its folder after a release: what was signed since is known to the partner only.
#[test]
fn a_restored_node_does_not_fork_its_log_and_fetches_back_what_it_had_said() {
    let mut pair = Pair::start(PROGRAM);
    let before = pair.released("Before");
    pair.receipted(&before);
    let (identity, public) = key(&pair.west);
    let file = text(&pair.west.file("west.tar.age"));
    pair.west.good(&["backup", &file, "--recipients", &public]);
    let lost = pair.released("Not in the backup");
    pair.receipted(&lost);
    pair.equal();
    pair.west.stop();
    std::fs::remove_dir_all(pair.west.home()).unwrap();
    let home = text(&pair.west.home());
    let said = pair.west.good(&["restore", &file, &home, "--identity", &identity]);
    assert!(
        said.contains("to east.example:") && said.contains("comes back from east.example"),
        "{said}"
    );
    assert!(said.contains("after the backup is as it was before"), "{said}");
    pair.east.stop();
    pair.west.start();
    // While the partner cannot be asked, nothing is signed for it.
    let case = pair.case("A report after all this.");
    pair.draft(&case, "After", "A bombing is planned.");
    let refused = pair.west.release_refused("otto", &case);
    assert!(refused.contains("has not been compared with what east.example holds"), "{refused}");
    pair.east.start();
    until("a release", || pair.west.run_release("otto", &case).status.success().then_some(()));
    pair.receipted(&case);
    pair.equal();
    let titles = ["EXERCISE: Before", "EXERCISE: Not in the backup", "EXERCISE: After"];
    assert_eq!(pair.titles(), titles);
    for node in [&pair.west, &pair.east] {
        assert!(node.json(&["channel", "contradictions"]).is_empty());
        assert!(node.good(&["doctor"]).contains("all of what was signed is here"));
    }
    let log = pair.west.logged();
    assert!(log.contains("this folder was restored from a backup of"), "{log}");
}

/// What the signer remembers has often survived, and then knows what the backup does not.
#[test]
fn a_memory_of_the_signer_that_has_survived_is_taken_over_and_an_older_one_is_not() {
    let mut pair = Pair::start(PROGRAM);
    let (identity, public) = key(&pair.west);
    let older = pair.west.file("older.log");
    std::fs::copy(pair.west.home().join("signed.log"), &older).unwrap();
    let before = pair.released("Before");
    pair.receipted(&before);
    pair.equal();
    let file = text(&pair.west.file("west.tar.age"));
    pair.west.good(&["backup", &file, "--recipients", &public]);
    let lost = pair.released("Not in the backup");
    pair.receipted(&lost);
    pair.equal();
    pair.west.stop();
    let survived = text(&pair.west.file("signed.log"));
    std::fs::copy(pair.west.home().join("signed.log"), &survived).unwrap();
    std::fs::remove_dir_all(pair.west.home()).unwrap();
    let home = text(&pair.west.home());
    let restore = ["restore", &file, &home, "--identity", &identity, "--signed"];
    let refused = pair.west.refused(&[&restore[..], &[&text(&older)]].concat());
    assert!(refused.contains("it is an older copy"), "{refused}");
    assert!(!pair.west.home().exists());
    pair.west.good(&[&restore[..], &[&survived]].concat());
    let doctor = words(&pair.west.run(&["doctor"]));
    assert!(
        doctor.contains("WRONG  signer: the database is older than what was signed"),
        "{doctor}"
    );
    pair.west.start();
    until("its own log", || {
        words(&pair.west.run(&["doctor"])).contains("all of what was signed is here").then_some(())
    });
    pair.equal();
    assert_eq!(pair.titles(), ["EXERCISE: Before", "EXERCISE: Not in the backup"]);
}

#[test]
fn a_backup_that_is_killed_leaves_no_file_of_its_name_and_the_next_one_clears_up() {
    let node = Node::start_new(PROGRAM, "west.example");
    let (identity, public) = key(&node);
    // Some megabytes, so that there is something to be interrupted.
    let long = "A report of an explosion. ".repeat(40_000);
    for n in 0..6 {
        let path = node.write(&format!("{n}.txt"), format!("{n} {long}"));
        node.by("ana", &["intake", &path]);
    }
    let folder = node.file("backups");
    std::fs::create_dir(&folder).unwrap();
    let begun = Instant::now();
    let first = text(&folder.join("whole.tar.age"));
    node.good(&["backup", &first, "--recipients", &public]);
    let whole = begun.elapsed();
    let mut killed = 0;
    for part in 1..12 {
        let file = folder.join(format!("{part}.tar.age"));
        let mut child = Command::new(PROGRAM)
            .args(["backup", &text(&file), "--recipients", &public])
            .env("FOREWARN_HOME", node.home())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        pause(whole * part / 12);
        child.kill().unwrap();
        child.wait().unwrap();
        if file.exists() {
            node.good(&["backup", "verify", &text(&file), "--identity", &identity]);
        } else {
            killed += 1;
        }
    }
    assert!(killed > 0, "none was interrupted");
    let last = text(&folder.join("last.tar.age"));
    node.good(&["backup", &last, "--recipients", &public]);
    node.good(&["backup", "verify", &last, "--identity", &identity]);
    let left: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.contains(".part"))
        .collect();
    assert_eq!(left, Vec::<String>::new());
    assert!(!node.home().join("backup.stage").exists());
}

#[test]
fn a_backup_that_does_not_fit_is_refused_and_leaves_nothing() {
    let node = Node::start_new(PROGRAM, "west.example");
    let (_, public) = key(&node);
    let small = node.file("small");
    std::fs::create_dir(&small).unwrap();
    // Without the right to mount there is no small disk.
    let Some(_disk) = crate::files::SmallDisk::mount(small.clone(), "64k") else { return };
    let file = text(&small.join("a.tar.age"));
    let refused = node.refused(&["backup", &file, "--recipients", &public]);
    assert!(
        refused.contains("a backup needs") && refused.contains("free some space there"),
        "{refused}"
    );
    assert_eq!(std::fs::read_dir(&small).unwrap().count(), 0);
}

#[test]
fn the_node_makes_backups_by_itself_keeps_them_for_as_long_as_it_is_told_and_says_when_it_cannot() {
    let folder = tempfile::tempdir().unwrap();
    let into = folder.path().join("backups");
    let identity = folder.path().join("key");
    let key =
        Command::new(PROGRAM).args(["backup", "key", &text(&identity), "--json"]).output().unwrap();
    let key: Value = serde_json::from_slice(&key.stdout).unwrap();
    let config = format!(
        "[backup]\nfolder = \"{}\"\nevery = 1\nkeep = 2\nrecipients = [{}]\n",
        into.display(),
        key["recipient"]
    );
    let mut node = Node::start_configured(PROGRAM, "west.example", &config);
    // The disk is not mounted: the folder is not made on another one in silence.
    let said = until("a failure", || {
        let said = node.good(&["status"]);
        said.contains("BACKUPS ARE NOT MADE: there is no backup yet").then_some(said)
    });
    assert!(!into.exists(), "{said}");
    assert!(node.logged().contains("make it, or mount the disk"), "{}", node.logged());
    std::fs::create_dir(&into).unwrap();
    std::fs::write(into.join("forewarn-west.example-20200101T000000Z.tar.age"), "old").unwrap();
    std::fs::write(into.join("forewarn-east.example-20200101T000000Z.tar.age"), "another's")
        .unwrap();
    node.stop();
    node.start();
    let names = || {
        let mut names: Vec<String> = std::fs::read_dir(&into)
            .unwrap()
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    };
    let made = until("a backup", || {
        let all = names();
        let gone = !all.iter().any(|name| name.starts_with("forewarn-west.example-2020"));
        (gone && all.len() == 2).then_some(all)
    });
    assert!(made[0].starts_with("forewarn-east.example-2020"), "{made:?}");
    until("its mention", || {
        node.good(&["status"]).contains("the newest backup is of").then_some(())
    });
    let drill = node.good(&["backup", "drill", "newest", "--identity", &text(&identity)]);
    assert!(drill.contains("good   node"), "{drill}");
    // The next one is not due.
    pause(Duration::from_millis(300));
    assert_eq!(names(), made);
}

/// What another program does with it, from Debian: `make backup`.
#[test]
#[ignore = "needs the programs age and tar; make backup installs them"]
fn debian_opens_a_backup_without_us() {
    let node = Node::start_new(PROGRAM, "west.example");
    let (identity, public) = key(&node);
    let file = text(&node.file("a.tar.age"));
    node.good(&["backup", &file, "--recipients", &public]);
    let tar = text(&node.file("a.tar"));
    let age =
        Command::new("age").args(["-d", "-i", &identity, "-o", &tar, &file]).output().unwrap();
    assert!(age.status.success(), "{}", words(&age));
    let folder = node.file("by-hand");
    std::fs::create_dir(&folder).unwrap();
    let untar = Command::new("tar").args(["xf", &tar, "-C", &text(&folder)]).output().unwrap();
    assert!(untar.status.success(), "{}", words(&untar));
    let same = |name: &str| {
        assert_eq!(
            std::fs::read(folder.join(name)).unwrap(),
            std::fs::read(node.home().join(name)).unwrap()
        );
    };
    ["forewarn.toml", "node.key", "accounts.key"]
        .into_iter()
        .filter(|name| node.home().join(name).exists())
        .for_each(same);
    // A key of theirs opens one of ours, and one that they have sealed is read by us.
    let theirs = text(&node.file("theirs.key"));
    let made = Command::new("age-keygen").args(["-o", &theirs]).output().unwrap();
    let made = words(&made);
    let public = made.split_whitespace().last().unwrap();
    let resealed = text(&node.file("b.tar.age"));
    let age = Command::new("age").args(["-r", public, "-o", &resealed, &tar]).output().unwrap();
    assert!(age.status.success(), "{}", words(&age));
    node.good(&["backup", "verify", &resealed, "--identity", &theirs]);
}
