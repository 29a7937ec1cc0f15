//! The node's files: for their owner only, on disks that are full, deleted under a running node.

#![expect(clippy::unwrap_used, reason = "test helpers fail by panic")]

use forewarn_testkit::{Node, Pair, until};
use std::fs::Permissions;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::Command;

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

/// Everything below a folder, the folder included.
fn below(folder: &Path) -> Vec<PathBuf> {
    let mut all = vec![folder.to_owned()];
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        if entry.file_type().unwrap().is_dir() {
            all.extend(below(&entry.path()));
        } else {
            all.push(entry.path());
        }
    }
    all
}

fn open_to_others(folder: &Path) -> Vec<PathBuf> {
    let is_open = |path: &PathBuf| std::fs::metadata(path).unwrap().mode() & 0o077 != 0;
    below(folder).into_iter().filter(is_open).collect()
}

/// Runs the program by a shell that lets everybody do everything.
fn with_no_umask(arguments: &str) {
    let line = format!("umask 000; exec {PROGRAM} {arguments}");
    let output = Command::new("sh").args(["-c", &line]).output().unwrap();
    assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn all_that_a_node_writes_is_for_its_owner_only_whatever_was_there_before() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    std::fs::create_dir(&home).unwrap();
    std::fs::set_permissions(&home, Permissions::from_mode(0o777)).unwrap();
    let shown = home.display();
    with_no_umask(&format!(
        "init {shown} --name x.example --organisation X --url http://127.0.0.1:1"
    ));
    assert_eq!(open_to_others(&home), Vec::<PathBuf>::new());

    let mut pair = Pair::start(PROGRAM);
    let case = pair.case("A report.");
    pair.draft(&case, "Planned bombing", "A bombing is planned.");
    pair.west.release("otto", &case);
    pair.receipted(&case);
    pair.west.secret("server", "password");
    pair.west.stop();
    let all = below(&pair.west.home());
    for path in all.iter().filter(|path| !path.ends_with("node.key")) {
        let wide = if path.is_dir() { 0o777 } else { 0o666 };
        std::fs::set_permissions(path, Permissions::from_mode(wide)).unwrap();
    }
    let doctor = pair.west.run(&["doctor"]);
    let words = String::from_utf8(doctor.stdout).unwrap();
    assert!(!doctor.status.success() && words.contains("WRONG  files: "), "{words}");
    for name in ["forewarn.sqlite", "signed.log", "secrets/server", "forewarn.toml"] {
        let path = pair.west.home().join(name).display().to_string();
        assert!(words.contains(&format!("`{path}` is open to others (666): chmod 600 {path}")));
    }
    pair.west.start();
    assert_eq!(open_to_others(&pair.west.home()), Vec::<PathBuf>::new());
    assert!(pair.west.good(&["doctor"]).contains("good   files: open to their owner only"));

    let out = folder.path().join("out");
    std::fs::create_dir(&out).unwrap();
    std::fs::set_permissions(&out, Permissions::from_mode(0o700)).unwrap();
    let from = format!("--home {} --as otto", pair.west.home().display());
    let to = |name: &str| out.join(name).display().to_string();
    let subject = format!("case-{case}");
    with_no_umask(&format!("evidence export {subject} -o {} {from}", to("evidence.json")));
    with_no_umask(&format!("channel export east.example -o {} {from}", to("both.json")));
    with_no_umask(&format!("card -o {} {from}", to("west.card")));
    with_no_umask(&format!("key add {from}"));
    assert_eq!(open_to_others(&out), Vec::<PathBuf>::new());
    assert_eq!(open_to_others(&pair.west.home()), Vec::<PathBuf>::new());
}

/// A small disk of its own, where the system lets us make one.
pub(crate) struct SmallDisk(PathBuf);

impl SmallDisk {
    pub(crate) fn mount(at: PathBuf, size: &str) -> Option<SmallDisk> {
        let size = format!("size={size}");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(&at);
        mount.output().ok()?.status.success().then_some(SmallDisk(at))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).output();
    }
}

