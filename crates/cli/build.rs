//! Puts into the program what it is made of: the commit and the compiler for `forewarn version`, and
//! every dependency with its licence for `forewarn licences`. Asks cargo and git only, never the
//! network; what it writes is sorted and names no folder, so that the same sources give the same bytes.

#![expect(
    clippy::indexing_slicing,
    reason = "what a JSON value does not have is null, not a panic"
)]

use flate2::Compression;
use flate2::write::DeflateEncoder;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

type Wrong = Box<dyn std::error::Error>;

/// A file of a package whose name begins with one of these says on which terms it may be used.
const SAYS: [&str; 6] = ["license", "licence", "copying", "copyright", "notice", "unlicense"];

/// Data in the program that others made: what, and the file that says on which terms.
const DATA: [(&str, &str, &str); 4] = [
    (
        "names of places: GeoNames, iso-codes, Wikidata, Unicode CLDR",
        "crates/extract/gazetteer/NOTICE",
        "all",
    ),
    ("English words: SCOWL", "crates/exchange/data/words.txt", "comments"),
    ("forms of Chinese characters: OpenCC", "crates/exchange/data/han.txt", "comments"),
    ("most used passwords: Django, Royce Williams (BSD-3-Clause)", "ci/most-used-passwords", "doc"),
];

fn main() -> Result<(), Wrong> {
    let here = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
    let root = here.join("../..").canonicalize()?;
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    for path in ["build.rs", "../../Cargo.lock"] {
        println!("cargo::rerun-if-changed={path}");
    }
    for (_, path, _) in DATA {
        println!("cargo::rerun-if-changed=../../{path}");
    }
    println!("cargo::rerun-if-env-changed=BUILT_FROM_COMMIT");
    // Not FOREWARN_…: a node that a test starts has them too, and would take them for its configuration.
    println!("cargo::rustc-env=BUILT_COMMIT={}", commit(&root));
    println!("cargo::rustc-env=BUILT_RUSTC={}", said(&std::env::var("RUSTC")?, &["--version"])?);
    println!("cargo::rustc-env=BUILT_TARGET={}", std::env::var("TARGET")?);
    let whole = json!({
        "ours": ours(&root)?,
        "data": data(&root)?,
        "dependencies": dependencies(&root)?,
    });
    let mut file = DeflateEncoder::new(Vec::new(), Compression::best());
    file.write_all(whole.to_string().as_bytes())?;
    std::fs::write(out.join("licences.json.deflate"), file.finish()?)?;
    Ok(())
}

/// What a program printed.
fn said(program: &str, arguments: &[&str]) -> Result<String, Wrong> {
    let done = Command::new(program).args(arguments).output()?;
    if !done.status.success() {
        let why = String::from_utf8_lossy(&done.stderr).into_owned();
        return Err(format!("{program} {}: {why}", arguments.join(" ")).into());
    }
    Ok(String::from_utf8(done.stdout)?.trim().to_owned())
}

/// The commit: as the variable `BUILT_FROM_COMMIT` says it, for sources without git, or as git does.
fn commit(root: &Path) -> String {
    if let Ok(named) = std::env::var("BUILT_FROM_COMMIT") {
        return named;
    }
    let folder = root.display().to_string();
    let git = |arguments: &[&str]| said("git", &[&["-C", &folder], arguments].concat());
    for name in ["HEAD", "logs/HEAD"] {
        if let Ok(path) = git(&["rev-parse", "--path-format=absolute", "--git-path", name])
            && Path::new(&path).exists()
        {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    git(&["rev-parse", "HEAD"]).unwrap_or_default()
}

fn ours(root: &Path) -> Result<Value, Wrong> {
    let text = |name: &str| std::fs::read_to_string(root.join(name));
    Ok(json!([text("LICENSE-APACHE")?, text("LICENSE-MIT")?]))
}

fn data(root: &Path) -> Result<Value, Wrong> {
    let mut all = Vec::new();
    for (what, path, part) in DATA {
        let text = std::fs::read_to_string(root.join(path))?;
        let comments = || {
            let lines = text.lines().take_while(|line| line.starts_with('#'));
            lines.map(|line| line.trim_start_matches(['#', ' '])).collect::<Vec<_>>().join("\n")
        };
        let terms = match part {
            "comments" => comments(),
            "doc" => text.split("\"\"\"").nth(1).unwrap_or_default().to_owned(),
            _ => text,
        };
        all.push(json!({ "what": what, "terms": terms.trim() }));
    }
    Ok(all.into())
}

/// Every package that is compiled into the program, with its licence and the texts that it brings. A
/// text that several bring is kept once and named by its number.
fn dependencies(root: &Path) -> Result<Value, Wrong> {
    let target = std::env::var("TARGET")?;
    let manifest = root.join("Cargo.toml").display().to_string();
    let mut asked = vec!["metadata", "--format-version=1", "--offline", "--locked"];
    asked.extend(["--filter-platform", &target, "--manifest-path", &manifest]);
    let found: Value = serde_json::from_str(&said(&std::env::var("CARGO")?, &asked)?)?;
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut leads: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for node in list(&found["resolve"]["nodes"]) {
        let normal =
            |dep: &Value| list(&dep["dep_kinds"]).iter().any(|kind| kind["kind"].is_null());
        let deps = list(&node["deps"]);
        let to = deps.iter().filter(|dep| normal(dep)).map(|dep| word(&dep["pkg"])).collect();
        leads.insert(word(&node["id"]), to);
    }
    let packages = list(&found["packages"]);
    let start = packages.iter().find(|one| one["name"] == "forewarn-cli");
    let mut waiting = vec![word(&start.ok_or("cargo does not know this package")?["id"])];
    let mut reached = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        if reached.insert(id.clone()) {
            waiting.extend(leads.get(&id).cloned().unwrap_or_default());
        }
    }
    let (mut texts, mut numbers): (Vec<String>, BTreeMap<String, usize>) = Default::default();
    let mut rows: BTreeMap<(String, String), Value> = BTreeMap::new();
    let foreign = |one: &&Value| !one["source"].is_null() && reached.contains(&word(&one["id"]));
    for one in packages.iter().filter(foreign) {
        let (name, version) = (word(&one["name"]), word(&one["version"]));
        let mut numbered = Vec::new();
        for text in texts_of(&word(&one["manifest_path"]))? {
            let next = texts.len();
            let number = *numbers.entry(text.clone()).or_insert(next);
            if number == next {
                texts.push(text);
            }
            numbered.push(number);
        }
        let row = json!({
            "name": name, "version": version, "licence": one["license"],
            "repository": one["repository"], "texts": numbered,
        });
        rows.insert((name, version), row);
    }
    Ok(json!({ "packages": rows.into_values().collect::<Vec<_>>(), "texts": texts }))
}

/// The texts of licences beside a package's manifest, in the order of their names.
fn texts_of(manifest: &str) -> Result<Vec<String>, Wrong> {
    let folder = Path::new(manifest).parent().ok_or("a manifest without a folder")?;
    let mut paths: Vec<PathBuf> = Vec::new();
    for one in std::fs::read_dir(folder)? {
        let path = one?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        if path.is_file() && SAYS.iter().any(|word| name.starts_with(word)) {
            paths.push(path);
        }
    }
    paths.sort();
    let read =
        |path: &PathBuf| Ok(String::from_utf8_lossy(&std::fs::read(path)?).replace("\r\n", "\n"));
    paths.iter().map(read).collect()
}
