//! `forewarn gate`: judges files without a node.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Output, Stdio};

const PROGRAM: &str = env!("CARGO_BIN_EXE_forewarn");

/// A folder with files in it, and the command run in it.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new(files: &[(&str, &[u8])]) -> Folder {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            std::fs::write(folder.path().join(name), bytes).unwrap();
        }
        Folder(folder)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn gate(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(PROGRAM);
        for name in ["FOREWARN_HOME", "FOREWARN_USER", "FOREWARN_URL", "FOREWARN_TOKEN"] {
            command.env_remove(name);
        }
        let all = ["gate"].iter().chain(arguments);
        command.args(all).current_dir(self.path()).stdin(Stdio::null()).output().unwrap()
    }
}

fn told(output: &Output) -> String {
    String::from_utf8([output.stdout.clone(), output.stderr.clone()].concat()).unwrap()
}

const NAMES: &[u8] =
    "Goran Halvorek\r\n\nsource: MARTEN-12\nid: report--2f1c9b7e-40aa-4d53-9c1e-7be2a0d4f611\n\
                      partner: Office of the North\n"
        .as_bytes();

#[test]
fn each_file_is_judged_on_a_line_of_its_own() {
    let bundle = json!({
        "type": "bundle", "id": "bundle--22222222-2222-4222-8222-222222222222", "objects": [{
            "type": "report", "id": "report--2f1c9b7e-40aa-4d53-9c1e-7be2a0d4f611",
            "name": "A bombing", "labels": ["halvorek-is-a-label-of-ours"],
            "description": "said M4RTEN-12, at the office of the n\u{43e}rth",
        }],
    });
    let folder = Folder::new(&[
        ("names", NAMES),
        ("clean.txt", b"A bombing at the station."),
        ("named.txt", "It is H\u{430}lv0rek.".as_bytes()),
        ("bundle.json", bundle.to_string().as_bytes()),
    ]);
    let files = ["clean.txt", "named.txt", "bundle.json", "--withhold", "names", "--json"];
    let output = folder.gate(&files);
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0], json!({"file": "clean.txt", "open": true, "objections": []}));
    assert_eq!(
        lines[1],
        json!({"file": "named.txt", "open": false, "objections": [{
            "strength": "certain", "rule": "withheld", "at": "the text",
            "message": "the withheld name “Goran Halvorek” stands here, written “Hаlv0rek”; take it out",
        }]})
    );
    let places: Vec<&str> = lines[2]["objections"]
        .as_array()
        .unwrap()
        .iter()
        .map(|o| o["at"].as_str().unwrap())
        .collect();
    // In the order of the file.
    assert_eq!(
        places,
        [
            "$.objects[0].id",
            "$.objects[0].labels[0]",
            "$.objects[0].description",
            "$.objects[0].description"
        ]
    );

    let open = folder.gate(&["clean.txt", "--withhold", "names"]);
    assert_eq!((open.status.code(), told(&open).as_str()), (Some(0), "clean.txt: open\n"));
    let shut = told(&folder.gate(&["named.txt", "--withhold", "names"]));
    assert!(shut.starts_with("named.txt: shut\n  certain   the text: the withheld name"), "{shut}");
}

#[test]
fn a_name_that_cannot_be_looked_for_is_refused_with_its_line() {
    for (line, why) in [
        ("F", "so short"),
        ("source: A1", "so short"),
        ("…", "no letter and no digit"),
        ("partner:", "no letter and no digit"),
    ] {
        let names = format!("Goran Halvorek\n{line}\n");
        let folder = Folder::new(&[("names", names.as_bytes()), ("text", b"A bombing.")]);
        let output = folder.gate(&["text", "--withhold", "names", "--json"]);
        let told = told(&output);
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(told.contains("`names`, line 2: ") && told.contains(why), "{told}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn files_that_are_not_texts_are_refused() {
    let folder = Folder::new(&[
        ("names", NAMES),
        ("text", b"A bombing."),
        ("binary", b"\xff\xfe\x00A"),
        ("large", &vec![b'a'; (4 << 20) + 1]),
    ]);
    let made = Command::new("mkfifo").arg(folder.path().join("pipe")).status().unwrap();
    assert!(made.success());
    for (arguments, why) in [
        (["text", "--withhold", "nowhere"], "`nowhere` cannot be read"),
        (["text", "--withhold", "binary"], "`binary` is not UTF-8"),
        (["text", "--withhold", "pipe"], "`pipe` cannot be read: it is a pipe (FIFO), not a file"),
        (["nowhere", "--withhold", "names"], "`nowhere` cannot be read"),
        (["binary", "--withhold", "names"], "`binary` is not UTF-8"),
        (["large", "--withhold", "names"], "`large` is larger than 4194304 bytes"),
        (["pipe", "--withhold", "names"], "`pipe` cannot be read: it is a pipe (FIFO), not a file"),
        (
            ["/dev/zero", "--withhold", "names"],
            "`/dev/zero` cannot be read: it is a device, not a file",
        ),
        ([".", "--withhold", "names"], "`.` cannot be read: it is a folder, not a file"),
    ] {
        let output = folder.gate(&arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(told(&output).contains(why), "{arguments:?}: {}", told(&output));
    }
    assert_eq!(folder.gate(&["text"]).status.code(), Some(2), "without --withhold");
    let nothing = Folder::new(&[("names", b"\n"), ("text", b"A bombing.")]);
    let open = nothing.gate(&["text", "--withhold", "names"]);
    assert_eq!(open.status.code(), Some(0));
    assert!(told(&open).contains("`names` withholds nothing"));
}