/// Of a full disk, commands once said “the node could not store or read; its log says why”.
#[test]
fn a_full_disk_is_called_that_and_the_node_goes_on_when_there_is_room_again() {
    let mut disk = None;
    let (node, ()) = Node::start_prepared(PROGRAM, "west.example", "", |home| {
        let saved: Vec<_> = below(home).into_iter().filter(|path| path.is_file()).collect();
        let kept: Vec<_> = saved.iter().map(|path| (path, std::fs::read(path).unwrap())).collect();
        disk = SmallDisk::mount(home.to_owned(), "24m");
        if disk.is_some() {
            for (path, bytes) in kept {
                std::fs::write(path, bytes).unwrap();
                std::fs::set_permissions(path, Permissions::from_mode(0o600)).unwrap();
            }
        }
    });
    if disk.is_none() {
        // Without the right to mount there is no small disk to fill.
        return;
    }
    let filling = node.home().join("filling");
    let _ = std::fs::write(&filling, vec![0; 32 << 20]);
    let mut refused = None;
    for n in 0..400 {
        let act = serde_json::json!({
            "do": "user-add", "name": format!("user-{n}"), "roles": ["reader"],
        });
        let (status, answer) = node.act("nora", &act);
        if status != 200 {
            refused = Some((status, answer.to_string()));
            break;
        }
    }
    let (status, words) = refused.unwrap();
    assert!(status >= 500 && words.contains("the disk that holds the node's database is full"));
    let ready = node.connect().ask("GET", "/readyz", &[], b"");
    assert!(ready.status == 503 && ready.text().contains("is full"), "{}", ready.text());
    let doctor = String::from_utf8(node.run(&["doctor"]).stdout).unwrap();
    let home = node.home();
    let told = format!("WRONG  disk: the disk that holds `{}` is full", home.display());
    assert!(doctor.contains(&told), "{doctor}");
    let path = home.join("west.card").display().to_string();
    let card = node.refused(&["card", "-o", &path]);
    assert!(card.contains("was not written: the disk is full; free some space"), "{card}");
    assert!(!Path::new(&path).exists());
    std::fs::remove_file(filling).unwrap();
    until("room again", || {
        let act = serde_json::json!({ "do": "user-add", "name": "late", "roles": ["reader"] });
        (node.act("nora", &act).0 == 200).then_some(())
    });
    until("readiness", || {
        (node.connect().ask("GET", "/readyz", &[], b"").status == 200).then_some(())
    });
    drop(disk);
}

/// What was written to a database without a name was lost when the node stopped, and nobody knew.
#[test]
fn a_node_whose_database_was_deleted_or_replaced_ends_loudly() {
    for name in ["forewarn.sqlite", "forewarn.sqlite-wal"] {
        let mut node = Node::start_new(PROGRAM, "west.example");
        let path = node.home().join(name);
        let copy = node.file("copy");
        std::fs::copy(&path, &copy).unwrap();
        std::fs::remove_file(&path).unwrap();
        let (status, _) = node.act(
            "nora",
            &serde_json::json!({
                "do": "user-add", "name": "late", "roles": ["reader"],
            }),
        );
        assert_ne!(status, 200, "{name}");
        // What has the name now is not touched by the end of the node.
        std::fs::copy(&copy, &path).unwrap();
        assert_eq!(node.ended(), Some(3), "{name}");
        let log = std::fs::read_to_string(node.file("log")).unwrap();
        assert!(log.contains("was deleted, moved or replaced under the running node"), "{log}");
        assert_eq!(std::fs::read(&path).unwrap(), std::fs::read(&copy).unwrap(), "{name}");
    }
}

/// It started empty once, and said nothing: nobody knew of the cases, and its log would have forked.
#[test]
fn a_node_without_its_database_does_not_start() {
    let mut pair = Pair::start(PROGRAM);
    pair.equal();
    pair.west.stop();
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(pair.west.home().join(format!("forewarn.sqlite{end}")));
    }
    let ended = pair.west.run(&["serve"]);
    let told = String::from_utf8_lossy(&ended.stderr);
    assert!(!ended.status.success(), "{told}");
    assert!(told.contains("restore the database from a backup"), "{told}");
    assert!(!pair.west.home().join("forewarn.sqlite").exists(), "nothing was made");
}
